/* Every format that was ever released can be opened. tests/data/format-<n> holds a store of each,
 * frozen, and in contents.txt what a reader then saw: all rows of the state, all events, all
 * visits, in words. Fields added since stand at the end of a line, and what they are then is not
 * looked at.
 *
 * usage: test_persist_format DATA             opens and compares each
 *        test_persist_format --write DIR      makes such a directory in the format of now
 *
 * The store is one of which the machine lost its power between two checkpoints. */

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "persist/format.h"
#include "tests/model/dump.h"
#include "tests/persist/site.h"

static const struct acd_limits limits = {
    .agents = 8, .queues = 4, .calls = 64, .clients = 2, .outbox_bytes = 4096};

/* ---- in words ----------------------------------------------------------------------------- */

static void print_state(FILE *out, const struct acd_engine *e)
{
    uint8_t row[ACD_RECORD_MAX];

    for (enum acd_table t = 0; t < ACD_TABLE_COUNT; t++)
        for (uint64_t key = 0; acd_row_next(e, t, &key); key++) {
            fprintf(out, "table %d key %" PRIu64, (int)t, key);
            print_records(out, row, acd_row_write(e, t, key, row));
        }
}

static bool print_frame(void *out, uint32_t epoch, const struct acd_frame *frame)
{
    fprintf(out, "epoch %" PRIu32 " event %" PRIu64 " at %" PRId64 "\n", epoch,
            frame->first_sequence, frame->at);
    print_records(out, frame->bytes, frame->len);
    return true;
}

static void print_history(FILE *out, struct acd_reader *r, struct acd_history_query q)
{
    static uint8_t page[ACD_RECORD_MAX * 4];
    uint64_t cursor = 0;
    int bytes;

    do {
        bytes = acd_history_read(r, &q, &cursor, page, sizeof page);
        CHECK(bytes >= 0);
        print_records(out, page, (size_t)bytes);
    } while (cursor != 0);
}

static void print_store(FILE *out, const struct site *s)
{
    struct acd_reader *r;
    uint64_t after = 0;

    CHECK(acd_reader_open(&r, s->p) == ACD_OK);
    fprintf(out, "state\n");
    print_state(out, s->e);
    fprintf(out, "journal\n");
    while (acd_journal_read(r, &after, 4096, print_frame, out) > 0)
        ;
    fprintf(out, "history\n");
    print_history(out, r, (struct acd_history_query){.limit = 0});
    fprintf(out, "history of ann\n");
    print_history(out, r, (struct acd_history_query){.agent = acd_str("ann")});
    acd_reader_close(r);
}

/* ---- opening ------------------------------------------------------------------------------ */

static char *file_text(const char *path)
{
    FILE *f = fopen(path, "re");
    char *text = calloc(1, 1 << 20);
    size_t len;

    CHECK(f != NULL && text != NULL);
    len = fread(text, 1, (1 << 20) - 1, f);
    CHECK(len > 0 && feof(f));
    CHECK(fclose(f) == 0);
    return text;
}

/* Whether each line begins as it should, and goes on with other fields at most; says which does
 * not. */
static bool same_text(const char *expected, const char *got)
{
    while (*expected != '\0') {
        size_t len = strcspn(expected, "\n"), have = strcspn(got, "\n");

        if (have < len || memcmp(expected, got, len) != 0 || (have > len && got[len] != ' ')) {
            fprintf(stderr, "expected: %.*s\ngot:      %.*s\n", (int)len, expected, (int)have, got);
            return false;
        }
        expected += len + 1;
        got += have + 1;
    }
    return *got == '\0';
}

static void open_frozen(const char *directory)
{
    struct site s = site_make(1);
    char command[512], path[256], *got, *expected;
    size_t len;
    FILE *out = open_memstream(&got, &len);

    fprintf(stderr, "%s\n", directory);
    s.options.limits = limits;
    snprintf(command, sizeof command, "cp '%s'/store/* '%s'", directory, s.directory);
    CHECK(system(command) == 0);
    site_open(&s);
    CHECK(acd_persist_recovery(s.p).truncated && acd_persist_recovery(s.p).journal_events > 10);
    CHECK(acd_position(s.e).epoch == 2);
    print_store(out, &s);
    CHECK(fclose(out) == 0);
    snprintf(path, sizeof path, "%s/contents.txt", directory);
    expected = file_text(path);
    CHECK(same_text(expected, got));
    s.calls = 1000;
    site_run(&s, 200);
    site_close(&s);
    CHECK(site_faults(&s) == 0);
    free(expected);
    free(got);
    site_remove(&s);
}

/* ---- making ------------------------------------------------------------------------------- */

/* As if it had been opened by another machine. */
static void other_boot(const char *directory)
{
    char path[600];
    struct store *store;
    struct store_txn *t;
    struct format_meta meta;
    uint32_t format;

    snprintf(path, sizeof path, "%s/tables.mdb", directory);
    CHECK(store_open(&store, &(struct store_options){.path = path,
                                                     .tables = tables_names,
                                                     .table_count = TABLES_COUNT,
                                                     .map_bytes = 1 << 26}) == 0);
    CHECK(store_begin(store, true, &t) == 0);
    CHECK(format_meta_get(t, &meta, &format) == 0);
    memset(meta.boot, 0xb0, sizeof meta.boot);
    CHECK(format_meta_put(t, meta) == 0 && store_commit(t) == 0);
    store_close(store);
}

static int write_frozen(const char *directory)
{
    struct site s = site_make(2026);
    char command[512], path[256];
    FILE *out;

    s.options.limits = limits;
    s.options.checkpoint_interval = s.options.image_interval = 1;
    s.step_every = 4;
    site_open(&s);
    site_run(&s, 60);
    site_settle(&s);
    site_close(&s);
    s.options.checkpoint_interval = s.options.image_interval = 3600 * ACD_SECOND;
    site_open(&s);
    site_run(&s, 40);
    site_settle(&s);
    snprintf(path, sizeof path, "%s/contents.txt", directory);
    snprintf(command, sizeof command,
             "mkdir -p '%s/store' && cp '%s'/*.mdb '%s'/image-* '%s/store'", directory, s.directory,
             s.directory, directory);
    CHECK(system(command) == 0);
    snprintf(command, sizeof command, "%s/store", directory);
    other_boot(command);
    CHECK(acd_store_compact(command, NULL, NULL) == ACD_OK);
    snprintf(command, sizeof command, "rm -f '%s'/store/*-lock '%s'/store/lock", directory,
             directory);
    CHECK(system(command) == 0);
    CHECK(acd_persist_step(s.p) >= 0);
    site_close(&s);
    site_remove(&s);

    /* What is seen of it is what a start makes of it. */
    s = site_make(1);
    s.options.limits = limits;
    snprintf(command, sizeof command, "cp '%s'/store/* '%s'", directory, s.directory);
    CHECK(system(command) == 0);
    site_open(&s);
    out = fopen(path, "we");
    CHECK(out != NULL);
    print_store(out, &s);
    CHECK(fclose(out) == 0);
    site_close(&s);
    site_remove(&s);
    return 0;
}

int main(int argc, char **argv)
{
    char directory[200];
    struct stat st;

    CHECK(argc > 1);
    if (argc > 2 && strcmp(argv[1], "--write") == 0)
        return write_frozen(argv[2]);
    for (unsigned format = 1; format <= FORMAT_VERSION; format++) {
        snprintf(directory, sizeof directory, "%s/format-%u", argv[1], format);
        CHECK(stat(directory, &st) == 0);
        open_frozen(directory);
    }
    return 0;
}
