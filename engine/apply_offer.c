#include "engine/alerts.h"
#include "engine/intervals.h"
#include "engine/lines.h"
#include "engine/outbox.h"
#include "engine/plans.h"
#include "engine/ready.h"
#include "engine/ring.h"
#include "engine/tally.h"

/* What becomes of offers: made, ended, or answered. */

void sums_offer(struct acd_engine *e, uint32_t queue, uint32_t agent)
{
    BUMP(tally_of(e, queue), offers, 1);
    agent_counted(e, agent)->offers++;
}

void apply_call_offered(struct acd_engine *e, const struct acd_event_call_offered *v)
{
    uint32_t call = call_of(e, v->call), agent = agent_of(e, v->agent);
    struct call *c = &e->calls[call];

    if (c->state == ACD_QUEUED) {
        call_unwait(e, call);
        e->queues[c->queue].ringing++;
    }
    call_state_set(e, c, ACD_OFFERED);
    c->offers++;
    assignment_offer(e, v->assignment, call, agent, queue_id(e, c->queue),
                     e->lines[c->line].channel, v->until);
    if (e->lines[c->line].ready.strategy != ACD_LONGEST_IDLE_AGENT)
        ready_note_offer(e, c->line, call, agent);
    if (c->ring != RING_NOT)
        ring_offered(e, call, agent);
    agent_derive(e, agent, false);
    sums_offer(e, c->queue, agent);
    if (!v->told)
        outbox_tell(e, call,
                    (struct acd_view_notice){.kind = ACD_NOTICE_OFFERED,
                                             .assignment = v->assignment,
                                             .agent = v->agent,
                                             .until = v->until});
}

/* The agent is kept from offers for a while; of two delays the later holds. */
static void agent_delay(struct acd_engine *e, uint32_t agent, acd_time until)
{
    struct agent *a = &e->agents[agent];
    struct agent_card *card = &e->agent_cards[agent];

    if (until == 0 || (agent_is_delayed(a) && until <= card->delay_until))
        return;
    if (agent_is_delayed(a))
        order_remove(&e->delays, DELAYS(e), agent);
    a->kept |= KEPT_DELAYED;
    card->delay_until = until;
    card->delay_sequence = e->sequence;
    delay_arm(e, agent);
}

static bool is_agents_fault(uint8_t result)
{
    return result == ACD_OFFER_REJECTED || result == ACD_OFFER_BUSY ||
           result == ACD_OFFER_NO_ANSWER;
}

/* Frees an offer's assignment; the agent is derived by the caller. */
static void offer_free(struct acd_engine *e, uint32_t slot)
{
    struct assignment *s = &e->assignments[slot];

    ACD_ASSERT(s->role == ACD_ROLE_OFFERED);
    order_remove(&e->leases, LEASES(e), slot);
    chain_remove(&e->agents[s->agent].assignments, AGENT_ASSIGNMENTS(e), slot);
    e->agents[s->agent].offered--;
    call_untie(e, s->call, slot);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    slots_give(&e->assignment_slots, slot);
    s->gen = 0;
}

void apply_offer_ended(struct acd_engine *e, const struct acd_event_offer_ended *v)
{
    uint32_t call = call_of(e, v->call), agent = agent_of(e, v->agent);
    struct call *c = &e->calls[call];
    bool fault = is_agents_fault(v->result);

    if (!v->told)
        outbox_tell(e, call,
                    (struct acd_view_notice){.kind = ACD_NOTICE_OFFER_ENDED,
                                             .assignment = v->assignment,
                                             .agent = v->agent,
                                             .result = v->result});
    offer_free(e, assignment_of(e, v->assignment));
    if (fault)
        agent_touch(e, agent);
    if (v->result == ACD_OFFER_NO_ANSWER) {
        e->agents[agent].no_answers++;
        BUMP(tally_of(e, c->queue), no_answers, 1);
        agent_counted(e, agent)->no_answers++;
    } else if (fault) {
        queue_counted(e, c->queue)->rejected++;
        today_of(e, c->queue)->rejected++;
        agent_counted(e, agent)->rejected++;
    }
    agent_delay(e, agent, v->delay_until);
    if (c->ring != RING_NOT)
        ring_offer_over(e, call, agent);
    if (c->assignment == NONE) {
        e->queues[c->queue].ringing--;
        if (c->carded)
            e->call_cards[call].recall = (acd_agent_id){0, 0};
        call_wait(e, call);
    } else if (c->state == ACD_CONNECTED) {
        agent_consults_derive(e, c->agent);
    }
    agent_derive(e, agent, fault);
}

static void sums_answered(struct acd_engine *e, uint32_t queue, acd_span wait)
{
    bool in_time = wait <= e->queues[queue].set.service_level_threshold;
    struct tally t = tally_of(e, queue);

    tally_waited(t, wait);
    wait_counted(e, queue, true, wait);
    BUMP(t, answered, 1);
    BUMP(t, in_time, in_time);
    BUMP(t, wait_answered, wait);
}

/* One more call of today, or more talk, of an agent. */
void agent_sums(struct acd_engine *e, uint32_t agent, uint32_t calls, acd_span talk)
{
    struct agent *a = &e->agents[agent];
    struct agent_interval *v = agent_counted(e, agent);

    v->answered += calls;
    v->handled += 1 - calls;
    v->talk += talk;
    if (a->day != e->day) {
        a->day = e->day;
        a->calls_today = 0;
        a->talk_today = 0;
    }
    a->calls_today += calls;
    a->talk_today += talk;
}

void apply_call_connected(struct acd_engine *e, const struct acd_event_call_connected *v)
{
    uint32_t call = call_of(e, v->call), slot = assignment_of(e, v->assignment);
    struct call *c = &e->calls[call];
    struct assignment *s = &e->assignments[slot];
    struct queue *q = &e->queues[c->queue];
    struct agent *a = &e->agents[s->agent];
    acd_span wait = span_between(c->arrived_at, v->answered_at);

    ACD_ASSERT(s->role == ACD_ROLE_OFFERED);
    sums_answered(e, c->queue, wait);
    order_remove(&e->leases, LEASES(e), slot);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    if (pace_has_begun(&q->pace)) {
        q->pace.waited += s->since - c->entered_at;
        q->pace.work += v->answered_at - s->since;
    }
    s->role = ACD_ROLE_CONNECTED;
    s->since = e->now;
    s->until = 0;
    list_remove(&q->unanswered, UNANSWERED_CALLS(e), call);
    alerts_note(e, c->queue);
    q->ringing--;
    q->connected++;
    call_state_set(e, c, ACD_CONNECTED);
    c->answered_at = v->answered_at;
    a->offered--;
    a->connected++;
    a->no_answers = 0;
    agent_derive_activity(e, s->agent);
    agent_sums(e, s->agent, 1, 0);
    if (c->ring != RING_NOT)
        ring_won(e, call, s->agent);
    else if (a->capacity > 1 && agent_is_available(e, s->agent))
        ready_resort_agent(e, s->agent);
    if (c->kept)
        call_unkeep(e, call);
}

void call_taken(struct acd_engine *e, uint32_t call, uint32_t slot)
{
    struct call *c = &e->calls[call];
    struct assignment *s = &e->assignments[slot];

    ACD_ASSERT(s->role == ACD_ROLE_CONSULTED);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    mark(e, ACD_TABLE_CALLS, call);
    s->role = ACD_ROLE_CONNECTED;
    s->since = e->now;
    s->queue = queue_id(e, c->queue);
    e->queues[c->queue].connected++;
    c->answered_at = e->now;
    agent_derive_activity(e, s->agent);
    agent_sums(e, s->agent, 1, 0);
    if (e->agents[s->agent].capacity > 1 && agent_is_available(e, s->agent))
        ready_resort_agent(e, s->agent);
    sums_answered(e, c->queue, 0);
}

/* It changes nothing: it says why the offer that follows is another than the rules would make. */
void apply_call_assigned(struct acd_engine *e, const struct acd_event_call_assigned *v)
{
    (void)e;
    (void)v;
}
