#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Who may take a call: skills, levels that wait for each other, and plans that relax; and the one
 * order in which calls wait whatever they ask for. */

/* An agent takes a call when it has every skill that is asked for, one of each set of alternatives,
 * at the level or above it; others stay idle. */
Test(plan, skills_all_of_any_of_at_least)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob cid\n"
          "0.000 agent ann learns spanish level=2\n"
          "0.000 agent ann learns tech level=5\n"
          "0.000 agent bob learns spanish level=3\n"
          "0.000 agent bob learns billing\n"
          "0.000 agent cid learns spanish level=9\n"
          "0.000 ready ann bob cid\n",
          "1.000 call k1 arrives on sales plan=spanish>=3&(billing|tech>=2)\n"
          "1.000   plan 1 of sales opens: spanish>=3&(billing|tech>=2)\n"
          "1.000   k1 enters sales plan=1\n"
          "1.000   offer k1 to bob until 16.000\n"
          "1.000   -> offered bob until 16.000\n"
          "2.000 call k2 arrives on sales plan=spanish>=3&(billing|tech>=2)\n"
          "2.000   k2 enters sales plan=1\n"
          "2.000   -> queued at 1\n"
          "3.000 agent cid learns tech level=1\n"
          "3.000   cid has tech at 1\n"
          "4.000 agent cid learns tech level=2\n"
          "4.000   cid has tech at 2\n"
          "4.000   offer k2 to cid until 19.000\n");
}

/* A requirement that nobody free fulfils is relaxed in steps; the call keeps its place on the way.
 */
Test(plan, requirement_is_relaxed)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob cid\n"
          "0.000 agent ann learns spanish level=5\n"
          "0.000 agent bob learns spanish level=1\n"
          "0.000 ready bob cid\n"
          "0.000 agent ann not_ready\n",
          "1.000 call k1 arrives on sales plan=spanish>=3;@10s[0-255]spanish;@20s\n"
          "1.000   plan 1 of sales opens: spanish>=3;@10s[0-255]spanish;@20s\n"
          "1.000   k1 enters sales plan=1\n"
          "1.000   -> queued at 1\n"
          "11.000 time passes\n"
          "11.000   k1 is at step 1\n"
          "11.000   offer k1 to bob until 26.000\n"
          "12.000 agent bob rejects k1\n"
          "12.000   offer of k1 to bob ends: rejected\n"
          "12.000   offer k1 to bob until 27.000\n"
          "12.000 agent bob not_ready\n"
          "12.000   bob is not_ready\n"
          "12.000   offer of k1 to bob ends: rescinded\n"
          "21.000 time passes\n"
          "21.000   k1 is at step 2\n"
          "21.000   offer k1 to cid until 36.000\n");
}

/* Levels wait for each other: the next one opens after tier_wait. */
Test(plan, wait_before_the_next_level)
{
    story("0.000 queue sales tier_wait=30\n"
          "0.000 crew sales ann level=1\n"
          "0.000 crew sales bob level=2\n"
          "0.000 crew sales cid level=3\n"
          "0.000 agent ann not_ready\n"
          "0.000 ready bob cid\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   plan 1 of sales opens: [0-1]; @30s\n"
          "1.000   k1 enters sales plan=1\n"
          "1.000   -> queued at 1\n"
          "31.000 time passes\n"
          "31.000   k1 is at step 1\n"
          "31.000   offer k1 to bob until 46.000\n");
}

/* With tier_multiply a level opens after tier_wait times its number. */
Test(plan, wait_multiplied_by_level)
{
    story("0.000 queue sales tier_wait=10 tier_multiply=yes\n"
          "0.000 crew sales ann level=1\n"
          "0.000 crew sales bob level=2\n"
          "0.000 crew sales cid level=3\n"
          "0.000 agent ann not_ready\n"
          "0.000 agent bob not_ready\n"
          "0.000 ready cid\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   plan 1 of sales opens: [0-1]; @20s [0-2]; @30s\n"
          "1.000   k1 enters sales plan=1\n"
          "1.000   -> queued at 1\n"
          "21.000 time passes\n"
          "21.000   k1 is at step 1\n"
          "31.000 time passes\n"
          "31.000   k1 is at step 2\n"
          "31.000   offer k1 to cid until 46.000\n");
}

/* A level at which nobody is logged in makes nobody wait: neither a call that comes, nor those that
 * wait when the last one leaves. */
Test(plan, level_with_nobody_opens_at_once)
{
    story("0.000 queue sales tier_wait=30\n"
          "0.000 crew sales ann level=1\n"
          "0.000 crew sales bob level=2\n"
          "0.000 agent ann not_ready\n"
          "0.000 ready bob\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   plan 1 of sales opens: [0-1]; @30s\n"
          "1.000   k1 enters sales plan=1\n"
          "1.000   -> queued at 1\n"
          "2.000 agent ann logged_out\n"
          "2.000   ann is logged_out\n"
          "2.000 time passes\n"
          "2.000   k1 is at step 1\n"
          "2.000   offer k1 to bob until 17.000\n"
          "3.000 call k2 arrives on sales\n"
          "3.000   k2 enters sales plan=1 step=1\n"
          "3.000   -> queued at 1\n");
}

/* With pass_over=ready it is enough that nobody is ready; with never, each level has its time. */
Test(plan, level_with_nobody_ready)
{
    story("0.000 queue sales tier_wait=30 pass_over=ready\n"
          "0.000 crew sales ann level=1\n"
          "0.000 crew sales bob level=2\n"
          "0.000 agent ann not_ready\n"
          "0.000 ready bob\n"
          "0.000 queue help tier_wait=30 pass_over=never\n"
          "0.000 crew help dan level=1\n"
          "0.000 crew help eve level=2\n"
          "0.000 ready eve\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   plan 1 of sales opens: [0-1]; @30s\n"
          "1.000   k1 enters sales plan=1 step=1\n"
          "1.000   offer k1 to bob until 16.000\n"
          "1.000   -> offered bob until 16.000\n"
          "2.000 call k2 arrives on help\n"
          "2.000   plan 2 of help opens: [0-1]; @30s\n"
          "2.000   k2 enters help plan=2\n"
          "2.000   -> queued at 1\n"
          "16.000   offer of k1 to bob ends: no_answer\n"
          "16.000   offer k1 to bob until 31.000\n"
          "31.000   offer of k1 to bob ends: no_answer\n"
          "31.000   offer k1 to bob until 46.000\n"
          "32.000 time passes\n"
          "32.000   k2 is at step 1\n"
          "32.000   offer k2 to eve until 47.000\n");
}

/* A window moves up as time passes, and levels below the raise count as it: those of before and the
 * new ones stand alike, the longest idle first. */
Test(plan, penalty_window_moves_and_raises)
{
    story("0.000 queue sales plan=[0-1];@5s[1-3]^2\n"
          "0.000 crew sales ann level=0\n"
          "0.000 crew sales bob level=2\n"
          "0.000 agent ann not_ready\n"
          "0.000 ready bob\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   plan 1 of sales opens: [0-1];@5s[1-3]^2\n"
          "1.000   k1 enters sales plan=1\n"
          "1.000   -> queued at 1\n"
          "6.000 time passes\n"
          "6.000   k1 is at step 1\n"
          "6.000   offer k1 to bob until 21.000\n"
          "7.000 agent bob rejects k1\n"
          "7.000   offer of k1 to bob ends: rejected\n"
          "7.000   offer k1 to bob until 22.000\n"
          "7.000 agent bob not_ready\n"
          "7.000   bob is not_ready\n"
          "7.000   offer of k1 to bob ends: rescinded\n"
          "8.000 agent ann ready\n"
          "8.000   ann is ready\n"
          "8.000   offer k1 to ann until 23.000\n");
}

/* Pain 6: one order across queues, tiers and skills. A free agent takes the call that has waited
 * longest, whichever queue and whatever requirement it waits with, after weight and level. */
Test(plan, pain_06_order_across_queues)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann joins help\n"
          "0.000 agent ann learns spanish level=4\n"
          "0.000 agent ann not_ready\n",
          "1.000 call k1 arrives on help plan=spanish>=2\n"
          "1.000   plan 1 of help opens: spanish>=2\n"
          "1.000   k1 enters help plan=1\n"
          "1.000   -> queued at 1\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   k2 enters sales\n"
          "2.000   -> queued at 1\n"
          "3.000 call k3 arrives on help\n"
          "3.000   k3 enters help\n"
          "3.000   -> queued at 2\n"
          "4.000 call k4 arrives on sales plan=spanish head_start=10\n"
          "4.000   plan 2 of sales opens: spanish\n"
          "4.000   k4 enters sales head_start=10.000 plan=2\n"
          "4.000   -> queued at 1\n"
          "5.000 ? line help\n"
          "5.000   k1 k3\n"
          "6.000 agent ann ready\n"
          "6.000   ann is ready\n"
          "6.000   offer k4 to ann until 21.000\n"
          "7.000 agent ann answers k4\n"
          "7.000   ann talks with k4\n"
          "7.000 call k4 hangs up side=agent\n"
          "7.000   k4 ends: answered by agent\n"
          "7.000   offer k1 to ann until 22.000\n"
          "8.000 agent ann answers k1\n"
          "8.000   ann talks with k1\n"
          "8.000 call k1 hangs up side=agent\n"
          "8.000   k1 ends: answered by agent\n"
          "8.000   offer k2 to ann until 23.000\n"
          "9.000 agent ann answers k2\n"
          "9.000   ann talks with k2\n"
          "9.000 call k2 hangs up side=agent\n"
          "9.000   k2 ends: answered by agent\n"
          "9.000   offer k3 to ann until 24.000\n");
}

/* Pain 6: a place in line only gets better: a relaxed call keeps its key, and those who came later
 * stay behind it. */
Test(plan, pain_06_eighth_in_line_after_seventh)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent ann learns spanish\n"
          "0.000 agent ann not_ready\n"
          "0.000 agent bob not_ready\n",
          "1.000 call k1 arrives on sales plan=spanish;@10s\n"
          "1.000   plan 1 of sales opens: spanish;@10s\n"
          "1.000   k1 enters sales plan=1\n"
          "1.000   -> queued at 1\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   k2 enters sales\n"
          "2.000   -> queued at 2\n"
          "3.000 call k3 arrives on sales\n"
          "3.000   k3 enters sales\n"
          "3.000   -> queued at 3\n"
          "4.000 ? call k1 position step\n"
          "4.000   position=1 step=0\n"
          "11.000 time passes\n"
          "11.000   k1 is at step 1\n"
          "11.000 ? call k1 position step\n"
          "11.000   position=1 step=1\n"
          "11.000 ? call k3 position\n"
          "11.000   position=3\n"
          "12.000 agent bob ready\n"
          "12.000   bob is ready\n"
          "12.000   offer k1 to bob until 27.000\n");
}

/* Pain 8: weights, levels and windows together leave nobody idle beside a caller whom they may
 * take: the heavier queue comes first, and when its call is not for this agent the other one is. */
Test(plan, pain_08_idle_agent_waiting_caller)
{
    story("0.000 queue vip weight=9 plan=[0-0];@20s\n"
          "0.000 queue sales\n"
          "0.000 crew vip ann level=0\n"
          "0.000 crew vip bob level=1\n"
          "0.000 agent bob joins sales\n"
          "0.000 agent ann not_ready\n"
          "0.000 agent bob not_ready\n",
          "1.000 call k1 arrives on vip\n"
          "1.000   plan 1 of vip opens: [0-0];@20s\n"
          "1.000   k1 enters vip plan=1\n"
          "1.000   -> queued at 1\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   k2 enters sales\n"
          "2.000   -> queued at 1\n"
          "3.000 agent bob ready\n"
          "3.000   bob is ready\n"
          "3.000   offer k2 to bob until 18.000\n"
          "4.000 agent bob rejects k2\n"
          "4.000   offer of k2 to bob ends: rejected\n"
          "4.000   offer k2 to bob until 19.000\n"
          "5.000 call k2 hangs up\n"
          "5.000   offer of k2 to bob ends: caller_gone\n"
          "5.000   k2 ends: abandoned by caller\n"
          "21.000 time passes\n"
          "21.000   k1 is at step 1\n"
          "21.000   offer k1 to bob until 36.000\n");
}

/* A waiting call is brought forward, and back; what rings keeps ringing. */
Test(plan, head_start_changed_while_waiting)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann not_ready\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   k1 enters sales\n"
          "1.000   -> queued at 1\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   k2 enters sales\n"
          "2.000   -> queued at 2\n"
          "3.000 call k2 has a head start head_start=5\n"
          "3.000   k2 has a head start of 5.000\n"
          "3.000 ? line sales\n"
          "3.000   k2 k1\n"
          "4.000 call k2 has a head start head_start=0\n"
          "4.000   k2 has a head start of 0.000\n"
          "4.000 ? line sales\n"
          "4.000   k1 k2\n"
          "5.000 call k1 has a head start head_start=0\n"
          "6.000 call k9 has a head start head_start=1\n"
          "6.000   -> NOT_FOUND at key\n"
          "6.000 call k2 has a head start head_start=86401\n"
          "6.000   -> INVALID at head_start\n"
          "7.000 agent ann ready\n"
          "7.000   ann is ready\n"
          "7.000   offer k1 to ann until 22.000\n"
          "8.000 call k1 has a head start head_start=3\n"
          "8.000   k1 has a head start of 3.000\n"
          "9.000 agent ann answers k1\n"
          "9.000   ann talks with k1\n"
          "9.000 call k1 has a head start head_start=4\n"
          "9.000   -> STATE at call\n");
}

/* A call that brought a plan follows it in the queue that it moves to; one that did not follows
 * that of the queue. */
Test(plan, plan_goes_along)
{
    story("0.000 queue sales\n"
          "0.000 queue help plan=[0-0];@9s\n"
          "0.000 crew help ann level=0\n"
          "0.000 agent ann not_ready\n"
          "0.000 crew sales bob\n"
          "0.000 agent bob learns spanish\n"
          "0.000 agent bob not_ready\n",
          "1.000 call k1 arrives on sales plan=spanish\n"
          "1.000   plan 1 of sales opens: spanish\n"
          "1.000   k1 enters sales plan=1\n"
          "1.000   -> queued at 1\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   k2 enters sales\n"
          "2.000   -> queued at 2\n"
          "3.000 call k3 arrives on sales plan=-\n"
          "3.000   k3 enters sales\n"
          "3.000   -> queued at 3\n"
          "4.000 queue sales goes policy=move target_name=help\n"
          "4.000   queue sales is going, move target=help\n"
          "4.000 time passes\n"
          "4.000   plan 2 of help opens: spanish\n"
          "4.000   k1 moves from sales to help plan=2\n"
          "4.000   plan 3 of help opens: [0-0];@9s\n"
          "4.000   k2 moves from sales to help plan=3\n"
          "4.000   k3 moves from sales to help\n"
          "4.000   queue sales is gone\n");
}

/* What is no plan is refused, with a call and with a queue. */
Test(plan, no_plan)
{
    story("0.000 queue sales\n", "1.000 call k1 arrives on sales plan=spanish&\n"
                                 "1.000   -> INVALID at plan\n"
                                 "1.000 call k1 arrives on sales plan=a|b\n"
                                 "1.000   -> INVALID at plan\n"
                                 "1.000 call k1 arrives on sales plan=a;b\n"
                                 "1.000   -> INVALID at plan\n"
                                 "1.000 call k1 arrives on sales plan=a;@2s;@1s\n"
                                 "1.000   -> INVALID at plan\n"
                                 "1.000 call k1 arrives on sales plan=a>=256\n"
                                 "1.000   -> INVALID at plan\n"
                                 "1.000 call k1 arrives on sales plan=[2-1]\n"
                                 "1.000   -> INVALID at plan\n"
                                 "1.000 call k1 arrives on sales plan=@1s\n"
                                 "1.000   -> INVALID at plan\n"
                                 "1.000 queue sales plan=()\n"
                                 "1.000   -> INVALID at plan\n"
                                 "1.000 queue sales tier_wait=-2\n"
                                 "1.000   -> INVALID at tier_wait\n"
                                 "1.000 agent ann\n"
                                 "1.000   agent ann is set\n"
                                 "1.000 agent ann learns -x\n"
                                 "1.000   -> INVALID at skill\n"
                                 "1.000 agent ann learns a&b\n"
                                 "1.000   -> INVALID at skill\n"
                                 "1.000 agent ann forgets x\n"
                                 "1.000   -> NOT_FOUND at skill\n");
}
