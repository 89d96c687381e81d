#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Queues that are there for calls only as long as somebody could take one now. */

/* join_empty=available: who talks, wraps up, or is rung at counts as nobody; a seat for one more
 * call is enough, and so is the agent's word not. */
Test(available, join)
{
    story("0.000 queue sales join_empty=available wrap_up_time=10\n"
          "0.000 crew sales ann bob\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   sales refuses k1: no_agents\n"
          "1.000   -> refused no_agents\n"
          "2.000 agent ann ready\n"
          "2.000   ann is ready\n"
          "3.000 call k2 arrives on sales\n"
          "3.000   k2 enters sales\n"
          "3.000   offer k2 to ann until 18.000\n"
          "3.000   -> offered ann until 18.000\n"
          "4.000 call k3 arrives on sales\n" /* it rings at ann */
          "4.000   sales refuses k3: no_agents\n"
          "4.000   -> refused no_agents\n"
          "5.000 agent ann answers k2\n"
          "5.000   ann talks with k2\n"
          "6.000 call k4 arrives on sales\n" /* she talks */
          "6.000   sales refuses k4: no_agents\n"
          "6.000   -> refused no_agents\n"
          "7.000 call k2 hangs up\n"
          "7.000   k2 ends: answered by caller wrap_up_until=17.000\n"
          "8.000 call k5 arrives on sales\n" /* she wraps up */
          "8.000   sales refuses k5: no_agents\n"
          "8.000   -> refused no_agents\n"
          "17.000   ann is done with k2@ann\n"
          "18.000 agent ann max_concurrent_calls=2\n"
          "18.000   agent ann is set max_concurrent_calls=2\n"
          "19.000 call k6 arrives on sales\n"
          "19.000   k6 enters sales\n"
          "19.000   offer k6 to ann until 34.000\n"
          "19.000   -> offered ann until 34.000\n"
          "20.000 call k7 arrives on sales\n" /* and room for one more */
          "20.000   k7 enters sales\n"
          "20.000   offer k7 to ann until 35.000\n"
          "20.000   -> offered ann until 35.000\n"
          "21.000 call k8 arrives on sales\n"
          "21.000   sales refuses k8: no_agents\n"
          "21.000   -> refused no_agents\n");
}

/* Nobody is available who has no room for the channel, or who is a member no more. */
Test(available, join_by_channel)
{
    story("0.000 queue talk join_empty=available\n"
          "0.000 queue chat channel=chat\n"
          "0.000 agent ann max_concurrent_calls=3 channels=voice:100,chat:40\n"
          "0.000 agent ann joins talk\n"
          "0.000 agent ann joins chat\n"
          "0.000 ready ann\n"
          "1.000 call c1 arrives on chat\n",
          "2.000 call k1 arrives on talk\n"
          "2.000   talk refuses k1: no_agents\n"
          "2.000   -> refused no_agents\n"
          "3.000 call c1 hangs up\n"
          "3.000   offer of c1 to ann ends: caller_gone\n"
          "3.000   c1 ends: abandoned by caller\n"
          "4.000 call k2 arrives on talk\n"
          "4.000   k2 enters talk\n"
          "4.000   offer k2 to ann until 19.000\n"
          "4.000   -> offered ann until 19.000\n"
          "5.000 agent ann rejects k2\n"
          "5.000   offer of k2 to ann ends: rejected\n"
          "5.000   offer k2 to ann until 20.000\n"
          "6.000 agent ann leaves talk\n"
          "6.000   ann is no member of talk\n"
          "7.000 call k3 arrives on talk\n"
          "7.000   talk refuses k3: no_agents\n"
          "7.000   -> refused no_agents\n");
}

/* leave_when_empty=available: what rings goes on; what waits leaves when the last one who could
 * have taken a call cannot. It counts who could take any call of the queue, not this one. */
Test(available, leave)
{
    story("0.000 queue night\n"
          "0.000 queue sales leave_when_empty=available on_left_empty=queue:night\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent bob learns spanish level=1\n"
          "0.000 ready ann bob\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   k1 enters sales\n"
          "1.000   offer k1 to ann until 16.000\n"
          "1.000   -> offered ann until 16.000\n"
          "2.000 call k2 arrives on sales plan=spanish\n"
          "2.000   plan 1 of sales opens: spanish\n"
          "2.000   k2 enters sales plan=1\n"
          "2.000   offer k2 to bob until 17.000\n"
          "2.000   -> offered bob until 17.000\n"
          "3.000 call k3 arrives on sales\n" /* who would have to leave does not enter */
          "3.000   sales refuses k3: no_agents\n"
          "3.000   -> refused no_agents\n"
          "4.000 agent ann answers k1\n"
          "4.000   ann talks with k1\n"
          "5.000 agent bob not_ready\n"
          "5.000   bob is not_ready\n"
          "5.000   offer of k2 to bob ends: rescinded\n"
          "5.000 time passes\n"
          "5.000   plan 2 of night opens: spanish\n"
          "5.000   k2 moves from sales to night cause=left_empty plan=2\n");
}

/* A requirement that nobody who is available fulfils: the call waits on as long as there is
 * somebody for others. */
Test(available, waits_while_others_are_there)
{
    story("0.000 queue sales leave_when_empty=available\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent bob learns spanish level=1\n"
          "0.000 ready ann bob\n"
          "1.000 call k1 arrives on sales plan=spanish\n"
          "2.000 agent bob answers k1\n"
          "3.000 call k2 arrives on sales plan=spanish\n",
          "4.000 ? call k2 state position\n"
          "4.000   state=queued position=1\n"
          "5.000 agent ann not_ready\n"
          "5.000   ann is not_ready\n"
          "5.000 time passes\n"
          "5.000   k2 ends: left_empty by system cause=left_empty\n");
}

/* The setting may come and go while agents are available and calls wait. */
Test(available, is_set_while_calls_wait)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n",
          "2.000 queue sales join_empty=available\n"
          "2.000   queue sales is set join_empty=available\n"
          "3.000 call k3 arrives on sales\n"
          "3.000   sales refuses k3: no_agents\n"
          "3.000   -> refused no_agents\n"
          "4.000 queue sales join_empty=always\n"
          "4.000   queue sales is set\n"
          "5.000 call k4 arrives on sales\n"
          "5.000   k4 enters sales\n"
          "5.000   -> queued at 2\n"
          "6.000 queue sales leave_when_empty=available\n"
          "6.000   queue sales is set leave_when_empty=available\n"
          "6.000 time passes\n"
          "6.000   k2 ends: left_empty by system cause=left_empty\n"
          "6.000   k4 ends: left_empty by system cause=left_empty\n");
}
