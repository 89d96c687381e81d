#include <stdlib.h>

#include "proto/acd_client.h"
#include "tests/e2e/check.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/process.h"
#include "tests/e2e/daemon/tenancy.h"

/* What two tenants with the same names are told when they ask how things stand: totals,
 * explanations, what was counted, and what has happened. */

static void answer(struct asker *a, const char *key)
{
    struct acd_view_outcome o;

    CHECK(DO(a, &o, route, .key = acd_str(key), .queue_name = acd_str("sales")) == ACD_OK);
    CHECK(DO(a, &o, accept, .assignment = o.assignment) == ACD_OK);
}

/* ---- totals ------------------------------------------------------------------------------- */

static struct acd_view_totals totals_of(struct asker *a)
{
    CHECK(ASK(a, get_totals, .reserved = 0) == ACD_OK && a->count == 1);
    CHECK(a->views[0].code == ACD_VIEW_totals);
    return a->views[0].as.totals;
}

static void set_callback(struct asker *a, const char *key)
{
    struct acd_view_outcome o;

    CHECK(DO(a, &o, call_callback, .key = acd_str(key), .queue_name = acd_str("sales"),
             .number = acd_str("5551")) == ACD_OK);
}

/* Of its agents and queues, whatever the others have; the house has the sum. */
void test_tenants_are_told_their_own_totals(void)
{
    pid_t acdd = tenancy_start("");
    struct asker *acme = tenancy_centre(ACME_URL), *beta = tenancy_centre(BETA_URL);
    struct asker *house = asker_open(ACDD_URL);
    struct acd_view_outcome o;
    struct acd_view_totals t;

    answer(acme, "k");
    CHECK(DO(acme, &o, route, .key = acd_str("l"), .queue_name = acd_str("sales")) == ACD_OK);
    centre_agent(acme, "bob", "sales");
    t = totals_of(acme);
    CHECK(t.agents == 2 && t.busy == 1 && t.logged_out == 1 && t.available == 0);
    CHECK(t.queues == 1 && t.queued == 1 && t.offered == 0 && t.connected == 1);
    CHECK(t.entered == 2 && t.answered == 1 && t.offers == 1 && t.wait_max >= 0);
    CHECK(t.config_version == 0 && t.config_label.len == 0);
    t = totals_of(beta);
    CHECK(t.agents == 1 && t.idle == 1 && t.available == 1 && t.queues == 1);
    CHECK(t.entered == 0 && t.queued + t.offered + t.connected == 0);

    set_callback(beta, "c");
    t = totals_of(beta);
    CHECK(t.offered == 1 && t.dialing == 0 && t.reserved == 1);
    CHECK(ASK(beta, list_calls, .limit = 0) == ACD_OK && beta->count == 1);
    CHECK(DO(beta, &o, accept, .assignment = beta->views[0].as.call.assignment) == ACD_OK);
    t = totals_of(beta);
    CHECK(t.offered == 0 && t.dialing == 1 && t.busy == 1);
    t = totals_of(acme);
    CHECK(t.dialing == 0);
    t = totals_of(house);
    CHECK(t.agents == 3 && t.queues == 2 && t.entered == 4 && t.dialing == 1);
    asker_close(acme);
    asker_close(beta);
    asker_close(house);
    tenancy_stop(acdd);
}

/* ---- explanations ------------------------------------------------------------------------- */

static void explain_by_key(struct asker *a, acd_call_id call)
{
    CHECK(ASK(a, explain_call, .key = acd_str("k")) == ACD_OK && a->count == 2);
    CHECK(a->views[0].as.call_explained.call.slot == call.slot);
    CHECK(str_is(a->views[0].as.call_explained.queue_name, "sales"));
    CHECK(str_is(a->views[1].as.fit.agent_name, "ann") &&
          a->views[1].as.fit.fit == ACD_FIT_NOT_READY);
}

/* A key leads to its own call, an id to no other's; names are cut everywhere. */
void test_tenants_are_explained_their_own(void)
{
    pid_t acdd = tenancy_start("");
    struct asker *acme = tenancy_centre(ACME_URL), *beta = tenancy_centre(BETA_URL);
    struct asker *desk = asker_open(BETA_URL);
    struct acd_view_outcome first, second, o;

    centre_state(acme, "ann", ACD_NOT_READY);
    centre_state(beta, "ann", ACD_NOT_READY);
    CHECK(DO(acme, &first, route, .key = acd_str("k"), .queue_name = acd_str("sales")) == ACD_OK);
    CHECK(DO(beta, &second, route, .key = acd_str("k"), .queue_name = acd_str("sales")) == ACD_OK);
    explain_by_key(acme, first.call);
    explain_by_key(beta, second.call);
    explain_by_key(desk, second.call);
    CHECK(ASK(desk, list_calls, .key = acd_str("k")) == ACD_OK && desk->count == 1);
    CHECK(ASK(desk, explain_call, .key = acd_str("k"), .gateway_name = acd_str("sip")) == ACD_OK);
    CHECK(ASK(desk, explain_call, .key = acd_str("k"), .gateway_name = acd_str("sap")) ==
          ACD_NOT_FOUND);
    CHECK(ASK(beta, explain_call, .call = first.call) == ACD_NOT_FOUND);
    CHECK(ASK(beta, explain_call, .key = acd_str("x")) == ACD_NOT_FOUND);
    CHECK(ASK(beta, explain_decision, .sequence = 9) == ACD_STATE); /* there is no journal */

    CHECK(DO(beta, &o, route, .key = acd_str("p"), .queue_name = acd_str("sales"),
             .prefer_name = acd_str("ann"), .prefer_wait = 60 * ACD_SECOND) == ACD_OK);
    centre_agent(beta, "bob", "sales");
    CHECK(ASK(beta, explain_call, .key = acd_str("p"), .agent_name = acd_str("bob")) == ACD_OK);
    CHECK(str_is(beta->views[0].as.call_explained.kept_for, "ann"));
    CHECK(beta->views[2].as.fit.fit == ACD_FIT_KEPT && str_is(beta->views[2].as.fit.what, "ann"));

    CHECK(ASK(beta, explain_agent, .name = acd_str("ann")) == ACD_OK && beta->count == 4);
    CHECK(str_is(beta->views[0].as.agent_explained.name, "ann"));
    CHECK(str_is(beta->views[0].as.agent_explained.next_queue, "sales"));
    CHECK(beta->views[1].as.fit.fit == ACD_FIT_NOT_READY);
    CHECK(str_is(beta->views[2].as.agent_line.queue_name, "sales"));
    asker_close(acme);
    asker_close(beta);
    asker_close(desk);
    tenancy_stop(acdd);
}

/* ---- what was counted --------------------------------------------------------------------- */

static uint32_t entered(struct asker *a, const char *name, bool together)
{
    CHECK(ASK(a, list_queue_folds, .name = acd_str(name), .from = ACD_SECOND,
              .together = together) == ACD_OK);
    CHECK(a->count == 0 || a->views[0].code == ACD_VIEW_folded);
    return a->count == 2 ? a->views[1].as.queue_fold.entered : 0;
}

static bool team_answered(struct asker *a, const char *team, uint32_t answered)
{
    CHECK(ASK(a, list_agent_folds, .from = ACD_SECOND, .by = ACD_FOLD_BY_TEAM) == ACD_OK);
    for (size_t i = 1; i < a->count; i++)
        if (str_is(a->views[i].as.agent_fold.name, team))
            return a->views[i].as.agent_fold.answered == answered;
    return false;
}

/* Teams of the same name are two, and who is of none is of nobody else's either. */
static void teams_of_their_own(struct asker *acme, struct asker *beta, struct asker *house)
{
    struct acd_view_outcome o;

    CHECK(team_answered(acme, "-", 1) && acme->count == 2);
    CHECK(DO(acme, &o, agent_set, .name = acd_str("ann"), .team = acd_str("north")) == ACD_OK);
    CHECK_SOON(team_answered(acme, "north", 1) && acme->count == 2);
    CHECK(team_answered(beta, "-", 2) && beta->count == 2);
    CHECK(DO(beta, &o, agent_set, .name = acd_str("ann"), .team = acd_str("north")) == ACD_OK);
    CHECK_SOON(team_answered(beta, "north", 2) && beta->count == 2);
    CHECK(team_answered(house, "acme/north", 1) && team_answered(house, "beta/north", 2));
    CHECK(ASK(acme, list_agent_folds, .from = ACD_SECOND, .by = ACD_FOLD_BY_TEAM,
              .name = acd_str("north")) == ACD_OK &&
          acme->count == 2 && acme->views[1].as.agent_fold.answered == 1);
    CHECK(ASK(acme, list_agent_folds, .from = ACD_SECOND, .by = ACD_FOLD_BY_TEAM,
              .name = acd_str("beta/north")) == ACD_OK &&
          acme->count == 1);
}

/* Of names that end alike each is told alone. */
void test_tenants_are_told_their_own_figures(void)
{
    pid_t acdd = tenancy_start("--directory state --clock-rate 900");
    struct asker *acme = tenancy_centre(ACME_URL), *beta = tenancy_centre(BETA_URL);
    struct asker *house = asker_open(ACDD_URL);
    struct acd_view_outcome o;

    centre_queue(house, "sales");
    CHECK(DO(house, &o, route, .key = acd_str("h"), .queue_name = acd_str("sales")) == ACD_OK);
    answer(acme, "k");
    answer(beta, "k");
    CHECK(DO(beta, &o, hangup, .key = acd_str("k")) == ACD_OK);
    answer(beta, "l");
    CHECK_SOON(entered(house, "", true) == 4);
    CHECK(entered(acme, "", true) == 1 && entered(beta, "", true) == 2);
    CHECK(entered(acme, "sales", false) == 1 && entered(beta, "sales", false) == 2);
    CHECK(entered(house, "sales", false) == 1 && entered(house, "beta/sales", false) == 2);
    CHECK(entered(acme, "", false) == 1 && str_is(acme->views[1].as.queue_fold.name, "sales"));
    CHECK(ASK(acme, list_agent_folds, .from = ACD_SECOND) == ACD_OK && acme->count == 2);
    CHECK(str_is(acme->views[1].as.agent_fold.name, "ann"));
    CHECK(acme->views[1].as.agent_fold.answered == 1);
    teams_of_their_own(acme, beta, house);
    CHECK(ASK(acme, list_queue_intervals, .limit = 0) == ACD_OK && acme->count == 1);
    CHECK(str_is(acme->views[0].as.queue_interval.name, "sales"));
    CHECK(ASK(beta, list_agent_intervals, .name = acd_str("ann")) == ACD_OK && beta->count == 1);
    CHECK(str_is(beta->views[0].as.agent_interval.name, "ann"));
    CHECK(ASK(house, list_queue_intervals, .limit = 0) == ACD_OK && house->count == 3);
    asker_close(acme);
    asker_close(beta);
    asker_close(house);
    tenancy_stop(acdd);
    CHECK(system("rm -r state") == 0);
}

/* ---- what has happened -------------------------------------------------------------------- */

struct past {
    unsigned of_ann, of_bob, calls, events;
    uint64_t last;
};

static void on_event(void *ctx, const struct acd_view_published *head,
                     const struct acd_event *event)
{
    struct past *p = ctx;

    CHECK(head->sequence > p->last && head->durable == head->sequence);
    p->last = head->sequence;
    p->events++;
    switch (event->code) {
    case ACD_EVENT_agent_set:
        p->of_ann += str_is(event->as.agent_set.name, "ann");
        p->of_bob += str_is(event->as.agent_set.name, "bob");
        return;
    case ACD_EVENT_call_queued:
        p->calls++;
        CHECK(str_is(event->as.call_queued.key, "k"));
        return;
    case ACD_EVENT_queue_set: CHECK(str_is(event->as.queue_set.name, "sales")); return;
    case ACD_EVENT_client_opened: CHECK(str_is(event->as.client_opened.name, "sip")); return;
    default: return;
    }
}

/* Page after page, until nothing follows that is durable. */
static struct past past_of(const char *url, uint32_t limit, uint64_t upto)
{
    const struct acd_client_options options = {.url = url, .timeout = 60 * ACD_SECOND};
    struct acd_client *c;
    struct past p = {.events = 0};
    struct acd_view_replayed end = {.next = 1};

    CHECK(acd_client_open(&c, &options) == ACD_OK);
    while (end.next <= upto)
        if (!CHECK(acd_client_replay(c, end.next, limit, on_event, &p, &end) == ACD_OK))
            break;
    acd_client_close(c);
    return p;
}

/* Whatever is gone since, and whoever has its slot now. */
void test_tenants_read_their_own_past(void)
{
    pid_t acdd = tenancy_start("--directory state");
    struct asker *acme = tenancy_centre(ACME_URL), *beta = tenancy_centre(BETA_URL);
    struct acd_view_outcome o;
    struct past p;
    uint64_t last;

    answer(acme, "k");
    CHECK(DO(acme, &o, hangup, .key = acd_str("k")) == ACD_OK);
    CHECK(DO(acme, &o, agent_remove, .name = acd_str("ann")) == ACD_OK);
    centre_agent(beta, "bob", "sales"); /* where acme's ann was */
    answer(beta, "k");
    last = beta->position.sequence;
    CHECK_SOON(asker_server(beta).durable >= last);
    p = past_of(ACME_URL, 0, last);
    CHECK(p.of_ann == 1 && p.of_bob == 0 && p.calls == 1);
    CHECK(past_of(ACME_URL, 1, last).events == p.events);
    CHECK(past_of(BETA_URL, 3, last).calls == 1);
    p = past_of(BETA_URL, 0, last);
    CHECK(p.of_ann == 1 && p.of_bob == 1 && p.calls == 1);
    asker_close(acme);
    asker_close(beta);
    tenancy_stop(acdd);
    CHECK(system("rm -r state") == 0);
}
