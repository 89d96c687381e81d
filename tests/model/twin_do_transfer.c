/* The twin passes calls on. */

#include "tests/model/twin_parts.h"

static void to_queue(struct twin *t, const struct acd_command_transfer *c,
                     struct twin_assignment *s)
{
    struct twin_queue *q = twin_asked_queue(t, c->queue, c->queue_name, "queue_name");
    const struct twin_call *call = twin_call(t, s->call);
    uint8_t refusal = q == NULL ? 0 : twin_refusal(t, q);

    if (q == NULL)
        return;
    if (refusal != 0) {
        struct acd_event_call_refused event = {.queue = q->id,
                                               .gateway = call->gateway,
                                               .key = twin_text_str(&call->key),
                                               .refusal = refusal};

        t->outcome.verdict = ACD_VERDICT_REFUSED;
        t->outcome.refusal = refusal;
        t->outcome.queue = q->id;
        twin_append(t, ACD_EVENT_call_refused, &event);
        q->sums.refused++;
        q->interval.sums.refused++;
        twin_counted(t);
        t->totals.refused++;
        return;
    }
    t->outcome.call = t->routed = call->id;
    say_call_transferred(t, s, q, NULL, NULL);
}

static void to_agent(struct twin *t, const struct acd_command_transfer *c,
                     struct twin_assignment *s)
{
    struct twin_agent *a = twin_asked_agent(t, c->agent, c->agent_name, "agent_name");
    struct twin_call *call = twin_call(t, s->call);

    if (a == NULL)
        return;
    if (twin_same_agent(a->id, s->agent)) {
        twin_refuse(t, ACD_INVALID, "agent_name");
        return;
    }
    if (!twin_available(t, a) || !twin_has_room(t, a, twin_queue(t, call->queue)->set.channel)) {
        twin_refuse(t, ACD_STATE, "agent_name");
        return;
    }
    t->outcome.call = t->routed = call->id;
    say_call_transferred(t, s, twin_queue(t, call->queue), a, NULL);
    say_call_offered(t, call, a, twin_is_asker(t, call));
}

void twin_pass_out(struct twin *t, const struct twin_assignment *s, struct acd_str number)
{
    struct twin_call *call = twin_call(t, s->call);
    struct acd_event_call_ended event = {.disposition = ACD_ANSWERED,
                                         .side = ACD_SIDE_AGENT,
                                         .ended_at = t->now,
                                         .wrap_up_until = twin_wrap_up_until(t, call),
                                         .told = twin_is_asker(t, call),
                                         .cause = ACD_CAUSE_TRANSFERRED,
                                         .overflow = ACD_OVERFLOW_NUMBER,
                                         .overflow_to = number};

    say_call_ended(t, call, &event);
}

bool twin_cannot_pass_on(const struct twin *t, const struct twin_assignment *s)
{
    const struct twin_client *gateway = twin_client(t, twin_call(t, s->call)->gateway);

    return gateway != NULL && gateway->lost && !twin_wrong(t, TWIN_FAULT_LOST_PASSES_ON);
}

void do_transfer(struct twin *t, const struct acd_command_transfer *c)
{
    struct twin_assignment *s = twin_asked_offer(t, c->assignment);

    if (s == NULL)
        return;
    if (s->role != ACD_ROLE_CONNECTED && s->role != ACD_ROLE_HELD)
        twin_refuse(t, s->role == ACD_ROLE_WRAP_UP ? ACD_GONE : ACD_STATE, "assignment");
    else if (twin_consultation(t, twin_call(t, s->call)) != NULL ||
             twin_asks_number(t, twin_call(t, s->call)) != NULL || twin_cannot_pass_on(t, s))
        twin_refuse(t, ACD_STATE, "assignment");
    else if (c->queue.gen != 0 || c->queue.slot != 0 || c->queue_name.len > 0)
        to_queue(t, c, s);
    else if (c->agent.gen != 0 || c->agent.slot != 0 || c->agent_name.len > 0)
        to_agent(t, c, s);
    else if (c->number.len == 0)
        twin_refuse(t, ACD_MISSING, "queue_name");
    else {
        twin_tell_assignment(t, s);
        twin_pass_out(t, s, c->number);
    }
}
