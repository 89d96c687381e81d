/* The twin compares: who is available, who is first in a queue, which call is best for an agent. */

#include "tests/model/twin_parts.h"

uint32_t twin_load(const struct twin *t, const struct twin_agent *a, uint8_t role)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < t->limits.assignments; i++) {
        const struct twin_assignment *s = &t->assignments[i];

        if (s->id.gen != 0 && twin_same_agent(s->agent, a->id) && (role == 0 || s->role == role))
            count++;
    }
    return count;
}

uint32_t twin_calls(const struct twin *t, const struct twin_queue *q, uint8_t state)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < t->limits.calls; i++) {
        const struct twin_call *c = &t->calls[i];

        if (c->id.gen != 0 && twin_same_queue(c->queue, q->id) && (state == 0 || c->state == state))
            count++;
    }
    return count;
}

bool twin_available(const struct twin *t, const struct twin_agent *a)
{
    uint32_t load;

    if (a->state != ACD_READY || a->delay_until != 0 || twin_rung(t, a))
        return false;
    if (a->asks && !twin_wrong(t, TWIN_FAULT_ASKER_TAKES_MORE))
        return false;
    if (a->active != ACD_YES && !twin_wrong(t, TWIN_FAULT_INACTIVE_TAKES_CALLS))
        return false;
    if (a->device != ACD_DEVICE_AVAILABLE && !twin_wrong(t, TWIN_FAULT_DEVICE_IGNORED))
        return false;
    load = twin_load(t, a, 0);
    if (twin_wrong(t, TWIN_FAULT_OUTSIDE_IS_FREE))
        load -= twin_load(t, a, ACD_ROLE_OUTSIDE);
    if (twin_wrong(t, TWIN_FAULT_WRAP_UP_IS_FREE))
        load -= twin_load(t, a, ACD_ROLE_WRAP_UP);
    return load < a->max_concurrent_calls;
}

uint32_t twin_talks(const struct twin *t, const struct twin_agent *a)
{
    return twin_load(t, a, ACD_ROLE_CONNECTED) + twin_load(t, a, ACD_ROLE_HELD) +
           twin_load(t, a, ACD_ROLE_CONSULTED) + twin_load(t, a, ACD_ROLE_DIALING);
}

uint8_t twin_activity(const struct twin *t, const struct twin_agent *a)
{
    if (twin_talks(t, a) > 0)
        return ACD_ACTIVITY_BUSY;
    if (twin_load(t, a, ACD_ROLE_OFFERED) > 0)
        return ACD_ACTIVITY_RESERVED;
    if (twin_load(t, a, ACD_ROLE_WRAP_UP) > 0)
        return ACD_ACTIVITY_WRAP_UP;
    if (twin_load(t, a, ACD_ROLE_OUTSIDE) > 0)
        return ACD_ACTIVITY_OUTSIDE;
    if (a->state == ACD_LOGGED_OUT)
        return ACD_ACTIVITY_LOGGED_OUT;
    if (a->state == ACD_NOT_READY)
        return ACD_ACTIVITY_NOT_READY;
    if (a->delay_until != 0)
        return ACD_ACTIVITY_DELAYED;
    return a->device == ACD_DEVICE_AVAILABLE ? ACD_ACTIVITY_IDLE : ACD_ACTIVITY_NO_DEVICE;
}

bool twin_call_before(const struct twin_call *a, const struct twin_call *b)
{
    if (a->line_time != b->line_time)
        return a->line_time < b->line_time;
    return a->sequence < b->sequence;
}

static bool by_lifo(const struct twin *t, const struct twin_call *c)
{
    if (twin_wrong(t, TWIN_FAULT_LIFO_AT_ONCE))
        return twin_queue(t, c->queue)->set.call_order == ACD_LIFO;
    return c->lifo;
}

bool twin_place_before(const struct twin *t, const struct twin_call *a, const struct twin_call *b)
{
    acd_span sign = twin_wrong(t, TWIN_FAULT_LIFO_HEAD_START_BACKWARDS) ? -1 : 1;
    acd_time in_a = a->enqueued_at + sign * a->head_start;
    acd_time in_b = b->enqueued_at + sign * b->head_start;

    if (by_lifo(t, a) != by_lifo(t, b))
        return by_lifo(t, a);
    if (!by_lifo(t, a))
        return twin_call_before(a, b);
    return in_a != in_b ? in_a > in_b : a->sequence > b->sequence;
}

struct twin_call *twin_first_queued(const struct twin *t, const struct twin_queue *q)
{
    struct twin_call *first = NULL;

    for (uint32_t i = 0; i < t->limits.calls; i++) {
        struct twin_call *c = &t->calls[i];

        if (c->id.gen == 0 || c->state != ACD_QUEUED || !twin_same_queue(c->queue, q->id))
            continue;
        if (first == NULL || twin_place_before(t, c, first))
            first = c;
    }
    return first;
}

uint32_t twin_position(const struct twin *t, const struct twin_call *c)
{
    uint32_t before = 0;

    if (c->state != ACD_QUEUED)
        return 0;
    for (uint32_t i = 0; i < t->limits.calls; i++) {
        const struct twin_call *other = &t->calls[i];

        if (other->id.gen != 0 && other->state == ACD_QUEUED &&
            twin_same_queue(other->queue, c->queue) && twin_place_before(t, other, c))
            before++;
    }
    return before + 1;
}

/* The level that counts of an agent for a call. */
static uint8_t level_for(const struct twin *t, const struct twin_agent *a,
                         const struct twin_call *c)
{
    return twin_step_level(t, twin_call_step(t, c), twin_member(t, a->id, c->queue)->level);
}

/* Of two calls, each the first of a line of the agent's: whether the first one is better. */
static bool call_better(const struct twin *t, const struct twin_agent *a, const struct twin_call *x,
                        const struct twin_call *y)
{
    uint16_t x_weight = twin_queue(t, x->queue)->set.weight;
    uint16_t y_weight = twin_queue(t, y->queue)->set.weight;
    uint8_t x_level = level_for(t, a, x), y_level = level_for(t, a, y);

    if (x_weight != y_weight && !twin_wrong(t, TWIN_FAULT_WEIGHT_IGNORED))
        return x_weight > y_weight;
    if ((x->prefer.gen != 0) != (y->prefer.gen != 0) && !twin_wrong(t, TWIN_FAULT_KEPT_IN_ORDER))
        return x->prefer.gen != 0;
    if (x_level != y_level && !twin_wrong(t, TWIN_FAULT_AGENT_LEVEL_IGNORED))
        return x_level < y_level;
    return twin_call_before(x, y);
}

/* Whether no call of its line that wants an agent stands before a call. */
static bool is_first_in_line(const struct twin *t, const struct twin_call *c)
{
    for (uint32_t i = 0; i < t->limits.calls; i++) {
        const struct twin_call *other = &t->calls[i];

        if (twin_wants(other) && twin_same_line(t, other, c) && twin_place_before(t, other, c))
            return false;
    }
    return true;
}

struct twin_call *twin_best_call(const struct twin *t, const struct twin_agent *a)
{
    struct twin_call *best = NULL;

    for (uint32_t i = 0; i < t->limits.calls; i++) {
        struct twin_call *c = &t->calls[i];

        if (!twin_wants(c) || !twin_may_take(t, a, c) || !is_first_in_line(t, c) ||
            !twin_has_room(t, a, twin_queue(t, c->queue)->set.channel))
            continue;
        if (best == NULL || call_better(t, a, c, best))
            best = c;
    }
    return best;
}

struct twin_assignment *twin_oldest(const struct twin *t, const struct twin_agent *a, uint8_t role,
                                    uint64_t after)
{
    struct twin_assignment *oldest = NULL;

    for (uint32_t i = 0; i < t->limits.assignments; i++) {
        struct twin_assignment *s = &t->assignments[i];

        if (s->id.gen == 0 || !twin_same_agent(s->agent, a->id) || s->role != role ||
            s->sequence <= after)
            continue;
        if (oldest == NULL || s->sequence < oldest->sequence)
            oldest = s;
    }
    return oldest;
}

struct twin_assignment *twin_of_call(const struct twin *t, const struct twin_call *c,
                                     uint64_t after)
{
    struct twin_assignment *oldest = NULL;

    for (uint32_t i = 0; i < t->limits.assignments; i++) {
        struct twin_assignment *s = &t->assignments[i];

        if (s->id.gen == 0 || twin_call(t, s->call) != c || s->sequence <= after)
            continue;
        if (oldest == NULL || s->sequence < oldest->sequence)
            oldest = s;
    }
    return oldest;
}
