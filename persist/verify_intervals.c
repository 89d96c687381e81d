#include <inttypes.h>
#include <string.h>

#include "persist/rows.h"
#include "persist/verify.h"

/* Intervals compared: what stands in history.mdb with what the folded engine counted.
 *
 * Happy path: before the engine applies a turn, each row there is of that turn is made again and is
 * the same, and nobody of whom anything was counted is missing. Failure modes: a row is damaged,
 * another, missing or not in order: told. History may not have the newest turn yet, and has
 * forgotten old ones. */

static void row_fault(struct verify *v, const struct interval_key *k, const char *what)
{
    verify_fault(v, "history.mdb: interval %" PRIu32 ", event %" PRIu64 ", %s %" PRIu32 " %s",
                 k->number, k->sequence, k->of == INTERVAL_QUEUE ? "queue" : "agent", k->slot,
                 what);
}

void verify_intervals(struct verify *v)
{
    struct store_bytes key, value;
    struct acd_waits waits = {.answered = {0}};
    uint32_t before = 0;
    int found = store_at_or_after(v->history, HISTORY_INTERVALS, (struct store_bytes){NULL, 0},
                                  &key, &value);

    for (; found == 0; found = store_next(v->history, HISTORY_INTERVALS, &key, &value)) {
        struct interval_row row = {.key.of = 0};

        v->out->intervals++;
        if (!interval_row_get(key, value, &row) || !interval_waits_add(&row, &waits)) {
            row_fault(v, &row.key, "is damaged");
            continue;
        }
        if (v->first_interval.of == 0)
            v->first_interval = row.key;
        if (row.key.number < before)
            row_fault(v, &row.key, "is out of order");
        before = row.key.number;
    }
}

/* Whether history is to have the rows of an event. */
static bool is_kept(const struct verify *v, uint64_t sequence)
{
    return v->first_interval.of != 0 && sequence > v->first_interval.sequence &&
           sequence <= v->history_mark.sequence;
}

/* A row of an earlier version may have fewer fields. */
static bool row_same(struct store_bytes key, struct store_bytes a, struct store_bytes b)
{
    struct interval_row x, y;

    return interval_row_get(key, a, &x) && interval_row_get(key, b, &y) && x.removed == y.removed &&
           record_same(x.record, x.len, y.record, y.len) && x.waits_len == y.waits_len &&
           memcmp(x.waits, y.waits, x.waits_len) == 0;
}

static void compare_row(struct verify *v, const struct interval_key *k, struct store_bytes expected)
{
    uint8_t bytes[INTERVAL_KEY];
    struct store_bytes key = interval_key_put(bytes, k), value;

    if (store_get(v->history, HISTORY_INTERVALS, key, &value) != 0)
        row_fault(v, k, "is missing");
    else if (!row_same(key, value, expected))
        row_fault(v, k, "is another");
}

/* Whether the engine has that queue or agent. */
static bool is_there(const struct verify *v, const struct interval_key *k)
{
    acd_queue_id queue = acd_queue_from(v->engine, k->slot);
    acd_agent_id agent = acd_agent_from(v->engine, k->slot);

    return k->of == INTERVAL_QUEUE ? queue.gen != 0 && queue.slot == k->slot
                                   : agent.gen != 0 && agent.slot == k->slot;
}

/* What the engine has. */
static void compare_counted(struct verify *v, struct interval_key k)
{
    uint8_t value[INTERVAL_VALUE_MAX];
    size_t len = interval_value(v->engine, &k, 0, value);

    compare_row(v, &k, (struct store_bytes){value, len});
}

/* What is there, of those of whom nothing was counted too. */
static void compare_there(struct verify *v, struct interval_key k)
{
    uint8_t bytes[INTERVAL_KEY], value[INTERVAL_VALUE_MAX];
    struct store_bytes key, have;
    struct interval_key found;
    int next =
        store_at_or_after(v->history, HISTORY_INTERVALS, interval_key_put(bytes, &k), &key, &have);

    for (; next == 0 && interval_key_get(key, &found) && found.sequence == k.sequence;
         next = store_next(v->history, HISTORY_INTERVALS, &key, &have)) {
        size_t len = is_there(v, &found) ? interval_value(v->engine, &found, 0, value) : 0;

        if (!row_same(key, have, (struct store_bytes){value, len}))
            row_fault(v, &found, "is another");
    }
}

void verify_turn(struct verify *v)
{
    struct interval_key k = {
        .number = (uint32_t)(acd_interval_start(v->engine) / INTERVAL_SPAN),
        .sequence = v->visits.intervals.turned_by,
    };

    intervals_flushed(&v->visits.intervals);
    if (!is_kept(v, k.sequence))
        return;
    compare_there(v, k);
    k.of = INTERVAL_QUEUE;
    for (acd_queue_id id = acd_queue_counted_from(v->engine, 0); id.gen != 0;
         id = acd_queue_counted_from(v->engine, id.slot + 1)) {
        k.slot = id.slot;
        compare_counted(v, k);
    }
    k.of = INTERVAL_AGENT;
    for (acd_agent_id id = acd_agent_counted_from(v->engine, 0); id.gen != 0;
         id = acd_agent_counted_from(v->engine, id.slot + 1)) {
        k.slot = id.slot;
        compare_counted(v, k);
    }
}

void verify_removed(struct verify *v)
{
    struct store_bytes key, value;
    struct interval_key k;

    for (size_t at = 0; intervals_next(&v->visits.intervals, &at, &key, &value);)
        if (interval_key_get(key, &k) && is_kept(v, k.sequence))
            compare_row(v, &k, value);
    intervals_flushed(&v->visits.intervals);
}
