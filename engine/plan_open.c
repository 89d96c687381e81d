#include "engine/decide.h"
#include "engine/hot.h"
#include "engine/lines.h"
#include "engine/plans.h"
#include "engine/skills.h"

/* Which plan a call follows, and making room for plans.
 *
 * Happy path: the plan is open already, for an earlier call. Else it is opened, which costs a look
 * at each member of the queue for each line that is not there yet.
 *
 * Failure modes: no room for its lines, its seats, its names, or an agent would be in more lines
 * than it may: the plan that is unused for the longest is closed, and so on; when that does not
 * help: FULL, and what was closed stays closed, for nobody can tell. */

/* Closes the plan that is unused for the longest. False when there is none. */
static bool plan_evict(struct acd_engine *e)
{
    if (e->unused_plans.first == LIST_NONE)
        return false;
    EMIT(e, plan_closed, .plan = e->unused_plans.first + 1);
    return true;
}

/* ---- room for the lines of a plan ----------------------------------------------------------- */

/* The lines that a plan adds to its queue. */
struct addition {
    uint8_t count;
    uint32_t names; /* of skills not known yet */
    struct requirement lines[PLAN_STEPS_MAX];
};

static bool plan_step_repeats(const struct plan_text *t, uint8_t step)
{
    for (uint8_t i = 0; i < step && step + 1 < t->count; i++)
        if (plan_step_same(&t->steps[i], &t->steps[step]))
            return true;
    return false;
}

/* Whether a name stands in a plan before this term. */
static bool name_repeats(const struct plan_text *t, uint8_t step, uint8_t term)
{
    struct acd_str name = t->steps[step].terms[term].skill;

    for (uint8_t s = 0; s <= step; s++)
        for (uint8_t i = 0; i < (s < step ? t->steps[s].count : term); i++)
            if (str_is(t->steps[s].terms[i].skill, name))
                return true;
    return false;
}

static uint32_t names_added(const struct acd_engine *e, const struct plan_text *t)
{
    uint32_t count = 0;

    for (uint8_t s = 0; s < t->count; s++)
        for (uint8_t i = 0; i < t->steps[s].count; i++)
            count += skill_find(e, t->steps[s].terms[i].skill) == NONE && !name_repeats(t, s, i);
    return count;
}

static void plan_addition(const struct acd_engine *e, uint32_t queue, const struct plan_text *t,
                          struct addition *out)
{
    out->count = 0;
    out->names = names_added(e, t);
    for (uint8_t s = 0; s < t->count; s++) {
        bool passes = s + 1 < t->count;
        struct requirement *r = &out->lines[out->count];

        if ((!passes && plan_step_is_plain(&t->steps[s])) || plan_step_repeats(t, s))
            continue;
        if (!requirement_of(e, &t->steps[s], r) || line_find(e, queue, r, passes) == NONE)
            out->count++;
    }
}

/* Whether the seats of new lines fit, for each agent and together: for sure when they do even if
 * each member gets all of them, and is in all other lines; else each is looked at. */
static bool seats_fit(const struct acd_engine *e, uint32_t queue, const struct addition *add)
{
    uint64_t seats = e->seats_taken;
    struct walk walk;
    uint32_t s;

    if (e->line_slots.count + add->count <= e->config.limits.lines_per_agent &&
        seats + (uint64_t)e->lines[queue].seats.count * add->count <= e->config.limits.seats)
        return true;
    walk_begin(e, &walk, queue);
    while ((s = walk_next(e, &walk)) != LIST_NONE) {
        uint32_t agent = e->seats[s].agent, more = 0;

        for (uint8_t i = 0; i < add->count; i++)
            more += requirement_met(e, &add->lines[i], agent, e->seats[s].level, NULL);
        if (e->agent_cards[agent].lines + more > e->config.limits.lines_per_agent)
            return false;
        seats += more;
    }
    return seats <= e->config.limits.seats;
}

static bool plan_fits(const struct acd_engine *e, uint32_t queue, const struct plan_text *t)
{
    struct addition add;

    plan_addition(e, queue, t, &add);
    return slots_lowest(&e->plan_slots) != SLOT_NONE &&
           e->line_slots.count + add.count <= e->config.limits.lines &&
           e->skill_slots.count + add.names <= e->config.limits.skills &&
           (add.count == 0 || seats_fit(e, queue, &add));
}

/* ---- the plan of a call --------------------------------------------------------------------- */

static APART int plan_number(struct acd_engine *e, uint32_t queue, struct acd_str text,
                             uint32_t closable, uint32_t *number)
{
    uint32_t plan = e->asking.plan;
    struct plan_text parsed;

    if (!plan_is(e, plan, queue, text))
        plan = plan_find(e, queue, text);
    *number = plan == NONE ? 0 : plan + 1;
    if (plan != NONE)
        return ACD_OK;
    if (!plan_text_parse(text, &parsed))
        return ACD_INVALID;
    if (parsed.count == 1 && plan_step_is_plain(&parsed.steps[0]))
        return ACD_OK;
    while (!plan_fits(e, queue, &parsed))
        if (closable-- == 0 || !plan_evict(e))
            return ACD_FULL;
    *number = slots_lowest(&e->plan_slots) + 1;
    EMIT(e, plan_opened, .plan = *number, .queue = queue_id(e, queue), .text = text);
    return ACD_OK;
}

/* The plan that a queue's calls follow when they bring none. */
static COLD int plan_usual(struct acd_engine *e, uint32_t queue, uint32_t closable,
                           uint32_t *number)
{
    struct queue *q = &e->queues[queue];
    char room[PLAN_TEXT_MAX];
    struct acd_str text = q->set.plan;
    int error;

    if (q->usual != NONE) {
        *number = q->usual + 1;
        return ACD_OK;
    }
    if (text.len == 0)
        text = plan_text_of_tiers(&e->levels[(size_t)queue * 256], q->set.tier_wait,
                                  q->set.tier_multiply == ACD_YES, room);
    if (text.len == 0)
        return ACD_OK;
    error = plan_number(e, queue, text, closable, number);
    if (error == ACD_OK && *number != 0)
        q->usual = *number - 1; /* a note, no state: the text leads there too */
    return error;
}

int plan_of_call(struct acd_engine *e, uint32_t queue, struct acd_str text, uint32_t closable,
                 uint32_t *number)
{
    const struct queue *q = &e->queues[queue];

    *number = 0;
    if (text.len == 0 && q->set.plan.len == 0 && q->set.tier_wait == 0)
        return ACD_OK;
    if (text.len == 1 && text.data[0] == '-')
        return ACD_OK;
    return text.len == 0 ? plan_usual(e, queue, closable, number)
                         : plan_number(e, queue, text, closable, number);
}

/* ---- room for an agent's seats -------------------------------------------------------------- */

/* How many lines of requirements an agent is in when it has `given` as well, and its membership in
 * `queue` (it may be none yet) is of this level. */
static uint32_t seats_wanted(const struct acd_engine *e, uint32_t agent, const struct talent *given,
                             uint32_t queue, uint8_t level)
{
    uint32_t count = 0;

    for (uint32_t s = e->agents[agent].seats; s != LIST_NONE; s = e->seats[s].next) {
        uint32_t q = e->seats[s].line;

        if (q == queue)
            continue;
        for (uint32_t l = e->queues[q].lines.first; l != LIST_NONE;
             l = line_card(e, l)->in_queue.next)
            count +=
                requirement_met(e, &line_card(e, l)->requirement, agent, e->seats[s].level, given);
    }
    if (queue == NONE)
        return count;
    for (uint32_t l = e->queues[queue].lines.first; l != LIST_NONE;
         l = line_card(e, l)->in_queue.next)
        count += requirement_met(e, &line_card(e, l)->requirement, agent, level, given);
    return count;
}

bool agent_seats_fit(struct acd_engine *e, uint32_t agent, const struct talent *given,
                     uint32_t queue, uint8_t level)
{
    for (uint32_t closed = 0; closed <= PLANS_CLOSABLE; closed++) {
        uint32_t wanted = seats_wanted(e, agent, given, queue, level);
        uint32_t has = e->agent_cards[agent].lines;

        if (wanted <= e->config.limits.lines_per_agent &&
            (uint64_t)e->seats_taken - has + wanted <= e->config.limits.seats)
            return true;
        if (closed == PLANS_CLOSABLE || !plan_evict(e))
            break;
    }
    return false;
}
