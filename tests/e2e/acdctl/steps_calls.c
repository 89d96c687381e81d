/* Calls, and what they leave behind. */

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tests/e2e/acdctl/run.h"
#include "tests/e2e/acdctl/steps.h"
#include "tests/e2e/check.h"

#define RUN(steps) run_steps(steps, sizeof(steps) / sizeof((steps)[0]))

/* Runs a line that ends in the id which the field of a call holds, as its JSON tells. */
static void with_id(const char *key, const char *field, const char *line, int status,
                    const char *said)
{
    static struct run r;
    char ask[128], full[256], name[64];
    const char *at;

    snprintf(ask, sizeof ask, "call show %s --json", key);
    snprintf(name, sizeof name, "\"%s\":\"", field);
    run_acdctl(&r, ask);
    at = strstr(r.out, name);
    if (!CHECK(r.status == 0 && at != NULL) || at == NULL)
        return;
    at += strlen(name);
    snprintf(full, sizeof full, "%s %.*s", line, (int)strcspn(at, "\""), at);
    run_steps(&(struct step){full, status, said}, 1);
}

/* Ann takes two calls at a time: the third waits. */
static void route(void)
{
    static const struct step steps[] = {
        {"call route k1 sales caller=+49301234567", 0,
         "offered: call *.*, assignment *.*, agent *.*, queue *.*, until *:*:*, agent_name ann, "
         "contact sip:100@pbx\n"},
        {"call route k2 called=4930123 --json", 0,
         "{\"error\":0,\"field\":0,\"verdict\":\"offered\",*\"agent_name\":\"ann\",*}\n"},
        {"call route 1714564800.23 --queue sales", 0,
         "queued: call *.*, queue *.*, position 1, estimated_wait 1m30s\n"},
        {"call route k4 nowhere", 1, "acdctl: call route: queue_name: no such thing (NOT_FOUND)\n"},
        {"call route", 1, "acdctl: call route: key: required, but not given (MISSING)\n"},
        {"queue set help state=closed abandoned_resume=1m", 0, "ok: queue *.*\n"},
        {"call route k5 help", 0, "refused (closed)*\n"},
        {"alerts", 0, "none is raised\n"},
        {"alerts --json", 0, "[]\n"},
        {"alerts sales", 2, "*takes no arguments*\n"},
        {"queue set sales alert_waiting=1 alert_hold=1s", 0, "ok: queue *.*\n"},
        {"alerts", 0, "QUEUE ALERT SINCE NOW\nsales waiting *s 3 of 1\n"},
        {"alerts --json", 0, "[{\"queue\":\"*\",*\"alerted_waiting\":\"20*\",*}]\n"},
        {"queue set sales alert_waiting=-1", 0, "ok: queue *.*\n"},
        {"call list", 0,
         "CALL QUEUE STATE POS EXPECT FOR OFFERS AGENT CALLER KEY\n"
         "*.* sales offered - - *s 1 ann +49301234567 k1\n*.* sales offered - - *s 1 ann - k2\n"
         "*.* sales queued 1 1m30s *s 0 - - 1714564800.23\n"},
        {"call list sales state=queued --json", 0,
         "[{\"call\":\"*\",*\"key\":\"1714564800.23\",*\"position\":1,*}]\n"},
        {"call show 1714564800.23", 0,
         "call *.*\nqueue *.*\nqueue_name sales\ngateway -\nkey 1714564800.23\ncalled -\ncaller -\n"
         "attributes -\ndirection inbound\nstate queued\nenqueued_at *\nentered_at *\n"
         "head_start none\nposition 1\noffers 0\nanswered_at -\nassignment -\nagent -\n"
         "agent_name -\nuntil -\n**"},
        {"call route k6 sales prefer_name=ann prefer_wait=20s", 0, "queued: *position 2*\n"},
        {"call show k6", 0, "call *\n**prefer_name ann\n**"},
        {"call route k7 sales prefer_name=zoe", 1,
         "acdctl: call route: prefer_name: no such thing (NOT_FOUND)\n"},
        {"do hangup key=k6 side=system", 0, "ok: *\n"},
        {"call show zzz", 1, "acdctl: call show: key: no such thing (NOT_FOUND)\n"},
        {"call set 1714564800.23 {\"vip\":1}", 0, "ok: call *.*, queue *.*\n"},
        {"call set 1714564800.23 attributes=-", 0, "ok: call *.*, queue *.*\n"},
        {"call set zzz {}", 1, "acdctl: call set: key: no such thing (NOT_FOUND)\n"},
    };

    RUN(steps);
    with_id("k1", "call", "call show --json", 0, "{\"call\":\"*\",*\"key\":\"k1\",*}\n");
}

/* Why the third waits, and why ann gets none. */
static void explain(void)
{
    static const struct step steps[] = {
        {"explain call 1714564800.23", 0,
         "call *.*\nkey 1714564800.23\nqueue *.*\nqueue_name sales\nqueue_state open\n"
         "state queued\nposition 1\nmembers 1\nable 0\nplan -\nstep *\nstep_at -\n"
         "max_wait_at *\nno_agent_at -\nannounce_at -\nleaves no\nkept_for -\n"
         "number -\ndue_at -\nattempts 0\nexpires_at -\n\n"
         "AGENT LEVEL WHY LEFT LACKS\nann 1 at_capacity: offered *s -\n"},
        {"explain call 1714564800.23 bob --json", 0,
         "[{\"view\":\"call_explained\",*},\n"
         " {\"view\":\"fit\",*\"fit\":\"not_ready\",*\"reason\":5,*},\n"
         " {\"view\":\"fit\",*\"fit\":\"not_member\",*}]\n"},
        {"explain call zzz", 1, "acdctl: explain call: key: no such thing (NOT_FOUND)\n"},
        {"explain call", 1, "acdctl: explain call: key: required, but not given (MISSING)\n"},
        {"explain call 1714564800.23 zzz", 1,
         "acdctl: explain call: agent_name: no such thing (NOT_FOUND)\n"},
        {"explain call 1714564800.23 gateway_name=zzz", 1,
         "acdctl: explain call: gateway_name: no such thing (NOT_FOUND)\n"},
        {"explain agent ann", 0,
         "agent *.*\nname ann\nactivity reserved\navailable no\nnext *.*\n"
         "next_key 1714564800.23\nnext_queue sales\n\nAGENT LEVEL WHY LEFT LACKS\n"
         "ann 0 at_capacity: offered *s -\n\n"
         "QUEUE CALLS FOR LEVEL FIT RANK WAIT FIRST LACKS\n"
         "sales any member 1 able - of 0 1 1714564800.23 -\n"
         "help any member 2 able - of 0 0 - -\n"},
        {"explain agent zzz", 1, "acdctl: explain agent: name: no such thing (NOT_FOUND)\n"},
        {"explain agent", 1, "acdctl: explain agent: name: required, but not given (MISSING)\n"},
    };

    RUN(steps);
}

/* k1 is answered; k2 is declined, offered anew and answered. */
static void answer(void)
{
    static const struct step steps[] = {
        {"assignment list", 0,
         "ASSIGNMENT AGENT QUEUE ROLE FOR LEFT CALL\n*.* ann sales * *s * *.*\n"
         "*.* ann sales * *s * *.*\n"},
        {"assignment list ann role=connected", 0,
         "ASSIGNMENT AGENT QUEUE ROLE FOR LEFT CALL\n*.* ann sales connected *s - *.*\n"
         "*.* ann sales connected *s - *.*\n"},
        {"call accept 9.9", 1,
         "acdctl: call accept: assignment: the offer is over already (LOST)\n"},
        {"agent logout ann", 1,
         "acdctl: agent logout: state: not allowed in the present state (STATE)\n"},
    };

    with_id("k1", "assignment", "call accept", 0,
            "ok: call *.*, assignment *.*, agent *.*, queue *.*\n");
    with_id("k1", "assignment", "call accept", 0, "ok (done before): call *.*, *\n");
    with_id("k1", "assignment", "call hold", 0, "ok: call *.*, assignment *.*, *\n");
    with_id("k1", "assignment", "call hold", 0, "ok (done before): call *.*, *\n");
    with_id("k1", "assignment", "call retrieve", 0, "ok: call *.*, assignment *.*, *\n");
    with_id("k1", "assignment", "call reject", 1,
            "acdctl: call reject: assignment: not allowed in the present state (STATE)\n");
    with_id("k2", "assignment", "call reject result=busy", 0, "ok: call *.*, *\n");
    with_id("k2", "assignment", "call accept", 0, "ok: call *.*, *\n");
    RUN(steps);
}

/* An operator ends k1: there is wrap-up; the call that waits is withdrawn. */
static void hang_up(void)
{
    static const struct step steps[] = {
        {"call hangup 9.9", 1, "acdctl: call hangup: call: the call is over already (GONE)\n"},
        {"call hangup 1714564800.23", 0, "ok: call *.*, queue *.*\n"},
        {"agent show ann", 0,
         "agent *.*\nname ann\nextension 100\ncontact sip:100@pbx\nattributes -\n"
         "max_concurrent_calls 2\nactive yes\nstate ready\nreason 0\nactivity busy\navailable *\n"
         "last_status_change *\ndelay_until -\noffered 0\nconnected 1\nwrap_up 1\nno_answers 0\n"
         "queues 2\ncalls_today 2\ntalk_today *s\n**\n\nAGENT QUEUE LEVEL POSITION DOING\n"
         "ann sales 1 0 busy\nann help 2 7 busy\n\nASSIGNMENT AGENT QUEUE ROLE FOR LEFT CALL\n"
         "*.* ann sales * *s * *\n*.* ann sales * *s * *\n"},
        {"wrap-up code ann sale", 0, "ok: call *.*, assignment *.*, agent *.*, queue *.*\n"},
        {"wrap-up code ann", 1, "acdctl: wrap-up code: code: required, but not given (MISSING)\n"},
        {"wrap-up extend ann 30s", 0, "ok: agent *.*\n"},
        {"wrap-up extend ann -1", 0, "ok: agent *.*\n"},
        {"assignment list role=wrap_up", 0,
         "ASSIGNMENT AGENT QUEUE ROLE FOR LEFT CALL\n*.* ann sales wrap_up *s open -\n"},
        {"wrap-up finish ann", 0, "ok: agent *.*\n"},
        {"wrap-up finish ann", 1,
         "acdctl: wrap-up finish: name: not allowed in the present state (STATE)\n"},
        {"wrap_up extend 9.9 30s", 1,
         "acdctl: wrap-up extend: assignment: the offer is over already (LOST)\n"},
        {"do hangup key=k2 side=caller --json", 0, "{\"error\":0,*}\n"},
        {"queue set sales wrap_up_code_late=5m", 0, "ok: queue *.*\n"},
        {"wrap-up finish ann", 0, "ok: agent *.*\n"},
        {"wrap-up code ann no-sale", 0, "ok: assignment *.*, agent *.*, queue *.*\n"},
        {"agent show ann", 0, "agent *.*\n**late_work *.*\nlate_until *:*:*\n**"},
        {"queue set sales wrap_up_code_late=-1", 0, "ok: queue *.*\n"},
    };

    with_id("k1", "assignment", "call transfer agent_name=ann", 1,
            "acdctl: call transfer: agent_name: not a valid value (INVALID)\nacdctl: it is *\n");
    with_id("k1", "call", "call hangup", 0, "ok: call *.*, queue *.*\n");
    RUN(steps);
}

void steps_calls(void)
{
    route();
    explain();
    answer();
    hang_up();
}

/* A caller gives up in a queue that is there for that. */
static void count(void)
{
    static const struct step steps[] = {
        {"queue set tally alert_abandoned=100 alert_service_level=1000 alert_calls=1", 0,
         "ok: queue *.*\n"},
        {"call route t1 tally", 0, "queued: *\n"},
        {"do hangup key=t1 side=caller", 0, "ok: *\n"},
        {"alerts", 0,
         "QUEUE ALERT SINCE NOW\n**tally service_level *s B 0.0% in 20s, of 100.0%\n"
         "tally abandoned *s 100.0% of 10.0%\n"},
        {"queue interval tally", 0,
         "QUEUE SINCE OFFERED ANSWERED IN_TIME ABANDONED HANDLED REJECTED NO_ANSWER TALK HOLD "
         "WRAP_UP WAITING\ntally * 1 0 0 1 0 0 0 * 0\n"},
        {"queue interval nowhere", 1, "acdctl: queue interval: name: no such thing (NOT_FOUND)\n"},
        {"agent interval ann --json", 0, "[{\"name\":\"ann\",*\"answered\":2,*}]\n"},
        {"queue remove tally", 0, "ok: queue *.*\n"},
    };

    RUN(steps);
}

void steps_status(void)
{
    static const struct step steps[] = {
        {"status", 0,
         "acdd *.*.* 20*-*-* *:*:* up *s position *.*\n"
         "disk none: all is in memory, and forgotten when acdd ends\n\n"
         "agents 3: 1 idle, 0 delayed, 0 reserved, 0 busy, 0 wrap_up, 0 outside, 0 no_device, 1 "
         "not_ready, 1 logged_out; "
         "1 free\ncalls 0 waiting (0 of them ringing), 0 talking\n"
         "today 4 entered, 2 answered, 0 abandoned, 0 timed out, 2 withdrawn, 0 overflowed, "
         "0 left empty, 0 exited, 0 lost, "
         "1 refused\n service level B, within each queue's threshold: 100.0%; average speed of "
         "answer *s, "
         "longest wait *s\n"
         " 3 offers, 0 of them not answered\n\n"
         "QUEUE WAIT LONGEST TALK READY FREE IN ANS ABAND OTHER REF SL_B WITHIN ASA\n"
         "sales 0 - 0 1 1 4 2 0 2 0 100.0% 20s *s\n"
         "help closed 0 - 0 1 1 0 0 0 0 1 - 20s -\n\n*\n*\n*\n"},
        {"status --json", 0,
         "{\"server\":{\"version\":*},\"totals\":{\"agents\":3,*},\"queues\":[{*},{*}]}\n"},
        {"totals --json", 0, "{\"agents\":3,*\"talk\":*}\n"},
        {"server --json", 0, "{\"version\":\"*\",\"schema\":1,*}\n"},
        {"watch -n 0.1 --count 2 --json", 0, "{\"server\":*}\n{\"server\":*}\n"},
    };

    RUN(steps);
    count();
}

void steps_others(void)
{
    static char tomorrow[32];
    static const struct step steps[] = {
        {"do agent_state name=bob state=ready", 0, "ok: agent *.*\n"},
        {"do list_numbers 4930123 --json", 0, "[{\"number\":\"4930123\",*}]\n"},
        {"do get_totals", 0, "agents 3\nlogged_out *\nnot_ready *\nidle *\n**"},
        {"next", 1, "acdctl: next: no such thing (NOT_FOUND)\n"}, /* nobody has no outbox */
        {"outbox ack 1", 1, "acdctl: outbox ack: upto: not allowed in the present state (STATE)\n"},
        {"day turn 1", 1, "acdctl: day turn: day: not allowed in the present state (STATE)\n"},
        {"day turn 4000000000", 1,
         "acdctl: day turn: day: not a valid value (INVALID)\nacdctl: it is *\n"},
        {tomorrow, 0, "ok\n"},
        {"complete -- agent ready a", 0, "ann\nagent=\n"},
        {"complete -- member set ann s", 0, "sales\n"},
    };

    (void)snprintf(tomorrow, sizeof tomorrow, "day turn %lld", (long long)time(NULL) / 86400 + 1);
    RUN(steps);
}

/* For the gateway gw1, while that is away: a call by its key, and what its outbox tells. */
void steps_as_gateway(void)
{
    static const struct step route[] = {
        {"--as gw1 call route kg sales", 0, "offered: *agent_name ann*\n"},
        {"--as gw1 next", 0, "NUMBER AT KIND HOW OFFER AGENT CONTACT KEY\n"},
    };
    static const struct step outbox[] = {
        {"--as gw1 next wait=10s", 0,
         "NUMBER AT KIND HOW OFFER AGENT CONTACT KEY\n"
         " 1 *:*:* offer_ended rejected *.* ann sip:100@pbx kg\n"
         " 2 *:*:* offered - *.* ann sip:100@pbx kg\n"},
        {"--as gw1 outbox ack 2", 0, "ok\n"},
        {"--timeout 0.1 --as gw1 next 2 200ms --json", 0, "[]\n"},
        {"--as gw1 call hangup kg", 0, "ok: call *.*, queue *.*\n"},
        {"--as gw1 call hangup kg", 1,
         "acdctl: call hangup: key: the call is over already (GONE)\n"},
    };

    RUN(route);
    with_id("kg", "assignment", "call reject", 0, "ok: call *.*, *\n");
    RUN(outbox);
}

/* Ann asks bob about her call, twice, and hands it over. */
void steps_consult(void)
{
    static const struct step route[] = {{"call route kc sales", 0, "offered: *agent_name ann*\n"}};
    static const struct step asked[] = {
        {"assignment list bob", 0,
         "ASSIGNMENT AGENT QUEUE ROLE FOR LEFT CALL\n*.* bob sales consulted *s - *.*\n"},
        {"agent logout bob", 1,
         "acdctl: agent logout: state: not allowed in the present state (STATE)\n"},
    };
    static const struct step end[] = {
        {"assignment list bob", 0,
         "ASSIGNMENT AGENT QUEUE ROLE FOR LEFT CALL\n*.* bob sales connected *s - *.*\n"},
        {"agent free ann", 0, "ok: agent *.*\n"},
        {"agent free bob", 0, "ok: agent *.*\n"},
    };

    RUN(route);
    with_id("kc", "assignment", "call accept", 0, "ok: *\n");
    with_id("kc", "assignment", "call consult queue_name=help agent_name=bob", 0,
            "offered: call *.*, assignment *.*, agent *.*, queue *.*, until *, agent_name bob*\n");
    with_id("kc", "consultation", "call reject", 0, "ok: *\n");
    with_id("kc", "assignment", "call consult agent_name=bob", 0, "offered: *agent_name bob*\n");
    with_id("kc", "consultation", "call accept", 0, "ok: *\n");
    RUN(asked);
    with_id("kc", "assignment", "call retrieve", 1,
            "acdctl: call retrieve: assignment: not allowed in the present state (STATE)\n");
    with_id("kc", "assignment", "call consult-end", 0, "ok: call *.*, assignment *.*, *\n");
    with_id(
        "kc", "assignment", "call consult-complete", 1,
        "acdctl: call consult-complete: assignment: not allowed in the present state (STATE)\n");
    with_id("kc", "assignment", "call consult agent_name=bob", 0, "offered: *agent_name bob*\n");
    with_id("kc", "consultation", "call accept", 0, "ok: *\n");
    with_id("kc", "assignment", "call consult-complete", 0,
            "connected: call *.*, assignment *.*, agent *.*, queue *.*\n");
    RUN(end);
}

/* Ann asks a number about her call: it is busy; another one gets the caller. */
void steps_consult_number(void)
{
    static const struct step route[] = {{"call route kn sales", 0, "offered: *agent_name ann*\n"}};
    static const struct step asked[] = {
        {"assignment list ann", 0,
         "ASSIGNMENT AGENT QUEUE ROLE FOR LEFT CALL\n*.* ann sales held *s *s *.*\n"},
    };
    static const struct step end[] = {
        {"call hangup kn", 1, "acdctl: call hangup: *\n"},
        {"agent free ann", 0, "ok: agent *.*\n"},
    };

    RUN(route);
    with_id("kn", "assignment", "call accept", 0, "ok: *\n");
    with_id("kn", "assignment", "call consult number=0049", 0,
            "dial: call *.*, assignment *.*, agent *.*, queue *.*, until *\n");
    RUN(asked);
    with_id("kn", "assignment", "call consult-result result=busy", 0, "ok: *\n");
    with_id("kn", "assignment", "call consult-result result=busy", 1,
            "acdctl: call consult-result: assignment: not allowed in the present state (STATE)\n");
    with_id("kn", "assignment", "call consult number=0050", 0, "dial: *\n");
    with_id("kn", "assignment", "call consult-result result=answered", 0, "ok: *\n");
    with_id(
        "kn", "assignment", "call consult-complete", 0,
        "ok: call *.*, assignment *.*, agent *.*, queue *.*, overflow number, overflow_to 0050\n");
    RUN(end);
}

/* Somebody is to be called back, later; then now: ann takes it, and reaches nobody; it is taken
 * back.
 */
void steps_callback(void)
{
    static const struct step asked[] = {
        {"call callback kb number=+49305551", 1,
         "acdctl: call callback: queue_name: required, but not given (MISSING)\n"},
        {"call callback kb number=+49305551 queue=sales due=+2h attempts=2 retry=10m", 0,
         "callback: call *.*, queue *.*\n"},
        {"call show kb", 0,
         "call *\n**\nstate scheduled\n**callback yes\nnumber +49305551\ndue_at * (in 1h59m)\n"
         "attempts 2\nexpires_at *\nconsulted_number -\nown_until -\n"},
        {"explain call kb", 0,
         "call *\nkey kb\n**state scheduled\nposition not queued\n**number +49305551\ndue_at *\n"
         "attempts 2\nexpires_at *\n"},
        {"queue show sales", 0, "queue *\n**scheduled 1\n**"},
        {"call callback kb due=1m", 2, "acdctl: call callback: due: \"1m\" is not a time like *\n"},
        {"call callback kb number=+49305552", 0, "callback: call *.*, queue *.*\n"},
    };
    static const struct step end[] = {
        {"call show kb", 0, "call *\n**\nstate scheduled\n**number +49305552\n**attempts 2\n**"},
        {"call hangup kb", 0, "ok: call *.*, queue *.*\n"},
        {"call callback kb", 1, "acdctl: call callback: key: the call is over already (GONE)\n"},
    };

    RUN(asked);
    with_id("kb", "assignment", "call accept", 0, "dial: call *.*, *until *\n");
    with_id("kb", "assignment", "callback result result=no-answer", 0,
            "ok: call *.*, assignment *.*, agent *.*, queue *.*\n");
    RUN(end);
}

void steps_remove(void)
{
    static const struct step steps[] = {
        {"number remove 4930123", 0, "ok*\n"},
        {"number remove 4930123", 1, "acdctl: number remove: number: no such thing (NOT_FOUND)\n"},
        {"number list", 0, "NUMBER QUEUE\n99 sales\n"},
        {"member remove ann help", 0, "ok: agent *.*, queue *.*\n"},
        {"agent not-ready ann", 0, "ok: agent *.*\n"},
        {"call route k9 sales", 0, "queued: *\n"},
        {"queue remove sales", 1,
         "acdctl: queue remove: policy: not allowed in the present state (STATE)\n"},
        {"queue remove sales policy=move target_name=help", 0, "ok: queue *.*\n"},
        {"call list", 0,
         "CALL QUEUE STATE POS EXPECT FOR OFFERS AGENT CALLER KEY\n*.* help * * * *s * * - k9\n"},
        {"queue list --json", 0, "[{\"queue\":\"*\",\"name\":\"help\",*}]\n"},
        {"agent remove ann", 0, "ok: agent *.*\n"},
        {"number list", 0, "NUMBER QUEUE\n"}, /* they went with their queue */
        {"client remove gw1", 0, "ok*\n"},
        {"client list --json", 0, "[]\n"},
    };

    RUN(steps);
}
