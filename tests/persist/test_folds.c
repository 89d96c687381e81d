/* Intervals added up: pieces of any length and pages of any size tell the same, what an agent was
 * is what a naive listener saw, and the books balance in each piece. */

#include <criterion/criterion.h>
#include <string.h>

#include "persist/intervals.h"
#include "tests/persist/folds.h"

enum { AGENTS = 5, SPANS_MAX = 20000 };

static const char *const agents[AGENTS] = {"ann", "bob", "cyd", "dan", "eve"};

/* ---- what the listener saw ------------------------------------------------------------------ */

struct span {
    int agent;
    acd_time from, to;
    uint8_t activity;
    uint16_t reason;
};

/* How long each agent was what, since intervals were kept. */
struct listener {
    struct acd_engine *e;
    struct span spans[SPANS_MAX];
    size_t count;
    acd_time at;
};

static void listen_span(struct listener *l, acd_time to)
{
    for (int i = 0; i < AGENTS && to > l->at; i++) {
        struct acd_view_agent v;

        if (acd_agent_view(l->e, acd_agent_named(l->e, acd_str(agents[i])), &v) != ACD_OK ||
            v.activity == ACD_ACTIVITY_LOGGED_OUT)
            continue;
        cr_assert_lt(l->count, SPANS_MAX);
        l->spans[l->count++] = (struct span){i, l->at, to, v.activity, v.reason};
    }
}

static void listen_frame(void *ctx, const struct acd_frame *frame)
{
    struct listener *l = ctx;

    if (acd_interval_start(l->e) != ACD_FOREVER)
        listen_span(l, frame->at);
    cr_assert_eq(acd_apply_frame(l->e, frame), ACD_OK);
    l->at = frame->at;
}

static acd_span seen(const struct listener *l, int agent, uint8_t activity, uint16_t reason,
                     acd_time from, acd_time to)
{
    acd_span sum = 0;

    for (size_t i = 0; i < l->count; i++) {
        const struct span *s = &l->spans[i];
        acd_time begin = s->from > from ? s->from : from, end = s->to < to ? s->to : to;

        if (s->agent == agent && s->activity == activity && end > begin &&
            (reason == 0 || s->reason == reason))
            sum += end - begin;
    }
    return sum;
}

/* ---- agents --------------------------------------------------------------------------------- */

static void is_as_seen(const struct listener *l, const struct acd_view_agent_fold *v)
{
    acd_time from = v->start, to = v->start + v->length;
    int a = 0;

    while (acd_str(agents[a]).len != v->name.len ||
           memcmp(agents[a], v->name.data, v->name.len) != 0)
        a++;
#define SEEN(activity, reason) seen(l, a, ACD_ACTIVITY_##activity, reason, from, to)
    cr_assert_eq(v->in_idle, SEEN(IDLE, 0));
    cr_assert_eq(v->in_ringing, SEEN(RESERVED, 0));
    cr_assert_eq(v->in_talk + v->in_hold, SEEN(BUSY, 0));
    cr_assert_eq(v->in_wrap_up, SEEN(WRAP_UP, 0));
    cr_assert_eq(v->in_not_ready, SEEN(NOT_READY, 0));
    cr_assert_eq(v->in_reason_2, SEEN(NOT_READY, 2));
    cr_assert_eq(v->in_delayed, SEEN(DELAYED, 0));
#undef SEEN
}

static struct site quiet_and_busy(struct listener *l)
{
    struct site s = site_make(21);

    s.on_frame = listen_frame;
    s.ctx = l;
    cr_assert_eq(acd_open(&l->e, &(struct acd_config){.limits = s.options.limits}), ACD_OK);
    folds_run(&s);
    return s;
}

Test(persist_folds, agents_are_what_was_seen)
{
    static struct listener l;
    static struct folds f, g;
    struct site s = quiet_and_busy(&l);
    acd_time bounds[PIECES + 1], now = acd_now(s.e);
    struct acd_fold_query q;

    site_close(&s);
    for (acd_span quarters = 1; quarters < 1000; quarters = 7 * quarters + 1) {
        acd_span staffed = 0, all = 0;
        unsigned views = 0;

        if (now / (quarters * INTERVAL_SPAN) >= PIECES - 1)
            continue;
        q = folds_cut(bounds, quarters, now);
        q.agents = true;
        folds_all(&s, &q, &f);
        cr_assert_eq(f.until, now - now % INTERVAL_SPAN);
        for (size_t at = 0; at < f.used; views++) {
            struct acd_view_agent_fold v;

            at += (size_t)acd_record_view_agent_fold.decode(f.bytes + at, f.used - at, &v);
            is_as_seen(&l, &v);
            staffed += v.in_idle + v.in_ringing + v.in_talk + v.in_hold + v.in_wrap_up +
                       v.in_not_ready + v.in_delayed;
        }
        for (int a = 0; a < AGENTS; a++)
            for (uint8_t activity = ACD_ACTIVITY_NOT_READY; activity < ACD_ACTIVITY_NO_DEVICE;
                 activity++)
                all += seen(&l, a, activity, 0, 0, f.until);
        cr_assert_eq(staffed, all);
        cr_assert_gt(views, 4);
        q.limit = 3;
        folds_all(&s, &q, &g);
        cr_assert_eq(f.used, g.used);
        cr_assert_arr_eq(f.bytes, g.bytes, f.used);
    }
    acd_close(l.e);
    site_remove(&s);
}

/* ---- queues --------------------------------------------------------------------------------- */

static void balances(const struct acd_view_queue_fold *v)
{
    cr_assert_eq(v->waiting_start + v->entered, v->answered + v->abandoned + v->timed_out +
                                                    v->overflowed + v->withdrawn + v->left_empty +
                                                    v->exited + v->callbacks + v->unreached +
                                                    v->lost + v->waiting_end);
    cr_assert_leq(v->answered_within, v->answered);
    cr_assert_leq(v->short_abandoned, v->abandoned_within);
    cr_assert_leq(v->level_b, v->level_d);
}

/* Adds all that can be added. */
static void add(struct acd_view_queue_fold *sum, const struct acd_view_queue_fold *v)
{
    acd_span longest = v->wait_max > sum->wait_max ? v->wait_max : sum->wait_max;

#define F(type, name, doc) sum->name += v->name;
    ACD_SUMS_FIELDS
    ACD_QUEUE_INTERVAL_FIELDS
#undef F
    sum->wait_max = longest;
    sum->answered_within += v->answered_within;
    sum->abandoned_within += v->abandoned_within;
    sum->short_abandoned += v->short_abandoned;
}

/* The first sum in which they differ, or NULL. */
static const char *other_sum(const struct acd_view_queue_fold *a,
                             const struct acd_view_queue_fold *b)
{
#define F(type, name, doc)                                                                         \
    if (a->name != b->name)                                                                        \
        return #name;
    ACD_SUMS_FIELDS
#undef F
    return NULL;
}

static void same(const struct acd_view_queue_fold *a, const struct acd_view_queue_fold *b)
{
    const char *other = other_sum(a, b);

    cr_assert_null(other, "%s", other);
    cr_assert_eq(a->handled, b->handled);
    cr_assert_eq(a->wrap_up, b->wrap_up);
    cr_assert_eq(a->answered_within, b->answered_within);
    cr_assert_eq(a->abandoned_within, b->abandoned_within);
    cr_assert_eq(a->short_abandoned, b->short_abandoned);
}

/* Each queue in quarters adds up to all queues as a whole, and what waits passes from one piece of
 * a queue on to its next. */
Test(persist_folds, queues_add_up)
{
    static struct listener l;
    static struct folds f;
    struct site s = quiet_and_busy(&l);
    acd_time bounds[PIECES + 1], now = acd_now(s.e);
    struct acd_view_queue_fold each = {.start = 0}, whole;
    uint32_t waiting[128] = {0};
    struct acd_fold_query q = folds_cut(bounds, 4, now);

    site_close(&s);
    folds_all(&s, &q, &f);
    for (size_t at = 0; at < f.used;) {
        struct acd_view_queue_fold v;

        at += (size_t)acd_record_view_queue_fold.decode(f.bytes + at, f.used - at, &v);
        balances(&v);
        cr_assert_eq(v.waiting_start, waiting[(unsigned)v.name.data[0]]);
        waiting[(unsigned)v.name.data[0]] = v.waiting_end;
        add(&each, &v);
    }
    cr_assert_gt(each.answered, 10);
    q = folds_cut(bounds, now / INTERVAL_SPAN, now - now % INTERVAL_SPAN);
    q.together = true;
    folds_all(&s, &q, &f);
    cr_assert_eq((size_t)acd_record_view_queue_fold.decode(f.bytes, f.used, &whole), f.used);
    cr_assert_eq(whole.name.len, 0);
    balances(&whole);
    same(&whole, &each);
    acd_close(l.e);
    site_remove(&s);
}

/* ---- days that are kept --------------------------------------------------------------------- */

enum { DAYS = 12 };

/* Two zones: UTC, and one that is 5:45 ahead. */
static void zones_make(struct acd_fold_zone zones[2], acd_time days[2][DAYS])
{
    static const char *const names[2] = {"UTC", "Asia/Kathmandu"};

    for (int z = 0; z < 2; z++) {
        zones[z] = (struct acd_fold_zone){names[z], days[z], DAYS};
        for (int i = 0; i < DAYS; i++)
            days[z][i] = (acd_time)(96 * i + 73 * z) * INTERVAL_SPAN;
    }
}

/* What is told by days that are kept is what intervals add up to, in pieces of all lengths, which
 * cut days and go over them. Returns whether there were any days of a zone. */
static void same_by_days(const struct site *s, acd_time now, const char *zone, bool agents_too)
{
    static struct folds f, g;
    acd_time bounds[PIECES + 1];

    for (acd_span quarters = 8; quarters < 1000; quarters = 2 * quarters + 8)
        for (int together = 0; together < 2; together++) {
            struct acd_fold_query q = folds_cut(bounds, quarters, now);

            q.agents = agents_too;
            q.together = together != 0;
            folds_all(s, &q, &f);
            q.zone = acd_str(zone);
            q.limit = 7;
            folds_all(s, &q, &g);
            cr_assert_eq(f.used, g.used);
            cr_assert_arr_eq(f.bytes, g.bytes, f.used);
        }
}

static void print_fault(void *none, const char *fault)
{
    (void)none;
    fprintf(stderr, "verify: %s\n", fault);
}

static uint64_t folds_kept(const struct site *s)
{
    struct acd_verified v;
    struct acd_reader *r;

    cr_assert_eq(acd_reader_open_directory(&r, s->directory), ACD_OK);
    cr_assert_eq(acd_store_verify(r, print_fault, NULL, &v), ACD_OK, "%s", acd_persist_error(NULL));
    acd_reader_close(r);
    return v.folds;
}

Test(persist_folds, days_are_kept)
{
    static struct listener l;
    acd_time days[2][DAYS], now;
    struct acd_fold_zone zones[2];
    struct site s = quiet_and_busy(&l);

    now = acd_now(s.e);
    site_close(&s);
    acd_close(l.e);
    s.on_frame = NULL;
    cr_assert_eq(folds_kept(&s), 0);
    zones_make(zones, days);
    s.options.fold_zones = zones;
    s.options.fold_zone_count = 2;
    site_open(&s); /* it catches up, day by day, and is killed on the way */
    CHECK(acd_persist_step(s.p) >= 0);
    site_close(&s);
    site_die(&s, 40);
    site_open(&s);
    for (int i = 0; i < 20; i++)
        CHECK(acd_persist_step(s.p) >= 0);
    site_close(&s);
    cr_assert_geq(folds_kept(&s), 2 * 2 * 3); /* queues and agents of two zones, three days */
    for (int z = 0; z < 2; z++) {
        same_by_days(&s, now, zones[z].name, false);
        same_by_days(&s, now, zones[z].name, true);
    }
    site_remove(&s);
}

/* Days go, of each zone, when their time is over, and outlive their intervals. */
Test(persist_folds, days_are_forgotten)
{
    static struct listener l;
    acd_time days[2][DAYS];
    struct acd_fold_zone zones[2];
    struct site s = quiet_and_busy(&l);
    uint64_t all;

    site_close(&s);
    acd_close(l.e);
    s.on_frame = NULL;
    zones_make(zones, days);
    s.options.fold_zones = zones;
    s.options.fold_zone_count = 2;
    site_open(&s);
    for (int i = 0; i < 20; i++)
        CHECK(acd_persist_step(s.p) >= 0);
    site_close(&s);
    all = folds_kept(&s);
    s.options.interval_retention = ACD_SECOND;
    s.options.checkpoint_interval = 1;
    site_open(&s);
    site_run(&s, 40);
    site_settle(&s);
    site_close(&s);
    cr_assert_eq(folds_kept(&s), all);
    s.options.fold_retention = 48 * 3600 * ACD_SECOND;
    site_open(&s);
    site_run(&s, 40);
    site_settle(&s);
    site_close(&s);
    cr_assert_lt(folds_kept(&s), all);
    cr_assert_gt(folds_kept(&s), 0);
    site_remove(&s);
}

/* ---- service level -------------------------------------------------------------------------- */

/* One call that waits so long and then is answered, or is hung up. Nobody else is there. */
static void one_call(struct site *s, unsigned n, acd_span wait, bool answered)
{
    struct acd_view_call v;
    char key[16];

    snprintf(key, sizeof key, "c%u", n);
    DO(s, ACD_SECOND, route, .key = acd_str(key), .queue_name = acd_str("q"));
    cr_assert_eq(
        acd_call_view(
            s->e, acd_call_keyed(s->e, acd_client_named(s->e, acd_str("gw")), acd_str(key)), &v),
        ACD_OK);
    if (answered)
        DO(s, wait, accept, .assignment = v.assignment);
    else
        DO(s, wait, hangup, .call = v.call, .side = ACD_SIDE_CALLER);
    if (answered)
        DO(s, ACD_SECOND, hangup, .call = v.call, .side = ACD_SIDE_CALLER);
    CHECK(acd_persist_step(s->p) >= 0);
}

/* The worked example of docs/METRICS.md: 1,000 answered, 860 of them within 20 s; 60 abandoned, 20
 * within 20 s. The same day has four service levels; and it has them for any threshold later. */
Test(persist_folds, one_day_four_service_levels)
{
    static struct folds f;
    struct site s = site_make(30);
    acd_time bounds[PIECES + 1];
    struct acd_view_queue_fold v;
    struct acd_fold_query q;

    site_open(&s);
    DO(&s, ACD_SECOND, client_open, .name = acd_str("gw"));
    DO(&s, 0, queue_set, .name = acd_str("q"), .ring_timeout = 600 * ACD_SECOND, .max_wait = 0);
    DO(&s, 0, agent_set, .name = acd_str("ann"), .contact = acd_str("sip:x"),
       .max_concurrent_calls = 1);
    DO(&s, 0, member_set, .agent_name = acd_str("ann"), .queue_name = acd_str("q"));
    DO(&s, 0, agent_state, .name = acd_str("ann"), .state = ACD_READY);
    for (unsigned n = 0; n < 1060; n++)
        one_call(&s, n,
                 n < 860    ? (1 + n % 20) * ACD_SECOND
                 : n < 1000 ? (21 + n % 9) * ACD_SECOND
                 : n < 1020 ? 20 * ACD_SECOND
                            : 40 * ACD_SECOND,
                 n < 1000);
    DO(&s, 1800 * ACD_SECOND, day_turn, .day = 1);
    site_settle(&s);
    q = folds_cut(bounds, 96, acd_now(s.e));
    site_close(&s);
    folds_all(&s, &q, &f);
    cr_assert_eq((size_t)acd_record_view_queue_fold.decode(f.bytes, f.used, &v), f.used);
    cr_assert_eq(v.answered, 1000);
    cr_assert_eq(v.answered_within, 860);
    cr_assert_eq(v.abandoned, 60);
    cr_assert_eq(v.abandoned_within, 20);
    cr_assert_eq(v.level_a, 8600);
    cr_assert_eq(v.level_b, 8113);
    cr_assert_eq(v.level_c, 8269);
    cr_assert_eq(v.level_d, 8302);
    cr_assert_eq(v.level_e, 8113); /* nobody left within 5 s */
    q.short_after = 20 * ACD_SECOND;
    q.threshold = 10 * ACD_SECOND;
    folds_all(&s, &q, &f);
    cr_assert_gt(acd_record_view_queue_fold.decode(f.bytes, f.used, &v), 0);
    cr_assert_eq(v.answered_within, 430);
    cr_assert_eq(v.level_e, 4135);  /* 430 / (1,060 - 20) */
    q.threshold = 630 * ACD_SECOND; /* between two bounds: the lower one, and it says so */
    folds_all(&s, &q, &f);
    cr_assert_gt(acd_record_view_queue_fold.decode(f.bytes, f.used, &v), 0);
    cr_assert_eq(v.threshold, 600 * ACD_SECOND);
    cr_assert_eq(v.answered_within, 1000);
    site_remove(&s);
}
