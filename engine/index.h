#ifndef ACD_INDEX_H
#define ACD_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/fetch.h"

/* From a name to a number. Entries stand in chunks of INDEX_CHUNK, each a cache line of small tags
 * and then the values, so that whatever is done to an entry waits for memory once, and a name that
 * is not there is told by its tag. SipHash-1-3 under a secret key: whoever
 * chooses the names cannot choose the collisions. Nothing ever iterates over it, so no order
 * depends on the secret. The names themselves stand with their owners: a lookup asks `same` whether
 * an entry's owner has the name sought. An entry stays where it is until it is removed, so its
 * owner keeps its place, and needs no search to change or remove it. */

enum { INDEX_CHUNK = 12 };

struct index_secret {
    uint64_t k0, k1;
};

/* A name as its owner keeps it. */
struct index_key {
    uint32_t hash;  /* index_hash() of it */
    uint32_t place; /* where its entry stands: index_add() fills it in */
};

struct index_chunk {
    uint8_t tags[INDEX_CHUNK]; /* of the entries' hashes; 0: empty */
    uint16_t beyond;           /* entries whose search passes this chunk, since it was full */
    uint16_t unused;
    uint32_t values[INDEX_CHUNK];
};

struct index {
    struct index_chunk *chunks;
    uint32_t mask; /* chunks - 1, a power of two */
    uint32_t count, max;
};

#define INDEX_NONE UINT32_MAX /* no enumerator: ISO C wants those to fit an int */

/* Whether the owner numbered `value` has the name that ctx tells. */
typedef bool (*index_same)(const void *ctx, uint32_t value);

/* SipHash-1-3 of (scope, name), folded to 32 bits. `scope` keeps apart names of different kinds or
 * owners. Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012. */
uint32_t index_hash(const struct index_secret *secret, uint64_t scope, const void *name,
                    size_t len);

/* The same of texts that are long, looked for all the time and few, in a third of the time. Keyed
 * as well; no proof says that nobody finds collisions, and all of those few together are not many.
 */
uint32_t index_hash_text(const struct index_secret *secret, uint64_t scope, const void *text,
                         size_t len);

/* Chunks (a power of two) that index_init needs for at most `max` names. */
uint32_t index_chunks(uint32_t max);

/* Takes over zeroed chunks, index_chunks(max) of them. */
void index_init(struct index *x, uint32_t max, struct index_chunk *chunks);

/* The value under this hash whose owner is the `same`, or INDEX_NONE. */
uint32_t index_find(const struct index *x, uint32_t hash, index_same same, const void *ctx);

/* Adds a value under key->hash; fewer than max are in, and none under the same name. */
void index_add(struct index *x, struct index_key *key, uint32_t value);

/* Changes the value of an entry that is in. */
void index_retarget(struct index *x, struct index_key key, uint32_t to);

/* Begins to fetch what a search, a change or a removal under this hash will look at. */
static inline void index_fetch(const struct index *x, uint32_t hash)
{
    fetch(&x->chunks[hash & x->mask]);
}

/* Removes an entry that is in. */
void index_remove(struct index *x, struct index_key key);

#endif
