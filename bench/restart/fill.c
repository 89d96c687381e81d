#include "bench/restart/fill.h"

#include <stdio.h>

#include "bench/harness.h"
#include "engine/acd_assert.h"

static void on_done(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    (void)ctx;
    (void)outcome;
    if (error != ACD_OK)
        bench_give_up("the centre cannot be made: %s", acd_error_text(error));
}

/* Sends it, as soon as there is room among the unanswered. */
static void tell(struct acd_client *c, const struct acd_command *command,
                 acd_client_outcome_cb on_outcome, void *ctx)
{
    int error;

    while ((error = acd_client_send(c, command, on_outcome, ctx)) == ACD_BUSY)
        acd_client_wait(c, ACD_FOREVER);
    if (error != ACD_OK)
        bench_give_up("%s", acd_client_error_text(c));
}

static void settle(struct acd_client *c)
{
    while (acd_client_unanswered(c) > 0)
        acd_client_wait(c, ACD_FOREVER);
}

/* ---- queues and agents ---------------------------------------------------------------------- */

struct name {
    char text[24];
};

static struct acd_str queue_name(struct name *n, uint32_t queue)
{
    (void)snprintf(n->text, sizeof n->text, "queue-%05u", (unsigned)queue);
    return acd_str(n->text);
}

static void tell_queue(struct acd_client *c, uint32_t queue)
{
    struct acd_command command = {.code = ACD_COMMAND_queue_set};
    struct name name;

    command.as.queue_set.name = queue_name(&name, queue);
    command.as.queue_set.ring_timeout = 3600 * ACD_SECOND;
    tell(c, &command, on_done, NULL);
}

static void tell_member(struct acd_client *c, struct acd_str agent, uint32_t queue)
{
    struct acd_command command = {.code = ACD_COMMAND_member_set};
    struct name name;

    command.as.member_set.agent_name = agent;
    command.as.member_set.queue_name = queue_name(&name, queue);
    tell(c, &command, on_done, NULL);
}

static void tell_agent(struct acd_client *c, uint32_t agent, uint32_t queues)
{
    struct acd_command set = {.code = ACD_COMMAND_agent_set};
    struct acd_command ready = {.code = ACD_COMMAND_agent_state};
    char text[24], contact[48];
    struct acd_str name;

    (void)snprintf(text, sizeof text, "agent-%07u", (unsigned)agent);
    (void)snprintf(contact, sizeof contact, "sip:%07u@pbx.example.com", (unsigned)agent);
    name = acd_str(text);
    set.as.agent_set.name = name;
    set.as.agent_set.contact = acd_str(contact);
    tell(c, &set, on_done, NULL);
    for (uint32_t i = 0; i < 3; i++)
        tell_member(c, name, (agent / 2 + i * (queues / 3)) % queues);
    ready.as.agent_state.name = name;
    ready.as.agent_state.state = ACD_READY;
    if (agent % 2 == 0)
        tell(c, &ready, on_done, NULL);
}

void fill_agents(struct acd_client *c, uint32_t agents, uint32_t queues)
{
    ACD_ASSERT(queues >= 3);
    for (uint32_t i = 0; i < queues; i++)
        tell_queue(c, i);
    for (uint32_t i = 0; i < agents; i++)
        tell_agent(c, i, queues);
    settle(c);
}

/* ---- calls ---------------------------------------------------------------------------------- */

struct calls {
    struct acd_client *client;
    uint32_t talking;
};

static void on_accepted(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    struct calls *calls = ctx;

    on_done(NULL, error, outcome);
    calls->talking++;
}

static void on_routed(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    struct calls *calls = ctx;
    struct acd_command command = {.code = ACD_COMMAND_accept};

    on_done(NULL, error, outcome);
    if (outcome->verdict != ACD_VERDICT_OFFERED)
        return;
    command.as.accept.assignment = outcome->assignment;
    if (acd_client_send(calls->client, &command, on_accepted, calls) != ACD_OK)
        bench_give_up("%s", acd_client_error_text(calls->client));
}

uint32_t fill_calls(struct acd_client *c, uint32_t calls, uint32_t queues)
{
    struct calls filled = {.client = c};

    for (uint32_t i = 0; i < calls; i++) {
        struct acd_command command = {.code = ACD_COMMAND_route};
        char key[40], caller[24];
        struct name name;

        (void)snprintf(key, sizeof key, "03f0a917-77c2-4d1b-9a30-%012x", (unsigned)i);
        (void)snprintf(caller, sizeof caller, "+4917%08u", (unsigned)i);
        command.as.route.key = acd_str(key);
        command.as.route.caller = acd_str(caller);
        command.as.route.called = acd_str("+4930123456");
        command.as.route.queue_name = queue_name(&name, i % queues);
        while (acd_client_unanswered(c) > 500) /* an answer asks again: there is to be room */
            acd_client_wait(c, ACD_FOREVER);
        tell(c, &command, on_routed, &filled);
    }
    settle(c);
    return filled.talking;
}
