#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* A queue is removed, and its callers with it, in slices. */

/* An empty queue goes at once, with its memberships and numbers; its name is free again. */
Test(queue_remove, empty)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann joins help\n"
          "0.000 ready ann\n"
          "0.000 number 100 leads to sales\n"
          "0.000 number 200 leads to help\n",
          "1.000 queue sales goes\n"
          "1.000   queue sales is going, if_empty\n"
          "1.000   queue sales is gone\n"
          "1.000 ? outcome\n"
          "1.000   queue=sales\n"
          "1.000 ? queue sales\n"
          "1.000   NOT_FOUND\n"
          "1.000 ? agent ann queues available\n"
          "1.000   queues=1 available=1\n"
          "1.000 ? number 100\n"
          "1.000   NOT_FOUND\n"
          "1.000 ? number 200 queue\n"
          "1.000   queue=help\n"
          "2.000 call k1 arrives on sales\n"
          "2.000   -> NOT_FOUND at queue_name\n"
          "3.000 queue sales\n"
          "3.000   queue sales is set\n"
          "3.000 ? queue sales members\n"
          "3.000   members=0\n");
}

/* With callers, ringing ones included, if_empty is refused and nothing is changed. */
Test(queue_remove, if_empty_with_callers)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n",
          "1.000 queue sales goes\n"
          "1.000   -> STATE at policy\n"
          "1.000 queue sales goes policy=if_empty\n"
          "1.000   -> STATE at policy\n"
          "1.000 ? queue sales state\n"
          "1.000   state=open\n");
}

/* A call that talks is no obstacle: the queue goes with it. The wrap-up outlives the queue. */
Test(queue_remove, goes_with_the_last_that_talks)
{
    story("0.000 queue sales wrap_up_time=10\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=2\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 call k2 arrives on sales\n"
          "0.000 agent ann answers k1\n"
          "0.000 agent ann answers k2\n",
          "1.000 queue sales goes\n"
          "1.000   queue sales is going, if_empty\n"
          "1.000 ? queue sales state connected\n"
          "1.000   state=removing connected=2\n"
          "2.000 call k3 arrives on sales\n"
          "2.000   sales refuses k3: closed\n"
          "2.000   -> refused closed\n"
          "3.000 call k1 hangs up\n"
          "3.000   k1 ends: answered by caller wrap_up_until=13.000\n"
          "4.000 call k2 hangs up\n"
          "4.000   k2 ends: answered by caller wrap_up_until=14.000\n"
          "4.000   queue sales is gone\n"
          "5.000 ? agent ann activity wrap_up queues\n"
          "5.000   activity=wrap_up wrap_up=2 queues=0\n"
          "5.000 agent ann extends k1 by=2\n"
          "5.000   ann works on k1@ann until 15.000\n"
          "14.000   ann is done with k2@ann\n"
          "15.000 time passes\n"
          "15.000   ann is done with k1@ann\n");
}

/* withdraw: the callers that wait are sent away, in order, as soon as time passes; what rings goes
 * on, and when it comes back it is sent away too. */
Test(queue_remove, withdraw)
{
    story("0.000 queue sales reject_delay=60\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 call k2 arrives on sales\n"
          "0.000 call k3 arrives on sales head_start=9\n",
          "1.000 queue sales goes policy=withdraw\n"
          "1.000   queue sales is going, withdraw\n"
          "1.000   k3 ends: withdrawn by system\n"
          "1.000   k2 ends: withdrawn by system\n"
          "1.500 ? queue sales waiting ringing withdrawn\n"
          "1.500   waiting=1 ringing=1 withdrawn=2\n"
          "2.000 agent ann rejects k1\n"
          "2.000   offer of k1 to ann ends: rejected delay_until=62.000\n"
          "2.000   k1 ends: withdrawn by system\n"
          "2.000   queue sales is gone\n"
          "3.000 ? totals entered withdrawn queues\n"
          "3.000   entered=3 withdrawn=3 queues=0\n");
}

/* Until a slice takes them, the callers of a queue that is going are served as ever. */
Test(queue_remove, served_until_withdrawn)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 call k2 arrives on sales\n",
          "1.000 host sleeps\n"
          "1.000 queue sales goes policy=withdraw\n"
          "1.000   queue sales is going, withdraw\n"
          "1.000 ? deadline\n"
          "1.000   1.000\n"
          "1.000 agent ann ready\n"
          "1.000   ann is ready\n"
          "1.000   offer k1 to ann until 16.000\n"
          "2.000 host wakes\n"
          "2.000   k2 ends: withdrawn by system\n"
          "2.000 ? deadline\n"
          "2.000   16.000\n"
          "3.000 agent ann answers k1\n"
          "3.000   ann talks with k1\n"
          "4.000 call k1 hangs up\n"
          "4.000   k1 ends: answered by caller\n"
          "4.000   queue sales is gone\n");
}

/* A hundred callers leave in slices of 64, one slice each time the host comes. */
Test(queue_remove, withdraw_in_slices)
{
    struct world *w = world_open();

    world_given(w, "0.000 queue sales\n");
    world_many(w, 1, 100, "0.000 call k% arrives on sales\n");
    w->tally = true;
    world_says(w, "1.000 queue sales goes policy=withdraw\n"
                  "1.000   1 queue_removing\n"
                  "1.000 host sleeps\n"
                  "1.000 host comes\n"
                  "1.000   64 call_ended\n"
                  "1.000 ? queue sales waiting withdrawn state\n"
                  "1.000   waiting=36 withdrawn=64 state=removing\n"
                  "1.000 ? deadline\n"
                  "1.000   1.000\n"
                  "2.000 host wakes\n"
                  "2.000   1 queue_removed\n"
                  "2.000   36 call_ended\n"
                  "2.000 ? deadline\n"
                  "2.000   800.000\n");
    world_close(w);
}

/* move: the callers go to another queue and keep their order, among those there too; they count as
 * overflowed here and entered there, and get the new queue's max_wait. */
Test(queue_remove, move)
{
    story("0.000 queue sales max_wait=100\n"
          "0.000 queue help max_wait=50\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 call h1 arrives on help\n"
          "3.000 call k2 arrives on sales\n"
          "4.000 call k3 arrives on sales head_start=2.500\n",
          "5.000 queue sales goes policy=move target_name=help\n"
          "5.000   queue sales is going, move target=help\n"
          "5.000   k1 moves from sales to help until=55.000\n"
          "5.000   k3 moves from sales to help until=55.000\n"
          "5.000   k2 moves from sales to help until=55.000\n"
          "5.000   queue sales is gone\n"
          "6.000 ? line help\n"
          "6.000   k1 k3 h1 k2\n"
          "6.000 ? call k2 queue enqueued_at entered_at position\n"
          "6.000   queue=help enqueued_at=3.000 entered_at=5.000 position=4\n"
          "6.000 ? queue help waiting entered oldest_entered\n"
          "6.000   waiting=4 entered=4 oldest_entered=2.000\n"
          "6.000 ? totals entered overflowed wait_max\n"
          "6.000   entered=7 overflowed=3 wait_max=4.000\n"
          "52.000   h1 ends: timed_out by system\n"
          "55.000 time passes\n"
          "55.000   k1 ends: timed_out by system\n"
          "55.000   k3 ends: timed_out by system\n"
          "55.000   k2 ends: timed_out by system\n"
          "55.000 ? queue help wait_max\n"
          "55.000   wait_max=50.000\n");
}

/* A hundred move in slices too; members of the other queue get them as they come. */
Test(queue_remove, move_in_slices)
{
    struct world *w = world_open();

    world_given(w, "0.000 queue sales\n"
                   "0.000 queue help\n"
                   "0.000 crew help ann\n"
                   "0.000 agent ann max_concurrent_calls=50\n"
                   "0.000 ready ann\n");
    world_many(w, 1, 100, "0.000 call k% arrives on sales\n");
    w->tally = true;
    world_says(w, "1.000 queue sales goes policy=move target_name=help\n"
                  "1.000   1 queue_removing\n"
                  "1.000 time passes\n"
                  "1.000   50 call_offered\n"
                  "1.000   64 call_moved\n"
                  "1.000   1 queue_removed\n"
                  "1.000   36 call_moved\n"
                  "2.000 ? queue help waiting ringing\n"
                  "2.000   waiting=100 ringing=50\n"
                  "2.000 ? call k51 position\n"
                  "2.000   position=1\n"
                  "2.000 ? call k100 position\n"
                  "2.000   position=50\n");
    world_close(w);
}

/* One that rings moves when it comes back, and only then. */
Test(queue_remove, move_when_it_comes_back)
{
    story("0.000 queue sales reject_delay=60\n"
          "0.000 queue help\n"
          "0.000 crew sales ann\n"
          "0.000 crew help bob\n"
          "0.000 ready ann bob\n"
          "0.000 call k1 arrives on sales\n",
          "1.000 queue sales goes policy=move target_name=help\n"
          "1.000   queue sales is going, move target=help\n"
          "2.000 agent ann rejects k1\n"
          "2.000   offer of k1 to ann ends: rejected delay_until=62.000\n"
          "2.000   k1 moves from sales to help\n"
          "2.000   offer k1 to bob until 17.000\n"
          "2.000   queue sales is gone\n"
          "3.000 ? call k1 offers queue\n"
          "3.000   offers=2 queue=help\n");
}

/* When the target is gone, or going itself, the callers are withdrawn. */
Test(queue_remove, target_is_gone)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 queue desk\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 call d1 arrives on desk\n"
          "0.000 call h1 arrives on help\n",
          "1.000 host sleeps\n"
          "1.000 queue sales goes policy=move target_name=help\n"
          "1.000   queue sales is going, move target=help\n"
          "2.000 queue help goes policy=move target_name=desk\n"
          "2.000   queue help is going, move target=desk\n"
          "3.000 host wakes\n"
          "3.000   k1 ends: withdrawn by system\n"
          "3.000   queue sales is gone\n"
          "3.000   h1 moves from help to desk\n"
          "3.000   queue help is gone\n"
          "4.000 ? line desk\n"
          "4.000   d1 h1\n");
}

/* The target may be gone altogether, and its name mean another queue. */
Test(queue_remove, target_was_replaced)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 call k1 arrives on sales\n",
          "1.000 host sleeps\n"
          "1.000 queue sales goes policy=move target_name=help\n"
          "1.000   queue sales is going, move target=help\n"
          "2.000 queue help goes\n"
          "2.000   queue help is going, if_empty\n"
          "2.000   queue help is gone\n"
          "2.000 queue help\n"
          "2.000   queue help is set\n"
          "3.000 host wakes\n"
          "3.000   k1 ends: withdrawn by system\n"
          "3.000   queue sales is gone\n");
}

/* The target takes callers though it is closed or full: they were taken in already. */
Test(queue_remove, target_is_closed)
{
    story("0.000 queue sales\n"
          "0.000 queue help max_size=1\n"
          "0.000 call h1 arrives on help\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 queue help state=closed\n",
          "1.000 queue_remove name=sales policy=move target=help\n"
          "1.000   queue sales is going, move target=help\n"
          "1.000   k1 moves from sales to help\n"
          "1.000   queue sales is gone\n"
          "2.000 ? queue help waiting\n"
          "2.000   waiting=2\n");
}

/* A queue that is going takes no members, numbers or settings, and is not removed twice. */
Test(queue_remove, while_it_is_going)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 crew sales ann\n"
          "0.000 agent bob\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 number 100 leads to sales\n"
          "0.000 queue sales goes policy=withdraw\n",
          "1.000 agent bob joins sales\n"
          "1.000   -> STATE at queue_name\n"
          "1.000 agent ann joins sales level=3\n"
          "1.000   -> STATE at queue_name\n"
          "1.000 number 200 leads to sales\n"
          "1.000   -> STATE at queue_name\n"
          "1.000 queue sales weight=3\n"
          "1.000   -> STATE at name\n"
          "1.000 queue sales max_size=-2\n"
          "1.000   -> INVALID at max_size\n"
          "1.000 queue sales goes policy=move target_name=help\n"
          "1.000   -> STATE at name\n"
          "1.000 queue help goes policy=move target_name=sales\n"
          "1.000   -> STATE at target_name\n"
          "1.000 call k2 arrives for 100\n"
          "1.000   sales refuses k2: closed\n"
          "1.000   -> refused closed\n"
          "2.000 agent ann leaves sales\n"
          "2.000   ann is no member of sales\n"
          "3.000 call k1 hangs up\n"
          "3.000   offer of k1 to ann ends: caller_gone\n"
          "3.000   k1 ends: abandoned by caller\n"
          "3.000   queue sales is gone\n");
}

/* What is said must make sense. */
Test(queue_remove, faults)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 call k1 arrives on sales\n",
          "1.000 queue_remove\n"
          "1.000   -> MISSING at name\n"
          "1.000 queue nowhere goes\n"
          "1.000   -> NOT_FOUND at name\n"
          "1.000 queue_remove queue=stranger name=sales\n"
          "1.000   -> NOT_FOUND at queue\n"
          "1.000 queue sales goes policy=9\n"
          "1.000   -> INVALID at policy\n"
          "1.000 queue sales goes policy=move\n"
          "1.000   -> MISSING at target_name\n"
          "1.000 queue sales goes policy=move target_name=nowhere\n"
          "1.000   -> NOT_FOUND at target_name\n"
          "1.000 queue sales goes policy=move target=stranger target_name=help\n"
          "1.000   -> NOT_FOUND at target\n"
          "1.000 queue sales goes policy=move target_name=sales\n"
          "1.000   -> INVALID at target_name\n"
          "1.000 queue sales goes policy=move target=sales\n"
          "1.000   -> INVALID at target_name\n"
          "2.000 queue sales goes policy=withdraw target_name=nowhere\n"
          "2.000   queue sales is going, withdraw\n"
          "2.000   k1 ends: withdrawn by system\n"
          "2.000   queue sales is gone\n"
          "3.000 time passes\n");
}
