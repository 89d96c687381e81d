/* Intervals in history: each row is there once and the same, whatever happened between, and is
 * forgotten in time. */

#include <criterion/criterion.h>
#include <string.h>

#include "persist/format.h"
#include "persist/intervals.h"
#include "persist/reader.h"
#include "tests/persist/site.h"

/* What a naive listener writes down: an engine of its own is fed with every frame, and asked before
 * it applies what ends a row. */
struct book {
    struct acd_engine *e;
    uint8_t *bytes; /* key, u32 bytes of the value, value */
    size_t used, rows;
};

enum { BOOK_BYTES = 8 << 20 };

static struct site strides(uint64_t seed)
{
    struct site s = site_make(seed);

    s.strides = true;
    return s;
}

static void book_put(struct book *b, struct interval_key k, acd_time removed)
{
    uint8_t *at = b->bytes + b->used;
    uint32_t len;

    cr_assert_lt(b->used + 2 * INTERVAL_VALUE_MAX, BOOK_BYTES);
    len = (uint32_t)interval_value(b->e, &k, removed, at + INTERVAL_KEY + sizeof len);
    (void)interval_key_put(at, &k);
    memcpy(at + INTERVAL_KEY, &len, sizeof len);
    b->used += INTERVAL_KEY + sizeof len + len;
    b->rows++;
}

static void book_turn(struct book *b, uint64_t sequence)
{
    for (acd_queue_id q = acd_queue_counted_from(b->e, 0); q.gen != 0;
         q = acd_queue_counted_from(b->e, q.slot + 1))
        book_put(b,
                 (struct interval_key){.sequence = sequence, .of = INTERVAL_QUEUE, .slot = q.slot},
                 0);
    for (acd_agent_id a = acd_agent_counted_from(b->e, 0); a.gen != 0;
         a = acd_agent_counted_from(b->e, a.slot + 1))
        book_put(b,
                 (struct interval_key){.sequence = sequence, .of = INTERVAL_AGENT, .slot = a.slot},
                 0);
}

static void book_event(struct book *b, uint64_t sequence, acd_time at,
                       const struct acd_event *event)
{
    struct interval_key k = {.sequence = sequence, .of = INTERVAL_QUEUE};

    if (event->code == ACD_EVENT_interval_turned)
        book_turn(b, sequence);
    if (acd_interval_start(b->e) == ACD_FOREVER)
        return;
    if (event->code == ACD_EVENT_queue_removed) {
        k.slot = event->as.queue_removed.queue.slot;
        book_put(b, k, at);
    }
    if (event->code == ACD_EVENT_agent_removed) {
        k.of = INTERVAL_AGENT;
        k.slot = event->as.agent_removed.agent.slot;
        book_put(b, k, at);
    }
}

static void book_frame(void *ctx, const struct acd_frame *frame)
{
    struct book *b = ctx;
    struct acd_frame one = *frame;

    if (frame->first_sequence <= acd_position(b->e).sequence)
        return;
    one.count = 1;
    for (uint32_t i = 0; i < frame->count; i++) {
        struct acd_event event;
        int size =
            acd_event_decode(one.bytes, frame->len - (size_t)(one.bytes - frame->bytes), &event);

        cr_assert_gt(size, 0);
        one.len = (size_t)size;
        book_event(b, one.first_sequence, frame->at, &event);
        cr_assert_eq(acd_apply_frame(b->e, &one), ACD_OK);
        one.bytes += size;
        one.first_sequence++;
    }
}

static struct book book_open(struct site *s)
{
    struct book b = {.bytes = malloc(BOOK_BYTES)};

    cr_assert_not_null(b.bytes);
    cr_assert_eq(acd_open(&b.e, &(struct acd_config){.limits = s->options.limits}), ACD_OK);
    return b;
}

static void book_close(struct book *b)
{
    acd_close(b->e);
    free(b->bytes);
}

/* Each row of the book is in the store, the same; those besides are of agents and queues of which
 * nothing was counted, and of the first turn of a day. Returns how many there are besides. */
static size_t compare(const struct site *s, const struct book *b)
{
    struct acd_reader *r;
    struct store_txn *t;
    uint64_t rows;

    cr_assert_eq(acd_reader_open_directory(&r, s->directory), ACD_OK);
    cr_assert_eq(store_begin(r->history, false, &t), 0);
    for (size_t at = 0; at < b->used;) {
        struct store_bytes value;
        uint32_t len;

        memcpy(&len, b->bytes + at + INTERVAL_KEY, sizeof len);
        cr_assert_eq(store_get(t, HISTORY_INTERVALS,
                               (struct store_bytes){b->bytes + at, INTERVAL_KEY}, &value),
                     0);
        cr_assert_eq(value.len, len);
        cr_assert_arr_eq(value.data, b->bytes + at + INTERVAL_KEY + sizeof len, len);
        at += INTERVAL_KEY + sizeof len + len;
    }
    rows = store_count(t, HISTORY_INTERVALS);
    store_abort(t);
    acd_reader_close(r);
    return rows - b->rows;
}

/* Of each queue, through all of its rows: what waits at the start and enters is what leaves and
 * waits at the end; each row begins with what the one before ended with. */
static void check_books(const struct site *s)
{
    struct store_bytes key, value;
    uint32_t waiting[4] = {0};
    struct acd_reader *r;
    struct store_txn *t;
    unsigned rows = 0;

    cr_assert_eq(acd_reader_open_directory(&r, s->directory), ACD_OK);
    cr_assert_eq(store_begin(r->history, false, &t), 0);
    for (int found =
             store_at_or_after(t, HISTORY_INTERVALS, (struct store_bytes){NULL, 0}, &key, &value);
         found == 0; found = store_next(t, HISTORY_INTERVALS, &key, &value)) {
        struct acd_view_queue_interval v;
        struct interval_row row;

        cr_assert(interval_row_get(key, value, &row));
        if (row.key.of != INTERVAL_QUEUE)
            continue;
        cr_assert_gt(acd_record_view_queue_interval.decode(row.record, row.len, &v), 0);
        cr_assert_eq(v.start / INTERVAL_SPAN, row.key.number);
        cr_assert_eq(v.waiting_start, waiting[row.key.slot]);
        cr_assert_eq(v.waiting_start + v.entered, v.answered + v.abandoned + v.timed_out +
                                                      v.overflowed + v.withdrawn + v.left_empty +
                                                      v.exited + v.callbacks + v.unreached +
                                                      v.lost + v.waiting_end);
        waiting[row.key.slot] = v.waiting_end;
        rows++;
    }
    cr_assert_gt(rows, 10);
    store_abort(t);
    acd_reader_close(r);
}

Test(persist_intervals, rows_are_what_was_counted)
{
    for (uint64_t seed = 1; seed < 4; seed++) {
        struct site s = strides(seed);
        struct book b = book_open(&s);

        s.on_frame = book_frame;
        s.ctx = &b;
        site_open(&s);
        site_run(&s, 2500);
        site_settle(&s);
        site_close(&s);
        cr_assert_gt(b.rows, 40);
        cr_assert_lt(compare(&s, &b), 16);
        check_books(&s);
        cr_assert_eq(site_faults(&s), 0);
        book_close(&b);
        site_remove(&s);
    }
}

/* All that the journal says, for who was not there. */
static bool replay_frame(void *ctx, uint32_t epoch, const struct acd_frame *frame)
{
    (void)epoch;
    book_frame(ctx, frame);
    return true;
}

/* Killed over and over, in the midst of whatever the workers do: no row doubles and none changes.
 */
Test(persist_intervals, after_kills)
{
    struct site s = strides(7);
    struct book b = book_open(&s);
    struct acd_reader *r;
    uint64_t after = 0;

    s.options.checkpoint_interval = 100 * ACD_MS;
    for (int i = 0; i < 12; i++) {
        s.step_every = i % 3 == 0 ? 0 : 5 + i;
        s.calls = 1000u * (unsigned)i;
        s.seed += (unsigned)i;
        site_die(&s, 120 + 7 * i);
    }
    site_open(&s);
    site_settle(&s);
    site_close(&s);
    cr_assert_eq(acd_reader_open_directory(&r, s.directory), ACD_OK);
    while (acd_journal_read(r, &after, 1 << 20, replay_frame, &b) > 0)
        ;
    acd_reader_close(r);
    cr_assert_gt(b.rows, 40);
    cr_assert_lt(compare(&s, &b), 16);
    check_books(&s);
    cr_assert_eq(site_faults(&s), 0);
    book_close(&b);
    site_remove(&s);
}

static uint64_t rows_of(const struct site *s, uint32_t *first)
{
    struct store_bytes key, value;
    struct interval_key k = {.number = 0};
    struct acd_reader *r;
    struct store_txn *t;
    uint64_t rows;

    cr_assert_eq(acd_reader_open_directory(&r, s->directory), ACD_OK);
    cr_assert_eq(store_begin(r->history, false, &t), 0);
    rows = store_count(t, HISTORY_INTERVALS);
    if (store_at_or_after(t, HISTORY_INTERVALS, (struct store_bytes){NULL, 0}, &key, &value) == 0)
        cr_assert(interval_key_get(key, &k));
    *first = k.number;
    store_abort(t);
    acd_reader_close(r);
    return rows;
}

/* Whole days go, and what is left begins with a row of everybody who is there. */
Test(persist_intervals, retention)
{
    struct site s = strides(9);
    uint64_t before, after;
    uint32_t first;

    s.options.image_interval = 1; /* the journal is not to bring them back */
    site_open(&s);
    for (int day = 0; day < 4; day++) {
        site_run(&s, 300);
        DO(&s, 20 * 3600 * ACD_SECOND, day_turn, .day = (uint32_t)day + 1);
    }
    site_run(&s, 100);
    site_settle(&s);
    site_close(&s);
    before = rows_of(&s, &first);
    cr_assert_eq(first / INTERVALS_A_DAY, 0);
    s.options.interval_retention = 24 * 3600 * ACD_SECOND;
    s.options.checkpoint_interval = 1;
    site_open(&s);
    site_run(&s, 20);
    site_settle(&s);
    site_run(&s, 20);
    site_close(&s);
    after = rows_of(&s, &first);
    cr_assert_lt(after, before);
    cr_assert_gt(after, 0);
    cr_assert_eq(first / INTERVALS_A_DAY, 2); /* four days of 20 hours and a little: it is day 3 */
    cr_assert_eq(site_faults(&s), 0);
    site_remove(&s);
}

/* history.mdb without the table of intervals, as an earlier version made it. */
static void table_drop(const struct site *s)
{
    char from[96], to[96];
    struct store_options options = {
        .tables = history_names, .table_count = HISTORY_INTERVALS, .map_bytes = 1 << 26};
    struct store *old, *made;
    struct store_txn *r, *w;

    snprintf(from, sizeof from, "%s/history.mdb", s->directory);
    snprintf(to, sizeof to, "%s/made", s->directory);
    options.path = from;
    cr_assert_eq(store_open(&old, &options), 0);
    options.path = to;
    cr_assert_eq(store_open(&made, &options), 0);
    cr_assert_eq(store_begin(old, false, &r), 0);
    cr_assert_eq(store_begin(made, true, &w), 0);
    for (size_t table = 0; table < HISTORY_INTERVALS; table++) {
        struct store_bytes key, value;

        for (int found = store_at_or_after(r, table, (struct store_bytes){NULL, 0}, &key, &value);
             found == 0; found = store_next(r, table, &key, &value))
            cr_assert_eq(store_put(w, table, key, value), 0);
    }
    store_abort(r);
    cr_assert_eq(store_commit(w), 0);
    store_close(old);
    store_close(made);
    site_shell(s, "mv '%s'/made '%s'/history.mdb");
}

/* What only reads finds no intervals there, and who writes makes the table. */
Test(persist_intervals, a_store_without_the_table)
{
    struct site s = strides(11);
    uint32_t first;

    site_open(&s);
    site_run(&s, 900);
    site_settle(&s);
    site_close(&s);
    cr_assert_gt(rows_of(&s, &first), 0);
    table_drop(&s);
    cr_assert_eq(rows_of(&s, &first), 0);
    cr_assert_eq(site_faults(&s), 0);
    site_open(&s);
    site_run(&s, 900);
    site_settle(&s);
    site_close(&s);
    cr_assert_gt(rows_of(&s, &first), 0);
    cr_assert_eq(site_faults(&s), 0);
    site_remove(&s);
}
