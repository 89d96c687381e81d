#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Callers who abandon and call again have their place again, for a while. */

/* Who calls again in time stands where it stood, before those who came in between; the books know
 * two visits, the first of them abandoned. */
Test(resume, who_calls_again_keeps_the_place)
{
    story("0.000 queue sales abandoned_resume=60\n"
          "0.000 crew sales ann\n",
          "1.000 call k1 arrives on sales caller=555 head_start=0.500\n"
          "1.000   k1 enters sales caller=555 head_start=0.500\n"
          "1.000   -> queued at 1\n"
          "2.000 call k2 arrives on sales caller=556\n"
          "2.000   k2 enters sales caller=556\n"
          "2.000   -> queued at 2\n"
          "10.000 call k1 hangs up\n"
          "10.000   k1 ends: abandoned by caller\n"
          "70.000 call k3 arrives on sales caller=555\n"
          "70.000   k3 enters sales caller=555 head_start=0.500 resumed=1.000\n"
          "70.000   -> queued at 1\n"
          "70.000 ? call k3 enqueued_at entered_at head_start position\n"
          "70.000   enqueued_at=1.000 entered_at=70.000 head_start=0.500 position=1\n"
          "71.000 agent ann ready\n"
          "71.000   ann is ready\n"
          "71.000   offer k3 to ann until 86.000\n"
          "72.000 agent ann answers k3\n"
          "72.000   ann talks with k3\n"
          "72.000 ? queue sales entered answered abandoned resumed wait_answered wait_max waiting\n"
          "72.000   entered=3 answered=1 abandoned=1 resumed=1 wait_answered=2.000 wait_max=9.000 "
          "waiting=1\n");
}

/* A place is taken again once; but who abandons again has the same one as before. */
Test(resume, place_is_taken_once)
{
    story("0.000 queue sales abandoned_resume=60\n",
          "1.000 call k1 arrives on sales caller=555\n"
          "1.000   k1 enters sales caller=555\n"
          "1.000   -> queued at 1\n"
          "2.000 call k1 hangs up\n"
          "2.000   k1 ends: abandoned by caller\n"
          "3.000 call k2 arrives on sales caller=555\n"
          "3.000   k2 enters sales caller=555 resumed=1.000\n"
          "3.000   -> queued at 1\n"
          "4.000 call k3 arrives on sales caller=555\n"
          "4.000   k3 enters sales caller=555\n"
          "4.000   -> queued at 2\n"
          "5.000 call k2 hangs up\n"
          "5.000   k2 ends: abandoned by caller\n"
          "60.000 call k4 arrives on sales caller=555\n"
          "60.000   k4 enters sales caller=555 resumed=1.000\n"
          "60.000   -> queued at 1\n");
}

/* Another number, none, another queue, one that does not resume, and too late: each is a new
 * caller. So is one who was not waited for: withdrawn, or sent away. */
Test(resume, who_is_new)
{
    story("0.000 queue sales abandoned_resume=60\n"
          "0.000 queue help abandoned_resume=60\n"
          "0.000 queue plain\n",
          "1.000 call k1 arrives on sales caller=555\n"
          "1.000   k1 enters sales caller=555\n"
          "1.000   -> queued at 1\n"
          "1.000 call k2 arrives on sales\n"
          "1.000   k2 enters sales\n"
          "1.000   -> queued at 2\n"
          "1.000 call k3 arrives on plain caller=557\n"
          "1.000   k3 enters plain caller=557\n"
          "1.000   -> queued at 1\n"
          "1.000 call k4 arrives on sales caller=558\n"
          "1.000   k4 enters sales caller=558\n"
          "1.000   -> queued at 3\n"
          "2.000 call k1 hangs up\n"
          "2.000   k1 ends: abandoned by caller\n"
          "2.000 call k2 hangs up\n"
          "2.000   k2 ends: abandoned by caller\n"
          "2.000 call k3 hangs up\n"
          "2.000   k3 ends: abandoned by caller\n"
          "2.000 call k4 hangs up side=system\n"
          "2.000   k4 ends: withdrawn by system\n"
          "3.000 call k5 arrives on help caller=555\n"
          "3.000   k5 enters help caller=555\n"
          "3.000   -> queued at 1\n"
          "3.000 call k6 arrives on sales\n"
          "3.000   k6 enters sales\n"
          "3.000   -> queued at 1\n"
          "3.000 call k7 arrives on plain caller=557\n"
          "3.000   k7 enters plain caller=557\n"
          "3.000   -> queued at 1\n"
          "3.000 call k8 arrives on sales caller=558\n"
          "3.000   k8 enters sales caller=558\n"
          "3.000   -> queued at 2\n"
          "62.001 call k9 arrives on sales caller=555\n"
          "62.001   k9 enters sales caller=555\n"
          "62.001   -> queued at 3\n");
}

/* A place is not taken when the caller would stand better without it: by a head start, or by lifo.
 */
Test(resume, place_that_is_worse)
{
    story("0.000 queue sales abandoned_resume=60\n"
          "0.000 queue help abandoned_resume=60 call_order=lifo\n",
          "1.000 call k1 arrives on sales caller=555\n"
          "1.000   k1 enters sales caller=555\n"
          "1.000   -> queued at 1\n"
          "1.000 call k2 arrives on help caller=555\n"
          "1.000   k2 enters help caller=555\n"
          "1.000   -> queued at 1\n"
          "2.000 call k1 hangs up\n"
          "2.000   k1 ends: abandoned by caller\n"
          "2.000 call k2 hangs up\n"
          "2.000   k2 ends: abandoned by caller\n"
          "3.000 call k3 arrives on sales caller=555 head_start=10\n"
          "3.000   k3 enters sales caller=555 head_start=10.000\n"
          "3.000   -> queued at 1\n"
          "3.000 call k4 arrives on help caller=555\n"
          "3.000   k4 enters help caller=555\n"
          "3.000   -> queued at 1\n");
}

/* So many places are remembered; the oldest makes room. */
Test(resume, oldest_place_makes_room)
{
    struct world *w = world_open_limited(
        (struct acd_limits){.agents = 2, .queues = 2, .calls = 8, .clients = 2, .ended_calls = 2});

    world_given(w, "0.000 queue sales abandoned_resume=60\n");
    world_many(w, 1, 3, "1.000 call k% arrives on sales caller=%");
    world_many(w, 1, 3, "2.000 call k% hangs up");
    world_says(w, "3.000 call n1 arrives on sales caller=1\n"
                  "3.000   n1 enters sales caller=1\n"
                  "3.000   -> queued at 1\n"
                  "3.000 call n2 arrives on sales caller=2\n"
                  "3.000   n2 enters sales caller=2 resumed=1.000\n"
                  "3.000   -> queued at 1\n"
                  "3.000 queue sales abandoned_resume=-2\n"
                  "3.000   -> INVALID at abandoned_resume\n");
    world_close(w);
}
