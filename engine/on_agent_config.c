#include "engine/channels.h"
#include "engine/decide.h"
#include "engine/teams.h"

/* Agents and memberships are made, changed and removed.
 *
 * Happy path: what is given is checked, merged with what there is, and stated whole.
 *
 * Failure modes: a table is full, or the capacities of all agents together would exceed the
 * assignments there are: FULL, so that no decision ever lacks room. An agent with work is not
 * removed: STATE. */

static struct acd_event_agent_set agent_merged(const struct acd_engine *e, uint32_t slot,
                                               const struct acd_command_agent_set *c)
{
    struct acd_event_agent_set v = {.name = c->name, .max_concurrent_calls = 1, .active = ACD_YES};
    const struct agent *a = &e->agents[slot == NONE ? 0 : slot];
    const struct agent_card *card = &e->agent_cards[slot == NONE ? 0 : slot];

    if (slot != NONE) {
        v.agent = agent_id(e, slot);
        v.extension = TEXT_STR(card->extension);
        v.contact = agent_contact(e, slot);
        v.attributes = TEXT_STR(card->attributes);
        v.max_concurrent_calls = a->capacity;
        v.active = a->active ? ACD_YES : ACD_NO;
        v.outside_moves = card->outside_moves;
        v.channels = TEXT_STR(card->channels);
        v.team = team_of(e, slot);
    }
    v.extension = merge_text(c->extension, v.extension);
    v.contact = merge_text(c->contact, v.contact);
    v.attributes = merge_text(c->attributes, v.attributes);
    if (c->max_concurrent_calls != 0)
        v.max_concurrent_calls = c->max_concurrent_calls;
    if (c->active != 0)
        v.active = c->active;
    if (c->outside_moves != 0)
        v.outside_moves = c->outside_moves == ACD_YES;
    v.channels = merge_text(c->channels, v.channels);
    v.team = merge_text(c->team, v.team);
    return v;
}

static bool capacity_fits(const struct acd_engine *e, uint32_t slot, uint16_t capacity)
{
    uint32_t load = slot == NONE ? 0 : agent_load(&e->agents[slot]);
    uint32_t had = slot == NONE ? 0 : e->agents[slot].reserved;
    uint32_t wants = capacity > load ? capacity : load;

    return e->reserved - had + wants <= e->config.limits.assignments;
}

int on_agent_set(struct acd_engine *e, const struct acd_command_agent_set *c)
{
    uint32_t slot = agent_find(e, c->name);
    struct acd_event_agent_set v;
    struct channel_costs costs;

    if (c->name.len == 0)
        return FAULT(e, agent_set, name, ACD_MISSING);
    if (c->max_concurrent_calls > ACD_CAPACITY_MAX)
        return FAULT(e, agent_set, max_concurrent_calls, ACD_INVALID);
    if (!enum_knows(&acd_enum_toggle, c->active, true))
        return FAULT(e, agent_set, active, ACD_INVALID);
    if (!enum_knows(&acd_enum_toggle, c->outside_moves, true))
        return FAULT(e, agent_set, outside_moves, ACD_INVALID);
    if (!channels_read(merge_text(c->channels, (struct acd_str){NULL, 0}), &costs))
        return FAULT(e, agent_set, channels, ACD_INVALID);
    if (slot == NONE && slots_lowest(&e->agent_slots) == SLOT_NONE)
        return FAULT(e, agent_set, name, ACD_FULL);
    v = agent_merged(e, slot, c);
    if (!capacity_fits(e, slot, v.max_concurrent_calls))
        return FAULT(e, agent_set, max_concurrent_calls, ACD_FULL);

    if (slot == NONE) {
        uint32_t gen = (uint32_t)(e->sequence + 1);

        slot = slots_lowest(&e->agent_slots);
        v.agent = (acd_agent_id){slot, gen == 0 ? 1 : gen};
    }
    emit_agent_set(e, &v);
    if (v.active == ACD_NO)
        offers_rescind(e, slot);
    e->asking.outcome->agent = agent_id(e, slot);
    return ACD_OK;
}

int on_agent_remove(struct acd_engine *e, const struct acd_command_agent_remove *c)
{
    uint32_t slot = REFERRED(e, agent, agent_remove, c, agent, name);

    if (slot == NONE)
        return e->asking.outcome->error;
    if (e->agents[slot].assignments != LIST_NONE)
        return FAULT(e, agent_remove, name, ACD_STATE);

    e->asking.outcome->agent = agent_id(e, slot);
    EMIT(e, agent_removed, .agent = agent_id(e, slot));
    return ACD_OK;
}

int on_member_set(struct acd_engine *e, const struct acd_command_member_set *c)
{
    uint32_t agent, queue;

    agent = REFERRED(e, agent, member_set, c, agent, agent_name);
    if (agent == NONE)
        return e->asking.outcome->error;
    queue = REFERRED(e, queue, member_set, c, queue, queue_name);
    if (queue == NONE)
        return e->asking.outcome->error;
    if (e->queues[queue].set.state == ACD_REMOVING)
        return FAULT(e, member_set, queue_name, ACD_STATE);
    if (membership_find(e, agent, queue) == NONE &&
        (chain_count(e->agents[agent].seats, AGENT_SEATS(e)) >= e->config.limits.queues_per_agent ||
         slots_lowest(&e->member_slots) == SLOT_NONE))
        return FAULT(e, member_set, queue_name, ACD_FULL);
    if (!agent_seats_fit(e, agent, NULL, queue, c->level))
        return FAULT(e, member_set, queue_name, ACD_FULL);

    e->asking.outcome->agent = agent_id(e, agent);
    e->asking.outcome->queue = queue_id(e, queue);
    EMIT(e, member_set, .agent = agent_id(e, agent), .queue = queue_id(e, queue), .level = c->level,
         .position = c->position);
    return ACD_OK;
}

int on_member_remove(struct acd_engine *e, const struct acd_command_member_remove *c)
{
    uint32_t agent, queue;

    agent = REFERRED(e, agent, member_remove, c, agent, agent_name);
    if (agent == NONE)
        return e->asking.outcome->error;
    queue = REFERRED(e, queue, member_remove, c, queue, queue_name);
    if (queue == NONE)
        return e->asking.outcome->error;
    if (membership_find(e, agent, queue) == NONE)
        return FAULT(e, member_remove, queue_name, ACD_NOT_FOUND);

    e->asking.outcome->agent = agent_id(e, agent);
    e->asking.outcome->queue = queue_id(e, queue);
    EMIT(e, member_removed, .agent = agent_id(e, agent), .queue = queue_id(e, queue));
    return ACD_OK;
}
