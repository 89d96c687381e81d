#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tools/play_room.h"
#include "tools/sim.h"

/* What came out, as a table and as JSON. Definitions are those of the engine's sums; refused calls
 * never entered. */

/* A figure: a ratio of two of a window's sums. */
typedef double (*part_of)(const struct sim_calls *c);

struct figure {
    const char *name, *head;
    part_of above, below;
    double scale;
};

static double offered(const struct sim_calls *c)
{
    return (double)(c->entered + c->refused);
}
static double entered(const struct sim_calls *c)
{
    return (double)c->entered;
}
static double answered(const struct sim_calls *c)
{
    return (double)c->answered;
}
static double abandoned(const struct sim_calls *c)
{
    return (double)c->abandoned;
}
static double decided(const struct sim_calls *c)
{
    return (double)(c->answered + c->abandoned);
}
static double in_time(const struct sim_calls *c)
{
    return (double)c->in_time;
}
static double delayed(const struct sim_calls *c)
{
    return (double)c->delayed;
}
static double wait_answered(const struct sim_calls *c)
{
    return (double)c->wait_answered;
}
static double one(const struct sim_calls *c)
{
    (void)c;
    return 1;
}

static const struct figure FIGURES[] = {
    {"offered", "offered", offered, one, 1},
    {"service_level_b", "SL_B %", in_time, decided, 100},
    {"asa", "ASA s", wait_answered, answered, 1e-6},
    {"abandoned", "abandoned %", abandoned, entered, 100},
    {"delayed", "delayed %", delayed, entered, 100},
};
enum { FIGURE_COUNT = sizeof FIGURES / sizeof FIGURES[0] };

/* What counts as in time; what a scenario does not say is the engine's. */
static double within_s(const struct scenario *s, size_t queue)
{
    const acd_span set = s->queues[queue].set.service_level_threshold;

    return (double)(set == 0 ? 20 * ACD_SECOND : set) / 1e6;
}

static struct sim_estimate scaled(struct sim_estimate e, double scale)
{
    return (struct sim_estimate){e.value * scale, e.half * scale};
}

static struct sim_estimate figure_of(const struct scenario *s, const struct sim_result *r,
                                     size_t queue, const struct figure *f)
{
    double *above = room_for(2 * r->windows, sizeof *above), *below = above + r->windows;
    struct sim_estimate e;

    for (size_t i = 0; i < r->windows; i++) {
        above[i] = f->above(sim_calls_of(r, i, queue));
        below[i] = f->below(sim_calls_of(r, i, queue));
    }
    e = sim_ratio(above, below, r->windows, s->confidence);
    free(above);
    return scaled(e, f->scale);
}

static struct sim_estimate occupancy_of(const struct scenario *s, const struct sim_result *r,
                                        size_t group)
{
    double *busy = room_for(2 * r->windows, sizeof *busy), *staffed = busy + r->windows;
    struct sim_estimate e;

    for (size_t i = 0; i < r->windows; i++) {
        busy[i] = (double)sim_work_of(r, i, group)->busy;
        staffed[i] = (double)sim_work_of(r, i, group)->staffed;
    }
    e = sim_ratio(busy, staffed, r->windows, s->confidence);
    free(busy);
    return scaled(e, 100);
}

static void print_estimate(struct sim_estimate e)
{
    char text[48] = "-";

    if (!isnan(e.value) && !isnan(e.half))
        snprintf(text, sizeof text, "%.2f +-%.2f", e.value, e.half);
    else if (!isnan(e.value))
        snprintf(text, sizeof text, "%.2f", e.value);
    printf(" %18s", text);
}

static void print_queue(const struct scenario *s, const struct sim_result *r, size_t queue)
{
    printf("%-14s", queue == r->queues ? "all" : s->queues[queue].name);
    for (int i = 0; i < FIGURE_COUNT; i++)
        print_estimate(figure_of(s, r, queue, &FIGURES[i]));
    putchar('\n');
}

static void print_group(const struct scenario *s, const struct sim_result *r, size_t group)
{
    printf("%-14s", group == r->groups ? "all" : s->groups[group].name);
    if (group < r->groups)
        printf(" %18u", s->groups[group].count);
    else
        printf(" %18s", "");
    print_estimate(occupancy_of(s, r, group));
    putchar('\n');
}

void sim_print(const struct scenario *s, const struct sim_result *r)
{
    printf("%zu windows of %.0f s, intervals at %g %%\n\n%-14s", r->windows,
           (double)s->window / 1e6, 100 * s->confidence, "queue");
    for (int i = 0; i < FIGURE_COUNT; i++)
        printf(" %18s", FIGURES[i].head);
    putchar('\n');
    for (size_t queue = 0; queue <= r->queues; queue++)
        if (queue < r->queues || r->queues > 1)
            print_queue(s, r, queue);
    printf("\n%-14s %18s %18s\n", "agents", "count", "occupancy %");
    for (size_t group = 0; group <= r->groups; group++)
        if (group < r->groups || r->groups > 1)
            print_group(s, r, group);
    printf("\noffered: a window; SL_B: answered in time / (answered + abandoned); ASA: of those "
           "answered;\nabandoned, delayed: of those not refused; occupancy: calls and wrap-up / "
           "time at work\nin time:");
    for (size_t queue = 0; queue < r->queues; queue++)
        printf("%s %s within %g s", queue == 0 ? "" : ",", s->queues[queue].name,
               within_s(s, queue));
    putchar('\n');
}

/* ---- JSON ------------------------------------------------------------------------------------ */

/* Without a value, null. */
static json_t *json_number(double value)
{
    return isnan(value) ? json_null() : json_real(value);
}

static json_t *json_estimate(struct sim_estimate e)
{
    return json_pack("{s:o, s:o}", "value", json_number(e.value), "half_width",
                     json_number(e.half));
}

static json_t *json_queue(const struct scenario *s, const struct sim_result *r, size_t queue)
{
    json_t *object = json_object();

    if (queue < r->queues) {
        json_object_set_new(object, "name", json_string(s->queues[queue].name));
        json_object_set_new(object, "service_level_within_s", json_real(within_s(s, queue)));
    }
    for (int i = 0; i < FIGURE_COUNT; i++)
        json_object_set_new(object, FIGURES[i].name,
                            json_estimate(figure_of(s, r, queue, &FIGURES[i])));
    return object;
}

static json_t *json_group(const struct scenario *s, const struct sim_result *r, size_t group)
{
    json_t *object = json_object();

    if (group < r->groups) {
        json_object_set_new(object, "name", json_string(s->groups[group].name));
        json_object_set_new(object, "count", json_integer(s->groups[group].count));
    }
    json_object_set_new(object, "occupancy", json_estimate(occupancy_of(s, r, group)));
    return object;
}

void sim_print_json(const struct scenario *s, const struct sim_result *r)
{
    json_t *queues = json_array(), *groups = json_array();
    json_t *root;

    for (size_t i = 0; i < r->queues; i++)
        json_array_append_new(queues, json_queue(s, r, i));
    for (size_t i = 0; i < r->groups; i++)
        json_array_append_new(groups, json_group(s, r, i));
    root = json_pack("{s:I, s:f, s:I, s:f, s:o, s:o, s:o, s:o}", "windows", (json_int_t)r->windows,
                     "window_s", (double)s->window / 1e6, "seed", (json_int_t)s->seed, "confidence",
                     s->confidence, "queues", queues, "agents", groups, "all",
                     json_queue(s, r, r->queues), "all_agents", json_group(s, r, r->groups));
    if (root == NULL || json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12)) != 0)
        play_die("the JSON cannot be written");
    putchar('\n');
    json_decref(root);
}
