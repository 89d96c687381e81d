#include "engine/row_walk.h"

#include "engine/intervals.h"
#include "engine/outbox.h"

/* Which rows there are, in the order of their keys.
 *
 * Whether a row is there is a look at it; which one is next may be a walk over many places. */

/* ---- one of them --------------------------------------------------------------------------- */

static bool slot_is_there(const struct slots *slots, uint64_t key)
{
    return key < slots->max && slots_has(slots, (uint32_t)key);
}

static bool ended_is_there(const struct acd_engine *e, uint64_t place)
{
    uint32_t places = e->config.limits.ended_calls;

    return place < (e->ended_count < places ? e->ended_count : places);
}

static bool done_is_there(const struct acd_engine *e, uint64_t key)
{
    uint64_t client = key / ACD_REQUESTS_KEPT;

    return client < e->config.limits.clients && e->clients[client].gen != 0 &&
           e->done[key].request != 0;
}

static bool notice_is_there(const struct acd_engine *e, uint64_t key)
{
    uint64_t slot = key >> NOTICE_KEY_BITS, number = key - (slot << NOTICE_KEY_BITS);
    const struct client *c = &e->clients[slot < e->config.limits.clients ? slot : 0];

    return slot < e->config.limits.clients && c->gen != 0 && number > c->acked && number <= c->told;
}

static bool skill_is_there(const struct acd_engine *e, uint64_t key)
{
    uint64_t agent = key / ACD_SKILLS_MAX;

    return agent < e->config.limits.agents && e->agents[agent].gen != 0 &&
           key % ACD_SKILLS_MAX < e->agent_cards[agent].skills;
}

/* Nothing was ever counted of what has no number. */
static bool queue_interval_is_there(const struct acd_engine *e, uint64_t queue)
{
    return slot_is_there(&e->queue_slots, queue) && e->queues[queue].interval.sums.turn != 0;
}

static bool agent_interval_is_there(const struct acd_engine *e, uint64_t agent)
{
    return slot_is_there(&e->agent_slots, agent) && e->agent_intervals[agent].number != 0;
}

static bool waits_are_there(const struct acd_engine *e, uint64_t key)
{
    uint64_t queue = key / WAITS_ROWS_OF_QUEUE;

    return queue_interval_is_there(e, queue) &&
           waits_row_is_there(e, (uint32_t)queue, (uint32_t)(key % WAITS_ROWS_OF_QUEUE));
}

static bool abandoned_is_there(const struct acd_engine *e, uint64_t place)
{
    return place < e->config.limits.ended_calls && e->abandoned[place].queue.gen != 0;
}

static bool calendar_time_is_there(const struct acd_engine *e, uint64_t key)
{
    uint64_t calendar = key / ACD_CALENDAR_TIMES_MAX;

    return slot_is_there(&e->calendar_slots, calendar) &&
           key % ACD_CALENDAR_TIMES_MAX < e->calendars[calendar].times;
}

bool row_is_there(const struct acd_engine *e, enum acd_table table, uint64_t key)
{
    switch (table) {
    case ACD_TABLE_ENGINE: return key == 0;
    case ACD_TABLE_QUEUES: return slot_is_there(&e->queue_slots, key);
    case ACD_TABLE_AGENTS: return slot_is_there(&e->agent_slots, key);
    case ACD_TABLE_MEMBERS: return slot_is_there(&e->member_slots, key);
    case ACD_TABLE_NUMBERS: return slot_is_there(&e->number_slots, key);
    case ACD_TABLE_CLIENTS: return slot_is_there(&e->client_slots, key);
    case ACD_TABLE_CALLS: return slot_is_there(&e->call_slots, key);
    case ACD_TABLE_ASSIGNMENTS: return slot_is_there(&e->assignment_slots, key);
    case ACD_TABLE_ENDED: return ended_is_there(e, key);
    case ACD_TABLE_DONE: return done_is_there(e, key);
    case ACD_TABLE_NOTICES: return notice_is_there(e, key);
    case ACD_TABLE_SKILLS: return skill_is_there(e, key);
    case ACD_TABLE_PLANS: return slot_is_there(&e->plan_slots, key);
    case ACD_TABLE_QUEUE_INTERVALS: return queue_interval_is_there(e, key);
    case ACD_TABLE_AGENT_INTERVALS: return agent_interval_is_there(e, key);
    case ACD_TABLE_WAITS: return waits_are_there(e, key);
    case ACD_TABLE_ABANDONED: return abandoned_is_there(e, key);
    case ACD_TABLE_CALENDARS: return slot_is_there(&e->calendar_slots, key);
    case ACD_TABLE_CALENDAR_TIMES: return calendar_time_is_there(e, key);
    case ACD_TABLE_COUNT: break;
    }
    return false;
}

/* ---- the next one -------------------------------------------------------------------------- */

static bool next_slot(const struct slots *slots, uint64_t *key)
{
    uint32_t slot = *key > UINT32_MAX ? SLOT_NONE : slots_next(slots, (uint32_t)*key);

    *key = slot;
    return slot != SLOT_NONE;
}

static bool next_done(const struct acd_engine *e, uint64_t *key)
{
    uint64_t count = (uint64_t)e->config.limits.clients * ACD_REQUESTS_KEPT;

    for (; *key < count; ++*key) {
        uint64_t client = *key / ACD_REQUESTS_KEPT;

        if (e->clients[client].gen == 0)
            *key = (client + 1) * ACD_REQUESTS_KEPT - 1;
        else if (done_is_there(e, *key))
            return true;
    }
    return false;
}

static bool next_notice(const struct acd_engine *e, uint64_t *key)
{
    for (uint64_t slot = *key >> NOTICE_KEY_BITS; slot < e->config.limits.clients; slot++) {
        const struct client *c = &e->clients[slot];
        uint64_t first = slot << NOTICE_KEY_BITS | (c->acked + 1);
        uint64_t last = slot << NOTICE_KEY_BITS | c->told;

        if (c->gen == 0 || last < *key || c->acked == c->told)
            continue;
        if (*key < first)
            *key = first;
        return true;
    }
    return false;
}

static bool next_skill(const struct acd_engine *e, uint64_t *key)
{
    uint64_t count = (uint64_t)e->config.limits.agents * ACD_SKILLS_MAX;

    for (; *key < count; *key = (*key / ACD_SKILLS_MAX + 1) * ACD_SKILLS_MAX)
        if (skill_is_there(e, *key))
            return true;
    return false;
}

static bool next_queue_interval(const struct acd_engine *e, uint64_t *key)
{
    for (; next_slot(&e->queue_slots, key); ++*key)
        if (queue_interval_is_there(e, *key))
            return true;
    return false;
}

static bool next_agent_interval(const struct acd_engine *e, uint64_t *key)
{
    for (; next_slot(&e->agent_slots, key); ++*key)
        if (agent_interval_is_there(e, *key))
            return true;
    return false;
}

static bool next_waits(const struct acd_engine *e, uint64_t *key)
{
    uint64_t queue = *key / WAITS_ROWS_OF_QUEUE, first = queue;

    for (; next_queue_interval(e, &queue); queue++) {
        uint32_t row = queue == first ? (uint32_t)(*key % WAITS_ROWS_OF_QUEUE) : 0;

        for (; row < WAITS_ROWS_OF_QUEUE; row++)
            if (waits_row_is_there(e, (uint32_t)queue, row)) {
                *key = queue * WAITS_ROWS_OF_QUEUE + row;
                return true;
            }
    }
    return false;
}

static bool next_abandoned(const struct acd_engine *e, uint64_t *key)
{
    while (*key < e->config.limits.ended_calls && !abandoned_is_there(e, *key))
        ++*key;
    return *key < e->config.limits.ended_calls;
}

static bool next_calendar_time(const struct acd_engine *e, uint64_t *key)
{
    uint64_t calendar = *key / ACD_CALENDAR_TIMES_MAX;

    for (; next_slot(&e->calendar_slots, &calendar); calendar++) {
        if (*key < calendar * ACD_CALENDAR_TIMES_MAX)
            *key = calendar * ACD_CALENDAR_TIMES_MAX;
        if (calendar_time_is_there(e, *key))
            return true;
    }
    return false;
}

bool acd_row_next(const struct acd_engine *e, enum acd_table table, uint64_t *key)
{
    switch (table) {
    case ACD_TABLE_ENGINE: return *key == 0;
    case ACD_TABLE_QUEUES: return next_slot(&e->queue_slots, key);
    case ACD_TABLE_AGENTS: return next_slot(&e->agent_slots, key);
    case ACD_TABLE_MEMBERS: return next_slot(&e->member_slots, key);
    case ACD_TABLE_NUMBERS: return next_slot(&e->number_slots, key);
    case ACD_TABLE_CLIENTS: return next_slot(&e->client_slots, key);
    case ACD_TABLE_CALLS: return next_slot(&e->call_slots, key);
    case ACD_TABLE_ASSIGNMENTS: return next_slot(&e->assignment_slots, key);
    case ACD_TABLE_ENDED: return ended_is_there(e, *key);
    case ACD_TABLE_DONE: return next_done(e, key);
    case ACD_TABLE_NOTICES: return next_notice(e, key);
    case ACD_TABLE_SKILLS: return next_skill(e, key);
    case ACD_TABLE_PLANS: return next_slot(&e->plan_slots, key);
    case ACD_TABLE_QUEUE_INTERVALS: return next_queue_interval(e, key);
    case ACD_TABLE_AGENT_INTERVALS: return next_agent_interval(e, key);
    case ACD_TABLE_WAITS: return next_waits(e, key);
    case ACD_TABLE_ABANDONED: return next_abandoned(e, key);
    case ACD_TABLE_CALENDARS: return next_slot(&e->calendar_slots, key);
    case ACD_TABLE_CALENDAR_TIMES: return next_calendar_time(e, key);
    case ACD_TABLE_COUNT: break;
    }
    return false;
}

/* ---- changed ones -------------------------------------------------------------------------- */

bool acd_changed_next(const struct acd_engine *e, enum acd_table table, uint64_t *key)
{
    ACD_ASSERT(e->config.track);
    return table < ACD_TABLE_COUNT && table != ACD_TABLE_NOTICES &&
           next_slot(&e->changed[table], key);
}

void acd_changed_clear(struct acd_engine *e)
{
    for (enum acd_table t = 0; t < ACD_TABLE_COUNT; t++)
        for (uint32_t s = slots_next(&e->changed[t], 0); s != SLOT_NONE;
             s = slots_next(&e->changed[t], s + 1))
            slots_give(&e->changed[t], s);
}
