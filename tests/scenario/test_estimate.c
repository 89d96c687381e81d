#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* How long a call will wait, by the definition of docs/ROUTING.md; the twin checks that it is met
 * in every state of random streams. */

/* Nothing was measured, so a call takes three minutes, and two agents share that. */
Test(estimate, place_by_place)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann bob\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n"
          "1.000 agent ann answers k1\n"
          "1.000 agent bob answers k2\n",
          "2.000 ? queue sales estimated_wait\n"
          "2.000   estimated_wait=90.000\n"
          "2.000 call k3 arrives on sales\n"
          "2.000   k3 enters sales\n"
          "2.000   -> queued at 1\n"
          "2.000 ? outcome position estimated_wait\n"
          "2.000   position=1 estimated_wait=90.000\n"
          "3.000 call k4 arrives on sales\n"
          "3.000   k4 enters sales\n"
          "3.000   -> queued at 2\n"
          "3.000 ? outcome position estimated_wait\n"
          "3.000   position=2 estimated_wait=180.000\n"
          "3.000 ? call k3 estimated_wait\n"
          "3.000   estimated_wait=90.000\n"
          "3.000 ? call k1 estimated_wait\n"
          "3.000   estimated_wait=0.000\n");
}

/* It moves as the line does, and with what calls really take: 40 s, with the ringing and the
 * wrap-up. */
Test(estimate, as_the_line_moves)
{
    story("0.000 queue sales wrap_up_time=10\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n"
          "5.000 agent ann answers k1\n"
          "6.000 call k2 arrives on sales\n"
          "6.000 call k3 arrives on sales\n",
          "20.000 ? call k3 position estimated_wait\n"
          "20.000   position=2 estimated_wait=360.000\n"
          "30.000 call k1 hangs up\n"
          "30.000   k1 ends: answered by caller wrap_up_until=40.000\n"
          "30.000 ? call k3 position estimated_wait\n"
          "30.000   position=2 estimated_wait=80.000\n"
          "40.000 time passes\n"
          "40.000   ann is done with k1@ann\n"
          "40.000   offer k2 to ann until 55.000\n"
          "41.000 ? call k3 position estimated_wait\n"
          "41.000   position=1 estimated_wait=40.000\n"
          "41.000 ? call k2 position estimated_wait\n"
          "41.000   position=0 estimated_wait=0.000\n");
}

/* With a member available a call would not wait; with none ready nobody knows. */
Test(estimate, nothing_and_for_ever)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n",
          "1.000 ? queue sales estimated_wait\n"
          "1.000   estimated_wait=0.000\n"
          "2.000 agent ann not_ready reason=3\n"
          "2.000   ann is not_ready reason=3\n"
          "2.000 ? queue sales estimated_wait\n"
          "2.000   estimated_wait=forever\n"
          "3.000 call k1 arrives on sales\n"
          "3.000   k1 enters sales\n"
          "3.000   -> queued at 1\n"
          "3.000 ? call k1 estimated_wait\n"
          "3.000   estimated_wait=forever\n");
}

/* The calls of a queue that shares the agents stand before it as far as they came before it; who
 * may serve two at a time is worth two. */
Test(estimate, agents_that_are_shared)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 crew sales ann\n"
          "0.000 crew help ann\n"
          "0.000 agent ann max_concurrent_calls=2\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n"
          "2.000 call h1 arrives on help\n"
          "3.000 call s1 arrives on sales\n"
          "4.000 call h2 arrives on help\n",
          "5.000 ? call h1 position estimated_wait\n"
          "5.000   position=1 estimated_wait=90.000\n"
          "5.000 ? call s1 position estimated_wait\n"
          "5.000   position=1 estimated_wait=180.000\n"
          "5.000 ? call h2 position estimated_wait\n"
          "5.000   position=2 estimated_wait=270.000\n");
}

/* A call of a queue of greater weight stands before it whenever it came, and so will those to come:
 * one a minute of three minutes each is more than all the time of one agent, so seven eighths of
 * it. */
Test(estimate, queues_that_go_before)
{
    story("0.000 queue plain\n"
          "0.000 queue gold weight=2\n"
          "0.000 crew plain ann\n"
          "0.000 crew gold ann\n"
          "0.000 ready ann\n"
          "1.000 call p0 arrives on plain\n"
          "2.000 call p1 arrives on plain\n",
          "3.000 ? call p1 estimated_wait\n"
          "3.000   estimated_wait=180.000\n"
          "4.000 call g1 arrives on gold\n"
          "4.000   g1 enters gold\n"
          "4.000   -> queued at 1\n"
          "4.000 ? call g1 estimated_wait\n"
          "4.000   estimated_wait=180.000\n"
          "4.000 ? call p1 estimated_wait\n"
          "4.000   estimated_wait=2880.000\n");
}

/* Callers with a head start of a minute will pass whoever came less than a minute ago. */
Test(estimate, head_starts_that_reach_back)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k0 arrives on sales\n"
          "1.000 agent ann answers k0\n"
          "10.000 call k1 arrives on sales\n",
          "10.000 ? call k1 estimated_wait\n"
          "10.000   estimated_wait=180.000\n"
          "20.000 call v1 arrives on sales head_start=60\n"
          "20.000   v1 enters sales head_start=60.000\n"
          "20.000   -> queued at 1\n"
          "20.000 ? call v1 estimated_wait\n"
          "20.000   estimated_wait=180.000\n"
          "20.000 ? call k1 position estimated_wait\n"
          "20.000   position=2 estimated_wait=510.000\n"
          "70.000 agent ann logged_out\n"
          "70.000   -> STATE at state\n"
          "70.000 ? call k1 position estimated_wait\n"
          "70.000   position=2 estimated_wait=360.000\n");
}

/* One caller left in 60 s of waiting, so that is how long patience lasts, and 180 s become
 * 60 s x ln(1 + 180 / 60), nearly. */
Test(estimate, callers_who_lose_patience)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 call k0 arrives on sales\n"
          "0.000 agent ann answers k0\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 call k2 arrives on sales\n",
          "20.000 ? call k2 position estimated_wait\n"
          "20.000   position=2 estimated_wait=360.000\n"
          "61.000 call k1 hangs up\n"
          "61.000   k1 ends: abandoned by caller\n"
          "61.000 ? call k2 position estimated_wait\n"
          "61.000   position=1 estimated_wait=83.203125\n");
}

/* Two of three agents have what s1 and k3 ask for: their line moves as fast as these do, who serve
 * two thirds of the others. With one of them it takes longer; with none it is as long as until
 * anybody will do. */
Test(estimate, by_what_a_call_asks_for)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob cid\n"
          "0.000 agent ann learns spanish level=3\n"
          "0.000 agent bob learns spanish level=5\n"
          "0.000 ready ann bob cid\n"
          "1.000 call k0 arrives on sales\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n"
          "1.000 agent ann answers k0\n"
          "1.000 agent bob answers k1\n"
          "1.000 agent cid answers k2\n"
          "2.000 call s1 arrives on sales plan=spanish;@10m\n"
          "3.000 call p1 arrives on sales\n",
          "4.000 call k3 arrives on sales plan=spanish;@10m\n"
          "4.000   k3 enters sales plan=1\n"
          "4.000   -> queued at 3\n"
          "4.000 ? outcome position estimated_wait\n"
          "4.000   position=3 estimated_wait=239.941406\n"
          "5.000 call p2 arrives on sales\n"
          "5.000   p2 enters sales\n"
          "5.000   -> queued at 4\n"
          "5.000 ? call p2 estimated_wait\n"
          "5.000   estimated_wait=240.000\n"
          "6.000 agent bob not_ready\n"
          "6.000   bob is not_ready\n"
          "6.000 ? call k3 estimated_wait\n"
          "6.000   estimated_wait=450.000\n"
          "6.000 ? call p2 estimated_wait\n"
          "6.000   estimated_wait=360.000\n"
          "7.000 call k4 arrives on sales plan=spanish;@2m\n"
          "7.000   plan 2 of sales opens: spanish;@2m\n"
          "7.000   k4 enters sales plan=2\n"
          "7.000   -> queued at 5\n"
          "7.000 ? call k4 estimated_wait\n"
          "7.000   estimated_wait=450.000\n"
          "7.000 agent ann not_ready\n"
          "7.000   ann is not_ready\n"
          "7.000 ? call k3 estimated_wait\n"
          "7.000   estimated_wait=597.000\n");
}

/* Who would come now follows the queue's plan, once that is open. */
Test(estimate, of_a_queue_that_asks_for_something)
{
    story("0.000 queue sales plan=spanish>=2\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent bob learns spanish level=2\n"
          "0.000 ready ann\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   plan 1 of sales opens: spanish>=2\n"
          "1.000   k1 enters sales plan=1\n"
          "1.000   -> queued at 1\n"
          "1.000 ? queue sales estimated_wait\n"
          "1.000   estimated_wait=forever\n"
          "2.000 agent bob ready\n"
          "2.000   bob is ready\n"
          "2.000   offer k1 to bob until 17.000\n"
          "2.000 ? queue sales estimated_wait\n"
          "2.000   estimated_wait=180.000\n");
}

/* A call that is kept for ann is told how long she takes, or until anybody may have it. */
Test(estimate, of_a_call_that_is_kept)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann bob\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n"
          "1.000 agent ann answers k1\n"
          "1.000 agent bob answers k2\n"
          "2.000 call k3 arrives on sales\n",
          "3.000 call k4 arrives on sales prefer_name=ann prefer_wait=1000\n"
          "3.000   k4 enters sales prefer=ann prefer_until=1003.000\n"
          "3.000   -> queued at 2\n"
          "3.000 ? outcome estimated_wait\n"
          "3.000   estimated_wait=180.000\n"
          "4.000 call k5 arrives on sales prefer_name=ann prefer_wait=20\n"
          "4.000   k5 enters sales prefer=ann prefer_until=24.000\n"
          "4.000   -> queued at 3\n"
          "4.000 ? outcome estimated_wait\n"
          "4.000   estimated_wait=270.000\n");
}
