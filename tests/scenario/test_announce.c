#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Callers who ask are told their position now and then. */

/* First after announce_first, then every announce_interval. The position is that of the moment when
 * the notice is read. */
Test(announce, position)
{
    story("0.000 queue sales announce_first=5 announce_interval=20\n"
          "0.000 client gw1 opens\n"
          "0.000 call k0 arrives on sales\n"
          "0.000 gw1: call k1 arrives on sales announce=yes\n"
          "0.000 gw1: call k2 arrives on sales\n",
          "5.000   gw1/k1 is due to be told its position\n"
          "6.000 ? outbox gw1\n"
          "6.000   1 at 5.000: announcement gw1/k1 queue=sales position=2\n"
          "6.000 ? call gw1/k1 announce_at\n"
          "6.000   announce_at=25.000\n"
          "7.000 call k0 hangs up\n"
          "7.000   k0 ends: abandoned by caller\n"
          "7.000 ? outbox gw1\n"
          "7.000   1 at 5.000: announcement gw1/k1 queue=sales position=1\n"
          "25.000   gw1/k1 is due to be told its position\n"
          "26.000 gw1: call k1 hangs up\n"
          "26.000   gw1/k1 ends: abandoned by caller told\n"
          "26.000 ? outbox gw1\n"
          "26.000   1 at 5.000: announcement gw1/k1 queue=sales\n"
          "26.000   2 at 25.000: announcement gw1/k1 queue=sales\n"
          "60.000 time passes\n");
}

/* Not while it rings: what fell due then comes when the call is back. */
Test(announce, not_while_it_rings)
{
    story("0.000 queue sales announce_interval=10 reject_delay=60\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 client gw1 opens\n"
          "0.000 gw1: call k1 arrives on sales announce=yes\n",
          "12.000 agent ann rejects gw1/k1\n"
          "12.000   offer of gw1/k1 to ann ends: rejected delay_until=72.000\n"
          "12.000   gw1/k1 is due to be told its position\n"
          "22.000   gw1/k1 is due to be told its position\n"
          "23.000 queue sales announce_interval=none\n"
          "23.000   queue sales is set reject_delay=60.000\n"
          "32.000   gw1/k1 is due to be told its position\n"
          "50.000 ? call gw1/k1 announce_at\n"
          "50.000   announce_at=never\n");
}

/* In another queue it is told as that one says. */
Test(announce, after_a_move)
{
    story("0.000 queue help announce_first=3 announce_interval=30\n"
          "0.000 queue sales announce_interval=20 max_wait=15 on_max_wait=queue:help\n"
          "0.000 client gw1 opens\n"
          "0.000 gw1: call k1 arrives on sales announce=yes\n",
          "15.000   gw1/k1 moves from sales to help cause=max_wait\n"
          "18.000   gw1/k1 is due to be told its position\n"
          "48.000 time passes\n"
          "48.000   gw1/k1 is due to be told its position\n");
}

/* How often is bounded; who asks says so by yes or no. */
Test(announce, faults)
{
    story("0.000 queue help\n", "1.000 queue sales announce_interval=0.999999\n"
                                "1.000   -> INVALID at announce_interval\n"
                                "1.000 queue sales announce_first=3600.000001\n"
                                "1.000   -> INVALID at announce_first\n"
                                "1.000 call k1 arrives on help announce=9\n"
                                "1.000   -> INVALID at announce\n");
}
