#include "engine/decide.h"

/* What is noted of a call.
 *
 * Happy path: while the call lives its attributes change, and its agent says what came of it by a
 * code, during the talk, in the wrap-up after it, or later, if its queue takes codes late: then the
 * agent's card knows its last work. A visit that is over is changed where it stands by then, in
 * history: the event says which one.
 *
 * Failure modes: the call is over and its wrap-up too, for too long, or other work came since:
 * GONE, LOST, or STATE when the agent has nothing at hand. A code that its queue does not know:
 * INVALID. */

/* ---- attributes --------------------------------------------------------------------------- */

/* Whether a call can have these attributes. */
static bool attributes_fit(const struct acd_engine *e, uint32_t call, struct acd_str attributes)
{
    return e->calls[call].text != NONE || str_is(attributes, acd_str("-")) ||
           slots_lowest(&e->text_slots) != SLOT_NONE;
}

static void attributes_set(struct acd_engine *e, uint32_t call, struct acd_str attributes)
{
    struct acd_str old = e->calls[call].text == NONE
                             ? (struct acd_str){NULL, 0}
                             : TEXT_STR(e->call_texts[e->calls[call].text].attributes);
    struct acd_str now = merge_text(attributes, old);

    if (!str_is(old, now))
        EMIT(e, call_set, .call = call_id(e, call), .attributes = now);
}

int on_call_set(struct acd_engine *e, const struct acd_command_call_set *c)
{
    uint32_t slot = REFERRED_CALL(e, call_set, c);

    if (slot == NONE)
        return e->asking.outcome->error;
    if (c->attributes.len == 0)
        return FAULT(e, call_set, attributes, ACD_MISSING);
    if (!attributes_fit(e, slot, c->attributes))
        return FAULT(e, call_set, attributes, ACD_FULL);

    e->asking.outcome->call = call_id(e, slot);
    e->asking.outcome->queue = queue_id(e, e->calls[slot].queue);
    attributes_set(e, slot, c->attributes);
    return ACD_OK;
}

/* ---- codes -------------------------------------------------------------------------------- */

/* What is coded: an agent's work, at hand or over. */
struct work {
    uint32_t agent;
    uint32_t call; /* NONE: it has ended, by the event `visit` */
    acd_assignment_id assignment;
    acd_queue_id queue;
    uint64_t visit;
    struct acd_str code;
};

static bool may_be_coded(const struct acd_engine *e, uint32_t slot)
{
    uint32_t role = e->assignments[slot].role;

    return role != ACD_ROLE_OFFERED && role != ACD_ROLE_OUTSIDE;
}

static struct work work_at_hand(const struct acd_engine *e, uint32_t slot)
{
    const struct assignment *s = &e->assignments[slot];

    return (struct work){.agent = s->agent,
                         .call = s->call,
                         .assignment = assignment_id(e, slot),
                         .queue = s->queue,
                         .visit = s->call == NONE ? assignment_visit(e, slot) : 0,
                         .code = assignment_code(e, slot)};
}

/* An agent's last work, if that may be coded yet. */
static bool work_late(const struct acd_engine *e, uint32_t agent, struct work *w)
{
    const struct late_work *late = &e->agent_cards[agent].late;

    *w = (struct work){.agent = agent,
                       .call = NONE,
                       .assignment = late->work,
                       .queue = late->queue,
                       .visit = late->visit,
                       .code = TEXT_STR(late->code)};
    return late->until > e->now;
}

/* The youngest of an agent's assignments that is more than an offer, else its last work. */
static int coded_by_agent(struct acd_engine *e, const struct acd_command_wrap_up_code *c,
                          struct work *w)
{
    uint32_t agent = REFERRED(e, agent, wrap_up_code, c, agent, name), found = NONE;

    if (agent == NONE)
        return e->asking.outcome->error;
    for (uint32_t s = e->agents[agent].assignments; s != LIST_NONE; s = e->assignments[s].next)
        if (may_be_coded(e, s))
            found = s;
    if (found == NONE)
        return work_late(e, agent, w) ? ACD_OK : FAULT(e, wrap_up_code, name, ACD_STATE);
    *w = work_at_hand(e, found);
    return ACD_OK;
}

/* Work that is over is found by its agent. */
static int coded_late(struct acd_engine *e, const struct acd_command_wrap_up_code *c,
                      struct work *w)
{
    uint32_t agent = NONE;

    if (c->agent.gen != 0 || c->agent.slot != 0 || c->name.len > 0) {
        agent = REFERRED(e, agent, wrap_up_code, c, agent, name);
        if (agent == NONE)
            return e->asking.outcome->error;
    }
    if (agent != NONE && work_late(e, agent, w) && w->assignment.slot == c->assignment.slot &&
        w->assignment.gen == c->assignment.gen)
        return ACD_OK;
    return FAULT(e, wrap_up_code, assignment, ACD_LOST);
}

static int coded(struct acd_engine *e, const struct acd_command_wrap_up_code *c, struct work *w)
{
    uint32_t slot = assignment_at(e, c->assignment);

    if (c->assignment.gen == 0 && c->assignment.slot == 0)
        return coded_by_agent(e, c, w);
    if (slot == NONE)
        return coded_late(e, c, w);
    if (!may_be_coded(e, slot))
        return FAULT(e, wrap_up_code, assignment, ACD_STATE);
    *w = work_at_hand(e, slot);
    return ACD_OK;
}

/* Whether a code is one of those of a list, if that has any. */
static bool code_is_of(struct acd_str list, struct acd_str code)
{
    const char *at = list.data, *end = list.data + list.len;

    if (list.len == 0 || str_is(code, acd_str("-")))
        return true;
    while (at < end) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma == NULL ? end : comma;

        if (str_is(code, (struct acd_str){at, (uint16_t)(stop - at)}))
            return true;
        at = stop + 1;
    }
    return false;
}

static int wrap_up_code_check(struct acd_engine *e, const struct acd_command_wrap_up_code *c,
                              const struct work *w)
{
    uint32_t queue = queue_at(e, w->queue);

    if (c->code.len == 0 && c->attributes.len == 0)
        return FAULT(e, wrap_up_code, code, ACD_MISSING);
    if (c->code.len > 0 && queue != NONE &&
        !code_is_of(e->queues[queue].set.wrap_up_codes, c->code))
        return FAULT(e, wrap_up_code, code, ACD_INVALID);
    if (c->attributes.len > 0 && w->call != NONE && !attributes_fit(e, w->call, c->attributes))
        return FAULT(e, wrap_up_code, attributes, ACD_FULL);
    return ACD_OK;
}

static void work_code(struct acd_engine *e, const struct work *w, struct acd_str code,
                      struct acd_str attributes)
{
    bool is_over = w->call == NONE;

    if (!is_over && attributes.len > 0)
        attributes_set(e, w->call, attributes);
    if (!str_is(code, w->code) || (is_over && attributes.len > 0))
        EMIT(e, wrap_up_coded, .agent = agent_id(e, w->agent), .assignment = w->assignment,
             .code = code, .visit = w->visit,
             .attributes = is_over ? attributes : (struct acd_str){NULL, 0});
}

int on_wrap_up_code(struct acd_engine *e, const struct acd_command_wrap_up_code *c)
{
    struct work w = {.agent = NONE};
    int error = coded(e, c, &w);

    if (error == ACD_OK)
        error = wrap_up_code_check(e, c, &w);
    if (error != ACD_OK)
        return error;
    e->asking.outcome->call = call_id(e, w.call);
    e->asking.outcome->assignment = w.assignment;
    e->asking.outcome->agent = agent_id(e, w.agent);
    e->asking.outcome->queue = w.queue;
    work_code(e, &w, merge_text(c->code, w.code), c->attributes);
    return ACD_OK;
}
