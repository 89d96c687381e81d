/* The published stream. */

#include <stdio.h>

#include "tests/e2e/client_fake/cases.h"
#include "tests/e2e/client_fake/fake.h"

struct seen {
    uint64_t events[32];
    int event_count, heartbeats, gaps;
    struct acd_position after, upto;
    struct acd_observer *observer;
    struct acd_position picture; /* taken when there is a gap, if it has an epoch */
    char states[16];
};

static void on_event(void *ctx, const struct acd_view_published *head,
                     const struct acd_event *event)
{
    struct seen *s = ctx;

    if (event == NULL) {
        s->heartbeats++;
        return;
    }
    CHECK(event->code == ACD_EVENT_agent_state && event->as.agent_state.agent.slot == 7);
    if (s->event_count < 32)
        s->events[s->event_count] = head->sequence;
    s->event_count++;
}

static void on_gap(void *ctx, struct acd_position after, struct acd_position upto)
{
    struct seen *s = ctx;

    s->gaps++;
    s->after = after;
    s->upto = upto;
    if (s->picture.epoch != 0)
        acd_observer_from(s->observer, s->picture);
}

static void on_state(void *ctx, enum acd_client_state state)
{
    struct seen *s = ctx;
    size_t len = strlen(s->states);

    if (len + 1 < sizeof s->states)
        s->states[len] = "?CDNL"[state];
}

/* A fake publisher with an observer of agents and calls that is connected. */
static void observe(struct fake *f, struct seen *s)
{
    struct acd_observer_options options = {
        .topics = ACD_OBSERVE(ACD_TOPIC_AGENT) | ACD_OBSERVE(ACD_TOPIC_CALL),
        .silence = ACD_SECOND,
        .on_event = on_event,
        .on_gap = on_gap,
        .on_state = on_state,
        .ctx = s,
    };

    memset(s, 0, sizeof *s);
    fake_open(f, false, true);
    options.url = f->url;
    CHECK(acd_observer_open(&f->observer, &options) == ACD_OK);
    s->observer = f->observer;
    CHECK(fake_accept(f));
    CHECK(acd_observer_is_connected(f->observer));
}

static void agent(struct fake *f, uint64_t sequence, uint64_t previous)
{
    fake_publish(f, ACD_TOPIC_AGENT, sequence, previous, 7);
}

static void call(struct fake *f, uint64_t sequence, uint64_t previous)
{
    fake_publish(f, ACD_TOPIC_CALL, sequence, previous, 7);
}

static void config(struct fake *f, uint64_t sequence, uint64_t previous)
{
    fake_publish(f, ACD_TOPIC_CONFIG, sequence, previous, 7);
}

static void heartbeat(struct fake *f, uint64_t sequence)
{
    fake_publish(f, ACD_TOPIC_HEARTBEAT, sequence, 0, 0);
}

void test_events_are_observed(void)
{
    struct fake f;
    struct seen s;

    observe(&f, &s);
    agent(&f, 10, 4); /* what was before we came is not missed */
    call(&f, 11, 9);
    config(&f, 12, 3); /* not asked for */
    agent(&f, 13, 10);
    heartbeat(&f, 13);
    agent(&f, 14, 13);
    CHECK(s.event_count == 4 && s.events[0] == 10 && s.events[2] == 13 && s.events[3] == 14);
    CHECK(s.gaps == 0 && s.heartbeats == 0 && strcmp(s.states, "C") == 0);
    fake_close(&f);
}

void test_a_gap_is_seen(void)
{
    struct fake f;
    struct seen s;

    observe(&f, &s);
    agent(&f, 10, 4);
    agent(&f, 13, 12);
    CHECK(s.gaps == 1 && s.after.sequence == 10 && s.upto.sequence == 12 && s.event_count == 2);
    heartbeat(&f, 13); /* it is told once */
    CHECK(s.gaps == 1);

    fake_hang_up(&f);
    CHECK(fake_accept(&f));
    CHECK(strcmp(s.states, "CDC") == 0);
    agent(&f, 13, 12); /* known */
    agent(&f, 15, 13);
    CHECK(s.event_count == 3 && s.events[2] == 15);
    agent(&f, 20, 18);
    CHECK(s.gaps == 2 && s.after.sequence == 15 && s.upto.sequence == 18);
    fake_close(&f);
}

void test_a_heartbeat_shows_what_is_missing(void)
{
    struct fake f;
    struct seen s;

    observe(&f, &s);
    agent(&f, 10, 4);
    heartbeat(&f, 10);
    CHECK(s.gaps == 0);
    heartbeat(&f, 12); /* the last ones did not come */
    CHECK(s.gaps == 1 && s.after.sequence == 10 && s.upto.sequence == 12);
    heartbeat(&f, 12);
    CHECK(s.gaps == 1);
    agent(&f, 14, 10); /* 13 was of another topic, perhaps of one asked for */
    CHECK(s.gaps == 1);
    heartbeat(&f, 14);
    CHECK(s.gaps == 2 && s.after.sequence == 12 && s.upto.sequence == 14);
    fake_close(&f);
}

void test_a_picture_and_what_came_after_it(void)
{
    struct fake f;
    struct seen s;

    observe(&f, &s);
    acd_observer_from(f.observer, (struct acd_position){1, 20});
    agent(&f, 19, 10);
    agent(&f, 20, 19); /* both are in the picture */
    call(&f, 21, 9);
    CHECK(s.event_count == 1 && s.events[0] == 21 && s.gaps == 0);

    s.picture = (struct acd_position){1, 30};
    agent(&f, 25, 24);
    CHECK(s.gaps == 1 && s.after.sequence == 20 && s.upto.sequence == 24);
    agent(&f, 30, 25);
    agent(&f, 31, 30);
    heartbeat(&f, 31);
    CHECK(s.event_count == 2 && s.events[1] == 31 && s.gaps == 1);
    fake_close(&f);
}

void test_another_history_is_a_gap(void)
{
    struct fake f;
    struct seen s;

    observe(&f, &s);
    agent(&f, 10, 4);
    f.position.epoch = 2;
    agent(&f, 3, 2);
    CHECK(s.gaps == 1 && s.after.epoch == 1 && s.upto.epoch == 2);
    CHECK(s.event_count == 2 && s.events[1] == 3);
    agent(&f, 4, 3);
    heartbeat(&f, 4);
    CHECK(s.gaps == 1 && s.event_count == 3);

    s.picture = (struct acd_position){3, 50};
    f.position.epoch = 3;
    heartbeat(&f, 49);
    CHECK(s.gaps == 2);
    agent(&f, 50, 40);
    agent(&f, 51, 50);
    CHECK(s.gaps == 2 && s.event_count == 4 && s.events[3] == 51);
    fake_close(&f);
}

void test_a_silent_publisher_is_left(void)
{
    struct fake f;
    struct seen s;

    observe(&f, &s);
    fake_run(&f, 600 * ACD_MS);
    heartbeat(&f, 1);
    fake_run(&f, 600 * ACD_MS);
    CHECK(strcmp(s.states, "C") == 0);
    fake_run(&f, 600 * ACD_MS);
    CHECK(strcmp(s.states, "CD") == 0);
    CHECK(strstr(acd_observer_error_text(f.observer), "silent") != NULL);
    CHECK(fake_accept(&f));
    fake_frame(&f, "nonsense", 8);
    fake_run(&f, 5 * ACD_MS);
    CHECK(!acd_observer_is_connected(f.observer));
    fake_close(&f);
}
