#include "persist/intervals.h"

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "persist/format.h"

/* Intervals written down.
 *
 * Happy path: interval_turned is about to be applied: one transaction takes the rows of all of whom
 * anything was counted, straight out of the follower, and the visits that wait besides. A queue or
 * an agent that is removed leaves its row then; such rows wait with the visits.
 *
 * Failure modes: a kill after the transaction and before the follower's state is written down: the
 * same events are applied again. What was removed is passed over, as visits are; of a turn the last
 * row says that its rows are there. Its key names the event, so the same row is never there twice,
 * though a queue may be removed and made again within a quarter of an hour. */

enum { TRIM_ROWS = 2048, ENTRY_HEAD = INTERVAL_KEY + sizeof(uint32_t) };

bool intervals_open(struct intervals *v)
{
    v->pending = malloc(INTERVALS_PENDING);
    return v->pending != NULL;
}

void intervals_close(struct intervals *v)
{
    free(v->pending);
}

/* ---- who is removed ------------------------------------------------------------------------- */

void intervals_note(struct intervals *v, const struct acd_engine *before, acd_time at,
                    uint64_t sequence, const struct acd_event *event)
{
    bool queue = event->code == ACD_EVENT_queue_removed;
    struct interval_key key = {.sequence = sequence,
                               .of = queue ? INTERVAL_QUEUE : INTERVAL_AGENT,
                               .slot = queue ? event->as.queue_removed.queue.slot
                                             : event->as.agent_removed.agent.slot};
    uint8_t *entry = v->pending + v->used;
    uint32_t len;

    ACD_ASSERT(INTERVALS_PENDING - v->used >= ENTRY_HEAD + INTERVAL_VALUE_MAX);
    if (acd_interval_start(before) == ACD_FOREVER)
        return; /* none are kept yet */
    len = (uint32_t)interval_value(before, &key, at, entry + ENTRY_HEAD);
    (void)interval_key_put(entry, &key);
    memcpy(entry + INTERVAL_KEY, &len, sizeof len);
    v->used += ENTRY_HEAD + len;
}

bool intervals_next(const struct intervals *v, size_t *at, struct store_bytes *key,
                    struct store_bytes *value)
{
    const uint8_t *entry = v->pending + *at;
    uint32_t len;

    if (*at == v->used)
        return false;
    memcpy(&len, entry + INTERVAL_KEY, sizeof len);
    *key = (struct store_bytes){entry, INTERVAL_KEY};
    *value = (struct store_bytes){entry + ENTRY_HEAD, len};
    *at += ENTRY_HEAD + len;
    return true;
}

bool intervals_turn(struct intervals *v, const struct acd_engine *before,
                    const struct acd_frame *frame)
{
    uint16_t code;

    if (acd_record_peek(frame->bytes, frame->len, &code) > 0 && code == ACD_EVENT_interval_turned &&
        frame->first_sequence > v->turned_by) {
        v->turning = before;
        v->turned_by = frame->first_sequence;
    }
    return v->turning != NULL;
}

/* ---- the turn ------------------------------------------------------------------------------- */

/* Rows of one kind, in the order of slots. */
struct turn {
    const struct acd_engine *e;
    struct store_txn *t;
    uint64_t sequence;
    bool everybody;
};

static int turn_put(const struct turn *turn, enum interval_of of, uint32_t slot)
{
    struct interval_key key = {.sequence = turn->sequence, .of = (uint8_t)of, .slot = slot};
    uint8_t bytes[INTERVAL_KEY], value[INTERVAL_VALUE_MAX];
    size_t len = interval_value(turn->e, &key, 0, value);

    return store_append(turn->t, HISTORY_INTERVALS, interval_key_put(bytes, &key),
                        (struct store_bytes){value, len});
}

static bool queue_waits(const struct acd_engine *e, acd_queue_id id)
{
    struct acd_view_queue v;

    return acd_queue_view(e, id, &v) == ACD_OK && v.waiting > 0;
}

static int turn_queues(const struct turn *turn)
{
    acd_queue_id id = acd_queue_from(turn->e, 0), counted = acd_queue_counted_from(turn->e, 0);
    int error = 0;

    while (error == 0 && (turn->everybody ? id : counted).gen != 0) {
        if (!turn->everybody)
            id = counted;
        if (id.slot == counted.slot || queue_waits(turn->e, id))
            error = turn_put(turn, INTERVAL_QUEUE, id.slot);
        if (id.slot == counted.slot)
            counted = acd_queue_counted_from(turn->e, id.slot + 1);
        id = acd_queue_from(turn->e, id.slot + 1);
    }
    return error;
}

static bool agent_is_there(const struct acd_engine *e, acd_agent_id id)
{
    struct acd_view_agent v;

    return acd_agent_view(e, id, &v) == ACD_OK && v.activity != ACD_ACTIVITY_LOGGED_OUT;
}

static int turn_agents(const struct turn *turn)
{
    acd_agent_id id = acd_agent_from(turn->e, 0), counted = acd_agent_counted_from(turn->e, 0);
    int error = 0;

    while (error == 0 && (turn->everybody ? id : counted).gen != 0) {
        if (!turn->everybody)
            id = counted;
        if (id.slot == counted.slot || agent_is_there(turn->e, id))
            error = turn_put(turn, INTERVAL_AGENT, id.slot);
        if (id.slot == counted.slot)
            counted = acd_agent_counted_from(turn->e, id.slot + 1);
        id = acd_agent_from(turn->e, id.slot + 1);
    }
    return error;
}

int intervals_turn_before(struct store_txn *t, struct store_bytes key, struct interval_key *found)
{
    struct store_bytes at = key, value;
    uint8_t bytes[INTERVAL_KEY];
    struct interval_row row = {.removed = true};
    int error = 0;

    while (error == 0 && row.removed) {
        error = store_before(t, HISTORY_INTERVALS, at, &at, &value);
        if (error == 0 && !interval_row_get(at, value, &row))
            return store_damaged(t, "a row of its intervals");
        if (error == 0)
            at = interval_key_put(bytes, &row.key);
    }
    *found = row.key;
    return error;
}

static int turn_write(const struct intervals *v, struct store_txn *t)
{
    struct turn turn = {v->turning, t, v->turned_by, true};
    uint32_t number = (uint32_t)(acd_interval_start(v->turning) / INTERVAL_SPAN);
    struct interval_key last = {.number = 0};
    int error = intervals_turn_before(t, (struct store_bytes){NULL, 0}, &last);

    if (error == 0 && last.sequence >= v->turned_by)
        return 0; /* before a kill */
    if (error == 0)
        turn.everybody = last.number / INTERVALS_A_DAY != number / INTERVALS_A_DAY;
    if (error == 0 || error == STORE_NOT_FOUND)
        error = turn_queues(&turn);
    return error == 0 ? turn_agents(&turn) : error;
}

int intervals_flush(const struct intervals *v, struct store_txn *t)
{
    struct store_bytes key, value;
    int error = 0;

    for (size_t at = 0; error == 0 && intervals_next(v, &at, &key, &value);)
        error = store_put(t, HISTORY_INTERVALS, key, value);
    return error == 0 && v->turning != NULL ? turn_write(v, t) : error;
}

void intervals_flushed(struct intervals *v)
{
    v->turning = NULL;
    v->used = 0;
}

/* ---- forgetting ----------------------------------------------------------------------------- */

/* By whole days, so that what is left begins with a row of everybody. */
int intervals_trim(struct store_txn *t, acd_time before, bool *more)
{
    uint32_t first =
        before <= 0 ? 0 : (uint32_t)(before / (INTERVALS_A_DAY * INTERVAL_SPAN)) * INTERVALS_A_DAY;
    int error = 0;

    *more = true;
    for (int rows = 0; rows < TRIM_ROWS && *more && error == 0; rows++) {
        struct store_bytes key, value;
        uint8_t row[INTERVAL_KEY];
        struct interval_key k;

        error =
            store_at_or_after(t, HISTORY_INTERVALS, (struct store_bytes){NULL, 0}, &key, &value);
        *more = error == 0 && (!interval_key_get(key, &k) || k.number < first);
        if (*more && key.len <= sizeof row) {
            memcpy(row, key.data, key.len); /* deleting may move it */
            error = store_delete(t, HISTORY_INTERVALS, (struct store_bytes){row, key.len});
        }
    }
    return error == STORE_NOT_FOUND ? 0 : error;
}
