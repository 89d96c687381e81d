#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Calls that wait for an agent of their choice, before others may take them. */

/* The agent is on another call: the call waits for it, though others are idle, and rings there as
 * soon as it can, before a call that came earlier. */
Test(prefer, waits_for_its_agent)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann\n"
          "0.000 call k0 arrives on sales\n"
          "0.000 agent ann answers k0\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   k1 enters sales\n"
          "1.000   -> queued at 1\n"
          "2.000 call k2 arrives on sales prefer_name=ann prefer_wait=20\n"
          "2.000   k2 enters sales prefer=ann prefer_until=22.000\n"
          "2.000   -> queued at 2\n"
          "2.000 ? call k2 prefer_name step_at\n"
          "2.000   prefer_name=ann step_at=22.000\n"
          "3.000 agent bob ready\n"
          "3.000   bob is ready\n"
          "3.000   offer k1 to bob until 18.000\n"
          "4.000 agent bob answers k1\n"
          "4.000   bob talks with k1\n"
          "5.000 call k3 arrives on sales head_start=60\n"
          "5.000   k3 enters sales head_start=60.000\n"
          "5.000   -> queued at 1\n"
          "6.000 call k1 hangs up\n"
          "6.000   k1 ends: answered by caller\n"
          "6.000   offer k3 to bob until 21.000\n"
          "7.000 call k4 arrives on sales head_start=60\n"
          "7.000   k4 enters sales head_start=60.000\n"
          "7.000   -> queued at 1\n"
          "8.000 call k0 hangs up\n"
          "8.000   k0 ends: answered by caller\n"
          "8.000   offer k2 to ann until 23.000\n");
}

/* It does not come to be available in time: others may, at the call's old place. */
Test(prefer, others_may_after_the_wait)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent ann not_ready\n",
          "1.000 call k1 arrives on sales prefer_name=ann\n"
          "1.000   k1 enters sales prefer=ann prefer_until=31.000\n"
          "1.000   -> queued at 1\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   k2 enters sales\n"
          "2.000   -> queued at 2\n"
          "31.000 time passes\n"
          "31.000   k1 is at step 0\n"
          "31.000 agent bob ready\n"
          "31.000   bob is ready\n"
          "31.000   offer k1 to bob until 46.000\n");
}

/* An agent who is not logged in makes nobody wait, nor one who logs out; with pass_over=never each
 * call waits its time, whatever its agent does. */
Test(prefer, agent_who_is_not_there)
{
    story("0.000 queue sales\n"
          "0.000 queue help pass_over=never\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent ann joins help\n"
          "0.000 agent bob joins help\n",
          "1.000 call k1 arrives on sales prefer_name=ann\n"
          "1.000   k1 enters sales\n"
          "1.000   -> queued at 1\n"
          "2.000 agent ann not_ready\n"
          "2.000   ann is not_ready\n"
          "3.000 call k2 arrives on sales prefer_name=ann\n"
          "3.000   k2 enters sales prefer=ann prefer_until=33.000\n"
          "3.000   -> queued at 2\n"
          "4.000 call k3 arrives on help prefer_name=ann prefer_wait=10\n"
          "4.000   k3 enters help prefer=ann prefer_until=14.000\n"
          "4.000   -> queued at 1\n"
          "5.000 agent ann logged_out\n"
          "5.000   ann is logged_out\n"
          "5.000 time passes\n"
          "5.000   k2 is at step 0\n"
          "6.000 call k1 hangs up\n"
          "6.000   k1 ends: abandoned by caller\n"
          "6.000 call k2 hangs up\n"
          "6.000   k2 ends: abandoned by caller\n"
          "7.000 agent bob ready\n"
          "7.000   bob is ready\n"
          "14.000 time passes\n"
          "14.000   k3 is at step 0\n"
          "14.000   offer k3 to bob until 29.000\n");
}

/* An agent who declines has had its chance; one who takes a break has not. */
Test(prefer, agent_who_declines)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready bob ann\n",
          "1.000 call k1 arrives on sales prefer_name=ann\n"
          "1.000   k1 enters sales prefer=ann prefer_until=31.000\n"
          "1.000   offer k1 to ann until 16.000\n"
          "1.000   -> offered ann until 16.000\n"
          "2.000 agent ann not_ready\n"
          "2.000   ann is not_ready\n"
          "2.000   offer of k1 to ann ends: rescinded\n"
          "3.000 agent ann ready\n"
          "3.000   ann is ready\n"
          "3.000   offer k1 to ann until 18.000\n"
          "4.000 agent ann rejects k1\n"
          "4.000   offer of k1 to ann ends: rejected\n"
          "4.000   k1 is at step 0\n"
          "4.000   offer k1 to bob until 19.000\n");
}

/* Behind the wait the call is where its plan would have it by now. */
Test(prefer, plan_goes_on_meanwhile)
{
    story("0.000 queue sales plan=gold;@10s[0-1];@60s\n"
          "0.000 crew sales ann level=2\n"
          "0.000 crew sales bob level=1\n"
          "0.000 crew sales cid level=2\n"
          "0.000 agent cid learns gold level=1\n"
          "0.000 agent ann not_ready\n"
          "0.000 ready bob\n"
          "0.000 agent cid not_ready\n",
          "1.000 call k1 arrives on sales prefer_name=ann prefer_wait=20\n"
          "1.000   plan 1 of sales opens: gold;@10s[0-1];@60s\n"
          "1.000   k1 enters sales plan=1 prefer=ann prefer_until=21.000\n"
          "1.000   -> queued at 1\n"
          "21.000 time passes\n"
          "21.000   k1 is at step 1\n"
          "21.000   offer k1 to bob until 36.000\n");
}

/* A call that moves is kept no more. An agent who leaves the queue, and one who goes, is waited for
 * no longer. */
Test(prefer, agent_who_leaves_and_call_that_moves)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent ann joins help\n"
          "0.000 agent ann not_ready\n"
          "0.000 agent bob not_ready\n",
          "1.000 call k1 arrives on sales prefer_name=ann\n"
          "1.000   k1 enters sales prefer=ann prefer_until=31.000\n"
          "1.000   -> queued at 1\n"
          "1.000 call k2 arrives on sales prefer_name=bob\n"
          "1.000   k2 enters sales prefer=bob prefer_until=31.000\n"
          "1.000   -> queued at 2\n"
          "2.000 call k1 moves to help\n"
          "2.000   k1 moves from sales to help\n"
          "2.000 ? call k1 prefer_name step_at\n"
          "2.000   prefer_name= step_at=never\n"
          "3.000 agent bob leaves sales\n"
          "3.000   bob is no member of sales\n"
          "3.000 time passes\n"
          "3.000   k2 is at step 0\n");
}

/* A wish is no reason to refuse a call: of an agent who is no member nothing comes. What is no
 * agent, or no span, is told. */
Test(prefer, wishes_that_are_none)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent eve\n"
          "0.000 agent eve ready\n",
          "1.000 call k1 arrives on sales prefer_name=eve\n"
          "1.000   k1 enters sales\n"
          "1.000   -> queued at 1\n"
          "1.000 call k2 arrives on sales prefer_name=nobody\n"
          "1.000   -> NOT_FOUND at prefer_name\n"
          "1.000 call k2 arrives on sales prefer=stranger\n"
          "1.000   -> NOT_FOUND at prefer\n"
          "1.000 call k2 arrives on sales prefer_name=ann prefer_wait=2592001\n"
          "1.000   -> INVALID at prefer_wait\n"
          "1.000 call k2 arrives on sales prefer_name=ann prefer_wait=none\n"
          "1.000   -> INVALID at prefer_wait\n"
          "1.000 call k1 arrives on sales prefer_name=nobody\n"
          "1.000   -> queued at 1\n");
}

/* Where there is no room for a line of its agent the call is not kept; plans that no call follows
 * make room. */
Test(prefer, no_room_for_a_line)
{
    struct world *w = world_open_limited(
        (struct acd_limits){.agents = 4, .queues = 2, .calls = 8, .lines = 1, .clients = 2});

    world_given(w, "0.000 queue sales\n"
                   "0.000 crew sales ann bob\n"
                   "0.000 agent ann not_ready\n"
                   "0.000 agent bob not_ready\n"
                   "0.000 call k0 arrives on sales plan=[0-3]\n"
                   "0.000 call k0 hangs up\n");
    world_says(w, "1.000 call k1 arrives on sales prefer_name=ann\n"
                  "1.000   plan 1 closes\n"
                  "1.000   k1 enters sales prefer=ann prefer_until=31.000\n"
                  "1.000   -> queued at 1\n"
                  "2.000 call k2 arrives on sales prefer_name=bob\n"
                  "2.000   k2 enters sales\n"
                  "2.000   -> queued at 2\n"
                  "3.000 call k3 arrives on sales prefer_name=ann\n"
                  "3.000   k3 enters sales prefer=ann prefer_until=33.000\n"
                  "3.000   -> queued at 3\n");
    world_close(w);
}
