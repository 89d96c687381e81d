#include "engine/decide.h"

/* What is noted of a call.
 *
 * Happy path: while the call lives its attributes change, and its agent says what came of it by a
 * code, during the talk or in the wrap-up after it. A visit that is over is changed where it stands
 * by then, in history: the event says which one.
 *
 * Failure modes: the call is over and its wrap-up too: GONE, LOST, or STATE when the agent has
 * nothing at hand. A code that its queue does not know: INVALID. */

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

static bool may_be_coded(const struct acd_engine *e, uint32_t slot)
{
    uint32_t role = e->assignments[slot].role;

    return role != ACD_ROLE_OFFERED && role != ACD_ROLE_OUTSIDE;
}

/* The youngest of an agent's assignments that is more than an offer, or NONE with the fault told.
 */
static uint32_t coded_by_agent(struct acd_engine *e, const struct acd_command_wrap_up_code *c)
{
    uint32_t agent = REFERRED(e, agent, wrap_up_code, c, agent, name), found = NONE;

    if (agent == NONE)
        return NONE;
    for (uint32_t s = e->agents[agent].assignments; s != LIST_NONE; s = e->assignments[s].next)
        if (may_be_coded(e, s))
            found = s;
    if (found == NONE)
        FAULT(e, wrap_up_code, name, ACD_STATE);
    return found;
}

static uint32_t coded(struct acd_engine *e, const struct acd_command_wrap_up_code *c)
{
    uint32_t slot = assignment_at(e, c->assignment);

    if (c->assignment.gen == 0 && c->assignment.slot == 0)
        return coded_by_agent(e, c);
    if (slot != NONE && may_be_coded(e, slot))
        return slot;
    FAULT(e, wrap_up_code, assignment, slot == NONE ? ACD_LOST : ACD_STATE);
    return NONE;
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

/* Which event ended the visit of an assignment in wrap-up. */
static uint64_t visit_of(const struct acd_engine *e, uint32_t slot)
{
    const struct assignment_card *card = &e->assignment_cards[slot];

    return e->assignments[slot].carded && card->visit != 0 ? card->visit
                                                           : e->assignments[slot].until_sequence;
}

static int wrap_up_code_check(struct acd_engine *e, const struct acd_command_wrap_up_code *c,
                              uint32_t slot)
{
    const struct assignment *s = &e->assignments[slot];
    uint32_t queue = queue_at(e, s->queue);

    if (c->code.len == 0 && c->attributes.len == 0)
        return FAULT(e, wrap_up_code, code, ACD_MISSING);
    if (c->code.len > 0 && queue != NONE &&
        !code_is_of(e->queues[queue].set.wrap_up_codes, c->code))
        return FAULT(e, wrap_up_code, code, ACD_INVALID);
    if (c->attributes.len > 0 && s->call != NONE && !attributes_fit(e, s->call, c->attributes))
        return FAULT(e, wrap_up_code, attributes, ACD_FULL);
    return ACD_OK;
}

int on_wrap_up_code(struct acd_engine *e, const struct acd_command_wrap_up_code *c)
{
    uint32_t slot = coded(e, c);
    const struct assignment *s = &e->assignments[slot == NONE ? 0 : slot];
    struct acd_str code;
    int error = slot == NONE ? e->asking.outcome->error : wrap_up_code_check(e, c, slot);

    if (error != ACD_OK)
        return error;
    e->asking.outcome->call = call_id(e, s->call);
    e->asking.outcome->assignment = assignment_id(e, slot);
    e->asking.outcome->agent = agent_id(e, s->agent);
    e->asking.outcome->queue = s->queue;
    if (s->call != NONE && c->attributes.len > 0)
        attributes_set(e, s->call, c->attributes);
    code = merge_text(c->code, assignment_code(e, slot));
    if (!str_is(code, assignment_code(e, slot)) || (s->call == NONE && c->attributes.len > 0))
        EMIT(e, wrap_up_coded, .agent = agent_id(e, s->agent), .assignment = assignment_id(e, slot),
             .code = code, .visit = s->call == NONE ? visit_of(e, slot) : 0,
             .attributes = s->call == NONE ? c->attributes : (struct acd_str){NULL, 0});
    return ACD_OK;
}
