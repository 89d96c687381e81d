#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Calls that ring at many: ring-all and ring-progressively. */

/* All who are there ring at once, by position; the first to answer has the call, the others are
 * told so in the same commit and keep their idleness. */
Test(ring, all_at_once_and_the_first_to_answer_wins)
{
    story(
        "0.000 client gw1 opens\n"
        "0.000 queue sales strategy=ring-all\n"
        "0.000 crew sales ann position=3\n"
        "0.000 crew sales bob position=1\n"
        "0.000 crew sales cid position=2 level=1\n"
        "0.000 ready ann bob cid\n",
        "1.000 gw1: call k1 arrives on sales\n"
        "1.000   gw1/k1 enters sales\n"
        "1.000   offer gw1/k1 to bob until 16.000 told\n"
        "1.000   gw1/k1 asks for more\n"
        "1.000   offer gw1/k1 to ann until 16.000\n"
        "1.000   offer gw1/k1 to cid until 16.000\n"
        "1.000   -> offered bob until 16.000\n"
        "2.000 gw1: agent cid answers gw1/k1\n"
        "2.000   offer of gw1/k1 to bob ends: answered_elsewhere\n"
        "2.000   offer of gw1/k1 to ann ends: answered_elsewhere\n"
        "2.000   cid talks with gw1/k1\n"
        "3.000 ? outbox gw1\n"
        "3.000   1 at 1.000: offered gw1/k1 queue=sales agent=ann until=16.000\n"
        "3.000   2 at 1.000: offered gw1/k1 queue=sales agent=cid until=16.000\n"
        "3.000   3 at 2.000: offer_ended gw1/k1 queue=sales agent=bob result=answered_elsewhere\n"
        "3.000   4 at 2.000: offer_ended gw1/k1 queue=sales agent=ann result=answered_elsewhere\n");
}

/* Two agents answer the same call in the same moment: one has it, the other is told that it came
 * too late, and there is no second talk. */
Test(ring, pain_05_two_agents_answer_the_same_call)
{
    story("0.000 queue sales strategy=ringall\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann bob\n"
          "1.000 call k1 arrives on sales\n",
          "2.000 agent bob answers k1\n"
          "2.000   offer of k1 to ann ends: answered_elsewhere\n"
          "2.000   bob talks with k1\n"
          "2.000 agent ann answers k1\n"
          "2.000   -> LOST at assignment\n"
          "2.000 agent bob answers k1\n"
          "2.000   -> repeated\n"
          "3.000 ? agent ann activity last_status_change\n"
          "3.000   activity=idle last_status_change=0.000\n");
}

/* Who declines or does not answer leaves the others ringing; the call is queued again only when
 * nobody rings any more. */
Test(ring, rejection_by_one_leaves_the_others)
{
    story("0.000 queue sales strategy=ring-all reject_delay=60.000 no_answer_delay=60.000\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann bob\n"
          "1.000 call k1 arrives on sales\n",
          "2.000 agent ann rejects k1\n"
          "2.000   offer of k1 to ann ends: rejected delay_until=62.000\n"
          "3.000 ? call k1 state offers\n"
          "3.000   state=offered offers=2\n"
          "16.000 time passes\n"
          "16.000   offer of k1 to bob ends: no_answer delay_until=76.000\n"
          "17.000 ? call k1 state position\n"
          "17.000   state=queued position=1\n");
}

/* Who becomes available while it rings joins in; a later call waits until the first has been
 * answered, and then rings at all who were let go. */
Test(ring, who_becomes_available_joins_in)
{
    story("0.000 queue sales strategy=ring-all\n"
          "0.000 crew sales ann bob cid\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "1.500 call k2 arrives on sales\n",
          "2.000 agent bob ready\n"
          "2.000   bob is ready\n"
          "2.000   offer k1 to bob until 17.000\n"
          "3.000 agent ann answers k1\n"
          "3.000   offer of k1 to bob ends: answered_elsewhere\n"
          "3.000   ann talks with k1\n"
          "3.000   offer k2 to bob until 18.000\n"
          "3.000   k2 asks for more\n"
          "4.000 agent cid ready\n"
          "4.000   cid is ready\n"
          "4.000   offer k2 to cid until 19.000\n");
}

/* The caller hangs up: all that rings is cancelled in the same commit. */
Test(ring, a_hang_up_cancels_all)
{
    story("0.000 queue sales strategy=ring-all\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann bob\n"
          "1.000 call k1 arrives on sales\n",
          "2.000 call k1 hangs up\n"
          "2.000   offer of k1 to ann ends: caller_gone\n"
          "2.000   offer of k1 to bob ends: caller_gone\n"
          "2.000   k1 ends: abandoned by caller\n");
}

/* An agent that could take two calls rings for one of ring-all alone, so no call rings twice at it;
 * when it talks it may be asked for the second. */
Test(ring, a_phone_that_rings_for_all_rings_for_nothing_else)
{
    story("0.000 queue sales strategy=ring-all\n"
          "0.000 queue help\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=2\n"
          "0.000 agent ann joins help\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n",
          "2.000 call h1 arrives on help\n"
          "2.000   h1 enters help\n"
          "2.000   -> queued at 1\n"
          "3.000 agent ann answers k1\n"
          "3.000   ann talks with k1\n"
          "3.000   offer h1 to ann until 18.000\n");
}

/* Rejected and asked again for ever, a call would never be queued: max_wait counts while it rings.
 */
Test(ring, max_wait_ends_a_ring)
{
    story("0.000 queue sales strategy=ring-all max_wait=10.000\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann bob\n"
          "1.000 call k1 arrives on sales\n",
          "11.000 time passes\n"
          "11.000   offer of k1 to ann ends: rescinded\n"
          "11.000   offer of k1 to bob ends: rescinded\n"
          "11.000   k1 ends: timed_out by system\n");
}

/* One, and one more after each delay, whoever of them rings still. */
Test(ring, progressively)
{
    story("0.000 queue sales strategy=ring-progressively ring_progressively_delay=5.000\n"
          "0.000 crew sales ann position=2\n"
          "0.000 crew sales bob position=1\n"
          "0.000 crew sales cid position=3\n"
          "0.000 ready ann bob\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   k1 enters sales\n"
          "1.000   offer k1 to bob until 16.000\n"
          "1.000   k1 asks for one more at 6.000\n"
          "1.000   -> offered bob until 16.000\n"
          "6.000 time passes\n"
          "6.000   k1 asks for more\n"
          "6.000   offer k1 to ann until 21.000\n"
          "6.000   k1 asks for one more at 11.000\n"
          "11.000 time passes\n"
          "11.000   k1 asks for more\n"
          "12.000 agent cid ready\n"
          "12.000   cid is ready\n"
          "12.000   offer k1 to cid until 27.000\n"
          "12.000   k1 asks for one more at 17.000\n"
          "13.000 agent ann answers k1\n"
          "13.000   offer of k1 to bob ends: answered_elsewhere\n"
          "13.000   offer of k1 to cid ends: answered_elsewhere\n"
          "13.000   ann talks with k1\n");
}

/* At most forty phones ring at a time; for each that stops another begins. What one answer frees is
 * settled at once: the next call rings at as many. */
Test(ring, at_most_forty_at_a_time)
{
    struct world *w = world_open();

    world_given(w, "0.000 queue sales strategy=ring-all reject_delay=60.000\n");
    world_many(w, 1, 45, "0.000 crew sales a%\n");
    world_many(w, 1, 45, "0.000 agent a% ready\n");
    world_given(w, "1.000 call k1 arrives on sales\n"
                   "1.000 call k2 arrives on sales\n");
    world_says(w, "2.000 ? call k1 offers\n"
                  "2.000   offers=40\n"
                  "2.000 ? call k2 offers\n"
                  "2.000   offers=5\n"
                  "3.000 agent a1 rejects k1\n"
                  "3.000   offer of k1 to a1 ends: rejected delay_until=63.000\n"
                  "4.000 agent a41 rejects k2\n"
                  "4.000   offer of k2 to a41 ends: rejected delay_until=64.000\n"
                  "5.000 ? call k1 offers\n"
                  "5.000   offers=40\n");
    world_given(w, "6.000 agent a2 answers k1\n");
    world_says(w, "7.000 ? call k2 offers\n"
                  "7.000   offers=41\n");
    world_close(w);
}

/* Slow or uneven distribution: nobody polls, so whoever is there gets what waits in the very moment
 * of coming, and round-robin lets each have its turn. */
Test(strategy, pain_13_uneven_or_slow_distribution)
{
    story("0.000 queue sales strategy=round-robin\n"
          "0.000 crew sales ann position=1\n"
          "0.000 crew sales bob position=2\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 call k2 arrives on sales\n"
          "0.000 call k3 arrives on sales\n",
          "1.000 agent bob ready\n"
          "1.000   bob is ready\n"
          "1.000   offer k1 to bob until 16.000\n"
          "1.000 agent ann ready\n"
          "1.000   ann is ready\n"
          "1.000   offer k2 to ann until 16.000\n"
          "2.000 agent ann answers k2\n"
          "2.000   ann talks with k2\n"
          "2.000 agent bob answers k1\n"
          "2.000   bob talks with k1\n"
          "3.000 call k2 hangs up\n"
          "3.000   k2 ends: answered by caller\n"
          "3.000   offer k3 to ann until 18.000\n"
          "4.000 call k1 hangs up\n"
          "4.000   k1 ends: answered by caller\n"
          "5.000 call k4 arrives on sales\n"
          "5.000   k4 enters sales\n"
          "5.000   offer k4 to bob until 20.000\n"
          "5.000   -> offered bob until 20.000\n");
}
