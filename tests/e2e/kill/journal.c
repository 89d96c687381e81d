#include "tests/e2e/kill/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/kill/site.h"

enum { PAGE = 1000, DURABLE_MS = 20000, SLOTS = 4096 }; /* slots: of SITE_LIMITS' calls */

void journal_open(struct journal *j, struct ledger *l)
{
    *j = (struct journal){.ledger = l, .next = 1};
    j->calls = calloc(CALLS_MAX, sizeof *j->calls);
    j->by_slot = calloc(SLOTS, sizeof *j->by_slot);
    j->visits = calloc(JOURNAL_VISITS_MAX, sizeof *j->visits);
    if (j->calls == NULL || j->by_slot == NULL || j->visits == NULL)
        check_give_up("journal", "no memory");
}

void journal_close(struct journal *j)
{
    free(j->calls);
    free(j->by_slot);
    free(j->visits);
}

/* ---- sums --------------------------------------------------------------------------------- */

#define COUNT(j, queue, sum)                                                                       \
    do {                                                                                           \
        (j)->all[queue].sum++;                                                                     \
        (j)->today[queue].sum++;                                                                   \
    } while (0)

/* The queue of a call of the ledger's, whose calls stay in it. */
static uint32_t queue_of(const struct journal *j, const struct book_call *c)
{
    return j->ledger->calls[c - j->calls].queue;
}

static void on_refused(struct journal *j, const struct acd_event_call_refused *e)
{
    uint32_t queue = ledger_queue_named(acd_str(j->roll.queues[e->queue.slot].name));

    if (queue < QUEUES)
        COUNT(j, queue, refused);
}

static void on_day_turned(struct journal *j)
{
    for (int i = 0; i < QUEUES; i++) {
        const struct sums *s = &j->all[i];

        j->carried[i] = s->entered - s->answered - s->abandoned - s->timed_out - s->withdrawn;
        j->today[i] = (struct sums){0};
    }
}

/* ---- calls -------------------------------------------------------------------------------- */

static struct book_call *live_call(struct journal *j, acd_call_id id)
{
    uint32_t index = id.slot < SLOTS ? j->by_slot[id.slot] : 0;
    struct book_call *c = &j->calls[index];

    CHECK(c->state != 0 && c->state != ACD_ENDED && id.gen == (uint32_t)c->queued);
    return c;
}

static void on_queued(struct journal *j, const struct acd_event_call_queued *e, uint64_t sequence)
{
    uint32_t index = ledger_call_keyed(j->ledger, e->key);

    if (!CHECK(e->call.slot < SLOTS))
        return;
    if (ledger_line(&j->ledger->floor, e->key) < FLOOR_CALLS_MAX) {
        j->by_slot[e->call.slot] = JOURNAL_FLOOR;
        return;
    }
    if (!CHECK(index < CALLS_MAX))
        return;
    CHECK(j->calls[index].state == 0); /* it enters once */
    CHECK(e->call.gen == (uint32_t)sequence);
    j->calls[index] = (struct book_call){.state = ACD_QUEUED, .queued = sequence};
    j->by_slot[e->call.slot] = index;
    COUNT(j, queue_of(j, &j->calls[index]), entered);
}

static void on_offered(struct journal *j, const struct acd_event_call_offered *e)
{
    struct book_call *c = live_call(j, e->call);

    CHECK(c->state == ACD_QUEUED);
    c->state = ACD_OFFERED;
    c->assignment = e->assignment;
    COUNT(j, queue_of(j, c), offers);
}

static void on_offer_ended(struct journal *j, const struct acd_event_offer_ended *e)
{
    struct book_call *c = live_call(j, e->call);

    CHECK(c->state == ACD_OFFERED && ledger_is(c->assignment, e->assignment));
    c->state = ACD_QUEUED;
    c->assignment = (acd_assignment_id){0, 0};
    if (e->result == ACD_OFFER_NO_ANSWER)
        COUNT(j, queue_of(j, c), no_answers);
}

static void on_connected(struct journal *j, const struct acd_event_call_connected *e)
{
    struct book_call *c = live_call(j, e->call);

    CHECK(c->state == ACD_OFFERED && ledger_is(c->assignment, e->assignment));
    c->state = ACD_CONNECTED;
    COUNT(j, queue_of(j, c), answered);
}

static void on_ended(struct journal *j, const struct acd_event_call_ended *e)
{
    struct book_call *c = live_call(j, e->call);
    uint32_t queue = queue_of(j, c);

    CHECK((e->disposition == ACD_ANSWERED) == (c->state == ACD_CONNECTED));
    CHECK(c->state != ACD_OFFERED);
    c->state = ACD_ENDED;
    c->disposition = e->disposition;
    switch (e->disposition) {
    case ACD_ABANDONED: COUNT(j, queue, abandoned); return;
    case ACD_TIMED_OUT: COUNT(j, queue, timed_out); return;
    case ACD_WITHDRAWN: COUNT(j, queue, withdrawn); return;
    default: return;
    }
}

/* ---- requests ----------------------------------------------------------------------------- */

static void on_opened(struct journal *j, const struct acd_event_client_opened *e)
{
    for (int i = 0; i < CLIENTS; i++) {
        struct party *p = &j->ledger->parties[i];

        if (strlen(p->name) != e->name.len || memcmp(p->name, e->name.data, e->name.len) != 0)
            continue;
        CHECK(p->id.gen == 0 || memcmp(&p->id, &e->client, sizeof p->id) == 0);
        p->id = e->client;
        return;
    }
    CHECK(ledger_is_guest(e->name)); /* nobody else opens */
}

static bool is_told(const struct acd_event_request_done *told,
                    const struct acd_event_request_done *e)
{
    return told->request == e->request && told->error == e->error && told->field == e->field &&
           told->verdict == e->verdict && told->refusal == e->refusal &&
           told->position == e->position && told->call.slot == e->call.slot &&
           told->call.gen == e->call.gen && ledger_is(told->assignment, e->assignment) &&
           told->agent.slot == e->agent.slot && told->agent.gen == e->agent.gen &&
           told->queue.slot == e->queue.slot && told->queue.gen == e->queue.gen;
}

static void on_done(struct journal *j, const struct acd_event_request_done *e)
{
    struct party *p = NULL;
    struct asked *a;

    for (int i = 0; i < CLIENTS; i++)
        if (memcmp(&j->ledger->parties[i].id, &e->client, sizeof e->client) == 0)
            p = &j->ledger->parties[i];
    CHECK(p != NULL && e->request > 0 && e->request <= p->asked_count); /* nobody else asks */
    if (p == NULL || e->request == 0 || e->request > p->asked_count)
        return;
    a = &p->asked[e->request - 1];
    acts_judge(&j->trace, a, &j->roll);
    CHECK(++a->journaled == 1); /* it is carried out once */
    if (!CHECK(a->answered && is_told(&a->done, e)))
        fprintf(stderr, "%s: request %" PRIu64 " was told otherwise\n", p->name, e->request);
}

/* ---- the floor ---------------------------------------------------------------------------- */

/* Whether an event ends a visit that history is to have: of a callback that waits for its time
 * there is none. */
static bool ends_visit(const struct journal *j, const struct acd_event *e)
{
    bool waits = j->roll.calls[e->as.call_ended.call.slot].state != ACD_SCHEDULED;

    switch (e->code) {
    case ACD_EVENT_call_ended:
    case ACD_EVENT_callback_set: return waits;
    case ACD_EVENT_call_moved:
    case ACD_EVENT_call_transferred:
    case ACD_EVENT_callback_failed: return true;
    case ACD_EVENT_callback_put_off: return e->as.callback_put_off.disposition != 0;
    default: return false;
    }
}

static void note_visit(struct journal *j, const struct acd_event *e, uint64_t sequence)
{
    struct book_visit *v = &j->visits[j->visit_count];

    if (!ends_visit(j, e) || !CHECK(j->visit_count < JOURNAL_VISITS_MAX))
        return;
    *v = (struct book_visit){.sequence = sequence};
    snprintf(v->code, sizeof v->code, "%s", roll_call_code(&j->roll, e->as.call_ended.call));
    j->visit_count++;
}

static int compare_sequences(const void *a, const void *b)
{
    const struct book_visit *x = a, *y = b;

    return (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

static struct book_visit *visit_of(const struct journal *j, uint64_t sequence)
{
    const struct book_visit key = {.sequence = sequence};

    return bsearch(&key, j->visits, j->visit_count, sizeof key, compare_sequences);
}

const struct book_visit *journal_visit(const struct journal *j, uint64_t sequence)
{
    return visit_of(j, sequence);
}

/* Of a call that is over, a code is its visit's. */
static void on_coded(struct journal *j, const struct acd_event_wrap_up_coded *e)
{
    struct book_visit *v = visit_of(j, e->visit);

    if (e->visit != 0 && CHECK(v != NULL))
        roll_text(v->code, e->code);
}

/* ---- the fold ----------------------------------------------------------------------------- */

/* Events of live calls begin with it. */
static bool is_floor(const struct journal *j, const struct acd_event *e)
{
    size_t count;
    const struct acd_field *first = acd_record_of(e->code)->fields(&count);

    return first->type == ACD_FIELD_call_id && e->code != ACD_EVENT_call_queued &&
           j->by_slot[e->as.call_ended.call.slot] == JOURNAL_FLOOR;
}

static void fold(struct journal *j, const struct acd_event *e, uint64_t sequence)
{
    if (is_floor(j, e)) {
        note_visit(j, e, sequence);
        j->adopted += e->code == ACD_EVENT_call_adopted;
        return;
    }
    switch (e->code) {
    case ACD_EVENT_call_queued: on_queued(j, &e->as.call_queued, sequence); return;
    case ACD_EVENT_call_offered: on_offered(j, &e->as.call_offered); return;
    case ACD_EVENT_offer_ended: on_offer_ended(j, &e->as.offer_ended); return;
    case ACD_EVENT_call_connected: on_connected(j, &e->as.call_connected); return;
    case ACD_EVENT_call_ended: on_ended(j, &e->as.call_ended); return;
    case ACD_EVENT_call_refused: on_refused(j, &e->as.call_refused); return;
    case ACD_EVENT_day_turned: on_day_turned(j); return;
    case ACD_EVENT_wrap_up_coded: on_coded(j, &e->as.wrap_up_coded); return;
    case ACD_EVENT_client_opened: on_opened(j, &e->as.client_opened); return;
    case ACD_EVENT_outbox_lost: check_that(false, "an outbox is lost", __FILE__, __LINE__); return;
    default: return;
    }
}

static void on_event(void *ctx, const struct acd_view_published *head,
                     const struct acd_event *event)
{
    struct journal *j = ctx;

    CHECK(head->sequence == j->next && head->epoch == j->ledger->heard.epoch);
    CHECK(head->at >= j->at);
    j->next = head->sequence + 1;
    j->at = head->at;
    j->events++;
    fold(j, event, head->sequence); /* the roll is as before it */
    roll_event(&j->roll, head, event);
    rules_event(&j->rules, &j->roll, event);
    if (event->code == ACD_EVENT_request_done)
        on_done(j, &event->as.request_done);
    else
        acts_event(&j->trace, event);
}

/* All that the journal says of calls is what was told, and the other way round. */
static void compare_calls(const struct journal *j)
{
    acd_assignment_id assignment;
    uint8_t agent;

    for (uint32_t i = 0; i < j->ledger->call_count; i++) {
        const struct told_call *told = &j->ledger->calls[i];
        const struct book_call *c = &j->calls[i];

        if (!CHECK(told->entered == (c->state != 0)) || !told->entered)
            continue;
        CHECK(told->id.gen == (uint32_t)c->queued && told->disposition == c->disposition);
        if (!CHECK(ledger_state(told, &assignment, &agent) == c->state) ||
            (c->state != ACD_ENDED && !CHECK(ledger_is(assignment, c->assignment))))
            fprintf(stderr, "call %" PRIu32 "\n", i);
    }
}

static void compare_requests(const struct ledger *l)
{
    for (int i = 0; i < CLIENTS; i++) {
        const struct party *p = &l->parties[i];

        for (uint32_t n = p->judged; n < p->asked_count; n++)
            if (!CHECK(p->asked[n].journaled == 1))
                fprintf(stderr, "%s: request %" PRIu32 " of code %#x\n", p->name, n + 1,
                        p->asked[n].code);
    }
}

void journal_judge(struct journal *j, struct acd_client *eye, struct acd_position upto)
{
    uint64_t by = check_now_ms() + DURABLE_MS;
    struct acd_view_replayed end;

    while (j->next <= upto.sequence && check_now_ms() < by) {
        uint32_t left =
            upto.sequence + 1 - j->next < PAGE ? (uint32_t)(upto.sequence + 1 - j->next) : PAGE;

        if (!CHECK(acd_client_replay(eye, j->next, left, on_event, j, &end) == ACD_OK) ||
            !CHECK(end.oldest <= j->next))
            return;
        if (end.count == 0)
            check_sleep_ms(2); /* not yet durable */
    }
    CHECK(j->next == upto.sequence + 1);
    roll_count_members(&j->roll);
    rules_killed(&j->rules, &j->roll);
    compare_requests(j->ledger);
    compare_calls(j);
    for (int i = 0; i < CLIENTS; i++)
        j->ledger->parties[i].judged = j->ledger->parties[i].asked_count;
}
