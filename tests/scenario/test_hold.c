#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Callers on hold. */

/* Both sides say so at every step: the agent is busy all along, the caller is on hold since. */
Test(hold, and_back)
{
    story("0.000 queue sales wrap_up_time=10\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 agent ann answers k1\n",
          "5.000 agent ann holds k1\n"
          "5.000   ann has k1 on hold: yes\n"
          "6.000 ? call k1 state held_since hold\n"
          "6.000   state=connected held_since=5.000 hold=0.000\n"
          "6.000 ? agent ann activity connected\n"
          "6.000   activity=busy connected=1\n"
          "6.000 ? work ann\n"
          "6.000   assignment=k1@ann agent=ann call=k1 queue=sales role=held since=5.000 "
          "channel=voice\n"
          "7.000 agent ann holds k1\n"
          "7.000   -> repeated\n"
          "8.000 agent ann retrieves k1\n"
          "8.000   ann has k1 on hold: no\n"
          "8.000 agent ann retrieves k1\n"
          "8.000   -> repeated\n"
          "8.000 agent ann answers k1\n"
          "8.000   -> repeated\n"
          "9.000 ? call k1 state held_since hold\n"
          "9.000   state=connected held_since=never hold=3.000\n"
          "10.000 agent ann holds k1\n"
          "10.000   ann has k1 on hold: yes\n"
          "12.000 call k1 hangs up\n"
          "12.000   k1 ends: answered by caller wrap_up_until=22.000\n"
          "12.000 ? queue sales talk hold connected\n"
          "12.000   talk=5.000 hold=5.000 connected=0\n"
          "12.000 ? agent ann talk_today\n"
          "12.000   talk_today=5.000\n");
}

/* Two minutes of talk are two minutes, however long the caller was on hold in between. */
Test(hold, pain_09_an_hour_of_talk_time_for_two_minutes)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 agent ann answers k1\n",
          "62.000 agent ann holds k1\n"
          "62.000   ann has k1 on hold: yes\n"
          "800.000   the interval from -100.000 is over\n"
          "3542.000 agent ann retrieves k1\n"
          "3542.000   ann has k1 on hold: no\n"
          "3602.000 call k1 hangs up\n"
          "3602.000   k1 ends: answered by caller\n"
          "3602.000 ? queue sales talk hold\n"
          "3602.000   talk=120.000 hold=3480.000\n"
          "3602.000 ? totals talk hold\n"
          "3602.000   talk=120.000 hold=3480.000\n");
}

/* A gateway's clock that ends the call before the hold makes no time less than none. */
Test(hold, clocks_that_disagree)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 agent ann answers k1\n"
          "5.000 agent ann holds k1\n"
          "9.000 agent ann retrieves k1\n"
          "10.000 agent ann holds k1\n",
          "12.000 call k1 hangs up happened_at=3\n"
          "12.000   k1 ends: answered by caller ended_at=3.000\n"
          "12.000 ? queue sales talk hold\n"
          "12.000   talk=0.000 hold=4.000\n");
}

/* Who asks is told by the reply; the gateway by its outbox. */
Test(hold, is_told)
{
    story("0.000 client gw1 opens\n"
          "0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 gw1: call k1 arrives on sales\n"
          "2.000 gw1: agent ann answers gw1/k1\n",
          "3.000 agent ann holds gw1/k1\n"
          "3.000   ann has gw1/k1 on hold: yes\n"
          "4.000 gw1: agent ann retrieves gw1/k1\n"
          "4.000   ann has gw1/k1 on hold: no told\n"
          "5.000 agent ann holds gw1/k1\n"
          "5.000   ann has gw1/k1 on hold: yes\n"
          "6.000 agent ann retrieves gw1/k1\n"
          "6.000   ann has gw1/k1 on hold: no\n"
          "6.000 ? outbox gw1\n"
          "6.000   1 at 3.000: held gw1/k1 queue=sales agent=ann\n"
          "6.000   2 at 5.000: held gw1/k1 queue=sales agent=ann\n"
          "6.000   3 at 6.000: retrieved gw1/k1 queue=sales agent=ann\n");
}

/* Nobody else has a caller on hold. */
Test(hold, faults)
{
    story("0.000 queue sales wrap_up_time=10\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n",
          "1.000 agent ann holds k1\n"
          "1.000   -> STATE at assignment\n"
          "1.000 hold\n"
          "1.000   -> MISSING at assignment\n"
          "1.000 hold assignment=stranger\n"
          "1.000   -> LOST at assignment\n"
          "2.000 agent ann answers k1\n"
          "2.000   ann talks with k1\n"
          "3.000 agent ann holds k1\n"
          "3.000   ann has k1 on hold: yes\n"
          "3.000 agent ann rejects k1\n"
          "3.000   -> STATE at assignment\n"
          "3.000 agent ann logged_out\n"
          "3.000   -> STATE at state\n"
          "4.000 call k1 hangs up side=agent\n"
          "4.000   k1 ends: answered by agent wrap_up_until=14.000\n"
          "5.000 agent ann retrieves k1\n"
          "5.000   -> GONE at assignment\n"
          "14.000   ann is done with k1@ann\n"
          "15.000 agent ann retrieves k1\n"
          "15.000   -> LOST at assignment\n");
}
