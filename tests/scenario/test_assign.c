#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* A chosen waiting call is given to a chosen agent. */

/* It goes past those who came before it, and to an agent who is not the first; everything else
 * about the offer is as ever. */
Test(assign, out_of_turn)
{
    story("0.000 client desk opens kind=operator\n"
          "0.000 client gw1 opens\n"
          "0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 gw1: call k2 arrives on sales\n"
          "0.000 agent ann not_ready\n",
          "1.000 agent bob not_ready\n"
          "1.000   bob is not_ready\n"
          "2.000 desk: call gw1/k2 goes to bob\n"
          "2.000   gw1/k2 is given to bob by=desk passed=1 not_ready\n"
          "2.000   offer gw1/k2 to bob until 17.000\n"
          "2.000   -> offered bob until 17.000\n"
          "2.000 ? outcome\n"
          "2.000   verdict=offered call=gw1/k2 assignment=gw1/k2@bob agent=bob queue=sales "
          "until=17.000 agent_name=bob\n"
          "2.000 ? outbox gw1\n"
          "2.000   1 at 2.000: offered gw1/k2 queue=sales agent=bob until=17.000\n"
          "3.000 agent bob rejects gw1/k2\n"
          "3.000   offer of gw1/k2 to bob ends: rejected\n"
          "3.000 ? line sales\n"
          "3.000   k1 gw1/k2\n"
          "3.000 ? agent bob state\n"
          "3.000   state=not_ready\n");
}

/* What rings elsewhere is taken back, and that agent gets the next call at once. */
Test(assign, taken_from_another_agent)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 call k2 arrives on sales\n"
          "0.000 agent bob not_ready\n",
          "1.000 call k1 goes to bob\n"
          "1.000   offer of k1 to ann ends: rescinded\n"
          "1.000   k1 is given to bob not_ready\n"
          "1.000   offer k1 to bob until 16.000\n"
          "1.000   offer k2 to ann until 16.000\n"
          "1.000   -> offered bob until 16.000\n"
          "2.000 call k1 goes to bob\n"
          "2.000   -> repeated offered bob until 16.000\n"
          "3.000 agent bob answers k1\n"
          "3.000   bob talks with k1\n");
}

/* An agent pulls a call from a queue that is not hers; she is delayed, too. */
Test(assign, pulled_by_one_who_is_no_member)
{
    story("0.000 client screen opens kind=operator\n"
          "0.000 queue sales\n"
          "0.000 queue help reject_delay=60\n"
          "0.000 crew help ann\n"
          "0.000 ready ann\n"
          "0.000 call h1 arrives on help\n"
          "0.000 agent ann rejects h1\n"
          "0.000 call k1 arrives on sales\n",
          "1.000 screen: call k1 goes to ann\n"
          "1.000   k1 is given to ann by=screen not_member delayed\n"
          "1.000   offer k1 to ann until 16.000\n"
          "1.000   -> offered ann until 16.000\n"
          "2.000 agent ann answers k1\n"
          "2.000   ann talks with k1\n"
          "2.000 ? agent ann activity delay_until\n"
          "2.000   activity=busy delay_until=60.000\n"
          "60.000 time passes\n"
          "60.000   ann is delayed no more\n");
}

/* A gateway that gives its own call is told by the reply, not by its outbox. Nobody's lease is
 * forgotten: unanswered, the call is back in its place. */
Test(assign, pain_01_what_was_given_is_not_stuck)
{
    story("0.000 client gw1 opens\n"
          "0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann not_ready\n"
          "0.000 gw1: call k1 arrives on sales\n",
          "1.000 gw1: call_assign key=k1 name=ann\n"
          "1.000   gw1/k1 is given to ann by=gw1 not_ready\n"
          "1.000   offer gw1/k1 to ann until 16.000 told\n"
          "1.000   -> offered ann until 16.000\n"
          "1.000 ? outbox gw1\n"
          "1.000   empty\n"
          "16.000 time passes\n"
          "16.000   offer of gw1/k1 to ann ends: no_answer\n"
          "16.000 ? call gw1/k1 state position\n"
          "16.000   state=queued position=1\n"
          "17.000 gw1: call_assign key=k1 name=ann\n"
          "17.000   gw1/k1 is given to ann by=gw1 not_ready\n"
          "17.000   offer gw1/k1 to ann until 32.000 told\n"
          "17.000   -> offered ann until 32.000\n"
          "18.000 agent ann logged_out\n"
          "18.000   ann is logged_out\n"
          "18.000   offer of gw1/k1 to ann ends: rescinded\n");
}

/* Never beyond capacity, nor to one who is not there. */
Test(assign, faults)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent cat active=no\n"
          "0.000 agent cat ready\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 agent ann answers k1\n"
          "0.000 call k2 arrives on sales\n"
          "0.000 call k3 arrives on sales\n"
          "0.000 call k3 hangs up\n",
          "1.000 call k2 goes to ann\n"
          "1.000   -> STATE at name\n"
          "1.000 call k2 goes to bob\n"
          "1.000   -> STATE at name\n"
          "1.000 call k2 goes to cat\n"
          "1.000   -> STATE at name\n"
          "1.000 call k2 goes to dan\n"
          "1.000   -> NOT_FOUND at name\n"
          "1.000 call k1 goes to bob\n"
          "1.000   -> STATE at call\n"
          "1.000 call k3 goes to bob\n"
          "1.000   -> GONE at call\n"
          "1.000 call_assign name=bob\n"
          "1.000   -> MISSING at key\n"
          "1.000 call_assign key=k2\n"
          "1.000   -> MISSING at name\n"
          "1.000 call_assign key=k9 name=bob\n"
          "1.000   -> NOT_FOUND at key\n");
}
