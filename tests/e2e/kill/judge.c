#include "tests/e2e/kill/judge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/kill/drive.h"
#include "tests/e2e/kill/hours.h"
#include "tests/e2e/kill/site.h"
#include "tests/e2e/kill/tenant.h"

/* Time goes on while a picture is taken: offers and waits run out. So it is taken again until it
 * was the same moment from its beginning to its end, and the gateways have heard all up to it. */

enum { PICTURES_MS = 20000, LIVE_MAX = GATEWAYS * CALLS_LIVE_MAX, VISITS = 3 };

/* What is kept of the views: their texts do not outlive them. */
struct seen_call {
    uint32_t index, queue, agent;
    acd_call_id id;
    acd_client_id gateway;
    acd_assignment_id assignment;
    uint8_t state;
};

struct seen_agent {
    struct acd_view_agent view;
    uint32_t revision;
};

struct picture {
    struct acd_client *eye;
    struct ledger *ledger;
    struct seen_call calls[LIVE_MAX];
    struct seen_agent agents[AGENTS];
    struct acd_view_queue queues[QUEUES];
    struct acd_view_client clients[CLIENTS];
    struct acd_view_totals totals;
    struct acd_view_queue tenants;     /* its queue */
    struct acd_view_calendar calendar; /* the site's */
    struct tenant_look tenant;
    struct {
        uint32_t entered, answered, offers, waiting, connected;
    } sum; /* over all queues there are */
    struct roll roll;
    uint32_t call_count, agent_count, queue_count, client_count;
    struct acd_position at;
};

/* ---- taking it ---------------------------------------------------------------------------- */

static void see_call(struct picture *p, const struct acd_view_call *v)
{
    if (ledger_line(&p->ledger->floor, v->key) < FLOOR_CALLS_MAX ||
        !CHECK(p->call_count < LIVE_MAX))
        return;
    p->calls[p->call_count++] =
        (struct seen_call){.index = ledger_call_keyed(p->ledger, v->key),
                           .queue = ledger_queue_named(v->queue_name),
                           .agent = v->agent.gen == 0 ? AGENTS : ledger_agent_named(v->agent_name),
                           .id = v->call,
                           .gateway = v->gateway,
                           .assignment = v->assignment,
                           .state = v->state};
}

static void see_agent(struct picture *p, const struct acd_view_agent *v)
{
    uint32_t index = ledger_agent_named(v->name);
    char revision[33] = {0};

    if (index == AGENTS)
        return; /* of the floor */
    p->agent_count++;
    p->agents[index].view = *v;
    memcpy(revision, v->extension.data, v->extension.len);
    p->agents[index].revision = (uint32_t)strtoul(revision, NULL, 10);
}

static void see_client(struct picture *p, const struct acd_view_client *v)
{
    for (int i = 0; i < CLIENTS; i++)
        if (strlen(p->ledger->parties[i].name) == v->name.len &&
            memcmp(p->ledger->parties[i].name, v->name.data, v->name.len) == 0)
            p->clients[i] = *v;
    p->client_count += !ledger_is_guest(v->name);
}

static void see_queue(struct picture *p, const struct acd_view_queue *v)
{
    uint32_t queue = ledger_queue_named(v->name);

    if (tenant_has(v->name))
        p->tenants = *v;
    p->sum.entered += v->entered;
    p->sum.answered += v->answered;
    p->sum.offers += v->offers;
    p->sum.waiting += v->waiting;
    p->sum.connected += v->connected;
    if (queue == QUEUES)
        return; /* of the floor */
    p->queues[queue] = *v;
    p->queue_count++;
}

static void on_view(void *ctx, int error, const struct acd_view *view)
{
    struct picture *p = ctx;

    CHECK(error == ACD_OK);
    roll_view(&p->roll, view);
    switch (view->code) {
    case ACD_VIEW_call: see_call(p, &view->as.call); return;
    case ACD_VIEW_agent: see_agent(p, &view->as.agent); return;
    case ACD_VIEW_client: see_client(p, &view->as.client); return;
    case ACD_VIEW_totals: p->totals = view->as.totals; return;
    case ACD_VIEW_queue: see_queue(p, &view->as.queue); return;
    case ACD_VIEW_calendar:
        if (view->as.calendar.queue.gen != 0)
            p->calendar = view->as.calendar;
        return;
    default: return;
    }
}

/* False: something moved meanwhile. */
static bool take(struct picture *p)
{
    static const uint16_t codes[] = {
        ACD_QUERY_list_clients,   ACD_QUERY_list_calls,       ACD_QUERY_list_agents,
        ACD_QUERY_list_queues,    ACD_QUERY_list_assignments, ACD_QUERY_list_skills,
        ACD_QUERY_list_calendars, ACD_QUERY_get_totals,       ACD_QUERY_get_server};
    struct acd_query query = {.code = ACD_QUERY_list_clients};

    p->call_count = p->agent_count = p->queue_count = p->client_count = 0;
    memset(&p->sum, 0, sizeof p->sum);
    memset(&p->roll, 0, sizeof p->roll);
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        query.code = codes[i];
        CHECK(acd_client_list(p->eye, &query, on_view, p) == ACD_OK);
        if (i == 0)
            p->at = acd_client_position(p->eye, NULL);
        if (i == 0)
            tenant_look_take(&p->tenant);
    }
    for (int i = 0; i < GATEWAYS; i++)
        if (p->ledger->parties[i].notices != p->clients[i].told)
            return false;
    return acd_client_position(p->eye, NULL).sequence == p->at.sequence;
}

static bool take_until_still(struct picture *p)
{
    uint64_t by = check_now_ms() + PICTURES_MS;

    while (!take(p)) {
        if (check_now_ms() > by)
            return false;
        drive_pump(p->ledger, 5);
    }
    return true;
}

/* ---- comparing it ------------------------------------------------------------------------- */

static void compare_call(const struct picture *p, const struct seen_call *seen)
{
    const struct told_call *told = &p->ledger->calls[seen->index];
    acd_assignment_id assignment;
    uint8_t agent;

    if (!CHECK(seen->index < CALLS_MAX) || !CHECK(told->entered && !told->ended))
        return;
    CHECK(memcmp(&seen->id, &told->id, sizeof seen->id) == 0 && seen->queue == told->queue);
    CHECK(memcmp(&seen->gateway, &p->clients[told->gateway].client, sizeof seen->gateway) == 0);
    if (!CHECK(ledger_state(told, &assignment, &agent) == seen->state) ||
        !CHECK(ledger_is(assignment, seen->assignment) && agent == seen->agent))
        fprintf(stderr, "call %" PRIu32 "\n", seen->index);
}

/* What the ledger's live calls come to. */
struct load {
    uint32_t live, of_gateway[GATEWAYS];
    uint32_t waiting[QUEUES], ringing[QUEUES], connected[QUEUES];
    uint32_t offered_to[AGENTS + 1], talking_to[AGENTS + 1];
};

static struct load load_of(const struct ledger *l)
{
    struct load sum = {0};
    acd_assignment_id assignment;
    uint8_t agent;

    for (uint32_t i = 0; i < l->call_count; i++) {
        const struct told_call *c = &l->calls[i];
        uint8_t state;

        if (!c->entered || c->ended)
            continue;
        state = ledger_state(c, &assignment, &agent);
        sum.live++;
        sum.of_gateway[c->gateway]++;
        sum.waiting[c->queue] += state != ACD_CONNECTED;
        sum.ringing[c->queue] += state == ACD_OFFERED;
        sum.connected[c->queue] += state == ACD_CONNECTED;
        sum.offered_to[agent] += state == ACD_OFFERED;
        sum.talking_to[agent] += state == ACD_CONNECTED;
    }
    return sum;
}

static void compare_agent(const struct picture *p, uint32_t i, const struct load *load)
{
    const struct told_agent *told = &p->ledger->agents[i];
    const struct acd_view_agent *v = &p->agents[i].view;
    uint32_t members = 0;

    for (int q = 0; q < QUEUES; q++)
        members += told->member[q].value;
    CHECK(p->agents[i].revision == told->revision.value && v->queues == members);
    CHECK(v->state == told->state.value);
    CHECK(v->offered == load->offered_to[i] && v->connected == load->talking_to[i]);
    CHECK(v->offered + v->connected + v->wrap_up <= v->max_concurrent_calls);
    CHECK(v->offered == 0 || v->state == ACD_READY);
    CHECK(v->available == (v->state == ACD_READY && v->delay_until == 0 &&
                           v->offered + v->connected + v->wrap_up < v->max_concurrent_calls));
}

static void compare_queue(const struct picture *p, uint32_t i, const struct load *load)
{
    const struct told_queue *told = &p->ledger->queues[i];
    const struct acd_view_queue *v = &p->queues[i];

    CHECK(v->weight == told->revision.value);
    CHECK(v->waiting == load->waiting[i] && v->ringing == load->ringing[i]);
    CHECK(v->connected == load->connected[i]);
    CHECK(v->waiting == v->ringing || v->available == 0); /* whoever could be served is */
}

static void compare_totals(const struct picture *p)
{
    const struct acd_view_totals *t = &p->totals;

    /* What queues had that are gone is in the totals still. */
    CHECK(t->connected == p->sum.connected && t->offers >= p->sum.offers);
    CHECK(t->entered >= p->sum.entered && t->answered >= p->sum.answered);
    CHECK(t->queued + t->offered + t->dialing + t->stranded == p->sum.waiting);
}

static void compare(const struct picture *p)
{
    const struct ledger *l = p->ledger;
    struct load load = load_of(l);
    uint32_t agents = 0;

    CHECK(p->call_count == load.live && p->queue_count == QUEUES && p->client_count == CLIENTS);
    for (uint32_t i = 0; i < p->call_count; i++)
        compare_call(p, &p->calls[i]);
    for (uint32_t i = 0; i < l->agent_count; i++)
        if (l->agents[i].revision.value > 0) {
            compare_agent(p, i, &load);
            agents++;
        }
    CHECK(p->agent_count == agents);
    for (uint32_t i = 0; i < QUEUES; i++)
        compare_queue(p, i, &load);
    compare_totals(p);
    for (int i = 0; i < CLIENTS; i++) {
        CHECK(p->clients[i].last_request == l->parties[i].asked_count);
        if (!ledger_is_floor(&l->parties[i]))
            CHECK(!p->clients[i].lost &&
                  p->clients[i].calls == (i == DESK ? 0 : load.of_gateway[i]));
    }
}

/* ---- books -------------------------------------------------------------------------------- */

/* What was told is what the journal counts, and of that a query tells what was since the
 * day turned; and they balance. */
static void compare_books(const struct picture *p, const struct journal *j, uint32_t i)
{
    const struct sums *told = &p->ledger->queues[i].sums, *today = &j->today[i];
    const struct acd_view_queue *v = &p->queues[i];

    CHECK(memcmp(told, &j->all[i], sizeof *told) == 0);
    CHECK(v->entered == today->entered && v->answered == today->answered);
    CHECK(v->abandoned == today->abandoned && v->timed_out == today->timed_out);
    CHECK(v->withdrawn == today->withdrawn && v->refused == today->refused);
    CHECK(v->offers == today->offers && v->no_answers == today->no_answers);
    CHECK(j->carried[i] + v->entered == v->answered + v->abandoned + v->timed_out + v->withdrawn +
                                            v->overflowed + v->left_empty + v->exited +
                                            v->callbacks + v->unreached + v->lost + v->waiting);
}

/* ---- history ------------------------------------------------------------------------------ */

struct visits {
    int count;
    uint8_t disposition;
};

static void on_visit(void *ctx, int error, const struct acd_view *view)
{
    struct visits *v = ctx;

    CHECK(error == ACD_OK);
    if (view->code != ACD_VIEW_visit)
        return;
    v->count++;
    v->disposition = view->as.visit.disposition;
}

static int visits_of(struct acd_client *eye, const struct say *route, struct visits *v)
{
    const struct acd_query query = {.code = ACD_QUERY_list_visits,
                                    .as.list_visits.key = route->command.as.route.key};

    v->count = 0;
    CHECK(acd_client_list(eye, &query, on_visit, v) == ACD_OK);
    return v->count;
}

/* Some of the calls that are over: each has its visit, soon and once. */
static void compare_visits(struct ledger *l, struct acd_client *eye)
{
    for (int found = 0, tries = 0; found < VISITS && tries < 1000 && l->call_count > 0; tries++) {
        uint32_t recent = l->call_count < 2000 ? l->call_count : 2000;
        uint32_t index = l->call_count - 1 - dice(l, recent);
        struct asked route = {.by = &l->parties[l->calls[index].gateway],
                              .code = ACD_COMMAND_route,
                              .subject = index};
        struct visits visits;
        struct say say;

        if (!l->calls[index].entered || !l->calls[index].ended)
            continue;
        ledger_say(&route, &say);
        CHECK_SOON(visits_of(eye, &say, &visits) > 0);
        CHECK(visits.count == 1 && visits.disposition == l->calls[index].disposition);
        found++;
    }
}

/* ---- all of it ---------------------------------------------------------------------------- */

void judge(struct ledger *l, struct journal *j)
{
    static struct picture p;
    const struct acd_client_options options = {.url = SITE_URL, .timeout = 3600 * ACD_SECOND};

    memset(&p, 0, sizeof p);
    p.ledger = l;
    CHECK(acd_client_open(&p.eye, &options) == ACD_OK);
    tenant_look_open(&p.tenant);
    calendar_wait(p.eye);
    if (CHECK(take_until_still(&p))) {
        CHECK(p.at.epoch == l->heard.epoch && p.at.sequence >= l->heard.sequence);
        compare(&p);
        journal_judge(j, p.eye, p.at);
        for (uint32_t i = 0; i < QUEUES; i++)
            compare_books(&p, j, i);
        roll_compare(&j->roll, &p.roll);
        calendar_judge(&p.calendar, &j->roll);
        tenant_look_judge(&p.tenant, &j->roll, &p.tenants);
        document_judge(&l->document, &p.roll);
        compare_visits(l, p.eye);
    }
    judge_numbers(l);
    tenant_look_close(&p.tenant);
    acd_client_close(p.eye);
}
