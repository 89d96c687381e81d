/* An engine and its twin in lockstep. */

#include "tests/model/pair.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The secret is another each time: no decision depends on it. */
static struct acd_engine *open_engine(const struct pair *p, uint64_t secret)
{
    struct acd_config config = {
        .limits = p->twin->limits, .epoch = 7, .secret = {secret, ~secret}, .track = true};
    struct acd_engine *e;

    if (acd_open(&e, &config) != ACD_OK)
        abort();
    return e;
}

void pair_open(struct pair *p, const struct acd_limits *limits, enum twin_fault fault)
{
    memset(p, 0, sizeof *p);
    p->twin = twin_open(limits);
    p->twin->fault = fault;
    p->engine = open_engine(p, 0);
    p->follower = open_engine(p, 1);
    p->views_every = 1;
}

void pair_close(struct pair *p)
{
    acd_close(p->engine);
    acd_close(p->follower);
    twin_close(p->twin);
    dump_free(&p->engine_dump);
    dump_free(&p->follower_dump);
    dump_free(&p->twin_dump);
    rows_free(&p->engine_rows);
    rows_free(&p->follower_rows);
    rows_free(&p->noted);
}

struct acd_str step_text(struct step *step, const char *data, size_t len)
{
    char *at = step->text + step->text_len;

    if (len > sizeof step->text - step->text_len)
        abort();
    memcpy(at, data, len);
    step->text_len += len;
    return (struct acd_str){at, (uint16_t)len};
}

/* ---- comparing ---------------------------------------------------------------------------- */

static bool outcomes_equal(const struct acd_view_outcome *a, const struct acd_view_outcome *b)
{
    uint8_t a_bytes[ACD_RECORD_MAX], b_bytes[ACD_RECORD_MAX];
    size_t a_len = acd_record_view_outcome.encode(a, a_bytes);
    size_t b_len = acd_record_view_outcome.encode(b, b_bytes);

    return a_len == b_len && memcmp(a_bytes, b_bytes, a_len) == 0;
}

static const char *compare_frames(const struct pair *p)
{
    const struct twin *t = p->twin;
    struct acd_frame frame = acd_last_frame(p->engine);

    if (frame.count != t->frame_count)
        return "they state different numbers of events";
    if (frame.len != t->log_len - t->frame_start ||
        (frame.len > 0 && memcmp(frame.bytes, t->log + t->frame_start, frame.len) != 0))
        return "they state different events";
    if (frame.count > 0 && frame.at != t->now)
        return "the frame's time is not now";
    if (frame.count > 0 && frame.first_sequence != t->frame_first)
        return "the frame's first sequence is wrong";
    return NULL;
}

static const char *compare_clocks(const struct pair *p)
{
    acd_time mine = twin_next_deadline(p->twin), its = acd_next_deadline(p->engine);

    if (acd_now(p->engine) != p->twin->now)
        return "acd_now() is not the last time handed in";
    if (mine <= p->twin->now ? its > p->twin->now : its != mine)
        return "they have different next deadlines";
    if (acd_position(p->engine).sequence != p->twin->sequence || acd_position(p->engine).epoch != 7)
        return "acd_position() is wrong";
    return NULL;
}

/* One of a frame's offers, another one each time: its sequence, or 0 when it has none. */
static uint64_t some_offer(const struct pair *p, const struct acd_frame *frame)
{
    uint64_t offers[ACD_FRAME_EVENTS_MAX];
    uint32_t count = 0;
    uint16_t code = 0;

    for (size_t at = 0, i = 0; at < frame->len; i++) {
        at += (size_t)acd_record_peek(frame->bytes + at, frame->len - at, &code);
        if (code == ACD_EVENT_call_offered)
            offers[count++] = frame->first_sequence + i;
    }
    return count == 0 ? 0 : offers[p->steps % count];
}

/* Where an agent stands among those whom a decision tells to have been available; 0: nowhere. */
static uint32_t place_told(const struct acd_engine *e, const struct acd_view_decision *v,
                           uint32_t *count)
{
    struct acd_view_contender contender;
    uint32_t place = 0;
    uint64_t cursor = 0;

    for (*count = 0; acd_decision_agents(e, v->call, &cursor, &contender); ++*count)
        if (contender.agent.slot == v->agent.slot)
            place = contender.rank;
    return place;
}

/* The follower stands before the frame: it is asked why an offer was made, and goes as far. */
static const char *follow_to_decision(struct pair *p, const struct acd_frame *frame, uint64_t offer)
{
    struct acd_view_decision v;
    uint32_t count, place;

    if (acd_explain_decision(p->follower, frame, offer, &v) != ACD_OK)
        return "acd_explain_decision() refuses an offer of the frame";
    place = place_told(p->follower, &v, &count);
    if (v.strategy == ACD_RANDOM || v.strategy == ACD_WEIGHTED_RANDOM)
        return count == 0 && v.rank == 0 && (v.grounds != ACD_GROUNDS_DRAWN || v.available > 0)
                   ? NULL
                   : "a decision was drawn, and is told otherwise";
    if (count != v.available || place != v.rank)
        return "a decision and the agents that are told of it differ";
    if (v.grounds == ACD_GROUNDS_ORDER && v.rank != 1 && !(v.rank > 0 && v.best_call))
        return "an offer is told to be by order, and neither agent nor call is first";
    return NULL;
}

/* What is left of a frame when an engine has had its beginning. */
static struct acd_frame rest_of(struct acd_frame frame, uint64_t had)
{
    uint16_t code;

    for (; frame.count > 0 && frame.first_sequence <= had; frame.first_sequence++) {
        size_t size = (size_t)acd_record_peek(frame.bytes, frame.len, &code);

        frame.bytes += size;
        frame.len -= size;
        frame.count--;
    }
    return frame;
}

static const char *follow(struct pair *p)
{
    struct acd_frame frame = acd_last_frame(p->engine);
    uint64_t offer = some_offer(p, &frame);
    const char *broken = offer == 0 ? NULL : follow_to_decision(p, &frame, offer);

    p->followed += frame.len; /* an empty frame says that time has passed */
    if (broken != NULL)
        return broken;
    frame = rest_of(frame, acd_position(p->follower).sequence);
    if (acd_apply_frame(p->follower, &frame) != ACD_OK)
        return "acd_apply_frame() refuses the frame";
    if (acd_position(p->follower).sequence != acd_position(p->engine).sequence)
        return "the follower has another position";
    return acd_engine_check(p->follower);
}

bool pair_compare_views(struct pair *p)
{
    p->broken = dump_engine(&p->engine_dump, p->engine);
    if (p->broken != NULL)
        return false;
    p->broken = dump_engine(&p->follower_dump, p->follower);
    dump_twin(&p->twin_dump, p->twin);
    if (p->broken == NULL && !dump_equal(&p->engine_dump, &p->twin_dump))
        p->broken = "their views differ";
    if (p->broken == NULL && !dump_equal(&p->engine_dump, &p->follower_dump))
        p->broken = "the follower's views differ";
    return p->broken == NULL;
}

/* ---- rows --------------------------------------------------------------------------------- */

/* Replaces an engine by one loaded from its rows. */
static const char *reload(struct pair *p, struct acd_engine **e)
{
    struct acd_engine *loaded = open_engine(p, p->steps);
    const char *broken = NULL;

    if (rows_load(&p->engine_rows, loaded) != ACD_OK)
        broken = "acd_load_row() refuses the engine's rows";
    acd_close(*e);
    *e = loaded;
    return broken == NULL ? acd_engine_check(loaded) : broken;
}

static const char *compare_rows(struct pair *p)
{
    const char *broken;

    rows_of(&p->engine_rows, p->engine);
    rows_of(&p->follower_rows, p->follower);
    rows_follow(&p->noted, p->follower);
    if (!rows_equal(&p->engine_rows, &p->follower_rows))
        return "the follower's rows differ";
    if (!rows_equal(&p->engine_rows, &p->noted))
        return "a row changed without being noted";
    broken = reload(p, p->steps / p->rows_every % 2 == 0 ? &p->engine : &p->follower);
    if (broken != NULL)
        return broken;
    rows_of(&p->engine_rows, p->engine);
    rows_of(&p->follower_rows, p->follower);
    if (!rows_equal(&p->engine_rows, &p->follower_rows))
        return "an engine loaded from rows has others";
    return NULL;
}

/* ---- a step ------------------------------------------------------------------------------- */

/* Whatever the engine is told to expect, it does the same: what comes, what comes of somebody else,
 * or nothing, so that it remembers what is over. */
static void expect(struct pair *p, const struct step *s)
{
    if (p->steps % 3 != 0)
        acd_expect(p->engine, p->steps % 3 == 1 ? s->client : ACD_NOBODY, &s->command);
}

static void do_step(struct pair *p, const struct step *s)
{
    memset(&p->engine_outcome, 0, sizeof p->engine_outcome);
    memset(&p->twin_outcome, 0, sizeof p->twin_outcome);
    if (s->command.code == 0) {
        acd_advance(p->engine, s->now);
        twin_advance(p->twin, s->now);
        return;
    }
    expect(p, s);
    acd_execute(p->engine, s->now, s->client, s->request, &s->command, &p->engine_outcome);
    twin_execute(p->twin, s->now, s->client, s->request, &s->command, &p->twin_outcome);
}

bool pair_step(struct pair *p, const struct step *step)
{
    do_step(p, step);
    p->steps++;
    p->broken = compare_frames(p);
    if (p->broken == NULL && !outcomes_equal(&p->engine_outcome, &p->twin_outcome))
        p->broken = "their outcomes differ";
    if (p->broken == NULL)
        p->broken = compare_clocks(p);
    if (p->broken == NULL)
        p->broken = acd_engine_check(p->engine);
    if (p->broken == NULL && p->twin->fault == TWIN_SOUND)
        p->broken = twin_check(p->twin);
    if (p->broken == NULL)
        p->broken = follow(p);
    if (p->broken == NULL && p->rows_every > 0 && p->steps % p->rows_every == 0)
        p->broken = compare_rows(p);
    if (p->broken == NULL && p->steps % p->views_every == 0)
        pair_compare_views(p);
    return p->broken == NULL;
}

/* ---- for people --------------------------------------------------------------------------- */

void pair_print_step(FILE *out, const struct step *step)
{
    const struct acd_record *record = acd_record_of(step->command.code);

    fprintf(out, "at %" PRId64 " ", step->now);
    if (step->client.gen != 0 || step->request != 0)
        fprintf(out, "client %" PRIu32 ".%" PRIu32 " #%" PRIu64 " ", step->client.slot,
                step->client.gen, step->request);
    if (step->command.code == 0)
        fprintf(out, "advance\n");
    else if (record == NULL)
        fprintf(out, "command 0x%04x\n", (unsigned)step->command.code);
    else
        print_record(out, record, &step->command.as);
}

void pair_report(struct pair *p, FILE *out, const struct step *step)
{
    struct acd_frame frame = acd_last_frame(p->engine);
    const char *broken = p->broken;

    fprintf(out, "step %" PRIu64 ": %s\n", p->steps, broken == NULL ? "all is well" : broken);
    pair_print_step(out, step);
    fprintf(out, "engine (now %" PRId64 ", next deadline %" PRId64 "):\n", acd_now(p->engine),
            acd_next_deadline(p->engine));
    print_records(out, frame.bytes, frame.len);
    fprintf(out, "  -> ");
    print_record(out, &acd_record_view_outcome, &p->engine_outcome);
    fprintf(out, "twin (now %" PRId64 ", next deadline %" PRId64 "):\n", p->twin->now,
            twin_next_deadline(p->twin));
    print_records(out, p->twin->log + p->twin->frame_start,
                  p->twin->log_len - p->twin->frame_start);
    fprintf(out, "  -> ");
    print_record(out, &acd_record_view_outcome, &p->twin_outcome);
    if (broken != NULL && strstr(broken, "row") != NULL) {
        rows_print_difference(out, &p->engine_rows, "engine", &p->follower_rows, "follower");
        rows_print_difference(out, &p->engine_rows, "engine", &p->noted, "what was noted");
    }
    if (broken != NULL && strstr(broken, "views") == NULL)
        return; /* what differs first is above */
    pair_compare_views(p);
    dump_print_difference(out, &p->engine_dump, "engine", &p->twin_dump, "twin");
    dump_print_difference(out, &p->engine_dump, "engine", &p->follower_dump, "follower");
    p->broken = broken;
}
