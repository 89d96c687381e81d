#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/hours.h"

/* Business hours against a model. Six weeks are walked minute by minute; what the local clock shows
 * then, as localtime has it, says at which minute each time of each day is reached, and each range
 * marks its minutes. What hours_open says must be so of every minute, and change where they change.
 * The comparison is itself tested: a model with a fault planted must be found out. */

enum {
    DAY = 24 * 60,
    DAYS = 42,
    MINUTES = DAYS * DAY,
    LABELS = MINUTES + 2 * DAY, /* a label: what the clock shows, in minutes since the epoch */
    RULES_MAX = 12,
    RANGES_MAX = 3,
    SEEDS = 40,
};

enum fault {
    SOUND,
    GAP_IS_SKIPPED,    /* a time that does not exist is the end of the gap */
    SECOND_OF_TWO,     /* a time that comes twice is the second */
    DATES_ADD,         /* a date's times are added to those of its day of the week */
    DATES_CUT,         /* what began on the evening before a date ends at its midnight */
    NIGHT_IS_OF_TODAY, /* what is over midnight is open on the morning of the day it is told of */
    END_IS_OPEN,       /* the minute at which a range ends is open */
    WEEK_OF_MONDAY,    /* the first day of the week is Monday */
    FAULTS,
};

/* What is open: told to the daemon as a text, to the model as it is. */
struct rule {
    uint8_t days; /* a bit a day of the week; 0: a date */
    int32_t day;  /* of a date: days since the epoch */
    int count;
    int from[RANGES_MAX], to[RANGES_MAX];
};

struct rules {
    struct rule list[RULES_MAX];
    int count;
};

/* ---- the model ---------------------------------------------------------------------------- */

static const struct place {
    const char *zone,
        *start; /* its clocks change within the weeks from then on, but for the last */
} places[] = {
    {"Europe/Berlin", "2026-03-10"},       {"Europe/Berlin", "2026-10-05"},
    {"America/New_York", "2026-02-18"},    {"America/New_York", "2026-10-12"},
    {"Australia/Lord_Howe", "2026-03-16"}, {"Australia/Lord_Howe", "2026-09-15"}, /* half an hour */
    {"Africa/Cairo", "2026-04-05"},        {"Africa/Cairo", "2026-10-10"},        /* at midnight */
    {"Asia/Kolkata", "2026-01-01"},
};
enum { PLACES = sizeof places / sizeof places[0] };

struct model {
    enum fault fault;
    time_t start;
    int32_t first;           /* the label of the first minute */
    int32_t reached[LABELS]; /* at which minute a label is */
    bool open[MINUTES];
};

static int32_t label_at(time_t at)
{
    struct tm tm;

    localtime_r(&at, &tm);
    return (int32_t)(timegm(&tm) / 60);
}

static void model_walk(struct model *m, const struct place *place, enum fault fault)
{
    struct tm tm = {.tm_hour = 0};
    int32_t last;

    cr_assert_not_null(strptime(place->start, "%Y-%m-%d", &tm));
    setenv("TZ", place->zone, 1);
    tzset();
    m->fault = fault;
    m->start = timegm(&tm);
    m->first = label_at(m->start);
    last = m->first - 1;
    for (int i = 0; i < LABELS; i++)
        m->reached[i] = MINUTES;
    for (int32_t t = 0; t < MINUTES; t++) {
        int32_t label = label_at(m->start + 60 * (time_t)t);

        for (int32_t gap = last + 1; gap < label; gap++)
            m->reached[gap - m->first] = fault == GAP_IS_SKIPPED ? t : t + gap - last - 1;
        if (label > last || fault == SECOND_OF_TWO)
            m->reached[label - m->first] = t;
        last = label > last ? label : last;
    }
}

static int weekday(const struct model *m, int32_t day)
{
    return (day + (m->fault == WEEK_OF_MONDAY ? 3 : 4)) % 7; /* the epoch's was a Thursday */
}

static bool is_dated(const struct rules *rules, int32_t day)
{
    for (int i = 0; i < rules->count; i++)
        if (rules->list[i].days == 0 && rules->list[i].day == day)
            return true;
    return false;
}

static void mark(struct model *m, const struct rules *rules, int32_t day, int from, int to)
{
    int over = to <= from ? DAY : 0;
    int32_t at = DAY * day - m->first;
    int32_t end = at + to + over;

    if (m->fault == DATES_CUT && over > 0 && is_dated(rules, day + 1))
        end = at + DAY;
    if (m->fault == NIGHT_IS_OF_TODAY && over > 0) {
        mark(m, rules, day, 0, to);
        end = at + DAY;
    }
    for (int32_t t = m->reached[at + from];
         t < m->reached[end] + (m->fault == END_IS_OPEN) && t < MINUTES; t++)
        m->open[t] = true;
}

static void model_open(struct model *m, const struct rules *rules)
{
    int32_t first = m->first / DAY + 1;

    memset(m->open, 0, sizeof m->open);
    for (int32_t day = first; day < first + DAYS - 1; day++) {
        bool dated = is_dated(rules, day);

        for (int i = 0; i < rules->count; i++) {
            const struct rule *r = &rules->list[i];
            bool is = r->days == 0 ? r->day == day
                                   : (r->days >> weekday(m, day) & 1) != 0 &&
                                         (!dated || m->fault == DATES_ADD);

            for (int k = 0; is && k < r->count; k++)
                mark(m, rules, day, r->from[k], r->to[k]);
        }
    }
}

/* ---- made-up rules ------------------------------------------------------------------------ */

static uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static int below(uint64_t *state, int limit)
{
    return (int)(random_next(state) % (uint64_t)limit);
}

/* Half of the times are at night, when clocks change. */
static int minute_made(uint64_t *state)
{
    return below(state, 2) == 0 ? 10 * below(state, 24) : 10 * below(state, DAY / 10);
}

static void ranges_made(uint64_t *state, struct rule *r)
{
    r->count = 1 + below(state, RANGES_MAX);
    for (int k = 0; k < r->count; k++) {
        r->from[k] = k > 0 && below(state, 3) == 0 ? r->to[k - 1] % DAY : minute_made(state);
        r->to[k] = below(state, 8) == 0 ? DAY : minute_made(state);
    }
}

/* The days around the change of the clocks, and now and then others, are dates. */
static void rules_made(uint64_t *state, struct rules *rules, int32_t first_day)
{
    int dates = below(state, 6);

    *rules = (struct rules){.count = 1 + below(state, 4)};
    for (int i = 0; i < rules->count; i++) {
        rules->list[i].days = (uint8_t)(1 + below(state, 127));
        ranges_made(state, &rules->list[i]);
    }
    for (int i = 0; i < dates; i++) {
        struct rule *r = &rules->list[rules->count++];

        r->day = first_day + 2 + below(state, DAYS - 6);
        if (below(state, 3) > 0)
            ranges_made(state, r);
    }
}

static void rule_told(struct hours *h, const struct rule *r)
{
    static const char *const names[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    char line[160] = "";
    size_t len = 0;
    time_t day = 24 * 60 * 60 * (time_t)r->day;
    struct tm tm;

    gmtime_r(&day, &tm);
    if (r->days == 0)
        len += strftime(line, sizeof line, "%Y-%m-%d", &tm);
    for (int d = 0; d < 7; d++)
        if (r->days >> d & 1)
            len += (size_t)snprintf(line + len, sizeof line - len, "%s%s", len > 0 ? "," : "",
                                    names[d]);
    for (int k = 0; k < r->count; k++)
        len += (size_t)snprintf(line + len, sizeof line - len, " %02d:%02d-%02d:%02d",
                                r->from[k] / 60, r->from[k] % 60, r->to[k] / 60, r->to[k] % 60);
    if (r->count == 0)
        snprintf(line + len, sizeof line - len, " closed");
    cr_assert_null(hours_add(h, line), "%s", line);
}

/* ---- side by side ------------------------------------------------------------------------- */

/* What both say of a minute, and when that changes; false when they differ. */
static bool agree_at(const struct model *m, const struct hours *h, int32_t at, int32_t end,
                     int32_t *next)
{
    acd_time until;
    bool open = hours_open(h, (m->start + 60 * (time_t)at) * ACD_SECOND, &until);

    for (*next = at; *next < end && m->open[*next] == m->open[at]; ++*next)
        ;
    if (open != m->open[at])
        return false;
    return *next == end || until == (m->start + 60 * (time_t)*next) * ACD_SECOND;
}

/* Walks from change to change, and asks within each span too, last of all at another time of the
 * year: what was asked before must not matter. */
static bool agree(const struct model *m, const struct hours *h, uint64_t *state, int32_t *at)
{
    int32_t end = MINUTES - 3 * DAY, next, same;
    acd_time until;

    for (*at = 3 * DAY; *at < end; *at = next) {
        if (!agree_at(m, h, *at, end, &next) ||
            !agree_at(m, h, *at + below(state, next - *at), end, &same) || same != next)
            return false;
        (void)hours_open(h, (acd_time)m->start * ACD_SECOND + 183 * DAY * 60 * ACD_SECOND, &until);
    }
    return true;
}

/* All seeds at one place; the first that differs, or SEEDS. */
static int seed_that_differs(struct model *m, const struct place *place, int32_t *at)
{
    for (int seed = 0; seed < SEEDS; seed++) {
        uint64_t state = (uint64_t)seed;
        struct hours h = {.count = 0};
        struct rules rules;

        cr_assert(hours_zone(&h, place->zone));
        rules_made(&state, &rules, m->first / DAY);
        for (int i = 0; i < rules.count; i++)
            rule_told(&h, &rules.list[i]);
        model_open(m, &rules);
        if (!agree(m, &h, &state, at))
            return seed;
    }
    return SEEDS;
}

Test(hours_model, minute_by_minute)
{
    static struct model m;
    int32_t at;

    for (size_t p = 0; p < PLACES; p++) {
        int seed;

        model_walk(&m, &places[p], SOUND);
        seed = seed_that_differs(&m, &places[p], &at);
        cr_expect_eq(seed, SEEDS, "%s from %s: seed %d differs at minute %d, local %02d:%02d",
                     places[p].zone, places[p].start, seed, (int)at,
                     (int)(label_at(m.start + 60 * (time_t)at) % DAY / 60),
                     (int)(label_at(m.start + 60 * (time_t)at) % 60));
    }
}

Test(hours_model, planted_faults_are_noticed)
{
    static struct model m;
    int32_t at;

    for (int fault = SOUND + 1; fault < FAULTS; fault++) {
        bool noticed = false;

        for (size_t p = 0; p < PLACES && !noticed; p++) {
            model_walk(&m, &places[p], (enum fault)fault);
            noticed = seed_that_differs(&m, &places[p], &at) < SEEDS;
        }
        cr_expect(noticed, "fault %d is not noticed", fault);
    }
}
