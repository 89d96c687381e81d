/* The twin's agents ask each other before they pass a caller on. */

#include <string.h>

#include "tests/model/twin_parts.h"

struct twin_assignment *twin_consultation(const struct twin *t, const struct twin_call *c)
{
    const struct twin_assignment *first = twin_of_call(t, c, 0);

    return c->state != ACD_CONNECTED ? NULL : twin_of_call(t, c, first->sequence);
}

bool twin_is_asked_about(const struct twin *t, const struct twin_call *c)
{
    const struct twin_assignment *number = twin_asks_number(t, c);

    return twin_consultation(t, c) != NULL ||
           (number != NULL && !twin_wrong(t, TWIN_FAULT_NUMBER_ASKER_TAKES_MORE));
}

void twin_note_asks(struct twin *t, struct twin_agent *a)
{
    bool was_available = twin_available(t, a);

    a->asks = false;
    for (uint32_t i = 0; i < t->limits.assignments; i++) {
        const struct twin_assignment *s = &t->assignments[i];

        if (s->id.gen != 0 && twin_same_agent(s->agent, a->id) && s->role == ACD_ROLE_HELD &&
            twin_is_asked_about(t, twin_call(t, s->call)))
            a->asks = true;
    }
    twin_note_agent(t, a, was_available, false);
}

/* ---- what it says ------------------------------------------------------------------------- */

static void say_consult_begun(struct twin *t, const struct twin_assignment *s)
{
    struct acd_event_consult_begun event = {
        .call = s->call, .assignment = s->id, .agent = s->agent};

    twin_append(t, ACD_EVENT_consult_begun, &event);
    twin_agent(t, s->agent)->asks = true;
}

/* `draws`: the agent was drawn. */
static struct twin_assignment *say_consult_offered(struct twin *t, struct twin_call *c,
                                                   struct twin_queue *q, struct twin_agent *a,
                                                   bool draws)
{
    struct twin_queue *own = twin_queue(t, c->queue);
    struct acd_event_consult_offered event = {.call = c->id,
                                              .agent = a->id,
                                              .queue = q->id,
                                              .until = t->now + own->set.ring_timeout,
                                              .told = twin_is_asker(t, c)};
    struct acd_view_notice notice = {.kind = ACD_NOTICE_CONSULT_OFFERED,
                                     .agent = a->id,
                                     .agent_name = twin_text_str(&a->name),
                                     .contact = twin_text_str(&a->contact),
                                     .until = event.until};
    struct twin_call like = *c;
    struct twin_assignment *s = &t->assignments[twin_free_assignment(t)];

    twin_make_room(t, c, event.told);
    if (draws)
        say_random_drawn(t);
    event.assignment = (acd_assignment_id){twin_free_assignment(t), twin_generation(t)};
    notice.assignment = event.assignment;
    memset(s, 0, sizeof *s);
    s->sequence = s->until_sequence = twin_append(t, ACD_EVENT_consult_offered, &event);
    s->id = event.assignment;
    s->agent = a->id;
    s->call = c->id;
    s->queue = q->id;
    s->role = ACD_ROLE_OFFERED;
    s->channel = q->set.channel;
    s->since = t->now;
    s->until = event.until;
    c->offers++;
    like.queue = q->id;
    twin_remember_offer(t, &like, a, s->sequence);
    twin_count_offer(t, own, a);
    if (!event.told)
        twin_notify(t, c, &notice);
    return s;
}

void say_consult_answered(struct twin *t, struct twin_assignment *s)
{
    struct acd_event_consult_answered event = {
        .call = s->call, .assignment = s->id, .agent = s->agent};

    twin_append(t, ACD_EVENT_consult_answered, &event);
    s->role = ACD_ROLE_CONSULTED;
    s->since = t->now;
    s->until = 0;
    twin_agent(t, s->agent)->no_answers = 0;
}

static void say_consult_ended(struct twin *t, struct twin_assignment *s, bool told)
{
    struct twin_call *c = twin_call(t, s->call);
    struct twin_agent *a = twin_agent(t, s->agent);
    struct acd_event_consult_ended event = {
        .call = c->id, .assignment = s->id, .agent = a->id, .told = told};
    struct acd_view_notice notice = {.kind = ACD_NOTICE_CONSULT_ENDED,
                                     .assignment = s->id,
                                     .agent = a->id,
                                     .agent_name = twin_text_str(&a->name),
                                     .contact = twin_text_str(&a->contact)};
    bool was_available = twin_available(t, a);

    twin_make_room(t, c, told);
    twin_append(t, ACD_EVENT_consult_ended, &event);
    if (!told)
        twin_notify(t, c, &notice);
    memset(s, 0, sizeof *s);
    if (!twin_wrong(t, TWIN_FAULT_ASKED_IS_IDLE_AS_BEFORE)) {
        a->lsc = t->now;
        a->lsc_sequence = t->sequence;
    }
    twin_note_asks(t, twin_agent(t, twin_of_call(t, c, 0)->agent));
    twin_note_agent(t, a, was_available, true);
}

/* ---- asking ------------------------------------------------------------------------------- */

/* Asks one agent; `q` is NULL when it was named. */
static void ask(struct twin *t, struct twin_assignment *s, struct twin_queue *q,
                struct twin_agent *a, const struct twin_call *like)
{
    struct twin_call *c = twin_call(t, s->call);
    struct twin_assignment *asked;
    bool draws;

    if (s->role != ACD_ROLE_HELD)
        say_call_held(t, s, true);
    say_consult_begun(t, s);
    if (a == NULL)
        a = twin_first_member(t, like);
    draws = q != NULL && (q->set.strategy == ACD_RANDOM || q->set.strategy == ACD_WEIGHTED_RANDOM);
    asked = say_consult_offered(t, c, q == NULL ? twin_queue(t, c->queue) : q, a, draws);
    twin_tell_assignment(t, asked);
    t->outcome.verdict = ACD_VERDICT_OFFERED;
    t->outcome.until = asked->until;
    t->outcome.agent_name = twin_text_str(&a->name);
    t->outcome.contact = twin_text_str(&a->contact);
}

/* Asks whom a call would be offered to that goes on to a queue. */
static void ask_queue(struct twin *t, const struct acd_command_consult *c,
                      struct twin_assignment *s)
{
    struct twin_queue *q = twin_asked_queue(t, c->queue, c->queue_name, "queue_name");
    struct twin_agent *asker = twin_agent(t, s->agent), *first;
    struct twin_call like = *twin_call(t, s->call);
    bool asks = asker->asks;

    if (q == NULL)
        return;
    if (twin_sends_away(q)) {
        twin_refuse(t, ACD_STATE, "queue_name");
        return;
    }
    like.plan = twin_plan_along(t, &like, q);
    like.step = like.plan == 0 ? 0 : twin_step_from(t, like.plan, 0);
    like.queue = q->id;
    like.tried = false;
    asker->asks = true; /* so that it does not find itself */
    first = twin_first_member(t, &like);
    asker->asks = asks;
    if (first != NULL) {
        ask(t, s, q, NULL, &like);
        return;
    }
    t->outcome.verdict = ACD_VERDICT_REFUSED;
    t->outcome.refusal = ACD_REFUSED_NO_AGENTS;
    t->outcome.queue = q->id;
}

static void ask_agent(struct twin *t, const struct acd_command_consult *c,
                      struct twin_assignment *s)
{
    struct twin_agent *a = twin_asked_agent(t, c->agent, c->agent_name, "agent_name");
    const struct twin_queue *q = twin_queue(t, twin_call(t, s->call)->queue);

    if (a == NULL)
        return;
    if (twin_same_agent(a->id, s->agent))
        twin_refuse(t, ACD_INVALID, "agent_name");
    else if (!twin_available(t, a) || !twin_has_room(t, a, q->set.channel))
        twin_refuse(t, ACD_STATE, "agent_name");
    else
        ask(t, s, NULL, a, NULL);
}

struct twin_assignment *twin_asked_talk(struct twin *t, acd_assignment_id id, bool asks)
{
    struct twin_assignment *s = twin_asked_offer(t, id);

    if (s == NULL)
        return NULL;
    if (s->role != ACD_ROLE_CONNECTED && s->role != ACD_ROLE_HELD)
        twin_refuse(t, s->role == ACD_ROLE_WRAP_UP ? ACD_GONE : ACD_STATE, "assignment");
    else if ((twin_consultation(t, twin_call(t, s->call)) != NULL ||
              twin_asks_number(t, twin_call(t, s->call)) != NULL) != asks)
        twin_refuse(t, ACD_STATE, "assignment");
    return t->outcome.error == ACD_OK ? s : NULL;
}

void do_consult(struct twin *t, const struct acd_command_consult *c)
{
    struct twin_assignment *s = twin_asked_talk(t, c->assignment, false);

    if (s == NULL)
        return;
    if (twin_cannot_pass_on(t, s))
        twin_refuse(t, ACD_STATE, "assignment");
    else if (c->queue.gen != 0 || c->queue.slot != 0 || c->queue_name.len > 0)
        ask_queue(t, c, s);
    else if (c->agent.gen != 0 || c->agent.slot != 0 || c->agent_name.len > 0)
        ask_agent(t, c, s);
    else if (c->number.len > 0)
        twin_ask_number(t, s, c->number);
    else
        twin_refuse(t, ACD_MISSING, "queue_name");
}

/* ---- what comes of it --------------------------------------------------------------------- */

void twin_end_consultation(struct twin *t, struct twin_call *c, uint8_t result, bool told)
{
    struct twin_assignment *s = twin_consultation(t, c);

    if (twin_asks_number(t, c) != NULL)
        say_consult_dial_ended(t, twin_asks_number(t, c), 0, told);
    if (s == NULL)
        return;
    if (s->role == ACD_ROLE_OFFERED)
        say_offer_ended(t, s, result, 0, told);
    else
        say_consult_ended(t, s, told);
}

void twin_hand_over(struct twin *t, struct twin_call *c)
{
    struct twin_assignment *next = twin_consultation(t, c);
    struct twin_queue *to = twin_queue(t, next->queue);

    if (to == NULL)
        to = twin_queue(t, c->queue);
    say_call_transferred(t, twin_of_call(t, c, 0), to, twin_agent(t, next->agent), next);
    twin_tell_assignment(t, next);
    t->outcome.verdict = ACD_VERDICT_CONNECTED;
}

void do_consult_complete(struct twin *t, const struct acd_command_consult_complete *c)
{
    struct twin_assignment *s = twin_asked_talk(t, c->assignment, true);
    struct twin_call *call = s == NULL ? NULL : twin_call(t, s->call);
    bool number, rings;

    if (s == NULL)
        return;
    number = twin_asks_number(t, call) != NULL;
    rings = number ? s->until != 0 : twin_consultation(t, call)->role == ACD_ROLE_OFFERED;
    if (rings)
        twin_refuse(t, ACD_STATE, "assignment");
    else if (number)
        twin_number_gets(t, s);
    else
        twin_hand_over(t, call);
}

void do_consult_end(struct twin *t, const struct acd_command_consult_end *c)
{
    struct twin_assignment *s = twin_assignment(t, c->assignment);
    bool by_asked = s != NULL && s->role == ACD_ROLE_CONSULTED;
    struct twin_call *call;

    if (!by_asked)
        s = twin_asked_talk(t, c->assignment, true);
    if (s == NULL)
        return;
    twin_tell_assignment(t, s);
    call = twin_call(t, s->call);
    twin_end_consultation(t, call, ACD_OFFER_RESCINDED, twin_is_asker(t, call));
    if (!by_asked)
        say_call_held(t, s, false);
}
