#include <criterion/criterion.h>
#include <string.h>

#include "engine/plan_text.h"

/* Plans as text: what is one, what is none, and what comes out of it. */

static bool is_plan(const char *text)
{
    struct plan_text p;

    return plan_text_parse(acd_str(text), &p);
}

Test(plan_text, read)
{
    struct plan_text p;
    const struct plan_step *s;

    cr_assert(plan_text_parse(
        acd_str(" spanish >= 3 & ( billing|tech>=2 ) ;@ 30s [0-7] ^2 spanish; @2m"), &p));
    cr_assert_eq(p.count, 3);
    s = &p.steps[0];
    cr_assert(s->after == 0 && s->min == 0 && s->max == 255 && s->raise == 0 && s->count == 3);
    cr_assert(s->terms[0].level == 3 && s->terms[0].clause == 0);
    cr_assert(s->terms[1].level == 0 && s->terms[1].clause == 1);
    cr_assert(s->terms[2].level == 2 && s->terms[2].clause == 1);
    cr_assert_eq(memcmp(s->terms[2].skill.data, "tech", s->terms[2].skill.len), 0);
    s = &p.steps[1];
    cr_assert(s->after == 30 * ACD_SECOND && s->min == 0 && s->max == 7 && s->raise == 2);
    cr_assert(plan_step_is_plain(&p.steps[2]));
    cr_assert_eq(p.steps[2].after, 120 * ACD_SECOND);
    cr_assert(!plan_step_same(&p.steps[0], &p.steps[1]));
    cr_assert(plan_step_same(&p.steps[1], &p.steps[1]));
}

Test(plan_text, good)
{
    static const char *const good[] = {
        " ",
        "a",
        "(a)",
        "a>=0",
        "a>=255",
        "a;@1us",
        "a;@720h",
        "[0-0]",
        "^255",
        "\xc3\xa4/b:c.d-e+f_9",
        "12345678901234567890123456789012",
        "a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a",
        "a;@1s;@2s;@3s;@4s;@5s;@6s;@7s",
        "; @1ms a",
    };

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        cr_assert(is_plan(good[i]), "%s", good[i]);
}

Test(plan_text, bad)
{
    static const char *const bad[] = {
        "",
        "-",
        "-a",
        "a b",
        "a|b",
        "a&",
        "&a",
        "()",
        "(a",
        "a)",
        "(a|)",
        "(a&b)",
        "((a))",
        "a>2",
        "a>=",
        "a>=256",
        "a>=-1",
        "a>=1000000000000000000000",
        "a;b",
        "@1s",
        "a;@0s",
        "a;@1",
        "a;@s",
        "a;@1 s",
        "a;@1d",
        "a;@721h",
        "a;@99999999999999999999us",
        "a;@2s;@2s",
        "[1]",
        "[2-1]",
        "[0-256]",
        "[0-1",
        "^",
        "^256",
        "^1[0-1]",
        "a;",
        "123456789012345678901234567890123",
        "a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a",
        "a;@1s;@2s;@3s;@4s;@5s;@6s;@7s;@8s",
        "a\x01",
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_assert(!is_plan(bad[i]), "%s", bad[i]);
}

/* The plan of some levels, as text. */
static const char *tiers(const char *levels, acd_span wait, bool multiply)
{
    static char room[PLAN_TEXT_MAX + 1];
    uint32_t counts[256] = {0};
    struct plan_text parsed;
    struct acd_str text;

    for (; *levels != '\0'; levels++)
        counts[(unsigned char)*levels - '0']++;
    text = plan_text_of_tiers(counts, wait, multiply, room);
    cr_assert(text.len == 0 || plan_text_parse(text, &parsed));
    room[text.len] = '\0';
    return room;
}

Test(plan_text, tiers)
{
    cr_assert_str_eq(tiers("", ACD_SECOND, true), "");
    cr_assert_str_eq(tiers("33", ACD_SECOND, true), "");
    cr_assert_str_eq(tiers("135", 30 * ACD_SECOND, false), "[0-1]; @30s");
    cr_assert_str_eq(tiers("135", 30 * ACD_SECOND, true), "[0-1]; @90s [0-3]; @150s");
    cr_assert_str_eq(tiers("02", 1800 * ACD_SECOND, true), "[0-0]; @1h");
    cr_assert_str_eq(tiers("012", 1500000, true), "[0-0]; @1500ms [0-1]; @3s");
    cr_assert_str_eq(tiers("01", 7, true), "[0-0]; @7us");
    cr_assert_str_eq(
        tiers("0123456789", ACD_SECOND, true),
        "[0-0]; @1s [0-1]; @2s [0-2]; @3s [0-3]; @4s [0-4]; @5s [0-5]; @6s [0-6]; @7s");
    cr_assert_str_eq(tiers("0123", 20 * 86400 * ACD_SECOND, true), "[0-0]; @480h [0-1]; @720h");
}
