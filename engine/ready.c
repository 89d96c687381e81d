#include "engine/ready.h"

#include "engine/channels.h"
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

/* What is remembered of a seat's membership. */
static struct seat_card *membership_card(const struct acd_engine *e, uint32_t seat)
{
    return &e->seat_cards[e->seat_cards[seat].membership];
}

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

    return measured_key(e, seat, (uint64_t)membership_card(e, seat)->last_ended);
}

static struct order_key least_busy_key(const void *owner, uint32_t seat)
{
    const struct acd_engine *e = owner;
    const struct agent *a = &e->agents[e->seats[seat].agent];
    uint32_t load = agent_load(a), free = load < a->capacity ? a->capacity - load : 0;

    return measured_key(e, seat, UINT8_MAX - free);
}

static struct order_key best_skill_key(const void *owner, uint32_t seat)
{
    const struct acd_engine *e = owner;

    return measured_key(e, seat, UINT16_MAX - (uint64_t)e->seat_cards[seat].skill);
}

static struct order_key sequentially_key(const void *owner, uint32_t seat)
{
    const struct acd_engine *e = owner;
    const struct seat *s = &e->seats[seat];
    const struct seat_card *card = membership_card(e, seat);

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

/* ---- positions ------------------------------------------------------------------------------ */

enum { LEVEL_SHIFT = 16 };

/* Level and position of a seat; among those of one place, the older membership is first. */
static int64_t place_of(const struct acd_engine *e, uint32_t seat)
{
    return (int64_t)e->seats[seat].level << LEVEL_SHIFT | e->seats[seat].position;
}

/* The first seat behind a place, or NONE. */
static uint32_t place_after(const struct acd_engine *e, const struct ready *r, int64_t place,
                            uint64_t sequence)
{
    return ranks_at(&r->places, e->seat_nodes,
                    ranks_below(&r->places, e->seat_nodes, place, sequence + 1));
}

static uint32_t first_round_robin(const struct acd_engine *e, const struct line *l)
{
    const struct queue *q = &e->queues[l->queue];
    uint32_t first = l->ready.places.first, after;
    uint8_t level = e->seats[first].level;

    after = place_after(e, &l->ready, (int64_t)level << LEVEL_SHIFT | q->turn_position,
                        q->turn_sequence);
    return after != RANKS_NONE && e->seats[after].level == level ? after : first;
}

static uint32_t first_top_down(const struct acd_engine *e, const struct line *l, uint32_t call)
{
    uint32_t after = RANKS_NONE;

    if (call != NONE && e->calls[call].tried)
        after = place_after(e, &l->ready, e->call_turns[call].place, e->call_turns[call].sequence);
    return after != RANKS_NONE ? after : l->ready.places.first;
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

/* Seats of levels below one. */
static uint32_t places_below_level(const struct acd_engine *e, const struct ready *r,
                                   uint32_t level)
{
    return ranks_below(&r->places, e->seat_nodes, (int64_t)level << LEVEL_SHIFT, 0);
}

static uint32_t first_random(const struct acd_engine *e, const struct line *l)
{
    uint64_t drawn = random_drawn(chance_next(e->random));
    uint32_t level = e->seats[l->ready.places.first].level;

    return ranks_at(&l->ready.places, e->seat_nodes,
                    (uint32_t)(drawn % places_below_level(e, &l->ready, level + 1)));
}

/* What a seat of a level weighs: half as much in level 1 as in level 0, a third in level 2. */
static uint64_t weight_of(uint32_t level)
{
    return 1000000 / (level + 1);
}

/* Goes through the levels that have seats, of which there are few: *rank is that of a level's first
 * seat and becomes that of the next one's; tells the level and how many seats it has. */
static uint32_t level_at(const struct acd_engine *e, const struct ready *r, uint32_t *rank,
                         uint32_t *count)
{
    uint32_t level = e->seats[ranks_at(&r->places, e->seat_nodes, *rank)].level;
    uint32_t end = places_below_level(e, r, level + 1);

    *count = end - *rank;
    *rank = end;
    return level;
}

static uint32_t first_weighted_random(const struct acd_engine *e, const struct line *l)
{
    const struct ready *r = &l->ready;
    uint32_t all = ranks_count(&r->places, e->seat_nodes), count, level;
    uint64_t total = 0, drawn;

    for (uint32_t rank = 0; rank < all;) {
        level = level_at(e, r, &rank, &count);
        total += count * weight_of(level);
    }
    ACD_ASSERT(total > 0); /* somebody stands there, and no weight is 0 */
    drawn = random_drawn(chance_next(e->random)) % total;
    for (uint32_t rank = 0;;) {
        uint32_t from = rank;

        level = level_at(e, r, &rank, &count);
        if (drawn < count * weight_of(level))
            return ranks_at(&r->places, e->seat_nodes, from + (uint32_t)(drawn / weight_of(level)));
        drawn -= count * weight_of(level);
    }
}

/* ---- the seam ------------------------------------------------------------------------------- */

void ready_init(struct ready *r, uint8_t strategy)
{
    order_init(&r->order, NULL, 0);
    ranks_init(&r->places);
    r->strategy = strategy;
}

void ready_add_other(struct acd_engine *e, struct ready *r, uint32_t seat)
{
    struct order_items items = ready_items(e, r->strategy);

    if (items.key_of != NULL) {
        order_add(&r->order, items, seat);
        return;
    }
    ACD_ASSERT(!ready_has(e, seat));
    e->seats[seat].in_ready.where = ORDER_ELSEWHERE;
    ranks_add(&r->places, e->seat_nodes, seat, place_of(e, seat),
              membership_card(e, seat)->sequence);
}

void ready_remove_other(struct acd_engine *e, struct ready *r, uint32_t seat)
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

uint32_t ready_first_other(const struct acd_engine *e, const struct line *l, uint32_t call)
{
    const struct ready *r = &l->ready;
    struct order_items items = ready_items(e, r->strategy);

    if (items.key_of != NULL)
        return order_first(&r->order, items);
    if (r->places.first == RANKS_NONE)
        return NONE;
    switch (r->strategy) {
    case ACD_ROUND_ROBIN: return first_round_robin(e, l);
    case ACD_TOP_DOWN: return first_top_down(e, l, call);
    case ACD_RING_ALL:
    case ACD_RING_PROGRESSIVELY: return r->places.first;
    case ACD_RANDOM: return first_random(e, l);
    case ACD_WEIGHTED_RANDOM: return first_weighted_random(e, l);
    default: ACD_UNREACHABLE();
    }
}

void ready_sort(struct acd_engine *e, struct line *l, uint8_t strategy)
{
    for (uint32_t s = l->seats.first; s != LIST_NONE; s = e->seat_cards[s].in_line.next)
        if (ready_has(e, s))
            ready_remove(e, s);
    l->ready.strategy = strategy;
    for (uint32_t s = l->seats.first; s != LIST_NONE; s = e->seat_cards[s].in_line.next)
        if (agent_is_available(e, e->seats[s].agent) && seat_has_room(e, s))
            ready_add(e, s);
}

/* Whether an order hangs on more than last_status_change, and changes while an agent is there. */
static bool strategy_wavers(uint8_t strategy)
{
    return strategy == ACD_FEWEST_CALLS || strategy == ACD_LEAST_BUSY ||
           strategy == ACD_SEQUENTIALLY;
}

void ready_resort_agent(struct acd_engine *e, uint32_t agent)
{
    for (uint32_t s = e->agents[agent].seats; s != LIST_NONE; s = e->seats[s].next) {
        if (!strategy_wavers(ready_of(e, s)->strategy) || !ready_has(e, s))
            continue;
        ready_remove(e, s);
        ready_add(e, s);
    }
}

void ready_day_turned(struct acd_engine *e)
{
    for (uint32_t q = slots_next(&e->queue_slots, 0); q != SLOT_NONE;
         q = slots_next(&e->queue_slots, q + 1)) {
        uint8_t strategy = e->lines[q].ready.strategy;

        if (strategy != ACD_FEWEST_CALLS && strategy != ACD_LEAST_TALK_TIME)
            continue;
        ready_sort(e, &e->lines[q], strategy);
        for (uint32_t l = e->queues[q].lines.first; l != LIST_NONE;
             l = line_card(e, l)->in_queue.next)
            ready_sort(e, &e->lines[l], strategy);
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
