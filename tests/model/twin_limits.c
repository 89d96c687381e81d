/* The twin's limits: where calls go that a queue turns away, at its door or after a wait. */

#include <string.h>

#include "tests/model/twin_parts.h"

enum { DOORS_MAX = 8, MOVES_MAX = 8 };

/* ---- targets ------------------------------------------------------------------------------ */

static bool begins(struct acd_str text, const char *word, struct acd_str *rest)
{
    size_t len = strlen(word);

    if (text.len < len || memcmp(text.data, word, len) != 0)
        return false;
    *rest = (struct acd_str){text.data + len, (uint16_t)(text.len - len)};
    return true;
}

bool twin_target(struct acd_str text, struct twin_target *target)
{
    struct acd_str rest = {NULL, 0};

    memset(target, 0, sizeof *target);
    if (begins(text, "queue:", &rest))
        target->kind = ACD_OVERFLOW_QUEUE;
    else if (begins(text, "number:", &rest))
        target->kind = ACD_OVERFLOW_NUMBER;
    else if (begins(text, "voicemail:", &rest))
        target->kind = ACD_OVERFLOW_VOICEMAIL;
    else if (begins(text, "callback:", &rest))
        target->kind = ACD_OVERFLOW_CALLBACK;
    if (target->kind != 0) {
        target->to = rest;
        return rest.len > 0;
    }
    if (begins(text, "voicemail", &rest) && rest.len == 0)
        target->kind = ACD_OVERFLOW_VOICEMAIL;
    if (begins(text, "callback", &rest) && rest.len == 0)
        target->kind = ACD_OVERFLOW_CALLBACK;
    return target->kind != 0 || text.len == 0;
}

static bool is_dash(struct acd_str text)
{
    return text.len == 1 && text.data[0] == '-';
}

static bool target_is_good(struct twin *t, struct acd_str text, struct acd_str self,
                           const char *field)
{
    struct twin_target target;
    const struct twin_queue *q;

    if (is_dash(text))
        return true;
    if (!twin_target(text, &target)) {
        twin_refuse(t, ACD_INVALID, field);
        return false;
    }
    if (target.kind != ACD_OVERFLOW_QUEUE)
        return true;
    q = twin_queue_named(t, target.to);
    if (target.to.len == self.len && memcmp(target.to.data, self.data, self.len) == 0)
        twin_refuse(t, ACD_INVALID, field);
    else if (q == NULL)
        twin_refuse(t, ACD_NOT_FOUND, field);
    else if (q->set.state == ACD_REMOVING)
        twin_refuse(t, ACD_STATE, field);
    return t->outcome.error == ACD_OK;
}

/* The place of a key in a list of exit keys, and its target; false when it is not there. */
static bool find_exit(struct acd_str list, char digit, struct acd_str *target)
{
    for (uint16_t at = 0; at < list.len;) {
        uint16_t end = at;

        while (end < list.len && list.data[end] != ';')
            end++;
        *target = (struct acd_str){list.data + at + 2, (uint16_t)(end - at < 2 ? 0 : end - at - 2)};
        if (list.data[at] == digit)
            return true;
        at = (uint16_t)(end + 1);
    }
    return false;
}

/* Whether each item of a list is "D" or "D=target", D one of the twelve keys and only once. */
static bool exit_keys_are_good(struct twin *t, const struct acd_command_queue_set *c)
{
    char seen[16] = "";

    for (uint16_t at = 0; at < c->exit_keys.len && !(at == 0 && is_dash(c->exit_keys));) {
        const char *item = c->exit_keys.data + at;
        uint16_t len = 0;

        while (at + len < c->exit_keys.len && item[len] != ';')
            len++;
        if (len == 0 || len == 2 || item[0] == '\0' || strchr("0123456789*#", item[0]) == NULL ||
            strchr(seen, item[0]) != NULL || (len > 2 && item[1] != '=')) {
            twin_refuse(t, ACD_INVALID, "exit_keys");
            return false;
        }
        seen[strlen(seen)] = item[0];
        if (len > 2 && !target_is_good(t, (struct acd_str){item + 2, (uint16_t)(len - 2)}, c->name,
                                       "exit_keys"))
            return false;
        at = (uint16_t)(at + len + 1);
    }
    return true;
}

static bool pace_is_good(struct twin *t, acd_span span, const char *field)
{
    if (span != 0 && span != -1 && (span < ACD_SECOND || span > 3600 * ACD_SECOND))
        twin_refuse(t, ACD_INVALID, field);
    return t->outcome.error == ACD_OK;
}

bool twin_targets_are_good(struct twin *t, const struct acd_command_queue_set *c)
{
    return target_is_good(t, c->on_closed, c->name, "on_closed") &&
           target_is_good(t, c->on_full, c->name, "on_full") &&
           target_is_good(t, c->on_no_agents, c->name, "on_no_agents") &&
           target_is_good(t, c->on_left_empty, c->name, "on_left_empty") &&
           target_is_good(t, c->on_max_wait, c->name, "on_max_wait") &&
           target_is_good(t, c->on_max_wait_no_agent, c->name, "on_max_wait_no_agent") &&
           exit_keys_are_good(t, c) && pace_is_good(t, c->announce_interval, "announce_interval") &&
           pace_is_good(t, c->announce_first, "announce_first");
}

static struct acd_str merged(const struct twin_text *old, struct acd_str given)
{
    return twin_merged_text(old == NULL ? (struct acd_str){NULL, 0} : twin_text_str(old), given);
}

void twin_merge_targets(struct acd_event_queue_set *set, const struct twin_queue *old,
                        const struct acd_command_queue_set *c)
{
    set->on_closed = merged(old == NULL ? NULL : &old->on_closed, c->on_closed);
    set->on_full = merged(old == NULL ? NULL : &old->on_full, c->on_full);
    set->on_no_agents = merged(old == NULL ? NULL : &old->on_no_agents, c->on_no_agents);
    set->on_left_empty = merged(old == NULL ? NULL : &old->on_left_empty, c->on_left_empty);
    set->on_max_wait = merged(old == NULL ? NULL : &old->on_max_wait, c->on_max_wait);
    set->on_max_wait_no_agent =
        merged(old == NULL ? NULL : &old->on_max_wait_no_agent, c->on_max_wait_no_agent);
    set->exit_keys = merged(old == NULL ? NULL : &old->exit_keys, c->exit_keys);
}

/* ---- doors -------------------------------------------------------------------------------- */

bool twin_is_deserted(const struct twin *t, const struct twin_queue *q, bool ready)
{
    for (uint32_t i = 0; i < t->limits.memberships; i++) {
        const struct twin_member *m = &t->members[i];
        const struct twin_agent *a = m->live ? twin_agent(t, m->agent) : NULL;

        if (a == NULL || !twin_same_queue(m->queue, q->id))
            continue;
        if (a->active != ACD_YES && !twin_wrong(t, TWIN_FAULT_JOIN_EMPTY_INACTIVE))
            continue;
        if (a->state == ACD_READY || (!ready && a->state == ACD_NOT_READY))
            return false;
    }
    return true;
}

bool twin_nobody_available(const struct twin *t, const struct twin_queue *q)
{
    for (uint32_t i = 0; i < t->limits.memberships; i++) {
        const struct twin_member *m = &t->members[i];
        const struct twin_agent *a = m->live ? twin_agent(t, m->agent) : NULL;

        if (a != NULL && twin_same_queue(m->queue, q->id) && twin_available(t, a) &&
            twin_has_room(t, a, q->set.channel))
            return false;
    }
    return true;
}

acd_time twin_wait_until(const struct twin *t, const struct twin_queue *q, acd_time own)
{
    acd_time until = q->set.max_wait > 0 ? t->now + q->set.max_wait : 0;

    if (twin_wrong(t, TWIN_FAULT_OWN_WAIT_FIRST_QUEUE_ONLY) && own < t->now)
        own = 0;
    return until == 0 || (own != 0 && own < until) ? own : until;
}

bool twin_is_left(const struct twin *t, const struct twin_queue *q)
{
    if (q->set.leave_when_empty == ACD_LEAVE_AVAILABLE)
        return twin_wrong(t, TWIN_FAULT_LEAVE_AVAILABLE_AS_READY) ? twin_is_deserted(t, q, true)
                                                                  : twin_nobody_available(t, q);
    if (q->set.leave_when_empty == ACD_LEAVE_LOGGED_IN)
        return twin_is_deserted(t, q, false);
    return q->set.leave_when_empty == ACD_LEAVE_READY &&
           twin_is_deserted(t, q, !twin_wrong(t, TWIN_FAULT_LEAVE_READY_AS_LOGGED_IN));
}

/* Why a queue takes no more calls, or 0. */
uint8_t twin_refusal(const struct twin *t, const struct twin_queue *q)
{
    uint32_t waiting = twin_calls(t, q, ACD_QUEUED) + twin_calls(t, q, ACD_STRANDED);
    uint32_t most = q->set.max_size;

    if (!twin_wrong(t, TWIN_FAULT_MAX_SIZE_WITHOUT_RINGING))
        waiting = twin_unanswered(t, q);
    if (twin_wrong(t, TWIN_FAULT_MAX_SIZE_OFF_BY_ONE) && most > 0)
        most++;
    if (q->set.state != ACD_OPEN &&
        !(q->set.state == ACD_RETIRED && twin_wrong(t, TWIN_FAULT_RETIRED_TAKES_CALLS)))
        return ACD_REFUSED_CLOSED;
    if (most > 0 && waiting >= most)
        return ACD_REFUSED_FULL;
    if (q->set.join_empty == ACD_JOIN_LOGGED_IN && twin_is_deserted(t, q, false))
        return ACD_REFUSED_NO_AGENTS;
    if (q->set.join_empty == ACD_JOIN_READY && twin_is_deserted(t, q, true))
        return ACD_REFUSED_NO_AGENTS;
    if (q->set.join_empty == ACD_JOIN_AVAILABLE &&
        (twin_wrong(t, TWIN_FAULT_JOIN_AVAILABLE_AS_READY) ? twin_is_deserted(t, q, true)
                                                           : twin_nobody_available(t, q)))
        return ACD_REFUSED_NO_AGENTS;
    if (twin_is_left(t, q) && !twin_wrong(t, TWIN_FAULT_LEFT_TAKES_CALLS))
        return ACD_REFUSED_NO_AGENTS;
    return 0;
}

static struct twin_target door_target(const struct twin_queue *q, uint8_t refusal)
{
    const struct twin_text *text = &q->on_no_agents;
    struct twin_target target;

    if (refusal == ACD_REFUSED_CLOSED)
        text = &q->on_closed;
    if (refusal == ACD_REFUSED_FULL)
        text = &q->on_full;
    twin_target(twin_text_str(text), &target);
    return target;
}

static bool was_tried(const struct twin_way *way, const struct twin_queue *q)
{
    for (unsigned i = 0; i < way->count; i++)
        if (way->doors[i] == q)
            return true;
    return false;
}

void twin_follow(const struct twin *t, struct twin_way *way, const struct twin_queue *from,
                 struct twin_queue *queue)
{
    memset(way, 0, sizeof *way);
    while (queue != NULL && way->count < DOORS_MAX && !was_tried(way, queue) && queue != from) {
        uint8_t refusal = twin_refusal(t, queue);

        if (refusal == 0) {
            way->queue = queue;
            return;
        }
        way->doors[way->count] = queue;
        way->refusals[way->count++] = refusal;
        way->target = door_target(queue, refusal);
        if (way->target.kind != ACD_OVERFLOW_QUEUE)
            return;
        queue = twin_queue_named(t, way->target.to);
        if (twin_wrong(t, TWIN_FAULT_WAY_BACK))
            from = NULL;
    }
    way->target = (struct twin_target){0, {NULL, 0}};
}

/* ---- calls that wait ---------------------------------------------------------------------- */

/* The way of a waiting call to where a setting says. */
static struct twin_way way_of(const struct twin *t, const struct twin_call *c,
                              struct acd_str setting)
{
    struct twin_queue *q = twin_queue(t, c->queue), *first;
    struct twin_way way = {.queue = NULL};

    twin_target(setting, &way.target);
    if (way.target.kind != ACD_OVERFLOW_QUEUE)
        return way;
    first = twin_queue_named(t, way.target.to);
    if (first == q || c->moves >= MOVES_MAX)
        first = NULL;
    twin_follow(t, &way, q, first);
    return way;
}

/* Goes the way, as `event` says when that is no queue. */
static void go(struct twin *t, struct twin_call *c, const struct twin_way *way,
               struct acd_event_call_ended *event)
{
    event->overflow = way->target.kind;
    event->overflow_to = way->target.to;
    if (way->queue != NULL)
        say_call_moved(t, c, way->queue, ACD_NOBODY, event->cause);
    else if (way->target.kind != ACD_OVERFLOW_CALLBACK ||
             !twin_callback_by_rule(t, c, way->target.to, event->cause, event->told != 0))
        say_call_ended(t, c, event);
}

void twin_leave(struct twin *t, struct twin_call *c, uint8_t cause)
{
    const struct twin_queue *q = twin_queue(t, c->queue);
    static const struct twin_text nowhere = {0};
    const struct twin_text *setting = &q->on_max_wait;
    struct acd_event_call_ended event = {
        .disposition = ACD_TIMED_OUT, .side = ACD_SIDE_SYSTEM, .ended_at = t->now, .cause = cause};
    struct twin_way way;

    if (c->callback) {
        twin_callback_leaves(t, c, cause);
        return;
    }
    if (cause == ACD_CAUSE_OWN_MAX_WAIT)
        setting = &nowhere;
    if (cause == ACD_CAUSE_NO_AGENT)
        setting = &q->on_max_wait_no_agent;
    if (cause == ACD_CAUSE_LEFT_EMPTY) {
        setting = &q->on_left_empty;
        event.disposition = ACD_LEFT_EMPTY;
    }
    way = way_of(t, c, twin_text_str(setting));
    go(t, c, &way, &event);
}

/* ---- keys --------------------------------------------------------------------------------- */

/* Where the key of a call_exit leads; false when the command is refused. */
static bool exit_way(struct twin *t, const struct twin_call *call, struct acd_str digit,
                     struct twin_way *way)
{
    const struct twin_queue *q = twin_queue(t, call->queue);
    struct acd_str target;

    if (digit.len == 0) {
        twin_refuse(t, ACD_MISSING, "digit");
    } else if (!find_exit(twin_text_str(&q->exit_keys), digit.data[0], &target)) {
        twin_refuse(t, ACD_NOT_FOUND, "digit");
    } else {
        *way = way_of(t, call, target);
        if (target.len > 0 && way->queue == NULL && way->target.kind == 0 &&
            !twin_wrong(t, TWIN_FAULT_EXIT_INTO_NOTHING))
            twin_refuse(t, ACD_STATE, "digit");
    }
    return t->outcome.error == ACD_OK;
}

void do_call_exit(struct twin *t, const struct acd_command_call_exit *c)
{
    struct twin_call *call = twin_asked_call(t, c->call, c->key);
    struct acd_event_call_exited exited = {.digit = c->digit};
    struct acd_event_call_ended event = {.disposition = ACD_EXITED,
                                         .side = ACD_SIDE_CALLER,
                                         .ended_at = t->now,
                                         .cause = ACD_CAUSE_EXIT_KEY};
    struct twin_way way = {.queue = NULL};

    if (call == NULL)
        return;
    if (call->state == ACD_CONNECTED || call->callback) {
        twin_refuse(t, ACD_STATE, "call");
        return;
    }
    if (!exit_way(t, call, c->digit, &way))
        return;
    event.told = twin_is_asker(t, call);
    exited.call = t->outcome.call = call->id;
    exited.queue = call->queue;
    t->outcome.queue = way.queue == NULL ? call->queue : way.queue->id;
    if (way.queue == NULL) {
        t->outcome.overflow = way.target.kind;
        twin_text_copy(&t->overflow_to, way.target.to);
        t->outcome.overflow_to = twin_text_str(&t->overflow_to);
    }
    twin_append(t, ACD_EVENT_call_exited, &exited);
    while (call->state == ACD_OFFERED)
        say_offer_ended(t, twin_of_call(t, call, 0),
                        twin_wrong(t, TWIN_FAULT_EXIT_RESCINDS) ? ACD_OFFER_RESCINDED
                                                                : ACD_OFFER_CALLER_GONE,
                        0, event.told != 0);
    go(t, call, &way, &event);
    if (call->callback)
        t->outcome.verdict = ACD_VERDICT_CALLBACK;
}

struct twin_call *twin_patient(const struct twin *t, const struct twin_queue *q, acd_time *at,
                               uint64_t *sequence)
{
    struct twin_call *first = NULL;
    acd_time since;

    if (q->id.gen == 0 || q->set.max_wait_no_agent == 0 || !q->deserted)
        return NULL;
    for (uint32_t i = 0; i < t->limits.calls; i++) {
        struct twin_call *c = &t->calls[i];

        if (c->id.gen == 0 || c->state != ACD_QUEUED || !twin_same_queue(c->queue, q->id))
            continue;
        if (first == NULL || (twin_wrong(t, TWIN_FAULT_NO_AGENT_BY_ORDER)
                                  ? twin_call_before(c, first)
                                  : c->entered_sequence < first->entered_sequence))
            first = c;
    }
    if (first == NULL)
        return NULL;
    since = q->nobody_since;
    if (first->entered_at > since || twin_wrong(t, TWIN_FAULT_NO_AGENT_FROM_ENTRY))
        since = first->entered_at;
    *sequence = first->entered_sequence;
    *at = since + q->set.max_wait_no_agent;
    return first;
}

/* ---- announcements ------------------------------------------------------------------------ */

void twin_announce_in(struct twin *t, struct twin_call *c, acd_span after, uint64_t sequence)
{
    c->announce_at = 0;
    if (c->announce && twin_queue(t, c->queue)->set.announce_interval > 0)
        c->announce_at = t->now + after;
    c->announce_sequence = sequence;
}

void twin_announce_first(struct twin *t, struct twin_call *c, uint64_t sequence)
{
    const struct acd_event_queue_set *set = &twin_queue(t, c->queue)->set;
    acd_span first = set->announce_first;

    if (first == 0 || twin_wrong(t, TWIN_FAULT_ANNOUNCE_FIRST_IGNORED))
        first = set->announce_interval;
    twin_announce_in(t, c, first, sequence);
}

void say_call_announced(struct twin *t, struct twin_call *c)
{
    struct acd_event_call_announced event = {.call = c->id};
    struct acd_view_notice notice = {.kind = ACD_NOTICE_ANNOUNCEMENT};
    uint64_t sequence;

    twin_make_room(t, c, false);
    sequence = twin_append(t, ACD_EVENT_call_announced, &event);
    twin_announce_in(t, c, twin_queue(t, c->queue)->set.announce_interval, sequence);
    twin_notify(t, c, &notice);
}
