/* The twin reads plans: it cuts the text at its signs, from the outside in. */

#include <string.h>

#include "engine/acd_assert.h"
#include "tests/model/twin_parts.h"

/* A piece of text without the blanks around it. */
struct piece {
    const char *at;
    size_t len;
};

static struct piece trimmed(const char *at, size_t len)
{
    ACD_ASSERT(at != NULL || len == 0);
    while (len > 0 && *at == ' ')
        at++, len--;
    while (len > 0 && at[len - 1] == ' ')
        len--;
    return (struct piece){at, len};
}

/* Cuts what stands before the first `sign` off a piece, or all of it; false when nothing is left to
 * cut: the piece was used up by the cut before. */
static bool cut(struct piece *rest, char sign, struct piece *out)
{
    const char *found;

    if (rest->at == NULL)
        return false;
    found = memchr(rest->at, sign, rest->len);
    if (found == NULL) {
        *out = trimmed(rest->at, rest->len);
        rest->at = NULL;
        return true;
    }
    *out = trimmed(rest->at, (size_t)(found - rest->at));
    rest->len -= (size_t)(found - rest->at) + 1;
    rest->at = found + 1;
    return true;
}

/* Takes the digits in front of a piece; false when there are none or they are too many. */
static bool number(struct piece *p, uint64_t most, uint64_t *out)
{
    size_t digits = 0;

    *out = 0;
    for (; digits < p->len && p->at[digits] >= '0' && p->at[digits] <= '9'; digits++) {
        *out = *out * 10 + (uint64_t)(p->at[digits] - '0');
        if (*out > most)
            return false;
    }
    p->at += digits;
    p->len -= digits;
    return digits > 0;
}

/* A number that is all there is. */
static bool whole_level(struct piece p, uint8_t *out)
{
    uint64_t value;

    if (!number(&p, 255, &value) || p.len > 0)
        return false;
    *out = (uint8_t)value;
    return true;
}

static bool read_term(struct piece p, struct twin_step *s, uint8_t clause)
{
    struct twin_term *term = &s->terms[s->count];
    const char *sign = NULL;
    struct piece name = p;

    for (size_t i = 0; i + 1 < p.len && sign == NULL; i++)
        if (p.at[i] == '>' && p.at[i + 1] == '=')
            sign = p.at + i;
    if (s->count == 16)
        return false;
    term->clause = clause;
    term->level = 0;
    if (sign != NULL) {
        size_t before = (size_t)(sign - p.at);

        name = trimmed(p.at, before);
        if (!whole_level(trimmed(sign + 2, p.len - before - 2), &term->level))
            return false;
    }
    if (!twin_skill_name((struct acd_str){name.at, (uint16_t)name.len}))
        return false;
    twin_text_copy(&term->skill, (struct acd_str){name.at, (uint16_t)name.len});
    s->count++;
    return true;
}

static bool read_clause(struct piece p, struct twin_step *s, uint8_t clause)
{
    struct piece term;

    if (p.len == 0 || p.at[0] != '(')
        return read_term(p, s, clause);
    if (p.at[p.len - 1] != ')')
        return false;
    p = (struct piece){p.at + 1, p.len - 2};
    while (cut(&p, '|', &term))
        if (!read_term(term, s, clause))
            return false;
    return true;
}

/* "@span" in front of a step, if it is there. */
static bool read_after(struct piece *p, acd_span *after)
{
    static const struct {
        const char *name;
        acd_span span;
    } units[] = {{"us", 1}, {"ms", 1000}, {"s", 1000000}, {"m", 60000000}, {"h", 3600000000}};
    const acd_span month = 30 * 86400 * ACD_SECOND;
    uint64_t count;

    *after = 0;
    if (p->len == 0 || p->at[0] != '@')
        return true;
    *p = trimmed(p->at + 1, p->len - 1);
    if (!number(p, (uint64_t)month, &count))
        return false;
    for (size_t i = 0; i < 5; i++) {
        size_t len = strlen(units[i].name);

        if (p->len < len || memcmp(p->at, units[i].name, len) != 0)
            continue;
        *p = trimmed(p->at + len, p->len - len);
        *after = (acd_span)count * units[i].span;
        return count <= (uint64_t)(month / units[i].span);
    }
    return false;
}

/* "[min-max]" in front, if it is there. */
static bool read_window(struct piece *p, struct twin_step *s)
{
    struct piece inside, min;

    s->min = 0;
    s->max = 255;
    if (p->len == 0 || p->at[0] != '[')
        return true;
    if (memchr(p->at, ']', p->len) == NULL)
        return false;
    p->at++;
    p->len--;
    cut(p, ']', &inside);
    *p = trimmed(p->at, p->len);
    if (memchr(inside.at, '-', inside.len) == NULL)
        return false;
    cut(&inside, '-', &min);
    return whole_level(min, &s->min) && whole_level(trimmed(inside.at, inside.len), &s->max) &&
           s->min <= s->max;
}

/* "^level" in front, if it is there. */
static bool read_raise(struct piece *p, struct twin_step *s)
{
    uint64_t level = 0;

    if (p->len > 0 && p->at[0] == '^') {
        *p = trimmed(p->at + 1, p->len - 1);
        if (!number(p, 255, &level))
            return false;
        *p = trimmed(p->at, p->len);
    }
    s->raise = (uint8_t)level;
    return true;
}

static bool read_step(struct piece p, struct twin_step *s)
{
    struct piece clause;
    uint8_t n = 0;

    memset(s, 0, sizeof *s);
    if (!read_after(&p, &s->after) || !read_window(&p, s) || !read_raise(&p, s))
        return false;
    if (p.len == 0)
        return true;
    while (cut(&p, '&', &clause))
        if (!read_clause(clause, s, n++))
            return false;
    return true;
}

bool twin_plan_read(struct acd_str text, struct twin_steps *out)
{
    struct piece rest = {text.data, text.len}, step;

    out->count = 0;
    if (text.len == 0)
        return false;
    while (cut(&rest, ';', &step)) {
        struct twin_step *s = &out->steps[out->count];

        if (out->count == 8 || !read_step(step, s))
            return false;
        if (out->count == 0 ? s->after != 0 : s->after <= out->steps[out->count - 1].after)
            return false;
        out->count++;
    }
    return true;
}

bool twin_skill_name(struct acd_str name)
{
    static const char good[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:/+-";

    if (name.len < 1 || name.len > 32 || name.data[0] == '-')
        return false;
    for (uint16_t i = 0; i < name.len; i++)
        if ((unsigned char)name.data[i] < 128 &&
            memchr(good, name.data[i], sizeof good - 1) == NULL)
            return false;
    return true;
}
