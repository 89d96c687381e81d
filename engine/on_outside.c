#include "engine/decide.h"

/* What a gateway or an operator reports of an agent: its device, and calls outside the queues.
 *
 * Happy path: a device in use or out of reach keeps offers from the agent, a call outside takes one
 * of the agent's max_concurrent_calls, until the opposite is reported.
 *
 * Failure modes: the opposite is never reported: each report is believed for a while only, and
 * reporting it again renews it. A call outside is never refused for want of capacity, for it is
 * there; but no more than ACD_OUTSIDE_MAX at one agent, or when all agents together would have more
 * than there are assignments: FULL. */

static const acd_span BELIEF_MAX = (acd_span)24 * 3600 * ACD_SECOND;
static const acd_span DEVICE_BELIEF = 3600 * ACD_SECOND;
static const acd_span OUTSIDE_BELIEF = (acd_span)4 * 3600 * ACD_SECOND;

/* Not given, or within reach. */
static bool belief_ok(acd_span lease)
{
    return lease == 0 || (lease >= ACD_SECOND && lease <= BELIEF_MAX);
}

int on_device_set(struct acd_engine *e, const struct acd_command_device_set *c)
{
    uint32_t slot = REFERRED(e, agent, device_set, c, agent, name);
    bool available = c->device == ACD_DEVICE_AVAILABLE;

    if (slot == NONE)
        return e->asking.outcome->error;
    if (!enum_knows(&acd_enum_device, c->device, false))
        return FAULT(e, device_set, device, c->device == 0 ? ACD_MISSING : ACD_INVALID);
    if (!belief_ok(c->lease))
        return FAULT(e, device_set, lease, ACD_INVALID);

    e->asking.outcome->agent = agent_id(e, slot);
    if (available && e->agent_cards[slot].device == 0)
        return ACD_OK;
    EMIT(e, agent_device, .agent = agent_id(e, slot), .device = c->device,
         .until = available ? 0 : e->now + (c->lease == 0 ? DEVICE_BELIEF : c->lease),
         .by = e->asking.client);
    if (c->device == ACD_DEVICE_UNREACHABLE)
        offers_rescind(e, slot);
    return ACD_OK;
}

/* An agent's call outside by its key, or NONE. */
static uint32_t outside_find(const struct acd_engine *e, uint32_t agent, struct acd_str key)
{
    uint32_t s = e->agents[agent].assignments;

    while (s != LIST_NONE && !(e->assignments[s].role == ACD_ROLE_OUTSIDE &&
                               str_is(TEXT_STR(e->assignment_cards[s].key), key)))
        s = e->assignments[s].next;
    return s == LIST_NONE ? NONE : s;
}

/* Whether one more assignment than the agent's capacity may foresee has room among all. */
static bool outside_fits(const struct acd_engine *e, const struct agent *a)
{
    uint32_t wants = agent_load(a) + 1;

    return a->outside < ACD_OUTSIDE_MAX &&
           (wants <= a->reserved || e->reserved < e->config.limits.assignments);
}

int on_outside_begin(struct acd_engine *e, const struct acd_command_outside_begin *c)
{
    uint32_t agent = REFERRED(e, agent, outside_begin, c, agent, name), slot;
    uint32_t gen = (uint32_t)(e->sequence + 1);
    acd_assignment_id id;

    if (agent == NONE)
        return e->asking.outcome->error;
    if (c->key.len == 0)
        return FAULT(e, outside_begin, key, ACD_MISSING);
    if (!belief_ok(c->lease))
        return FAULT(e, outside_begin, lease, ACD_INVALID);
    if (!enum_knows(&acd_enum_channel, c->channel, true))
        return FAULT(e, outside_begin, channel, ACD_INVALID);
    slot = outside_find(e, agent, c->key);
    if (slot == NONE && !outside_fits(e, &e->agents[agent]))
        return FAULT(e, outside_begin, key, ACD_FULL);

    id = slot != NONE ? assignment_id(e, slot)
                      : (acd_assignment_id){slots_lowest(&e->assignment_slots), gen == 0 ? 1 : gen};
    e->asking.outcome->agent = agent_id(e, agent);
    e->asking.outcome->assignment = id;
    EMIT(e, outside_began, .agent = agent_id(e, agent), .assignment = id, .key = c->key,
         .until = e->now + (c->lease == 0 ? OUTSIDE_BELIEF : c->lease), .by = e->asking.client,
         .channel = slot != NONE      ? (uint8_t)e->assignments[slot].channel
                    : c->channel == 0 ? ACD_CHANNEL_VOICE
                                      : c->channel);
    return ACD_OK;
}

int on_outside_end(struct acd_engine *e, const struct acd_command_outside_end *c)
{
    uint32_t agent = REFERRED(e, agent, outside_end, c, agent, name), slot;

    if (agent == NONE)
        return e->asking.outcome->error;
    if (c->key.len == 0)
        return FAULT(e, outside_end, key, ACD_MISSING);
    slot = outside_find(e, agent, c->key);
    if (slot == NONE)
        return FAULT(e, outside_end, key, ACD_NOT_FOUND);

    e->asking.outcome->agent = agent_id(e, agent);
    e->asking.outcome->assignment = assignment_id(e, slot);
    EMIT(e, outside_ended, .agent = agent_id(e, agent), .assignment = assignment_id(e, slot),
         .by = e->asking.client);
    return ACD_OK;
}
