#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/option.h"
#include "tools/play_make.h"
#include "tools/play_report.h"
#include "tools/play_room.h"
#include "tools/play_trace.h"

/* acd-play: plays a contact centre's day to an engine or a daemon, as a gateway would. */

const char *argp_program_version = "acd-play " ACD_RELEASE;

enum option_key { OPTION_HOURS = 256, OPTION_DAYS, OPTION_WRITE };

struct options {
    const char *url; /* NULL: embedded */
    const char *trace, *day, *write;
    struct make_sizes sizes;
    uint32_t days;
    bool quiet;
};

static const struct argp_option OPTIONS[] = {
    {"embedded", 'e', NULL, 0, "Play to an engine in this process, in virtual time (the default)",
     0},
    {"socket", 'u', "URL", 0, "Play to the daemon at URL, by its clock: let that run fast", 0},
    {"trace", 't', "FILE", 0, "Play what FILE recorded instead of a day made up", 0},
    {"day", 'd', "YYMMDD|all", 0, "Which of its days; default the first", 0},
    {"seed", 's', "N", 0, "Of the day made up; default 1", 1},
    {"calls", 'c', "N", 0, "Calls of the day; default 20000", 1},
    {"agents", 'a', "N", 0, "Agents of the day; default 240", 1},
    {"queues", 'q', "N", 0, "Queues of the day, 12 or more; default 20", 1},
    {"hours", OPTION_HOURS, "N", 0, "From opening to closing; default 10", 1},
    {"write-trace", OPTION_WRITE, "FILE", 0,
     "Play nothing: write a made-up trace of --seed, --days "
     "and --calls (of all days)",
     2},
    {"days", OPTION_DAYS, "N", 0, "Days of the trace written; default 2", 2},
    {"quiet", 'Q', NULL, 0, "Show no progress", 3},
    {0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    struct options *o = state->input;

    switch (key) {
    case 'e': o->url = NULL; break;
    case 'u': o->url = arg; break;
    case 't': o->trace = arg; break;
    case 'd': o->day = arg; break;
    case 's': o->sizes.seed = option_number(state, "seed", arg, 0, UINT32_MAX); break;
    case 'c': o->sizes.calls = option_number(state, "calls", arg, 1, 1000000); break;
    case 'a': o->sizes.agents = option_number(state, "agents", arg, MAKE_AGENTS_MIN, 10000); break;
    case 'q': o->sizes.queues = option_number(state, "queues", arg, MAKE_QUEUES_MIN, 1000); break;
    case OPTION_HOURS: o->sizes.hours = option_number(state, "hours", arg, 2, 12); break;
    case OPTION_DAYS: o->days = option_number(state, "days", arg, 1, 28); break;
    case OPTION_WRITE: o->write = arg; break;
    case 'Q': o->quiet = true; break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp ARGP = {
    .options = OPTIONS,
    .parser = parse_option,
    .doc = "Plays a day of a contact centre, made up or recorded, to acd as a telephony gateway "
           "would, keeps books of its own and compares them with what acd says."
           "\vThe exit status is 0 when all books agreed, 1 when they did not, 2 when there was no "
           "play.",
};

/* ---- playing ----------------------------------------------------------------------------------
 */

/* Virtual time begins on a day in 2024; a daemon has its own. */
static const acd_time EMBEDDED_START = 1704700800 * ACD_SECOND;

static void play_day(const struct day *d, struct backend *back, struct report *report, bool all)
{
    struct player p = {.on_progress = all ? NULL : progress_show};

    if (!all)
        printf("%s\n", d->title);
    player_play(&p, d, back);
    progress_end();
    report_add(report, &p);
    if (all)
        report_day(&p);
    player_fini(&p);
}

static void play_trace(const struct options *o, struct backend *back, struct report *report)
{
    struct trace trace = {0};
    bool all = o->day != NULL && strcmp(o->day, "all") == 0;
    const char *date;

    trace_read(&trace, o->trace);
    date = o->day == NULL || all ? trace_date_after(&trace, "") : o->day;
    for (; date != NULL; date = all ? trace_date_after(&trace, date) : NULL) {
        struct day d = {0};

        trace_day(&trace, date, &d);
        play_day(&d, back, report, all);
        day_fini(&d);
    }
    trace_fini(&trace);
}

static void play_made_up(const struct options *o, struct backend *back, struct report *report)
{
    struct day d = {0};

    make_day(&d, &o->sizes);
    play_day(&d, back, report, false);
    day_fini(&d);
}

static int play(const struct options *o)
{
    struct backend *back =
        o->url == NULL ? backend_embedded(EMBEDDED_START) : backend_socket(o->url);
    struct report report = {0};
    int status;

    progress_begin(o->quiet                ? PROGRESS_NONE
                   : isatty(STDOUT_FILENO) ? PROGRESS_LINE
                                           : PROGRESS_LINES);
    if (o->trace != NULL)
        play_trace(o, back, &report);
    else
        play_made_up(o, back, &report);
    report.figures = back->figures;
    report_print(&report, back);
    report_verdict(&report);
    status = report.tally.violations == 0 ? 0 : 1;
    report_fini(&report);
    back->ops->close(back);
    return status;
}

int main(int argc, char **argv)
{
    struct options o = {
        .sizes = {.seed = 1, .agents = 240, .queues = 20, .calls = 20000, .hours = 10}, .days = 2};

    argp_err_exit_status = 2;
    argp_parse(&ARGP, argc, argv, 0, NULL, &o);
    if (o.write != NULL) {
        trace_write(o.write, o.sizes.seed, o.days, o.sizes.calls);
        return 0;
    }
    return play(&o);
}
