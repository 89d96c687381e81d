#include <criterion/criterion.h>
#include <stdio.h>
#include <time.h>

#include "tests/scenario/world.h"

/* What people suffer from elsewhere, told as stories; the others of the fifteen stand beside the
 * rules they are about, or, where processes are needed, among the end-to-end tests. */

/* ---- pain 2: the work of an event grows with the number of queues and members ------------------
 */

struct centre {
    struct acd_engine *e;
    acd_agent_id agent;
};

static struct acd_view_outcome tell(struct acd_engine *e, acd_time now, struct acd_command c)
{
    struct acd_view_outcome o;

    cr_assert_eq(acd_execute(e, now, ACD_NOBODY, 0, &c, &o), ACD_OK);
    return o;
}

#define TELL(e, now, verb, ...)                                                                    \
    tell((e), (now), (struct acd_command){.code = ACD_COMMAND_##verb, .as.verb = {__VA_ARGS__}})

/* `queues` queues, ten agents to each, all at work in three; a call waits in each queue but those
 * of the first agent. */
static struct centre centre_of(uint32_t queues)
{
    const struct acd_limits limits = {.queues = queues, .agents = 10 * queues, .calls = 2 * queues};
    struct centre c;
    char name[32], other[32];

    cr_assert_eq(acd_open(&c.e, &(struct acd_config){.limits = limits}), ACD_OK);
    for (uint32_t i = 0; i < queues; i++) {
        snprintf(name, sizeof name, "queue %u", i);
        TELL(c.e, 1, queue_set, .name = acd_str(name));
    }
    for (uint32_t i = 0; i < 10 * queues; i++) {
        snprintf(name, sizeof name, "agent %u", i);
        TELL(c.e, 1, agent_set, .name = acd_str(name));
        for (uint32_t k = 0; k < 3; k++) {
            snprintf(other, sizeof other, "queue %u", (i + k) % queues);
            TELL(c.e, 1, member_set, .agent_name = acd_str(name), .queue_name = acd_str(other));
        }
    }
    for (uint32_t i = 3; i < queues; i++) {
        snprintf(name, sizeof name, "call %u", i);
        snprintf(other, sizeof other, "queue %u", i);
        TELL(c.e, 1, route, .key = acd_str(name), .queue_name = acd_str(other));
    }
    c.agent = acd_agent_named(c.e, acd_str("agent 0"));
    return c;
}

/* Nanoseconds of 200 rounds of one agent: ready, a call, its end, a break. The least of some. */
static int64_t busy_time(const struct centre *c)
{
    int64_t least = INT64_MAX;

    for (int64_t round = 0; round < 20; round++) {
        struct timespec from, to;
        int64_t took;

        clock_gettime(CLOCK_MONOTONIC, &from);
        for (acd_time i = 1; i <= 200; i++) {
            acd_time now = round * 1000 + i;
            struct acd_view_outcome o;
            char key[32];

            TELL(c->e, now, agent_state, .agent = c->agent, .state = ACD_READY);
            snprintf(key, sizeof key, "%lld", (long long)now);
            o = TELL(c->e, now, route, .key = acd_str(key), .queue_name = acd_str("queue 0"));
            TELL(c->e, now, accept, .assignment = o.assignment);
            TELL(c->e, now, hangup, .call = o.call);
            TELL(c->e, now, agent_state, .agent = c->agent, .state = ACD_NOT_READY);
        }
        clock_gettime(CLOCK_MONOTONIC, &to);
        took = (to.tv_sec - from.tv_sec) * 1000000000LL + to.tv_nsec - from.tv_nsec;
        least = took < least ? took : least;
    }
    return least;
}

/* Two hundred times the queues and the members, and an event costs little more: far less than the
 * forty thousand times that queues x members would be, or two hundred for either. */
Test(pains, pain_02_more_queues_and_members_cost_an_event_nothing, .timeout = 60)
{
    struct centre small = centre_of(5), large = centre_of(1000);
    int64_t of_small = busy_time(&small), of_large = busy_time(&large);

    cr_assert_lt(of_large, 20 * of_small, "%lld ns instead of %lld", (long long)of_large,
                 (long long)of_small);
    acd_close(small.e);
    acd_close(large.e);
}

/* ---- pain 3: the dispatcher hangs, and all stands still for ever --------------------------------
 */

/* A host that slept for minutes stops nothing for good: the first thing that happens finds done
 * what should have been, a lease, a wrap-up, a wait, in its order; and the next call is served. */
Test(pains, pain_03_a_host_that_slept_has_caught_up)
{
    story("0.000 queue sales max_wait=60 wrap_up_time=10\n"
          "0.000 crew sales ann bob\n"
          "0.000 ready ann bob\n"
          "0.000 call k1 arrives on sales\n"
          "1.000 call k2 arrives on sales\n"
          "2.000 agent ann answers k1\n"
          "3.000 call k1 hangs up\n"
          "4.000 call k3 arrives on sales\n"
          "4.000 agent bob not_ready\n",
          "5.000 host sleeps\n"
          "300.000 call k4 arrives on sales\n"
          "300.000   ann is done with k1@ann\n"
          "300.000   offer k2 to ann until 315.000\n"
          "300.000   k3 ends: timed_out by system\n"
          "300.000   k4 enters sales until=360.000\n"
          "300.000   -> queued at 1\n");
}

/* ---- pain 7: wrap-up is ignored, cut short, or invisible
 * ----------------------------------------- */

/* It is a state with a beginning and an end that everybody sees; nothing rings in it; it can be
 * made longer and ended by hand; and a call that waits rings the moment it is over. */
Test(pains, pain_07_wrap_up_is_kept_to_its_end)
{
    story("0.000 queue sales wrap_up_time=10\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n"
          "1.000 agent ann answers k1\n",
          "2.000 call k1 hangs up\n"
          "2.000   k1 ends: answered by caller wrap_up_until=12.000\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   k2 enters sales\n"
          "2.000   -> queued at 1\n"
          "3.000 ? agent ann activity wrap_up available\n"
          "3.000   activity=wrap_up wrap_up=1 available=0\n"
          "3.000 ? why k2\n"
          "3.000   ann: at_capacity (wrap_up) until 12.000\n"
          "11.000 agent ann extends by=5\n"
          "11.000   ann works on k1@ann until 17.000\n"
          "12.000 time passes\n"
          "16.000 agent ann finishes\n"
          "16.000   ann is done with k1@ann\n"
          "16.000   offer k2 to ann until 31.000\n");
}

/* ---- pain 15: what is missing is scripted outside
 * ------------------------------------------------ */

/* Skills, priorities, a place that is told, a call picked by hand, a pause after a rejected or
 * busy phone, an agent of one's choice: each is a word to the engine. */
Test(pains, pain_15_nothing_to_script_outside)
{
    story("0.000 queue sales reject_delay=20 busy_delay=40\n"
          "0.000 crew sales ann bob\n"
          "0.000 agent ann learns spanish level=3\n"
          "0.000 agent ann not_ready\n"
          "0.000 agent bob not_ready\n",
          "1.000 call k1 arrives on sales plan=spanish>=3\n"
          "1.000   plan 1 of sales opens: spanish>=3\n"
          "1.000   k1 enters sales plan=1\n"
          "1.000   -> queued at 1\n"
          "2.000 call k2 arrives on sales\n"
          "2.000   k2 enters sales\n"
          "2.000   -> queued at 2\n"
          "3.000 call vip arrives on sales head_start=3600\n"
          "3.000   vip enters sales head_start=3600.000\n"
          "3.000   -> queued at 1\n"
          "4.000 ? line sales\n"
          "4.000   vip k1 k2\n"
          "5.000 call k2 has a head start head_start=7200\n"
          "5.000   k2 has a head start of 7200.000\n"
          "5.000 ? call k2 position\n"
          "5.000   position=1\n"
          "6.000 agent bob ready\n"
          "6.000   bob is ready\n"
          "6.000   offer k2 to bob until 21.000\n"
          "7.000 agent bob rejects k2 result=busy\n"
          "7.000   offer of k2 to bob ends: busy delay_until=47.000\n"
          "8.000 call k1 goes to bob\n"
          "8.000   k1 is given to bob passed=2 delayed\n"
          "8.000   offer k1 to bob until 23.000\n"
          "8.000   -> offered bob until 23.000\n"
          "9.000 agent ann ready\n"
          "9.000   ann is ready\n"
          "9.000   offer k2 to ann until 24.000\n");
}
