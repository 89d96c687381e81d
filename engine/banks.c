#include "engine/banks.h"

#include "engine/best.h"
#include "engine/lines.h"
#include "engine/ready.h"

/* What a bank holds is all derived: from requirements and skills (lines.c), from memberships that
 * are ready (apply_agent.c), from calls that wait. So a restart rebuilds it by the same functions,
 * maybe with other marks, and nobody can tell. */

enum { LINES_AROUND = 2 }; /* of the cache: three stands and more */

/* ---- lines -------------------------------------------------------------------------------- */

/* A bank of a queue with that raise and room for a line, or NONE. (While lines part, or come
 * together, there are banks yet whose strategy is the old one.) */
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
    b->taken = b->wanted = 0;
    b->tiers = NONE;
    b->queue = queue;
    b->raise = raise;
    b->strategy = e->lines[queue].ready.strategy;
    chain_append(&e->queues[queue].banks, QUEUE_BANKS(e), slot);
    return slot;
}

void bank_admit(struct acd_engine *e, uint32_t line)
{
    uint8_t raise = line_card(e, line)->requirement.raise;
    struct line *l = &e->lines[line];
    uint32_t slot = bank_with_room(e, l->queue, raise);
    struct bank *b;

    if (slot == NONE)
        slot = bank_open(e, l->queue, raise);
    b = &e->banks[slot];
    l->bank = slot;
    l->mark = (uint8_t)__builtin_ctzll(~b->taken);
    b->taken |= line_mark(e, line);
    b->lines[l->mark] = line;
}

void bank_dismiss(struct acd_engine *e, uint32_t line)
{
    uint32_t slot = e->lines[line].bank;
    struct bank *b = &e->banks[slot];

    b->taken &= ~line_mark(e, line);
    b->wanted &= b->taken;
    if (b->taken != 0)
        return;
    ACD_ASSERT(b->tiers == NONE);
    chain_remove(&e->queues[b->queue].banks, QUEUE_BANKS(e), slot);
    slots_give(&e->bank_slots, slot);
}

void bank_head(struct acd_engine *e, uint32_t line)
{
    const struct line *l = &e->lines[line];
    struct bank *b = &e->banks[l->bank];
    uint32_t call = line_first(e, l);

    if (call == NONE) {
        b->wanted &= ~line_mark(e, line);
        return;
    }
    b->wanted |= line_mark(e, line);
    b->heads[l->mark] = (struct head){e->calls[call].key, e->calls[call].sequence};
}

/* ---- stands ------------------------------------------------------------------------------- */

void banks_open(struct acd_engine *e)
{
    struct marks_space space = {.base = (char *)&e->stands->item,
                                .stride = sizeof *e->stands,
                                .blocks = e->stand_blocks,
                                .taken = &e->block_slots};

    e->stand_spaces[false] = space;
    space.counts = e->stand_counts;
    e->stand_spaces[true] = space;
}

/* The tier of a level in a bank, made if there is none, for one more stand. */
static uint32_t tier_use(struct acd_engine *e, uint32_t bank, uint8_t level)
{
    uint32_t *at = &e->banks[bank].tiers, slot;

    while (*at != NONE && e->tiers[*at].level < level)
        at = &e->tiers[*at].next;
    if (*at == NONE || e->tiers[*at].level != level) {
        slot = slots_lowest(&e->tier_slots);
        ACD_ASSERT(slot != SLOT_NONE);
        slots_take(&e->tier_slots, slot);
        e->tiers[slot] = (struct tier){.bank = bank, .next = *at, .level = level};
        marks_init(&e->tiers[slot].ready);
        *at = slot;
    }
    e->tiers[*at].stands++;
    return *at;
}

static void tier_release(struct acd_engine *e, uint32_t tier)
{
    if (--e->tiers[tier].stands > 0)
        return;
    chain_remove(&e->banks[e->tiers[tier].bank].tiers, BANK_TIERS(e), tier);
    slots_give(&e->tier_slots, tier);
}

static inline void stand_enter(struct acd_engine *e, uint32_t slot)
{
    struct tier *t = &e->tiers[e->stands[slot].tier];
    uint8_t strategy = e->banks[t->bank].strategy;

    marks_add(&t->ready, stand_space(e, strategy), slot, stand_key(e, slot, strategy));
}

static inline void stand_leave(struct acd_engine *e, uint32_t slot)
{
    struct tier *t = &e->tiers[e->stands[slot].tier];

    marks_remove(&t->ready, stand_space(e, e->banks[t->bank].strategy), slot);
}

uint32_t stand_find(const struct acd_engine *e, uint32_t membership, uint32_t bank)
{
    uint32_t s = membership;

    while (s != NONE && (e->stands[s].item.own == 0 || e->tiers[e->stands[s].tier].bank != bank))
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

/* The membership's own one if that is in no bank yet. */
static uint32_t stand_take_slot(struct acd_engine *e, uint32_t membership)
{
    uint32_t first = membership, slot;

    if (e->stands[membership].item.own == 0)
        return membership;
    slot = slots_lowest(&e->stand_slots);
    ACD_ASSERT(slot != SLOT_NONE); /* each has a mark at least, and whoever decided counted those */
    slots_take(&e->stand_slots, slot);
    e->stand_members[slot] = membership;
    slot += e->config.limits.memberships;
    chain_append(&first, MEMBER_STANDS(e), slot);
    return slot;
}

static uint32_t stand_make(struct acd_engine *e, uint32_t membership, uint32_t bank)
{
    const struct seat *m = &e->seats[membership];
    const struct bank *b = &e->banks[bank];
    uint32_t slot = stand_take_slot(e, membership);
    struct stand *s = &e->stands[slot];

    s->item.own = 0;
    s->item.block = MARKS_OUT;
    s->tier = tier_use(e, bank, m->level < b->raise ? b->raise : m->level);
    e->stand_skills[slot] = bank_skill(e, b, m->agent);
    return slot;
}

static void stand_free(struct acd_engine *e, uint32_t slot)
{
    uint32_t first = stand_member(e, slot);

    tier_release(e, e->stands[slot].tier);
    if (slot == first)
        return;
    chain_remove(&first, MEMBER_STANDS(e), slot);
    slots_give(&e->stand_slots, slot - e->config.limits.memberships);
}

bool stand_is_in(const struct acd_engine *e, uint32_t membership, uint32_t line)
{
    uint32_t slot = stand_find(e, membership, e->lines[line].bank);

    return slot != NONE && (e->stands[slot].item.own & line_mark(e, line)) != 0;
}

static void agent_mark(struct acd_engine *e, uint32_t agent, int by)
{
    struct agent_card *card = &e->agent_cards[agent];

    card->marks = (uint16_t)(card->marks + by);
    e->agents[agent].stands = card->marks > 0;
}

void stand_take(struct acd_engine *e, uint32_t membership, uint32_t line)
{
    uint32_t bank = e->lines[line].bank, slot = stand_find(e, membership, bank);

    if (slot == NONE)
        slot = stand_make(e, membership, bank);
    if (marks_has(&e->stands[slot].item))
        stand_leave(e, slot);
    e->stands[slot].item.own |= line_mark(e, line);
    agent_mark(e, e->seats[membership].agent, 1);
    if (ready_has(e, membership))
        stand_enter(e, slot);
}

void stand_give(struct acd_engine *e, uint32_t membership, uint32_t line)
{
    uint32_t slot = stand_find(e, membership, e->lines[line].bank);
    struct stand *s = &e->stands[slot];

    if (marks_has(&s->item))
        stand_leave(e, slot);
    s->item.own &= ~line_mark(e, line);
    agent_mark(e, e->seats[membership].agent, -1);
    if (s->item.own == 0)
        stand_free(e, slot);
    else if (ready_has(e, membership))
        stand_enter(e, slot);
}

void member_stands_enter(struct acd_engine *e, uint32_t membership)
{
    for (uint32_t s = membership; s != NONE; s = e->stands[s].next)
        if (e->stands[s].item.own != 0)
            stand_enter(e, s);
}

void member_stands_leave(struct acd_engine *e, uint32_t membership)
{
    for (uint32_t s = membership; s != NONE; s = e->stands[s].next)
        if (e->stands[s].item.own != 0 && marks_has(&e->stands[s].item))
            stand_leave(e, s);
}

APART void stands_leave_fetch(const struct acd_engine *e, uint32_t agent)
{
    const struct marks_space *space = stand_space(e, ACD_LONGEST_IDLE_AGENT);

    for (uint32_t m = e->agents[agent].seats; m != LIST_NONE; m = e->seats[m].next) {
        const struct stand *s = &e->stands[m];

        if (s->item.own != 0 && marks_has(&s->item))
            marks_remove_fetch(space, &s->item);
    }
}

APART void stands_fetch(const struct acd_engine *e, uint32_t membership)
{
    const char *at = (const char *)&e->stands[membership];

    for (int line = -LINES_AROUND; line <= LINES_AROUND; line++)
        fetch(at + line * CACHE_LINE);
}

void stands_enter(struct acd_engine *e, uint32_t agent)
{
    for (uint32_t m = e->agents[agent].seats; m != LIST_NONE; m = e->seats[m].next)
        if (ready_has(e, m))
            member_stands_enter(e, m);
}

void stands_leave(struct acd_engine *e, uint32_t agent)
{
    for (uint32_t m = e->agents[agent].seats; m != LIST_NONE; m = e->seats[m].next)
        member_stands_leave(e, m);
}

/* ---- who is available ----------------------------------------------------------------------- */

static const struct bank *bank_of(const struct acd_engine *e, uint32_t line)
{
    return &e->banks[e->lines[line].bank];
}

APART uint32_t bank_first(const struct acd_engine *e, uint32_t line)
{
    const struct bank *b = bank_of(e, line);
    uint32_t first = MARKS_NONE;

    for (uint32_t t = b->tiers; first == MARKS_NONE && t != NONE; t = e->tiers[t].next)
        first = marks_first(&e->tiers[t].ready, stand_space(e, b->strategy), e->lines[line].mark);
    return first;
}

uint32_t bank_after(const struct acd_engine *e, uint32_t line, struct order_key key)
{
    const struct bank *b = bank_of(e, line);
    uint32_t after = MARKS_NONE;

    for (uint32_t t = b->tiers; after == MARKS_NONE && t != NONE; t = e->tiers[t].next)
        after =
            marks_after(&e->tiers[t].ready, stand_space(e, b->strategy), e->lines[line].mark, key);
    return after;
}

uint32_t bank_before(const struct acd_engine *e, uint32_t line, struct order_key key)
{
    const struct bank *b = bank_of(e, line);
    uint32_t count = 0;

    for (uint32_t t = b->tiers; t != NONE; t = e->tiers[t].next)
        count +=
            marks_before(&e->tiers[t].ready, stand_space(e, b->strategy), e->lines[line].mark, key);
    return count;
}

uint32_t bank_at(const struct acd_engine *e, uint32_t line, uint32_t rank)
{
    const struct bank *b = bank_of(e, line);
    const struct marks_space *space = stand_space(e, b->strategy);
    uint32_t mark = e->lines[line].mark, t = b->tiers, count;

    while (rank >= (count = marks_count(&e->tiers[t].ready, space, mark))) {
        rank -= count;
        t = e->tiers[t].next;
        ACD_ASSERT(t != NONE); /* else there are no more than `rank` */
    }
    return marks_at(&e->tiers[t].ready, space, mark, rank);
}

void bank_sort(struct acd_engine *e, uint32_t bank, uint8_t strategy)
{
    const struct marks_space *space = stand_space(e, e->banks[bank].strategy);
    uint32_t out = NONE, slot;

    for (uint32_t t = e->banks[bank].tiers; t != NONE; t = e->tiers[t].next)
        while ((slot = marks_any(&e->tiers[t].ready, space)) != MARKS_NONE) {
            stand_leave(e, slot);
            e->stands[slot].item.place = out; /* which means nothing meanwhile */
            out = slot;
        }
    e->banks[bank].strategy = strategy;
    while ((slot = out) != NONE) {
        out = e->stands[slot].item.place;
        stand_enter(e, slot);
    }
}
