/* The twin lets calls ring at many: ring-all and ring-progressively. */

#include "tests/model/twin_parts.h"

enum { RING_MOST = 40 };

static uint32_t offers_of(const struct twin *t, const struct twin_call *c)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < t->limits.assignments; i++)
        count += t->assignments[i].id.gen != 0 && twin_call(t, t->assignments[i].call) == c;
    return count;
}

bool twin_rung(const struct twin *t, const struct twin_agent *a)
{
    for (uint32_t i = 0; i < t->limits.assignments; i++) {
        const struct twin_assignment *s = &t->assignments[i];

        if (s->id.gen != 0 && s->role == ACD_ROLE_OFFERED && twin_same_agent(s->agent, a->id) &&
            twin_call(t, s->call)->ring)
            return !twin_wrong(t, TWIN_FAULT_RUNG_TAKES_MORE);
    }
    return false;
}

bool twin_wants(const struct twin_call *c)
{
    return c->id.gen != 0 && (c->state == ACD_QUEUED || c->asks);
}

/* ---- events ------------------------------------------------------------------------------- */

static void begin(struct twin_call *c)
{
    c->ring = true;
    c->grows_at = 0;
    c->asks = false;
}

static void say_asks(struct twin *t, struct twin_call *c)
{
    struct acd_event_ring_asks event = {.call = c->id};

    twin_append(t, ACD_EVENT_ring_asks, &event);
    begin(c);
    if (offers_of(t, c) < RING_MOST) {
        c->asks = true;
        twin_note_call(t, c);
    }
}

static void say_pauses(struct twin *t, struct twin_call *c, acd_time until)
{
    struct acd_event_ring_pauses event = {.call = c->id, .until = until};
    uint64_t sequence = twin_append(t, ACD_EVENT_ring_pauses, &event);

    begin(c);
    c->grows_at = until;
    c->grows_sequence = sequence;
}

/* ---- what happens ------------------------------------------------------------------------- */

void twin_ring_offered(struct twin *t, struct twin_call *c)
{
    const struct twin_queue *q = twin_queue(t, c->queue);
    acd_span delay = q->set.ring_progressively_delay;

    if (q->set.strategy == ACD_RING_ALL && !c->ring)
        say_asks(t, c);
    if (q->set.strategy != ACD_RING_PROGRESSIVELY || offers_of(t, c) >= RING_MOST)
        return;
    if (twin_wrong(t, TWIN_FAULT_RING_GROWS_LATE))
        delay *= 2;
    say_pauses(t, c, t->now + delay);
}

void twin_ring_counted(struct twin *t, struct twin_call *c)
{
    if (offers_of(t, c) >= RING_MOST)
        c->asks = false;
}

void twin_ring_shrunk(struct twin *t, struct twin_call *c)
{
    if (c->ring && offers_of(t, c) == RING_MOST - 1 && !c->asks) {
        c->asks = true;
        twin_note_call(t, c);
    }
}

void twin_ring_over(struct twin_call *c)
{
    c->ring = false;
    c->asks = false;
    c->grows_at = 0;
}

void twin_ring_grow(struct twin *t, struct twin_call *c)
{
    say_asks(t, c);
}

bool twin_ring_deadline(const struct twin_call *c, acd_time *at, uint64_t *sequence)
{
    bool grows = c->grows_at != 0 && (c->until == 0 || c->grows_at < c->until);

    *at = grows ? c->grows_at : c->until != 0 ? c->until : ACD_FOREVER;
    *sequence = grows ? c->grows_sequence : c->until_sequence;
    return grows;
}

void twin_ring_won(struct twin *t, const struct twin_call *c, struct twin_assignment *winner)
{
    struct twin_assignment *s;
    uint64_t after = 0;

    while ((s = twin_of_call(t, c, after)) != NULL) {
        after = s->sequence;
        if (s != winner)
            say_offer_ended(t, s,
                            twin_wrong(t, TWIN_FAULT_LOSERS_RESCINDED)
                                ? ACD_OFFER_RESCINDED
                                : ACD_OFFER_ANSWERED_ELSEWHERE,
                            0, false);
    }
}
