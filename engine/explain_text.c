#include "engine/explain_text.h"

#include "engine/lines.h"

/* Every text of these is shorter than the plan it comes of, but for blanks: at most four a term. */

static char *say(char *at, const char *data, size_t len)
{
    memcpy(at, data, len);
    return at + len;
}

static char *say_level(char *at, uint8_t level)
{
    if (level >= 100)
        *at++ = (char)('0' + level / 100);
    if (level >= 10)
        *at++ = (char)('0' + level / 10 % 10);
    *at++ = (char)('0' + level % 10);
    return at;
}

static char *say_term(const struct acd_engine *e, char *at, const struct line_term *term)
{
    const struct skill *skill = &e->skills[term->skill];

    at = say(at, skill->name.data, skill->name.len);
    return term->level == 0 ? at : say_level(say(at, ">=", 2), term->level);
}

/* The clause that begins at a term, which then is that of the next one. */
static char *say_clause(const struct acd_engine *e, char *at, const struct requirement *r,
                        uint8_t *i)
{
    uint8_t clause = r->terms[*i].clause, first = *i;
    bool several = first + 1 < r->count && r->terms[first + 1].clause == clause;

    at = say(at, "(", several ? 1 : 0);
    for (; *i < r->count && r->terms[*i].clause == clause; ++*i)
        at = say_term(e, say(at, " | ", *i == first ? 0 : 3), &r->terms[*i]);
    return say(at, ")", several ? 1 : 0);
}

/* All clauses, or, of an agent, those that it does not fulfil. */
static char *say_clauses(const struct acd_engine *e, char *at, const struct requirement *r,
                         uint32_t agent)
{
    const char *begin = at;

    for (uint8_t i = 0; i < r->count;) {
        uint8_t next = i;

        if (agent != NONE && clause_met(e, r, agent, NULL, &next))
            i = next;
        else
            at = say_clause(e, say(at, " & ", at == begin ? 0 : 3), r, &i);
    }
    return at;
}

static char *say_window(char *at, const struct requirement *r)
{
    at = say_level(say(at, "[", 1), r->min);
    at = say_level(say(at, "-", 1), r->max);
    return say(at, "]", 1);
}

static struct acd_str said(const char *room, const char *end)
{
    ACD_ASSERT(end - room <= ACD_EXPLAIN_TEXT);
    return (struct acd_str){room, (uint16_t)(end - room)};
}

struct acd_str window_text(const struct requirement *r, char *room)
{
    return said(room, say_window(room, r));
}

struct acd_str lacks_text(const struct acd_engine *e, const struct requirement *r, uint32_t agent,
                          char *room)
{
    return said(room, say_clauses(e, room, r, agent));
}

struct acd_str line_text(const struct acd_engine *e, uint32_t line, char *room)
{
    const struct requirement *r = line_requirement(e, line);
    char *at = room;

    if (r == NULL || r->agent.gen != 0)
        return (struct acd_str){NULL, 0};
    if (r->min > 0 || r->max < UINT8_MAX)
        at = say_window(at, r);
    if (r->raise > 0)
        at = say_level(say(say(at, " ", at == room ? 0 : 1), "^", 1), r->raise);
    if (r->count > 0)
        at = say_clauses(e, say(at, " ", at == room ? 0 : 1), r, NONE);
    return said(room, at);
}
