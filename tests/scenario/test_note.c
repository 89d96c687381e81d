#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* What is noted of a call. */

/* The last event gives its code to the visit that ended with that event. */
static void is_coded(const struct world *w, uint64_t visit)
{
    struct acd_frame frame = acd_last_frame(w->engine);
    struct acd_event event;

    cr_assert_gt(acd_event_decode(frame.bytes, frame.len, &event), 0);
    cr_assert_eq(event.code, ACD_EVENT_wrap_up_coded);
    cr_assert_eq(event.as.wrap_up_coded.visit, visit);
}

/* The code is of the agent's work, from the talk to the end of the wrap-up. Once the call is over
 * the event names the visit that history has. */
Test(note, code_in_talk_and_in_wrap_up)
{
    story("0.000 queue sales wrap_up_time=10 wrap_up_codes=sale,none\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n",
          "1.000 agent ann codes k1 as none\n"
          "1.000   -> STATE at assignment\n"
          "1.000 agent ann codes as none\n"
          "1.000   -> STATE at name\n"
          "2.000 agent ann answers k1\n"
          "2.000   ann talks with k1\n"
          "3.000 agent ann codes k1 as none\n"
          "3.000   ann codes k1@ann as none\n"
          "3.000 agent ann codes as none\n" /* it is already */
          "3.000 ? work ann\n"
          "3.000   assignment=k1@ann agent=ann call=k1 queue=sales role=connected since=2.000 "
          "wrap_up_code=none channel=voice\n"
          "4.000 call k1 hangs up\n"
          "4.000   k1 ends: answered by caller wrap_up_until=14.000\n"
          "5.000 agent ann codes k1 as sale attributes={order}\n"
          "5.000   ann codes k1@ann as sale attributes={order}\n"
          "6.000 agent ann codes as maybe\n"
          "6.000   -> INVALID at code\n"
          "6.000 agent ann codes as sal\n"
          "6.000   -> INVALID at code\n"
          "6.000 agent ann codes as -\n"
          "6.000   ann codes k1@ann as \n"
          "6.000 wrap_up_code name=ann\n"
          "6.000   -> MISSING at code\n"
          "14.000   ann is done with k1@ann\n"
          "15.000 agent ann codes k1 as sale\n"
          "15.000   -> LOST at assignment\n"
          "15.000 agent ann codes as sale\n"
          "15.000   -> STATE at name\n");
}

/* An agent with several calls means its youngest; without a list every code will do. */
Test(note, code_of_the_youngest)
{
    story("0.000 queue sales wrap_up_time=10\n"
          "0.000 crew sales ann\n"
          "0.000 agent ann max_concurrent_calls=3\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 agent ann answers k1\n"
          "1.000 call k2 arrives on sales\n"
          "1.000 agent ann answers k2\n"
          "1.000 call k3 arrives on sales\n",
          "2.000 agent ann codes as 17\n"
          "2.000   ann codes k2@ann as 17\n"
          "3.000 call k2 hangs up\n"
          "3.000   k2 ends: answered by caller wrap_up_until=13.000\n"
          "3.000 agent ann codes as 18\n"
          "3.000   ann codes k2@ann as 18\n"
          "4.000 agent ann finishes k2\n"
          "4.000   ann is done with k2@ann\n"
          "4.000 agent ann codes as 19\n"
          "4.000   ann codes k1@ann as 19\n"
          "5.000 wrap_up_code name=ann code=x*65\n"
          "5.000   -> TOO_LONG at code\n"
          "5.000 agent bob codes as 19\n"
          "5.000   -> NOT_FOUND at name\n"
          "5.000 wrap_up_code assignment=stranger code=19\n"
          "5.000   -> LOST at assignment\n"
          "5.000 wrap_up_code code=19\n"
          "5.000   -> MISSING at name\n");
}

/* A longer wrap-up is of the same visit. A queue that is gone has no list any more. */
Test(note, code_after_an_extension)
{
    struct world *w = world_open();

    world_given(w, "0.000 queue sales wrap_up_time=10 wrap_up_codes=sale\n"
                   "0.000 crew sales ann\n"
                   "0.000 ready ann\n"
                   "1.000 call k1 arrives on sales\n"
                   "2.000 agent ann answers k1\n"
                   "3.000 call k1 hangs up\n");
    uint64_t ended = acd_position(w->engine).sequence;

    world_given(w, "4.000 agent ann extends by=60\n"
                   "5.000 agent ann extends by=60\n"
                   "6.000 queue sales goes\n"
                   "7.000 agent ann codes as anything\n");
    is_coded(w, ended);
    world_close(w);
}

/* A queue that takes codes late: the form is filled in when the wrap-up is over, and the agent
 * talks with the next caller. */
Test(note, code_given_late)
{
    story("0.000 queue sales wrap_up_time=10 wrap_up_codes=sale,none wrap_up_code_late=60\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 agent ann answers k1\n"
          "3.000 agent ann codes as none\n"
          "4.000 call k1 hangs up\n",
          "14.000   ann is done with k1@ann\n"
          "20.000 agent ann codes as -\n"
          "20.000   ann codes k1@ann as \n"
          "20.000 agent ann codes as maybe\n"
          "20.000   -> INVALID at code\n"
          "20.000 wrap_up_code name=ann\n"
          "20.000   -> MISSING at code\n"
          "20.000 agent ann codes as sale attributes={order}\n"
          "20.000   ann codes k1@ann as sale attributes={order}\n"
          "20.000 agent ann codes as sale\n" /* it is already */
          "20.000 ? agent ann activity late_work late_until last_status_change\n"
          "20.000   activity=idle late_work=k1@ann late_until=74.000 last_status_change=14.000\n"
          "21.000 call k2 arrives on sales\n"
          "21.000   k2 enters sales\n"
          "21.000   offer k2 to ann until 36.000\n"
          "21.000   -> offered ann until 36.000\n"
          "22.000 agent ann answers k2\n"
          "22.000   ann talks with k2\n"
          "23.000 agent ann codes as none\n" /* her youngest work */
          "23.000   ann codes k2@ann as none\n"
          "23.000 agent ann codes k1 as none name=ann\n"
          "23.000   ann codes k1@ann as none\n"
          "23.000 agent ann codes k1 as sale\n" /* whose? */
          "23.000   -> LOST at assignment\n"
          "23.000 agent ann codes k1 as sale name=bob\n"
          "23.000   -> NOT_FOUND at name\n"
          "73.999 agent ann codes k1 as sale name=ann\n"
          "73.999   ann codes k1@ann as sale\n"
          "74.000 agent ann codes k1 as none name=ann\n"
          "74.000   -> LOST at assignment\n"
          "74.000 ? agent ann late_work late_until\n"
          "74.000   late_work=nobody late_until=never\n"
          "75.000 agent ann is freed state=not_ready\n"
          "75.000   ann is freed\n"
          "75.000   k2 ends: answered by system\n"
          "75.000   ann is not_ready\n"
          "76.000 agent ann codes as sale\n" /* no wrap-up, and late all the same */
          "76.000   ann codes k2@ann as sale\n"
          "77.000 queue sales wrap_up_code_late=-2\n"
          "77.000   -> INVALID at wrap_up_code_late\n"
          "135.000 agent ann codes as none\n"
          "135.000   -> STATE at name\n");
}

/* The visit is the one that the call's end ended, however the wrap-up went on; other work of a
 * queue that takes no codes late leaves it. */
Test(note, late_code_of_the_visit)
{
    struct world *w = world_open();

    world_given(w, "0.000 queue sales wrap_up_time=10 wrap_up_code_late=600\n"
                   "0.000 queue help\n"
                   "0.000 crew sales ann\n"
                   "0.000 crew help ann\n"
                   "0.000 ready ann\n"
                   "1.000 call k1 arrives on sales\n"
                   "2.000 agent ann answers k1\n"
                   "3.000 call k1 hangs up\n");
    uint64_t ended = acd_position(w->engine).sequence;

    world_given(w, "4.000 agent ann extends by=60\n"
                   "5.000 agent ann finishes\n"
                   "6.000 call k2 arrives on help\n"
                   "7.000 agent ann answers k2\n"
                   "8.000 call k2 hangs up\n"
                   "9.000 queue sales goes\n"
                   "10.000 agent ann codes as anything\n");
    is_coded(w, ended);
    world_close(w);
}

/* Attributes belong to the call as long as it lives, whoever changes them. */
Test(note, attributes)
{
    story("0.000 client gw1 opens\n"
          "0.000 queue sales wrap_up_time=10\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n",
          "1.000 gw1: call k1 arrives on sales attributes={a}\n"
          "1.000   gw1/k1 enters sales attributes={a}\n"
          "1.000   offer gw1/k1 to ann until 16.000 told\n"
          "1.000   -> offered ann until 16.000\n"
          "2.000 gw1: call k1 has {b}\n"
          "2.000   gw1/k1 is set attributes={b}\n"
          "2.000 gw1: call k1 has {b}\n"
          "2.000 call_set call=gw1/k1 attributes={c}\n"
          "2.000   gw1/k1 is set attributes={c}\n"
          "2.000 call k1 has {d}\n" /* nobody's k1 */
          "2.000   -> NOT_FOUND at key\n"
          "3.000 gw1: agent ann answers gw1/k1\n"
          "3.000   ann talks with gw1/k1\n"
          "4.000 agent ann codes as 7 attributes=-\n"
          "4.000   gw1/k1 is set\n"
          "4.000   ann codes gw1/k1@ann as 7\n"
          "4.000 ? call gw1/k1 attributes\n"
          "4.000   attributes=\n"
          "4.000 gw1: call_set key=k1\n"
          "4.000   -> MISSING at attributes\n"
          "4.000 call_set attributes={}\n"
          "4.000   -> MISSING at key\n"
          "5.000 gw1: call k1 hangs up\n"
          "5.000   gw1/k1 ends: answered by caller wrap_up_until=15.000 told\n"
          "6.000 gw1: call k1 has {e}\n"
          "6.000   -> GONE at key\n"
          "6.000 call_set call=gw1/k1 attributes={e}\n"
          "6.000   -> GONE at call\n");
}

/* Attributes have their own limit; those that a call has already need no more room. */
Test(note, no_room_for_attributes)
{
    struct world *w = world_open_limited((struct acd_limits){
        .agents = 1, .queues = 1, .calls = 4, .clients = 1, .numbers = 1, .call_texts = 1});

    world_says(w, "0.000 queue sales\n"
                  "0.000   queue sales is set\n"
                  "1.000 call k1 arrives on sales attributes={a}\n"
                  "1.000   k1 enters sales attributes={a}\n"
                  "1.000   -> queued at 1\n"
                  "1.000 call k2 arrives on sales\n"
                  "1.000   k2 enters sales\n"
                  "1.000   -> queued at 2\n"
                  "2.000 call k2 has {b}\n"
                  "2.000   -> FULL at attributes\n"
                  "2.000 call k2 has -\n"
                  "2.000 call k1 has {b}\n"
                  "2.000   k1 is set attributes={b}\n"
                  "2.000 call k1 has -\n"
                  "2.000   k1 is set\n"
                  "2.000 call k2 has {b}\n"
                  "2.000   k2 is set attributes={b}\n");
    world_close(w);
}
