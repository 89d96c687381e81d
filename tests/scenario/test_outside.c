#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* What gateways report of agents: devices, and calls outside the queues. */

/* ---- devices ------------------------------------------------------------------------------ */

/* A device in use gets no more offers, but what rings goes on; one that is available again gets
 * what waits, and last_status_change stays. */
Test(outside, device_in_use)
{
    story("0.000 client gw1 opens\n"
          "0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=2\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n",
          "1.000 gw1: agent ann device in_use\n"
          "1.000   device of ann is in_use until=3601.000 by=gw1\n"
          "1.000 ? agent ann available activity device device_until\n"
          "1.000   available=0 activity=reserved device=in_use device_until=3601.000\n"
          "2.000 agent ann answers k1\n"
          "2.000   ann talks with k1\n"
          "3.000 call k2 arrives on sales\n"
          "3.000   k2 enters sales\n"
          "3.000   -> queued at 1\n"
          "4.000 gw1: agent ann device available\n"
          "4.000   device of ann is available by=gw1\n"
          "4.000   offer k2 to ann until 19.000\n"
          "4.000 gw1: agent ann device available\n"
          "5.000 ? agent ann last_status_change device\n"
          "5.000   last_status_change=0.000 device=available\n");
}

/* What rings at a device that cannot be reached is taken back at once. */
Test(outside, device_unreachable)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann bob\n"
          "0.000 call k1 arrives on sales\n",
          "1.000 agent ann device unreachable lease=60\n"
          "1.000   device of ann is unreachable until=61.000\n"
          "1.000   offer of k1 to ann ends: rescinded\n"
          "1.000   offer k1 to bob until 16.000\n"
          "1.000 ? agent ann activity\n"
          "1.000   activity=no_device\n"
          "1.000 ? totals idle no_device reserved\n"
          "1.000   idle=0 no_device=1 reserved=1\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   k2 enters sales\n"
          "2.000   -> queued at 1\n"
          "3.000 call k2 goes to ann\n"
          "3.000   -> STATE at name\n"
          "4.000 agent ann device in_use lease=60\n"
          "4.000   device of ann is in_use until=64.000\n"
          "5.000 call k2 goes to ann\n"
          "5.000   k2 is given to ann in_use\n"
          "5.000   offer k2 to ann until 20.000\n"
          "5.000   -> offered ann until 20.000\n");
}

/* Nobody takes a report back: what was believed runs out, and the agent works again. Reporting it
 * anew renews it. */
Test(outside, pain_01_a_device_is_not_in_use_for_ever)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 agent ann device in_use lease=60\n"
          "0.000 call k1 arrives on sales\n",
          "30.000 agent ann device in_use lease=60\n"
          "30.000   device of ann is in_use until=90.000\n"
          "90.000 time passes\n"
          "90.000   device of ann is available\n"
          "90.000   offer k1 to ann until 105.000\n"
          "91.000 agent ann device unreachable\n"
          "91.000   device of ann is unreachable until=3691.000\n"
          "91.000   offer of k1 to ann ends: rescinded\n"
          "92.000 agent ann is freed\n"
          "92.000   ann is freed\n"
          "92.000   ann is ready\n"
          "92.000   offer k1 to ann until 107.000\n");
}

/* ---- calls outside ------------------------------------------------------------------------ */

/* A call outside takes one of what the agent can have, and leaves its turn alone. */
Test(outside, call_takes_capacity)
{
    story("0.000 client gw1 opens\n"
          "0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann\n",
          "1.000 agent bob ready\n"
          "1.000   bob is ready\n"
          "2.000 gw1: agent ann begins o1\n"
          "2.000   ann has o1 outside until 14402.000 by=gw1\n"
          "2.000 ? outcome\n"
          "2.000   assignment=o1@ann agent=ann\n"
          "2.000 ? agent ann available activity outside\n"
          "2.000   available=0 activity=outside outside=1\n"
          "2.000 ? totals idle outside\n"
          "2.000   idle=1 outside=1\n"
          "2.000 ? work ann\n"
          "2.000   assignment=o1@ann agent=ann role=outside since=2.000 until=14402.000 key=o1 "
          "channel=voice\n"
          "3.000 call k1 arrives on sales\n"
          "3.000   k1 enters sales\n"
          "3.000   offer k1 to bob until 18.000\n"
          "3.000   -> offered bob until 18.000\n"
          "4.000 agent bob rejects k1\n"
          "4.000   offer of k1 to bob ends: rejected\n"
          "4.000   offer k1 to bob until 19.000\n"
          "5.000 gw1: agent ann ends o1\n"
          "5.000   ann is done with o1@ann by=gw1\n"
          "5.000 ? agent ann available last_status_change\n"
          "5.000   available=1 last_status_change=0.000\n");
}

/* Whether it counts for the turn is a setting of the agent. */
Test(outside, call_moves_last_status_change_if_that_is_wished)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent ann outside_moves=yes\n"
          "0.000 ready ann\n",
          "1.000 agent bob ready\n"
          "1.000   bob is ready\n"
          "2.000 agent ann begins o1\n"
          "2.000   ann has o1 outside until 14402.000\n"
          "3.000 agent ann ends o1\n"
          "3.000   ann is done with o1@ann\n"
          "4.000 call k1 arrives on sales\n"
          "4.000   k1 enters sales\n"
          "4.000   offer k1 to bob until 19.000\n"
          "4.000   -> offered bob until 19.000\n"
          "5.000 agent ann outside_moves=no\n"
          "5.000   agent ann is set\n");
}

/* It is there whatever the agent has: the load may be more than the capacity, and no offer comes
 * until there is room. */
Test(outside, call_beyond_capacity)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 agent ann answers k1\n",
          "1.000 agent ann begins o1\n"
          "1.000   ann has o1 outside until 14401.000\n"
          "2.000 call k1 hangs up\n"
          "2.000   k1 ends: answered by caller\n"
          "3.000 call k2 arrives on sales\n"
          "3.000   k2 enters sales\n"
          "3.000   -> queued at 1\n"
          "4.000 agent ann logged_out\n"
          "4.000   ann is logged_out\n"
          "5.000 agent ann goes\n"
          "5.000   -> STATE at name\n"
          "6.000 agent ann ends o1\n"
          "6.000   ann is done with o1@ann\n");
}

/* Its end is never told: it runs out. The gateway that says it is still there renews it. */
Test(outside, pain_01_a_call_outside_is_not_stuck)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 agent ann begins o1 lease=60\n"
          "0.000 call k1 arrives on sales\n",
          "30.000 agent ann begins o1 lease=60\n"
          "30.000   ann has o1 outside until 90.000\n"
          "30.000 ? agent ann outside\n"
          "30.000   outside=1\n"
          "90.000 time passes\n"
          "90.000   ann is done with o1@ann ran_out\n"
          "90.000   offer k1 to ann until 105.000\n"
          "91.000 agent ann ends o1\n"
          "91.000   -> NOT_FOUND at key\n");
}

/* A draining agent finishes it too; freeing her by force ends it. */
Test(outside, call_while_draining_and_freed)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann bob\n"
          "0.000 agent ann begins o1\n"
          "0.000 agent bob begins o2\n",
          "1.000 agent ann drains\n"
          "1.000   ann drains to logged_out\n"
          "2.000 agent ann ends o1\n"
          "2.000   ann is done with o1@ann\n"
          "2.000   ann is logged_out\n"
          "3.000 agent bob is freed\n"
          "3.000   bob is freed\n"
          "3.000   bob is done with o2@bob\n"
          "3.000   bob is ready\n");
}

/* Nine at once are too many, and so are more than all agents together may have. */
Test(outside, too_many)
{
    struct world *w = world_open_limited(
        (struct acd_limits){.agents = 2, .queues = 2, .calls = 4, .assignments = 10});

    world_given(w, "0.000 agent ann\n"
                   "0.000 agent bob\n");
    world_many(w, 1, 8, "0.000 agent ann begins o%\n");
    world_says(w, "1.000 agent ann begins o9\n"
                  "1.000   -> FULL at key\n"
                  "1.000 agent ann begins o8\n"
                  "1.000   ann has o8 outside until 14401.000\n"
                  "2.000 agent bob begins o1\n"
                  "2.000   bob has o1 outside until 14402.000\n"
                  "2.000 agent bob begins o2\n"
                  "2.000   bob has o2 outside until 14402.000\n"
                  "2.000 agent bob begins o3\n"
                  "2.000   -> FULL at key\n");
    world_close(w);
}

/* It is no offer, and no work after a call. */
Test(outside, faults)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann begins o1\n",
          "1.000 agent ann device 9\n"
          "1.000   -> INVALID at device\n"
          "1.000 device_set name=ann\n"
          "1.000   -> MISSING at device\n"
          "1.000 agent bob device in_use\n"
          "1.000   -> NOT_FOUND at name\n"
          "1.000 agent ann device in_use lease=0.999\n"
          "1.000   -> INVALID at lease\n"
          "1.000 outside_begin name=ann\n"
          "1.000   -> MISSING at key\n"
          "1.000 agent ann begins o2 lease=86401\n"
          "1.000   -> INVALID at lease\n"
          "1.000 outside_end name=ann\n"
          "1.000   -> MISSING at key\n"
          "1.000 agent ann ends o9\n"
          "1.000   -> NOT_FOUND at key\n"
          "1.000 agent ann answers o1\n"
          "1.000   -> GONE at assignment\n"
          "1.000 agent ann rejects o1\n"
          "1.000   -> STATE at assignment\n"
          "1.000 agent ann finishes o1\n"
          "1.000   -> STATE at assignment\n"
          "1.000 wrap_up_code assignment=o1@ann code=x\n"
          "1.000   -> STATE at assignment\n"
          "1.000 wrap_up_code name=ann code=x\n"
          "1.000   -> STATE at name\n");
}
