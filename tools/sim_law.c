#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tools/play_room.h"
#include "tools/sim.h"

/* Spans drawn by a law, and the laws that a trace has. */

static acd_span drawn_lognormal(const struct sim_law *law, struct random *random)
{
    double variance = log1p(law->spread * law->spread); /* of the logarithm */
    double at = sqrt(variance) * random_normal(random) - variance / 2;

    return llround((double)law->mean * exp(at));
}

static acd_span drawn_of_steps(const struct sim_law *law, double part)
{
    size_t low = 0, high = law->step_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (part < law->steps[middle].below)
            high = middle;
        else
            low = middle + 1;
    }
    return low == law->step_count ? ACD_FOREVER : law->steps[low].span;
}

acd_span sim_draw(const struct sim_law *law, struct random *random)
{
    switch (law->shape) {
    case SIM_FIXED: return law->mean;
    case SIM_EXPONENTIAL: return llround(-log(random_unit(random)) * (double)law->mean);
    case SIM_LOGNORMAL: return drawn_lognormal(law, random);
    case SIM_DRAWN: return drawn_of_steps(law, random_unit(random));
    case SIM_NEVER:
    case SIM_RECORDED: break;
    }
    return ACD_FOREVER;
}

/* ---- from a trace -----------------------------------------------------------------------------
 */

struct seen {
    acd_span span;
    bool whole; /* else it was cut short: it would have been longer */
};

/* Of one length, those that were whole come first: who is cut short was still there then. */
static int by_span(const void *a, const void *b)
{
    const struct seen *x = a, *y = b;

    if (x->span != y->span)
        return x->span < y->span ? -1 : 1;
    return (int)y->whole - (int)x->whole;
}

/* Kaplan and Meier (1958): of those still there at a span, the share that ends there. */
static bool law_of(struct sim_law *law, struct seen *seen, size_t count)
{
    double left = 1;

    *law = (struct sim_law){.shape = SIM_DRAWN, .steps = room_for(count, sizeof *law->steps)};
    qsort(seen, count, sizeof *seen, by_span);
    for (size_t i = 0; i < count; i++) {
        if (!seen[i].whole)
            continue;
        left -= left / (double)(count - i);
        law->steps[law->step_count++] =
            (struct sim_step){i + 1 == count ? 2 : 1 - left, seen[i].span};
    }
    return law->step_count > 0;
}

static bool is_of(const struct trace_row *row, const char *type)
{
    return *type == '\0' || strcmp(row->type, type) == 0;
}

bool sim_law_of_talks(struct sim_law *law, const struct trace *t, const char *type)
{
    struct seen *seen = room_for(t->count, sizeof *seen);
    size_t count = 0;
    bool any;

    for (size_t i = 0; i < t->count; i++)
        if (t->rows[i].outcome == TRACE_AGENT && is_of(&t->rows[i], type))
            seen[count++] = (struct seen){t->rows[i].ser_time * ACD_SECOND, true};
    any = law_of(law, seen, count);
    free(seen);
    return any;
}

bool sim_law_of_patience(struct sim_law *law, const struct trace *t, const char *type)
{
    struct seen *seen = room_for(t->count, sizeof *seen);
    size_t count = 0;
    bool any;

    for (size_t i = 0; i < t->count; i++)
        if (is_of(&t->rows[i], type))
            seen[count++] =
                (struct seen){t->rows[i].q_time * ACD_SECOND, t->rows[i].outcome == TRACE_HANG};
    any = law_of(law, seen, count);
    free(seen);
    return any;
}
