/* acdctl: the columns of reports. Each is a figure of docs/METRICS.md, by the name it has there; a
 * service level has its letter in its heading, and beside it what it is asked for: within so long,
 * and what counts as a short wait. That by each queue's own threshold is SL_B_OWN. */

#include <string.h>

#include "tools/acdctl_report.h"

/* Of sums; -1: of nothing. */
static int64_t average(acd_span sum, uint32_t count)
{
    return count == 0 ? -1 : sum / count;
}

static int64_t share(uint64_t part, uint64_t whole)
{
    return whole == 0 ? -1 : (int64_t)((20000 * part + whole) / (2 * whole));
}

/* Of calls that entered before and were abandoned since there may be more. */
static uint32_t without(uint32_t all, uint32_t some)
{
    return all > some ? all - some : 0;
}

static acd_span staffed(const struct acd_view_agent_fold *v)
{
    return v->in_idle + v->in_ringing + v->in_talk + v->in_hold + v->in_wrap_up + v->in_not_ready +
           v->in_delayed + v->in_no_device + v->in_outside;
}

static acd_span with_reason(const struct acd_view_agent_fold *v)
{
    return v->in_reason_1 + v->in_reason_2 + v->in_reason_3 + v->in_reason_4 + v->in_reason_5 +
           v->in_reason_6 + v->in_reason_7;
}

static const struct report_column name_column = {"name", "NAME", REPORT_NAME, NULL};
static const struct report_column start_column = {"start", "START", REPORT_START, NULL};
static const struct report_column hour_column = {"hour", "HOUR", REPORT_HOUR, NULL};

/* X(key, heading, kind, value): v is the view. */
#define QUEUE_COLUMNS(X)                                                                           \
    X(offered, "OFFERED", COUNT, v->entered)                                                       \
    X(answered, "ANSWERED", COUNT, v->answered)                                                    \
    X(abandoned, "ABANDONED", COUNT, v->abandoned)                                                 \
    X(short_after, "SHORT_IN", SPAN, v->short_after)                                               \
    X(short_abandoned, "SHORT", COUNT, v->short_abandoned)                                         \
    X(timed_out, "TIMED_OUT", COUNT, v->timed_out)                                                 \
    X(overflowed, "OVERFLOWED", COUNT, v->overflowed)                                              \
    X(others, "OTHERS", COUNT,                                                                     \
      (uint64_t)v->withdrawn + v->left_empty + v->exited + v->callbacks + v->unreached + v->lost)  \
    X(refused, "REFUSED", COUNT, v->refused)                                                       \
    X(waiting_end, "WAITING", COUNT, v->waiting_end)                                               \
    X(abandon_rate, "ABANDON", SHARE, share(v->abandoned, v->entered))                             \
    X(long_abandon_rate, "ABANDON_LONG", SHARE,                                                    \
      share(v->abandoned - v->short_abandoned, without(v->entered, v->short_abandoned)))           \
    X(callback_rate, "CALLBACK", SHARE, share(v->callbacks, v->entered))                           \
    X(reached_rate, "REACHED", SHARE,                                                              \
      share(v->called_back, (uint64_t)v->called_back + v->unreached))                              \
    X(asa, "ASA", SPAN, average(v->wait_answered, v->answered))                                    \
    X(average_abandon, "TO_ABANDON", SPAN, average(v->wait_abandoned, v->abandoned))               \
    X(longest_wait, "LONGEST", SPAN, v->wait_max)                                                  \
    X(average_talk, "TALK", SPAN, average(v->talk, v->handled))                                    \
    X(average_hold, "HOLD", SPAN, average(v->hold, v->handled))                                    \
    X(average_wrap_up, "WRAP_UP", SPAN, average(v->wrap_up, v->handled))                           \
    X(talk, "ALL_TALK", SPAN, v->talk)                                                             \
    X(aht, "AHT", SPAN, average(v->talk + v->hold + v->wrap_up, v->handled))                       \
    X(threshold, "WITHIN", SPAN, v->threshold)                                                     \
    X(answered_within, "ANSWERED", COUNT, v->answered_within)                                      \
    X(abandoned_within, "ABANDONED", COUNT, v->abandoned_within)                                   \
    X(level_a, "SL_A", SHARE, v->level_a)                                                          \
    X(level_b, "SL_B", SHARE, v->level_b)                                                          \
    X(level_c, "SL_C", SHARE, v->level_c)                                                          \
    X(level_d, "SL_D", SHARE, v->level_d)                                                          \
    X(level_e, "SL_E", SHARE, v->level_e)                                                          \
    X(rona_rate, "RONA", SHARE, share(v->no_answers, v->offers))                                   \
    X(in_time, "IN_TIME", COUNT, v->in_time)                                                       \
    X(level_own, "SL_B_OWN", SHARE, share(v->in_time, (uint64_t)v->answered + v->abandoned))

#define AGENT_COLUMNS(X)                                                                           \
    X(offers, "OFFERS", COUNT, v->offers)                                                          \
    X(answered, "ANSWERED", COUNT, v->answered)                                                    \
    X(handled, "HANDLED", COUNT, v->handled)                                                       \
    X(no_answers, "NO_ANSWER", COUNT, v->no_answers)                                               \
    X(rejected, "REJECTED", COUNT, v->rejected)                                                    \
    X(rona_rate, "RONA", SHARE, share(v->no_answers, v->offers))                                   \
    X(average_talk, "TALK", SPAN, average(v->talk, v->handled))                                    \
    X(average_hold, "HOLD", SPAN, average(v->hold, v->handled))                                    \
    X(average_wrap_up, "WRAP_UP", SPAN, average(v->wrap_up, v->handled))                           \
    X(aht, "AHT", SPAN, average(v->talk + v->hold + v->wrap_up, v->handled))                       \
    X(staffed, "STAFFED", SPAN, staffed(v))                                                        \
    X(occupancy, "OCCUPANCY", SHARE, v->occupancy)                                                 \
    X(utilisation, "UTILISED", SHARE, v->utilisation)                                              \
    X(in_idle, "IDLE", SPAN, v->in_idle)                                                           \
    X(in_ringing, "RINGING", SPAN, v->in_ringing)                                                  \
    X(in_talk, "TALK", SPAN, v->in_talk)                                                           \
    X(in_hold, "HOLD", SPAN, v->in_hold)                                                           \
    X(in_wrap_up, "WRAP_UP", SPAN, v->in_wrap_up)                                                  \
    X(in_not_ready, "NOT_READY", SPAN, v->in_not_ready)                                            \
    X(in_reason_1, "REASON_1", SPAN, v->in_reason_1)                                               \
    X(in_reason_2, "REASON_2", SPAN, v->in_reason_2)                                               \
    X(in_reason_3, "REASON_3", SPAN, v->in_reason_3)                                               \
    X(in_reason_4, "REASON_4", SPAN, v->in_reason_4)                                               \
    X(in_reason_5, "REASON_5", SPAN, v->in_reason_5)                                               \
    X(in_reason_6, "REASON_6", SPAN, v->in_reason_6)                                               \
    X(in_reason_7, "REASON_7", SPAN, v->in_reason_7)                                               \
    X(in_other_reasons, "OTHERS", SPAN, v->in_not_ready - with_reason(v))                          \
    X(in_delayed, "DELAYED", SPAN, v->in_delayed)                                                  \
    X(in_no_device, "NO_DEVICE", SPAN, v->in_no_device)                                            \
    X(in_outside, "OUTSIDE", SPAN, v->in_outside)

#define X(key, heading, kind, expression)                                                          \
    static int64_t queue_##key(const struct report_row *row)                                       \
    {                                                                                              \
        const struct acd_view_queue_fold *v = &row->as.queue;                                      \
                                                                                                   \
        return (int64_t)(expression);                                                              \
    }                                                                                              \
    static const struct report_column queue_##key##_column = {#key, heading, REPORT_##kind,        \
                                                              queue_##key};
QUEUE_COLUMNS(X)
#undef X

#define X(key, heading, kind, expression)                                                          \
    static int64_t agent_##key(const struct report_row *row)                                       \
    {                                                                                              \
        const struct acd_view_agent_fold *v = &row->as.agent;                                      \
                                                                                                   \
        return (int64_t)(expression);                                                              \
    }                                                                                              \
    static const struct report_column agent_##key##_column = {#key, heading, REPORT_##kind,        \
                                                              agent_##key};
AGENT_COLUMNS(X)
#undef X

#define Q(key) &queue_##key##_column
#define A(key) &agent_##key##_column

static const struct report_column *const call_summary[] = {
    &start_column, Q(offered),      Q(answered), Q(abandoned), Q(timed_out),
    Q(overflowed), Q(others),       Q(refused),  Q(asa),       Q(average_talk),
    Q(talk),       Q(abandon_rate), NULL};

static const struct report_column *const queue_performance[] = {
    &name_column,       Q(offered),
    Q(answered),        Q(abandoned),
    Q(short_after),     Q(short_abandoned),
    Q(timed_out),       Q(overflowed),
    Q(others),          Q(refused),
    Q(waiting_end),     Q(asa),
    Q(longest_wait),    Q(average_abandon),
    Q(average_talk),    Q(average_hold),
    Q(average_wrap_up), Q(aht),
    Q(abandon_rate),    Q(long_abandon_rate),
    Q(callback_rate),   Q(reached_rate),
    Q(rona_rate),       Q(threshold),
    Q(level_b),         Q(in_time),
    Q(level_own),       NULL};

static const struct report_column *const queue_periods[] = {
    &start_column, &name_column, Q(offered), Q(answered),     Q(abandoned), Q(timed_out),
    Q(overflowed), Q(refused),   Q(asa),     Q(longest_wait), Q(aht),       Q(abandon_rate),
    Q(threshold),  Q(level_b),   Q(in_time), Q(level_own),    NULL};

static const struct report_column *const service_level[] = {
    &start_column,      Q(offered),          Q(answered), Q(abandoned), Q(threshold),
    Q(answered_within), Q(abandoned_within), Q(level_a),  Q(level_b),   Q(level_c),
    Q(level_d),         Q(short_after),      Q(level_e),  NULL};

static const struct report_column *const hourly_distribution[] = {
    &hour_column,    Q(offered), Q(answered),     Q(abandoned), Q(refused), Q(asa),
    Q(longest_wait), Q(aht),     Q(abandon_rate), Q(threshold), Q(level_b), NULL};

static const struct report_column *const agent_performance[] = {
    &name_column, A(offers),    A(answered),     A(handled),      A(no_answers),
    A(rejected),  A(rona_rate), A(average_talk), A(average_hold), A(average_wrap_up),
    A(aht),       A(staffed),   A(occupancy),    A(utilisation),  NULL};

static const struct report_column *const agent_periods[] = {
    &start_column, &name_column, A(answered),  A(handled),     A(rona_rate),
    A(aht),        A(staffed),   A(occupancy), A(utilisation), NULL};

static const struct report_column *const agent_activity[] = {
    &start_column,   &name_column,        A(staffed),
    A(in_idle),      A(in_ringing),       A(in_talk),
    A(in_hold),      A(in_wrap_up),       A(in_not_ready),
    A(in_reason_1),  A(in_reason_2),      A(in_reason_3),
    A(in_reason_4),  A(in_reason_5),      A(in_reason_6),
    A(in_reason_7),  A(in_other_reasons), A(in_delayed),
    A(in_no_device), A(in_outside),       NULL};

static const struct report reports[] = {
    {"report call-summary", call_summary, 30, 0, 0},
    {"report queue-performance", queue_performance, 0, 0, 0},
    {"report agent-performance", agent_performance, 0, 0, 0},
    {"report service-level", service_level, 0, 0, 0},
    {"report hourly-distribution", hourly_distribution, 30, 0, 0},
    {"report agent-activity", agent_activity, 0, 0, 0},
    {"report daily", queue_periods, 7, 0, 0},
    {"report weekly", queue_periods, 0, 4, 0},
    {"report monthly", queue_periods, 0, 0, 12},
    {"report agents-daily", agent_periods, 7, 0, 0},
    {"report agents-weekly", agent_periods, 0, 4, 0},
    {"report agents-monthly", agent_periods, 0, 0, 12},
};

const struct report *report_of(const char *words)
{
    for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++)
        if (strcmp(reports[i].words, words) == 0)
            return &reports[i];
    return NULL;
}

bool report_row_is_empty(const struct report_row *row)
{
    const struct acd_view_queue_fold *v = &row->as.queue;
    bool any = v->waiting_end != 0;

#define F(type, name, doc) any = any || v->name != 0;
    ACD_SUMS_FIELDS
    ACD_QUEUE_INTERVAL_FIELDS
#undef F
    return !any;
}

bool report_agent_is_empty(const struct report_row *row)
{
    const struct acd_view_agent_fold *v = &row->as.agent;
    bool any = false;

#define F(type, name, doc) any = any || v->name != 0;
    ACD_AGENT_INTERVAL_FIELDS
#undef F
    return !any;
}

static void levels(struct acd_view_queue_fold *t)
{
    const uint64_t within = t->answered_within, all = (uint64_t)t->answered + t->abandoned;

    t->level_a = (int32_t)share(within, t->answered);
    t->level_b = (int32_t)share(within, all);
    t->level_c = (int32_t)share(within, all - t->abandoned_within);
    t->level_d = (int32_t)share(within + t->abandoned_within, all);
    t->level_e = (int32_t)share(within, all - t->short_abandoned);
}

void report_row_add(struct report_row *to, const struct report_row *row)
{
    struct acd_view_queue_fold *t = &to->as.queue;
    const struct acd_view_queue_fold *v = &row->as.queue;
    acd_span longest = v->wait_max > t->wait_max ? v->wait_max : t->wait_max;
    uint32_t waiting_start = t->waiting_start;

#define F(type, name, doc) t->name += v->name;
    ACD_SUMS_FIELDS
    ACD_QUEUE_INTERVAL_FIELDS
#undef F
    t->wait_max = longest;
    t->waiting_start = waiting_start;
    t->waiting_end = v->waiting_end;
    t->answered_within += v->answered_within;
    t->abandoned_within += v->abandoned_within;
    t->short_abandoned += v->short_abandoned;
    levels(t);
}

void report_agent_add(struct report_row *to, const struct report_row *row)
{
    struct acd_view_agent_fold *t = &to->as.agent;
    const struct acd_view_agent_fold *v = &row->as.agent;
    uint64_t handling, busy;

#define F(type, name, doc) t->name += v->name;
    ACD_AGENT_INTERVAL_FIELDS
#undef F
    handling = (uint64_t)(t->in_talk + t->in_hold + t->in_wrap_up);
    busy = handling + (uint64_t)t->in_ringing;
    t->occupancy =
        (int32_t)share(busy, busy + (uint64_t)(t->in_idle + t->in_delayed + t->in_no_device));
    t->utilisation = (int32_t)share(handling, (uint64_t)staffed(t));
}
