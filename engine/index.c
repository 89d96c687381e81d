#include "engine/index.h"

#include <string.h>

#include "engine/acd_assert.h"
#include "engine/hot.h"

/* Open addressing by chunks: a name stands in its home chunk (hash & mask) or, when that was full,
 * in the first behind it that was not; each chunk on the way counts it in `beyond`. So a search
 * ends at the first chunk that nothing went beyond, or where it began, and removal leaves nothing
 * behind.
 *
 * Invariant: beyond of a chunk = entries whose home is at or before it and which stand behind it.
 * At a load of at most ten entries a chunk few are ever full. */

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the first tag of a chunk is taken to be the lowest byte of a word"
#endif
_Static_assert(offsetof(struct index_chunk, values) == 16, "what is before them is two words");
_Static_assert(sizeof(struct index_chunk) == 64, "a chunk is one cache line");

enum { INDEX_MAX = 1 << 30, LOAD = 10, ENTRIES_SHIFT = 4 };

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

static inline uint64_t load(const unsigned char *p)
{
    uint64_t word;

    memcpy(&word, p, sizeof word);
    return word;
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

APART uint32_t index_hash(const struct index_secret *secret, uint64_t scope, const void *name,
                          size_t len)
{
    struct sip s = {secret->k0 ^ 0x736f6d6570736575ULL, secret->k1 ^ 0x646f72616e646f6dULL,
                    secret->k0 ^ 0x6c7967656e657261ULL, secret->k1 ^ 0x7465646279746573ULL};
    const unsigned char *p = len > 0 ? name : (const void *)"", *end = p + len;
    uint64_t hash;

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
    return (uint32_t)(hash ^ hash >> 32);
}

/* Sixteen bytes a multiplication, of two words each masked by what is secret. Source: Wang Yi,
 * "wyhash", version 4, with ours beside its constants: so no secret makes a factor of few bits. */

__extension__ typedef unsigned __int128 product;

static inline uint64_t mix(uint64_t a, uint64_t b)
{
    product ab = (product)a * b;

    return (uint64_t)ab ^ (uint64_t)(ab >> 64);
}

/* The last 16 bytes of a text, or all of a shorter one, in two words. */
static inline void load_last(const unsigned char *end, size_t len, uint64_t out[2])
{
    if (len >= 16)
        out[0] = load(end - 16);
    else
        out[0] = len > 8 ? load_rest(end - 8, len - 8) : 0;
    out[1] = len >= 8 ? load(end - 8) : load_rest(end, len);
}

APART uint32_t index_hash_text(const struct index_secret *secret, uint64_t scope, const void *text,
                               size_t len)
{
    const uint64_t k0 = secret->k0 ^ 0xa0761d6478bd642fULL, k1 = secret->k1 ^ 0xe7037ed1a0b428dbULL;
    const unsigned char *p = text, *end = p + len;
    uint64_t hash = mix(k0 ^ scope, k1), last[2];

    for (; end - p > 16; p += 16)
        hash = mix(load(p) ^ k1, load(p + 8) ^ hash);
    load_last(end, len, last);
    hash = mix(k1 ^ len, mix(last[0] ^ k1, last[1] ^ hash));
    return (uint32_t)(hash ^ hash >> 32);
}

uint32_t index_chunks(uint32_t max)
{
    uint32_t chunks = 1;

    ACD_ASSERT(max <= INDEX_MAX);
    while ((uint64_t)chunks * LOAD < max)
        chunks *= 2;
    return chunks;
}

void index_init(struct index *x, uint32_t max, struct index_chunk *chunks)
{
    ACD_ASSERT(chunks != NULL);
    *x = (struct index){.chunks = chunks, .mask = index_chunks(max) - 1, .max = max};
}

/* From bits of the hash that the chunk's number mostly has not; never 0. */
static inline uint8_t tag_of(uint32_t hash)
{
    uint8_t tag = (uint8_t)(hash >> 24);

    return tag == 0 ? 1 : tag;
}

/* Which tags of a chunk are this one, as bits 7 of eight bytes each: for a byte that is equal the
 * difference is 0, and only then neither adding 0x7f to its low bits nor itself sets its bit 7. */
struct hits {
    uint64_t low, high;
};

static inline uint64_t zero_bytes(uint64_t x)
{
    const uint64_t low7 = 0x7f7f7f7f7f7f7f7f;

    return ~(((x & low7) + low7) | x | low7);
}

static inline struct hits hits_of(const struct index_chunk *c, uint8_t tag)
{
    uint64_t every = (uint64_t)tag * 0x0101010101010101, words[2];

    memcpy(words, c, sizeof words);
    return (struct hits){zero_bytes(words[0] ^ every),
                         zero_bytes(words[1] ^ every) & 0x00000000ffffffff};
}

/* The first hit of a chunk, taken off; INDEX_CHUNK when there is none left. */
static inline uint32_t hits_take(struct hits *h)
{
    uint32_t bit;

    if (h->low != 0) {
        bit = (uint32_t)__builtin_ctzll(h->low);
        h->low &= h->low - 1;
        return bit / 8;
    }
    if (h->high == 0)
        return INDEX_CHUNK;
    bit = (uint32_t)__builtin_ctzll(h->high);
    h->high &= h->high - 1;
    return 8 + bit / 8;
}

APART uint32_t index_find(const struct index *x, uint32_t hash, index_same same, const void *ctx)
{
    for (uint32_t passed = 0; passed <= x->mask; passed++) {
        const struct index_chunk *c = &x->chunks[(hash + passed) & x->mask];
        struct hits hits = hits_of(c, tag_of(hash));

        for (uint32_t i = hits_take(&hits); i != INDEX_CHUNK; i = hits_take(&hits))
            if (same(ctx, c->values[i]))
                return c->values[i];
        if (c->beyond == 0)
            break;
    }
    return INDEX_NONE;
}

void index_add(struct index *x, struct index_key *key, uint32_t value)
{
    uint32_t chunk = key->hash & x->mask;
    struct hits empty = hits_of(&x->chunks[chunk], 0);
    uint32_t i = hits_take(&empty);

    ACD_ASSERT(x->count < x->max);
    ACD_ASSERT(value != INDEX_NONE);
    while (i == INDEX_CHUNK) {
        ACD_ASSERT(x->chunks[chunk].beyond < UINT16_MAX);
        x->chunks[chunk].beyond++;
        chunk = (chunk + 1) & x->mask;
        empty = hits_of(&x->chunks[chunk], 0);
        i = hits_take(&empty);
    }
    x->chunks[chunk].tags[i] = tag_of(key->hash);
    x->chunks[chunk].values[i] = value;
    x->count++;
    key->place = chunk << ENTRIES_SHIFT | i;
}

/* The tag of an entry, which must be there. */
static inline uint8_t *tag_at(struct index *x, struct index_key key)
{
    uint32_t chunk = key.place >> ENTRIES_SHIFT, i = key.place & ((1 << ENTRIES_SHIFT) - 1);

    ACD_ASSERT(chunk <= x->mask);
    ACD_ASSERT(i < INDEX_CHUNK);
    ACD_ASSERT(x->chunks[chunk].tags[i] == tag_of(key.hash));
    return &x->chunks[chunk].tags[i];
}

void index_retarget(struct index *x, struct index_key key, uint32_t to)
{
    ACD_ASSERT(*tag_at(x, key) != 0);
    ACD_ASSERT(to != INDEX_NONE);
    x->chunks[key.place >> ENTRIES_SHIFT].values[key.place & ((1 << ENTRIES_SHIFT) - 1)] = to;
}

void index_remove(struct index *x, struct index_key key)
{
    ACD_ASSERT(x->count > 0);
    *tag_at(x, key) = 0;
    x->count--;
    for (uint32_t chunk = key.hash & x->mask; chunk != key.place >> ENTRIES_SHIFT;
         chunk = (chunk + 1) & x->mask) {
        ACD_ASSERT(x->chunks[chunk].beyond > 0);
        x->chunks[chunk].beyond--;
    }
}
