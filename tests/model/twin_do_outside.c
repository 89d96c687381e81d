/* The twin carries out what is reported of agents: devices, and calls outside the queues. */

#include "tests/model/twin_parts.h"

static const acd_span HOUR = 3600 * ACD_SECOND;

/* Whether a span of belief can be; refuses it else. */
static bool is_belief(struct twin *t, acd_span lease)
{
    if (lease != 0 && (lease < ACD_SECOND || lease > 24 * HOUR))
        twin_refuse(t, ACD_INVALID, "lease");
    return t->outcome.error == ACD_OK;
}

void do_device_set(struct twin *t, const struct acd_command_device_set *c)
{
    struct twin_agent *a = twin_asked_agent(t, c->agent, c->name, "name");
    acd_time until = t->now + (c->lease == 0 ? HOUR : c->lease);

    if (a == NULL)
        return;
    if (c->device == 0 || !twin_known(&acd_enum_device, c->device)) {
        twin_refuse(t, c->device == 0 ? ACD_MISSING : ACD_INVALID, "device");
        return;
    }
    if (!is_belief(t, c->lease))
        return;
    t->outcome.agent = a->id;
    if (c->device == ACD_DEVICE_AVAILABLE) {
        if (a->device != ACD_DEVICE_AVAILABLE)
            say_agent_device(t, a, c->device, 0);
        return;
    }
    say_agent_device(t, a, c->device, until);
    if (c->device == ACD_DEVICE_UNREACHABLE || twin_wrong(t, TWIN_FAULT_IN_USE_RESCINDS))
        twin_rescind_all(t, a);
}

/* An agent's call outside by its key, or NULL. */
static struct twin_assignment *outside_of(struct twin *t, const struct twin_agent *a,
                                          struct acd_str key)
{
    for (uint32_t i = 0; i < t->limits.assignments; i++) {
        struct twin_assignment *s = &t->assignments[i];

        if (s->id.gen != 0 && s->role == ACD_ROLE_OUTSIDE && twin_same_agent(s->agent, a->id) &&
            twin_text_is(&s->key, key))
            return s;
    }
    return NULL;
}

/* What agents take of limits.assignments, were this one to have one more. */
static uint64_t assignments_needed(const struct twin *t, const struct twin_agent *more)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < t->limits.agents; i++) {
        const struct twin_agent *a = &t->agents[i];
        uint32_t load = a->id.gen == 0 ? 0 : twin_load(t, a, 0) + (a == more);

        if (a->id.gen != 0)
            sum += load > a->max_concurrent_calls ? load : a->max_concurrent_calls;
    }
    return sum;
}

void do_outside_begin(struct twin *t, const struct acd_command_outside_begin *c)
{
    struct twin_agent *a = twin_asked_agent(t, c->agent, c->name, "name");

    if (a == NULL)
        return;
    if (c->key.len == 0) {
        twin_refuse(t, ACD_MISSING, "key");
        return;
    }
    if (!is_belief(t, c->lease))
        return;
    if (!twin_known(&acd_enum_channel, c->channel)) {
        twin_refuse(t, ACD_INVALID, "channel");
        return;
    }
    if (outside_of(t, a, c->key) == NULL && (twin_load(t, a, ACD_ROLE_OUTSIDE) >= ACD_OUTSIDE_MAX ||
                                             assignments_needed(t, a) > t->limits.assignments)) {
        twin_refuse(t, ACD_FULL, "key");
        return;
    }
    say_outside_began(t, a, c->key, t->now + (c->lease == 0 ? 4 * HOUR : c->lease),
                      c->channel == 0 ? ACD_CHANNEL_VOICE : c->channel);
    t->outcome.agent = a->id;
    t->outcome.assignment = outside_of(t, a, c->key)->id;
}

void do_outside_end(struct twin *t, const struct acd_command_outside_end *c)
{
    struct twin_agent *a = twin_asked_agent(t, c->agent, c->name, "name");
    struct twin_assignment *s;

    if (a == NULL)
        return;
    s = outside_of(t, a, c->key);
    if (c->key.len == 0 || s == NULL) {
        twin_refuse(t, c->key.len == 0 ? ACD_MISSING : ACD_NOT_FOUND, "key");
        return;
    }
    t->outcome.agent = a->id;
    t->outcome.assignment = s->id;
    say_outside_ended(t, s, false);
}
