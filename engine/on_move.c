#include "engine/decide.h"

/* Waiting calls go on to another queue: one of them, or all there are.
 *
 * Happy path: call_move takes back what rings and moves the call, which keeps its place in time.
 * queue_drain closes a queue and sends its callers away in slices; when the last has left, the
 * queue is closed and stays.
 *
 * Failure modes: the call talks already, or the target sends its own callers away: STATE. A target
 * that goes, or is drained itself, before the last caller has moved: the rest is withdrawn. */

uint32_t plan_along(struct acd_engine *e, uint32_t call, uint32_t queue)
{
    const struct call_card *card = &e->call_cards[call];
    struct acd_str text = {NULL, 0};
    uint32_t plan;

    if (card->own_plan)
        text = card->plan == NONE ? acd_str("-") : TEXT_STR(e->plans[card->plan].text);
    return plan_of_call(e, queue, text, 1, &plan) == ACD_OK ? plan : 0;
}

void call_go(struct acd_engine *e, uint32_t call, uint32_t target, acd_client_id by, uint8_t cause)
{
    uint32_t plan = plan_along(e, call, target);

    outbox_make_room(e, call);
    EMIT(e, call_moved, .call = call_id(e, call), .from = queue_id(e, e->calls[call].queue),
         .to = queue_id(e, target), .until = call_wait_until(e, call, target), .by = by,
         .cause = cause, .plan = plan, .step = plan_first_step(e, plan));
}

int on_call_move(struct acd_engine *e, const struct acd_command_call_move *c)
{
    uint32_t call, target;
    int error;

    call = REFERRED_CALL(e, call_move, c);
    if (call == NONE)
        return e->asking.outcome->error;
    if (!call_may_leave(e, call))
        return FAULT(e, call_move, call, ACD_STATE);
    target = REFERRED(e, queue, call_move, c, queue, queue_name);
    if (target == NONE)
        return e->asking.outcome->error;
    error = move_refused(e, e->calls[call].queue, target);
    if (error != ACD_OK)
        return FAULT(e, call_move, queue_name, error);

    e->asking.outcome->call = call_id(e, call);
    e->asking.outcome->queue = queue_id(e, target);
    while (e->calls[call].assignment != NONE)
        offer_end(e, e->calls[call].assignment, ACD_OFFER_RESCINDED, false);
    call_go(e, call, target, e->asking.client, 0);
    return ACD_OK;
}

/* The queue that the callers move to. Returns NONE with the fault told. */
static uint32_t drain_target(struct acd_engine *e, const struct acd_command_queue_drain *c,
                             uint32_t queue)
{
    uint32_t target = REFERRED(e, queue, queue_drain, c, target, target_name);
    int error = target == NONE ? ACD_OK : move_refused(e, queue, target);

    if (error == ACD_OK)
        return target;
    FAULT(e, queue_drain, target_name, error);
    return NONE;
}

int on_queue_drain(struct acd_engine *e, const struct acd_command_queue_drain *c)
{
    uint32_t slot = REFERRED(e, queue, queue_drain, c, queue, name), target = NONE;

    if (slot == NONE)
        return e->asking.outcome->error;
    if (e->queues[slot].set.state == ACD_REMOVING)
        return FAULT(e, queue_drain, name, ACD_STATE);
    if (c->policy != ACD_REMOVE_WITHDRAW && c->policy != ACD_REMOVE_MOVE)
        return FAULT(e, queue_drain, policy, c->policy == 0 ? ACD_MISSING : ACD_INVALID);
    if (c->policy == ACD_REMOVE_MOVE) {
        target = drain_target(e, c, slot);
        if (target == NONE)
            return e->asking.outcome->error;
    }

    e->asking.outcome->queue = queue_id(e, slot);
    EMIT(e, queue_draining, .queue = queue_id(e, slot), .policy = c->policy,
         .target = queue_id(e, target), .by = e->asking.client);
    return ACD_OK;
}
