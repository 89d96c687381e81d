#ifndef ACD_INDEX_H
#define ACD_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From a name to a number. Open addressing with linear probing at a load of at most one half, and
 * SipHash-1-3 under a secret key, so that whoever chooses the names cannot choose the collisions.
 * Nothing ever iterates over it, so no order depends on the secret. The names themselves stand with
 * their owners: a lookup asks `same` whether an entry's owner has the name sought. */

struct index_secret {
    uint64_t k0, k1;
};

struct index_entry {
    uint32_t hash; /* 0: empty (a hash of 0 is stored as 1) */
    uint32_t value;
};

struct index {
    struct index_entry *entries;
    uint32_t mask; /* entries - 1, a power of two */
    uint32_t count, max;
};

#define INDEX_NONE UINT32_MAX /* no enumerator: ISO C wants those to fit an int */

/* Whether the owner numbered `value` has the name that ctx tells. */
typedef bool (*index_same)(const void *ctx, uint32_t value);

/* SipHash-1-3 of (scope, name), folded to 32 bits, never 0. `scope` keeps apart names of different
 * kinds or owners. Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012. */
uint32_t index_hash(const struct index_secret *secret, uint64_t scope, const void *name,
                    size_t len);

/* Entries (a power of two) that index_init needs for at most `max` names. */
size_t index_entries(uint32_t max);

/* Takes over zeroed `entries`, index_entries(max) of them. */
void index_init(struct index *x, uint32_t max, struct index_entry *entries);

/* The value under this hash whose owner is the `same`, or INDEX_NONE. */
uint32_t index_find(const struct index *x, uint32_t hash, index_same same, const void *ctx);

/* Adds a value; fewer than max are in, and none under the same name. */
void index_add(struct index *x, uint32_t hash, uint32_t value);

/* Changes the entry (hash, from), which is in, to (hash, to). */
void index_retarget(struct index *x, uint32_t hash, uint32_t from, uint32_t to);

/* Removes the entry (hash, value), which is in; closes the gap, so there are no tombstones. */
void index_remove(struct index *x, uint32_t hash, uint32_t value);

#endif
