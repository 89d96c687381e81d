/* acdctl: reports, as tables for people, and as CSV and JSON for programs. In those spans are in
 * seconds, shares in percent, both exact to what was counted, and what there is none of is empty.
 */

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "engine/acd_assert.h"
#include "tools/acdctl_report.h"

enum { REPORT_COLUMNS_MAX = 32 };

static struct tm local(acd_time at)
{
    time_t seconds = (time_t)(at / ACD_SECOND);
    struct tm tm;

    (void)localtime_r(&seconds, &tm);
    return tm;
}

/* ---- for people ----------------------------------------------------------------------------- */

static void start_text(acd_time start, char out[CTL_TEXT_MAX])
{
    struct tm tm = local(start);

    (void)strftime(out, CTL_TEXT_MAX, tm.tm_hour == 0 && tm.tm_min == 0 ? "%F" : "%F %H:%M", &tm);
}

static void cell_text(const struct report_column *c, const struct report_row *row,
                      char out[CTL_TEXT_MAX])
{
    int64_t v = c->value == NULL ? 0 : c->value(row);

    switch (c->kind) {
    case REPORT_NAME: ctl_clean(acd_str(row->name), out, CTL_TEXT_MAX); break;
    case REPORT_START: start_text(row->start, out); break;
    case REPORT_HOUR: snprintf(out, CTL_TEXT_MAX, "%02d:00", row->hour); break;
    case REPORT_COUNT: snprintf(out, CTL_TEXT_MAX, "%" PRId64, v); break;
    case REPORT_SPAN:
        if (v < 0)
            snprintf(out, CTL_TEXT_MAX, "-");
        else
            ctl_span_text(v, out);
        break;
    case REPORT_SHARE:
        if (v < 0)
            snprintf(out, CTL_TEXT_MAX, "-");
        else
            snprintf(out, CTL_TEXT_MAX, "%" PRId64 ".%02" PRId64 "%%", v / 100, v % 100);
        break;
    }
}

static void print_table(const struct report *report, const struct report_row *rows, size_t count)
{
    struct ctl_heading headings[REPORT_COLUMNS_MAX] = {{0}};
    struct ctl_table table = {0};
    char text[CTL_TEXT_MAX];
    size_t columns = 0;

    for (; report->columns[columns] != NULL; columns++) {
        const struct report_column *c = report->columns[columns];

        ACD_ASSERT(columns < REPORT_COLUMNS_MAX);
        headings[columns] = (struct ctl_heading){c->heading, c->kind > REPORT_HOUR,
                                                 c->kind == REPORT_NAME ? 32 : 0};
    }
    ctl_table_init(&table, headings, columns);
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < columns; c++) {
            cell_text(report->columns[c], &rows[i], text);
            ctl_table_add(&table, text);
        }
    ctl_table_print(&table, stdout);
    ctl_table_fini(&table);
}

void report_print_until(acd_time until, const char *zone)
{
    struct tm tm = local(until);
    char text[CTL_TEXT_MAX];

    (void)strftime(text, sizeof text, "%F %H:%M", &tm);
    printf("\nup to %s, %s\n", text, zone);
}

/* ---- for programs --------------------------------------------------------------------------- */

void report_exact(acd_time at, char out[CTL_TEXT_MAX])
{
    struct tm tm = local(at);
    size_t len = strftime(out, CTL_TEXT_MAX, "%FT%T%z", &tm);

    memmove(out + len - 1, out + len - 2, 3); /* "+0100" gets its colon */
    out[len - 2] = ':';
}

/* A number, or "" of what there is none of. */
static void number_exact(const struct report_column *c, const struct report_row *row,
                         char out[CTL_TEXT_MAX])
{
    int64_t v = c->kind == REPORT_HOUR ? row->hour : c->value(row);

    if (v < 0)
        out[0] = '\0';
    else if (c->kind == REPORT_SPAN)
        snprintf(out, CTL_TEXT_MAX, "%" PRId64 ".%06" PRId64, v / ACD_SECOND, v % ACD_SECOND);
    else if (c->kind == REPORT_SHARE)
        snprintf(out, CTL_TEXT_MAX, "%" PRId64 ".%02" PRId64, v / 100, v % 100);
    else
        snprintf(out, CTL_TEXT_MAX, "%" PRId64, v);
}

/* A text in quotes, those within it doubled. */
static void put_quoted(const char *text)
{
    putchar('"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            putchar('"');
        putchar(*text);
    }
    putchar('"');
}

static void put_csv(const struct report_column *c, const struct report_row *row)
{
    char text[CTL_TEXT_MAX];

    if (c->kind == REPORT_NAME) {
        put_quoted(row->name);
        return;
    }
    if (c->kind == REPORT_START)
        report_exact(row->start, text);
    else
        number_exact(c, row, text);
    fputs(text, stdout);
}

static void print_csv(const struct report *report, const struct report_row *rows, size_t count)
{
    for (size_t c = 0; report->columns[c] != NULL; c++)
        printf("%s%s", c == 0 ? "" : ",", report->columns[c]->key);
    fputs("\r\n", stdout);
    for (size_t i = 0; i < count; i++) {
        for (size_t c = 0; report->columns[c] != NULL; c++) {
            if (c > 0)
                putchar(',');
            put_csv(report->columns[c], &rows[i]);
        }
        fputs("\r\n", stdout);
    }
}

static void put_json(const struct report_column *c, const struct report_row *row)
{
    char text[CTL_TEXT_MAX]; /* a byte comes to six at most */

    printf("\"%s\":", c->key);
    if (c->kind == REPORT_NAME) {
        ACD_ASSERT(acd_json_text(acd_str(row->name), text, sizeof text) > 0);
        fputs(text, stdout);
        return;
    }
    if (c->kind == REPORT_START) {
        report_exact(row->start, text);
        printf("\"%s\"", text);
        return;
    }
    number_exact(c, row, text);
    fputs(text[0] == '\0' ? "null" : text, stdout);
}

static void print_json(const struct report *report, const struct report_row *rows, size_t count)
{
    putchar('[');
    for (size_t i = 0; i < count; i++) {
        fputs(i == 0 ? "{" : ",\n {", stdout);
        for (size_t c = 0; report->columns[c] != NULL; c++) {
            if (c > 0)
                putchar(',');
            put_json(report->columns[c], &rows[i]);
        }
        putchar('}');
    }
    puts("]");
}

void report_print(const struct report *report, enum report_format format,
                  const struct report_row *rows, size_t count)
{
    switch (format) {
    case REPORT_TABLE: print_table(report, rows, count); break;
    case REPORT_CSV: print_csv(report, rows, count); break;
    case REPORT_JSON: print_json(report, rows, count); break;
    }
}
