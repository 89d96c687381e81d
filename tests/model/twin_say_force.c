/* What the twin states when somebody uses force: each function writes one event into the log and
 * changes the tables as it says. */

#include "tests/model/twin_parts.h"

void say_agent_freed(struct twin *t, struct twin_agent *a)
{
    struct acd_event_agent_freed event = {.agent = a->id, .by = t->client};
    bool was_available = twin_available(t, a);

    twin_append(t, ACD_EVENT_agent_freed, &event);
    if (!twin_wrong(t, TWIN_FAULT_FREE_KEEPS_DELAY))
        a->delay_until = 0;
    a->drain = 0;
    a->no_answers = 0;
    a->device = ACD_DEVICE_AVAILABLE;
    a->device_until = 0;
    twin_note_agent(t, a, was_available, false);
}

void say_agent_draining(struct twin *t, struct twin_agent *a, uint8_t state, uint16_t reason)
{
    struct acd_event_agent_draining event = {
        .agent = a->id, .state = state, .reason = reason, .by = t->client};

    a->lsc_sequence = twin_append(t, ACD_EVENT_agent_draining, &event);
    a->lsc = t->now;
    a->state = ACD_NOT_READY;
    a->reason = reason;
    a->drain = state;
    a->no_answers = 0;
    twin_note_deserted(t);
}

void say_queue_draining(struct twin *t, struct twin_queue *q, uint8_t policy, acd_queue_id target)
{
    struct acd_event_queue_draining event = {
        .queue = q->id, .policy = policy, .target = target, .by = t->client};

    twin_append(t, ACD_EVENT_queue_draining, &event);
    q->set.state = ACD_DRAINING;
    q->policy = policy;
    q->target = target;
}

void say_queue_drained(struct twin *t, struct twin_queue *q)
{
    struct acd_event_queue_drained event = {.queue = q->id};

    twin_append(t, ACD_EVENT_queue_drained, &event);
    q->set.state = twin_wrong(t, TWIN_FAULT_DRAINED_QUEUE_OPENS) ? ACD_OPEN : ACD_CLOSED;
}

void say_call_assigned(struct twin *t, struct twin_call *c, struct twin_agent *a)
{
    struct acd_event_call_assigned event = {
        .call = c->id,
        .agent = a->id,
        .by = t->client,
        .passed = twin_position(t, c) - 1,
        .not_member = twin_member(t, a->id, c->queue) == NULL,
        .not_ready = a->state != ACD_READY,
        .delayed = a->delay_until != 0,
        .in_use = a->device != ACD_DEVICE_AVAILABLE,
    };

    if (twin_wrong(t, TWIN_FAULT_ASSIGN_HIDES_DELAY))
        event.delayed = false;
    twin_append(t, ACD_EVENT_call_assigned, &event);
}
