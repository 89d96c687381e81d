#ifndef SIM_H
#define SIM_H

#include "engine/acd.h"
#include "tools/play_random.h"
#include "tools/play_trace.h"

/* What would happen if: a contact centre of random callers, in virtual time, on the real engine.
 *
 *     struct scenario s;
 *     struct sim_result r;
 *     scenario_init(&s);
 *     scenario_read(&s, "saturday.conf");
 *     sim_run(&s, NULL, &r);
 *     sim_print(&s, &r);
 *
 * Callers arrive, wait as long as their patience lasts, and keep an agent for their handling time.
 * Agents answer at once. A scenario is played in `runs` runs that know nothing of each other, each
 * cut into `windows` windows behind its warm-up; every window is one sample, so there are either
 * independent replications (many runs of one window) or batch means (one run of many windows).
 *
 * The same seed gives the same figures. What a caller is like is drawn from streams of its queue's
 * own, so two scenarios that differ in staff have the very same callers. */

/* ---- laws ------------------------------------------------------------------------------------ */

enum sim_shape {
    SIM_NEVER,
    SIM_FIXED,
    SIM_EXPONENTIAL,
    SIM_LOGNORMAL,
    SIM_DRAWN,    /* out of what the trace has of the queue's type */
    SIM_RECORDED, /* each recorded caller's own: of who was answered no patience is known */
};

/* How a span is drawn. */
struct sim_law {
    enum sim_shape shape;
    acd_span mean;
    double spread;    /* of SIM_LOGNORMAL: standard deviation / mean */
    struct sim_step { /* of SIM_DRAWN, ascending: a draw up to `below` is this span; */
        double below; /* beyond the last, ACD_FOREVER */
        acd_span span;
    } * steps;
    size_t step_count;
};

/* In whole microseconds; ACD_FOREVER of SIM_NEVER. None of SIM_RECORDED. */
acd_span sim_draw(const struct sim_law *law, struct random *random);

/* What a trace has of a type ("": all): the spread of its talks; how long its callers would have
 * waited, by Kaplan and Meier, since of those who were answered only the least is known. False when
 * it has none. */
bool sim_law_of_talks(struct sim_law *law, const struct trace *t, const char *type);
bool sim_law_of_patience(struct sim_law *law, const struct trace *t, const char *type);

/* ---- scenarios ------------------------------------------------------------------------------- */

/* So many of a queue's calls bring this plan. */
struct sim_asking {
    double share;
    char plan[257];
};

struct sim_queue {
    char name[DAY_NAME_MAX];
    struct acd_command_queue_set set; /* but the name */
    double *rates;                    /* calls an hour, one an interval, again and again; */
    size_t rate_count;
    char recorded[DAY_NAME_MAX]; /* or, when not empty, the trace's calls of this type */
    double early_share;          /* so many of the calls have */
    acd_span head_start;         /* this one */
    struct sim_asking *askings;  /* the rest of the calls bring no plan */
    size_t asking_count;
    struct sim_law handling, patience;
};

struct sim_seat {
    uint32_t queue;
    uint8_t level;
};

struct sim_talent {
    char skill[33];
    uint8_t level;
};

/* Agents who are alike. */
struct sim_group {
    char name[DAY_NAME_MAX];
    uint32_t count;
    uint16_t capacity;
    acd_span from, to; /* at work in each run; 0 and 0: all the time */
    struct sim_seat *seats;
    size_t seat_count;
    struct sim_talent *talents;
    size_t talent_count;
};

struct scenario {
    struct sim_queue *queues;
    struct sim_group *groups;
    size_t queue_count, queue_room, group_count, group_room;
    acd_span interval; /* of rates */
    acd_span warm_up, window;
    uint32_t windows, runs;
    uint64_t seed;
    double confidence;   /* of the intervals shown */
    struct trace *trace; /* NULL: none */
    uint32_t day;        /* of the trace, for the first run: 0 is the first */
};

void scenario_init(struct scenario *s);
void scenario_fini(struct scenario *s);

/* Adds one, zeroed but for the defaults; it may move when the next is added. */
struct sim_queue *scenario_add_queue(struct scenario *s, const char *name);
struct sim_group *scenario_add_group(struct scenario *s, const char *name, uint32_t count);
void sim_group_add_seat(struct sim_group *g, uint32_t queue, uint8_t level);
void sim_queue_add_rate(struct sim_queue *q, double an_hour);
void sim_queue_add_asking(struct sim_queue *q, struct sim_asking asking);
void sim_group_add_talent(struct sim_group *g, struct sim_talent talent);
uint32_t scenario_queue_named(const struct scenario *s, const char *name); /* or DAY_NONE */

/* Reads a file; whatever is wrong with it ends the program, with file and line. */
void scenario_read(struct scenario *s, const char *path);

/* "30s", "1.5h", as in the file; false when it is none. */
bool sim_parse_span(const char *text, acd_span *out);

/* "exponential 180s", "lognormal 180s 0.8", "fixed 180s", "never", "drawn", "recorded"; false when
 * it is none. */
bool sim_parse_law(const char *text, struct sim_law *out);

/* "0.3 spanish>=2; @60s", "spanish:3", a skill alone being of level 1; false when it is none. */
bool sim_parse_asking(const char *text, struct sim_asking *out);
bool sim_parse_talent(const char *text, struct sim_talent *out);

/* ---- running --------------------------------------------------------------------------------- */

/* What happened to a queue's calls in a window. */
struct sim_calls {
    uint64_t entered, answered, abandoned, timed_out, refused, in_time;
    uint64_t delayed; /* not answered at once */
    acd_span wait_answered, wait_abandoned, talk;
};

/* What a group's agents did in a window; spans are summed over them. */
struct sim_work {
    acd_span busy, staffed;
};

struct sim_result {
    size_t windows; /* of all runs, those of a run in a row */
    size_t queues, groups;
    struct sim_calls *calls; /* queues + 1 a window, the last being their sum */
    struct sim_work *work;   /* groups + 1 a window, likewise */
    uint64_t commands;
};

static inline struct sim_calls *sim_calls_of(const struct sim_result *r, size_t window,
                                             size_t queue)
{
    return &r->calls[window * (r->queues + 1) + queue];
}
static inline struct sim_work *sim_work_of(const struct sim_result *r, size_t window, size_t group)
{
    return &r->work[window * (r->groups + 1) + group];
}

/* For those who want to know more. All may be NULL. `at` counts from the run's beginning. */
struct sim_watch {
    void *ctx;
    /* A call came, and what became of it; its slot stays its own until it ends. */
    void (*on_arrival)(void *ctx, uint32_t queue, acd_span at, acd_span handling,
                       const struct acd_view_outcome *outcome);
    /* A call was answered. */
    void (*on_answer)(void *ctx, acd_call_id call, acd_span at);
    /* A run is over. */
    void (*on_end)(void *ctx);
};

/* Plays all runs. Ends the program when the scenario is overloaded beyond all room. */
void sim_run(const struct scenario *s, const struct sim_watch *watch, struct sim_result *out);
void sim_result_fini(struct sim_result *r);

/* ---- estimating ------------------------------------------------------------------------------ */

/* A figure with the half-width of its interval; NAN where windows are too few to tell. */
struct sim_estimate {
    double value, half;
};

/* The ratio of two sums over `count` samples, by Student's t. */
struct sim_estimate sim_ratio(const double *above, const double *below, size_t count,
                              double confidence);

/* The two-sided quantile: |t| of `degrees` of freedom is below it with this probability. */
double sim_student(double degrees, double confidence);

/* A table for people, or a JSON object. */
void sim_print(const struct scenario *s, const struct sim_result *r);
void sim_print_json(const struct scenario *s, const struct sim_result *r);

#endif
