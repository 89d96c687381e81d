#include "engine/decide.h"
#include "engine/overflow.h"

/* A caller leaves the queue by a key.
 *
 * Happy path: the key is one of the queue's exit_keys; the call goes where that says, to another
 * queue with its place in time, or out of the engine, and the reply tells the gateway where.
 *
 * Failure modes: no such key: NOT_FOUND, the call waits on. The queue meant takes nobody, and does
 * not say where else to: STATE, the call waits on. It talks already, or its caller waits to be
 * called back: STATE. */

/* Where a key of a queue leads. False when it is none of its exit_keys. */
static bool exit_target(const struct queue *q, char digit, struct acd_str *target)
{
    struct acd_str list = q->set.exit_keys;
    struct exit_key key;

    while (exit_key_take(&list, &key))
        if (key.digit == digit) {
            *target = key.target;
            return true;
        }
    return false;
}

static void exit_go(struct acd_engine *e, uint32_t call, const struct way *way,
                    struct acd_str digit)
{
    const struct call *c = &e->calls[call];
    struct acd_view_outcome *o = e->asking.outcome;
    bool told = asker_owns(e, call);

    o->call = call_id(e, call);
    o->queue = queue_id(e, way->queue == NONE ? c->queue : way->queue);
    if (way->queue == NONE) {
        o->overflow = way->target.kind;
        o->overflow_to = way->target.to;
    }
    EMIT(e, call_exited, .call = call_id(e, call), .queue = queue_id(e, c->queue), .digit = digit);
    while (c->assignment != NONE)
        offer_end(e, c->assignment, ACD_OFFER_CALLER_GONE, told);
    call_leave(e, call, ACD_CAUSE_EXIT_KEY, way, told);
    if (c->callback)
        o->verdict = ACD_VERDICT_CALLBACK;
}

int on_call_exit(struct acd_engine *e, const struct acd_command_call_exit *c)
{
    uint32_t call = REFERRED_CALL(e, call_exit, c);
    struct acd_str target;
    struct way way;

    if (call == NONE)
        return e->asking.outcome->error;
    if (!call_may_leave(e, call) || e->calls[call].callback)
        return FAULT(e, call_exit, call, ACD_STATE);
    if (c->digit.len == 0)
        return FAULT(e, call_exit, digit, ACD_MISSING);
    if (!exit_target(&e->queues[e->calls[call].queue], c->digit.data[0], &target))
        return FAULT(e, call_exit, digit, ACD_NOT_FOUND);
    call_way(e, call, target, &way);
    if (way.queue == NONE && way.target.kind == 0 && target.len > 0)
        return FAULT(e, call_exit, digit, ACD_STATE);

    exit_go(e, call, &way, c->digit);
    return ACD_OK;
}
