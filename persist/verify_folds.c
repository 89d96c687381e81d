#include <inttypes.h>
#include <string.h>

#include "persist/kept.h"
#include "persist/reader.h"
#include "persist/verify.h"

/* Kept days compared: each part that there is, with what the intervals of its day add up to.
 *
 * Failure modes: a part is damaged, another, or missing: told. Days of which the intervals are
 * gone, or those of the day before, are looked at only. */

struct comparing {
    struct verify *v;
    struct kept_key key;
};

static void fold_fault(struct verify *v, const struct kept_key *k, const char *what)
{
    verify_fault(v, "history.mdb: the day of %.*s from interval %" PRIu32 ", %s, %s",
                 (int)k->zone.len, k->zone.data, k->start,
                 k->of == INTERVAL_QUEUE ? "queues" : "agents", what);
}

static int part_compare(void *ctx, uint32_t part, struct store_bytes value)
{
    struct comparing *c = ctx;
    uint8_t bytes[KEPT_KEY_MAX];
    struct store_bytes key, have;

    c->key.part = part;
    key = kept_key_put(bytes, &c->key);
    kept_seal(key, (uint8_t *)(uintptr_t)value.data, value.len);
    if (store_get(c->v->history, HISTORY_FOLDS, key, &have) != 0)
        fold_fault(c->v, &c->key, "misses a part");
    else if (have.len != value.len || memcmp(have.data, value.data, value.len) != 0)
        fold_fault(c->v, &c->key, "is another");
    return 0;
}

/* A day's queues, or agents, added up again. */
static void day_compare(struct verify *v, const struct kept_key *k, uint32_t end)
{
    acd_time bounds[2] = {(acd_time)k->start * INTERVAL_SPAN, (acd_time)end * INTERVAL_SPAN};
    struct acd_fold_query query = {
        .agents = k->of == INTERVAL_AGENT, .bounds = bounds, .pieces = 1, .now = bounds[1]};
    struct folding f = {.query = &query};
    struct comparing c = {v, *k};

    if (folds_gather(v->r, &f) == ACD_OK)
        (void)kept_parts(&f, bounds[0], bounds[1], part_compare, &c);
    else
        fold_fault(v, k, acd_persist_error(NULL));
    folding_fini(&f);
}

/* Whether the intervals tell all of a day: one turned before it. */
static bool is_told(const struct verify *v, uint32_t start)
{
    return v->first_interval.of != 0 && v->first_interval.number < start;
}

void verify_folds(struct verify *v)
{
    struct store_bytes key, value;
    int found =
        store_at_or_after(v->history, HISTORY_FOLDS, (struct store_bytes){NULL, 0}, &key, &value);

    for (; found == 0; found = store_next(v->history, HISTORY_FOLDS, &key, &value)) {
        struct kept_key k = {.start = 0};
        struct format_fold head;

        v->out->folds++;
        if (!kept_key_get(key, &k) || !kept_part_read(key, value, &head))
            fold_fault(v, &k, "is damaged");
        else if (k.part == 0 && is_told(v, k.start))
            day_compare(v, &k, head.end);
    }
}
