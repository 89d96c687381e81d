#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* The agent who has been idle longest gets the call. */
Test(route, longest_idle_first)
{
    struct world *w = world_open();

    world_given(w, "0.000 queue sales\n"
                   "0.000 crew sales ann bob\n"
                   "0.000 ready bob\n"
                   "0.500 ready ann\n");
    world_says(w, "1.000 call k1 arrives on sales\n"
                  "1.000   k1 enters sales\n"
                  "1.000   offer k1 to bob until 16.000\n"
                  "1.000   -> offered bob until 16.000\n");
    world_close(w);
}
