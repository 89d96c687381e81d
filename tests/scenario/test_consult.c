#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* An agent asks another before it passes its caller on: what both are at every step, and every way
 * in which it may end. */

/* ann of sales talks with k1 since 2; bob and cid of help are free, bob for longer. */
#define TALKING                                                                                    \
    "0.000 queue sales wrap_up_time=10\n"                                                          \
    "0.000 queue help ring_timeout=60 wrap_up_time=20\n"                                           \
    "0.000 crew sales ann\n"                                                                       \
    "0.000 crew help bob cid\n"                                                                    \
    "0.000 ready ann bob cid\n"                                                                    \
    "1.000 call k1 arrives on sales\n"                                                             \
    "2.000 agent ann answers k1\n"

/* The same, and bob is asked since 10, by the queue's name; he has answered at 14. */
#define ASKED    TALKING "10.000 agent ann asks about k1 queue_name=help\n"
#define ANSWERED ASKED "14.000 agent bob answers k1@bob\n"

/* Asked, answered, handed over: the visit of sales ends with its wrap-up, that of help is answered
 * as it begins. */
Test(consult, handed_over)
{
    story(TALKING, "10.000 agent ann asks about k1 queue_name=help\n"
                   "10.000   ann has k1 on hold: yes\n"
                   "10.000   ann asks about k1\n"
                   "10.000   bob is asked about k1 until 25.000 queue=help\n"
                   "10.000   -> offered bob until 25.000\n"
                   "10.000 ? call k1 state agent held_since consultation consulted_name\n"
                   "10.000   state=connected agent=ann held_since=10.000 consultation=k1@bob "
                   "consulted_name=bob\n"
                   "10.000 ? agent ann activity available connected\n"
                   "10.000   activity=busy available=0 connected=1\n"
                   "10.000 ? agent bob activity available offered\n"
                   "10.000   activity=reserved available=0 offered=1\n"
                   "14.000 agent bob answers k1@bob\n"
                   "14.000   bob talks about k1\n"
                   "14.000 ? agent bob activity available connected\n"
                   "14.000   activity=busy available=0 connected=1\n"
                   "14.000 ? work bob\n"
                   "14.000   assignment=k1@bob agent=bob call=k1 queue=help role=consulted "
                   "since=14.000 channel=voice\n"
                   "14.000 agent bob answers k1@bob\n"
                   "14.000   -> repeated\n"
                   "30.000 agent ann hands over k1@ann\n"
                   "30.000   ann passes k1 on from sales to help target=bob wrap_up_until=40.000 "
                   "next=k1@bob\n"
                   "30.000   -> connected bob\n"
                   "30.000 ? call k1 queue state agent answered_at entered_at held_since "
                   "consulted_name\n"
                   "30.000   queue=help state=connected agent=bob answered_at=30.000 "
                   "entered_at=30.000 held_since=never consulted_name=\n"
                   "30.000 ? agent ann activity connected wrap_up\n"
                   "30.000   activity=wrap_up connected=0 wrap_up=1\n"
                   "30.000 ? queue sales entered answered talk hold connected offers\n"
                   "30.000   entered=1 answered=1 talk=8.000 hold=20.000 connected=0 offers=2\n"
                   "30.000 ? queue help entered answered in_time wait_answered connected\n"
                   "30.000   entered=1 answered=1 in_time=1 wait_answered=0.000 connected=1\n"
                   "36.000 call k1 hangs up\n"
                   "36.000   k1 ends: answered by caller wrap_up_until=56.000\n"
                   "36.000 ? agent bob calls_today talk_today activity\n"
                   "36.000   calls_today=1 talk_today=6.000 activity=wrap_up\n"
                   "40.000   ann is done with k1@ann\n"
                   "56.000 time passes\n"
                   "56.000   bob is done with k1@bob\n");
}

/* An agent may be asked by name, member or not; the second visit is then of the call's own queue.
 */
Test(consult, an_agent_by_name)
{
    story(TALKING, "10.000 agent ann asks cid about k1\n"
                   "10.000   ann has k1 on hold: yes\n"
                   "10.000   ann asks about k1\n"
                   "10.000   cid is asked about k1 until 25.000 queue=sales\n"
                   "10.000   -> offered cid until 25.000\n"
                   "11.000 agent cid answers k1\n"
                   "11.000   cid talks about k1\n"
                   "12.000 agent ann hands over k1@ann\n"
                   "12.000   ann passes k1 on from sales to sales target=cid "
                   "wrap_up_until=22.000 next=k1@cid\n"
                   "12.000   -> connected cid\n"
                   "12.000 ? queue sales entered answered connected\n"
                   "12.000   entered=2 answered=2 connected=1\n");
}

/* Taken back: while it rings, and once it was answered. A caller on hold already stays so. */
Test(consult, taken_back)
{
    story(TALKING "9.000 agent ann holds k1\n",
          "10.000 agent ann asks about k1 queue_name=help\n"
          "10.000   ann asks about k1\n"
          "10.000   bob is asked about k1 until 25.000 queue=help\n"
          "10.000   -> offered bob until 25.000\n"
          "12.000 agent ann stops asking about k1@ann\n"
          "12.000   offer of k1 to bob ends: rescinded\n"
          "12.000   ann has k1 on hold: no\n"
          "12.000 ? agent bob activity last_status_change\n"
          "12.000   activity=idle last_status_change=0.000\n"
          "13.000 agent ann asks about k1 queue_name=help\n"
          "13.000   ann has k1 on hold: yes\n"
          "13.000   ann asks about k1\n"
          "13.000   bob is asked about k1 until 28.000 queue=help\n"
          "13.000   -> offered bob until 28.000\n"
          "14.000 agent bob answers k1@bob\n"
          "14.000   bob talks about k1\n"
          "16.000 agent ann stops asking about k1@ann\n"
          "16.000   bob is asked about k1 no more\n"
          "16.000   ann has k1 on hold: no\n"
          "16.000 ? agent bob activity last_status_change wrap_up\n"
          "16.000   activity=idle last_status_change=16.000 wrap_up=0\n"
          "16.000 ? call k1 state agent hold consulted_name\n"
          "16.000   state=connected agent=ann hold=6.000 consulted_name=\n"
          "20.000 call k1 hangs up\n"
          "20.000   k1 ends: answered by caller wrap_up_until=30.000\n"
          "20.000 ? queue sales entered answered talk hold\n"
          "20.000   entered=1 answered=1 talk=12.000 hold=6.000\n");
}

/* Who is asked does not take it: by the rules of the call's queue, and the caller stays on hold
 * with who asked, who may ask the next. */
Test(consult, not_taken)
{
    story(TALKING "2.000 queue sales no_answer_delay=30 reject_delay=5 max_no_answer=2\n",
          "10.000 agent ann asks about k1 queue_name=help\n"
          "10.000   ann has k1 on hold: yes\n"
          "10.000   ann asks about k1\n"
          "10.000   bob is asked about k1 until 25.000 queue=help\n"
          "10.000   -> offered bob until 25.000\n"
          "25.000   offer of k1 to bob ends: no_answer delay_until=55.000\n"
          "26.000 ? call k1 state agent held_since offers\n"
          "26.000   state=connected agent=ann held_since=10.000 offers=2\n"
          "26.000 ? queue sales offers no_answers\n"
          "26.000   offers=2 no_answers=1\n"
          "26.000 agent ann asks about k1 queue_name=help\n"
          "26.000   ann asks about k1\n"
          "26.000   cid is asked about k1 until 41.000 queue=help\n"
          "26.000   -> offered cid until 41.000\n"
          "27.000 agent cid rejects k1@cid\n"
          "27.000   offer of k1 to cid ends: rejected delay_until=32.000\n"
          "28.000 agent ann asks about k1 queue_name=help\n"
          "28.000   -> refused no_agents\n"
          "28.000 ? call k1 state agent held_since\n"
          "28.000   state=connected agent=ann held_since=10.000\n"
          "29.000 agent ann retrieves k1@ann\n"
          "29.000   ann has k1 on hold: no\n");
}

/* One unanswered too many: who is asked is not ready any more, as with any offer. */
Test(consult, max_no_answer)
{
    story(TALKING "2.000 queue sales max_no_answer=1 no_answer_reason=7\n"
                  "10.000 agent ann asks bob about k1\n",
          "25.000 time passes\n"
          "25.000   offer of k1 to bob ends: no_answer\n"
          "25.000   bob is not_ready reason=7\n"
          "25.000 ? call k1 state agent\n"
          "25.000   state=connected agent=ann\n");
}

/* Who was asked hangs up, or is set free: the caller is on hold. */
Test(consult, the_asked_one_leaves)
{
    story(ANSWERED, "20.000 agent bob stops asking about k1@bob\n"
                    "20.000   bob is asked about k1 no more\n"
                    "20.000 ? agent bob activity last_status_change\n"
                    "20.000   activity=idle last_status_change=20.000\n"
                    "20.000 ? call k1 state agent held_since\n"
                    "20.000   state=connected agent=ann held_since=10.000\n"
                    "20.000 agent bob stops asking about k1@bob\n"
                    "20.000   -> LOST at assignment\n"
                    "21.000 agent ann asks bob about k1\n"
                    "21.000   ann asks about k1\n"
                    "21.000   bob is asked about k1 until 36.000 queue=sales\n"
                    "21.000   -> offered bob until 36.000\n"
                    "22.000 agent bob answers k1@bob\n"
                    "22.000   bob talks about k1\n"
                    "23.000 agent bob is freed\n"
                    "23.000   bob is freed\n"
                    "23.000   bob is asked about k1 no more\n"
                    "23.000   bob is ready\n"
                    "23.000 ? agent ann activity available\n"
                    "23.000   activity=busy available=0\n");
}

/* Who is asked goes on a break, or cannot be reached, while it rings. */
Test(consult, the_asked_one_is_not_there_any_more)
{
    story(ASKED, "11.000 agent bob not_ready\n"
                 "11.000   bob is not_ready\n"
                 "11.000   offer of k1 to bob ends: rescinded\n"
                 "12.000 agent ann asks cid about k1\n"
                 "12.000   ann asks about k1\n"
                 "12.000   cid is asked about k1 until 27.000 queue=sales\n"
                 "12.000   -> offered cid until 27.000\n"
                 "13.000 agent cid device unreachable\n"
                 "13.000   device of cid is unreachable until=3613.000\n"
                 "13.000   offer of k1 to cid ends: rescinded\n"
                 "13.000 ? call k1 state agent held_since\n"
                 "13.000   state=connected agent=ann held_since=10.000\n");
}

/* The caller does not wait for it: while it rings, and while they talk. */
Test(consult, the_caller_hangs_up)
{
    story(ASKED, "11.000 call k1 hangs up\n"
                 "11.000   offer of k1 to bob ends: caller_gone\n"
                 "11.000   k1 ends: answered by caller wrap_up_until=21.000\n"
                 "11.000 ? agent bob activity last_status_change\n"
                 "11.000   activity=idle last_status_change=0.000\n"
                 "11.000 ? agent ann activity\n"
                 "11.000   activity=wrap_up\n");
    story(ANSWERED, "20.000 call k1 hangs up\n"
                    "20.000   bob is asked about k1 no more\n"
                    "20.000   k1 ends: answered by caller wrap_up_until=30.000\n"
                    "20.000 ? agent bob activity last_status_change\n"
                    "20.000   activity=idle last_status_change=20.000\n"
                    "20.000 ? queue sales answered talk hold\n"
                    "20.000   answered=1 talk=8.000 hold=10.000\n");
}

/* Who asked hangs up: the caller is left to who has answered; while it rings nobody has it. */
Test(consult, the_asking_one_hangs_up)
{
    story(ANSWERED, "20.000 call k1 hangs up side=agent\n"
                    "20.000   ann passes k1 on from sales to help target=bob "
                    "wrap_up_until=30.000 next=k1@bob\n"
                    "20.000   -> connected bob\n"
                    "21.000 call k1 hangs up side=agent\n"
                    "21.000   k1 ends: answered by agent wrap_up_until=41.000\n"
                    "30.000   ann is done with k1@ann\n"
                    "41.000 time passes\n"
                    "41.000   bob is done with k1@bob\n");
    story(ASKED, "11.000 call k1 hangs up side=agent\n"
                 "11.000   offer of k1 to bob ends: rescinded\n"
                 "11.000   k1 ends: answered by agent wrap_up_until=21.000\n");
    story(ANSWERED, "20.000 call k1 hangs up side=system\n"
                    "20.000   bob is asked about k1 no more\n"
                    "20.000   k1 ends: answered by system wrap_up_until=30.000\n");
}

/* By force all that who asked has is over, and the other is on its own. */
Test(consult, the_asking_one_is_freed)
{
    story(ANSWERED, "20.000 agent ann is freed\n"
                    "20.000   ann is freed\n"
                    "20.000   bob is asked about k1 no more\n"
                    "20.000   k1 ends: answered by system\n"
                    "20.000   ann is ready\n"
                    "20.000 ? agent bob activity last_status_change\n"
                    "20.000   activity=idle last_status_change=20.000\n");
    story(ASKED, "11.000 agent ann is freed\n"
                 "11.000   ann is freed\n"
                 "11.000   offer of k1 to bob ends: rescinded\n"
                 "11.000   k1 ends: answered by system\n"
                 "11.000   ann is ready\n");
}

/* Both are at work: neither logs out; draining waits for it to end. */
Test(consult, at_the_end_of_the_day)
{
    story(ANSWERED, "15.000 agent ann logged_out\n"
                    "15.000   -> STATE at state\n"
                    "15.000 agent bob logged_out\n"
                    "15.000   -> STATE at state\n"
                    "15.000 agent bob drains\n"
                    "15.000   bob drains to logged_out\n"
                    "15.000 agent ann drains\n"
                    "15.000   ann drains to logged_out\n"
                    "20.000 agent ann hands over k1@ann\n"
                    "20.000   ann passes k1 on from sales to help target=bob "
                    "wrap_up_until=30.000 next=k1@bob\n"
                    "20.000   -> connected bob\n"
                    "30.000   ann is done with k1@ann\n"
                    "30.000   ann is logged_out\n"
                    "40.000 call k1 hangs up\n"
                    "40.000   k1 ends: answered by caller wrap_up_until=60.000\n"
                    "41.000 agent bob finishes\n"
                    "41.000   bob is done with k1@bob\n"
                    "41.000   bob is logged_out\n");
}

/* An agent that could have more calls gets none while it asks, and what waited right after it; nor
 * is it asked itself, though it is the first of the queue. */
Test(consult, no_offers_meanwhile)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=3\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 agent ann answers k1\n"
          "3.000 crew sales bob\n"
          "3.000 ready bob\n",
          "10.000 agent ann asks about k1 queue_name=sales\n"
          "10.000   ann has k1 on hold: yes\n"
          "10.000   ann asks about k1\n"
          "10.000   bob is asked about k1 until 25.000 queue=sales\n"
          "10.000   -> offered bob until 25.000\n"
          "11.000 agent bob answers k1@bob\n"
          "11.000   bob talks about k1\n"
          "12.000 call k2 arrives on sales\n"
          "12.000   k2 enters sales\n"
          "12.000   -> queued at 1\n"
          "13.000 agent ann hands over k1@ann\n"
          "13.000   ann passes k1 on from sales to sales target=bob next=k1@bob\n"
          "13.000   offer k2 to ann until 28.000\n"
          "13.000   -> connected bob\n");
}

/* Who of a queue is asked follows the queue's strategy and the call's plan, as if it moved there.
 */
Test(consult, by_plan_and_strategy)
{
    story(TALKING "2.000 queue help plan=spanish;@30s strategy=round-robin\n"
                  "2.000 agent cid learns spanish level=1\n",
          "10.000 agent ann asks about k1 queue_name=help\n"
          "10.000   plan 1 of help opens: spanish;@30s\n"
          "10.000   ann has k1 on hold: yes\n"
          "10.000   ann asks about k1\n"
          "10.000   cid is asked about k1 until 25.000 queue=help\n"
          "10.000   -> offered cid until 25.000\n"
          "11.000 agent ann stops asking about k1@ann\n"
          "11.000   offer of k1 to cid ends: rescinded\n"
          "11.000   ann has k1 on hold: no\n"
          "12.000 queue help plan=-\n"
          "12.000   queue help is set strategy=round-robin ring_timeout=60.000 "
          "wrap_up_time=20.000\n"
          "13.000 agent ann asks about k1 queue_name=help\n"
          "13.000   ann has k1 on hold: yes\n"
          "13.000   ann asks about k1\n"
          "13.000   bob is asked about k1 until 28.000 queue=help\n"
          "13.000   -> offered bob until 28.000\n"
          "14.000 agent ann stops asking about k1@ann\n"
          "14.000   offer of k1 to bob ends: rescinded\n"
          "14.000   ann has k1 on hold: no\n"
          "15.000 agent ann asks about k1 queue_name=help\n"
          "15.000   ann has k1 on hold: yes\n"
          "15.000   ann asks about k1\n"
          "15.000   cid is asked about k1 until 30.000 queue=help\n"
          "15.000   -> offered cid until 30.000\n");
}

/* The queue that was asked is gone by the time of the answer: the visit is of the call's own. */
Test(consult, the_queue_is_gone)
{
    story(ANSWERED "15.000 queue help goes\n",
          "20.000 agent ann hands over k1@ann\n"
          "20.000   ann passes k1 on from sales to sales target=bob wrap_up_until=30.000 "
          "next=k1@bob\n"
          "20.000   -> connected bob\n"
          "20.000 ? work bob\n"
          "20.000   assignment=k1@bob agent=bob call=k1 queue=sales role=connected since=20.000 "
          "channel=voice\n");
}

/* Who asks is told by the reply, the gateway by its outbox. */
Test(consult, is_told)
{
    story("0.000 client gw1 opens\n"
          "0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent bob contact=sip:bob\n"
          "0.000 ready ann bob\n"
          "1.000 gw1: call k1 arrives on sales\n"
          "2.000 gw1: agent ann answers gw1/k1\n",
          "3.000 agent ann asks bob about gw1/k1\n"
          "3.000   ann has gw1/k1 on hold: yes\n"
          "3.000   ann asks about gw1/k1\n"
          "3.000   bob is asked about gw1/k1 until 18.000 queue=sales\n"
          "3.000   -> offered bob until 18.000\n"
          "4.000 gw1: agent bob answers gw1/k1@bob\n"
          "4.000   bob talks about gw1/k1\n"
          "5.000 agent bob stops asking about gw1/k1@bob\n"
          "5.000   bob is asked about gw1/k1 no more\n"
          "6.000 gw1: agent ann asks bob about gw1/k1@ann\n"
          "6.000   ann asks about gw1/k1\n"
          "6.000   bob is asked about gw1/k1 until 21.000 queue=sales told\n"
          "6.000   -> offered bob until 21.000\n"
          "7.000 gw1: agent bob answers gw1/k1@bob\n"
          "7.000   bob talks about gw1/k1\n"
          "8.000 agent ann hands over gw1/k1@ann\n"
          "8.000   ann passes gw1/k1 on from sales to sales target=bob next=gw1/k1@bob\n"
          "8.000   -> connected bob\n"
          "8.000 ? outbox gw1\n"
          "8.000   1 at 3.000: held gw1/k1 queue=sales agent=ann\n"
          "8.000   2 at 3.000: consult_offered gw1/k1 queue=sales agent=bob contact=sip:bob "
          "until=18.000\n"
          "8.000   3 at 5.000: consult_ended gw1/k1 queue=sales agent=bob contact=sip:bob\n"
          "8.000   4 at 8.000: transferred gw1/k1 queue=sales agent=ann\n"
          "9.000 gw1: agent bob asks ann about gw1/k1@bob\n"
          "9.000   bob has gw1/k1 on hold: yes told\n"
          "9.000   bob asks about gw1/k1\n"
          "9.000   ann is asked about gw1/k1 until 24.000 queue=sales told\n"
          "9.000   -> offered ann until 24.000\n");
}

/* What cannot be asked, completed or ended, and by whom not. */
Test(consult, faults)
{
    story(TALKING "2.000 agent dan\n"
                  "2.000 call k2 arrives on help\n",
          "3.000 consult agent_name=cid\n"
          "3.000   -> MISSING at assignment\n"
          "3.000 consult assignment=stranger agent_name=cid\n"
          "3.000   -> LOST at assignment\n"
          "3.000 agent bob asks cid about k2\n" /* it rings only */
          "3.000   -> STATE at assignment\n"
          "3.000 agent ann asks about k1\n"
          "3.000   -> MISSING at queue_name\n"
          "3.000 agent ann asks about k1 queue_name=nowhere\n"
          "3.000   -> NOT_FOUND at queue_name\n"
          "3.000 agent ann asks nobody about k1\n"
          "3.000   -> NOT_FOUND at agent_name\n"
          "3.000 agent ann asks ann about k1\n"
          "3.000   -> INVALID at agent_name\n"
          "3.000 agent ann asks bob about k1\n" /* k2 rings there */
          "3.000   -> STATE at agent_name\n"
          "3.000 agent ann asks dan about k1\n" /* logged out */
          "3.000   -> STATE at agent_name\n"
          "3.000 agent ann asks about k1 queue_name=sales\n" /* nobody but herself */
          "3.000   -> refused no_agents\n"
          "3.000 agent ann hands over k1\n"
          "3.000   -> STATE at assignment\n"
          "3.000 agent ann stops asking about k1\n"
          "3.000   -> STATE at assignment\n"
          "3.000 ? call k1 state agent held_since\n"
          "3.000   state=connected agent=ann held_since=never\n");
}

/* What who asks, and who is asked, cannot do meanwhile. */
Test(consult, faults_meanwhile)
{
    story(ASKED, "11.000 agent ann hands over k1@ann\n" /* not answered yet */
                 "11.000   -> STATE at assignment\n"
                 "11.000 agent bob stops asking about k1@bob\n" /* it rings: that is a reject */
                 "11.000   -> STATE at assignment\n"
                 "12.000 agent bob answers k1@bob\n"
                 "12.000   bob talks about k1\n"
                 "12.000 agent ann asks cid about k1@ann\n"
                 "12.000   -> STATE at assignment\n"
                 "12.000 agent ann retrieves k1@ann\n"
                 "12.000   -> STATE at assignment\n"
                 "12.000 agent ann passes k1@ann to help\n"
                 "12.000   -> STATE at assignment\n"
                 "12.000 agent ann holds k1@ann\n"
                 "12.000   -> repeated\n"
                 "12.000 agent bob holds k1@bob\n"
                 "12.000   -> STATE at assignment\n"
                 "12.000 agent bob rejects k1@bob\n"
                 "12.000   -> STATE at assignment\n"
                 "12.000 agent bob hands over k1@bob\n"
                 "12.000   -> STATE at assignment\n"
                 "12.000 agent bob goes\n"
                 "12.000   -> STATE at name\n"
                 "13.000 agent ann hands over k1@ann\n"
                 "13.000   ann passes k1 on from sales to help target=bob wrap_up_until=23.000 "
                 "next=k1@bob\n"
                 "13.000   -> connected bob\n"
                 "13.000 agent ann hands over k1@ann\n"
                 "13.000   -> GONE at assignment\n");
}

/* A chat of an agent's: who is asked must have room for it, as for a transfer. */
Test(consult, room_for_the_channel)
{
    story("0.000 queue talk\n"
          "0.000 queue chat channel=chat\n"
          "0.000 crew talk ann\n"
          "0.000 agent bob max_concurrent_calls=3 channels=voice:100,chat:40\n"
          "0.000 agent bob joins chat\n"
          "0.000 ready ann bob\n"
          "1.000 call c1 arrives on chat\n"
          "1.000 call k1 arrives on talk\n"
          "2.000 agent ann answers k1\n",
          "3.000 agent ann asks bob about k1\n"
          "3.000   -> STATE at agent_name\n"
          "3.000 agent ann passes k1 agent_name=bob\n"
          "3.000   -> STATE at agent_name\n");
}
