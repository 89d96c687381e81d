#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Intervals of 15 minutes: the world's begin at -100.000, 800.000, 1700.000, ... That each of them
 * balances is checked after every frame of every story: acd_engine_check(). */

#define ANN                                                                                        \
    "0.000 queue sales\n"                                                                          \
    "0.000 crew sales ann\n"                                                                       \
    "0.000 ready ann\n"

/* The example of docs/METRICS.md, 10:15:00 being 800.000: what straddles the boundary is split as
 * times of the agent, and counted where it ends as times of the visit. */
Test(interval, the_example)
{
    story("0.000 queue sales ring_timeout=90 wrap_up_time=30\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "680.000 call k1 arrives on sales\n"
          "740.000 agent ann answers k1\n",
          "799.000 ? interval sales entered answered offers handled wait_answered\n"
          "799.000   entered=1 answered=1 offers=1 handled=0 wait_answered=60.000\n"
          "799.000 ? times ann in_idle in_ringing in_talk answered handled\n"
          "799.000   in_idle=0.000 in_ringing=60.000 in_talk=59.000 answered=1 handled=0\n"
          "800.000   the interval from -100.000 is over\n"
          "920.000 call k1 hangs up\n"
          "920.000   k1 ends: answered by caller wrap_up_until=950.000\n"
          "950.000   ann is done with k1@ann\n"
          "1699.000 ? interval sales waiting_start entered answered handled talk wrap_up\n"
          "1699.000   waiting_start=0 entered=0 answered=0 handled=1 talk=180.000 wrap_up=30.000\n"
          "1699.000 ? times ann in_talk in_wrap_up in_idle handled talk wrap_up\n"
          "1699.000   in_talk=120.000 in_wrap_up=30.000 in_idle=749.000 handled=1 talk=180.000 "
          "wrap_up=30.000\n"
          "1700.000   the interval from 800.000 is over\n"
          "2599.000 ? deadline\n"
          "2599.000   forever\n"
          "2599.000 ? times ann start in_idle\n"
          "2599.000   start=1700.000 in_idle=899.000\n"
          "2601.000 ? times ann start in_idle\n"
          "2601.000   start=2600.000 in_idle=1.000\n");
}

/* Who waits when an interval turns is what the next one begins with, and leaves it somehow. */
Test(interval, books_go_on)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "790.000 call k1 arrives on sales\n"
          "790.000 call k2 arrives on sales\n"
          "790.000 call k3 arrives on sales\n",
          "799.000 ? interval sales waiting_start entered waiting_end\n"
          "799.000   waiting_start=0 entered=3 waiting_end=3\n"
          "800.000   the interval from -100.000 is over\n"
          "801.000 ? interval sales waiting_start entered waiting_end\n"
          "801.000   waiting_start=3 entered=0 waiting_end=3\n"
          "801.000 call k1 hangs up\n"
          "801.000   k1 ends: abandoned by caller\n"
          "802.000 call k2 moves to help\n"
          "802.000   k2 moves from sales to help\n"
          "803.000 ? interval sales waiting_start entered abandoned overflowed wait_abandoned "
          "waiting_end\n"
          "803.000   waiting_start=3 entered=0 abandoned=1 overflowed=1 wait_abandoned=11.000 "
          "waiting_end=1\n"
          "803.000 ? interval help waiting_start entered waiting_end\n"
          "803.000   waiting_start=0 entered=1 waiting_end=1\n");
}

/* An interval that something was counted in is over before anything else is, though a deadline of
 * it is fired late; the day's sums know nothing of it. */
Test(interval, over_before_what_is_late)
{
    story(ANN "790.000 call k1 arrives on sales\n"
              "791.000 host sleeps\n",
          "900.000 host wakes\n"
          "900.000   the interval from -100.000 is over\n"
          "900.000   offer of k1 to ann ends: no_answer\n"
          "900.000   offer k1 to ann until 915.000\n"
          "901.000 ? interval sales offers no_answers\n"
          "901.000   offers=1 no_answers=1\n"
          "901.000 ? times ann offers no_answers in_ringing\n"
          "901.000   offers=1 no_answers=1 in_ringing=101.000\n"
          "901.000 ? queue sales offers no_answers\n"
          "901.000   offers=2 no_answers=1\n");
}

/* Nothing happens for hours: one event, and what agents were is known all the same. */
Test(interval, quiet_hours)
{
    story(ANN "1.000 call k1 arrives on sales\n"
              "2.000 agent ann answers k1\n"
              "3.000 call k1 hangs up\n",
          "800.000   the interval from -100.000 is over\n"
          "36000.000 time passes\n"
          "36000.000 ? times ann activity in_idle offers\n"
          "36000.000   activity=idle in_idle=100.000 offers=0\n"
          "36000.000 agent ann not_ready reason=3\n"
          "36000.000   ann is not_ready reason=3\n"
          "36010.000 agent ann not_ready reason=9\n"
          "36010.000   ann is not_ready reason=9\n"
          "36030.000 agent ann logged_out\n"
          "36030.000   ann is logged_out\n"
          "36699.000 ? times ann activity in_idle in_not_ready in_reason_3\n"
          "36699.000   activity=logged_out in_idle=100.000 in_not_ready=30.000 "
          "in_reason_3=10.000\n");
}

/* Before the first call nothing is kept, and so nothing ends. */
Test(interval, not_before_the_first_call)
{
    story(ANN "900.000 agent ann not_ready\n", "2000.000 agent ann ready\n"
                                               "2000.000   ann is ready\n"
                                               "2000.000 ? times ann in_idle in_not_ready\n"
                                               "2000.000   in_idle=0.000 in_not_ready=0.000\n"
                                               "2010.000 call k1 arrives on sales\n"
                                               "2010.000   k1 enters sales\n"
                                               "2010.000   offer k1 to ann until 2025.000\n"
                                               "2010.000   -> offered ann until 2025.000\n"
                                               "2015.000 ? times ann in_idle in_ringing\n"
                                               "2015.000   in_idle=0.000 in_ringing=5.000\n");
}

/* All callers of an agent on hold: it does not talk. */
Test(interval, on_hold)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=2\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 agent ann answers k1\n"
          "10.000 call k2 arrives on sales\n"
          "10.000 agent ann holds k1\n"
          "15.000 agent ann answers k2\n"
          "40.000 call k2 hangs up\n",
          "42.000 agent ann retrieves k1\n"
          "42.000   ann has k1 on hold: no\n"
          "52.000 call k1 hangs up\n"
          "52.000   k1 ends: answered by caller\n"
          "53.000 ? times ann in_talk in_hold talk hold\n"
          "53.000   in_talk=45.000 in_hold=7.000 talk=45.000 hold=32.000\n");
}
