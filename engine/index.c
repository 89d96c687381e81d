#include "engine/index.h"

#include "engine/acd_assert.h"

/* Invariant: an entry stands at its home (hash & mask) or behind it with no empty entry between. So
 * a search ends at the first empty entry, and removal moves up what would be cut off. At a load of
 * one half a search looks at two or three entries, which mostly share a cache line. */

enum { INDEX_MAX = 1 << 30, ENTRIES_MIN = 2 };

/* SipHash-1-3: one round a word, three at the end. */

struct sip {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static inline void sip_round(struct sip *s)
{
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v1;
    s->v0 += s->v3;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 = rotate(s->v2, 32);
}

static inline void sip_word(struct sip *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    s->v0 ^= word;
}

/* Byte by byte, so that the hash is the same on every machine; compilers make it one load. */
static inline uint64_t load(const unsigned char *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
           (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
           (uint64_t)p[7] << 56;
}

/* The last len % 8 bytes of a name that ends at `end`. */
static inline uint64_t load_rest(const unsigned char *end, size_t len)
{
    size_t rest = len & 7;
    uint64_t word = 0;

    if (rest == 0)
        return 0;
    if (len >= 8) /* the word that ends there, shifted to leave the rest of it */
        return load(end - 8) >> (64 - 8 * rest);
    for (size_t i = 0; i < rest; i++)
        word |= (uint64_t) * (end - rest + i) << (8 * i);
    return word;
}

uint32_t index_hash(const struct index_secret *secret, uint64_t scope, const void *name, size_t len)
{
    struct sip s = {secret->k0 ^ 0x736f6d6570736575ULL, secret->k1 ^ 0x646f72616e646f6dULL,
                    secret->k0 ^ 0x6c7967656e657261ULL, secret->k1 ^ 0x7465646279746573ULL};
    const unsigned char *p = len > 0 ? name : (const void *)"", *end = p + len;
    uint64_t hash;
    uint32_t folded;

    ACD_ASSERT(name != NULL || len == 0);
    sip_word(&s, scope);
    for (; end - p >= 8; p += 8)
        sip_word(&s, load(p));
    sip_word(&s, load_rest(end, len) | (uint64_t)(len + sizeof scope) << 56);
    s.v2 ^= 0xff;
    sip_round(&s);
    sip_round(&s);
    sip_round(&s);
    hash = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
    folded = (uint32_t)(hash ^ hash >> 32);
    return folded == 0 ? 1 : folded;
}

size_t index_entries(uint32_t max)
{
    size_t entries = ENTRIES_MIN;

    ACD_ASSERT(max <= INDEX_MAX);
    while (entries / 2 < max)
        entries *= 2;
    return entries;
}

void index_init(struct index *x, uint32_t max, struct index_entry *entries)
{
    ACD_ASSERT(entries != NULL);
    *x = (struct index){.entries = entries, .mask = (uint32_t)(index_entries(max) - 1), .max = max};
}

uint32_t index_find(const struct index *x, uint32_t hash, index_same same, const void *ctx)
{
    ACD_ASSERT(hash != 0);
    for (uint32_t at = hash & x->mask; x->entries[at].hash != 0; at = (at + 1) & x->mask) {
        const struct index_entry *entry = &x->entries[at];

        if (entry->hash == hash && same(ctx, entry->value))
            return entry->value;
    }
    return INDEX_NONE;
}

/* Where the entry (hash, value) stands, or else the empty entry where it would. */
static uint32_t locate(const struct index *x, uint32_t hash, uint32_t value)
{
    uint32_t at = hash & x->mask;

    ACD_ASSERT(hash != 0);
    while (x->entries[at].hash != 0) {
        if (x->entries[at].hash == hash && x->entries[at].value == value)
            break;
        at = (at + 1) & x->mask;
    }
    return at;
}

void index_add(struct index *x, uint32_t hash, uint32_t value)
{
    uint32_t at = locate(x, hash, value);

    ACD_ASSERT(x->count < x->max);
    ACD_ASSERT(value != INDEX_NONE);
    ACD_ASSERT(x->entries[at].hash == 0);
    x->entries[at] = (struct index_entry){hash, value};
    x->count++;
}

void index_retarget(struct index *x, uint32_t hash, uint32_t from, uint32_t to)
{
    uint32_t at = locate(x, hash, from);

    ACD_ASSERT(x->entries[at].hash != 0);
    ACD_ASSERT(to != INDEX_NONE);
    x->entries[at].value = to;
}

/* An entry may move up to the hole unless its home lies behind the hole: then it would be found no
 * more. Distances are taken round the end of the table. */
void index_remove(struct index *x, uint32_t hash, uint32_t value)
{
    uint32_t hole = locate(x, hash, value);

    ACD_ASSERT(x->count > 0);
    ACD_ASSERT(x->entries[hole].hash != 0);
    for (uint32_t at = (hole + 1) & x->mask; x->entries[at].hash != 0; at = (at + 1) & x->mask) {
        uint32_t home = x->entries[at].hash & x->mask;

        if (((at - home) & x->mask) < ((at - hole) & x->mask))
            continue;
        x->entries[hole] = x->entries[at];
        hole = at;
    }
    x->entries[hole] = (struct index_entry){0, 0};
    x->count--;
}
