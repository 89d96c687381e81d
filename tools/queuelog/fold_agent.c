#include "tools/queuelog/fold.h"

/* Agents. Asterisk knows who is a member of a queue, and paused or not; our agents also log in and
 * out. Its tools count an agent as working from ADDMEMBER to REMOVEMEMBER, and as on a break from
 * PAUSE to UNPAUSE. So the membership of an agent who is logged out is none to them: it is added
 * when the agent logs in. Whoever is not_ready is paused in all its queues, and the reason code is
 * the reason of the pause. */

/* PAUSE, or UNPAUSE, of one queue; the code 0 is no reason. */
static void pause_line(struct queuelog *q, acd_time at, const struct centre_agent *a,
                       acd_queue_id queue)
{
    const char *name = fold_queue_name(q, queue);

    if (a->state == ACD_READY)
        fold_line(q, at, NULL, name, a->name, "UNPAUSE", "%s", "");
    else if (a->reason == 0)
        fold_line(q, at, NULL, name, a->name, "PAUSE", "%s", "");
    else
        fold_line(q, at, NULL, name, a->name, "PAUSE", "%u", a->reason);
}

/* ADDMEMBER tells that somebody is paused, but not why. */
void fold_agent_joins(struct queuelog *q, acd_time at, const struct centre_agent *a,
                      acd_queue_id queue)
{
    const bool paused = a->state != ACD_READY;

    fold_line(q, at, "MANAGER", fold_queue_name(q, queue), a->name, "ADDMEMBER", "%s",
              paused ? "PAUSED" : "");
    if (paused && a->reason != 0)
        pause_line(q, at, a, queue);
}

static void leaves(struct queuelog *q, acd_time at, const struct centre_agent *a,
                   acd_queue_id queue)
{
    fold_line(q, at, "MANAGER", fold_queue_name(q, queue), a->name, "REMOVEMEMBER", "%s", "");
}

/* ---- what it is ---------------------------------------------------------------------------- */

static void pauses(struct queuelog *q, acd_time at, const struct centre_agent *a)
{
    fold_line(q, at, NULL, NULL, a->name, a->state == ACD_READY ? "UNPAUSEALL" : "PAUSEALL", "%s",
              "");
    for (uint32_t i = 0; i < a->count; i++)
        pause_line(q, at, a, a->seats[i].queue);
}

static void on_state(struct queuelog *q, acd_time at, acd_agent_id id, uint8_t state,
                     uint16_t reason)
{
    struct centre_agent *a = centre_agent(&q->centre, id);
    uint8_t before;

    if (a == NULL || (a->state == state && a->reason == reason))
        return;
    before = a->state;
    a->state = state;
    a->reason = reason;
    if (before != ACD_LOGGED_OUT && state != ACD_LOGGED_OUT) {
        pauses(q, at, a);
        return;
    }
    for (uint32_t i = 0; i < a->count; i++) {
        if (state == ACD_LOGGED_OUT)
            leaves(q, at, a, a->seats[i].queue);
        else
            fold_agent_joins(q, at, a, a->seats[i].queue);
    }
}

/* ---- where it is --------------------------------------------------------------------------- */

static void on_set(struct queuelog *q, const struct acd_event_agent_set *e)
{
    struct centre_agent *a = centre_agent_put(&q->centre, e->agent);

    centre_text(a->name, sizeof a->name, e->name);
}

static void on_removed(struct queuelog *q, acd_time at, acd_agent_id id)
{
    const struct centre_agent *a = centre_agent(&q->centre, id);

    if (a == NULL)
        return;
    for (uint32_t i = 0; a->state != ACD_LOGGED_OUT && i < a->count; i++)
        leaves(q, at, a, a->seats[i].queue);
    centre_agent_remove(&q->centre, id);
}

static void on_member_set(struct queuelog *q, acd_time at, const struct acd_event_member_set *e)
{
    struct centre_agent *a = centre_agent(&q->centre, e->agent);
    struct centre_seat *seat;
    bool is_new;

    if (a == NULL)
        return;
    is_new = centre_seat(a, e->queue) == NULL;
    seat = centre_seat_put(a, e->queue);
    if (is_new && a->state != ACD_LOGGED_OUT)
        fold_agent_joins(q, at, a, e->queue);
    else if (!is_new && a->state != ACD_LOGGED_OUT && seat->level != e->level)
        fold_line(q, at, NULL, fold_queue_name(q, e->queue), a->name, "PENALTY", "%u", e->level);
    seat->level = e->level;
}

static void on_member_removed(struct queuelog *q, acd_time at,
                              const struct acd_event_member_removed *e)
{
    struct centre_agent *a = centre_agent(&q->centre, e->agent);

    if (a == NULL || centre_seat(a, e->queue) == NULL)
        return;
    if (a->state != ACD_LOGGED_OUT)
        leaves(q, at, a, e->queue);
    centre_seat_remove(a, e->queue);
}

bool fold_agent_event(struct queuelog *q, acd_time at, const struct acd_event *event)
{
    const struct acd_event_agent_state *state = &event->as.agent_state;
    const struct acd_event_agent_draining *draining = &event->as.agent_draining;

    switch (event->code) {
    case ACD_EVENT_agent_set: on_set(q, &event->as.agent_set); return true;
    case ACD_EVENT_agent_removed: on_removed(q, at, event->as.agent_removed.agent); return true;
    case ACD_EVENT_member_set: on_member_set(q, at, &event->as.member_set); return true;
    case ACD_EVENT_member_removed: on_member_removed(q, at, &event->as.member_removed); return true;
    case ACD_EVENT_agent_state:
        on_state(q, at, state->agent, state->state, state->reason);
        return true;
    case ACD_EVENT_agent_draining:
        on_state(q, at, draining->agent, ACD_NOT_READY, draining->reason);
        return true;
    default: return false;
    }
}
