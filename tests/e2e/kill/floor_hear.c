#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/kill/ledger.h"

/* What is believed of the floor's calls, by replies and notices, whichever came last. */

void floor_open(struct floor *f)
{
    *f = (struct floor){.calls = calloc(FLOOR_CALLS_MAX, sizeof *f->calls)};
    if (f->calls == NULL)
        check_give_up("floor", "no memory");
}

void floor_close(struct floor *f)
{
    free(f->calls);
}

/* ---- replies ------------------------------------------------------------------------------ */

static void hear_route(struct floor_call *c, const struct acd_view_outcome *o)
{
    c->stage = FLOOR_OVER;
    if (o->verdict == ACD_VERDICT_REFUSED)
        return;
    c->entered = true;
    c->id = o->call;
    c->leg = o->assignment;
    c->stage = o->verdict == ACD_VERDICT_OFFERED ? FLOOR_RINGING : FLOOR_QUEUED;
}

static void hear_accept(struct floor_call *c, const struct asked *a,
                        const struct acd_view_outcome *o)
{
    if (ledger_is(a->assignment, c->asked)) {
        c->stage = FLOOR_CONSULTED;
        return;
    }
    c->leg = a->assignment;
    c->stage = o->verdict == ACD_VERDICT_DIAL ? FLOOR_DIALING : FLOOR_TALKING;
}

/* To a queue or an agent: as routed anew; to a number: it is gone. */
static void hear_transfer(struct floor_call *c, const struct asked *a,
                          const struct acd_view_outcome *o)
{
    if (o->verdict == ACD_VERDICT_REFUSED)
        return;
    c->leg = o->assignment;
    c->stage = a->value == FLOOR_NUMBER            ? FLOOR_OVER
               : o->verdict == ACD_VERDICT_OFFERED ? FLOOR_RINGING
                                                   : FLOOR_QUEUED;
}

static void hear_consult(struct floor_call *c, const struct acd_view_outcome *o)
{
    if (o->verdict == ACD_VERDICT_DIAL)
        c->stage = FLOOR_CALLING;
    if (o->verdict != ACD_VERDICT_OFFERED)
        return;
    c->asked = o->assignment;
    c->stage = FLOOR_ASKING;
}

/* An agent who was asked has the caller; a number does, out of the centre. */
static void hear_complete(struct floor_call *c, const struct acd_view_outcome *o)
{
    c->leg = o->assignment;
    c->stage = o->verdict == ACD_VERDICT_CONNECTED ? FLOOR_TALKING : FLOOR_OVER;
}

/* By hanging up, an agent may have handed the caller over. */
static void hear_hangup(struct floor_call *c, const struct acd_view_outcome *o)
{
    if (o->verdict == ACD_VERDICT_CONNECTED) {
        c->leg = o->assignment;
        c->stage = FLOOR_TALKING;
    } else {
        c->stage = o->repeated ? FLOOR_UNKNOWN : FLOOR_OVER;
    }
}

static void hear_exit(struct floor_call *c, const struct acd_view_outcome *o)
{
    if (o->verdict == ACD_VERDICT_CALLBACK)
        c->stage = FLOOR_SCHEDULED;
    else if (o->overflow != ACD_OVERFLOW_QUEUE)
        c->stage = FLOOR_UNKNOWN; /* over, or in another queue */
}

static void hear_ok(struct floor_call *c, const struct asked *a, const struct acd_view_outcome *o)
{
    switch (a->code) {
    case ACD_COMMAND_accept: hear_accept(c, a, o); return;
    case ACD_COMMAND_reject:
        c->stage = ledger_is(a->assignment, c->asked) ? FLOOR_HELD : FLOOR_QUEUED;
        return;
    case ACD_COMMAND_hold: c->stage = FLOOR_HELD; return;
    case ACD_COMMAND_retrieve: c->stage = FLOOR_TALKING; return;
    case ACD_COMMAND_transfer: hear_transfer(c, a, o); return;
    case ACD_COMMAND_consult: hear_consult(c, o); return;
    case ACD_COMMAND_consult_complete: hear_complete(c, o); return;
    case ACD_COMMAND_consult_result:
        c->stage = a->value == ACD_DIAL_ANSWERED ? FLOOR_REACHED : FLOOR_HELD;
        return;
    case ACD_COMMAND_consult_end:
        c->stage = ledger_is(a->assignment, c->asked) ? FLOOR_HELD : FLOOR_TALKING;
        return;
    case ACD_COMMAND_hangup: hear_hangup(c, o); return;
    case ACD_COMMAND_call_exit: hear_exit(c, o); return;
    case ACD_COMMAND_call_callback: c->stage = FLOOR_SCHEDULED; return;
    case ACD_COMMAND_callback_result:
        c->stage = a->value == ACD_DIAL_ANSWERED ? FLOOR_TALKING : FLOOR_SCHEDULED;
        return;
    default: return;
    }
}

/* What is out of date is refused by one of these, never by anything else. (A callback of a call
 * that an heir has is a new one, which wants more.) */
static bool may_fail(const struct asked *a, int error)
{
    return error == ACD_STATE || error == ACD_GONE || error == ACD_LOST || error == ACD_NOT_FOUND ||
           (error == ACD_MISSING && a->code == ACD_COMMAND_call_callback) ||
           (error == ACD_INVALID &&
            (a->code == ACD_COMMAND_call_move || a->code == ACD_COMMAND_transfer ||
             a->code == ACD_COMMAND_consult));
}

void floor_hear(struct ledger *l, const struct asked *a, const struct acd_view_outcome *o)
{
    struct floor_call *c = &l->floor.calls[a->subject];

    if (!CHECK(o->error == ACD_OK || may_fail(a, o->error)))
        fprintf(stderr, "%s: %s\n", acd_record_of(a->code)->name, acd_error_text(o->error));
    if (a->about != ABOUT_CALL || a->by->index != FLOOR_GATE)
        return;
    c->pending = false;
    if (a->code == ACD_COMMAND_route && o->error == ACD_OK)
        hear_route(c, o);
    else if (o->error == ACD_OK)
        hear_ok(c, a, o);
    else if (a->code == ACD_COMMAND_route || a->code == ACD_COMMAND_hangup)
        c->stage = FLOOR_OVER;
    else
        c->stage = FLOOR_UNKNOWN;
}

/* ---- notices ------------------------------------------------------------------------------ */

static void hear_offer_ended(struct floor_call *c, const struct acd_view_notice *n)
{
    if (ledger_is(n->assignment, c->asked))
        c->stage = FLOOR_HELD;
    else if (ledger_is(n->assignment, c->leg) && c->stage == FLOOR_RINGING)
        c->stage = FLOOR_QUEUED;
}

/* All that an heir does with a call is to end it. */
static void hear_adopted(struct floor *f, const struct acd_view_notice *n, uint32_t index)
{
    if (n->kind == ACD_NOTICE_CALL_ADOPTED && CHECK(f->adopted_count < FLOOR_ADOPTED_MAX))
        f->adopted[f->adopted_count++] = index;
}

/* Notices of a lost gateway are emptied: numbers only grow. */
void floor_notice(struct party *p, const struct acd_view_notice *n)
{
    uint32_t index = ledger_line(&p->ledger->floor, n->key);
    struct floor_call *c = &p->ledger->floor.calls[index];

    CHECK(n->number > p->notices);
    p->notices = n->number;
    if (!CHECK(index < p->ledger->floor.call_count))
        return;
    if (p->index == FLOOR_HEIR) {
        hear_adopted(&p->ledger->floor, n, index);
        return;
    }
    switch (n->kind) {
    case ACD_NOTICE_OFFERED:
        c->leg = n->assignment;
        c->stage = FLOOR_RINGING;
        return;
    case ACD_NOTICE_OFFER_ENDED: hear_offer_ended(c, n); return;
    case ACD_NOTICE_CALL_ENDED: c->stage = FLOOR_OVER; return;
    case ACD_NOTICE_HELD:
    case ACD_NOTICE_CONSULT_ENDED: c->stage = FLOOR_HELD; return;
    case ACD_NOTICE_RETRIEVED: c->stage = FLOOR_TALKING; return;
    case ACD_NOTICE_TRANSFERRED: c->stage = FLOOR_QUEUED; return;
    case ACD_NOTICE_CALLBACK:
    case ACD_NOTICE_DIAL_ENDED: c->stage = FLOOR_SCHEDULED; return;
    case ACD_NOTICE_DIAL:
        c->leg = n->assignment;
        c->stage = FLOOR_DIALING;
        return;
    default: return;
    }
}
