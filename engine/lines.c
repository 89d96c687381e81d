#include "engine/lines.h"

#include "engine/channels.h"

#include "engine/heaps.h"
#include "engine/hot.h"
#include "engine/ready.h"
#include "engine/skills.h"

/* A line of a requirement is opened by the first plan that asks for it and closed with the last. To
 * open one costs a look at each member of its queue; from then on who is in it is kept as
 * memberships and skills change, so that no decision asks who fulfils what. */

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

uint16_t requirement_skill(const struct acd_engine *e, const struct requirement *r, uint32_t agent)
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

/* Among the marks of a stand, the line where calls are kept for its agent, or NONE. */
static uint32_t kept_line(const struct acd_engine *e, const struct stand *s)
{
    for (uint64_t left = s->item.own; left != 0; left &= left - 1) {
        uint32_t line = stand_bank(e, s)->lines[__builtin_ctzll(left)];

        if (line_is_of_agent(e, line))
            return line;
    }
    return NONE;
}

/* Its member's stands lead to it; without a membership the queue's lines are walked. */
COLD uint32_t line_of_agent(const struct acd_engine *e, uint32_t queue, acd_agent_id id)
{
    uint32_t agent = agent_at(e, id), line = NONE;
    uint32_t member = agent == NONE ? NONE : membership_find(e, agent, queue);

    if (member != NONE) {
        for (uint32_t s = member; line == NONE && s != NONE; s = e->stands[s].next)
            line = kept_line(e, &e->stands[s]);
        return line;
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

/* ---- members ------------------------------------------------------------------------------ */

void seat_take(struct acd_engine *e, uint32_t seat, uint32_t agent, uint32_t queue, uint8_t level,
               uint16_t position)
{
    struct seat *s = &e->seats[seat];

    heaps_reserve(e, queue);
    s->agent = agent;
    s->line = queue;
    s->level = level;
    s->position = position;
    e->stand_agents[seat] = agent;
    e->stands[seat].item.own = 0;
    e->stands[seat].next = NONE;
    chain_append(&e->agents[agent].seats, AGENT_SEATS(e), seat);
    list_append(&e->lines[queue].seats, LINE_SEATS(e), seat);
    queue_count_agent(e, queue, agent, 1);
    if (agent_is_available(e, agent) && seat_has_room(e, seat))
        seat_enter(e, seat);
}

void seat_give(struct acd_engine *e, uint32_t seat)
{
    struct seat *s = &e->seats[seat];

    queue_count_agent(e, s->line, s->agent, -1);
    if (ready_has(e, seat))
        seat_leave(e, seat);
    chain_remove(&e->agents[s->agent].seats, AGENT_SEATS(e), seat);
    list_remove(&e->lines[s->line].seats, LINE_SEATS(e), seat);
}

static void line_count_agent(struct acd_engine *e, uint32_t line, uint32_t agent, int by)
{
    const struct agent *a = &e->agents[agent];

    if (!a->active || a->state == ACD_LOGGED_OUT)
        return;
    e->lines[line].logged_in += (uint32_t)by;
    if (a->state == ACD_READY)
        line_card(e, line)->members_ready += (uint32_t)by;
    line_note(e, line);
}

COLD static void stands_count_agent(struct acd_engine *e, uint32_t member, int by)
{
    for (uint32_t s = member; s != NONE; s = e->stands[s].next)
        for (uint64_t left = e->stands[s].item.own; left != 0; left &= left - 1) {
            uint32_t line = stand_bank(e, &e->stands[s])->lines[__builtin_ctzll(left)];

            if (!line_is_of_queue(e, line))
                line_count_agent(e, line, e->seats[member].agent, by);
        }
}

void agent_count(struct acd_engine *e, uint32_t agent, int by)
{
    for (uint32_t m = e->agents[agent].seats; m != LIST_NONE; m = e->seats[m].next) {
        queue_count_agent(e, e->seats[m].line, agent, by);
        if (e->agents[agent].stands)
            stands_count_agent(e, m, by);
    }
}

static void line_join(struct acd_engine *e, uint32_t line, uint32_t membership)
{
    uint32_t agent = e->seats[membership].agent;

    e->agent_cards[agent].lines++;
    e->seats_taken++;
    stand_take(e, membership, line);
    line_count_agent(e, line, agent, 1);
}

static void line_leave(struct acd_engine *e, uint32_t line, uint32_t membership)
{
    uint32_t agent = e->seats[membership].agent;

    e->agent_cards[agent].lines--;
    e->seats_taken--;
    stand_give(e, membership, line);
    line_count_agent(e, line, agent, -1);
}

void lines_leave(struct acd_engine *e, uint32_t membership)
{
    uint32_t queue = e->seats[membership].line;

    for (uint32_t l = e->queues[queue].lines.first; l != LIST_NONE;
         l = line_card(e, l)->in_queue.next)
        if (stand_is_in(e, membership, l))
            line_leave(e, l, membership);
    if (e->lines[queue].ready.in_bank && stand_is_in(e, membership, queue))
        stand_give(e, membership, queue);
}

void lines_review(struct acd_engine *e, uint32_t membership)
{
    const struct seat *s = &e->seats[membership];

    if (e->queues[s->line].lines.count == 0)
        return;
    lines_leave(e, membership);
    for (uint32_t l = e->queues[s->line].lines.first; l != LIST_NONE;
         l = line_card(e, l)->in_queue.next)
        if (requirement_met(e, &line_card(e, l)->requirement, s->agent, s->level, NULL))
            line_join(e, l, membership);
    if (e->lines[s->line].ready.in_bank)
        stand_take(e, membership, s->line);
}

/* ---- a queue's own line ------------------------------------------------------------------------
 *
 * By the usual strategy it joins the others, as one mark more: so its members move once for all.
 * While there are no others it stands alone, which is cheaper still. */

static void own_line_join(struct acd_engine *e, uint32_t queue)
{
    struct line *l = &e->lines[queue];

    for (uint32_t s = l->seats.first; s != LIST_NONE; s = e->seat_cards[s].in_line.next)
        if (ready_has(e, s)) {
            ready_remove(e, s);
            e->seats[s].in_ready.where = ORDER_ELSEWHERE;
            l->ready.banked++;
        }
    ready_set(&l->ready, l->ready.strategy, true);
    bank_admit(e, queue);
    for (uint32_t s = l->seats.first; s != LIST_NONE; s = e->seat_cards[s].in_line.next)
        stand_take(e, s, queue);
    if (l->ready.minded)
        queue_derive(e, queue); /* nobody stood there meanwhile */
}

void own_line_part(struct acd_engine *e, uint32_t queue)
{
    struct line *l = &e->lines[queue];

    if (!l->ready.in_bank)
        return;
    for (uint32_t s = l->seats.first; s != LIST_NONE; s = e->seat_cards[s].in_line.next)
        stand_give(e, s, queue);
    bank_dismiss(e, queue);
    ready_set(&l->ready, l->ready.strategy, false);
    l->ready.banked = 0;
    for (uint32_t s = l->seats.first; s != LIST_NONE; s = e->seat_cards[s].in_line.next)
        if (ready_has(e, s)) {
            e->seats[s].in_ready.where = ORDER_OUT;
            ready_add(e, s);
        }
}

void own_line_review(struct acd_engine *e, uint32_t queue)
{
    const struct ready *r = &e->lines[queue].ready;

    if (e->queues[queue].lines.count == 0 || r->strategy != ACD_LONGEST_IDLE_AGENT)
        own_line_part(e, queue);
    else if (!r->in_bank)
        own_line_join(e, queue);
}

/* ---- opened and closed ---------------------------------------------------------------------- */

/* The only member who may be in a line, where calls are kept for an agent; else NONE. */
static uint32_t only_member(const struct acd_engine *e, uint32_t line, const struct requirement *r)
{
    uint32_t agent = agent_at(e, r->agent);

    return agent == NONE ? NONE : membership_find(e, agent, e->lines[line].queue);
}

/* Puts each member who fulfils what a new line asks for into it. */
static void line_fill(struct acd_engine *e, uint32_t line, const struct requirement *r)
{
    uint32_t only = only_member(e, line, r), s;
    struct walk walk;

    if (only != NONE)
        line_join(e, line, only);
    if (r->agent.gen != 0)
        return;
    walk_begin(e, &walk, e->lines[line].queue);
    while ((s = walk_next(e, &walk)) != LIST_NONE)
        if (requirement_met(e, r, e->seats[s].agent, e->seats[s].level, NULL))
            line_join(e, line, s);
}

/* The opposite. */
static void line_empty(struct acd_engine *e, uint32_t line, const struct requirement *r)
{
    uint32_t only = only_member(e, line, r);

    if (only != NONE)
        line_leave(e, line, only);
    if (r->agent.gen != 0)
        return;
    for (uint32_t s = e->lines[e->lines[line].queue].seats.first; s != LIST_NONE;
         s = e->seat_cards[s].in_line.next)
        if (stand_is_in(e, s, line))
            line_leave(e, line, s);
}

static uint32_t line_open(struct acd_engine *e, uint32_t queue, const struct requirement *r,
                          bool passes)
{
    uint32_t slot = slots_lowest(&e->line_slots), line = e->config.limits.queues + slot;

    ACD_ASSERT(slot != SLOT_NONE);
    slots_take(&e->line_slots, slot);
    line_init(&e->lines[line], queue, &e->queues[queue].set, passes);
    ready_set(&e->lines[line].ready, e->lines[line].ready.strategy, true);
    *line_card(e, line) = (struct line_card){.requirement = *r};
    bank_admit(e, line);
    for (uint8_t i = 0; i < r->count; i++)
        e->skills[r->terms[i].skill].uses++;
    e->lines[line].rank += r->agent.gen != 0;
    line_fill(e, line, r);
    list_append(&e->queues[queue].lines, QUEUE_LINES(e), line);
    own_line_review(e, queue);
    return line;
}

static void line_close(struct acd_engine *e, uint32_t line)
{
    const struct requirement *r = &line_card(e, line)->requirement;

    ACD_ASSERT(e->lines[line].waiting.first == RANKS_NONE);
    list_remove(&e->queues[e->lines[line].queue].lines, QUEUE_LINES(e), line);
    line_empty(e, line, r);
    bank_dismiss(e, line);
    for (uint8_t i = 0; i < r->count; i++)
        skill_unuse(e, r->terms[i].skill);
    slots_give(&e->line_slots, line - e->config.limits.queues);
    own_line_review(e, e->lines[line].queue);
}

void lines_rebank(struct acd_engine *e, uint32_t queue)
{
    for (uint32_t l = e->queues[queue].lines.first; l != LIST_NONE;
         l = line_card(e, l)->in_queue.next) {
        const struct requirement *r = &line_card(e, l)->requirement;

        line_empty(e, l, r);
        bank_dismiss(e, l);
        bank_admit(e, l);
        line_fill(e, l, r);
        bank_head(e, l);
    }
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
    const struct line *l = &e->lines[line];

    switch (e->queues[l->queue].set.pass_over) {
    case ACD_PASS_NEVER: return false;
    case ACD_PASS_READY: return line_card(e, line)->members_ready == 0;
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

APART void line_wait(struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];

    ranks_add(&e->lines[c->line].waiting, e->line_nodes, call, call_place(c),
              call_place_sequence(c));
    ranks_add(&e->queues[c->queue].others, e->wait_nodes, call, call_place(c),
              call_place_sequence(c));
    if (e->lines[c->line].passes)
        step_arm(e, call);
    bank_head(e, c->line);
    if (line_is_passed(e, c->line))
        line_note(e, c->line);
}

APART void line_unwait(struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];

    ranks_remove(&e->lines[c->line].waiting, e->line_nodes, call);
    ranks_remove(&e->queues[c->queue].others, e->wait_nodes, call);
    if (e->lines[c->line].passes)
        order_remove(&e->steps, STEPS(e), call);
    bank_head(e, c->line);
    if (e->passing.count > 0)
        line_note(e, c->line);
}
