#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Strategies: one story each, what becomes of a queue whose strategy changes, and call orders. */

#define OFFER(at, call, agent, until)                                                              \
    at " call " call " arrives on sales\n" at "   " call " enters sales\n" at "   offer " call     \
       " to " agent " until " until "\n" at "   -> offered " agent " until " until "\n"

/* Offers a call, and has it rejected, so that the agent is there again. */
#define PASS(at, call, agent, until)                                                               \
    OFFER(at, call, agent, until)                                                                  \
    at " call " call " hangs up\n" at "   offer of " call " to " agent " ends: caller_gone\n" at   \
       "   " call " ends: abandoned by caller\n"

/* Round-robin goes through positions, on from the last one offered to, and begins again behind the
 * last; who joins behind the pointer waits for the next round. */
Test(strategy, round_robin)
{
    story("0.000 queue sales strategy=round-robin\n"
          "0.000 crew sales ann position=1\n"
          "0.000 crew sales bob position=2\n"
          "0.000 crew sales cid position=1000\n"
          "0.000 ready cid bob ann\n",
          PASS("1.000", "k1", "ann", "16.000") PASS("2.000", "k2", "bob", "17.000")
              PASS("3.000", "k3", "cid", "18.000") PASS("4.000", "k4", "ann", "19.000"));
}

/* More than a thousand positions are no trouble, and a lower level is a round of its own. */
Test(strategy, round_robin_beyond_a_thousand_and_by_level)
{
    story("0.000 queue sales strategy=rrmemory\n"
          "0.000 crew sales ann level=1 position=1001\n"
          "0.000 crew sales bob level=1 position=2001\n"
          "0.000 crew sales cid level=2 position=1\n"
          "0.000 ready ann bob cid\n",
          PASS("1.000", "k1", "ann", "16.000") PASS("2.000", "k2", "bob", "17.000")
              PASS("3.000", "k3", "ann", "18.000"));
}

/* Fewest calls answered today. */
Test(strategy, fewest_calls)
{
    story("0.000 queue sales strategy=agent-with-fewest-calls\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann bob\n"
          "1.000 call k1 arrives on sales\n"
          "2.000 agent ann answers k1\n"
          "3.000 call k1 hangs up\n"
          "4.000 call k2 arrives on sales\n"
          "5.000 agent bob answers k2\n"
          "6.000 call k2 hangs up\n"
          "7.000 call k3 arrives on sales\n"
          "8.000 agent ann answers k3\n"
          "9.000 call k3 hangs up\n"
          "9.500 agent bob not_ready\n"
          "9.600 agent bob ready\n",
          PASS("10.000", "k4", "bob", "25.000") "11.000 day 5 begins\n"
                                                "11.000   day 5 begins\n" PASS("12.000", "k5",
                                                                               "ann", "27.000"));
}

/* Least talk time today. */
Test(strategy, least_talk_time)
{
    story("0.000 queue sales strategy=least-talk-time\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann bob\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 agent ann answers k1\n"
          "2.000 call k2 arrives on sales\n"
          "2.000 agent bob answers k2\n"
          "9.000 call k1 hangs up\n"
          "9.500 call k2 hangs up\n",
          PASS("10.000", "k3", "bob", "25.000"));
}

/* Whose last call of this queue ended first; another queue's calls do not count, and who has had
 * none comes first. */
Test(strategy, least_recent)
{
    story("0.000 queue sales strategy=leastrecent\n"
          "0.000 queue help\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent ann joins help\n"
          "0.000 ready ann bob\n"
          "1.000 call k1 arrives on sales\n"
          "1.000 agent ann answers k1\n"
          "2.000 call k2 arrives on sales\n"
          "2.000 agent bob answers k2\n"
          "3.000 call k1 hangs up\n"
          "4.000 call k2 hangs up\n"
          "5.000 call h1 arrives on help\n"
          "5.000 agent ann answers h1\n"
          "6.000 call h1 hangs up\n",
          PASS("7.000", "k3", "ann", "22.000"));
}

/* Each call goes its own way down: on from whom it was offered to last, to the end, and again. */
Test(strategy, top_down)
{
    story("0.000 queue sales strategy=linear\n"
          "0.000 crew sales ann position=1\n"
          "0.000 crew sales bob position=2\n"
          "0.000 ready bob ann\n",
          OFFER("1.000", "k1", "ann", "16.000") "2.000 agent ann rejects k1\n"
                                                "2.000   offer of k1 to ann ends: rejected\n"
                                                "2.000   offer k1 to bob until 17.000\n"
                                                "3.000 agent bob rejects k1\n"
                                                "3.000   offer of k1 to bob ends: rejected\n"
                                                "3.000   offer k1 to ann until 18.000\n"
                                                "4.000 call k1 hangs up\n"
                                                "4.000   offer of k1 to ann ends: caller_gone\n"
                                                "4.000   k1 ends: abandoned by caller\n" OFFER(
                                                    "5.000", "k2", "ann", "20.000"));
}

/* The lowest position that is there; of one position, the longest without an offer. */
Test(strategy, sequentially_by_agent_order)
{
    story("0.000 queue sales strategy=sequentially-by-agent-order\n"
          "0.000 crew sales ann position=1\n"
          "0.000 crew sales bob position=1\n"
          "0.000 crew sales cid position=2\n"
          "0.000 ready cid bob ann\n",
          PASS("1.000", "k1", "ann", "16.000") PASS("2.000", "k2", "bob", "17.000")
              PASS("3.000", "k3", "ann", "18.000") PASS("4.000", "k4", "bob", "19.000"));
}

/* Chance has an event of its own, so that whoever applies the events draws nothing. */
Test(strategy, random)
{
    story("0.000 queue sales strategy=random\n"
          "0.000 crew sales ann bob cid\n"
          "0.000 crew sales dan level=1\n"
          "0.000 ready ann bob cid dan\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   k1 enters sales\n"
          "1.000   chance goes on to -7046029254386353131\n"
          "1.000   offer k1 to bob until 16.000\n"
          "1.000   -> offered bob until 16.000\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   k2 enters sales\n"
          "2.000   chance goes on to 4354685564936845354\n"
          "2.000   offer k2 to ann until 17.000\n"
          "2.000   -> offered ann until 17.000\n");
}

/* A level is no wall here, only less likely. */
Test(strategy, weighted_random)
{
    struct world *w = world_open();
    struct acd_view_queue q;
    unsigned first = 0;

    world_given(w, "0.000 queue sales strategy=wrandom\n"
                   "0.000 crew sales ann level=0\n"
                   "0.000 crew sales bob level=2\n"
                   "0.000 ready ann bob\n");
    for (unsigned i = 1; i <= 400; i++) {
        char line[96];

        snprintf(line, sizeof line, "%u.000 call k%u arrives on sales\n", i, i);
        world_given(w, line);
        first +=
            w->outcome.agent_name.len == 3 && memcmp(w->outcome.agent_name.data, "ann", 3) == 0;
        snprintf(line, sizeof line, "%u.500 call k%u hangs up\n", i, i);
        world_given(w, line);
    }
    cr_assert_eq(acd_queue_view(w->engine, w->outcome.queue, &q), ACD_OK);
    cr_assert_eq(q.offers, 400);
    cr_assert_gt(first, 270, "ann is drawn %u times of 400, not about 300", first);
    cr_assert_lt(first, 330, "ann is drawn %u times of 400, not about 300", first);
    world_close(w);
}

/* The most free capacity, not the least work. */
Test(strategy, least_busy)
{
    story("0.000 queue sales strategy=least-busy\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent ann max_concurrent_calls=2\n"
          "0.000 agent bob max_concurrent_calls=4\n"
          "0.000 ready ann bob\n",
          OFFER("1.000", "k1", "bob", "16.000") OFFER("2.000", "k2", "bob", "17.000")
              OFFER("3.000", "k3", "ann", "18.000") OFFER("4.000", "k4", "bob", "19.000"));
}

/* One agent after the other is filled up: the most calls, not the least that is free. */
Test(strategy, full_load)
{
    story("0.000 queue sales strategy=full-load\n"
          "0.000 crew sales ann bob\n"
          "0.000 crew sales cid level=1\n"
          "0.000 agent ann max_concurrent_calls=2\n"
          "0.000 agent bob max_concurrent_calls=3\n"
          "0.000 ready ann bob cid\n",
          OFFER("1.000", "k1", "ann", "16.000") OFFER("2.000", "k2", "ann", "17.000")
              OFFER("3.000", "k3", "bob", "18.000") OFFER("4.000", "k4", "bob", "19.000")
                  OFFER("5.000", "k5", "bob", "20.000") OFFER("6.000", "k6", "cid", "21.000"));
}

/* OpenSIPS's names. */
Test(strategy, balancing)
{
    story("0.000 queue sales strategy=balancing\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent ann max_concurrent_calls=2\n"
          "0.000 agent bob max_concurrent_calls=2\n"
          "0.000 ready ann bob\n",
          OFFER("1.000", "k1", "ann", "16.000") OFFER("2.000", "k2", "bob", "17.000"));
}

/* A queue's strategy changes while its agents wait: they stand in the new order at once. */
Test(strategy, changes_while_agents_wait)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann position=9\n"
          "0.000 crew sales bob position=8\n"
          "0.000 crew sales cid position=7\n"
          "0.000 ready ann bob cid\n",
          OFFER("1.000", "k1", "ann",
                "16.000") "2.000 queue sales strategy=top-down\n"
                          "2.000   queue sales is set strategy=top-down\n" OFFER(
                              "3.000", "k2", "cid",
                              "18.000") "4.000 queue sales strategy=longest-idle-agent\n"
                                        "4.000   queue sales is set\n" OFFER("5.000", "k3", "bob",
                                                                             "20.000"));
}

/* Last in, first out; a head start is one there too, and what came before the change keeps its
 * order behind. */
Test(strategy, call_order_lifo)
{
    story("0.000 queue sales\n"
          "0.000 crew sales ann\n"
          "1.000 call old1 arrives on sales\n"
          "2.000 call old2 arrives on sales\n"
          "3.000 queue sales call_order=lifo\n"
          "4.000 call new1 arrives on sales head_start=10.000\n"
          "5.000 call new2 arrives on sales\n"
          "6.000 call new3 arrives on sales\n",
          "7.000 ? line sales\n"
          "7.000   new1 new3 new2 old1 old2\n"
          "8.000 agent ann ready\n"
          "8.000   ann is ready\n"
          "8.000   offer new1 to ann until 23.000\n");
}

/* Who is best at what the call asks for, whoever is idle for longer; of two alike the longest idle.
 * As the call asks for less, or an agent learns more, it is worked out anew. */
Test(strategy, best_skill)
{
    story("0.000 queue sales strategy=most-skilled\n"
          "0.000 crew sales cid bob ann dan\n"
          "0.000 agent ann learns spanish level=5\n"
          "0.000 agent ann learns billing level=1\n"
          "0.000 agent bob learns spanish level=4\n"
          "0.000 agent bob learns billing level=3\n"
          "0.000 agent cid learns spanish level=4\n"
          "0.000 ready dan cid bob ann\n"
          "0.500 call k0 arrives on sales plan=spanish\n"
          "0.500 call k0 hangs up\n"
          "0.500 call k0b arrives on sales plan=spanish&(billing|spanish>=9)\n"
          "0.500 call k0b hangs up\n",
          "1.000 call k1 arrives on sales plan=spanish\n"
          "1.000   k1 enters sales plan=1\n"
          "1.000   offer k1 to ann until 16.000\n"
          "1.000   -> offered ann until 16.000\n"
          "1.000 call k2 arrives on sales plan=spanish\n"
          "1.000   k2 enters sales plan=1\n"
          "1.000   offer k2 to cid until 16.000\n"
          "1.000   -> offered cid until 16.000\n"
          "2.000 call k1 hangs up\n"
          "2.000   offer of k1 to ann ends: caller_gone\n"
          "2.000   k1 ends: abandoned by caller\n"
          "3.000 call k3 arrives on sales plan=spanish&(billing|spanish>=9)\n" /* 7 against 6 */
          "3.000   k3 enters sales plan=2\n"
          "3.000   offer k3 to bob until 18.000\n"
          "3.000   -> offered bob until 18.000\n"
          "4.000 call k4 arrives on sales\n" /* nobody is better than others */
          "4.000   k4 enters sales\n"
          "4.000   offer k4 to dan until 19.000\n"
          "4.000   -> offered dan until 19.000\n"
          "5.000 call k2 hangs up\n"
          "5.000   offer of k2 to cid ends: caller_gone\n"
          "5.000   k2 ends: abandoned by caller\n"
          "6.000 agent cid learns spanish level=6\n"
          "6.000   cid has spanish at 6\n"
          "7.000 call k5 arrives on sales plan=spanish\n"
          "7.000   k5 enters sales plan=1\n"
          "7.000   offer k5 to cid until 22.000\n"
          "7.000   -> offered cid until 22.000\n");
}

/* Levels come first, as with any strategy. */
Test(strategy, best_skill_of_the_lowest_level)
{
    story("0.000 queue sales strategy=best-skill plan=spanish\n"
          "0.000 crew sales ann level=2\n"
          "0.000 crew sales bob level=1\n"
          "0.000 agent ann learns spanish level=9\n"
          "0.000 agent bob learns spanish level=1\n"
          "0.000 ready ann bob\n",
          "1.000 call k1 arrives on sales\n"
          "1.000   plan 1 of sales opens: spanish\n"
          "1.000   k1 enters sales plan=1\n"
          "1.000   offer k1 to bob until 16.000\n"
          "1.000   -> offered bob until 16.000\n");
}
