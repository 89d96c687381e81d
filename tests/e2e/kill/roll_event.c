#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/kill/roll.h"

/* Each event once more, as PROTOCOL.md words it. */

static struct roll_call *call_of(struct roll *r, acd_call_id id)
{
    struct roll_call *c = &r->calls[id.slot];

    CHECK(c->gen == id.gen);
    return c;
}

static struct roll_assignment *assignment_of(struct roll *r, acd_assignment_id id)
{
    struct roll_assignment *a = &r->assignments[id.slot];

    CHECK(a->gen == id.gen);
    return a;
}

static struct roll_agent *agent_of(struct roll *r, acd_agent_id id)
{
    struct roll_agent *a = &r->agents[id.slot];

    CHECK(a->gen == id.gen);
    return a;
}

/* ---- assignments -------------------------------------------------------------------------- */

static void assign(struct roll *r, acd_assignment_id id, struct roll_assignment row)
{
    CHECK(r->assignments[id.slot].gen == 0);
    row.gen = id.gen;
    r->assignments[id.slot] = row;
}

static void ring(struct roll *r, acd_assignment_id id, acd_agent_id agent, acd_call_id call,
                 acd_queue_id queue)
{
    assign(r, id,
           (struct roll_assignment){.agent = agent.slot,
                                    .call_slot = call.slot,
                                    .call_gen = call.gen,
                                    .queue = queue,
                                    .role = ACD_ROLE_OFFERED,
                                    .channel = r->queues[queue.slot].channel});
}

static void free_assignment(struct roll *r, acd_assignment_id id)
{
    *assignment_of(r, id) = (struct roll_assignment){.gen = 0};
}

/* The call is over for its agent. */
static void wrap_up(struct roll *r, acd_assignment_id id, acd_time until)
{
    struct roll_assignment *a = assignment_of(r, id);

    a->role = ACD_ROLE_WRAP_UP;
    a->call_slot = a->call_gen = 0;
    a->visit = r->sequence;
    if (until == 0)
        roll_work_over(r, id);
}

static bool is_of(const struct roll_assignment *a, acd_call_id call)
{
    return a->gen != 0 && a->call_gen == call.gen && a->call_slot == call.slot;
}

static bool rings(const struct roll *r, acd_call_id call)
{
    for (uint32_t i = 0; i < ROLL_ASSIGNMENTS; i++)
        if (is_of(&r->assignments[i], call) && r->assignments[i].role == ACD_ROLE_OFFERED)
            return true;
    return false;
}

/* ---- calls -------------------------------------------------------------------------------- */

static void on_queued(struct roll *r, const struct acd_event_call_queued *e)
{
    struct roll_call *c = &r->calls[e->call.slot];

    CHECK(c->gen == 0);
    *c = (struct roll_call){.gen = e->call.gen,
                            .queue = e->queue.slot,
                            .gateway = e->gateway.slot,
                            .head_start = e->head_start,
                            .step = e->step,
                            .state = ACD_QUEUED};
    roll_text(c->attributes, e->attributes);
}

static void on_offered(struct roll *r, const struct acd_event_call_offered *e)
{
    struct roll_call *c = call_of(r, e->call);

    ring(r, e->assignment, e->agent, e->call, (acd_queue_id){c->queue, r->queues[c->queue].gen});
    c->state = ACD_OFFERED;
}

/* The last one of a call that nobody has; what rang for who asks leaves the call where it is. */
static void on_offer_ended(struct roll *r, const struct acd_event_offer_ended *e)
{
    struct roll_call *c = call_of(r, e->call);

    free_assignment(r, e->assignment);
    if (c->state == ACD_OFFERED && !rings(r, e->call))
        c->state = ACD_QUEUED;
}

static void on_connected(struct roll *r, const struct acd_event_call_connected *e)
{
    assignment_of(r, e->assignment)->role = ACD_ROLE_CONNECTED;
    call_of(r, e->call)->state = ACD_CONNECTED;
}

static void on_ended(struct roll *r, const struct acd_event_call_ended *e)
{
    for (uint32_t i = 0; i < ROLL_ASSIGNMENTS; i++) {
        struct roll_assignment *a = &r->assignments[i];

        if (!is_of(a, e->call))
            continue;
        CHECK(a->role == ACD_ROLE_CONNECTED || a->role == ACD_ROLE_HELD);
        wrap_up(r, (acd_assignment_id){i, a->gen}, e->wrap_up_until);
    }
    call_of(r, e->call)->gen = 0;
}

static void on_transferred(struct roll *r, const struct acd_event_call_transferred *e)
{
    struct roll_call *c = call_of(r, e->call);

    wrap_up(r, e->assignment, e->wrap_up_until);
    c->queue = e->to.slot;
    c->step = e->step;
    c->state = ACD_QUEUED;
    if (e->next.gen != 0) {
        assignment_of(r, e->next)->role = ACD_ROLE_CONNECTED;
        assignment_of(r, e->next)->queue = e->to;
        c->state = ACD_CONNECTED;
    }
}

static void on_callback_set(struct roll *r, const struct acd_event_callback_set *e)
{
    struct roll_call *c = call_of(r, e->call);

    c->state = ACD_SCHEDULED;
    c->queue = e->queue.slot;
}

static void on_callback_due(struct roll *r, const struct acd_event_callback_due *e)
{
    struct roll_call *c = call_of(r, e->call);

    CHECK(c->state == ACD_SCHEDULED && c->queue == e->queue.slot);
    c->state = ACD_QUEUED;
    c->step = e->step;
}

static void on_dialing(struct roll *r, const struct acd_event_callback_dialing *e)
{
    assignment_of(r, e->assignment)->role = ACD_ROLE_DIALING;
    call_of(r, e->call)->state = ACD_DIALING;
}

static void on_reached(struct roll *r, const struct acd_event_callback_reached *e)
{
    assignment_of(r, e->assignment)->role = ACD_ROLE_OFFERED;
    call_of(r, e->call)->state = ACD_OFFERED;
}

static void on_failed(struct roll *r, const struct acd_event_callback_failed *e)
{
    free_assignment(r, e->assignment);
    call_of(r, e->call)->state = ACD_SCHEDULED;
}

static void on_adopted(struct roll *r, const struct acd_event_call_adopted *e)
{
    struct roll_call *c = call_of(r, e->call);

    c->gateway = e->gateway.slot;
    if (c->state == ACD_STRANDED)
        c->state = ACD_QUEUED;
}

static void on_held(struct roll *r, const struct acd_event_call_held *e)
{
    assignment_of(r, e->assignment)->role = e->held == ACD_YES ? ACD_ROLE_HELD : ACD_ROLE_CONNECTED;
}

static void on_moved(struct roll *r, const struct acd_event_call_moved *e)
{
    struct roll_call *c = call_of(r, e->call);

    c->queue = e->to.slot;
    c->step = e->step;
}

/* False: it is about something else. */
static bool call_event(struct roll *r, const struct acd_event *e)
{
    switch (e->code) {
    case ACD_EVENT_call_queued: on_queued(r, &e->as.call_queued); break;
    case ACD_EVENT_call_offered: on_offered(r, &e->as.call_offered); break;
    case ACD_EVENT_offer_ended: on_offer_ended(r, &e->as.offer_ended); break;
    case ACD_EVENT_call_connected: on_connected(r, &e->as.call_connected); break;
    case ACD_EVENT_call_ended: on_ended(r, &e->as.call_ended); break;
    case ACD_EVENT_call_moved: on_moved(r, &e->as.call_moved); break;
    case ACD_EVENT_call_stepped:
        call_of(r, e->as.call_stepped.call)->step = e->as.call_stepped.step;
        break;
    case ACD_EVENT_call_transferred: on_transferred(r, &e->as.call_transferred); break;
    case ACD_EVENT_callback_set: on_callback_set(r, &e->as.callback_set); break;
    case ACD_EVENT_callback_due: on_callback_due(r, &e->as.callback_due); break;
    case ACD_EVENT_callback_put_off:
        call_of(r, e->as.callback_put_off.call)->state = ACD_SCHEDULED;
        break;
    case ACD_EVENT_callback_dialing: on_dialing(r, &e->as.callback_dialing); break;
    case ACD_EVENT_callback_reached: on_reached(r, &e->as.callback_reached); break;
    case ACD_EVENT_callback_failed: on_failed(r, &e->as.callback_failed); break;
    case ACD_EVENT_call_stranded: call_of(r, e->as.call_stranded.call)->state = ACD_STRANDED; break;
    case ACD_EVENT_call_resumed: call_of(r, e->as.call_resumed.call)->state = ACD_QUEUED; break;
    case ACD_EVENT_call_adopted: on_adopted(r, &e->as.call_adopted); break;
    case ACD_EVENT_call_priority:
        call_of(r, e->as.call_priority.call)->head_start = e->as.call_priority.head_start;
        break;
    case ACD_EVENT_call_set:
        roll_text(call_of(r, e->as.call_set.call)->attributes, e->as.call_set.attributes);
        break;
    case ACD_EVENT_call_held: on_held(r, &e->as.call_held); break;
    default: return false;
    }
    return true;
}

/* ---- agents ------------------------------------------------------------------------------- */

static void on_consult_offered(struct roll *r, const struct acd_event_consult_offered *e)
{
    CHECK(call_of(r, e->call)->state == ACD_CONNECTED);
    ring(r, e->assignment, e->agent, e->call, e->queue);
}

/* One that is known is believed anew. */
static void on_outside_began(struct roll *r, const struct acd_event_outside_began *e)
{
    if (r->assignments[e->assignment.slot].gen != e->assignment.gen)
        assign(r, e->assignment,
               (struct roll_assignment){
                   .agent = e->agent.slot, .role = ACD_ROLE_OUTSIDE, .channel = e->channel});
}

static void on_state(struct roll *r, const struct acd_event_agent_state *e)
{
    struct roll_agent *a = agent_of(r, e->agent);

    a->state = e->state;
    a->drain = 0;
}

static void on_draining(struct roll *r, const struct acd_event_agent_draining *e)
{
    struct roll_agent *a = agent_of(r, e->agent);

    a->state = ACD_NOT_READY;
    a->drain = e->state;
}

static void on_skill(struct roll *r, acd_agent_id agent, struct acd_str skill, uint16_t level)
{
    uint32_t at = roll_skill(skill);

    if (CHECK(at < ROLL_SKILLS))
        agent_of(r, agent)->skills[at] = level;
}

static void on_agent_set(struct roll *r, const struct acd_event_agent_set *e)
{
    struct roll_agent *a = &r->agents[e->agent.slot];

    if (a->gen != e->agent.gen)
        *a = (struct roll_agent){
            .gen = e->agent.gen, .state = ACD_LOGGED_OUT, .device = ACD_DEVICE_AVAILABLE};
    roll_text(a->name, e->name);
    roll_text(a->channels, e->channels);
}

static bool agent_event(struct roll *r, const struct acd_event *e)
{
    switch (e->code) {
    case ACD_EVENT_consult_offered: on_consult_offered(r, &e->as.consult_offered); break;
    case ACD_EVENT_consult_answered:
        assignment_of(r, e->as.consult_answered.assignment)->role = ACD_ROLE_CONSULTED;
        break;
    case ACD_EVENT_consult_ended: free_assignment(r, e->as.consult_ended.assignment); break;
    case ACD_EVENT_wrap_up_ended: roll_work_over(r, e->as.wrap_up_ended.assignment); break;
    case ACD_EVENT_wrap_up_coded: roll_coded(r, &e->as.wrap_up_coded); break;
    case ACD_EVENT_outside_began: on_outside_began(r, &e->as.outside_began); break;
    case ACD_EVENT_outside_ended: free_assignment(r, e->as.outside_ended.assignment); break;
    case ACD_EVENT_agent_set: on_agent_set(r, &e->as.agent_set); break;
    case ACD_EVENT_agent_removed: agent_of(r, e->as.agent_removed.agent)->gen = 0; break;
    case ACD_EVENT_member_set:
        agent_of(r, e->as.member_set.agent)->member[e->as.member_set.queue.slot] = true;
        break;
    case ACD_EVENT_member_removed:
        agent_of(r, e->as.member_removed.agent)->member[e->as.member_removed.queue.slot] = false;
        break;
    case ACD_EVENT_agent_state: on_state(r, &e->as.agent_state); break;
    case ACD_EVENT_agent_draining: on_draining(r, &e->as.agent_draining); break;
    case ACD_EVENT_agent_freed:
        agent_of(r, e->as.agent_freed.agent)->device = ACD_DEVICE_AVAILABLE;
        break;
    case ACD_EVENT_agent_device:
        agent_of(r, e->as.agent_device.agent)->device = e->as.agent_device.device;
        break;
    case ACD_EVENT_skill_set:
        on_skill(r, e->as.skill_set.agent, e->as.skill_set.skill,
                 (uint16_t)(e->as.skill_set.level + 1));
        break;
    case ACD_EVENT_skill_removed:
        on_skill(r, e->as.skill_removed.agent, e->as.skill_removed.skill, 0);
        break;
    default: return false;
    }
    return true;
}

/* ---- the rest ----------------------------------------------------------------------------- */

static void on_queue_set(struct roll *r, const struct acd_event_queue_set *e)
{
    struct roll_queue *q = &r->queues[e->queue.slot];

    *q = (struct roll_queue){
        .gen = e->queue.gen,
        .weight = e->weight,
        .state = e->state,
        .channel = e->channel,
        .code_late = e->wrap_up_code_late,
    };
    roll_text(q->name, e->name);
}

/* Its memberships go with it. */
static void on_queue_removed(struct roll *r, acd_queue_id queue)
{
    r->queues[queue.slot].gen = 0;
    for (uint32_t i = 0; i < ROLL_agents; i++)
        r->agents[i].member[queue.slot] = false;
}

static void on_client_opened(struct roll *r, const struct acd_event_client_opened *e)
{
    struct roll_client *c = &r->clients[e->client.slot];

    *c = (struct roll_client){.gen = e->client.gen};
    roll_text(c->name, e->name);
}

static void other_event(struct roll *r, const struct acd_event *e)
{
    switch (e->code) {
    case ACD_EVENT_queue_set: on_queue_set(r, &e->as.queue_set); return;
    case ACD_EVENT_queue_removing:
        r->queues[e->as.queue_removing.queue.slot].state = ACD_REMOVING;
        return;
    case ACD_EVENT_queue_draining:
        r->queues[e->as.queue_draining.queue.slot].state = ACD_DRAINING;
        return;
    case ACD_EVENT_queue_drained:
        r->queues[e->as.queue_drained.queue.slot].state = ACD_CLOSED;
        return;
    case ACD_EVENT_queue_removed: on_queue_removed(r, e->as.queue_removed.queue); return;
    case ACD_EVENT_client_opened: on_client_opened(r, &e->as.client_opened); return;
    case ACD_EVENT_client_removed: r->clients[e->as.client_removed.client.slot].gen = 0; return;
    case ACD_EVENT_gateway_lost: r->clients[e->as.gateway_lost.client.slot].lost = true; return;
    case ACD_EVENT_config_committed:
        CHECK(e->as.config_committed.version == r->config_version + 1);
        r->config_version = e->as.config_committed.version;
        return;
    default: return;
    }
}

void roll_event(struct roll *r, const struct acd_view_published *head,
                const struct acd_event *event)
{
    r->at = head->at;
    r->sequence = head->sequence;
    if (!call_event(r, event) && !agent_event(r, event))
        other_event(r, event);
}
