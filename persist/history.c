#include "persist/history.h"

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "persist/crc32c.h"

/* Visits written down.
 *
 * Happy path: an event ends a visit; what its record needs is asked of the follower, which has not
 * applied the event yet; about once a second the records that wait go into the store in one
 * transaction, together with the sequence up to which it now is whole. What is noted of a visit
 * later, by its agent in wrap-up, waits like a visit and changes its row.
 *
 * Failure modes: a kill: what was not written is collected again, since the follower begins at or
 * before the mark, and events up to the mark are passed over. The disk is full: records wait; when
 * they are too many the follower waits, and the ring fills. */

enum { TRIM_ROWS = 256 };

bool history_open(struct history *h)
{
    h->pending = malloc(HISTORY_PENDING_BYTES);
    return heads_open(&h->heads) && intervals_open(&h->intervals) && h->pending != NULL;
}

void history_close(struct history *h)
{
    heads_close(&h->heads);
    intervals_close(&h->intervals);
    free(h->pending);
}

/* ---- noting ------------------------------------------------------------------------------- */

static acd_span span_between(acd_time from, acd_time to)
{
    return to > from ? to - from : 0;
}

/* What the follower knows of a call, as a visit; false of a callback that is not due, which is in
 * none. `row` is where its texts stand. */
static bool visit_of_call(const struct acd_engine *e, acd_call_id id, uint8_t row[ACD_RECORD_MAX],
                          struct acd_view_visit *v, acd_time *arrived_at)
{
    struct acd_view_queue queue = {.name.len = 0};
    struct acd_view_client gateway = {.name.len = 0};
    struct acd_row_call c;
    size_t len = acd_row_write(e, ACD_TABLE_CALLS, id.slot, row);

    if (len == 0 || acd_record_row_call.decode(row, len, &c) < 0 || c.call.gen != id.gen ||
        c.state == ACD_SCHEDULED)
        return false;
    (void)acd_queue_view(e, c.queue, &queue);
    (void)acd_client_view(e, c.gateway, &gateway);
    *arrived_at = c.arrived_at;
    *v = (struct acd_view_visit){
        .call = id,
        .key = c.key,
        .queue_name = queue.name,
        .gateway_name = gateway.name,
        .called = c.called,
        .caller = c.caller,
        .attributes = c.attributes,
        .direction = c.direction,
        .offers = c.offers,
        .enqueued_at = c.enqueued_at,
        .entered_at = c.entered_at,
        .answered_at = c.answered_at,
        .number = c.number,
    };
    return true;
}

/* What an answered visit has of its agent. */
static void visit_talked(const struct acd_engine *e, struct acd_view_visit *v)
{
    struct acd_view_assignment work;
    struct acd_view_call call;

    if (acd_call_view(e, v->call, &call) != ACD_OK)
        return;
    v->agent_name = call.agent_name;
    v->hold = call.hold;
    if (call.held_since != 0)
        v->hold += span_between(call.held_since, v->ended_at);
    v->talk = span_between(v->hold, span_between(v->answered_at, v->ended_at));
    if (acd_assignment_view(e, call.assignment, &work) == ACD_OK)
        v->wrap_up_code = work.wrap_up_code;
}

static void visit_ended(const struct acd_engine *e, const struct acd_event_call_ended *event,
                        acd_time arrived_at, struct acd_view_visit *v)
{
    v->disposition = event->disposition;
    v->side = event->side;
    v->cause = event->cause;
    v->overflow = event->overflow;
    v->overflow_to = event->overflow_to;
    v->ended_at = event->ended_at;
    v->wait = span_between(arrived_at, v->answered_at != 0 ? v->answered_at : v->ended_at);
    if (v->answered_at != 0)
        visit_talked(e, v);
}

/* The agent named passed the call on. */
static void visit_transferred(const struct acd_engine *e,
                              const struct acd_event_call_transferred *event, acd_time arrived_at,
                              struct acd_view_visit *v)
{
    struct acd_view_queue to = {.name.len = 0};
    struct acd_view_agent target = {.name.len = 0};

    (void)acd_queue_view(e, event->to, &to);
    (void)acd_agent_view(e, event->target, &target);
    v->disposition = ACD_ANSWERED;
    v->cause = ACD_CAUSE_TRANSFERRED;
    v->moved_to = target.name.len > 0 ? target.name : to.name;
    v->ended_at = v->at;
    v->wait = span_between(arrived_at, v->answered_at);
    visit_talked(e, v);
}

static void visit_moved(const struct acd_engine *e, const struct acd_event_call_moved *event,
                        acd_time arrived_at, struct acd_view_visit *v)
{
    struct acd_view_queue to = {.name.len = 0};

    (void)acd_queue_view(e, event->to, &to);
    v->disposition = ACD_OVERFLOWED;
    v->moved_to = to.name;
    v->cause = event->cause;
    v->overflow = ACD_OVERFLOW_QUEUE;
    v->ended_at = v->at;
    v->wait = span_between(arrived_at, v->at);
}

/* The caller is to be called back, or was not reached, or later again. */
static void visit_called_back(const struct acd_engine *e, const struct acd_event *event,
                              acd_time arrived_at, struct acd_view_visit *v)
{
    struct acd_view_agent agent = {.name.len = 0};
    struct acd_view_assignment work;

    v->ended_at = v->at;
    v->wait = span_between(arrived_at, v->at);
    if (event->code == ACD_EVENT_callback_set) {
        v->disposition = ACD_CALLBACK;
        v->cause = event->as.callback_set.cause;
        v->number = event->as.callback_set.number;
    } else if (event->code == ACD_EVENT_callback_put_off) {
        v->disposition = event->as.callback_put_off.disposition;
        v->cause = event->as.callback_put_off.cause;
    } else {
        v->disposition = ACD_UNREACHED;
        (void)acd_agent_view(e, event->as.callback_failed.agent, &agent);
        v->agent_name = agent.name;
        if (acd_assignment_view(e, event->as.callback_failed.assignment, &work) == ACD_OK)
            v->wrap_up_code = work.wrap_up_code;
    }
}

/* The call that an event is about. */
static acd_call_id call_of_event(const struct acd_event *event)
{
    switch (event->code) {
    case ACD_EVENT_call_ended: return event->as.call_ended.call;
    case ACD_EVENT_call_moved: return event->as.call_moved.call;
    case ACD_EVENT_callback_set: return event->as.callback_set.call;
    case ACD_EVENT_callback_put_off: return event->as.callback_put_off.call;
    case ACD_EVENT_callback_failed: return event->as.callback_failed.call;
    default: return event->as.call_transferred.call;
    }
}

/* A visit that ends by an event. */
static bool visit_of_event(const struct acd_engine *before, const struct acd_event *event,
                           uint8_t row[ACD_RECORD_MAX], struct acd_view_visit *v)
{
    acd_time at = v->at, arrived_at;
    uint64_t sequence = v->sequence;

    if (!visit_of_call(before, call_of_event(event), row, v, &arrived_at))
        return false;
    v->sequence = sequence;
    v->at = at;
    if (event->code == ACD_EVENT_call_ended)
        visit_ended(before, &event->as.call_ended, arrived_at, v);
    else if (event->code == ACD_EVENT_call_moved)
        visit_moved(before, &event->as.call_moved, arrived_at, v);
    else if (event->code != ACD_EVENT_call_transferred)
        visit_called_back(before, event, arrived_at, v);
    else
        visit_transferred(before, &event->as.call_transferred, arrived_at, v);
    return true;
}

/* What was noted of a visit that is over already: only that, under the visit's sequence. */
static bool visit_noted(const struct acd_event_wrap_up_coded *event, struct acd_view_visit *v)
{
    *v = (struct acd_view_visit){.sequence = event->visit,
                                 .at = v->at,
                                 .wrap_up_code = event->code,
                                 .attributes = event->attributes,
                                 .noted = v->sequence};
    return event->visit != 0;
}

void history_note(struct history *h, const struct acd_engine *before, acd_time at,
                  uint64_t sequence, const uint8_t *bytes, size_t len)
{
    struct acd_view_visit v = {.sequence = sequence, .at = at};
    uint8_t row[ACD_RECORD_MAX];
    struct acd_event event;

    if (sequence <= h->seen || acd_event_decode(bytes, len, &event) < 0)
        return;
    if (intervals_tell(event.code)) {
        intervals_note(&h->intervals, before, at, sequence, &event);
        h->seen = sequence;
        return;
    }
    if (!(event.code == ACD_EVENT_wrap_up_coded ? visit_noted(&event.as.wrap_up_coded, &v)
                                                : visit_of_event(before, &event, row, &v)))
        return;
    ACD_ASSERT(HISTORY_PENDING_BYTES - h->used >= ACD_RECORD_MAX);
    h->used += acd_record_view_visit.encode(&v, h->pending + h->used);
    h->seen = sequence;
}

/* ---- rows and chains -------------------------------------------------------------------------
 */

static struct acd_str chain_name(enum history_chain chain, const struct acd_view_visit *v)
{
    switch (chain) {
    case CHAIN_KEY: return v->key;
    case CHAIN_CALLER: return v->caller;
    case CHAIN_AGENT: return v->agent_name;
    default: return v->queue_name;
    }
}

static uint32_t visit_crc(const struct format_visit *links, const uint8_t *record, size_t len)
{
    return crc32c(crc32c(0, links->previous, sizeof links->previous), record, len);
}

bool visit_read(struct store_bytes value, struct format_visit *links, struct acd_view_visit *out)
{
    const uint8_t *record = (const uint8_t *)value.data + sizeof *links;

    if (value.len < sizeof *links)
        return false;
    memcpy(links, value.data, sizeof *links);
    return links->crc == visit_crc(links, record, value.len - sizeof *links) &&
           acd_record_view_visit.decode(record, value.len - sizeof *links, out) ==
               (int)(value.len - sizeof *links);
}

void visit_apply_note(struct acd_view_visit *v, const struct acd_view_visit *note)
{
    v->noted = note->noted;
    v->wrap_up_code = note->wrap_up_code;
    if (note->attributes.len == 1 && note->attributes.data[0] == '-')
        v->attributes.len = 0;
    else if (note->attributes.len > 0)
        v->attributes = note->attributes;
}

/* ---- writing ------------------------------------------------------------------------------ */

/* A visit to be written. */
struct writing {
    const uint8_t *record;
    size_t len; /* 0: there is none */
    struct acd_view_visit v;
    uint32_t hashes[CHAIN_COUNT];
};

/* The visit that waits at `at`, which moves on. */
static void writing_read(const struct history *h, size_t *at, struct writing *w)
{
    uint16_t code;

    w->len = 0;
    if (*at == h->used)
        return;
    w->record = h->pending + *at;
    w->len = (size_t)acd_record_peek(w->record, h->used - *at, &code);
    if (acd_record_view_visit.decode(w->record, w->len, &w->v) < 0)
        ACD_UNREACHABLE();
    *at += w->len;
    if (w->v.noted != 0)
        return;
    for (enum history_chain c = 0; c < CHAIN_COUNT; c++) {
        struct acd_str name = chain_name(c, &w->v);

        if (name.len == 0)
            continue;
        w->hashes[c] = heads_hash(c, name);
        heads_fetch(&h->heads, c, w->hashes[c]);
    }
}

static int chains_add(struct heads *h, struct store_txn *t, const struct writing *w,
                      struct format_visit *links)
{
    int error = 0;

    for (enum history_chain c = 0; c < CHAIN_COUNT && error == 0; c++) {
        struct acd_str name = chain_name(c, &w->v);

        if (name.len > 0)
            error = heads_move(h, t, c, name, w->hashes[c], w->v.sequence, &links->previous[c]);
    }
    return error;
}

static int visit_add(struct heads *h, struct store_txn *t, const struct writing *w)
{
    struct format_visit links = {.zero = 0};
    uint8_t key[8], value[sizeof links + ACD_RECORD_MAX];
    int error = chains_add(h, t, w, &links);

    if (error != 0)
        return error;
    links.crc = visit_crc(&links, w->record, w->len);
    memcpy(value, &links, sizeof links);
    memcpy(value + sizeof links, w->record, w->len);
    store_be64(key, w->v.sequence);
    return store_append(t, HISTORY_VISITS, (struct store_bytes){key, sizeof key},
                        (struct store_bytes){value, sizeof links + w->len});
}

/* Changes a visit as was noted of it afterwards; one that is not kept any more stays forgotten. */
static int visit_change(struct store_txn *t, const struct writing *w)
{
    uint8_t key[8], old[sizeof(struct format_visit) + ACD_RECORD_MAX], value[sizeof old];
    struct store_bytes found;
    struct format_visit links;
    struct acd_view_visit v;
    size_t len;
    int error;

    store_be64(key, w->v.sequence);
    error = store_get(t, HISTORY_VISITS, (struct store_bytes){key, sizeof key}, &found);
    if (error != 0 || found.len > sizeof old)
        return error == STORE_NOT_FOUND ? 0 : error;
    memcpy(old, found.data, found.len); /* putting may move it */
    if (!visit_read((struct store_bytes){old, found.len}, &links, &v))
        return 0; /* the query that comes to it says so, and verify */
    visit_apply_note(&v, &w->v);
    len = acd_record_view_visit.encode(&v, value + sizeof links);
    links.crc = visit_crc(&links, value + sizeof links, len);
    memcpy(value, &links, sizeof links);
    return store_put(t, HISTORY_VISITS, (struct store_bytes){key, sizeof key},
                     (struct store_bytes){value, sizeof links + len});
}

/* Each is read one before its turn, so that its heads are at hand by then. */
static int visits_add(struct history *h, struct store_txn *t)
{
    struct writing w[2];
    size_t at = 0;
    int error = 0;

    writing_read(h, &at, &w[0]);
    for (unsigned n = 0; error == 0 && w[n % 2].len > 0; n++) {
        writing_read(h, &at, &w[(n + 1) % 2]);
        error =
            w[n % 2].v.noted != 0 ? visit_change(t, &w[n % 2]) : visit_add(&h->heads, t, &w[n % 2]);
    }
    return error;
}

int history_flush(struct history *h, struct store_txn *t, uint64_t upto)
{
    struct format_mark mark = h->mark;
    int error;

    if (!h->flushed)
        heads_forget(&h->heads);
    h->flushed = false;
    mark.sequence = upto;
    error = visits_add(h, t);
    if (error == 0)
        error = heads_write(&h->heads, t);
    if (error == 0)
        error = intervals_flush(&h->intervals, t);
    if (error == 0)
        error = format_mark_put(t, mark);
    h->rows = store_count(t, HISTORY_VISITS);
    return error;
}

void history_flushed(struct history *h, uint64_t upto)
{
    h->flushed = true;
    h->mark.sequence = upto;
    h->seen = upto > h->seen ? upto : h->seen;
    h->used = 0;
    intervals_flushed(&h->intervals);
}

/* ---- forgetting --------------------------------------------------------------------------- */

/* A visit goes; heads that name it would be left for ever by names that are used no more. */
static int heads_let_go(struct store_txn *t, const struct acd_view_visit *v)
{
    int error = 0;

    for (enum history_chain c = 0; c < CHAIN_COUNT && error == 0; c++) {
        uint8_t name[HEADS_KEY_MAX];
        struct store_bytes key = {name, chain_key(c, chain_name(c, v), name)};

        if (key.len > 0 && chain_head(t, key) == v->sequence)
            error = store_delete(t, HISTORY_HEADS, key);
    }
    return error;
}

/* The same of a visit that cannot say its names: all heads are looked at. */
static int heads_let_go_unknown(struct store_txn *t, uint64_t sequence)
{
    uint8_t name[HEADS_KEY_MAX];
    struct store_bytes from = {NULL, 0}, key, value;
    int error = store_at_or_after(t, HISTORY_HEADS, from, &key, &value);

    while (error == 0) {
        bool names_it;

        memcpy(name, key.data, key.len);
        from = (struct store_bytes){name, key.len};
        names_it = chain_head(t, from) == sequence;
        if (names_it)
            error = store_delete(t, HISTORY_HEADS, from);
        if (error == 0 && names_it)
            error = store_at_or_after(t, HISTORY_HEADS, from, &key, &value);
        else if (error == 0)
            error = store_next(t, HISTORY_HEADS, &key, &value);
    }
    return error == STORE_NOT_FOUND ? 0 : error;
}

struct oldest {
    uint8_t row[8];
    bool whole; /* `visit` is its own, else that of the first whole one behind it */
    struct acd_view_visit visit;
    uint8_t value[sizeof(struct format_visit) + ACD_RECORD_MAX]; /* deleting may move it */
};

static bool oldest_read(struct oldest *o, struct store_bytes value)
{
    struct format_visit links;

    if (value.len > sizeof o->value)
        return false;
    memcpy(o->value, value.data, value.len);
    return visit_read((struct store_bytes){o->value, value.len}, &links, &o->visit);
}

/* The oldest visit. A broken one cannot say when it ended, the next whole one can. NOT_FOUND when
 * none does. */
static int oldest_find(struct store_txn *t, struct oldest *o)
{
    struct store_bytes key, value;
    int error = store_at_or_after(t, HISTORY_VISITS, (struct store_bytes){NULL, 0}, &key, &value);

    if (error != 0)
        return error;
    if (key.len != sizeof o->row)
        return store_damaged(t, "its oldest visit's key");
    memcpy(o->row, key.data, sizeof o->row);
    o->whole = oldest_read(o, value);
    for (bool told = o->whole; !told && error == 0;) {
        error = store_next(t, HISTORY_VISITS, &key, &value);
        told = error == 0 && oldest_read(o, value);
    }
    return error;
}

int history_trim(struct history *h, struct store_txn *t, acd_time before, bool *more)
{
    struct oldest o = {.whole = false};
    int error = 0;

    *more = true;
    for (int rows = 0; rows < TRIM_ROWS && *more && error == 0; rows++) {
        error = oldest_find(t, &o);
        *more = error == 0 && o.visit.at < before;
        if (*more)
            error = o.whole ? heads_let_go(t, &o.visit)
                            : heads_let_go_unknown(t, store_from_be64(o.row));
        if (*more && error == 0)
            error = store_delete(t, HISTORY_VISITS, (struct store_bytes){o.row, sizeof o.row});
    }
    h->rows = store_count(t, HISTORY_VISITS);
    return error == STORE_NOT_FOUND ? 0 : error;
}
