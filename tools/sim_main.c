#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/play_room.h"
#include "tools/sim.h"

/* acd-sim: what would happen if. */

const char *argp_program_version = "acd-sim " ACD_RELEASE;

enum option_key {
    OPTION_HANDLING = 256,
    OPTION_PATIENCE,
    OPTION_WARM_UP,
    OPTION_WINDOW,
    OPTION_WINDOWS,
    OPTION_CONFIDENCE,
};

enum { STAFF_MAX = 64 };

/* What the command line says; it wins over the file. */
struct options {
    const char *file;
    const char *staff[STAFF_MAX]; /* GROUP=N */
    size_t staff_count;
    double rate, confidence;
    uint32_t agents, runs, windows;
    struct sim_law handling, patience;
    acd_span warm_up, window; /* -1: not given */
    uint64_t seed;
    bool has_seed, has_queue, json;
};

static const struct argp_option OPTIONS[] = {
    {"staff", 's', "GROUP=N", 0, "N agents in GROUP, whatever the file says", 0},
    {"rate", 'r', "N", 0, "Without a file: calls an hour", 1},
    {"agents", 'a', "N", 0, "Without a file: agents", 1},
    {"handling", OPTION_HANDLING, "LAW", 0,
     "Without a file: of how long calls take; default 'exponential 180s'", 1},
    {"patience", OPTION_PATIENCE, "LAW", 0,
     "Without a file: of how long callers wait; default never out of it", 1},
    {"seed", 'S', "N", 0, "Default 1", 2},
    {"runs", 'n', "N", 0, "Independent runs; default 100", 2},
    {"warm-up", OPTION_WARM_UP, "TIME", 0, "Left out of the figures; default 2h", 2},
    {"window", OPTION_WINDOW, "TIME", 0, "What is a sample; default 8h", 2},
    {"windows", OPTION_WINDOWS, "N", 0, "Of each run, one behind the other; default 1", 2},
    {"confidence", OPTION_CONFIDENCE, "P", 0, "Of the intervals; default 0.95", 2},
    {"json", 'j', NULL, 0, "Print JSON", 3},
    {0},
};

static double number_in(struct argp_state *state, const char *what, const char *text, double least,
                        double most)
{
    char *end;
    double value = strtod(text, &end);

    if (end == text || *end != '\0' || !(value >= least && value <= most))
        argp_error(state, "--%s: %s is not a number from %g to %g", what, text, least, most);
    return value;
}

static uint32_t count_in(struct argp_state *state, const char *what, const char *text, double most)
{
    double value = number_in(state, what, text, 0, most);

    if (value != (uint32_t)value)
        argp_error(state, "--%s: %s is not a whole number", what, text);
    return (uint32_t)value;
}

static acd_span span_in(struct argp_state *state, const char *what, const char *text)
{
    acd_span span = 0;

    if (!sim_parse_span(text, &span))
        argp_error(state, "--%s: %s is no time like 30s, 5m or 1.5h", what, text);
    return span;
}

static struct sim_law law_in(struct argp_state *state, const char *what, const char *text)
{
    struct sim_law law;

    if (!sim_parse_law(text, &law) || law.shape >= SIM_DRAWN)
        argp_error(state,
                   "--%s: '%s' is none of 'exponential MEAN', 'lognormal MEAN SPREAD', "
                   "'fixed TIME' and 'never'",
                   what, text);
    return law;
}

static void check(struct argp_state *state, const struct options *o)
{
    if (o->file != NULL && o->has_queue)
        argp_error(state, "--rate, --agents, --handling and --patience do not go with a file");
    if (o->file == NULL && (o->rate == 0 || o->agents == 0))
        argp_error(state, "wants a file, or --rate and --agents");
    if (o->handling.shape == SIM_NEVER)
        argp_error(state, "--handling: has to end");
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    struct options *o = state->input;

    o->has_queue |= key == 'r' || key == 'a' || key == OPTION_HANDLING || key == OPTION_PATIENCE;
    switch (key) {
    case 's':
        if (o->staff_count == STAFF_MAX)
            argp_error(state, "--staff: at most %d", STAFF_MAX);
        o->staff[o->staff_count++] = arg;
        break;
    case 'r': o->rate = number_in(state, "rate", arg, 1e-6, 1e8); break;
    case 'a': o->agents = count_in(state, "agents", arg, 100000); break;
    case OPTION_HANDLING: o->handling = law_in(state, "handling", arg); break;
    case OPTION_PATIENCE: o->patience = law_in(state, "patience", arg); break;
    case 'S':
        o->seed = count_in(state, "seed", arg, UINT32_MAX);
        o->has_seed = true;
        break;
    case 'n': o->runs = count_in(state, "runs", arg, 100000); break;
    case OPTION_WARM_UP: o->warm_up = span_in(state, "warm-up", arg); break;
    case OPTION_WINDOW: o->window = span_in(state, "window", arg); break;
    case OPTION_WINDOWS: o->windows = count_in(state, "windows", arg, 100000); break;
    case OPTION_CONFIDENCE:
        o->confidence = number_in(state, "confidence", arg, 0.5, 0.999999);
        break;
    case 'j': o->json = true; break;
    case ARGP_KEY_ARG:
        if (o->file != NULL)
            argp_usage(state);
        o->file = arg;
        break;
    case ARGP_KEY_END: check(state, o); break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp ARGP = {
    .options = OPTIONS,
    .parser = parse_option,
    .args_doc = "[FILE]",
    .doc = "Plays a contact centre of random callers in virtual time on acd's own engine, and "
           "tells service level, speed of answer, abandonment and occupancy with intervals."
           "\vFILE is a scenario; see acd-sim(1).",
};

static void set_staff(struct scenario *s, const char *text)
{
    const char *equals = strchr(text, '=');
    char *end = NULL;
    unsigned long count = equals == NULL ? 0 : strtoul(equals + 1, &end, 10);

    if (count < 1 || count > 100000 || *end != '\0')
        play_die("--staff: %s is not GROUP=N with N from 1 to 100000", text);
    for (size_t i = 0; i < s->group_count; i++) {
        const char *name = s->groups[i].name;

        if (strlen(name) == (size_t)(equals - text) && strncmp(name, text, strlen(name)) == 0) {
            s->groups[i].count = (uint32_t)count;
            return;
        }
    }
    play_die("--staff: no agents are called %.*s", (int)(equals - text), text);
}

static void make_plain(struct scenario *s, const struct options *o)
{
    struct sim_queue *q = scenario_add_queue(s, "calls");

    sim_queue_add_rate(q, o->rate);
    q->handling = o->handling;
    q->patience = o->patience;
    sim_group_add_seat(scenario_add_group(s, "agents", o->agents), 0, 1);
}

static void make_scenario(struct scenario *s, const struct options *o)
{
    scenario_init(s);
    if (o->file != NULL)
        scenario_read(s, o->file);
    else
        make_plain(s, o);
    for (size_t i = 0; i < o->staff_count; i++)
        set_staff(s, o->staff[i]);
    if (o->has_seed)
        s->seed = o->seed;
    if (o->runs > 0)
        s->runs = o->runs;
    if (o->windows > 0)
        s->windows = o->windows;
    if (o->warm_up >= 0)
        s->warm_up = o->warm_up;
    if (o->window >= 0)
        s->window = o->window;
    if (o->confidence > 0)
        s->confidence = o->confidence;
    if (s->window < ACD_SECOND)
        play_die("a window has at least 1 s");
}

int main(int argc, char **argv)
{
    struct options o = {.warm_up = -1,
                        .window = -1,
                        .handling = {.shape = SIM_EXPONENTIAL, .mean = 180 * ACD_SECOND}};
    struct scenario s;
    struct sim_result r;

    argp_err_exit_status = 2;
    argp_parse(&ARGP, argc, argv, 0, NULL, &o);
    make_scenario(&s, &o);
    sim_run(&s, NULL, &r);
    if (o.json)
        sim_print_json(&s, &r);
    else
        sim_print(&s, &r);
    sim_result_fini(&r);
    scenario_fini(&s);
    return 0;
}
