/* Intervals, as docs/METRICS.md has them: everything is added up as time passes, and all of it
 * starts from zero at each quarter of an hour. */

#include <string.h>

#include "tests/model/twin_parts.h"

static const acd_span QUARTER = 15 * 60 * ACD_SECOND;

static acd_time quarter_of(acd_time at)
{
    return at - at % QUARTER;
}

/* ---- what agents do ---------------------------------------------------------------------------
 */

static bool all_on_hold(const struct twin *t, const struct twin_agent *a)
{
    uint32_t held = twin_load(t, a, ACD_ROLE_HELD);

    return held > 0 && twin_talks(t, a) == held;
}

/* Where the time of an agent goes as it is now; NULL: nowhere. */
static acd_span *time_of(const struct twin *t, struct twin_agent *a)
{
    struct acd_view_agent_interval *v = &a->interval;

    switch (twin_activity(t, a)) {
    case ACD_ACTIVITY_NOT_READY: return &v->in_not_ready;
    case ACD_ACTIVITY_IDLE: return &v->in_idle;
    case ACD_ACTIVITY_DELAYED: return &v->in_delayed;
    case ACD_ACTIVITY_RESERVED: return &v->in_ringing;
    case ACD_ACTIVITY_BUSY:
        if (all_on_hold(t, a) && !twin_wrong(t, TWIN_FAULT_HOLD_TIME_IS_TALK))
            return &v->in_hold;
        return &v->in_talk;
    case ACD_ACTIVITY_WRAP_UP: return &v->in_wrap_up;
    case ACD_ACTIVITY_OUTSIDE: return &v->in_outside;
    case ACD_ACTIVITY_NO_DEVICE: return &v->in_no_device;
    default: return NULL;
    }
}

static void spend(const struct twin *t, struct twin_agent *a, acd_span span)
{
    acd_span *const reasons[] = {&a->interval.in_reason_1, &a->interval.in_reason_2,
                                 &a->interval.in_reason_3, &a->interval.in_reason_4,
                                 &a->interval.in_reason_5, &a->interval.in_reason_6,
                                 &a->interval.in_reason_7};
    acd_span *time = time_of(t, a);

    if (time != NULL)
        *time += span;
    if (twin_activity(t, a) == ACD_ACTIVITY_NOT_READY && a->reason >= 1 && a->reason <= 7)
        *reasons[a->reason - 1] += span;
}

/* ---- time -------------------------------------------------------------------------------------
 */

static void start_anew(struct twin *t)
{
    for (uint32_t i = 0; i < t->limits.agents; i++)
        memset(&t->agents[i].interval, 0, sizeof t->agents[i].interval);
    for (uint32_t i = 0; i < t->limits.queues; i++) {
        struct twin_queue *q = &t->queues[i];

        memset(&q->interval, 0, sizeof q->interval);
        q->interval.waiting_start = twin_unanswered(t, q);
    }
}

void twin_time_passes(struct twin *t, acd_time now)
{
    acd_time from = t->now;

    if (!t->counting || now <= from)
        return;
    if (quarter_of(now) != quarter_of(from)) {
        start_anew(t);
        if (!twin_wrong(t, TWIN_FAULT_INTERVAL_NOT_SPLIT))
            from = quarter_of(now);
    }
    for (uint32_t i = 0; i < t->limits.agents; i++)
        if (t->agents[i].id.gen != 0)
            spend(t, &t->agents[i], now - from);
}

void twin_counting_begins(struct twin *t)
{
    if (t->counting)
        return;
    start_anew(t);
    t->counting = true;
}

/* ---- the event ---------------------------------------------------------------------------------
 */

void twin_counted(struct twin *t)
{
    if (t->counting && t->interval_until == 0)
        t->interval_until = quarter_of(t->now) + QUARTER;
}

/* What an agent does is counted when it changes. */
void twin_note_agents(struct twin *t)
{
    for (uint32_t i = 0; i < t->limits.agents; i++) {
        struct twin_agent *a = &t->agents[i];
        struct twin_doing doing = {ACD_ACTIVITY_LOGGED_OUT, 0, false};

        if (a->id.gen != 0) {
            doing.activity = twin_activity(t, a);
            doing.reason = doing.activity == ACD_ACTIVITY_NOT_READY ? a->reason : 0;
            doing.on_hold = doing.activity == ACD_ACTIVITY_BUSY && all_on_hold(t, a);
        }
        if (a->did.activity == 0)
            a->did.activity = ACD_ACTIVITY_LOGGED_OUT;
        if (doing.activity != a->did.activity || doing.reason != a->did.reason ||
            doing.on_hold != a->did.on_hold)
            twin_counted(t);
        a->did = doing;
    }
}

void twin_turn_interval(struct twin *t)
{
    struct acd_event_interval_turned event = {.start = t->interval_until - QUARTER};

    if (t->interval_until == 0 || t->interval_until > t->now)
        return;
    twin_append(t, ACD_EVENT_interval_turned, &event);
    t->interval_until = 0;
    if (twin_wrong(t, TWIN_FAULT_INTERVAL_TURNS_EMPTY))
        t->interval_until = quarter_of(t->now) + QUARTER;
}

/* ---- waits ------------------------------------------------------------------------------------
 */

/* The bounds of buckets, in seconds; INT64_MAX behind the last. */
static int64_t bound(uint32_t bucket)
{
    static const int64_t hours[] = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24};

    if (bucket <= 600)
        return bucket;
    bucket -= 601;
    if (bucket < 20)
        return 660 + 60 * (int64_t)bucket;
    bucket -= 20;
    if (bucket < 18)
        return 2100 + 300 * (int64_t)bucket;
    bucket -= 18;
    return bucket < sizeof hours / sizeof hours[0] ? 3600 * hours[bucket] : INT64_MAX;
}

void twin_waited(struct twin *t, struct twin_queue *q, bool answered, acd_span wait)
{
    struct acd_waits *w = &q->interval.waits;
    uint32_t bucket = 0;

    if (!t->counting)
        return;
    if (wait % ACD_SECOND == 0 && twin_wrong(t, TWIN_FAULT_WAIT_OF_THE_BUCKET_ABOVE))
        wait++;
    while (bound(bucket) != INT64_MAX && wait > bound(bucket) * ACD_SECOND)
        bucket++;
    ++*(answered ? &w->answered[bucket] : &w->abandoned[bucket]);
}

/* ---- views ------------------------------------------------------------------------------------
 */

void twin_queue_interval_view(const struct twin *t, const struct twin_queue *q,
                              struct acd_view_queue_interval *v)
{
    static const struct twin_interval none;
    const struct twin_interval *kept = t->counting ? &q->interval : &none;

    twin_interval_sums(&kept->sums, v);
    v->name = twin_text_str(&q->name);
    v->start = t->counting ? quarter_of(t->now) : 0;
    v->length = QUARTER;
    v->waiting_start = kept->waiting_start;
    v->handled = kept->handled;
    v->rejected = kept->rejected;
    v->wrap_up = kept->wrap_up;
    v->waiting_end = twin_unanswered(t, q);
}

void twin_agent_interval_view(const struct twin *t, const struct twin_agent *a,
                              struct acd_view_agent_interval *v)
{
    memset(v, 0, sizeof *v);
    if (t->counting)
        *v = a->interval;
    v->name = twin_text_str(&a->name);
    v->start = t->counting ? quarter_of(t->now) : 0;
    v->length = QUARTER;
    v->activity = twin_activity(t, a);
    v->reason = v->activity == ACD_ACTIVITY_NOT_READY ? a->reason : 0;
    v->on_hold = v->activity == ACD_ACTIVITY_BUSY && all_on_hold(t, a);
}
