/* The twin chooses: who of a queue's available members gets a call, strategy by strategy. */

#include <stdlib.h>

#include "tests/model/twin_parts.h"

/* ---- strategies that compare -------------------------------------------------------------- */

/* Whether a step names a skill before a term. */
static bool named_before(const struct twin_step *s, uint8_t term)
{
    for (uint8_t i = 0; i < term; i++)
        if (twin_text_is(&s->terms[i].skill, twin_text_str(&s->terms[term].skill)))
            return true;
    return false;
}

/* An agent's levels in the skills that a step names, together. */
static uint64_t skill_for(const struct twin_agent *a, const struct twin_step *s)
{
    uint64_t sum = 0;

    for (uint8_t i = 0; s != NULL && i < s->count; i++)
        for (uint32_t k = 0; k < a->skill_count; k++) {
            if (!twin_text_is(&a->skills[k].name, twin_text_str(&s->terms[i].skill)))
                continue;
            if (!named_before(s, i))
                sum += a->skills[k].level;
        }
    return sum;
}

/* What a member is chosen by before its last_status_change: less is first. */
static uint64_t measure(const struct twin *t, const struct twin_queue *q,
                        const struct twin_step *step, const struct twin_member *m)
{
    const struct twin_agent *a = twin_agent(t, m->agent);

    switch (q->set.strategy) {
    case ACD_FEWEST_CALLS:
        if (twin_wrong(t, TWIN_FAULT_FEWEST_CALLS_RINGING))
            return a->calls_today + twin_load(t, a, ACD_ROLE_OFFERED);
        return a->calls_today;
    case ACD_LEAST_TALK_TIME: return (uint64_t)a->talk_today;
    case ACD_LEAST_RECENT: return (uint64_t)m->last_ended;
    case ACD_LEAST_BUSY:
        if (twin_wrong(t, TWIN_FAULT_LEAST_BUSY_BY_LOAD))
            return twin_load(t, a, 0);
        return 255 - (a->max_concurrent_calls - (uint64_t)twin_load(t, a, 0));
    case ACD_FULL_LOAD:
        if (twin_wrong(t, TWIN_FAULT_FULL_LOAD_BY_FREE))
            return a->max_concurrent_calls - (uint64_t)twin_load(t, a, 0);
        return 255 - (uint64_t)twin_load(t, a, 0);
    case ACD_BEST_SKILL:
        if (twin_wrong(t, TWIN_FAULT_BEST_SKILL_IGNORED))
            return 0;
        return 16 * 255 * 2 - skill_for(a, step);
    default: return 0;
    }
}

/* Of two available members of a queue: whether the first one stands before the other. */
static bool compares_before(const struct twin *t, const struct twin_queue *q,
                            const struct twin_step *step, const struct twin_member *a,
                            const struct twin_member *b)
{
    const struct twin_agent *agent_a = twin_agent(t, a->agent);
    const struct twin_agent *agent_b = twin_agent(t, b->agent);
    uint64_t measure_a = measure(t, q, step, a), measure_b = measure(t, q, step, b);

    if (q->set.strategy == ACD_BEST_SKILL && measure_a != measure_b &&
        twin_wrong(t, TWIN_FAULT_BEST_SKILL_BEFORE_LEVEL))
        return measure_a < measure_b;
    if (q->set.strategy == ACD_FULL_LOAD && measure_a != measure_b &&
        twin_wrong(t, TWIN_FAULT_FULL_LOAD_BEFORE_LEVEL))
        return measure_a < measure_b;
    if (a->level != b->level && !twin_wrong(t, TWIN_FAULT_LEVEL_IGNORED))
        return a->level < b->level;
    if (measure_a != measure_b)
        return measure_a < measure_b;
    if (agent_a->lsc != agent_b->lsc)
        return agent_a->lsc < agent_b->lsc;
    if (twin_wrong(t, TWIN_FAULT_LSC_TIE_BY_SLOT))
        return agent_a->id.slot < agent_b->id.slot;
    return agent_a->lsc_sequence < agent_b->lsc_sequence;
}

/* By sequentially-by-agent-order. */
static bool sequence_before(const struct twin *t, const struct twin_member *a,
                            const struct twin_member *b)
{
    uint64_t turn_a = a->last_offered == 0 ? a->sequence : a->last_offered;
    uint64_t turn_b = b->last_offered == 0 ? b->sequence : b->last_offered;

    if (a->level != b->level)
        return a->level < b->level;
    if (a->position != b->position && !twin_wrong(t, TWIN_FAULT_SEQUENTIALLY_WITHOUT_POSITION))
        return a->position < b->position;
    return turn_a < turn_b;
}

/* ---- positions ---------------------------------------------------------------------------- */

struct place {
    uint8_t level;
    uint16_t position;
    uint64_t sequence; /* of the event that made the membership */
};

static struct place place_of(const struct twin_member *m)
{
    return (struct place){m->level, m->position, m->sequence};
}

static bool place_before(struct place a, struct place b)
{
    if (a.level != b.level)
        return a.level < b.level;
    if (a.position != b.position)
        return a.position < b.position;
    return a.sequence < b.sequence;
}

/* The available members who may take a call, by place; their levels as the call's step raises them.
 */
struct places {
    struct twin_member *members;
    uint32_t count;
};

static bool takes(const struct twin *t, const struct twin_member *m, const struct twin_queue *q,
                  const struct twin_line *line)
{
    const struct twin_agent *a = m->live ? twin_agent(t, m->agent) : NULL;

    return a != NULL && twin_same_queue(m->queue, q->id) && twin_available(t, a) &&
           twin_has_room(t, a, q->set.channel) &&
           (line->only.gen == 0 || twin_same_agent(line->only, a->id)) &&
           (line->step == NULL || twin_fulfils(t, a, m->level, line->step));
}

static struct places places_of(const struct twin *t, const struct twin_queue *q,
                               const struct twin_line *line)
{
    struct places p = {twin_take(t->limits.memberships, sizeof *p.members), 0};

    for (uint32_t i = 0; i < t->limits.memberships; i++) {
        struct twin_member m = t->members[i];
        uint32_t at = p.count;

        if (!takes(t, &m, q, line))
            continue;
        m.level = twin_step_level(t, line->step, m.level);
        for (; at > 0 && place_before(place_of(&m), place_of(&p.members[at - 1])); at--)
            p.members[at] = p.members[at - 1];
        p.members[at] = m;
        p.count++;
    }
    return p;
}

/* The first behind a place, within a level or in any; else the first of all. */
static const struct twin_member *next_of(const struct places *p, struct place last, bool in_level)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (place_before(last, place_of(&p->members[i])) &&
            (!in_level || p->members[i].level == p->members[0].level))
            return &p->members[i];
    return &p->members[0];
}

static const struct twin_member *round_robin(const struct twin *t, const struct twin_queue *q,
                                             const struct places *p)
{
    struct place last = {p->members[0].level, q->turn_position, q->turn_sequence};

    if (twin_wrong(t, TWIN_FAULT_ROUND_ROBIN_RESTARTS))
        return &p->members[0];
    return next_of(p, last, !twin_wrong(t, TWIN_FAULT_ROUND_ROBIN_LEVELS_MIXED));
}

static const struct twin_member *top_down(const struct twin *t, const struct twin_call *c,
                                          const struct places *p)
{
    struct place last = {c->tried_level, c->tried_position, c->tried_sequence};

    if (!c->tried || twin_wrong(t, TWIN_FAULT_TOP_DOWN_RESTARTS))
        return &p->members[0];
    return next_of(p, last, twin_wrong(t, TWIN_FAULT_TOP_DOWN_ROUND_A_LEVEL));
}

/* ---- chance ------------------------------------------------------------------------------- */

/* splitmix64 */
static uint64_t drawn(const struct twin *t)
{
    uint64_t z = twin_random_next(t);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

uint64_t twin_random_next(const struct twin *t)
{
    return t->random + 0x9e3779b97f4a7c15;
}

static const struct twin_member *at_random(const struct twin *t, const struct places *p)
{
    uint32_t count = 0;

    while (count < p->count && (p->members[count].level == p->members[0].level ||
                                twin_wrong(t, TWIN_FAULT_RANDOM_LEVEL_IGNORED)))
        count++;
    return &p->members[drawn(t) % count];
}

static uint64_t weight_of(const struct twin *t, const struct twin_member *m)
{
    return twin_wrong(t, TWIN_FAULT_WEIGHTS_EVEN) ? 1000000 : 1000000 / (m->level + 1U);
}

static const struct twin_member *by_weight(const struct twin *t, const struct places *p)
{
    uint64_t total = 0, left;
    uint32_t i = 0;

    for (uint32_t k = 0; k < p->count; k++)
        total += weight_of(t, &p->members[k]);
    left = drawn(t) % total;
    for (; left >= weight_of(t, &p->members[i]); i++)
        left -= weight_of(t, &p->members[i]);
    return &p->members[i];
}

/* ---- choosing ----------------------------------------------------------------------------- */

static const struct twin_member *first_by_comparing(const struct twin *t,
                                                    const struct twin_queue *q,
                                                    const struct twin_step *step,
                                                    const struct places *p)
{
    const struct twin_member *first = &p->members[0];
    bool sequentially = q->set.strategy == ACD_SEQUENTIALLY;

    for (uint32_t i = 1; i < p->count; i++) {
        const struct twin_member *m = &p->members[i];

        if (sequentially ? sequence_before(t, m, first) : compares_before(t, q, step, m, first))
            first = m;
    }
    return first;
}

struct twin_agent *twin_first_member(const struct twin *t, const struct twin_call *c)
{
    const struct twin_queue *q = twin_queue(t, c->queue);
    struct twin_line line = twin_line_of(t, c);
    struct places p = places_of(t, q, &line);
    const struct twin_member *first = NULL;
    struct twin_agent *agent;

    if (p.count > 0)
        switch (q->set.strategy) {
        case ACD_ROUND_ROBIN: first = round_robin(t, q, &p); break;
        case ACD_TOP_DOWN: first = top_down(t, c, &p); break;
        case ACD_RING_ALL:
        case ACD_RING_PROGRESSIVELY: first = &p.members[0]; break;
        case ACD_RANDOM: first = at_random(t, &p); break;
        case ACD_WEIGHTED_RANDOM: first = by_weight(t, &p); break;
        default: first = first_by_comparing(t, q, twin_call_step(t, c), &p); break;
        }
    agent = first == NULL ? NULL : twin_agent(t, first->agent);
    free(p.members);
    return agent;
}

/* ---- ranks -------------------------------------------------------------------------------- */

/* Members before one by the order of a strategy that compares. */
static uint32_t compared_before(const struct twin *t, const struct twin_queue *q,
                                const struct twin_step *step, const struct places *p,
                                const struct twin_member *m)
{
    bool sequentially = q->set.strategy == ACD_SEQUENTIALLY;
    uint32_t before = 0;

    for (uint32_t i = 0; i < p->count; i++)
        before += sequentially ? sequence_before(t, &p->members[i], m)
                               : compares_before(t, q, step, &p->members[i], m);
    return before;
}

/* Members before one by place, those behind `last` first; in_level: of the lowest level only. */
static uint32_t turned_before(const struct places *p, const struct twin_member *m,
                              struct place last, bool in_level)
{
    uint32_t before = 0;

    for (uint32_t i = 0; i < p->count; i++) {
        const struct twin_member *other = &p->members[i];
        bool turns = !in_level || m->level == p->members[0].level;
        bool behind_m = turns && place_before(last, place_of(m));
        bool behind_other = turns && place_before(last, place_of(other));

        if (in_level && other->level != m->level)
            before += other->level < m->level;
        else if (behind_m != behind_other)
            before += behind_other;
        else
            before += place_before(place_of(other), place_of(m));
    }
    return before;
}

uint32_t twin_ranked(const struct twin *t, const struct twin_queue *q, const struct twin_line *line,
                     const struct twin_call *c, const struct twin_agent *a, uint32_t *available)
{
    struct places p = places_of(t, q, line);
    const struct place start = {0, 0, 0};
    uint32_t rank = 0;

    *available = p.count;
    for (uint32_t i = 0; i < p.count; i++) {
        const struct twin_member *m = &p.members[i];
        struct place turn = {p.members[0].level, q->turn_position, q->turn_sequence};

        if (!twin_same_agent(m->agent, a->id))
            continue;
        if (twin_wrong(t, TWIN_FAULT_EXPLAIN_RANK_BY_PLACE))
            turn = start;
        switch (q->set.strategy) {
        case ACD_RANDOM:
        case ACD_WEIGHTED_RANDOM: break;
        case ACD_ROUND_ROBIN: rank = 1 + turned_before(&p, m, turn, true); break;
        case ACD_TOP_DOWN:
            turn = c != NULL && c->tried && !twin_wrong(t, TWIN_FAULT_EXPLAIN_RANK_BY_PLACE)
                       ? (struct place){c->tried_level, c->tried_position, c->tried_sequence}
                       : start;
            rank = 1 + turned_before(&p, m, turn, false);
            break;
        case ACD_RING_ALL:
        case ACD_RING_PROGRESSIVELY: rank = 1 + i; break;
        default: rank = 1 + compared_before(t, q, line->step, &p, m); break;
        }
    }
    free(p.members);
    return rank;
}
