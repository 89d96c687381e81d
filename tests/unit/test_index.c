#include "engine/index.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { NAMES = 32, MANY = 1000 };

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* The naive model: which name each value has and which is in. A name is a number here; its hash is
 * chosen by the test, so that few homes, at the end of the table too, are crowded. */
struct world {
    struct index index;
    struct index_entry entries[2 * NAMES];
    uint64_t random;
    uint32_t value_of[NAMES]; /* INDEX_NONE: not in */
    uint32_t name_of[2 * NAMES];
    bool used[2 * NAMES];
};

static uint32_t hash_of(uint32_t name)
{
    static const uint32_t homes[] = {61, 62, 63, 1, 2, 30};
    uint32_t kind = name % 6;

    return homes[kind] + (name / 6 % 2) * 64; /* two hashes a home, several names a hash */
}

static void world_open(struct world *w, uint64_t seed)
{
    memset(w, 0, sizeof *w);
    cr_assert_eq(index_entries(NAMES), 2 * NAMES);
    index_init(&w->index, NAMES, w->entries);
    w->random = seed;
    for (uint32_t i = 0; i < NAMES; i++)
        w->value_of[i] = INDEX_NONE;
}

struct sought {
    const struct world *world;
    uint32_t name;
};

static bool same_name(const void *ctx, uint32_t value)
{
    const struct sought *sought = ctx;

    return sought->world->name_of[value] == sought->name;
}

static uint32_t draw(struct world *w, uint32_t below)
{
    return (uint32_t)(next_random(&w->random) % below);
}

/* A value that no name has. */
static uint32_t fresh_value(struct world *w, uint32_t name)
{
    uint32_t value = draw(w, 2 * NAMES);

    while (w->used[value])
        value = (value + 1) % (2 * NAMES);
    w->used[value] = true;
    w->name_of[value] = name;
    return value;
}

static void world_step(struct world *w, bool filling)
{
    uint32_t name = draw(w, NAMES), value = w->value_of[name], to = INDEX_NONE;

    if (value == INDEX_NONE) {
        if (!filling && draw(w, 4) != 0)
            return;
        to = fresh_value(w, name);
        index_add(&w->index, hash_of(name), to);
    } else if (draw(w, 3) == 0) {
        to = fresh_value(w, name);
        index_retarget(&w->index, hash_of(name), value, to);
    } else if (!filling || draw(w, 4) == 0) {
        index_remove(&w->index, hash_of(name), value);
    } else {
        return;
    }
    if (value != INDEX_NONE)
        w->used[value] = false;
    w->value_of[name] = to;
}

/* No empty entry between an entry's home and where it stands; empty ones are all zero. */
static bool walker_agrees(const struct index *x)
{
    uint32_t count = 0;

    for (uint32_t at = 0; at <= x->mask; at++) {
        if (x->entries[at].hash == 0 && x->entries[at].value != 0)
            return false;
        if (x->entries[at].hash == 0)
            continue;
        count++;
        for (uint32_t i = x->entries[at].hash & x->mask; i != at; i = (i + 1) & x->mask)
            if (x->entries[i].hash == 0)
                return false;
    }
    return count == x->count;
}

static bool world_agrees(const struct world *w)
{
    uint32_t count = 0;

    for (uint32_t name = 0; name < NAMES; name++) {
        struct sought sought = {w, name};

        count += w->value_of[name] != INDEX_NONE;
        if (index_find(&w->index, hash_of(name), same_name, &sought) != w->value_of[name])
            return false;
    }
    return count == w->index.count && walker_agrees(&w->index);
}

/* Runs random steps against the model. How many passed before the first disagreement. */
static uint32_t steps_agreed(uint64_t seed, uint32_t steps)
{
    static struct world w;
    uint32_t step;

    world_open(&w, seed);
    for (step = 0; step < steps; step++) {
        world_step(&w, step / 200 % 2 == 0);
        if (!world_agrees(&w))
            break;
    }
    return step;
}

/* Crowded homes, some at the end of the table, agree with the model on every step. */
Test(index, matches_the_model)
{
    for (uint64_t seed = 1; seed <= 5; seed++)
        cr_assert_eq(steps_agreed(seed, 10000), 10000, "seed %u", (unsigned)seed);
}

/* The hash is SipHash-1-3 of eight bytes of scope and the name: its test vectors, whose key and
 * message count up from 0. The first, unfolded, is in the Rust core library's tests; the others
 * were made with CPython's implementation of the paper. */
Test(index, hash_is_siphash_1_3)
{
    static const uint32_t expected[] = {
        0xbbb90f9f, 0x49a2b357, 0xeb218c91, 0x898cdb93, 0x2f175d13, 0x224689ab, 0xa0a3fc25,
        0xf971413b, 0xb1df567c, 0xff29b09c, 0x3b8fdea2, 0x7f36e0f9, 0x6610cf06, 0x92d753ba,
        0xdcdefcb5, 0x88bccf5c, 0x9350323e, 0x35965051, 0xf0a72646, 0xe3c3fc7b, 0x14673d0f,
        0xc268dd40, 0x17caf7b5, 0xaf510ca3, 0x97b2cd61, 0x37db405a, 0x6ab56746, 0x71b9c82f,
        0x81576ad5, 0x15d32c7a, 0x1dce4237, 0x197bd4c6, 0x58362303};
    static const struct index_secret secret = {0x0706050403020100, 0x0f0e0d0c0b0a0908};
    unsigned char name[300];

    for (size_t i = 0; i < sizeof name; i++)
        name[i] = (unsigned char)(i + 8);
    for (size_t len = 0; len < sizeof expected / sizeof expected[0]; len++)
        cr_assert_eq(index_hash(&secret, secret.k0, name, len), expected[len], "length %zu", len);
    cr_assert_eq(index_hash(&secret, secret.k0, name, sizeof name), 0x0d885fe2);
}

/* A name that starts at any address has the same hash. */
Test(index, hash_of_a_name_at_an_odd_address)
{
    static const struct index_secret secret = {1, 2};
    char buffer[40];

    for (size_t shift = 0; shift < 8; shift++) {
        memcpy(buffer + shift, "a call of some length", 21);
        cr_assert_eq(index_hash(&secret, 3, buffer + shift, 21),
                     index_hash(&secret, 3, "a call of some length", 21));
    }
}

/* The secret, the scope and the length all tell hashes apart. */
Test(index, hash_depends_on_all_it_is_given)
{
    static const struct index_secret secret = {1, 2}, k0 = {3, 2}, k1 = {1, 3};
    uint32_t hash = index_hash(&secret, 7, "sales", 5);

    cr_assert_neq(hash, index_hash(&k0, 7, "sales", 5));
    cr_assert_neq(hash, index_hash(&k1, 7, "sales", 5));
    cr_assert_neq(hash, index_hash(&secret, 8, "sales", 5));
    cr_assert_neq(hash, index_hash(&secret, 7, "sales\0", 6));
    cr_assert_neq(hash, index_hash(&secret, 7, "sale", 4));
    cr_assert_eq(index_hash(&secret, 7, NULL, 0), index_hash(&secret, 7, "", 0));
}

/* A hash of 0 would mark an entry as empty, so it is stored as 1. */
Test(index, hash_is_never_zero)
{
    static const struct index_secret secret = {0, 0};

    cr_assert_eq(index_hash(&secret, 1425807291, NULL, 0), 1); /* found by trying */
}

static char names[MANY][16];

static bool same_text(const void *ctx, uint32_t value)
{
    return strcmp(names[value], ctx) == 0;
}

/* A thousand real names under their real hashes are all found, and no other is. */
Test(index, real_names)
{
    static struct index_entry entries[2048];
    static const struct index_secret secret = {11, 12};
    struct index x;

    cr_assert_eq(index_entries(MANY), 2048);
    index_init(&x, MANY, entries);
    for (uint32_t i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "call-%u", i);
        index_add(&x, index_hash(&secret, 0, names[i], strlen(names[i])), i);
    }
    cr_assert(walker_agrees(&x));
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t hash = index_hash(&secret, 0, names[i], strlen(names[i]));

        cr_assert_eq(index_find(&x, hash, same_text, names[i]), i);
    }
    cr_assert_eq(index_find(&x, index_hash(&secret, 0, "call-x", 6), same_text, "call-x"),
                 INDEX_NONE);
}

/* The table is a power of two, at most half full. */
Test(index, entries_for_a_load_of_one_half)
{
    cr_assert_eq(index_entries(1), 2);
    cr_assert_eq(index_entries(2), 4);
    cr_assert_eq(index_entries(3), 8);
    cr_assert_eq(index_entries(4), 8);
    cr_assert_eq(index_entries(5), 16);
    cr_assert_eq(index_entries(1u << 30), (size_t)1 << 31);
}

/* An index for no names at all finds none. */
Test(index, for_no_names)
{
    struct index_entry entries[2] = {{0, 0}, {0, 0}};
    struct index x;

    cr_assert_eq(index_entries(0), 2);
    index_init(&x, 0, entries);
    cr_assert_eq(index_find(&x, 5, same_text, "x"), INDEX_NONE);
}

static uint32_t asked;

static bool count_and_accept(const void *ctx, uint32_t value)
{
    (void)ctx;
    (void)value;
    asked++;
    return true;
}

static struct index_entry entries[8];
static struct index four; /* for at most four names */

static void open_index(void)
{
    index_init(&four, 4, entries);
}

TestSuite(index, .init = open_index);

/* An owner is asked only when the whole hash is equal, not for every neighbour: asking costs a
 * cache miss. */
Test(index, owners_are_asked_under_equal_hashes_only)
{
    index_add(&four, 3, 100);
    index_add(&four, 3 + 8, 101);
    index_add(&four, 3 + 16, 102);
    cr_assert_eq(index_find(&four, 3 + 16, count_and_accept, NULL), 102);
    cr_assert_eq(asked, 1);
    cr_assert_eq(index_find(&four, 3 + 24, count_and_accept, NULL), INDEX_NONE);
    cr_assert_eq(asked, 1);
}

/* A cluster that runs round the end of the table closes its gap there too. */
Test(index, removal_round_the_end)
{
    index_add(&four, 7, 100);
    index_add(&four, 7 + 8, 101);
    index_add(&four, 8, 102);
    index_add(&four, 7 + 16, 103);
    index_remove(&four, 7, 100);
    cr_assert(walker_agrees(&four));
    cr_assert_eq(entries[7].value, 101);
    cr_assert_eq(entries[0].value, 102);
    cr_assert_eq(entries[1].value, 103);
    cr_assert_eq(entries[2].hash, 0);
}

/* An entry at its home stays there when one before it goes. */
Test(index, removal_leaves_others_at_home)
{
    index_add(&four, 2, 100);
    index_add(&four, 3, 101);
    index_remove(&four, 2, 100);
    cr_assert_eq(entries[2].hash, 0);
    cr_assert_eq(entries[3].value, 101);
}

/* Of two values under one hash, the one named is changed, and nothing moves. */
Test(index, retarget_changes_the_one_named)
{
    index_add(&four, 2, 100);
    index_add(&four, 2, 101);
    index_retarget(&four, 2, 101, 200);
    cr_assert_eq(entries[2].value, 100);
    cr_assert_eq(entries[3].value, 200);
    cr_assert_eq(four.count, 2);
}

/* The load stays at one half. */
Test(index, add_beyond_the_bound_aborts, .signal = SIGABRT)
{
    for (uint32_t i = 0; i < 5; i++)
        index_add(&four, i + 1, i);
}

/* More names than a 32-bit hash has room for at half the load are refused at once. */
Test(index, too_many_names_abort, .signal = SIGABRT)
{
    index_entries((1u << 30) + 1);
}

/* The same value under the same hash is the same name twice. */
Test(index, double_add_aborts, .signal = SIGABRT)
{
    index_add(&four, 2, 100);
    index_add(&four, 2, 100);
}

/* INDEX_NONE is the answer for no value, so it is none. */
Test(index, add_of_none_aborts, .signal = SIGABRT)
{
    index_add(&four, 2, INDEX_NONE);
}

/* A hash of 0 marks what is empty. */
Test(index, add_under_no_hash_aborts, .signal = SIGABRT)
{
    index_add(&four, 0, 100);
}

Test(index, find_under_no_hash_aborts, .signal = SIGABRT)
{
    index_find(&four, 0, count_and_accept, NULL);
}

/* What is not in can be neither removed nor changed. */
Test(index, remove_of_an_absent_value_aborts, .signal = SIGABRT)
{
    index_add(&four, 2, 100);
    index_remove(&four, 2, 101);
}

Test(index, retarget_of_an_absent_value_aborts, .signal = SIGABRT)
{
    index_add(&four, 2, 100);
    index_retarget(&four, 2, 101, 102);
}

Test(index, retarget_to_none_aborts, .signal = SIGABRT)
{
    index_add(&four, 2, 100);
    index_retarget(&four, 2, 100, INDEX_NONE);
}
