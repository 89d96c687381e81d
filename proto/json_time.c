/* Times and spans to text and back. */

#include "proto/json_time.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/acd_json.h"

#define SPAN_EXACT                                                                                 \
    INT64_C(9000000000000000) /* below 2^53: a double holds it to the microsecond                  \
                               */
#define DAY_SECONDS 86400

static bool is(struct acd_str text, const char *word)
{
    return strlen(word) == text.len && memcmp(text.data, word, text.len) == 0;
}

/* ---- the calendar ------------------------------------------------------------------------- */

/* Days since 1970-01-01 and the proleptic Gregorian calendar, counted in eras of 400 years that
 * begin with March. (Howard Hinnant's algorithms.) */
struct date {
    int64_t year;
    unsigned month, day;
};

static int64_t days_of(struct date d)
{
    int64_t year = d.month <= 2 ? d.year - 1 : d.year;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (int64_t)((d.month + 9) % 12) + 2) / 5 + (int64_t)d.day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static struct date date_of(int64_t days)
{
    int64_t shifted = days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day = shifted - era * 146097;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t of_year = day - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    struct date d;

    d.day = (unsigned)(of_year - (153 * month + 2) / 5 + 1);
    d.month = (unsigned)(month < 10 ? month + 3 : month - 9);
    d.year = year + era * 400 + (d.month <= 2 ? 1 : 0);
    return d;
}

/* ---- to text ------------------------------------------------------------------------------ */

int acd_time_text(acd_time at, char out[ACD_TIME_TEXT_MAX])
{
    int64_t seconds = at / ACD_SECOND - (at % ACD_SECOND < 0 ? 1 : 0);
    int64_t days = seconds / DAY_SECONDS - (seconds % DAY_SECONDS < 0 ? 1 : 0);
    int64_t us = at % ACD_SECOND + (at % ACD_SECOND < 0 ? ACD_SECOND : 0);
    struct date d = date_of(days);

    if (at == 0)
        return snprintf(out, ACD_TIME_TEXT_MAX, "%s", "");
    if (at == ACD_FOREVER)
        return snprintf(out, ACD_TIME_TEXT_MAX, "forever");
    if (d.year < 0 || d.year > 9999)
        return snprintf(out, ACD_TIME_TEXT_MAX, "%" PRId64, at);
    seconds -= days * DAY_SECONDS;
    return snprintf(out, ACD_TIME_TEXT_MAX, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", (int)d.year,
                    d.month, d.day, (int)(seconds / 3600), (int)(seconds / 60 % 60),
                    (int)(seconds % 60), (int)us);
}

int span_text(acd_span span, char *out, bool *bare)
{
    int len;

    *bare = false;
    if (span == -1)
        return snprintf(out, ACD_TIME_TEXT_MAX, "none");
    if (span == ACD_FOREVER)
        return snprintf(out, ACD_TIME_TEXT_MAX, "forever");
    if (span > SPAN_EXACT || span < -SPAN_EXACT)
        return snprintf(out, ACD_TIME_TEXT_MAX, "%" PRId64 "us", span);
    *bare = true;
    len = snprintf(out, ACD_TIME_TEXT_MAX, "%s%" PRId64 ".%06d", span < 0 ? "-" : "",
                   (span < 0 ? -span : span) / ACD_SECOND,
                   (int)((span < 0 ? -span : span) % ACD_SECOND));
    while (out[len - 1] == '0' && out[len - 2] != '.')
        out[--len] = '\0';
    return len;
}

/* ---- from text ---------------------------------------------------------------------------- */

/* The fraction behind a point, as `scale`-ths: ".25" of 1,000,000 is 250,000. False when it has no
 * digits or is finer than 1 / scale. */
static bool fraction_parse(const char **at, const char *end, int64_t scale, int64_t *out)
{
    const char *begin = *at;
    int64_t sum = 0;

    for (; *at < end && **at >= '0' && **at <= '9'; (*at)++) {
        int64_t digit = **at - '0';

        if (scale % 10 != 0 && digit != 0)
            return false;
        scale /= 10;
        sum += digit * scale;
    }
    *out = sum;
    return *at > begin;
}

static int64_t unit_of(const char *at, const char *end)
{
    static const struct {
        const char *name;
        int64_t us;
    } units[] = {{"", ACD_SECOND},         {"s", ACD_SECOND},
                 {"ms", ACD_MS},           {"us", 1},
                 {"m", 60 * ACD_SECOND},   {"min", 60 * ACD_SECOND},
                 {"h", 3600 * ACD_SECOND}, {"d", DAY_SECONDS * ACD_SECOND}};

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strlen(units[i].name) == (size_t)(end - at) &&
            memcmp(units[i].name, at, (size_t)(end - at)) == 0)
            return units[i].us;
    return 0;
}

/* The unit stands at the end, but is needed for the digits before it. */
static int64_t unit_behind(const char *at, const char *end)
{
    while (at < end && ((*at >= '0' && *at <= '9') || *at == '.'))
        at++;
    return unit_of(at, end);
}

const char *span_parse(struct acd_str text, acd_span *out)
{
    const char *at = text.data, *end = text.data + text.len;
    const bool negative = at < end && *at == '-';
    uint64_t whole;
    int64_t unit, part = 0;

    *out = is(text, "none") ? -1 : ACD_FOREVER;
    if (is(text, "none") || is(text, "forever"))
        return NULL;
    if (negative)
        at++;
    unit = unit_behind(at, end);
    if (unit == 0 || !digits_parse(&at, end, &whole))
        return "is not a span like 15s, 500ms, 2h, none or forever";
    if (at < end && *at == '.') {
        at++;
        if (!fraction_parse(&at, end, unit, &part))
            return "is finer than a microsecond";
    }
    if (unit_of(at, end) != unit)
        return "is not a span like 15s, 500ms, 2h, none or forever";
    if (whole > (uint64_t)((INT64_MAX - part) / unit))
        return "is out of range";
    *out = (int64_t)whole * unit + part;
    if (negative)
        *out = -*out;
    return NULL;
}

/* Takes `digits` digits and the character behind them, if one is given. */
static bool part_parse(const char **at, const char *end, int digits, char behind, unsigned *out)
{
    uint64_t number;
    const char *stop = *at + digits;

    if (end - *at < digits + (behind != '\0') || !digits_parse(at, stop, &number) || *at != stop)
        return false;
    *out = (unsigned)number;
    return behind == '\0' || *(*at)++ == behind;
}

static bool clock_parse(const char **at, const char *end, int64_t *us)
{
    unsigned hour, minute, second;
    int64_t part = 0;

    if (!part_parse(at, end, 2, ':', &hour) || !part_parse(at, end, 2, ':', &minute) ||
        !part_parse(at, end, 2, '\0', &second) || hour > 23 || minute > 59 || second > 59)
        return false;
    if (*at < end && **at == '.') {
        (*at)++;
        if (!fraction_parse(at, end, ACD_SECOND, &part))
            return false;
    }
    *us = (int64_t)(hour * 3600 + minute * 60 + second) * ACD_SECOND + part;
    return true;
}

static bool date_parse(const char **at, const char *end, struct date *d)
{
    unsigned year;
    struct date back;

    if (!part_parse(at, end, 4, '-', &year) || !part_parse(at, end, 2, '-', &d->month) ||
        !part_parse(at, end, 2, 'T', &d->day) || d->month < 1 || d->month > 12 || d->day < 1)
        return false;
    d->year = year;
    back = date_of(days_of(*d)); /* February 30 comes back as March */
    return back.day == d->day;
}

const char *time_parse(struct acd_str text, acd_time *out)
{
    const char *at = text.data, *end = text.data + text.len;
    struct date d;
    int64_t us;
    bool negative;
    uint64_t number;

    *out = text.len == 0 ? 0 : ACD_FOREVER;
    if (text.len == 0 || is(text, "forever"))
        return NULL;
    if (integer_parse(text, &negative, &number)) {
        if (number > INT64_MAX)
            return "is out of range";
        *out = negative ? -(int64_t)number : (int64_t)number;
        return NULL;
    }
    if (!date_parse(&at, end, &d) || !clock_parse(&at, end, &us) || at + 1 != end || *at != 'Z')
        return "is not a time like 2024-05-01T12:00:00.000000Z";
    *out = days_of(d) * DAY_SECONDS * ACD_SECOND + us;
    return NULL;
}
