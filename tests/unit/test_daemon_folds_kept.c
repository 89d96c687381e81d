/* What is kept of folds, and how much it may hold; the readers are only names here. */

#include <criterion/criterion.h>

#include "daemon/folds_kept.h"

enum { MOST = 1000 };

static char names[8];

static struct acd_reader *reader(int n)
{
    return (struct acd_reader *)&names[n];
}

static struct acd_reader *oldest(struct folds_kept *k)
{
    return folds_kept_oldest(k, UINT64_MAX);
}

Test(folds_kept, so_many_at_most)
{
    struct folds_kept k = {.bytes = 0};

    for (int i = 0; i < FOLDS_KEPT; i++) {
        cr_assert(folds_kept_has_room(&k, 1, MOST));
        folds_kept_put(&k, reader(i), 1, 100 + (uint64_t)i);
    }
    cr_assert(!folds_kept_has_room(&k, 1, MOST));
    cr_assert_eq(oldest(&k), reader(0));
    cr_assert(folds_kept_has_room(&k, 1, MOST));
    folds_kept_put(&k, reader(4), 1, 50); /* in the place of the first, but by its time */
    cr_assert_eq(oldest(&k), reader(4));
    for (int i = 1; i < FOLDS_KEPT; i++)
        cr_assert_eq(oldest(&k), reader(i));
    cr_assert_null(oldest(&k));
    cr_assert_eq(k.bytes, 0);
}

Test(folds_kept, so_much_together_at_most)
{
    struct folds_kept k = {.bytes = 0};

    cr_assert(folds_kept_has_room(&k, MOST, MOST));
    cr_assert(!folds_kept_has_room(&k, MOST + 1, MOST));
    folds_kept_put(&k, reader(0), 400, 1);
    folds_kept_put(&k, reader(1), 500, 2);
    cr_assert(folds_kept_has_room(&k, 100, MOST));
    cr_assert(!folds_kept_has_room(&k, 101, MOST));
    cr_assert(!folds_kept_has_room(&k, SIZE_MAX, MOST));
    cr_assert_eq(oldest(&k), reader(0));
    cr_assert(folds_kept_has_room(&k, 500, MOST));
    cr_assert(!folds_kept_has_room(&k, 501, MOST));
}

Test(folds_kept, for_so_long)
{
    struct folds_kept k = {.bytes = 0};

    folds_kept_put(&k, reader(0), 10, 100);
    folds_kept_put(&k, reader(1), 10, 50);
    folds_kept_put(&k, reader(2), 10, 75);
    cr_assert_eq(folds_kept_oldest(&k, 75), reader(1));
    cr_assert_eq(folds_kept_oldest(&k, 75), reader(2));
    cr_assert_null(folds_kept_oldest(&k, 75));
    cr_assert_eq(k.bytes, 10);
}

/* One of all agents that there may be, by team, has room: what each takes is in acd_folds.h. */
Test(folds_kept, one_of_everybody)
{
    const struct acd_limits limits = {.agents = 1000000, .queues = 10000};
    size_t most = folds_kept_most(&limits);
    struct folds_kept k = {.bytes = 0};

    cr_assert(folds_kept_has_room(&k, limits.agents * (size_t)700, most));
    cr_assert(folds_kept_has_room(&k, limits.queues * (size_t)6144, most));
    cr_assert_lt(most, (size_t)2 << 30);
}
