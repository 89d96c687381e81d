/* A store looked after: images and trimming, verify, copies, compaction, other limits. */

#include <criterion/criterion.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "persist/format.h"
#include "persist/reader.h"
#include "persist/rows.h"
#include "persist/store.h"
#include "tests/persist/site.h"

static struct acd_reader *reader(const char *directory)
{
    struct acd_reader *r;

    cr_assert_eq(acd_reader_open_directory(&r, directory), ACD_OK, "%s", acd_persist_error(NULL));
    return r;
}

struct replay {
    struct acd_engine *e;
    uint64_t frames;
};

static bool replay_frame(void *ctx, uint32_t epoch, const struct acd_frame *frame)
{
    struct replay *replay = ctx;

    (void)epoch;
    cr_assert_eq(acd_apply_frame(replay->e, frame), ACD_OK);
    replay->frames++;
    return true;
}

/* The journal from its beginning, folded into an empty engine, is the live engine's state; and so
 * is the follower's, which the tables hold. */
Test(persist_care, replay_is_the_state)
{
    for (uint64_t seed = 10; seed < 14; seed++) {
        struct site s = site_make(seed);
        struct replay replay = {.frames = 0};
        struct acd_reader *r;
        uint64_t after = 0;
        int frames;

        site_open(&s);
        site_run(&s, 1500);
        site_settle(&s);
        cr_assert_eq(acd_open(&replay.e, &(struct acd_config){.limits = s.options.limits}), ACD_OK);
        cr_assert_eq(acd_reader_open(&r, s.p), ACD_OK);
        while ((frames = acd_journal_read(r, &after, 1000, replay_frame, &replay)) > 0)
            ;
        cr_assert_eq(frames, 0);
        cr_assert_eq(after, acd_position(s.e).sequence);
        cr_assert_gt(replay.frames, 1000);
        cr_assert(same_state(s.e, replay.e));
        acd_reader_close(r);
        acd_close(replay.e);
        site_close(&s);
        cr_assert_eq(site_faults(&s), 0);
        site_remove(&s);
    }
}

/* Images are written slice by slice beside everything else; two are kept, and the journal behind
 * them goes. A replay from before says from where on there is one. */
Test(persist_care, images_and_trimming)
{
    struct site s = site_make(20);
    struct replay replay = {.frames = 0};
    struct acd_persist_figures f;
    struct acd_reader *r;
    uint64_t oldest, last, after = 0;

    s.options.checkpoint_interval = s.options.image_interval = 1;
    s.step_every = 2;
    site_open(&s);
    site_run(&s, 1500);
    site_settle(&s);
    f = acd_persist_figures(s.p);
    cr_assert_gt(f.images, 10);
    cr_assert_gt(f.journal_oldest, 1000);
    cr_assert_eq(acd_reader_open(&r, s.p), ACD_OK);
    cr_assert_eq(acd_journal_range(r, &oldest, &last), ACD_OK);
    cr_assert_eq(oldest, f.journal_oldest);
    cr_assert_eq(last, acd_position(s.e).sequence);
    cr_assert_eq(acd_journal_read(r, &after, 1, replay_frame, &replay), ACD_STALE);
    after = oldest - 2;
    cr_assert_eq(acd_journal_read(r, &after, 1, replay_frame, &replay), ACD_STALE);
    acd_reader_close(r);
    site_close(&s);
    site_shell(&s, "test $(ls '%s' | grep -c '^image-') = 2");
    cr_assert_eq(site_faults(&s), 0);
    site_open(&s);
    site_close(&s);
    site_remove(&s);
}

/* ---- planted faults ------------------------------------------------------------------------- */

static struct store *tables_of(const struct site *s, const char *file, const char *const *names,
                               size_t count)
{
    char path[128];
    struct store *store;

    snprintf(path, sizeof path, "%s/%s", s->directory, file);
    cr_assert_eq(store_open(&store, &(struct store_options){.path = path,
                                                            .tables = names,
                                                            .table_count = count,
                                                            .map_bytes = 1 << 26}),
                 0);
    return store;
}

static struct store_txn *begin(struct store *s)
{
    struct store_txn *t;

    cr_assert_eq(store_begin(s, true, &t), 0);
    return t;
}

/* One agent has been handled one call more, with a right checksum: only a fold can tell. */
static void plant_row(const struct site *s)
{
    struct store *store = tables_of(s, "tables.mdb", tables_names, TABLES_COUNT);
    struct store_txn *t = begin(store);
    struct acd_config config = {.limits = s->options.limits};
    struct store_bytes key, value;
    struct acd_row_agent agent;
    struct acd_engine *e;
    uint8_t bytes[ROW_VALUE_MAX], record[ACD_RECORD_MAX];
    struct row_key at;
    struct row row;
    size_t len;

    cr_assert_eq(store_at_or_after(t, TABLES_ROWS, row_key(&at, ACD_TABLE_AGENTS, 0), &key, &value),
                 0);
    cr_assert(row_read(key, value, &row));
    cr_assert_gt(acd_record_row_agent.decode(row.record, row.len, &agent), 0);
    agent.calls_today++;
    len = acd_record_row_agent.encode(&agent, record);
    cr_assert_eq(acd_open(&e, &config), ACD_OK);
    cr_assert_eq(acd_load_row(e, ACD_TABLE_AGENTS, row.key, record, len), ACD_OK);
    len = row_value(e, ACD_TABLE_AGENTS, row.key, bytes);
    cr_assert_eq(store_put(t, TABLES_ROWS, row_key(&at, ACD_TABLE_AGENTS, row.key),
                           (struct store_bytes){bytes, len}),
                 0);
    cr_assert_eq(store_commit(t), 0);
    store_close(store);
    acd_close(e);
}

static void plant_missing(const struct site *s, const char *file, const char *const *names,
                          size_t count, size_t table, bool first)
{
    struct store *store = tables_of(s, file, names, count);
    struct store_txn *t = begin(store);
    struct store_bytes key, value, none = {NULL, 0};
    uint8_t copy[64];

    cr_assert_eq(first ? store_at_or_after(t, table, none, &key, &value)
                       : store_before(t, table, none, &key, &value),
                 0);
    memcpy(copy, key.data, key.len);
    cr_assert_eq(store_delete(t, table, (struct store_bytes){copy, key.len}), 0);
    cr_assert_eq(store_commit(t), 0);
    store_close(store);
}

static struct site grown(uint64_t seed)
{
    struct site s = site_make(seed);

    site_open(&s);
    site_run(&s, 600);
    site_close(&s);
    cr_assert_eq(site_faults(&s), 0);
    return s;
}

Test(persist_care, verify_finds_a_changed_row)
{
    struct site s = grown(30);

    plant_row(&s);
    cr_assert_eq(site_faults(&s), 1);
    site_remove(&s);
}

Test(persist_care, verify_finds_what_is_missing)
{
    static const struct {
        const char *file;
        const char *const *names;
        size_t count, table;
        bool first;
    } plants[] = {
        {"tables.mdb", tables_names, TABLES_COUNT, TABLES_ROWS, false},
        {"tables.mdb", tables_names, TABLES_COUNT, TABLES_ROWS, true},
        {"journal.mdb", journal_names, JOURNAL_COUNT, JOURNAL_BATCHES, true},
        {"journal.mdb", journal_names, JOURNAL_COUNT, JOURNAL_BATCHES, false},
        {"history.mdb", history_names, HISTORY_COUNT, HISTORY_VISITS, false},
        {"history.mdb", history_names, HISTORY_COUNT, HISTORY_HEADS, true},
        {"history.mdb", history_names, HISTORY_COUNT, HISTORY_HEADS, false},
    };

    for (size_t i = 0; i < sizeof plants / sizeof plants[0]; i++) {
        struct site s = grown(40 + i);

        plant_missing(&s, plants[i].file, plants[i].names, plants[i].count, plants[i].table,
                      plants[i].first);
        cr_assert_gt(site_faults(&s), 0, "%s", plants[i].file);
        site_remove(&s);
    }
}

/* ---- copies ------------------------------------------------------------------------------- */

static struct acd_engine *state_of(struct site *s)
{
    struct acd_engine *e;

    site_open(s);
    e = s->e;
    cr_assert_eq(acd_persist_close(s->p), ACD_OK);
    return e;
}

static uint32_t epoch_of(const struct site *s)
{
    struct store *store = tables_of(s, "tables.mdb", tables_names, TABLES_COUNT);
    struct store_txn *t = begin(store);
    struct format_meta meta;
    uint32_t format;

    cr_assert_eq(format_meta_get(t, &meta, &format), 0);
    store_abort(t);
    store_close(store);
    return meta.epoch;
}

/* A copy of a running store is what was durable, is whole, goes on by itself, and never takes the
 * original's ring; copied once more it is a restore. */
Test(persist_care, copy_and_restore)
{
    struct site s = site_make(50), backup = site_make(51), restored = site_make(52);
    struct acd_reader *r;
    struct acd_engine *original;
    uint32_t epoch;

    cr_assert(rmdir(backup.ring) == 0 && rmdir(restored.ring) == 0);
    memcpy(backup.ring, s.ring, sizeof s.ring);
    memcpy(restored.ring, s.ring, sizeof s.ring);
    site_open(&s);
    site_run(&s, 500);
    site_settle(&s);
    cr_assert_eq(acd_reader_open(&r, s.p), ACD_OK);
    cr_assert_eq(acd_store_copy(r, s.directory), ACD_EXISTS);
    cr_assert_not_null(strstr(acd_persist_error(NULL), "not empty"));
    cr_assert_eq(acd_store_copy(r, backup.directory), ACD_OK, "%s", acd_persist_error(NULL));
    acd_reader_close(r);
    cr_assert_eq(site_faults(&backup), 0);

    r = reader(backup.directory);
    cr_assert_eq(acd_store_copy(r, restored.directory), ACD_OK);
    acd_reader_close(r);
    original = s.e;
    site_open(&restored);
    cr_assert(acd_persist_recovery(restored.p).clean);
    epoch = acd_position(restored.e).epoch;
    cr_assert(epoch != 0 && epoch != acd_position(original).epoch && epoch != epoch_of(&backup));
    cr_assert_eq(acd_persist_recovery(restored.p).last.sequence, acd_position(original).sequence);
    cr_assert(same_state(original, restored.e));
    site_run(&restored, 200);
    site_run(&s, 100); /* both at once: each has its own ring */
    site_close(&restored);
    site_close(&s);
    cr_assert_eq(site_faults(&restored), 0);
    cr_assert_eq(site_faults(&s), 0);
    site_remove(&s);
    site_remove(&backup);
    site_remove(&restored);
}

static void copy_files(const struct site *from, const struct site *to)
{
    char command[256];

    snprintf(command, sizeof command, "cp '%s'/* '%s'", from->directory, to->directory);
    cr_assert_eq(system(command), 0);
}

/* Images are made and the journal is trimmed while tables are copied: what is copied would lead
 * nowhere, which is said, and it is never taken for a store. */
Test(persist_care, copy_that_took_too_long)
{
    struct site s = site_make(63), early = site_make(64), copy = site_make(65);
    struct acd_reader *then, *now;
    struct store *journal;

    s.options.checkpoint_interval = s.options.image_interval = 1;
    s.step_every = 2;
    site_open(&s);
    site_run(&s, 300);
    site_close(&s);
    copy_files(&s, &early);
    site_open(&s);
    site_run(&s, 600);
    site_close(&s);
    then = reader(early.directory);
    now = reader(s.directory);
    journal = then->journal;
    then->journal = now->journal;
    cr_assert_eq(acd_store_copy(then, copy.directory), ACD_STALE);
    cr_assert_not_null(strstr(acd_persist_error(NULL), "copy again"));
    then->journal = journal;
    acd_reader_close(then);
    acd_reader_close(now);
    cr_assert_eq(acd_reader_open_directory(&now, copy.directory), ACD_INVALID);
    site_remove(&s);
    site_remove(&early);
    site_remove(&copy);
}

/* What is restored twice from one backup goes on in another epoch each time: who follows the first
 * takes nothing that happens in the second for its own. */
Test(persist_care, restored_twice)
{
    struct site s = site_make(53), first = site_make(54), second = site_make(55);
    struct acd_reader *r;
    uint32_t epochs[3];

    site_open(&s);
    site_run(&s, 50);
    site_close(&s);
    r = reader(s.directory);
    cr_assert_eq(acd_store_copy(r, first.directory), ACD_OK);
    cr_assert_eq(acd_store_copy(r, second.directory), ACD_OK);
    acd_reader_close(r);
    epochs[0] = epoch_of(&s);
    epochs[1] = epoch_of(&first);
    epochs[2] = epoch_of(&second);
    cr_assert(epochs[1] != epochs[0] && epochs[2] != epochs[0] && epochs[1] != epochs[2]);
    site_remove(&s);
    site_remove(&first);
    site_remove(&second);
}

/* A copy is refused as long as it is not whole, however much of it there is: what stands there may
 * look like a new store. */
Test(persist_care, copy_that_was_not_finished)
{
    struct site s = site_make(57), copy = site_make(58);
    struct acd_reader *r;
    char mark[80];

    site_open(&s);
    site_run(&s, 200);
    site_close(&s);
    r = reader(s.directory);
    (void)snprintf(mark, sizeof mark, "%s/copy.unfinished", copy.directory);
    cr_assert_eq(acd_store_copy(r, copy.directory), ACD_OK);
    cr_assert_neq(access(mark, F_OK), 0);
    acd_reader_close(r);

    site_shell(&copy, "touch %s/copy.unfinished; rm %s/tables.mdb");
    cr_assert_eq(site_try(&copy), ACD_INVALID);
    cr_assert_not_null(strstr(acd_persist_error(NULL), "was not finished"));
    cr_assert_eq(acd_reader_open_directory(&r, copy.directory), ACD_INVALID);
    site_remove(&s);
    site_remove(&copy);
}

/* Compaction gives room back, and everything else stays. */
Test(persist_care, compact)
{
    struct site s = site_make(60);
    uint64_t before, after;
    struct acd_engine *was, *is;

    s.options.checkpoint_interval = s.options.image_interval = 1;
    s.options.history_retention = 100 * ACD_SECOND;
    site_open(&s);
    s.step_every = 20;
    site_run(&s, 2000);
    cr_assert_eq(acd_store_compact(s.directory, NULL, NULL), ACD_STATE);
    site_close(&s);
    was = state_of(&s);
    cr_assert_eq(acd_store_compact(s.directory, &before, &after), ACD_OK, "%s",
                 acd_persist_error(NULL));
    cr_assert_lt(after, before);
    cr_assert_eq(site_faults(&s), 0);
    is = state_of(&s);
    cr_assert(same_state(was, is));
    acd_close(was);
    acd_close(is);
    site_remove(&s);
}

/* One commit more, so that LMDB's counter of each file is even where it was odd. */
static void commit_once_more(const struct site *s)
{
    static const struct {
        const char *file;
        const char *const *names;
        size_t count;
    } all[] = {
        {"tables.mdb", tables_names, TABLES_COUNT},
        {"history.mdb", history_names, HISTORY_COUNT},
        {"journal.mdb", journal_names, JOURNAL_COUNT},
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct store *store = tables_of(s, all[i].file, all[i].names, all[i].count);
        struct store_txn *t = begin(store);
        struct store_bytes key = {"store", 5}, value;
        uint8_t row[256];

        cr_assert_eq(store_get(t, 0, key, &value), 0);
        memcpy(row, value.data, value.len);
        cr_assert_eq(store_put(t, 0, key, (struct store_bytes){row, value.len}), 0);
        cr_assert_eq(store_commit(t), 0);
        store_close(store);
    }
}

/* A process that reads the store until `until` is closed; it has it open when this returns. */
static pid_t read_beside(const struct site *s, int *until)
{
    int begun[2], over[2];
    char byte;
    pid_t child;

    cr_assert(pipe(begun) == 0 && pipe(over) == 0);
    child = fork();
    if (child == 0) {
        struct acd_reader *r;

        close(over[1]);
        if (acd_reader_open_directory(&r, s->directory) == ACD_OK && write(begun[1], "", 1) == 1)
            (void)!read(over[0], &byte, 1);
        _exit(0);
    }
    close(begun[1]);
    close(over[0]);
    cr_assert_eq(read(begun[0], &byte, 1), 1);
    close(begun[0]);
    *until = over[1];
    return child;
}

/* LMDB's table of readers outlives the file as long as a process has it open, and says which of the
 * two meta pages holds: that is true of the new file too. */
Test(persist_care, compact_beside_a_reader)
{
    for (int more = 0; more < 2; more++) {
        struct site s = grown(62);
        struct acd_engine *was, *is;
        pid_t child;
        int until;

        was = state_of(&s);
        if (more > 0)
            commit_once_more(&s);
        child = read_beside(&s, &until);
        cr_assert_eq(acd_store_compact(s.directory, NULL, NULL), ACD_OK);
        is = state_of(&s);
        cr_assert(same_state(was, is));
        close(until);
        cr_assert_eq(waitpid(child, NULL, 0), child);
        cr_assert_eq(site_faults(&s), 0);
        acd_close(was);
        acd_close(is);
        site_remove(&s);
    }
}

/* Where no store is nothing is left behind. */
Test(persist_care, compact_what_is_none)
{
    struct site s = site_make(61);
    uint64_t before, after;

    cr_assert_eq(acd_store_compact(s.directory, &before, &after), ACD_SYSTEM);
    cr_assert_not_null(strstr(acd_persist_error(NULL), "see that it is there"));
    site_shell(&s, "rmdir '%s'");
    site_remove(&s);
}

/* ---- other limits --------------------------------------------------------------------------- */

/* Greater limits, after a clean stop and after a kill: the same centre goes on, and keys of ended
 * calls are still known, though their ring has another length. */
Test(persist_care, limits_may_grow)
{
    struct site s = site_make(70);
    struct acd_view_outcome o;
    struct acd_engine *before;
    struct acd_command again = {.code = ACD_COMMAND_hangup};
    char key[16] = "";
    struct acd_reader *r;
    struct acd_view_visit v;
    uint8_t bytes[ACD_RECORD_MAX];
    uint64_t cursor = 0;

    s.options.limits.ended_calls = 16;
    s.step_every = 0;
    site_die(&s, 400);
    before = state_of(&s);
    s.step_every = 3;
    site_die(&s, 200);
    s.options.limits =
        (struct acd_limits){.agents = 9, .queues = 5, .calls = 80, .ended_calls = 50, .clients = 3};
    site_open(&s);
    site_close(&s);
    cr_assert_eq(site_faults(&s), 0);
    r = reader(s.directory);
    cr_assert_gt(
        acd_history_read(r, &(struct acd_history_query){.limit = 1, .disposition = ACD_CALL_LOST},
                         &cursor, bytes, sizeof bytes),
        0);
    cr_assert_gt(acd_record_view_visit.decode(bytes, sizeof bytes, &v), 0);
    snprintf(key, sizeof key, "%.*s", (int)v.key.len, v.key.data);
    acd_reader_close(r);

    site_open(&s);
    site_run(&s, 0); /* the gateway is there */
    again.as.hangup.key = acd_str(key);
    acd_execute(s.e, acd_now(s.e), acd_client_named(s.e, acd_str("gw")), 0, &again, &o);
    cr_assert_eq(o.error, ACD_GONE, "%s: %s", key, acd_error_name(o.error));
    site_run(&s, 400);
    site_close(&s);
    cr_assert_eq(site_faults(&s), 0);
    s.options.limits.ended_calls = 4;
    cr_assert_eq(site_try(&s), ACD_FULL);
    cr_assert_not_null(strstr(acd_persist_error(NULL), "greater limits"));
    s.options.limits.ended_calls = 50;
    site_open(&s);
    site_close(&s);
    acd_close(before);
    site_remove(&s);
}
