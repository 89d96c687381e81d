#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* The limits of a queue, one by one, and where each sends the calls that it turns away. */

/* ---- at the door -------------------------------------------------------------------------- */

/* Full: the caller is sent to another queue's end of the line by its own time of arrival. */
Test(overflow, full_to_a_queue)
{
    story("0.000 queue help\n"
          "0.000 queue sales max_size=1 on_full=queue:help\n"
          "1.000 call k1 arrives on sales\n",
          "2.000 call k2 arrives on sales\n"
          "2.000   sales refuses k2: full overflow=queue overflow_to=help\n"
          "2.000   k2 enters help\n"
          "2.000   -> queued at 1\n"
          "3.000 call k2 arrives on sales\n"
          "3.000   -> queued at 1\n"
          "3.000 ? outcome queue\n"
          "3.000   queue=help\n"
          "4.000 ? queue sales entered refused waiting\n"
          "4.000   entered=1 refused=1 waiting=1\n"
          "4.000 ? queue help entered refused waiting\n"
          "4.000   entered=1 refused=0 waiting=1\n"
          "4.000 ? totals entered refused queued\n"
          "4.000   entered=2 refused=1 queued=2\n");
}

/* Full, and an agent of the other queue is there: the reply to the route says whom to ring. */
Test(overflow, full_to_a_queue_with_an_agent)
{
    story("0.000 queue help\n"
          "0.000 queue sales max_size=1 on_full=queue:help\n"
          "0.000 crew help ann\n"
          "0.000 ready ann\n"
          "0.000 client gw1 opens\n"
          "1.000 gw1: call k1 arrives on sales\n",
          "2.000 gw1: call k2 arrives on sales\n"
          "2.000   sales refuses k2: full gateway=gw1 overflow=queue overflow_to=help\n"
          "2.000   gw1/k2 enters help\n"
          "2.000   offer gw1/k2 to ann until 17.000 told\n"
          "2.000   -> offered ann until 17.000\n"
          "2.000 ? outbox gw1\n"
          "2.000   empty\n");
}

/* Full: voicemail, a callback, another number. The call is none of the engine's; the reply says
 * where it goes, and says so again when it is asked again. */
Test(overflow, full_to_what_the_gateway_does)
{
    story("0.000 queue sales max_size=1 on_full=voicemail:box-7\n"
          "0.000 client gw1 opens\n"
          "0.000 call k1 arrives on sales\n",
          "1.000 gw1#1: call k2 arrives on sales\n"
          "1.000   sales refuses k2: full gateway=gw1 overflow=voicemail overflow_to=box-7\n"
          "1.000   request 1 of gw1 is done\n"
          "1.000   request 1 of gw1 sends its caller to voicemail box-7\n"
          "1.000   -> refused full to voicemail box-7\n"
          "2.000 queue sales on_full=callback\n"
          "2.000   queue sales is set max_size=1 on_full=callback\n"
          "2.000 call k3 arrives on sales\n"
          "2.000   sales refuses k3: full overflow=callback\n"
          "2.000   -> refused full to callback\n"
          "3.000 queue sales on_full=number:+49301234\n"
          "3.000   queue sales is set max_size=1 on_full=number:+49301234\n"
          "3.000 call k4 arrives on sales\n"
          "3.000   sales refuses k4: full overflow=number overflow_to=+49301234\n"
          "3.000   -> refused full to number +49301234\n"
          "4.000 gw1#1: call k2 arrives on sales\n"
          "4.000   -> repeated refused full to voicemail box-7\n"
          "5.000 queue sales on_full=-\n"
          "5.000   queue sales is set max_size=1\n"
          "5.000 call k5 arrives on sales\n"
          "5.000   sales refuses k5: full\n"
          "5.000   -> refused full\n");
}

/* No agents at join, and closed: each its own target. */
Test(overflow, no_agents_and_closed)
{
    story("0.000 queue night\n"
          "0.000 queue sales join_empty=ready on_no_agents=queue:night on_closed=voicemail\n"
          "0.000 crew sales ann\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   sales refuses k1: no_agents overflow=queue overflow_to=night\n"
          "1.000   k1 enters night\n"
          "1.000   -> queued at 1\n"
          "2.000 agent ann ready\n"
          "2.000   ann is ready\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   k2 enters sales\n"
          "2.000   offer k2 to ann until 17.000\n"
          "2.000   -> offered ann until 17.000\n"
          "3.000 queue sales state=closed\n"
          "3.000   queue sales is set state=closed join_empty=ready on_closed=voicemail "
          "on_no_agents=queue:night\n"
          "3.000 call k3 arrives on sales\n"
          "3.000   sales refuses k3: closed overflow=voicemail\n"
          "3.000   -> refused closed to voicemail\n");
}

/* Out of hours calls are those of the agents on call, whoever is ready besides; and in hours never.
 */
Test(overflow, agents_on_call)
{
    story("0.000 queue on_call\n"
          "0.000 queue sales on_closed=queue:on_call\n"
          "0.000 crew sales ann\n"
          "0.000 crew on_call zoe\n"
          "0.000 agent zoe ready\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 queue sales state=closed\n",
          "1.000 call k2 arrives on sales\n"
          "1.000   sales refuses k2: closed overflow=queue overflow_to=on_call\n"
          "1.000   k2 enters on_call\n"
          "1.000   offer k2 to zoe until 16.000\n"
          "1.000   -> offered zoe until 16.000\n"
          "2.000 agent ann ready\n"
          "2.000   ann is ready\n"
          "2.000   offer k1 to ann until 17.000\n"
          "3.000 queue sales state=open\n"
          "3.000   queue sales is set on_closed=queue:on_call\n"
          "4.000 call k3 arrives on sales\n"
          "4.000   k3 enters sales\n"
          "4.000   -> queued at 1\n");
}

/* A chain of queues is followed at once; each door that refuses counts, the last one's word holds.
 */
Test(overflow, chain)
{
    story("0.000 queue third max_size=1 on_full=callback:ask\n"
          "0.000 queue second state=closed on_closed=queue:third\n"
          "0.000 queue first max_size=1 on_full=queue:second\n"
          "0.000 call k1 arrives on first\n",
          "1.000 call k2 arrives on first\n"
          "1.000   first refuses k2: full overflow=queue overflow_to=second\n"
          "1.000   second refuses k2: closed overflow=queue overflow_to=third\n"
          "1.000   k2 enters third\n"
          "1.000   -> queued at 1\n"
          "2.000 call k3 arrives on first\n"
          "2.000   first refuses k3: full overflow=queue overflow_to=second\n"
          "2.000   second refuses k3: closed overflow=queue overflow_to=third\n"
          "2.000   third refuses k3: full overflow=callback overflow_to=ask\n"
          "2.000   -> refused full to callback ask\n"
          "2.000 ? outcome queue\n"
          "2.000   queue=third\n"
          "3.000 ? totals entered refused\n"
          "3.000   entered=2 refused=5\n");
}

/* A circle of full queues is walked once around. */
Test(overflow, chain_in_a_circle)
{
    story("0.000 queue a max_size=1\n"
          "0.000 queue b max_size=1 on_full=queue:a\n"
          "0.000 queue a on_full=queue:b\n"
          "0.000 call k1 arrives on a\n"
          "0.000 call k2 arrives on b\n",
          "1.000 call k3 arrives on a\n"
          "1.000   a refuses k3: full overflow=queue overflow_to=b\n"
          "1.000   b refuses k3: full\n"
          "1.000   -> refused full\n"
          "2.000 call k1 hangs up\n"
          "2.000   k1 ends: abandoned by caller\n"
          "2.000 call k4 arrives on b\n"
          "2.000   b refuses k4: full overflow=queue overflow_to=a\n"
          "2.000   k4 enters a\n"
          "2.000   -> queued at 1\n");
}

/* A long chain ends at the eighth door. */
Test(overflow, chain_is_long)
{
    struct world *w = world_open();

    world_given(w, "0.000 queue q9\n");
    for (int n = 8; n > 0; n--) {
        char line[80];

        snprintf(line, sizeof line, "0.000 queue q%d state=closed on_closed=queue:q%d\n", n, n + 1);
        world_given(w, line);
    }
    w->tally = true;
    world_says(w, "1.000 call k1 arrives on q2\n"
                  "1.000   1 call_queued\n"
                  "1.000   7 call_refused\n"
                  "1.000   -> queued at 1\n"
                  "2.000 call k2 arrives on q1\n"
                  "2.000   8 call_refused\n"
                  "2.000   -> refused closed\n");
    world_close(w);
}

/* The room for calls is looked at before any door is said to have refused. */
Test(overflow, no_room_for_the_call)
{
    struct world *w = world_open_limited((struct acd_limits){.agents = 1, .calls = 1});

    world_given(w, "0.000 queue help\n"
                   "0.000 queue sales max_size=1 on_full=queue:help\n"
                   "0.000 call k1 arrives on sales\n");
    world_says(w, "1.000 call k2 arrives on sales\n"
                  "1.000   -> FULL at key\n");
    world_close(w);
}

/* The queue meant is found by its name when it is needed: gone, the call is refused; a new one of
 * the name takes it. */
Test(overflow, target_is_gone)
{
    story("0.000 queue help\n"
          "0.000 queue sales state=closed on_closed=queue:help\n"
          "0.000 queue help goes\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   sales refuses k1: closed\n"
          "1.000   -> refused closed\n"
          "2.000 queue help\n"
          "2.000   queue help is set\n"
          "2.000 call k1 arrives on sales\n"
          "2.000   sales refuses k1: closed overflow=queue overflow_to=help\n"
          "2.000   k1 enters help\n"
          "2.000   -> queued at 1\n");
}

/* What is no target is not taken. */
Test(overflow, faults)
{
    story("0.000 queue help\n"
          "0.000 queue old\n"
          "0.000 call k1 arrives on old\n"
          "0.000 queue old goes policy=move target_name=help\n"
          "0.000 host sleeps\n",
          "0.000 queue sales on_full=mailbox:7\n"
          "0.000   -> INVALID at on_full\n"
          "0.000 queue sales on_no_agents=queue\n"
          "0.000   -> INVALID at on_no_agents\n"
          "0.000 queue sales on_closed=queue:\n"
          "0.000   -> INVALID at on_closed\n"
          "0.000 queue sales on_left_empty=number\n"
          "0.000   -> INVALID at on_left_empty\n"
          "0.000 queue sales on_max_wait=voicemail:\n"
          "0.000   -> INVALID at on_max_wait\n"
          "0.000 queue sales on_max_wait_no_agent=queue:sales\n"
          "0.000   -> INVALID at on_max_wait_no_agent\n"
          "0.000 queue sales on_full=queue:nowhere\n"
          "0.000   -> NOT_FOUND at on_full\n"
          "0.000 queue sales on_full=queue:old on_closed=callback\n"
          "0.000   -> STATE at on_full\n"
          "0.000 queue sales on_full=x*81\n"
          "0.000   -> TOO_LONG at on_full\n"
          "0.000 queue sales leave_when_empty=9 max_wait_no_agent=-2\n"
          "0.000   -> INVALID at leave_when_empty\n"
          "0.000 queue sales max_wait_no_agent=2592000.000001 on_full=mailbox\n"
          "0.000   -> INVALID at max_wait_no_agent\n"
          "0.000 ? queue sales\n"
          "0.000   NOT_FOUND\n");
}

/* ---- max wait ----------------------------------------------------------------------------- */

/* Who has waited long enough goes to another queue, and keeps the place by the time of enqueueing.
 */
Test(overflow, max_wait_to_a_queue)
{
    story("0.000 queue help max_wait=100\n"
          "0.000 queue sales max_wait=60 on_max_wait=queue:help\n"
          "0.000 client gw1 opens\n"
          "1.000 gw1: call k1 arrives on sales\n"
          "2.000 call h1 arrives on help\n",
          "61.000 time passes\n"
          "61.000   gw1/k1 moves from sales to help until=161.000 cause=max_wait\n"
          "61.000 ? line help\n"
          "61.000   gw1/k1 h1\n"
          "61.000 ? outbox gw1\n"
          "61.000   1 at 61.000: call_moved gw1/k1 queue=help\n"
          "61.000 ? call gw1/k1 enqueued_at entered_at moves position\n"
          "61.000   enqueued_at=1.000 entered_at=61.000 moves=1 position=1\n"
          "61.000 ? queue sales entered overflowed timed_out wait_max\n"
          "61.000   entered=1 overflowed=1 timed_out=0 wait_max=60.000\n"
          "102.000   h1 ends: timed_out by system\n"
          "161.000 time passes\n"
          "161.000   gw1/k1 ends: timed_out by system\n");
}

/* Voicemail: the call is over here, and its notice says where the caller goes. */
Test(overflow, max_wait_to_voicemail)
{
    story("0.000 queue sales max_wait=60 on_max_wait=voicemail:box-7\n"
          "0.000 client gw1 opens\n"
          "1.000 gw1: call k1 arrives on sales\n",
          "61.000 time passes\n"
          "61.000   gw1/k1 ends: timed_out by system overflow=voicemail overflow_to=box-7\n"
          "61.000 ? outbox gw1\n"
          "61.000   1 at 61.000: call_ended gw1/k1 queue=sales disposition=timed_out "
          "overflow=voicemail overflow_to=box-7\n"
          "61.000 ? queue sales timed_out overflowed\n"
          "61.000   timed_out=1 overflowed=0\n");
}

/* The other queue's door refuses: what it says to that holds; it does not count as a refusal. */
Test(overflow, max_wait_and_the_door_refuses)
{
    story("0.000 queue help max_size=1 on_full=callback\n"
          "0.000 queue sales max_wait=60 on_max_wait=queue:help\n"
          "0.000 call h1 arrives on help\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 call k2 arrives on sales\n",
          "61.000 time passes\n"
          "61.000   k1 ends: timed_out by system overflow=callback\n"
          "61.500 call h1 hangs up\n"
          "61.500   h1 ends: abandoned by caller\n"
          "62.000 time passes\n"
          "62.000   k2 moves from sales to help cause=max_wait\n"
          "62.000 ? queue help refused entered\n"
          "62.000   refused=0 entered=2\n");
}

/* Two queues that send to each other: after eight moves the call ends. */
Test(overflow, max_wait_back_and_forth)
{
    story("0.000 queue a max_wait=10\n"
          "0.000 queue b max_wait=10 on_max_wait=queue:a\n"
          "0.000 queue a on_max_wait=queue:b\n"
          "0.000 call k1 arrives on a\n",
          "10.000   k1 moves from a to b until=20.000 cause=max_wait\n"
          "20.000   k1 moves from b to a until=30.000 cause=max_wait\n"
          "30.000   k1 moves from a to b until=40.000 cause=max_wait\n"
          "40.000   k1 moves from b to a until=50.000 cause=max_wait\n"
          "50.000   k1 moves from a to b until=60.000 cause=max_wait\n"
          "60.000   k1 moves from b to a until=70.000 cause=max_wait\n"
          "70.000   k1 moves from a to b until=80.000 cause=max_wait\n"
          "80.000   k1 moves from b to a until=90.000 cause=max_wait\n"
          "90.000 time passes\n"
          "90.000   k1 ends: timed_out by system\n"
          "90.000 ? totals entered overflowed timed_out\n"
          "90.000   entered=9 overflowed=8 timed_out=1\n");
}

/* ---- nobody left -------------------------------------------------------------------------- */

/* The last ready agent takes a break: who waits goes at once, in order; newcomers are refused
 * while it lasts. */
Test(overflow, left_empty_to_a_queue)
{
    story("0.000 queue night\n"
          "0.000 queue sales leave_when_empty=ready on_left_empty=queue:night "
          "on_no_agents=number:0\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann bob\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n"
          "2.000 call k3 arrives on sales\n"
          "3.000 call k4 arrives on sales head_start=1.500\n",
          "4.000 agent ann not_ready\n"
          "4.000   ann is not_ready\n"
          "4.000   offer of k1 to ann ends: rescinded\n"
          "5.000 agent bob not_ready\n"
          "5.000   bob is not_ready\n"
          "5.000   offer of k2 to bob ends: rescinded\n"
          "5.000   k1 moves from sales to night cause=left_empty\n"
          "5.000   k2 moves from sales to night cause=left_empty\n"
          "5.000   k4 moves from sales to night cause=left_empty\n"
          "5.000   k3 moves from sales to night cause=left_empty\n"
          "6.000 call k5 arrives on sales\n"
          "6.000   sales refuses k5: no_agents overflow=number overflow_to=0\n"
          "6.000   -> refused no_agents to number 0\n"
          "7.000 agent ann ready\n"
          "7.000   ann is ready\n"
          "7.000 call k6 arrives on sales\n"
          "7.000   k6 enters sales\n"
          "7.000   offer k6 to ann until 22.000\n"
          "7.000   -> offered ann until 22.000\n");
}

/* logged_in: a break keeps them waiting, the last one's log-out does not. They just end. */
Test(overflow, left_empty_by_log_out)
{
    story("0.000 queue sales leave_when_empty=logged_in\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann not_ready\n"
          "0.000 client gw1 opens\n"
          "1.000 gw1: call k1 arrives on sales\n",
          "2.000 ? queue sales nobody_since waiting\n"
          "2.000   nobody_since=never waiting=1\n"
          "3.000 agent ann logged_out\n"
          "3.000   ann is logged_out\n"
          "3.000   gw1/k1 ends: left_empty by system cause=left_empty\n"
          "4.000 ? queue sales nobody_since waiting left_empty entered\n"
          "4.000   nobody_since=3.000 waiting=0 left_empty=1 entered=1\n"
          "4.000 ? outbox gw1\n"
          "4.000   1 at 3.000: call_ended gw1/k1 queue=sales disposition=left_empty "
          "cause=left_empty\n");
}

/* Nobody is left too when the last member is made inactive, leaves the queue, or is removed; or
 * when the queue is told to mind. */
Test(overflow, left_empty_otherwise)
{
    story("0.000 queue a leave_when_empty=logged_in\n"
          "0.000 queue b leave_when_empty=logged_in\n"
          "0.000 queue c\n"
          "0.000 crew a ann\n"
          "0.000 crew b bob\n"
          "0.000 agent ann not_ready\n"
          "0.000 agent bob not_ready\n"
          "0.000 call a1 arrives on a\n"
          "0.000 call b1 arrives on b\n"
          "0.000 call c1 arrives on c\n",
          "1.000 agent ann active=no\n"
          "1.000   agent ann is set active=no\n"
          "1.000   a1 ends: left_empty by system cause=left_empty\n"
          "2.000 agent bob leaves b\n"
          "2.000   bob is no member of b\n"
          "2.000   b1 ends: left_empty by system cause=left_empty\n"
          "3.000 queue c leave_when_empty=ready\n"
          "3.000   queue c is set leave_when_empty=ready\n"
          "3.000   c1 ends: left_empty by system cause=left_empty\n"
          "4.000 ? totals left_empty entered\n"
          "4.000   left_empty=3 entered=3\n");
}

/* A full house leaves in slices; who comes back in time serves the rest. */
Test(overflow, left_empty_in_slices)
{
    struct world *w = world_open();

    world_given(w, "0.000 queue sales leave_when_empty=logged_in\n"
                   "0.000 crew sales ann\n"
                   "0.000 agent ann not_ready\n");
    world_many(w, 1, 100, "0.000 call k% arrives on sales\n");
    w->tally = true;
    world_says(w, "1.000 host sleeps\n"
                  "1.000 agent ann logged_out\n"
                  "1.000   1 agent_state\n"
                  "1.000 ? deadline\n"
                  "1.000   1.000\n"
                  "1.000 host comes\n"
                  "1.000   64 call_ended\n"
                  "1.000 ? queue sales waiting left_empty\n"
                  "1.000   waiting=36 left_empty=64\n"
                  "2.000 agent ann not_ready\n"
                  "2.000   1 agent_state\n"
                  "2.000 host wakes\n"
                  "2.000 ? deadline\n"
                  "2.000   800.000\n"
                  "2.000 ? queue sales waiting left_empty\n"
                  "2.000   waiting=36 left_empty=64\n");
    world_close(w);
}

/* The other queue takes as many as it has room for, and its own target the rest. */
Test(overflow, left_empty_to_a_small_queue)
{
    story("0.000 queue night max_size=1 on_full=voicemail\n"
          "0.000 queue sales leave_when_empty=logged_in on_left_empty=queue:night\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann not_ready\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 call k2 arrives on sales\n",
          "1.000 agent ann logged_out\n"
          "1.000   ann is logged_out\n"
          "1.000 time passes\n"
          "1.000   k1 moves from sales to night cause=left_empty\n"
          "1.000   k2 ends: left_empty by system cause=left_empty overflow=voicemail\n");
}

/* Two queues that nobody is left in do not toss their calls to and fro. */
Test(overflow, left_empty_both)
{
    story("0.000 queue a leave_when_empty=logged_in\n"
          "0.000 queue b leave_when_empty=logged_in on_left_empty=queue:a\n"
          "0.000 queue a on_left_empty=queue:b\n"
          "0.000 crew a ann\n"
          "0.000 agent ann joins b\n"
          "0.000 agent ann not_ready\n"
          "0.000 call a1 arrives on a\n"
          "0.000 call b1 arrives on b\n",
          "1.000 agent ann logged_out\n"
          "1.000   ann is logged_out\n"
          "1.000 time passes\n"
          "1.000   a1 ends: left_empty by system cause=left_empty\n"
          "1.000   b1 ends: left_empty by system cause=left_empty\n");
}

/* One who rings at somebody who is no member any more waits for that, and then leaves. */
Test(overflow, left_empty_while_it_rings)
{
    story("0.000 queue sales leave_when_empty=logged_in\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n",
          "1.000 agent ann leaves sales\n"
          "1.000   ann is no member of sales\n"
          "15.000 time passes\n"
          "15.000   offer of k1 to ann ends: no_answer\n"
          "15.000   k1 ends: left_empty by system cause=left_empty\n");
}

/* ---- max wait with no agent --------------------------------------------------------------- */

/* The time runs from when the last one logged out, or for who came later from then on; it ends
 * when somebody is there. */
Test(overflow, no_agent)
{
    story("0.000 queue sales max_wait_no_agent=30 on_max_wait_no_agent=callback\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann not_ready\n"
          "1.000 call k1 arrives on sales\n",
          "40.000 agent ann logged_out\n"
          "40.000   ann is logged_out\n"
          "50.000 call k2 arrives on sales\n"
          "50.000   k2 enters sales\n"
          "50.000   -> queued at 2\n"
          "50.000 ? deadline\n"
          "50.000   70.000\n"
          "60.000 call k3 arrives on sales\n"
          "60.000   k3 enters sales\n"
          "60.000   -> queued at 3\n"
          "70.000   k1 ends: timed_out by system cause=no_agent overflow=callback\n"
          "80.000   k2 ends: timed_out by system cause=no_agent overflow=callback\n"
          "85.000 agent ann not_ready\n"
          "85.000   ann is not_ready\n"
          "85.000 ? deadline\n"
          "85.000   800.000\n"
          "95.000 agent ann logged_out\n"
          "95.000   ann is logged_out\n"
          "125.000 time passes\n"
          "125.000   k3 ends: timed_out by system cause=no_agent overflow=callback\n"
          "125.000 ? queue sales timed_out nobody_since\n"
          "125.000   timed_out=3 nobody_since=95.000\n");
}

/* In the order of entering, not in that of the line; a call that hangs up gives way to the next. */
Test(overflow, no_agent_by_entry)
{
    story("0.000 queue help\n"
          "0.000 queue sales max_wait_no_agent=30 on_max_wait_no_agent=queue:help\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 call k2 arrives on sales head_start=10\n"
          "3.000 call k3 arrives on sales\n",
          "4.000 call k1 hangs up\n"
          "4.000   k1 ends: abandoned by caller\n"
          "4.000 ? deadline\n"
          "4.000   32.000\n"
          "32.000   k2 moves from sales to help cause=no_agent\n"
          "33.000 time passes\n"
          "33.000   k3 moves from sales to help cause=no_agent\n"
          "33.000 ? line help\n"
          "33.000   k2 k3\n");
}

/* Set later, it counts what has passed; with max_wait, the earlier of the two. */
Test(overflow, no_agent_set_later)
{
    story("0.000 queue sales max_wait=60\n"
          "1.000 call k1 arrives on sales\n"
          "20.000 call k2 arrives on sales\n",
          "30.000 queue sales max_wait_no_agent=50\n"
          "30.000   queue sales is set max_wait=60.000 max_wait_no_agent=50.000\n"
          "51.000   k1 ends: timed_out by system cause=no_agent\n"
          "52.000 queue sales max_wait_no_agent=60\n"
          "52.000   queue sales is set max_wait=60.000 max_wait_no_agent=60.000\n"
          "80.000 time passes\n"
          "80.000   k2 ends: timed_out by system\n");
}

/* Everybody went home at once: all are due at one moment, and leave one by one. */
Test(overflow, no_agent_all_at_once)
{
    story("0.000 queue sales max_wait_no_agent=5\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann not_ready\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 call k2 arrives on sales head_start=9\n"
          "3.000 call k3 arrives on sales\n",
          "9.000 agent ann logged_out\n"
          "9.000   ann is logged_out\n"
          "14.000 time passes\n"
          "14.000   k1 ends: timed_out by system cause=no_agent\n"
          "14.000   k2 ends: timed_out by system cause=no_agent\n"
          "14.000   k3 ends: timed_out by system cause=no_agent\n");
}
