#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Supervisors set things right: agents are freed and drained, queues drained, calls moved. */

/* ---- agent_free --------------------------------------------------------------------------- */

/* An agent stuck in everything there is to be stuck in is back at work with one command, and what
 * waited rings at her in the same commit. No restart was needed. */
Test(force, pain_01_a_stuck_agent_is_freed)
{
    story("0.000 client gw1 opens\n"
          "0.000 queue sales wrap_up_time=forever reject_delay=3600\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=4\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 agent ann answers k1\n"
          "0.000 call k1 hangs up\n"
          "0.000 gw1: call k2 arrives on sales\n"
          "0.000 agent ann answers gw1/k2\n"
          "0.000 call k3 arrives on sales\n"
          "0.000 call k4 arrives on sales\n"
          "0.000 agent ann rejects k3\n",
          "1.000 ? agent ann activity available offered connected wrap_up delay_until\n"
          "1.000   activity=busy available=0 offered=1 connected=1 wrap_up=1 delay_until=3600.000\n"
          "2.000 agent ann is freed\n"
          "2.000   ann is freed\n"
          "2.000   ann is done with k1@ann\n"
          "2.000   gw1/k2 ends: answered by system\n"
          "2.000   offer of k4 to ann ends: rescinded\n"
          "2.000   ann is ready\n"
          "2.000   offer k3 to ann until 17.000\n"
          "2.000   offer k4 to ann until 17.000\n"
          "2.000 ? outbox gw1\n"
          "2.000   1 at 2.000: call_ended gw1/k2 queue=sales disposition=answered\n"
          "3.000 ? agent ann activity offered connected wrap_up delay_until no_answers\n"
          "3.000   activity=reserved offered=2 connected=0 wrap_up=0 delay_until=never "
          "no_answers=0\n");
}

/* The state is as asked; whoever asked is told in the event. */
Test(force, freed_into_another_state)
{
    story("0.000 client desk opens kind=operator\n"
          "0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann bob\n"
          "0.000 call k1 arrives on sales\n",
          "1.000 desk: agent ann is freed state=not_ready reason=7\n"
          "1.000   ann is freed by=desk\n"
          "1.000   offer of k1 to ann ends: rescinded\n"
          "1.000   ann is not_ready reason=7\n"
          "1.000   offer k1 to bob until 16.000\n"
          "2.000 agent bob answers k1\n"
          "2.000   bob talks with k1\n"
          "3.000 desk: agent bob is freed state=logged_out reason=7\n"
          "3.000   bob is freed by=desk\n"
          "3.000   k1 ends: answered by system\n"
          "3.000   bob is logged_out\n");
}

Test(force, free_faults)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n",
          "1.000 agent_free\n"
          "1.000   -> MISSING at name\n"
          "1.000 agent bob is freed\n"
          "1.000   -> NOT_FOUND at name\n"
          "1.000 agent ann is freed state=9\n"
          "1.000   -> INVALID at state\n");
}

/* ---- agent_drain -------------------------------------------------------------------------- */

/* What the agent has goes on, what rings included; with the last of it she logs out by herself. */
Test(force, agent_finishes_and_logs_out)
{
    story("0.000 queue sales wrap_up_time=10 join_empty=ready\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=2\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 agent ann answers k1\n"
          "0.000 call k2 arrives on sales\n"
          "0.000 call k3 arrives on sales\n",
          "1.000 agent ann drains\n"
          "1.000   ann drains to logged_out\n"
          "1.000 ? agent ann state drain offered connected activity\n"
          "1.000   state=not_ready drain=logged_out offered=1 connected=1 activity=busy\n"
          "2.000 call k4 arrives on sales\n"
          "2.000   sales refuses k4: no_agents\n"
          "2.000   -> refused no_agents\n"
          "3.000 agent ann answers k2\n"
          "3.000   ann talks with k2\n"
          "4.000 call k1 hangs up\n"
          "4.000   k1 ends: answered by caller wrap_up_until=14.000\n"
          "5.000 call k2 hangs up\n"
          "5.000   k2 ends: answered by caller wrap_up_until=15.000\n"
          "14.000   ann is done with k1@ann\n"
          "15.000   ann is done with k2@ann\n"
          "15.000   ann is logged_out\n"
          "16.000 ? agent ann state\n"
          "16.000   state=logged_out\n");
}

/* A drained agent who does not answer is done; the call goes to somebody else. */
Test(force, drained_agent_does_not_answer)
{
    story("0.000 queue sales max_no_answer=1\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n",
          "1.000 agent ann drains state=not_ready reason=3\n"
          "1.000   ann drains to not_ready reason=3\n"
          "2.000 agent bob ready\n"
          "2.000   bob is ready\n"
          "15.000   offer of k1 to ann ends: no_answer\n"
          "15.000   ann is not_ready reason=3\n"
          "15.000   offer k1 to bob until 30.000\n"
          "16.000 time passes\n");
}

/* Without work it is a change of state; what she says herself ends the draining. */
Test(force, drained_without_work_and_back)
{
    story("0.000 client desk opens kind=operator\n"
          "0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n",
          "1.000 agent ann drains reason=3\n"
          "1.000   ann is logged_out\n"
          "1.000 agent ann drains\n"
          "2.000 agent ann ready\n"
          "2.000   ann is ready\n"
          "2.000 call k1 arrives on sales\n"
          "2.000   k1 enters sales\n"
          "2.000   offer k1 to ann until 17.000\n"
          "2.000   -> offered ann until 17.000\n"
          "3.000 agent ann answers k1\n"
          "3.000   ann talks with k1\n"
          "4.000 desk: agent ann drains reason=3\n"
          "4.000   ann drains to logged_out reason=3 by=desk\n"
          "5.000 agent ann logged_out\n"
          "5.000   -> STATE at state\n"
          "6.000 agent ann not_ready reason=3\n"
          "6.000   ann is not_ready reason=3\n"
          "7.000 call k1 hangs up\n"
          "7.000   k1 ends: answered by caller\n"
          "7.000 ? agent ann state\n"
          "7.000   state=not_ready\n");
}

Test(force, drain_faults)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n",
          "1.000 agent ann drains state=ready\n"
          "1.000   -> INVALID at state\n"
          "1.000 agent bob drains\n"
          "1.000   -> NOT_FOUND at name\n");
}

/* ---- queue_drain -------------------------------------------------------------------------- */

/* The callers move on in slices, the queue is closed and stays, with its members. */
Test(force, queue_is_drained)
{
    story("0.000 client desk opens kind=operator\n"
          "0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 call k2 arrives on sales\n",
          "1.000 desk: queue sales drains policy=move target_name=help\n"
          "1.000   queue sales drains, move target=help by=desk\n"
          "1.000   k2 moves from sales to help\n"
          "1.500 ? queue sales state ringing\n"
          "1.500   state=draining ringing=1\n"
          "2.000 call k3 arrives on sales\n"
          "2.000   sales refuses k3: closed\n"
          "2.000   -> refused closed\n"
          "3.000 agent ann answers k1\n"
          "3.000   ann talks with k1\n"
          "3.000   queue sales is drained\n"
          "4.000 ? queue sales state connected members\n"
          "4.000   state=closed connected=1 members=1\n"
          "5.000 queue sales state=open\n"
          "5.000   queue sales is set\n");
}

/* Withdrawn; and a queue without callers is closed at once. */
Test(force, queue_is_drained_of_callers_who_are_withdrawn)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 call k1 arrives on sales\n",
          "1.000 queue sales drains policy=withdraw\n"
          "1.000   queue sales drains, withdraw\n"
          "1.000   k1 ends: withdrawn by system\n"
          "1.000   queue sales is drained\n"
          "2.000 queue help drains policy=move target_name=sales\n"
          "2.000   queue help drains, move target=sales\n"
          "2.000   queue help is drained\n"
          "3.000 ? queue help state\n"
          "3.000   state=closed\n");
}

/* Setting the queue's state ends the draining; the rest of its settings leaves it. It can be
 * removed meanwhile. */
Test(force, draining_ends_early)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n",
          "1.000 queue sales drains policy=withdraw\n"
          "1.000   queue sales drains, withdraw\n"
          "2.000 queue sales weight=3\n"
          "2.000   queue sales is set state=draining weight=3\n"
          "3.000 queue sales state=open\n"
          "3.000   queue sales is set weight=3\n"
          "4.000 agent ann not_ready\n"
          "4.000   ann is not_ready\n"
          "4.000   offer of k1 to ann ends: rescinded\n"
          "5.000 ? line sales\n"
          "5.000   k1\n"
          "6.000 host sleeps\n"
          "6.000 queue sales drains policy=withdraw\n"
          "6.000   queue sales drains, withdraw\n"
          "6.000 queue sales drains policy=move target_name=help\n"
          "6.000   queue sales drains, move target=help\n"
          "7.000 queue sales goes policy=withdraw\n"
          "7.000   queue sales is going, withdraw\n"
          "7.000 queue sales drains policy=withdraw\n"
          "7.000   -> STATE at name\n"
          "8.000 host wakes\n"
          "8.000   k1 ends: withdrawn by system\n"
          "8.000   queue sales is gone\n");
}

/* Two queues do not send callers to and fro. */
Test(force, drained_queues_are_no_targets)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 queue desk\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 call h1 arrives on help\n",
          "1.000 host sleeps\n"
          "1.000 queue sales drains policy=move target_name=help\n"
          "1.000   queue sales drains, move target=help\n"
          "2.000 queue help drains policy=move target_name=sales\n"
          "2.000   -> STATE at target_name\n"
          "2.000 queue desk goes policy=move target_name=sales\n"
          "2.000   -> STATE at target_name\n"
          "3.000 queue help drains policy=withdraw\n"
          "3.000   queue help drains, withdraw\n"
          "4.000 host wakes\n"
          "4.000   k1 ends: withdrawn by system\n"
          "4.000   queue sales is drained\n"
          "4.000   h1 ends: withdrawn by system\n"
          "4.000   queue help is drained\n");
}

Test(force, queue_drain_faults)
{
    story("0.000 queue sales\n", "1.000 queue sales drains\n"
                                 "1.000   -> MISSING at policy\n"
                                 "1.000 queue sales drains policy=if_empty\n"
                                 "1.000   -> INVALID at policy\n"
                                 "1.000 queue sales drains policy=move\n"
                                 "1.000   -> MISSING at target_name\n"
                                 "1.000 queue sales drains policy=move target_name=sales\n"
                                 "1.000   -> INVALID at target_name\n"
                                 "1.000 queue help drains policy=withdraw\n"
                                 "1.000   -> NOT_FOUND at name\n"
                                 "1.000 queue sales state=draining\n"
                                 "1.000   -> INVALID at state\n");
}

/* ---- call_move ---------------------------------------------------------------------------- */

/* The call keeps its place in time, its max_wait begins anew, and its gateway is told. */
Test(force, call_is_moved)
{
    story("0.000 client gw1 opens\n"
          "0.000 client desk opens kind=operator\n"
          "0.000 queue sales\n"
          "0.000 queue help max_wait=60\n"
          "0.000 gw1: call k1 arrives on sales\n"
          "1.000 call h1 arrives on help\n",
          "2.000 desk: call gw1/k1 moves to help\n"
          "2.000   gw1/k1 moves from sales to help until=62.000 by=desk\n"
          "2.000 ? outcome\n"
          "2.000   call=gw1/k1 queue=help\n"
          "2.000 ? line help\n"
          "2.000   gw1/k1 h1\n"
          "2.000 ? outbox gw1\n"
          "2.000   1 at 2.000: call_moved gw1/k1 queue=help\n"
          "2.000 ? queue sales entered overflowed waiting\n"
          "2.000   entered=1 overflowed=1 waiting=0\n");
}

/* What rings is taken back first; it may ring again at once in the other queue. */
Test(force, ringing_call_is_moved)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 crew sales ann\n"
          "0.000 crew help bob\n"
          "0.000 ready ann bob\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 call k2 arrives on sales\n",
          "1.000 call k1 moves to help\n"
          "1.000   offer of k1 to ann ends: rescinded\n"
          "1.000   k1 moves from sales to help\n"
          "1.000   offer k2 to ann until 16.000\n"
          "1.000   offer k1 to bob until 16.000\n"
          "2.000 agent bob answers k1\n"
          "2.000   bob talks with k1\n"
          "3.000 call k1 moves to sales\n"
          "3.000   -> STATE at call\n");
}

/* A move by hand asks neither whether the other queue is open nor whether it is full; those are
 * about calls that arrive. */
Test(force, call_is_moved_into_a_closed_queue)
{
    story("0.000 queue sales\n"
          "0.000 queue help state=closed max_size=1\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 call k2 arrives on sales\n",
          "1.000 call k1 moves to help\n"
          "1.000   k1 moves from sales to help\n"
          "1.000 call k2 moves to help\n"
          "1.000   k2 moves from sales to help\n");
}

Test(force, move_faults)
{
    story("0.000 client gw1 opens\n"
          "0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 gw1: call k1 arrives on sales\n"
          "0.000 gw1: call k2 arrives on sales\n"
          "0.000 gw1: call k2 hangs up\n",
          "1.000 call_move queue_name=help\n"
          "1.000   -> MISSING at key\n"
          "1.000 call_move key=k1 queue_name=help\n"
          "1.000   -> NOT_FOUND at key\n"
          "1.000 gw1: call_move key=k2 queue_name=help\n"
          "1.000   -> GONE at key\n"
          "1.000 call gw1/k2 moves to help\n"
          "1.000   -> GONE at call\n"
          "1.000 gw1: call_move key=k1\n"
          "1.000   -> MISSING at queue_name\n"
          "1.000 gw1: call_move key=k1 queue_name=sales\n"
          "1.000   -> INVALID at queue_name\n"
          "1.000 gw1: call_move key=k1 queue_name=help\n"
          "1.000   gw1/k1 moves from sales to help by=gw1\n"
          "2.000 queue sales goes\n"
          "2.000   queue sales is going, if_empty\n"
          "2.000   queue sales is gone\n");
}

/* ---- the end of a call -------------------------------------------------------------------- */

/* There is one way to end a call by force, whatever it is doing: an operator hangs it up by its id.
 */
Test(force, pain_01_a_call_is_ended_whatever_it_does)
{
    story("0.000 client gw1 opens\n"
          "0.000 client desk opens kind=operator\n"
          "0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=2\n"
          "0.000 ready ann\n"
          "0.000 gw1: call k1 arrives on sales\n"
          "0.000 agent ann answers gw1/k1\n"
          "0.000 gw1: call k2 arrives on sales\n"
          "0.000 gw1: call k3 arrives on sales\n",
          "1.000 desk: hangup call=gw1/k3 side=system\n"
          "1.000   gw1/k3 ends: withdrawn by system\n"
          "2.000 desk: hangup call=gw1/k2 side=system\n"
          "2.000   offer of gw1/k2 to ann ends: rescinded\n"
          "2.000   gw1/k2 ends: withdrawn by system\n"
          "3.000 desk: hangup call=gw1/k1 side=system\n"
          "3.000   gw1/k1 ends: answered by system\n"
          "3.000 ? agent ann activity\n"
          "3.000   activity=idle\n");
}
