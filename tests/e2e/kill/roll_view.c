#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/kill/roll.h"

void roll_text(char out[ROLL_TEXT], struct acd_str text)
{
    memset(out, 0, ROLL_TEXT);
    memcpy(out, text.data, text.len < ROLL_TEXT ? text.len : ROLL_TEXT - 1);
}

uint32_t roll_skill(struct acd_str name)
{
    return name.len == 1 && (name.data[0] == 'a' || name.data[0] == 'b')
               ? (uint32_t)(name.data[0] - 'a')
               : ROLL_SKILLS;
}

static void view_call(struct roll *r, const struct acd_view_call *v)
{
    struct roll_call *c = &r->calls[v->call.slot];

    *c = (struct roll_call){.gen = v->call.gen,
                            .queue = v->queue.slot,
                            .gateway = v->gateway.slot,
                            .head_start = v->head_start,
                            .step = v->step,
                            .state = v->state};
    roll_text(c->attributes, v->attributes);
}

static void view_assignment(struct roll *r, const struct acd_view_assignment *v)
{
    struct roll_assignment *a = &r->assignments[v->assignment.slot];

    *a = (struct roll_assignment){.gen = v->assignment.gen,
                                  .agent = v->agent.slot,
                                  .call_slot = v->call.slot,
                                  .call_gen = v->call.gen,
                                  .queue = v->queue,
                                  .role = v->role,
                                  .channel = v->channel};
    roll_text(a->code, v->wrap_up_code);
}

/* Its skills are a list of their own. */
static void view_agent(struct roll *r, const struct acd_view_agent *v)
{
    struct roll_agent *a = &r->agents[v->agent.slot];

    a->gen = v->agent.gen;
    a->state = v->state;
    a->drain = v->drain;
    a->device = v->device;
    a->late.work = v->late_work;
    a->late.until = v->late_until;
    roll_text(a->name, v->name);
    roll_text(a->channels, v->channels);
}

static void view_skill(struct roll *r, const struct acd_view_skill *v)
{
    uint32_t skill = roll_skill(v->skill);

    if (CHECK(skill < ROLL_SKILLS))
        r->agents[v->agent.slot].skills[skill] = (uint16_t)(v->level + 1);
}

static void view_queue(struct roll *r, const struct acd_view_queue *v)
{
    struct roll_queue *q = &r->queues[v->queue.slot];

    *q = (struct roll_queue){.gen = v->queue.gen,
                             .weight = v->weight,
                             .state = v->state,
                             .channel = v->channel,
                             .members = v->members,
                             .ready = v->ready};
    roll_text(q->name, v->name);
}

static void view_client(struct roll *r, const struct acd_view_client *v)
{
    struct roll_client *c = &r->clients[v->client.slot];

    *c = (struct roll_client){.gen = v->client.gen, .lost = v->lost};
    roll_text(c->name, v->name);
}

void roll_view(struct roll *r, const struct acd_view *view)
{

    switch (view->code) {
    case ACD_VIEW_call: view_call(r, &view->as.call); return;
    case ACD_VIEW_assignment: view_assignment(r, &view->as.assignment); return;
    case ACD_VIEW_agent: view_agent(r, &view->as.agent); return;
    case ACD_VIEW_skill: view_skill(r, &view->as.skill); return;
    case ACD_VIEW_queue: view_queue(r, &view->as.queue); return;
    case ACD_VIEW_client: view_client(r, &view->as.client); return;
    case ACD_VIEW_server: r->at = view->as.server.now; return;
    case ACD_VIEW_totals: r->config_version = view->as.totals.config_version; return;
    default: return;
    }
}

/* ---- comparing ---------------------------------------------------------------------------- */

static bool same(const char *what, uint32_t slot, bool is)
{
    if (!is)
        fprintf(stderr, "%s in slot %" PRIu32 ": journal and query differ\n", what, slot);
    return is;
}

/* Of a call that does not wait, a query tells no step. */
static bool same_step(const struct roll_call *a, const struct roll_call *b)
{
    return a->step == b->step || (a->state != ACD_QUEUED && a->state != ACD_OFFERED);
}

static bool same_call(const struct roll_call *a, const struct roll_call *b)
{
    return a->gen == b->gen && a->queue == b->queue && a->gateway == b->gateway &&
           a->head_start == b->head_start && a->state == b->state && same_step(a, b) &&
           strcmp(a->attributes, b->attributes) == 0;
}

static bool same_assignment(const struct roll_assignment *a, const struct roll_assignment *b)
{
    return a->gen == b->gen && a->agent == b->agent && a->call_slot == b->call_slot &&
           a->call_gen == b->call_gen && a->queue.slot == b->queue.slot &&
           a->queue.gen == b->queue.gen && a->role == b->role && a->channel == b->channel &&
           strcmp(a->code, b->code) == 0;
}

static bool same_agent(const struct roll_agent *a, const struct roll_agent *b)
{
    return a->gen == b->gen && a->state == b->state && a->drain == b->drain &&
           a->device == b->device && strcmp(a->name, b->name) == 0 &&
           strcmp(a->channels, b->channels) == 0 &&
           memcmp(a->skills, b->skills, sizeof a->skills) == 0;
}

static bool same_queue(const struct roll_queue *a, const struct roll_queue *b)
{
    return a->gen == b->gen && a->weight == b->weight && a->state == b->state &&
           a->channel == b->channel && a->members == b->members && a->ready == b->ready &&
           strcmp(a->name, b->name) == 0;
}

static bool same_client(const struct roll_client *a, const struct roll_client *b)
{
    return a->gen == b->gen && a->lost == b->lost && strcmp(a->name, b->name) == 0;
}

/* A query tells it while it may be coded; time may have gone on since the last event. */
static bool same_late(const struct roll *a, const struct roll *b, uint32_t agent)
{
    const struct roll_late *is = &a->agents[agent].late, *told = &b->agents[agent].late;

    if (a->agents[agent].gen == 0)
        return true;
    if (told->until == 0)
        return is->until <= b->at;
    return told->until == is->until && memcmp(&told->work, &is->work, sizeof is->work) == 0;
}

/* A row of generation 0 is of nobody, whatever else it says. */
#define COMPARE(rows, one)                                                                         \
    for (uint32_t i = 0; i < sizeof a->rows / sizeof a->rows[0]; i++)                              \
        if (a->rows[i].gen != 0 || b->rows[i].gen != 0)                                            \
    CHECK(same(#one, i, same_##one(&a->rows[i], &b->rows[i])))

void roll_compare(const struct roll *a, const struct roll *b)
{
    COMPARE(calls, call);
    COMPARE(assignments, assignment);
    COMPARE(agents, agent);
    COMPARE(queues, queue);
    COMPARE(clients, client);
    for (uint32_t i = 0; i < ROLL_agents; i++)
        CHECK(same("late work of an agent", i, same_late(a, b, i)));
    CHECK(a->config_version == b->config_version);
}
