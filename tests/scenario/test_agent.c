#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* What agents say of themselves. Their work after a call: test_wrap_up.c. */

#define RINGING                                                                                    \
    "0.000 queue sales\n"                                                                          \
    "0.000 crew sales ann\n"                                                                       \
    "0.000 ready ann\n"                                                                            \
    "1.000 call k1 arrives on sales\n"

#define TALKING RINGING "2.000 agent ann answers k1\n"

/* A new agent is logged out; each state shows as what it does. */
Test(agent, states_and_activities)
{
    story("0.000 agent ann\n",
          "0.000 ? agent ann state activity last_status_change\n"
          "0.000   state=logged_out activity=logged_out last_status_change=0.000\n"
          "1.000 agent ann not_ready reason=12\n"
          "1.000   ann is not_ready reason=12\n"
          "1.000 ? agent ann state activity reason last_status_change\n"
          "1.000   state=not_ready activity=not_ready reason=12 last_status_change=1.000\n"
          "2.000 agent ann ready\n"
          "2.000   ann is ready\n"
          "2.000 ? outcome\n"
          "2.000   agent=ann\n"
          "2.000 ? agent ann state activity reason available\n"
          "2.000   state=ready activity=idle reason=0 available=1\n"
          "3.000 agent ann logged_out\n"
          "3.000   ann is logged_out\n"
          "3.000 ? totals agents logged_out not_ready idle available\n"
          "3.000   agents=1 logged_out=1 not_ready=0 idle=0 available=0\n");
}

/* A reason belongs to not_ready alone. */
Test(agent, reason_only_when_not_ready)
{
    story("0.000 agent ann\n", "1.000 agent ann ready reason=5\n"
                               "1.000   ann is ready\n"
                               "2.000 agent ann logged_out reason=5\n"
                               "2.000   ann is logged_out\n"
                               "2.000 ? agent ann reason\n"
                               "2.000   reason=0\n");
}

/* The same state again is no event and leaves the agent's place; not_ready for another reason is a
 * new state. */
Test(agent, same_state_again)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n",
          "1.000 agent ann ready\n"
          "1.000 agent ann ready reason=4\n"
          "1.000 ? agent ann last_status_change\n"
          "1.000   last_status_change=0.000\n"
          "2.000 agent ann not_ready reason=4\n"
          "2.000   ann is not_ready reason=4\n"
          "3.000 agent ann not_ready reason=4\n"
          "3.000 agent ann not_ready reason=5\n"
          "3.000   ann is not_ready reason=5\n"
          "4.000 agent ann not_ready\n"
          "4.000   ann is not_ready\n"
          "4.000 ? agent ann last_status_change reason\n"
          "4.000   last_status_change=4.000 reason=0\n");
}

/* Who becomes ready takes the first call that waits, at once. */
Test(agent, ready_takes_what_waits)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann not_ready\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 call k2 arrives on sales\n",
          "1.000 agent ann ready\n"
          "1.000   ann is ready\n"
          "1.000   offer k1 to ann until 16.000\n"
          "1.000 ? agent ann activity offered\n"
          "1.000   activity=reserved offered=1\n");
}

/* Leaving ready takes back what rings; the call goes to its place and to the next agent. */
Test(agent, leaves_while_ringing)
{
    story(RINGING "1.000 call k2 arrives on sales\n", "2.000 agent ann not_ready\n"
                                                      "2.000   ann is not_ready\n"
                                                      "2.000   offer of k1 to ann ends: rescinded\n"
                                                      "2.000 ? line sales\n"
                                                      "2.000   k1 k2\n"
                                                      "3.000 agent ann ready\n"
                                                      "3.000   ann is ready\n"
                                                      "3.000   offer k1 to ann until 18.000\n");
}

/* So does logging out. */
Test(agent, logs_out_while_ringing)
{
    story(RINGING "1.000 crew sales bob\n"
                  "1.000 ready bob\n",
          "2.000 agent ann logged_out\n"
          "2.000   ann is logged_out\n"
          "2.000   offer of k1 to ann ends: rescinded\n"
          "2.000   offer k1 to bob until 17.000\n");
}

/* Several offers are taken back oldest assignment first. */
Test(agent, leaves_while_several_ring)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=4\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 call k2 arrives on sales head_start=60\n"
          "3.000 call k3 arrives on sales\n"
          "4.000 agent ann answers k2\n",
          "5.000 ? work ann\n"
          "5.000   assignment=k1@ann agent=ann call=k1 queue=sales role=offered since=1.000 "
          "until=16.000 channel=voice\n"
          "5.000   assignment=k2@ann agent=ann call=k2 queue=sales role=connected since=4.000 "
          "channel=voice\n"
          "5.000   assignment=k3@ann agent=ann call=k3 queue=sales role=offered since=3.000 "
          "until=18.000 channel=voice\n"
          "5.000 agent ann not_ready\n"
          "5.000   ann is not_ready\n"
          "5.000   offer of k1 to ann ends: rescinded\n"
          "5.000   offer of k3 to ann ends: rescinded\n"
          "6.000 ? agent ann activity\n"
          "6.000   activity=busy\n");
}

/* Nobody logs out while talking; not_ready and ready again are free to say. */
Test(agent, logs_out_while_talking)
{
    story(TALKING, "3.000 agent ann logged_out\n"
                   "3.000   -> STATE at state\n"
                   "4.000 agent ann not_ready reason=3\n"
                   "4.000   ann is not_ready reason=3\n"
                   "4.000 agent ann logged_out\n"
                   "4.000   -> STATE at state\n"
                   "4.000 ? agent ann activity state\n"
                   "4.000   activity=busy state=not_ready\n"
                   "5.000 agent ann ready\n"
                   "5.000   ann is ready\n"
                   "6.000 call k1 hangs up\n"
                   "6.000   k1 ends: answered by caller\n"
                   "6.000 agent ann logged_out\n"
                   "6.000   ann is logged_out\n");
}

/* Who said not_ready while talking gets no call afterwards. */
Test(agent, not_ready_while_talking_holds_afterwards)
{
    story(TALKING "3.000 call k2 arrives on sales\n", "4.000 agent ann not_ready\n"
                                                      "4.000   ann is not_ready\n"
                                                      "5.000 call k1 hangs up\n"
                                                      "5.000   k1 ends: answered by caller\n"
                                                      "6.000 agent ann ready\n"
                                                      "6.000   ann is ready\n"
                                                      "6.000   offer k2 to ann until 21.000\n");
}

/* What one offer rings and another talks, leaving ready takes back only the ringing one. To log out
 * in that state is refused, and then nothing is taken back. */
Test(agent, refused_logout_changes_nothing)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=2\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n"
          "1.000 agent ann answers k1\n",
          "2.000 agent ann logged_out\n"
          "2.000   -> STATE at state\n"
          "2.000 ? agent ann offered connected state\n"
          "2.000   offered=1 connected=1 state=ready\n");
}

/* The agent must be named, be there, and say a state that exists. */
Test(agent, faults)
{
    story("0.000 agent ann\n"
          "0.000 agent bob\n"
          "0.000 agent bob goes\n",
          "1.000 agent_state state=ready\n"
          "1.000   -> MISSING at name\n"
          "1.000 agent cid ready\n"
          "1.000   -> NOT_FOUND at name\n"
          "1.000 agent_state agent=stranger name=ann state=ready\n"
          "1.000   -> NOT_FOUND at agent\n"
          "1.000 agent_state agent=bob state=ready\n"
          "1.000   -> NOT_FOUND at agent\n"
          "1.000 agent_state name=ann\n"
          "1.000   -> MISSING at state\n"
          "1.000 agent ann 4\n"
          "1.000   -> INVALID at state\n"
          "1.000 agent_state agent=ann name=bob state=ready\n"
          "1.000   ann is ready\n");
}
