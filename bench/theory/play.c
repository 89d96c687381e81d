#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/harness.h"
#include "bench/theory/cases.h"
#include "bench/theory/controls.h"
#include "bench/theory/erlang.h"
#include "tools/sim.h"

/* One case: a scenario for the simulator, the controls beside it, the figures out of both. */

static const acd_span TALK = 180 * ACD_SECOND;
static const acd_span IN_TIME = 20 * ACD_SECOND;
static const double TIME_LIMIT = 0.02, SHARE_LIMIT = 0.002; /* half-widths that are wanted */

/* Until what it began with is forgotten: e^-20 of it is left by the slower of two relaxations, that
 * of the agents and that of the line (Cohen 1969), which patience makes no longer. */
static acd_span warm_up_of(const struct theory_case *c)
{
    double slow = 1, gap = 1 - sqrt(c->share);

    if (c->loss == 0)
        slow = fmax(slow, 1 / (c->agents * gap * gap));
    else
        slow = fmax(slow, 1 / c->loss);
    return (acd_span)(20 * slow * (double)TALK);
}

static unsigned queues_of(const struct theory_case *c)
{
    return c->parts == TWO_QUEUES ? 2 : 1;
}

/* Agents who serve all queues, and have these skills. */
static void make_group(struct scenario *s, const char *name, const struct theory_case *c,
                       unsigned agents, const char *skills)
{
    struct sim_group *group = scenario_add_group(s, name, agents);

    for (unsigned i = 0; i < queues_of(c); i++)
        sim_group_add_seat(group, i, 1);
    for (; *skills != '\0'; skills++)
        sim_group_add_talent(group, (struct sim_talent){{skills[0], '\0'}, 1});
}

static void make_groups(struct scenario *s, const struct theory_case *c)
{
    switch (c->parts) {
    case ONE_QUEUE:
    case TWO_QUEUES: make_group(s, "agents", c, c->agents, ""); break;
    case SKILLS_POOLED: make_group(s, "agents", c, c->agents, "ab"); break;
    case SKILLS_APART:
        make_group(s, "agents-a", c, c->agents / 2, "a");
        make_group(s, "agents-b", c, c->agents / 2, "b");
        break;
    }
}

static void make_scenario(struct scenario *s, const struct theory_case *c, uint64_t seed,
                          double part)
{
    double load = c->share * c->agents;

    scenario_init(s);
    s->seed = seed;
    s->runs = 1;
    s->windows = CASE_WINDOWS;
    s->warm_up = warm_up_of(c);
    s->window = (acd_span)(c->calls * 1e6 * part / CASE_WINDOWS / load * (double)TALK);
    for (unsigned i = 0; i < queues_of(c); i++) {
        char name[] = {(char)('a' + i), '\0'};
        struct sim_queue *q = scenario_add_queue(s, name);

        sim_queue_add_rate(q, load / queues_of(c) * (double)DAY_HOUR / (double)TALK);
        q->handling.mean = TALK;
        q->set.service_level_threshold = IN_TIME;
        if (c->loss > 0)
            q->patience =
                (struct sim_law){.shape = SIM_EXPONENTIAL, .mean = llround((double)TALK / c->loss)};
        if (c->parts >= SKILLS_APART) {
            sim_queue_add_asking(q, (struct sim_asking){0.5, "a"});
            sim_queue_add_asking(q, (struct sim_asking){0.5, "b"});
        }
    }
    make_groups(s, c);
}

static void on_arrival(void *ctx, uint32_t queue, acd_span at, acd_span handling,
                       const struct acd_view_outcome *outcome)
{
    (void)queue;
    (void)outcome;
    controls_arrival(ctx, at, handling);
}

static double value_of(const struct sim_result *r, size_t window, enum figure_kind kind)
{
    const struct sim_calls *c = sim_calls_of(r, window, r->queues);
    const struct sim_work *w = sim_work_of(r, window, r->groups);

    switch (kind) {
    case FIGURE_DELAYED: return (double)c->delayed;
    case FIGURE_WAIT: return (double)(c->wait_answered + c->wait_abandoned);
    case FIGURE_IN_TIME: return (double)c->in_time;
    case FIGURE_ABANDONED: return (double)c->abandoned;
    case FIGURE_BUSY: return (double)w->busy / (double)w->staffed;
    }
    return NAN;
}

/* Sums are divided by the calls expected, not by those that came: how many came is a control. */
static void estimate(struct theory_figure *f, const struct scenario *s, const struct sim_result *r,
                     const struct controls *x, double confidence)
{
    double y[CASE_WINDOWS], n = CASE_WINDOWS;
    double expected = x->load * (double)s->window / (double)TALK;
    double unit = f->kind == FIGURE_BUSY ? 1 : expected;
    struct regression with, without;

    if (f->kind == FIGURE_WAIT)
        unit *= (double)TALK;
    for (size_t i = 0; i < CASE_WINDOWS; i++)
        y[i] = value_of(r, i, f->kind) / unit;
    with = regress(y, x->values, CASE_WINDOWS, x->count);
    without = regress(y, x->values, CASE_WINDOWS, 0);
    f->mean = with.mean;
    f->half = with.error * sim_student(n - (double)x->count - 1, confidence);
    f->plain = without.error * sim_student(n - 1, confidence);
    f->limit = f->kind == FIGURE_WAIT ? TIME_LIMIT * f->theory : SHARE_LIMIT;
}

static void figure_add(struct theory_result *r, enum figure_kind kind, double theory)
{
    r->figures[r->count++] = (struct theory_figure){.kind = kind, .theory = theory};
}

static void theory_of(const struct theory_case *c, struct theory_result *r)
{
    unsigned agents = c->parts == SKILLS_APART ? c->agents / 2 : c->agents;
    double load = c->share * agents;
    struct erlang e = c->loss > 0 ? erlang_a(agents, load, c->loss)
                                  : erlang_c(agents, load, (double)IN_TIME / (double)TALK);

    figure_add(r, FIGURE_WAIT, e.wait);
    figure_add(r, FIGURE_DELAYED, e.delayed);
    figure_add(r, FIGURE_BUSY, e.occupancy);
    if (c->loss > 0)
        figure_add(r, FIGURE_ABANDONED, e.abandoned);
    else
        figure_add(r, FIGURE_IN_TIME, e.in_time);
}

size_t theory_figures(const struct theory_case *c)
{
    struct theory_result r = {.count = 0};

    theory_of(c, &r);
    return r.count;
}

void theory_play(const struct theory_case *c, uint64_t seed, double part, double confidence,
                 struct theory_result *out)
{
    struct controls controls;
    struct sim_watch watch = {.ctx = &controls, .on_arrival = on_arrival};
    struct scenario s;
    struct sim_result r;

    *out = (struct theory_result){.count = 0};
    theory_of(c, out);
    make_scenario(&s, c, seed, part);
    controls_init(&controls, c->agents, c->share * c->agents, (double)TALK, s.warm_up, s.window,
                  s.windows);
    sim_run(&s, &watch, &r);
    controls_end(&controls);
    for (size_t i = 0; i < out->count; i++)
        estimate(&out->figures[i], &s, &r, &controls, confidence);
    controls_fini(&controls);
    sim_result_fini(&r);
    scenario_fini(&s);
}
