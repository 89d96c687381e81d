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

/* What the caller knows of an item. The link stands amid it, so that a wrong stride shows. */
struct record {
    uint32_t in; /* 0: in no order, else the order's number + 1 */
    struct order_link link;
    struct order_key key;
};

static struct order_key key_of(const void *owner, uint32_t item)
{
    const struct record *records = owner;

    return records[item].key;
}

/* Two orders over the same items, and beside them the naive model: where each item is and its key,
 * searched by scanning. */
struct world {
    struct order orders[ORDERS];
    struct order_entry heaps[ORDERS][2][ITEMS];
    struct record records[ITEMS];
    struct order_items items;
    uint64_t random, clock;
    uint32_t which_heap[ORDERS];
};

static void world_open(struct world *w, uint64_t seed)
{
    memset(w, 0, sizeof *w);
    w->items = ORDER_ITEMS(w->records, link, key_of, w->records);
    w->random = seed;
    for (uint32_t k = 0; k < ORDERS; k++)
        order_init(&w->orders[k], w->heaps[k][0], ITEMS);
}

static uint32_t draw(struct world *w, uint32_t below)
{
    return (uint32_t)(next_random(&w->random) % below);
}

static bool before(struct order_key a, struct order_key b)
{
    return a.hi < b.hi || (a.hi == b.hi && a.lo < b.lo);
}

static uint32_t model_first(const struct world *w, uint32_t k)
{
    uint32_t first = ORDER_NONE;

    for (uint32_t i = 0; i < ITEMS; i++) {
        if (w->records[i].in != k + 1)
            continue;
        if (first == ORDER_NONE || before(w->records[i].key, w->records[first].key))
            first = i;
    }
    return first;
}

static uint32_t model_count(const struct world *w, uint32_t k)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < ITEMS; i++)
        count += w->records[i].in == k + 1;
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
    w->records[item].in = k + 1;
    w->records[item].key = (struct order_key){hi, lo};
    order_add(&w->orders[k], w->items, item);
}

static void world_remove(struct world *w, uint32_t item)
{
    order_remove(&w->orders[w->records[item].in - 1], w->items, item);
    w->records[item].in = 0;
    w->records[item].key = (struct order_key){0, 0}; /* it may change now */
}

static void world_step(struct world *w, bool filling)
{
    uint32_t item = draw(w, ITEMS), k = draw(w, ORDERS),
             first = order_first(&w->orders[k], w->items);

    if (draw(w, 50) == 0) {
        w->which_heap[k] ^= 1;
        order_move(&w->orders[k], w->heaps[k][w->which_heap[k]], ITEMS);
    } else if (w->records[item].in == 0) {
        if (filling || draw(w, 4) == 0)
            world_add(w, k, item);
    } else if (!filling && first != ORDER_NONE) {
        world_remove(w, first);
    } else if (!filling || draw(w, 4) == 0) {
        world_remove(w, item);
    }
}

/* Rank and successor of one item, by scanning. */
static bool ranks_agree(const struct world *w, uint32_t item)
{
    const struct order *o = &w->orders[w->records[item].in - 1];
    struct order_key key = w->records[item].key;
    uint32_t rank = 0, after = ORDER_NONE;

    for (uint32_t i = 0; i < ITEMS; i++) {
        if (w->records[i].in != w->records[item].in)
            continue;
        rank += before(w->records[i].key, key);
        if (before(key, w->records[i].key) &&
            (after == ORDER_NONE || before(w->records[i].key, w->records[after].key)))
            after = i;
    }
    return order_rank(o, w->items, item) == rank && order_after(o, w->items, item) == after;
}

static bool world_agrees(const struct world *w)
{
    for (uint32_t k = 0; k < ORDERS; k++) {
        const struct order *o = &w->orders[k];

        if (!order_check(o, w->items) || o->count != model_count(w, k) ||
            order_first(o, w->items) != model_first(w, k))
            return false;
    }
    for (uint32_t i = 0; i < ITEMS; i++)
        if (order_has(w->items, i) != (w->records[i].in != 0))
            return false;
    for (uint32_t i = w->clock % 16; i < ITEMS; i += 16)
        if (w->records[i].in != 0 && !ranks_agree(w, i))
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

/* Two orders over the same items agree with the model on every step. */
Test(order, matches_the_model)
{
    for (uint64_t seed = 1; seed <= 5; seed++)
        cr_assert_eq(steps_agreed(seed, 6000), 6000, "seed %u", (unsigned)seed);
}

static struct record records[MANY];
static struct order_items items;
static struct order_entry heap[MANY], roomier[MANY];
static struct order order;

static void open_order(void)
{
    items = ORDER_ITEMS(records, link, key_of, records);
    order_init(&order, heap, MANY);
}

TestSuite(order, .init = open_order);

static void add(uint32_t item, uint64_t hi, uint64_t lo)
{
    records[item].key = (struct order_key){hi, lo};
    order_add(&order, items, item);
}

static uint32_t pop(void)
{
    uint32_t first = order_first(&order, items);

    order_remove(&order, items, first);
    return first;
}

/* Ten thousand random keys come out in ascending order. */
Test(order, drains_in_order)
{
    uint64_t random = 7;

    for (uint32_t i = 0; i < MANY; i++)
        add(i, next_random(&random) % 1000, i);
    cr_assert(order_check(&order, items));
    for (uint32_t i = 0, prev = pop(); i < MANY - 1; i++) {
        uint32_t item = pop();

        cr_assert(before(records[prev].key, records[item].key));
        prev = item;
    }
    cr_assert_eq(order.count, 0);
}

/* An order of nothing has no first. */
Test(order, empty)
{
    cr_assert_eq(order_first(&order, items), ORDER_NONE);
    cr_assert(order_check(&order, items));
    cr_assert_not(order_has(items, 0));
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
    order_remove(&order, items, 1);
    cr_assert_eq(order_first(&order, items), 2);
    add(4, 0, 42);
    cr_assert_eq(order.heap_count, 2);
    cr_assert(order_check(&order, items));
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
    add(6, (uint64_t)1 << 62, UINT64_MAX);
    cr_assert_eq(pop(), 4);
    cr_assert_eq(pop(), 2);
    cr_assert_eq(pop(), 6);
    cr_assert_eq(pop(), 5);
    cr_assert_eq(pop(), 1);
    cr_assert_eq(pop(), 3);
}

/* Whoever leaves the run from its head, its middle or its tail leaves it whole. */
Test(order, removal_from_the_run)
{
    for (uint32_t i = 0; i < 5; i++)
        add(i, 0, i);
    order_remove(&order, items, 2);
    cr_assert(order_check(&order, items));
    order_remove(&order, items, 4);
    cr_assert(order_check(&order, items));
    order_remove(&order, items, 0);
    cr_assert(order_check(&order, items));
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
    cr_assert(order_check(&order, items));
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
    cr_assert(order_check(&order, items));
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
    cr_assert(order_check(&order, items));

    records[2].key.lo = 45;
    cr_assert_not(order_check(&order, items), "a run that does not ascend");
    records[2].key.lo = 60;
    records[2].link.prev = 3;
    cr_assert_not(order_check(&order, items), "a link back that is wrong");
    records[2].link.prev = 1;
    records[2].link.where = ORDER_OUT;
    cr_assert_not(order_check(&order, items), "an item in the run that says it is out");
    records[2].link.where = ORDER_IN_RUN;
    order.tail = 2;
    cr_assert_not(order_check(&order, items), "a tail that is not the last");
    order.tail = 3;
    order.tail_key.hi++;
    cr_assert_not(order_check(&order, items), "a high half that is not the tail's");
    order.tail_key.hi--;
    order.tail_key.lo--;
    cr_assert_not(order_check(&order, items), "a low half that is not the tail's");
    order.tail_key.lo++;
    order.count++;
    cr_assert_not(order_check(&order, items), "a count too high");
    order.count -= 2;
    cr_assert_not(order_check(&order, items), "a count too low");
    order.count++;
    order.heap_max = 12;
    cr_assert_not(order_check(&order, items), "more items than the heap has room for");
    order.heap_max = MANY;
    order.count = 9;
    cr_assert_not(order_check(&order, items), "fewer items than are in the heap");
    order.count = 13;
    cr_assert(order_check(&order, items));
}

/* It sees faults in every entry of the heap. */
Test(order, check_sees_faults_in_the_heap)
{
    add(0, 0, 50);
    for (uint32_t i = 1; i <= 10; i++)
        add(i, 0, i); /* ascending, so item i is entry i - 1 */
    for (uint32_t i = 0; i < 10; i++) {
        cr_assert(order_check(&order, items));
        records[i + 1].link.prev++;
        cr_assert_not(order_check(&order, items), "the index of entry %u", i);
        records[i + 1].link.prev--;
        records[i + 1].link.where = ORDER_IN_RUN;
        cr_assert_not(order_check(&order, items), "the place of entry %u", i);
        records[i + 1].link.where = ORDER_IN_HEAP;
        heap[i].key.lo = 0;
        cr_assert_not(order_check(&order, items), "the key of entry %u", i);
        records[i + 1].key.lo = 0;
        cr_assert_eq(order_check(&order, items), i == 0, "the order of entry %u", i);
        heap[i].key.lo = records[i + 1].key.lo = i + 1;
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
    order_remove(&order, items, 2);
}

/* Nor can it be removed twice. */
Test(order, double_remove_aborts, .signal = SIGABRT)
{
    add(1, 0, 1);
    add(2, 0, 2);
    order_remove(&order, items, 1);
    order_remove(&order, items, 1);
}

/* Two items with one key have no order, and an arrival sees that of the run's tail. */
Test(order, equal_keys_abort, .signal = SIGABRT)
{
    add(1, 5, 5);
    add(2, 5, 5);
}

static struct order other;

static void add_to_other(uint32_t item, uint64_t lo)
{
    if (other.heap == NULL)
        order_init(&other, roomier, MANY);
    records[item].key = (struct order_key){0, lo};
    order_add(&other, items, item);
}

/* An item in another order cannot be added to this one, */
Test(order, add_to_two_orders_aborts, .signal = SIGABRT)
{
    add_to_other(1, 1);
    add(1, 0, 2);
}

/* nor removed from it, be it the first of the other's run, */
Test(order, removal_from_the_wrong_run_aborts, .signal = SIGABRT)
{
    add_to_other(1, 1);
    add_to_other(2, 2);
    add(3, 0, 1);
    order_remove(&order, items, 1);
}

/* or the last. */
Test(order, removal_from_the_end_of_the_wrong_run_aborts, .signal = SIGABRT)
{
    add_to_other(1, 1);
    add_to_other(2, 2);
    add(3, 0, 1);
    order_remove(&order, items, 2);
}

/* Nor can one in another's heap, even where this heap has an entry at its index. */
Test(order, removal_from_the_wrong_heap_aborts, .signal = SIGABRT)
{
    add_to_other(1, 9);
    add_to_other(2, 1);
    add(3, 0, 9);
    add(4, 0, 1);
    order_remove(&order, items, 2);
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

/* Items from ORDER_LAST on do not fit the links; there is no record of them to look at. */
Test(order, too_large_an_item_aborts, .signal = SIGABRT)
{
    order_add(&order, items, ORDER_LAST);
}
