#include "engine/order.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

enum { ITEMS = 100, ORDERS = 2, MANY = 10000 };

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Two orders that share their links, and beside them the naive model: where each item is and its
 * key, searched by scanning. */
struct world {
    struct order orders[ORDERS];
    struct order_entry heaps[ORDERS][2][ITEMS];
    struct order_link links[ITEMS];
    uint64_t random, clock;
    uint32_t which_heap[ORDERS];
    uint32_t in[ITEMS]; /* 0: in none, else the order's number + 1 */
    uint64_t hi[ITEMS], lo[ITEMS];
};

static void world_open(struct world *w, uint64_t seed)
{
    memset(w, 0, sizeof *w);
    w->random = seed;
    for (uint32_t k = 0; k < ORDERS; k++)
        order_init(&w->orders[k], w->heaps[k][0], ITEMS);
}

static uint32_t draw(struct world *w, uint32_t below)
{
    return (uint32_t)(next_random(&w->random) % below);
}

static uint32_t model_first(const struct world *w, uint32_t k)
{
    uint32_t first = ORDER_NONE;

    for (uint32_t i = 0; i < ITEMS; i++) {
        if (w->in[i] != k + 1)
            continue;
        if (first == ORDER_NONE || w->hi[i] < w->hi[first] ||
            (w->hi[i] == w->hi[first] && w->lo[i] < w->lo[first]))
            first = i;
    }
    return first;
}

static uint32_t model_count(const struct world *w, uint32_t k)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < ITEMS; i++)
        count += w->in[i] == k + 1;
    return count;
}

/* Keys in the order of time, keys in few levels, and any keys, extremes included; never two alike,
 * for `clock` grows and stands in each. */
static void world_add(struct world *w, uint32_t k, uint32_t item)
{
    uint64_t hi = 0, lo = ++w->clock << 8;

    switch (draw(w, 4)) {
    case 0: break;
    case 1: hi = draw(w, 3); break;
    case 2: hi = next_random(&w->random); break;
    case 3:
        hi = draw(w, 2) == 0 ? 0 : UINT64_MAX;
        lo |= (uint64_t)draw(w, 256) << 56;
        break;
    }
    w->in[item] = k + 1;
    w->hi[item] = hi;
    w->lo[item] = lo;
    order_add(&w->orders[k], w->links, item, hi, lo);
}

static void world_remove(struct world *w, uint32_t item)
{
    order_remove(&w->orders[w->in[item] - 1], w->links, item);
    w->in[item] = 0;
}

static void world_step(struct world *w, bool filling)
{
    uint32_t item = draw(w, ITEMS), k = draw(w, ORDERS),
             first = order_first(&w->orders[k], w->links);

    if (draw(w, 50) == 0) {
        w->which_heap[k] ^= 1;
        order_move(&w->orders[k], w->heaps[k][w->which_heap[k]], ITEMS);
    } else if (w->in[item] == 0) {
        if (filling || draw(w, 4) == 0)
            world_add(w, k, item);
    } else if (!filling && first != ORDER_NONE) {
        world_remove(w, first);
    } else if (!filling || draw(w, 4) == 0) {
        world_remove(w, item);
    }
}

static bool world_agrees(const struct world *w)
{
    for (uint32_t k = 0; k < ORDERS; k++) {
        const struct order *o = &w->orders[k];

        if (!order_check(o, w->links) || o->count != model_count(w, k) ||
            order_first(o, w->links) != model_first(w, k))
            return false;
    }
    for (uint32_t i = 0; i < ITEMS; i++)
        if (order_has(w->links, i) != (w->in[i] != 0))
            return false;
    return true;
}

/* Runs random steps against the model. How many passed before the first disagreement. */
static uint32_t steps_agreed(uint64_t seed, uint32_t steps)
{
    static struct world w;
    uint32_t step;

    world_open(&w, seed);
    for (step = 0; step < steps; step++) {
        world_step(&w, step / 300 % 2 == 0);
        if (!world_agrees(&w))
            break;
    }
    return step;
}

/* Two orders over one array of links agree with the model on every step. */
Test(order, matches_the_model)
{
    for (uint64_t seed = 1; seed <= 5; seed++)
        cr_assert_eq(steps_agreed(seed, 6000), 6000, "seed %u", (unsigned)seed);
}

static struct order_link links[MANY];
static struct order_entry heap[MANY], roomier[MANY];
static struct order order;

static void open_order(void)
{
    order_init(&order, heap, MANY);
}

TestSuite(order, .init = open_order);

static void add(uint32_t item, uint64_t hi, uint64_t lo)
{
    order_add(&order, links, item, hi, lo);
}

static uint32_t pop(void)
{
    uint32_t first = order_first(&order, links);

    order_remove(&order, links, first);
    return first;
}

/* Ten thousand random keys come out in ascending order. */
Test(order, drains_in_order)
{
    uint64_t random = 7;

    for (uint32_t i = 0; i < MANY; i++)
        add(i, next_random(&random) % 1000, i);
    cr_assert(order_check(&order, links));
    for (uint32_t i = 0, prev = pop(); i < MANY - 1; i++) {
        uint32_t item = pop();

        cr_assert(links[prev].hi < links[item].hi ||
                  (links[prev].hi == links[item].hi && links[prev].lo < links[item].lo));
        prev = item;
    }
    cr_assert_eq(order.count, 0);
}

/* An order of nothing has no first. */
Test(order, empty)
{
    cr_assert_eq(order_first(&order, links), ORDER_NONE);
    cr_assert(order_check(&order, links));
    cr_assert_not(order_has(links, 0));
}

/* Arrivals in order make a run; the heap, which costs a logarithm, sees none of them. */
Test(order, arrivals_in_order_stay_out_of_the_heap)
{
    for (uint32_t i = 0; i < MANY; i++)
        add(i, i / 100, i);
    cr_assert_eq(order.heap_count, 0);
    for (uint32_t i = 0; i < MANY; i++)
        cr_assert_eq(pop(), i);
}

/* A late comer with an early key goes to the heap, and first all the same. */
Test(order, an_early_key_goes_to_the_heap)
{
    add(1, 0, 50);
    add(2, 0, 60);
    add(3, 0, 40);
    add(4, 0, 55);
    cr_assert_eq(order.heap_count, 2);
    cr_assert_eq(pop(), 3);
    cr_assert_eq(pop(), 1);
    cr_assert_eq(pop(), 4);
    cr_assert_eq(pop(), 2);
}

/* When the run ran empty the next arrival starts a new one, whatever the heap still holds. */
Test(order, a_new_run_beside_an_old_heap)
{
    add(1, 0, 50);
    add(2, 0, 40);
    add(3, 0, 45);
    order_remove(&order, links, 1);
    cr_assert_eq(order_first(&order, links), 2);
    add(4, 0, 42);
    cr_assert_eq(order.heap_count, 2);
    cr_assert(order_check(&order, links));
    cr_assert_eq(pop(), 2);
    cr_assert_eq(pop(), 4);
    cr_assert_eq(pop(), 3);
}

/* `hi` decides before `lo`, and both are unsigned over their whole range. */
Test(order, keys_compare_as_one_number)
{
    add(1, UINT64_MAX, 0);
    add(2, 0, UINT64_MAX);
    add(3, UINT64_MAX, UINT64_MAX);
    add(4, 0, 0);
    add(5, (uint64_t)1 << 63, 5);
    cr_assert_eq(pop(), 4);
    cr_assert_eq(pop(), 2);
    cr_assert_eq(pop(), 5);
    cr_assert_eq(pop(), 1);
    cr_assert_eq(pop(), 3);
}

/* Whoever leaves the run from its head, its middle or its tail leaves it whole. */
Test(order, removal_from_the_run)
{
    for (uint32_t i = 0; i < 5; i++)
        add(i, 0, i);
    order_remove(&order, links, 2);
    cr_assert(order_check(&order, links));
    order_remove(&order, links, 4);
    cr_assert(order_check(&order, links));
    order_remove(&order, links, 0);
    cr_assert(order_check(&order, links));
    add(0, 0, 4);
    cr_assert_eq(order.heap_count, 0);
    cr_assert_eq(pop(), 1);
    cr_assert_eq(pop(), 3);
    cr_assert_eq(pop(), 0);
}

/* A heap that outgrew its memory goes on in larger memory, and the old one is free at once. */
Test(order, move_to_larger_memory)
{
    order_init(&order, heap, 10);
    for (uint32_t i = 0; i < 10; i++)
        add(i, 0, 100 - i);
    order_move(&order, roomier, 20);
    memset(heap, 0xff, sizeof heap);
    add(10, 0, 1);
    cr_assert(order_check(&order, links));
    cr_assert_eq(pop(), 10);
    cr_assert_eq(pop(), 9);
}

/* Memory for exactly the items in is enough to move to; an order of none needs none. */
Test(order, move_to_memory_that_just_fits)
{
    order_move(&order, NULL, 0);
    order_move(&order, heap, 2);
    add(1, 0, 50);
    add(2, 0, 40);
    order_move(&order, roomier, 2);
    cr_assert(order_check(&order, links));
    cr_assert_eq(pop(), 2);
}

/* The walker sees what it should: each of these faults alone fails it. */
Test(order, check_sees_faults)
{
    add(1, 0, 50);
    add(2, 0, 60);
    add(3, 0, 70);
    for (uint32_t i = 10; i < 20; i++)
        add(i, 0, i);
    cr_assert(order_check(&order, links));

    links[2].lo = 45;
    cr_assert_not(order_check(&order, links), "a run that does not ascend");
    links[2].lo = 60;
    links[2].prev = 3;
    cr_assert_not(order_check(&order, links), "a link back that is wrong");
    links[2].prev = 1;
    links[2].where = ORDER_OUT;
    cr_assert_not(order_check(&order, links), "an item in the run that says it is out");
    links[2].where = ORDER_IN_RUN;
    order.tail = 2;
    cr_assert_not(order_check(&order, links), "a tail that is not the last");
    order.tail = 3;
    order.count++;
    cr_assert_not(order_check(&order, links), "a count too high");
    order.count -= 2;
    cr_assert_not(order_check(&order, links), "a count too low");
    order.count++;
    order.heap_max = 12;
    cr_assert_not(order_check(&order, links), "more items than the heap has room for");
    order.heap_max = MANY;
    order.count = 9;
    cr_assert_not(order_check(&order, links), "fewer items than are in the heap");
    order.count = 13;
    cr_assert(order_check(&order, links));
}

/* It sees faults in every entry of the heap. */
Test(order, check_sees_faults_in_the_heap)
{
    add(0, 0, 50);
    for (uint32_t i = 1; i <= 10; i++)
        add(i, 0, i); /* ascending, so item i is entry i - 1 */
    for (uint32_t i = 0; i < 10; i++) {
        cr_assert(order_check(&order, links));
        links[i + 1].prev++;
        cr_assert_not(order_check(&order, links), "the index of entry %u", i);
        links[i + 1].prev--;
        links[i + 1].where = ORDER_IN_RUN;
        cr_assert_not(order_check(&order, links), "the place of entry %u", i);
        links[i + 1].where = ORDER_IN_HEAP;
        heap[i].lo = 0;
        cr_assert_not(order_check(&order, links), "the key of entry %u", i);
        links[i + 1].lo = 0;
        cr_assert_eq(order_check(&order, links), i == 0, "the order of entry %u", i);
        heap[i].lo = links[i + 1].lo = i + 1;
    }
}

/* An item is in one order at a time, and there once. */
Test(order, double_add_aborts, .signal = SIGABRT)
{
    add(1, 0, 1);
    add(1, 0, 2);
}

Test(order, double_add_amid_the_run_aborts, .signal = SIGABRT)
{
    add(1, 0, 1);
    add(2, 0, 2);
    add(1, 0, 3);
}

Test(order, double_add_from_the_heap_aborts, .signal = SIGABRT)
{
    add(1, 0, 2);
    add(2, 0, 1);
    add(2, 0, 3);
}

/* What is not in cannot be removed. */
Test(order, remove_of_an_absent_item_aborts, .signal = SIGABRT)
{
    add(1, 0, 1);
    order_remove(&order, links, 2);
}

/* Nor can it be removed twice. */
Test(order, double_remove_aborts, .signal = SIGABRT)
{
    add(1, 0, 1);
    add(2, 0, 2);
    order_remove(&order, links, 1);
    order_remove(&order, links, 1);
}

/* Two items with one key have no order, and an arrival sees that of the run's tail. */
Test(order, equal_keys_abort, .signal = SIGABRT)
{
    add(1, 5, 5);
    add(2, 5, 5);
}

/* An item in another order's run is not this one's to remove. */
Test(order, removal_from_the_wrong_run_aborts, .signal = SIGABRT)
{
    static struct order other;

    order_init(&other, roomier, MANY);
    order_add(&other, links, 1, 0, 1);
    add(2, 0, 1);
    order_remove(&order, links, 1);
}

/* Nor is one in another's heap, even where this heap has an entry at its index. */
Test(order, removal_from_the_wrong_heap_aborts, .signal = SIGABRT)
{
    static struct order other;

    order_init(&other, roomier, MANY);
    order_add(&other, links, 1, 0, 9);
    order_add(&other, links, 2, 0, 1);
    add(3, 0, 9);
    add(4, 0, 1);
    order_remove(&order, links, 2);
}

/* heap_max bounds the items in, so that the heap has room for them whatever their keys. */
Test(order, add_beyond_the_bound_aborts, .signal = SIGABRT)
{
    order_init(&order, heap, 2);
    add(1, 0, 1);
    add(2, 0, 2);
    add(3, 0, 3);
}

/* Memory that would not hold the items in is no place to move to. */
Test(order, move_to_too_little_memory_aborts, .signal = SIGABRT)
{
    add(1, 0, 1);
    add(2, 0, 2);
    order_move(&order, roomier, 1);
}

/* Items from ORDER_LAST on do not fit the links. */
Test(order, too_large_an_item_aborts, .signal = SIGABRT)
{
    add(ORDER_LAST, 0, 1);
}
