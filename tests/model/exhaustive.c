/* All orders of a few steps over two agents and two calls: each sequence from the same start,
 * engine against twin. A step that changes nothing ends its sequence: what could follow it is tried
 * without it too. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/script.h"
#include "tests/model/suites.h"

enum { DEPTH_MAX = 12 };

static const char *const start[] = {
    "queue_set name=q ring_timeout=4s wrap_up_time=6s reject_delay=2s max_wait=11s max_no_answer=2",
    "agent_set name=a max_concurrent_calls=2",
    "agent_set name=b",
    "member_set agent_name=a queue_name=q level=1",
    "member_set agent_name=b queue_name=q level=1",
    "agent_state name=a state=ready",
};

static const char *const alphabet[] = {
    "agent_state name=a state=not_ready",
    "agent_state name=a state=ready",
    "agent_state name=b state=ready",
    "agent_state name=b state=logged_out",
    "route key=1 queue_name=q",
    "route key=2 queue_name=q head_start=1s",
    "accept assignment=@1",
    "accept assignment=@2",
    "reject assignment=@1",
    "reject assignment=@2 result=no_answer",
    "hangup call=@1",
    "hangup call=@2 side=agent",
    "wrap_up_finish name=a",
    "member_set agent_name=b queue_name=q",
    "advance", /* and a second passes */
    "advance", /* and time goes on to the next deadline */
};
enum { LETTERS = sizeof alphabet / sizeof alphabet[0], SECOND = LETTERS - 2, NEXT };

static const struct acd_limits limits = {.agents = 2,
                                         .queues = 1,
                                         .memberships = 2,
                                         .queues_per_agent = 1,
                                         .calls = 2,
                                         .assignments = 3,
                                         .ended_calls = 2,
                                         .numbers = 1,
                                         .clients = 1,
                                         .outbox_bytes = 1024,
                                         .skills = 4,
                                         .plans = 4,
                                         .lines = 8,
                                         .seats = 16,
                                         .lines_per_agent = 8,
                                         .call_texts = 1};

struct search {
    struct pair pair;
    struct step step;
    acd_time now;
    unsigned letters[DEPTH_MAX];
    uint64_t sequences, steps;

    /* Hashes of the states reached, in a table of open addresses. */
    uint64_t *seen;
    size_t seen_count, seen_room;
};

/* ---- states ------------------------------------------------------------------------------- */

static uint64_t hash_of(const struct dump *d)
{
    uint64_t hash = 0xcbf29ce484222325;

    for (size_t i = 0; i < d->len; i++)
        hash = (hash ^ d->bytes[i]) * 0x100000001b3;
    return hash | 1;
}

static void put_seen(struct search *s, uint64_t hash)
{
    size_t place = hash % s->seen_room;

    while (s->seen[place] != 0 && s->seen[place] != hash)
        place = (place + 1) % s->seen_room;
    s->seen_count += s->seen[place] == 0;
    s->seen[place] = hash;
}

static void remember_state(struct search *s)
{
    uint64_t *old = s->seen;
    size_t old_room = s->seen_room;

    if (2 * s->seen_count >= s->seen_room) {
        s->seen_room = 2 * s->seen_room + 4096;
        s->seen_count = 0;
        s->seen = calloc(s->seen_room, sizeof *s->seen);
        if (s->seen == NULL)
            abort();
        for (size_t i = 0; i < old_room; i++)
            if (old[i] != 0)
                put_seen(s, old[i]);
        free(old);
    }
    put_seen(s, hash_of(&s->pair.twin_dump));
}

/* ---- sequences ---------------------------------------------------------------------------- */

static bool take(struct search *s, const char *line)
{
    s->steps++;
    script_step(&s->step, s->pair.twin, s->now, line);
    return pair_step(&s->pair, &s->step);
}

static bool take_letter(struct search *s, unsigned letter)
{
    acd_time next = twin_next_deadline(s->pair.twin);

    if (letter == SECOND)
        s->now += ACD_SECOND;
    if (letter == NEXT && next > s->now && next != ACD_FOREVER)
        s->now = next;
    return take(s, alphabet[letter]);
}

/* The start, and the letters before the last one: compared when they were the last ones. */
static bool take_before(struct search *s, unsigned depth)
{
    bool well = true;

    pair_open(&s->pair, &limits, TWIN_SOUND);
    s->pair.views_every = UINT32_MAX;
    s->now = 1000 * ACD_SECOND;
    for (size_t i = 0; well && i < sizeof start / sizeof start[0]; i++)
        well = take(s, start[i]);
    for (unsigned i = 0; well && i + 1 < depth; i++)
        well = take_letter(s, s->letters[i]);
    return well;
}

static void report(struct search *s, unsigned depth)
{
    fprintf(stderr, "\nexhaustive, after:\n");
    for (size_t i = 0; i < sizeof start / sizeof start[0]; i++)
        fprintf(stderr, "  %s\n", start[i]);
    for (unsigned i = 0; i < depth; i++)
        fprintf(stderr, "  %s%s\n", alphabet[s->letters[i]],
                s->letters[i] == SECOND ? " (1 s)"
                : s->letters[i] == NEXT ? " (deadline)"
                                        : "");
    pair_report(&s->pair, stderr, &s->step);
}

/* Tries every letter as the `depth`th, and all that may follow. */
static bool search(struct search *s, unsigned depth, unsigned deepest)
{
    for (unsigned letter = 0; letter < LETTERS; letter++) {
        acd_time before;
        bool well, changed;

        s->letters[depth - 1] = letter;
        well = take_before(s, depth);
        before = s->now;
        well = well && take_letter(s, letter) && pair_compare_views(&s->pair);
        changed = s->now != before || s->pair.twin->frame_count > 0;
        s->sequences++;
        if (well)
            remember_state(s);
        else
            report(s, depth);
        pair_close(&s->pair);
        if (!well || (changed && depth < deepest && !search(s, depth + 1, deepest)))
            return false;
    }
    return true;
}

bool suite_exhaustive(const struct suite_options *options)
{
    static struct search s;
    unsigned deepest = options->depth < DEPTH_MAX ? options->depth : DEPTH_MAX;
    bool well = search(&s, 1, deepest);

    printf("exhaustive: all %" PRIu64 " sequences of up to %u of %u steps over 2 agents and 2 "
           "calls, %zu states, %" PRIu64 " steps%s\n",
           s.sequences, deepest, (unsigned)LETTERS, s.seen_count, s.steps,
           well ? "" : ": NOT WELL");
    free(s.seen);
    return well;
}
