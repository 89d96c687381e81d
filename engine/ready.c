#include "engine/ready.h"

#include "engine/apply.h"
#include "engine/channels.h"
#include "engine/leads.h"
#include "engine/lines.h"
#include "engine/names.h"

/* The strategies. docs/ROUTING.md defines each; here it is a key of a seat, or a way to look into
 * the positions of those who are there.
 *
 * An order asks for its items' keys while it sifts. What they are made of changes in apply_*.c
 * only, and there the seats concerned are sorted anew before anything else is added. */

/* ---- strategies that are a key ---------------------------------------------------------------
 *
 * (level in 8 bits above the measure in 56, last_status_change by its event), but for
 * sequentially-by-agent-order. */

static struct order_key measured_key(const struct acd_engine *e, uint32_t seat, uint64_t measure)
{
    const struct seat *s = &e->seats[seat];

    return (struct order_key){(uint64_t)s->level << 56 | measure, e->agents[s->agent].lsc_sequence};
}

static struct order_key fewest_calls_key(const void *owner, uint32_t seat)
{
    const struct acd_engine *e = owner;
    const struct agent *a = &e->agents[e->seats[seat].agent];

    return measured_key(e, seat, a->day == e->day ? a->calls_today : 0);
}

static struct order_key least_talk_time_key(const void *owner, uint32_t seat)
{
    const struct acd_engine *e = owner;
    const struct agent *a = &e->agents[e->seats[seat].agent];

    return measured_key(e, seat, a->day == e->day ? (uint64_t)a->talk_today : 0);
}

static struct order_key least_recent_key(const void *owner, uint32_t seat)
{
    const struct acd_engine *e = owner;

    return measured_key(e, seat, (uint64_t)e->seat_cards[seat].last_ended);
}

static struct order_key least_busy_key(const void *owner, uint32_t seat)
{
    const struct acd_engine *e = owner;
    const struct agent *a = &e->agents[e->seats[seat].agent];
    uint32_t load = agent_load(a), free = load < a->capacity ? a->capacity - load : 0;

    return measured_key(e, seat, UINT8_MAX - free);
}

static struct order_key full_load_key(const void *owner, uint32_t seat)
{
    const struct acd_engine *e = owner;

    return measured_key(e, seat, UINT8_MAX - agent_load(&e->agents[e->seats[seat].agent]));
}

/* Of nobody's skills: those that count are of the line, and so of a stand. */
static struct order_key best_skill_key(const void *owner, uint32_t seat)
{
    return measured_key(owner, seat, UINT16_MAX);
}

static struct order_key sequentially_key(const void *owner, uint32_t seat)
{
    const struct acd_engine *e = owner;
    const struct seat *s = &e->seats[seat];
    const struct seat_card *card = &e->seat_cards[seat];

    return (struct order_key){(uint64_t)s->level << 56 | s->position,
                              card->last_offered == 0 ? card->sequence : card->last_offered};
}

typedef struct order_key strategy_key_fn(const void *owner, uint32_t seat);

/* The key of a strategy, or NULL: it looks into positions. */
static strategy_key_fn *strategy_key(uint8_t strategy)
{
    switch (strategy) {
    case ACD_LONGEST_IDLE_AGENT: return seat_key;
    case ACD_FEWEST_CALLS: return fewest_calls_key;
    case ACD_LEAST_TALK_TIME: return least_talk_time_key;
    case ACD_LEAST_RECENT: return least_recent_key;
    case ACD_LEAST_BUSY: return least_busy_key;
    case ACD_FULL_LOAD: return full_load_key;
    case ACD_SEQUENTIALLY: return sequentially_key;
    case ACD_BEST_SKILL: return best_skill_key;
    default: return NULL;
    }
}

struct order_items ready_items(const struct acd_engine *e, uint8_t strategy)
{
    struct order_items items = SEATS(e);

    items.key_of = strategy_key(strategy);
    return items;
}

struct order_key stand_key_other(const struct acd_engine *e, uint32_t stand, uint8_t strategy)
{
    uint32_t member = stand_member(e, stand);
    uint64_t level = e->tiers[e->stands[stand].tier].level;
    strategy_key_fn *key_of = strategy_key(strategy);
    struct order_key key;

    if (key_of == NULL)
        return (struct order_key){level << LEVEL_SHIFT | e->seats[member].position,
                                  e->seat_cards[member].sequence};
    key = key_of(e, member);
    key.hi = (key.hi & (((uint64_t)1 << 56) - 1)) | level << 56;
    if (strategy == ACD_BEST_SKILL)
        key.hi -= e->stand_skills[stand];
    return key;
}

/* ---- positions ------------------------------------------------------------------------------
 *
 * The places of those who are available in a line, be they in its order-statistic tree or those
 * with its mark in a bank; all told as memberships. */

/* Level and position of a seat; among those of one place, the older membership is first. */
static int64_t place_of(const struct acd_engine *e, uint32_t seat)
{
    return (int64_t)e->seats[seat].level << LEVEL_SHIFT | e->seats[seat].position;
}

static uint32_t membership_of(const struct acd_engine *e, uint32_t stand)
{
    return stand == MARKS_NONE ? NONE : stand_member(e, stand);
}

uint32_t places_first(const struct acd_engine *e, uint32_t line)
{
    const struct ready *r = &e->lines[line].ready;

    return r->in_bank ? membership_of(e, bank_first(e, line)) : r->places.first;
}

/* The first behind a place, or NONE. */
static uint32_t places_after(const struct acd_engine *e, uint32_t line, int64_t place,
                             uint64_t sequence)
{
    const struct ranks *places = &e->lines[line].ready.places;

    if (!e->lines[line].ready.in_bank)
        return ranks_at(places, e->seat_nodes,
                        ranks_below(places, e->seat_nodes, place, sequence + 1));
    return membership_of(e, bank_after(e, line, (struct order_key){(uint64_t)place, sequence}));
}

/* How many are of levels below one. */
static uint32_t places_below_level(const struct acd_engine *e, uint32_t line, uint32_t level)
{
    int64_t place = (int64_t)level << LEVEL_SHIFT;

    if (!e->lines[line].ready.in_bank)
        return ranks_below(&e->lines[line].ready.places, e->seat_nodes, place, 0);
    return bank_before(e, line, (struct order_key){(uint64_t)place, 0});
}

/* The one at a rank that there is. */
static uint32_t places_at(const struct acd_engine *e, uint32_t line, uint32_t rank)
{
    if (!e->lines[line].ready.in_bank)
        return ranks_at(&e->lines[line].ready.places, e->seat_nodes, rank);
    return membership_of(e, bank_at(e, line, rank));
}

/* The level that counts there, of one of them. */
static uint8_t place_level(const struct acd_engine *e, uint32_t line, uint32_t membership)
{
    return line_level(e, line, e->seats[membership].level);
}

static uint32_t first_round_robin(const struct acd_engine *e, uint32_t line, uint32_t first)
{
    const struct queue *q = &e->queues[e->lines[line].queue];
    uint8_t level = place_level(e, line, first);
    uint32_t after =
        places_after(e, line, (int64_t)level << LEVEL_SHIFT | q->turn_position, q->turn_sequence);

    return after != NONE && place_level(e, line, after) == level ? after : first;
}

static uint32_t first_top_down(const struct acd_engine *e, uint32_t line, uint32_t first,
                               uint32_t call)
{
    uint32_t after = NONE;

    if (call != NONE && e->calls[call].tried)
        after = places_after(e, line, e->call_turns[call].place, e->call_turns[call].sequence);
    return after != NONE ? after : first;
}

/* ---- chance --------------------------------------------------------------------------------- */

/* splitmix64: the state counts, and what is drawn is a mix of it. */
uint64_t chance_next(uint64_t state)
{
    return state + 0x9e3779b97f4a7c15;
}

static uint64_t random_drawn(uint64_t state)
{
    uint64_t z = state;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static uint32_t first_random(const struct acd_engine *e, uint32_t line, uint32_t first)
{
    uint64_t drawn = random_drawn(chance_next(e->random));
    uint32_t count = places_below_level(e, line, place_level(e, line, first) + 1U);

    return places_at(e, line, (uint32_t)(drawn % count));
}

/* What a seat of a level weighs: half as much in level 1 as in level 0, a third in level 2. */
static uint64_t weight_of(uint32_t level)
{
    return 1000000 / (level + 1);
}

/* Goes through the levels that have seats, of which there are few: *rank is that of a level's first
 * seat and becomes that of the next one's; tells the level and how many seats it has. */
static uint32_t level_at(const struct acd_engine *e, uint32_t line, uint32_t *rank, uint32_t *count)
{
    uint32_t level = place_level(e, line, places_at(e, line, *rank));
    uint32_t end = places_below_level(e, line, level + 1);

    *count = end - *rank;
    *rank = end;
    return level;
}

static uint32_t first_weighted_random(const struct acd_engine *e, uint32_t line)
{
    uint32_t all = places_below_level(e, line, 256), count, level;
    uint64_t total = 0, drawn;

    for (uint32_t rank = 0; rank < all;) {
        level = level_at(e, line, &rank, &count);
        total += count * weight_of(level);
    }
    ACD_ASSERT(total > 0); /* somebody stands there, and no weight is 0 */
    drawn = random_drawn(chance_next(e->random)) % total;
    for (uint32_t rank = 0;;) {
        uint32_t from = rank;

        level = level_at(e, line, &rank, &count);
        if (drawn < count * weight_of(level))
            return places_at(e, line, from + (uint32_t)(drawn / weight_of(level)));
        drawn -= count * weight_of(level);
    }
}

/* ---- the seam ------------------------------------------------------------------------------- */

void ready_init(struct ready *r, uint8_t strategy)
{
    order_init(&r->order, NULL, 0);
    ranks_init(&r->places);
    r->banked = 0;
    r->minded = false;
    ready_set(r, strategy, false);
}

static COLD void ready_add_sorted(struct acd_engine *e, struct ready *r, uint32_t seat)
{
    struct order_items items = ready_items(e, r->strategy);

    if (items.key_of != NULL) {
        order_add(&r->order, items, seat);
        return;
    }
    ACD_ASSERT(!ready_has(e, seat));
    e->seats[seat].in_ready.where = ORDER_ELSEWHERE;
    ranks_add(&r->places, e->seat_nodes, seat, place_of(e, seat), e->seat_cards[seat].sequence);
}

static COLD void ready_remove_sorted(struct acd_engine *e, struct ready *r, uint32_t seat)
{
    struct order_items items = ready_items(e, r->strategy);

    if (items.key_of != NULL) {
        order_remove(&r->order, items, seat);
        return;
    }
    ACD_ASSERT(e->seats[seat].in_ready.where == ORDER_ELSEWHERE);
    ranks_remove(&r->places, e->seat_nodes, seat);
    e->seats[seat].in_ready.where = ORDER_OUT;
}

static inline void ready_add_banked(struct acd_engine *e, struct ready *r, uint32_t seat)
{
    ACD_ASSERT(!ready_has(e, seat));
    e->seats[seat].in_ready.where = ORDER_ELSEWHERE;
    r->banked++;
}

static inline void ready_remove_banked(struct acd_engine *e, struct ready *r, uint32_t seat)
{
    ACD_ASSERT(e->seats[seat].in_ready.where == ORDER_ELSEWHERE);
    e->seats[seat].in_ready.where = ORDER_OUT;
    r->banked--;
}

APART void ready_add_other(struct acd_engine *e, struct ready *r, uint32_t seat)
{
    if (r->in_bank)
        ready_add_banked(e, r, seat);
    else
        ready_add_sorted(e, r, seat);
    if (r->minded && ready_count(e, r) == 1)
        queue_derive(e, e->seats[seat].line);
}

APART void ready_remove_other(struct acd_engine *e, struct ready *r, uint32_t seat)
{
    if (r->in_bank)
        ready_remove_banked(e, r, seat);
    else
        ready_remove_sorted(e, r, seat);
    if (r->minded && ready_count(e, r) == 0)
        queue_derive(e, e->seats[seat].line);
}

/* By a strategy that looks into positions. */
static uint32_t first_by_place(const struct acd_engine *e, uint32_t line, uint32_t call)
{
    uint32_t first = places_first(e, line);

    if (first == NONE)
        return NONE;
    switch (e->lines[line].ready.strategy) {
    case ACD_ROUND_ROBIN: return first_round_robin(e, line, first);
    case ACD_TOP_DOWN: return first_top_down(e, line, first, call);
    case ACD_RING_ALL:
    case ACD_RING_PROGRESSIVELY: return first;
    case ACD_RANDOM: return first_random(e, line, first);
    case ACD_WEIGHTED_RANDOM: return first_weighted_random(e, line);
    default: ACD_UNREACHABLE();
    }
}

/* Mostly nobody knew whom it would be, so all that an offer touches of that agent is fetched at
 * once. */
static uint32_t ready_first_marked(const struct acd_engine *e, uint32_t line, uint32_t call)
{
    uint32_t first = strategy_key(e->lines[line].ready.strategy) != NULL
                         ? places_first(e, line)
                         : first_by_place(e, line, call);

    if (first != NONE && first != e->asking.next)
        next_fetch(e, first);
    return first;
}

uint32_t ready_first_other(const struct acd_engine *e, uint32_t line, uint32_t call)
{
    const struct ready *r = &e->lines[line].ready;
    struct order_items items;

    if (r->in_bank)
        return ready_first_marked(e, line, call);
    items = ready_items(e, r->strategy);
    return items.key_of != NULL ? order_first(&r->order, items) : first_by_place(e, line, call);
}

bool ready_has_another(const struct acd_engine *e, uint32_t line, uint32_t member)
{
    uint32_t first;

    if (line_is_of_queue(e, line))
        return ready_count(e, &e->lines[line].ready) > (member != NONE && ready_has(e, member));
    first = bank_first(e, line);
    if (first != MARKS_NONE && stand_member(e, first) == member)
        first = bank_after(e, line, e->stands[first].item.key);
    return first != MARKS_NONE;
}

static void seats_sort(struct acd_engine *e, uint32_t queue, uint8_t strategy)
{
    struct line *l = &e->lines[queue];

    for (uint32_t s = l->seats.first; s != LIST_NONE; s = e->seat_cards[s].in_line.next)
        if (ready_has(e, s))
            ready_remove(e, s);
    ready_set(&l->ready, strategy, false);
    for (uint32_t s = l->seats.first; s != LIST_NONE; s = e->seat_cards[s].in_line.next)
        if (agent_is_available(e, e->seats[s].agent) && seat_has_room(e, s))
            ready_add(e, s);
}

static void banks_sort(struct acd_engine *e, uint32_t queue, uint8_t strategy)
{
    for (uint32_t b = e->queues[queue].banks; b != NONE; b = e->banks[b].next)
        bank_sort(e, b, strategy);
}

void ready_sort(struct acd_engine *e, uint32_t queue, uint8_t strategy)
{
    bool parted = strategy_parts_lines(e->lines[queue].ready.strategy);

    own_line_part(e, queue);
    seats_sort(e, queue, strategy);
    for (uint32_t l = e->queues[queue].lines.first; l != LIST_NONE;
         l = line_card(e, l)->in_queue.next)
        ready_set(&e->lines[l].ready, strategy, true);
    if (parted != strategy_parts_lines(strategy))
        lines_rebank(e, queue);
    else
        banks_sort(e, queue, strategy);
    own_line_review(e, queue);
}

/* Whether an order hangs on more than last_status_change, and changes while an agent is there. */
static bool strategy_wavers(uint8_t strategy)
{
    return strategy == ACD_FEWEST_CALLS || strategy == ACD_LEAST_BUSY ||
           strategy == ACD_FULL_LOAD || strategy == ACD_SEQUENTIALLY;
}

void ready_resort_agent(struct acd_engine *e, uint32_t agent)
{
    for (uint32_t s = e->agents[agent].seats; s != LIST_NONE; s = e->seats[s].next) {
        if (!strategy_wavers(ready_of(e, s)->strategy) || !ready_has(e, s))
            continue;
        ready_remove(e, s);
        ready_add(e, s);
    }
    if (e->agents[agent].stands) {
        stands_leave(e, agent);
        stands_enter(e, agent);
    }
}

void ready_day_turned(struct acd_engine *e)
{
    for (uint32_t q = slots_next(&e->queue_slots, 0); q != SLOT_NONE;
         q = slots_next(&e->queue_slots, q + 1)) {
        uint8_t strategy = e->lines[q].ready.strategy;

        if (strategy == ACD_FEWEST_CALLS || strategy == ACD_LEAST_TALK_TIME)
            ready_sort(e, q, strategy);
    }
}

/* ---- what is remembered -----------------------------------------------------------------------
 */

void ready_note_offer(struct acd_engine *e, uint32_t line, uint32_t call, uint32_t agent)
{
    uint32_t queue = e->lines[line].queue, seat = membership_find(e, agent, queue);
    struct queue *q = &e->queues[queue];

    if (seat == NONE) /* it was given the call by force, or has left since */
        return;
    switch (e->lines[line].ready.strategy) {
    case ACD_ROUND_ROBIN:
        mark(e, ACD_TABLE_QUEUES, queue);
        q->turn_position = e->seats[seat].position;
        q->turn_sequence = e->seat_cards[seat].sequence;
        break;
    case ACD_TOP_DOWN:
        if (call == NONE)
            break;
        e->calls[call].tried = true;
        e->call_turns[call].sequence = e->seat_cards[seat].sequence;
        e->call_turns[call].place = (uint32_t)line_level(e, line, e->seats[seat].level)
                                        << LEVEL_SHIFT |
                                    e->seats[seat].position;
        break;
    case ACD_SEQUENTIALLY:
        mark(e, ACD_TABLE_MEMBERS, seat);
        e->seat_cards[seat].last_offered = e->sequence;
        break;
    default: break;
    }
}

void ready_note_end(struct acd_engine *e, uint32_t call, uint32_t agent)
{
    uint32_t seat;

    if (e->lines[e->calls[call].line].ready.strategy != ACD_LEAST_RECENT)
        return;
    seat = membership_find(e, agent, e->calls[call].queue);
    if (seat == NONE)
        return;
    mark(e, ACD_TABLE_MEMBERS, seat);
    e->seat_cards[seat].last_ended = e->now;
}

bool ready_check(const struct acd_engine *e, const struct line *l)
{
    const struct ready *r = &l->ready;

    if (strategy_key(r->strategy) == NULL)
        return r->order.count == 0 && ranks_check(&r->places, e->seat_nodes);
    return r->places.first == RANKS_NONE && order_check(&r->order, ready_items(e, r->strategy));
}

static bool tier_check(const struct acd_engine *e, uint32_t tier, uint8_t strategy)
{
    const struct marks *ready = &e->tiers[tier].ready;
    const struct marks_space *space = stand_space(e, strategy);

    if (!marks_check(ready, space))
        return false;
    for (uint32_t mark = 0; mark < MARKS_MAX; mark++)
        for (uint32_t s = marks_first(ready, space, mark); s != MARKS_NONE;
             s = marks_after(ready, space, mark, e->stands[s].item.key)) {
            struct order_key key = stand_key(e, s, strategy), kept = e->stands[s].item.key;

            if (e->stands[s].tier != tier || key.hi != kept.hi || key.lo != kept.lo)
                return false;
        }
    return true;
}

bool ready_check_bank(const struct acd_engine *e, const struct bank *b)
{
    for (uint32_t t = b->tiers; t != NONE; t = e->tiers[t].next)
        if (e->tiers[t].stands == 0 || !tier_check(e, t, b->strategy) ||
            (e->tiers[t].next != NONE && e->tiers[e->tiers[t].next].level <= e->tiers[t].level))
            return false;
    return true;
}
