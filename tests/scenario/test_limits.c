#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Every table has an end: FULL, with nothing changed, and room again when something has gone. */

static void limited_story(struct acd_limits limits, const char *given, const char *script)
{
    struct world *w = world_open_limited(limits);

    world_given(w, given);
    world_says(w, script);
    world_close(w);
}

/* Agents. Those there can still be changed. */
Test(limits, agents)
{
    limited_story((struct acd_limits){.agents = 2},
                  "0.000 agent ann attributes={}\n"
                  "0.000 agent bob attributes={}\n",
                  "1.000 agent cid\n"
                  "1.000   -> FULL at name\n"
                  "1.000 agent bob extension=7\n"
                  "1.000   agent bob is set extension=7 attributes={}\n"
                  "2.000 agent ann goes\n"
                  "2.000   agent ann is gone\n"
                  "3.000 agent cid attributes={}\n"
                  "3.000   agent cid is set attributes={}\n");
}

/* Queues, those that are going included. */
Test(limits, queues)
{
    limited_story((struct acd_limits){.agents = 2, .queues = 2},
                  "0.000 queue sales\n"
                  "0.000 queue help\n"
                  "0.000 call k1 arrives on sales\n",
                  "1.000 queue desk\n"
                  "1.000   -> FULL at name\n"
                  "1.000 queue help weight=2\n"
                  "1.000   queue help is set weight=2\n"
                  "2.000 queue sales goes policy=withdraw\n"
                  "2.000   queue sales is going, withdraw\n"
                  "2.000 queue desk\n"
                  "2.000   -> FULL at name\n"
                  "2.000   k1 ends: withdrawn by system\n"
                  "2.000   queue sales is gone\n"
                  "3.000 queue desk\n"
                  "3.000   queue desk is set\n");
}

/* Memberships of all agents together. */
Test(limits, memberships)
{
    limited_story((struct acd_limits){.agents = 3, .memberships = 3},
                  "0.000 queue sales\n"
                  "0.000 queue help\n"
                  "0.000 crew sales ann bob\n"
                  "0.000 agent ann joins help\n",
                  "1.000 agent bob joins help\n"
                  "1.000   -> FULL at queue_name\n"
                  "1.000 agent bob joins sales level=4\n"
                  "1.000   bob is member of sales level=4\n"
                  "2.000 agent ann leaves sales\n"
                  "2.000   ann is no member of sales\n"
                  "2.000 agent bob joins help\n"
                  "2.000   bob is member of help\n"
                  "3.000 queue help goes\n"
                  "3.000   queue help is going, if_empty\n"
                  "3.000   queue help is gone\n"
                  "3.000 agent ann joins sales\n"
                  "3.000   ann is member of sales\n"
                  "3.000 agent bob goes\n"
                  "3.000   agent bob is gone\n"
                  "3.000 ? members sales\n"
                  "3.000   ann\n");
}

/* Memberships of one agent. */
Test(limits, queues_per_agent)
{
    limited_story((struct acd_limits){.agents = 3, .queues_per_agent = 1},
                  "0.000 queue sales\n"
                  "0.000 queue help\n"
                  "0.000 crew sales ann\n",
                  "1.000 agent ann joins help\n"
                  "1.000   -> FULL at queue_name\n"
                  "1.000 agent ann leaves sales\n"
                  "1.000   ann is no member of sales\n"
                  "1.000 agent ann joins help\n"
                  "1.000   ann is member of help\n");
}

/* Live calls: a refusal of the queue comes first, a repeated key needs no room, and connected calls
 * count too. */
Test(limits, calls)
{
    limited_story((struct acd_limits){.agents = 3, .calls = 2},
                  "0.000 queue sales\n"
                  "0.000 queue help state=closed\n"
                  "0.000 crew sales ann\n"
                  "0.000 ready ann\n"
                  "0.000 call k1 arrives on sales\n"
                  "0.000 agent ann answers k1\n"
                  "0.000 call k2 arrives on sales\n",
                  "1.000 call k3 arrives on sales\n"
                  "1.000   -> FULL at key\n"
                  "1.000 call k3 arrives on help\n"
                  "1.000   help refuses k3: closed\n"
                  "1.000   -> refused closed\n"
                  "1.000 call k2 arrives on sales\n"
                  "1.000   -> queued at 1\n"
                  "2.000 call k2 hangs up\n"
                  "2.000   k2 ends: abandoned by caller\n"
                  "2.000 call k3 arrives on sales\n"
                  "2.000   k3 enters sales\n"
                  "2.000   -> queued at 1\n"
                  "3.000 call k4 arrives on sales\n"
                  "3.000   -> FULL at key\n");
}

/* Live calls with attributes; those without need no room there. */
Test(limits, call_texts)
{
    limited_story((struct acd_limits){.agents = 3, .call_texts = 1},
                  "0.000 queue sales\n"
                  "0.000 call k1 arrives on sales attributes={\"a\":1}\n",
                  "1.000 call k2 arrives on sales attributes={}\n"
                  "1.000   -> FULL at attributes\n"
                  "1.000 call k2 arrives on sales\n"
                  "1.000   k2 enters sales\n"
                  "1.000   -> queued at 2\n"
                  "1.000 ? call k1 attributes\n"
                  "1.000   attributes={\"a\":1}\n"
                  "2.000 call k1 hangs up\n"
                  "2.000   k1 ends: abandoned by caller\n"
                  "2.000 call k3 arrives on sales attributes={\"b\":2}\n"
                  "2.000   k3 enters sales attributes={\"b\":2}\n"
                  "2.000   -> queued at 2\n"
                  "2.000 ? call k3 attributes\n"
                  "2.000   attributes={\"b\":2}\n");
}

/* Assignments: the capacities of all agents together, so that no offer ever lacks room. Where an
 * agent has more than its lowered capacity, what it has counts. */
Test(limits, assignments)
{
    limited_story((struct acd_limits){.agents = 4, .assignments = 5},
                  "0.000 queue sales\n"
                  "0.000 crew sales ann\n"
                  "0.000 agent ann max_concurrent_calls=3\n"
                  "0.000 ready ann\n"
                  "0.000 agent bob\n"
                  "0.000 call k1 arrives on sales\n"
                  "0.000 call k2 arrives on sales\n"
                  "0.000 call k3 arrives on sales\n",
                  "1.000 agent cid max_concurrent_calls=2\n"
                  "1.000   -> FULL at max_concurrent_calls\n"
                  "1.000 agent bob max_concurrent_calls=3\n"
                  "1.000   -> FULL at max_concurrent_calls\n"
                  "1.000 agent bob max_concurrent_calls=2\n"
                  "1.000   agent bob is set max_concurrent_calls=2\n"
                  "1.000 agent cid\n"
                  "1.000   -> FULL at max_concurrent_calls\n"
                  "2.000 agent ann max_concurrent_calls=1\n"
                  "2.000   agent ann is set\n"
                  "2.000 agent cid\n"
                  "2.000   -> FULL at max_concurrent_calls\n"
                  "3.000 call k1 hangs up\n"
                  "3.000   offer of k1 to ann ends: caller_gone\n"
                  "3.000   k1 ends: abandoned by caller\n"
                  "3.000 agent cid\n"
                  "3.000   agent cid is set\n"
                  "4.000 agent dan\n"
                  "4.000   -> FULL at max_concurrent_calls\n"
                  "5.000 agent bob goes\n"
                  "5.000   agent bob is gone\n"
                  "5.000 agent dan max_concurrent_calls=2\n"
                  "5.000   agent dan is set max_concurrent_calls=2\n");
}

/* Called numbers. One that is there can lead elsewhere. */
Test(limits, numbers)
{
    limited_story((struct acd_limits){.agents = 1, .numbers = 1},
                  "0.000 queue sales\n"
                  "0.000 queue help\n"
                  "0.000 number 100 leads to sales\n",
                  "1.000 number 200 leads to sales\n"
                  "1.000   -> FULL at number\n"
                  "1.000 number 100 leads to help\n"
                  "1.000   number 100 leads to help\n"
                  "1.000 number 100 ends\n"
                  "1.000   number 100 leads nowhere\n"
                  "1.000 number 200 leads to sales\n"
                  "1.000   number 200 leads to sales\n"
                  "2.000 queue sales goes\n"
                  "2.000   queue sales is going, if_empty\n"
                  "2.000   queue sales is gone\n"
                  "2.000 number 300 leads to help\n"
                  "2.000   number 300 leads to help\n");
}

/* Clients. */
Test(limits, clients)
{
    limited_story((struct acd_limits){.agents = 1, .clients = 1}, "0.000 client gw1 opens\n",
                  "1.000 client gw2 opens\n"
                  "1.000   -> FULL at name\n"
                  "1.000 client gw1 opens\n"
                  "1.000   client gw1 opens\n"
                  "2.000 client gw1 goes\n"
                  "2.000   client gw1 is gone\n"
                  "2.000 client gw2 opens\n"
                  "2.000   client gw2 opens\n");
}

/* What is refused for want of room has stated nothing, and the position has not moved. */
Test(limits, full_changes_nothing)
{
    struct world *w = world_open_limited((struct acd_limits){.agents = 1});
    uint64_t before;

    world_given(w, "0.000 agent ann\n");
    before = acd_position(w->engine).sequence;
    world_says(w, "1.000 agent bob\n"
                  "1.000   -> FULL at name\n");
    cr_assert(acd_last_frame(w->engine).count == 0);
    cr_assert(acd_position(w->engine).sequence == before);
    cr_assert(acd_position(w->engine).epoch == 7);
    world_close(w);
}

/* New things get the lowest free slot, and the number of the event that made them as generation. */
Test(limits, lowest_slot_and_generation)
{
    struct world *w = world_open();
    uint64_t before;
    acd_agent_id id;

    world_given(w, "0.000 agent ann\n"
                   "0.000 agent bob\n"
                   "0.000 agent cid\n"
                   "0.000 agent dan\n"
                   "1.000 agent cid goes\n"
                   "1.000 agent ann goes\n");
    before = acd_position(w->engine).sequence;
    world_given(w, "2.000 agent eve\n"
                   "2.000 agent fay\n"
                   "2.000 agent guy\n");
    id = acd_agent_named(w->engine, acd_str("eve"));
    cr_assert(id.slot == 0 && id.gen == before + 1);
    id = acd_agent_named(w->engine, acd_str("fay"));
    cr_assert(id.slot == 2 && id.gen == before + 2);
    id = acd_agent_named(w->engine, acd_str("guy"));
    cr_assert(id.slot == 4 && id.gen == before + 3);
    world_close(w);
}

/* Limits that make no sense are INVALID at open, and no engine is made. */
Test(limits, invalid_at_open)
{
    struct acd_engine *e;

    cr_assert(acd_open(&e, &(struct acd_config){.limits = {.agents = (1 << 28) + 1}}) ==
              ACD_INVALID);
    cr_assert(e == NULL);
    cr_assert(acd_open(&e, &(struct acd_config){.limits = {.queues_per_agent = 1025}}) ==
              ACD_INVALID);
    cr_assert(acd_open(&e, &(struct acd_config){.limits = {.outbox_bytes = 1023}}) == ACD_INVALID);
    cr_assert(acd_open(&e, &(struct acd_config){.limits = {.agents = 4}}) == ACD_OK);
    acd_close(e);
    acd_close(NULL);
}

/* No memory: NO_MEMORY, and no engine. */
static void *take_nothing(size_t bytes, void *ctx)
{
    *(size_t *)ctx = bytes;
    return NULL;
}

static void give_nothing(void *memory, size_t bytes, void *ctx)
{
    (void)memory;
    (void)bytes;
    (void)ctx;
}

Test(limits, no_memory)
{
    size_t asked = 0;
    struct acd_config config = {.take = take_nothing, .give = give_nothing, .ctx = &asked};
    struct acd_engine *e;

    cr_assert(acd_open(&e, &config) == ACD_NO_MEMORY);
    cr_assert(e == NULL && asked > 0);
}
