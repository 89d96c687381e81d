#include "persist/agent_teams.h"

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "persist/format.h"
#include "persist/persist.h"
#include "persist/reader.h"
#include "persist/rows.h"

/* Agents' teams, out of the rows of the last checkpoint and what the journal has behind it.
 *
 * Happy path: rows are read some at a time, so they may be newer than the mark that was read before
 * them; what the journal has from that mark on states of each agent what it is, so it ends with
 * what is so in any case. Failure modes: no memory, a damaged row: told. */

enum { ROWS_OF_SLICE = 4096, JOURNAL_BYTES = 1 << 20 };

struct loading {
    struct agent_teams *teams;
    uint64_t from; /* the next row */
    bool no_memory;
};

void agent_teams_fini(struct agent_teams *t)
{
    free(t->all);
    *t = (struct agent_teams){.all = NULL};
}

/* ---- by slot -------------------------------------------------------------------------------- */

static struct agent_team *slot_of(struct loading *l, uint32_t slot)
{
    struct agent_teams *t = l->teams;
    size_t count = slot < t->count ? t->count : 2 * (size_t)slot + 64;
    struct agent_team *all = t->all;

    if (count > t->count) {
        all = realloc(t->all, count * sizeof *all);
        l->no_memory = all == NULL;
        if (all == NULL)
            return NULL;
        memset(all + t->count, 0, (count - t->count) * sizeof *all);
        t->all = all;
        t->count = count;
    }
    return &all[slot];
}

static bool team_put(struct loading *l, uint32_t slot, struct acd_str name, struct acd_str team)
{
    struct agent_team *a = slot_of(l, slot);

    if (a == NULL)
        return false;
    ACD_ASSERT(name.len <= sizeof a->name && team.len <= sizeof a->team);
    a->name_len = name.len;
    a->team_len = team.len;
    if (name.len > 0)
        memcpy(a->name, name.data, name.len);
    if (team.len > 0)
        memcpy(a->team, team.data, team.len);
    return true;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static int row_wrong(const struct loading *l, const struct acd_reader *r)
{
    if (l->no_memory)
        return persist_fault(NULL, ACD_NO_MEMORY, "no memory for the teams of agents");
    return persist_fault(NULL, ACD_INVALID,
                         "%s/tables.mdb: a row of an agent is damaged; restore a backup",
                         r->directory);
}

static int row_take(struct loading *l, const struct acd_reader *r, struct store_bytes key,
                    struct store_bytes value)
{
    struct acd_row_agent v;
    struct row row;

    if (!row_read(key, value, &row) || acd_record_row_agent.decode(row.record, row.len, &v) < 0 ||
        !team_put(l, v.agent.slot, v.name, v.team))
        return row_wrong(l, r);
    l->from = row.key + 1;
    return ACD_OK;
}

static bool is_agent(struct store_bytes key)
{
    return key.len > 0 && *(const uint8_t *)key.data == ACD_TABLE_AGENTS;
}

/* Some rows: 1: there may be more. */
static int slice(struct loading *l, struct acd_reader *r)
{
    struct row_key from;
    struct store_bytes key, value;
    struct store_txn *t;
    int found = store_begin(r->tables, false, &t), rows = 0, error = ACD_OK;

    if (found != 0)
        return persist_store_error(NULL, found);
    found =
        store_at_or_after(t, TABLES_ROWS, row_key(&from, ACD_TABLE_AGENTS, l->from), &key, &value);
    while (found == 0 && error == ACD_OK && rows < ROWS_OF_SLICE && is_agent(key)) {
        error = row_take(l, r, key, value);
        rows++;
        found = store_next(t, TABLES_ROWS, &key, &value);
    }
    store_abort(t);
    if (error == ACD_OK && found != 0 && found != STORE_NOT_FOUND)
        error = persist_store_error(NULL, found);
    return error != ACD_OK ? error : rows == ROWS_OF_SLICE;
}

/* ---- the journal ---------------------------------------------------------------------------- */

static bool on_frame(void *ctx, uint32_t epoch, const struct acd_frame *frame)
{
    static const struct acd_str nothing = {NULL, 0};
    struct loading *l = ctx;
    struct acd_event v;
    bool fits = true;

    (void)epoch;
    for (size_t at = 0; fits && at < frame->len;) {
        uint16_t code;
        int size = acd_record_peek(frame->bytes + at, frame->len - at, &code);

        ACD_ASSERT(size > 0);
        if (code == ACD_EVENT_agent_set || code == ACD_EVENT_agent_removed)
            ACD_ASSERT(acd_event_decode(frame->bytes + at, (size_t)size, &v) > 0);
        if (code == ACD_EVENT_agent_set)
            fits = team_put(l, v.as.agent_set.agent.slot, v.as.agent_set.name, v.as.agent_set.team);
        if (code == ACD_EVENT_agent_removed)
            fits = team_put(l, v.as.agent_removed.agent.slot, nothing, nothing);
        at += (size_t)size;
    }
    return fits;
}

static int journal_take(struct loading *l, struct acd_reader *r, uint64_t after)
{
    int frames = 1;

    while (frames > 0 && !l->no_memory)
        frames = acd_journal_read(r, &after, JOURNAL_BYTES, on_frame, l);
    return l->no_memory ? row_wrong(l, r) : frames;
}

/* ---- by name -------------------------------------------------------------------------------- */

static int name_order(const struct agent_team *a, struct acd_str name)
{
    size_t len = a->name_len < name.len ? a->name_len : name.len;
    int order = len == 0 ? 0 : memcmp(a->name, name.data, len);

    return order != 0 ? order : (int)a->name_len - (int)name.len;
}

static int by_name(const void *a, const void *b)
{
    const struct agent_team *y = b;

    return name_order(a, (struct acd_str){y->name, y->name_len});
}

int agent_teams_load(struct agent_teams *t, struct acd_reader *r)
{
    struct loading l = {.teams = t};
    struct format_meta meta = {.applied = 0};
    bool there;
    int more = 1, error = persist_meta_read(NULL, r->directory, r->tables, &meta, &there);

    if (error != ACD_OK)
        return error;
    while (more > 0)
        more = slice(&l, r);
    error = more < 0 ? more : journal_take(&l, r, meta.applied);
    if (error == ACD_OK && t->count > 0)
        qsort(t->all, t->count, sizeof *t->all, by_name);
    return error;
}

static int name_find(const void *key, const void *a)
{
    return -name_order(a, *(const struct acd_str *)key);
}

struct acd_str agent_teams_of(const struct agent_teams *t, struct acd_str agent)
{
    const struct agent_team *a =
        t->count == 0 ? NULL : bsearch(&agent, t->all, t->count, sizeof *t->all, name_find);

    return a == NULL ? (struct acd_str){NULL, 0} : (struct acd_str){a->team, a->team_len};
}
