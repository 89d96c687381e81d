#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Why a call waits, and why an agent gets none. */

/* The example of docs/ROUTING.md: each member with all that keeps it from the call, and until when.
 */
Test(explain, why_a_call_waits)
{
    story("0.000 queue sales plan=[0-1]spanish>=3;@30s wrap_up_time=19\n"
          "0.000 crew sales ann level=1\n"
          "0.000 crew sales bob level=2\n"
          "0.000 crew sales cid level=0\n"
          "0.000 agent dan\n"
          "0.000 agent ann learns spanish level=2\n"
          "0.000 agent bob learns spanish level=3\n"
          "0.000 agent cid learns spanish level=5\n"
          "0.000 ready bob\n"
          "0.000 call k0 arrives on sales plan=-\n"
          "1.000 agent bob answers k0\n"
          "2.000 call k0 hangs up\n"
          "3.000 ready ann dan\n"
          "3.000 agent cid not_ready reason=4\n"
          "5.000 call k1 arrives on sales\n",
          "5.000 ? explained k1 position members able step step_at max_wait_at leaves\n"
          "5.000   position=1 members=3 able=0 step=0 step_at=35.000 max_wait_at=never leaves=0\n"
          "5.000 ? why k1\n"
          "5.000   ann: skill spanish>=3 until 35.000\n"
          "5.000   bob: at_capacity (wrap_up) until 21.000\n"
          "5.000   bob: level [0-1] until 35.000\n"
          "5.000   cid: not_ready reason 4\n"
          "5.000 ? why k1 dan\n"
          "5.000   dan: not_member\n"
          "21.000   bob is done with k0@bob\n"
          "35.000 time passes\n"
          "35.000   k1 is at step 1\n"
          "35.000   offer k1 to ann until 50.000\n"
          "36.000 ? why k1\n"
          "36.000   ann: at_capacity (offered) until 50.000\n"
          "36.000   ann: has_it until 50.000\n"
          "36.000   bob: able at 1\n"
          "36.000   cid: not_ready reason 4\n");
}

/* Of an agent: what keeps it from any call, which it would get else, and where it stands. */
Test(explain, why_an_agent_gets_none)
{
    story("0.000 queue sales weight=2\n"
          "0.000 queue help\n"
          "0.000 crew sales ann bob\n"
          "0.000 crew help ann cid\n"
          "0.000 ready bob cid\n"
          "0.000 agent ann not_ready reason=3\n"
          "0.000 agent cid learns tech\n"
          "0.000 call h1 arrives on help\n"
          "0.000 call s1 arrives on sales\n"
          "1.000 call h2 arrives on help plan=tech;@1m\n"
          "2.000 call s2 arrives on sales\n",
          "3.000 ? why ann\n"
          "3.000   ann: not_ready reason 3\n"
          "3.000 ? prospects ann available next_key next_queue\n"
          "3.000   available=0 next_key=s2 next_queue=sales\n"
          "3.000 ? lines ann\n"
          "3.000   sales: able, 0 of 0, 1 waiting, first s2\n"
          "3.000   help: able, 0 of 0, 0 waiting\n"
          "3.000   help tech: skill tech, 0 of 0, 1 waiting, first h2\n"
          "4.000 agent ann ready\n"
          "4.000   ann is ready\n"
          "4.000   offer s2 to ann until 19.000\n"
          "5.000 ? why ann\n"
          "5.000   ann: at_capacity (offered) until 19.000\n"
          "5.000 ? prospects bob available next_key\n"
          "5.000   available=0 next_key=\n");
}

/* Who is available has a place in each line, as its strategy counts. */
Test(explain, places_in_line)
{
    story("0.000 queue sales\n"
          "0.000 queue help strategy=round-robin\n"
          "0.000 queue raffle strategy=random\n"
          "0.000 crew sales ann bob cid\n"
          "0.000 crew help ann bob cid\n"
          "0.000 crew raffle ann bob cid\n"
          "1.000 ready cid\n"
          "2.000 ready ann\n"
          "3.000 ready bob\n"
          "4.000 call k1 arrives on help\n"
          "5.000 call k1 hangs up\n",
          "6.000 ? lines ann\n"
          "6.000   sales: able, 2 of 3, 0 waiting\n"
          "6.000   help: able, 3 of 3, 0 waiting\n"
          "6.000   raffle: able, 0 of 3, 0 waiting\n"
          "6.000 ? why ann\n"
          "6.000   ann: able\n"
          "6.000 call k2 arrives on help\n"
          "6.000   k2 enters help\n"
          "6.000   offer k2 to bob until 21.000\n"
          "6.000   -> offered bob until 21.000\n"
          "7.000 ? why k2\n"
          "7.000   ann: able at 2\n"
          "7.000   bob: at_capacity (offered) until 21.000\n"
          "7.000   bob: has_it until 21.000\n"
          "7.000   cid: able at 1\n");
}

/* Each thing that keeps an agent from calls is told by its name, and when it is over. */
Test(explain, every_reason)
{
    story("0.000 queue sales reject_delay=30\n"
          "0.000 queue chat channel=chat\n"
          "0.000 queue bells strategy=ring-all\n"
          "0.000 crew chat ann bob cid dan eve fay gus hal\n"
          "0.000 crew sales bob\n"
          "0.000 crew bells eve\n"
          "0.000 agent hal max_concurrent_calls=9 channels=chat:10/1\n"
          "0.000 agent gus max_concurrent_calls=9 channels=chat:60\n"
          "0.000 agent eve max_concurrent_calls=2\n"
          "0.000 ready bob dan eve fay gus hal\n"
          "0.000 agent fay active=no\n"
          "0.000 call s1 arrives on sales\n"
          "1.000 agent bob rejects s1\n"
          "1.000 call s1 hangs up\n"
          "1.000 agent cid not_ready reason=9\n"
          "1.000 agent dan device in_use lease=60\n"
          "1.000 call b1 arrives on bells\n"
          "1.000 call c1 arrives on chat\n"
          "1.000 call c2 arrives on chat\n"
          "2.000 call c3 arrives on chat\n",
          "3.000 ? why c3\n"
          "3.000   ann: logged_out\n"
          "3.000   bob: delayed until 31.000\n"
          "3.000   cid: not_ready reason 9\n"
          "3.000   dan: in_use until 61.000\n"
          "3.000   eve: rung until 16.000\n"
          "3.000   fay: inactive\n"
          "3.000   gus: units until 16.000\n"
          "3.000   hal: channel_max until 16.000\n");
}

/* A queue where nobody is logged in says when its callers leave; one that is drained, that they do.
 */
Test(explain, what_comes_next)
{
    story("0.000 queue sales max_wait=300 max_wait_no_agent=60\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann not_ready\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 agent ann logged_out\n",
          "3.000 ? explained k1 max_wait_at no_agent_at leaves\n"
          "3.000   max_wait_at=301.000 no_agent_at=62.000 leaves=0\n"
          "4.000 agent ann not_ready\n"
          "4.000   ann is not_ready\n"
          "4.000 ? explained k1 max_wait_at no_agent_at leaves\n"
          "4.000   max_wait_at=301.000 no_agent_at=never leaves=0\n");
}

/* Who is kept from a call by another's being preferred is told so, and for how long. */
Test(explain, kept_for_another)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready bob\n"
          "0.000 agent ann not_ready\n"
          "1.000 call k1 arrives on sales prefer_name=ann prefer_wait=20\n",
          "2.000 ? explained k1 kept_for step_at able\n"
          "2.000   kept_for=ann step_at=21.000 able=0\n"
          "2.000 ? why k1\n"
          "2.000   ann: not_ready\n"
          "2.000   bob: kept ann until 21.000\n"
          "2.000 ? prospects ann next_key\n"
          "2.000   next_key=k1\n"
          "2.000 ? lines bob\n"
          "2.000   sales: able, 1 of 1, 0 waiting\n"
          "2.000 ? lines ann\n"
          "2.000   sales: able, 0 of 1, 0 waiting\n"
          "2.000   sales: able, 0 of 0, 1 waiting, first k1\n");
}
