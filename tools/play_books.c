#include "tools/play_player.h"

/* The books: what became of every call, by what the gateway was told, in the terms of
 * ACD_SUMS_FIELDS. The times are ours where we said when it happened, the engine's where it did. */

void sums_add(struct sums *to, const struct sums *from)
{
    acd_span wait_max = to->wait_max > from->wait_max ? to->wait_max : from->wait_max;

#define F(type, name, doc) to->name += from->name;
    ACD_SUMS_FIELDS
#undef F
    to->wait_max = wait_max;
}

void sums_take(struct sums *to, const struct acd_view_totals *from)
{
#define F(type, name, doc) to->name = from->name;
    ACD_SUMS_FIELDS
#undef F
}

static struct book *book_of(struct player *p, uint32_t call)
{
    return &p->books[p->callers[call].queue];
}

static void stage_must_be(struct player *p, uint32_t call, enum stage stage, const char *fact)
{
    if (p->callers[call].stage != stage)
        player_violation(p, "call %u: %s in stage %d", call, fact, (int)p->callers[call].stage);
}

/* A wait is over; returns how long it was. */
static acd_span wait_over(struct player *p, uint32_t call, acd_time at)
{
    struct sums *sums = &book_of(p, call)->sums;
    acd_span wait = at - p->callers[call].arrived;

    wait = wait < 0 ? 0 : wait;
    if (wait > sums->wait_max)
        sums->wait_max = wait;
    return wait;
}

static void call_over(struct player *p, uint32_t call)
{
    p->callers[call].stage = STAGE_OVER;
    p->over++;
}

void book_entered(struct player *p, uint32_t call)
{
    struct book *b = book_of(p, call);

    stage_must_be(p, call, STAGE_COMING, "entered");
    p->callers[call].stage = STAGE_QUEUED;
    p->callers[call].arrived = p->origin + p->day->calls[call].at;
    b->arrived++;
    b->waiting++;
    b->sums.entered++;
}

void book_refused(struct player *p, uint32_t call, uint8_t refusal)
{
    struct book *b = book_of(p, call);

    stage_must_be(p, call, STAGE_COMING, "refused");
    b->arrived++;
    b->sums.refused++;
    p->tally.refusals[refusal < 4 ? refusal : 0]++;
    call_over(p, call);
}

void book_offered(struct player *p, uint32_t call, acd_assignment_id assignment, uint32_t agent)
{
    struct caller *c = &p->callers[call];
    struct book *b = book_of(p, call);

    stage_must_be(p, call, STAGE_QUEUED, "offered");
    c->stage = STAGE_RINGING;
    c->assignment = assignment;
    c->agent = agent;
    c->offers++;
    b->ringing++;
    b->sums.offers++;
    p->desks[agent].ringing++;
    p->desks[agent].rings++;
}

/* The call rings no more; it waits, or it is on its way out. */
static void ring_over(struct player *p, uint32_t call, uint8_t result)
{
    struct caller *c = &p->callers[call];

    c->stage = STAGE_QUEUED;
    book_of(p, call)->ringing--;
    p->desks[c->agent].ringing--;
    p->tally.offer_results[result < 7 ? result : 0]++;
}

void book_offer_ended(struct player *p, uint32_t call, uint8_t result)
{
    struct desk *d = &p->desks[p->callers[call].agent];

    stage_must_be(p, call, STAGE_RINGING, "offer ended");
    if (p->callers[call].stage != STAGE_RINGING)
        return;
    ring_over(p, call, result);
    d->rejections += result == ACD_OFFER_REJECTED;
    d->busy += result == ACD_OFFER_BUSY;
    if (result == ACD_OFFER_NO_ANSWER) {
        d->no_answers++;
        book_of(p, call)->sums.no_answers++;
    }
}

void book_connected(struct player *p, uint32_t call, acd_time at)
{
    struct caller *c = &p->callers[call];
    struct book *b = book_of(p, call);
    acd_span wait = wait_over(p, call, at);

    stage_must_be(p, call, STAGE_RINGING, "connected");
    if (c->stage != STAGE_RINGING)
        return;
    ring_over(p, call, ACD_OFFER_ACCEPTED);
    c->stage = STAGE_TALKING;
    c->was_answered = true;
    c->answered = at;
    b->waiting--;
    b->talking++;
    b->sums.answered++;
    b->sums.wait_answered += wait;
    b->sums.in_time += wait <= p->day->queues[c->queue].set.service_level_threshold;
    p->desks[c->agent].talking++;
    p->desks[c->agent].calls++;
}

static void talk_over(struct player *p, uint32_t call, acd_time at)
{
    struct caller *c = &p->callers[call];
    struct book *b = book_of(p, call);
    acd_span talk = at - c->answered;

    b->talking--;
    b->sums.talk += talk;
    if (p->day->calls[call].recorded) {
        b->recorded++;
        b->recorded_talk += talk;
    }
    p->desks[c->agent].talking--;
    p->desks[c->agent].talk += talk;
}

void book_ended(struct player *p, uint32_t call, uint8_t disposition, acd_time at)
{
    struct book *b = book_of(p, call);

    if (p->callers[call].stage == STAGE_RINGING)
        ring_over(p, call,
                  disposition == ACD_ABANDONED ? ACD_OFFER_CALLER_GONE : ACD_OFFER_RESCINDED);
    if (disposition == ACD_ANSWERED) {
        stage_must_be(p, call, STAGE_TALKING, "talk ended");
        talk_over(p, call, at);
    } else {
        acd_span wait = wait_over(p, call, at);

        stage_must_be(p, call, STAGE_QUEUED, "visit ended");
        b->waiting--;
        b->sums.abandoned += disposition == ACD_ABANDONED;
        b->sums.wait_abandoned += disposition == ACD_ABANDONED ? wait : 0;
        b->sums.timed_out += disposition == ACD_TIMED_OUT;
        b->sums.withdrawn += disposition == ACD_WITHDRAWN;
        b->sums.left_empty += disposition == ACD_LEFT_EMPTY;
        b->sums.exited += disposition == ACD_EXITED;
        b->sums.lost += disposition == ACD_CALL_LOST;
    }
    call_over(p, call);
}

void book_moved(struct player *p, uint32_t call, uint32_t queue, acd_time at)
{
    struct book *b = book_of(p, call);

    stage_must_be(p, call, STAGE_QUEUED, "moved");
    wait_over(p, call, at);
    b->waiting--;
    b->sums.overflowed++;
    p->callers[call].queue = queue;
    p->callers[call].arrived = at;
    b = book_of(p, call);
    b->waiting++;
    b->moved_in++;
    b->sums.entered++;
}
