#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* The agent's work after a call. */

/* ann, of capacity 3, has three answered calls that end at 3.000, 4.000 and 5.000. */
#define THREE_ENDED                                                                                \
    "0.000 crew sales ann\n"                                                                       \
    "0.000 agent ann max_concurrent_calls=3\n"                                                     \
    "0.000 ready ann\n"                                                                            \
    "1.000 call k1 arrives on sales\n"                                                             \
    "1.000 call k2 arrives on sales\n"                                                             \
    "1.000 call k3 arrives on sales\n"                                                             \
    "2.000 agent ann answers k1\n"                                                                 \
    "2.000 agent ann answers k2\n"                                                                 \
    "2.000 agent ann answers k3\n"                                                                 \
    "3.000 call k1 hangs up\n"                                                                     \
    "4.000 call k2 hangs up\n"                                                                     \
    "5.000 call k3 hangs up\n"

/* It ends by itself, each at its time, and counts for the capacity until then.
 */
Test(wrap_up, ends_by_itself)
{
    story("0.000 queue sales wrap_up_time=10\n" THREE_ENDED "5.000 call k4 arrives on sales\n",
          "6.000 ? agent ann activity wrap_up available\n"
          "6.000   activity=wrap_up wrap_up=3 available=0\n"
          "13.000   ann is done with k1@ann\n"
          "13.000   offer k4 to ann until 28.000\n"
          "14.000   ann is done with k2@ann\n"
          "14.500 ? agent ann activity last_status_change available\n"
          "14.500   activity=reserved last_status_change=14.000 available=1\n"
          "15.000 time passes\n"
          "15.000   ann is done with k3@ann\n");
}

/* The agent is done earlier with one of them ... */
Test(wrap_up, finished_early)
{
    story("0.000 queue sales wrap_up_time=10\n" THREE_ENDED "5.000 call k4 arrives on sales\n",
          "6.000 agent ann finishes k2\n"
          "6.000   ann is done with k2@ann\n"
          "6.000   offer k4 to ann until 21.000\n"
          "6.000 ? outcome\n"
          "6.000   agent=ann\n"
          "13.000 time passes\n"
          "13.000   ann is done with k1@ann\n");
}

/* ... or with all, oldest first. */
Test(wrap_up, all_finished_early)
{
    story("0.000 queue sales wrap_up_time=10\n" THREE_ENDED,
          "6.000 agent ann finishes\n"
          "6.000   ann is done with k1@ann\n"
          "6.000   ann is done with k2@ann\n"
          "6.000   ann is done with k3@ann\n"
          "6.000 ? outcome\n"
          "6.000   agent=ann\n"
          "6.000 ? agent ann activity last_status_change\n"
          "6.000   activity=idle last_status_change=6.000\n"
          "99.000 time passes\n");
}

/* It takes longer, by what is given on top of its end; that moves no place. */
Test(wrap_up, extended)
{
    story("0.000 queue sales wrap_up_time=10\n" THREE_ENDED,
          "6.000 agent ann extends k1 by=0.500\n"
          "6.000   ann works on k1@ann until 13.500\n"
          "6.000 ? outcome\n"
          "6.000   agent=ann\n"
          "6.000 ? agent ann last_status_change\n"
          "6.000   last_status_change=5.000\n"
          "7.000 agent ann extends by=86400\n"
          "7.000   ann works on k1@ann until 86413.500\n"
          "7.000   ann works on k2@ann until 86414.000\n"
          "7.000   ann works on k3@ann until 86415.000\n"
          "800.000   the interval from -100.000 is over\n"
          "86413.500   ann is done with k1@ann\n"
          "86414.000 time passes\n"
          "86414.000   ann is done with k2@ann\n");
}

/* It is made open-ended, and then ends only by hand. Longer than for ever is for ever. */
Test(wrap_up, extended_without_end)
{
    story("0.000 queue sales wrap_up_time=10\n" THREE_ENDED,
          "6.000 agent ann extends k2 by=none\n"
          "6.000   ann works on k2@ann until forever\n"
          "13.000   ann is done with k1@ann\n"
          "15.000   ann is done with k3@ann\n"
          "20.000 time passes\n"
          "20.000 agent ann extends k2 by=5\n"
          "20.000   ann works on k2@ann until forever\n"
          "20.000 ? work ann\n"
          "20.000   assignment=k2@ann agent=ann queue=sales role=wrap_up since=4.000 until=forever "
          "channel=voice\n"
          "90.000 agent ann finishes\n"
          "90.000   ann is done with k2@ann\n");
}

/* The queue may say so itself. */
Test(wrap_up, open_ended)
{
    story("0.000 queue sales wrap_up_time=forever\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 agent ann answers k1\n",
          "3.000 call k1 hangs up\n"
          "3.000   k1 ends: answered by caller wrap_up_until=forever\n"
          "99.000 ? deadline\n"
          "99.000   800.000\n"
          "99.000 agent ann finishes k1\n"
          "99.000   ann is done with k1@ann\n"
          "99.000 ? agent ann activity last_status_change\n"
          "99.000   activity=idle last_status_change=99.000\n");
}

/* Nobody logs out of it. Who became not_ready in it gets no call when it is over. */
Test(wrap_up, states_in_it)
{
    story("0.000 queue sales wrap_up_time=10\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 agent ann answers k1\n"
          "3.000 call k1 hangs up\n"
          "3.000 call k2 arrives on sales\n",
          "4.000 agent ann logged_out\n"
          "4.000   -> STATE at state\n"
          "5.000 agent ann not_ready\n"
          "5.000   ann is not_ready\n"
          "5.000 ? agent ann activity\n"
          "5.000   activity=wrap_up\n"
          "5.000 agent ann logged_out\n"
          "5.000   -> STATE at state\n"
          "13.000   ann is done with k1@ann\n"
          "14.000 agent ann logged_out\n"
          "14.000   ann is logged_out\n");
}

/* Of several things an agent does, the first of busy, reserved and wrap_up shows. */
Test(wrap_up, activity_of_a_mixture)
{
    story("0.000 queue sales wrap_up_time=10\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=3\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 agent ann answers k1\n"
          "1.000 call k1 hangs up\n",
          "2.000 ? agent ann activity available\n"
          "2.000   activity=wrap_up available=1\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   k2 enters sales\n"
          "2.000   offer k2 to ann until 17.000\n"
          "2.000   -> offered ann until 17.000\n"
          "2.000 ? agent ann activity\n"
          "2.000   activity=reserved\n"
          "3.000 agent ann answers k2\n"
          "3.000   ann talks with k2\n"
          "3.000 ? agent ann activity available\n"
          "3.000   activity=busy available=1\n"
          "3.000 call k3 arrives on sales\n"
          "3.000   k3 enters sales\n"
          "3.000   offer k3 to ann until 18.000\n"
          "3.000   -> offered ann until 18.000\n"
          "3.000 ? agent ann activity available offered connected wrap_up\n"
          "3.000   activity=busy available=0 offered=1 connected=1 wrap_up=1\n"
          "3.000 ? totals busy reserved wrap_up\n"
          "3.000   busy=1 reserved=0 wrap_up=0\n");
}

/* Only what is in wrap-up is finished: one that is over is LOST, one that talks or rings is no
 * wrap-up, an agent without any has none to finish. */
Test(wrap_up, finish_faults)
{
    story("0.000 queue sales wrap_up_time=10\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent ann max_concurrent_calls=3\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n"
          "1.000 call k3 arrives on sales\n"
          "2.000 agent ann answers k1\n"
          "2.000 agent ann answers k2\n"
          "3.000 call k1 hangs up\n",
          "4.000 agent ann finishes k2\n"
          "4.000   -> STATE at assignment\n"
          "4.000 agent ann finishes k3\n"
          "4.000   -> STATE at assignment\n"
          "4.000 wrap_up_finish assignment=stranger name=ann\n"
          "4.000   -> LOST at assignment\n"
          "4.000 agent bob finishes\n"
          "4.000   -> STATE at name\n"
          "4.000 agent cid finishes\n"
          "4.000   -> NOT_FOUND at name\n"
          "4.000 wrap_up_finish agent=stranger\n"
          "4.000   -> NOT_FOUND at agent\n"
          "4.000 wrap_up_finish\n"
          "4.000   -> MISSING at name\n"
          "5.000 agent ann finishes\n"
          "5.000   ann is done with k1@ann\n"
          "6.000 agent ann finishes k1\n"
          "6.000   -> LOST at assignment\n"
          "6.000 agent ann finishes\n"
          "6.000   -> STATE at name\n");
}

/* By how much is looked at before who. */
Test(wrap_up, extend_faults)
{
    story("0.000 queue sales wrap_up_time=10\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 agent ann answers k1\n",
          "4.000 wrap_up_extend\n"
          "4.000   -> MISSING at by\n"
          "4.000 wrap_up_extend by=-0.000002\n"
          "4.000   -> INVALID at by\n"
          "4.000 wrap_up_extend assignment=stranger by=86400.000001\n"
          "4.000   -> INVALID at by\n"
          "4.000 wrap_up_extend by=1\n"
          "4.000   -> MISSING at name\n"
          "4.000 wrap_up_extend assignment=stranger by=1\n"
          "4.000   -> LOST at assignment\n"
          "4.000 agent ann extends k1 by=1\n"
          "4.000   -> STATE at assignment\n"
          "4.000 agent bob extends by=1\n"
          "4.000   -> STATE at name\n"
          "4.000 agent cid extends by=1\n"
          "4.000   -> NOT_FOUND at name\n"
          "4.000 wrap_up_extend agent=stranger by=1\n"
          "4.000   -> NOT_FOUND at agent\n");
}
