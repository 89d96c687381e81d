/* How acdctl writes single values and tables, and what it takes for a mistyped word. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/check.h"

/* Files of a program cannot be linked with; they are taken in as they are. */
/* NOLINTBEGIN(bugprone-suspicious-include) */
#include "tools/acdctl_near.c"
#include "tools/acdctl_table.c"
#include "tools/acdctl_text.c"
/* NOLINTEND(bugprone-suspicious-include) */

static char text[CTL_TEXT_MAX];

#define SAYS(call, expected)                                                                       \
    do {                                                                                           \
        (call);                                                                                    \
        if (!CHECK(strcmp(text, (expected)) == 0))                                                 \
            fprintf(stderr, "\"%s\", not \"%s\"\n", text, (expected));                             \
    } while (0)

static void test_spans(void)
{
    SAYS(ctl_span_text(0, text), "0s");
    SAYS(ctl_span_text(999999, text), "0s");
    SAYS(ctl_span_text(59 * ACD_SECOND, text), "59s");
    SAYS(ctl_span_text(65 * ACD_SECOND, text), "1m05s");
    SAYS(ctl_span_text(3599 * ACD_SECOND, text), "59m59s");
    SAYS(ctl_span_text(3725 * ACD_SECOND, text), "1h02m");
    SAYS(ctl_span_text(90000 * ACD_SECOND, text), "1d01h");
    SAYS(ctl_span_text(-65 * ACD_SECOND, text), "-1m05s");
    SAYS(ctl_span_text(ACD_FOREVER, text), "open");
    SAYS(ctl_span_exact(0, text), "0s");
    SAYS(ctl_span_exact(1, text), "0.000001s");
    SAYS(ctl_span_exact(250 * ACD_MS, text), "250ms");
    SAYS(ctl_span_exact(1500 * ACD_MS, text), "1.5s");
    SAYS(ctl_span_exact(300 * ACD_SECOND, text), "5m");
    SAYS(ctl_span_exact(90 * ACD_SECOND, text), "1m30s");
    SAYS(ctl_span_exact(90061 * ACD_SECOND, text), "1d1h1m1s");
    SAYS(ctl_span_exact(-1, text), "none");
    SAYS(ctl_span_exact(ACD_FOREVER, text), "open-ended");
}

static void test_clock(void)
{
    const acd_time noon = INT64_C(1714564800) * ACD_SECOND; /* 2024-05-01 12:00:00 */

    SAYS(ctl_clock_text(0, noon, text), "");
    SAYS(ctl_clock_text(noon + 7 * ACD_SECOND, noon, text), "12:00:07");
    SAYS(ctl_clock_text(noon - 86400 * ACD_SECOND, noon, text), "2024-04-30 12:00:00");
    SAYS(ctl_clock_text(ACD_FOREVER, noon, text), "open-ended");
}

static void clip(const char *from, size_t columns)
{
    snprintf(text, sizeof text, "%s", from);
    ctl_clip(text, columns);
}

/* What comes from outside cannot steer the terminal. */
static void test_cleaning(void)
{
    SAYS(ctl_clean(acd_str("a\033[31mb\n\x7f"), text, sizeof text), "a?[31mb??");
    SAYS(ctl_clean(acd_str("J\xc3\xb6rg \xe4\xbd\xa0"), text, sizeof text),
         "J\xc3\xb6rg \xe4\xbd\xa0");
    SAYS(ctl_clean(acd_str("\xc3\xc2\x9b\xff"), text, sizeof text), "????");
    SAYS(ctl_clean(acd_str("abcdef"), text, 4), "abc");
    SAYS(ctl_clean(acd_str("J\xc3\xb6rg"), text, 3), "J");
    CHECK(ctl_width("J\xc3\xb6rg \xe4\xbd\xa0") == 7);
    SAYS(clip("abcdef", 6), "abcdef");
    SAYS(clip("abcdefgh", 6), "abcde\xe2\x80\xa6");
    SAYS(clip("abcdefg", 6), "abcde~");
}

static const char *field_text(const struct acd_record *record, const char *name, const void *value)
{
    ctl_field_text(acd_field_named(record, name), value, 0, text);
    return text;
}

static void test_fields(void)
{
    const struct acd_record *record = &acd_record_view_queue;
    struct acd_view_queue v = {.queue = {3, 17}, .name = acd_str("sales"), .state = ACD_CLOSED};

    SAYS(field_text(record, "queue", &v), "3.17");
    SAYS(field_text(record, "name", &v), "sales");
    SAYS(field_text(record, "state", &v), "closed");
    SAYS(field_text(record, "strategy", &v), "-");
    SAYS(field_text(record, "max_size", &v), "no limit"); /* its description says so */
    SAYS(field_text(record, "max_wait", &v), "never");
    SAYS(field_text(record, "busy_delay", &v), "none");
    SAYS(field_text(record, "talk", &v), "0s");
    SAYS(field_text(record, "oldest_entered", &v), "-");
    v.max_wait = 90 * ACD_SECOND;
    v.wrap_up_time = ACD_FOREVER;
    v.talk = 3700 * ACD_SECOND + 5;
    SAYS(field_text(record, "max_wait", &v), "1m30s");
    SAYS(field_text(record, "wrap_up_time", &v), "open-ended");
    SAYS(field_text(record, "talk", &v), "1h01m");
    v.name = (struct acd_str){NULL, 0};
    SAYS(field_text(record, "name", &v), "-");
}

/* What calls took is told in whole seconds, what the disk took is not. */
static void test_measured(void)
{
    const struct acd_view_agent agent = {.talk_today = 2 * ACD_SECOND + 500 * ACD_MS};
    const struct acd_view_visit visit = {.wait = 0, .talk = 250 * ACD_MS};
    const struct acd_view_server server = {.commit_last = 4 * ACD_MS};

    SAYS(field_text(&acd_record_view_agent, "talk_today", &agent), "2s");
    SAYS(field_text(&acd_record_view_visit, "wait", &visit), "0s");
    SAYS(field_text(&acd_record_view_visit, "talk", &visit), "0s");
    SAYS(field_text(&acd_record_view_server, "commit_last", &server), "4ms");
}

/* Half a tenth is rounded up, also where no binary fraction is exact. */
static void test_percents(void)
{
    SAYS(ctl_percent_text(6, 13, text), "46.2%");
    SAYS(ctl_percent_text(1, 16, text), "6.3%");
    SAYS(ctl_percent_text(3, 16, text), "18.8%");
    SAYS(ctl_percent_text(1, 2000, text), "0.1%");
    SAYS(ctl_percent_text(1, 2001, text), "0.0%");
    SAYS(ctl_percent_text(0, 7, text), "0.0%");
    SAYS(ctl_percent_text(7, 7, text), "100.0%");
    SAYS(ctl_percent_text(0, 0, text), "-");
}

/* ---- tables ------------------------------------------------------------------------------- */

static void check_table(const struct ctl_table *t, const char *expected)
{
    char *out = NULL;
    size_t len;
    FILE *file = open_memstream(&out, &len);

    if (file == NULL)
        check_give_up("open_memstream", "no memory");
    ctl_table_print(t, file);
    CHECK(fclose(file) == 0);
    if (!CHECK(strcmp(out, expected) == 0))
        fprintf(stderr, "%snot\n%s", out, expected);
    free(out);
}

static void test_tables(void)
{
    static const struct ctl_heading headings[] = {
        {"NAME", false, 6}, {"N", true, 0}, {"REST", false, 0}};
    static const char *const cells[] = {"ann", "1",       "x", "J\xc3\xb6rg", "12345",
                                        "",    "barbara", "7", "y z"};
    struct ctl_table t;

    ctl_table_init(&t, headings, 3);
    check_table(&t, "NAME  N  REST\n");
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
        ctl_table_add(&t, cells[i]);
    check_table(&t, "NAME        N  REST\n"
                    "ann         1  x\n"
                    "J\xc3\xb6rg    12345  \n"
                    "barba~      7  y z\n");
    ctl_table_fini(&t);
    check_table(&t, "");
}

/* ---- words -------------------------------------------------------------------------------- */

static const char *word(const void *ctx, size_t i)
{
    static const char *const words[] = {"ready", "not_ready", "logged_out", NULL};

    (void)ctx;
    return words[i];
}

static bool is_near(const char *typed, const char *expected)
{
    const char *near = ctl_nearest(typed, word, NULL);

    return expected == NULL ? near == NULL : near != NULL && strcmp(near, expected) == 0;
}

static void test_near(void)
{
    CHECK(is_near("redy", "ready"));
    CHECK(is_near("raedy", "ready"));
    CHECK(is_near("notready", "not_ready"));
    CHECK(is_near("loggedout", "logged_out"));
    CHECK(is_near("busy", NULL));
    CHECK(is_near("", NULL));
    CHECK(is_near("a_word_that_is_longer_than_any_word_may_be_here", NULL));
}

int main(void)
{
    if (setenv("TZ", "UTC", 1) != 0)
        return 1;
    ctl_text_init();
    test_spans();
    test_clock();
    test_cleaning();
    test_fields();
    test_measured();
    test_percents();
    test_tables();
    test_near();
    return check_failures() == 0 ? 0 : 1;
}
