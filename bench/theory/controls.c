#include "bench/theory/controls.h"

#include <math.h>
#include <stdlib.h>

#include "bench/harness.h"
#include "bench/theory/erlang.h"

/* Places among a window's controls. */
enum { CALLERS, TALK, BUSY, MARKS };

void controls_init(struct controls *c, unsigned agents, double load, double talk, int64_t warm_up,
                   int64_t window, size_t windows)
{
    double spread = sqrt(load);

    *c = (struct controls){.agents = agents,
                           .load = load,
                           .talk = talk,
                           .warm_up = warm_up,
                           .window = window,
                           .windows = windows,
                           .has_line = agents > 1 && load < agents};
    c->marks[c->mark_count++] = agents;
    if (agents >= 5) {
        c->marks[c->mark_count++] = agents + (unsigned)lrint(spread / 2);
        c->marks[c->mark_count++] = agents - (unsigned)lrint(spread / 2);
    }
    c->count = MARKS + 2 * c->mark_count + (c->has_line ? 2 : 0);
    c->values = bench_take(windows * c->count, sizeof *c->values);
    c->talk_room = 1024;
    c->talks = bench_take(c->talk_room, sizeof *c->talks);
}

void controls_fini(struct controls *c)
{
    free(c->values);
    free(c->talks);
}

/* ---- infinitely many agents ------------------------------------------------------------------ */

static void talks_add(struct controls *c, int64_t end)
{
    size_t hole = c->talk_count++;

    if (c->talk_count > c->talk_room) {
        c->talk_room *= 2;
        c->talks = realloc(c->talks, c->talk_room * sizeof *c->talks);
        if (c->talks == NULL)
            bench_give_up("out of memory");
    }
    for (; hole > 0 && end < c->talks[(hole - 1) / 2]; hole = (hole - 1) / 2)
        c->talks[hole] = c->talks[(hole - 1) / 2];
    c->talks[hole] = end;
}

static void talks_take(struct controls *c)
{
    int64_t last = c->talks[--c->talk_count];
    size_t hole = 0;

    for (size_t child = 1; child < c->talk_count; child = 2 * hole + 1) {
        if (child + 1 < c->talk_count && c->talks[child + 1] < c->talks[child])
            child++;
        if (c->talks[child] >= last)
            break;
        c->talks[hole] = c->talks[child];
        hole = child;
    }
    c->talks[hole] = last;
}

static double *window_at(struct controls *c, int64_t at)
{
    int64_t window = at < c->warm_up ? -1 : (at - c->warm_up) / c->window;

    return window < 0 || window >= (int64_t)c->windows ? NULL
                                                       : c->values + (size_t)window * c->count;
}

static void busy_for(struct controls *c, double *values, double share)
{
    double busy = (double)c->talk_count;

    values[BUSY] += busy * share;
    for (size_t i = 0; i < c->mark_count; i++) {
        values[MARKS + 2 * i] += c->talk_count >= c->marks[i] ? share : 0;
        values[MARKS + 2 * i + 1] += c->talk_count > c->marks[i] ? (busy - c->marks[i]) * share : 0;
    }
}

/* The same number is busy until `to`. */
static void count_up_to(struct controls *c, int64_t to)
{
    while (c->at < to) {
        double *values = window_at(c, c->at);
        int64_t end =
            c->at < c->warm_up ? c->warm_up : c->at - (c->at - c->warm_up) % c->window + c->window;

        end = end < to ? end : to;
        if (values != NULL)
            busy_for(c, values, (double)(end - c->at) / (double)c->window);
        c->at = end;
    }
}

static void pass_time(struct controls *c, int64_t to)
{
    while (c->talk_count > 0 && c->talks[0] <= to) {
        count_up_to(c, c->talks[0]);
        talks_take(c);
    }
    count_up_to(c, to);
}

/* ---- callers --------------------------------------------------------------------------------- */

void controls_arrival(struct controls *c, int64_t at, int64_t talk)
{
    double expected = c->load * (double)c->window / c->talk; /* callers a window */
    double *values = window_at(c, at);

    pass_time(c, at);
    talks_add(c, at + talk);
    c->line = fmax(0, c->line - (double)(at - c->line_at));
    c->line_at = at;
    if (values != NULL) {
        values[CALLERS] += 1 / expected;
        values[TALK] += (double)talk / c->talk / expected;
        if (c->has_line) {
            values[c->count - 2] += c->line / c->talk / expected;
            values[c->count - 1] += c->line > 0 ? 1 / expected : 0;
        }
    }
    c->line += (double)talk / c->agents;
}

void controls_end(struct controls *c)
{
    double means[CONTROLS_MAX] = {1, 1, c->load}, share = c->load / c->agents;

    pass_time(c, c->warm_up + c->window * (int64_t)c->windows);
    for (size_t i = 0; i < c->mark_count; i++) {
        means[MARKS + 2 * i] = poisson_reaches(c->marks[i], c->load);
        means[MARKS + 2 * i + 1] = poisson_beyond(c->marks[i], c->load);
    }
    if (c->has_line) {
        means[c->count - 2] = share / (1 - share) / c->agents;
        means[c->count - 1] = share;
    }
    for (size_t i = 0; i < c->windows * c->count; i++)
        c->values[i] -= means[i % c->count];
}

/* ---- regression -------------------------------------------------------------------------------
 */

enum { WIDTH = CONTROLS_MAX + 1 };

/* Solves in place; false for a column that hangs on the others, which is left out: its row and
 * column become those of the unit matrix. `unit` becomes a column of the inverse. */
static void solve(double a[WIDTH][WIDTH], double b[WIDTH], double unit[WIDTH], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double pivot = a[i][i];

        if (pivot < 1e-3) {
            for (size_t j = 0; j < n; j++)
                a[i][j] = a[j][i] = i == j;
            b[i] = unit[i] = 0;
            continue;
        }
        for (size_t j = 0; j < n; j++)
            a[i][j] /= pivot;
        b[i] /= pivot, unit[i] /= pivot;
        for (size_t k = 0; k < n; k++) {
            double factor = a[k][i];

            if (k == i)
                continue;
            for (size_t j = 0; j < n; j++)
                a[k][j] -= factor * a[i][j];
            b[k] -= factor * b[i], unit[k] -= factor * unit[i];
        }
    }
}

/* Columns are scaled to a mean square of 1; the first one is the constant, so that it stays. */
struct regression regress(const double *y, const double *x, size_t count, size_t width)
{
    double a[WIDTH][WIDTH] = {{0}}, b[WIDTH] = {0}, unit[WIDTH] = {1}, scale[WIDTH], row[WIDTH];
    double square = 0, n = (double)count;

    for (size_t j = 0; j < width; j++) {
        scale[j] = 0;
        for (size_t i = 0; i < count; i++)
            scale[j] += x[i * width + j] * x[i * width + j] / n;
        scale[j] = scale[j] > 0 ? 1 / sqrt(scale[j]) : 0;
    }
    row[0] = 1;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < width; j++)
            row[j + 1] = x[i * width + j] * scale[j];
        for (size_t j = 0; j <= width; j++) {
            b[j] += row[j] * y[i] / n;
            for (size_t k = 0; k <= width; k++)
                a[j][k] += row[j] * row[k] / n;
        }
    }
    solve(a, b, unit, width + 1);
    for (size_t i = 0; i < count; i++) {
        double off = y[i] - b[0];

        for (size_t j = 0; j < width; j++)
            off -= b[j + 1] * x[i * width + j] * scale[j];
        square += off * off;
    }
    square /= n - (double)width - 1;
    return (struct regression){b[0], sqrt(square * unit[0] / n)};
}
