#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* An agent asks a number outside before it passes its caller on: every way in which that may end.
 */

/* ann of sales talks with k1 since 2; she could have three calls. */
#define TALKING                                                                                    \
    "0.000 queue sales wrap_up_time=10 dial_timeout=30\n"                                          \
    "0.000 crew sales ann\n"                                                                       \
    "0.000 agent ann max_concurrent_calls=3\n"                                                     \
    "0.000 ready ann\n"                                                                            \
    "1.000 call k1 arrives on sales\n"                                                             \
    "2.000 agent ann answers k1\n"

/* The same, and 0049 is dialled since 10; it has answered at 14. */
#define DIALLED TALKING "10.000 agent ann calls 0049 about k1\n"
#define REACHED DIALLED "14.000 agent ann hears answered about k1\n"

/* Dialled, reached, handed over: the visit ends as one that was transferred to the number. */
Test(consult_number, handed_over)
{
    story(TALKING, "10.000 agent ann calls 0049 about k1\n"
                   "10.000   ann has k1 on hold: yes\n"
                   "10.000   ann calls 0049 about k1 until 40.000\n"
                   "10.000   -> dial until 40.000\n"
                   "10.000 ? call k1 state agent held_since until consulted_number\n"
                   "10.000   state=connected agent=ann held_since=10.000 until=40.000 "
                   "consulted_number=0049\n"
                   "10.000 ? agent ann activity available connected\n"
                   "10.000   activity=busy available=0 connected=1\n"
                   "11.000 call k2 arrives on sales\n"
                   "11.000   k2 enters sales\n"
                   "11.000   -> queued at 1\n"
                   "14.000 agent ann hears answered about k1\n"
                   "14.000   ann has reached whom it calls about k1\n"
                   "14.000 agent ann hears answered about k1\n"
                   "14.000   -> repeated\n"
                   "14.000 ? call k1 until consulted_number\n"
                   "14.000   until=never consulted_number=0049\n"
                   "50.000 agent ann hands over k1\n"
                   "50.000   ann calls nobody about k1 any more result=answered told\n"
                   "50.000   k1 ends: answered by agent wrap_up_until=60.000 "
                   "cause=transferred overflow=number overflow_to=0049\n"
                   "50.000   offer k2 to ann until 65.000\n"
                   "50.000 ? queue sales entered answered talk hold offers connected\n"
                   "50.000   entered=2 answered=1 talk=8.000 hold=40.000 offers=2 connected=0\n"
                   "60.000   ann is done with k1@ann\n"
                   "61.000 time passes\n");
}

/* The number is busy: the caller is on hold, and the agent asks another, which does not answer
 * until the lease runs out, and a third, which hangs up again. */
Test(consult_number, not_reached)
{
    story(DIALLED, "12.000 agent ann hears busy about k1\n"
                   "12.000   ann calls nobody about k1 any more result=busy\n"
                   "12.000 ? call k1 state held_since until consulted_number\n"
                   "12.000   state=connected held_since=10.000 until=never consulted_number=\n"
                   "12.000 ? agent ann activity available\n"
                   "12.000   activity=busy available=1\n"
                   "13.000 agent ann calls 0050 about k1\n"
                   "13.000   ann calls 0050 about k1 until 43.000\n"
                   "13.000   -> dial until 43.000\n"
                   "43.000   ann calls nobody about k1 any more result=no_answer\n"
                   "44.000 agent ann calls 0051 about k1\n"
                   "44.000   ann calls 0051 about k1 until 74.000\n"
                   "44.000   -> dial until 74.000\n"
                   "45.000 agent ann hears answered about k1\n"
                   "45.000   ann has reached whom it calls about k1\n"
                   "50.000 agent ann hears failed about k1\n"
                   "50.000   ann calls nobody about k1 any more result=failed\n"
                   "51.000 agent ann retrieves k1\n"
                   "51.000   ann has k1 on hold: no\n"
                   "60.000 call k1 hangs up\n"
                   "60.000   k1 ends: answered by caller wrap_up_until=70.000\n"
                   "60.000 ? queue sales talk hold\n"
                   "60.000   talk=17.000 hold=41.000\n");
}

/* Taken back: while it is dialled, and once it was answered. What waited rings only when nobody is
 * asked any more. */
Test(consult_number, taken_back)
{
    story(DIALLED, "11.000 call k2 arrives on sales\n"
                   "11.000   k2 enters sales\n"
                   "11.000   -> queued at 1\n"
                   "12.000 agent ann stops asking about k1\n"
                   "12.000   ann calls nobody about k1 any more\n"
                   "12.000   ann has k1 on hold: no\n"
                   "12.000   offer k2 to ann until 27.000\n"
                   "13.000 agent ann rejects k2\n"
                   "13.000   offer of k2 to ann ends: rejected\n"
                   "13.000   offer k2 to ann until 28.000\n");
    story(REACHED, "20.000 agent ann stops asking about k1\n"
                   "20.000   ann calls nobody about k1 any more\n"
                   "20.000   ann has k1 on hold: no\n"
                   "20.000 agent ann stops asking about k1\n"
                   "20.000   -> STATE at assignment\n");
}

/* The caller does not wait for it: while it is dialled, and while they talk. */
Test(consult_number, the_caller_hangs_up)
{
    story(DIALLED, "11.000 call k1 hangs up\n"
                   "11.000   ann calls nobody about k1 any more\n"
                   "11.000   k1 ends: answered by caller wrap_up_until=21.000\n"
                   "21.000   ann is done with k1@ann\n"
                   "50.000 time passes\n");
    story(REACHED, "20.000 call k1 hangs up\n"
                   "20.000   ann calls nobody about k1 any more\n"
                   "20.000   k1 ends: answered by caller wrap_up_until=30.000\n"
                   "20.000 ? agent ann activity available\n"
                   "20.000   activity=wrap_up available=1\n");
}

/* The agent hangs up: the caller is left to the number that has answered; while it is dialled
 * nobody has it. */
Test(consult_number, the_agent_hangs_up)
{
    story(REACHED, "20.000 call k1 hangs up side=agent\n"
                   "20.000   ann calls nobody about k1 any more result=answered told\n"
                   "20.000   k1 ends: answered by agent wrap_up_until=30.000 "
                   "cause=transferred overflow=number overflow_to=0049\n");
    story(DIALLED, "11.000 call k1 hangs up side=agent\n"
                   "11.000   ann calls nobody about k1 any more\n"
                   "11.000   k1 ends: answered by agent wrap_up_until=21.000\n");
    story(REACHED, "20.000 call k1 hangs up side=system\n"
                   "20.000   ann calls nobody about k1 any more\n"
                   "20.000   k1 ends: answered by system wrap_up_until=30.000\n");
}

/* By force all that the agent has is over. */
Test(consult_number, the_agent_is_freed)
{
    story(DIALLED, "11.000 agent ann is freed\n"
                   "11.000   ann is freed\n"
                   "11.000   ann calls nobody about k1 any more\n"
                   "11.000   k1 ends: answered by system\n"
                   "11.000   ann is ready\n"
                   "11.000 ? agent ann activity available\n"
                   "11.000   activity=idle available=1\n");
}

/* Who asks is told by the reply, the gateway by its outbox. */
Test(consult_number, is_told)
{
    story("0.000 client gw1 opens\n"
          "0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann contact=sip:ann\n"
          "0.000 ready ann\n"
          "1.000 gw1: call k1 arrives on sales\n"
          "2.000 gw1: agent ann answers gw1/k1\n",
          "3.000 agent ann calls 0049 about gw1/k1\n"
          "3.000   ann has gw1/k1 on hold: yes\n"
          "3.000   ann calls 0049 about gw1/k1 until 63.000\n"
          "3.000   -> dial until 63.000\n"
          "4.000 gw1: agent ann hears busy about gw1/k1\n"
          "4.000   ann calls nobody about gw1/k1 any more result=busy told\n"
          "5.000 gw1: agent ann calls 0050 about gw1/k1\n"
          "5.000   ann calls 0050 about gw1/k1 until 65.000 told\n"
          "5.000   -> dial until 65.000\n"
          "6.000 agent ann stops asking about gw1/k1\n"
          "6.000   ann calls nobody about gw1/k1 any more\n"
          "6.000   ann has gw1/k1 on hold: no\n"
          "7.000 agent ann calls 0051 about gw1/k1\n"
          "7.000   ann has gw1/k1 on hold: yes\n"
          "7.000   ann calls 0051 about gw1/k1 until 67.000\n"
          "7.000   -> dial until 67.000\n"
          "8.000 gw1: agent ann hears answered about gw1/k1\n"
          "8.000   ann has reached whom it calls about gw1/k1\n"
          "9.000 agent ann hands over gw1/k1\n"
          "9.000   ann calls nobody about gw1/k1 any more result=answered told\n"
          "9.000   gw1/k1 ends: answered by agent cause=transferred overflow=number "
          "overflow_to=0051\n"
          "9.000 ? outbox gw1\n"
          "9.000   1 at 3.000: held gw1/k1 queue=sales agent=ann contact=sip:ann\n"
          "9.000   2 at 3.000: consult_dial gw1/k1 queue=sales agent=ann contact=sip:ann "
          "until=63.000 consulted_number=0049\n"
          "9.000   3 at 6.000: consult_dial_ended gw1/k1 queue=sales agent=ann contact=sip:ann\n"
          "9.000   4 at 6.000: retrieved gw1/k1 queue=sales agent=ann contact=sip:ann\n"
          "9.000   5 at 7.000: held gw1/k1 queue=sales agent=ann contact=sip:ann\n"
          "9.000   6 at 7.000: consult_dial gw1/k1 queue=sales agent=ann contact=sip:ann "
          "until=67.000 consulted_number=0051\n"
          "9.000   7 at 9.000: call_ended gw1/k1 queue=sales disposition=answered "
          "cause=transferred overflow=number overflow_to=0051\n");
}

/* A lost gateway dials nothing: the caller is on hold as before. A number that has answered is
 * there, and so it goes on, until the grace is over. */
Test(consult_number, the_gateway_is_lost)
{
    static const char before[] = "0.000 client gw1 opens lease=8 grace=30\n"
                                 "0.000 queue sales\n"
                                 "0.000 crew sales ann\n"
                                 "0.000 ready ann\n"
                                 "1.000 gw1: call k1 arrives on sales\n"
                                 "1.000 gw1: agent ann answers gw1/k1\n"
                                 "1.000 agent ann calls 0049 about gw1/k1\n";

    story(before, "10.000   gw1 is lost until=40.000\n"
                  "10.000   ann calls nobody about gw1/k1 any more\n"
                  "10.000   gw1 is swept\n"
                  "11.000 agent ann calls 0050 about gw1/k1\n"
                  "11.000   -> STATE at assignment\n"
                  "11.000 agent ann retrieves gw1/k1\n"
                  "11.000   ann has gw1/k1 on hold: no\n");
    story(before, "2.000 agent ann hears answered about gw1/k1\n"
                  "2.000   ann has reached whom it calls about gw1/k1\n"
                  "10.000   gw1 is lost until=40.000\n"
                  "10.000   gw1 is swept\n"
                  "40.000   gw1 is swept sweep=end\n"
                  "40.000   ann calls nobody about gw1/k1 any more\n"
                  "40.000   gw1/k1 ends: lost by system\n"
                  "40.000   gw1 is swept\n"
                  "41.000 time passes\n");
}

/* What cannot be asked, said or done. */
Test(consult_number, faults)
{
    story(TALKING, "3.000 consult_result result=busy\n"
                   "3.000   -> MISSING at assignment\n"
                   "3.000 consult_result assignment=stranger result=busy\n"
                   "3.000   -> LOST at assignment\n"
                   "3.000 agent ann hears busy about k1\n" /* it asks nobody */
                   "3.000   -> STATE at assignment\n");
    story(DIALLED, "11.000 agent ann hands over k1\n" /* not answered yet */
                   "11.000   -> STATE at assignment\n"
                   "11.000 agent ann calls 0050 about k1\n"
                   "11.000   -> STATE at assignment\n"
                   "11.000 agent ann retrieves k1\n"
                   "11.000   -> STATE at assignment\n"
                   "11.000 agent ann passes k1 number=0050\n"
                   "11.000   -> STATE at assignment\n"
                   "11.000 agent ann holds k1\n"
                   "11.000   -> repeated\n"
                   "11.000 agent ann logged_out\n"
                   "11.000   -> STATE at state\n"
                   "11.000 consult_result assignment=k1@ann\n"
                   "11.000   -> MISSING at result\n"
                   "11.000 consult_result assignment=k1@ann result=9\n"
                   "11.000   -> INVALID at result\n"
                   "12.000 agent ann hears answered about k1\n"
                   "12.000   ann has reached whom it calls about k1\n"
                   "13.000 agent ann hands over k1\n"
                   "13.000   ann calls nobody about k1 any more result=answered told\n"
                   "13.000   k1 ends: answered by agent wrap_up_until=23.000 "
                   "cause=transferred overflow=number overflow_to=0049\n"
                   "13.000 agent ann hears busy about k1\n"
                   "13.000   -> GONE at assignment\n");
}

/* An agent who is asked about the call is no number. */
Test(consult_number, an_agent_is_asked)
{
    story(TALKING "3.000 agent bob\n"
                  "3.000 ready bob\n"
                  "4.000 agent ann asks bob about k1\n",
          "5.000 agent ann hears answered about k1@ann\n"
          "5.000   -> STATE at assignment\n"
          "5.000 agent ann calls 0049 about k1@ann\n"
          "5.000   -> STATE at assignment\n");
}
