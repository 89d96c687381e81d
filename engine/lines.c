#include "engine/lines.h"

#include "engine/channels.h"

#include "engine/heaps.h"
#include "engine/hot.h"
#include "engine/ready.h"
#include "engine/skills.h"

/* A line of a requirement is opened by the first plan that asks for it and closed with the last. To
 * open one costs a look at each member of its queue; from then on its seats are kept as memberships
 * and skills change, so that no decision asks who fulfils what. */

/* ---- requirements --------------------------------------------------------------------------- */

bool requirement_of(const struct acd_engine *e, const struct plan_step *s, struct requirement *out)
{
    bool known = true;

    memset(out, 0, sizeof *out);
    out->min = s->min;
    out->max = s->max;
    out->raise = s->raise;
    out->count = s->count;
    for (uint8_t i = 0; i < s->count; i++) {
        uint32_t skill = skill_find(e, s->terms[i].skill);

        known = known && skill != NONE;
        out->terms[i] = (struct line_term){skill == NONE ? SKILL_UNKNOWN : (uint16_t)skill,
                                           s->terms[i].level, s->terms[i].clause};
    }
    return known;
}

static bool term_met(const struct acd_engine *e, const struct line_term *term, uint32_t agent,
                     const struct talent *given)
{
    const struct talent *talents = &e->talents[(size_t)agent * ACD_SKILLS_MAX];
    uint8_t count = e->agent_cards[agent].skills;

    if (given != NULL && given->skill == term->skill)
        return given->level >= term->level;
    for (uint8_t i = 0; i < count; i++)
        if (talents[i].skill == term->skill)
            return talents[i].level >= term->level;
    return false;
}

COLD bool clause_met(const struct acd_engine *e, const struct requirement *r, uint32_t agent,
                     const struct talent *given, uint8_t *i)
{
    uint8_t clause = r->terms[*i].clause;
    bool met = false;

    for (; *i < r->count && r->terms[*i].clause == clause; ++*i)
        met = met || term_met(e, &r->terms[*i], agent, given);
    return met;
}

static bool level_met(const struct requirement *r, uint8_t level)
{
    uint8_t counts = level < r->raise ? r->raise : level;

    return counts >= r->min && counts <= r->max;
}

COLD bool requirement_met(const struct acd_engine *e, const struct requirement *r, uint32_t agent,
                          uint8_t level, const struct talent *given)
{
    bool met = r->agent.gen == 0 ? level_met(r, level) : agent_at(e, r->agent) == agent;

    for (uint8_t i = 0; met && i < r->count;)
        met = clause_met(e, r, agent, given, &i);
    return met;
}

/* That agent's seat there leads to it; without one the queue's lines are walked. */
COLD uint32_t line_of_agent(const struct acd_engine *e, uint32_t queue, acd_agent_id id)
{
    uint32_t agent = agent_at(e, id), line;

    if (agent != NONE && membership_find(e, agent, queue) != NONE) {
        for (uint32_t s = e->agents[agent].seats; s != LIST_NONE; s = e->seats[s].next) {
            line = e->seats[s].line;
            if (e->lines[line].queue == queue && !line_is_of_queue(e, line) &&
                line_is_of_agent(e, line))
                return line;
        }
        return NONE;
    }
    line = e->queues[queue].lines.first;
    while (line != LIST_NONE && (line_card(e, line)->requirement.agent.gen != id.gen ||
                                 line_card(e, line)->requirement.agent.slot != id.slot))
        line = line_card(e, line)->in_queue.next;
    return line;
}

uint32_t line_find(const struct acd_engine *e, uint32_t queue, const struct requirement *r,
                   bool passes)
{
    uint32_t line = e->queues[queue].lines.first;

    if (r->agent.gen != 0)
        return line_of_agent(e, queue, r->agent);
    while (line != LIST_NONE && (e->lines[line].passes != passes ||
                                 memcmp(&line_card(e, line)->requirement, r, sizeof *r) != 0))
        line = line_card(e, line)->in_queue.next;
    return line;
}

/* ---- seats -------------------------------------------------------------------------------- */

void seat_take(struct acd_engine *e, uint32_t seat, uint32_t agent, uint32_t line, uint8_t level,
               uint16_t position)
{
    struct seat *s = &e->seats[seat];

    heaps_reserve(e, line);
    s->agent = agent;
    s->line = line;
    s->level = level;
    s->position = position;
    chain_append(&e->agents[agent].seats, AGENT_SEATS(e), seat);
    list_append(&e->lines[line].seats, LINE_SEATS(e), seat);
    line_count_agent(e, line, agent, 1);
    if ((e->available[agent / 64] >> agent % 64 & 1) != 0 && seat_has_room(e, seat))
        seat_enter(e, seat);
}

void seat_give(struct acd_engine *e, uint32_t seat)
{
    struct seat *s = &e->seats[seat];

    line_count_agent(e, s->line, s->agent, -1);
    if (ready_has(e, seat))
        seat_leave(e, seat);
    chain_remove(&e->agents[s->agent].seats, AGENT_SEATS(e), seat);
    list_remove(&e->lines[s->line].seats, LINE_SEATS(e), seat);
}

void line_count_agent(struct acd_engine *e, uint32_t line, uint32_t agent, int by)
{
    const struct agent *a = &e->agents[agent];

    if (line_is_of_queue(e, line)) {
        queue_count_agent(e, line, agent, by);
    } else if (a->active && a->state != ACD_LOGGED_OUT) {
        line_card(e, line)->logged_in += (uint32_t)by;
        if (a->state == ACD_READY)
            line_card(e, line)->members_ready += (uint32_t)by;
        line_note(e, line);
    }
}

/* How good an agent is at the skills that a requirement names, however often it names them. */
static uint16_t requirement_skill(const struct acd_engine *e, const struct requirement *r,
                                  uint32_t agent)
{
    const struct talent *talents = &e->talents[(size_t)agent * ACD_SKILLS_MAX];
    uint16_t sum = 0;

    for (uint8_t i = 0; i < r->count; i++) {
        uint32_t place = talent_find(e, agent, r->terms[i].skill);
        bool named = false;

        for (uint8_t k = 0; k < i; k++)
            named = named || r->terms[k].skill == r->terms[i].skill;
        if (!named && place < ACD_SKILLS_MAX)
            sum = (uint16_t)(sum + talents[place].level);
    }
    return sum;
}

static void line_seat_take(struct acd_engine *e, uint32_t line, uint32_t membership)
{
    const struct seat *of = &e->seats[membership];
    uint32_t slot = slots_lowest(&e->seat_slots);

    ACD_ASSERT(slot != SLOT_NONE); /* whoever decided has seen that there is room */
    slots_take(&e->seat_slots, slot);
    e->agent_cards[of->agent].lines++;
    e->seat_cards[e->config.limits.memberships + slot].membership = membership;
    e->seat_cards[e->config.limits.memberships + slot].skill =
        requirement_skill(e, &line_card(e, line)->requirement, of->agent);
    seat_take(e, e->config.limits.memberships + slot, of->agent, line,
              line_level(e, line, of->level), of->position);
}

static void line_seat_give(struct acd_engine *e, uint32_t seat)
{
    e->agent_cards[e->seats[seat].agent].lines--;
    slots_give(&e->seat_slots, seat - e->config.limits.memberships);
    seat_give(e, seat);
}

void seats_leave(struct acd_engine *e, uint32_t agent, uint32_t queue)
{
    uint32_t seat = e->agents[agent].seats;

    while (seat != LIST_NONE) {
        uint32_t next = e->seats[seat].next, line = e->seats[seat].line;

        if (!line_is_of_queue(e, line) && e->lines[line].queue == queue)
            line_seat_give(e, seat);
        seat = next;
    }
}

void seats_review(struct acd_engine *e, uint32_t membership)
{
    const struct seat *s = &e->seats[membership];
    uint32_t queue = s->line;

    if (e->queues[queue].lines.count == 0)
        return;
    seats_leave(e, s->agent, queue);
    for (uint32_t l = e->queues[queue].lines.first; l != LIST_NONE;
         l = line_card(e, l)->in_queue.next)
        if (requirement_met(e, &line_card(e, l)->requirement, s->agent, s->level, NULL))
            line_seat_take(e, l, membership);
}

/* ---- opened and closed ---------------------------------------------------------------------- */

/* A seat for each member who fulfils what a new line asks for. */
static void line_fill(struct acd_engine *e, uint32_t line, const struct requirement *r)
{
    uint32_t queue = e->lines[line].queue, agent = agent_at(e, r->agent), only = NONE;

    if (agent != NONE)
        only = membership_find(e, agent, queue);
    if (only != NONE)
        line_seat_take(e, line, only);
    if (r->agent.gen != 0)
        return;
    for (uint32_t s = e->lines[queue].seats.first; s != LIST_NONE;
         s = e->seat_cards[s].in_line.next)
        if (requirement_met(e, r, e->seats[s].agent, e->seats[s].level, NULL))
            line_seat_take(e, line, s);
}

static uint32_t line_open(struct acd_engine *e, uint32_t queue, const struct requirement *r,
                          bool passes)
{
    uint32_t slot = slots_lowest(&e->line_slots), line = e->config.limits.queues + slot;

    ACD_ASSERT(slot != SLOT_NONE);
    slots_take(&e->line_slots, slot);
    line_init(&e->lines[line], queue, &e->queues[queue].set, passes);
    *line_card(e, line) = (struct line_card){.requirement = *r};
    for (uint8_t i = 0; i < r->count; i++)
        e->skills[r->terms[i].skill].uses++;
    e->lines[line].rank += r->agent.gen != 0;
    line_fill(e, line, r);
    list_append(&e->queues[queue].lines, QUEUE_LINES(e), line);
    return line;
}

static void line_close(struct acd_engine *e, uint32_t line)
{
    const struct requirement *r = &line_card(e, line)->requirement;

    ACD_ASSERT(e->lines[line].waiting.first == RANKS_NONE);
    list_remove(&e->queues[e->lines[line].queue].lines, QUEUE_LINES(e), line);
    while (e->lines[line].seats.first != LIST_NONE)
        line_seat_give(e, e->lines[line].seats.first);
    for (uint8_t i = 0; i < r->count; i++)
        skill_unuse(e, r->terms[i].skill);
    slots_give(&e->line_slots, line - e->config.limits.queues);
}

uint32_t line_use(struct acd_engine *e, uint32_t queue, const struct requirement *r, bool passes)
{
    uint32_t line = line_find(e, queue, r, passes);

    if (line == NONE)
        line = line_open(e, queue, r, passes);
    line_card(e, line)->uses++;
    return line;
}

void line_release(struct acd_engine *e, uint32_t line)
{
    if (!line_is_of_queue(e, line) && --line_card(e, line)->uses == 0)
        line_close(e, line);
}

/* ---- who waits, and whether it makes sense -------------------------------------------------- */

bool line_is_passed(const struct acd_engine *e, uint32_t line)
{
    const struct line_card *l = line_card(e, line);

    switch (e->queues[e->lines[line].queue].set.pass_over) {
    case ACD_PASS_NEVER: return false;
    case ACD_PASS_READY: return l->members_ready == 0;
    default: return l->logged_in == 0;
    }
}

COLD void line_note(struct acd_engine *e, uint32_t line)
{
    const struct line *l = &e->lines[line];
    uint32_t slot = line - e->config.limits.queues;
    bool is = l->passes && l->waiting.first != RANKS_NONE && line_is_passed(e, line);

    if (is == slots_has(&e->passing, slot))
        return;
    if (is)
        slots_take(&e->passing, slot);
    else
        slots_give(&e->passing, slot);
}

COLD void line_wait(struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];

    ranks_add(&e->lines[c->line].waiting, e->line_nodes, call, call_place(c),
              call_place_sequence(c));
    ranks_add(&e->queues[c->queue].others, e->wait_nodes, call, call_place(c),
              call_place_sequence(c));
    if (e->lines[c->line].passes)
        step_arm(e, call);
    line_note(e, c->line);
}

COLD void line_unwait(struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];

    ranks_remove(&e->lines[c->line].waiting, e->line_nodes, call);
    ranks_remove(&e->queues[c->queue].others, e->wait_nodes, call);
    if (e->lines[c->line].passes)
        order_remove(&e->steps, STEPS(e), call);
    line_note(e, c->line);
}
