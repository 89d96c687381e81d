#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "persist/image.h"
#include "persist/journal.h"
#include "persist/persist.h"
#include "persist/reader.h"
#include "persist/verify.h"

/* A store compared with itself.
 *
 * Happy path: a third engine begins at the oldest image and is fed with the journal. What it passes
 * is compared: images of later moments, the rows at theirs, and each visit it sees end with the one
 * in history.mdb, of which all are walked too. All stores are read as of one moment, the tables
 * first, so that no other is behind them.
 *
 * Failure modes: anything that is not as it should be is a fault, told with its place; the journal
 * being damaged ends the fold. Images that vanish while the daemon trims are no fault: others have
 * come. */

enum { FAULTS_TOLD = 20, TRIES = 5 };

void verify_fault(struct verify *v, const char *format, ...)
{
    char text[768];
    va_list args;

    if (++v->out->faults > FAULTS_TOLD || v->report == NULL)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    v->report(v->ctx, text);
}

/* ---- rows --------------------------------------------------------------------------------- */

/* Where the engine's rows stand while others are walked beside them. */
struct place {
    enum acd_table table;
    uint64_t key;
    bool end;
};

static struct place place_from(const struct acd_engine *e, enum acd_table table, uint64_t key)
{
    for (; table < ACD_TABLE_COUNT; table++, key = 0)
        if (acd_row_next(e, table, &key))
            return (struct place){table, key, false};
    return (struct place){.end = true};
}

static int place_compare(const struct place *at, const struct row *row)
{
    if (at->end || at->table != row->table)
        return at->end || at->table > row->table ? 1 : -1;
    return at->key < row->key ? -1 : at->key > row->key;
}

/* Compares the next row of what is walked; the engine's before it are missing there. */
static void compare_row(struct verify *v, const char *what, struct place *at, const struct row *row)
{
    uint8_t record[ACD_RECORD_MAX];
    int order;

    for (; (order = place_compare(at, row)) < 0;
         *at = place_from(v->engine, at->table, at->key + 1))
        verify_fault(v, "%s: table %d, row %" PRIu64 " is missing", what, (int)at->table, at->key);
    if (order > 0) {
        verify_fault(v, "%s: table %d, row %" PRIu64 " should not be", what, (int)row->table,
                     row->key);
        return;
    }
    if (!record_same(record, acd_row_write(v->engine, row->table, row->key, record), row->record,
                     row->len))
        verify_fault(v, "%s: table %d, row %" PRIu64 " is another", what, (int)row->table,
                     row->key);
    v->out->rows++;
    *at = place_from(v->engine, at->table, at->key + 1);
}

static void compare_end(struct verify *v, const char *what, struct place *at)
{
    for (; !at->end; *at = place_from(v->engine, at->table, at->key + 1))
        verify_fault(v, "%s: table %d, row %" PRIu64 " is missing", what, (int)at->table, at->key);
}

static void compare_tables(struct verify *v)
{
    static const char what[] = "tables.mdb";
    struct place at = place_from(v->engine, 0, 0);
    struct store_bytes key, value;
    int found =
        store_at_or_after(v->tables, TABLES_ROWS, (struct store_bytes){NULL, 0}, &key, &value);

    v->rows_done = true;
    if (found == STORE_NOT_FOUND && v->meta.applied == 0)
        return; /* a new store: nothing was written down yet */
    for (; found == 0; found = store_next(v->tables, TABLES_ROWS, &key, &value)) {
        struct row row = {.table = 0};

        if (row_read(key, value, &row))
            compare_row(v, what, &at, &row);
        else
            verify_fault(v, "%s: table %d, row %" PRIu64 " is damaged", what, (int)row.table,
                         row.key);
    }
    compare_end(v, what, &at);
}

static void compare_image(struct verify *v, uint64_t sequence)
{
    struct place at = place_from(v->engine, 0, 0);
    struct image_reader r;
    struct row row = {.len = 0};
    int next = image_open(&r, v->r->directory, sequence);

    if (next == ACD_OK) {
        at.end = sequence == 0 && r.head.rows == 0; /* of a new store */
        while ((next = image_next(&r, &row)) > 0)
            compare_row(v, strrchr(r.path, '/') + 1, &at, &row);
        image_close(&r);
    }
    if (next == ACD_OK)
        compare_end(v, strrchr(r.path, '/') + 1, &at);
    else if (next != ACD_SYSTEM) /* else it was just dropped */
        verify_fault(v, "%s", acd_persist_error(NULL));
}

/* ---- visits ------------------------------------------------------------------------------- */

static struct acd_str chain_text(enum history_chain c, const struct acd_view_visit *v)
{
    const struct acd_str texts[CHAIN_COUNT] = {v->key, v->caller, v->agent_name, v->queue_name};

    return texts[c];
}

/* Whether a chain leads from a visit to one of its own, or to one that is forgotten. */
static void check_link(struct verify *v, enum history_chain c, const struct acd_view_visit *visit,
                       uint64_t previous)
{
    uint8_t from[HEADS_KEY_MAX], to[HEADS_KEY_MAX], key[8];
    struct acd_view_visit other;
    struct format_visit links;
    struct store_bytes value;
    size_t len = chain_key(c, chain_text(c, visit), from);

    v->ends[c] += len > 0;
    if (previous == 0 || previous < v->first_visit)
        return;
    v->ends[c]--;
    store_be64(key, previous);
    if (previous >= visit->sequence ||
        store_get(v->history, HISTORY_VISITS, (struct store_bytes){key, 8}, &value) != 0 ||
        !visit_read(value, &links, &other) || chain_key(c, chain_text(c, &other), to) != len ||
        memcmp(from, to, len) != 0)
        verify_fault(v, "history.mdb: visit %" PRIu64 ": its chain %d leads nowhere",
                     visit->sequence, (int)c);
}

static void check_visits(struct verify *v)
{
    struct store_bytes key, value;
    acd_time before = INT64_MIN;
    int found =
        store_at_or_after(v->history, HISTORY_VISITS, (struct store_bytes){NULL, 0}, &key, &value);

    for (; found == 0; found = store_next(v->history, HISTORY_VISITS, &key, &value)) {
        uint64_t sequence = key.len == 8 ? store_from_be64(key.data) : 0;
        struct acd_view_visit visit;
        struct format_visit links;

        v->first_visit = v->first_visit == 0 ? sequence : v->first_visit;
        v->out->visits++;
        if (!visit_read(value, &links, &visit) || visit.sequence != sequence) {
            verify_fault(v, "history.mdb: visit %" PRIu64 " is damaged", sequence);
            continue;
        }
        if (visit.at < before)
            verify_fault(v, "history.mdb: visit %" PRIu64 " is out of order", sequence);
        before = visit.at;
        for (enum history_chain c = 0; c < CHAIN_COUNT; c++)
            check_link(v, c, &visit, links.previous[c]);
    }
}

/* Each chain has a head, which is its newest visit: no other leads there, so that when all heads
 * are visits of their chains and as many as there are newest ones, they are those. */
static void check_heads(struct verify *v)
{
    struct store_bytes key, value;
    int found =
        store_at_or_after(v->history, HISTORY_HEADS, (struct store_bytes){NULL, 0}, &key, &value);

    for (; found == 0; found = store_next(v->history, HISTORY_HEADS, &key, &value)) {
        enum history_chain c = *(const uint8_t *)key.data;
        uint8_t row[8], name[HEADS_KEY_MAX];
        struct format_visit links;
        struct acd_view_visit visit;
        struct store_bytes visited;
        uint64_t sequence = 0;

        memcpy(&sequence, value.data, value.len < 8 ? value.len : 8);
        store_be64(row, sequence);
        if (c >= CHAIN_COUNT ||
            store_get(v->history, HISTORY_VISITS, (struct store_bytes){row, 8}, &visited) != 0 ||
            !visit_read(visited, &links, &visit) ||
            chain_key(c, chain_text(c, &visit), name) != key.len ||
            memcmp(name, key.data, key.len) != 0)
            verify_fault(v, "history.mdb: a head of chain %d leads nowhere, to %" PRIu64, (int)c,
                         sequence);
        else
            v->ends[c]--;
    }
    for (enum history_chain c = 0; c < CHAIN_COUNT; c++)
        if (v->ends[c] != 0)
            verify_fault(v, "history.mdb: chain %d has not the heads that it should", (int)c);
}

/* What history should have under a visit's sequence, as far as the journal has told by now: the
 * visit, but for what was noted of it since; or, of a later note, what it has, changed by that. */
static struct acd_view_visit visit_expected(const struct acd_view_visit *told,
                                            const struct acd_view_visit *have)
{
    struct acd_view_visit v = told->noted == 0 ? *told : *have;

    if (told->noted != 0 && told->noted >= have->noted)
        visit_apply_note(&v, told);
    if (told->noted == 0 && have->noted != 0) {
        v.noted = have->noted;
        v.wrap_up_code = have->wrap_up_code;
        v.attributes = have->attributes;
    }
    return v;
}

static void compare_visit(struct verify *v, const struct acd_view_visit *told)
{
    uint8_t key[8], record[ACD_RECORD_MAX];
    struct acd_view_visit have, expected;
    struct format_visit links;
    struct store_bytes value;
    size_t len;

    store_be64(key, told->sequence);
    if (store_get(v->history, HISTORY_VISITS, (struct store_bytes){key, 8}, &value) != 0) {
        if (told->noted == 0)
            verify_fault(v, "history.mdb: visit %" PRIu64 " is missing", told->sequence);
        return;
    }
    if (!visit_read(value, &links, &have))
        return; /* check_visits() has said so */
    expected = visit_expected(told, &have);
    len = acd_record_view_visit.encode(&expected, record);
    if (!record_same(record, len, (const uint8_t *)value.data + sizeof links,
                     value.len - sizeof links))
        verify_fault(v, "history.mdb: visit %" PRIu64 " is another", told->sequence);
}

/* The visits that a frame has ended stand in history as they are; it may not have the newest yet,
 * and has forgotten old ones. */
static void compare_visits(struct verify *v)
{
    for (size_t at = 0; at < v->visits.used;) {
        struct acd_view_visit told;
        int size = acd_record_view_visit.decode(v->visits.pending + at, v->visits.used - at, &told);

        at += (size_t)size;
        if (told.sequence <= v->history_mark.sequence && told.noted <= v->history_mark.sequence &&
            v->first_visit != 0 && told.sequence >= v->first_visit)
            compare_visit(v, &told);
    }
    verify_removed(v);
    v->visits.used = 0;
}

/* ---- the fold ------------------------------------------------------------------------------- */

/* Compares what is due at the engine's place. */
static void compare_here(struct verify *v)
{
    uint64_t here = acd_position(v->engine).sequence;

    for (; v->next_image < v->images.count && v->images.sequences[v->next_image] <= here;
         v->next_image++)
        if (v->images.sequences[v->next_image] == here)
            compare_image(v, here);
    if (!v->rows_done && here >= v->meta.applied)
        compare_tables(v);
}

static bool verify_frame(void *ctx, uint32_t epoch, const struct acd_frame *frame)
{
    struct verify *v = ctx;
    int error;

    (void)epoch;
    compare_here(v);
    error = follow_frame(v->engine, &v->visits, frame);
    if (error == ACD_BUSY) { /* an interval is over */
        verify_turn(v);
        error = follow_frame(v->engine, &v->visits, frame);
    }
    if (error != ACD_OK) {
        verify_fault(v, "journal.mdb: event %" PRIu64 " cannot be applied: %s",
                     frame->first_sequence, acd_error_text(error));
        return false;
    }
    compare_visits(v);
    v->out->events += frame->count;
    return true;
}

static void fold(struct verify *v)
{
    uint64_t bad = 0, trimmed, last;
    int error = journal_walk(v->journal, v->out->image, verify_frame, v, &bad);

    if (error != 0)
        verify_fault(v, "journal.mdb: batch %" PRIu64 " is damaged or missing", bad);
    compare_here(v);
    if (journal_ends(v->journal, &trimmed, &last) != 0 || trimmed > v->out->image ||
        last < v->meta.applied || !v->rows_done)
        verify_fault(v, "journal.mdb: does not lead from image %" PRIu64 " to the rows at %" PRIu64,
                     v->out->image, v->meta.applied);
}

/* ---- setting up ------------------------------------------------------------------------------ */

static void snapshots_end(struct verify *v)
{
    if (v->tables != NULL)
        store_abort(v->tables);
    if (v->history != NULL)
        store_abort(v->history);
    if (v->journal != NULL)
        store_abort(v->journal);
    v->tables = v->history = v->journal = NULL;
}

static int snapshots(struct verify *v)
{
    uint32_t format;
    int error = store_begin(v->r->tables, false, &v->tables);

    if (error == 0)
        error = store_begin(v->r->history, false, &v->history);
    if (error == 0)
        error = store_begin(v->r->journal, false, &v->journal);
    if (error == 0)
        error = format_mark_get(v->history, &v->history_mark, &format);
    if (error == 0)
        error = format_meta_get(v->tables, &v->meta, &format);
    return error == 0 ? image_list(&v->images, NULL, v->r->directory)
                      : persist_store_error(NULL, error);
}

/* Snapshots and an image that go together: a worker may drop the image just looked at. */
static int begin(struct verify *v)
{
    int error = ACD_OK;

    if (store_check(v->r->tables) != 0 || store_check(v->r->journal) != 0 ||
        store_check(v->r->history) != 0)
        return persist_fault(NULL, ACD_INVALID, "%s", store_error());
    for (int i = 0; i < TRIES; i++) {
        error = snapshots(v);
        if (error != ACD_OK)
            return error;
        if (v->images.count > 0 && v->images.sequences[0] <= v->meta.applied) {
            v->out->image = v->images.sequences[0];
            v->next_image = 1;
            error = image_engine(&v->engine, v->r->directory, v->out->image, v->meta.epoch);
            if (error != ACD_SYSTEM)
                return error;
        } else {
            error =
                persist_fault(NULL, ACD_INVALID, "%s: has no image to begin at; restore a backup",
                              v->r->directory);
        }
        snapshots_end(v);
    }
    return error;
}

int acd_store_verify(struct acd_reader *r, void (*report)(void *ctx, const char *fault), void *ctx,
                     struct acd_verified *out)
{
    struct verify v = {.r = r, .report = report, .ctx = ctx, .out = out};
    int error;

    *out = (struct acd_verified){.image = 0};
    error = history_open(&v.visits) ? begin(&v)
                                    : persist_fault(NULL, ACD_NO_MEMORY, "no memory to verify");
    if (error == ACD_INVALID)
        verify_fault(&v, "%s", acd_persist_error(NULL));
    if (error == ACD_OK) {
        out->applied = v.meta.applied;
        check_visits(&v);
        check_heads(&v);
        verify_intervals(&v);
        verify_folds(&v);
        fold(&v);
    }
    if (error == ACD_OK && out->faults > 0)
        error = persist_fault(NULL, ACD_INVALID, "%s: %" PRIu64 " faults; restore a backup",
                              r->directory, out->faults);
    acd_close(v.engine);
    snapshots_end(&v);
    history_close(&v.visits);
    return error;
}
