#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* A call may bring a max_wait of its own: the earlier of it and its queue's counts. */

#define NOBODY                                                                                     \
    "0.000 queue help max_wait=100\n"                                                              \
    "0.000 queue sales max_wait=60 on_max_wait=queue:help\n"                                       \
    "0.000 crew sales ann\n"

/* Its own comes first: it ends, whatever the queue says, for who gave it knows what is next. */
Test(own_wait, is_earlier)
{
    story(NOBODY, "1.000 call k1 arrives on sales max_wait=20\n"
                  "1.000   k1 enters sales until=21.000 own_until=21.000\n"
                  "1.000   -> queued at 1\n"
                  "1.000 call k2 arrives on sales\n"
                  "1.000   k2 enters sales until=61.000\n"
                  "1.000   -> queued at 2\n"
                  "1.000 ? call k1 own_until\n"
                  "1.000   own_until=21.000\n"
                  "21.000   k1 ends: timed_out by system cause=own_max_wait\n"
                  "22.000 ? queue sales timed_out waiting\n"
                  "22.000   timed_out=1 waiting=1\n"
                  "61.000   k2 moves from sales to help until=161.000 cause=max_wait\n"
                  "62.000 time passes\n");
}

/* The queue's comes first: the call goes on, and its own counts in the next queue too. */
Test(own_wait, goes_along)
{
    story(NOBODY, "1.000 call k1 arrives on sales max_wait=90\n"
                  "1.000   k1 enters sales until=61.000 own_until=91.000\n"
                  "1.000   -> queued at 1\n"
                  "61.000   k1 moves from sales to help until=91.000 cause=max_wait\n"
                  "91.000   k1 ends: timed_out by system cause=own_max_wait\n"
                  "92.000 time passes\n");
}

/* Without one of the queue; while it rings it is not timed out, but as soon as it waits again. */
Test(own_wait, while_it_rings)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n",
          "1.000 call k1 arrives on sales max_wait=5\n"
          "1.000   k1 enters sales until=6.000 own_until=6.000\n"
          "1.000   offer k1 to ann until 16.000\n"
          "1.000   -> offered ann until 16.000\n"
          "8.000 agent ann not_ready\n"
          "8.000   ann is not_ready\n"
          "8.000   offer of k1 to ann ends: rescinded\n"
          "8.000   k1 ends: timed_out by system cause=own_max_wait\n"
          "9.000 time passes\n");
}

/* It is over with the answer: who is passed on waits as its queue says. A callback waits until it
 * expires. */
Test(own_wait, ends_with_the_answer)
{
    story(NOBODY "0.000 ready ann\n"
                 "1.000 call k1 arrives on sales max_wait=20\n"
                 "2.000 agent ann answers k1\n",
          "10.000 agent ann passes k1 to help\n"
          "10.000   ann passes k1 on from sales to help until=110.000\n"
          "10.000   -> queued at 1\n"
          "10.000 ? call k1 own_until\n"
          "10.000   own_until=never\n"
          "30.000 time passes\n");
    story(NOBODY "1.000 call k1 arrives on sales caller=555 max_wait=20\n",
          "2.000 call k1 wants a callback\n"
          "2.000   k1 is to be called back under 555\n"
          "2.000   k1 is due in sales\n"
          "2.000   -> callback\n"
          "30.000 time passes\n");
}

Test(own_wait, faults)
{
    story(NOBODY, "1.000 call k1 arrives on sales max_wait=none\n"
                  "1.000   -> INVALID at max_wait\n"
                  "1.000 call k1 arrives on sales max_wait=2592001\n"
                  "1.000   -> INVALID at max_wait\n");
}
