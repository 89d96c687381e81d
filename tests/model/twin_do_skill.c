/* The twin carries out the commands about skills and priorities, and states what comes of plans. */

#include <string.h>

#include "tests/model/twin_parts.h"

/* ---- events ------------------------------------------------------------------------------- */

void say_skill_set(struct twin *t, struct twin_agent *a, struct acd_str skill, uint8_t level)
{
    struct acd_event_skill_set event = {.agent = a->id, .skill = skill, .level = level};
    uint32_t i = 0;

    twin_append(t, ACD_EVENT_skill_set, &event);
    while (i < a->skill_count && !twin_text_is(&a->skills[i].name, skill))
        i++;
    if (i == a->skill_count)
        a->skill_count++;
    twin_text_copy(&a->skills[i].name, skill);
    a->skills[i].level = level;
    twin_note_agent(t, a, twin_available(t, a), true);
}

static void say_skill_removed(struct twin *t, struct twin_agent *a, uint32_t i)
{
    struct acd_event_skill_removed event = {.agent = a->id,
                                            .skill = twin_text_str(&a->skills[i].name)};

    twin_append(t, ACD_EVENT_skill_removed, &event);
    for (a->skill_count--; i < a->skill_count; i++)
        a->skills[i] = a->skills[i + 1];
    twin_note_agent(t, a, twin_available(t, a), true);
}

void say_plan_opened(struct twin *t, uint32_t plan, acd_queue_id queue, struct acd_str text)
{
    struct acd_event_plan_opened event = {.plan = plan, .queue = queue, .text = text};
    struct twin_plan *p = &t->plans[plan - 1];

    p->unused_since = twin_append(t, ACD_EVENT_plan_opened, &event);
    p->live = true;
    p->queue = queue;
    twin_text_copy(&p->text, text);
    twin_plan_read(twin_text_str(&p->text), &p->steps);
}

void say_plan_closed(struct twin *t, uint32_t plan)
{
    struct acd_event_plan_closed event = {.plan = plan};

    twin_append(t, ACD_EVENT_plan_closed, &event);
    t->plans[plan - 1].live = false;
}

void twin_note_plans(struct twin *t, uint64_t sequence)
{
    for (uint32_t i = 0; i < t->limits.plans; i++) {
        struct twin_plan *p = &t->plans[i];
        bool used = false;

        for (uint32_t c = 0; p->live && c < t->limits.calls; c++)
            used = used || (t->calls[c].id.gen != 0 && t->calls[c].plan == i + 1);
        if (used)
            p->unused_since = 0;
        else if (p->unused_since == 0)
            p->unused_since = sequence;
    }
}

void say_call_stepped(struct twin *t, struct twin_call *c)
{
    struct acd_event_call_stepped event = {
        .call = c->id,
        .step = c->prefer.gen != 0 ? twin_step_now(t, c)
                                   : twin_step_from(t, c->plan, (uint8_t)(c->step + 1))};

    c->until_sequence = twin_append(t, ACD_EVENT_call_stepped, &event);
    c->step = event.step;
    c->prefer = (acd_agent_id){0, 0};
    twin_note_call(t, c);
}

static void say_call_priority(struct twin *t, struct twin_call *c, acd_span head_start)
{
    struct acd_event_call_priority event = {.call = c->id, .head_start = head_start};
    uint64_t sequence = twin_append(t, ACD_EVENT_call_priority, &event);

    c->head_start = head_start;
    if (!twin_wrong(t, TWIN_FAULT_PRIORITY_KEEPS_PLACE))
        c->line_time = c->enqueued_at - head_start;
    if (c->state != ACD_QUEUED)
        return;
    c->until_sequence = sequence;
    twin_note_call(t, c);
}

/* ---- commands ----------------------------------------------------------------------------- */

static uint32_t skill_place(const struct twin_agent *a, struct acd_str name)
{
    uint32_t i = 0;

    while (i < a->skill_count && !twin_text_is(&a->skills[i].name, name))
        i++;
    return i;
}

/* Whether the agent may have one more skill, or this level of one it has: it is tried out. */
static bool skill_fits(struct twin *t, struct twin_agent *a, struct acd_str name, uint8_t level)
{
    uint32_t place = skill_place(a, name), count = a->skill_count;
    struct twin_skill before = a->skills[place < ACD_SKILLS_MAX ? place : 0];
    bool fits;

    if (place == ACD_SKILLS_MAX || !twin_has_name_room(t, name))
        return false;
    twin_text_copy(&a->skills[place].name, name);
    a->skills[place].level = level;
    a->skill_count = place == count ? count + 1 : count;
    fits = twin_seats_fit(t);
    a->skills[place] = before;
    a->skill_count = count;
    return fits;
}

void do_skill_set(struct twin *t, const struct acd_command_skill_set *c)
{
    struct twin_agent *a = twin_asked_agent(t, c->agent, c->agent_name, "agent_name");
    uint32_t place;

    if (a == NULL)
        return;
    if (!twin_skill_name(c->skill)) {
        twin_refuse(t, c->skill.len == 0 ? ACD_MISSING : ACD_INVALID, "skill");
        return;
    }
    place = skill_place(a, c->skill);
    if (place == a->skill_count || a->skills[place].level != c->level) {
        if (!skill_fits(t, a, c->skill, c->level)) {
            twin_refuse(t, ACD_FULL, "skill");
            return;
        }
        say_skill_set(t, a, c->skill, c->level);
    }
    t->outcome.agent = a->id;
}

void do_skill_remove(struct twin *t, const struct acd_command_skill_remove *c)
{
    struct twin_agent *a = twin_asked_agent(t, c->agent, c->agent_name, "agent_name");
    uint32_t place;

    if (a == NULL)
        return;
    place = skill_place(a, c->skill);
    if (c->skill.len == 0) {
        twin_refuse(t, ACD_MISSING, "skill");
    } else if (place == a->skill_count) {
        twin_refuse(t, ACD_NOT_FOUND, "skill");
    } else {
        t->outcome.agent = a->id;
        say_skill_removed(t, a, place);
    }
}

static struct twin_call *priority_call(struct twin *t, const struct acd_command_call_priority *c)
{
    struct twin_call *call;

    if (c->call.slot != 0 || c->call.gen != 0) {
        call = twin_call(t, c->call);
        if (call == NULL)
            twin_refuse(t, ACD_GONE, "call");
        return call;
    }
    call = c->key.len == 0 ? NULL : twin_call_keyed(t, twin_gateway(t), c->key);
    if (c->key.len == 0)
        twin_refuse(t, ACD_MISSING, "key");
    else if (call == NULL)
        twin_refuse(t, twin_ended(t, twin_gateway(t), c->key) != NULL ? ACD_GONE : ACD_NOT_FOUND,
                    "key");
    return call;
}

void do_call_priority(struct twin *t, const struct acd_command_call_priority *c)
{
    struct twin_call *call;

    if (c->head_start < 0 || c->head_start > 86400 * ACD_SECOND) {
        twin_refuse(t, ACD_INVALID, "head_start");
        return;
    }
    call = priority_call(t, c);
    if (call == NULL)
        return;
    if (call->state == ACD_CONNECTED) {
        twin_refuse(t, ACD_STATE, "call");
        return;
    }
    t->outcome.call = call->id;
    t->outcome.queue = call->queue;
    if (call->head_start != c->head_start)
        say_call_priority(t, call, c->head_start);
}
