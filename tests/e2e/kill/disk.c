#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "persist/acd_store.h"
#include "tests/e2e/check.h"
#include "tests/e2e/kill/judge.h"
#include "tests/e2e/kill/site.h"

/* The directory without acdd: persist/ alone opens it. */

static void shell(const char *format, const char *ring)
{
    char line[512];

    snprintf(line, sizeof line, "ring='%s'; %s", ring, format);
    CHECK(system(line) == 0);
}

/* It recovers, to at least what was told; nothing in it is broken. */
static void open_and_check(const struct ledger *l, const char *directory, const char *ring)
{
    struct acd_persist_options options = {.directory = directory,
                                          .ring_directory = ring,
                                          .ring_bytes = SITE_RING_BYTES,
                                          .map_bytes = SITE_MAP_BYTES};
    struct acd_persist *p;
    struct acd_engine *e;
    const char *broken;

#define XX(limit, value) options.limits.limit = (value);
    SITE_LIMITS(XX)
#undef XX
    if (!CHECK(acd_persist_open(&p, &e, &options) == ACD_OK)) {
        fprintf(stderr, "%s\n", acd_persist_error(NULL));
        return;
    }
    broken = acd_engine_check(e);
    if (!CHECK(broken == NULL))
        fprintf(stderr, "%s\n", broken);
    CHECK(acd_position(e).epoch == l->heard.epoch);
    CHECK(acd_position(e).sequence >= l->heard.sequence);
    acd_close(e);
    CHECK(acd_persist_close(p) == ACD_OK);
}

static void print_fault(void *ctx, const char *fault)
{
    (void)ctx;
    fprintf(stderr, "%s\n", fault);
}

static void verify(const char *directory)
{
    struct acd_reader *r;
    struct acd_verified v = {.faults = 0};

    if (!CHECK(acd_reader_open_directory(&r, directory) == ACD_OK))
        return;
    CHECK(acd_store_verify(r, print_fault, NULL, &v) == ACD_OK && v.faults == 0);
    acd_reader_close(r);
}

/* In memory, for a disk takes its time. */
void judge_copy(struct ledger *l, const char *ring)
{
    char copy[SITE_PATH_MAX + 8], data[SITE_PATH_MAX + 8];

    snprintf(copy, sizeof copy, "%s/copy", ring);
    snprintf(data, sizeof data, "%s/data", ring);
    shell("mkdir \"$ring/copy\" && cp \"$ring\"/*.* \"$ring/copy\" && cp -r data \"$ring\"", ring);
    open_and_check(l, data, copy);
    verify(data);
    shell("rm -r \"$ring/data\" \"$ring/copy\"", ring);
}

/* ---- history ------------------------------------------------------------------------------ */

struct visit_count {
    const struct ledger *ledger;
    const struct journal *journal;
    uint8_t *of_call;
    uint32_t of_floor; /* behind what is folded, none is expected or refused */
    uint64_t visits;
};

/* Each that the journal has ended, once, with the code that came last: as many as it ended, and all
 * of them its own. */
static void count_floor(struct visit_count *c, const struct acd_view_visit *v)
{
    const struct book_visit *book;
    char code[ROLL_TEXT];

    if (v->sequence >= c->journal->next)
        return;
    c->of_floor++;
    book = journal_visit(c->journal, v->sequence);
    roll_text(code, v->wrap_up_code);
    if (!CHECK(book != NULL && strcmp(book->code, code) == 0))
        fprintf(stderr, "visit %" PRIu64 ": code \"%s\" in history, \"%s\" by the journal\n",
                v->sequence, code, book == NULL ? "not there" : book->code);
}

static void count_visits(struct visit_count *c, const uint8_t *at, size_t left)
{
    struct acd_view view;

    while (left > 0) {
        int size = acd_view_decode(at, left, &view);
        uint32_t index;

        if (!CHECK(size > 0 && view.code == ACD_VIEW_visit))
            return;
        at += size;
        left -= (size_t)size;
        if (ledger_line(&c->ledger->floor, view.as.visit.key) < FLOOR_CALLS_MAX) {
            count_floor(c, &view.as.visit);
            continue;
        }
        index = ledger_call_keyed(c->ledger, view.as.visit.key);
        if (CHECK(index < CALLS_MAX) && CHECK(++c->of_call[index] == 1))
            CHECK(view.as.visit.disposition == c->ledger->calls[index].disposition);
        c->visits++;
    }
}

/* Each call that ended is there, once; no other is. */
static void judge_history(const struct ledger *l, const struct journal *j, const char *directory)
{
    static uint8_t page[1 << 16];
    struct visit_count count = {l, j, calloc(CALLS_MAX, 1), 0, 0};
    const struct acd_history_query query = {.limit = 200};
    struct acd_reader *r;
    uint64_t cursor = 0, ended = 0;

    if (count.of_call == NULL || acd_reader_open_directory(&r, directory) != ACD_OK)
        check_give_up(directory, acd_persist_error(NULL));
    do {
        int size = acd_history_read(r, &query, &cursor, page, sizeof page);

        if (!CHECK(size >= 0))
            break;
        count_visits(&count, page, (size_t)size);
    } while (cursor != 0);
    acd_reader_close(r);
    for (uint32_t i = 0; i < l->call_count; i++)
        ended += l->calls[i].entered && l->calls[i].ended;
    CHECK(count.visits == ended && count.of_floor == j->visit_count);
    free(count.of_call);
}

void judge_stopped(struct ledger *l, const struct journal *j, const char *ring)
{
    judge_history(l, j, "data");
    verify("data");
    open_and_check(l, "data", ring);
}
