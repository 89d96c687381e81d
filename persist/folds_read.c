#include "persist/folder.h"

#include <inttypes.h>
#include <string.h>

#include "persist/kept.h"
#include "persist/persist.h"
#include "persist/reader.h"

/* Intervals added up out of history.mdb.
 *
 * Happy path: what everybody was when the first piece begins is found in the rows of the last day
 * before it that has any, which begins with a row of everybody; then the rows of piece after piece
 * are added up. A fold may take seconds, so it reads in slices, each a snapshot of its own: rows
 * are only ever added behind all others.
 *
 * Failure modes: a row is damaged: told, with its place. */

static const acd_span SLICE = 20 * ACD_MS;

enum { ROWS_BETWEEN_CLOCKS = 256 };

static uint8_t of(const struct folder *f)
{
    return f->query->agents ? INTERVAL_AGENT : INTERVAL_QUEUE;
}

/* ---- rows ----------------------------------------------------------------------------------- */

/* Where the next row that matters is at the earliest. */
static struct interval_key behind(const struct folder *f, const struct interval_key *k)
{
    struct interval_key next = *k;

    if (f->query->agents || k->of == INTERVAL_QUEUE)
        next.slot++;
    else
        next.sequence++;
    return next;
}

static int row_wrong(const struct folder *f, const struct interval_key *k)
{
    if (f->folding->no_memory)
        return persist_fault(NULL, ACD_NO_MEMORY, "no memory to add up intervals");
    return persist_fault(NULL, ACD_INVALID,
                         "%s/history.mdb: interval %" PRIu32 ", event %" PRIu64
                         " is damaged; restore a backup",
                         f->r->directory, k->number, k->sequence);
}

/* Adds a row; false: it cannot be. */
static bool row_take(struct folder *f, struct store_bytes key, struct store_bytes value, bool prime)
{
    struct interval_row row;

    if (!interval_row_get(key, value, &row))
        return false;
    f->at = behind(f, &row.key);
    if ((row.key.of == INTERVAL_AGENT) != f->query->agents || !folding_wants(f->folding, &row))
        return true;
    return folding_add(f->folding, &row, prime);
}

/* Rows up to an interval, for as long as a snapshot may stand. 1: there are more. */
static int slice(struct folder *f, uint32_t end, bool prime)
{
    acd_time until = persist_clock() + SLICE;
    struct store_bytes key, value;
    uint8_t bytes[INTERVAL_KEY];
    struct interval_key k;
    struct store_txn *t;
    int found = store_begin(f->r->history, false, &t), rows = 0, error = ACD_OK;

    if (found != 0)
        return persist_store_error(NULL, found);
    found = store_at_or_after(t, HISTORY_INTERVALS, interval_key_put(bytes, &f->at), &key, &value);
    while (found == 0 && interval_key_get(key, &k) && k.number < end && error == ACD_OK) {
        if (!row_take(f, key, value, prime))
            error = row_wrong(f, &k);
        else if (++rows % ROWS_BETWEEN_CLOCKS == 0 && persist_clock() > until)
            break;
        else if (!f->query->agents && k.of == INTERVAL_AGENT)
            found = store_at_or_after(t, HISTORY_INTERVALS, interval_key_put(bytes, &f->at), &key,
                                      &value);
        else
            found = store_next(t, HISTORY_INTERVALS, &key, &value);
    }
    store_abort(t);
    if (error != ACD_OK)
        return error;
    if (found != 0 && found != STORE_NOT_FOUND)
        return persist_store_error(NULL, found);
    return found == 0 && k.number < end ? 1 : 0;
}

static int rows_upto(struct folder *f, uint32_t end, bool prime)
{
    int more = 1;

    while (more > 0)
        more = slice(f, end, prime);
    return more;
}

/* ---- where to begin ------------------------------------------------------------------------- */

/* From the first row on; up to behind the last turn, or if that was the last there was, now. */
static int find_span(struct folder *f, struct store_txn *t)
{
    struct interval_key first = {.number = 0}, last = {.number = 0};
    struct store_bytes key, value;
    uint32_t kept, end = 0;
    int error = intervals_turn_before(t, (struct store_bytes){NULL, 0}, &last);

    if (store_at_or_after(t, HISTORY_INTERVALS, (struct store_bytes){NULL, 0}, &key, &value) == 0)
        (void)interval_key_get(key, &first);
    if (f->query->zone.len > 0 && kept_find(t, f->query->zone, 0, &kept, &end) == 0 && end != 0 &&
        kept < first.number)
        first.number = kept;
    f->since = (acd_time)first.number * INTERVAL_SPAN;
    f->until = f->query->now - f->query->now % INTERVAL_SPAN;
    if (error == 0 && last.sequence < f->query->last_turned)
        f->until = (acd_time)(last.number + 1) * INTERVAL_SPAN;
    return error == STORE_NOT_FOUND ? 0 : error;
}

/* The first row of the last day before an interval in which one turned. */
static int find_day(struct folder *f, struct store_txn *t, uint32_t number)
{
    struct interval_key k = {.number = number};
    uint8_t bytes[INTERVAL_KEY];
    int error = intervals_turn_before(t, interval_key_put(bytes, &k), &f->at);

    f->at = (struct interval_key){
        .number = error == 0 ? f->at.number - f->at.number % INTERVALS_A_DAY : number};
    return error == STORE_NOT_FOUND ? 0 : error;
}

/* What everybody was at the end of a day that is kept: 1, or 0 when there is none that ends there.
 */
static int prime_kept(struct folder *f, struct store_txn *t, uint32_t number)
{
    uint32_t start, end = 0;
    int error = f->query->zone.len == 0 ? 0 : kept_before(t, f->query->zone, number, &start, &end);

    if (error != 0 || end == 0 || end != number)
        return error;
    error = kept_add(t, f->query->zone, of(f), start, f->folding, true);
    f->at = (struct interval_key){.number = number};
    return error != 0 ? error : 1;
}

int folder_begin(struct folder *f, acd_time start)
{
    uint32_t number = (uint32_t)(start / INTERVAL_SPAN);
    struct store_txn *t;
    int error = store_begin(f->r->history, false, &t);

    if (error == 0) {
        error = find_span(f, t);
        if (error == 0)
            error = prime_kept(f, t, number);
        if (error == 0)
            error = find_day(f, t, number);
        store_abort(t);
    }
    if (error < 0)
        return persist_store_error(NULL, error);
    error = rows_upto(f, number, true);
    f->at = (struct interval_key){.number = number};
    folding_fill(f->folding, start);
    folding_clear(f->folding);
    return error;
}

/* ---- adding up ------------------------------------------------------------------------------ */

/* Adds the day that is kept from here on, if it ends in time, and else says where the next one
 * begins, or where one does that is too long. */
static int kept_take(struct folder *f, uint32_t end, uint32_t *next)
{
    struct store_txn *t;
    uint32_t start = end, behind = 0;
    int error = store_begin(f->r->history, false, &t);

    if (error != 0)
        return persist_store_error(NULL, error);
    error = kept_find(t, f->query->zone, f->at.number, &start, &behind);
    *next = behind == 0 || start > end ? end : start;
    if (error == 0 && behind != 0 && start == f->at.number) {
        *next = behind < end ? behind : end;
        if (behind <= end) {
            error = kept_add(t, f->query->zone, of(f), start, f->folding, false);
            f->at = (struct interval_key){.number = behind};
        }
    }
    store_abort(t);
    return error == 0 ? ACD_OK : persist_store_error(NULL, error);
}

int folder_add(struct folder *f, acd_time until)
{
    uint32_t end = (uint32_t)(until / INTERVAL_SPAN), next = end;
    int error = ACD_OK;

    while (error == ACD_OK && f->at.number < end) {
        if (f->query->zone.len > 0)
            error = kept_take(f, end, &next);
        if (error != ACD_OK || f->at.number >= next)
            continue;
        error = rows_upto(f, next, false);
        f->at = (struct interval_key){.number = next};
    }
    folding_fill(f->folding, until);
    return error;
}

int folds_gather(struct acd_reader *r, struct folding *folding)
{
    const acd_time *bounds = folding->query->bounds;
    struct folder f = {.r = r, .query = folding->query, .folding = folding};
    int error = folder_begin(&f, bounds[0]);

    if (error == ACD_OK)
        error = rows_upto(&f, (uint32_t)(bounds[1] / INTERVAL_SPAN), false);
    folding_fill(folding, bounds[1]);
    return error;
}
