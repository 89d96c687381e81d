#include "engine/resume.h"

#include "engine/hot.h"
#include "engine/names.h"

/* What is remembered of callers who abandoned: a ring of places, found by queue and number. */

struct caller_sought {
    const struct acd_engine *e;
    acd_queue_id queue;
    struct acd_str caller;
};

static bool abandoned_same(const void *ctx, uint32_t place)
{
    const struct caller_sought *s = ctx;
    const struct abandoned *a = &s->e->abandoned[place];

    return a->queue.slot == s->queue.slot && a->queue.gen == s->queue.gen &&
           str_is(s->caller, TEXT_STR(a->caller));
}

COLD uint32_t abandoned_find(const struct acd_engine *e, acd_queue_id queue, struct acd_str caller)
{
    const struct caller_sought sought = {e, queue, caller};

    return index_find(&e->abandoned_callers, plan_hash(e, queue.slot, caller), abandoned_same,
                      &sought);
}

void abandoned_forget(struct acd_engine *e, uint32_t place)
{
    struct abandoned *a = &e->abandoned[place];

    index_remove(&e->abandoned_callers, a->name_key);
    a->queue = (acd_queue_id){0, 0};
    mark(e, ACD_TABLE_ABANDONED, place);
}

COLD void abandoned_remember(struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];
    struct acd_str caller = call_caller(&e->call_cards[call]);
    acd_queue_id queue = queue_id(e, c->queue);
    uint32_t place = abandoned_find(e, queue, caller);
    struct abandoned *a;

    if (caller.len == 0)
        return;
    if (place != NONE)
        abandoned_forget(e, place);
    place = e->abandoned_next;
    e->abandoned_next = place + 1 < e->config.limits.ended_calls ? place + 1 : 0;
    a = &e->abandoned[place];
    if (a->queue.gen != 0)
        abandoned_forget(e, place);
    a->queue = queue;
    a->enqueued_at = c->enqueued_at;
    a->head_start = c->enqueued_at - c->key;
    a->left_at = e->now;
    TEXT_SET(a->caller, caller);
    a->name_key.hash = plan_hash(e, queue.slot, caller);
    index_add(&e->abandoned_callers, &a->name_key, place);
    mark(e, ACD_TABLE_ABANDONED, place);
}
