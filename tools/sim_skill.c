#include <stdlib.h>
#include <string.h>

#include "tools/play_room.h"
#include "tools/sim.h"

/* What calls ask for, and what agents can, as a scenario's file says it. Whether a plan is one, and
 * a name that of a skill, is asked of the engine. */

/* Whether an engine with one queue and one agent takes a command about them. */
static bool is_taken(const struct acd_command *command)
{
    const struct acd_limits small = {.agents = 1, .queues = 1, .calls = 1, .clients = 1};
    const struct acd_command queue = {.code = ACD_COMMAND_queue_set,
                                      .as.queue_set.name = acd_str("q")};
    const struct acd_command agent = {.code = ACD_COMMAND_agent_set,
                                      .as.agent_set.name = acd_str("a")};
    struct acd_view_outcome o;
    struct acd_engine *e;
    int error;

    if (acd_open(&e, &(struct acd_config){.limits = small}) != ACD_OK)
        play_die("the engine has no memory");
    (void)acd_execute(e, 0, ACD_NOBODY, 0, &queue, &o);
    (void)acd_execute(e, 0, ACD_NOBODY, 0, &agent, &o);
    error = acd_execute(e, 0, ACD_NOBODY, 0, command, &o);
    acd_close(e);
    return error == ACD_OK;
}

bool sim_parse_asking(const char *text, struct sim_asking *out)
{
    struct acd_command set = {.code = ACD_COMMAND_queue_set, .as.queue_set.name = acd_str("q")};
    char *plan;

    out->share = strtod(text, &plan);
    plan += strspn(plan, " ");
    if (plan == text || !(out->share > 0 && out->share <= 1) || *plan == '\0' ||
        strlen(plan) >= sizeof out->plan)
        return false;
    memcpy(out->plan, plan, strlen(plan) + 1);
    set.as.queue_set.plan = acd_str(out->plan);
    return is_taken(&set);
}

bool sim_parse_talent(const char *text, struct sim_talent *out)
{
    struct acd_command set = {.code = ACD_COMMAND_skill_set,
                              .as.skill_set.agent_name = acd_str("a")};
    const char *colon = strrchr(text, ':');
    size_t len = colon == NULL ? strlen(text) : (size_t)(colon - text);
    char *end = NULL;
    unsigned long level = colon == NULL ? 1 : strtoul(colon + 1, &end, 10);

    if (len >= sizeof out->skill || level > UINT8_MAX ||
        (colon != NULL && (*end != '\0' || colon[1] < '0' || colon[1] > '9')))
        return false;
    *out = (struct sim_talent){.level = (uint8_t)level};
    memcpy(out->skill, text, len);
    set.as.skill_set.skill = acd_str(out->skill);
    return is_taken(&set);
}
