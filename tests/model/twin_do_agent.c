/* The twin carries out the commands of agents, and looks up what any command asks for. */

#include <string.h>

#include "tests/model/twin_parts.h"

void twin_refuse(struct twin *t, int error, const char *field)
{
    size_t count;
    const struct acd_field *fields = t->command->fields(&count);

    memset(&t->outcome, 0, sizeof t->outcome);
    t->outcome.error = (int16_t)error;
    for (size_t i = 0; field != NULL && i < count; i++)
        if (strcmp(fields[i].name, field) == 0)
            t->outcome.field = (uint16_t)(i + 1);
}

bool twin_known(const struct acd_enum *e, uint8_t value)
{
    return value == 0 || strcmp(acd_enum_text(e, value), "?") != 0;
}

/* The field of the id stands right before the name's. */
static void refuse_id(struct twin *t, const char *name_field)
{
    twin_refuse(t, ACD_NOT_FOUND, name_field);
    t->outcome.field--;
}

struct twin_agent *twin_asked_agent(struct twin *t, acd_agent_id id, struct acd_str name,
                                    const char *name_field)
{
    struct twin_agent *a = NULL;

    if (id.slot != 0 || id.gen != 0) {
        a = twin_agent(t, id);
        if (a == NULL)
            refuse_id(t, name_field);
    } else if (name.len > 0) {
        a = twin_agent_named(t, name);
        if (a == NULL)
            twin_refuse(t, ACD_NOT_FOUND, name_field);
    } else {
        twin_refuse(t, ACD_MISSING, name_field);
    }
    return a;
}

struct twin_queue *twin_asked_queue(struct twin *t, acd_queue_id id, struct acd_str name,
                                    const char *name_field)
{
    struct twin_queue *q = NULL;

    if (id.slot != 0 || id.gen != 0) {
        q = twin_queue(t, id);
        if (q == NULL)
            refuse_id(t, name_field);
    } else if (name.len > 0) {
        q = twin_queue_named(t, name);
        if (q == NULL)
            twin_refuse(t, ACD_NOT_FOUND, name_field);
    } else {
        twin_refuse(t, ACD_MISSING, name_field);
    }
    return q;
}

/* ---- agent_state -------------------------------------------------------------------------- */

void do_agent_state(struct twin *t, const struct acd_command_agent_state *c)
{
    struct twin_agent *a = twin_asked_agent(t, c->agent, c->name, "name");
    uint16_t reason = c->state == ACD_NOT_READY ? c->reason : 0;

    if (a == NULL)
        return;
    if (c->state == 0) {
        twin_refuse(t, ACD_MISSING, "state");
        return;
    }
    if (!twin_known(&acd_enum_agent_state, c->state)) {
        twin_refuse(t, ACD_INVALID, "state");
        return;
    }
    t->outcome.agent = a->id;
    if (a->state == c->state && a->reason == reason && a->drain == 0)
        return;
    if (c->state == ACD_LOGGED_OUT &&
        (twin_talks(t, a) > 0 || twin_load(t, a, ACD_ROLE_WRAP_UP) > 0)) {
        twin_refuse(t, ACD_STATE, "state");
        return;
    }
    say_agent_state(t, a, c->state, reason);
    if (c->state != ACD_READY)
        twin_rescind_all(t, a);
}

/* ---- wrap-up ------------------------------------------------------------------------------ */

/* What wrap-up work a command is about: one assignment, or all of an agent's. */
struct wrap_up_asked {
    struct twin_agent *agent; /* NULL: refused */
    struct twin_assignment *only;
};

static struct wrap_up_asked asked_wrap_up(struct twin *t, acd_assignment_id id, acd_agent_id agent,
                                          struct acd_str name)
{
    struct wrap_up_asked asked = {NULL, NULL};

    if (id.slot != 0 || id.gen != 0) {
        asked.only = twin_assignment(t, id);
        if (asked.only == NULL)
            twin_refuse(t, ACD_LOST, "assignment");
        else if (asked.only->role != ACD_ROLE_WRAP_UP)
            twin_refuse(t, ACD_STATE, "assignment");
        else
            asked.agent = twin_agent(t, asked.only->agent);
        return asked;
    }
    asked.agent = twin_asked_agent(t, agent, name, "name");
    if (asked.agent != NULL && twin_load(t, asked.agent, ACD_ROLE_WRAP_UP) == 0) {
        twin_refuse(t, ACD_STATE, "name");
        asked.agent = NULL;
    }
    return asked;
}

void do_wrap_up_finish(struct twin *t, const struct acd_command_wrap_up_finish *c)
{
    struct wrap_up_asked asked = asked_wrap_up(t, c->assignment, c->agent, c->name);
    struct twin_assignment *s;

    if (asked.agent == NULL)
        return;
    t->outcome.agent = asked.agent->id;
    if (asked.only != NULL) {
        say_wrap_up_ended(t, asked.only);
        return;
    }
    while ((s = twin_oldest(t, asked.agent, ACD_ROLE_WRAP_UP, 0)) != NULL) {
        say_wrap_up_ended(t, s);
        if (twin_wrong(t, TWIN_FAULT_FIRST_ASSIGNMENT_ONLY))
            return;
    }
}

static void extend(struct twin *t, struct twin_assignment *s, acd_span by)
{
    acd_time until = s->until;

    if (by == -1)
        until = ACD_FOREVER;
    else if (until != ACD_FOREVER)
        until += by;
    else if (twin_wrong(t, TWIN_FAULT_EXTEND_OPEN_ENDED))
        until = t->now + by;
    say_wrap_up_extended(t, s, until);
}

void do_wrap_up_extend(struct twin *t, const struct acd_command_wrap_up_extend *c)
{
    struct wrap_up_asked asked;
    struct twin_assignment *s = NULL;

    if (c->by == 0) {
        twin_refuse(t, ACD_MISSING, "by");
        return;
    }
    if (c->by < -1 || c->by > 24 * 3600 * ACD_SECOND) {
        twin_refuse(t, ACD_INVALID, "by");
        return;
    }
    asked = asked_wrap_up(t, c->assignment, c->agent, c->name);
    if (asked.agent == NULL)
        return;
    t->outcome.agent = asked.agent->id;
    if (asked.only != NULL) {
        extend(t, asked.only, c->by);
        return;
    }
    while ((s = twin_oldest(t, asked.agent, ACD_ROLE_WRAP_UP, s == NULL ? 0 : s->sequence)) != NULL)
        extend(t, s, c->by);
}
