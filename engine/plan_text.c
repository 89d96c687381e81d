#include "engine/plan_text.h"

#include <string.h>

/* Reading plans, a character at a time.
 *
 * Failure modes: what is no plan is refused whole: a byte that fits nowhere, a number beyond its
 * bound, more steps or terms than there is room for, a step that is not later than the one before.
 */

struct reader {
    const char *at, *end;
};

static const acd_span AFTER_MAX = (acd_span)30 * 24 * 3600 * ACD_SECOND;

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end && *r->at == ' ')
        r->at++;
}

/* Whether the next thing is this text, which is then behind us. */
static bool take_text(struct reader *r, const char *text)
{
    size_t len = strlen(text);

    skip_blanks(r);
    if ((size_t)(r->end - r->at) < len || memcmp(r->at, text, len) != 0)
        return false;
    r->at += len;
    return true;
}

/* Digits, right here; false when there are none, or they are more than `most`. */
static bool take_number(struct reader *r, int64_t most, int64_t *out)
{
    const char *start = r->at;
    int64_t value = 0;

    for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) {
        value = value * 10 + (*r->at - '0');
        if (value > most)
            return false;
    }
    *out = value;
    return r->at > start;
}

static bool take_level(struct reader *r, uint8_t *out)
{
    int64_t value;

    skip_blanks(r);
    if (!take_number(r, UINT8_MAX, &value))
        return false;
    *out = (uint8_t)value;
    return true;
}

static const struct {
    const char *text;
    acd_span span;
} units[] = {
    {"us", 1}, {"ms", ACD_MS}, {"s", ACD_SECOND}, {"m", 60 * ACD_SECOND}, {"h", 3600 * ACD_SECOND}};

enum { UNITS = sizeof units / sizeof units[0] };

static bool take_span(struct reader *r, acd_span *out)
{
    int64_t count;

    skip_blanks(r);
    if (!take_number(r, AFTER_MAX, &count))
        return false;
    for (size_t i = 0; i < UNITS; i++) {
        size_t len = strlen(units[i].text);

        if ((size_t)(r->end - r->at) < len || memcmp(r->at, units[i].text, len) != 0)
            continue;
        r->at += len;
        *out = count <= AFTER_MAX / units[i].span ? count * units[i].span : AFTER_MAX + 1;
        return *out <= AFTER_MAX;
    }
    return false;
}

static bool is_of_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 128 || (c != '\0' && strchr("_.:/+-", c) != NULL);
}

bool skill_name_ok(struct acd_str name)
{
    if (name.len == 0 || name.len > SKILL_NAME_MAX || name.data[0] == '-')
        return false;
    for (uint16_t i = 0; i < name.len; i++)
        if (!is_of_name(name.data[i]))
            return false;
    return true;
}

static bool take_term(struct reader *r, struct plan_step *s, uint8_t clause)
{
    struct plan_term *term = &s->terms[s->count];
    const char *start;

    skip_blanks(r);
    start = r->at;
    while (r->at < r->end && is_of_name(*r->at))
        r->at++;
    if (s->count == STEP_TERMS_MAX || r->at - start > SKILL_NAME_MAX)
        return false;
    *term = (struct plan_term){.skill = {start, (uint16_t)(r->at - start)}, .clause = clause};
    s->count++;
    return skill_name_ok(term->skill) && (!take_text(r, ">=") || take_level(r, &term->level));
}

static bool take_clause(struct reader *r, struct plan_step *s, uint8_t clause)
{
    if (!take_text(r, "("))
        return take_term(r, s, clause);
    do {
        if (!take_term(r, s, clause))
            return false;
    } while (take_text(r, "|"));
    return take_text(r, ")");
}

/* What stands before the clauses. */
static bool take_window(struct reader *r, struct plan_step *s)
{
    if (take_text(r, "@") && !take_span(r, &s->after))
        return false;
    if (take_text(r, "[") && !(take_level(r, &s->min) && take_text(r, "-") &&
                               take_level(r, &s->max) && take_text(r, "]") && s->min <= s->max))
        return false;
    return !take_text(r, "^") || take_level(r, &s->raise);
}

static bool is_at_step_end(struct reader *r)
{
    skip_blanks(r);
    return r->at == r->end || *r->at == ';';
}

static bool take_step(struct reader *r, struct plan_step *s)
{
    uint8_t clause = 0;

    *s = (struct plan_step){.max = UINT8_MAX};
    if (!take_window(r, s))
        return false;
    if (is_at_step_end(r))
        return true;
    do {
        if (!take_clause(r, s, clause++))
            return false;
    } while (take_text(r, "&"));
    return is_at_step_end(r);
}

bool plan_text_parse(struct acd_str text, struct plan_text *out)
{
    struct reader r = {text.data, text.data + text.len};

    out->count = 0;
    if (text.len == 0)
        return false;
    do {
        struct plan_step *s = &out->steps[out->count];

        if (out->count == PLAN_STEPS_MAX || !take_step(&r, s))
            return false;
        if (out->count == 0 ? s->after != 0 : s->after <= s[-1].after)
            return false;
        out->count++;
    } while (take_text(&r, ";"));
    return true;
}

bool plan_step_is_plain(const struct plan_step *s)
{
    return s->count == 0 && s->min == 0 && s->max == UINT8_MAX && s->raise == 0;
}

static bool plan_term_same(const struct plan_term *a, const struct plan_term *b)
{
    return a->level == b->level && a->clause == b->clause && a->skill.len == b->skill.len &&
           memcmp(a->skill.data, b->skill.data, a->skill.len) == 0;
}

bool plan_step_same(const struct plan_step *a, const struct plan_step *b)
{
    if (a->min != b->min || a->max != b->max || a->raise != b->raise || a->count != b->count)
        return false;
    for (uint8_t i = 0; i < a->count; i++)
        if (!plan_term_same(&a->terms[i], &b->terms[i]))
            return false;
    return true;
}

/* ---- tiers -------------------------------------------------------------------------------- */

static char *put_text(char *at, const char *text)
{
    size_t len = strlen(text);

    memcpy(at, text, len);
    return at + len;
}

static char *put_number(char *at, int64_t value)
{
    char digits[20];
    size_t count = 0;

    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    while (count > 0)
        *at++ = digits[--count];
    return at;
}

/* In the greatest unit that leaves nothing over. */
static char *put_span(char *at, acd_span span)
{
    size_t unit = UNITS - 1;

    while (span % units[unit].span != 0)
        unit--;
    return put_text(put_number(at, span / units[unit].span), units[unit].text);
}

/* The next level that somebody has, from `level` on; 256 when there is none. */
static unsigned next_level(const uint32_t levels[256], unsigned level)
{
    while (level < 256 && levels[level] == 0)
        level++;
    return level;
}

struct acd_str plan_text_of_tiers(const uint32_t levels[256], acd_span wait, bool multiply,
                                  char room[PLAN_TEXT_MAX])
{
    unsigned level = next_level(levels, 0), next = next_level(levels, level + 1);
    char *at = room;

    if (next >= 256)
        return (struct acd_str){NULL, 0};
    for (unsigned step = 1;; step++) {
        acd_span after = multiply ? wait * next : wait;
        unsigned last = next_level(levels, next + 1);

        at = put_text(put_number(put_text(at, "[0-"), level), "]; @");
        at = put_span(at, after > AFTER_MAX ? AFTER_MAX : after);
        if (!multiply || last >= 256 || step + 1 == PLAN_STEPS_MAX || after >= AFTER_MAX)
            break;
        at = put_text(at, " ");
        level = next;
        next = last;
    }
    return (struct acd_str){room, (uint16_t)(at - room)};
}
