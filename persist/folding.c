#include "persist/folding.h"

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "persist/crc32c.h"

/* Rows of intervals added up, each to what is known of its queue or agent by name.
 *
 * Happy path: rows come in the order of time; what an agent was since its last row is added when
 * the next one comes, or at the end of the piece. A queue waits with as many as its last row ended
 * with. Failure modes: no memory, a damaged row: told, and the fold is given up. */

/* ---- who ------------------------------------------------------------------------------------ */

static void folded_free(struct folded *d)
{
    free(d->waits);
    free(d);
}

void folding_fini(struct folding *f)
{
    for (size_t i = 0; i < f->count; i++)
        folded_free(f->all[i]);
    free(f->all);
    free(f->places);
    f->all = NULL;
    f->places = NULL;
    f->count = f->room = f->waits = 0;
}

size_t folding_bytes(const struct folding *f)
{
    return f->room * (sizeof(struct folded *) + 2 * sizeof f->places[0]) +
           f->count * sizeof *f->all[0] + f->waits * sizeof(struct acd_waits);
}

static void place_put(struct folding *f, size_t index)
{
    size_t mask = 2 * f->room - 1, at = f->all[index]->hash & mask;

    while (f->places[at] != 0)
        at = (at + 1) & mask;
    f->places[at] = (uint32_t)index + 1;
}

static void places_anew(struct folding *f)
{
    memset(f->places, 0, 2 * f->room * sizeof f->places[0]);
    for (size_t i = 0; i < f->count; i++)
        place_put(f, i);
}

/* Twice the room; false without the memory. */
static bool grow(struct folding *f)
{
    size_t room = f->room == 0 ? 64 : 2 * f->room;
    struct folded **all = realloc(f->all, room * sizeof(struct folded *));
    uint32_t *places = malloc(2 * room * sizeof places[0]);

    if (all != NULL)
        f->all = all;
    if (all == NULL || places == NULL) {
        free(places);
        return false;
    }
    free(f->places);
    f->places = places;
    f->room = room;
    places_anew(f);
    return true;
}

static struct folded *find(const struct folding *f, struct acd_str name, uint32_t hash)
{
    size_t mask = 2 * f->room - 1;

    if (f->room == 0)
        return NULL;
    for (size_t at = hash & mask; f->places[at] != 0; at = (at + 1) & mask) {
        struct folded *d = f->all[f->places[at] - 1];

        if (d->hash == hash && d->name_len == name.len && memcmp(d->name, name.data, name.len) == 0)
            return d;
    }
    return NULL;
}

/* Whoever has that name; NULL without memory. */
static struct folded *folded_of(struct folding *f, struct acd_str name)
{
    uint32_t hash = crc32c(0, name.data, name.len);
    struct folded *d = find(f, name, hash);

    if (d != NULL)
        return d;
    if (f->count < f->room || grow(f))
        d = calloc(1, sizeof *d);
    f->no_memory = d == NULL;
    if (d == NULL)
        return NULL;
    ACD_ASSERT(name.len <= sizeof d->name);
    memcpy(d->name, name.data, name.len);
    d->name_len = name.len;
    d->hash = hash;
    f->all[f->count] = d;
    place_put(f, f->count++);
    return d;
}

/* Whether it is asked for. */
static bool is_wanted(const struct folding *f, struct acd_str name)
{
    const struct acd_str *one = &f->query->name, *under = &f->query->under;

    if (under->len > 0 &&
        (name.len < under->len || memcmp(name.data, under->data, under->len) != 0))
        return false;
    return one->len == 0 || (name.len == one->len && memcmp(name.data, one->data, one->len) == 0);
}

/* ---- queues --------------------------------------------------------------------------------- */

/* Adds one to the other, but for how many waited at the ends: of those tells who calls. */
static void queue_fold_add(struct acd_view_queue_fold *to, const struct acd_view_queue_fold *v)
{
    acd_span longest = to->wait_max > v->wait_max ? to->wait_max : v->wait_max;
    uint32_t waiting = to->waiting_start;

#define F(type, name, doc) to->name += v->name;
    ACD_SUMS_FIELDS
    ACD_QUEUE_INTERVAL_FIELDS
#undef F
    to->wait_max = longest;
    to->waiting_start = waiting;
}

static struct acd_view_queue_fold queue_fold_of(const struct acd_view_queue_interval *v)
{
    struct acd_view_queue_fold fold = {.start = v->start};

#define F(type, name, doc) fold.name = v->name;
    ACD_SUMS_FIELDS
    ACD_QUEUE_INTERVAL_FIELDS
#undef F
    return fold;
}

static bool waits_add(struct folding *f, struct folded *d, const struct interval_row *row)
{
    if (row->waits_len == 0)
        return true;
    if (d->waits == NULL) {
        d->waits = calloc(1, sizeof *d->waits);
        f->waits += d->waits != NULL;
    }
    f->no_memory = d->waits == NULL;
    return !f->no_memory && interval_waits_add(row, d->waits);
}

static bool queue_add(struct folding *f, const struct interval_row *row, bool prime)
{
    struct acd_view_queue_interval v;
    struct acd_view_queue_fold *to, fold;
    struct folded *d;

    if (acd_record_view_queue_interval.decode(row->record, row->len, &v) < 0)
        return false;
    if (!is_wanted(f, v.name))
        return true;
    d = folded_of(f, v.name);
    if (d == NULL || (!prime && !waits_add(f, d, row)))
        return false;
    to = &d->as.queue;
    if (d->until == 0)
        to->waiting_start = to->waiting_end = v.waiting_start;
    d->until = v.start + v.length;
    to->waiting_end = v.waiting_end;
    if (prime) {
        to->waiting_start = v.waiting_end;
        return true;
    }
    d->counted = true;
    fold = queue_fold_of(&v);
    queue_fold_add(to, &fold);
    return true;
}

/* ---- agents --------------------------------------------------------------------------------- */

static void agent_time_add(struct folded *d, acd_span span)
{
    struct acd_view_agent_fold *v = &d->as.agent;
    acd_span *const reasons[] = {&v->in_reason_1, &v->in_reason_2, &v->in_reason_3, &v->in_reason_4,
                                 &v->in_reason_5, &v->in_reason_6, &v->in_reason_7};

    switch (v->activity) {
    case ACD_ACTIVITY_NOT_READY: v->in_not_ready += span; break;
    case ACD_ACTIVITY_IDLE: v->in_idle += span; break;
    case ACD_ACTIVITY_DELAYED: v->in_delayed += span; break;
    case ACD_ACTIVITY_RESERVED: v->in_ringing += span; break;
    case ACD_ACTIVITY_BUSY: *(d->on_hold ? &v->in_hold : &v->in_talk) += span; break;
    case ACD_ACTIVITY_WRAP_UP: v->in_wrap_up += span; break;
    case ACD_ACTIVITY_OUTSIDE: v->in_outside += span; break;
    case ACD_ACTIVITY_NO_DEVICE: v->in_no_device += span; break;
    default: return; /* logged out, or never heard of: the rest */
    }
    d->counted = true;
    if (v->activity == ACD_ACTIVITY_NOT_READY && v->reason - 1U < 7)
        *reasons[v->reason - 1] += span;
}

static void agent_fill(struct folded *d, acd_time until)
{
    if (until <= d->until)
        return;
    agent_time_add(d, until - d->until);
    d->until = until;
}

static bool agent_add(struct folding *f, const struct interval_row *row, bool prime)
{
    struct acd_view_agent_interval v;
    struct acd_view_agent_fold *to;
    struct folded *d;

    if (acd_record_view_agent_interval.decode(row->record, row->len, &v) < 0)
        return false;
    if (!is_wanted(f, v.name))
        return true;
    d = folded_of(f, v.name);
    if (d == NULL)
        return false;
    to = &d->as.agent;
    if (!prime) {
        agent_fill(d, v.start);
        d->counted = true;
#define F(type, name, doc) to->name += v.name;
        ACD_AGENT_INTERVAL_FIELDS
#undef F
    }
    d->until = v.start + v.length;
    d->on_hold = v.on_hold != 0;
    to->activity = v.activity;
    to->reason = v.reason;
    return true;
}

void folding_fill(struct folding *f, acd_time until)
{
    for (size_t i = 0; f->query->agents && i < f->count; i++)
        agent_fill(f->all[i], until);
}

bool folding_add(struct folding *f, const struct interval_row *row, bool prime)
{
    return f->query->agents ? agent_add(f, row, prime) : queue_add(f, row, prime);
}

/* ---- pieces --------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    const struct folded *const *x = a, *const *y = b;
    size_t len = (*x)->name_len < (*y)->name_len ? (*x)->name_len : (*y)->name_len;
    int order = memcmp((*x)->name, (*y)->name, len);

    return order != 0 ? order : (int)(*x)->name_len - (int)(*y)->name_len;
}

void folding_sort(struct folding *f)
{
    if (f->count == 0)
        return;
    qsort(f->all, f->count, sizeof(struct folded *), by_name);
    places_anew(f);
}

static void queue_clear(struct folded *d)
{
    uint32_t waiting = d->as.queue.waiting_end;

    d->as.queue = (struct acd_view_queue_fold){.waiting_start = waiting, .waiting_end = waiting};
    free(d->waits);
    d->waits = NULL;
}

static void agent_clear(struct folded *d)
{
    d->as.agent = (struct acd_view_agent_fold){.activity = d->as.agent.activity,
                                               .reason = d->as.agent.reason};
}

void folding_clear(struct folding *f)
{
    for (size_t i = 0; i < f->count; i++) {
        f->all[i]->counted = false;
        if (f->query->agents)
            agent_clear(f->all[i]);
        else
            queue_clear(f->all[i]);
    }
    f->waits = 0;
}

/* ---- views ---------------------------------------------------------------------------------- */

/* Of 10,000, to the nearest; -1: of nothing. */
static int32_t share(uint64_t part, uint64_t whole)
{
    return whole == 0 ? -1 : (int32_t)((20000 * part + whole) / (2 * whole));
}

/* How many waits were within a threshold, which is lowered to what can be told. */
static uint32_t within(const uint32_t *counts, acd_span *threshold)
{
    uint32_t bucket, sum = 0;

    if (*threshold < 0)
        return 0;
    bucket = acd_waits_bucket(*threshold);
    if (acd_waits_bound(bucket) != *threshold)
        bucket--;
    *threshold = acd_waits_bound(bucket);
    for (uint32_t i = 0; i <= bucket; i++)
        sum += counts[i];
    return sum;
}

static void levels(const struct acd_fold_query *q, const struct acd_waits *w,
                   struct acd_view_queue_fold *v)
{
    static const struct acd_waits none;
    uint64_t both = (uint64_t)v->answered + v->abandoned;

    v->threshold = q->threshold;
    v->short_after = q->short_after;
    w = w == NULL ? &none : w;
    v->answered_within = within(w->answered, &v->threshold);
    v->threshold = q->threshold;
    v->abandoned_within = within(w->abandoned, &v->threshold);
    v->short_abandoned = within(w->abandoned, &v->short_after);
    v->level_a = share(v->answered_within, v->answered);
    v->level_b = share(v->answered_within, both);
    v->level_c = share(v->answered_within, both - v->abandoned_within);
    v->level_d = share((uint64_t)v->answered_within + v->abandoned_within, both);
    v->level_e = share(v->answered_within, both - v->short_abandoned);
}

static void shares(struct acd_view_agent_fold *v)
{
    uint64_t handling = (uint64_t)(v->in_talk + v->in_hold + v->in_wrap_up);
    uint64_t busy = handling + (uint64_t)v->in_ringing;
    uint64_t available = (uint64_t)(v->in_idle + v->in_delayed + v->in_no_device);

    v->occupancy = share(busy, busy + available);
    v->utilisation =
        share(handling, busy + available + (uint64_t)(v->in_not_ready + v->in_outside));
}

static size_t queue_tell(const struct folding *f, struct acd_view_queue_fold *v,
                         const struct acd_waits *w, uint8_t *out)
{
    levels(f->query, w, v);
    return acd_record_view_queue_fold.encode(v, out);
}

static void sum_add(struct folding *f, const struct folded *d)
{
    const struct acd_view_queue_fold *q = &d->as.queue;
    const struct acd_view_agent_fold *a = &d->as.agent;

    if (f->query->agents) {
#define F(type, name, doc) f->agent_sum.name += a->name;
        ACD_AGENT_INTERVAL_FIELDS
#undef F
        return;
    }
    f->queue_sum.waiting_start += q->waiting_start;
    f->queue_sum.waiting_end += q->waiting_end;
    queue_fold_add(&f->queue_sum, q);
    for (uint32_t i = 0; d->waits != NULL && i < ACD_WAITS; i++) {
        f->sum_waits.answered[i] += d->waits->answered[i];
        f->sum_waits.abandoned[i] += d->waits->abandoned[i];
    }
}

static size_t together_tell(struct folding *f, acd_time start, acd_time end, uint8_t *out)
{
    f->queue_sum = (struct acd_view_queue_fold){.start = start, .length = end - start};
    f->agent_sum = (struct acd_view_agent_fold){.start = start, .length = end - start};
    memset(&f->sum_waits, 0, sizeof f->sum_waits);
    for (size_t i = 0; i < f->count; i++)
        sum_add(f, f->all[i]);
    if (!f->query->agents)
        return queue_tell(f, &f->queue_sum, &f->sum_waits, out);
    shares(&f->agent_sum);
    return acd_record_view_agent_fold.encode(&f->agent_sum, out);
}

static size_t one_tell(const struct folding *f, const struct folded *d, acd_time start,
                       acd_time end, uint8_t *out)
{
    struct acd_view_queue_fold q = d->as.queue;
    struct acd_view_agent_fold a = d->as.agent;

    if (!f->query->agents) {
        q.name = (struct acd_str){d->name, d->name_len};
        q.start = start;
        q.length = end - start;
        return queue_tell(f, &q, d->waits, out);
    }
    a.name = (struct acd_str){d->name, d->name_len};
    a.start = start;
    a.length = end - start;
    shares(&a);
    return acd_record_view_agent_fold.encode(&a, out);
}

/* Whether there is anything to tell of it. */
static bool is_told(const struct folding *f, const struct folded *d)
{
    return d->counted || (f->query->name.len > 0 && !f->query->by_team) ||
           (!f->query->agents && d->as.queue.waiting_end > 0);
}

size_t folding_tell(struct folding *f, size_t *n, acd_time start, acd_time end, uint8_t *out)
{
    if (f->query->together)
        return (*n)++ == 0 ? together_tell(f, start, end, out) : 0;
    while (*n < f->count) {
        const struct folded *d = f->all[(*n)++];

        if (is_told(f, d))
            return one_tell(f, d, start, end, out);
    }
    return 0;
}

/* ---- teams ---------------------------------------------------------------------------------- */

/* What to call it, in `room`: of none, or of one that is not among those asked for, "-". */
static struct acd_str team_name(const struct acd_str *under, struct acd_str team, char *room)
{
    if (team.len > under->len &&
        (under->len == 0 || memcmp(team.data, under->data, under->len) == 0))
        return team;
    if (under->len > 0)
        memcpy(room, under->data, under->len);
    room[under->len] = '-';
    return (struct acd_str){room, (uint16_t)(under->len + 1)};
}

bool folding_by_team(struct folding *to, const struct folding *agents, const struct agent_teams *of)
{
    for (size_t i = 0; i < agents->count; i++) {
        const struct folded *d = agents->all[i];
        char room[sizeof d->name];
        struct acd_str team = agent_teams_of(of, (struct acd_str){d->name, d->name_len});
        struct folded *sum;

        ACD_ASSERT(to->query->under.len < sizeof room);
        team = team_name(&to->query->under, team, room);
        if (!d->counted || !is_wanted(to, team))
            continue;
        sum = folded_of(to, team);
        if (sum == NULL)
            return false;
        sum->counted = true;
#define F(type, name, doc) sum->as.agent.name += d->as.agent.name;
        ACD_AGENT_INTERVAL_FIELDS
#undef F
    }
    folding_sort(to);
    return true;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static size_t queue_keep(const struct folded *d, acd_time start, acd_time end, uint8_t *out)
{
    const struct acd_view_queue_fold *q = &d->as.queue;
    struct acd_view_queue_interval v = {.name = {d->name, d->name_len},
                                        .start = start,
                                        .length = end - start,
                                        .waiting_end = q->waiting_end};
    size_t len;

#define F(type, name, doc) v.name = q->name;
    ACD_SUMS_FIELDS
    ACD_QUEUE_INTERVAL_FIELDS
#undef F
    len = acd_record_view_queue_interval.encode(&v, out);
    return len + (d->waits == NULL ? 0 : interval_waits_put(d->waits, out + len));
}

static size_t agent_keep(const struct folded *d, acd_time start, acd_time end, uint8_t *out)
{
    const struct acd_view_agent_fold *a = &d->as.agent;
    struct acd_view_agent_interval v = {.name = {d->name, d->name_len},
                                        .start = start,
                                        .length = end - start,
                                        .activity = a->activity,
                                        .reason = a->reason,
                                        .on_hold = d->on_hold};

#define F(type, name, doc) v.name = a->name;
    ACD_AGENT_INTERVAL_FIELDS
#undef F
    return acd_record_view_agent_interval.encode(&v, out);
}

size_t folding_keep(const struct folding *f, size_t *n, acd_time start, acd_time end, uint8_t *out)
{
    while (*n < f->count) {
        const struct folded *d = f->all[(*n)++];

        if (is_told(f, d))
            return f->query->agents ? agent_keep(d, start, end, out)
                                    : queue_keep(d, start, end, out);
    }
    return 0;
}

bool folding_wants(const struct folding *f, const struct interval_row *row)
{
    const struct acd_str *name = &f->query->name; /* a row's only text is the tail of its record */

    return name->len == 0 || (row->len > name->len && memcmp(row->record + row->len - name->len,
                                                             name->data, name->len) == 0);
}
