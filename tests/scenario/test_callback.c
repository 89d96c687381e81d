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
          "2.000 agent ann ready\n"
          "2.000   ann is ready\n"
          "2.000 ? queue sales waiting scheduled entered callbacks\n"
          "2.000   waiting=0 scheduled=1 entered=1 callbacks=1\n"
          "2.000 ? totals scheduled queued\n"
          "2.000   scheduled=1 queued=0\n"
          "3.000 call k1 wants a callback due=50 number=556\n"
          "3.000   k1 is to be called back under 556 due=50.000\n"
          "3.000 ? deadline\n"
          "3.000   50.000\n"
          "50.000   k1 is due in sales\n"
          "50.000   offer k1 to ann until 65.000\n"
          "51.000 call k1 wants a callback due=60\n"
          "51.000   offer of k1 to ann ends: rescinded\n"
          "51.000   k1 is to be called back under 556 due=60.000\n"
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
