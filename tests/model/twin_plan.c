/* The twin follows plans: who may take a call, which lines there are, and what has room. */

#include <stdio.h>
#include <string.h>

#include "tests/model/twin_parts.h"

static const acd_agent_id NO_AGENT;

/* ---- who may take a call -------------------------------------------------------------------- */

uint8_t twin_step_level(const struct twin *t, const struct twin_step *s, uint8_t level)
{
    if (s == NULL || twin_wrong(t, TWIN_FAULT_RAISE_IGNORED))
        return level;
    return level < s->raise ? s->raise : level;
}

static bool has_skill(const struct twin *t, const struct twin_agent *a,
                      const struct twin_term *term)
{
    for (uint32_t i = 0; i < a->skill_count; i++)
        if (twin_text_is(&a->skills[i].name, twin_text_str(&term->skill)))
            return a->skills[i].level >= term->level ||
                   twin_wrong(t, TWIN_FAULT_SKILL_LEVEL_IGNORED);
    return false;
}

uint32_t twin_lacks(const struct twin *t, const struct twin_agent *a, const struct twin_step *s)
{
    uint32_t asked = 0, met = 0;

    for (uint8_t i = 0; i < s->count; i++) {
        asked |= UINT32_C(1) << s->terms[i].clause;
        if (has_skill(t, a, &s->terms[i]))
            met |= UINT32_C(1) << s->terms[i].clause;
    }
    return asked & ~met;
}

bool twin_fulfils(const struct twin *t, const struct twin_agent *a, uint8_t level,
                  const struct twin_step *s)
{
    bool met[16] = {false}, asked[16] = {false};

    level = twin_step_level(t, s, level);
    if (level < s->min || (level > s->max && !twin_wrong(t, TWIN_FAULT_WINDOW_OPEN_ABOVE)))
        return false;
    for (uint8_t i = 0; i < s->count; i++) {
        bool has = has_skill(t, a, &s->terms[i]);
        uint8_t clause = s->terms[i].clause;

        met[clause] = (met[clause] || has) && (has || !twin_wrong(t, TWIN_FAULT_ANY_OF_IS_ALL_OF));
        asked[clause] = true;
    }
    for (int clause = 0; clause < 16; clause++)
        if (asked[clause] && !met[clause])
            return false;
    return true;
}

const struct twin_step *twin_call_step(const struct twin *t, const struct twin_call *c)
{
    return c->plan == 0 || c->prefer.gen != 0 ? NULL : &t->plans[c->plan - 1].steps.steps[c->step];
}

bool twin_passes(const struct twin *t, const struct twin_call *c)
{
    if (c->prefer.gen != 0)
        return true;
    return c->plan != 0 && c->step + 1 < t->plans[c->plan - 1].steps.count;
}

bool twin_may_take(const struct twin *t, const struct twin_agent *a, const struct twin_call *c)
{
    const struct twin_member *m = twin_member(t, a->id, c->queue);
    const struct twin_step *s = twin_call_step(t, c);

    if (c->prefer.gen != 0)
        return m != NULL && twin_same_agent(a->id, c->prefer);
    return m != NULL && (s == NULL || twin_fulfils(t, a, m->level, s));
}

/* Whether nobody is there for a step, by the queue's pass_over; or that agent is not. */
static bool is_deserted(const struct twin *t, const struct twin_queue *q, const struct twin_step *s,
                        acd_agent_id only)
{
    for (uint32_t i = 0; i < t->limits.memberships; i++) {
        const struct twin_member *m = &t->members[i];
        const struct twin_agent *a = m->live ? twin_agent(t, m->agent) : NULL;

        if (a == NULL || !twin_same_queue(m->queue, q->id) || a->active != ACD_YES)
            continue;
        if (a->state == ACD_LOGGED_OUT ||
            (q->set.pass_over == ACD_PASS_READY && a->state != ACD_READY))
            continue;
        if (s == NULL ? twin_same_agent(a->id, only) : twin_fulfils(t, a, m->level, s))
            return false;
    }
    return q->set.pass_over != ACD_PASS_NEVER;
}

uint8_t twin_step_from(const struct twin *t, uint32_t plan, uint8_t step)
{
    const struct twin_plan *p = &t->plans[plan - 1];

    while (step + 1 < p->steps.count &&
           is_deserted(t, twin_queue(t, p->queue), &p->steps.steps[step], NO_AGENT))
        step++;
    return step;
}

uint8_t twin_step_now(const struct twin *t, const struct twin_call *c)
{
    const struct twin_steps *s;
    uint8_t step = 0;

    if (c->plan == 0)
        return 0;
    s = &t->plans[c->plan - 1].steps;
    while (step + 1 < s->count && c->entered_at + s->steps[step + 1].after <= t->now &&
           !twin_wrong(t, TWIN_FAULT_KEPT_BEGINS_PLAN))
        step++;
    return twin_step_from(t, c->plan, step);
}

bool twin_call_is_deserted(const struct twin *t, const struct twin_call *c)
{
    const struct twin_step *s = twin_call_step(t, c);

    return c->id.gen != 0 && c->state == ACD_QUEUED && twin_passes(t, c) &&
           is_deserted(t, twin_queue(t, c->queue), s, c->prefer);
}

acd_time twin_step_at(const struct twin *t, const struct twin_call *c)
{
    acd_time from = c->entered_at;

    if (!twin_passes(t, c))
        return 0;
    if (c->prefer.gen != 0)
        return c->prefer_until;
    if (twin_wrong(t, TWIN_FAULT_STEPS_FROM_ENQUEUED))
        from = c->enqueued_at;
    return from + t->plans[c->plan - 1].steps.steps[c->step + 1].after;
}

/* ---- lines -------------------------------------------------------------------------------- */

enum { LINES_MAX = 1024 };

/* A line of a requirement, as long as a plan has such a step; or of an agent, as long as a call is
 * kept for it there. */
struct line {
    acd_queue_id queue;
    const struct twin_step *step; /* NULL: of the agent */
    bool passes;
    acd_agent_id agent;
};

static struct line lines[LINES_MAX];
static uint32_t line_count;

static bool same_step(const struct twin_step *a, const struct twin_step *b)
{
    if (a->min != b->min || a->max != b->max || a->raise != b->raise || a->count != b->count)
        return false;
    for (uint8_t i = 0; i < a->count; i++)
        if (a->terms[i].level != b->terms[i].level || a->terms[i].clause != b->terms[i].clause ||
            !twin_text_is(&a->terms[i].skill, twin_text_str(&b->terms[i].skill)))
            return false;
    return true;
}

static bool takes_everybody(const struct twin_step *s)
{
    return s->count == 0 && s->min == 0 && s->max == 255 && s->raise == 0;
}

/* Whether any member may take a call, now and later. */
static bool is_in_own_line(const struct twin *t, const struct twin_call *c)
{
    if (c->prefer.gen != 0)
        return false;
    return c->plan == 0 || (!twin_passes(t, c) && takes_everybody(twin_call_step(t, c)));
}

bool twin_same_line(const struct twin *t, const struct twin_call *a, const struct twin_call *b)
{
    bool own_a = is_in_own_line(t, a), own_b = is_in_own_line(t, b);

    if (!twin_same_queue(a->queue, b->queue) || own_a || own_b)
        return twin_same_queue(a->queue, b->queue) && own_a && own_b;
    if (a->prefer.gen != 0 || b->prefer.gen != 0)
        return twin_same_agent(a->prefer, b->prefer);
    return twin_passes(t, a) == twin_passes(t, b) &&
           same_step(twin_call_step(t, a), twin_call_step(t, b));
}

/* Adds the lines of a plan's steps to those that are noted. */
static void note_lines(acd_queue_id queue, const struct twin_steps *steps)
{
    for (uint8_t i = 0; i < steps->count; i++) {
        struct line line = {queue, &steps->steps[i], i + 1 < steps->count, {0, 0}};
        uint32_t at = 0;

        if (!line.passes && takes_everybody(line.step))
            continue;
        while (at < line_count &&
               !(twin_same_queue(lines[at].queue, queue) && lines[at].passes == line.passes &&
                 lines[at].step != NULL && same_step(lines[at].step, line.step)))
            at++;
        if (at == line_count)
            lines[line_count++] = line;
    }
}

static void note_agent_line(acd_queue_id queue, acd_agent_id agent)
{
    for (uint32_t i = 0; i < line_count; i++)
        if (lines[i].step == NULL && twin_same_queue(lines[i].queue, queue) &&
            twin_same_agent(lines[i].agent, agent))
            return;
    lines[line_count++] = (struct line){queue, NULL, true, agent};
}

static void note_all_lines(const struct twin *t)
{
    line_count = 0;
    for (uint32_t i = 0; i < t->limits.calls; i++)
        if (t->calls[i].id.gen != 0 && t->calls[i].prefer.gen != 0)
            note_agent_line(t->calls[i].queue, t->calls[i].prefer);
    for (uint32_t i = 0; i < t->limits.plans; i++)
        if (t->plans[i].live)
            note_lines(t->plans[i].queue, &t->plans[i].steps);
}

uint32_t twin_lines(const struct twin *t, const struct twin_queue *q, struct twin_line *out,
                    uint32_t max)
{
    uint32_t count = 0;

    note_all_lines(t);
    for (uint32_t i = 0; i < line_count && count < max; i++)
        if (twin_same_queue(lines[i].queue, q->id))
            out[count++] = (struct twin_line){lines[i].step, lines[i].passes, lines[i].agent};
    return count;
}

struct twin_line twin_line_of(const struct twin *t, const struct twin_call *c)
{
    return (struct twin_line){twin_call_step(t, c), twin_passes(t, c), c->prefer};
}

struct twin_line twin_line_of_step(const struct twin *t, uint32_t plan, uint8_t step)
{
    const struct twin_steps *s = &t->plans[plan - 1].steps;
    bool passes = step + 1 < s->count;

    if (!passes && takes_everybody(&s->steps[step]))
        return (struct twin_line){.step = NULL};
    return (struct twin_line){.step = &s->steps[step], .passes = passes};
}

bool twin_is_in(const struct twin *t, const struct twin_call *c, const struct twin_line *line)
{
    if (is_in_own_line(t, c) || (line->step == NULL && line->only.gen == 0))
        return is_in_own_line(t, c) && line->step == NULL && line->only.gen == 0;
    if (c->prefer.gen != 0 || line->only.gen != 0)
        return twin_same_agent(c->prefer, line->only);
    return twin_passes(t, c) == line->passes && same_step(twin_call_step(t, c), line->step);
}

uint32_t twin_waiting(const struct twin *t, const struct twin_queue *q,
                      const struct twin_line *line, const struct twin_call **first)
{
    uint32_t count = 0;

    *first = NULL;
    for (uint32_t i = 0; i < t->limits.calls; i++) {
        const struct twin_call *c = &t->calls[i];

        if (c->id.gen == 0 || c->state != ACD_QUEUED || !twin_same_queue(c->queue, q->id) ||
            !twin_is_in(t, c, line))
            continue;
        count++;
        if (*first == NULL || twin_place_before(t, c, *first))
            *first = c;
    }
    return count;
}

/* How many of the noted lines an agent is in. */
static uint32_t lines_of(const struct twin *t, const struct twin_agent *a)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < line_count; i++) {
        const struct twin_member *m = twin_member(t, a->id, lines[i].queue);

        if (m != NULL && lines[i].step == NULL)
            count += twin_same_agent(lines[i].agent, a->id);
        else
            count += m != NULL && twin_fulfils(t, a, m->level, lines[i].step);
    }
    return count;
}

/* Whether the noted lines are not too many, neither in all nor of one agent. */
static bool lines_fit(const struct twin *t)
{
    uint64_t seats = 0;

    if (line_count > t->limits.lines)
        return false;
    for (uint32_t i = 0; i < t->limits.agents; i++) {
        uint32_t count = t->agents[i].id.gen == 0 ? 0 : lines_of(t, &t->agents[i]);

        if (count > t->limits.lines_per_agent)
            return false;
        seats += count;
    }
    return seats <= t->limits.seats;
}

/* ---- names of skills ------------------------------------------------------------------------ */

enum { NAMES_MAX = 4096 };

static struct acd_str names[NAMES_MAX];
static uint32_t name_count;

static void note_name(struct acd_str name)
{
    for (uint32_t i = 0; i < name_count; i++)
        if (names[i].len == name.len && memcmp(names[i].data, name.data, name.len) == 0)
            return;
    names[name_count++] = name;
}

static void note_step_names(const struct twin_steps *steps)
{
    for (uint8_t s = 0; s < steps->count; s++)
        for (uint8_t i = 0; i < steps->steps[s].count; i++)
            note_name(twin_text_str(&steps->steps[s].terms[i].skill));
}

static void note_all_names(const struct twin *t)
{
    name_count = 0;
    for (uint32_t i = 0; i < t->limits.agents; i++)
        for (uint32_t k = 0; t->agents[i].id.gen != 0 && k < t->agents[i].skill_count; k++)
            note_name(twin_text_str(&t->agents[i].skills[k].name));
    for (uint32_t i = 0; i < t->limits.plans; i++)
        if (t->plans[i].live)
            note_step_names(&t->plans[i].steps);
}

bool twin_has_name_room(const struct twin *t, struct acd_str name)
{
    note_all_names(t);
    note_name(name);
    return name_count <= t->limits.skills;
}

/* ---- room --------------------------------------------------------------------------------- */

/* The plan that no call follows for the longest; limits.plans when there is none. */
static uint32_t oldest_unused(const struct twin *t)
{
    uint32_t oldest = t->limits.plans;

    for (uint32_t i = 0; i < t->limits.plans; i++) {
        const struct twin_plan *p = &t->plans[i];

        if (!p->live || p->unused_since == 0)
            continue;
        if (oldest == t->limits.plans || (p->unused_since < t->plans[oldest].unused_since) !=
                                             twin_wrong(t, TWIN_FAULT_NEWEST_PLAN_CLOSED))
            oldest = i;
    }
    return oldest;
}

/* Closes that; false when there is none. */
static bool close_one(struct twin *t)
{
    uint32_t oldest = oldest_unused(t);

    if (oldest == t->limits.plans)
        return false;
    say_plan_closed(t, oldest + 1);
    return true;
}

static uint32_t free_plan(const struct twin *t)
{
    uint32_t i = 0;

    while (i < t->limits.plans && t->plans[i].live)
        i++;
    return i;
}

static bool plan_fits(const struct twin *t, acd_queue_id queue, const struct twin_steps *steps)
{
    note_all_names(t);
    note_step_names(steps);
    note_all_lines(t);
    note_lines(queue, steps);
    return free_plan(t) < t->limits.plans && name_count <= t->limits.skills && lines_fit(t);
}

/* The number of a queue's open plan of this text, or 0. */
static uint32_t plan_there(const struct twin *t, const struct twin_queue *q, struct acd_str text)
{
    for (uint32_t i = 0; i < t->limits.plans; i++)
        if (t->plans[i].live && twin_same_queue(t->plans[i].queue, q->id) &&
            twin_text_is(&t->plans[i].text, text))
            return i + 1;
    return 0;
}

static int open_plan(struct twin *t, const struct twin_queue *q, struct acd_str text, uint32_t most,
                     uint32_t *plan)
{
    struct twin_steps steps;

    *plan = plan_there(t, q, text);
    if (*plan != 0)
        return ACD_OK;
    if (!twin_plan_read(text, &steps))
        return ACD_INVALID;
    if (steps.count == 1 && takes_everybody(&steps.steps[0]))
        return ACD_OK;
    while (!plan_fits(t, q->id, &steps))
        if (most-- == 0 || !close_one(t))
            return ACD_FULL;
    *plan = free_plan(t) + 1;
    say_plan_opened(t, *plan, q->id, text);
    return ACD_OK;
}

static void print_span(char *out, size_t len, acd_span span)
{
    if (span % (3600 * ACD_SECOND) == 0)
        snprintf(out, len, "%lldh", (long long)(span / (3600 * ACD_SECOND)));
    else if (span % (60 * ACD_SECOND) == 0)
        snprintf(out, len, "%lldm", (long long)(span / (60 * ACD_SECOND)));
    else if (span % ACD_SECOND == 0)
        snprintf(out, len, "%llds", (long long)(span / ACD_SECOND));
    else if (span % ACD_MS == 0)
        snprintf(out, len, "%lldms", (long long)(span / ACD_MS));
    else
        snprintf(out, len, "%lldus", (long long)span);
}

/* The lowest level above one that a member of a queue has; 256 when there is none. */
static int level_above(const struct twin *t, const struct twin_queue *q, int level)
{
    int found = 256;

    for (uint32_t i = 0; i < t->limits.memberships; i++)
        if (t->members[i].live && twin_same_queue(t->members[i].queue, q->id) &&
            t->members[i].level > level && t->members[i].level < found)
            found = t->members[i].level;
    return found;
}

/* The plan that a queue's levels and its tier_wait make; empty when there is but one level. */
static void tiers(const struct twin *t, const struct twin_queue *q, char text[512])
{
    const acd_span month = 30 * 86400 * ACD_SECOND;
    int level = level_above(t, q, -1), next, steps = 0;

    text[0] = '\0';
    if (level == 256)
        return;
    for (; (next = level_above(t, q, level)) < 256 && steps < 7; level = next, steps++) {
        acd_span after = q->set.tier_wait;
        bool multiply =
            q->set.tier_multiply == ACD_YES && !twin_wrong(t, TWIN_FAULT_TIERS_ALL_AT_ONCE);
        char span[64];
        size_t len = strlen(text);

        if (multiply)
            after *= next;
        if (after > month)
            after = month;
        print_span(span, sizeof span, after);
        snprintf(text + len, 512 - len, "%s[0-%d]; @%s", steps == 0 ? "" : " ", level, span);
        if (!multiply || after == month)
            return;
    }
}

/* What calls follow that bring no plan; empty: any member. */
static struct acd_str usual_text(const struct twin *t, const struct twin_queue *q, char made[512])
{
    struct acd_str text = twin_text_str(&q->plan);

    if (text.len > 0 || q->set.tier_wait <= 0)
        return text;
    tiers(t, q, made);
    return acd_str(made);
}

uint32_t twin_usual_plan(const struct twin *t, const struct twin_queue *q)
{
    char made[512];
    struct acd_str text = usual_text(t, q, made);

    return text.len == 0 ? 0 : plan_there(t, q, text);
}

int twin_plan_of_call(struct twin *t, const struct twin_queue *q, struct acd_str text,
                      uint32_t most, uint32_t *plan)
{
    char made[512];

    *plan = 0;
    if (text.len == 1 && text.data[0] == '-')
        return ACD_OK;
    if (text.len == 0)
        text = usual_text(t, q, made);
    return text.len == 0 ? ACD_OK : open_plan(t, q, text, most, plan);
}

bool twin_seats_fit(struct twin *t)
{
    for (uint32_t closed = 0;; closed++) {
        note_all_lines(t);
        if (lines_fit(t))
            return true;
        if (closed == 64 || !close_one(t))
            return false;
    }
}

bool twin_may_be_kept(struct twin *t, const struct twin_queue *q, const struct twin_agent *a,
                      uint32_t plan)
{
    bool member = twin_member(t, a->id, q->id) != NULL;
    uint32_t oldest;

    if (!member || is_deserted(t, q, NULL, a->id))
        return false;
    for (uint32_t closed = 0;; closed++) {
        note_all_lines(t);
        note_agent_line(q->id, a->id);
        if (lines_fit(t))
            return true;
        oldest = oldest_unused(t);
        if (closed == 64 || oldest == t->limits.plans || oldest + 1 == plan)
            return false;
        say_plan_closed(t, oldest + 1);
    }
}
