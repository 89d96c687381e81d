/* The stream: a world, its swarm, and the steps one after the other. */

#include "tests/model/stream.h"

#include <string.h>

#include "tests/model/stream_parts.h"
#include "tests/model/twin_parts.h"

/* ---- the world ---------------------------------------------------------------------------- */

static uint32_t from_to(struct stream *s, uint32_t least, uint32_t most)
{
    return least + stream_below(s, most - least + 1);
}

static void choose_limits(struct stream *s)
{
    struct acd_limits *l = &s->limits;

    l->agents = from_to(s, 2, 6);
    l->queues = from_to(s, 1, 4);
    l->memberships = from_to(s, l->agents, 3 * l->agents);
    l->queues_per_agent = from_to(s, 1, 4);
    l->calls = from_to(s, 1, 12);
    l->assignments = from_to(s, l->agents, 3 * l->agents);
    l->ended_calls = from_to(s, 2, 8);
    l->numbers = from_to(s, 1, 3);
    l->clients = from_to(s, 1, 4);
    l->outbox_bytes = from_to(s, 1024, 4096);
    l->call_texts = from_to(s, 1, 4);
    l->skills = from_to(s, 2, 6);
    l->plans = from_to(s, 2, 8);
    l->lines = from_to(s, 4, 16);
    l->seats = from_to(s, 8, 60);
    l->lines_per_agent = from_to(s, 2, 10);
    s->keys = from_to(s, l->calls, 3 * (l->calls + l->ended_calls));
    if (!s->flood && !s->crowd)
        return;
    l->agents = s->crowd ? from_to(s, 100, 200) : from_to(s, 2, 12);
    l->queues = s->crowd ? from_to(s, 65, 80) : l->queues;
    l->memberships = 3 * l->agents;
    l->assignments = 3 * l->agents;
    l->calls = from_to(s, 300, 400);
    l->ended_calls = from_to(s, 2, 64);
    l->call_texts = 400;
    l->seats = 400;
    s->keys = 100000;
}

/* Some kinds of step never come, some come often. */
static void choose_weights(struct stream *s)
{
    static const unsigned factors[] = {0, 2, 2, 2, 2, 2, 2, 10};

    for (size_t i = 0; i < stream_actions_count; i++)
        s->weights[i] = stream_actions[i].weight * factors[stream_below(s, 8)];
    for (size_t i = 0; i < stream_actions_count; i++)
        if (stream_actions[i].code == ACD_COMMAND_route)
            s->weights[i] = 2 * stream_actions[i].weight;
}

bool stream_is_crowd(uint64_t seed)
{
    return seed % 128 == 64;
}

void stream_open(struct stream *s, uint64_t seed)
{
    static const acd_span grains[] = {ACD_SECOND, ACD_SECOND, ACD_SECOND, 2 * ACD_SECOND, 700001};

    memset(s, 0, sizeof *s);
    s->random = seed * 0x2545f4914f6cdd1d + 1;
    s->aside = s->random ^ 0x5851f42d4c957f2f;
    s->flood = seed % 32 == 31;
    s->is_rising = s->flood;
    s->crowd = stream_is_crowd(seed);
    s->strategy = (uint8_t)(1 + stream_below(s, ACD_RING_PROGRESSIVELY + 1));
    if (s->strategy == ACD_BEST_SKILL) /* which plans bring in; so there is room for another */
        s->strategy = ACD_FULL_LOAD;
    s->leases = stream_chance(s, 25);
    s->stretch = s->crowd ? 8 : s->flood ? 4 : 1;
    s->grain = grains[stream_below(s, 5)];
    choose_limits(s);
    choose_weights(s);
    s->plans = stream_chance(s, 50) ? 0 : stream_chance(s, 50) ? 10 : 50;
    s->prefers = stream_chance(s, 60) ? 0 : 40;
    s->pace = 5 + stream_below(s, 50);
    s->now = (stream_chance(s, 10) ? 1 : 1700000000) * ACD_SECOND;
}

/* ---- time, client, request ---------------------------------------------------------------- */

/* Onto the next deadline, or just beside it. */
static void jump(struct stream *s, const struct twin *t)
{
    acd_time next = twin_next_deadline(t);

    if (next == ACD_FOREVER)
        return;
    next += (acd_time)stream_below(s, 4) / 2 * ((acd_time)stream_below(s, 3) - 1);
    if (next > s->now)
        s->now = next;
}

static void move_time(struct stream *s, const struct twin *t)
{
    uint32_t what = stream_below(s, 100);

    if (s->is_rising || !stream_chance(s, s->pace))
        return;
    if (what < 30)
        jump(s, t);
    else if (what < 85)
        s->now += stream_span(s, 3);
    else if (what < 93)
        s->now += stream_span(s, 20);
    else if (what < 95)
        s->now += stream_span(s, 1000);
    else if (what == 99 && stream_chance(s, 20))
        s->now += stream_span(s, 100000);
    else
        s->now += (acd_time)stream_below(s, 3);
}

/* In a flood: turns when the calls are almost all taken, and again when most are gone. */
static void turn_tide(struct stream *s, const struct twin *t)
{
    uint32_t live = 0;

    for (uint32_t i = 0; i < s->limits.calls; i++)
        live += t->calls[i].id.gen != 0;
    if (live < s->limits.calls / 8)
        s->is_rising = true;
    if (live <= 7 * (s->limits.calls / 8) || !s->is_rising)
        return;
    s->is_rising = false;
    if (stream_chance(s, 50))
        s->now += stream_span(s, 1000);
}

static void choose_request(struct stream *s, const struct twin *t, struct step *step)
{
    const struct twin_client *c = twin_client(t, step->client);
    uint64_t last = c == NULL ? 0 : c->last_request;
    uint32_t back = 0;

    if (stream_chance(s, 25))
        return;
    switch (stream_below(s, 40)) {
    case 0: last += stream_below(s, 3000); break;
    case 1: back = stream_below(s, 2100); break;
    case 2: back = 1020 + stream_below(s, 12); break;
    case 3: back = 1 + stream_below(s, 8); break;
    default: break;
    }
    step->request = back > last ? 1 : last + 1 - back;
    if (stream_below(s, 4000) == 0)
        step->request = UINT64_MAX - stream_below(s, 2000);
}

/* ---- once more ---------------------------------------------------------------------------- */

static void remember_sent(struct stream *s, const struct step *step)
{
    struct stream_sent *sent = &s->sent[stream_below(s, STREAM_MEMORY)];
    const struct acd_record *record = acd_record_of(step->command.code);

    if (record == NULL || record->too_long(&step->command.as) != 0)
        return;
    sent->client = step->client;
    sent->request = step->request;
    sent->len = record->encode(&step->command.as, sent->bytes);
}

/* A command sent before, under its own number or, when that is wished, a new one. */
static bool repeat(struct stream *s, const struct twin *t, struct step *step)
{
    const struct stream_sent *sent = &s->sent[stream_below(s, STREAM_MEMORY)];
    const char *bytes = step->text;

    if (sent->len == 0)
        return false;
    memcpy(step->text, sent->bytes, sent->len);
    step->text_len = sent->len;
    if (acd_command_decode((const uint8_t *)bytes, sent->len, &step->command) < 0)
        return false;
    step->client = sent->client;
    step->request = sent->request;
    if (stream_chance(s, 50))
        choose_request(s, t, step);
    return true;
}

/* ---- a step ------------------------------------------------------------------------------- */

static const struct stream_action *any_action(struct stream *s)
{
    unsigned sum = 0, at;

    if (s->is_rising && stream_chance(s, 90))
        return &stream_actions[0];
    for (size_t i = 0; i < stream_actions_count; i++)
        sum += s->weights[i];
    at = stream_below(s, sum);
    for (size_t i = 0; i < stream_actions_count; i++) {
        if (at < s->weights[i])
            return &stream_actions[i];
        at -= s->weights[i];
    }
    return &stream_actions[0];
}

static bool has_role(const struct twin *t, uint8_t role)
{
    for (uint32_t i = 0; i < t->limits.assignments; i++)
        if (t->assignments[i].id.gen != 0 && t->assignments[i].role == role)
            return true;
    return false;
}

/* An action there is something to do for, or seldom one there is not. */
static const struct stream_action *choose_action(struct stream *s, const struct twin *t)
{
    const struct stream_action *action = any_action(s);

    for (unsigned i = 0; i < 20; i++) {
        if (action->role == 0 || has_role(t, action->role) || stream_chance(s, 5))
            return action;
        action = any_action(s);
    }
    return &stream_actions[0];
}

static void make_new(struct stream *s, const struct twin *t, struct step *step)
{
    const struct stream_action *action = choose_action(s, t);

    step->client = stream_client(s, t);
    step->command.code = action->code;
    if (!stream_come_back(s, t, step))
        action->make(s, t, step);
    if (step->command.code == 0)
        return;
    if (stream_chance(s, 2))
        stream_spoil(s, step);
    choose_request(s, t, step);
}

void stream_next(struct stream *s, const struct twin *t, struct step *step)
{
    memset(&step->command, 0, sizeof step->command);
    step->text_len = 0;
    step->client = ACD_NOBODY;
    step->request = 0;
    if (!stream_set_up(s, t, step)) {
        move_time(s, t);
        if (s->flood)
            turn_tide(s, t);
        if (!stream_chance(s, 4) || !repeat(s, t, step))
            make_new(s, t, step);
        remember_sent(s, step);
        if (stream_below(s, 1000) == 0)
            step->command.code = 0x0999; /* no such command */
    }
    stream_make_calendars(s, t, step);
    step->now = stream_chance(s, 2) ? s->now - stream_span(s, 5) : s->now;
    s->steps++;
    if (stream_chance(s, 20))
        stream_remember_ids(s, t);
}
