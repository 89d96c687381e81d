#include <nng/nng.h>
#include <nng/protocol/pubsub0/sub.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/acd_messages.h"
#include "tests/e2e/check.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/process.h"
#include "tests/e2e/daemon/tenancy.h"

/* Documents of tenants: each is about its own things, by its own names, and leaves alone what is
 * another's; and why calls of theirs were offered to whom. */

enum { UPLOAD = 7, TEXT_MAX = 4096 };

/* ---- documents ---------------------------------------------------------------------------- */

static void get(struct asker *a, char out[TEXT_MAX])
{
    size_t used = 0;

    CHECK(ASK(a, config_get, .upload = UPLOAD) == ACD_OK && a->page.cursor == 0);
    for (size_t i = 0; i < a->count; i++) {
        struct acd_str text = a->views[i].as.config_text.text;

        if (!CHECK(a->views[i].code == ACD_VIEW_config_text) || !CHECK(used + text.len < TEXT_MAX))
            break;
        memcpy(out + used, text.data, text.len);
        used += text.len;
    }
    out[used] = '\0';
}

static bool is_same(struct asker *a, const char *document)
{
    char now[TEXT_MAX];

    get(a, now);
    return strcmp(now, document) == 0;
}

/* Its changes or faults come to a->views. */
static void plan(struct asker *a, const char *document)
{
    int error;

    CHECK(ASK(a, config_put, .upload = UPLOAD, .text = acd_str(document)) == ACD_OK);
    while ((error = ASK(a, config_plan, .upload = UPLOAD)) == ACD_BUSY)
        check_sleep_ms(1);
    CHECK(error == ACD_OK);
}

static struct acd_view_config_applied apply(struct asker *a, const char *document,
                                            const char *label)
{
    const struct acd_view_config_applied none = {0};

    plan(a, document);
    return CHECK(ASK(a, config_apply, .upload = UPLOAD, .label = acd_str(label)) == ACD_OK) &&
                   CHECK(a->count == 1 && a->views[0].code == ACD_VIEW_config_applied)
               ? a->views[0].as.config_applied
               : none;
}

static bool plans(const struct asker *a, size_t at, const char *kind, const char *name,
                  const char *of, const char *what)
{
    const struct acd_view_config_change *c = &a->views[at].as.config_change;

    return at < a->count && a->views[at].code == ACD_VIEW_config_change && str_is(c->kind, kind) &&
           str_is(c->name, name) && str_is(c->of, of) && str_is(c->what, what);
}

static void is_wrong(struct asker *a, const char *document, unsigned line, const char *text)
{
    const struct acd_view_config_fault *f = &a->views[0].as.config_fault;

    plan(a, document);
    if (!CHECK(a->count == 1 && a->views[0].code == ACD_VIEW_config_fault) ||
        !CHECK(f->line == line && str_is(f->text, text)))
        fprintf(stderr, "%.*s\n", f->text.len, f->text.data);
    CHECK(ASK(a, config_apply, .upload = UPLOAD) == ACD_INVALID);
}

/* ---- what the house has put into a tenant's centre ---------------------------------------- */

/* Its number leads to acme's queue, its agent works there and acme's agent for the house, and
 * acme's queue is full over to its. */
static void entangle(struct asker *house)
{
    struct acd_view_outcome o;
    struct acd_str acme = acd_str("acme/sales");

    centre_queue(house, "night");
    centre_agent(house, "bob", "acme/sales");
    CHECK(DO(house, &o, number_set, .number = acd_str("100"), .queue_name = acme) == ACD_OK);
    CHECK(DO(house, &o, number_set, .number = acd_str("acme/200"),
             .queue_name = acd_str("night")) == ACD_OK);
    CHECK(DO(house, &o, member_set, .agent_name = acd_str("acme/ann"),
             .queue_name = acd_str("night")) == ACD_OK);
    CHECK(DO(house, &o, queue_set, .name = acme, .on_full = acd_str("queue:night")) == ACD_OK);
    CHECK(DO(house, &o, agent_set, .name = acd_str("acme/ann"), .team = acd_str("all")) == ACD_OK);
}

/* All that is still so. */
static void is_entangled(struct asker *house)
{
    CHECK(ASK(house, list_queues, .name = acd_str("acme/sales")) == ACD_OK && house->count == 1);
    CHECK(str_is(house->views[0].as.queue.on_full, "queue:night"));
    CHECK(ASK(house, list_agents, .name = acd_str("acme/ann")) == ACD_OK && house->count == 1);
    CHECK(str_is(house->views[0].as.agent.team, "all") && house->views[0].as.agent.queues == 2);
    CHECK(ASK(house, list_members, .agent_name = acd_str("bob")) == ACD_OK && house->count == 1);
    CHECK(str_is(house->views[0].as.member.queue_name, "acme/sales"));
    CHECK(ASK(house, list_numbers, .number = acd_str("100")) == ACD_OK && house->count == 1);
    CHECK(ASK(house, list_numbers, .number = acd_str("acme/200")) == ACD_OK && house->count == 1);
}

static void labelled(struct asker *a, uint64_t version, const char *label)
{
    CHECK(ASK(a, get_totals, .reserved = 0) == ACD_OK && a->count == 1);
    CHECK(a->views[0].as.totals.config_version == version);
    CHECK(str_is(a->views[0].as.totals.config_label, label));
}

static const char acme_wants[] =
    "queues:\n"
    "  sales: {ring_timeout: 30s, on_closed: 'queue:late', exit_keys: '1=queue:late;#', "
    "numbers: ['555']}\n"
    "  late: {}\n"
    "agents:\n"
    "  ann: {contact: 'sip:agent', queues: {sales: {level: 1}}, skills: {acme/x: 3}}\n"
    "  cy: {team: day, queues: {late: {}}}\n";

static void plan_of_acme(struct asker *acme)
{
    plan(acme, acme_wants);
    CHECK(acme->count == 7);
    CHECK(plans(acme, 0, "queue", "late", "", ""));
    CHECK(plans(acme, 1, "queue", "sales", "",
                "ring_timeout 3600.0 -> 30.0, on_closed \"\" -> queue:late, "
                "exit_keys \"\" -> 1=queue:late;#"));
    CHECK(plans(acme, 2, "number", "555", "sales", ""));
    CHECK(plans(acme, 3, "agent", "cy", "", "team \"\" -> day"));
    CHECK(plans(acme, 4, "member", "sales", "ann", "level 0 -> 1"));
    CHECK(plans(acme, 5, "member", "late", "cy", ""));
    CHECK(plans(acme, 6, "skill", "acme/x", "ann", "level 0 -> 3"));
}

/* What each document says becomes so, and nothing else. */
void test_tenants_configure_their_own(void)
{
    pid_t acdd = tenancy_start("");
    struct asker *acme = tenancy_centre(ACME_URL), *beta = tenancy_centre(BETA_URL);
    struct asker *house = asker_open(ACDD_URL);
    char before[TEXT_MAX], others[TEXT_MAX];

    entangle(house);
    get(beta, others);
    get(acme, before);
    CHECK(strcmp(before, others) == 0); /* whatever the house has put there */
    CHECK(strstr(before, "sales") != NULL && strstr(before, "ann") != NULL);
    plan(acme, before);
    CHECK(acme->count == 0);

    plan_of_acme(acme);
    CHECK(apply(acme, acme_wants, "spring").changes == 7);
    plan(acme, acme_wants);
    CHECK(acme->count == 0);
    is_entangled(house);
    CHECK(is_same(beta, others));
    CHECK(ASK(house, list_queues, .name = acd_str("acme/sales")) == ACD_OK && house->count == 1);
    CHECK(str_is(house->views[0].as.queue.on_closed, "queue:acme/late"));
    CHECK(str_is(house->views[0].as.queue.exit_keys, "1=queue:acme/late;#"));
    labelled(house, 1, "acme/spring");
    labelled(acme, 1, "spring");
    labelled(beta, 1, "");

    get(acme, before);
    CHECK(apply(beta, "{}", "").changes == 2);
    CHECK(is_same(beta, "queues: {}\nagents: {}\n") && is_same(acme, before));
    labelled(house, 2, "beta/");
    labelled(acme, 2, "");
    CHECK(apply(acme, before, "").changes == 0);
    CHECK(apply(acme, "queues: {sales: {on_full: 'queue:sales2'}, sales2: }", "").changes > 0);
    CHECK(ASK(house, list_queues, .name = acd_str("acme/sales")) == ACD_OK && house->count == 1);
    CHECK(str_is(house->views[0].as.queue.on_full, "queue:acme/sales2"));
    CHECK(ASK(house, list_numbers, .number = acd_str("100")) == ACD_OK && house->count == 1);
    asker_close(acme);
    asker_close(beta);
    asker_close(house);
    tenancy_stop(acdd);
}

/* Faults are told in the tenant's words, and another's things are not there. */
void test_documents_of_tenants_have_faults(void)
{
    pid_t acdd = tenancy_start("");
    struct asker *acme = tenancy_centre(ACME_URL), *beta = tenancy_centre(BETA_URL);
    struct asker *house = asker_open(ACDD_URL);
    char before[TEXT_MAX];

    centre_queue(house, "night");
    get(acme, before);
    is_wrong(acme, "queues:\n  sales: {on_full: 'queue:night'}\n", 2, "on_full: no such thing");
    is_wrong(acme, "agents:\n  ann: {queues: {night: }}\n", 2, "queue_name: no such thing");
    is_wrong(acme, "queues:\n  a: {numbers: ['1', '1']}\n", 2,
             "number 1 leads to queue \"a\" already");
    is_wrong(acme, "queues:\n  a: {}\n  a: {}\n", 3, "there is a queue \"a\" already");
    is_wrong(acme, "agents:\n  123456789012345678901234567890123456789012345678901234567890: {}\n",
             2, "name: longer than its field may be");
    is_wrong(acme, "colours: {}\n", 1, "\"calendars\", \"queues\" or \"agents\" is wanted here");
    is_wrong(acme, "calendars:\n  a:\n    times: [mon]\n", 3,
             "time: times are wanted behind the days");
    CHECK(is_same(acme, before));

    plan(acme, "queues: {a: }"); /* under a number that beta has, too */
    plan(beta, "queues: {b: }");
    CHECK(ASK(acme, config_apply, .upload = UPLOAD, .at_version = 1, .version = 9) == ACD_STATE);
    CHECK(ASK(acme, config_apply, .upload = UPLOAD, .at_version = 1) == ACD_OK);
    CHECK(ASK(acme, list_queues, .limit = 0) == ACD_OK && acme->count == 1);
    CHECK(str_is(acme->views[0].as.queue.name, "a"));
    CHECK(ASK(beta, config_apply, .upload = UPLOAD, .at_version = 1) == ACD_STATE);
    CHECK(ASK(acme, config_apply, .upload = UPLOAD + 1) == ACD_NOT_FOUND);
    asker_close(acme);
    asker_close(beta);
    asker_close(house);
    tenancy_stop(acdd);
}

/* The first document that observers of a tenant hear of is its own. */
void test_tenants_hear_of_their_own_documents(void)
{
    pid_t acdd = tenancy_start("");
    struct asker *acme = tenancy_centre(ACME_URL), *beta = tenancy_centre(BETA_URL);
    nng_socket s = NNG_SOCKET_INITIALIZER;
    struct acd_event e = {.code = 0};

    CHECK(nng_sub0_open(&s) == 0 && nng_socket_set(s, NNG_OPT_SUB_SUBSCRIBE, "config", 6) == 0);
    CHECK(nng_socket_set_ms(s, NNG_OPT_RECVTIMEO, 10000) == 0);
    CHECK(nng_dial(s, ACME_PUB, NULL, 0) == 0);
    CHECK_SOON(asker_server(acme).subscribers == 1);
    CHECK(apply(beta, "queues: {b: }", "other").version == 1);
    CHECK(apply(acme, "queues: {a: }", "").version == 2);
    while (e.code != ACD_EVENT_config_committed) {
        uint8_t message[ACD_WIRE_PUBLISHED_MAX];
        size_t len = sizeof message;
        struct acd_published p;

        if (!CHECK(nng_recv(s, message, &len, 0) == 0) ||
            !CHECK(acd_published_read(&p, message, len) == ACD_OK) ||
            !CHECK(acd_event_decode(p.event, p.event_size, &e) > 0))
            break;
    }
    CHECK(e.as.config_committed.version == 2 && e.as.config_committed.label.len == 0);
    nng_close(s);
    asker_close(acme);
    asker_close(beta);
    tenancy_stop(acdd);
}

/* ---- decisions ---------------------------------------------------------------------------- */

/* Offers a call; returns the sequence of that. */
static uint64_t offer(struct asker *a)
{
    struct acd_view_outcome o;

    CHECK(DO(a, &o, route, .key = acd_str("k"), .queue_name = acd_str("sales")) == ACD_OK);
    CHECK(o.verdict == ACD_VERDICT_OFFERED);
    return o.assignment.gen;
}

/* Views but those of the head. */
static size_t explained(struct asker *a, uint64_t sequence, uint16_t code)
{
    size_t count = 0;

    CHECK(ASK(a, explain_decision, .sequence = sequence) == ACD_OK && a->count > 0);
    CHECK(a->views[0].code == ACD_VIEW_decision);
    for (size_t i = 1; i < a->count; i++)
        count += a->views[i].code == code;
    return count;
}

/* Of its calls; who else was there, and where its agent is needed besides, only the house hears. */
void test_tenants_are_explained_their_own_decisions(void)
{
    pid_t acdd = tenancy_start("--directory state");
    struct asker *acme = tenancy_centre(ACME_URL), *beta = tenancy_centre(BETA_URL);
    struct asker *house = asker_open(ACDD_URL);
    struct acd_view_outcome o;
    uint64_t of_acme, of_beta;

    centre_queue(house, "night");
    centre_agent(house, "bob", "acme/sales");
    centre_state(house, "bob", ACD_READY);
    CHECK(DO(house, &o, member_set, .agent_name = acd_str("acme/ann"),
             .queue_name = acd_str("night")) == ACD_OK);
    of_acme = offer(acme);
    of_beta = offer(beta);
    CHECK_SOON(asker_server(house).durable >= of_beta);

    CHECK(explained(acme, of_acme, ACD_VIEW_contender) == 1);
    CHECK(str_is(acme->views[0].as.decision.queue_name, "sales"));
    CHECK(str_is(acme->views[0].as.decision.agent_name, "ann"));
    CHECK(str_is(acme->views[0].as.decision.key, "k") && acme->views[0].as.decision.rank == 1);
    CHECK(str_is(acme->views[1].as.contender.agent_name, "ann"));
    CHECK(explained(acme, of_acme, ACD_VIEW_agent_line) == 1);
    CHECK(str_is(acme->views[acme->count - 1].as.agent_line.queue_name, "sales"));
    CHECK(explained(house, of_acme, ACD_VIEW_contender) == 2);
    CHECK(explained(house, of_acme, ACD_VIEW_agent_line) == 2);
    CHECK(explained(beta, of_beta, ACD_VIEW_contender) == 1);

    CHECK(ASK(beta, explain_decision, .sequence = of_acme) == ACD_NOT_FOUND);
    CHECK(beta->views[0].as.outcome.field == 1);
    CHECK(ASK(acme, explain_decision, .sequence = of_acme + 1) == ACD_NOT_FOUND);
    CHECK(ASK(house, explain_decision, .sequence = of_acme + 1) == ACD_INVALID);
    CHECK(ASK(acme, explain_decision, .limit = 1) == ACD_MISSING);
    asker_close(acme);
    asker_close(beta);
    asker_close(house);
    tenancy_stop(acdd);
    CHECK(system("rm -r state") == 0);
}
