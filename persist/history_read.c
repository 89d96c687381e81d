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

enum { LOOKS_MAX = 20000, LOOKS_BETWEEN_CLOCKS = 64, LIMIT_DEFAULT = 50, CACHE_LINE = 64 };

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
           (q->direction == 0 || q->direction == v->direction) && v->wait >= q->min_wait;
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

/* A visit as it stands in the store. */
struct seen {
    struct store_bytes value;
    struct format_visit links;
    struct acd_view_visit v;
};

static int seen_read(struct seen *seen)
{
    return visit_read(seen->value, &seen->links, &seen->v) ? 0 : STORE_DAMAGED;
}

/* Reads the first visit at or behind a sequence, or the last one before it. */
static int visit_near(struct store_txn *t, uint64_t sequence, bool before, struct seen *seen)
{
    struct store_bytes key;
    uint8_t at[8];
    int found;

    store_be64(at, sequence);
    found =
        before
            ? store_before(t, HISTORY_VISITS, (struct store_bytes){at, 8}, &key, &seen->value)
            : store_at_or_after(t, HISTORY_VISITS, (struct store_bytes){at, 8}, &key, &seen->value);
    return found != 0 ? found : seen_read(seen);
}

/* A sequence such that visits at or before it ended before `to`, and those behind it did not. */
static int sequence_before(struct store_txn *t, acd_time to, uint64_t *out)
{
    struct seen seen = {.v.sequence = 0};
    uint64_t low = 0, high;
    int error = visit_near(t, UINT64_MAX, true, &seen);

    high = seen.v.sequence;
    while (error == 0 && low < high) {
        uint64_t middle = low + (high - low + 1) / 2;

        error = visit_near(t, middle, false, &seen);
        if (error == 0 && seen.v.at < to)
            low = seen.v.sequence < high ? seen.v.sequence : high;
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

/* A row that was looked up, and not looked through yet. */
struct found {
    uint64_t at; /* what was asked for */
    int error;
    struct store_bytes value;
    uint64_t next; /* what is to be asked for next, as the row says; 0: nothing */
};

static uint64_t previous_of(struct store_bytes value, enum history_chain chain)
{
    struct format_visit links;

    if (value.len < sizeof links)
        return 0;
    memcpy(&links, value.data, sizeof links);
    return links.previous[chain];
}

/* Finds the visit at a sequence, or when all are walked the last one up to it. The row itself is on
 * its way from memory then. */
static struct found row_find(const struct search *s, uint64_t at)
{
    const bool all = s->chain == CHAIN_COUNT;
    struct found row = {.at = at};
    uint8_t bytes[8];
    struct store_bytes key = {bytes, sizeof bytes}, at_key;

    store_be64(bytes, all ? at + 1 : at);
    row.error = all ? store_before(s->t, HISTORY_VISITS, key, &at_key, &row.value)
                    : store_get(s->t, HISTORY_VISITS, key, &row.value);
    if (row.error != 0)
        return row;
    for (size_t byte = 0; byte < row.value.len; byte += CACHE_LINE)
        __builtin_prefetch((const uint8_t *)row.value.data + byte);
    row.next = all ? store_from_be64(at_key.data) - 1 : previous_of(row.value, s->chain);
    return row;
}

static bool looked_enough(struct search *s)
{
    s->looks++;
    return s->looks > LOOKS_MAX ||
           (s->looks % LOOKS_BETWEEN_CLOCKS == 0 && persist_clock() > s->until);
}

/* The record is told as it was written, perhaps by an older version. Returns its bytes. */
static size_t seen_tell(const struct seen *seen, uint8_t *out)
{
    size_t len = seen->value.len - sizeof seen->links;

    memcpy(out, (const uint8_t *)seen->value.data + sizeof seen->links, len);
    return len;
}

/* Walks from *at on; returns the bytes written or a store's error, and *at to go on from. A row is
 * looked through when the next one is looked up, so that both are waited for together. */
static int search_walk(struct search *s, uint64_t *at, uint8_t *out, size_t len)
{
    uint32_t left = s->query->limit == 0 ? LIMIT_DEFAULT : s->query->limit;
    struct found row, ahead = {.at = 0};
    size_t used = 0;

    while (*at != 0 && left > 0 && len - used >= ACD_RECORD_MAX && !looked_enough(s)) {
        struct seen seen;
        int error;

        row = ahead.at == *at ? ahead : row_find(s, *at);
        if (row.next != 0 && left > 1)
            ahead = row_find(s, row.next);
        seen.value = row.value;
        error = row.error == 0 ? seen_read(&seen) : row.error;
        if (error == STORE_NOT_FOUND || (error == 0 && seen.v.at < s->query->from)) {
            *at = 0;
            break;
        }
        if (error == 0 && seen.v.sequence > *at)
            error = STORE_DAMAGED; /* its key is another: a walk that turned back would never end */
        if (error != 0)
            return error;
        if (visit_fits(s->query, &seen.v)) {
            used += seen_tell(&seen, out + used);
            left--;
        }
        *at = s->chain == CHAIN_COUNT ? seen.v.sequence - 1 : seen.links.previous[s->chain];
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
