#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Calls whose gateway is lost, and what else knows of calls: those who ask each other, who passes a
 * call on, who calls again, who is waited for, and who asks why. */

/* ann talks with gw1's k1 since 2 and is not done with it; bob, cid and dan are free, bob for
 * longest. gw1 was last heard at 10.000, and is lost at 25.000. */
#define TALKING                                                                                    \
    "0.000 queue sales abandoned_resume=600\n"                                                     \
    "0.000 queue help ring_timeout=60\n"                                                           \
    "0.000 crew sales ann\n"                                                                       \
    "0.000 crew help bob cid\n"                                                                    \
    "0.000 ready ann bob cid\n"                                                                    \
    "0.000 client gw1 opens lease=12 grace=20 orphans=hand_over heir=gw2\n"                        \
    "0.000 client gw2 opens\n"                                                                     \
    "1.000 gw1: call k1 arrives on sales\n"                                                        \
    "2.000 gw1: agent ann answers gw1/k1\n"                                                        \
    "10.000 gw1: heartbeat\n"

/* It rings no more at who is asked; the caller stays with who asks, on hold. Nobody else can be
 * asked until another gateway has the call, which is not told twice of what was taken back. */
Test(lost, who_is_asked_rings_no_more)
{
    story(TALKING "11.000 queue sales ring_timeout=60\n"
                  "11.000 agent ann asks about gw1/k1 queue_name=help\n",
          "25.000 time passes\n"
          "25.000   gw1 is lost until=45.000\n"
          "25.000   offer of gw1/k1 to bob ends: rescinded\n"
          "25.000   gw1 is swept\n"
          "26.000 ? agent bob activity last_status_change\n"
          "26.000   activity=idle last_status_change=0.000\n"
          "26.000 ? call gw1/k1 state agent consulted_name\n"
          "26.000   state=connected agent=ann consulted_name=\n"
          "27.000 agent ann asks about gw1/k1 queue_name=help\n"
          "27.000   -> STATE at assignment\n"
          "28.000 agent ann retrieves gw1/k1\n"
          "28.000   ann has gw1/k1 on hold: no\n"
          "45.000 time passes\n"
          "45.000   gw1 is swept sweep=hand_over heir=gw2\n"
          "45.000   gw2 adopts gw1/k1\n"
          "45.000   gw1 is swept\n"
          "46.000 agent ann asks about gw1/k1 queue_name=help\n"
          "46.000   ann has gw1/k1 on hold: yes\n"
          "46.000   ann asks about gw1/k1\n"
          "46.000   bob is asked about gw1/k1 until 106.000 queue=help\n"
          "46.000   -> offered bob until 106.000\n"
          "47.000 ? outbox gw2\n"
          "47.000   1 at 45.000: call_adopted gw1/k1 queue=sales agent=ann\n"
          "47.000   2 at 46.000: held gw1/k1 queue=sales agent=ann\n"
          "47.000   3 at 46.000: consult_offered gw1/k1 queue=sales agent=bob until=106.000\n");
}

/* Who was asked and has answered goes on talking, and may get the caller: no phone rings for it. */
Test(lost, who_answered_talks_on)
{
    story(TALKING "11.000 agent ann asks about gw1/k1 queue_name=help\n"
                  "12.000 agent bob answers gw1/k1@bob\n",
          "25.000 time passes\n"
          "25.000   gw1 is lost until=45.000\n"
          "25.000   gw1 is swept\n"
          "30.000 agent ann hands over gw1/k1@ann\n"
          "30.000   ann passes gw1/k1 on from sales to help target=bob next=gw1/k1@bob\n"
          "30.000   -> connected bob\n"
          "45.000 time passes\n"
          "45.000   gw1 is swept sweep=hand_over heir=gw2\n"
          "45.000   gw2 adopts gw1/k1\n"
          "45.000   gw1 is swept\n");
}

/* Without an heir the consultation ends before the call does, whether it was answered or not. */
Test(lost, who_asks_is_left_with_nobody)
{
    story(TALKING "10.000 client gw1 is set orphans=end\n"
                  "11.000 agent ann asks about gw1/k1 queue_name=help\n"
                  "12.000 agent bob answers gw1/k1@bob\n"
                  "26.000 time passes\n",
          "45.000 time passes\n"
          "45.000   gw1 is swept sweep=end\n"
          "45.000   bob is asked about gw1/k1 no more\n"
          "45.000   gw1/k1 ends: lost by system\n"
          "45.000   gw1 is swept\n"
          "45.000 ? agent ann activity\n"
          "45.000   activity=idle\n"
          "45.000 ? agent bob activity last_status_change\n"
          "45.000   activity=idle last_status_change=45.000\n"
          "45.000 ? queue sales answered lost connected talk hold\n"
          "45.000   answered=1 lost=0 connected=0 talk=9.000 hold=34.000\n");
}

/* A lost gateway can ring nobody else, nor carry a call on. Once it has opened again it can. */
Test(lost, nothing_is_passed_on)
{
    story(TALKING "25.000 time passes\n",
          "26.000 agent ann passes gw1/k1 queue_name=help\n"
          "26.000   -> STATE at assignment\n"
          "26.000 agent ann passes gw1/k1 agent_name=bob\n"
          "26.000   -> STATE at assignment\n"
          "26.000 agent ann passes gw1/k1 number=555\n"
          "26.000   -> STATE at assignment\n"
          "27.000 client gw1 opens\n"
          "27.000   client gw1 opens lease=12.000 grace=20.000 orphans=hand_over heir=gw2 "
          "until=42.000\n"
          "28.000 agent ann passes gw1/k1 queue_name=help\n"
          "28.000   ann passes gw1/k1 on from sales to help\n"
          "28.000   offer gw1/k1 to bob until 88.000\n"
          "28.000   -> offered bob until 88.000\n");
}

/* A lost call was abandoned by nobody, so it leaves no place; a caller who hangs up while stranded
 * does. */
Test(lost, leaves_no_place_to_resume)
{
    story(TALKING "10.000 client gw1 is set orphans=end\n"
                  "10.000 gw1: call k2 arrives on sales caller=555\n"
                  "10.000 gw1: call k3 arrives on sales caller=556\n"
                  "25.000 time passes\n"
                  "30.000 hangup call=gw1/k3\n"
                  "45.000 time passes\n"
                  "46.000 agent ann not_ready reason=3\n",
          "46.000 ? queue sales lost abandoned waiting\n"
          "46.000   lost=1 abandoned=1 waiting=0\n"
          "47.000 gw2: call k2 arrives on sales caller=555\n"
          "47.000   gw2/k2 enters sales caller=555\n"
          "47.000   -> queued at 1\n"
          "47.000 gw2: call k3 arrives on sales caller=556\n"
          "47.000   gw2/k3 enters sales caller=556 resumed=10.000\n"
          "47.000   -> queued at 1\n");
}

/* A call that is kept for an agent is so when it is resumed too; what it was kept for has not
 * changed, and its time has gone on. */
Test(lost, kept_for_an_agent)
{
    story(TALKING "10.000 gw1: call k2 arrives on sales prefer=ann prefer_wait=60\n"
                  "25.000 time passes\n"
                  "26.000 client gw1 opens\n"
                  "26.000 gw1: reconcile step=begin\n"
                  "26.000 gw1: reconcile_call key=k1\n"
                  "26.000 gw1: reconcile_call key=k2\n",
          "26.000 ? explained gw1/k2 state kept_for\n"
          "26.000   state=stranded kept_for=ann\n"
          "27.000 gw1: reconcile step=end\n"
          "27.000   gw1 is swept sweep=end\n"
          "27.000   gw1/k2 is resumed\n"
          "27.000   gw1 is swept\n"
          "28.000 gw1: hangup key=k1\n"
          "28.000   gw1/k1 ends: answered by caller told\n"
          "28.000   offer gw1/k2 to ann until 43.000\n");
}

/* Why does it wait? Its gateway is lost: there is no agent to be told of, and of what comes next
 * only max_wait. */
Test(lost, is_explained)
{
    story(TALKING "10.000 queue sales max_wait=90\n"
                  "10.000 gw1: call k2 arrives on sales\n"
                  "25.000 time passes\n",
          "26.000 ? explained gw1/k2 state position members able max_wait_at leaves\n"
          "26.000   state=stranded position=0 members=1 able=0 max_wait_at=100.000 leaves=0\n"
          "26.000 ? why gw1/k2\n"
          "26.000   nothing\n"
          "27.000 agent cid not_ready reason=3\n"
          "27.000   cid is not_ready reason=3\n"
          "27.000 ? why gw1/k2 cid\n"
          "27.000   nothing\n");
}
