/* The verbs, one after the other. */

#include "tests/e2e/acdctl/steps.h"

#include "tests/e2e/acdctl/run.h"

#define RUN(steps) run_steps(steps, sizeof(steps) / sizeof((steps)[0]))

void steps_without_daemon(void)
{
    static const struct step steps[] = {
        {"status", 3,
         "acdctl: ipc://acd.sock: No such file or directory; is acdd running there? "
         "(DISCONNECTED)\n"},
        {"--json agent ready ann", 3,
         "{\"error\":\"DISCONNECTED\",\"field\":\"\",\"text\":\"ipc://acd.sock: *\"}\n"},
        {"--timeout 0.05 -s tcp://127.0.0.1:1 agent list", 3, "acdctl: tcp://127.0.0.1:1: *\n"},
        {"--timeout 0.1 events", 3, "acdctl: ipc://acd.pub: * (DISCONNECTED)\n"},
        {"watch", 3, "acdctl: ipc://acd.sock: *\n"},
    };

    RUN(steps);
}

void steps_usage(void)
{
    static const struct step steps[] = {
        {"--version", 0, "acdctl *.*.*\n"},
        {"", 2, "acdctl: say what to do; see acdctl help\n"},
        {"agnt list", 2, "acdctl: \"agnt\" is no verb; did you mean agent list? See acdctl help\n"},
        {"agent", 2,
         "acdctl: agent what? There are ready, not-ready, logout, interval, list, show, state, "
         "set, remove*\n"},
        {"agent reday ann", 2,
         "acdctl: \"agent reday\" is no verb; did you mean agent ready? For agent there are *\n"},
        {"agent state ann redy", 2,
         "acdctl: agent state: state: \"redy\" is none of logged_out, not_ready, ready; did you "
         "mean \"ready\"?\n"},
        {"queue set sales rng_timeout=5s", 2,
         "acdctl: queue set: rng_timeout: no such field; did you mean ring_timeout?; there are "
         "name, strategy, *\n"},
        {"queue set sales ring_timeout=5x", 2,
         "acdctl: queue set: ring_timeout: \"5x\" is not a span like *\n"},
        {"queue set sales weight=70000", 2,
         "acdctl: queue set: weight: \"70000\" is out of range\n"},
        {"queue set sales max_wait=0", 2,
         "acdctl: queue set: max_wait: 0 would leave it as it is; for none write none\n"},
        {"queue set sales weight=1 --weight 2", 2, "acdctl: queue set: weight: said twice\n"},
        {"agent set ann extension=", 2,
         "acdctl: agent set: extension: empty would leave it as it is; to clear a text write -\n"},
        {"agent set ann extra", 2,
         "acdctl: agent set: \"extra\" is one word too many; fields are said as name=value\n"},
        {"agent set ann extension=012345678901234567890123456789012", 2,
         "acdctl: agent set: extension: 33 bytes, but at most 32\n"},
        {"agent list --queue", 2,
         "acdctl: --queue is no option, and as a field it wants a value\n"},
        {"-x", 2, "acdctl: there is no option -x\n"},
        {"help nonsense", 2, "acdctl: help: \"nonsense\" is no verb. See acdctl help\n"},
        {"--as", 2, "acdctl: --as wants a value\n"},
        {"--as= next", 2, "acdctl: --as: a gateway's name has 1 to 64 bytes\n"},
        {"--timeout nonsense status", 2, "acdctl: --timeout: \"nonsense\" is no number *\n"},
        {"-s http://x status", 2,
         "acdctl: status: --socket: \"http://x\" is not an address like *\n"},
        {"call accept nonsense", 2,
         "acdctl: call accept: assignment: \"nonsense\" is not an id like 12.345\n"},
        {"do agent_sett", 2,
         "acdctl: do: \"agent_sett\" is no command or query; did you mean agent_set?\n"},
        {"agent show", 2, "acdctl: agent show: wants one name or id\n"},
        {"events calls", 2,
         "acdctl: events: topic: \"calls\" is none of config, agent, call, client; did you mean "
         "call?\n"},
        {"watch -n 0", 2, "acdctl: watch: -n: \"0\" is no number of seconds\n"},
        {"--json queue set sales foo=1", 2,
         "{\"error\":\"USAGE\",\"field\":\"foo\",\"text\":\"no such field; there are name, *\"}\n"},
        {"help wrap-up extend", 0,
         "usage: acdctl wrap-up extend ASSIGNMENT|AGENT [BY] [field=value ...]\n\n"
         "An agent needs longer for its wrap-up.\n\nFields of wrap_up_extend:\n"
         " assignment id the one to extend, or 0: all of the agent's\n agent id *\n name text *\n"
         " by span *\n\nA span *\n"},
        {"agent logout --help", 0,
         "usage: acdctl agent logout AGENT [field=value ...]\n\nAn agent is not at work.\n\n"
         "Fields of agent_state:\n agent id *\n name text *\n state one of *\n"
         " logged_out: *\n not_ready: *\n ready: *\n reason number *\n\nA span *\n"
         "Unless you say otherwise: state=logged_out reason=0.\n"},
        {"help wrap-up", 0,
         " wrap-up finish An agent is done with its wrap-up\n"
         " wrap-up extend An agent needs longer for its wrap-up\n"
         " wrap-up code What came of a call, by its agent, during it, in wrap-up or late\n"},
        {"complete -- wrap-up ''", 0, "finish\nextend\ncode\n"},
        {"complete -- agent state ann state=n", 0, "state=not_ready\n"},
        {"complete -- q", 0, "queue\n"},
    };

    RUN(steps);
}

void steps_configure(void)
{
    static const struct step steps[] = {
        {"queue set sales ring_timeout=15s max_wait=5m wrap_up_time=1m30s", 0, "ok: queue *.*\n"},
        {"queue set help --ring-timeout 500ms", 1,
         "acdctl: queue set: ring_timeout: not a valid value (INVALID)\nacdctl: it is *\n"},
        {"queue set help --ring-timeout 20s --weight=2", 0, "ok: queue *.*\n"},
        {"agent set ann contact=sip:100@pbx max_concurrent_calls=2 extension=100", 0,
         "ok: agent *.*\n"},
        {"--json agent set bob contact=sip:a=b@pbx", 0,
         "{\"error\":0,\"field\":0,\"verdict\":\"\",\"refusal\":\"\",\"repeated\":false,*"
         "\"contact\":\"\",*}\n"},
        {"agent set carol\033[2Jx", 0, "ok: agent *.*\n"},
        {"member set ann sales level=1", 0, "ok: agent *.*, queue *.*\n"},
        {"member set ann help 2 7", 0, "ok: agent *.*, queue *.*\n"},
        {"member set bob queue=help", 0, "ok: agent *.*, queue *.*\n"},
        {"agent not-ready bob 5", 0, "ok: agent *.*\n"},
        {"agent state ann ready", 0, "ok: agent *.*\n"},
        {"agent ready nobody", 1, "acdctl: agent ready: name: no such thing (NOT_FOUND)\n"},
        {"--json agent ready nobody", 1,
         "{\"error\":\"NOT_FOUND\",\"field\":\"name\",\"text\":\"no such thing\"}\n"},
        {"agent list", 0,
         "AGENT EXT DOING FOR FREE CALLS QUEUES TODAY TALKED CONTACT\n"
         "ann 100 idle *s yes 0/2 2 0 0s sip:100@pbx\n"
         "bob - not_ready 5 *s no 0/1 1 0 0s sip:a=b@pbx\n"
         "carol?[2Jx - logged_out *s no 0/1 0 0 0s -\n"},
        {"agent list queue=help activity=not-ready", 0,
         "AGENT EXT DOING FOR FREE CALLS QUEUES TODAY TALKED CONTACT\n"
         "bob - not_ready 5 *s no 0/1 1 0 0s sip:a=b@pbx\n"},
        {"agent list limit=1", 0,
         "AGENT EXT DOING FOR FREE CALLS QUEUES TODAY TALKED CONTACT\n"
         "ann 100 idle *s yes 0/2 2 0 0s sip:100@pbx\n"},
        {"agent list activity=busy --json", 0, "[]\n"},
        {"agent show bob", 0,
         "agent *.*\nname bob\nextension -\ncontact sip:a=b@pbx\nattributes -\n"
         "max_concurrent_calls 1\nactive yes\nstate not_ready\nreason 5\nactivity not_ready\n"
         "available no\nlast_status_change *:*:*\ndelay_until -\noffered 0\nconnected 0\n"
         "wrap_up 0\nno_answers 0\nqueues 1\ncalls_today 0\ntalk_today 0s\n**"
         "\nAGENT QUEUE LEVEL POSITION DOING\nbob help 0 0 not_ready\n"},
        {"agent show ann --json", 0,
         "{\"agent\":\"*\",\"name\":\"ann\",\"extension\":\"100\",*\"state\":\"ready\",*}\n"},
        {"agent show nobody", 1, "acdctl: agent show: name: no such thing (NOT_FOUND)\n"},
        {"queue list", 0,
         "QUEUE STATE WAIT LONGEST EXPECT TALK MEMBERS READY FREE RING_FOR MAX_WAIT WRAP_UP\n"
         "sales open 0 - 0s 0 1 1 1 15s 5m 1m30s\nhelp open 0 - 0s 0 2 1 1 20s never none\n"},
        {"queue list --json", 0,
         "[{\"queue\":\"*\",\"name\":\"sales\",*,\"max_wait\":300.0,*},\n"
         " {\"queue\":\"*\",\"name\":\"help\",*,\"max_wait\":0.0,*}]\n"},
        {"member list --queue help", 0,
         "AGENT QUEUE LEVEL POSITION DOING\nann help 2 7 idle\nbob help 0 0 not_ready\n"},
        {"member list ann", 0,
         "AGENT QUEUE LEVEL POSITION DOING\nann sales 1 0 idle\nann help 2 7 idle\n"},
        {"member list agent=nobody", 1,
         "acdctl: member list: agent_name: no such thing (NOT_FOUND)\n"},
        {"number set 4930123 sales", 0, "ok: queue *.*\n"},
        {"number list", 0, "NUMBER QUEUE\n4930123 sales\n"},
        {"number show 4930123 --json", 0,
         "{\"number\":\"4930123\",\"queue\":\"*\",\"queue_name\":\"sales\"}\n"},
    };

    RUN(steps);
}

void steps_clients(void)
{
    static const struct step steps[] = {
        {"client open gw1", 0, "ok: client *.*\n"},
        {"client open gw1 kind=operator", 1,
         "acdctl: client open: kind: there already, as something else (EXISTS)\n"},
        {"client list", 0,
         "CLIENT ID KIND CALLS REQUEST TOLD ACKED OUTBOX LOST LEASE GRACE\n"
         "gw1 *.* gateway 0 0 0 0 0 no - -\n"},
        {"client open gw1 lease=60", 0, "ok: client *.*\n"},
        {"client list", 0,
         "CLIENT ID KIND CALLS REQUEST TOLD ACKED OUTBOX LOST LEASE GRACE\n"
         "gw1 *.* gateway 0 0 0 0 0 no 1m1*s -\n"},
        {"gateway set gw1 grace=5m orphans=hand_over", 1,
         "acdctl: gateway set: heir: required, but not given (MISSING)\n"},
        {"gateway set gw2 grace=5m", 1, "acdctl: gateway set: name: no such thing (NOT_FOUND)\n"},
        {"gateway set gw1 lease=none orphans=hand_over heir=gw2 grace=5m", 0, "ok: client *.*\n"},
        {"gateway list", 0,
         "CLIENT ID KIND CALLS REQUEST TOLD ACKED OUTBOX LOST LEASE GRACE\n"
         "gw1 *.* gateway 0 0 0 0 0 no - -\n"},
        {"gateway show gw1", 0,
         "client *.*\nname gw1\nkind gateway\n**lease never\ngrace 5m\n"
         "orphans hand_over\nheir gw2\nlease_until -\ngrace_until -\n**"},
        {"--as gw1 reconcile k1 k2", 0,
         "k1: not known; route it, or hang it up\nk2: not known; route it, or hang it up\n"},
        {"--as gw1 reconcile", 0, ""},
        {"--as gw1 reconcile key=k1", 2,
         "acdctl: reconcile: key: keys of calls are wanted, and nothing else\n"},
        {"reconcile k1", 2, "acdctl: reconcile: --as: say which gateway reconciles: --as NAME\n"},
        {"--as gw1 heartbeat", 0, "ok\n"},
    };

    RUN(steps);
}

/* Where the limits of a queue send their calls. */
void steps_targets(void)
{
    static const struct step steps[] = {
        {"queue set help on-full=queue:sales on_max_wait=voicemail:7", 0, "ok: queue *.*\n"},
        {"queue set help on_full=queue:nowhere", 1,
         "acdctl: queue set: on_full: no such thing (NOT_FOUND)\n"},
        {"queue set help on_full=mailbox:7", 1,
         "acdctl: queue set: on_full: not a valid value (INVALID)\nacdctl: it is *\n"},
        {"queue set help on_full=- on_max_wait=- exit_keys=1=voicemail;2", 0, "ok: queue *.*\n"},
        {"queue set help exit_keys=1;1", 1,
         "acdctl: queue set: exit_keys: not a valid value (INVALID)\nacdctl: it is *\n"},
        {"call exit key=nobody 1", 1, "acdctl: call exit: key: no such thing (NOT_FOUND)\n"},
    };

    RUN(steps);
}
