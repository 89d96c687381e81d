#include <criterion/criterion.h>
#include <string.h>

#include "tests/scenario/world.h"

/* What gateways are told later about their calls. What the reply says is told, and needs no notice.
 */

#define TWO_GATEWAYS                                                                               \
    "0.000 queue sales\n"                                                                          \
    "0.000 crew sales ann bob\n"                                                                   \
    "0.000 client gw1 opens\n"                                                                     \
    "0.000 client gw2 opens\n"

/* ---- what is told ------------------------------------------------------------------------- */

/* The offer that the route itself brings stands in its reply; every later one in the outbox, with
 * how to ring. */
Test(outbox, offered)
{
    story(TWO_GATEWAYS "0.000 agent bob contact=sip:bob\n"
                       "0.000 ready ann\n",
          "1.000 gw1: call k1 arrives on sales\n"
          "1.000   gw1/k1 enters sales\n"
          "1.000   offer gw1/k1 to ann until 16.000 told\n"
          "1.000   -> offered ann until 16.000\n"
          "2.000 gw1: call k2 arrives on sales\n"
          "2.000   gw1/k2 enters sales\n"
          "2.000   -> queued at 1\n"
          "3.000 agent bob ready\n"
          "3.000   bob is ready\n"
          "3.000   offer gw1/k2 to bob until 18.000\n"
          "4.000 ? outbox gw1\n"
          "4.000   1 at 3.000: offered gw1/k2 queue=sales agent=bob contact=sip:bob until=18.000\n"
          "4.000 ? outbox gw2\n"
          "4.000   empty\n"
          "4.000 ? client gw1 told acked\n"
          "4.000   told=1 acked=0\n");
}

/* A notice has everything that a gateway needs: names, ids, key, times. */
Test(outbox, whole_notice)
{
    struct world *w = world_open();
    struct acd_view_notice notice;
    uint8_t bytes[ACD_RECORD_MAX];
    int len;

    world_given(w, TWO_GATEWAYS "0.000 agent ann contact=sip:ann\n"
                                "1.000 gw1: call k1 arrives on sales\n"
                                "2.000 agent ann ready\n");
    len = acd_outbox_read(w->engine, acd_client_named(w->engine, acd_str("gw1")), 0, bytes,
                          sizeof bytes);
    cr_assert(len == acd_record_view_notice.decode(bytes, (size_t)len, &notice));
    cr_assert(notice.number == 1 && notice.at == STORY_BEGINS + 2 * ACD_SECOND);
    cr_assert(notice.key.len == 2 && memcmp(notice.key.data, "k1", 2) == 0);
    cr_assert(notice.agent_name.len == 3 && memcmp(notice.agent_name.data, "ann", 3) == 0);
    cr_assert(notice.contact.len == 7 && memcmp(notice.contact.data, "sip:ann", 7) == 0);
    cr_assert(strcmp(cast_name(&w->cast, ACD_FIELD_assignment_id, notice.assignment.slot,
                               notice.assignment.gen),
                     "gw1/k1@ann") == 0);
    world_close(w);
}

/* Nobody's calls are told to nobody: who routes without a client has to look. */
Test(outbox, calls_of_nobody)
{
    story(TWO_GATEWAYS "0.000 ready ann\n", "1.000 call k1 arrives on sales\n"
                                            "1.000   k1 enters sales\n"
                                            "1.000   offer k1 to ann until 16.000\n"
                                            "1.000   -> offered ann until 16.000\n"
                                            "2.000 call k1 hangs up\n"
                                            "2.000   offer of k1 to ann ends: caller_gone\n"
                                            "2.000   k1 ends: abandoned by caller\n"
                                            "3.000 ? outbox gw1\n"
                                            "3.000   empty\n");
}

/* A reject tells its own gateway by its reply, but the next offer by the outbox. */
Test(outbox, rejected_by_its_gateway)
{
    story(TWO_GATEWAYS "0.000 ready ann bob\n"
                       "1.000 gw1: call k1 arrives on sales\n",
          "2.000 gw1: agent ann rejects gw1/k1\n"
          "2.000   offer of gw1/k1 to ann ends: rejected told\n"
          "2.000   offer gw1/k1 to bob until 17.000\n"
          "3.000 ? outbox gw1\n"
          "3.000   1 at 2.000: offered gw1/k1 queue=sales agent=bob until=17.000\n");
}

/* A reject by anybody else is told by the outbox of the call's gateway. */
Test(outbox, rejected_by_another)
{
    story(TWO_GATEWAYS "0.000 queue sales reject_delay=60\n"
                       "0.000 ready ann bob\n"
                       "1.000 gw1: call k1 arrives on sales\n",
          "2.000 gw2: agent ann rejects gw1/k1 result=busy\n"
          "2.000   offer of gw1/k1 to ann ends: busy\n"
          "2.000   offer gw1/k1 to bob until 17.000\n"
          "3.000 agent bob rejects gw1/k1\n"
          "3.000   offer of gw1/k1 to bob ends: rejected delay_until=63.000\n"
          "3.000   offer gw1/k1 to ann until 18.000\n"
          "4.000 ? outbox gw1\n"
          "4.000   1 at 2.000: offer_ended gw1/k1 queue=sales agent=ann result=busy\n"
          "4.000   2 at 2.000: offered gw1/k1 queue=sales agent=bob until=17.000\n"
          "4.000   3 at 3.000: offer_ended gw1/k1 queue=sales agent=bob result=rejected\n"
          "4.000   4 at 3.000: offered gw1/k1 queue=sales agent=ann until=18.000\n"
          "4.000 ? outbox gw2\n"
          "4.000   empty\n");
}

/* A hang-up tells its own gateway all by its reply. What its agent gets then is news. */
Test(outbox, hung_up_by_its_gateway)
{
    story(TWO_GATEWAYS "0.000 ready ann\n"
                       "1.000 gw1: call k1 arrives on sales\n"
                       "1.000 gw1: call k2 arrives on sales\n"
                       "1.000 gw2: call k3 arrives on sales\n",
          "2.000 gw1: call k1 hangs up\n"
          "2.000   offer of gw1/k1 to ann ends: caller_gone told\n"
          "2.000   gw1/k1 ends: abandoned by caller told\n"
          "2.000   offer gw1/k2 to ann until 17.000\n"
          "3.000 agent ann answers gw1/k2\n"
          "3.000   ann talks with gw1/k2\n"
          "4.000 gw1: call k2 hangs up\n"
          "4.000   gw1/k2 ends: answered by caller told\n"
          "4.000   offer gw2/k3 to ann until 19.000\n"
          "5.000 ? outbox gw1\n"
          "5.000   1 at 2.000: offered gw1/k2 queue=sales agent=ann until=17.000\n"
          "5.000 ? outbox gw2\n"
          "5.000   1 at 4.000: offered gw2/k3 queue=sales agent=ann until=19.000\n");
}

/* A hang-up by anybody else is news for the gateway: stop ringing, it is over. */
Test(outbox, hung_up_by_another)
{
    story(TWO_GATEWAYS "0.000 client desk opens kind=operator\n"
                       "0.000 ready ann\n"
                       "1.000 gw1: call k1 arrives on sales\n"
                       "1.000 gw1: call k2 arrives on sales\n",
          "2.000 desk: hangup call=gw1/k1 side=system\n"
          "2.000   offer of gw1/k1 to ann ends: rescinded\n"
          "2.000   gw1/k1 ends: withdrawn by system\n"
          "2.000   offer gw1/k2 to ann until 17.000\n"
          "3.000 ? outbox gw1\n"
          "3.000   1 at 2.000: offer_ended gw1/k1 queue=sales agent=ann result=rescinded\n"
          "3.000   2 at 2.000: call_ended gw1/k1 queue=sales disposition=withdrawn\n"
          "3.000   3 at 2.000: offered gw1/k2 queue=sales agent=ann until=17.000\n"
          "4.000 gw1: agent ann answers gw1/k2\n"
          "4.000   ann talks with gw1/k2\n"
          "5.000 gw2: hangup call=gw1/k2 side=agent\n"
          "5.000   gw1/k2 ends: answered by agent\n"
          "6.000 ? outbox gw1 3\n"
          "6.000   4 at 5.000: call_ended gw1/k2 queue=sales disposition=answered\n");
}

/* What time does is news: leases, waits, and queues that go. */
Test(outbox, time_and_removal)
{
    story(TWO_GATEWAYS "0.000 queue sales max_wait=20 no_answer_delay=60\n"
                       "0.000 queue help\n"
                       "0.000 ready ann\n"
                       "1.000 gw1: call k1 arrives on sales\n"
                       "2.000 gw1: call k2 arrives on sales\n"
                       "9.000 gw1: call k3 arrives on sales\n",
          "16.000   offer of gw1/k1 to ann ends: no_answer delay_until=76.000\n"
          "21.000   gw1/k1 ends: timed_out by system\n"
          "22.000   gw1/k2 ends: timed_out by system\n"
          "23.000 queue sales goes policy=move target_name=help\n"
          "23.000   queue sales is going, move target=help\n"
          "23.000   gw1/k3 moves from sales to help\n"
          "23.000   queue sales is gone\n"
          "24.000 queue help goes policy=withdraw\n"
          "24.000   queue help is going, withdraw\n"
          "24.000   gw1/k3 ends: withdrawn by system\n"
          "24.000   queue help is gone\n"
          "25.000 ? outbox gw1\n"
          "25.000   1 at 16.000: offer_ended gw1/k1 queue=sales agent=ann result=no_answer\n"
          "25.000   2 at 21.000: call_ended gw1/k1 queue=sales disposition=timed_out\n"
          "25.000   3 at 22.000: call_ended gw1/k2 queue=sales disposition=timed_out\n"
          "25.000   4 at 23.000: call_moved gw1/k3 queue=help\n"
          "25.000   5 at 24.000: call_ended gw1/k3 queue=help disposition=withdrawn\n");
}

/* What is fired on the way to a gateway's own command is not told by its reply. */
Test(outbox, fired_before_the_command)
{
    story(TWO_GATEWAYS "0.000 ready ann\n"
                       "1.000 gw1: call k1 arrives on sales\n"
                       "2.000 host sleeps\n",
          "20.000 gw1: call k1 hangs up\n"
          "20.000   offer of gw1/k1 to ann ends: no_answer\n"
          "20.000   offer gw1/k1 to ann until 35.000\n"
          "20.000   offer of gw1/k1 to ann ends: caller_gone told\n"
          "20.000   gw1/k1 ends: abandoned by caller told\n"
          "21.000 ? outbox gw1\n"
          "21.000   1 at 20.000: offer_ended gw1/k1 queue=sales agent=ann result=no_answer\n"
          "21.000   2 at 20.000: offered gw1/k1 queue=sales agent=ann until=35.000\n");
}

/* A row that is full rescinds the agent's other offers: only the rejected one is told. */
Test(outbox, other_offers_of_a_reject)
{
    story(TWO_GATEWAYS "0.000 queue sales max_no_answer=1\n"
                       "0.000 agent ann max_concurrent_calls=2\n"
                       "0.000 ready ann\n"
                       "1.000 gw1: call k1 arrives on sales\n"
                       "1.000 gw1: call k2 arrives on sales\n",
          "2.000 gw1: agent ann rejects gw1/k1 result=no_answer\n"
          "2.000   offer of gw1/k1 to ann ends: no_answer told\n"
          "2.000   ann is not_ready\n"
          "2.000   offer of gw1/k2 to ann ends: rescinded\n"
          "3.000 ? outbox gw1\n"
          "3.000   1 at 2.000: offer_ended gw1/k2 queue=sales agent=ann result=rescinded\n");
}

/* ---- acknowledging ------------------------------------------------------------------------ */

/* What is acknowledged is gone from the outbox; told again it is no event. */
Test(outbox, acknowledged)
{
    story(TWO_GATEWAYS "1.000 gw1: call k1 arrives on sales\n"
                       "1.000 gw1: call k2 arrives on sales\n"
                       "1.000 gw1: call k3 arrives on sales\n"
                       "2.000 hangup call=gw1/k1\n"
                       "2.000 hangup call=gw1/k2\n"
                       "2.000 hangup call=gw1/k3\n",
          "3.000 ? outbox gw1 1\n"
          "3.000   2 at 2.000: call_ended gw1/k2 queue=sales disposition=abandoned\n"
          "3.000   3 at 2.000: call_ended gw1/k3 queue=sales disposition=abandoned\n"
          "3.000 gw1: outbox acked upto 2\n"
          "3.000   gw1 has its notices up to 2\n"
          "3.000 ? outbox gw1\n"
          "3.000   3 at 2.000: call_ended gw1/k3 queue=sales disposition=abandoned\n"
          "4.000 gw1: outbox acked upto 2\n"
          "4.000 gw1: outbox acked upto 1\n"
          "4.000 gw1: outbox acked upto 0\n"
          "4.000 gw1: outbox acked upto 4\n"
          "4.000   -> INVALID at upto\n"
          "5.000 gw1#1: outbox acked upto 3\n"
          "5.000   gw1 has its notices up to 3\n"
          "5.000   request 1 of gw1 is done\n"
          "5.000 ? outbox gw1\n"
          "5.000   empty\n"
          "5.000 ? client gw1 told acked outbox_bytes\n"
          "5.000   told=3 acked=3 outbox_bytes=0\n");
}

/* Only gateways have an outbox. */
Test(outbox, only_gateways)
{
    story("0.000 client desk opens kind=operator\n", "1.000 desk: outbox acked upto 0\n"
                                                     "1.000   -> STATE at upto\n"
                                                     "1.000 outbox acked upto 0\n"
                                                     "1.000   -> STATE at upto\n"
                                                     "1.000 ? outbox desk\n"
                                                     "1.000   NOT_FOUND\n");
}

/* ---- overflow ----------------------------------------------------------------------------- */

/* A world whose outboxes hold eight notices of ours at the most. */
static struct world *small_world(void)
{
    return world_open_limited((struct acd_limits){
        .agents = 10, .queues = 5, .calls = 100, .clients = 4, .outbox_bytes = 1100});
}

/* With less than 512 bytes of room an outbox is lost: it is emptied, and nothing is written until
 * the gateway opens again. The notices that were lost use up no numbers. */
Test(outbox, lost_and_opened_again)
{
    struct world *w = small_world();

    world_given(w, TWO_GATEWAYS);
    world_many(w, 1, 12, "0.000 gw1: call k% arrives on sales\n");
    world_given(w, "1.000 gw2: call k1 arrives on sales\n");
    world_many(w, 1, 7, "2.000 hangup call=gw1/k%\n");
    world_says(w, "3.000 ? client gw1 told acked lost\n"
                  "3.000   told=7 acked=0 lost=0\n"
                  "3.000 hangup call=gw1/k8\n"
                  "3.000   gw1 loses its outbox until=33.000\n"
                  "3.000   gw1/k8 ends: abandoned by caller\n"
                  "3.000 ? outbox gw1\n"
                  "3.000   empty\n"
                  "3.000 ? client gw1 told acked outbox_bytes lost calls\n"
                  "3.000   told=7 acked=7 outbox_bytes=0 lost=1 calls=4\n"
                  "3.000   gw1/k9 is stranded\n"
                  "3.000   gw1/k10 is stranded\n"
                  "3.000   gw1/k11 is stranded\n"
                  "3.000   gw1/k12 is stranded\n"
                  "3.000   gw1 is swept\n"
                  "4.000 hangup call=gw1/k9\n"
                  "4.000   gw1/k9 ends: abandoned by caller\n"
                  "4.000 gw1: outbox acked upto 8\n"
                  "4.000   -> LOST\n"
                  "4.000 gw1: outbox acked upto 7\n"
                  "4.000   -> LOST\n"
                  "5.000 hangup call=gw2/k1\n"
                  "5.000   gw2/k1 ends: abandoned by caller\n"
                  "6.000 client gw1 opens\n"
                  "6.000   client gw1 opens\n"
                  "6.000 ? client gw1 lost\n"
                  "6.000   lost=0\n"
                  "7.000 hangup call=gw1/k10\n"
                  "7.000   gw1/k10 ends: abandoned by caller\n"
                  "7.000 ? outbox gw1\n"
                  "7.000   8 at 7.000: call_ended gw1/k10 queue=sales disposition=abandoned\n"
                  "7.000 ? outbox gw2\n"
                  "7.000   1 at 5.000: call_ended gw2/k1 queue=sales disposition=abandoned\n");
    world_close(w);
}

/* It may be lost in the middle of a frame; what is told by the reply needs no room. */
Test(outbox, lost_in_the_middle)
{
    struct world *w = small_world();

    world_given(w, TWO_GATEWAYS "0.000 agent ann max_concurrent_calls=3\n"
                                "0.000 ready ann\n");
    world_many(w, 1, 9, "0.000 gw1: call k% arrives on sales\n");
    world_many(w, 4, 9, "1.000 hangup call=gw1/k%\n");
    world_says(w, "2.000 agent ann not_ready\n"
                  "2.000   ann is not_ready\n"
                  "2.000   offer of gw1/k1 to ann ends: rescinded\n"
                  "2.000   gw1 loses its outbox until=32.000\n"
                  "2.000   offer of gw1/k2 to ann ends: rescinded\n"
                  "2.000   offer of gw1/k3 to ann ends: rescinded\n"
                  "2.000   gw1/k1 is stranded\n"
                  "2.000   gw1/k2 is stranded\n"
                  "2.000   gw1/k3 is stranded\n"
                  "2.000   gw1 is swept\n"
                  "3.000 gw1: call k1 hangs up\n"
                  "3.000   -> LOST\n"
                  "4.000 client gw1 opens\n"
                  "4.000   client gw1 opens\n"
                  "4.000 ? client gw1 told acked\n"
                  "4.000   told=7 acked=7\n");
    world_close(w);
}

/* An outbox that is read and acknowledged goes round and round, and numbers have no gaps. */
Test(outbox, round_and_round)
{
    struct world *w = small_world();

    world_given(w, TWO_GATEWAYS "0.000 crew sales ann\n"
                                "0.000 gw1: call k1 arrives on sales\n");
    for (uint32_t turn = 1; turn <= 50; turn++) {
        world_given(w, "1.000 agent ann ready\n"
                       "1.000 agent ann not_ready\n");
        world_many(w, 2 * turn, 2 * turn, "1.000 gw1: outbox acked upto %\n");
    }
    world_says(w,
               "2.000 agent ann ready\n"
               "2.000   ann is ready\n"
               "2.000   offer gw1/k1 to ann until 17.000\n"
               "2.000 agent ann logged_out\n"
               "2.000   ann is logged_out\n"
               "2.000   offer of gw1/k1 to ann ends: rescinded\n"
               "3.000 ? outbox gw1\n"
               "3.000   101 at 2.000: offered gw1/k1 queue=sales agent=ann until=17.000\n"
               "3.000   102 at 2.000: offer_ended gw1/k1 queue=sales agent=ann result=rescinded\n");
    world_close(w);
}

/* A reader with little room gets as many whole notices as fit. */
Test(outbox, read_in_pieces)
{
    struct world *w = small_world();
    acd_client_id gw1;
    uint8_t bytes[512];
    int all, one;

    world_given(w, TWO_GATEWAYS);
    world_many(w, 1, 3, "0.000 gw1: call k% arrives on sales\n");
    world_many(w, 1, 3, "1.000 hangup call=gw1/k%\n");
    gw1 = acd_client_named(w->engine, acd_str("gw1"));
    all = acd_outbox_read(w->engine, gw1, 0, bytes, sizeof bytes);
    one = all / 3;
    cr_assert(all > 0 && all % 3 == 0);
    cr_assert(acd_outbox_read(w->engine, gw1, 0, bytes, (size_t)one - 1) == 0);
    cr_assert(acd_outbox_read(w->engine, gw1, 0, bytes, (size_t)one) == one);
    cr_assert(acd_outbox_read(w->engine, gw1, 0, bytes, (size_t)(2 * one - 1)) == one);
    cr_assert(acd_outbox_read(w->engine, gw1, 1, bytes, sizeof bytes) == 2 * one);
    cr_assert(acd_outbox_read(w->engine, gw1, 3, bytes, sizeof bytes) == 0);
    cr_assert(acd_outbox_read(w->engine, gw1, 99, bytes, sizeof bytes) == 0);
    world_close(w);
}
