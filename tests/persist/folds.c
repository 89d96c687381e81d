#include "tests/persist/folds.h"

#include <criterion/criterion.h>

#include <stdatomic.h>

#include "persist/intervals.h"

/* Who reads a row of intervals is led here by the linker (CMakeLists.txt). */
bool row_get(struct store_bytes key, struct store_bytes value,
             struct interval_row *out) __asm__("__real_interval_row_get");
bool row_count(struct store_bytes key, struct store_bytes value,
               struct interval_row *out) __asm__("__wrap_interval_row_get");

static atomic_uint_fast64_t rows;

bool row_count(struct store_bytes key, struct store_bytes value, struct interval_row *out)
{
    atomic_fetch_add(&rows, 1);
    return row_get(key, value, out);
}

void folds_reader(const struct site *s, struct acd_reader **r)
{
    cr_assert_eq(acd_reader_open_directory(r, s->directory), ACD_OK);
}

void folds_page(struct acd_reader *r, struct acd_fold_query *q, struct acd_fold_cursor *at,
                struct folds *out)
{
    uint64_t before = atomic_load(&rows);
    int bytes = acd_folds_read(r, q, at, &out->until, out->bytes + out->used,
                               sizeof out->bytes - out->used);

    cr_assert_geq(bytes, 0, "%s", acd_persist_error(NULL));
    out->used += (size_t)bytes;
    out->rows += atomic_load(&rows) - before;
}

void folds_all(const struct site *s, struct acd_fold_query *q, struct folds *out)
{
    struct acd_fold_cursor at = {0, 0};
    struct acd_reader *r;

    out->used = out->rows = 0;
    folds_reader(s, &r);
    while (at.piece < q->pieces)
        folds_page(r, q, &at, out);
    acd_reader_close(r);
}

struct acd_fold_query folds_cut(acd_time bounds[PIECES + 1], acd_span quarters, acd_time to)
{
    struct acd_fold_query q = {
        .threshold = 20 * ACD_SECOND, .short_after = 5 * ACD_SECOND, .bounds = bounds, .now = to};

    bounds[0] = 0;
    while (bounds[q.pieces] < to) {
        cr_assert_lt(q.pieces, PIECES);
        q.pieces++;
        bounds[q.pieces] = bounds[q.pieces - 1] + quarters * INTERVAL_SPAN;
    }
    return q;
}

void folds_same(const struct folds *a, const struct folds *b)
{
    cr_assert_eq(a->used, b->used);
    cr_assert_arr_eq(a->bytes, b->bytes, a->used);
}

static const acd_span NIGHT = (30 * 3600 + 77) * ACD_SECOND;

void folds_run(struct site *s)
{
    s->strides = true;
    site_open(s);
    site_run(s, 1500);
    DO(s, ACD_SECOND, agent_state, .name = acd_str("ann"), .state = ACD_NOT_READY, .reason = 2);
    DO(s, 0, day_turn, .day = site_tomorrow(s, 0));
    for (int night = 0; night < 3; night++) { /* nothing happens, for a day and more */
        site_run(s, 300);
        DO(s, NIGHT, day_turn, .day = site_tomorrow(s, NIGHT));
    }
    site_run(s, 200);
    site_settle(s);
}
