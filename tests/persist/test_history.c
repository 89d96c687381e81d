/* History: every visit that is over is there once, is found by each of its names, and is forgotten
 * in time. */

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "persist/format.h"
#include "tests/persist/site.h"

enum { VISITS_MAX = 4000 };

/* What a naive listener writes down: every call_ended and call_moved of the frames, in order. */
struct book {
    uint64_t sequences[VISITS_MAX];
    uint8_t bytes[VISITS_MAX * 600];
    struct acd_view_visit visits[VISITS_MAX];
    size_t count;
};

/* All visits of a query, page by page. */
static size_t find(struct acd_reader *r, struct acd_history_query q, uint64_t *out)
{
    static uint8_t page[64 * ACD_RECORD_MAX];
    uint64_t cursor = 0;
    size_t found = 0;

    do {
        int bytes = acd_history_read(r, &q, &cursor, page, sizeof page);

        cr_assert_geq(bytes, 0, "%s", acd_persist_error(NULL));
        for (int at = 0; at < bytes;) {
            struct acd_view_visit v;
            int size = acd_record_view_visit.decode(page + at, (size_t)(bytes - at), &v);

            cr_assert_gt(size, 0);
            cr_assert_lt(found, VISITS_MAX);
            out[found++] = v.sequence;
            at += size;
        }
    } while (cursor != 0);
    return found;
}

/* Reads all there is, oldest first, to compare with. */
static struct book *book_of(struct acd_reader *r)
{
    struct book *b = calloc(1, sizeof *b);
    uint64_t cursor = 0;
    size_t used = 0;

    do {
        struct acd_history_query q = {.limit = 1};
        int bytes = acd_history_read(r, &q, &cursor, b->bytes + used, ACD_RECORD_MAX);

        cr_assert_geq(bytes, 0);
        if (bytes == 0)
            continue;
        cr_assert_eq(
            acd_record_view_visit.decode(b->bytes + used, (size_t)bytes, &b->visits[b->count]),
            bytes);
        b->sequences[b->count] = b->visits[b->count].sequence;
        b->count++;
        used += (size_t)bytes;
        cr_assert_lt(used, sizeof b->bytes - ACD_RECORD_MAX);
    } while (cursor != 0);
    return b;
}

static bool is(struct acd_str wanted, struct acd_str have)
{
    return wanted.len == 0 ||
           (wanted.len == have.len && memcmp(wanted.data, have.data, have.len) == 0);
}

static size_t scan(const struct book *b, const struct acd_history_query *q, uint64_t *out)
{
    size_t found = 0;

    for (size_t i = 0; i < b->count; i++) {
        const struct acd_view_visit *v = &b->visits[i];

        if (is(q->key, v->key) && is(q->caller, v->caller) && is(q->agent, v->agent_name) &&
            is(q->queue, v->queue_name) && is(q->gateway, v->gateway_name) && v->at >= q->from &&
            (q->to == 0 || v->at < q->to) &&
            (q->disposition == 0 || q->disposition == v->disposition) &&
            (q->direction == 0 || q->direction == v->direction) && v->wait >= q->min_wait)
            out[found++] = v->sequence;
    }
    return found;
}

static void compare(struct acd_reader *r, const struct book *b, struct acd_history_query q)
{
    static uint64_t a[VISITS_MAX], c[VISITS_MAX];
    size_t expected = scan(b, &q, a);

    for (uint32_t limit = 1; limit < 60; limit += 29) {
        q.limit = limit;
        cr_assert_eq(find(r, q, c), expected);
        cr_assert_arr_eq(a, c, expected * sizeof a[0]);
    }
}

/* A query of some of a visit's own values, and a span around it. */
static struct acd_history_query query_like(const struct acd_view_visit *v, unsigned which)
{
    struct acd_history_query q = {.limit = 0};

    if ((which & 1) != 0)
        q.key = v->key;
    if ((which & 2) != 0)
        q.caller = v->caller;
    if ((which & 4) != 0)
        q.agent = v->agent_name;
    if ((which & 8) != 0)
        q.queue = v->queue_name;
    if ((which & 16) != 0)
        q.disposition = v->disposition;
    if ((which & 32) != 0)
        q.direction = v->direction;
    if ((which & 64) != 0)
        q.from = v->at - 600 * ACD_SECOND;
    if ((which & 128) != 0)
        q.to = v->at + 300 * ACD_SECOND;
    if ((which & 256) != 0)
        q.gateway = v->gateway_name;
    if (which % 5 == 0)
        q.min_wait = v->wait;
    return q;
}

/* Each filter alone and all together give what a scan of everything gives. */
Test(persist_history, filters_are_a_scan)
{
    struct site s = site_make(1);
    struct acd_reader *r;
    struct book *b;

    site_open(&s);
    site_run(&s, 4000);
    site_close(&s);
    cr_assert_eq(acd_reader_open_directory(&r, s.directory), ACD_OK);
    b = book_of(r);
    cr_assert_gt(b->count, 600);
    for (size_t i = 0; i < 512; i++)
        compare(r, b, query_like(&b->visits[i * 7919 % b->count], (unsigned)i));
    compare(r, b, (struct acd_history_query){.agent = acd_str("nobody")});
    compare(r, b, (struct acd_history_query){.to = 1});
    compare(r, b, (struct acd_history_query){.from = ACD_FOREVER});
    free(b);
    acd_reader_close(r);
    site_remove(&s);
}

enum { DISPOSITIONS = 16, SLOTS = 1024 };

/* Visits that events have ended; a callback that is not due is in none. */
struct ends {
    uint64_t by[DISPOSITIONS];
    bool scheduled[SLOTS];
};

/* The call is out of its queue, or was so already. */
static void count_out(struct ends *ends, acd_call_id call, uint8_t disposition)
{
    cr_assert_lt(call.slot, SLOTS);
    if (!ends->scheduled[call.slot])
        ends->by[disposition]++;
    ends->scheduled[call.slot] = true;
}

static void count_event(struct ends *ends, const struct acd_event *event)
{
    switch (event->code) {
    case ACD_EVENT_call_moved: ends->by[ACD_OVERFLOWED]++; break;
    case ACD_EVENT_call_transferred: ends->by[ACD_ANSWERED]++; break;
    case ACD_EVENT_call_queued: ends->scheduled[event->as.call_queued.call.slot] = false; break;
    case ACD_EVENT_callback_due: ends->scheduled[event->as.callback_due.call.slot] = false; break;
    case ACD_EVENT_call_ended:
        count_out(ends, event->as.call_ended.call, event->as.call_ended.disposition);
        break;
    case ACD_EVENT_callback_set: count_out(ends, event->as.callback_set.call, ACD_CALLBACK); break;
    case ACD_EVENT_callback_failed:
        count_out(ends, event->as.callback_failed.call, ACD_UNREACHED);
        break;
    case ACD_EVENT_callback_put_off:
        count_out(ends, event->as.callback_put_off.call, event->as.callback_put_off.disposition);
        break;
    default: break;
    }
}

static bool count_frame(void *ctx, uint32_t epoch, const struct acd_frame *frame)
{

    cr_assert_eq(epoch, 1);
    for (size_t at = 0; at < frame->len;) {
        struct acd_event event;
        int size = acd_event_decode(frame->bytes + at, frame->len - at, &event);

        cr_assert_gt(size, 0);
        count_event(ctx, &event);
        at += (size_t)size;
    }
    return true;
}

/* The journal and the visits say the same, and what a visit says of itself fits together. */
Test(persist_history, visits_are_the_events)
{
    struct site s = site_make(2);
    static struct ends ends;
    uint64_t visits[DISPOSITIONS] = {0}, after = 0;
    struct acd_reader *r;
    struct book *b;

    s.step_every = 20;
    s.callbacks = true;
    site_open(&s);
    site_run(&s, 2500);
    site_close(&s);
    cr_assert_eq(acd_reader_open_directory(&r, s.directory), ACD_OK);
    while (acd_journal_read(r, &after, 5000, count_frame, &ends) > 0)
        ;
    b = book_of(r);
    for (size_t i = 0; i < b->count; i++) {
        const struct acd_view_visit *v = &b->visits[i];

        visits[v->disposition]++;
        cr_assert_eq(v->disposition == ACD_ANSWERED ||
                         (v->disposition == ACD_UNREACHED && v->cause == 0) ||
                         (v->disposition == ACD_CALL_LOST && v->answered_at != 0),
                     v->agent_name.len > 0);
        cr_assert_eq(v->disposition == ACD_OVERFLOWED || v->cause == ACD_CAUSE_TRANSFERRED,
                     v->moved_to.len > 0);
        cr_assert_gt(v->queue_name.len, 0);
        cr_assert_leq(v->enqueued_at, v->entered_at);
        cr_assert_leq(v->entered_at, v->at);
        cr_assert_geq(v->wait, 0);
        if (v->disposition == ACD_ANSWERED)
            cr_assert_eq(v->ended_at - v->answered_at, v->talk + v->hold);
    }
    for (int d = ACD_ANSWERED; d <= ACD_UNREACHED; d++) {
        bool comes = d <= ACD_OVERFLOWED || d >= ACD_CALLBACK;

        cr_assert(!comes || ends.by[d] > 0, "no visit ended as %d", d);
        cr_assert_eq(ends.by[d], visits[d]);
    }
    free(b);
    acd_reader_close(r);
    cr_assert_eq(site_faults(&s), 0);
    site_remove(&s);
}

/* The newest visit. */
static struct acd_view_visit newest(struct site *s, uint8_t page[ACD_RECORD_MAX])
{
    struct acd_view_visit v;
    struct acd_reader *r;
    uint64_t cursor = 0;

    cr_assert_eq(acd_reader_open(&r, s->p), ACD_OK);
    cr_assert_gt(
        acd_history_read(r, &(struct acd_history_query){.limit = 1}, &cursor, page, ACD_RECORD_MAX),
        0);
    cr_assert_gt(acd_record_view_visit.decode(page, ACD_RECORD_MAX, &v), 0);
    acd_reader_close(r);
    return v;
}

static bool says(struct acd_str have, const char *wanted)
{
    return have.len == strlen(wanted) && memcmp(have.data, wanted, have.len) == 0;
}

static void talk_once(struct site *s)
{
    struct acd_view_call call;

    site_set_up(s);
    DO(s, 0, agent_state, .name = acd_str("ann"), .state = ACD_READY);
    DO(s, 0, route, .key = acd_str("k"), .queue_name = acd_str("sales"),
       .attributes = acd_str("{\"vip\":1}"));
    cr_assert_eq(acd_call_view(s->e, acd_call_from(s->e, 0), &call), ACD_OK);
    DO(s, ACD_SECOND, accept, .assignment = call.assignment);
    DO(s, ACD_SECOND, wrap_up_code, .name = acd_str("ann"), .code = acd_str("first"));
    DO(s, ACD_SECOND, hangup, .call = call.call);
}

/* What an agent notes in its wrap-up changes the visit in history, whether that waits to be written
 * yet, is written, or must be collected again; the chains still lead there. */
Test(persist_history, noted_in_wrap_up)
{
    struct site s = site_make(7);
    uint8_t page[ACD_RECORD_MAX];
    struct acd_view_visit v;

    site_open(&s);
    talk_once(&s);
    site_close(&s);
    site_open(&s);
    v = newest(&s, page);
    cr_assert(says(v.wrap_up_code, "first") && says(v.attributes, "{\"vip\":1}") && v.noted == 0);
    DO(&s, ACD_SECOND, wrap_up_extend, .name = acd_str("ann"), .by = 3600 * ACD_SECOND);
    DO(&s, ACD_SECOND, wrap_up_code, .name = acd_str("ann"), .code = acd_str("second"),
       .attributes = acd_str("{\"much longer than before\":true}"));
    site_close(&s);
    site_open(&s);
    v = newest(&s, page);
    cr_assert(says(v.wrap_up_code, "second") && says(v.agent_name, "ann") && v.noted > v.sequence);
    cr_assert(says(v.attributes, "{\"much longer than before\":true}"));
    DO(&s, ACD_SECOND, wrap_up_code, .name = acd_str("ann"), .attributes = acd_str("-"));
    site_close(&s);
    site_shell(&s, "rm '%s'/history.mdb");
    site_open(&s);
    v = newest(&s, page);
    cr_assert(says(v.wrap_up_code, "second") && v.attributes.len == 0);
    site_close(&s);
    cr_assert_eq(site_faults(&s), 0);
    site_remove(&s);
}

/* The same of what it notes when its wrap-up is over: what it did last outlives kills and the rows
 * of an older image. */
Test(persist_history, noted_late)
{
    struct site s = site_make(7);
    uint8_t page[ACD_RECORD_MAX];
    struct acd_view_visit v;
    struct acd_view_agent ann;

    site_open(&s);
    talk_once(&s);
    DO(&s, ACD_SECOND, queue_set, .name = acd_str("sales"), .wrap_up_code_late = 60 * ACD_SECOND);
    DO(&s, ACD_SECOND, wrap_up_finish, .name = acd_str("ann"));
    site_close(&s);
    site_open(&s);
    DO(&s, ACD_SECOND, wrap_up_code, .name = acd_str("ann"), .code = acd_str("late"));
    site_close(&s);
    site_open(&s);
    v = newest(&s, page);
    cr_assert(says(v.wrap_up_code, "late") && says(v.attributes, "{\"vip\":1}"));
    DO(&s, ACD_SECOND, wrap_up_code, .name = acd_str("ann"), .attributes = acd_str("{}"));
    site_close(&s);
    site_shell(&s, "rm '%s'/history.mdb");
    site_open(&s);
    v = newest(&s, page);
    cr_assert(says(v.wrap_up_code, "late") && says(v.attributes, "{}"));
    cr_assert_eq(acd_agent_view(s.e, acd_agent_named(s.e, acd_str("ann")), &ann), ACD_OK);
    cr_assert(ann.late_work.gen != 0 && ann.late_until > acd_now(s.e));
    site_close(&s);
    cr_assert_eq(site_faults(&s), 0);
    site_remove(&s);
}

/* Kills lose no visit and write none twice: verify folds the journal and compares. */
Test(persist_history, kills_lose_no_visit)
{
    struct site s = site_make(3);

    s.options.checkpoint_interval = 1;
    for (int i = 0; i < 6; i++) {
        s.step_every = i % 2 == 0 ? 5 : 41;
        s.seed += 77;
        s.calls += 1000;
        site_die(&s, 300);
        site_open(&s);
        site_run(&s, 50);
        site_close(&s);
        cr_assert_eq(site_faults(&s), 0);
    }
    site_remove(&s);
}

static uint64_t meta_applied(const struct site *s)
{
    char path[128];
    struct format_meta meta;
    struct store_txn *t;
    struct store *store;
    uint32_t format;

    snprintf(path, sizeof path, "%s/tables.mdb", s->directory);
    cr_assert_eq(store_open(&store, &(struct store_options){.path = path,
                                                            .tables = tables_names,
                                                            .table_count = TABLES_COUNT,
                                                            .map_bytes = 1 << 26,
                                                            .read_only = true}),
                 0);
    cr_assert_eq(store_begin(store, false, &t), 0);
    cr_assert_eq(format_meta_get(t, &meta, &format), 0);
    store_abort(t);
    store_close(store);
    return meta.applied;
}

/* History was written down and the rows were not: what it has already is passed over. */
Test(persist_history, ahead_of_the_rows)
{
    struct site s = site_make(6);
    struct acd_reader *r;
    struct book *b;
    pid_t child = fork();

    if (child == 0) {
        s.options.checkpoint_interval = 3600 * ACD_SECOND;
        site_open(&s);
        site_run(&s, 300);
        usleep(1100 * 1000); /* history is written about once a second */
        site_run(&s, 20);
        (void)raise(SIGKILL);
    }
    cr_assert_eq(waitpid(child, NULL, 0), child);
    cr_assert_eq(meta_applied(&s), 0);
    cr_assert_eq(acd_reader_open_directory(&r, s.directory), ACD_OK);
    b = book_of(r);
    cr_assert_gt(b->count, 30);
    acd_reader_close(r);
    free(b);
    site_open(&s);
    cr_assert_gt(acd_persist_recovery(s.p).journal_events, 300);
    site_close(&s);
    cr_assert_eq(site_faults(&s), 0);
    site_remove(&s);
}

/* A history that was lost is collected again, all of it while the first image is kept. */
Test(persist_history, is_collected_again)
{
    struct site s = site_make(4);
    struct acd_reader *r;
    struct book *before, *after;

    site_open(&s);
    site_run(&s, 1500);
    site_close(&s);
    cr_assert_eq(acd_reader_open_directory(&r, s.directory), ACD_OK);
    before = book_of(r);
    acd_reader_close(r);
    site_shell(&s, "rm '%s'/history.mdb");
    site_open(&s);
    site_close(&s);
    cr_assert_eq(acd_reader_open_directory(&r, s.directory), ACD_OK);
    after = book_of(r);
    acd_reader_close(r);
    cr_assert_eq(before->count, after->count);
    cr_assert_arr_eq(before->sequences, after->sequences, sizeof before->sequences);
    cr_assert_eq(site_faults(&s), 0);
    free(before);
    free(after);
    site_remove(&s);
}

/* The same while the ring has frames that the journal has not: they come after it, as ever. */
Test(persist_history, is_collected_before_the_ring)
{
    struct site s = site_make(9);

    site_open(&s);
    site_run(&s, 1500);
    site_close(&s);
    s.step_every = 0;
    s.calls += 1500;
    site_die(&s, 52);
    site_shell(&s, "rm '%s'/history.mdb");
    site_open(&s);
    cr_assert_gt(acd_persist_recovery(s.p).ring_events, 50);
    site_close(&s);
    cr_assert_eq(site_faults(&s), 0);
    site_remove(&s);
}

/* What is older than the retention goes, oldest first; chains end where it stood. */
Test(persist_history, retention)
{
    struct site s = site_make(5);
    struct acd_reader *r;
    struct book *b;
    acd_time horizon;

    s.options.checkpoint_interval = 1;
    s.options.history_retention = 1200 * ACD_SECOND;
    site_open(&s);
    s.step_every = 30;
    site_run(&s, 3000);
    site_settle(&s);
    for (int i = 0; i < 20; i++)
        cr_assert_geq(acd_persist_step(s.p), 0);
    horizon = acd_now(s.e) - s.options.history_retention;
    cr_assert_eq(acd_reader_open(&r, s.p), ACD_OK);
    b = book_of(r);
    cr_assert_gt(b->count, 50);
    cr_assert_leq(b->count, acd_persist_figures(s.p).history_rows + 50);
    cr_assert_geq(b->visits[b->count - 1].at, horizon - 60 * ACD_SECOND);
    for (size_t i = 0; i < b->count; i++)
        compare(r, b, query_like(&b->visits[i], 1u << i % 4));
    acd_reader_close(r);
    free(b);
    site_close(&s);
    cr_assert_eq(site_faults(&s), 0);
    site_remove(&s);
}

/* Changes the oldest visit, so that it is broken. */
static void oldest_spoil(const struct site *s)
{
    char path[128];
    struct store_bytes key, value;
    struct store_txn *t;
    struct store *store;
    uint8_t row[8], bytes[sizeof(struct format_visit) + ACD_RECORD_MAX];
    size_t len;

    snprintf(path, sizeof path, "%s/history.mdb", s->directory);
    cr_assert_eq(store_open(&store, &(struct store_options){.path = path,
                                                            .tables = history_names,
                                                            .table_count = HISTORY_COUNT,
                                                            .map_bytes = 1 << 26}),
                 0);
    cr_assert_eq(store_begin(store, true, &t), 0);
    cr_assert_eq(store_at_or_after(t, HISTORY_VISITS, (struct store_bytes){NULL, 0}, &key, &value),
                 0);
    memcpy(row, key.data, sizeof row);
    memcpy(bytes, value.data, value.len);
    len = value.len;
    bytes[len / 2] ^= 1;
    cr_assert_eq(store_put(t, HISTORY_VISITS, (struct store_bytes){row, sizeof row},
                           (struct store_bytes){bytes, len}),
                 0);
    cr_assert_eq(store_commit(t), 0);
    store_close(store);
}

/* A broken visit goes with those of its age: it does not keep all that is behind it for ever. */
Test(persist_history, broken_visit_goes_too)
{
    struct site s = site_make(8);
    uint64_t before;

    s.options.checkpoint_interval = 1;
    s.step_every = 30;
    site_open(&s);
    site_run(&s, 600);
    site_close(&s);
    oldest_spoil(&s); /* verify finds it; and no more when it is gone */
    cr_assert_gt(site_faults(&s), 0);
    s.options.history_retention = 1;
    site_open(&s);
    before = acd_persist_figures(s.p).history_rows;
    cr_assert_gt(before, 50);
    site_run(&s, 300);
    for (int i = 0; i < 20; i++)
        cr_assert_geq(acd_persist_step(s.p), 0, "%s", acd_persist_error(s.p));
    cr_assert_lt(acd_persist_figures(s.p).history_rows, before / 2);
    site_close(&s);
    cr_assert_eq(site_faults(&s), 0);
    site_remove(&s);
}
