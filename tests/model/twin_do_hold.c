/* The twin keeps callers on hold. */

#include "tests/model/twin_parts.h"

acd_span twin_hold(const struct twin *t, const struct twin_call *c, acd_time at)
{
    const struct twin_assignment *s = twin_of_call(t, c, 0);

    if (s == NULL || s->role != ACD_ROLE_HELD || at <= s->since)
        return c->hold;
    if (twin_wrong(t, TWIN_FAULT_HOLD_FORGOTTEN))
        return at - s->since;
    return c->hold + (at - s->since);
}

void say_call_held(struct twin *t, struct twin_assignment *s, bool held)
{
    struct twin_call *c = twin_call(t, s->call);
    const struct twin_agent *a = twin_agent(t, s->agent);
    struct acd_event_call_held event = {.call = s->call,
                                        .assignment = s->id,
                                        .agent = s->agent,
                                        .held = held ? ACD_YES : ACD_NO,
                                        .told = twin_is_asker(t, c)};
    struct acd_view_notice notice = {.kind = held ? ACD_NOTICE_HELD : ACD_NOTICE_RETRIEVED,
                                     .assignment = s->id,
                                     .agent = a->id,
                                     .agent_name = twin_text_str(&a->name),
                                     .contact = twin_text_str(&a->contact)};

    twin_make_room(t, c, event.told);
    twin_append(t, ACD_EVENT_call_held, &event);
    c->hold = twin_hold(t, c, t->now);
    s->role = held ? ACD_ROLE_HELD : ACD_ROLE_CONNECTED;
    s->since = t->now;
    if (!event.told)
        twin_notify(t, c, &notice);
}

/* Holds or retrieves; said twice it is nothing new. */
static void hold(struct twin *t, acd_assignment_id id, bool held)
{
    struct twin_assignment *s = twin_asked_offer(t, id);

    if (s == NULL)
        return;
    if (s->role != ACD_ROLE_CONNECTED && s->role != ACD_ROLE_HELD) {
        twin_refuse(t, s->role == ACD_ROLE_WRAP_UP ? ACD_GONE : ACD_STATE, "assignment");
        return;
    }
    if (!held && (twin_consultation(t, twin_call(t, s->call)) != NULL ||
                  twin_asks_number(t, twin_call(t, s->call)) != NULL)) {
        twin_refuse(t, ACD_STATE, "assignment");
        return;
    }
    twin_tell_assignment(t, s);
    if ((s->role == ACD_ROLE_HELD) == held)
        t->outcome.repeated = 1;
    else
        say_call_held(t, s, held);
}

void do_hold(struct twin *t, const struct acd_command_hold *c)
{
    hold(t, c->assignment, true);
}

void do_retrieve(struct twin *t, const struct acd_command_retrieve *c)
{
    hold(t, c->assignment, false);
}
