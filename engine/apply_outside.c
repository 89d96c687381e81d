#include "engine/apply.h"

/* What others know of an agent: its device, and calls that no queue has. An outside call is an
 * assignment without a call, so it takes its share of the agent's capacity. */

void agent_device_set(struct acd_engine *e, uint32_t agent, uint8_t device, acd_time until)
{
    struct agent *a = &e->agents[agent];
    struct agent_card *card = &e->agent_cards[agent];

    if (card->device != 0)
        order_remove(&e->devices, DEVICES(e), agent);
    card->device = device;
    a->kept &= (uint8_t)~KEPT_DEVICE;
    if (device != 0) {
        a->kept |= KEPT_DEVICE;
        card->device_until = until;
        card->device_sequence = e->sequence;
        device_arm(e, agent);
    }
    agent_derive(e, agent, false);
}

void apply_agent_device(struct acd_engine *e, const struct acd_event_agent_device *v)
{
    agent_device_set(e, agent_of(e, v->agent), v->device == ACD_DEVICE_AVAILABLE ? 0 : v->device,
                     v->until);
}

/* A new one, with no deadline yet. */
static void outside_make(struct acd_engine *e, const struct acd_event_outside_began *v)
{
    uint32_t slot = v->assignment.slot, agent = agent_of(e, v->agent);
    struct assignment *s = &e->assignments[slot];

    slots_take(&e->assignment_slots, slot);
    *s = (struct assignment){.gen = v->assignment.gen,
                             .agent = agent & AGENT_BITS,
                             .role = ACD_ROLE_OUTSIDE,
                             .channel = (uint32_t)v->channel & CHANNEL_BITS,
                             .call = NONE,
                             .sequence = e->sequence,
                             .since = e->now};
    TEXT_SET(assignment_card(e, slot)->key, v->key);
    chain_append(&e->agents[agent].assignments, AGENT_ASSIGNMENTS(e), slot);
    e->agents[agent].outside++;
    agent_derive(e, agent, false);
}

void apply_outside_began(struct acd_engine *e, const struct acd_event_outside_began *v)
{
    uint32_t slot = v->assignment.slot;
    struct assignment *s = &e->assignments[slot];

    if (s->gen == 0)
        outside_make(e, v);
    else
        order_remove(&e->leases, LEASES(e), slot);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    s->until = v->until;
    s->until_sequence = e->sequence;
    lease_arm(e, slot);
}

void apply_outside_ended(struct acd_engine *e, const struct acd_event_outside_ended *v)
{
    uint32_t slot = assignment_of(e, v->assignment), agent = agent_of(e, v->agent);
    bool moves = e->agent_cards[agent].outside_moves;

    ACD_ASSERT(e->assignments[slot].role == ACD_ROLE_OUTSIDE);
    order_remove(&e->leases, LEASES(e), slot);
    chain_remove(&e->agents[agent].assignments, AGENT_ASSIGNMENTS(e), slot);
    slots_give(&e->assignment_slots, slot);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    e->assignments[slot].gen = 0;
    e->agents[agent].outside--;
    if (moves)
        agent_touch(e, agent);
    agent_derive(e, agent, moves);
}
