#include "daemon/folds_kept.h"

#include "engine/acd_assert.h"

static const size_t MOST = (size_t)64 << 20, MOST_AGENT = 1024, MOST_QUEUE = 8192;

size_t folds_kept_most(const struct acd_limits *limits)
{
    return MOST + limits->agents * MOST_AGENT + limits->queues * MOST_QUEUE;
}

/* FOLDS_KEPT: there is none. */
static int free_place(const struct folds_kept *k)
{
    int i = 0;

    while (i < FOLDS_KEPT && k->at[i].reader != NULL)
        i++;
    return i;
}

bool folds_kept_has_room(const struct folds_kept *k, size_t bytes, size_t most)
{
    return free_place(k) < FOLDS_KEPT && k->bytes <= most && bytes <= most - k->bytes;
}

void folds_kept_put(struct folds_kept *k, struct acd_reader *reader, size_t bytes, uint64_t now_ms)
{
    int place = free_place(k);

    ACD_ASSERT(place < FOLDS_KEPT);
    k->at[place] = (struct kept_fold){reader, bytes, now_ms};
    k->bytes += bytes;
}

static struct acd_reader *take(struct folds_kept *k, struct kept_fold *fold)
{
    struct acd_reader *reader = fold->reader;

    k->bytes -= fold->bytes;
    *fold = (struct kept_fold){.reader = NULL};
    return reader;
}

struct acd_reader *folds_kept_take(struct folds_kept *k, const struct acd_fold_query *query,
                                   const struct acd_fold_cursor *at)
{
    for (int i = 0; i < FOLDS_KEPT; i++)
        if (k->at[i].reader != NULL && acd_folds_go_on(k->at[i].reader, query, at))
            return take(k, &k->at[i]);
    return NULL;
}

struct acd_reader *folds_kept_oldest(struct folds_kept *k, uint64_t before_ms)
{
    struct kept_fold *oldest = NULL;

    for (int i = 0; i < FOLDS_KEPT; i++)
        if (k->at[i].reader != NULL && k->at[i].since_ms <= before_ms &&
            (oldest == NULL || k->at[i].since_ms < oldest->since_ms))
            oldest = &k->at[i];
    return oldest == NULL ? NULL : take(k, oldest);
}
