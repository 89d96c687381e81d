#include "daemon/hours.h"

#include <stdio.h>
#include <string.h>

enum { DAY_MINUTES = 24 * 60, DAYS_AHEAD = 400 };

static const char *const day_names[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

/* ---- reading ------------------------------------------------------------------------------ */

bool hours_zone(struct hours *h, const char *zone)
{
    if (!zone_is_known(zone))
        return false;
    snprintf(h->zone, sizeof h->zone, "%s", zone);
    return true;
}

/* The day of the week at *text, which is moved on; -1: none. */
static int day_read(const char **text)
{
    for (int d = 0; d < 7; d++)
        if (strncmp(*text, day_names[d], 3) == 0) {
            *text += 3;
            return d;
        }
    return -1;
}

/* "mon-fri", "sat,sun", "daily". */
static const char *days_read(const char **text, uint8_t *days)
{
    if (strncmp(*text, "daily", 5) == 0) {
        *text += 5;
        *days = 0x7f;
        return NULL;
    }
    for (;;) {
        int from = day_read(text), to = from;

        if (from >= 0 && **text == '-') {
            ++*text;
            to = day_read(text);
        }
        if (from < 0 || to < 0)
            return "a day is wanted: sun, mon, ..., daily, or a date like 2026-12-25";
        for (int d = from;; d = (d + 1) % 7) {
            *days = (uint8_t)(*days | 1u << d);
            if (d == to)
                break;
        }
        if (**text != ',')
            return NULL;
        ++*text;
    }
}

static bool is_date(int year, int month, int day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return year >= 1970 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           day <= lengths[month - 1] + (leap && month == 2);
}

/* Reads a number of just so many digits. */
static bool digits(const char **text, int count, int *out)
{
    *out = 0;
    for (int i = 0; i < count; i++, ++*text) {
        if (**text < '0' || **text > '9')
            return false;
        *out = 10 * *out + (**text - '0');
    }
    return true;
}

static bool skip(const char **text, char c)
{
    if (**text != c)
        return false;
    ++*text;
    return true;
}

static const char *date_read(const char **text, int32_t *date)
{
    int year, month, day;

    if (!digits(text, 4, &year) || !skip(text, '-') || !digits(text, 2, &month) ||
        !skip(text, '-') || !digits(text, 2, &day) || !is_date(year, month, day))
        return "a date is written 2026-12-25";
    *date = year * 10000 + month * 100 + day;
    return NULL;
}

static bool time_read(const char **text, uint16_t *minutes)
{
    int hour, minute;

    if (!digits(text, 2, &hour) || !skip(text, ':') || !digits(text, 2, &minute) || minute > 59 ||
        60 * hour + minute > DAY_MINUTES)
        return false;
    *minutes = (uint16_t)(60 * hour + minute);
    return true;
}

static const char *ranges_read(const char *text, struct hours_rule *rule)
{
    if (strcmp(text, "closed") == 0)
        return NULL;
    do {
        struct hours_range *range = &rule->ranges[rule->count];

        if (rule->count == HOURS_RANGES_MAX)
            return "too many times on one line";
        if (!time_read(&text, &range->from) || !skip(&text, '-') || !time_read(&text, &range->to) ||
            range->from == DAY_MINUTES)
            return "times are written 08:00-18:00, or closed";
        rule->count++;
    } while (skip(&text, ' '));
    return text[0] == '\0' ? NULL : "times are written 08:00-18:00, or closed";
}

const char *hours_add(struct hours *h, const char *line)
{
    struct hours_rule rule = {.days = 0};
    const char *text = line;
    const char *wrong = text[0] >= '0' && text[0] <= '9' ? date_read(&text, &rule.date)
                                                         : days_read(&text, &rule.days);

    if (wrong != NULL)
        return wrong;
    if (!skip(&text, ' '))
        return "times are wanted behind the days";
    wrong = ranges_read(text, &rule);
    if (wrong != NULL)
        return wrong;
    if (h->count == HOURS_RULES_MAX)
        return "too many lines";
    h->rules[h->count++] = rule;
    return NULL;
}

static bool rule_same(const struct hours_rule *a, const struct hours_rule *b)
{
    bool same = a->days == b->days && a->date == b->date && a->count == b->count;

    for (uint8_t i = 0; same && i < a->count; i++)
        same = a->ranges[i].from == b->ranges[i].from && a->ranges[i].to == b->ranges[i].to;
    return same;
}

/* Whether `h` has a rule, most likely at that place. */
static bool has_rule(const struct hours *h, const struct hours_rule *rule, size_t place)
{
    for (size_t i = 0; i < h->count; i++)
        if (rule_same(&h->rules[(place + i) % h->count], rule))
            return true;
    return false;
}

static bool has_rules(const struct hours *h, const struct hours *of)
{
    bool has = true;

    for (size_t i = 0; has && i < of->count; i++)
        has = has_rule(h, &of->rules[i], i);
    return has;
}

bool hours_same(const struct hours *a, const struct hours *b)
{
    return strcmp(a->zone, b->zone) == 0 && has_rules(a, b) && has_rules(b, a);
}

/* ---- asking ------------------------------------------------------------------------------- */

struct day {
    int weekday;
    int32_t date; /* as in a rule */
};

/* The day that is `days` after that of `tm`. */
static struct day day_of(const struct tm *tm, int days)
{
    struct tm day = {.tm_year = tm->tm_year,
                     .tm_mon = tm->tm_mon,
                     .tm_mday = tm->tm_mday + days,
                     .tm_hour = 12,
                     .tm_isdst = -1};

    (void)mktime(&day);
    return (struct day){day.tm_wday,
                        (day.tm_year + 1900) * 10000 + (day.tm_mon + 1) * 100 + day.tm_mday};
}

static bool rule_is_of(const struct hours_rule *rule, struct day day)
{
    return rule->days != 0 ? (rule->days >> day.weekday & 1) != 0 : rule->date == day.date;
}

/* Calls for each range that begins on that day: those of its date, if any, else of its weekday. */
static void each_range(const struct hours *h, const struct tm *tm, int days,
                       void (*with)(void *ctx, acd_time from, acd_time to), void *ctx)
{
    struct day day = day_of(tm, days);
    bool dated = false;

    for (size_t i = 0; i < h->count; i++)
        dated = dated || (h->rules[i].days == 0 && rule_is_of(&h->rules[i], day));
    for (size_t i = 0; i < h->count; i++) {
        const struct hours_rule *rule = &h->rules[i];

        if ((rule->days == 0) != dated || !rule_is_of(rule, day))
            continue;
        for (uint8_t r = 0; r < rule->count; r++) {
            const struct hours_range *range = &rule->ranges[r];
            int over = range->to <= range->from ? DAY_MINUTES : 0;

            with(ctx, zone_instant(tm, days, range->from),
                 zone_instant(tm, days, range->to + over));
        }
    }
}

struct question {
    acd_time at, next; /* next: the first end or beginning behind `at` */
    bool open;
};

static void ask(void *ctx, acd_time from, acd_time to)
{
    struct question *q = ctx;

    q->open = q->open || (from <= q->at && q->at < to);
    if (from > q->at && from < q->next)
        q->next = from;
    if (to > q->at && to < q->next)
        q->next = to;
}

/* Whether it is open, and when something begins or ends next. */
static bool ask_at(const struct hours *h, acd_time at, acd_time *next)
{
    struct question q = {.at = at, .next = ACD_FOREVER};
    struct tm tm = zone_local(at);

    for (int day = -1; day <= 1; day++)
        each_range(h, &tm, day, ask, &q);
    for (int day = 2; day < DAYS_AHEAD && q.next == ACD_FOREVER; day++)
        each_range(h, &tm, day, ask, &q);
    *next = q.next == ACD_FOREVER ? zone_instant(&tm, DAYS_AHEAD, 0) : q.next;
    return q.open;
}

bool hours_open(const struct hours *h, acd_time at, acd_time *until)
{
    acd_time next, horizon = at + (acd_time)DAYS_AHEAD * DAY_MINUTES * 60 * ACD_SECOND;
    bool open;

    zone_enter(h->zone);
    open = ask_at(h, at, &next);
    *until = next;
    /* Ranges may touch: what ends as the next one begins is no end. */
    while (*until < horizon && ask_at(h, *until, &next) == open && next > *until)
        *until = next;
    return open;
}
