#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Queues and called numbers are made and changed. Removing: test_queue_remove.c. */

/* A new queue has the defaults; what is not given stays, and -1 means none again. */
Test(queue, made_and_changed)
{
    story("0.000 agent ann\n",
          "1.000 queue sales\n"
          "1.000   queue sales is set\n"
          "1.000 ? outcome\n"
          "1.000   queue=sales\n"
          "2.000 queue sales weight=5 max_size=7 max_wait=60 ring_timeout=30 wrap_up_time=10 "
          "reject_delay=1 busy_delay=2 no_answer_delay=3 max_no_answer=4 no_answer_reason=9 "
          "join_empty=ready service_level_threshold=15 state=closed\n"
          "2.000   queue sales is set state=closed weight=5 max_size=7 max_wait=60.000 "
          "ring_timeout=30.000 wrap_up_time=10.000 reject_delay=1.000 busy_delay=2.000 "
          "no_answer_delay=3.000 max_no_answer=4 no_answer_reason=9 join_empty=ready "
          "service_level_threshold=15.000\n"
          "3.000 queue sales state=open weight=1 ring_timeout=15 join_empty=always "
          "service_level_threshold=20\n"
          "3.000   queue sales is set max_size=7 max_wait=60.000 wrap_up_time=10.000 "
          "reject_delay=1.000 busy_delay=2.000 no_answer_delay=3.000 max_no_answer=4 "
          "no_answer_reason=9\n"
          "4.000 queue sales max_size=-1 max_wait=none wrap_up_time=none reject_delay=none "
          "busy_delay=none no_answer_delay=none max_no_answer=-1\n"
          "4.000   queue sales is set no_answer_reason=9\n"
          "5.000 ? queue sales strategy call_order max_size max_wait ring_timeout\n"
          "5.000   strategy=longest-idle-agent call_order=fifo max_size=0 max_wait=0.000 "
          "ring_timeout=15.000\n");
}

/* The greatest and smallest that each may be. */
Test(queue, bounds)
{
    story("0.000 agent ann\n",
          "1.000 queue a max_size=1 max_wait=0.000001 ring_timeout=1 wrap_up_time=0.000001 "
          "reject_delay=0.000001 busy_delay=0.000001 no_answer_delay=0.000001 max_no_answer=1 "
          "service_level_threshold=0.000001\n"
          "1.000   queue a is set max_size=1 max_wait=0.000001 ring_timeout=1.000 "
          "wrap_up_time=0.000001 reject_delay=0.000001 busy_delay=0.000001 "
          "no_answer_delay=0.000001 max_no_answer=1 service_level_threshold=0.000001\n"
          "1.000 queue b max_wait=2592000 ring_timeout=3600 wrap_up_time=2592000 "
          "reject_delay=2592000 busy_delay=2592000 no_answer_delay=2592000 "
          "service_level_threshold=2592000\n"
          "1.000   queue b is set max_wait=2592000.000 ring_timeout=3600.000 "
          "wrap_up_time=2592000.000 reject_delay=2592000.000 busy_delay=2592000.000 "
          "no_answer_delay=2592000.000 service_level_threshold=2592000.000\n"
          "1.000 queue b wrap_up_time=forever strategy=1 call_order=1\n"
          "1.000   queue b is set max_wait=2592000.000 ring_timeout=3600.000 wrap_up_time=forever "
          "reject_delay=2592000.000 busy_delay=2592000.000 no_answer_delay=2592000.000 "
          "service_level_threshold=2592000.000\n");
}

/* Numbers and enumerations beyond them are INVALID, in the order of the fields, and nothing is
 * made. */
Test(queue, out_of_bounds)
{
    story("0.000 agent ann\n", "1.000 queue_set weight=3 max_size=-2\n"
                               "1.000   -> MISSING at name\n"
                               "1.000 queue x*65 strategy=99\n"
                               "1.000   -> TOO_LONG at name\n"
                               "1.000 queue a strategy=99 call_order=9\n"
                               "1.000   -> INVALID at strategy\n"
                               "1.000 queue a call_order=9 state=9\n"
                               "1.000   -> INVALID at call_order\n"
                               "1.000 queue a state=9\n"
                               "1.000   -> INVALID at state\n"
                               "1.000 queue a state=removing max_size=-2\n"
                               "1.000   -> INVALID at state\n"
                               "1.000 queue a max_size=-2 max_wait=-1\n"
                               "1.000   -> INVALID at max_size\n"
                               "1.000 queue a max_wait=-0.000002\n"
                               "1.000   -> INVALID at max_wait\n"
                               "1.000 queue a max_wait=2592000.000001\n"
                               "1.000   -> INVALID at max_wait\n"
                               "1.000 queue a max_wait=forever\n"
                               "1.000   -> INVALID at max_wait\n"
                               "1.000 queue a ring_timeout=0.999999\n"
                               "1.000   -> INVALID at ring_timeout\n"
                               "1.000 queue a ring_timeout=none\n"
                               "1.000   -> INVALID at ring_timeout\n"
                               "1.000 queue a ring_timeout=3600.000001\n"
                               "1.000   -> INVALID at ring_timeout\n"
                               "1.000 queue a wrap_up_time=-0.000002\n"
                               "1.000   -> INVALID at wrap_up_time\n"
                               "1.000 queue a wrap_up_time=2592000.000001\n"
                               "1.000   -> INVALID at wrap_up_time\n"
                               "1.000 queue a reject_delay=forever\n"
                               "1.000   -> INVALID at reject_delay\n"
                               "1.000 queue a busy_delay=2592000.000001\n"
                               "1.000   -> INVALID at busy_delay\n"
                               "1.000 queue a no_answer_delay=-2\n"
                               "1.000   -> INVALID at no_answer_delay\n"
                               "1.000 queue a max_no_answer=-2\n"
                               "1.000   -> INVALID at max_no_answer\n"
                               "1.000 queue a join_empty=9\n"
                               "1.000   -> INVALID at join_empty\n"
                               "1.000 queue a service_level_threshold=none\n"
                               "1.000   -> INVALID at service_level_threshold\n"
                               "1.000 queue a service_level_threshold=2592000.000001\n"
                               "1.000   -> INVALID at service_level_threshold\n"
                               "1.000 ? queue a\n"
                               "1.000   NOT_FOUND\n");
}

/* What calls and offers were given when they were made stays: only new ones get the new. */
Test(queue, what_was_given_stays)
{
    story("0.000 queue sales max_wait=60 ring_timeout=20\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n",
          "2.000 queue sales max_wait=5 ring_timeout=2 wrap_up_time=9\n"
          "2.000   queue sales is set max_wait=5.000 ring_timeout=2.000 wrap_up_time=9.000\n"
          "3.000 call k3 arrives on sales\n"
          "3.000   k3 enters sales until=8.000\n"
          "3.000   -> queued at 2\n"
          "8.000   k3 ends: timed_out by system\n"
          "21.000   offer of k1 to ann ends: no_answer\n"
          "21.000   offer k1 to ann until 23.000\n"
          "22.000 agent ann answers k1\n"
          "22.000   ann talks with k1\n"
          "23.000 call k1 hangs up\n"
          "23.000   k1 ends: answered by caller wrap_up_until=32.000\n"
          "32.000   ann is done with k1@ann\n"
          "32.000   offer k2 to ann until 34.000\n"
          "33.000 agent ann rejects k2\n"
          "33.000   offer of k2 to ann ends: rejected\n"
          "33.000   offer k2 to ann until 35.000\n"
          "34.000 ? call k2 until\n"
          "34.000   until=35.000\n");
}

/* A new weight counts from the next choice on. */
Test(queue, weight_changed)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann joins help\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 call h1 arrives on help\n",
          "3.000 queue help weight=2\n"
          "3.000   queue help is set weight=2\n"
          "4.000 agent ann ready\n"
          "4.000   ann is ready\n"
          "4.000   offer h1 to ann until 19.000\n");
}

/* What a queue shows: waiting counts ringing ones, and the oldest is by entry. */
Test(queue, figures)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob cid dan\n"
          "0.000 ready ann\n"
          "0.000 agent bob not_ready\n"
          "0.000 ready dan\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 call k2 arrives on sales\n"
          "3.000 call k3 arrives on sales\n"
          "4.000 agent ann answers k1\n",
          "5.000 ? queue sales waiting ringing connected oldest_entered members logged_in ready "
          "available\n"
          "5.000   waiting=2 ringing=1 connected=1 oldest_entered=2.000 members=4 logged_in=3 "
          "ready=2 available=0\n"
          "5.000 ? totals agents queues queued offered connected busy reserved logged_out\n"
          "5.000   agents=4 queues=1 queued=1 offered=1 connected=1 busy=1 reserved=1 "
          "logged_out=1\n");
}

/* ---- called numbers ----------------------------------------------------------------------- */

/* A number leads to a queue, then to another, then nowhere. */
Test(number, set_changed_and_removed)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n",
          "1.000 number +4930123 leads to sales\n"
          "1.000   number +4930123 leads to sales\n"
          "1.000 ? outcome\n"
          "1.000   queue=sales\n"
          "2.000 number +4930123 leads to help\n"
          "2.000   number +4930123 leads to help\n"
          "2.000 ? number +4930123\n"
          "2.000   number=+4930123 queue=help queue_name=help\n"
          "3.000 call k1 arrives for +4930123\n"
          "3.000   k1 enters help called=+4930123\n"
          "3.000   -> queued at 1\n"
          "4.000 number +4930123 ends\n"
          "4.000   number +4930123 leads nowhere\n"
          "4.000 call k2 arrives for +4930123\n"
          "4.000   -> NOT_FOUND at called\n"
          "4.000 ? number +4930123\n"
          "4.000   NOT_FOUND\n");
}

/* Number and queue must be given and there. */
Test(number, faults)
{
    story("0.000 queue sales\n", "1.000 number_set queue_name=nowhere\n"
                                 "1.000   -> MISSING at number\n"
                                 "1.000 number 100 leads to nowhere\n"
                                 "1.000   -> NOT_FOUND at queue_name\n"
                                 "1.000 number_set number=100 queue=stranger queue_name=sales\n"
                                 "1.000   -> NOT_FOUND at queue\n"
                                 "1.000 number_set number=100\n"
                                 "1.000   -> MISSING at queue_name\n"
                                 "1.000 number x*33 leads to sales\n"
                                 "1.000   -> TOO_LONG at number\n"
                                 "1.000 number_remove\n"
                                 "1.000   -> MISSING at number\n"
                                 "1.000 number 100 ends\n"
                                 "1.000   -> NOT_FOUND at number\n");
}
