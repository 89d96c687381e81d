/* The twin's agents ask numbers outside before they pass a caller on. */

#include "tests/model/twin_parts.h"

struct twin_assignment *twin_asks_number(const struct twin *t, const struct twin_call *c)
{
    struct twin_assignment *s = twin_of_call(t, c, 0);

    return s != NULL && s->role == ACD_ROLE_HELD && s->key.len > 0 ? s : NULL;
}

/* ---- what it says ------------------------------------------------------------------------- */

static void say_consult_dialing(struct twin *t, struct twin_assignment *s, struct acd_str number)
{
    struct twin_call *c = twin_call(t, s->call);
    struct acd_event_consult_dialing event = {.call = c->id,
                                              .assignment = s->id,
                                              .agent = s->agent,
                                              .number = number,
                                              .told = twin_is_asker(t, c)};
    struct acd_view_notice notice = twin_notice_of(t, ACD_NOTICE_CONSULT_DIAL, s);

    event.until = t->now + twin_queue(t, c->queue)->set.dial_timeout;
    twin_make_room(t, c, event.told != 0);
    s->until_sequence = twin_append(t, ACD_EVENT_consult_dialing, &event);
    s->until = notice.until = event.until;
    twin_text_copy(&s->key, number);
    twin_note_asks(t, twin_agent(t, s->agent));
    notice.consulted_number = number;
    if (event.told == 0)
        twin_notify(t, c, &notice);
}

static void say_consult_reached(struct twin *t, struct twin_assignment *s)
{
    struct acd_event_consult_reached event = {
        .call = s->call, .assignment = s->id, .agent = s->agent};

    twin_append(t, ACD_EVENT_consult_reached, &event);
    s->until = 0;
}

void say_consult_dial_ended(struct twin *t, struct twin_assignment *s, uint8_t result, bool told)
{
    struct twin_call *c = twin_call(t, s->call);
    struct acd_event_consult_dial_ended event = {
        .call = c->id, .assignment = s->id, .agent = s->agent, .result = result, .told = told};
    struct acd_view_notice notice = twin_notice_of(t, ACD_NOTICE_CONSULT_DIAL_ENDED, s);

    twin_make_room(t, c, told);
    twin_append(t, ACD_EVENT_consult_dial_ended, &event);
    if (!told)
        twin_notify(t, c, &notice);
    s->until = 0;
    s->key.len = 0;
    twin_note_asks(t, twin_agent(t, s->agent));
}

/* ---- what happens ------------------------------------------------------------------------- */

void twin_ask_number(struct twin *t, struct twin_assignment *s, struct acd_str number)
{
    if (s->role != ACD_ROLE_HELD)
        say_call_held(t, s, true);
    say_consult_dialing(t, s, number);
    twin_tell_assignment(t, s);
    t->outcome.verdict = ACD_VERDICT_DIAL;
    t->outcome.until = s->until;
}

void twin_number_gets(struct twin *t, struct twin_assignment *s)
{
    t->overflow_to = s->key;
    twin_tell_assignment(t, s);
    t->outcome.overflow = ACD_OVERFLOW_NUMBER;
    t->outcome.overflow_to = twin_text_str(&t->overflow_to);
    say_consult_dial_ended(t, s, ACD_DIAL_ANSWERED, true);
    twin_pass_out(t, s, twin_text_str(&t->overflow_to));
}

void do_consult_result(struct twin *t, const struct acd_command_consult_result *c)
{
    struct twin_assignment *s = twin_asked_talk(t, c->assignment, true);
    struct twin_call *call = s == NULL ? NULL : twin_call(t, s->call);

    if (s == NULL)
        return;
    if (twin_asks_number(t, call) == NULL) {
        twin_refuse(t, ACD_STATE, "assignment");
        return;
    }
    if (c->result == 0 || !twin_known(&acd_enum_dial_result, c->result)) {
        twin_refuse(t, c->result == 0 ? ACD_MISSING : ACD_INVALID, "result");
        return;
    }
    twin_tell_assignment(t, s);
    if (c->result == ACD_DIAL_ANSWERED && s->until == 0) {
        t->outcome.repeated = 1;
    } else if (c->result == ACD_DIAL_ANSWERED) {
        say_consult_reached(t, s);
    } else {
        say_consult_dial_ended(t, s, c->result, twin_is_asker(t, call));
        if (twin_wrong(t, TWIN_FAULT_NUMBER_GONE_RETRIEVES))
            say_call_held(t, s, false);
    }
}
