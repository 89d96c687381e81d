#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Alerts: raised when what is set is reached, looked at again each alert_hold, cleared when it is
 * over. */

/* As many calls wait as are not to: at once, and for alert_hold whatever happens meanwhile. */
Test(alert, waiting)
{
    story("0.000 queue sales alert_waiting=2 alert_hold=10\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   k1 enters sales\n"
          "1.000   -> queued at 1\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   k2 enters sales\n"
          "2.000   -> queued at 2\n"
          "2.000   alert of sales: waiting 2 until 12.000\n"
          "3.000 call k2 hangs up\n"
          "3.000   k2 ends: abandoned by caller\n"
          "4.000 call k3 arrives on sales\n"
          "4.000   k3 enters sales\n"
          "4.000   -> queued at 2\n"
          "12.000   alert of sales: waiting 2 until 22.000\n"
          "13.000 ? queue sales alerted_waiting alerted_wait\n"
          "13.000   alerted_waiting=2.000 alerted_wait=never\n"
          "14.000 call k3 hangs up\n"
          "14.000   k3 ends: abandoned by caller\n"
          "22.000   alert of sales is over: waiting 1 until 32.000\n"
          "23.000 call k4 arrives on sales\n"
          "23.000   k4 enters sales\n"
          "23.000   -> queued at 2\n"
          "24.000 ? queue sales alerted_waiting\n"
          "24.000   alerted_waiting=never\n"
          "32.000   alert of sales: waiting 2 until 42.000\n"
          "33.000 time passes\n");
}

/* A call waits too long, ringing or not, from when it entered this queue on. */
Test(alert, wait)
{
    story("0.000 queue sales alert_wait=20 alert_hold=10\n"
          "0.000 queue help\n"
          "0.000 call k1 arrives on help\n",
          "5.000 call k2 arrives on sales\n"
          "5.000   k2 enters sales\n"
          "5.000   -> queued at 1\n"
          "10.000 call k1 moves to sales\n"
          "10.000   k1 moves from help to sales\n"
          "25.000   alert of sales: wait 20000000 until 35.000\n"
          "27.000 call k2 hangs up\n"
          "27.000   k2 ends: abandoned by caller\n"
          "35.000   alert of sales: wait 25000000 until 45.000\n"
          "36.000 call k1 hangs up\n"
          "36.000   k1 ends: abandoned by caller\n"
          "45.000   alert of sales is over: wait 0 until 55.000\n"
          "60.000 time passes\n");
}

/* Nobody is ready, while the queue is open; by their own word, so who talks is there. */
Test(alert, nobody)
{
    story("0.000 queue sales alert_hold=10\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 queue sales alert_nobody=yes\n",
          "1.000 agent ann not_ready reason=3\n"
          "1.000   ann is not_ready reason=3\n"
          "1.000   alert of sales: nobody 0 until 11.000\n"
          "2.000 agent ann ready\n"
          "2.000   ann is ready\n"
          "11.000   alert of sales is over: nobody 0 until 21.000\n"
          "22.000 agent ann logged_out\n"
          "22.000   ann is logged_out\n"
          "22.000   alert of sales: nobody 0 until 32.000\n"
          "23.000 queue sales state=closed\n"
          "23.000   queue sales is set state=closed alert_nobody=yes alert_hold=10.000\n"
          "32.000   alert of sales is over: nobody 0 until 42.000\n"
          "60.000 time passes\n");
}

/* Of the interval's calls too few are answered in time, too many give up; from alert_calls on, when
 * they are counted. Cleared when the next interval has no such figure. */
Test(alert, service_level_and_abandoned)
{
    story("0.000 queue sales alert_service_level=800 alert_abandoned=400 alert_calls=3 "
          "alert_hold=10\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 agent ann answers k1\n"
          "2.000 call k2 arrives on sales\n"
          "3.000 call k2 hangs up\n"
          "3.000 call k3 arrives on sales\n",
          "4.000 call k3 hangs up\n"
          "4.000   k3 ends: abandoned by caller\n"
          "4.000   alert of sales: service_level 333 until 14.000\n"
          "4.000   alert of sales: abandoned 666 until 14.000\n"
          "14.000   alert of sales: service_level 333 until 24.000\n"
          "14.000   alert of sales: abandoned 666 until 24.000\n"
          "15.000 queue sales alert_service_level=-1 alert_abandoned=666\n"
          "15.000   queue sales is set alert_abandoned=666 alert_calls=3 alert_hold=10.000\n"
          "24.000   alert of sales is over: service_level 333 until 34.000\n"
          "24.000   alert of sales: abandoned 666 until 34.000\n"
          "25.000 queue sales alert_abandoned=667\n"
          "25.000   queue sales is set alert_abandoned=667 alert_calls=3 alert_hold=10.000\n"
          "34.000   alert of sales is over: abandoned 666 until 44.000\n"
          "60.000 time passes\n");
}

Test(alert, interval_over)
{
    story("0.000 queue sales alert_abandoned=1 alert_calls=1 alert_hold=600\n"
          "0.000 call k1 arrives on sales\n",
          "400.000 call k1 hangs up\n"
          "400.000   k1 ends: abandoned by caller\n"
          "400.000   alert of sales: abandoned 1000 until 1000.000\n"
          "800.000   the interval from -100.000 is over\n"
          "1000.000   alert of sales is over: abandoned 0 until 1600.000\n"
          "1001.000 call k2 arrives on sales\n"
          "1001.000   k2 enters sales\n"
          "1001.000   -> queued at 1\n"
          "1002.000 call k2 hangs up\n"
          "1002.000   k2 ends: abandoned by caller\n"
          "1700.000 call k3 arrives on sales\n"
          "1700.000   the interval from 800.000 is over\n"
          "1700.000   k3 enters sales\n"
          "1700.000   -> queued at 1\n"
          "1701.000 call k3 hangs up\n"
          "1701.000   k3 ends: abandoned by caller\n"
          "1701.000   alert of sales: abandoned 1000 until 2301.000\n");
}

Test(alert, settings)
{
    story("0.000 queue sales\n", "1.000 queue sales alert_waiting=-2\n"
                                 "1.000   -> INVALID at alert_waiting\n"
                                 "1.000 queue sales alert_wait=-2\n"
                                 "1.000   -> INVALID at alert_wait\n"
                                 "1.000 queue sales alert_service_level=1001\n"
                                 "1.000   -> INVALID at alert_service_level\n"
                                 "1.000 queue sales alert_abandoned=-2\n"
                                 "1.000   -> INVALID at alert_abandoned\n"
                                 "1.000 queue sales alert_hold=0.5\n"
                                 "1.000   -> INVALID at alert_hold\n"
                                 "2.000 queue sales alert_waiting=1\n"
                                 "2.000   queue sales is set alert_waiting=1\n"
                                 "3.000 call k1 arrives on sales\n"
                                 "3.000   k1 enters sales\n"
                                 "3.000   -> queued at 1\n"
                                 "3.000   alert of sales: waiting 1 until 63.000\n"
                                 "4.000 queue sales alert_waiting=-1\n"
                                 "4.000   queue sales is set\n"
                                 "5.000 call k1 hangs up\n"
                                 "5.000   k1 ends: abandoned by caller\n"
                                 "6.000 queue sales goes\n"
                                 "6.000   queue sales is going, if_empty\n"
                                 "6.000   queue sales is gone\n"
                                 "100.000 time passes\n");
}
