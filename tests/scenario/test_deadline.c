#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Time passes: what falls due, in which order, and what when the host is late.
 */

/* ---- leases ------------------------------------------------------------------------------- */

/* Nobody answers: the offer ends with its lease, the agent's row grows, the call goes back to its
 * place and to the next agent. */
Test(deadline, lease_runs_out)
{
    story("0.000 queue sales ring_timeout=20\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 ready bob\n"
          "3.000 time passes\n",
          "21.000 time passes\n"
          "21.000   offer of k1 to ann ends: no_answer\n"
          "21.000   offer k1 to bob until 41.000\n"
          "21.000 ? agent ann no_answers last_status_change activity\n"
          "21.000   no_answers=1 last_status_change=21.000 activity=idle\n"
          "21.000 ? deadline\n"
          "21.000   41.000\n");
}

/* A lease ends at its very moment, and not a microsecond before. */
Test(deadline, due_at_its_moment)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n",
          "15.999999 time passes\n"
          "16.000 time passes\n"
          "16.000   offer of k1 to ann ends: no_answer\n"
          "16.000   offer k1 to ann until 31.000\n");
}

/* ---- waits -------------------------------------------------------------------------------- */

/* A call that waited too long is timed out by the system. */
Test(deadline, max_wait)
{
    story("0.000 queue sales max_wait=60\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   k1 enters sales until=61.000\n"
          "1.000   -> queued at 1\n"
          "2.000 call k2 arrives on sales head_start=30 happened_at=-5\n"
          "2.000   k2 enters sales head_start=30.000 arrived_at=-5.000 until=62.000\n"
          "2.000   -> queued at 1\n"
          "61.000   k1 ends: timed_out by system\n"
          "62.000 time passes\n"
          "62.000   k2 ends: timed_out by system\n"
          "62.000 ? queue sales waiting timed_out wait_max abandoned\n"
          "62.000   waiting=0 timed_out=2 wait_max=67.000 abandoned=0\n"
          "63.000 call k1 hangs up\n"
          "63.000   -> GONE at key\n");
}

/* While it rings a call does not time out; answered, it never does. */
Test(deadline, max_wait_sleeps_while_ringing)
{
    story("0.000 queue sales max_wait=10\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n",
          "5.000 ? deadline\n"
          "5.000   16.000\n"
          "15.000 agent ann answers k1\n"
          "15.000   ann talks with k1\n"
          "60.000 time passes\n"
          "60.000 ? deadline\n"
          "60.000   800.000\n");
}

/* One that ran out while it rang is due at once when the call is back, but after settling: who is
 * there still gets it. Not so when it was declined. */
Test(deadline, max_wait_ran_out_while_ringing)
{
    story("0.000 queue sales max_wait=10 reject_delay=60\n"
          "0.000 crew sales ann bob cid\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 ready bob\n"
          "3.000 ready cid\n",
          "12.000 agent ann not_ready\n"
          "12.000   ann is not_ready\n"
          "12.000   offer of k1 to ann ends: rescinded\n"
          "12.000   offer k1 to bob until 27.000\n"
          "13.000 agent bob rejects k1\n"
          "13.000   offer of k1 to bob ends: rejected delay_until=73.000\n"
          "13.000   k1 ends: timed_out by system\n");
}

/* The steps of its plan that fell due are taken before it is offered anew, too. */
Test(deadline, step_fell_due_while_ringing)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent ann learns spanish\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales plan=spanish;@10s\n"
          "2.000 ready bob\n",
          "12.000 agent ann rejects k1\n"
          "12.000   offer of k1 to ann ends: rejected\n"
          "12.000   k1 is at step 1\n"
          "12.000   offer k1 to bob until 27.000\n");
}

/* The same when the lease itself runs out behind it: first the offer ends, and alone the call would
 * ring at the same agent for ever. */
Test(deadline, max_wait_ran_out_before_the_lease)
{
    story("0.000 queue sales max_wait=10\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n",
          "16.000 time passes\n"
          "16.000   offer of k1 to ann ends: no_answer\n"
          "16.000   k1 ends: timed_out by system\n");
}

/* ---- order -------------------------------------------------------------------------------- */

/* Of deadlines at the same moment the one armed first is fired first, and settled, before the next:
 * k1 is back too late, and ann has k3 before the offer at bob is over, or k3 has waited too long.
 */
Test(deadline, ties_by_the_event_that_armed_them)
{
    story("0.000 queue sales max_wait=15\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann bob\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n"
          "1.000 call k3 arrives on sales\n",
          "16.000 time passes\n"
          "16.000   offer of k1 to ann ends: no_answer\n"
          "16.000   k1 ends: timed_out by system\n"
          "16.000   offer k3 to ann until 31.000\n"
          "16.000   offer of k2 to bob ends: no_answer\n"
          "16.000   k2 ends: timed_out by system\n");
}

/* A wait that was armed before a lease of the same moment ends before it. */
Test(deadline, wait_armed_before_the_lease)
{
    story("0.000 queue sales max_wait=15\n"
          "0.000 crew sales ann\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n"
          "1.000 ready ann\n",
          "16.000 time passes\n"
          "16.000   k2 ends: timed_out by system\n"
          "16.000   offer of k1 to ann ends: no_answer\n"
          "16.000   k1 ends: timed_out by system\n");
}

/* One event may arm two: a rejected offer delays the agent and lets the call wait on. Each is due
 * at its own time, whichever is the first. */
Test(deadline, delay_and_wait_armed_by_one_event)
{
    story("0.000 queue sales max_wait=60 reject_delay=10\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n",
          "2.000 agent ann rejects k1\n"
          "2.000   offer of k1 to ann ends: rejected delay_until=12.000\n"
          "12.000 time passes\n"
          "12.000   ann is delayed no more\n"
          "12.000   offer k1 to ann until 27.000\n"
          "26.000 agent ann rejects k1\n"
          "26.000   offer of k1 to ann ends: rejected delay_until=36.000\n"
          "27.000 queue sales reject_delay=50\n"
          "27.000   queue sales is set max_wait=60.000 reject_delay=50.000\n"
          "36.000   ann is delayed no more\n"
          "36.000   offer k1 to ann until 51.000\n"
          "40.000 agent ann rejects k1\n"
          "40.000   offer of k1 to ann ends: rejected delay_until=90.000\n"
          "61.000   k1 ends: timed_out by system\n"
          "90.000 time passes\n"
          "90.000   ann is delayed no more\n");
}

/* ---- a late host -------------------------------------------------------------------------- */

/* A host that was asleep fires everything late, at once, in the order it was due, at the time it
 * wakes. */
Test(deadline, host_wakes_late)
{
    story("0.000 queue sales reject_delay=5 wrap_up_time=7\n"
          "0.000 queue help max_wait=4\n"
          "0.000 crew sales ann bob cid\n"
          "0.000 ready ann bob cid\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n"
          "1.000 call k3 arrives on sales\n"
          "2.000 call h1 arrives on help\n"
          "2.000 agent ann rejects k1\n"
          "3.000 agent bob answers k2\n"
          "3.000 call k2 hangs up\n",
          "4.000 host sleeps\n"
          "5.000 ? deadline\n"
          "5.000   6.000\n"
          "30.000 host wakes\n"
          "30.000   h1 ends: timed_out by system\n"
          "30.000   ann is delayed no more\n"
          "30.000   offer k1 to ann until 45.000\n"
          "30.000   bob is done with k2@bob\n"
          "30.000   offer of k3 to cid ends: no_answer\n"
          "30.000   offer k3 to bob until 45.000\n");
}

/* A command that comes first finds all that done: what was due by now is fired before it, in its
 * frame. */
Test(deadline, command_fires_what_is_due)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 ready bob\n",
          "3.000 host sleeps\n"
          "20.000 agent ann answers k1\n"
          "20.000   offer of k1 to ann ends: no_answer\n"
          "20.000   offer k1 to bob until 35.000\n"
          "20.000   -> LOST at assignment\n"
          "21.000 agent bob answers k1\n"
          "21.000   bob talks with k1\n");
}

/* A command that is refused fires what is due all the same, whoever asked. */
Test(deadline, refused_command_fires_what_is_due)
{
    story("0.000 queue sales max_wait=5\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 call k2 arrives on sales\n",
          "1.000 host sleeps\n"
          "9.000 stranger: call k3 arrives on sales\n"
          "9.000   k1 ends: timed_out by system\n"
          "9.000   k2 ends: timed_out by system\n"
          "9.000   -> NOT_FOUND\n");
}

/* Time never runs backwards: a lesser moment counts as the last one. */
Test(deadline, time_never_runs_backwards)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "9.000 ready ann\n",
          "5.000 call k1 arrives on sales\n"
          "9.000   k1 enters sales\n"
          "9.000   offer k1 to ann until 24.000\n"
          "5.000   -> offered ann until 24.000\n"
          "8.000 ? call k1 enqueued_at\n"
          "8.000   enqueued_at=9.000\n");
}

/* When very much is due at once, a frame takes what it has room for, and the engine wants to be
 * woken again at once. */
Test(deadline, firing_stops_when_the_frame_is_full)
{
    struct world *w = world_open();

    world_given(w, "0.000 queue sales max_wait=5\n");
    world_many(w, 1, 300, "1.000 call k% arrives on sales\n");
    w->tally = true;
    world_says(w, "2.000 host sleeps\n"
                  "9.000 queue help\n"
                  "9.000   1 queue_set\n"
                  "9.000   257 call_ended\n"
                  "9.000 ? deadline\n"
                  "9.000   6.000\n"
                  "9.000 ? queue sales waiting timed_out\n"
                  "9.000   waiting=43 timed_out=257\n"
                  "9.000 host wakes\n"
                  "9.000   43 call_ended\n");
    world_close(w);
}

/* Nothing is due: nothing happens. */
Test(deadline, nothing_is_due)
{
    story("0.000 queue sales\n", "0.000 ? deadline\n"
                                 "0.000   forever\n"
                                 "9999.000 time passes\n");
}
