#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Clients come and go, and number their requests. Their outboxes: test_outbox.c. */

/* ---- coming and going --------------------------------------------------------------------- */

/* A client is a gateway unless it says otherwise; opening again finds it as it was. */
Test(client, opened_and_opened_again)
{
    story("0.000 queue sales\n",
          "1.000 client gw1 opens\n"
          "1.000   client gw1 opens\n"
          "1.000 ? outcome\n"
          "1.000   client=gw1\n"
          "2.000 client desk opens kind=operator\n"
          "2.000   client desk opens kind=operator\n"
          "3.000 gw1#41: call k1 arrives on sales\n"
          "3.000   gw1/k1 enters sales\n"
          "3.000   request 41 of gw1 is done\n"
          "3.000   -> queued at 1\n"
          "4.000 client gw1 opens kind=gateway\n"
          "4.000   client gw1 opens\n"
          "4.000 ? outcome\n"
          "4.000   client=gw1 last_request=41\n"
          "5.000 client desk opens\n"
          "5.000   client desk opens kind=operator\n"
          "6.000 ? client gw1\n"
          "6.000   client=gw1 name=gw1 kind=gateway last_request=41 calls=1 grace=30.000 "
          "orphans=end\n"
          "6.000 ? client desk\n"
          "6.000   client=desk name=desk kind=operator grace=30.000 orphans=end\n");
}

/* What a client is was fixed when it was made. */
Test(client, open_faults)
{
    story("0.000 client gw1 opens\n"
          "0.000 client desk opens kind=operator\n",
          "1.000 client_open\n"
          "1.000   -> MISSING at name\n"
          "1.000 client x*65 opens\n"
          "1.000   -> TOO_LONG at name\n"
          "1.000 client gw2 opens kind=3\n"
          "1.000   -> INVALID at kind\n"
          "1.000 client gw1 opens kind=operator\n"
          "1.000   -> EXISTS at kind\n"
          "1.000 client desk opens kind=gateway\n"
          "1.000   -> EXISTS at kind\n"
          "1.000 ? client gw2\n"
          "1.000   NOT_FOUND\n");
}

/* A client with a live call stays. Forgotten, its ended keys are forgotten with it, and its name
 * may come back as anything. */
Test(client, removed)
{
    story("0.000 queue sales\n"
          "0.000 client gw1 opens\n"
          "0.000 gw1#9: call k1 arrives on sales\n",
          "1.000 client gw1 goes\n"
          "1.000   -> STATE at name\n"
          "2.000 gw1: call k1 hangs up\n"
          "2.000   gw1/k1 ends: abandoned by caller told\n"
          "2.000 gw1: call k1 arrives on sales\n"
          "2.000   -> GONE at key\n"
          "3.000 client gw1 goes\n"
          "3.000   client gw1 is gone\n"
          "3.000 gw1: call k2 arrives on sales\n"
          "3.000   -> NOT_FOUND\n"
          "3.000 client gw1 goes\n"
          "3.000   -> NOT_FOUND at name\n"
          "3.000 client_remove\n"
          "3.000   -> MISSING at name\n"
          "4.000 client gw1 opens\n"
          "4.000   client gw1 opens\n"
          "4.000 ? client gw1 last_request told calls\n"
          "4.000   last_request=0 told=0 calls=0\n"
          "5.000 gw1#9: call k1 arrives on sales\n"
          "5.000   gw1/k1 enters sales\n"
          "5.000   request 9 of gw1 is done\n"
          "5.000   -> queued at 1\n"
          "6.000 gw1: call k1 hangs up\n"
          "6.000   gw1/k1 ends: abandoned by caller told\n"
          "7.000 gw1: client gw1 goes\n"
          "7.000   client gw1 is gone\n"
          "7.000 client gw1 opens kind=operator\n"
          "7.000   client gw1 opens kind=operator\n");
}

/* A client may remove itself in a numbered request: there is nobody left to remember it. */
Test(client, removes_itself)
{
    story("0.000 client gw1 opens\n", "1.000 gw1#1: client gw1 goes\n"
                                      "1.000   client gw1 is gone\n"
                                      "2.000 gw1#1: client gw1 goes\n"
                                      "2.000   -> NOT_FOUND\n");
}

/* Nobody is known who never opened. */
Test(client, stranger)
{
    story("0.000 queue sales\n"
          "0.000 client gw1 opens\n",
          "1.000 stranger: call k1 arrives on sales\n"
          "1.000   -> NOT_FOUND\n"
          "1.000 stranger#3: call x*97 arrives on sales\n"
          "1.000   -> NOT_FOUND\n"
          "1.000 ? totals entered\n"
          "1.000   entered=0\n");
}

/* ---- requests ----------------------------------------------------------------------------- */

/* The same request again is the same outcome, and nothing happens twice, whatever the repeat says.
 * What was true then is told, though the call is elsewhere by now. */
Test(request, repeated)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann contact=sip:ann\n"
          "0.000 client gw1 opens\n",
          "1.000 gw1#1: call k1 arrives on sales\n"
          "1.000   gw1/k1 enters sales\n"
          "1.000   request 1 of gw1 is done\n"
          "1.000   -> queued at 1\n"
          "2.000 gw1#2: call k2 arrives on sales\n"
          "2.000   gw1/k2 enters sales\n"
          "2.000   request 2 of gw1 is done\n"
          "2.000   -> queued at 2\n"
          "3.000 gw1: call k1 hangs up\n"
          "3.000   gw1/k1 ends: abandoned by caller told\n"
          "4.000 gw1#2: call k2 arrives on sales\n"
          "4.000   -> repeated queued at 2\n"
          "4.000 ? outcome\n"
          "4.000   verdict=queued repeated call=gw1/k2 queue=sales position=2\n"
          "5.000 gw1#2: agent ann goes\n"
          "5.000   -> repeated queued at 2\n"
          "6.000 ? totals entered agents\n"
          "6.000   entered=2 agents=1\n");
}

/* An offer repeated says how to ring while it still rings, and until when; then no more. */
Test(request, repeated_offer)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann contact=sip:ann\n"
          "0.000 ready ann\n"
          "0.000 client gw1 opens\n",
          "1.000 gw1#1: call k1 arrives on sales\n"
          "1.000   gw1/k1 enters sales\n"
          "1.000   offer gw1/k1 to ann until 16.000 told\n"
          "1.000   request 1 of gw1 is done\n"
          "1.000   -> offered ann until 16.000\n"
          "2.000 gw1#1: call k1 arrives on sales\n"
          "2.000   -> repeated offered ann until 16.000\n"
          "2.000 ? outcome\n"
          "2.000   verdict=offered repeated call=gw1/k1 assignment=gw1/k1@ann agent=ann "
          "queue=sales until=16.000 agent_name=ann contact=sip:ann\n"
          "3.000 gw1#2: agent ann answers gw1/k1\n"
          "3.000   ann talks with gw1/k1\n"
          "3.000   request 2 of gw1 is done\n"
          "4.000 gw1#2: agent ann answers gw1/k1\n"
          "4.000   -> repeated\n"
          "4.000 gw1#1: call k1 arrives on sales\n"
          "4.000   -> repeated offered ann\n");
}

/* So says what is to be dialled: a callback while it is, and a number that an agent asks. */
Test(request, repeated_dial)
{
    story("0.000 queue sales dial_timeout=30\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann contact=sip:ann\n"
          "0.000 ready ann\n"
          "0.000 client gw1 opens\n"
          "0.000 gw1: call k1 wants a callback queue_name=sales number=555\n",
          "2.000 gw1#1: agent ann answers gw1/k1\n"
          "2.000   gw1/k1 is dialled for ann until 32.000 told\n"
          "2.000   request 1 of gw1 is done\n"
          "2.000   -> dial until 32.000\n"
          "3.000 gw1#1: agent ann answers gw1/k1\n"
          "3.000   -> repeated dial until 32.000\n"
          "3.000 ? outcome\n"
          "3.000   verdict=dial repeated call=gw1/k1 assignment=gw1/k1@ann agent=ann "
          "queue=sales until=32.000 agent_name=ann contact=sip:ann\n"
          "4.000 gw1#2: agent ann dials gw1/k1 answered\n"
          "4.000   ann reaches gw1/k1\n"
          "4.000   ann talks with gw1/k1\n"
          "4.000   request 2 of gw1 is done\n"
          "5.000 gw1#1: agent ann answers gw1/k1\n" /* it is dialled no more */
          "5.000   -> repeated dial\n"
          "6.000 gw1#3: agent ann calls 0049 about gw1/k1\n"
          "6.000   ann has gw1/k1 on hold: yes told\n"
          "6.000   ann calls 0049 about gw1/k1 until 36.000 told\n"
          "6.000   request 3 of gw1 is done\n"
          "6.000   -> dial until 36.000\n"
          "7.000 gw1#3: agent ann calls 0049 about gw1/k1\n"
          "7.000   -> repeated dial until 36.000\n"
          "8.000 gw1#4: agent ann hears answered about gw1/k1\n"
          "8.000   ann has reached whom it calls about gw1/k1\n"
          "8.000   request 4 of gw1 is done\n"
          "9.000 gw1#3: agent ann calls 0049 about gw1/k1\n"
          "9.000   -> repeated dial\n");
}

/* Errors and refusals are outcomes too: what failed then fails again, though it would go well now.
 */
Test(request, repeated_errors)
{
    story("0.000 client desk opens kind=operator\n", "1.000 desk#7: agent ann ready\n"
                                                     "1.000   request 7 of desk is done\n"
                                                     "1.000   -> NOT_FOUND at name\n"
                                                     "2.000 agent ann\n"
                                                     "2.000   agent ann is set\n"
                                                     "3.000 desk#7: agent ann ready\n"
                                                     "3.000   -> repeated NOT_FOUND at name\n"
                                                     "4.000 desk#8: agent ann ready\n"
                                                     "4.000   ann is ready\n"
                                                     "4.000   request 8 of desk is done\n"
                                                     "5.000 queue sales state=closed\n"
                                                     "5.000   queue sales is set state=closed\n"
                                                     "6.000 desk#9: call k1 arrives on sales\n"
                                                     "6.000   sales refuses k1: closed\n"
                                                     "6.000   request 9 of desk is done\n"
                                                     "6.000   -> refused closed\n"
                                                     "7.000 desk#9: call k1 arrives on sales\n"
                                                     "7.000   -> repeated refused closed\n");
}

/* Requests of number 0, and those of nobody, are not remembered. */
Test(request, without_a_number)
{
    story("0.000 agent ann\n"
          "0.000 client gw1 opens\n",
          "1.000 gw1: agent ann ready\n"
          "1.000   ann is ready\n"
          "2.000 gw1: agent ann not_ready\n"
          "2.000   ann is not_ready\n"
          "2.000 ? client gw1 last_request\n"
          "2.000   last_request=0\n");
}

/* Requests may come in any order, and the greatest is told; one that is 1,024 or more behind it is
 * STALE, unless it is remembered still. */
Test(request, stale)
{
    story("0.000 agent ann\n"
          "0.000 client gw1 opens\n",
          "1.000 gw1#2000: agent ann ready\n"
          "1.000   ann is ready\n"
          "1.000   request 2000 of gw1 is done\n"
          "2.000 gw1#977: agent ann not_ready\n"
          "2.000   ann is not_ready\n"
          "2.000   request 977 of gw1 is done\n"
          "3.000 gw1#976: agent ann ready\n"
          "3.000   -> STALE\n"
          "4.000 gw1#500: agent ann ready\n"
          "4.000   -> STALE\n"
          "4.000 ? client gw1 last_request\n"
          "4.000   last_request=2000\n"
          "5.000 gw1#2002: agent ann ready\n"
          "5.000   ann is ready\n"
          "5.000   request 2002 of gw1 is done\n"
          "6.000 gw1#977: agent ann not_ready\n"
          "6.000   -> repeated\n"
          "7.000 gw1#978: agent ann not_ready\n"
          "7.000   -> STALE\n"
          "8.000 gw1#979: agent ann not_ready\n"
          "8.000   ann is not_ready\n"
          "8.000   request 979 of gw1 is done\n");
}

/* Each client numbers for itself. */
Test(request, numbers_are_each_clients_own)
{
    story("0.000 agent ann\n"
          "0.000 client gw1 opens\n"
          "0.000 client gw2 opens\n",
          "1.000 gw1#1: agent ann ready\n"
          "1.000   ann is ready\n"
          "1.000   request 1 of gw1 is done\n"
          "2.000 gw2#1: agent ann not_ready\n"
          "2.000   ann is not_ready\n"
          "2.000   request 1 of gw2 is done\n");
}

/* A repeated request fires what is due all the same, and a stale one too. */
Test(request, repeat_fires_what_is_due)
{
    story("0.000 queue sales max_wait=5\n"
          "0.000 client gw1 opens\n",
          "1.000 gw1#1: call k1 arrives on sales\n"
          "1.000   gw1/k1 enters sales until=6.000\n"
          "1.000   request 1 of gw1 is done\n"
          "1.000   -> queued at 1\n"
          "6.000 gw1#1: call k1 arrives on sales\n"
          "6.000   gw1/k1 ends: timed_out by system\n"
          "6.000   -> repeated queued at 1\n"
          "7.000 gw1#2: call k1 arrives on sales\n"
          "7.000   request 2 of gw1 is done\n"
          "7.000   -> GONE at key\n");
}

/* ---- the day ------------------------------------------------------------------------------ */

/* The day only goes forward. */
Test(day, turns_forward)
{
    story("0.000 queue sales\n", "1.000 day 0 begins\n"
                                 "1.000   -> STATE at day\n"
                                 "1.000 day 5 begins\n"
                                 "1.000   day 5 begins\n"
                                 "2.000 day 5 begins\n"
                                 "2.000   -> STATE at day\n"
                                 "2.000 day 4 begins\n"
                                 "2.000   -> STATE at day\n"
                                 "3.000 day 7 begins\n"
                                 "3.000   day 7 begins\n"
                                 "3.000 ? totals day\n"
                                 "3.000   day=7\n");
}

/* No farther than to the day that begins somewhere before it does in UTC: the story is in day
 * 11574. */
Test(day, turns_to_tomorrow_at_the_most)
{
    story("0.000 queue sales\n", "1.000 day 4000000000 begins\n"
                                 "1.000   -> INVALID at day\n"
                                 "1.000 day 11576 begins\n"
                                 "1.000   -> INVALID at day\n"
                                 "1.000 day 11575 begins\n"
                                 "1.000   day 11575 begins\n"
                                 "2.000 day 11576 begins\n"
                                 "2.000   -> INVALID at day\n");
}
