#include <criterion/criterion.h>
#include <string.h>

#include "tests/scenario/world.h"

/* The language itself: a story that goes otherwise must not pass. */

static bool agrees(const char *script)
{
    struct world *w = world_open();
    bool same;

    world_given(w, "0.000 queue sales\n"
                   "0.000 crew sales ann\n"
                   "0.000 ready ann\n");
    same = world_agrees(w, script);
    world_close(w);
    return same;
}

/* A true story is believed; one with an event missing, added, changed or at another time is not. */
Test(world, only_true_stories_are_believed)
{
    cr_assert(agrees("1.000 call k1 arrives on sales\n"
                     "1.000   k1 enters sales\n"
                     "1.000   offer k1 to ann until 16.000\n"
                     "1.000   -> offered ann until 16.000\n"));
    cr_assert_not(agrees("1.000 call k1 arrives on sales\n"
                         "1.000   offer k1 to ann until 16.000\n"
                         "1.000   -> offered ann until 16.000\n"));
    cr_assert_not(agrees("1.000 call k1 arrives on sales\n"
                         "1.000   k1 enters sales\n"
                         "1.000   offer k1 to ann until 16.000\n"));
    cr_assert_not(agrees("1.000 call k1 arrives on sales\n"
                         "1.000   k1 enters sales\n"
                         "1.000   offer k1 to ann until 17.000\n"
                         "1.000   -> offered ann until 16.000\n"));
    cr_assert_not(agrees("16.000 time passes\n"
                         "16.000   ann is ready\n"));
    cr_assert_not(agrees("1.000 call k1 arrives on sales\n"));
}

/* Every deadline is fired at its own moment, those before a line ahead of it.
 */
Test(world, time_passes_before_a_line)
{
    story("0.000 queue sales no_answer_delay=4.000\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   k1 enters sales\n"
          "1.000   offer k1 to ann until 16.000\n"
          "1.000   -> offered ann until 16.000\n"
          "16.000   offer of k1 to ann ends: no_answer delay_until=20.000\n"
          "20.000   ann is delayed no more\n"
          "20.000   offer k1 to ann until 35.000\n"
          "34.000 ? deadline\n"
          "34.000   35.000\n"
          "35.000 time passes\n"
          "35.000   offer of k1 to ann ends: no_answer delay_until=39.000\n");
}

/* Two worlds that were asked the same at the same times state the same bytes.
 */
Test(world, same_commands_same_bytes)
{
    struct world *a = world_open(), *b = world_open();
    const char *script = "0.000 queue sales\n"
                         "0.000 crew sales ann bob\n"
                         "0.000 ready bob ann\n"
                         "1.000 call k1 arrives on sales\n"
                         "1.000 call k2 arrives on sales\n"
                         "17.000 agent bob not_ready\n";
    struct acd_frame fa, fb;

    world_given(a, script);
    world_given(b, script);
    fa = acd_last_frame(a->engine);
    fb = acd_last_frame(b->engine);
    cr_assert(fa.count > 0 && fa.len == fb.len);
    cr_assert(memcmp(fa.bytes, fb.bytes, fa.len) == 0);
    cr_assert(acd_position(a->engine).sequence == acd_position(b->engine).sequence);
    world_close(a);
    world_close(b);
}
