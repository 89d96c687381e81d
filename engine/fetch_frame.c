#include "engine/leads.h"

/* Looking ahead of a follower: it knows what comes, so what that touches can be on its way. */

static void call_is_named(const struct acd_engine *e, acd_call_id call)
{
    if (call.slot >= e->config.limits.calls)
        return;
    fetch(&e->calls[call.slot]);
    fetch((const char *)&e->calls[call.slot] + CACHE_LINE);
    fetch(&e->call_cards[call.slot]);
    fetch((const char *)&e->call_cards[call.slot] + CACHE_LINE);
}

static void agent_is_named(const struct acd_engine *e, acd_agent_id agent)
{
    if (agent.slot >= e->config.limits.agents)
        return;
    fetch(&e->agents[agent.slot]);
    fetch(&e->agent_intervals[agent.slot]);
}

static void assignment_is_named(const struct acd_engine *e, acd_assignment_id assignment)
{
    if (assignment.slot < e->config.limits.assignments)
        fetch(&e->assignments[assignment.slot]);
}

static void call_is_about_to_end(const struct acd_engine *e, acd_call_id call)
{
    if (call.slot >= e->config.limits.calls)
        return;
    call_end_fetch(e, call.slot);
    fetch(&e->agent_cards[e->call_leads[call.slot].agent]);
}

/* With these ids events of calls begin, and will for ever, since fields are only ever added at the
 * end: call_offered and call_connected with all of them, call_queued and call_ended with the call.
 * To decode all of an event would cost more than is gained. */
struct named {
    acd_call_id call;
    acd_assignment_id assignment;
    acd_agent_id agent;
};
_Static_assert(offsetof(struct acd_event_call_queued, call) == 0, "it begins with the call");
_Static_assert(offsetof(struct acd_event_call_ended, call) == 0, "it begins with the call");
_Static_assert(offsetof(struct acd_event_call_offered, agent) == offsetof(struct named, agent),
               "it begins with these ids");
_Static_assert(offsetof(struct acd_event_call_connected, agent) == offsetof(struct named, agent),
               "it begins with these ids");

static void event_fetch(const struct acd_engine *e, uint16_t code, struct named n)
{
    switch (code) {
    case ACD_EVENT_call_queued:
    case ACD_EVENT_call_ended: call_is_named(e, n.call); break;
    case ACD_EVENT_call_offered:
        agent_is_named(e, n.agent);
        assignment_is_named(e, n.assignment);
        break;
    case ACD_EVENT_call_connected:
        call_is_named(e, n.call);
        agent_is_named(e, n.agent);
        assignment_is_named(e, n.assignment);
        break;
    default: break;
    }
}

void acd_fetch_frame(const struct acd_engine *e, const struct acd_frame *frame, bool next)
{
    size_t at = 0;

    for (uint32_t i = 0; i < frame->count; i++) {
        struct named n = {.call = {0, 0}};
        uint16_t code;
        int size = acd_record_peek(frame->bytes + at, frame->len - at, &code);

        if (size < 0 || code == ACD_EVENT_request_done)
            return; /* with which a frame ends */
        if ((size_t)size >= ACD_RECORD_HEADER + sizeof n)
            memcpy(&n, frame->bytes + at + ACD_RECORD_HEADER, sizeof n);
        if (next) {
            if (code == ACD_EVENT_call_ended)
                call_is_about_to_end(e, n.call);
            return; /* all else was fetched before */
        }
        event_fetch(e, code, n);
        at += (size_t)size;
    }
}
