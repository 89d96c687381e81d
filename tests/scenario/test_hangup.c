#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* A call is over, whatever it was doing. */

#define TALKING                                                                                    \
    "0.000 crew sales ann\n"                                                                       \
    "0.000 ready ann\n"                                                                            \
    "1.000 call k1 arrives on sales\n"                                                             \
    "2.000 agent ann answers k1\n"

/* ---- by what it was doing ----------------------------------------------------------------- */

/* A queued call ends as abandoned when its caller leaves, and as withdrawn when anybody else ends
 * it; who ended it is the caller unless told otherwise. */
Test(hangup, while_queued)
{
    story("0.000 queue sales\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 call k2 arrives on sales\n"
          "0.000 call k3 arrives on sales\n"
          "0.000 call k4 arrives on sales\n",
          "1.000 call k2 hangs up\n"
          "1.000   k2 ends: abandoned by caller\n"
          "1.000 ? outcome\n"
          "1.000   call=k2 queue=sales\n"
          "1.000 ? line sales\n"
          "1.000   k1 k3 k4\n"
          "2.000 call k1 hangs up side=caller\n"
          "2.000   k1 ends: abandoned by caller\n"
          "3.000 call k3 hangs up side=system\n"
          "3.000   k3 ends: withdrawn by system\n"
          "4.000 call k4 hangs up side=agent\n"
          "4.000   k4 ends: withdrawn by agent\n"
          "5.000 ? queue sales waiting entered abandoned withdrawn\n"
          "5.000   waiting=0 entered=4 abandoned=2 withdrawn=2\n");
}

/* The caller leaves while it rings: the offer is over, the agent is free again, at the place its
 * idleness gives it, and takes the next call. */
Test(hangup, caller_leaves_while_ringing)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 ready bob\n",
          "3.000 call k1 hangs up\n"
          "3.000   offer of k1 to ann ends: caller_gone\n"
          "3.000   k1 ends: abandoned by caller\n"
          "3.000 ? agent ann last_status_change no_answers\n"
          "3.000   last_status_change=0.000 no_answers=0\n"
          "4.000 call k2 arrives on sales\n"
          "4.000   k2 enters sales\n"
          "4.000   offer k2 to ann until 19.000\n"
          "4.000   -> offered ann until 19.000\n");
}

/* Anybody else ends it while it rings: the offer is rescinded, the call withdrawn. */
Test(hangup, withdrawn_while_ringing)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 call k2 arrives on sales\n",
          "3.000 call k1 hangs up side=system\n"
          "3.000   offer of k1 to ann ends: rescinded\n"
          "3.000   k1 ends: withdrawn by system\n"
          "3.000   offer k2 to ann until 18.000\n"
          "3.000 ? agent ann last_status_change\n"
          "3.000   last_status_change=0.000\n");
}

/* A call that talks ends as answered, whoever hangs up; without wrap-up its agent takes the next
 * one in the same frame, and has been idle since now. */
Test(hangup, while_connected)
{
    story("0.000 queue sales\n" TALKING "2.000 call k2 arrives on sales\n",
          "5.000 call k1 hangs up side=agent\n"
          "5.000   k1 ends: answered by agent\n"
          "5.000   offer k2 to ann until 20.000\n"
          "5.000 ? agent ann last_status_change connected offered talk_today\n"
          "5.000   last_status_change=5.000 connected=0 offered=1 talk_today=3.000\n"
          "6.000 agent ann answers k2\n"
          "6.000   ann talks with k2\n"
          "7.000 call k2 hangs up side=system\n"
          "7.000   k2 ends: answered by system\n"
          "7.000 ? queue sales answered abandoned withdrawn talk\n"
          "7.000   answered=2 abandoned=0 withdrawn=0 talk=4.000\n");
}

/* With wrap-up the agent works on until its time is over. */
Test(hangup, into_wrap_up)
{
    story("0.000 queue sales wrap_up_time=10\n" TALKING "2.000 call k2 arrives on sales\n",
          "5.000 call k1 hangs up\n"
          "5.000   k1 ends: answered by caller wrap_up_until=15.000\n"
          "5.000 ? agent ann activity wrap_up available last_status_change\n"
          "5.000   activity=wrap_up wrap_up=1 available=0 last_status_change=5.000\n"
          "15.000 time passes\n"
          "15.000   ann is done with k1@ann\n"
          "15.000   offer k2 to ann until 30.000\n"
          "15.000 ? agent ann last_status_change\n"
          "15.000   last_status_change=15.000\n");
}

/* The gateway's own time of the end is held between the answer, or the arrival, and now. */
Test(hangup, end_is_clamped)
{
    story("0.000 queue sales\n" TALKING "3.000 call k2 arrives on sales happened_at=2.500\n"
          "3.000 call k3 arrives on sales happened_at=2.500\n"
          "3.000 call k4 arrives on sales happened_at=2.500\n",
          "5.000 call k1 hangs up happened_at=1.500\n"
          "5.000   k1 ends: answered by caller ended_at=2.000\n"
          "5.000   offer k2 to ann until 20.000\n"
          "5.000 ? queue sales talk\n"
          "5.000   talk=0.000\n"
          "6.000 call k2 hangs up happened_at=0.001\n"
          "6.000   offer of k2 to ann ends: caller_gone\n"
          "6.000   k2 ends: abandoned by caller ended_at=2.500\n"
          "6.000   offer k3 to ann until 21.000\n"
          "7.000 call k4 hangs up happened_at=6.750\n"
          "7.000   k4 ends: abandoned by caller ended_at=6.750\n"
          "7.000 ? queue sales abandoned wait_abandoned wait_max\n"
          "7.000   abandoned=2 wait_abandoned=4.250 wait_max=4.250\n"
          "8.000 call k3 hangs up happened_at=8.001\n"
          "8.000   offer of k3 to ann ends: caller_gone\n"
          "8.000   k3 ends: abandoned by caller\n");
}

/* ---- which call --------------------------------------------------------------------------- */

/* A call may be named by its id, also by who does not own it; the id of one that is over is GONE.
 */
Test(hangup, by_id)
{
    story("0.000 queue sales\n"
          "0.000 client gw1 opens\n"
          "0.000 gw1: call k1 arrives on sales\n",
          "1.000 hangup call=gw1/k1 side=system key=whatever\n"
          "1.000   gw1/k1 ends: withdrawn by system\n"
          "2.000 hangup call=gw1/k1\n"
          "2.000   -> GONE at call\n"
          "3.000 hangup call=stranger\n"
          "3.000   -> GONE at call\n");
}

/* A key is the asker's own: that of another's call means nothing here. */
Test(hangup, by_key_of_another)
{
    story("0.000 queue sales\n"
          "0.000 client gw1 opens\n"
          "0.000 gw1: call k1 arrives on sales\n",
          "1.000 call k1 hangs up\n"
          "1.000   -> NOT_FOUND at key\n"
          "2.000 ? line sales\n"
          "2.000   gw1/k1\n");
}

/* A side nobody knows is INVALID before all else; then the call must be named.
 */
Test(hangup, faults)
{
    story("0.000 queue sales\n"
          "0.000 call k1 arrives on sales\n",
          "1.000 hangup call=stranger side=4\n"
          "1.000   -> INVALID at side\n"
          "1.000 hangup side=9\n"
          "1.000   -> INVALID at side\n"
          "1.000 hangup\n"
          "1.000   -> MISSING at key\n"
          "1.000 call x*97 hangs up side=9\n"
          "1.000   -> TOO_LONG at key\n"
          "2.000 call k1 hangs up\n"
          "2.000   k1 ends: abandoned by caller\n"
          "3.000 call k1 hangs up\n"
          "3.000   -> GONE at key\n");
}

/* ---- before its call ---------------------------------------------------------------------- */

/* The hang-up of a gateway that overtook its call closes the key; told again it is GONE, as if the
 * call had been. */
Test(hangup, overtakes_its_call)
{
    story("0.000 queue sales\n"
          "0.000 client gw1 opens\n",
          "1.000 gw1: call k1 hangs up\n"
          "1.000   k1 of gw1 is forestalled\n"
          "1.000 ? outcome\n"
          "1.000  \n"
          "2.000 gw1: call k1 hangs up\n"
          "2.000   -> GONE at key\n"
          "3.000 gw1: call k1 arrives on sales\n"
          "3.000   -> GONE at key\n"
          "4.000 ? totals entered queued\n"
          "4.000   entered=0 queued=0\n");
}

/* Who is no gateway cannot forestall: the key is NOT_FOUND. */
Test(hangup, overtakes_only_for_gateways)
{
    story("0.000 queue sales\n"
          "0.000 client desk opens kind=operator\n",
          "1.000 desk: call k1 hangs up\n"
          "1.000   -> NOT_FOUND at key\n"
          "1.000 call k1 hangs up\n"
          "1.000   -> NOT_FOUND at key\n"
          "2.000 call k1 arrives on sales\n"
          "2.000   k1 enters sales\n"
          "2.000   -> queued at 1\n");
}

/* Keys of ended and forestalled calls stand in one ring; what fell out of it is unknown again. */
Test(hangup, ring_of_ended_keys)
{
    struct world *w = world_open_limited((struct acd_limits){.agents = 2, .ended_calls = 2});

    world_given(w, "0.000 queue sales\n"
                   "0.000 client gw1 opens\n"
                   "0.000 gw1: call k1 arrives on sales\n"
                   "0.000 gw1: call k1 hangs up\n");
    world_says(w, "1.000 gw1: call k2 hangs up\n"
                  "1.000   k2 of gw1 is forestalled\n"
                  "2.000 gw1: call k1 hangs up\n"
                  "2.000   -> GONE at key\n"
                  "3.000 gw1: call k3 hangs up\n"
                  "3.000   k3 of gw1 is forestalled\n"
                  "4.000 gw1: call k2 hangs up\n"
                  "4.000   -> GONE at key\n"
                  "4.000 gw1: call k1 hangs up\n"
                  "4.000   k1 of gw1 is forestalled\n"
                  "5.000 gw1: call k2 arrives on sales happened_at=0.999\n"
                  "5.000   -> STALE at happened_at\n"
                  "5.000 gw1: call k2 arrives on sales happened_at=1.000\n"
                  "5.000   gw1/k2 enters sales arrived_at=1.000\n"
                  "5.000   -> queued at 1\n");
    world_close(w);
}

/* A key that is used again after it was forgotten names the new call. */
Test(hangup, forgotten_key_names_the_new_call)
{
    struct world *w = world_open_limited((struct acd_limits){.agents = 2, .ended_calls = 1});

    world_given(w, "0.000 queue sales\n"
                   "0.000 call k1 arrives on sales\n"
                   "0.000 call k1 hangs up\n"
                   "0.000 call k2 arrives on sales\n"
                   "0.000 call k2 hangs up\n");
    world_says(w, "1.000 call k1 arrives on sales\n"
                  "1.000   k1 enters sales\n"
                  "1.000   -> queued at 1\n"
                  "2.000 call k1 hangs up\n"
                  "2.000   k1 ends: abandoned by caller\n"
                  "3.000 call k1 arrives on sales\n"
                  "3.000   -> GONE at key\n");
    world_close(w);
}
