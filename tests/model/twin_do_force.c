/* The twin carries out the commands of supervisors: agents and queues are freed and drained, calls
 * are moved. */

#include "tests/model/twin_parts.h"

struct twin_call *twin_asked_call(struct twin *t, acd_call_id id, struct acd_str key)
{
    struct twin_call *c;

    if (id.slot != 0 || id.gen != 0) {
        c = twin_call(t, id);
        if (c == NULL)
            twin_refuse(t, ACD_GONE, "call");
        return c;
    }
    if (key.len == 0) {
        twin_refuse(t, ACD_MISSING, "key");
        return NULL;
    }
    c = twin_call_keyed(t, twin_gateway(t), key);
    if (c == NULL)
        twin_refuse(t, twin_ended(t, twin_gateway(t), key) != NULL ? ACD_GONE : ACD_NOT_FOUND,
                    "key");
    return c;
}

/* ---- agents ------------------------------------------------------------------------------- */

/* The oldest of all an agent's assignments, or NULL. */
static struct twin_assignment *oldest_of_all(const struct twin *t, const struct twin_agent *a)
{
    struct twin_assignment *oldest = NULL;

    for (uint8_t role = ACD_ROLE_OFFERED; acd_enum_text(&acd_enum_role, role)[0] != '?'; role++) {
        struct twin_assignment *s = twin_oldest(t, a, role, 0);

        if (s != NULL && (oldest == NULL || s->sequence < oldest->sequence))
            oldest = s;
    }
    return oldest;
}

static void end_work(struct twin *t, struct twin_assignment *s)
{
    struct acd_event_call_ended event = {
        .disposition = ACD_ANSWERED, .side = ACD_SIDE_SYSTEM, .ended_at = t->now};

    if (twin_wrong(t, TWIN_FAULT_FREE_WRAPS_UP))
        event.wrap_up_until = ACD_FOREVER;
    if (s->role == ACD_ROLE_OFFERED)
        say_offer_ended(t, s, ACD_OFFER_RESCINDED, 0, false);
    else if (s->role == ACD_ROLE_WRAP_UP)
        say_wrap_up_ended(t, s);
    else if (s->role == ACD_ROLE_OUTSIDE)
        say_outside_ended(t, s, false);
    else if (s->role == ACD_ROLE_DIALING)
        twin_fail_dialling(t, s, ACD_DIAL_FAILED, false);
    else if (s->role == ACD_ROLE_CONSULTED) {
        twin_end_consultation(t, twin_call(t, s->call), 0, false);
    } else {
        twin_end_consultation(t, twin_call(t, s->call), ACD_OFFER_RESCINDED, false);
        say_call_ended(t, twin_call(t, s->call), &event);
    }
}

void do_agent_free(struct twin *t, const struct acd_command_agent_free *c)
{
    struct twin_agent *a = twin_asked_agent(t, c->agent, c->name, "name");
    uint8_t state = c->state == 0 ? ACD_READY : c->state;
    struct twin_assignment *s;

    if (a == NULL)
        return;
    if (!twin_known(&acd_enum_agent_state, state)) {
        twin_refuse(t, ACD_INVALID, "state");
        return;
    }
    t->outcome.agent = a->id;
    say_agent_freed(t, a);
    while ((s = oldest_of_all(t, a)) != NULL)
        end_work(t, s);
    say_agent_state(t, a, state, state == ACD_NOT_READY ? c->reason : 0);
}

void do_agent_drain(struct twin *t, const struct acd_command_agent_drain *c)
{
    struct twin_agent *a = twin_asked_agent(t, c->agent, c->name, "name");
    uint8_t state = c->state == 0 ? ACD_LOGGED_OUT : c->state;
    uint16_t reason = state == ACD_NOT_READY ? c->reason : 0;

    if (a == NULL)
        return;
    if (state != ACD_LOGGED_OUT && state != ACD_NOT_READY) {
        twin_refuse(t, ACD_INVALID, "state");
        return;
    }
    t->outcome.agent = a->id;
    if (twin_load(t, a, 0) == 0 || a->state == ACD_LOGGED_OUT) {
        if (a->state != state || a->reason != reason)
            say_agent_state(t, a, state, reason);
        return;
    }
    say_agent_draining(t, a, state, c->reason);
    if (twin_wrong(t, TWIN_FAULT_DRAIN_RESCINDS))
        twin_rescind_all(t, a);
}

/* ---- queues and calls --------------------------------------------------------------------- */

/* Whether calls may go from one queue to another that a command names; refuses it else. */
static bool may_move(struct twin *t, const struct twin_queue *from, const struct twin_queue *to,
                     const char *name_field)
{
    if (to == NULL)
        return false;
    if (from == to)
        twin_refuse(t, ACD_INVALID, name_field);
    else if (twin_sends_away(to))
        twin_refuse(t, ACD_STATE, name_field);
    return t->outcome.error == ACD_OK;
}

void do_queue_drain(struct twin *t, const struct acd_command_queue_drain *c)
{
    struct twin_queue *q = twin_asked_queue(t, c->queue, c->name, "name"), *target = NULL;

    if (q == NULL)
        return;
    if (q->set.state == ACD_REMOVING) {
        twin_refuse(t, ACD_STATE, "name");
        return;
    }
    if (c->policy == 0 || (c->policy != ACD_REMOVE_WITHDRAW && c->policy != ACD_REMOVE_MOVE)) {
        twin_refuse(t, c->policy == 0 ? ACD_MISSING : ACD_INVALID, "policy");
        return;
    }
    if (c->policy == ACD_REMOVE_MOVE) {
        target = twin_asked_queue(t, c->target, c->target_name, "target_name");
        if (!may_move(t, q, target, "target_name"))
            return;
    }
    t->outcome.queue = q->id;
    say_queue_draining(t, q, c->policy, target == NULL ? (acd_queue_id){0, 0} : target->id);
}

void do_call_move(struct twin *t, const struct acd_command_call_move *c)
{
    struct twin_call *call = twin_asked_call(t, c->call, c->key);
    struct twin_queue *to;

    if (call == NULL)
        return;
    if (call->state != ACD_QUEUED && call->state != ACD_OFFERED && call->state != ACD_STRANDED) {
        twin_refuse(t, ACD_STATE, "call");
        return;
    }
    to = twin_asked_queue(t, c->queue, c->queue_name, "queue_name");
    if (!may_move(t, twin_queue(t, call->queue), to, "queue_name"))
        return;
    t->outcome.call = call->id;
    t->outcome.queue = to->id;
    while (call->state == ACD_OFFERED)
        say_offer_ended(t, twin_of_call(t, call, 0), ACD_OFFER_RESCINDED, 0, false);
    say_call_moved(t, call, to, twin_wrong(t, TWIN_FAULT_MOVED_BY_NOBODY) ? ACD_NOBODY : t->client,
                   0);
}

/* The offer of a call at an agent, or NULL. */
static struct twin_assignment *offer_at(const struct twin *t, const struct twin_call *c,
                                        const struct twin_agent *a)
{
    struct twin_assignment *s = NULL;

    while ((s = twin_of_call(t, c, s == NULL ? 0 : s->sequence)) != NULL)
        if (twin_same_agent(s->agent, a->id))
            return s;
    return NULL;
}

/* Whether an agent may be given one more call by force. */
static bool may_be_given(const struct twin *t, const struct twin_call *c,
                         const struct twin_agent *a)
{
    if (!twin_has_room(t, a, twin_queue(t, c->queue)->set.channel))
        return false;
    if (twin_load(t, a, 0) >= a->max_concurrent_calls)
        return false;
    if (a->state == ACD_NOT_READY && twin_wrong(t, TWIN_FAULT_ASSIGN_WANTS_READY))
        return false;
    return a->active == ACD_YES && a->state != ACD_LOGGED_OUT &&
           a->device != ACD_DEVICE_UNREACHABLE;
}

/* Fills the outcome with an offer. */
static void tell_offer(struct twin *t, const struct twin_call *c, const struct twin_agent *a)
{
    const struct twin_assignment *s = offer_at(t, c, a);

    t->outcome.verdict = ACD_VERDICT_OFFERED;
    t->outcome.call = c->id;
    t->outcome.queue = c->queue;
    t->outcome.assignment = s->id;
    t->outcome.agent = a->id;
    t->outcome.until = s->until;
    t->outcome.agent_name = twin_text_str(&a->name);
    t->outcome.contact = twin_text_str(&a->contact);
}

void do_call_assign(struct twin *t, const struct acd_command_call_assign *c)
{
    struct twin_call *call = twin_asked_call(t, c->call, c->key);
    struct twin_agent *a;

    if (call == NULL)
        return;
    if (call->state != ACD_QUEUED && call->state != ACD_OFFERED) {
        twin_refuse(t, ACD_STATE, "call");
        return;
    }
    a = twin_asked_agent(t, c->agent, c->name, "name");
    if (a == NULL)
        return;
    if (offer_at(t, call, a) != NULL) {
        t->outcome.repeated = 1;
        tell_offer(t, call, a);
        return;
    }
    if (!may_be_given(t, call, a)) {
        twin_refuse(t, ACD_STATE, "name");
        return;
    }
    while (call->state == ACD_OFFERED)
        say_offer_ended(t, twin_of_call(t, call, 0), ACD_OFFER_RESCINDED, 0, false);
    say_call_assigned(t, call, a);
    say_call_offered(t, call, a, twin_is_asker(t, call));
    tell_offer(t, call, a);
}
