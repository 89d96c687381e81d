#include "persist/kept.h"

#include <string.h>

#include "engine/acd_assert.h"
#include "persist/reader.h"

/* Days added up as they are over.
 *
 * Happy path: when an interval has turned, the next day of a zone that is over by now is gathered
 * out of the intervals, beginning with what the day before ended with, and its parts are written in
 * one transaction; a day a round, so that nothing waits long. A zone that is new is caught up with
 * in this way from the first interval on that is kept.
 *
 * Failure modes: a kill: the day is there, or it is not and is gathered again. The disk is full:
 * the next round tries again. The days of a zone are told at the start; when they end, no more are
 * kept, and reports add up intervals. */

/* ---- which day ------------------------------------------------------------------------------ */

struct day {
    const struct acd_fold_zone *zone;
    acd_time bounds[2];
};

/* The first day that begins at or behind a time; false: none that is known, or not over. */
static bool day_from(const struct acd_fold_zone *zone, acd_time from, acd_time over,
                     struct day *out)
{
    uint32_t low = 0, high = zone->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (zone->days[middle] < from)
            low = middle + 1;
        else
            high = middle;
    }
    if (low + 1 >= zone->count || zone->days[low + 1] > over)
        return false;
    *out = (struct day){zone, {zone->days[low], zone->days[low + 1]}};
    return true;
}

/* The time from which on a zone has no days yet: the end of its last one, or the first interval,
 * whose day may be kept though it begins before that. */
static int kept_until(struct store_txn *t, const struct acd_fold_zone *zone, acd_time *until)
{
    struct store_bytes key, value;
    struct interval_key first;
    uint32_t start, end;
    int error = kept_before(t, acd_str(zone->name), UINT32_MAX, &start, &end);

    *until = (acd_time)end * INTERVAL_SPAN;
    if (error != 0 || end != 0)
        return error;
    error = store_at_or_after(t, HISTORY_INTERVALS, (struct store_bytes){NULL, 0}, &key, &value);
    if (error == 0 && !interval_key_get(key, &first))
        return store_damaged(t, "the key of an interval");
    if (error == 0)
        *until = (acd_time)first.number * INTERVAL_SPAN - (acd_span)24 * 3600 * ACD_SECOND + 1;
    return error;
}

/* Finds a day to be kept: 1, or 0 when there is none. */
static int find_day(struct acd_persist *p, struct store_txn *t, struct day *day)
{
    struct interval_key last = {.number = 0};
    int error = intervals_turn_before(t, (struct store_bytes){NULL, 0}, &last);
    acd_time over = ((acd_time)last.number + 1) * INTERVAL_SPAN, until;
    bool found = false;

    for (size_t i = 0; error == 0 && !found && i < p->options.fold_zone_count; i++) {
        error = kept_until(t, &p->options.fold_zones[i], &until);
        found = error == 0 && day_from(&p->options.fold_zones[i], until, over, day);
    }
    return error == STORE_NOT_FOUND ? 0 : error != 0 ? error : found;
}

/* ---- written -------------------------------------------------------------------------------- */

struct keeping {
    const struct day *day;
    struct folding *queues, *agents;
    struct store_txn *t;
    uint8_t of;
};

static int part_put(void *ctx, uint32_t part, struct store_bytes value)
{
    const struct keeping *k = ctx;
    struct kept_key key = {.zone = acd_str(k->day->zone->name),
                           .start = (uint32_t)(k->day->bounds[0] / INTERVAL_SPAN),
                           .of = k->of,
                           .part = part};
    uint8_t bytes[KEPT_KEY_MAX];
    struct store_bytes at = kept_key_put(bytes, &key);

    kept_seal(at, (uint8_t *)(uintptr_t)value.data, value.len);
    return store_put(k->t, HISTORY_FOLDS, at, value);
}

static int keep_fill(struct acd_persist *p, struct store_txn *t, void *ctx)
{
    struct keeping *k = ctx;
    const acd_time *bounds = k->day->bounds;
    int error;

    (void)p;
    k->t = t;
    k->of = INTERVAL_QUEUE;
    error = kept_parts(k->queues, bounds[0], bounds[1], part_put, k);
    k->of = INTERVAL_AGENT;
    return error != 0 ? error : kept_parts(k->agents, bounds[0], bounds[1], part_put, k);
}

static int keep(struct acd_persist *p, struct acd_reader *r, const struct day *day)
{
    struct acd_fold_query query[2] = {{.zone = acd_str(day->zone->name),
                                       .bounds = day->bounds,
                                       .pieces = 1,
                                       .now = day->bounds[1]}};
    struct folding queues = {.query = &query[0]}, agents = {.query = &query[1]};
    struct keeping k = {.day = day, .queues = &queues, .agents = &agents};
    int error;

    query[1] = query[0];
    query[1].agents = true;
    error = folds_gather(r, &queues);
    if (error == ACD_OK)
        error = folds_gather(r, &agents);
    if (error == ACD_OK)
        error = persist_transact(p, p->history_store, keep_fill, &k);
    else
        error = persist_fault(p, error, "%s", acd_persist_error(NULL));
    folding_fini(&queues);
    folding_fini(&agents);
    return error;
}

int persist_keep_day(struct acd_persist *p)
{
    struct acd_reader *r;
    struct store_txn *t;
    struct day day = {.zone = NULL};
    int found, error;

    if (!p->keep_days || p->options.fold_zone_count == 0)
        return ACD_OK;
    found = store_begin(p->history_store, false, &t);
    if (found == 0) {
        found = find_day(p, t, &day);
        store_abort(t);
    }
    p->keep_days = found != 0;
    if (found <= 0)
        return found < 0 ? persist_store_error(p, found) : ACD_OK;
    ACD_ASSERT(day.zone != NULL);
    error = acd_reader_open(&r, p);
    if (error != ACD_OK)
        return error;
    error = keep(p, r, &day);
    acd_reader_close(r);
    return error;
}
