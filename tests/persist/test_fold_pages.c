/* Pages of folds, each of which goes on where the one before ended; and agents added up by team. */

#include <criterion/criterion.h>
#include <string.h>

#include "persist/intervals.h"
#include "tests/persist/folds.h"

static struct site busy(void)
{
    struct site s = site_make(21);

    folds_run(&s);
    return s;
}

/* ---- pages ---------------------------------------------------------------------------------- */

/* Each page by a reader that knows nothing of the one before it. */
static void read_anew(const struct site *s, struct acd_fold_query *q, struct folds *out)
{
    struct acd_fold_cursor at = {0, 0};
    struct acd_reader *r;

    out->used = out->rows = 0;
    while (at.piece < q->pieces) {
        folds_reader(s, &r);
        cr_assert(!acd_folds_go_on(r, q, &at));
        folds_page(r, q, &at, out);
        acd_reader_close(r);
    }
}

/* A piece of more names than a page has is added up once, and so is what is before it; only who
 * asks another reader has that done again, and is told the same. */
Test(persist_fold_pages, pages_go_on)
{
    static struct folds whole, paged, anew;
    struct site s = busy();
    acd_time bounds[PIECES + 1], now = acd_now(s.e);

    site_close(&s);
    for (int of = 0; of < 4; of++) {
        struct acd_fold_query q = folds_cut(bounds, of < 2 ? now / INTERVAL_SPAN / 3 : 40, now);

        q.agents = of % 2 == 0;
        folds_all(&s, &q, &whole);
        cr_assert_gt(whole.rows, 50);
        q.limit = 1;
        folds_all(&s, &q, &paged);
        read_anew(&s, &q, &anew);
        folds_same(&whole, &paged);
        folds_same(&whole, &anew);
        cr_assert_eq(paged.rows, whole.rows);
        cr_assert_gt(anew.rows, 2 * whole.rows);
    }
    site_remove(&s);
}

/* What was added up for one query is of no use to another, nor for another page. */
Test(persist_fold_pages, pages_of_others)
{
    static struct folds first, f;
    struct site s = busy();
    acd_time bounds[PIECES + 1], now = acd_now(s.e);
    struct acd_fold_query q = folds_cut(bounds, now / INTERVAL_SPAN, now - now % INTERVAL_SPAN),
                          others[6];
    struct acd_fold_cursor at = {0, 0}, before;
    struct acd_reader *r;

    site_close(&s);
    q.agents = true;
    q.limit = 2;
    folds_reader(&s, &r);
    first.used = f.used = 0;
    folds_page(r, &q, &at, &first);
    before = at;
    cr_assert(acd_folds_go_on(r, &q, &at));
    cr_assert(!acd_folds_go_on(r, &q, &(struct acd_fold_cursor){at.piece, at.row + 1}));
    for (int i = 0; i < 6; i++)
        others[i] = q;
    others[0].agents = false;
    others[1].together = true;
    others[2].name = acd_str("ann");
    others[3].under = acd_str("a");
    others[4].zone = acd_str("UTC");
    others[5].by_team = true;
    for (int i = 0; i < 6; i++)
        cr_assert(!acd_folds_go_on(r, &others[i], &at), "%d", i);
    q.limit = 1;
    folds_page(r, &others[0], &(struct acd_fold_cursor){0, 0}, &f); /* which takes its place */
    cr_assert(!acd_folds_go_on(r, &q, &at));
    folds_page(r, &q, &at, &first);
    at = before;
    f.used = 0;
    folds_page(r, &q, &at, &f); /* a page asked for twice */
    cr_assert_arr_eq(first.bytes + first.used - f.used, f.bytes, f.used);
    acd_reader_close(r);
    site_remove(&s);
}

/* ---- what is kept --------------------------------------------------------------------------- */

enum { BESIDES = 16384 }; /* whoever it is of */

/* Behind the first page of a piece of all the time; how many views that has. */
static size_t kept_of(const struct site *s, struct acd_fold_query q, size_t *views)
{
    static struct folds f;
    struct acd_fold_cursor at = {0, 0};
    struct acd_reader *r;
    size_t bytes;

    folds_reader(s, &r);
    cr_assert_eq(acd_folds_bytes(r), 0);
    f.used = 0;
    q.limit = 1;
    folds_page(r, &q, &at, &f);
    bytes = acd_folds_bytes(r);
    for (*views = 1; at.piece < q.pieces; ++*views)
        folds_page(r, &q, &at, &f);
    cr_assert_eq(acd_folds_bytes(r), 0); /* behind the last one nothing is */
    acd_reader_close(r);
    return bytes;
}

/* No less than what cannot be told without it, no more than what acd_folds.h says. */
Test(persist_fold_pages, bytes_kept)
{
    struct site s = busy();
    acd_time bounds[PIECES + 1], now = acd_now(s.e);
    struct acd_fold_query q = folds_cut(bounds, now / INTERVAL_SPAN, now - now % INTERVAL_SPAN);
    size_t queues, agents, teams, bytes, by_team;

    DO(&s, 0, agent_set, .name = acd_str("ann"), .team = acd_str("north"));
    site_close(&s);
    bytes = kept_of(&s, q, &queues);
    cr_assert_gt(bytes, queues * sizeof(struct acd_waits));
    cr_assert_lt(bytes, queues * 6144 + BESIDES);
    q.agents = true;
    bytes = kept_of(&s, q, &agents);
    cr_assert_gt(bytes, agents * sizeof(struct acd_view_agent_fold));
    cr_assert_lt(bytes, agents * 400 + BESIDES);
    q.by_team = true;
    by_team = kept_of(&s, q, &teams);
    cr_assert_gt(by_team, bytes + agents * 64);
    cr_assert_eq(teams, 2); /* ann's, and that of all others */
    site_remove(&s);
}

/* ---- teams ---------------------------------------------------------------------------------- */

static void read_beside(const struct site *s, struct acd_fold_query *q, struct folds *out)
{
    struct acd_fold_cursor at = {0, 0};
    struct acd_reader *r;

    out->used = 0;
    cr_assert_eq(acd_reader_open(&r, s->p), ACD_OK);
    while (at.piece < q->pieces)
        folds_page(r, q, &at, out);
    acd_reader_close(r);
}

/* As the engine has it; of none, or of who is gone: "-". */
static bool is_of(const struct site *s, struct acd_str agent, struct acd_str team)
{
    struct acd_view_agent v = {.team = {NULL, 0}};

    (void)acd_agent_view(s->e, acd_agent_named(s->e, agent), &v);
    if (v.team.len == 0)
        v.team = acd_str("-");
    return v.team.len == team.len && memcmp(v.team.data, team.data, team.len) == 0;
}

/* The views of one name. */
static void views_named(const struct folds *from, struct acd_str name, struct folds *out)
{
    out->used = 0;
    for (size_t at = 0; at < from->used;) {
        struct acd_view_agent_fold v;
        size_t size =
            (size_t)acd_record_view_agent_fold.decode(from->bytes + at, from->used - at, &v);

        if (v.name.len == name.len && memcmp(v.name.data, name.data, name.len) == 0) {
            memcpy(out->bytes + out->used, from->bytes + at, size);
            out->used += size;
        }
        at += size;
    }
}

/* Of a team alone the same is told as among all, whoever reads its pages. */
static void is_told_alone(const struct site *s, const struct acd_fold_query *all,
                          const struct folds *teams, const char *name)
{
    static struct folds wanted, alone;
    struct acd_fold_query q = *all;
    struct acd_fold_cursor at = {0, 0};

    views_named(teams, acd_str(name), &wanted);
    q.name = acd_str(name);
    read_beside(s, &q, &alone);
    folds_same(&wanted, &alone);
    for (alone.used = 0; at.piece < q.pieces;) {
        struct acd_reader *r;

        cr_assert_eq(acd_reader_open(&r, s->p), ACD_OK);
        folds_page(r, &q, &at, &alone);
        acd_reader_close(r);
    }
    folds_same(&wanted, &alone);
}

/* A team's fold is the sum of its agents' of the same piece; returns of how many. */
static unsigned is_sum(const struct site *s, const struct folds *agents_of,
                       const struct acd_view_agent_fold *team)
{
    struct acd_view_agent_fold sum = {.start = 0}, v;
    unsigned count = 0;

    for (size_t at = 0; at < agents_of->used;) {
        at += (size_t)acd_record_view_agent_fold.decode(agents_of->bytes + at, agents_of->used - at,
                                                        &v);
        if (v.start != team->start || !is_of(s, v.name, team->name))
            continue;
        count++;
#define F(type, name, doc) sum.name += v.name;
        ACD_AGENT_INTERVAL_FIELDS
#undef F
    }
#define F(type, name, doc) cr_assert_eq(sum.name, team->name, #name);
    ACD_AGENT_INTERVAL_FIELDS
#undef F
    return count;
}

static unsigned views_of(const struct folds *f)
{
    struct acd_view_agent_fold v;
    unsigned count = 0;

    for (size_t at = 0; at < f->used; count++)
        at += (size_t)acd_record_view_agent_fold.decode(f->bytes + at, f->used - at, &v);
    return count;
}

/* Each agent's fold is in one team's; returns how many of those there are. */
static unsigned teams_add_up(const struct site *s, acd_span quarters)
{
    static struct folds each, teams, paged;
    acd_time bounds[PIECES + 1];
    struct acd_fold_query q = folds_cut(bounds, quarters, acd_now(s->e));
    unsigned views = 0, count = 0;

    q.agents = true;
    read_beside(s, &q, &each);
    q.by_team = true;
    read_beside(s, &q, &teams);
    for (size_t at = 0; at < teams.used; views++) {
        struct acd_view_agent_fold v;

        at += (size_t)acd_record_view_agent_fold.decode(teams.bytes + at, teams.used - at, &v);
        count += is_sum(s, &each, &v);
    }
    cr_assert_eq(count, views_of(&each));
    q.limit = 1;
    read_beside(s, &q, &paged);
    folds_same(&teams, &paged);
    is_told_alone(s, &q, &teams, "-");
    is_told_alone(s, &q, &teams, "south");
    return views;
}

static void one_team(const struct site *s, const char *name, unsigned pieces)
{
    static struct folds f;
    acd_time bounds[PIECES + 1], now = acd_now(s->e);
    struct acd_fold_query q = folds_cut(bounds, now / INTERVAL_SPAN, now - now % INTERVAL_SPAN);

    q.agents = q.by_team = true;
    q.name = acd_str(name);
    read_beside(s, &q, &f);
    cr_assert_eq(views_of(&f), pieces, "%s: %u, not %u", name, views_of(&f), pieces);
}

static void hang_up_all(struct site *s)
{
    char key[16];

    for (unsigned i = 0; i < s->calls; i++) {
        snprintf(key, sizeof key, "k%u", i);
        DO(s, 0, hangup, .key = acd_str(key), .side = ACD_SIDE_CALLER);
    }
    DO(s, 60 * ACD_SECOND, client_open, .name = acd_str("gw")); /* wrap-up is over */
}

/* Whether it stands in a row, or in the journal alone. */
Test(persist_fold_pages, teams_are_those_of_now)
{
    struct site s = busy();

    cr_assert_geq(teams_add_up(&s, 40), 1);
    one_team(&s, "north", 0);
    DO(&s, 0, agent_set, .name = acd_str("ann"), .team = acd_str("north"));
    DO(&s, 0, agent_set, .name = acd_str("bob"), .team = acd_str("north"));
    DO(&s, 0, agent_set, .name = acd_str("cyd"), .team = acd_str("south"));
    site_settle(&s);
    one_team(&s, "north", 1);
    one_team(&s, "-", 1);
    cr_assert_geq(teams_add_up(&s, 40), 3);
    site_close(&s);
    site_open(&s);
    cr_assert_geq(teams_add_up(&s, 7), 3);
    hang_up_all(&s);
    DO(&s, 0, agent_set, .name = acd_str("ann"), .team = acd_str("south"));
    cr_assert_eq(DO(&s, 0, agent_remove, .name = acd_str("bob")), ACD_OK);
    DO(&s, 0, agent_set, .name = acd_str("fay"), .team = acd_str("west"));
    site_settle(&s);
    one_team(&s, "north", 0);
    one_team(&s, "west", 0); /* who has done nothing yet */
    one_team(&s, "south", 1);
    cr_assert_geq(teams_add_up(&s, 40), 2);
    site_close(&s);
    site_open(&s);
    cr_assert_geq(teams_add_up(&s, 7), 2);
    site_close(&s);
    site_remove(&s);
}
