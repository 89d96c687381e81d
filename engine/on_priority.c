#include "engine/decide.h"

/* A call gets another head start.
 *
 * Happy path: it goes to the place that it would have, had it come with that; a ringing one will,
 * should its offer fail.
 *
 * Failure modes: it is over: GONE. It talks already: STATE. */

int on_call_priority(struct acd_engine *e, const struct acd_command_call_priority *c)
{
    uint32_t call;

    if (c->head_start < 0 || c->head_start > HEAD_START_MAX)
        return FAULT(e, call_priority, head_start, ACD_INVALID);
    call = REFERRED_CALL(e, call_priority, c);
    if (call == NONE)
        return e->asking.outcome->error;
    if (e->calls[call].state == ACD_CONNECTED)
        return FAULT(e, call_priority, call, ACD_STATE);

    e->asking.outcome->call = call_id(e, call);
    e->asking.outcome->queue = queue_id(e, e->calls[call].queue);
    if (e->calls[call].enqueued_at - e->calls[call].key != c->head_start)
        EMIT(e, call_priority, .call = call_id(e, call), .head_start = c->head_start);
    return ACD_OK;
}
