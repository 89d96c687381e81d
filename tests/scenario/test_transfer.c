#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Calls that an agent passes on without having asked: each kind, and each way it may fail. */

/* Two agents of two queues: ann talks with k1 since 2, of sales, bob is free. */
#define TALKING(wrap_up)                                                                           \
    "0.000 queue sales wrap_up_time=" wrap_up "\n"                                                 \
    "0.000 queue help\n"                                                                           \
    "0.000 crew sales ann\n"                                                                       \
    "0.000 crew help bob\n"                                                                        \
    "0.000 ready ann\n"                                                                            \
    "1.000 call k1 arrives on sales head_start=30\n"                                               \
    "2.000 agent ann answers k1\n"

/* The visit of sales is answered and over, that of help begins: the books of both balance. The
 * head start goes along, the time of the first wait and the talk does not. */
Test(transfer, blind_to_a_queue)
{
    story(TALKING("10"),
          "3.000 call k2 arrives on help\n"
          "3.000   k2 enters help\n"
          "3.000   -> queued at 1\n"
          "5.000 agent ann holds k1\n"
          "5.000   ann has k1 on hold: yes\n"
          "8.000 agent ann passes k1 to help\n"
          "8.000   ann passes k1 on from sales to help wrap_up_until=18.000\n"
          "8.000   -> queued at 1\n"
          "8.000 ? line help\n"
          "8.000   k1 k2\n"
          "8.000 ? call k1 queue state enqueued_at entered_at head_start answered_at hold\n"
          "8.000   queue=help state=queued enqueued_at=8.000 entered_at=8.000 head_start=30.000 "
          "answered_at=never hold=0.000\n"
          "8.000 ? queue sales entered answered talk hold connected waiting\n"
          "8.000   entered=1 answered=1 talk=3.000 hold=3.000 connected=0 waiting=0\n"
          "8.000 ? queue help entered answered waiting\n"
          "8.000   entered=2 answered=0 waiting=2\n"
          "8.000 ? work ann\n"
          "8.000   assignment=k1@ann agent=ann queue=sales role=wrap_up since=8.000 "
          "until=18.000 channel=voice\n"
          "9.000 agent bob ready\n"
          "9.000   bob is ready\n"
          "9.000   offer k1 to bob until 24.000\n"
          "10.000 agent bob answers k1\n"
          "10.000   bob talks with k1\n"
          "18.000 time passes\n"
          "18.000   ann is done with k1@ann\n");
}

/* Whoever is free in the queue is offered the call at once, and the reply says so. */
Test(transfer, blind_to_a_queue_with_somebody_free)
{
    story("0.000 client gw1 opens\n"
          "0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 crew sales ann\n"
          "0.000 crew help bob\n"
          "0.000 ready ann bob\n"
          "1.000 gw1: call k1 arrives on sales\n"
          "2.000 gw1: agent ann answers gw1/k1\n",
          "3.000 gw1: agent ann passes gw1/k1 to help\n"
          "3.000   ann passes gw1/k1 on from sales to help told\n"
          "3.000   offer gw1/k1 to bob until 18.000 told\n"
          "3.000   -> offered bob until 18.000\n"
          "3.000 ? agent ann activity\n"
          "3.000   activity=idle\n"
          "4.000 gw1: agent ann passes gw1/k1 to help\n"
          "4.000   -> LOST at assignment\n"
          "4.000 ? outbox gw1\n"
          "4.000   empty\n"
          "5.000 gw1: agent bob answers gw1/k1\n"
          "5.000   bob talks with gw1/k1\n"
          "6.000 agent bob passes gw1/k1 to sales\n"
          "6.000   bob passes gw1/k1 on from help to sales\n"
          "6.000   offer gw1/k1 to ann until 21.000\n"
          "6.000   -> offered ann until 21.000\n"
          "6.000 ? outbox gw1\n"
          "6.000   1 at 6.000: transferred gw1/k1 queue=help agent=bob\n"
          "6.000   2 at 6.000: offered gw1/k1 queue=sales agent=ann until=21.000\n");
}

/* A queue that refuses leaves the caller with its agent. */
Test(transfer, blind_to_a_queue_that_refuses)
{
    story(TALKING("10") "2.000 queue help state=closed\n",
          "3.000 agent ann passes k1 to help\n"
          "3.000   help refuses k1: closed\n"
          "3.000   -> refused closed\n"
          "3.000 ? call k1 queue state agent\n"
          "3.000   queue=sales state=connected agent=ann\n"
          "3.000 ? queue help refused entered\n"
          "3.000   refused=1 entered=0\n");
}

/* The agent named is offered the call next, whether or not it is a member; the same queue has a
 * visit with each of the two. */
Test(transfer, blind_to_an_agent)
{
    story(TALKING("none") "2.000 ready bob\n",
          "3.000 agent ann passes k1 agent_name=bob\n"
          "3.000   ann passes k1 on from sales to sales target=bob\n"
          "3.000   offer k1 to bob until 18.000\n"
          "3.000   -> offered bob until 18.000\n"
          "4.000 agent bob answers k1\n"
          "4.000   bob talks with k1\n"
          "10.000 call k1 hangs up\n"
          "10.000   k1 ends: answered by caller\n"
          "10.000 ? queue sales entered answered talk\n"
          "10.000   entered=2 answered=2 talk=7.000\n"
          "10.000 ? agent ann calls_today talk_today\n"
          "10.000   calls_today=1 talk_today=1.000\n"
          "10.000 ? agent bob calls_today talk_today\n"
          "10.000   calls_today=1 talk_today=6.000\n");
}

/* Nobody answers: the call comes back to who passed it on. Back there it is as any other: not taken
 * again, it waits. */
Test(transfer, blind_to_an_agent_who_does_not_answer)
{
    story(TALKING("none") "2.000 ready bob\n"
                          "3.000 agent ann passes k1 agent_name=bob\n",
          "18.000 time passes\n"
          "18.000   offer of k1 to bob ends: no_answer\n"
          "18.000   offer k1 to ann until 33.000\n"
          "20.000 agent ann rejects k1\n"
          "20.000   offer of k1 to ann ends: rejected\n"
          "20.000   offer k1 to ann until 35.000\n");
}

/* It declines; who passed it on works on the call still: the caller waits, in its queue. */
Test(transfer, blind_to_an_agent_who_declines)
{
    story(TALKING("60") "2.000 ready bob\n"
                        "3.000 agent ann passes k1 agent_name=bob\n",
          "5.000 agent bob rejects k1\n"
          "5.000   offer of k1 to bob ends: rejected\n"
          "5.000 ? call k1 state queue position\n"
          "5.000   state=queued queue=sales position=1\n"
          "7.000 agent ann finishes k1\n"
          "7.000   ann is done with k1@ann\n"
          "7.000   offer k1 to ann until 22.000\n");
}

/* It declines; who passed it on is available, but has taken a call meanwhile that leaves too little
 * room beside it: the caller waits. */
Test(transfer, blind_to_an_agent_who_declines_and_no_room_for_it)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent ann max_concurrent_calls=2 channels=voice:60\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n"
          "1.000 agent ann answers k1\n"
          "2.000 ready bob\n"
          "3.000 agent ann passes k1 agent_name=bob\n"
          "4.000 call k2 arrives on sales\n",
          "5.000 ? agent ann available offered\n"
          "5.000   available=1 offered=1\n"
          "5.000 agent bob rejects k1\n"
          "5.000   offer of k1 to bob ends: rejected\n"
          "5.000   offer k1 to bob until 20.000\n");
}

/* It leaves while it rings: the call goes back before anybody else is asked. */
Test(transfer, blind_to_an_agent_who_leaves)
{
    story(TALKING("none") "2.000 crew sales cid\n"
                          "2.000 ready cid bob\n"
                          "3.000 agent ann passes k1 agent_name=bob\n",
          "4.000 agent bob not_ready\n"
          "4.000   bob is not_ready\n"
          "4.000   offer of k1 to bob ends: rescinded\n"
          "4.000   offer k1 to ann until 19.000\n");
}

/* The caller does not wait for it. */
Test(transfer, blind_and_the_caller_hangs_up)
{
    story(TALKING("none") "2.000 ready bob\n"
                          "3.000 agent ann passes k1 agent_name=bob\n",
          "5.000 call k1 hangs up\n"
          "5.000   offer of k1 to bob ends: caller_gone\n"
          "5.000   k1 ends: abandoned by caller\n"
          "5.000 ? queue sales entered answered abandoned wait_abandoned\n"
          "5.000   entered=2 answered=1 abandoned=1 wait_abandoned=2.000\n");
}

/* Out of the centre the call is over for us; its gateway is told where to. */
Test(transfer, blind_to_a_number)
{
    story("0.000 client gw1 opens\n"
          "0.000 queue sales wrap_up_time=10\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 gw1: call k1 arrives on sales\n"
          "2.000 gw1: agent ann answers gw1/k1\n",
          "5.000 agent ann passes gw1/k1 number=+4930123\n"
          "5.000   gw1/k1 ends: answered by agent wrap_up_until=15.000 cause=transferred "
          "overflow=number overflow_to=+4930123\n"
          "5.000 ? outbox gw1\n"
          "5.000   1 at 5.000: call_ended gw1/k1 queue=sales disposition=answered "
          "cause=transferred overflow=number overflow_to=+4930123\n"
          "6.000 agent ann passes gw1/k1 number=+4930123\n"
          "6.000   -> GONE at assignment\n"
          "7.000 gw1: call k1 hangs up\n"
          "7.000   -> GONE at key\n");
}

/* What cannot be passed on, and to whom not. */
Test(transfer, faults)
{
    story(TALKING("10") "2.000 agent cid\n"
                        "2.000 call k2 arrives on help\n"
                        "2.000 ready bob\n",
          "3.000 transfer queue_name=help\n"
          "3.000   -> MISSING at assignment\n"
          "3.000 transfer assignment=stranger queue_name=help\n"
          "3.000   -> LOST at assignment\n"
          "3.000 agent bob passes k2 to sales\n"
          "3.000   -> STATE at assignment\n"
          "3.000 agent ann passes k1\n"
          "3.000   -> MISSING at queue_name\n"
          "3.000 agent ann passes k1 to nowhere\n"
          "3.000   -> NOT_FOUND at queue_name\n"
          "3.000 agent ann passes k1 agent_name=nobody\n"
          "3.000   -> NOT_FOUND at agent_name\n"
          "3.000 agent ann passes k1 agent_name=ann\n"
          "3.000   -> INVALID at agent_name\n"
          "3.000 agent ann passes k1 agent_name=bob\n" /* k2 rings there */
          "3.000   -> STATE at agent_name\n"
          "3.000 agent ann passes k1 agent_name=cid\n" /* logged out */
          "3.000   -> STATE at agent_name\n"
          "3.000 ? call k1 state agent\n"
          "3.000   state=connected agent=ann\n");
}
