/* Reads the published stream, and knows what it missed.
 *
 * Happy path: each message names its topic's previous one; when that is no later than what we have
 * of the topic, nothing is missing. A heartbeat names the last event of all topics.
 *
 * Failure modes: a message that came is not the next of its topic, a heartbeat is ahead of all we
 * have seen: what is missing is fetched out of the daemon's journal, if there is a client to ask
 * by. Else, or when the journal has it no more, or the daemon has another history: a gap. A broken
 * line, silence, a message that cannot be read: the link is dropped and comes back; what was missed
 * meanwhile shows as a gap. */

#include <stdlib.h>

#include "engine/acd_assert.h"
#include "proto/acd_client.h"
#include "proto/acd_wire.h"
#include "proto/client_link.h"

#define SILENCE_DEFAULT (10 * ACD_SECOND)

/* What was missed may not be durable yet; so often it is asked for again, so long apart. */
#define REPLAY_PAUSE (20 * ACD_MS)

enum { TOPICS = 32, REPLAY_TRIES = 100 };

struct acd_observer {
    struct link link;
    bool running;
    uint32_t topics;
    bool heartbeats;
    acd_span silence;
    struct acd_client *replay;
    acd_observer_event_cb on_event;
    acd_observer_gap_cb on_gap;
    acd_observer_truncated_cb on_truncated;
    void (*on_state)(void *ctx, enum acd_client_state state);
    void *ctx;

    /* What we have, in sequences of `epoch`. Without a start nothing can be missing. */
    bool started, topic_started[TOPICS];
    uint64_t seen[TOPICS]; /* of the last message of each topic, or what is known by queries */
    uint64_t head;         /* the greatest of any topic, wanted or not */
    bool hole;             /* something behind `hole_after` did not come, of a topic yet unknown */
    uint64_t hole_after;
    uint32_t epoch;
    uint64_t missed_upto; /* the last event that is fetched */
    int delivered;
};

/* ---- gaps --------------------------------------------------------------------------------- */

static void tell_gap(struct acd_observer *o, uint32_t epoch, uint64_t after, uint64_t upto)
{
    if (o->on_gap != NULL)
        o->on_gap(o->ctx, (struct acd_position){o->epoch, after},
                  (struct acd_position){epoch, upto});
}

/* An event that was missed, or one beside it that was not. */
static void on_missed(void *ctx, const struct acd_view_published *head,
                      const struct acd_event *event)
{
    struct acd_observer *o = ctx;
    const uint8_t topic = acd_record_of(event->code)->topic;

    if (head->epoch != o->epoch || head->sequence > o->missed_upto ||
        (o->topic_started[topic] && head->sequence <= o->seen[topic]))
        return;
    o->topic_started[topic] = true;
    o->seen[topic] = head->sequence;
    if ((o->topics & ACD_OBSERVE(topic)) == 0)
        return;
    o->delivered++;
    o->on_event(o->ctx, head, event);
}

/* Delivers what was missed; returns the last sequence up to which it could. */
static uint64_t fetch(struct acd_observer *o, uint64_t after, uint64_t upto)
{
    struct acd_view_replayed end;

    o->missed_upto = upto;
    for (int tries = 0; after < upto && tries < REPLAY_TRIES; tries++) {
        if (acd_client_replay(o->replay, after + 1, ACD_PAGE_MAX, on_missed, o, &end) != ACD_OK)
            break;
        if (end.count == 0 && end.oldest > after + 1) {
            tell_gap(o, o->epoch, after, end.oldest - 1 < upto ? end.oldest - 1 : upto);
            after = end.oldest - 1;
        } else if (end.next > after + 1) { /* perhaps none of them ours */
            after = end.next - 1;
            tries = 0;
        } else {
            acd_client_wait(o->replay, REPLAY_PAUSE);
        }
    }
    return after;
}

static void note_gap(struct acd_observer *o, uint32_t epoch, uint64_t after, uint64_t upto)
{
    o->hole = false;
    if (o->replay != NULL && epoch == o->epoch)
        after = fetch(o, after, upto);
    if (epoch != o->epoch || after < upto)
        tell_gap(o, epoch, after, upto);
}

void acd_observer_from(struct acd_observer *o, struct acd_position known)
{
    for (uint32_t topic = 0; topic < TOPICS; topic++) {
        o->seen[topic] = known.sequence;
        o->topic_started[topic] = true;
    }
    o->epoch = known.epoch;
    o->head = known.sequence;
    o->started = true;
    o->hole = false;
}

/* Another history: all that was seen is void, and nothing of the new one is known. */
static void note_epoch(struct acd_observer *o, const struct acd_view_published *head)
{
    if (o->started && head->epoch != o->epoch) {
        note_gap(o, head->epoch, o->head, head->sequence);
        if (o->epoch == head->epoch)
            return; /* the callback has taken a new picture */
        memset(o->topic_started, 0, sizeof o->topic_started);
        o->started = false;
    }
    o->epoch = head->epoch;
}

/* All events are published, so a number left out is one that was missed. Of which topic, that
 * topic's next message will tell, or at the latest a heartbeat asks no longer. */
static void note_sequence(struct acd_observer *o, uint64_t sequence)
{
    if (o->started && sequence > o->head + 1 && !o->hole) {
        o->hole = true;
        o->hole_after = o->head;
    }
    if (!o->started || sequence > o->head)
        o->head = sequence;
    o->started = true;
}

/* With a journal to ask, what is missing of any topic is fetched, or told, before anything later.
 */
static void fill_hole(struct acd_observer *o, uint32_t epoch, uint64_t upto)
{
    if (o->replay == NULL || !o->started || upto <= o->head)
        return;
    note_gap(o, epoch, o->head, upto);
    for (uint32_t topic = 0; topic < TOPICS; topic++) {
        o->topic_started[topic] = true;
        if (o->seen[topic] < upto)
            o->seen[topic] = upto;
    }
    if (o->head < upto)
        o->head = upto;
}

static void on_heartbeat(struct acd_observer *o, const struct acd_view_published *head)
{
    fill_hole(o, head->epoch, head->sequence);
    if (o->started && (o->hole || head->sequence > o->head))
        note_gap(o, head->epoch, o->hole ? o->hole_after : o->head, head->sequence);
    if (!o->started || head->sequence > o->head)
        o->head = head->sequence;
    o->started = true;
    if (o->heartbeats)
        o->on_event(o->ctx, head, NULL);
}

static void deliver(struct acd_observer *o, const struct acd_published *p)
{
    struct acd_event event;

    if (acd_event_decode(p->event, p->event_size, &event) < 0)
        return; /* of a newer daemon */
    o->delivered++;
    o->on_event(o->ctx, &p->head, &event);
}

static void on_fact(struct acd_observer *o, const struct acd_published *p)
{
    const uint8_t topic = p->topic < TOPICS ? p->topic : 0;
    const bool wanted = (o->topics & ACD_OBSERVE(topic)) != 0;

    fill_hole(o, p->head.epoch, p->head.sequence - 1);
    note_sequence(o, p->head.sequence);
    if (wanted && o->topic_started[topic] && p->head.previous > o->seen[topic])
        note_gap(o, p->head.epoch, o->seen[topic], p->head.previous);
    if (o->topic_started[topic] && p->head.sequence <= o->seen[topic])
        return; /* known already */
    o->topic_started[topic] = true;
    o->seen[topic] = p->head.sequence;
    if (wanted)
        deliver(o, p);
}

static void on_cut(struct acd_observer *o, const struct acd_published *p)
{
    struct acd_view_truncated truncated;

    if (o->on_truncated != NULL &&
        acd_record_view_truncated.decode(p->event, p->event_size, &truncated) >= 0)
        o->on_truncated(o->ctx, (struct acd_position){truncated.epoch, truncated.last});
}

/* ---- the link ----------------------------------------------------------------------------- */

static void tell_state(struct acd_observer *o, enum acd_client_state state)
{
    if (o->on_state != NULL)
        o->on_state(o->ctx, state);
}

static void on_up(void *ctx)
{
    tell_state(ctx, ACD_CLIENT_CONNECTED);
}

static void on_down(void *ctx)
{
    tell_state(ctx, ACD_CLIENT_DISCONNECTED);
}

static void on_message(void *ctx, const uint8_t *payload, size_t len)
{
    struct acd_observer *o = ctx;
    struct acd_published p;
    int error = acd_published_read(&p, payload, len);

    if (error != ACD_OK) {
        link_fail(&o->link, "not a publication: %s", acd_error_text(error));
        return;
    }
    link_settle(&o->link);
    note_epoch(o, &p.head);
    if (p.topic == ACD_TOPIC_HEARTBEAT)
        on_heartbeat(o, &p.head);
    else if (p.topic == ACD_TOPIC_TRUNCATED)
        on_cut(o, &p);
    else
        on_fact(o, &p);
}

static const struct link_handlers handlers = {on_up, on_down, on_message};

/* ---- life cycle --------------------------------------------------------------------------- */

int acd_observer_open(struct acd_observer **out, const struct acd_observer_options *options)
{
    struct acd_observer *o;
    int error;

    *out = NULL;
    if (options->on_event == NULL || options->silence < 0)
        return ACD_INVALID;
    o = calloc(1, sizeof *o);
    if (o == NULL)
        return ACD_NO_MEMORY;
    o->topics = options->topics == 0 ? UINT32_MAX : options->topics;
    o->heartbeats = options->heartbeats;
    o->silence = options->silence == 0 ? SILENCE_DEFAULT : options->silence;
    if (o->silence > LINK_SPAN_MAX)
        o->silence = LINK_SPAN_MAX;
    o->replay = options->replay;
    o->on_event = options->on_event;
    o->on_gap = options->on_gap;
    o->on_truncated = options->on_truncated;
    o->on_state = options->on_state;
    o->ctx = options->ctx;
    error = link_open(&o->link, options->url, ACD_SP_SUB, &handlers, o);
    if (error != ACD_OK) {
        free(o);
        return error;
    }
    *out = o;
    return ACD_OK;
}

void acd_observer_close(struct acd_observer *o)
{
    if (o == NULL)
        return;
    ACD_ASSERT(!o->running);
    link_close(&o->link);
    free(o);
}

/* ---- turns -------------------------------------------------------------------------------- */

static acd_time deadline(const struct acd_observer *o)
{
    return o->link.state == LINK_UP ? o->link.heard_at + o->silence : ACD_FOREVER;
}

int acd_observer_wait(struct acd_observer *o, acd_span wait)
{
    if (o->running)
        return ACD_STATE;
    o->running = true;
    o->delivered = 0;
    link_run(&o->link, wait, deadline(o));
    if (!o->link.failed && deadline(o) <= link_now())
        link_fail(&o->link, "silent for too long");
    link_wake(&o->link, deadline(o));
    o->running = false;
    return o->delivered;
}

int acd_observer_process(struct acd_observer *o)
{
    return acd_observer_wait(o, 0);
}

int acd_observer_fd(struct acd_observer *o)
{
    o->link.timer_used = true;
    link_wake(&o->link, deadline(o));
    return o->link.epoll_fd;
}

bool acd_observer_is_connected(const struct acd_observer *o)
{
    return o->link.state == LINK_UP && !o->link.failed;
}

const char *acd_observer_error_text(const struct acd_observer *o)
{
    return o->link.error;
}
