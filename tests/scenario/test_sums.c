#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* What is counted. That the sums balance is checked after every frame of every story: books.c. */

/* An answered call waits from its arrival to its answer, by the gateway's clock, and talks from
 * then to its end. */
Test(sums, answered)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "10.000 call k1 arrives on sales happened_at=9.500\n"
          "14.000 agent ann answers k1 happened_at=13.750\n"
          "30.000 call k1 hangs up happened_at=29.000\n",
          "30.000 ? queue sales entered answered in_time offers wait_answered wait_max "
          "talk\n"
          "30.000   entered=1 answered=1 in_time=1 offers=1 wait_answered=4.250 "
          "wait_max=4.250 talk=15.250\n"
          "30.000 ? totals entered answered in_time offers wait_answered wait_max talk\n"
          "30.000   entered=1 answered=1 in_time=1 offers=1 wait_answered=4.250 "
          "wait_max=4.250 talk=15.250\n"
          "30.000 ? agent ann calls_today talk_today\n"
          "30.000   calls_today=1 talk_today=15.250\n");
}

/* Talk counts when the call ends, the call when it is answered. */
Test(sums, talk_counts_at_the_end)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 agent ann answers k1\n",
          "9.000 ? queue sales answered talk\n"
          "9.000   answered=1 talk=0.000\n"
          "9.000 ? agent ann calls_today talk_today\n"
          "9.000   calls_today=1 talk_today=0.000\n");
}

/* What a queue alone has: an answered call is handled when it ends, work counts when it is over, an
 * offer nobody took when the agent would not; none of it is of the day after. */
Test(sums, handled_and_work_and_rejected)
{
    story("0.000 queue sales wrap_up_time=10\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 agent ann rejects k1 result=busy\n"
          "2.000 agent ann answers k1\n",
          "3.000 ? queue sales answered handled rejected wrap_up\n"
          "3.000   answered=1 handled=0 rejected=1 wrap_up=0.000\n"
          "4.000 call k1 hangs up\n"
          "4.000   k1 ends: answered by caller wrap_up_until=14.000\n"
          "5.000 ? queue sales handled rejected wrap_up\n"
          "5.000   handled=1 rejected=1 wrap_up=0.000\n"
          "14.000 time passes\n"
          "14.000   ann is done with k1@ann\n"
          "14.000 ? queue sales handled rejected wrap_up\n"
          "14.000   handled=1 rejected=1 wrap_up=10.000\n"
          "15.000 day 1 begins\n"
          "15.000   day 1 begins\n"
          "15.000 ? queue sales handled rejected wrap_up\n"
          "15.000   handled=0 rejected=0 wrap_up=0.000\n");
}

/* In time is within the threshold, the threshold itself included, as the queue has it when the call
 * is answered. */
Test(sums, in_time)
{
    story("0.000 queue sales service_level_threshold=5\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=3\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n"
          "1.000 call k3 arrives on sales\n"
          "6.000 agent ann answers k1\n"
          "6.000001 agent ann answers k2\n",
          "7.000 ? queue sales answered in_time\n"
          "7.000   answered=2 in_time=1\n"
          "8.000 queue sales service_level_threshold=10\n"
          "8.000   queue sales is set service_level_threshold=10.000\n"
          "9.000 agent ann answers k3\n"
          "9.000   ann talks with k3\n"
          "9.000 ? queue sales answered in_time wait_answered wait_max\n"
          "9.000   answered=3 in_time=2 wait_answered=18.000001 wait_max=8.000\n");
}

/* Each end without an answer counts for itself; the longest wait is over all of them, the sum of
 * waits over the abandoned ones only. */
Test(sums, unanswered)
{
    story("0.000 queue sales max_wait=30\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n"
          "1.000 call k3 arrives on sales\n"
          "5.000 call k1 hangs up\n"
          "8.000 call k2 hangs up side=system\n"
          "9.000 queue sales state=closed\n"
          "9.000 call k4 arrives on sales\n"
          "31.000 time passes\n",
          "40.000 ? queue sales entered abandoned withdrawn timed_out refused wait_abandoned "
          "wait_max wait_answered\n"
          "40.000   entered=3 abandoned=1 withdrawn=1 timed_out=1 refused=1 "
          "wait_abandoned=4.000 wait_max=30.000 wait_answered=0.000\n");
}

/* A call that moves on is overflowed where it leaves and entered where it comes; there its wait
 * begins anew. What it was offered before stays with the queue it left. */
Test(sums, moved)
{
    story("0.000 queue sales reject_delay=1\n"
          "0.000 queue help\n"
          "0.000 crew sales ann\n"
          "0.000 crew help bob\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales happened_at=0.500\n"
          "2.000 agent ann rejects k1 result=no_answer\n"
          "2.500 agent ann not_ready\n"
          "2.500 call k2 arrives on sales\n"
          "2.500 hangup key=k2\n"
          "3.000 queue sales goes policy=move target_name=help\n"
          "4.000 ready bob\n"
          "7.000 agent bob answers k1\n"
          "9.000 call k1 hangs up\n",
          "9.000 ? queue help entered answered wait_answered wait_max offers no_answers "
          "talk\n"
          "9.000   entered=1 answered=1 wait_answered=4.000 wait_max=4.000 offers=1 "
          "no_answers=0 talk=2.000\n"
          "9.000 ? totals entered answered overflowed abandoned offers no_answers wait_max\n"
          "9.000   entered=3 answered=1 overflowed=1 abandoned=1 offers=3 no_answers=1 "
          "wait_max=4.000\n");
}

/* The totals keep what removed queues have counted. */
Test(sums, removed_queue_stays_in_the_totals)
{
    story("0.000 queue sales\n"
          "0.000 call k1 arrives on sales\n"
          "1.000 call k1 hangs up\n"
          "2.000 queue sales goes\n"
          "3.000 queue sales\n",
          "4.000 ? queue sales entered abandoned\n"
          "4.000   entered=0 abandoned=0\n"
          "4.000 ? totals entered abandoned\n"
          "4.000   entered=1 abandoned=1\n");
}

/* The day turns: queues, agents and totals begin from zero, what waits and talks goes on, and
 * counts on the day on which it happens. */
Test(sums, day_turns)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=2\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n"
          "1.000 call k3 arrives on sales\n"
          "2.000 agent ann answers k1\n"
          "3.000 call h1 arrives on help\n",
          "4.000 day 1 begins\n"
          "4.000   day 1 begins\n"
          "4.000 ? queue sales waiting ringing connected entered answered offers wait_max\n"
          "4.000   waiting=2 ringing=1 connected=1 entered=0 answered=0 offers=0 "
          "wait_max=0.000\n"
          "4.000 ? agent ann calls_today talk_today\n"
          "4.000   calls_today=0 talk_today=0.000\n"
          "4.000 ? totals day entered answered\n"
          "4.000   day=1 entered=0 answered=0\n"
          "5.000 call k1 hangs up\n"
          "5.000   k1 ends: answered by caller\n"
          "5.000   offer k3 to ann until 20.000\n"
          "6.000 agent ann answers k2\n"
          "6.000   ann talks with k2\n"
          "7.000 call k3 hangs up\n"
          "7.000   offer of k3 to ann ends: caller_gone\n"
          "7.000   k3 ends: abandoned by caller\n"
          "8.000 ? queue sales entered answered abandoned offers wait_max talk\n"
          "8.000   entered=0 answered=1 abandoned=1 offers=1 wait_max=6.000 talk=3.000\n"
          "8.000 ? agent ann calls_today talk_today\n"
          "8.000   calls_today=1 talk_today=3.000\n"
          "9.000 day 2 begins\n"
          "9.000   day 2 begins\n"
          "9.000 call k2 hangs up\n"
          "9.000   k2 ends: answered by caller\n"
          "9.000 ? agent ann calls_today talk_today\n"
          "9.000   calls_today=0 talk_today=3.000\n"
          "9.000 ? totals entered answered talk\n"
          "9.000   entered=0 answered=0 talk=3.000\n");
}

/* What is made after the day turned begins with that day. */
Test(sums, made_on_a_later_day)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 agent ann answers k1\n"
          "2.000 call k1 hangs up\n"
          "3.000 day 9 begins\n"
          "4.000 agent ann goes\n"
          "4.000 queue sales goes\n"
          "4.000 queue sales\n"
          "4.000 crew sales bob\n",
          "5.000 ? agent bob calls_today talk_today\n"
          "5.000   calls_today=0 talk_today=0.000\n"
          "5.000 ? queue sales entered answered\n"
          "5.000   entered=0 answered=0\n");
}
