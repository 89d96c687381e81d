#include "tests/e2e/kill/rules.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/kill/floor.h"

/* ---- channels ----------------------------------------------------------------------------- */

/* As FLOOR_CHANNELS says. */
enum { UNITS = 100, VOICE = 60, CHAT = 30, CHATS_MAX = 2, PLACES = 3 };

struct load {
    uint32_t places, units, chats;
};

static struct load load_of(const struct roll *now, uint32_t agent)
{
    struct load load = {0};

    for (uint32_t i = 0; i < ROLL_ASSIGNMENTS; i++) {
        const struct roll_assignment *a = &now->assignments[i];

        if (a->gen == 0 || a->agent != agent)
            continue;
        load.places++;
        load.chats += a->channel == ACD_CHANNEL_CHAT;
        load.units += a->channel == ACD_CHANNEL_CHAT ? CHAT : VOICE;
    }
    return load;
}

static bool has_channels(const struct roll_agent *a)
{
    return a->gen != 0 && strcmp(a->channels, FLOOR_CHANNELS) == 0;
}

/* Whoever is offered something had room for it. */
static void judge_offer(const struct roll *now, acd_agent_id agent)
{
    struct load load = load_of(now, agent.slot);

    if (has_channels(&now->agents[agent.slot]) &&
        !CHECK(load.units <= UNITS && load.chats <= CHATS_MAX && load.places <= PLACES))
        for (uint32_t i = 0; i < ROLL_ASSIGNMENTS; i++)
            if (now->assignments[i].gen != 0 && now->assignments[i].agent == agent.slot)
                fprintf(stderr, "%s: role %d, channel %d\n", now->agents[agent.slot].name,
                        now->assignments[i].role, now->assignments[i].channel);
}

/* Whether a call waits in one of its queues that its channels leave no room for. */
static bool is_held(const struct roll *now, uint32_t agent)
{
    const struct roll_agent *a = &now->agents[agent];
    struct load load = load_of(now, agent);

    if (!has_channels(a) || a->state != ACD_READY || load.places == PLACES)
        return false;
    for (uint32_t i = 0; i < ROLL_calls; i++) {
        const struct roll_call *c = &now->calls[i];
        bool chat = now->queues[c->queue].channel == ACD_CHANNEL_CHAT;

        if (c->gen != 0 && c->state == ACD_QUEUED && a->member[c->queue] &&
            (load.units + (chat ? CHAT : VOICE) > UNITS || (chat && load.chats == CHATS_MAX)))
            return true;
    }
    return false;
}

/* ---- queues ------------------------------------------------------------------------------- */

static bool is_named(const struct roll *now, acd_queue_id queue, const char *name)
{
    return strcmp(now->queues[queue.slot].name, name) == 0;
}

/* Only one queue is shut, or left, because nobody is ready; then nobody is. */
static void judge_empty(const struct roll *now, acd_queue_id queue, uint32_t *count)
{
    CHECK(is_named(now, queue, FLOOR_NO_AGENTS) && roll_ready(now, queue.slot) == 0);
    ++*count;
}

static void on_state(struct rules *r, uint8_t state)
{
    r->opened += r->hours != ACD_OPEN && state == ACD_OPEN;
    r->closed += r->hours == ACD_OPEN && state != ACD_OPEN;
    r->hours = state;
}

void rules_event(struct rules *r, const struct roll *now, const struct acd_event *e)
{
    switch (e->code) {
    case ACD_EVENT_call_offered: judge_offer(now, e->as.call_offered.agent); return;
    case ACD_EVENT_consult_offered: judge_offer(now, e->as.consult_offered.agent); return;
    case ACD_EVENT_call_stepped: r->stepped++; return;
    case ACD_EVENT_wrap_up_coded:
        r->late += !roll_is_work(now, e->as.wrap_up_coded.assignment);
        return;
    case ACD_EVENT_call_refused:
        if (e->as.call_refused.refusal == ACD_REFUSED_NO_AGENTS)
            judge_empty(now, e->as.call_refused.queue, &r->no_agents);
        return;
    case ACD_EVENT_call_moved:
        if (e->as.call_moved.cause == ACD_CAUSE_LEFT_EMPTY)
            judge_empty(now, e->as.call_moved.from, &r->left_empty);
        return;
    case ACD_EVENT_queue_set:
        if (is_named(now, e->as.queue_set.queue, SITE_HOURS))
            on_state(r, e->as.queue_set.state);
        return;
    default: return;
    }
}

void rules_killed(struct rules *r, const struct roll *now)
{
    for (uint32_t i = 0; i < ROLL_agents; i++)
        r->held += is_held(now, i);
    for (uint32_t i = 0; i < ROLL_calls; i++) {
        const struct roll_call *c = &now->calls[i];

        /* who would have to leave has left */
        CHECK(c->gen == 0 || c->state != ACD_QUEUED ||
              strcmp(now->queues[c->queue].name, FLOOR_NO_AGENTS) != 0 ||
              roll_ready(now, c->queue) > 0);
    }
}

/* ---- how often ---------------------------------------------------------------------------- */

void rules_add(struct rules *sum, const struct rules *more)
{
    sum->held += more->held;
    sum->late += more->late;
    sum->stepped += more->stepped;
    sum->no_agents += more->no_agents;
    sum->left_empty += more->left_empty;
    sum->opened += more->opened;
    sum->closed += more->closed;
}

void rules_print(const struct rules *r)
{
    printf("%" PRIu32 " agents were kept from who waited by channels at kills; %" PRIu32
           " late codes; %" PRIu32 " steps; %" PRIu32 " refused and %" PRIu32
           " left for want of agents; by the clock %" PRIu32 " openings, %" PRIu32 " closings\n",
           r->held, r->late, r->stepped, r->no_agents, r->left_empty, r->opened, r->closed);
}

bool rules_all(const struct rules *r)
{
    return r->held > 0 && r->late > 0 && r->stepped > 0 && r->no_agents > 0 && r->left_empty > 0 &&
           r->opened > 0 && r->closed > 0;
}
