#include "engine/banks.h"

#include "engine/best.h"
#include "engine/lines.h"
#include "engine/ready.h"

/* What a bank holds is all derived: from requirements and skills (lines.c), from memberships that
 * are ready (apply_agent.c), from calls that wait. So a restart rebuilds it by the same functions,
 * maybe with other marks, and nobody can tell. */

/* ---- lines -------------------------------------------------------------------------------- */

/* A bank of a queue with that raise and room for a line, or NONE. */
static uint32_t bank_with_room(const struct acd_engine *e, uint32_t queue, uint8_t raise)
{
    uint8_t strategy = e->lines[queue].ready.strategy;
    uint32_t bank = strategy_parts_lines(strategy) ? NONE : e->queues[queue].banks;

    while (bank != NONE && (e->banks[bank].raise != raise || e->banks[bank].taken == UINT64_MAX ||
                            e->banks[bank].strategy != strategy))
        bank = e->banks[bank].next;
    return bank;
}

static uint32_t bank_open(struct acd_engine *e, uint32_t queue, uint8_t raise)
{
    uint32_t slot = slots_lowest(&e->bank_slots);
    struct bank *b = &e->banks[slot];

    ACD_ASSERT(slot != SLOT_NONE); /* there are as many as lines */
    slots_take(&e->bank_slots, slot);
    marks_init(&b->ready);
    b->taken = b->wanted = 0;
    b->queue = queue;
    b->raise = raise;
    b->strategy = e->lines[queue].ready.strategy;
    chain_append(&e->queues[queue].banks, QUEUE_BANKS(e), slot);
    return slot;
}

void bank_admit(struct acd_engine *e, uint32_t line)
{
    struct line_card *card = line_card(e, line);
    uint32_t queue = e->lines[line].queue;
    uint32_t slot = bank_with_room(e, queue, card->requirement.raise);
    struct bank *b;

    if (slot == NONE)
        slot = bank_open(e, queue, card->requirement.raise);
    b = &e->banks[slot];
    card->bank = slot;
    card->mark = (uint32_t)__builtin_ctzll(~b->taken);
    b->taken |= line_mark(e, line);
    b->lines[card->mark] = line;
}

void bank_dismiss(struct acd_engine *e, uint32_t line)
{
    uint32_t slot = line_card(e, line)->bank;
    struct bank *b = &e->banks[slot];

    b->taken &= ~line_mark(e, line);
    b->wanted &= b->taken;
    if (b->taken != 0)
        return;
    ACD_ASSERT(b->ready.root == MARKS_NONE);
    chain_remove(&e->queues[b->queue].banks, QUEUE_BANKS(e), slot);
    slots_give(&e->bank_slots, slot);
}

void bank_head(struct acd_engine *e, uint32_t line)
{
    const struct line_card *card = line_card(e, line);
    struct bank *b = &e->banks[card->bank];
    uint32_t call = line_first(e, &e->lines[line]);

    if (call == NONE) {
        b->wanted &= ~line_mark(e, line);
        return;
    }
    b->wanted |= line_mark(e, line);
    b->heads[card->mark] = (struct head){e->calls[call].key, e->calls[call].sequence};
}

/* ---- stands ------------------------------------------------------------------------------- */

struct marks_nodes stand_nodes(const struct acd_engine *e, uint8_t strategy)
{
    return (struct marks_nodes){(char *)&e->stands->node, sizeof *e->stands,
                                strategy_draws(strategy) ? e->stand_counts : NULL};
}

static inline void stand_enter(struct acd_engine *e, uint32_t slot)
{
    struct stand *s = &e->stands[slot];
    struct bank *b = &e->banks[s->bank];

    s->in = true;
    marks_add(&b->ready, stand_nodes(e, b->strategy), slot, stand_key(e, s, b->strategy));
}

static inline void stand_leave(struct acd_engine *e, uint32_t slot)
{
    struct stand *s = &e->stands[slot];
    struct bank *b = &e->banks[s->bank];

    s->in = false;
    marks_remove(&b->ready, stand_nodes(e, b->strategy), slot);
}

uint32_t stand_find(const struct acd_engine *e, uint32_t membership, uint32_t bank)
{
    uint32_t s = e->agent_stands[e->seats[membership].agent];

    while (s != NONE && (e->stands[s].bank != bank || e->stands[s].membership != membership))
        s = e->stands[s].next;
    return s;
}

uint16_t bank_skill(const struct acd_engine *e, const struct bank *b, uint32_t agent)
{
    uint32_t line = b->lines[__builtin_ctzll(b->taken)];

    return strategy_parts_lines(b->strategy)
               ? requirement_skill(e, &line_card(e, line)->requirement, agent)
               : 0;
}

static uint32_t stand_make(struct acd_engine *e, uint32_t membership, uint32_t bank)
{
    const struct seat *m = &e->seats[membership];
    uint32_t slot = slots_lowest(&e->stand_slots);
    struct stand *s = &e->stands[slot];
    const struct bank *b = &e->banks[bank];

    ACD_ASSERT(slot != SLOT_NONE); /* each has a mark at least, and whoever decided counted those */
    slots_take(&e->stand_slots, slot);
    s->node.own = 0;
    s->membership = membership;
    s->bank = bank;
    s->level = m->level < b->raise ? b->raise : m->level;
    s->skill = bank_skill(e, b, m->agent);
    s->in = false;
    chain_append(&e->agent_stands[m->agent], AGENT_STANDS(e), slot);
    e->agents[m->agent].stands = true;
    return slot;
}

static void stand_free(struct acd_engine *e, uint32_t slot)
{
    uint32_t agent = e->seats[e->stands[slot].membership].agent;

    chain_remove(&e->agent_stands[agent], AGENT_STANDS(e), slot);
    e->agents[agent].stands = e->agent_stands[agent] != NONE;
    slots_give(&e->stand_slots, slot);
}

bool stand_is_in(const struct acd_engine *e, uint32_t membership, uint32_t line)
{
    uint32_t slot = stand_find(e, membership, line_card(e, line)->bank);

    return slot != NONE && (e->stands[slot].node.own & line_mark(e, line)) != 0;
}

void stand_take(struct acd_engine *e, uint32_t membership, uint32_t line)
{
    uint32_t bank = line_card(e, line)->bank, slot = stand_find(e, membership, bank);

    if (slot == NONE)
        slot = stand_make(e, membership, bank);
    if (e->stands[slot].in)
        stand_leave(e, slot);
    e->stands[slot].node.own |= line_mark(e, line);
    if (ready_has(e, membership))
        stand_enter(e, slot);
}

void stand_give(struct acd_engine *e, uint32_t membership, uint32_t line)
{
    uint32_t slot = stand_find(e, membership, line_card(e, line)->bank);
    struct stand *s = &e->stands[slot];

    if (s->in)
        stand_leave(e, slot);
    s->node.own &= ~line_mark(e, line);
    if (s->node.own == 0)
        stand_free(e, slot);
    else if (ready_has(e, membership))
        stand_enter(e, slot);
}

void stands_enter(struct acd_engine *e, uint32_t agent)
{
    for (uint32_t s = e->agent_stands[agent]; s != NONE; s = e->stands[s].next)
        if (ready_has(e, e->stands[s].membership))
            stand_enter(e, s);
}

void stands_leave(struct acd_engine *e, uint32_t agent)
{
    for (uint32_t s = e->agent_stands[agent]; s != NONE; s = e->stands[s].next)
        if (e->stands[s].in)
            stand_leave(e, s);
}

void stands_fetch(const struct acd_engine *e, uint32_t agent)
{
    for (uint32_t s = e->agent_stands[agent]; s != NONE; s = e->stands[s].next)
        fetch(&e->banks[e->stands[s].bank]);
}

void bank_sort(struct acd_engine *e, uint32_t bank, uint8_t strategy)
{
    struct bank *b = &e->banks[bank];
    uint32_t out = NONE, slot;

    while ((slot = b->ready.root) != MARKS_NONE) {
        stand_leave(e, slot);
        e->stands[slot].node.left = out;
        out = slot;
    }
    b->strategy = strategy;
    while ((slot = out) != NONE) {
        out = e->stands[slot].node.left;
        stand_enter(e, slot);
    }
}
