/* The twin explains: what keeps an agent from calls, each thing looked up by itself. */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/model/twin_parts.h"

/* ---- texts -------------------------------------------------------------------------------- */

enum { TEXT = 600 };

/* Adds to a text of TEXT bytes. */
static void add(char *room, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(char *room, const char *format, ...)
{
    size_t len = strlen(room);
    va_list args;

    va_start(args, format);
    vsnprintf(room + len, TEXT - len, format, args);
    va_end(args);
}

/* Adds clauses of a step to a text, those of a set. */
static void print_clauses(char *room, const struct twin_step *s, uint32_t wanted)
{
    size_t begin = strlen(room);

    for (uint8_t i = 0; i < s->count; i++) {
        const struct twin_term *term = &s->terms[i];
        bool opens = i == 0 || s->terms[i - 1].clause != term->clause;
        bool closes = i + 1 == s->count || s->terms[i + 1].clause != term->clause;

        if ((wanted >> term->clause & 1) == 0)
            continue;
        add(room, "%s%s%.*s",
            !opens                  ? " | "
            : strlen(room) == begin ? ""
                                    : " & ",
            opens && !closes ? "(" : "", (int)term->skill.len, term->skill.data);
        if (term->level > 0)
            add(room, ">=%d", term->level);
        if (closes && !opens)
            add(room, ")");
    }
}

static struct acd_str asks_text(const struct twin_step *s, char *room)
{
    room[0] = '\0';
    if (s == NULL)
        return (struct acd_str){NULL, 0};
    if (s->min > 0 || s->max < 255)
        add(room, "[%d-%d] ", s->min, s->max);
    if (s->raise > 0)
        add(room, "^%d ", s->raise);
    print_clauses(room, s, UINT32_MAX);
    if (room[0] != '\0' && s->count == 0)
        room[strlen(room) - 1] = '\0';
    return acd_str(room);
}

static struct acd_str what_text(const struct twin *t, const struct twin_agent *a,
                                const struct twin_step *s, uint8_t fit, char *room)
{
    room[0] = '\0';
    if (fit == ACD_FIT_LEVEL)
        add(room, "[%d-%d]", s->min, s->max);
    if (fit == ACD_FIT_SKILL)
        print_clauses(room, s, twin_lacks(t, a, s));
    return acd_str(room);
}

/* ---- until when --------------------------------------------------------------------------- */

static acd_time ends_at(const struct twin_assignment *s)
{
    bool ends = s->role == ACD_ROLE_OFFERED || s->role == ACD_ROLE_WRAP_UP ||
                s->role == ACD_ROLE_OUTSIDE || s->role == ACD_ROLE_DIALING;

    return ends && s->until != ACD_FOREVER ? s->until : 0;
}

/* An agent's assignment that ends first by itself, or the oldest if none does, or NULL; of a
 * channel, unless it is 0; of those that ring at many only. */
static const struct twin_assignment *first_to_end(const struct twin *t, const struct twin_agent *a,
                                                  uint8_t channel, bool ringing)
{
    const struct twin_assignment *first = NULL;

    for (uint32_t i = 0; i < t->limits.assignments; i++) {
        const struct twin_assignment *s = &t->assignments[i];
        const struct twin_call *c = s->id.gen == 0 ? NULL : twin_call(t, s->call);
        acd_time at, first_at = first == NULL ? 0 : ends_at(first);

        if (s->id.gen == 0 || !twin_same_agent(s->agent, a->id))
            continue;
        if ((channel != 0 && s->channel != channel) ||
            (ringing && (s->role != ACD_ROLE_OFFERED || !c->ring)))
            continue;
        at = ends_at(s);
        if (first == NULL || (at != 0 && (first_at == 0 || at < first_at)) ||
            (at == first_at && s->sequence < first->sequence))
            first = s;
    }
    return first;
}

static acd_time first_end(const struct twin *t, const struct twin_agent *a, uint8_t channel,
                          bool ringing)
{
    const struct twin_assignment *s = first_to_end(t, a, channel, ringing);

    return s == NULL ? 0 : ends_at(s);
}

/* When a member fulfils a later step of a call's plan for the first time. */
static acd_time fulfils_at(const struct twin *t, const struct twin_agent *a,
                           const struct twin_call *c)
{
    const struct twin_steps *steps = &t->plans[c->plan - 1].steps;
    uint8_t level = twin_member(t, a->id, c->queue)->level;

    for (uint8_t i = c->step + 1; i < steps->count; i++)
        if (twin_fulfils(t, a, level, &steps->steps[i]) ||
            twin_wrong(t, TWIN_FAULT_EXPLAIN_NEXT_STEP_ONLY))
            return c->entered_at + steps->steps[i].after;
    return 0;
}

/* ---- what keeps an agent from calls ------------------------------------------------------- */

static bool has_call(const struct twin *t, const struct twin_agent *a, const struct twin_call *c,
                     acd_time *until)
{
    for (uint32_t i = 0; i < t->limits.assignments; i++) {
        const struct twin_assignment *s = &t->assignments[i];

        if (s->id.gen == 0 || !twin_same_agent(s->agent, a->id) || twin_call(t, s->call) != c)
            continue;
        *until = ends_at(s);
        return true;
    }
    return false;
}

/* Whether one thing keeps an agent from a queue's calls of a step, until when. */
static bool keeps(const struct twin *t, const struct twin_agent *a, const struct twin_queue *q,
                  const struct twin_step *s, uint8_t fit)
{
    const struct twin_member *m = q == NULL ? NULL : twin_member(t, a->id, q->id);
    uint8_t level = m == NULL ? 0 : twin_step_level(t, s, m->level);

    switch (fit) {
    case ACD_FIT_INACTIVE: return a->active != ACD_YES;
    case ACD_FIT_LOGGED_OUT: return a->state == ACD_LOGGED_OUT;
    case ACD_FIT_NOT_READY: return a->state == ACD_NOT_READY && a->drain == 0;
    case ACD_FIT_DRAINING: return a->drain != 0;
    case ACD_FIT_DELAYED: return a->delay_until != 0;
    case ACD_FIT_IN_USE: return a->device == ACD_DEVICE_IN_USE;
    case ACD_FIT_UNREACHABLE: return a->device == ACD_DEVICE_UNREACHABLE;
    case ACD_FIT_RUNG: return twin_rung(t, a);
    case ACD_FIT_ASKS: return a->asks;
    case ACD_FIT_AT_CAPACITY: return twin_load(t, a, 0) >= a->max_concurrent_calls;
    case ACD_FIT_UNITS:
        return q != NULL && a->channels.len > 0 && !twin_has_units(t, a, q->set.channel);
    case ACD_FIT_CHANNEL_MAX:
        return q != NULL && a->channels.len > 0 && twin_has_max(t, a, q->set.channel);
    case ACD_FIT_NOT_MEMBER: return q != NULL && m == NULL;
    case ACD_FIT_LEVEL: return m != NULL && s != NULL && (level < s->min || level > s->max);
    case ACD_FIT_SKILL: return m != NULL && s != NULL && twin_lacks(t, a, s) != 0;
    default: return false;
    }
}

static bool is_kept_for_another(const struct twin_agent *a, const struct twin_call *c)
{
    return c->prefer.gen != 0 && !twin_same_agent(a->id, c->prefer);
}

static struct acd_str kept_for(const struct twin *t, const struct twin_call *c)
{
    const struct twin_agent *a = twin_agent(t, c->prefer);

    return a == NULL ? (struct acd_str){NULL, 0} : twin_text_str(&a->name);
}

static void tell_more(const struct twin *t, const struct twin_agent *a, uint8_t channel,
                      struct acd_view_fit *v)
{
    switch (v->fit) {
    case ACD_FIT_NOT_READY:
    case ACD_FIT_DRAINING: v->reason = a->reason; break;
    case ACD_FIT_DELAYED: v->until = a->delay_until; break;
    case ACD_FIT_IN_USE:
    case ACD_FIT_UNREACHABLE: v->until = a->device_until; break;
    case ACD_FIT_RUNG: v->until = first_end(t, a, 0, true); break;
    case ACD_FIT_AT_CAPACITY: v->role = first_to_end(t, a, 0, false)->role; /* fall through */
    case ACD_FIT_UNITS: v->until = first_end(t, a, 0, false); break;
    case ACD_FIT_CHANNEL_MAX: v->until = first_end(t, a, channel, false); break;
    default: break;
    }
}

void twin_call_fits(const struct twin *t, const struct twin_call *c, const struct twin_agent *a,
                    twin_fit_cb each, void *ctx)
{
    const struct twin_queue *q = twin_queue(t, c->queue);
    const struct twin_step *s = twin_call_step(t, c);
    const struct twin_member *m = twin_member(t, a->id, c->queue);
    const struct twin_line line = twin_line_of(t, c);
    uint32_t told = 0, available;
    char room[TEXT];

    for (uint8_t fit = ACD_FIT_INACTIVE; fit <= ACD_FIT_ASKS; fit++) {
        struct acd_view_fit v = {.agent = a->id, .agent_name = twin_text_str(&a->name), .fit = fit};

        v.level = m == NULL ? 0 : twin_step_level(t, s, m->level);
        if (fit == ACD_FIT_HAS_IT ? !has_call(t, a, c, &v.until)
            : fit == ACD_FIT_KEPT ? m == NULL || !is_kept_for_another(a, c)
                                  : !keeps(t, a, q, s, fit))
            continue;
        if (told++ > 0 && twin_wrong(t, TWIN_FAULT_EXPLAIN_ONE_REASON))
            continue;
        if (fit == ACD_FIT_LEVEL || fit == ACD_FIT_SKILL)
            v.until = fulfils_at(t, a, c);
        tell_more(t, a, q->set.channel, &v);
        v.what = what_text(t, a, s, fit, room);
        if (fit == ACD_FIT_KEPT) {
            v.until = c->prefer_until;
            v.what = kept_for(t, c);
        }
        each(ctx, &v);
    }
    if (told == 0)
        each(ctx, &(struct acd_view_fit){.agent = a->id,
                                         .agent_name = twin_text_str(&a->name),
                                         .fit = ACD_FIT_ABLE,
                                         .level = twin_step_level(t, s, m->level),
                                         .rank = twin_ranked(t, q, &line, c, a, &available)});
}

void twin_agent_fits(const struct twin *t, const struct twin_agent *a, twin_fit_cb each, void *ctx)
{
    struct acd_view_fit v = {.agent = a->id, .agent_name = twin_text_str(&a->name)};
    uint32_t told = 0;

    for (uint8_t fit = ACD_FIT_INACTIVE; fit <= ACD_FIT_ASKS; fit++) {
        if (!keeps(t, a, NULL, NULL, fit))
            continue;
        told++;
        v.fit = fit;
        v.until = 0;
        v.reason = 0;
        v.role = 0;
        tell_more(t, a, 0, &v);
        each(ctx, &v);
    }
    v.fit = ACD_FIT_ABLE;
    if (told == 0)
        each(ctx, &v);
}

/* ---- a call and an agent ------------------------------------------------------------------ */

static uint32_t members_of(const struct twin *t, const struct twin_queue *q)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < t->limits.memberships; i++)
        count += t->members[i].live && twin_same_queue(t->members[i].queue, q->id);
    return count;
}

void twin_call_explained(const struct twin *t, const struct twin_call *c,
                         struct acd_view_call_explained *v)
{
    const struct twin_queue *q = twin_queue(t, c->queue);
    const struct twin_line line = twin_line_of(t, c);

    *v = (struct acd_view_call_explained){.call = c->id,
                                          .key = twin_text_str(&c->key),
                                          .queue = q->id,
                                          .queue_name = twin_text_str(&q->name),
                                          .queue_state = q->set.state,
                                          .state = c->state,
                                          .members = members_of(t, q)};
    if (twin_called_back(c)) {
        v->number = twin_text_str(&c->number);
        v->attempts = c->attempts;
        v->expires_at = c->expires;
        v->due_at = c->state == ACD_SCHEDULED ? c->due : 0;
    }
    if (c->state != ACD_QUEUED && c->state != ACD_OFFERED && c->state != ACD_STRANDED)
        return;
    v->max_wait_at = c->callback ? 0 : c->until;
    if (c->plan != 0) {
        v->plan = twin_text_str(&t->plans[c->plan - 1].text);
        v->step = c->step;
    }
    v->kept_for = kept_for(t, c);
    if (c->state == ACD_STRANDED)
        return;
    twin_ranked(t, q, &line, c, &t->agents[0], &v->able);
    v->announce_at = c->announce_at;
    v->step_at = twin_step_at(t, c);
    if (c->state != ACD_QUEUED)
        return;
    v->position = twin_position(t, c);
    if (q->set.max_wait_no_agent > 0 && twin_is_deserted(t, q, false))
        v->no_agent_at = (c->entered_at > q->nobody_since ? c->entered_at : q->nobody_since) +
                         q->set.max_wait_no_agent;
    v->leaves = twin_sends_away(q) || twin_is_left(t, q);
}

void twin_agent_explained(const struct twin *t, const struct twin_agent *a,
                          struct acd_view_agent_explained *v)
{
    const struct twin_call *next = twin_best_call(t, a);

    *v = (struct acd_view_agent_explained){.agent = a->id,
                                           .name = twin_text_str(&a->name),
                                           .activity = twin_activity(t, a),
                                           .available = twin_available(t, a)};
    if (next == NULL)
        return;
    v->next = next->id;
    v->next_key = twin_text_str(&next->key);
    v->next_queue = twin_text_str(&twin_queue(t, next->queue)->name);
}

void twin_agent_line(const struct twin *t, const struct twin_agent *a, const struct twin_queue *q,
                     const struct twin_line *line, struct acd_view_agent_line *v, char *room)
{
    static const uint8_t order[] = {ACD_FIT_LEVEL, ACD_FIT_SKILL, ACD_FIT_UNITS,
                                    ACD_FIT_CHANNEL_MAX};
    const struct twin_call *first;

    *v = (struct acd_view_agent_line){
        .agent = a->id,
        .queue = q->id,
        .queue_name = twin_text_str(&q->name),
        .asks = asks_text(line->step, room),
        .passes = line->passes,
        .kept = line->only.gen != 0,
        .fit = ACD_FIT_ABLE,
        .weight = q->set.weight,
        .level = twin_step_level(t, line->step, twin_member(t, a->id, q->id)->level)};
    for (size_t i = sizeof order; i-- > 0;)
        if (keeps(t, a, q, line->step, order[i]))
            v->fit = order[i];
    v->what = what_text(t, a, line->step, v->fit, room + TEXT);
    v->rank = twin_ranked(t, q, line, NULL, a, &v->available);
    v->waiting = twin_waiting(t, q, line, &first);
    if (first == NULL)
        return;
    v->first = first->id;
    v->first_key = twin_text_str(&first->key);
    v->first_since = first->line_time;
}
