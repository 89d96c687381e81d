#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Gateways with a lease, what becomes of the calls of one that is lost, and how it comes back. */

#define SALES                                                                                      \
    "0.000 queue sales\n"                                                                          \
    "0.000 crew sales ann bob\n"                                                                   \
    "0.000 ready ann bob\n"

/* gw1 has k1 talking to ann, k2 ringing at bob and k3 waiting; gw2 has k4 waiting behind them. Last
 * heard at 3.000, it is lost at 15.000. */
#define FOUR_CALLS                                                                                 \
    SALES "0.000 queue sales ring_timeout=60\n"                                                    \
          "0.000 client gw1 opens lease=12\n"                                                      \
          "0.000 client gw2 opens\n"                                                               \
          "1.000 gw1: call k1 arrives on sales\n"                                                  \
          "1.000 agent ann answers gw1/k1\n"                                                       \
          "2.000 gw1: call k2 arrives on sales\n"                                                  \
          "2.000 gw1: call k3 arrives on sales\n"                                                  \
          "3.000 gw2: call k4 arrives on sales\n"

/* ---- being there -------------------------------------------------------------------------- */

/* A command says so; an event does once a quarter of the lease at most, and the lease runs out a
 * quarter late. */
Test(lease, renewed_by_any_command)
{
    story(SALES "0.000 client gw1 opens lease=8\n",
          "1.900 gw1: call k1 hangs up\n"
          "1.900   k1 of gw1 is forestalled\n"
          "2.000 gw1: call k2 hangs up\n"
          "2.000   gw1 is there until=12.000\n"
          "2.000   k2 of gw1 is forestalled\n"
          "3.999 gw1: heartbeat\n"
          "4.000 gw1: heartbeat\n"
          "4.000   gw1 is there until=14.000\n"
          "5.000 ? client gw1 lease lease_until lost\n"
          "5.000   lease=8.000 lease_until=14.000 lost=0\n"
          "9.000 gw1#1: outbox acked upto 0\n"
          "9.000   gw1 is there until=19.000\n"
          "9.000   request 1 of gw1 is done\n"
          "19.000   gw1 is lost until=49.000\n"
          "19.000   gw1 is swept\n"
          "20.000 time passes\n"
          "49.000 time passes\n"
          "49.000   gw1 is swept sweep=end\n"
          "49.000   gw1 is swept\n"
          "50.000 time passes\n");
}

/* Whoever has no lease is never lost by silence; a lease may be given up. */
Test(lease, none)
{
    story(SALES "0.000 client gw1 opens\n"
                "0.000 client gw2 opens lease=8\n",
          "1.000 client gw2 opens lease=none\n"
          "1.000   client gw2 opens\n"
          "99.000 ? client gw2 lease lease_until lost\n"
          "99.000   lease=0.000 lease_until=never lost=0\n"
          "99.000 ? client gw1 lease lease_until lost\n"
          "99.000   lease=0.000 lease_until=never lost=0\n"
          "99.000 gw1: heartbeat\n");
}

/* A gateway that comes back in time finds everything as it was. */
Test(lease, opened_again_in_time)
{
    story(FOUR_CALLS, "14.000 client gw1 opens\n"
                      "14.000   client gw1 opens lease=12.000 until=29.000\n"
                      "14.000 ? client gw1 calls lost grace_until\n"
                      "14.000   calls=3 lost=0 grace_until=never\n"
                      "14.000 gw1: agent bob answers gw1/k2\n"
                      "14.000   bob talks with gw1/k2\n");
}

Test(lease, open_faults)
{
    story("0.000 client gw1 opens\n"
          "0.000 client desk opens kind=operator\n",
          "1.000 client gw1 opens lease=0.999\n"
          "1.000   -> INVALID at lease\n"
          "1.000 client gw1 opens lease=3600.001\n"
          "1.000   -> INVALID at lease\n"
          "1.000 client desk opens lease=8\n"
          "1.000   -> INVALID at lease\n"
          "1.000 client gw1 opens grace=86400.001\n"
          "1.000   -> INVALID at grace\n"
          "1.000 client gw1 opens orphans=4\n"
          "1.000   -> INVALID at orphans\n"
          "1.000 client gw1 opens orphans=hand_over\n"
          "1.000   -> MISSING at heir\n"
          "1.000 client gw1 opens heir=gw1\n"
          "1.000   -> INVALID at heir\n"
          "1.000 client gw1 opens orphans=hand_over heir=gw2 grace=none\n"
          "1.000   client gw1 opens orphans=hand_over heir=gw2\n"
          "1.000 client gw1 opens heir=-\n"
          "1.000   -> MISSING at heir\n"
          "1.000 client gw1 opens heir=- orphans=end grace=30\n"
          "1.000   client gw1 opens\n");
}

/* The host itself is away for 100 s, and hears nobody: leases and graces begin anew then. Who was
 * lost before stays so. */
Test(lease, host_was_away)
{
    story(SALES "0.000 client gw1 opens lease=8\n"
                "0.000 client gw2 opens lease=4 grace=20\n",
          "5.000 time passes\n"
          "5.000   gw2 is lost until=25.000\n"
          "5.000   gw2 is swept\n"
          "6.000 time passes\n"
          "6.000 heartbeat away=100\n"
          "6.000   nobody is there until=106.000\n"
          "6.000 ? client gw1 lease_until\n"
          "6.000   lease_until=116.000\n"
          "6.000 ? client gw2 grace_until lost\n"
          "6.000   grace_until=126.000 lost=1\n"
          "6.000 ? deadline\n"
          "6.000   116.000\n"
          "107.000 heartbeat\n"
          "107.000   -> MISSING at away\n"
          "107.000 heartbeat away=-1\n"
          "107.000   -> INVALID at away\n"
          "107.000 gw1: heartbeat away=1\n"
          "107.000   -> INVALID at away\n"
          "116.000   gw1 is lost until=146.000\n"
          "116.000   gw1 is swept\n"
          "126.000 time passes\n"
          "126.000   gw2 is swept sweep=end\n"
          "126.000   gw2 is swept\n");
}

/* An operator changes what a gateway is set to, whether it is there or not. */
Test(lease, set_by_an_operator)
{
    story(SALES "0.000 client gw1 opens lease=8\n"
                "0.000 client gw2 opens\n"
                "0.000 client desk opens kind=operator\n",
          "2.000 desk: client gw1 is set lease=20 orphans=hand_over heir=gw2\n"
          "2.000   client gw1 is set lease=20.000 orphans=hand_over heir=gw2 until=27.000\n"
          "27.000 time passes\n"
          "27.000   gw1 is lost until=57.000\n"
          "27.000   gw1 is swept\n"
          "28.000 client gw1 is set orphans=keep lease=none\n"
          "28.000   client gw1 is set orphans=keep heir=gw2\n"
          "28.000 client gw1 is set lease=4\n"
          "28.000   client gw1 is set lease=4.000 orphans=keep heir=gw2\n"
          "28.000 ? client gw1 lost lease_until\n"
          "28.000   lost=1 lease_until=never\n"
          "29.000 client gw1 opens\n"
          "29.000   client gw1 opens lease=4.000 orphans=keep heir=gw2 until=34.000\n"
          "30.000 client gw3 is set lease=4\n"
          "30.000   -> NOT_FOUND at name\n"
          "30.000 client desk is set lease=4\n"
          "30.000   -> INVALID at lease\n"
          "30.000 client gw1 is set heir=gw1\n"
          "30.000   -> INVALID at heir\n"
          "30.000 client gw1 is set heir=- orphans=hand_over\n"
          "30.000   -> MISSING at heir\n");
}

/* ---- being lost --------------------------------------------------------------------------- */

/* What rings at an agent for a switch that is gone rings no more, and what waits is offered to
 * nobody; its place is kept. Who talks, talks. */
Test(lease, pain_01_phones_of_a_dead_gateway_ring_no_more)
{
    story(FOUR_CALLS, "15.000 time passes\n"
                      "15.000   gw1 is lost until=45.000\n"
                      "15.000   offer of gw1/k2 to bob ends: rescinded\n"
                      "15.000   gw1/k2 is stranded\n"
                      "15.000   gw1/k3 is stranded\n"
                      "15.000   gw1 is swept\n"
                      "15.000   offer gw2/k4 to bob until 75.000\n"
                      "16.000 ? queue sales waiting ringing stranded connected\n"
                      "16.000   waiting=3 ringing=1 stranded=2 connected=1\n"
                      "16.000 ? call gw1/k2 state position\n"
                      "16.000   state=stranded position=0\n"
                      "16.000 ? agent bob last_status_change\n"
                      "16.000   last_status_change=0.000\n"
                      "17.000 agent ann finishes gw1/k1\n"
                      "17.000   -> STATE at assignment\n"
                      "18.000 gw1: hangup call=gw1/k1\n"
                      "18.000   -> LOST\n"
                      "18.000 hangup call=gw1/k1\n"
                      "18.000   gw1/k1 ends: answered by caller\n"
                      "18.000 ? totals stranded queued offered\n"
                      "18.000   stranded=2 queued=0 offered=1\n");
}

/* After its grace they end, and the agents are free: nothing stays stuck. */
Test(lease, pain_01_calls_of_a_dead_gateway_end)
{
    story(FOUR_CALLS "3.000 client gw1 opens grace=10\n"
                     "19.000 time passes\n",
          "25.000 time passes\n"
          "26.000 ? queue sales answered lost waiting connected\n"
          "26.000   answered=1 lost=0 waiting=3 connected=1\n"
          "26.000 ? agent ann activity talk_today\n"
          "26.000   activity=busy talk_today=0.000\n"
          "26.000 client gw1 opens\n"
          "26.000   client gw1 opens lease=12.000 grace=10.000 until=41.000\n"
          "26.000 gw1: call k1 arrives on sales\n"
          "26.000   -> connected ann\n");
}

/* Or they are kept, by its wish: who talks goes on, who waits waits until max_wait. */
Test(lease, orphans_kept)
{
    story(FOUR_CALLS "3.000 queue sales max_wait=60\n"
                     "3.000 gw1: call k5 arrives on sales\n"
                     "3.000 client gw1 opens orphans=keep grace=5\n",
          "18.000   gw1 is lost until=23.000\n"
          "18.000   offer of gw1/k2 to bob ends: rescinded\n"
          "18.000   gw1/k2 is stranded\n"
          "18.000   gw1/k3 is stranded\n"
          "18.000   gw1/k5 is stranded\n"
          "18.000   gw1 is swept\n"
          "18.000   offer gw2/k4 to bob until 78.000\n"
          "23.000   gw1 is swept sweep=keep\n"
          "62.000 time passes\n"
          "63.000   gw1/k5 ends: timed_out by system\n"
          "78.000   offer of gw2/k4 to bob ends: no_answer\n"
          "78.000   offer gw2/k4 to bob until 138.000\n"
          "100.000 ? client gw1 calls lost\n"
          "100.000   calls=3 lost=1\n");
}

/* Or another gateway has them from now on, under its own name and at their old places: k2 and k3
 * are before k4. */
Test(lease, orphans_handed_over)
{
    story(FOUR_CALLS "3.000 client gw1 opens orphans=hand_over heir=gw2 grace=5\n"
                     "19.000 time passes\n"
                     "19.000 agent bob rejects gw2/k4\n",
          "23.000 time passes\n"
          "23.000   gw1 is swept sweep=hand_over heir=gw2\n"
          "23.000   gw2 adopts gw1/k1\n"
          "23.000   gw2 adopts gw1/k2\n"
          "23.000   gw2 adopts gw1/k3\n"
          "23.000   gw1 is swept\n"
          "24.000 gw2: hangup key=k1\n"
          "24.000   gw1/k1 ends: answered by caller told\n"
          "24.000   offer gw1/k2 to ann until 84.000\n"
          "25.000 client gw1 opens\n"
          "25.000   client gw1 opens lease=12.000 grace=5.000 orphans=hand_over heir=gw2 "
          "until=40.000\n"
          "25.000 gw1: call k2 arrives on sales\n"
          "25.000   -> GONE at key\n"
          "25.000 ? outbox gw2\n"
          "25.000   1 at 18.000: offered gw2/k4 queue=sales agent=bob until=78.000\n"
          "25.000   2 at 19.000: offer_ended gw2/k4 queue=sales agent=bob result=rejected\n"
          "25.000   3 at 19.000: offered gw2/k4 queue=sales agent=bob until=79.000\n"
          "25.000   4 at 23.000: call_adopted gw1/k1 queue=sales agent=ann\n"
          "25.000   5 at 23.000: call_adopted gw1/k2 queue=sales\n"
          "25.000   6 at 23.000: call_adopted gw1/k3 queue=sales\n"
          "25.000   7 at 24.000: offered gw1/k2 queue=sales agent=ann until=84.000\n");
}

/* An heir that is not there, or has used the key itself, gets nothing: they end. */
Test(lease, orphans_without_an_heir)
{
    story(SALES "0.000 client gw1 opens lease=8 grace=5 orphans=hand_over heir=gw2\n"
                "0.000 client gw3 opens lease=8 grace=5 orphans=hand_over heir=gw4\n"
                "0.000 client gw2 opens\n"
                "1.000 gw1: call k1 arrives on sales\n"
                "1.000 gw2: call k1 arrives on sales\n"
                "1.000 gw3: call k1 arrives on sales\n",
          "10.000 time passes\n"
          "10.000   gw1 is lost until=15.000\n"
          "10.000   gw3 is lost until=15.000\n"
          "10.000   offer of gw1/k1 to ann ends: rescinded\n"
          "10.000   gw1/k1 is stranded\n"
          "10.000   gw1 is swept\n"
          "10.000   offer gw3/k1 to ann until 25.000\n"
          "10.000   offer of gw3/k1 to ann ends: rescinded\n"
          "10.000   gw3/k1 is stranded\n"
          "10.000   gw3 is swept\n"
          "14.000 time passes\n"
          "15.000   gw1 is swept sweep=hand_over heir=gw2\n"
          "15.000   gw3 is swept sweep=end\n"
          "15.000   gw1/k1 ends: lost by system\n"
          "15.000   gw1 is swept\n"
          "15.000   gw3/k1 ends: lost by system\n"
          "15.000   gw3 is swept\n"
          "16.000 time passes\n"
          "16.000   offer of gw2/k1 to bob ends: no_answer\n"
          "16.000   offer gw2/k1 to ann until 31.000\n");
}

/* ---- coming back -------------------------------------------------------------------------- */

/* It opens, and says which calls it still has. Those go on where they stood, the others end; of
 * what it has and we do not, it is told. */
Test(lease, pain_11_a_gateway_that_was_away_reconciles)
{
    story(FOUR_CALLS "16.000 time passes\n"
                     "16.000 agent bob rejects gw2/k4\n",
          "20.000 client gw1 opens\n"
          "20.000   client gw1 opens lease=12.000 until=35.000\n"
          "20.000 gw1: still has k1\n"
          "20.000   -> STATE at key\n"
          "20.000 gw1: reconcile begin\n"
          "20.000   gw1 reconciles until=50.000\n"
          "20.000 gw1: still has k3\n"
          "20.000   gw1/k3 is listed\n"
          "20.000   -> queued at 0\n"
          "20.000 gw1: still has k1\n"
          "20.000   gw1/k1 is listed\n"
          "20.000   -> connected ann\n"
          "20.000 gw1: still has k1\n"
          "20.000   -> connected ann\n"
          "20.000 gw1: still has k9\n"
          "20.000   -> NOT_FOUND at key\n"
          "20.000 gw1: call k9 arrives on sales\n"
          "20.000   gw1/k9 enters sales\n"
          "20.000   -> queued at 1\n"
          "21.000 gw1: reconcile end\n"
          "21.000   gw1 is swept sweep=end\n"
          "21.000 time passes\n"
          "21.000   gw1/k2 ends: lost by system\n"
          "21.000   gw1/k3 is resumed\n"
          "21.000   gw1 is swept\n"
          "22.000 ? line sales\n"
          "22.000   gw1/k3 gw1/k9\n"
          "22.000 gw1: still has k2\n"
          "22.000   -> STATE at key\n"
          "22.000 gw1: reconcile end\n"
          "22.000   -> STATE at step\n"
          "22.000 ? client gw1 calls grace_until reconciling sweep\n"
          "22.000   calls=3 grace_until=never reconciling=0 sweep=\n");
}

/* A gateway may reconcile whenever it likes, lost or not: what rings at an agent and is listed goes
 * on ringing, and the reply says where. */
Test(lease, reconciled_without_being_lost)
{
    story(FOUR_CALLS, "4.000 gw1: reconcile begin\n"
                      "4.000   gw1 is there until=19.000\n"
                      "4.000   gw1 reconciles\n"
                      "4.000 gw1: still has k2\n"
                      "4.000   gw1/k2 is listed\n"
                      "4.000   -> offered bob until 62.000\n"
                      "5.000 gw1: reconcile end\n"
                      "5.000   gw1 is swept sweep=end\n"
                      "5.000   gw1/k1 ends: lost by system\n"
                      "5.000   gw1/k3 ends: lost by system\n"
                      "5.000   gw1 is swept\n"
                      "5.000   offer gw2/k4 to ann until 65.000\n"
                      "6.000 time passes\n");
}

/* One that opens again and does not say what it has is asked no longer than its grace. */
Test(lease, never_reconciled)
{
    story(FOUR_CALLS "16.000 time passes\n"
                     "20.000 client gw1 opens\n"
                     "20.000 gw1: call k9 arrives on sales\n"
                     "30.000 gw1: heartbeat\n"
                     "40.000 gw1: heartbeat\n",
          "45.000   gw1 is swept sweep=end\n"
          "45.000   gw1/k1 ends: lost by system\n"
          "45.000   gw1/k2 ends: lost by system\n"
          "45.000   gw1/k3 ends: lost by system\n"
          "45.000   gw1 is swept\n"
          "45.000   offer gw1/k9 to ann until 105.000\n"
          "46.000 gw1: heartbeat\n"
          "46.000   gw1 is there until=61.000\n"
          "46.000 ? client gw1 calls\n"
          "46.000   calls=1\n");
}

/* Lost again amid reconciling: what was listed counts no more. */
Test(lease, lost_while_reconciling)
{
    story(FOUR_CALLS "16.000 time passes\n"
                     "20.000 client gw1 opens\n"
                     "20.000 gw1: reconcile begin\n"
                     "20.000 gw1: still has k1\n"
                     "20.000 gw1: still has k2\n",
          "35.000 time passes\n"
          "35.000   gw1 is lost until=65.000\n"
          "35.000   gw1 is swept\n"
          "65.000 time passes\n"
          "65.000   gw1 is swept sweep=end\n"
          "65.000   gw1/k1 ends: lost by system\n"
          "65.000   gw1/k2 ends: lost by system\n"
          "65.000   gw1/k3 ends: lost by system\n"
          "65.000   gw1 is swept\n");
}

Test(lease, reconcile_faults)
{
    story("0.000 client gw1 opens\n"
          "0.000 client desk opens kind=operator\n",
          "1.000 gw1: reconcile\n"
          "1.000   -> MISSING at step\n"
          "1.000 gw1: reconcile 3\n"
          "1.000   -> INVALID at step\n"
          "1.000 desk: reconcile begin\n"
          "1.000   -> STATE at step\n"
          "1.000 reconcile begin\n"
          "1.000   -> STATE at step\n"
          "1.000 gw1: reconcile begin\n"
          "1.000   gw1 reconciles\n"
          "1.000 gw1: reconcile_call\n"
          "1.000   -> MISSING at key\n"
          "1.000 gw1: call k1 hangs up\n"
          "1.000   k1 of gw1 is forestalled\n"
          "1.000 gw1: still has k1\n"
          "1.000   -> GONE at key\n");
}

/* ---- many calls, and queues that go ------------------------------------------------------- */

/* A gateway with hundreds of calls is swept in slices of 32. */
Test(lease, swept_in_slices)
{
    struct world *w = world_open();

    world_given(w, "0.000 queue sales\n"
                   "0.000 client gw1 opens lease=8 grace=5\n"
                   "0.000 client gw2 opens\n");
    world_many(w, 1, 40, "0.000 gw1: call k% arrives on sales\n");
    world_many(w, 1, 300, "0.000 gw2: call k% arrives on sales\n");
    world_many(w, 41, 50, "0.000 gw1: call k% arrives on sales\n");
    w->tally = true;
    world_says(w, "10.000   1 gateway_lost\n"
                  "10.000   1 gateway_swept\n"
                  "10.000   32 call_stranded\n"
                  "10.000   1 gateway_swept\n"
                  "10.000   8 call_stranded\n"
                  "10.000   1 gateway_swept\n"
                  "10.000   10 call_stranded\n"
                  "11.000 time passes\n"
                  "15.000   32 call_ended\n"
                  "15.000   2 gateway_swept\n"
                  "15.000   8 call_ended\n"
                  "15.000   1 gateway_swept\n"
                  "15.000   10 call_ended\n"
                  "15.000   1 gateway_swept\n"
                  "16.000 time passes\n"
                  "17.000 ? queue sales waiting lost\n"
                  "17.000   waiting=300 lost=50\n");
    world_close(w);
}

/* A queue that is removed takes its stranded calls along: withdrawn, or moved and stranded there.
 */
Test(lease, queue_removed_with_stranded_calls)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 crew help ann\n"
          "0.000 ready ann\n"
          "0.000 client gw1 opens lease=8\n"
          "0.000 gw1: call k1 arrives on sales\n"
          "0.000 gw1: call k2 arrives on sales\n"
          "11.000 time passes\n",
          "12.000 queue sales goes\n"
          "12.000   -> STATE at policy\n"
          "12.000 queue sales goes policy=move target_name=help\n"
          "12.000   queue sales is going, move target=help\n"
          "12.000   gw1/k1 moves from sales to help\n"
          "12.000   gw1/k2 moves from sales to help\n"
          "12.000   queue sales is gone\n"
          "13.000 time passes\n"
          "14.000 ? call gw1/k1 state queue_name\n"
          "14.000   state=stranded queue_name=help\n"
          "14.000 queue help goes policy=withdraw\n"
          "14.000   queue help is going, withdraw\n"
          "14.000   gw1/k1 ends: withdrawn by system\n"
          "14.000   gw1/k2 ends: withdrawn by system\n"
          "14.000   queue help is gone\n"
          "15.000 time passes\n");
}
