#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* A call arrives: whether it may, and where it goes. Who gets it: test_order.c.
 */

/* A call that finds an available member is offered in the same frame, and the reply says to whom.
 */
Test(route, offered_at_once)
{
    story("0.000 queue sales ring_timeout=20\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann contact=sip:ann@desk extension=12\n"
          "0.000 ready ann\n",
          "1.000 call k1 arrives on sales caller=555 called=100\n"
          "1.000   k1 enters sales called=100 caller=555\n"
          "1.000   offer k1 to ann until 21.000\n"
          "1.000   -> offered ann until 21.000\n"
          "1.000 ? outcome\n"
          "1.000   verdict=offered call=k1 assignment=k1@ann agent=ann queue=sales until=21.000 "
          "agent_name=ann contact=sip:ann@desk\n");
}

/* A call that finds nobody waits; its position counts the calls queued before it in its own queue,
 * and not those that ring. */
Test(route, queued_with_position)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   k1 enters sales\n"
          "1.000   offer k1 to ann until 16.000\n"
          "1.000   -> offered ann until 16.000\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   k2 enters sales\n"
          "2.000   -> queued at 1\n"
          "3.000 call h1 arrives on help\n"
          "3.000   h1 enters help\n"
          "3.000   -> queued at 1\n"
          "4.000 call k3 arrives on sales\n"
          "4.000   k3 enters sales\n"
          "4.000   -> queued at 2\n"
          "4.000 ? outcome\n"
          "4.000   verdict=queued call=k3 queue=sales position=2 estimated_wait=360.000\n");
}

/* The same key again is the same call: queued, offered or connected, it is told where it stands,
 * and nothing happens. */
Test(route, duplicate_tells_where_the_call_stands)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 crew sales ann\n",
          "1.000 call k0 arrives on sales\n"
          "1.000   k0 enters sales\n"
          "1.000   -> queued at 1\n"
          "1.000 call k1 arrives on sales\n"
          "1.000   k1 enters sales\n"
          "1.000   -> queued at 2\n"
          "2.000 call k1 arrives on help\n"
          "2.000   -> queued at 2\n"
          "3.000 agent ann ready\n"
          "3.000   ann is ready\n"
          "3.000   offer k0 to ann until 18.000\n"
          "4.000 call k1 arrives on sales\n"
          "4.000   -> queued at 1\n"
          "4.000 call k0 arrives on sales\n"
          "4.000   -> offered ann until 18.000\n"
          "5.000 agent ann answers k0\n"
          "5.000   ann talks with k0\n"
          "6.000 call k0 arrives on sales\n"
          "6.000   -> connected ann\n"
          "6.000 ? outcome\n"
          "6.000   verdict=connected call=k0 assignment=k0@ann agent=ann queue=sales "
          "agent_name=ann\n");
}

/* A call that is over never lives again: its key is GONE, whoever ended it. */
Test(route, ended_key_is_gone)
{
    story("0.000 queue sales\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 call k1 hangs up\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   -> GONE at key\n");
}

/* A hang-up that overtook its call closes the key. */
Test(route, forestalled_key_is_gone)
{
    story("0.000 queue sales\n"
          "0.000 client gw1 opens\n",
          "1.000 gw1: call k1 hangs up\n"
          "1.000   k1 of gw1 is forestalled\n"
          "2.000 gw1: call k1 arrives on sales\n"
          "2.000   -> GONE at key\n");
}

/* Keys belong to their gateways: two gateways and the host may use the same one for three calls. */
Test(route, two_gateways_use_the_same_key)
{
    story("0.000 queue sales\n"
          "0.000 client gw1 opens\n"
          "0.000 client gw2 opens\n",
          "1.000 gw1: call k1 arrives on sales\n"
          "1.000   gw1/k1 enters sales\n"
          "1.000   -> queued at 1\n"
          "2.000 gw2: call k1 arrives on sales\n"
          "2.000   gw2/k1 enters sales\n"
          "2.000   -> queued at 2\n"
          "3.000 call k1 arrives on sales\n"
          "3.000   k1 enters sales\n"
          "3.000   -> queued at 3\n"
          "4.000 gw2: call k1 hangs up\n"
          "4.000   gw2/k1 ends: abandoned by caller told\n"
          "5.000 gw2: call k1 arrives on sales\n"
          "5.000   -> GONE at key\n"
          "5.000 gw1: call k1 arrives on sales\n"
          "5.000   -> queued at 1\n"
          "5.000 ? line sales\n"
          "5.000   gw1/k1 k1\n");
}

/* What arrived before the end of a call whose key has fallen out of the ring may be that very call
 * again: it is STALE. Later arrivals, and those that do not say, are taken. */
Test(route, stale_when_keys_were_forgotten)
{
    struct world *w = world_open_limited((struct acd_limits){.agents = 2, .ended_calls = 2});

    world_given(w, "0.000 queue sales\n"
                   "1.000 call k1 arrives on sales\n"
                   "1.000 call k2 arrives on sales\n"
                   "1.000 call k3 arrives on sales\n"
                   "1.000 call k4 arrives on sales\n"
                   "2.000 call k1 hangs up\n"
                   "3.000 call k2 hangs up happened_at=1.500\n");
    world_says(w, "4.000 call k5 arrives on sales happened_at=0.500\n"
                  "4.000   k5 enters sales arrived_at=0.500\n"
                  "4.000   -> queued at 3\n"
                  "5.000 call k3 hangs up\n"
                  "5.000   k3 ends: abandoned by caller\n"
                  "6.000 call k1 arrives on sales happened_at=1.999999\n"
                  "6.000   -> STALE at happened_at\n"
                  "6.000 call k1 arrives on sales happened_at=2.000\n"
                  "6.000   k1 enters sales arrived_at=2.000\n"
                  "6.000   -> queued at 3\n"
                  "7.000 call k4 hangs up\n"
                  "7.000   k4 ends: abandoned by caller\n"
                  "8.000 call k6 arrives on sales happened_at=1.999\n"
                  "8.000   -> STALE at happened_at\n"
                  "8.000 call k6 arrives on sales happened_at=2.000\n"
                  "8.000   k6 enters sales arrived_at=2.000\n"
                  "8.000   -> queued at 3\n"
                  "9.000 call k2 arrives on sales\n"
                  "9.000   k2 enters sales\n"
                  "9.000   -> queued at 4\n");
    world_close(w);
}

/* The queue is found by id, else by name, else by the number that was called.
 */
Test(route, queue_by_id_then_name_then_number)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n"
          "0.000 queue desk\n"
          "0.000 number 100 leads to desk\n",
          "1.000 call k1 arrives on sales queue=help called=100\n"
          "1.000   k1 enters help called=100\n"
          "1.000   -> queued at 1\n"
          "1.000 call k2 arrives on sales called=100\n"
          "1.000   k2 enters sales called=100\n"
          "1.000   -> queued at 1\n"
          "1.000 call k3 arrives for 100\n"
          "1.000   k3 enters desk called=100\n"
          "1.000   -> queued at 1\n");
}

/* What is named must be there; the fault is told at the field that named it. */
Test(route, queue_unknown)
{
    story("0.000 queue sales\n"
          "0.000 number 100 leads to sales\n",
          "1.000 call k1 arrives on nowhere\n"
          "1.000   -> NOT_FOUND at queue_name\n"
          "1.000 call k1 arrives on nowhere called=100\n"
          "1.000   -> NOT_FOUND at queue_name\n"
          "1.000 call k1 arrives on sales queue=stranger\n"
          "1.000   -> NOT_FOUND at queue\n"
          "1.000 call k1 arrives for 200\n"
          "1.000   -> NOT_FOUND at called\n"
          "1.000 call k1 arrives\n"
          "1.000   -> MISSING at queue_name\n");
}

/* Fields are checked in their order, texts that are too long before all. */
Test(route, fields_out_of_range)
{
    story("0.000 queue sales\n",
          "1.000 route queue_name=sales\n"
          "1.000   -> MISSING at key\n"
          "1.000 route queue_name=sales direction=9 caller=x*33\n"
          "1.000   -> TOO_LONG at caller\n"
          "1.000 call x*97 arrives on sales\n"
          "1.000   -> TOO_LONG at key\n"
          "1.000 call k1 arrives on sales direction=9 head_start=-1.000\n"
          "1.000   -> INVALID at direction\n"
          "1.000 call k1 arrives on sales head_start=-0.000001\n"
          "1.000   -> INVALID at head_start\n"
          "1.000 call k1 arrives on sales head_start=86400.000001\n"
          "1.000   -> INVALID at head_start\n"
          "1.000 call k1 arrives on nowhere direction=3\n"
          "1.000   -> INVALID at direction\n"
          "1.000 call k1 arrives on sales direction=outbound head_start=86400 attributes={}\n"
          "1.000   k1 enters sales attributes={} direction=outbound head_start=86400.000\n"
          "1.000   -> queued at 1\n");
}

/* A live call's key says where it stands even when nothing else in the message makes sense any
 * more. */
Test(route, duplicate_before_the_queue_is_looked_up)
{
    story("0.000 queue sales\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 call k2 arrives on sales\n"
          "0.000 call k2 hangs up\n",
          "1.000 call k1 arrives on nowhere\n"
          "1.000   -> queued at 1\n"
          "1.000 call k2 arrives on nowhere\n"
          "1.000   -> GONE at key\n");
}

/* A closed queue takes no calls, but those in it are served. */
Test(route, refused_closed)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 queue sales state=closed\n",
          "1.000 call k2 arrives on sales\n"
          "1.000   sales refuses k2: closed\n"
          "1.000   -> refused closed\n"
          "1.000 ? outcome\n"
          "1.000   verdict=refused refusal=closed queue=sales\n"
          "2.000 agent ann ready\n"
          "2.000   ann is ready\n"
          "2.000   offer k1 to ann until 17.000\n"
          "3.000 ? queue sales waiting entered refused\n"
          "3.000   waiting=1 entered=1 refused=1\n"
          "3.000 ? totals refused\n"
          "3.000   refused=1\n");
}

/* A full queue takes no calls: those that ring count, those that talk do not. A refused key is not
 * remembered and may try again. */
Test(route, refused_full)
{
    story("0.000 queue sales max_size=2\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 client gw1 opens\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   k1 enters sales\n"
          "1.000   offer k1 to ann until 16.000\n"
          "1.000   -> offered ann until 16.000\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   k2 enters sales\n"
          "2.000   -> queued at 1\n"
          "3.000 gw1: call k3 arrives on sales\n"
          "3.000   sales refuses k3: full gateway=gw1\n"
          "3.000   -> refused full\n"
          "4.000 agent ann answers k1\n"
          "4.000   ann talks with k1\n"
          "5.000 gw1: call k3 arrives on sales\n"
          "5.000   gw1/k3 enters sales\n"
          "5.000   -> queued at 2\n");
}

/* join_empty=logged_in: a queue refuses while no active member is logged in. */
Test(route, refused_no_agents_logged_in)
{
    story("0.000 queue sales join_empty=logged_in\n"
          "0.000 crew sales ann bob\n"
          "0.000 queue help\n"
          "0.000 crew help cid\n"
          "0.000 ready cid\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   sales refuses k1: no_agents\n"
          "1.000   -> refused no_agents\n"
          "2.000 agent ann not_ready\n"
          "2.000   ann is not_ready\n"
          "2.000 call k1 arrives on sales\n"
          "2.000   k1 enters sales\n"
          "2.000   -> queued at 1\n"
          "3.000 agent ann active=no\n"
          "3.000   agent ann is set active=no\n"
          "3.000 call k2 arrives on sales\n"
          "3.000   sales refuses k2: no_agents\n"
          "3.000   -> refused no_agents\n");
}

/* join_empty=ready: a queue refuses while no active member is ready, but ready is enough, though
 * busy. */
Test(route, refused_no_agents_ready)
{
    story("0.000 queue sales join_empty=ready\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann not_ready\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   sales refuses k1: no_agents\n"
          "1.000   -> refused no_agents\n"
          "2.000 agent ann ready\n"
          "2.000   ann is ready\n"
          "2.000 call k1 arrives on sales\n"
          "2.000   k1 enters sales\n"
          "2.000   offer k1 to ann until 17.000\n"
          "2.000   -> offered ann until 17.000\n"
          "3.000 call k2 arrives on sales\n"
          "3.000   k2 enters sales\n"
          "3.000   -> queued at 1\n"
          "4.000 agent ann leaves sales\n"
          "4.000   ann is no member of sales\n"
          "4.000 call k3 arrives on sales\n"
          "4.000   sales refuses k3: no_agents\n"
          "4.000   -> refused no_agents\n");
}

/* Of several reasons to refuse: closed, then full, then no agents. */
Test(route, refusals_in_order)
{
    story("0.000 queue sales max_size=1\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 queue sales join_empty=ready state=closed\n",
          "1.000 call k2 arrives on sales\n"
          "1.000   sales refuses k2: closed\n"
          "1.000   -> refused closed\n"
          "2.000 queue sales state=open\n"
          "2.000   queue sales is set max_size=1 join_empty=ready\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   sales refuses k2: full\n"
          "2.000   -> refused full\n"
          "3.000 call k1 hangs up\n"
          "3.000   k1 ends: abandoned by caller\n"
          "3.000 call k2 arrives on sales\n"
          "3.000   sales refuses k2: no_agents\n"
          "3.000   -> refused no_agents\n");
}

/* The gateway's own time of arrival is held within the last hour, and not after now. */
Test(route, arrival_is_clamped)
{
    story("0.000 queue sales\n", "5.000 call k1 arrives on sales happened_at=4.250\n"
                                 "5.000   k1 enters sales arrived_at=4.250\n"
                                 "5.000   -> queued at 1\n"
                                 "5.000 call k2 arrives on sales happened_at=9.000\n"
                                 "5.000   k2 enters sales\n"
                                 "5.000   -> queued at 2\n"
                                 "5.000 call k3 arrives on sales happened_at=-7200\n"
                                 "5.000   k3 enters sales arrived_at=-3595.000\n"
                                 "5.000   -> queued at 3\n"
                                 "6.000 ? call k3 enqueued_at entered_at\n"
                                 "6.000   enqueued_at=5.000 entered_at=5.000\n");
}
