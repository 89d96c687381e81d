#include <inttypes.h>
#include <string.h>

#include "persist/history.h"
#include "persist/persist.h"
#include "persist/reader.h"

/* Visits found.
 *
 * Happy path: the most telling name of the query has a chain; its head is looked up, and the chain
 * walked from visit to visit, newest first, taking those that fit the rest of the query. Without a
 * name all visits are walked, from the end of the time asked for, which is found by halving.
 *
 * Failure modes: many visits do not fit: after so many looks, or so long, the call returns with a
 * cursor. A chain leads to a visit that was forgotten since: it ends there. */

enum { LOOKS_MAX = 20000, LOOKS_BETWEEN_CLOCKS = 64, LIMIT_DEFAULT = 50 };

static const acd_span LOOKING_MAX = 20 * ACD_MS;

struct search {
    struct store_txn *t;
    const struct acd_history_query *query;
    enum history_chain chain; /* CHAIN_COUNT: all visits */
    uint32_t looks;
    acd_time until;
};

static bool text_fits(struct acd_str wanted, struct acd_str have)
{
    return wanted.len == 0 ||
           (wanted.len == have.len && memcmp(wanted.data, have.data, have.len) == 0);
}

static bool visit_fits(const struct acd_history_query *q, const struct acd_view_visit *v)
{
    return text_fits(q->key, v->key) && text_fits(q->caller, v->caller) &&
           text_fits(q->agent, v->agent_name) && text_fits(q->queue, v->queue_name) &&
           text_fits(q->gateway, v->gateway_name) && (q->to == 0 || v->at < q->to) &&
           (q->disposition == 0 || q->disposition == v->disposition) &&
           (q->direction == 0 || q->direction == v->direction);
}

static enum history_chain chain_of(const struct acd_history_query *q, struct acd_str *name)
{
    const struct acd_str names[CHAIN_COUNT] = {q->key, q->caller, q->agent, q->queue};

    for (enum history_chain c = 0; c < CHAIN_COUNT; c++)
        if (names[c].len > 0) {
            *name = names[c];
            return c;
        }
    return CHAIN_COUNT;
}

/* ---- where to begin ------------------------------------------------------------------------- */

/* Reads the first visit at or behind a sequence, or the last one before it. */
static int visit_near(struct store_txn *t, uint64_t sequence, bool before,
                      struct format_visit *links, struct acd_view_visit *v)
{
    struct store_bytes key, value;
    uint8_t at[8];
    int found;

    store_be64(at, sequence);
    found = before
                ? store_before(t, HISTORY_VISITS, (struct store_bytes){at, 8}, &key, &value)
                : store_at_or_after(t, HISTORY_VISITS, (struct store_bytes){at, 8}, &key, &value);
    if (found != 0)
        return found;
    return visit_read(value, links, v) ? 0 : STORE_DAMAGED;
}

/* A sequence such that visits at or before it ended before `to`, and those behind it did not. */
static int sequence_before(struct store_txn *t, acd_time to, uint64_t *out)
{
    struct format_visit links;
    struct acd_view_visit v = {.sequence = 0};
    uint64_t low = 0, high;
    int error = visit_near(t, UINT64_MAX, true, &links, &v);

    high = v.sequence;
    while (error == 0 && low < high) {
        uint64_t middle = low + (high - low + 1) / 2;

        error = visit_near(t, middle, false, &links, &v);
        if (error == 0 && v.at < to)
            low = v.sequence < high ? v.sequence : high;
        else
            high = middle - 1;
    }
    *out = low;
    return error == STORE_NOT_FOUND ? 0 : error;
}

static int first_sequence(struct search *s, struct acd_str name, uint64_t *out)
{
    uint8_t key[HEADS_KEY_MAX];

    *out = UINT64_MAX - 1;
    if (s->chain < CHAIN_COUNT)
        *out = chain_head(s->t, (struct store_bytes){key, chain_key(s->chain, name, key)});
    else if (s->query->to != 0)
        return sequence_before(s->t, s->query->to, out);
    return 0;
}

/* ---- walking ------------------------------------------------------------------------------ */

/* The visit at a sequence, or when all are walked the last one up to it. */
static int visit_at(struct search *s, uint64_t sequence, struct format_visit *links,
                    struct acd_view_visit *v)
{
    struct store_bytes value;
    uint8_t key[8];
    int found;

    if (s->chain == CHAIN_COUNT)
        return visit_near(s->t, sequence + 1, true, links, v);
    store_be64(key, sequence);
    found = store_get(s->t, HISTORY_VISITS, (struct store_bytes){key, 8}, &value);
    if (found != 0)
        return found;
    return visit_read(value, links, v) ? 0 : STORE_DAMAGED;
}

static bool looked_enough(struct search *s)
{
    s->looks++;
    return s->looks > LOOKS_MAX ||
           (s->looks % LOOKS_BETWEEN_CLOCKS == 0 && persist_clock() > s->until);
}

/* Walks from *at on; returns the bytes written or a store's error, and *at to go on from. */
static int search_walk(struct search *s, uint64_t *at, uint8_t *out, size_t len)
{
    uint32_t left = s->query->limit == 0 ? LIMIT_DEFAULT : s->query->limit;
    size_t used = 0;

    while (*at != 0 && left > 0 && len - used >= ACD_RECORD_MAX && !looked_enough(s)) {
        struct format_visit links;
        struct acd_view_visit v;
        int error = visit_at(s, *at, &links, &v);

        if (error == STORE_NOT_FOUND || (error == 0 && v.at < s->query->from)) {
            *at = 0;
            break;
        }
        if (error == 0 && v.sequence > *at)
            error = STORE_DAMAGED; /* its key is another: a walk that turned back would never end */
        if (error != 0)
            return error;
        if (visit_fits(s->query, &v)) {
            used += acd_record_view_visit.encode(&v, out + used);
            left--;
        }
        *at = s->chain == CHAIN_COUNT ? v.sequence - 1 : links.previous[s->chain];
    }
    return (int)used;
}

int acd_history_read(struct acd_reader *r, const struct acd_history_query *query, uint64_t *cursor,
                     uint8_t *out, size_t len)
{
    struct search s = {.query = query, .until = persist_clock() + LOOKING_MAX};
    struct acd_str name = {NULL, 0};
    int result;

    if (len < ACD_RECORD_MAX || len > INT32_MAX || query->key.len > 96 || query->caller.len > 96 ||
        query->agent.len > 96 || query->queue.len > 96)
        return persist_fault(NULL, ACD_INVALID, "a query has room for a record, and short names");
    result = store_begin(r->history, false, &s.t);
    if (result != 0)
        return persist_store_error(NULL, result);
    s.chain = chain_of(query, &name);
    if (*cursor == 0)
        result = first_sequence(&s, name, cursor);
    if (result == 0)
        result = search_walk(&s, cursor, out, len);
    store_abort(s.t);
    if (result == STORE_DAMAGED)
        return persist_fault(NULL, ACD_INVALID,
                             "%s/history.mdb: visit %" PRIu64 " is damaged; restore a backup",
                             r->directory, *cursor);
    return result < 0 ? persist_store_error(NULL, result) : result;
}
