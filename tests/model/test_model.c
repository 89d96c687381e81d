/* The engine against its naive twin; see suites.h.
 *
 * usage: test_model [--long] [--random | --faults | --exhaustive | --twice | --rare]
 *                   [--seed N] [--runs N] [--steps N] [--depth N] [--fault NAME] [--trace] */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/model/suites.h"

struct options {
    struct suite_options suite;
    bool random, faults, exhaustive, twice, rare; /* what to do */
    bool is_long;
};

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int usage(void)
{
    fprintf(stderr,
            "usage: test_model [--long] [--random | --faults | --exhaustive | --twice | --rare]\n"
            "                  [--seed N] [--runs N] [--steps N] [--depth N]\n"
            "                  [--fault NAME] [--trace]\n");
    return 2;
}

/* ---- options ------------------------------------------------------------------------------ */

static bool parse_number(const char *text, uint64_t *number)
{
    char *end;

    if (text == NULL || *text == '\0')
        return false;
    *number = strtoull(text, &end, 10);
    return *end == '\0';
}

static bool parse_fault(const char *text, enum twin_fault *fault)
{
    for (unsigned f = 0; text != NULL && f < TWIN_FAULTS; f++)
        if (strcmp(text, twin_fault_name((enum twin_fault)f)) == 0) {
            *fault = (enum twin_fault)f;
            return true;
        }
    return false;
}

/* An option that is a word of its own. */
static bool parse_flag(struct options *o, const char *word)
{
    const struct {
        const char *word;
        bool *flag;
    } flags[] = {
        {"--random", &o->random},     {"--faults", &o->faults}, {"--exhaustive", &o->exhaustive},
        {"--twice", &o->twice},       {"--rare", &o->rare},     {"--long", &o->is_long},
        {"--trace", &o->suite.trace},
    };

    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (strcmp(word, flags[i].word) == 0) {
            *flags[i].flag = true;
            return true;
        }
    return false;
}

static bool parse_value(struct options *o, const char *word, const char *value)
{
    uint64_t number;

    if (strcmp(word, "--fault") == 0)
        return parse_fault(value, &o->suite.fault);
    if (!parse_number(value, &number))
        return false;
    if (strcmp(word, "--seed") == 0)
        o->suite.seed = number;
    else if (strcmp(word, "--runs") == 0)
        o->suite.runs = (unsigned)number;
    else if (strcmp(word, "--steps") == 0)
        o->suite.steps = (unsigned)number;
    else if (strcmp(word, "--depth") == 0)
        o->suite.depth = (unsigned)number;
    else
        return false;
    return true;
}

static bool parse(struct options *o, char **argv)
{
    for (char **word = argv + 1; *word != NULL; word++) {
        if (parse_flag(o, *word))
            continue;
        if (!parse_value(o, *word, word[1]))
            return false;
        word++;
    }
    if (!o->random && !o->faults && !o->exhaustive && !o->twice && !o->rare)
        o->random = o->faults = o->exhaustive = o->twice = o->rare = true;
    return true;
}

/* ---- suites ------------------------------------------------------------------------------- */

static unsigned given_or(unsigned given, unsigned usual)
{
    return given == 0 ? usual : given;
}

static bool do_random(const struct options *o)
{
    static struct cover cover;
    struct suite_options s = o->suite;
    bool one_run = s.runs == 1;
    double start = seconds();
    uint64_t steps;

    s.cover = &cover;
    s.runs = given_or(s.runs, o->is_long ? 40000 : 300);
    s.steps = given_or(s.steps, 600);
    printf("random: %u runs of %u steps from seed %" PRIu64 "\n", s.runs, s.steps, s.seed);
    if (!suite_random(&s, &steps))
        return false;
    cover_print(&cover, stdout);
    printf("\n%" PRIu64
           " steps, all views compared after each (after every 64th in big worlds): no "
           "difference (%.1f s)\n",
           steps, seconds() - start);
    return one_run || cover_is_complete(&cover, stderr);
}

static bool do_faults(const struct options *o)
{
    struct suite_options s = o->suite;
    double start = seconds();
    bool well;

    s.runs = given_or(s.runs, o->is_long ? 10000 : 4000);
    s.steps = given_or(s.steps, 600);
    well = suite_faults(&s);
    printf("(%.1f s)\n", seconds() - start);
    return well;
}

static bool do_exhaustive(const struct options *o)
{
    struct suite_options s = o->suite;
    double start = seconds();
    bool well;

    s.depth = given_or(s.depth, o->is_long ? 7 : 5);
    well = suite_exhaustive(&s);
    printf("(%.1f s)\n", seconds() - start);
    return well;
}

int main(int argc, char **argv)
{
    struct options o = {.suite = {.seed = 1}};
    bool well = true;

    (void)argc;
    if (!parse(&o, argv))
        return usage();
    if (o.random)
        well = do_random(&o) && well;
    if (o.twice)
        well = suite_twice(&o.suite) && well;
    if (o.rare)
        well = suite_rare(&o.suite) && well;
    if (o.exhaustive)
        well = do_exhaustive(&o) && well;
    if (o.faults)
        well = do_faults(&o) && well;
    printf("%s\n", well ? "all is well" : "NOT WELL");
    return well ? 0 : 1;
}
