/* What the twin states about devices and calls outside the queues: each function writes one event
 * into the log and changes the tables as it says. */

#include <string.h>

#include "tests/model/twin_parts.h"

void say_agent_device(struct twin *t, struct twin_agent *a, uint8_t device, acd_time until)
{
    struct acd_event_agent_device event = {
        .agent = a->id, .device = device, .until = until, .by = t->client};
    bool was_available = twin_available(t, a);

    a->device_sequence = twin_append(t, ACD_EVENT_agent_device, &event);
    a->device = device;
    a->device_until = until;
    twin_note_agent(t, a, was_available, false);
}

/* An agent's call outside by its key, or NULL. */
static struct twin_assignment *outside_of(struct twin *t, const struct twin_agent *a,
                                          struct acd_str key)
{
    struct twin_assignment *s = NULL;

    while ((s = twin_oldest(t, a, ACD_ROLE_OUTSIDE, s == NULL ? 0 : s->sequence)) != NULL)
        if (twin_text_is(&s->key, key))
            return s;
    return NULL;
}

void say_outside_began(struct twin *t, struct twin_agent *a, struct acd_str key, acd_time until,
                       uint8_t channel)
{
    struct twin_assignment *s = outside_of(t, a, key);
    uint32_t slot = s == NULL ? twin_free_assignment(t) : s->id.slot;
    struct acd_event_outside_began event = {
        .agent = a->id, .key = key, .until = until, .by = t->client};

    event.channel = s == NULL ? channel : s->channel;
    event.assignment =
        s == NULL ? (acd_assignment_id){slot, twin_generation(t)} : t->assignments[slot].id;
    t->assignments[slot].until_sequence = twin_append(t, ACD_EVENT_outside_began, &event);
    t->assignments[slot].until = until;
    if (s != NULL)
        return;
    s = &t->assignments[slot];
    s->id = event.assignment;
    s->agent = a->id;
    s->role = ACD_ROLE_OUTSIDE;
    s->channel = channel;
    s->since = t->now;
    s->sequence = s->until_sequence;
    twin_text_copy(&s->key, key);
}

void say_outside_ended(struct twin *t, struct twin_assignment *s, bool ran_out)
{
    struct acd_event_outside_ended event = {
        .agent = s->agent, .assignment = s->id, .ran_out = ran_out, .by = t->client};
    struct twin_agent *a = twin_agent(t, s->agent);
    bool was_available = twin_available(t, a);
    bool moves = a->outside_moves || twin_wrong(t, TWIN_FAULT_OUTSIDE_MOVES_ALWAYS);
    uint64_t sequence = twin_append(t, ACD_EVENT_outside_ended, &event);

    memset(s, 0, sizeof *s);
    if (moves) {
        a->lsc = t->now;
        a->lsc_sequence = sequence;
    }
    twin_note_agent(t, a, was_available, moves);
}
