/* The twin notes what came of a call: its attributes, and the code of its agent. */

#include <string.h>

#include "tests/model/twin_parts.h"

/* ---- what it says ------------------------------------------------------------------------- */

void say_call_set(struct twin *t, struct twin_call *c, struct acd_str attributes)
{
    struct acd_event_call_set event = {.call = c->id, .attributes = attributes};

    twin_append(t, ACD_EVENT_call_set, &event);
    twin_text_copy(&c->attributes, attributes);
}

void say_wrap_up_coded(struct twin *t, struct twin_assignment *s, struct acd_str code,
                       struct acd_str attributes)
{
    struct acd_event_wrap_up_coded event = {.agent = s->agent,
                                            .assignment = s->id,
                                            .code = code,
                                            .visit = s->visit,
                                            .attributes = attributes};

    twin_append(t, ACD_EVENT_wrap_up_coded, &event);
    if (code.data != s->code.data)
        twin_text_copy(&s->code, code);
}

/* ---- work that is over -------------------------------------------------------------------- */

void twin_keep_late(struct twin *t, const struct twin_assignment *s, const struct twin_queue *q,
                    uint64_t visit)
{
    if (q == NULL || q->set.wrap_up_code_late == 0)
        return;
    twin_agent(t, s->agent)->late = (struct twin_late){.work = s->id,
                                                       .queue = s->queue,
                                                       .visit = visit,
                                                       .until = t->now + q->set.wrap_up_code_late,
                                                       .code = s->code};
}

/* An agent's last work as if it were in wrap-up still, or NULL when no code is taken any more. */
static struct twin_assignment *late_work(const struct twin *t, const struct twin_agent *a,
                                         struct twin_assignment *as_if)
{
    *as_if = (struct twin_assignment){.id = a->late.work,
                                      .agent = a->id,
                                      .queue = a->late.queue,
                                      .role = ACD_ROLE_WRAP_UP,
                                      .visit = a->late.visit,
                                      .code = a->late.code};
    if (twin_wrong(t, TWIN_FAULT_LATE_CODE_FOR_EVER) && a->late.until != 0)
        return as_if;
    return a->late.until > t->now ? as_if : NULL;
}

/* ---- attributes --------------------------------------------------------------------------- */

static bool is_dash(struct acd_str text)
{
    return text.len == 1 && text.data[0] == '-';
}

/* Refuses a command when there is no room for new attributes of a call. */
static bool has_text_room(struct twin *t, const struct twin_call *c, struct acd_str attributes)
{
    uint32_t texts = 0;

    for (uint32_t i = 0; i < t->limits.calls; i++)
        texts += t->calls[i].id.gen != 0 && t->calls[i].attributes.len > 0;
    if (attributes.len == 0 || is_dash(attributes) || c->attributes.len > 0 ||
        texts < t->limits.call_texts)
        return true;
    twin_refuse(t, ACD_FULL, "attributes");
    return false;
}

static void change_attributes(struct twin *t, struct twin_call *c, struct acd_str given)
{
    struct acd_str text = is_dash(given) ? (struct acd_str){NULL, 0} : given;

    if (given.len > 0 && !twin_text_is(&c->attributes, text))
        say_call_set(t, c, text);
}

void do_call_set(struct twin *t, const struct acd_command_call_set *c)
{
    struct twin_call *call = twin_asked_call(t, c->call, c->key);

    if (call == NULL)
        return;
    if (c->attributes.len == 0) {
        twin_refuse(t, ACD_MISSING, "attributes");
        return;
    }
    if (!has_text_room(t, call, c->attributes))
        return;
    t->outcome.call = call->id;
    t->outcome.queue = call->queue;
    change_attributes(t, call, c->attributes);
}

/* ---- codes -------------------------------------------------------------------------------- */

/* An agent's youngest assignment that is more than an offer, or NULL. */
static struct twin_assignment *youngest(const struct twin *t, const struct twin_agent *a)
{
    struct twin_assignment *found = NULL;

    for (uint32_t i = 0; i < t->limits.assignments; i++) {
        struct twin_assignment *s = &t->assignments[i];

        if (s->id.gen == 0 || !twin_same_agent(s->agent, a->id) || s->role == ACD_ROLE_OFFERED ||
            s->role == ACD_ROLE_OUTSIDE)
            continue;
        if (found == NULL ||
            (s->sequence > found->sequence) != twin_wrong(t, TWIN_FAULT_CODE_OF_OLDEST))
            found = s;
    }
    return found;
}

/* The last work of the agent that is named with an assignment that is gone. */
static struct twin_assignment *asked_late(struct twin *t, const struct acd_command_wrap_up_code *c,
                                          struct twin_assignment *as_if)
{
    bool named = c->agent.slot != 0 || c->agent.gen != 0 || c->name.len > 0;
    const struct twin_agent *a = named ? twin_asked_agent(t, c->agent, c->name, "name") : NULL;
    struct twin_assignment *s = a == NULL ? NULL : late_work(t, a, as_if);

    if (t->outcome.error != ACD_OK)
        return NULL;
    if (s != NULL && s->id.slot == c->assignment.slot && s->id.gen == c->assignment.gen)
        return s;
    twin_refuse(t, ACD_LOST, "assignment");
    return NULL;
}

static struct twin_assignment *asked_work(struct twin *t, const struct acd_command_wrap_up_code *c,
                                          struct twin_assignment *as_if)
{
    struct twin_assignment *s = twin_assignment(t, c->assignment);
    const struct twin_agent *a;

    if (c->assignment.slot != 0 || c->assignment.gen != 0) {
        if (s == NULL)
            return asked_late(t, c, as_if);
        if (s->role == ACD_ROLE_OFFERED || s->role == ACD_ROLE_OUTSIDE)
            twin_refuse(t, ACD_STATE, "assignment");
        return t->outcome.error == ACD_OK ? s : NULL;
    }
    a = twin_asked_agent(t, c->agent, c->name, "name");
    if (a == NULL)
        return NULL;
    s = youngest(t, a);
    if (s == NULL)
        s = late_work(t, a, as_if);
    if (s == NULL)
        twin_refuse(t, ACD_STATE, "name");
    return s;
}

/* Whether a list with commas has a code between two of them; a list of nothing has every code. */
static bool is_listed(const struct twin_text *list, struct acd_str code)
{
    uint16_t start = 0;

    for (uint16_t i = 0; i <= list->len; i++) {
        if (i < list->len && list->data[i] != ',')
            continue;
        if (i - start == code.len && memcmp(list->data + start, code.data, code.len) == 0)
            return true;
        start = (uint16_t)(i + 1);
    }
    return list->len == 0;
}

static bool code_is_good(const struct twin *t, const struct twin_assignment *s, struct acd_str code)
{
    const struct twin_queue *q = twin_queue(t, s->queue);

    return q == NULL || code.len == 0 || is_dash(code) || is_listed(&q->wrap_up_codes, code) ||
           twin_wrong(t, TWIN_FAULT_CODE_ANY);
}

void do_wrap_up_code(struct twin *t, const struct acd_command_wrap_up_code *c)
{
    struct twin_assignment late, *s = asked_work(t, c, &late);
    struct twin_call *call = s == NULL ? NULL : twin_call(t, s->call);
    struct acd_str code;

    if (s == NULL)
        return;
    if (c->code.len == 0 && c->attributes.len == 0) {
        twin_refuse(t, ACD_MISSING, "code");
        return;
    }
    if (!code_is_good(t, s, c->code)) {
        twin_refuse(t, ACD_INVALID, "code");
        return;
    }
    if (call != NULL && !has_text_room(t, call, c->attributes))
        return;
    t->outcome.call = s->call;
    t->outcome.assignment = s->id;
    t->outcome.agent = s->agent;
    t->outcome.queue = s->queue;
    if (call != NULL)
        change_attributes(t, call, c->attributes);
    code = twin_merged_text(twin_text_str(&s->code), c->code);
    if (!twin_text_is(&s->code, code) || (call == NULL && c->attributes.len > 0))
        say_wrap_up_coded(t, s, code, call == NULL ? c->attributes : (struct acd_str){NULL, 0});
    if (s == &late)
        twin_agent(t, s->agent)->late.code = late.code;
}
