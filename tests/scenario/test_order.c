#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Who gets whom: the order of agents, the order of calls, and settling. */

/* ---- which agent -------------------------------------------------------------------------- */

/* The agent who has been idle longest gets the call. */
Test(order, longest_idle_first)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready bob\n"
          "0.500 ready ann\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   k1 enters sales\n"
          "1.000   offer k1 to bob until 16.000\n"
          "1.000   -> offered bob until 16.000\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   k2 enters sales\n"
          "2.000   offer k2 to ann until 17.000\n"
          "2.000   -> offered ann until 17.000\n");
}

/* A lower level comes before any idleness. */
Test(order, levels_before_idleness)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann level=2\n"
          "0.000 crew sales bob level=1\n"
          "0.000 ready ann\n"
          "9.000 ready bob\n",
          "10.000 call k1 arrives on sales\n"
          "10.000   k1 enters sales\n"
          "10.000   offer k1 to bob until 25.000\n"
          "10.000   -> offered bob until 25.000\n"
          "11.000 call k2 arrives on sales\n"
          "11.000   k2 enters sales\n"
          "11.000   offer k2 to ann until 26.000\n"
          "11.000   -> offered ann until 26.000\n");
}

/* Of agents idle since the same moment, the one whose event came first is first. */
Test(order, ties_by_sequence)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob cid\n"
          "0.000 ready cid ann bob\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   k1 enters sales\n"
          "1.000   offer k1 to cid until 16.000\n"
          "1.000   -> offered cid until 16.000\n"
          "1.000 call k2 arrives on sales\n"
          "1.000   k2 enters sales\n"
          "1.000   offer k2 to ann until 16.000\n"
          "1.000   -> offered ann until 16.000\n"
          "1.000 call k3 arrives on sales\n"
          "1.000   k3 enters sales\n"
          "1.000   offer k3 to bob until 16.000\n"
          "1.000   -> offered bob until 16.000\n");
}

/* An agent's idleness is one for all its queues: work of one queue makes it last in the other. */
Test(order, idleness_is_shared_by_all_queues)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent ann joins help\n"
          "0.000 ready ann bob\n"
          "1.000 call h1 arrives on help\n"
          "1.000 agent ann answers h1\n"
          "2.000 call h1 hangs up\n",
          "3.000 ? agent ann last_status_change\n"
          "3.000   last_status_change=2.000\n"
          "3.000 call k1 arrives on sales\n"
          "3.000   k1 enters sales\n"
          "3.000   offer k1 to bob until 18.000\n"
          "3.000   -> offered bob until 18.000\n");
}

/* An agent of capacity 2 takes a second call while it talks, and stands where its idleness puts it:
 * an offer and an answer do not move it. */
Test(order, capacity_of_two)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent ann max_concurrent_calls=2\n"
          "0.000 ready ann bob\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   k1 enters sales\n"
          "1.000   offer k1 to ann until 16.000\n"
          "1.000   -> offered ann until 16.000\n"
          "1.000 agent ann answers k1\n"
          "1.000   ann talks with k1\n"
          "2.000 ? agent ann activity available last_status_change\n"
          "2.000   activity=busy available=1 last_status_change=0.000\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   k2 enters sales\n"
          "2.000   offer k2 to ann until 17.000\n"
          "2.000   -> offered ann until 17.000\n"
          "3.000 call k3 arrives on sales\n"
          "3.000   k3 enters sales\n"
          "3.000   offer k3 to bob until 18.000\n"
          "3.000   -> offered bob until 18.000\n"
          "4.000 call k4 arrives on sales\n"
          "4.000   k4 enters sales\n"
          "4.000   -> queued at 1\n"
          "5.000 call k1 hangs up\n"
          "5.000   k1 ends: answered by caller\n"
          "5.000   offer k4 to ann until 20.000\n");
}

/* ---- which call --------------------------------------------------------------------------- */

/* First in, first out. */
Test(order, first_come_first_served)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n"
          "2.000 call k3 arrives on sales\n",
          "3.000 ? line sales\n"
          "3.000   k1 k2 k3\n"
          "3.000 agent ann ready\n"
          "3.000   ann is ready\n"
          "3.000   offer k1 to ann until 18.000\n"
          "4.000 call k1 hangs up\n"
          "4.000   offer of k1 to ann ends: caller_gone\n"
          "4.000   k1 ends: abandoned by caller\n"
          "4.000   offer k2 to ann until 19.000\n");
}

/* A head start counts as time waited already: it overtakes younger calls only, and equal ones come
 * in the order of their arrival. */
Test(order, head_start)
{
    story("0.000 queue sales\n", "1.000 call k1 arrives on sales\n"
                                 "1.000   k1 enters sales\n"
                                 "1.000   -> queued at 1\n"
                                 "5.000 call k2 arrives on sales\n"
                                 "5.000   k2 enters sales\n"
                                 "5.000   -> queued at 2\n"
                                 "7.000 call k3 arrives on sales head_start=2.000001\n"
                                 "7.000   k3 enters sales head_start=2.000001\n"
                                 "7.000   -> queued at 2\n"
                                 "8.000 call k4 arrives on sales head_start=3.000\n"
                                 "8.000   k4 enters sales head_start=3.000\n"
                                 "8.000   -> queued at 4\n"
                                 "9.000 call k5 arrives on sales head_start=86400\n"
                                 "9.000   k5 enters sales head_start=86400.000\n"
                                 "9.000   -> queued at 1\n"
                                 "9.000 ? line sales\n"
                                 "9.000   k5 k1 k3 k2 k4\n"
                                 "9.000 ? call k3 head_start enqueued_at position\n"
                                 "9.000   head_start=2.000001 enqueued_at=7.000 position=3\n");
}

/* The queue of greater weight is served first, strictly: neither level nor age outweighs it. */
Test(order, queue_weight_is_strict)
{
    story("0.000 queue sales\n"
          "0.000 queue gold weight=2\n"
          "0.000 crew sales ann level=1\n"
          "0.000 agent ann joins gold level=9\n"
          "1.000 call k1 arrives on sales\n"
          "8.000 call g1 arrives on gold\n"
          "9.000 call g2 arrives on gold\n",
          "10.000 agent ann ready\n"
          "10.000   ann is ready\n"
          "10.000   offer g1 to ann until 25.000\n"
          "11.000 call g1 hangs up\n"
          "11.000   offer of g1 to ann ends: caller_gone\n"
          "11.000   g1 ends: abandoned by caller\n"
          "11.000   offer g2 to ann until 26.000\n"
          "12.000 call g2 hangs up\n"
          "12.000   offer of g2 to ann ends: caller_gone\n"
          "12.000   g2 ends: abandoned by caller\n"
          "12.000   offer k1 to ann until 27.000\n");
}

/* Of queues of one weight, the one where the agent's level is lower. */
Test(order, level_of_the_agent_before_age)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 crew sales ann level=2\n"
          "0.000 agent ann joins help level=1\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 call h1 arrives on help\n",
          "3.000 agent ann ready\n"
          "3.000   ann is ready\n"
          "3.000   offer h1 to ann until 18.000\n");
}

/* Of queues of one weight and level, the call that has waited longest, head start included. */
Test(order, age_across_queues)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann joins help\n"
          "0.000 agent ann max_concurrent_calls=3\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 call h1 arrives on help head_start=1.000001\n"
          "2.000 call h2 arrives on help head_start=1.000\n",
          "3.000 agent ann ready\n"
          "3.000   ann is ready\n"
          "3.000   offer h1 to ann until 18.000\n"
          "3.000   offer k1 to ann until 18.000\n"
          "3.000   offer h2 to ann until 18.000\n");
}

/* ---- settling ----------------------------------------------------------------------------- */

/* An agent who becomes free offers the call it finds to the member of its queue who is idle
 * longest, which may be somebody else: here bob, who was idle while the call rang at ann. */
Test(order, freed_agent_offers_to_the_longest_idle)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann\n"
          "0.500 call k1 arrives on sales\n"
          "0.600 ready bob\n",
          "1.000 agent ann rejects k1\n"
          "1.000   offer of k1 to ann ends: rejected\n"
          "1.000   offer k1 to bob until 16.000\n"
          "2.000 ? agent ann activity available\n"
          "2.000   activity=idle available=1\n");
}

/* Calls that come back are offered in the order of what the agents would rather have, not in that
 * of their coming back: bob takes the one of the heavier queue, though the other was freed first.
 */
Test(order, freed_call_finds_an_agent_who_prefers_another)
{
    story("0.000 queue sales\n"
          "0.000 queue gold weight=2\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent ann joins gold\n"
          "0.000 agent bob joins gold\n"
          "0.000 agent ann max_concurrent_calls=2\n"
          "0.000 ready ann\n"
          "0.100 call k1 arrives on sales\n"
          "0.200 call g1 arrives on gold\n"
          "0.300 ready bob\n",
          "1.000 agent ann not_ready reason=4\n"
          "1.000   ann is not_ready reason=4\n"
          "1.000   offer of k1 to ann ends: rescinded\n"
          "1.000   offer of g1 to ann ends: rescinded\n"
          "1.000   offer g1 to bob until 16.000\n");
}

/* If an eligible pair exists, an offer exists, whatever made the pair: a membership. */
Test(order, membership_makes_a_pair)
{
    story("0.000 queue sales\n"
          "0.000 agent ann\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n",
          "1.000 agent ann joins sales level=3 position=2\n"
          "1.000   ann is member of sales level=3 position=2\n"
          "1.000   offer k1 to ann until 16.000\n");
}

/* ... or a greater capacity, for as many calls as it takes. */
Test(order, capacity_makes_a_pair)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 call k2 arrives on sales\n"
          "0.000 call k3 arrives on sales\n"
          "0.000 call k4 arrives on sales\n",
          "1.000 agent ann max_concurrent_calls=3\n"
          "1.000   agent ann is set max_concurrent_calls=3\n"
          "1.000   offer k2 to ann until 16.000\n"
          "1.000   offer k3 to ann until 16.000\n"
          "1.000 ? line sales\n"
          "1.000   k4\n");
}

/* ... or an agent made active again. */
Test(order, activation_makes_a_pair)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann active=no\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n",
          "1.000 agent ann active=yes\n"
          "1.000   agent ann is set\n"
          "1.000   offer k1 to ann until 16.000\n");
}

/* A new level changes an agent's place at once; the offers it has stay. */
Test(order, new_level_counts_from_now_on)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann bob\n",
          "1.000 agent ann joins sales level=1\n"
          "1.000   ann is member of sales level=1\n"
          "2.000 call k1 arrives on sales\n"
          "2.000   k1 enters sales\n"
          "2.000   offer k1 to bob until 17.000\n"
          "2.000   -> offered bob until 17.000\n"
          "3.000 agent bob joins sales level=7\n"
          "3.000   bob is member of sales level=7\n"
          "3.000 ? member bob sales level activity\n"
          "3.000   level=7 activity=reserved\n");
}
