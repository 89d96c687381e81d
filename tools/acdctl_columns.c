/* acdctl: which columns a view has in a list. Chosen for people: what fits into a terminal and is
 * looked at most; `show` and --json have everything. */

#include <inttypes.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "tools/acdctl_view.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* How long ago something was, or how long it still takes. */
static void ago(acd_time then, acd_time now, char *out)
{
    if (then == 0)
        snprintf(out, CTL_TEXT_MAX, "-");
    else
        ctl_span_text(now > then ? now - then : 0, out);
}

static void left(acd_time until, acd_time now, char *out)
{
    if (until == 0)
        snprintf(out, CTL_TEXT_MAX, "-");
    else
        ctl_span_text(until == ACD_FOREVER ? ACD_FOREVER : until > now ? until - now : 0, out);
}

/* ---- agents ------------------------------------------------------------------------------- */

static void agent_doing(const struct ctl_scene *scene, const void *view, char *out)
{
    const struct acd_view_agent *v = view;
    const char *activity = acd_enum_text(&acd_enum_agent_activity, v->activity);
    const char *inactive = v->active == ACD_NO ? ", inactive" : "";

    (void)scene;
    if (v->activity == ACD_ACTIVITY_NOT_READY && v->reason > 0)
        snprintf(out, CTL_TEXT_MAX, "%s %u%s", activity, v->reason, inactive);
    else
        snprintf(out, CTL_TEXT_MAX, "%s%s", activity, inactive);
}

static void agent_for(const struct ctl_scene *scene, const void *view, char *out)
{
    ago(((const struct acd_view_agent *)view)->last_status_change, scene->now, out);
}

static void agent_calls(const struct ctl_scene *scene, const void *view, char *out)
{
    const struct acd_view_agent *v = view;

    (void)scene;
    snprintf(out, CTL_TEXT_MAX, "%u/%u", (unsigned)v->offered + v->connected + v->wrap_up,
             v->max_concurrent_calls);
}

static const struct ctl_column agent_columns[] = {
    {{"AGENT", false, 24}, "name", NULL},      {{"EXT", false, 10}, "extension", NULL},
    {{"DOING", false, 0}, NULL, agent_doing},  {{"FOR", true, 0}, NULL, agent_for},
    {{"FREE", false, 0}, "available", NULL},   {{"CALLS", true, 0}, NULL, agent_calls},
    {{"QUEUES", true, 0}, "queues", NULL},     {{"TODAY", true, 0}, "calls_today", NULL},
    {{"TALKED", true, 0}, "talk_today", NULL}, {{"CONTACT", false, 30}, "contact", NULL},
};

/* ---- queues ------------------------------------------------------------------------------- */

static void queue_longest(const struct ctl_scene *scene, const void *view, char *out)
{
    ago(((const struct acd_view_queue *)view)->oldest_entered, scene->now, out);
}

static void queue_estimate(const struct ctl_scene *scene, const void *view, char *out)
{
    (void)scene;
    ctl_span_text(((const struct acd_view_queue *)view)->estimated_wait, out);
}

static const struct ctl_column queue_columns[] = {
    {{"QUEUE", false, 24}, "name", NULL},        {{"STATE", false, 0}, "state", NULL},
    {{"WAIT", true, 0}, "waiting", NULL},        {{"LONGEST", true, 0}, NULL, queue_longest},
    {{"EXPECT", true, 0}, NULL, queue_estimate}, {{"TALK", true, 0}, "connected", NULL},
    {{"MEMBERS", true, 0}, "members", NULL},     {{"READY", true, 0}, "ready", NULL},
    {{"FREE", true, 0}, "available", NULL},      {{"RING_FOR", true, 0}, "ring_timeout", NULL},
    {{"MAX_WAIT", true, 0}, "max_wait", NULL},   {{"WRAP_UP", true, 0}, "wrap_up_time", NULL},
};

/* ---- calls -------------------------------------------------------------------------------- */

/* Waits since it first came; talks since it was answered. */
static void call_for(const struct ctl_scene *scene, const void *view, char *out)
{
    const struct acd_view_call *v = view;

    ago(v->answered_at != 0 ? v->answered_at : v->enqueued_at, scene->now, out);
}

static void call_position(const struct ctl_scene *scene, const void *view, char *out)
{
    const struct acd_view_call *v = view;

    (void)scene;
    if (v->position == 0)
        snprintf(out, CTL_TEXT_MAX, "-");
    else
        snprintf(out, CTL_TEXT_MAX, "%" PRIu32, v->position);
}

static void call_estimate(const struct ctl_scene *scene, const void *view, char *out)
{
    const struct acd_view_call *v = view;

    (void)scene;
    if (v->position == 0)
        snprintf(out, CTL_TEXT_MAX, "-");
    else
        ctl_span_text(v->estimated_wait, out);
}

static const struct ctl_column call_columns[] = {
    {{"CALL", false, 0}, "call", NULL},         {{"QUEUE", false, 16}, "queue_name", NULL},
    {{"STATE", false, 0}, "state", NULL},       {{"POS", true, 0}, NULL, call_position},
    {{"EXPECT", true, 0}, NULL, call_estimate}, {{"FOR", true, 0}, NULL, call_for},
    {{"OFFERS", true, 0}, "offers", NULL},      {{"AGENT", false, 16}, "agent_name", NULL},
    {{"CALLER", false, 16}, "caller", NULL},    {{"KEY", false, 32}, "key", NULL},
};

/* ---- the others --------------------------------------------------------------------------- */

static const struct ctl_column member_columns[] = {
    {{"AGENT", false, 32}, "agent_name", NULL}, {{"QUEUE", false, 32}, "queue_name", NULL},
    {{"LEVEL", true, 0}, "level", NULL},        {{"POSITION", true, 0}, "position", NULL},
    {{"DOING", false, 0}, "activity", NULL},
};

/* Ready, and kept from calls by something. */
static void team_other(const struct ctl_scene *scene, const void *view, char *out)
{
    const struct acd_view_team *v = view;

    (void)scene;
    snprintf(out, CTL_TEXT_MAX, "%" PRIu32, v->delayed + v->no_device + v->outside);
}

static const struct ctl_column team_columns[] = {
    {{"TEAM", false, 24}, "name", NULL},       {{"AGENTS", true, 0}, "agents", NULL},
    {{"IDLE", true, 0}, "idle", NULL},         {{"RING", true, 0}, "reserved", NULL},
    {{"BUSY", true, 0}, "busy", NULL},         {{"WRAP", true, 0}, "wrap_up", NULL},
    {{"OTHER", true, 0}, NULL, team_other},    {{"BREAK", true, 0}, "not_ready", NULL},
    {{"OUT", true, 0}, "logged_out", NULL},    {{"FREE", true, 0}, "available", NULL},
    {{"CALLS", true, 0}, "connected", NULL},   {{"TODAY", true, 0}, "calls_today", NULL},
    {{"TALKED", true, 0}, "talk_today", NULL},
};

static const struct ctl_column skill_columns[] = {
    {{"AGENT", false, 32}, "agent_name", NULL},
    {{"SKILL", false, 32}, "skill", NULL},
    {{"LEVEL", true, 0}, "level", NULL},
};

static const struct ctl_column number_columns[] = {
    {{"NUMBER", false, 0}, "number", NULL},
    {{"QUEUE", false, 0}, "queue_name", NULL},
};

static void client_lease(const struct ctl_scene *scene, const void *view, char *out)
{
    left(((const struct acd_view_client *)view)->lease_until, scene->now, out);
}

static void client_grace(const struct ctl_scene *scene, const void *view, char *out)
{
    left(((const struct acd_view_client *)view)->grace_until, scene->now, out);
}

static const struct ctl_column client_columns[] = {
    {{"CLIENT", false, 32}, "name", NULL},        {{"ID", false, 0}, "client", NULL},
    {{"KIND", false, 0}, "kind", NULL},           {{"CALLS", true, 0}, "calls", NULL},
    {{"REQUEST", true, 0}, "last_request", NULL}, {{"TOLD", true, 0}, "told", NULL},
    {{"ACKED", true, 0}, "acked", NULL},          {{"OUTBOX", true, 0}, "outbox_bytes", NULL},
    {{"LOST", false, 0}, "lost", NULL},           {{"LEASE", true, 0}, NULL, client_lease},
    {{"GRACE", true, 0}, NULL, client_grace},
};

/* ---- history ------------------------------------------------------------------------------ */

static void visit_ended(const struct ctl_scene *scene, const void *view, char *out)
{
    ctl_clock_text(((const struct acd_view_visit *)view)->at, scene->now, out);
}

static const struct ctl_column visit_columns[] = {
    {{"ENDED", false, 0}, NULL, visit_ended},    {{"QUEUE", false, 16}, "queue_name", NULL},
    {{"HOW", false, 0}, "disposition", NULL},    {{"WAIT", true, 0}, "wait", NULL},
    {{"TALK", true, 0}, "talk", NULL},           {{"HOLD", true, 0}, "hold", NULL},
    {{"OFFERS", true, 0}, "offers", NULL},       {{"AGENT", false, 16}, "agent_name", NULL},
    {{"CODE", false, 16}, "wrap_up_code", NULL}, {{"CALLER", false, 16}, "caller", NULL},
    {{"KEY", false, 32}, "key", NULL},
};

static void assignment_named(const struct ctl_scene *scene, const char *name, const void *view,
                             char *out)
{
    const struct acd_field *field = acd_field_named(&acd_record_view_assignment, name);
    const char *text = ctl_name_of(&scene->names, field, view);

    if (text == NULL)
        ctl_field_text(field, view, scene->now, out);
    else
        snprintf(out, CTL_TEXT_MAX, "%s", text);
}

static void assignment_agent(const struct ctl_scene *scene, const void *view, char *out)
{
    assignment_named(scene, "agent", view, out);
}

static void assignment_queue(const struct ctl_scene *scene, const void *view, char *out)
{
    assignment_named(scene, "queue", view, out);
}

static void assignment_for(const struct ctl_scene *scene, const void *view, char *out)
{
    ago(((const struct acd_view_assignment *)view)->since, scene->now, out);
}

static void assignment_left(const struct ctl_scene *scene, const void *view, char *out)
{
    left(((const struct acd_view_assignment *)view)->until, scene->now, out);
}

static const struct ctl_column assignment_columns[] = {
    {{"ASSIGNMENT", false, 0}, "assignment", NULL},
    {{"AGENT", false, 24}, NULL, assignment_agent},
    {{"QUEUE", false, 24}, NULL, assignment_queue},
    {{"ROLE", false, 0}, "role", NULL},
    {{"FOR", true, 0}, NULL, assignment_for},
    {{"LEFT", true, 0}, NULL, assignment_left},
    {{"CALL", false, 0}, "call", NULL},
};

/* ---- an outbox ---------------------------------------------------------------------------- */

static void notice_at(const struct ctl_scene *scene, const void *view, char *out)
{
    ctl_clock_text(((const struct acd_view_notice *)view)->at, scene->now, out);
}

/* How the offer or the call ended. */
static void notice_how(const struct ctl_scene *scene, const void *view, char *out)
{
    const struct acd_view_notice *v = view;
    const char *how = v->disposition != 0 ? acd_enum_text(&acd_enum_disposition, v->disposition)
                                          : acd_enum_text(&acd_enum_offer_result, v->result);

    (void)scene;
    snprintf(out, CTL_TEXT_MAX, "%s", how[0] == '\0' ? "-" : how);
}

static const struct ctl_column notice_columns[] = {
    {{"NUMBER", true, 0}, "number", NULL},     {{"AT", false, 0}, NULL, notice_at},
    {{"KIND", false, 0}, "kind", NULL},        {{"HOW", false, 0}, NULL, notice_how},
    {{"OFFER", false, 0}, "assignment", NULL}, {{"AGENT", false, 16}, "agent_name", NULL},
    {{"CONTACT", false, 24}, "contact", NULL}, {{"KEY", false, 32}, "key", NULL},
};

/* ---- calendars ---------------------------------------------------------------------------- */

static void calendar_now(const struct ctl_scene *scene, const void *view, char *out)
{
    const struct acd_view_calendar *v = view;

    (void)scene;
    snprintf(out, CTL_TEXT_MAX, "%s", v->within ? "within" : "outside");
}

static void calendar_says(const struct ctl_scene *scene, const void *view, char *out)
{
    const struct acd_view_calendar *v = view;

    (void)scene;
    if (v->queue.gen == 0)
        snprintf(out, CTL_TEXT_MAX, "-");
    else if (v->strategy == 0)
        snprintf(out, CTL_TEXT_MAX, "%s", v->within ? "open" : "closed");
    else
        snprintf(out, CTL_TEXT_MAX, "%s",
                 acd_enum_text(&acd_enum_strategy, v->within ? v->strategy : v->otherwise));
}

static void calendar_until(const struct ctl_scene *scene, const void *view, char *out)
{
    const struct acd_view_calendar *v = view;

    ctl_span_text(v->until - scene->now, out);
}

static void calendar_is(const struct ctl_scene *scene, const void *view, char *out)
{
    const struct acd_view_calendar *v = view;

    (void)scene;
    snprintf(out, CTL_TEXT_MAX, "%s", v->queue.gen == 0 ? "-" : v->differs ? "otherwise" : "so");
}

static const struct ctl_column calendar_columns[] = {
    {{"CALENDAR", false, 24}, "calendar", NULL}, {{"QUEUE", false, 32}, "queue_name", NULL},
    {{"ZONE", false, 24}, "zone", NULL},         {{"NOW", false, 0}, NULL, calendar_now},
    {{"FOR", true, 0}, NULL, calendar_until},    {{"SAYS", false, 0}, NULL, calendar_says},
    {{"IT_IS", false, 0}, NULL, calendar_is},
};

static const struct ctl_column calendar_time_columns[] = {
    {{"CALENDAR", false, 24}, "calendar", NULL},
    {{"TIME", false, 128}, "time", NULL},
};

/* ---- timings ------------------------------------------------------------------------------ */

static void timing_mean(const struct ctl_scene *scene, const void *view, char *out)
{
    const struct acd_view_timing *v = view;

    (void)scene;
    if (v->answered == 0)
        snprintf(out, CTL_TEXT_MAX, "-");
    else
        snprintf(out, CTL_TEXT_MAX, "%.1f", (double)v->time / (double)v->answered);
}

/* The histogram's first bound that 99 of 100 were within. */
static void timing_p99(const struct ctl_scene *scene, const void *view, char *out)
{
    const struct acd_view_timing *v = view;
    const uint64_t *within = &v->within_1us;
    unsigned bucket = 0;

    (void)scene;
    while (bucket < 20 && within[bucket] < v->answered - v->answered / 100)
        bucket++;
    if (v->answered == 0)
        snprintf(out, CTL_TEXT_MAX, "-");
    else
        snprintf(out, CTL_TEXT_MAX, "%s%u", bucket < 20 ? "" : "over ",
                 1U << (bucket < 20 ? bucket : 19));
}

static const struct ctl_column timing_columns[] = {
    {{"REQUEST", false, 32}, "name", NULL},  {{"COUNT", true, 0}, "count", NULL},
    {{"FAILED", true, 0}, "failed", NULL},   {{"MEAN_US", true, 0}, NULL, timing_mean},
    {{"P99_US", true, 0}, NULL, timing_p99},
};

/* ---- explanations -------------------------------------------------------------------------- */

static void fit_why(const struct ctl_scene *scene, const void *view, char *out)
{
    const struct acd_view_fit *v = view;
    const char *why = acd_enum_text(&acd_enum_fit, v->fit);

    (void)scene;
    if (v->reason > 0)
        snprintf(out, CTL_TEXT_MAX, "%s %u", why, v->reason);
    else if (v->role != 0)
        snprintf(out, CTL_TEXT_MAX, "%s: %s", why, acd_enum_text(&acd_enum_role, v->role));
    else if (v->rank > 0)
        snprintf(out, CTL_TEXT_MAX, "%s, at %" PRIu32, why, v->rank);
    else
        snprintf(out, CTL_TEXT_MAX, "%s", why);
}

static void fit_left(const struct ctl_scene *scene, const void *view, char *out)
{
    left(((const struct acd_view_fit *)view)->until, scene->now, out);
}

static const struct ctl_column fit_columns[] = {
    {{"AGENT", false, 32}, "agent_name", NULL}, {{"LEVEL", true, 0}, "level", NULL},
    {{"WHY", false, 0}, NULL, fit_why},         {{"LEFT", true, 0}, NULL, fit_left},
    {{"LACKS", false, 60}, "what", NULL},
};

static void line_asks(const struct ctl_scene *scene, const void *view, char *out)
{
    const struct acd_view_agent_line *v = view;

    (void)scene;
    if (v->asks.len == 0)
        snprintf(out, CTL_TEXT_MAX, "any member");
    else
        ctl_clean(v->asks, out, CTL_TEXT_MAX);
}

/* "2 of 7"; of those who are drawn, and of one who is not there, how many there are. */
static void line_rank(const struct ctl_scene *scene, const void *view, char *out)
{
    const struct acd_view_agent_line *v = view;

    (void)scene;
    if (v->rank == 0)
        snprintf(out, CTL_TEXT_MAX, "- of %" PRIu32, v->available);
    else
        snprintf(out, CTL_TEXT_MAX, "%" PRIu32 " of %" PRIu32, v->rank, v->available);
}

static const struct ctl_column agent_line_columns[] = {
    {{"QUEUE", false, 24}, "queue_name", NULL}, {{"CALLS FOR", false, 40}, NULL, line_asks},
    {{"LEVEL", true, 0}, "level", NULL},        {{"FIT", false, 0}, "fit", NULL},
    {{"RANK", true, 0}, NULL, line_rank},       {{"WAIT", true, 0}, "waiting", NULL},
    {{"FIRST", false, 32}, "first_key", NULL},  {{"LACKS", false, 40}, "what", NULL},
};

static void contender_idle(const struct ctl_scene *scene, const void *view, char *out)
{
    ctl_clock_text(((const struct acd_view_contender *)view)->last_status_change, scene->now, out);
}

static const struct ctl_column contender_columns[] = {
    {{"RANK", true, 0}, "rank", NULL},
    {{"AGENT", false, 32}, "agent_name", NULL},
    {{"LEVEL", true, 0}, "level", NULL},
    {{"POSITION", true, 0}, "position", NULL},
    {{"IDLE_SINCE", true, 0}, NULL, contender_idle},
    {{"BY_EVENT", true, 0}, "moved", NULL},
    {{"TODAY", true, 0}, "calls_today", NULL},
    {{"TALKED", true, 0}, "talk_today", NULL},
    {{"FREE", true, 0}, "free", NULL},
};

static const struct ctl_column queue_interval_columns[] = {
    {{"QUEUE", false, 30}, "name", NULL},
    {{"SINCE", true, 0}, "start", NULL},
    {{"OFFERED", true, 0}, "entered", NULL},
    {{"ANSWERED", true, 0}, "answered", NULL},
    {{"IN_TIME", true, 0}, "in_time", NULL},
    {{"ABANDONED", true, 0}, "abandoned", NULL},
    {{"HANDLED", true, 0}, "handled", NULL},
    {{"REJECTED", true, 0}, "rejected", NULL},
    {{"NO_ANSWER", true, 0}, "no_answers", NULL},
    {{"TALK", true, 0}, "talk", NULL},
    {{"HOLD", true, 0}, "hold", NULL},
    {{"WRAP_UP", true, 0}, "wrap_up", NULL},
    {{"WAITING", true, 0}, "waiting_end", NULL},
};

static const struct ctl_column agent_interval_columns[] = {
    {{"AGENT", false, 32}, "name", NULL},         {{"SINCE", true, 0}, "start", NULL},
    {{"OFFERS", true, 0}, "offers", NULL},        {{"ANSWERED", true, 0}, "answered", NULL},
    {{"HANDLED", true, 0}, "handled", NULL},      {{"REJECTED", true, 0}, "rejected", NULL},
    {{"NO_ANSWER", true, 0}, "no_answers", NULL}, {{"IDLE", true, 0}, "in_idle", NULL},
    {{"RINGING", true, 0}, "in_ringing", NULL},   {{"TALK", true, 0}, "in_talk", NULL},
    {{"HOLD", true, 0}, "in_hold", NULL},         {{"WRAP_UP", true, 0}, "in_wrap_up", NULL},
    {{"BREAK", true, 0}, "in_not_ready", NULL},
};

/* ---- lookups ------------------------------------------------------------------------------ */

const struct ctl_column *ctl_columns(uint16_t code, size_t *count)
{
    static const struct {
        uint16_t code;
        const struct ctl_column *columns;
        size_t count;
    } all[] = {
        {ACD_VIEW_agent, agent_columns, COUNT(agent_columns)},
        {ACD_VIEW_queue, queue_columns, COUNT(queue_columns)},
        {ACD_VIEW_call, call_columns, COUNT(call_columns)},
        {ACD_VIEW_member, member_columns, COUNT(member_columns)},
        {ACD_VIEW_team, team_columns, COUNT(team_columns)},
        {ACD_VIEW_skill, skill_columns, COUNT(skill_columns)},
        {ACD_VIEW_number, number_columns, COUNT(number_columns)},
        {ACD_VIEW_client, client_columns, COUNT(client_columns)},
        {ACD_VIEW_assignment, assignment_columns, COUNT(assignment_columns)},
        {ACD_VIEW_visit, visit_columns, COUNT(visit_columns)},
        {ACD_VIEW_calendar, calendar_columns, COUNT(calendar_columns)},
        {ACD_VIEW_calendar_time, calendar_time_columns, COUNT(calendar_time_columns)},
        {ACD_VIEW_timing, timing_columns, COUNT(timing_columns)},
        {ACD_VIEW_notice, notice_columns, COUNT(notice_columns)},
        {ACD_VIEW_contender, contender_columns, COUNT(contender_columns)},
        {ACD_VIEW_fit, fit_columns, COUNT(fit_columns)},
        {ACD_VIEW_agent_line, agent_line_columns, COUNT(agent_line_columns)},
        {ACD_VIEW_queue_interval, queue_interval_columns, COUNT(queue_interval_columns)},
        {ACD_VIEW_agent_interval, agent_interval_columns, COUNT(agent_interval_columns)},
    };

    for (size_t i = 0; i < COUNT(all); i++) {
        *count = all[i].count;
        if (all[i].code == code)
            return all[i].columns;
    }
    return NULL;
}

void ctl_cell(const struct ctl_scene *scene, const struct acd_record *record,
              const struct ctl_column *column, const void *view, char out[CTL_TEXT_MAX])
{
    const struct acd_field *field;

    if (column->field == NULL) {
        column->cell(scene, view, out);
        return;
    }
    field = acd_field_named(record, column->field);
    ACD_ASSERT(field != NULL);
    ctl_field_text(field, view, scene->now, out);
}
