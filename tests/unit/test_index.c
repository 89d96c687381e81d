#include "engine/index.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { MAX = 40, CHUNKS = 4, NAMES = 2 * MAX, MANY = 1280, MANY_CHUNKS = 128 };

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static uint32_t chunk_of(struct index_key key)
{
    return key.place / 16;
}

static uint8_t tag_of(uint32_t hash)
{
    return hash >> 24 == 0 ? 1 : (uint8_t)(hash >> 24);
}

/* What the chunks should hold, made from the entries that are in. */
struct expected {
    struct index_chunk chunks[MANY_CHUNKS];
    uint32_t count;
};

/* False if the entry is not where its key says, or another is there too. */
static bool expect_entry(struct expected *e, const struct index *x, struct index_key key,
                         uint32_t value)
{
    uint32_t chunk = chunk_of(key), i = key.place % 16;

    if (chunk > x->mask || i >= INDEX_CHUNK || e->chunks[chunk].tags[i] != 0)
        return false;
    e->chunks[chunk].tags[i] = tag_of(key.hash);
    e->count++;
    for (uint32_t c = key.hash & x->mask; c != chunk; c = (c + 1) & x->mask)
        e->chunks[c].beyond++;
    return x->chunks[chunk].values[i] == value;
}

/* The walker: every entry of the n stands where its key says (those valued INDEX_NONE are not in),
 * and the chunks hold no other. The beyond of a chunk is the number of entries whose home is at or
 * before it, going round, and which stand behind it. */
static bool walker_agrees(const struct index *x, const struct index_key *keys,
                          const uint32_t *values, uint32_t n)
{
    static struct expected e;

    memset(&e, 0, sizeof e);
    for (uint32_t i = 0; i < n; i++)
        if (values[i] != INDEX_NONE && !expect_entry(&e, x, keys[i], values[i]))
            return false;
    for (uint32_t c = 0; c <= x->mask; c++)
        if (memcmp(e.chunks[c].tags, x->chunks[c].tags, INDEX_CHUNK) != 0 ||
            e.chunks[c].beyond != x->chunks[c].beyond)
            return false;
    return e.count == x->count;
}

/* The naive model: which name each value has and which is in. A name is a number here; its hash is
 * chosen by the test, so that each home is crowded at some time. */
struct world {
    struct index index;
    struct index_chunk chunks[CHUNKS];
    uint64_t random;
    struct index_key keys[NAMES];
    uint32_t value_of[NAMES]; /* INDEX_NONE: not in */
    uint32_t name_of[2 * NAMES];
    bool used[2 * NAMES];
};

/* Four tags, of which two are alike: several names a hash, and several hashes a home and tag. */
static uint32_t hash_of(uint32_t name)
{
    static const uint32_t tags[] = {0, 1, 0x80, 0xff};
    uint32_t of_home = name / CHUNKS;

    return tags[of_home % 4] << 24 | of_home / 4 % 2 * CHUNKS | name % CHUNKS;
}

static void world_open(struct world *w, uint64_t seed)
{
    memset(w, 0, sizeof *w);
    cr_assert_eq(index_chunks(MAX), CHUNKS);
    index_init(&w->index, MAX, w->chunks);
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

/* One of all names, or mostly one of those whose home this chunk is. */
static uint32_t draw_name(struct world *w, uint32_t home)
{
    uint32_t name = draw(w, NAMES);

    return home == CHUNKS || draw(w, 4) == 0 ? name : name / CHUNKS * CHUNKS + home;
}

/* Fills the table by this home, or empties it anywhere (CHUNKS). */
static void world_step(struct world *w, uint32_t home)
{
    bool filling = home != CHUNKS;
    uint32_t name = draw_name(w, home), value = w->value_of[name], to = INDEX_NONE;

    if (value == INDEX_NONE) {
        if (w->index.count == MAX || (!filling && draw(w, 4) != 0))
            return;
        to = fresh_value(w, name);
        w->keys[name] = (struct index_key){.hash = hash_of(name), .place = UINT32_MAX};
        index_add(&w->index, &w->keys[name], to);
    } else if (draw(w, 3) == 0) {
        to = fresh_value(w, name);
        index_retarget(&w->index, w->keys[name], to);
    } else if (!filling || draw(w, 4) == 0) {
        index_remove(&w->index, w->keys[name]);
    } else {
        return;
    }
    if (value != INDEX_NONE)
        w->used[value] = false;
    w->value_of[name] = to;
}

static bool world_agrees(const struct world *w)
{
    for (uint32_t name = 0; name < NAMES; name++) {
        struct sought sought = {w, name};

        if (index_find(&w->index, hash_of(name), same_name, &sought) != w->value_of[name])
            return false;
    }
    return walker_agrees(&w->index, w->keys, w->value_of, NAMES);
}

/* Whether something went beyond every chunk, so that none of them ends a search. */
static bool all_passed(const struct world *w)
{
    uint32_t passed = 0;

    for (uint32_t c = 0; c < CHUNKS; c++)
        passed += w->chunks[c].beyond > 0;
    return passed == CHUNKS;
}

/* Runs random steps against the model. How many passed before the first disagreement; adds to
 * *unended those at which no chunk ended a search. */
static uint32_t steps_agreed(uint64_t seed, uint32_t steps, uint32_t *unended)
{
    static struct world w;
    uint32_t step;

    world_open(&w, seed);
    for (step = 0; step < steps; step++) {
        world_step(&w, step / 100 % 3 == 2 ? CHUNKS : step / 300 % CHUNKS);
        if (!world_agrees(&w))
            break;
        *unended += all_passed(&w);
    }
    return step;
}

/* Crowded homes, that at the end of the table too, agree with the model on every step. */
Test(index, matches_the_model, .timeout = 20)
{
    uint32_t unended = 0;

    for (uint64_t seed = 1; seed <= 5; seed++)
        cr_assert_eq(steps_agreed(seed, 10000, &unended), 10000, "seed %u", (unsigned)seed);
    cr_assert_gt(unended, 1000);
}

static char names[MANY][16];

static bool same_text(const void *ctx, uint32_t value)
{
    return strcmp(names[value], ctx) == 0;
}

/* Real names under their real hashes, as many as the table is for: all are found, and no other is.
 * When they are gone they leave nothing behind. */
Test(index, real_names)
{
    static const struct index_secret secret = {11, 12};
    static struct index_chunk chunks[MANY_CHUNKS];
    static const struct expected none;
    static struct index_key keys[MANY];
    static uint32_t value_of[MANY];
    struct index x;

    cr_assert_eq(index_chunks(MANY), MANY_CHUNKS);
    index_init(&x, MANY, chunks);
    for (uint32_t i = 0; i < MANY; i++) {
        value_of[i] = i;
        snprintf(names[i], sizeof names[i], "call-%u", i);
        keys[i].hash = index_hash(&secret, 0, names[i], strlen(names[i]));
        index_add(&x, &keys[i], i);
    }
    cr_assert(walker_agrees(&x, keys, value_of, MANY));
    for (uint32_t i = 0; i < MANY; i++)
        cr_assert_eq(index_find(&x, keys[i].hash, same_text, names[i]), i);
    cr_assert_eq(index_find(&x, index_hash(&secret, 0, "call-x", 6), same_text, "call-x"),
                 INDEX_NONE);
    for (uint32_t i = 0; i < MANY; i++)
        index_remove(&x, keys[i]);
    cr_assert_eq(x.count, 0);
    for (uint32_t c = 0; c < MANY_CHUNKS; c++)
        cr_assert_eq(memcmp(&chunks[c], &none.chunks[c], offsetof(struct index_chunk, values)), 0);
}

/* The table is a power of two, with at most ten names a chunk. */
Test(index, chunks_for_ten_names_each)
{
    cr_assert_eq(index_chunks(1), 1);
    cr_assert_eq(index_chunks(10), 1);
    cr_assert_eq(index_chunks(11), 2);
    cr_assert_eq(index_chunks(20), 2);
    cr_assert_eq(index_chunks(21), 4);
    cr_assert_eq(index_chunks(40), 4);
    cr_assert_eq(index_chunks(41), 8);
    cr_assert_eq(index_chunks(1u << 30), 1u << 27);
}

/* An index for no names at all finds none. */
Test(index, for_no_names)
{
    struct index_chunk chunks[1] = {{.beyond = 0}};
    struct index x;

    cr_assert_eq(index_chunks(0), 1);
    index_init(&x, 0, chunks);
    cr_assert_eq(index_find(&x, 5, same_text, "x"), INDEX_NONE);
}

static struct index_chunk chunks[CHUNKS + 1]; /* the last is not the index's */
static struct index few;                      /* for at most MAX names */

static struct index_key keys[MAX]; /* by value */
static uint32_t value_of[MAX];     /* INDEX_NONE: not in */

static void open_index(void)
{
    index_init(&few, MAX, chunks);
    for (uint32_t i = 0; i < MAX; i++)
        value_of[i] = INDEX_NONE;
}

TestSuite(index, .init = open_index);

static void add(uint32_t hash, uint32_t value)
{
    keys[value] = (struct index_key){.hash = hash, .place = UINT32_MAX};
    index_add(&few, &keys[value], value);
    value_of[value] = value;
}

/* Adds the values from..to-1, whose home is this chunk. */
static void add_at(uint32_t home, uint32_t from, uint32_t to)
{
    for (uint32_t value = from; value < to; value++)
        add(value << 24 | home, value);
}

static void remove_all(uint32_t from, uint32_t to)
{
    for (uint32_t value = from; value < to; value++) {
        index_remove(&few, keys[value]);
        value_of[value] = INDEX_NONE;
    }
}

static bool few_agree(void)
{
    return walker_agrees(&few, keys, value_of, MAX);
}

static bool same_value(const void *ctx, uint32_t value)
{
    return value == *(const uint32_t *)ctx;
}

static uint32_t find(uint32_t value)
{
    return index_find(&few, keys[value].hash, same_value, &value);
}

static uint32_t asked;

static bool count_and_refuse(const void *ctx, uint32_t value)
{
    (void)ctx;
    (void)value;
    cr_assert(++asked <= MAX, "a search goes round and round");
    return false;
}

/* An owner is asked only when the tag is equal, not for every neighbour: asking costs a cache
 * miss. The tags here are of every kind that a comparison of many at once might confuse. */
Test(index, owners_are_asked_under_equal_tags_only)
{
    static const uint8_t here[INDEX_CHUNK] = {0x7e, 0x7f, 0x80, 0x81, 0xff, 0x01,
                                              0x02, 0x03, 0x02, 0x02, 0x80, 0x7f};

    for (uint32_t i = 0; i < INDEX_CHUNK; i++)
        add((uint32_t)here[i] << 24 | 2, i);
    for (uint32_t tag = 1; tag < 256; tag++) {
        uint32_t equal = 0;

        for (uint32_t i = 0; i < INDEX_CHUNK; i++)
            equal += here[i] == tag;
        asked = 0;
        cr_assert_eq(index_find(&few, tag << 24 | 2, count_and_refuse, NULL), INDEX_NONE);
        cr_assert_eq(asked, equal, "tag %u", tag);
        cr_assert_eq(index_find(&few, tag << 24 | 1, count_and_refuse, NULL), INDEX_NONE);
        cr_assert_eq(asked, equal, "tag %u in another chunk", tag);
    }
}

/* The count of a chunk stands behind its tags, and is none. */
Test(index, beyond_is_not_taken_for_a_tag)
{
    add_at(1, 20, 20 + INDEX_CHUNK + 5);
    cr_assert_eq(chunks[1].beyond, 5);
    cr_assert_eq(index_find(&few, 5 << 24 | 1, count_and_refuse, NULL), INDEX_NONE);
    cr_assert_eq(asked, 0);
}

/* The tag that a hash of 0 would have is that of an empty entry, so it has another. */
Test(index, under_a_hash_of_zero)
{
    add(0, 0);
    cr_assert(few_agree());
    add(0, 1);
    add(1 << 24, 2);
    cr_assert(few_agree());
    cr_assert_eq(find(0), 0);
    cr_assert_eq(find(1), 1);
    cr_assert_eq(find(2), 2);
    remove_all(0, 2);
    cr_assert(few_agree());
    cr_assert_eq(find(0), INDEX_NONE);
    cr_assert_eq(find(2), 2);
}

/* A crowd that runs round the end of the table through a full chunk, leaving from either end. */
Test(index, removal_round_the_end)
{
    const uint32_t crowd = 2 * INDEX_CHUNK + 3;

    add_at(3, 0, crowd);
    cr_assert(few_agree());
    cr_assert_eq(chunks[3].beyond, INDEX_CHUNK + 3);
    cr_assert_eq(chunks[0].beyond, 3);
    cr_assert_eq(chunk_of(keys[INDEX_CHUNK]), 0);
    cr_assert_eq(chunk_of(keys[crowd - 1]), 1);
    remove_all(INDEX_CHUNK, INDEX_CHUNK + 1);
    cr_assert(few_agree());
    remove_all(crowd - 1, crowd);
    cr_assert(few_agree());
    cr_assert_eq(chunks[3].beyond, INDEX_CHUNK + 1);
    cr_assert_eq(chunks[0].beyond, 2);
    remove_all(0, INDEX_CHUNK);
    cr_assert(few_agree());
    for (uint32_t value = 0; value < crowd; value++)
        cr_assert_eq(find(value), value_of[value]);
}

/* Nothing moves when another goes, though its home has room again; the next to come takes it. */
Test(index, removal_leaves_others_where_they_are)
{
    uint32_t place;

    add_at(2, 0, INDEX_CHUNK + 1);
    place = keys[5].place;
    remove_all(5, 6);
    cr_assert(few_agree());
    cr_assert_eq(chunk_of(keys[INDEX_CHUNK]), 3);
    cr_assert_eq(find(INDEX_CHUNK), INDEX_CHUNK);
    add(30 << 24 | 2, 30);
    cr_assert_eq(keys[30].place, place);
    cr_assert(few_agree());
    cr_assert_eq(chunks[2].beyond, 1);
}

/* Those that went beyond a chunk stay there while others come and go, until something has passed
 * each chunk of the table: then no chunk ends a search, but that all were seen does. */
Test(index, search_ends_when_every_chunk_was_passed, .timeout = 10)
{
    for (uint32_t home = 0; home < CHUNKS; home++) {
        add_at(home, 10, 10 + INDEX_CHUNK - (home > 0)); /* one from the home before is here */
        add_at(home, home, home + 1);
        remove_all(10, 10 + INDEX_CHUNK - (home > 0));
    }
    cr_assert(few_agree());
    for (uint32_t c = 0; c < CHUNKS; c++)
        cr_assert_eq(chunks[c].beyond, 1);
    for (uint32_t value = 0; value < CHUNKS; value++)
        cr_assert_eq(find(value), value);
    cr_assert_eq(index_find(&few, 0x03000000, count_and_refuse, NULL), INDEX_NONE);
    cr_assert_eq(asked, 1, "no owner is asked twice");
    cr_assert_eq(index_find(&few, 0x50000002, count_and_refuse, NULL), INDEX_NONE);
    cr_assert_eq(asked, 1);
}

/* Of two values under one hash, the one named is changed, and nothing moves. */
Test(index, retarget_changes_the_one_named)
{
    add(2, 0);
    add(2, 1);
    index_retarget(&few, keys[1], 39);
    value_of[1] = 39;
    cr_assert(few_agree());
    cr_assert_eq(find(0), 0);
    cr_assert_eq(find(1), INDEX_NONE);
    keys[39] = keys[1];
    cr_assert_eq(find(39), 39);
}

/* One that stands beyond its home is changed where it stands. */
Test(index, retarget_beyond_the_home)
{
    add_at(3, 0, INDEX_CHUNK + 2);
    index_retarget(&few, keys[INDEX_CHUNK + 1], 39);
    value_of[INDEX_CHUNK + 1] = 39;
    cr_assert(few_agree());
    cr_assert_eq(find(INDEX_CHUNK), INDEX_CHUNK);
}

/* The load stays below the room there is. */
Test(index, add_beyond_the_bound_aborts, .signal = SIGABRT)
{
    struct index_key key = {.hash = 2, .place = 0};

    for (uint32_t value = 0; value < MAX; value++)
        add_at(value % CHUNKS, value, value + 1);
    index_add(&few, &key, MAX);
}

/* More names than a place has room for are refused at once. */
Test(index, too_many_names_abort, .signal = SIGABRT)
{
    index_chunks((1u << 30) + 1);
}

/* INDEX_NONE is the answer for no value, so it is none. */
Test(index, add_of_none_aborts, .signal = SIGABRT)
{
    struct index_key key = {.hash = 2, .place = 0};

    index_add(&few, &key, INDEX_NONE);
}

/* What is not in can be neither removed nor changed: its entry is empty, */
Test(index, double_remove_aborts, .signal = SIGABRT)
{
    add(2, 0);
    add(2, 1);
    index_remove(&few, keys[0]);
    index_remove(&few, keys[0]);
}

Test(index, retarget_of_a_removed_key_aborts, .signal = SIGABRT)
{
    add(2, 0);
    add(2, 1);
    index_remove(&few, keys[0]);
    index_retarget(&few, keys[0], 2);
}

/* or another's, */
Test(index, remove_of_an_absent_key_aborts, .signal = SIGABRT)
{
    add(0x05000002, 0);
    index_remove(&few, (struct index_key){.hash = 0x06000002, .place = keys[0].place});
}

Test(index, retarget_of_an_absent_key_aborts, .signal = SIGABRT)
{
    add(0x05000002, 0);
    index_retarget(&few, (struct index_key){.hash = 0x06000002, .place = keys[0].place}, 1);
}

/* or another's of the same tag, where nothing went from its home, */
Test(index, remove_of_a_key_of_another_home_aborts, .signal = SIGABRT)
{
    add(0x05000002, 0);
    index_remove(&few, (struct index_key){.hash = 0x05000001, .place = keys[0].place});
}

/* or there is no such entry. */
Test(index, retarget_beyond_the_chunks_aborts, .signal = SIGABRT)
{
    chunks[CHUNKS].tags[0] = 1; /* the tag sought */
    index_retarget(&few, (struct index_key){.hash = 2, .place = CHUNKS * 16}, 1);
}

Test(index, remove_beyond_the_entries_of_a_chunk_aborts, .signal = SIGABRT)
{
    add_at(2, 0, INDEX_CHUNK + 1);
    cr_assert_eq(chunks[2].beyond, 1); /* which is in the place of the tag sought */
    index_remove(&few, (struct index_key){.hash = 0x01000002, .place = 2 * 16 + INDEX_CHUNK});
}

Test(index, remove_from_an_empty_index_aborts, .signal = SIGABRT)
{
    chunks[2].tags[0] = 1;
    index_remove(&few, (struct index_key){.hash = 2, .place = 2 * 16});
}

Test(index, retarget_to_none_aborts, .signal = SIGABRT)
{
    add(2, 0);
    index_retarget(&few, keys[0], INDEX_NONE);
}
