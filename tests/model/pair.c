/* An engine and its twin in lockstep. */

#include "tests/model/pair.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void pair_open(struct pair *p, const struct acd_limits *limits, enum twin_fault fault)
{
    struct acd_config config = {.limits = *limits, .epoch = 7};
    struct acd_config other = {.limits = *limits, .epoch = 7, .secret = {1, 2}};

    memset(p, 0, sizeof *p);
    if (acd_open(&p->engine, &config) != ACD_OK || acd_open(&p->follower, &other) != ACD_OK)
        abort();
    p->twin = twin_open(limits);
    p->twin->fault = fault;
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

static const char *follow(struct pair *p)
{
    struct acd_frame frame = acd_last_frame(p->engine);

    if (frame.count == 0)
        return NULL;
    p->followed += frame.len;
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

/* ---- a step ------------------------------------------------------------------------------- */

static void do_step(struct pair *p, const struct step *s)
{
    memset(&p->engine_outcome, 0, sizeof p->engine_outcome);
    memset(&p->twin_outcome, 0, sizeof p->twin_outcome);
    if (s->command.code == 0) {
        acd_advance(p->engine, s->now);
        twin_advance(p->twin, s->now);
        return;
    }
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
    if (pair_compare_views(p))
        return;
    if (!dump_equal(&p->engine_dump, &p->twin_dump))
        dump_print_difference(out, &p->engine_dump, "engine", &p->twin_dump, "twin");
    if (!dump_equal(&p->engine_dump, &p->follower_dump))
        dump_print_difference(out, &p->engine_dump, "engine", &p->follower_dump, "follower");
    p->broken = broken;
}
