/* acdctl: single values as people read them. */

#include "tools/acdctl_text.h"

#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#include "engine/acd_assert.h"
#include "proto/acd_json.h"
#include "proto/acd_messages.h"

void ctl_text_init(void)
{
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
        setlocale(LC_CTYPE, "");
}

/* ---- texts -------------------------------------------------------------------------------- */

/* The printable character at `s`: its bytes, and to *columns what it takes; 0 when there is none.
 * Controls have no width, and so cannot be printed. */
static size_t printable(const char *s, size_t left, size_t *columns)
{
    mbstate_t state;
    wchar_t c;
    size_t len;
    int width;

    memset(&state, 0, sizeof state);
    len = mbrtowc(&c, s, left, &state);
    if (len == 0 || len > left)
        return 0;
    width = wcwidth(c);
    if (width < 0)
        return 0;
    *columns = (size_t)width;
    return len;
}

void ctl_clean(struct acd_str text, char *out, size_t len)
{
    size_t used = 0, columns;

    for (size_t i = 0, step; i < text.len; i += step) {
        step = printable(text.data + i, text.len - i, &columns);
        if (used + (step == 0 ? 1 : step) >= len)
            break;
        if (step == 0) {
            out[used++] = '?';
            step = 1;
        } else {
            memcpy(out + used, text.data + i, step);
            used += step;
        }
    }
    out[used] = '\0';
}

size_t ctl_width(const char *text)
{
    size_t width = 0, columns, left = strlen(text);

    for (size_t step; left > 0; text += step, left -= step) {
        step = printable(text, left, &columns);
        width += step == 0 ? 1 : columns;
        step += step == 0;
    }
    return width;
}

void ctl_clip(char *text, size_t columns)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    size_t width = 0, at = 0, len = strlen(text), step, more;

    if (ctl_width(text) <= columns || columns == 0)
        return;
    for (; at < len; at += step, width += more) {
        more = 1;
        step = printable(text + at, len - at, &more);
        step += step == 0;
        if (width + more > columns - 1)
            break;
    }
    if (len - at >= sizeof ellipsis - 1)
        memcpy(text + at, ellipsis, sizeof ellipsis);
    else
        memcpy(text + at, "~", 2);
}

/* ---- time --------------------------------------------------------------------------------- */

void ctl_span_text(acd_span span, char out[CTL_TEXT_MAX])
{
    const char *sign = span < 0 ? "-" : "";
    int64_t s = span < 0 ? -(span / ACD_SECOND) : span / ACD_SECOND;

    if (span == ACD_FOREVER)
        snprintf(out, CTL_TEXT_MAX, "open");
    else if (s < 60)
        snprintf(out, CTL_TEXT_MAX, "%s%ds", s == 0 ? "" : sign, (int)s);
    else if (s < 3600)
        snprintf(out, CTL_TEXT_MAX, "%s%dm%02ds", sign, (int)(s / 60), (int)(s % 60));
    else if (s < 86400)
        snprintf(out, CTL_TEXT_MAX, "%s%dh%02dm", sign, (int)(s / 3600), (int)(s / 60 % 60));
    else
        snprintf(out, CTL_TEXT_MAX, "%s%" PRId64 "d%02dh", sign, s / 86400, (int)(s / 3600 % 24));
}

/* Seconds with what is left of a fraction: "5", "1.5", "0.000001". */
static void seconds_text(int64_t us, char out[32])
{
    int len = snprintf(out, 32, "%d.%06d", (int)(us / ACD_SECOND), (int)(us % ACD_SECOND));

    while (out[len - 1] == '0')
        out[--len] = '\0';
    if (out[len - 1] == '.')
        out[len - 1] = '\0';
}

void ctl_span_exact(acd_span span, char out[CTL_TEXT_MAX])
{
    static const struct {
        const char *name;
        acd_span us;
    } units[] = {{"d", 86400 * ACD_SECOND}, {"h", 3600 * ACD_SECOND}, {"m", 60 * ACD_SECOND}};
    char seconds[32];
    size_t used = 0;

    out[0] = '\0';
    if (span == ACD_FOREVER || span < 0) {
        snprintf(out, CTL_TEXT_MAX, "%s", span < 0 ? "none" : "open-ended");
        return;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (span >= units[i].us)
            used += (size_t)snprintf(out + used, CTL_TEXT_MAX - used, "%" PRId64 "%s",
                                     span / units[i].us, units[i].name);
        span %= units[i].us;
    }
    seconds_text(span, seconds);
    if (span > 0 && span < ACD_SECOND && span % ACD_MS == 0 && used == 0)
        snprintf(out, CTL_TEXT_MAX, "%dms", (int)(span / ACD_MS));
    else if (span > 0 || used == 0)
        snprintf(out + used, CTL_TEXT_MAX - used, "%ss", seconds);
}

void ctl_clock_text(acd_time at, acd_time now, char out[CTL_TEXT_MAX])
{
    time_t then = (time_t)(at / ACD_SECOND), today = (time_t)(now / ACD_SECOND);
    struct tm a, b;

    out[0] = '\0';
    if (at == 0)
        return;
    if (at == ACD_FOREVER || localtime_r(&then, &a) == NULL || localtime_r(&today, &b) == NULL)
        snprintf(out, CTL_TEXT_MAX, "open-ended");
    else if (a.tm_year == b.tm_year && a.tm_yday == b.tm_yday)
        strftime(out, CTL_TEXT_MAX, "%H:%M:%S", &a);
    else
        strftime(out, CTL_TEXT_MAX, "%Y-%m-%d %H:%M:%S", &a);
}

void ctl_percent_text(uint64_t part, uint64_t whole, char out[CTL_TEXT_MAX])
{
    const uint64_t tenths = whole == 0 ? 0 : (2000 * part + whole) / (2 * whole);

    if (whole == 0)
        snprintf(out, CTL_TEXT_MAX, "-");
    else
        snprintf(out, CTL_TEXT_MAX, "%" PRIu64 ".%" PRIu64 "%%", tenths / 10, tenths % 10);
}

/* ---- any field ---------------------------------------------------------------------------- */

/* What a description says of a value: of "calls that may wait; 0: no limit" and "0" it is
 * "no limit". False when it says nothing. */
static bool doc_says(const char *doc, const char *value, char out[CTL_TEXT_MAX])
{
    size_t len = strlen(value);

    for (const char *at = doc; (at = strstr(at, value)) != NULL; at += len) {
        if ((at != doc && at[-1] != ' ') || at[len] != ':' || at[len + 1] != ' ')
            continue;
        at += len + 2;
        snprintf(out, CTL_TEXT_MAX, "%.*s", (int)strcspn(at, ";,"), at);
        return true;
    }
    return false;
}

static int64_t load_us(const struct acd_field *field, const void *value)
{
    int64_t us;

    memcpy(&us, (const char *)value + field->offset, sizeof us);
    return us;
}

/* Whether a span is what calls took: all spans of these views are, and a queue has those of the
 * totals besides its settings. */
static bool took(const struct acd_field *field)
{
    return acd_field_named(&acd_record_view_totals, field->name) != NULL ||
           acd_field_named(&acd_record_view_agent, field->name) != NULL ||
           acd_field_named(&acd_record_view_visit, field->name) != NULL;
}

/* A span of 0 is what calls took so far, or a setting that is off. What has microseconds was
 * measured, and nobody wants them. */
static void span_field_text(const struct acd_field *field, acd_span span, char out[CTL_TEXT_MAX])
{
    const bool is_sum = took(field);

    if (span == 0)
        snprintf(out, CTL_TEXT_MAX, "%s", is_sum ? "0s" : "none");
    else if (is_sum || (span > ACD_SECOND && span % ACD_MS != 0 && span != ACD_FOREVER))
        ctl_span_text(span, out);
    else
        ctl_span_exact(span, out);
}

void ctl_field_text(const struct acd_field *field, const void *value, acd_time now,
                    char out[CTL_TEXT_MAX])
{
    char raw[CTL_TEXT_MAX];
    int len = acd_json_field(field, value, raw, sizeof raw);

    out[0] = '\0';
    if (field->type == ACD_FIELD_time)
        ctl_clock_text(load_us(field, value), now, out);
    else if (field->type == ACD_FIELD_flag)
        snprintf(out, CTL_TEXT_MAX, "%s", raw[0] == 't' ? "yes" : "no");
    else if (field->type == ACD_FIELD_span) {
        if (load_us(field, value) != 0 || !doc_says(field->doc, "0", out))
            span_field_text(field, load_us(field, value), out);
    } else if (strcmp(raw, "0") != 0 || !doc_says(field->doc, "0", out))
        ctl_clean((struct acd_str){raw, (uint16_t)(len < 0 ? 0 : len)}, out, CTL_TEXT_MAX);
    if (out[0] == '\0')
        snprintf(out, CTL_TEXT_MAX, "-");
}

/* ---- JSON --------------------------------------------------------------------------------- */

void ctl_print_json(const struct acd_record *record, const void *value)
{
    char json[ACD_JSON_MAX];

    ACD_ASSERT(acd_json_write(record, value, NULL, json, sizeof json) > 0);
    puts(json);
}
