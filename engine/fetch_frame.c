#include "engine/engine.h"

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
    if (agent.slot < e->config.limits.agents)
        fetch(&e->agents[agent.slot]);
}

static void assignment_is_named(const struct acd_engine *e, acd_assignment_id assignment)
{
    if (assignment.slot < e->config.limits.assignments)
        fetch(&e->assignments[assignment.slot]);
}

/* The call itself was fetched before. */
static void call_is_about_to_end(const struct acd_engine *e, acd_call_id call)
{
    const struct call *c;

    if (call.slot >= e->config.limits.calls)
        return;
    c = &e->calls[call.slot];
    index_fetch(&e->call_keys, c->name_key.hash);
    if (c->agent == NONE)
        return;
    fetch(&e->agents[c->agent]);
    fetch(&e->agent_cards[c->agent]);
    fetch(&e->assignments[c->assignment]);
}

static void event_fetch(const struct acd_engine *e, const struct acd_event *event, bool next)
{
    switch (event->code) {
    case ACD_EVENT_call_queued: call_is_named(e, event->as.call_queued.call); break;
    case ACD_EVENT_call_offered:
        agent_is_named(e, event->as.call_offered.agent);
        assignment_is_named(e, event->as.call_offered.assignment);
        break;
    case ACD_EVENT_call_connected:
        call_is_named(e, event->as.call_connected.call);
        agent_is_named(e, event->as.call_connected.agent);
        assignment_is_named(e, event->as.call_connected.assignment);
        break;
    case ACD_EVENT_call_ended:
        if (next)
            call_is_about_to_end(e, event->as.call_ended.call);
        else
            call_is_named(e, event->as.call_ended.call);
        break;
    default: break;
    }
}

void acd_fetch_frame(const struct acd_engine *e, const struct acd_frame *frame, bool next)
{
    size_t at = 0;

    for (uint32_t i = 0; i < frame->count; i++) {
        struct acd_event event;
        uint16_t code;
        int size = acd_record_peek(frame->bytes + at, frame->len - at, &code);

        if (size < 0 || code == ACD_EVENT_request_done)
            return; /* with which a frame ends */
        if (acd_event_decode(frame->bytes + at, frame->len - at, &event) >= 0)
            event_fetch(e, &event, next);
        at += (size_t)size;
    }
}
