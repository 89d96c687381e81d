#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* What becomes of an offer: answered, rejected, too late. Its lease: test_deadline.c. */

/* ann is ready and k1 rings at her from 1.000 until 16.000. */
#define RINGING                                                                                    \
    "0.000 crew sales ann\n"                                                                       \
    "0.000 ready ann\n"                                                                            \
    "1.000 call k1 arrives on sales\n"

/* ---- accept ------------------------------------------------------------------------------- */

/* The agent answers: the call is connected and leaves the waiting ones; the lease is over. */
Test(offer, answered)
{
    story("0.000 queue sales\n" RINGING,
          "4.000 agent ann answers k1\n"
          "4.000   ann talks with k1\n"
          "4.000 ? outcome\n"
          "4.000   call=k1 assignment=k1@ann agent=ann queue=sales\n"
          "4.000 ? call k1 state answered_at agent until offers\n"
          "4.000   state=connected answered_at=4.000 agent=ann until=never offers=1\n"
          "4.000 ? agent ann activity connected offered calls_today last_status_change\n"
          "4.000   activity=busy connected=1 offered=0 calls_today=1 last_status_change=0.000\n"
          "4.000 ? queue sales waiting ringing connected\n"
          "4.000   waiting=0 ringing=0 connected=1\n"
          "99.000 ? deadline\n"
          "99.000   800.000\n");
}

/* The gateway's own time of the answer is held between the offer and now. */
Test(offer, answer_is_clamped)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=3\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n"
          "1.000 call k3 arrives on sales\n",
          "4.000 agent ann answers k1 happened_at=0.500\n"
          "4.000   ann talks with k1 answered_at=1.000\n"
          "4.000 agent ann answers k2 happened_at=3.250\n"
          "4.000   ann talks with k2 answered_at=3.250\n"
          "4.000 agent ann answers k3 happened_at=4.001\n"
          "4.000   ann talks with k3\n");
}

/* An answer that is told twice is the same answer. */
Test(offer, answered_twice)
{
    story("0.000 queue sales\n" RINGING "2.000 agent ann answers k1\n",
          "3.000 agent ann answers k1\n"
          "3.000   -> repeated\n"
          "3.000 ? outcome\n"
          "3.000   repeated call=k1 assignment=k1@ann agent=ann queue=sales\n");
}

/* An answer that comes after the lease is LOST, even at the very moment it runs out; so is one
 * after the offer was rejected or rescinded. */
Test(offer, late_answer_is_lost)
{
    story("0.000 queue sales no_answer_delay=60 reject_delay=60\n" RINGING,
          "16.000 agent ann answers k1\n"
          "16.000   offer of k1 to ann ends: no_answer delay_until=76.000\n"
          "16.000   -> LOST at assignment\n"
          "76.000   ann is delayed no more\n"
          "76.000   offer k1 to ann until 91.000\n"
          "77.000 agent ann rejects k1\n"
          "77.000   offer of k1 to ann ends: rejected delay_until=137.000\n"
          "77.000 agent ann answers k1\n"
          "77.000   -> LOST at assignment\n"
          "137.000   ann is delayed no more\n"
          "137.000   offer k1 to ann until 152.000\n"
          "138.000 agent ann not_ready\n"
          "138.000   ann is not_ready\n"
          "138.000   offer of k1 to ann ends: rescinded\n"
          "139.000 agent ann answers k1\n"
          "139.000   -> LOST at assignment\n");
}

/* When two agents answer in turn, the one whose offer is over has LOST, and the call talks with the
 * other. */
Test(offer, answered_by_the_wrong_agent)
{
    story("0.000 queue sales\n" RINGING "1.000 crew sales bob\n"
          "1.000 ready bob\n",
          "2.000 agent ann rejects k1 result=busy\n"
          "2.000   offer of k1 to ann ends: busy\n"
          "2.000   offer k1 to bob until 17.000\n"
          "3.000 agent ann answers k1\n"
          "3.000   -> LOST at assignment\n"
          "3.000 agent bob answers k1\n"
          "3.000   bob talks with k1\n");
}

/* The assignment must be given, and be there; in wrap-up its call is over. */
Test(offer, answer_faults)
{
    story("0.000 queue sales wrap_up_time=30\n" RINGING "2.000 agent ann answers k1\n"
          "3.000 call k1 hangs up\n",
          "4.000 accept\n"
          "4.000   -> MISSING at assignment\n"
          "4.000 accept assignment=stranger\n"
          "4.000   -> LOST at assignment\n"
          "4.000 agent ann answers k1\n"
          "4.000   -> GONE at assignment\n");
}

/* ---- reject ------------------------------------------------------------------------------- */

/* A rejected call goes back to its place, before those that came after it, and counts as waiting
 * all the time. */
Test(offer, rejected_call_goes_back_to_its_place)
{
    story("0.000 queue sales reject_delay=30\n" RINGING "2.000 call k2 arrives on sales\n",
          "3.000 agent ann rejects k1\n"
          "3.000   offer of k1 to ann ends: rejected delay_until=33.000\n"
          "3.000 ? outcome\n"
          "3.000   call=k1 assignment=k1@ann agent=ann queue=sales\n"
          "3.000 ? line sales\n"
          "3.000   k1 k2\n"
          "3.000 ? call k1 state position enqueued_at offers assignment\n"
          "3.000   state=queued position=1 enqueued_at=1.000 offers=1 assignment=nobody\n");
}

/* Rejecting moves last_status_change: the agent goes to the end of those who are idle. */
Test(offer, rejected_moves_last_status_change)
{
    story("0.000 queue sales\n" RINGING "1.500 crew sales bob\n"
          "1.500 ready bob\n",
          "3.000 agent ann rejects k1\n"
          "3.000   offer of k1 to ann ends: rejected\n"
          "3.000   offer k1 to bob until 18.000\n"
          "3.000 ? agent ann last_status_change activity\n"
          "3.000   last_status_change=3.000 activity=idle\n"
          "4.000 agent bob rejects k1\n"
          "4.000   offer of k1 to bob ends: rejected\n"
          "4.000   offer k1 to ann until 19.000\n");
}

/* Rescinding leaves it alone: it was no fault of the agent. An agent made inactive and active again
 * is still the one idle longest. */
Test(offer, rescinded_leaves_last_status_change_alone)
{
    story("0.000 queue sales\n" RINGING "2.000 crew sales bob\n"
          "2.000 ready bob\n",
          "3.000 agent ann active=no\n"
          "3.000   agent ann is set active=no\n"
          "3.000   offer of k1 to ann ends: rescinded\n"
          "3.000   offer k1 to bob until 18.000\n"
          "4.000 agent ann active=yes\n"
          "4.000   agent ann is set\n"
          "4.000 ? agent ann last_status_change activity\n"
          "4.000   last_status_change=0.000 activity=idle\n");
}

/* Alone and without a delay, the agent is offered the same call again at once.
 */
Test(offer, rejected_without_delay_comes_again)
{
    story("0.000 queue sales\n" RINGING, "2.000 agent ann rejects k1\n"
                                         "2.000   offer of k1 to ann ends: rejected\n"
                                         "2.000   offer k1 to ann until 17.000\n"
                                         "2.000 ? call k1 offers\n"
                                         "2.000   offers=2\n");
}

/* Each result has its own delay; the agent is offered nothing until it is over, and stays ready. */
Test(offer, delays_by_result)
{
    story("0.000 queue sales reject_delay=10 busy_delay=20 no_answer_delay=30\n" RINGING,
          "2.000 agent ann rejects k1 result=rejected\n"
          "2.000   offer of k1 to ann ends: rejected delay_until=12.000\n"
          "3.000 ? agent ann activity available state delay_until\n"
          "3.000   activity=delayed available=0 state=ready delay_until=12.000\n"
          "12.000   ann is delayed no more\n"
          "12.000   offer k1 to ann until 27.000\n"
          "13.000 agent ann rejects k1 result=busy\n"
          "13.000   offer of k1 to ann ends: busy delay_until=33.000\n"
          "33.000   ann is delayed no more\n"
          "33.000   offer k1 to ann until 48.000\n"
          "34.000 agent ann rejects k1 result=no_answer\n"
          "34.000   offer of k1 to ann ends: no_answer delay_until=64.000\n"
          "34.000 ? queue sales offers no_answers\n"
          "34.000   offers=3 no_answers=1\n"
          "64.000 time passes\n"
          "64.000   ann is delayed no more\n"
          "64.000   offer k1 to ann until 79.000\n"
          "64.000 ? agent ann delay_until last_status_change\n"
          "64.000   delay_until=never last_status_change=34.000\n");
}

/* Of two delays the later one holds, whichever came first. */
Test(offer, later_delay_holds)
{
    story("0.000 queue sales reject_delay=30 busy_delay=10\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=2\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n",
          "2.000 agent ann rejects k1\n"
          "2.000   offer of k1 to ann ends: rejected delay_until=32.000\n"
          "3.000 agent ann rejects k2 result=busy\n"
          "3.000   offer of k2 to ann ends: busy delay_until=13.000\n"
          "3.000 ? agent ann delay_until\n"
          "3.000   delay_until=32.000\n"
          "32.000   ann is delayed no more\n"
          "32.000   offer k1 to ann until 47.000\n"
          "32.000   offer k2 to ann until 47.000\n"
          "33.000 agent ann rejects k1 result=busy\n"
          "33.000   offer of k1 to ann ends: busy delay_until=43.000\n"
          "34.000 agent ann rejects k2\n"
          "34.000   offer of k2 to ann ends: rejected delay_until=64.000\n"
          "64.000 time passes\n"
          "64.000   ann is delayed no more\n"
          "64.000   offer k1 to ann until 79.000\n"
          "64.000   offer k2 to ann until 79.000\n");
}

/* The delay binds the agent in all its queues, and outlives a change of state.
 */
Test(offer, delay_binds_the_agent)
{
    story("0.000 queue sales reject_delay=10\n"
          "0.000 queue help\n" RINGING "1.000 agent ann joins help\n",
          "2.000 agent ann rejects k1\n"
          "2.000   offer of k1 to ann ends: rejected delay_until=12.000\n"
          "3.000 call h1 arrives on help\n"
          "3.000   h1 enters help\n"
          "3.000   -> queued at 1\n"
          "4.000 agent ann not_ready\n"
          "4.000   ann is not_ready\n"
          "5.000 agent ann ready\n"
          "5.000   ann is ready\n"
          "5.000 ? agent ann activity\n"
          "5.000   activity=delayed\n"
          "12.000 time passes\n"
          "12.000   ann is delayed no more\n"
          "12.000   offer k1 to ann until 27.000\n");
}

/* Only an offer that rings can be rejected, and only as rejected, busy or no_answer. */
Test(offer, reject_faults)
{
    story("0.000 queue sales wrap_up_time=30\n" RINGING,
          "2.000 reject\n"
          "2.000   -> MISSING at assignment\n"
          "2.000 reject assignment=stranger result=9\n"
          "2.000   -> LOST at assignment\n"
          "2.000 agent ann rejects k1 result=accepted\n"
          "2.000   -> INVALID at result\n"
          "2.000 agent ann rejects k1 result=rescinded\n"
          "2.000   -> INVALID at result\n"
          "2.000 agent ann rejects k1 result=caller_gone\n"
          "2.000   -> INVALID at result\n"
          "2.000 agent ann rejects k1 result=9\n"
          "2.000   -> INVALID at result\n"
          "3.000 agent ann answers k1\n"
          "3.000   ann talks with k1\n"
          "3.000 agent ann rejects k1\n"
          "3.000   -> STATE at assignment\n"
          "4.000 call k1 hangs up\n"
          "4.000   k1 ends: answered by caller wrap_up_until=34.000\n"
          "4.000 agent ann rejects k1\n"
          "4.000   -> STATE at assignment\n"
          "34.000   ann is done with k1@ann\n"
          "35.000 agent ann rejects k1\n"
          "35.000   -> LOST at assignment\n");
}

/* ---- unanswered in a row ------------------------------------------------------------------ */

/* So many unanswered offers in a row make the agent not_ready, for the queue's reason; rejected
 * ones do not count, nor break the row. */
Test(offer, max_no_answer_makes_not_ready)
{
    story("0.000 queue sales max_no_answer=2 no_answer_reason=77\n" RINGING,
          "16.000   offer of k1 to ann ends: no_answer\n"
          "16.000   offer k1 to ann until 31.000\n"
          "20.000 ? agent ann no_answers state\n"
          "20.000   no_answers=1 state=ready\n"
          "20.000 agent ann rejects k1\n"
          "20.000   offer of k1 to ann ends: rejected\n"
          "20.000   offer k1 to ann until 35.000\n"
          "35.000 time passes\n"
          "35.000   offer of k1 to ann ends: no_answer\n"
          "35.000   ann is not_ready reason=77\n"
          "35.000 ? agent ann activity reason no_answers last_status_change\n"
          "35.000   activity=not_ready reason=77 no_answers=0 last_status_change=35.000\n"
          "35.000 ? line sales\n"
          "35.000   k1\n");
}

/* A no_answer told by the gateway counts as one whose lease ran out. */
Test(offer, max_no_answer_by_reject)
{
    story("0.000 queue sales max_no_answer=1 no_answer_reason=5 no_answer_delay=10\n" RINGING,
          "2.000 agent ann rejects k1 result=no_answer\n"
          "2.000   offer of k1 to ann ends: no_answer delay_until=12.000\n"
          "2.000   ann is not_ready reason=5\n"
          "12.000 time passes\n"
          "12.000   ann is delayed no more\n");
}

/* The agent's other offers are rescinded, oldest first, as when it leaves ready itself. */
Test(offer, max_no_answer_rescinds_the_others)
{
    story("0.000 queue sales max_no_answer=1\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent ann max_concurrent_calls=3\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 call k2 arrives on sales\n"
          "2.500 agent ann answers k2\n"
          "3.000 call k3 arrives on sales\n"
          "4.000 ready bob\n",
          "16.000 time passes\n"
          "16.000   offer of k1 to ann ends: no_answer\n"
          "16.000   ann is not_ready\n"
          "16.000   offer of k3 to ann ends: rescinded\n"
          "16.000   offer k1 to bob until 31.000\n"
          "16.000 ? line sales\n"
          "16.000   k3\n"
          "16.000 ? agent ann activity connected offered\n"
          "16.000   activity=busy connected=1 offered=0\n");
}

/* Answering a call ends the row. */
Test(offer, answer_ends_the_row)
{
    story("0.000 queue sales max_no_answer=2\n" RINGING,
          "16.000   offer of k1 to ann ends: no_answer\n"
          "16.000   offer k1 to ann until 31.000\n"
          "17.000 agent ann answers k1\n"
          "17.000   ann talks with k1\n"
          "18.000 call k1 hangs up side=agent\n"
          "18.000   k1 ends: answered by agent\n"
          "20.000 call k2 arrives on sales\n"
          "20.000   k2 enters sales\n"
          "20.000   offer k2 to ann until 35.000\n"
          "20.000   -> offered ann until 35.000\n"
          "35.000 time passes\n"
          "35.000   offer of k2 to ann ends: no_answer\n"
          "35.000   offer k2 to ann until 50.000\n"
          "35.000 ? agent ann no_answers\n"
          "35.000   no_answers=1\n");
}

/* So does any word of the agent about its state, but not the same word again.
 */
Test(offer, state_ends_the_row)
{
    story("0.000 queue sales max_no_answer=2\n" RINGING,
          "16.000   offer of k1 to ann ends: no_answer\n"
          "16.000   offer k1 to ann until 31.000\n"
          "17.000 agent ann ready\n"
          "17.000 ? agent ann no_answers\n"
          "17.000   no_answers=1\n"
          "18.000 agent ann not_ready\n"
          "18.000   ann is not_ready\n"
          "18.000   offer of k1 to ann ends: rescinded\n"
          "18.000 ? agent ann no_answers\n"
          "18.000   no_answers=0\n");
}

/* Each queue has its own limit: the row is the agent's, whatever queues it was in. */
Test(offer, row_goes_across_queues)
{
    story("0.000 queue sales\n"
          "0.000 queue help max_no_answer=2\n" RINGING "1.000 agent ann joins help\n",
          "16.000   offer of k1 to ann ends: no_answer\n"
          "16.000   offer k1 to ann until 31.000\n"
          "17.000 call k1 hangs up\n"
          "17.000   offer of k1 to ann ends: caller_gone\n"
          "17.000   k1 ends: abandoned by caller\n"
          "17.000 call h1 arrives on help\n"
          "17.000   h1 enters help\n"
          "17.000   offer h1 to ann until 32.000\n"
          "17.000   -> offered ann until 32.000\n"
          "32.000 time passes\n"
          "32.000   offer of h1 to ann ends: no_answer\n"
          "32.000   ann is not_ready\n");
}
