#include "engine/check.h"

#include "engine/callbacks.h"
#include "engine/decide.h"
#include "engine/lines.h"
#include "engine/ready.h"
#include "engine/resume.h"
#include "engine/ring.h"

/* Calls, their assignments, steps and places, and where those were who have left. */

/* A call's assignments, each in the role of its state. */
static const char *check_call_chain(const struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];
    uint32_t count = 0;

    for (uint32_t s = c->assignment; s != NONE; s = call_assignment_after(e, s), count++) {
        CHECK(count <= e->config.limits.assignments);
        CHECK(e->assignments[s].gen != 0);
        CHECK(e->assignments[s].call == call);
    }
    CHECK((count == 0) ==
          (c->state == ACD_QUEUED || c->state == ACD_SCHEDULED || c->state == ACD_STRANDED));
    CHECK((count > 1) == c->several);
    CHECK(!c->asks_out || (count == 1 && c->state == ACD_CONNECTED &&
                           e->assignments[c->assignment].role == ACD_ROLE_HELD));
    CHECK(c->state != ACD_CONNECTED || count == 1 ||
          (count == 2 && e->assignments[c->assignment].role == ACD_ROLE_HELD));
    CHECK(c->agent == (count == 0 ? NONE : e->assignments[c->assignment].agent));
    CHECK(count == 0 ||
          (e->call_leads[call].assignment == c->assignment &&
           e->call_leads[call].agent == c->agent && e->call_leads[call].hash == c->name_key.hash));
    return NULL;
}

static const char *check_call_step(const struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];
    const struct call_card *card = &e->call_cards[call];
    const struct plan *p = &e->plans[card->plan == NONE ? 0 : card->plan];
    bool passes = c->kept || (card->plan != NONE && card->step + 1 < p->count);

    CHECK(order_has(STEPS(e), call) == (c->state == ACD_QUEUED && passes));
    if (c->kept) {
        CHECK(c->state != ACD_CONNECTED);
        CHECK(c->line == line_of_agent(e, c->queue, e->call_turns[call].prefer));
        CHECK(card->plan == NONE || (p->queue == c->queue && card->step < p->count));
        return NULL;
    }
    if (card->plan == NONE) {
        CHECK(c->line == c->queue);
        return NULL;
    }
    CHECK(p->queue == c->queue);
    CHECK(card->step < p->count);
    CHECK(c->line == p->lines[card->step]);
    CHECK(e->lines[c->line].passes == passes);
    return NULL;
}

/* A callback that is not over is found by its number, unless it rings or an older one is. */
static const char *check_callback(const struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];
    const struct callback *b = &e->callbacks[call];
    uint32_t found;

    CHECK(order_has(DUES(e), call) == (c->state == ACD_SCHEDULED));
    CHECK(c->callback || (c->state != ACD_SCHEDULED && c->state != ACD_DIALING));
    if (!c->callback || c->state == ACD_CONNECTED)
        return NULL;
    CHECK(b->attempts > 0 && b->number.len > 0 && !c->announces && !c->kept);
    CHECK(c->state == ACD_SCHEDULED || c->until == b->expires || c->ring == RING_GROWS);
    if (c->state == ACD_OFFERED || c->state == ACD_DIALING)
        return NULL;
    found = callback_find(e, c->queue, TEXT_STR(b->number));
    CHECK(found != NONE && e->calls[found].sequence <= c->sequence);
    return NULL;
}

/* A call that has a max_wait of its own waits no longer than that, wherever it goes. */
static const char *check_own_wait(const struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];
    const struct call_turn *turn = &e->call_turns[call];
    acd_time until = c->ring == RING_GROWS ? turn->until : c->until;

    if (!c->hurries)
        return NULL;
    CHECK(!c->callback);
    CHECK(turn->own_until > c->enqueued_at);
    CHECK(until != 0 && until <= turn->own_until);
    return NULL;
}

static const char *check_call(const struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];
    acd_client_id gateway = client_id(e, c->gateway);

    CHECK(c->gen != 0);
    CHECK(slots_has(&e->call_slots, call));
    CHECK(call_key_find(e, gateway, call_key(&e->call_cards[call]), c->name_key.hash).call == call);
    CHECK(order_has(ANNOUNCED(e), call) ==
          (c->announces && c->state == ACD_QUEUED && e->announcements[call].at != 0));
    CHECK_ALL(check_call_step(e, call));
    CHECK(order_has(WAITS(e), call) ==
          ((c->state == ACD_QUEUED || c->state == ACD_STRANDED || c->ring != RING_NOT) &&
           c->until != 0));
    CHECK(c->ring == RING_NOT || c->state == ACD_OFFERED);
    CHECK(c->ring != RING_ASKS || ring_count(e, call) < RING_MAX);
    CHECK(c->gateway == NONE || gateway.gen != 0);
    CHECK_ALL(check_callback(e, call));
    CHECK_ALL(check_own_wait(e, call));
    if (c->state == ACD_STRANDED)
        CHECK(c->gateway != NONE && c->sequence < e->clients[c->gateway].since);
    return check_call_chain(e, call);
}

const char *check_calls(const struct acd_engine *e)
{
    uint32_t count = 0, states[8] = {0}, connected = 0, of_queues = 0;
    uint32_t callbacks = 0, scheduled = 0, listed = 0;

    for (uint32_t c = e->live.first; c != LIST_NONE; c = e->live_links[c].next, count++) {
        CHECK_ALL(check_call(e, c));
        states[e->calls[c].state]++;
        connected += e->calls[c].state == ACD_CONNECTED;
        callbacks += e->calls[c].callback && e->calls[c].state != ACD_CONNECTED;
        scheduled += e->calls[c].state == ACD_SCHEDULED;
    }
    for (uint32_t q = slots_next(&e->queue_slots, 0); q != SLOT_NONE;
         q = slots_next(&e->queue_slots, q + 1))
        of_queues += e->queues[q].connected, listed += e->queues[q].scheduled.count;
    CHECK(connected == of_queues);
    CHECK(callbacks == e->callback_numbers.count);
    CHECK(scheduled == listed);
    CHECK(count == e->live.count);
    CHECK(count == e->call_slots.count);
    CHECK(memcmp(states, e->states, sizeof states) == 0);
    return NULL;
}

/* Remembered places are found by queue and caller, no two under the same. */
const char *check_abandoned(const struct acd_engine *e)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < e->config.limits.ended_calls; i++) {
        const struct abandoned *a = &e->abandoned[i];

        if (a->queue.gen == 0)
            continue;
        CHECK(abandoned_find(e, a->queue, TEXT_STR(a->caller)) == i);
        count++;
    }
    CHECK(count == e->abandoned_callers.count);
    return NULL;
}
