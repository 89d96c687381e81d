#include <criterion/criterion.h>
#include <string.h>

#include "tests/scenario/world.h"

/* Frames: how much one takes, and a second engine that is fed them. Every story has such a
 * follower; here is what it refuses, and that it can take over. */

/* A frame is applied once, and in its order: another is STATE, and changes nothing. */
Test(frames, applied_in_order)
{
    struct world *w = world_open();
    struct acd_frame frame, later;

    world_given(w, "0.000 queue sales\n"
                   "0.000 agent ann\n");
    frame = acd_last_frame(w->engine);
    cr_assert(frame.count == 1);
    cr_assert(acd_apply_frame(w->follower, &frame) == ACD_STATE);
    later = frame;
    later.first_sequence += 2;
    cr_assert(acd_apply_frame(w->follower, &later) == ACD_STATE);
    cr_assert(acd_position(w->follower).sequence == acd_position(w->engine).sequence);
    world_close(w);
}

/* A frame without events only lets time pass. */
Test(frames, empty)
{
    struct world *w = world_open();
    struct acd_frame empty = {.at = STORY_BEGINS + 5 * ACD_SECOND};

    cr_assert(acd_apply_frame(w->follower, &empty) == ACD_OK);
    cr_assert(acd_now(w->follower) == empty.at);
    acd_advance(w->engine, empty.at);
    cr_assert(acd_position(w->follower).sequence == 0);
    world_close(w);
}

/* A frame cut short, or of an unknown event, is told as such. */
Test(frames, damaged)
{
    struct world *w = world_open();
    struct acd_engine *e;
    uint8_t bytes[ACD_RECORD_MAX];
    struct acd_frame frame;

    world_given(w, "0.000 queue sales\n");
    frame = acd_last_frame(w->engine);
    memcpy(bytes, frame.bytes, frame.len);
    frame.bytes = bytes;
    cr_assert(acd_open(&e, &(struct acd_config){.limits = {.agents = 4}}) == ACD_OK);
    frame.len--;
    cr_assert(acd_apply_frame(e, &frame) == ACD_TRUNCATED);
    acd_close(e);
    cr_assert(acd_open(&e, &(struct acd_config){.limits = {.agents = 4}}) == ACD_OK);
    frame.len++;
    bytes[5] = 0x7f;
    cr_assert(acd_apply_frame(e, &frame) == ACD_UNKNOWN);
    acd_close(e);
    world_close(w);
}

/* The follower has the outcomes of requests too: what the first engine answered, it answers. */
Test(frames, follower_remembers_requests)
{
    struct world *w = world_open();
    struct acd_view_outcome first, again;
    acd_client_id gw1;

    world_given(w, "0.000 queue sales\n"
                   "0.000 client gw1 opens\n"
                   "1.000 gw1#5: call k1 arrives on sales\n");
    first = w->outcome;
    gw1 = acd_client_named(w->follower, acd_str("gw1"));
    acd_execute(w->follower, w->at, gw1, 5, &w->command, &again);
    cr_assert(again.repeated && again.verdict == first.verdict);
    cr_assert(again.call.slot == first.call.slot && again.call.gen == first.call.gen);
    cr_assert(again.position == first.position);
    world_close(w);
}

/* The first engine is lost in the middle of everything; the follower goes on with the very same
 * frames as the first would have. */
Test(frames, follower_takes_over)
{
    struct world *w = world_open();
    static const char *const rest[] = {"agent_state", "hangup", "queue_remove"};
    struct acd_command commands[3] = {{.code = ACD_COMMAND_agent_state},
                                      {.code = ACD_COMMAND_hangup},
                                      {.code = ACD_COMMAND_queue_remove}};

    world_given(w, "0.000 queue sales max_wait=60 reject_delay=5 wrap_up_time=9 max_no_answer=2\n"
                   "0.000 queue help weight=3\n"
                   "0.000 crew sales ann bob cid\n"
                   "0.000 agent bob joins help\n"
                   "0.000 agent ann max_concurrent_calls=3\n"
                   "0.000 ready cid ann bob\n"
                   "0.000 client gw1 opens\n");
    world_many(w, 1, 20, "1.000 gw1: call k% arrives on sales\n");
    world_many(w, 21, 30, "2.000 gw1: call k% arrives on help head_start=3\n");
    world_given(w, "3.000 agent ann answers gw1/k2\n"
                   "3.000 agent bob rejects gw1/k5\n"
                   "4.000 gw1: call k2 hangs up\n");
    commands[0].as.agent_state.name = acd_str("ann");
    commands[0].as.agent_state.state = ACD_NOT_READY;
    commands[1].as.hangup.call =
        acd_call_keyed(w->engine, acd_client_named(w->engine, acd_str("gw1")), acd_str("k21"));
    commands[2].as.queue_remove.name = acd_str("help");
    commands[2].as.queue_remove.policy = ACD_REMOVE_WITHDRAW;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        struct acd_view_outcome a, b;
        struct acd_frame fa, fb;

        acd_execute(w->engine, w->at, ACD_NOBODY, 0, &commands[i], &a);
        acd_execute(w->follower, w->at, ACD_NOBODY, 0, &commands[i], &b);
        cr_assert(a.error == ACD_OK && b.error == ACD_OK, "%s", rest[i]);
        fa = acd_last_frame(w->engine);
        fb = acd_last_frame(w->follower);
        cr_assert(fa.count > 0 && fa.len == fb.len && memcmp(fa.bytes, fb.bytes, fa.len) == 0, "%s",
                  rest[i]);
    }
    world_close(w);
}

/* A command with a code that nobody knows is UNKNOWN. */
Test(frames, unknown_command)
{
    struct world *w = world_open();
    struct acd_command command = {.code = 0x01ff};
    struct acd_view_outcome outcome;
    struct acd_frame frame;

    cr_assert(acd_execute(w->engine, w->at, ACD_NOBODY, 0, &command, &outcome) == ACD_UNKNOWN);
    cr_assert(outcome.error == ACD_UNKNOWN && outcome.field == 0);
    frame = acd_last_frame(w->engine);
    cr_assert(frame.count == 0);
    cr_assert(acd_apply_frame(w->follower, &frame) == ACD_OK);
    world_close(w);
}

/* The most that a frame can take: 256 calls time out, then a row of unanswered offers is full and
 * 49 others are rescinded, and then the command takes back 50 more. Each call has a gateway of its
 * own, and each gateway's outbox is full just now. */
Test(frames, fullest)
{
    struct world *w = world_open_limited((struct acd_limits){.agents = 8,
                                                             .queues = 4,
                                                             .calls = 500,
                                                             .assignments = 400,
                                                             .clients = 128,
                                                             .outbox_bytes = 1120});

    world_given(w, "0.000 queue fill max_wait=15\n"
                   "0.000 queue one max_no_answer=1\n"
                   "0.000 queue two\n"
                   "0.000 agent ann max_concurrent_calls=50\n"
                   "0.000 agent bob max_concurrent_calls=50\n"
                   "0.000 agent cid max_concurrent_calls=50\n"
                   "0.000 agent dan max_concurrent_calls=50\n"
                   "0.000 agent ann joins one\n"
                   "0.000 agent bob joins two\n"
                   "0.000 agent cid joins one\n"
                   "0.000 agent dan joins two\n");
    world_many(w, 1, 100, "0.000 client g% opens\n");
    world_many(w, 1, 50, "0.000 g%: call k% arrives on one\n");
    world_many(w, 51, 100, "0.000 g%: call k% arrives on two\n");
    for (int turn = 0; turn < 3; turn++)
        world_given(w, "1.000 ready ann bob\n"
                       "1.000 agent ann not_ready\n"
                       "1.000 agent bob not_ready\n");
    world_many(w, 1, 256, "1.000 call f% arrives on fill\n");
    world_given(w, "1.000 ready ann bob cid dan\n"
                   "2.000 host sleeps\n");
    w->tally = true;
    world_says(w, "16.000 agent bob not_ready\n"
                  "16.000   2 agent_state\n"
                  "16.000   100 call_offered\n"
                  "16.000   100 offer_ended\n"
                  "16.000   256 call_ended\n"
                  "16.000   100 outbox_lost\n");
    world_close(w);
}
