/* acdctl: what may have been meant. */

#include <string.h>

#include "tools/acdctl.h"

enum { WORD_MAX = 40 };

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* Insertions, deletions, replacements and swaps of neighbours from one word to the other. */
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][WORD_MAX + 1], *before = rows[0], *above = rows[1], *row = rows[2];
    size_t a_len = strlen(a), b_len = strlen(b);

    if (a_len > WORD_MAX || b_len > WORD_MAX)
        return WORD_MAX;
    for (size_t j = 0; j <= b_len; j++)
        above[j] = before[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t *oldest = before;

        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            row[j] = least(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1, row[j]);
        }
        before = above;
        above = row;
        row = oldest;
    }
    return above[b_len];
}

const char *ctl_nearest(const char *typed, const char *(*word)(const void *ctx, size_t i),
                        const void *ctx)
{
    const char *best = NULL, *candidate;
    size_t best_distance = strlen(typed) / 3 + 2; /* farther away it is another word */

    for (size_t i = 0; (candidate = word(ctx, i)) != NULL; i++) {
        size_t d = distance(typed, candidate);

        if (d < best_distance) {
            best = candidate;
            best_distance = d;
        }
    }
    return best;
}
