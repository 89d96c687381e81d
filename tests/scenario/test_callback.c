#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Callers who are called back. */

/* The example of docs/ROUTING.md: the place is kept, the first attempt fails, the second reaches
 * the customer; the books know three visits. */
Test(callback, keeps_its_place)
{
    story("0.000 queue sales callback_attempts=2 callback_retry=600\n"
          "0.000 crew sales ann bob\n",
          "1.000 call k1 arrives on sales caller=555\n"
          "1.000   k1 enters sales caller=555\n"
          "1.000   -> queued at 1\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   k2 enters sales\n"
          "2.000   -> queued at 2\n"
          "3.000 call k1 wants a callback\n"
          "3.000   k1 is to be called back under 555 attempts=2 retry=600.000\n"
          "3.000   k1 is due in sales\n"
          "3.000   -> callback\n"
          "3.000 ? call k1 state position callback number attempts expires_at\n"
          "3.000   state=queued position=1 callback=1 number=555 attempts=2 expires_at=86403.000\n"
          "4.000 call k1 hangs up\n"
          "4.000   -> repeated\n"
          "5.000 agent ann ready\n"
          "5.000   ann is ready\n"
          "5.000   offer k1 to ann until 20.000\n"
          "6.000 agent ann answers k1\n"
          "6.000   k1 is dialled for ann until 66.000\n"
          "6.000   -> dial until 66.000\n"
          "6.000 ? agent ann activity connected calls_today\n"
          "6.000   activity=busy connected=1 calls_today=0\n"
          "6.000 ? call k1 state agent\n"
          "6.000   state=dialing agent=ann\n"
          "8.000 agent ann dials k1 busy\n"
          "8.000   ann does not reach k1: busy due=608.000\n"
          "8.000   offer k2 to ann until 23.000\n"
          "8.000 ? call k1 state position due_at attempts\n"
          "8.000   state=scheduled position=0 due_at=608.000 attempts=1\n"
          "9.000 agent ann answers k2\n"
          "9.000   ann talks with k2\n"
          "600.000 call k3 arrives on sales\n"
          "600.000   k3 enters sales\n"
          "600.000   -> queued at 1\n"
          "608.000   k1 is due in sales\n"
          "609.000 agent bob ready\n"
          "609.000   bob is ready\n"
          "609.000   offer k1 to bob until 624.000\n"
          "610.000 agent bob answers k1\n"
          "610.000   k1 is dialled for bob until 670.000\n"
          "610.000   -> dial until 670.000\n"
          "615.000 agent bob dials k1 answered\n"
          "615.000   bob reaches k1\n"
          "615.000   bob talks with k1\n"
          "616.000 agent bob dials k1 answered\n"
          "616.000   -> repeated\n"
          "617.000 ? queue sales entered callbacks unreached answered called_back waiting "
          "wait_answered\n"
          "617.000   entered=5 callbacks=1 unreached=1 answered=2 called_back=1 waiting=1 "
          "wait_answered=14.000\n"
          "620.000 call k1 hangs up\n"
          "620.000   k1 ends: answered by caller\n"
          "620.000   offer k3 to bob until 635.000\n");
}

/* Not offered before its time; then it stands before all who came since. Its time may be changed.
 */
Test(callback, waits_for_its_time)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n",
          "1.000 call k1 wants a callback queue_name=sales number=555 due=100 retry=60 attempts=1 "
          "expire=30\n"
          "1.000   k1 enters sales caller=555 direction=outbound\n"
          "1.000   k1 is to be called back under 555 due=100.000 attempts=1 retry=60.000\n"
          "1.000   -> callback\n"
          "2.000 agent ann ready\n"
          "2.000   ann is ready\n"
          "2.000 ? queue sales waiting scheduled entered callbacks\n"
          "2.000   waiting=0 scheduled=1 entered=1 callbacks=1\n"
          "2.000 ? totals scheduled queued\n"
          "2.000   scheduled=1 queued=0\n"
          "3.000 call k1 wants a callback due=50 number=556\n"
          "3.000   k1 is to be called back under 556 due=50.000\n"
          "3.000   -> callback\n"
          "3.000 ? deadline\n"
          "3.000   50.000\n"
          "50.000   k1 is due in sales\n"
          "50.000   offer k1 to ann until 65.000\n"
          "51.000 call k1 wants a callback due=60\n"
          "51.000   offer of k1 to ann ends: rescinded\n"
          "51.000   k1 is to be called back under 556 due=60.000\n"
          "51.000   -> callback\n"
          "60.000   k1 is due in sales\n"
          "60.000   offer k1 to ann until 75.000\n"
          "61.000 ? queue sales entered callbacks\n"
          "61.000   entered=3 callbacks=2\n");
}

/* The attempts are used up: unreached. The gateway that never says what came of it has reached
 * nobody. */
Test(callback, is_not_reached)
{
    story("0.000 queue sales callback_attempts=1 dial_timeout=5\n"
          "0.000 queue help callback_attempts=2 callback_retry=10\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann joins help\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales caller=555\n"
          "0.000 call k1 wants a callback\n",
          "1.000 agent ann answers k1\n"
          "1.000   k1 is dialled for ann until 6.000\n"
          "1.000   -> dial until 6.000\n"
          "6.000   ann does not reach k1: no_answer due=906.000\n"
          "6.000   k1 ends: unreached by system\n"
          "7.000 agent ann dials k1 answered\n"
          "7.000   -> LOST at assignment\n"
          "7.000 ? queue sales entered callbacks unreached offers no_answers abandoned waiting\n"
          "7.000   entered=2 callbacks=1 unreached=1 offers=2 no_answers=0 abandoned=0 waiting=0\n"
          "8.000 call k1 wants a callback\n"
          "8.000   -> GONE at key\n");
}

/* Nobody is there when it is due: it is put off, and at most until it expires. */
Test(callback, nobody_is_there)
{
    story("0.000 queue sales leave_when_empty=ready callback_retry=60 callback_expire=100\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales caller=555\n"
          "0.000 agent ann answers k1\n"
          "1.000 call k2 arrives on sales caller=556\n",
          "2.000 call k2 wants a callback\n"
          "2.000   k2 is to be called back under 556 retry=60.000\n"
          "2.000   k2 is due in sales\n"
          "2.000   -> callback\n"
          "3.000 agent ann not_ready\n"
          "3.000   ann is not_ready\n"
          "3.000   k2 is put off until 63.000 disposition=left_empty cause=left_empty\n"
          "63.000   k2 is put off until 102.000\n"
          "64.000 ? explained k2 state members number due_at attempts expires_at max_wait_at able\n"
          "64.000   state=scheduled members=1 number=556 due_at=102.000 attempts=3 "
          "expires_at=102.000 max_wait_at=never able=0\n"
          "102.000 time passes\n"
          "102.000   k2 ends: unreached by system cause=expired\n"
          "102.000 ? queue sales entered callbacks left_empty unreached\n"
          "102.000   entered=3 callbacks=1 left_empty=1 unreached=0\n");
}

/* It expires while it waits; max_wait is none of its matters, nor are announcements. */
Test(callback, expires)
{
    story("0.000 queue sales max_wait=20 announce_interval=5 callback_expire=60\n"
          "0.000 client gw1 opens\n"
          "0.000 gw1: call k1 arrives on sales caller=555 announce=yes\n",
          "2.000 gw1: call k1 wants a callback\n"
          "2.000   gw1/k1 is to be called back under 555 by=gw1 told\n"
          "2.000   gw1/k1 is due in sales\n"
          "2.000   -> callback\n"
          "2.000 ? deadline\n"
          "2.000   62.000\n"
          "62.000 time passes\n"
          "62.000   gw1/k1 ends: unreached by system cause=expired\n"
          "62.000 ? outbox gw1\n"
          "62.000   1 at 62.000: call_ended gw1/k1 queue=sales disposition=unreached cause=expired "
          "callback=555\n"
          "62.000 ? queue sales unreached timed_out\n"
          "62.000   unreached=1 timed_out=0\n");
}

/* Rules send callers to be called back: a key, max_wait; without a number they end as ever. */
Test(callback, by_a_rule)
{
    story("0.000 queue sales max_wait=60 on_max_wait=callback exit_keys=1=callback:777\n"
          "0.000 client gw1 opens\n"
          "0.000 gw1: call k1 arrives on sales caller=555\n"
          "0.000 gw1: call k2 arrives on sales\n"
          "0.000 gw1: call k3 arrives on sales caller=555\n",
          "10.000 gw1: call k3 presses 1\n"
          "10.000   gw1/k3 leaves sales by key 1\n"
          "10.000   gw1/k3 is to be called back under 777 cause=exit_key told\n"
          "10.000   gw1/k3 is due in sales\n"
          "10.000   -> callback to callback 777\n"
          "11.000 gw1: call k3 presses 1\n"
          "11.000   -> STATE at call\n"
          "60.000 time passes\n"
          "60.000   gw1/k1 is to be called back under 555 cause=max_wait\n"
          "60.000   gw1/k1 is due in sales\n"
          "60.000   gw1/k2 ends: timed_out by system overflow=callback\n"
          "60.000 ? outbox gw1\n"
          "60.000   1 at 60.000: callback gw1/k1 queue=sales callback=555\n"
          "60.000   2 at 60.000: call_ended gw1/k2 queue=sales disposition=timed_out "
          "overflow=callback\n"
          "60.000 ? call gw1/k3 position\n"
          "60.000   position=2\n"
          "60.000 ? queue sales callbacks timed_out exited waiting\n"
          "60.000   callbacks=2 timed_out=1 exited=0 waiting=2\n");
}

/* The gateway of an agent's own accept hears of it by notice; the lease tells it to stop. */
Test(callback, is_told)
{
    story(
        "0.000 queue sales dial_timeout=10 callback_attempts=1\n"
        "0.000 crew sales ann\n"
        "0.000 client gw1 opens\n"
        "0.000 gw1: call k1 wants a callback queue_name=sales number=555\n"
        "0.000 ready ann\n",
        "1.000 agent ann answers gw1/k1\n"
        "1.000   gw1/k1 is dialled for ann until 11.000\n"
        "1.000   -> dial until 11.000\n"
        "11.000 time passes\n"
        "11.000   ann does not reach gw1/k1: no_answer due=911.000\n"
        "11.000   gw1/k1 ends: unreached by system\n"
        "11.000 ? outbox gw1\n"
        "11.000   1 at 0.000: offered gw1/k1 queue=sales agent=ann until=15.000 callback=555\n"
        "11.000   2 at 1.000: dial gw1/k1 queue=sales agent=ann until=11.000 callback=555\n"
        "11.000   3 at 11.000: dial_ended gw1/k1 queue=sales agent=ann callback=555\n"
        "11.000   4 at 11.000: call_ended gw1/k1 queue=sales disposition=unreached callback=555\n");
}

/* The customer calls in meanwhile: it has the place, and the callback is over, whoever had it. One
 * that rings is let be. */
Test(callback, calls_in_meanwhile)
{
    story("0.000 queue sales callback_resume=yes\n"
          "0.000 queue plain\n"
          "0.000 crew sales ann\n"
          "0.000 client gw1 opens\n"
          "0.000 gw1: call k1 arrives on sales caller=555\n"
          "0.000 gw1: call k1 wants a callback due=500\n"
          "1.000 call k2 arrives on sales caller=556\n",
          "2.000 call k3 arrives on plain caller=555\n"
          "2.000   k3 enters plain caller=555\n"
          "2.000   -> queued at 1\n"
          "3.000 call k4 arrives on sales caller=555\n"
          "3.000   k4 enters sales caller=555 resumed=0.000\n"
          "3.000   gw1/k1 ends: withdrawn by caller cause=called_in\n"
          "3.000   -> queued at 1\n"
          "3.000 ? outbox gw1\n"
          "3.000   1 at 3.000: call_ended gw1/k1 queue=sales disposition=withdrawn cause=called_in "
          "callback=555\n"
          "3.000 ? queue sales resumed callbacks withdrawn\n"
          "3.000   resumed=1 callbacks=1 withdrawn=0\n"
          "4.000 call k4 wants a callback\n"
          "4.000   k4 is to be called back under 555\n"
          "4.000   k4 is due in sales\n"
          "4.000   -> callback\n"
          "5.000 agent ann ready\n"
          "5.000   ann is ready\n"
          "5.000   offer k4 to ann until 20.000\n"
          "6.000 call k5 arrives on sales caller=555\n"
          "6.000   k5 enters sales caller=555\n"
          "6.000   -> queued at 2\n");
}

/* Taken back by the system, wherever it stands; of one that is dialled the attempt has failed. */
Test(callback, is_taken_back)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 call k1 wants a callback queue_name=sales number=555 due=50\n"
          "0.000 call k2 wants a callback queue_name=sales number=556\n",
          "1.000 call k1 hangs up side=system\n"
          "1.000   k1 ends: withdrawn by system\n"
          "2.000 agent ann ready\n"
          "2.000   ann is ready\n"
          "2.000   offer k2 to ann until 17.000\n"
          "3.000 agent ann answers k2\n"
          "3.000   k2 is dialled for ann until 63.000\n"
          "3.000   -> dial until 63.000\n"
          "4.000 call k2 moves to sales\n"
          "4.000   -> STATE at call\n"
          "4.000 call k2 wants a callback\n"
          "4.000   -> STATE at call\n"
          "5.000 call k2 hangs up side=agent\n"
          "5.000   -> repeated\n"
          "6.000 call k2 hangs up side=system\n"
          "6.000   ann does not reach k2: failed due=906.000\n"
          "6.000   k2 ends: withdrawn by system\n"
          "6.000 ? queue sales withdrawn unreached callbacks\n"
          "6.000   withdrawn=0 unreached=1 callbacks=2\n");
}

/* A supervisor frees the agent: the attempt has failed. Rejecting an offer is none. */
Test(callback, agent_lets_go)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 call k1 wants a callback queue_name=sales number=555\n"
          "0.000 ready ann\n",
          "1.000 agent ann rejects k1\n"
          "1.000   offer of k1 to ann ends: rejected\n"
          "1.000   offer k1 to ann until 16.000\n"
          "1.000 ? call k1 attempts offers\n"
          "1.000   attempts=3 offers=2\n"
          "2.000 agent ann answers k1\n"
          "2.000   k1 is dialled for ann until 62.000\n"
          "2.000   -> dial until 62.000\n"
          "3.000 agent ann answers k1\n"
          "3.000   -> repeated dial until 62.000\n"
          "3.000 agent ann logged_out\n"
          "3.000   -> STATE at state\n"
          "4.000 agent ann is freed state=logged_out\n"
          "4.000   ann is freed\n"
          "4.000   ann does not reach k1: failed due=904.000\n"
          "4.000   ann is logged_out\n"
          "4.000 ? call k1 state attempts\n"
          "4.000   state=scheduled attempts=2\n");
}

/* A queue that goes takes its callbacks along, those that are not due too; or lets them go. */
Test(callback, queue_goes)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 call k1 wants a callback queue_name=sales number=555 due=50\n"
          "0.000 call k2 wants a callback queue_name=sales number=556\n"
          "0.000 call k3 wants a callback queue_name=help number=557 due=60\n",
          "1.000 queue sales goes\n"
          "1.000   -> STATE at policy\n"
          "2.000 queue sales goes policy=move target_name=help\n"
          "2.000   queue sales is going, move target=help\n"
          "2.000   k2 moves from sales to help until=86400.000\n"
          "2.000   k1 is to be called back under 555 due=50.000 told\n"
          "2.000   queue sales is gone\n"
          "50.000 time passes\n"
          "50.000   k1 is due in help\n"
          "51.000 queue help drains policy=withdraw\n"
          "51.000   queue help drains, withdraw\n"
          "51.000 time passes\n"
          "51.000   k1 ends: withdrawn by system\n"
          "51.000   k2 ends: withdrawn by system\n"
          "51.000   k3 ends: withdrawn by system\n"
          "51.000   queue help is drained\n"
          "51.000 ? queue help withdrawn overflowed scheduled\n"
          "51.000   withdrawn=2 overflowed=0 scheduled=0\n");
}

/* A callback that is not due has its own plan while its queue is there; where it is sent when that
 * goes, it follows what is set there. A call that waits brings its own along. */
Test(callback, plan_goes_with_its_queue)
{
    story("0.000 queue sales plan=tech\n"
          "0.000 queue help plan=billing\n"
          "0.000 call k1 arrives on sales plan=spanish caller=555\n"
          "0.000 call k2 arrives on sales plan=spanish caller=556\n",
          "1.000 call k1 wants a callback due=50\n"
          "1.000   k1 is to be called back under 555 due=50.000\n"
          "1.000   -> callback\n"
          "2.000 ? call k1 plan\n"
          "2.000   plan=spanish\n"
          "3.000 queue sales goes policy=move target_name=help\n"
          "3.000   queue sales is going, move target=help\n"
          "3.000   plan 2 of help opens: spanish\n"
          "3.000   k2 moves from sales to help plan=2\n"
          "3.000   k1 is to be called back under 555 due=50.000 told\n"
          "3.000   queue sales is gone\n"
          "50.000 time passes\n"
          "50.000   plan 1 of help opens: billing\n"
          "50.000   k1 is due in help plan=1\n"
          "51.000 ? call k1 state plan\n"
          "51.000   state=queued plan=billing\n"
          "51.000 ? call k2 state plan\n"
          "51.000   state=queued plan=spanish\n");
}

/* All phones ring for a callback; one takes it, and its customer is dialled once. */
Test(callback, rings_at_many)
{
    story("0.000 queue sales strategy=ring-all\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann bob\n",
          "1.000 call k1 wants a callback queue_name=sales number=555\n"
          "1.000   k1 enters sales caller=555 direction=outbound\n"
          "1.000   k1 is to be called back under 555\n"
          "1.000   k1 is due in sales\n"
          "1.000   offer k1 to ann until 16.000\n"
          "1.000   k1 asks for more\n"
          "1.000   offer k1 to bob until 16.000\n"
          "1.000   -> callback\n"
          "2.000 agent bob answers k1\n"
          "2.000   offer of k1 to ann ends: answered_elsewhere\n"
          "2.000   k1 is dialled for bob until 62.000\n"
          "2.000   -> dial until 62.000\n"
          "3.000 agent bob dials k1 answered\n"
          "3.000   bob reaches k1\n"
          "3.000   bob talks with k1\n"
          "4.000 agent bob passes k1 to sales\n"
          "4.000   bob passes k1 on from sales to sales\n"
          "4.000   offer k1 to ann until 19.000\n"
          "4.000   k1 asks for more\n"
          "4.000   offer k1 to bob until 19.000\n"
          "4.000   -> offered ann until 19.000\n");
}

/* What cannot be. */
Test(callback, faults)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 call k2 arrives on sales\n",
          "1.000 call_callback call=stranger\n"
          "1.000   -> GONE at call\n"
          "1.000 call_callback number=555\n"
          "1.000   -> MISSING at key\n"
          "1.000 call k2 wants a callback\n"
          "1.000   -> MISSING at number\n"
          "1.000 call k2 wants a callback number=555 due=7776001.000001\n"
          "1.000   -> INVALID at due\n"
          "1.000 call k2 wants a callback number=555 attempts=101\n"
          "1.000   -> INVALID at attempts\n"
          "1.000 call k2 wants a callback number=555 retry=0.500\n"
          "1.000   -> INVALID at retry\n"
          "1.000 call k2 wants a callback number=555 expire=none\n"
          "1.000   -> INVALID at expire\n"
          "1.000 call k9 wants a callback number=555\n"
          "1.000   -> MISSING at queue_name\n"
          "1.000 call k9 wants a callback number=555 queue_name=nowhere\n"
          "1.000   -> NOT_FOUND at queue_name\n"
          "1.000 call k9 wants a callback queue_name=sales\n"
          "1.000   -> MISSING at number\n"
          "2.000 agent ann dials k1 answered\n"
          "2.000   -> STATE at assignment\n"
          "3.000 agent ann answers k1\n"
          "3.000   ann talks with k1\n"
          "3.000 agent ann dials k1 answered\n"
          "3.000   -> STATE at assignment\n"
          "3.000 call k1 wants a callback number=555\n"
          "3.000   -> STATE at call\n"
          "3.000 callback_result result=busy\n"
          "3.000   -> MISSING at assignment\n"
          "4.000 call k2 wants a callback number=555\n"
          "4.000   k2 is to be called back under 555\n"
          "4.000   k2 is due in sales\n"
          "4.000   -> callback\n"
          "5.000 call k1 hangs up\n"
          "5.000   k1 ends: answered by caller\n"
          "5.000   offer k2 to ann until 20.000\n"
          "6.000 agent ann answers k2\n"
          "6.000   k2 is dialled for ann until 66.000\n"
          "6.000   -> dial until 66.000\n"
          "6.000 agent ann dials k2 9\n"
          "6.000   -> INVALID at result\n"
          "6.000 agent ann holds k2\n"
          "6.000   -> STATE at assignment\n"
          "6.000 queue sales callback_attempts=101\n"
          "6.000   -> INVALID at callback_attempts\n"
          "6.000 queue sales dial_timeout=0.500\n"
          "6.000   -> INVALID at dial_timeout\n");
}
