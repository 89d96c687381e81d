#include "persist/heads.h"

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "persist/crc32c.h"

/* Heads on the move.
 *
 * Happy path: a head is found in the table, or read and put there; what has moved is written in the
 * end. Failure modes: the transaction comes to nothing: the table is emptied. There are more names
 * than it has room for: what has moved is written, and it begins anew. */

_Static_assert(CHAIN_KEY == 0 && CHAIN_CALLER == 1, "those are the chains of buckets");

/* ---- keys --------------------------------------------------------------------------------- */

static bool has_buckets(enum history_chain chain)
{
    return chain <= CHAIN_CALLER;
}

uint32_t heads_hash(enum history_chain chain, struct acd_str name)
{
    uint32_t hash = crc32c(0, name.data, name.len);

    return hash % (has_buckets(chain) ? HEADS_BUCKETS : HEADS_PLACES);
}

static size_t bucket_key(enum history_chain chain, uint32_t bucket, uint8_t out[HEADS_KEY_MAX])
{
    out[0] = (uint8_t)chain;
    out[1] = (uint8_t)(bucket >> 8);
    out[2] = (uint8_t)bucket;
    return 3;
}

size_t chain_key(enum history_chain chain, struct acd_str name, uint8_t out[HEADS_KEY_MAX])
{
    if (name.len == 0)
        return 0;
    if (has_buckets(chain))
        return bucket_key(chain, heads_hash(chain, name), out);
    out[0] = (uint8_t)chain;
    memcpy(out + 1, name.data, name.len);
    return 1 + (size_t)name.len;
}

uint64_t chain_head(struct store_txn *t, struct store_bytes key)
{
    struct store_bytes value;
    uint64_t newest = 0;

    if (store_get(t, HISTORY_HEADS, key, &value) == 0 && value.len == sizeof newest)
        memcpy(&newest, value.data, sizeof newest);
    return newest;
}

static int key_compare(const struct head_name *a, const struct head_name *b)
{
    int order = memcmp(a->key, b->key, a->len < b->len ? a->len : b->len);

    return order != 0 ? order : a->len - b->len;
}

/* ---- the table ---------------------------------------------------------------------------- */

bool heads_open(struct heads *h)
{
    h->memory = calloc(1, sizeof *h->memory);
    return h->memory != NULL;
}

void heads_close(struct heads *h)
{
    free(h->memory);
}

static void names_forget(struct heads *h)
{
    memset(h->memory->places, 0, sizeof h->memory->places);
    h->count = h->moved = 0;
}

void heads_forget(struct heads *h)
{
    memset(h->memory->buckets, 0, sizeof h->memory->buckets);
    names_forget(h);
}

/* Where a name stands, or is to stand. */
static uint32_t *place_of(struct heads *h, const struct head_name *name, uint32_t at)
{
    const struct heads_memory *m = h->memory;

    while (m->places[at] != 0 && key_compare(&m->names[m->places[at] - 1], name) != 0)
        at = (at + 1) % HEADS_PLACES;
    return &h->memory->places[at];
}

/* The head of an agent or a queue. There is room for it. */
static struct head *name_at(struct heads *h, const struct head_name *name, uint32_t hash)
{
    uint32_t *place = place_of(h, name, hash);
    struct head_name *found;

    if (*place == 0) {
        ACD_ASSERT(h->count < HEADS_NAMES);
        h->memory->names[h->count++] = *name;
        *place = h->count;
    }
    found = &h->memory->names[*place - 1];
    if (!found->head.moved)
        h->memory->sorted[h->moved++] = *place - 1;
    return &found->head;
}

static void head_move(struct head *head, struct store_txn *t, struct store_bytes key,
                      uint64_t visit, uint64_t *previous)
{
    *previous = head->known ? head->newest : chain_head(t, key);
    *head = (struct head){visit, true, true};
}

void heads_fetch(const struct heads *h, enum history_chain chain, uint32_t hash)
{
    const struct heads_memory *m = h->memory;

    if (has_buckets(chain))
        __builtin_prefetch(&m->buckets[chain][hash]);
    else if (m->places[hash] != 0)
        __builtin_prefetch(&m->names[m->places[hash] - 1]);
}

int heads_move(struct heads *h, struct store_txn *t, enum history_chain chain, struct acd_str name,
               uint32_t hash, uint64_t visit, uint64_t *previous)
{
    struct head_name n = {.len = 0};
    struct store_bytes key = {n.key, 0};
    int error = 0;

    if (has_buckets(chain)) {
        key.len = bucket_key(chain, hash, n.key);
        head_move(&h->memory->buckets[chain][hash], t, key, visit, previous);
        return 0;
    }
    if (h->count == HEADS_NAMES) {
        error = heads_write(h, t);
        names_forget(h);
    }
    key.len = chain_key(chain, name, n.key);
    n.len = (uint8_t)key.len;
    head_move(name_at(h, &n, hash), t, key, visit, previous);
    return error;
}

/* ---- writing ------------------------------------------------------------------------------ */

static int head_write(struct head *head, struct store_txn *t, const uint8_t *key, size_t len)
{
    head->moved = false;
    return store_put(t, HISTORY_HEADS, (struct store_bytes){key, len},
                     (struct store_bytes){&head->newest, sizeof head->newest});
}

static int buckets_write(struct heads *h, struct store_txn *t, enum history_chain chain)
{
    int error = 0;

    for (uint32_t bucket = 0; bucket < HEADS_BUCKETS && error == 0; bucket++) {
        struct head *head = &h->memory->buckets[chain][bucket];
        uint8_t key[HEADS_KEY_MAX];

        if (head->moved)
            error = head_write(head, t, key, bucket_key(chain, bucket, key));
    }
    return error;
}

static int compare(const void *a, const void *b, void *names)
{
    uint32_t x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return key_compare((const struct head_name *)names + x, (const struct head_name *)names + y);
}

static int names_write(struct heads *h, struct store_txn *t)
{
    struct heads_memory *m = h->memory;
    int error = 0;

    qsort_r(m->sorted, h->moved, sizeof m->sorted[0], compare, m->names);
    for (uint32_t i = 0; i < h->moved && error == 0; i++) {
        struct head_name *n = &m->names[m->sorted[i]];

        error = head_write(&n->head, t, n->key, n->len);
    }
    h->moved = 0;
    return error;
}

int heads_write(struct heads *h, struct store_txn *t)
{
    int error = buckets_write(h, t, CHAIN_KEY);

    if (error == 0)
        error = buckets_write(h, t, CHAIN_CALLER);
    return error == 0 ? names_write(h, t) : error;
}
