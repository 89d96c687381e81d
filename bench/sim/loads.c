#include "bench/sim/loads.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/harness.h"
#include "tools/sim.h"

const char *const LOAD_NAMES[LOADS] = {"trace",  "steady",       "peak",  "priority",
                                       "shared", "understaffed", "skills"};

enum { SLOTS = 1 << 17, QUEUES_MAX = 16 };

/* ---- the moving average ------------------------------------------------------------------------
 */

/* What app_queue.c of Asterisk tells: of each queue the hold times of answered calls, those that
 * did not wait too, in whole seconds, the last one counting for a quarter, rounded down. */
static int32_t averaged(int32_t average, int32_t hold)
{
    return ((average << 2) - average + hold) >> 2;
}

/* ---- watching ----------------------------------------------------------------------------------
 */

struct told {
    uint32_t queue;
    acd_span at, ours;
    int32_t average;
    bool waits;
};

struct watch {
    struct told *told; /* by slot */
    int32_t averages[QUEUES_MAX];
    struct errors *errors;
};

static void on_arrival(void *ctx, uint32_t queue, acd_span at, acd_span handling,
                       const struct acd_view_outcome *outcome)
{
    struct watch *w = ctx;

    (void)handling;
    if (outcome->verdict != ACD_VERDICT_REFUSED)
        w->told[outcome->call.slot] =
            (struct told){.queue = queue,
                          .at = at,
                          .ours = outcome->estimated_wait,
                          .average = w->averages[queue],
                          .waits = outcome->verdict == ACD_VERDICT_QUEUED};
}

static void on_answer(void *ctx, acd_call_id call, acd_span at)
{
    struct watch *w = ctx;
    const struct told *t = &w->told[call.slot];
    struct errors *e = w->errors;
    double wait = (double)(at - t->at) / 1e6;

    w->averages[t->queue] = averaged(w->averages[t->queue], (int32_t)((at - t->at) / ACD_SECOND));
    if (!t->waits || t->ours == ACD_FOREVER)
        return; /* nobody was there; neither tells such a caller anything */
    e->calls++;
    e->waits += wait;
    e->ours += fabs((double)t->ours / 1e6 - wait);
    e->average += fabs(t->average - wait);
    e->ours_bias += (double)t->ours / 1e6 - wait;
    e->average_bias += t->average - wait;
}

static void on_end(void *ctx)
{
    struct watch *w = ctx;

    memset(w->averages, 0, sizeof w->averages);
}

static void play(const struct scenario *s, struct errors *errors)
{
    struct watch w = {.told = bench_take(SLOTS, sizeof *w.told), .errors = errors};
    struct sim_watch watch = {&w, on_arrival, on_answer, on_end};
    struct sim_result r;

    sim_run(s, &watch, &r);
    sim_result_fini(&r);
    free(w.told);
}

/* ---- made-up loads -----------------------------------------------------------------------------
 */

static void queue_with(struct scenario *s, const char *name, double rate, const char *handling,
                       const char *patience)
{
    struct sim_queue *q = scenario_add_queue(s, name);

    sim_queue_add_rate(q, rate);
    if (!sim_parse_law(handling, &q->handling) || !sim_parse_law(patience, &q->patience))
        bench_give_up("no law: %s, %s", handling, patience);
}

static void agents_of(struct scenario *s, const char *name, uint32_t count, uint32_t from,
                      uint32_t upto)
{
    struct sim_group *g = scenario_add_group(s, name, count);

    for (uint32_t queue = from; queue <= upto; queue++)
        sim_group_add_seat(g, queue, 1);
}

/* 10 agents at 95 %. */
static void make_steady(struct scenario *s)
{
    queue_with(s, "calls", 0.95 * 10 * 20, "lognormal 180s 0.9", "exponential 5m");
    agents_of(s, "agents", 10, 0, 0);
}

/* 25 agents; a morning that rises from half of what they can do to nearly half as much again. */
static void make_peak(struct scenario *s)
{
    static const double CURVE[] = {0.5,  0.6, 0.75, 0.9, 1.0,  1.15, 1.3, 1.45,
                                   1.35, 1.2, 1.0,  0.9, 0.75, 0.7,  0.6, 0.5};

    queue_with(s, "calls", CURVE[0] * 25 * 15, "lognormal 240s 1.0", "exponential 6m");
    for (size_t i = 1; i < sizeof CURVE / sizeof CURVE[0]; i++)
        sim_queue_add_rate(&s->queues[0], CURVE[i] * 25 * 15);
    agents_of(s, "agents", 25, 0, 0);
}

/* 15 agents for two queues, one of which goes first; in both a part has a head start. */
static void make_priority(struct scenario *s)
{
    queue_with(s, "plain", 0.75 * 15 * 18, "lognormal 200s 0.9", "exponential 6m");
    queue_with(s, "gold", 0.25 * 15 * 18, "lognormal 200s 0.9", "exponential 6m");
    for (int i = 0; i < 2; i++) {
        s->queues[i].early_share = 0.2;
        s->queues[i].head_start = 90 * ACD_SECOND;
    }
    s->queues[1].set.weight = 2;
    agents_of(s, "agents", 15, 0, 1);
}

/* Two queues with 6 agents each, a third with none of its own, and 8 who serve all three. */
static void make_shared(struct scenario *s)
{
    queue_with(s, "a", 0.4 * 20 * 20, "lognormal 180s 0.9", "exponential 5m");
    queue_with(s, "b", 0.35 * 20 * 20, "lognormal 240s 0.9", "exponential 5m");
    queue_with(s, "c", 0.2 * 20 * 20, "lognormal 120s 0.9", "exponential 5m");
    agents_of(s, "for-a", 6, 0, 0);
    agents_of(s, "for-b", 6, 1, 1);
    agents_of(s, "for-all", 8, 0, 2);
}

/* 20 agents for 26. */
static void make_understaffed(struct scenario *s)
{
    queue_with(s, "calls", 1.3 * 20 * 20, "lognormal 180s 0.9", "lognormal 5m 1.0");
    agents_of(s, "agents", 20, 0, 0);
}

/* 20 agents of one queue; 5 have spanish, 4 tech, one of them both. A fifth of the calls want the
 * one, a seventh the other, some of these only for two minutes. */
static void make_skills(struct scenario *s)
{
    static const struct sim_asking ASKINGS[] = {
        {0.2, "spanish"}, {0.08, "tech"}, {0.07, "tech; @2m"}};
    static const struct sim_talent SPANISH = {"spanish", 1}, TECH = {"tech", 1};

    queue_with(s, "calls", 0.95 * 20 * 20, "lognormal 180s 0.9", "exponential 6m");
    for (size_t i = 0; i < sizeof ASKINGS / sizeof ASKINGS[0]; i++)
        sim_queue_add_asking(&s->queues[0], ASKINGS[i]);
    agents_of(s, "plain", 12, 0, 0);
    agents_of(s, "spanish", 4, 0, 0);
    sim_group_add_talent(&s->groups[1], SPANISH);
    agents_of(s, "tech", 3, 0, 0);
    sim_group_add_talent(&s->groups[2], TECH);
    agents_of(s, "both", 1, 0, 0);
    sim_group_add_talent(&s->groups[3], SPANISH);
    sim_group_add_talent(&s->groups[3], TECH);
}

static void play_made(enum load load, double part, struct errors *out)
{
    static void (*const MAKE[LOADS])(struct scenario *) = {[LOAD_STEADY] = make_steady,
                                                           [LOAD_PEAK] = make_peak,
                                                           [LOAD_PRIORITY] = make_priority,
                                                           [LOAD_SHARED] = make_shared,
                                                           [LOAD_UNDERSTAFFED] = make_understaffed,
                                                           [LOAD_SKILLS] = make_skills};
    struct scenario s;

    scenario_init(&s);
    MAKE[load](&s);
    s.runs = (uint32_t)(400 * part);
    s.warm_up = 0; /* a day that begins with an empty house and an engine that knows nothing */
    s.window = load == LOAD_PEAK ? 4 * DAY_HOUR : 8 * DAY_HOUR;
    play(&s, out);
    scenario_fini(&s);
}

/* ---- recorded days ------------------------------------------------------------------------------
 */

/* Staff, calls, talk and patience of one day, as tools/play_trace.h has them. */
static void make_recorded(struct scenario *s, const struct trace *t, const char *date)
{
    struct day d = {.agent_count = 0};

    trace_day(t, date, &d);
    for (size_t i = 0; i < d.queue_count; i++) {
        struct sim_queue *q = scenario_add_queue(s, d.queues[i].name);

        snprintf(q->recorded, sizeof q->recorded, "%s", d.queues[i].name);
        q->handling.shape = q->patience.shape = SIM_RECORDED;
    }
    for (size_t i = 0; i < d.agent_count; i++)
        scenario_add_group(s, d.agents[i].name, 1);
    for (size_t i = 0; i < d.seat_count; i++)
        sim_group_add_seat(&s->groups[d.seats[i].agent], d.seats[i].queue, d.seats[i].level);
    for (size_t i = 0; i < d.act_count; i++)
        *(d.acts[i].kind == DAY_READY ? &s->groups[d.acts[i].who].from
                                      : &s->groups[d.acts[i].who].to) = d.acts[i].at;
    s->runs = 1;
    s->warm_up = 0;
    s->window = d.closes;
    day_fini(&d);
}

static void play_trace(const char *path, struct errors *out)
{
    struct trace trace = {.count = 0};
    uint32_t day = 0;

    trace_read(&trace, path);
    for (const char *date = trace_date_after(&trace, ""); date != NULL;
         date = trace_date_after(&trace, date)) {
        struct scenario s;

        scenario_init(&s);
        make_recorded(&s, &trace, date);
        s.trace = &trace;
        s.day = day++;
        play(&s, out);
        s.trace = NULL;
        scenario_fini(&s);
    }
    trace_fini(&trace);
}

void load_play(enum load load, const char *trace, double part, struct errors *out)
{
    *out = (struct errors){.calls = 0};
    if (load == LOAD_TRACE)
        play_trace(trace, out);
    else
        play_made(load, part, out);
}
