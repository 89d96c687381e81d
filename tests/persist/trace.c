/* A trace, played as it was, and counted by somebody else: offered, answered and abandoned calls,
 * their waits and talks, by queue and day, are in SQLite's sums of the trace what intervals add up
 * to; and the books of each queue balance in each of its quarters of an hour.
 *
 * usage: test_persist_trace FILE     (in the format of tests/data/trace.tsv)
 *
 * Agents are as many as are needed, so that every call rings at once; it is answered, and ends, and
 * its caller leaves, at the second at which that was. */

#include <sqlite3.h>
#include <string.h>
#include <time.h>

#include "persist/acd_folds.h"
#include "persist/intervals.h"
#include "tests/persist/site.h"

enum { CALLS_MAX = 100000, DAYS_MAX = 400, AGENTS = 300, QUEUES = 8, LINE_MAX = 1024 };

static const acd_span DAY = (acd_span)86400 * ACD_SECOND;

struct call {
    char queue[4];
    int64_t arrived, answered, ended; /* seconds; answered 0: the caller left */
};

static struct call calls[CALLS_MAX];
static size_t call_count;

/* ---- reading -------------------------------------------------------------------------------- */

/* Seconds of "yymmdd" and "h:mm:ss", not before a time that comes first. */
static int64_t seconds(const char *date, const char *clock, int64_t not_before)
{
    struct tm day = {0}, time = {0};
    int64_t at;

    CHECK(strptime(date, "%y%m%d", &day) != NULL && strptime(clock, "%H:%M:%S", &time) != NULL);
    at = (int64_t)timegm(&day) + time.tm_hour * 3600 + time.tm_min * 60 + time.tm_sec;
    while (at < not_before - 43200) /* over midnight */
        at += 86400;
    return at < not_before ? not_before : at;
}

static void take(char *fields[17])
{
    bool queued = strcmp(fields[9], "0:00:00") != 0, hangs = strcmp(fields[12], "HANG") == 0;
    struct call *c = &calls[call_count];

    if (strcmp(fields[12], "PHANTOM") == 0 || (hangs && !queued))
        return;
    CHECK(call_count < CALLS_MAX);
    snprintf(c->queue, sizeof c->queue, "%s", fields[4]);
    c->arrived = seconds(fields[5], queued ? fields[9] : fields[7], 0);
    c->ended = c->arrived + strtol(fields[11], NULL, 10); /* of who hangs up */
    c->answered = 0;
    if (!hangs && strcmp(fields[13], "0:00:00") != 0) {
        c->answered = seconds(fields[5], fields[13], c->arrived);
        c->ended = seconds(fields[5], fields[14], c->answered);
    } else if (!hangs) { /* when is missing, but not how long */
        c->answered = c->ended;
        c->ended += strtol(fields[15], NULL, 10);
    }
    call_count++;
}

static void trace_read(const char *path)
{
    FILE *file = fopen(path, "r");
    char line[LINE_MAX];

    CHECK(file != NULL && fgets(line, sizeof line, file) != NULL);
    while (fgets(line, sizeof line, file) != NULL) {
        char *fields[17] = {NULL}, *rest = line;

        for (int i = 0; i < 17; i++)
            fields[i] = strsep(&rest, "\t\r\n");
        CHECK(fields[16] != NULL);
        take(fields);
    }
    CHECK(fclose(file) == 0);
    CHECK(call_count > 100);
}

/* ---- playing -------------------------------------------------------------------------------- */

enum what { ARRIVES, ANSWERED, ENDS };

struct act {
    int64_t at;
    enum what what;
    size_t call;
};

static int act_order(const void *a, const void *b)
{
    const struct act *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->what != y->what)
        return (int)x->what - (int)y->what;
    return x->call < y->call ? -1 : x->call > y->call;
}

static size_t acts_make(struct act *acts)
{
    size_t n = 0;

    for (size_t i = 0; i < call_count; i++) {
        acts[n++] = (struct act){calls[i].arrived, ARRIVES, i};
        if (calls[i].answered != 0)
            acts[n++] = (struct act){calls[i].answered, ANSWERED, i};
        acts[n++] = (struct act){calls[i].ended, ENDS, i};
    }
    qsort(acts, n, sizeof *acts, act_order);
    return n;
}

static void centre_make(struct site *s)
{
    static const char *const queues[QUEUES] = {"PS", "PE", "IN", "NE", "NW", "TT", "XX", "YY"};
    char name[16];

    DO(s, 0, client_open, .name = acd_str("gw"));
    for (int q = 0; q < QUEUES; q++)
        DO(s, 0, queue_set, .name = acd_str(queues[q]), .ring_timeout = 3600 * ACD_SECOND);
    for (int a = 0; a < AGENTS; a++) {
        snprintf(name, sizeof name, "a%d", a);
        DO(s, 0, agent_set, .name = acd_str(name), .contact = acd_str("sip:x"),
           .max_concurrent_calls = 1);
        for (int q = 0; q < QUEUES; q++)
            DO(s, 0, member_set, .agent_name = acd_str(name), .queue_name = acd_str(queues[q]));
        DO(s, 0, agent_state, .name = acd_str(name), .state = ACD_READY);
    }
}

static void act_do(struct site *s, const struct act *a)
{
    acd_span later = a->at * ACD_SECOND - acd_now(s->e);
    struct acd_view_call v = {.state = 0};
    char key[24];

    snprintf(key, sizeof key, "k%zu", a->call);
    (void)acd_call_view(
        s->e, acd_call_keyed(s->e, acd_client_named(s->e, acd_str("gw")), acd_str(key)), &v);
    snprintf(site_doing, sizeof site_doing,
             "line %zu, which arrived at %lld, is in state %d at %lld\n", a->call,
             (long long)calls[a->call].arrived, v.state, (long long)a->at);
    if (a->what == ARRIVES)
        CHECK(DO(s, later, route, .key = acd_str(key),
                 .queue_name = acd_str(calls[a->call].queue)) == ACD_OK);
    else if (a->what == ANSWERED)
        CHECK(DO(s, later, accept, .assignment = v.assignment) == ACD_OK);
    else
        CHECK(DO(s, later, hangup, .call = v.call, .side = ACD_SIDE_CALLER) == ACD_OK);
}

static void play(struct site *s, int64_t first)
{
    struct act *acts = calloc(3 * call_count, sizeof *acts);
    size_t count;

    CHECK(acts != NULL);
    count = acts_make(acts);
    acd_advance(s->e, first * ACD_SECOND);
    centre_make(s);
    for (size_t i = 0; i < count; i++) {
        act_do(s, &acts[i]);
        if (i % 50 == 0)
            CHECK(acd_persist_step(s->p) >= 0);
    }
    free(acts);
    DO(s, 2 * DAY, day_turn, .day = 1);
    site_settle(s);
    for (int i = 0; i < DAYS_MAX; i++) /* days are kept one a round */
        CHECK(acd_persist_step(s->p) >= 0);
}

/* ---- SQLite --------------------------------------------------------------------------------- */

static void sql(sqlite3 *db, const char *text)
{
    CHECK(sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK);
}

static sqlite3 *database(void)
{
    sqlite3_stmt *insert;
    sqlite3 *db;

    CHECK(sqlite3_open(":memory:", &db) == SQLITE_OK);
    sql(db, "CREATE TABLE calls (queue TEXT, arrived INT, answered INT, ended INT); BEGIN");
    CHECK(sqlite3_prepare_v2(db, "INSERT INTO calls VALUES (?, ?, nullif(?, 0), ?)", -1, &insert,
                             NULL) == SQLITE_OK);
    for (size_t i = 0; i < call_count; i++) {
        CHECK(sqlite3_bind_text(insert, 1, calls[i].queue, -1, SQLITE_STATIC) == SQLITE_OK);
        CHECK(sqlite3_bind_int64(insert, 2, calls[i].arrived) == SQLITE_OK);
        CHECK(sqlite3_bind_int64(insert, 3, calls[i].answered) == SQLITE_OK);
        CHECK(sqlite3_bind_int64(insert, 4, calls[i].ended) == SQLITE_OK);
        CHECK(sqlite3_step(insert) == SQLITE_DONE && sqlite3_reset(insert) == SQLITE_OK);
    }
    CHECK(sqlite3_finalize(insert) == SQLITE_OK);
    sql(db, "COMMIT");
    return db;
}

/* Each figure belongs to the day on which it happened: the arrival, the answer, the end. */
static const char by_queue_and_day[] =
    "WITH counted AS ("
    " SELECT queue, arrived / 86400 AS day, 1 AS offered, 0 AS answered, 0 AS abandoned,"
    "  0 AS waited, 0 AS left_after, 0 AS longest, 0 AS talk, 0 AS in_20, 0 AS left_in_20 FROM "
    "calls"
    " UNION ALL SELECT queue, answered / 86400, 0, 1, 0, answered - arrived, 0, answered - arrived,"
    "  0, answered - arrived <= 20, 0 FROM calls WHERE answered IS NOT NULL"
    " UNION ALL SELECT queue, ended / 86400, 0, 0, 1, 0, ended - arrived, ended - arrived, 0, 0,"
    "  ended - arrived <= 20 FROM calls WHERE answered IS NULL"
    " UNION ALL SELECT queue, ended / 86400, 0, 0, 0, 0, 0, 0, ended - answered, 0, 0"
    "  FROM calls WHERE answered IS NOT NULL)"
    "SELECT day, queue, sum(offered), sum(answered), sum(abandoned), sum(waited), sum(left_after),"
    " max(longest), sum(talk), sum(in_20), sum(left_in_20) FROM counted"
    " GROUP BY day, queue ORDER BY day, queue";

/* ---- comparing ------------------------------------------------------------------------------ */

static size_t folds_read(const struct site *s, struct acd_fold_query *q, uint8_t *out, size_t len)
{
    struct acd_fold_cursor at = {0, 0};
    struct acd_reader *r;
    acd_time until;
    size_t used = 0;

    CHECK(acd_reader_open_directory(&r, s->directory) == ACD_OK);
    while (at.piece < q->pieces) {
        int bytes = acd_folds_read(r, q, &at, &until, out + used, len - used);

        CHECK(bytes >= 0);
        used += (size_t)bytes;
    }
    acd_reader_close(r);
    return used;
}

static void same_row(sqlite3_stmt *row, const struct acd_view_queue_fold *v)
{
    const char *queue = (const char *)sqlite3_column_text(row, 1);
    const int64_t ours[] = {v->entered,
                            v->answered,
                            v->abandoned,
                            v->wait_answered / ACD_SECOND,
                            v->wait_abandoned / ACD_SECOND,
                            v->wait_max / ACD_SECOND,
                            v->talk / ACD_SECOND,
                            v->answered_within,
                            v->abandoned_within};

    CHECK(sqlite3_column_int64(row, 0) == v->start / DAY);
    CHECK(strlen(queue) == v->name.len && memcmp(queue, v->name.data, v->name.len) == 0);
    for (int i = 0; i < (int)(sizeof ours / sizeof ours[0]); i++)
        CHECK(sqlite3_column_int64(row, i + 2) == ours[i]);
}

static unsigned compare(sqlite3 *db, const uint8_t *views, size_t len)
{
    sqlite3_stmt *row;
    unsigned rows = 0;

    CHECK(sqlite3_prepare_v2(db, by_queue_and_day, -1, &row, NULL) == SQLITE_OK);
    for (size_t at = 0; at < len; rows++) {
        struct acd_view_queue_fold v;

        at += (size_t)acd_record_view_queue_fold.decode(views + at, len - at, &v);
        CHECK(sqlite3_step(row) == SQLITE_ROW);
        same_row(row, &v);
    }
    CHECK(sqlite3_step(row) == SQLITE_DONE && sqlite3_finalize(row) == SQLITE_OK);
    return rows;
}

static unsigned balances(const uint8_t *views, size_t len)
{
    unsigned rows = 0;

    for (size_t at = 0; at < len; rows++) {
        struct acd_view_queue_fold v;

        at += (size_t)acd_record_view_queue_fold.decode(views + at, len - at, &v);
        CHECK(v.waiting_start + v.entered ==
              v.answered + v.abandoned + v.timed_out + v.overflowed + v.withdrawn + v.left_empty +
                  v.exited + v.callbacks + v.unreached + v.lost + v.waiting_end);
    }
    return rows;
}

/* Pieces of a length, over all days. */
static void pieces(struct acd_fold_query *q, acd_time *bounds, acd_time from, acd_time to,
                   acd_span length)
{
    *q = (struct acd_fold_query){
        .bounds = bounds, .threshold = 20 * ACD_SECOND, .now = to, .zone = acd_str("UTC")};
    bounds[0] = from;
    while (bounds[q->pieces] < to) {
        q->pieces++;
        bounds[q->pieces] = bounds[q->pieces - 1] + length;
    }
}

static void judge(const struct site *s, acd_time from, acd_time to)
{
    enum { BYTES = 64 << 20 };
    static acd_time bounds[96 * DAYS_MAX + 1];
    uint8_t *views = malloc(BYTES), *again = malloc(BYTES);
    struct acd_fold_query q;
    sqlite3 *db = database();
    unsigned days, quarters;
    size_t len;

    CHECK(views != NULL && again != NULL);
    pieces(&q, bounds, from, to, DAY);
    len = folds_read(s, &q, views, BYTES);
    days = compare(db, views, len);
    q.zone.len = 0; /* out of the intervals, and not of the days that are kept */
    CHECK(folds_read(s, &q, again, BYTES) == len && memcmp(views, again, len) == 0);
    pieces(&q, bounds, from, to, INTERVAL_SPAN);
    quarters = balances(views, folds_read(s, &q, views, BYTES));
    printf("%zu calls: %u queues' days as SQLite counts them, %u quarters balance\n", call_count,
           days, quarters);
    CHECK(sqlite3_close(db) == SQLITE_OK);
    free(views);
    free(again);
}

int main(int argc, char **argv)
{
    static acd_time days[DAYS_MAX + 2];
    struct acd_fold_zone utc = {"UTC", days, DAYS_MAX + 2};
    struct site s = site_make(1);
    int64_t first = INT64_MAX;
    acd_time now;

    CHECK(argc == 2);
    trace_read(argv[1]);
    for (size_t i = 0; i < call_count; i++)
        first = calls[i].arrived < first ? calls[i].arrived : first;
    first -= first % 86400;
    for (int i = 0; i < DAYS_MAX + 2; i++)
        days[i] = first * ACD_SECOND + i * DAY;
    s.options.limits = (struct acd_limits){.agents = AGENTS,
                                           .queues = QUEUES,
                                           .memberships = AGENTS * QUEUES,
                                           .calls = 1000,
                                           .clients = 2};
    s.options.fold_zones = &utc;
    s.options.fold_zone_count = 1;
    site_open(&s);
    play(&s, first);
    now = acd_now(s.e);
    site_close(&s);
    judge(&s, days[0], now - now % DAY);
    CHECK(site_faults(&s) == 0);
    site_remove(&s);
    return 0;
}
