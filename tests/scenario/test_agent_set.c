#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Agents and memberships are made, changed and removed. Full tables: test_limits.c. */

/* A new agent has a capacity of 1, is active and logged out; what is not given stays, "-" empties a
 * text. */
Test(agent_set, made_and_changed)
{
    story("0.000 queue sales\n",
          "1.000 agent ann\n"
          "1.000   agent ann is set\n"
          "1.000 ? outcome\n"
          "1.000   agent=ann\n"
          "2.000 agent ann contact=sip:ann extension=12 attributes={\"x\":1}\n"
          "2.000   agent ann is set extension=12 contact=sip:ann attributes={\"x\":1}\n"
          "3.000 agent ann max_concurrent_calls=3 extension=-\n"
          "3.000   agent ann is set contact=sip:ann attributes={\"x\":1} max_concurrent_calls=3\n"
          "4.000 agent ann contact=- attributes=- active=no\n"
          "4.000   agent ann is set max_concurrent_calls=3 active=no\n"
          "5.000 ? agent ann\n"
          "5.000   agent=ann name=ann max_concurrent_calls=3 active=no state=logged_out "
          "activity=logged_out last_status_change=1.000 device=available\n");
}

/* Changing an agent does not move its place. */
Test(agent_set, leaves_last_status_change_alone)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann bob\n",
          "1.000 agent ann contact=sip:ann\n"
          "1.000   agent ann is set contact=sip:ann\n"
          "2.000 call k1 arrives on sales\n"
          "2.000   k1 enters sales\n"
          "2.000   offer k1 to ann until 17.000\n"
          "2.000   -> offered ann until 17.000\n");
}

/* An agent made inactive takes no calls whatever its state: what rings is taken back, oldest first,
 * what talks goes on. */
Test(agent_set, made_inactive)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=3\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n"
          "1.000 call k3 arrives on sales\n"
          "2.000 agent ann answers k2\n",
          "3.000 agent ann active=no\n"
          "3.000   agent ann is set max_concurrent_calls=3 active=no\n"
          "3.000   offer of k1 to ann ends: rescinded\n"
          "3.000   offer of k3 to ann ends: rescinded\n"
          "3.000 ? agent ann state activity available connected\n"
          "3.000   state=ready activity=busy available=0 connected=1\n"
          "3.000 ? queue sales members logged_in ready available\n"
          "3.000   members=1 logged_in=0 ready=0 available=0\n"
          "4.000 call k2 hangs up\n"
          "4.000   k2 ends: answered by caller\n"
          "5.000 agent ann not_ready\n"
          "5.000   ann is not_ready\n"
          "5.000 agent ann ready\n"
          "5.000   ann is ready\n"
          "5.000 ? line sales\n"
          "5.000   k1 k3\n"
          "6.000 agent ann active=yes max_concurrent_calls=1\n"
          "6.000   agent ann is set\n"
          "6.000   offer k1 to ann until 21.000\n");
}

/* A smaller capacity takes nothing away; it only lets nothing more in. */
Test(agent_set, capacity_lowered)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=2\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n"
          "1.000 call k3 arrives on sales\n",
          "2.000 agent ann max_concurrent_calls=1\n"
          "2.000   agent ann is set\n"
          "3.000 call k1 hangs up\n"
          "3.000   offer of k1 to ann ends: caller_gone\n"
          "3.000   k1 ends: abandoned by caller\n"
          "4.000 call k2 hangs up\n"
          "4.000   offer of k2 to ann ends: caller_gone\n"
          "4.000   k2 ends: abandoned by caller\n"
          "4.000   offer k3 to ann until 19.000\n");
}

/* What an agent may be set to. */
Test(agent_set, faults)
{
    story("0.000 queue sales\n", "1.000 agent_set contact=sip:x\n"
                                 "1.000   -> MISSING at name\n"
                                 "1.000 agent_set contact=x*129 max_concurrent_calls=51\n"
                                 "1.000   -> TOO_LONG at contact\n"
                                 "1.000 agent x*65\n"
                                 "1.000   -> TOO_LONG at name\n"
                                 "1.000 agent ann max_concurrent_calls=51\n"
                                 "1.000   -> INVALID at max_concurrent_calls\n"
                                 "1.000 agent ann active=3\n"
                                 "1.000   -> INVALID at active\n"
                                 "1.000 agent ann max_concurrent_calls=50\n"
                                 "1.000   agent ann is set max_concurrent_calls=50\n");
}

/* ---- removing ----------------------------------------------------------------------------- */

/* An agent goes with its memberships; its name may be used again, and means somebody new. */
Test(agent_remove, goes_with_memberships)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent ann joins help\n"
          "0.000 ready ann bob\n",
          "1.000 agent ann goes\n"
          "1.000   agent ann is gone\n"
          "1.000 ? outcome\n"
          "1.000   agent=ann\n"
          "1.000 ? members sales\n"
          "1.000   bob\n"
          "1.000 ? members help\n"
          "1.000   nobody\n"
          "1.000 ? agent ann\n"
          "1.000   NOT_FOUND\n"
          "2.000 agent ann\n"
          "2.000   agent ann is set\n"
          "2.000 ? agent ann state queues\n"
          "2.000   state=logged_out queues=0\n"
          "3.000 call k1 arrives on sales\n"
          "3.000   k1 enters sales\n"
          "3.000   offer k1 to bob until 18.000\n"
          "3.000   -> offered bob until 18.000\n");
}

/* With anything in hand, be it ringing, talking or wrap-up, an agent stays. */
Test(agent_remove, refused_with_work)
{
    story("0.000 queue sales wrap_up_time=10\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n",
          "1.000 agent ann goes\n"
          "1.000   -> STATE at name\n"
          "2.000 agent ann answers k1\n"
          "2.000   ann talks with k1\n"
          "2.000 agent ann goes\n"
          "2.000   -> STATE at name\n"
          "3.000 call k1 hangs up\n"
          "3.000   k1 ends: answered by caller wrap_up_until=13.000\n"
          "3.000 agent ann goes\n"
          "3.000   -> STATE at name\n"
          "13.000 agent ann goes\n"
          "13.000   ann is done with k1@ann\n"
          "13.000   agent ann is gone\n"
          "14.000 agent ann goes\n"
          "14.000   -> NOT_FOUND at name\n"
          "14.000 agent_remove agent=ann name=ann\n"
          "14.000   -> NOT_FOUND at agent\n"
          "14.000 agent_remove\n"
          "14.000   -> MISSING at name\n");
}

/* Its delay goes with it. */
Test(agent_remove, while_delayed)
{
    story("0.000 queue sales reject_delay=10\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 agent ann rejects k1\n",
          "3.000 agent ann goes\n"
          "3.000   agent ann is gone\n"
          "3.000 ? deadline\n"
          "3.000   800.000\n"
          "4.000 agent bob\n"
          "4.000   agent bob is set\n"
          "4.000 agent bob joins sales\n"
          "4.000   bob is member of sales\n"
          "5.000 agent bob ready\n"
          "5.000   bob is ready\n"
          "5.000   offer k1 to bob until 20.000\n");
}

/* ---- memberships -------------------------------------------------------------------------- */

/* A membership ends; what the agent has of the queue goes on, and its rules hold for it. */
Test(member, removed_while_ringing)
{
    story("0.000 queue sales reject_delay=10 wrap_up_time=5\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=2\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n",
          "2.000 agent ann leaves sales\n"
          "2.000   ann is no member of sales\n"
          "2.000 ? outcome\n"
          "2.000   agent=ann queue=sales\n"
          "2.000 agent ann answers k1\n"
          "2.000   ann talks with k1\n"
          "3.000 agent ann rejects k2\n"
          "3.000   offer of k2 to ann ends: rejected delay_until=13.000\n"
          "4.000 call k1 hangs up\n"
          "4.000   k1 ends: answered by caller wrap_up_until=9.000\n"
          "9.000   ann is done with k1@ann\n"
          "13.000 time passes\n"
          "13.000   ann is delayed no more\n"
          "13.000 ? line sales\n"
          "13.000   k2\n");
}

/* A membership is made once and changed afterwards; members stand in the order they came. */
Test(member, set_and_changed)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob cid\n",
          "1.000 agent ann joins sales level=2 position=9\n"
          "1.000   ann is member of sales level=2 position=9\n"
          "1.000 ? outcome\n"
          "1.000   agent=ann queue=sales\n"
          "1.000 ? member ann sales\n"
          "1.000   agent=ann agent_name=ann queue=sales queue_name=sales level=2 position=9 "
          "activity=logged_out\n"
          "1.000 ? members sales\n"
          "1.000   ann bob cid\n"
          "1.000 ? queue sales members\n"
          "1.000   members=3\n"
          "2.000 agent ann joins sales\n"
          "2.000   ann is member of sales\n"
          "2.000 ? member ann sales level position\n"
          "2.000   level=0 position=0\n");
}

/* Both sides must be named and there, and the membership too when it is to end.
 */
Test(member, faults)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 agent ann\n",
          "1.000 member_set queue_name=nowhere\n"
          "1.000   -> MISSING at agent_name\n"
          "1.000 agent bob joins nowhere\n"
          "1.000   -> NOT_FOUND at agent_name\n"
          "1.000 member_set agent=stranger queue=sales\n"
          "1.000   -> NOT_FOUND at agent\n"
          "1.000 agent ann joins nowhere\n"
          "1.000   -> NOT_FOUND at queue_name\n"
          "1.000 member_set agent=ann queue=stranger queue_name=sales\n"
          "1.000   -> NOT_FOUND at queue\n"
          "1.000 member_set agent=ann\n"
          "1.000   -> MISSING at queue_name\n"
          "2.000 agent ann leaves sales\n"
          "2.000   -> NOT_FOUND at queue_name\n"
          "2.000 agent bob leaves sales\n"
          "2.000   -> NOT_FOUND at agent_name\n"
          "2.000 agent ann leaves nowhere\n"
          "2.000   -> NOT_FOUND at queue_name\n"
          "2.000 member_remove queue=sales\n"
          "2.000   -> MISSING at agent_name\n"
          "2.000 member_remove agent=ann\n"
          "2.000   -> MISSING at queue_name\n"
          "3.000 member_set agent=ann queue=help agent_name=bob queue_name=sales\n"
          "3.000   ann is member of help\n"
          "3.000 ? member ann sales\n"
          "3.000   NOT_FOUND\n");
}

/* A team is there as long as somebody is of it, and counts what its agents do. */
Test(agent_set, teams)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob cid\n"
          "0.000 ready ann bob cid\n",
          "1.000 agent ann team=night\n"
          "1.000   agent ann is set team=night\n"
          "1.000 agent bob team=night\n"
          "1.000   agent bob is set team=night\n"
          "1.000 agent cid team=day\n"
          "1.000   agent cid is set team=day\n"
          "2.000 call k1 arrives on sales\n"
          "2.000   k1 enters sales\n"
          "2.000   offer k1 to ann until 17.000\n"
          "2.000   -> offered ann until 17.000\n"
          "2.000 ? team night agents idle reserved available offered\n"
          "2.000   agents=2 idle=1 reserved=1 available=1 offered=1\n"
          "3.000 agent ann answers k1\n"
          "3.000   ann talks with k1\n"
          "3.000 ? team night idle busy connected\n"
          "3.000   idle=1 busy=1 connected=1\n"
          "4.000 agent bob team=-\n"
          "4.000   agent bob is set\n"
          "4.000 ? team night agents\n"
          "4.000   agents=1\n"
          "4.000 ? team day agents\n"
          "4.000   agents=1\n"
          "5.000 agent cid team=night\n"
          "5.000   agent cid is set team=night\n"
          "5.000 ? team day agents\n"
          "5.000   NOT_FOUND\n");
}
