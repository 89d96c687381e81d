#include "persist/heads.h"

#include <stdlib.h>
#include <string.h>

#include "persist/crc32c.h"

/* Heads on the move.
 *
 * Happy path: a head is found in the table, or read and put there; in the end all are sorted and
 * written. Failure modes: the transaction comes to nothing: the next one begins with an empty
 * table. */

enum { BUCKETS_MASK = 0xffff };

/* ---- names -------------------------------------------------------------------------------- */

static bool has_buckets(enum history_chain chain)
{
    return chain == CHAIN_KEY || chain == CHAIN_CALLER;
}

static uint32_t hash_of(enum history_chain chain, struct acd_str name)
{
    uint32_t hash = crc32c(0, name.data, name.len);

    return has_buckets(chain) ? hash & BUCKETS_MASK : hash;
}

size_t chain_key(enum history_chain chain, struct acd_str name, uint8_t out[HEADS_KEY_MAX])
{
    uint32_t bucket;

    if (name.len == 0)
        return 0;
    out[0] = (uint8_t)chain;
    if (!has_buckets(chain)) {
        memcpy(out + 1, name.data, name.len);
        return 1 + (size_t)name.len;
    }
    bucket = hash_of(chain, name);
    out[1] = (uint8_t)(bucket >> 8);
    out[2] = (uint8_t)bucket;
    return 3;
}

uint64_t chain_head(struct store_txn *t, struct store_bytes key)
{
    struct store_bytes value;
    uint64_t head = 0;

    if (store_get(t, HISTORY_HEADS, key, &value) == 0 && value.len == sizeof head)
        memcpy(&head, value.data, sizeof head);
    return head;
}

/* In the order of their keys in the store. */
static int head_compare(const struct head *a, const struct head *b)
{
    uint16_t shorter = a->name.len < b->name.len ? a->name.len : b->name.len;
    int order;

    if (a->chain != b->chain)
        return a->chain < b->chain ? -1 : 1;
    if (has_buckets(a->chain))
        return (a->hash > b->hash) - (a->hash < b->hash);
    order = memcmp(a->name.data, b->name.data, shorter);
    return order != 0 ? order : (a->name.len > b->name.len) - (a->name.len < b->name.len);
}

static int compare(const void *a, const void *b)
{
    return head_compare(a, b);
}

/* ---- the table ---------------------------------------------------------------------------- */

bool heads_open(struct heads *h)
{
    h->moved = malloc(HEADS_MAX * sizeof *h->moved);
    h->places = malloc(HEADS_PLACES * sizeof *h->places);
    return h->moved != NULL && h->places != NULL;
}

void heads_close(struct heads *h)
{
    free(h->moved);
    free(h->places);
}

void heads_begin(struct heads *h)
{
    memset(h->places, 0, HEADS_PLACES * sizeof *h->places);
    h->count = 0;
}

/* Where a head stands, or is to stand. */
static uint32_t *place_of(struct heads *h, const struct head *head)
{
    uint32_t at = (head->hash * UINT32_C(0x9e3779b1) + head->chain) % HEADS_PLACES;

    while (h->places[at] != 0 && head_compare(&h->moved[h->places[at] - 1], head) != 0)
        at = (at + 1) % HEADS_PLACES;
    return &h->places[at];
}

static uint64_t head_read(struct store_txn *t, const struct head *head)
{
    uint8_t key[HEADS_KEY_MAX];

    return chain_head(t, (struct store_bytes){key, chain_key(head->chain, head->name, key)});
}

int heads_move(struct heads *h, struct store_txn *t, enum history_chain chain, struct acd_str name,
               uint64_t sequence, uint64_t *previous)
{
    struct head head = {.sequence = sequence, .name = name, .chain = chain};
    uint32_t *place;
    int error = h->count == HEADS_MAX ? heads_write(h, t) : 0;

    if (error != 0)
        return error;
    head.hash = hash_of(chain, name);
    place = place_of(h, &head);
    if (*place != 0) {
        *previous = h->moved[*place - 1].sequence;
        h->moved[*place - 1].sequence = sequence;
        return 0;
    }
    *previous = head_read(t, &head);
    h->moved[h->count++] = head;
    *place = h->count;
    return 0;
}

int heads_write(struct heads *h, struct store_txn *t)
{
    int error = 0;

    qsort(h->moved, h->count, sizeof *h->moved, compare);
    for (uint32_t i = 0; i < h->count && error == 0; i++) {
        const struct head *head = &h->moved[i];
        uint8_t key[HEADS_KEY_MAX];

        error = store_put(t, HISTORY_HEADS,
                          (struct store_bytes){key, chain_key(head->chain, head->name, key)},
                          (struct store_bytes){&head->sequence, sizeof head->sequence});
    }
    heads_begin(h);
    return error;
}
