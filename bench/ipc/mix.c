#include "bench/ipc/mix.h"

#include <stdio.h>
#include <string.h>

static char queue_names[MIX_QUEUES][16];
static const char called[] = "+4930123456", caller[] = "+4917012345678";

/* ---- the cycle ------------------------------------------------------------------------------ */

/* Like "g3f0a917-77c2-4d1b-9a30-00000000002a". */
static void make_key(struct mix *m, char *key)
{
    uint64_t number = m->calls++;

    memcpy(key, "03f0a917-77c2-4d1b-9a30-", MIX_KEY - 12);
    key[0] = m->prefix;
    for (int i = MIX_KEY - 1; i >= MIX_KEY - 12; i--, number >>= 4)
        key[i] = "0123456789abcdef"[number & 15];
}

static void route(struct mix *m, struct mix_lane *lane, struct acd_command *command)
{
    struct acd_command_route *route = &command->as.route;

    make_key(m, lane->key);
    *route = (struct acd_command_route){
        .key = {lane->key, MIX_KEY},
        .called = {called, sizeof called - 1},
        .caller = {caller, sizeof caller - 1},
    };
    route->queue_name = acd_str(queue_names[bench_below(&m->random, MIX_QUEUES)]);
    command->code = ACD_COMMAND_route;
}

void mix_command(struct mix *m, uint32_t lane, struct acd_command *command)
{
    struct mix_lane *l = &m->lanes[lane];

    switch (l->step) {
    case 0: route(m, l, command); break;
    case 1:
        command->code = ACD_COMMAND_accept;
        command->as.accept = (struct acd_command_accept){.assignment = l->assignment};
        break;
    default:
        command->code = ACD_COMMAND_hangup;
        command->as.hangup = (struct acd_command_hangup){.call = l->call};
        break;
    }
}

/* The lane's call talks now; a random one is to end, once there are enough. */
static void talk(struct mix *m, struct mix_lane *lane)
{
    uint32_t at = bench_below(&m->random, MIX_TALKING);
    acd_call_id ends = m->talking[at];

    if (m->talking_count < MIX_TALKING) {
        m->talking[m->talking_count++] = lane->call;
        lane->step = 0;
        return;
    }
    m->talking[at] = lane->call;
    lane->call = ends;
    lane->step = 2;
}

void mix_answered(struct mix *m, uint32_t lane, int error, const struct acd_view_outcome *o)
{
    struct mix_lane *l = &m->lanes[lane];

    if (error != ACD_OK)
        bench_give_up("step %d of the cycle: %s", l->step, acd_error_text(error));
    if (l->step == 0 && o->verdict != ACD_VERDICT_OFFERED)
        bench_give_up("a call was not offered at once");
    switch (l->step) {
    case 0:
        l->call = o->call;
        l->assignment = o->assignment;
        l->step = 1;
        break;
    case 1: talk(m, l); break;
    default: l->step = 0; break;
    }
}

/* ---- opening -------------------------------------------------------------------------------- */

static void on_done(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    (void)ctx;
    (void)outcome;
    if (error != ACD_OK)
        bench_give_up("the centre cannot be made: %s", acd_error_text(error));
}

/* Sends it, as soon as there is room among the unanswered. */
static void tell(struct acd_client *c, const struct acd_command *command)
{
    int error;

    while ((error = acd_client_send(c, command, on_done, NULL)) == ACD_BUSY)
        acd_client_wait(c, ACD_FOREVER);
    if (error != ACD_OK)
        bench_give_up("%s", acd_client_error_text(c));
}

static void tell_queue(struct acd_client *c, uint32_t queue)
{
    struct acd_command command = {.code = ACD_COMMAND_queue_set};

    (void)snprintf(queue_names[queue], sizeof queue_names[queue], "queue-%02u", (unsigned)queue);
    command.as.queue_set.name = acd_str(queue_names[queue]);
    command.as.queue_set.ring_timeout = 3600 * ACD_SECOND; /* an idle lane's offer stays */
    tell(c, &command);
}

static void tell_member(struct acd_client *c, const char *agent, uint32_t queue)
{
    struct acd_command command = {.code = ACD_COMMAND_member_set};

    command.as.member_set.agent_name = acd_str(agent);
    command.as.member_set.queue_name = acd_str(queue_names[queue % MIX_QUEUES]);
    tell(c, &command);
}

/* Each in three different queues; every queue gets as many. */
static void tell_agent(struct acd_client *c, uint32_t agent)
{
    struct acd_command set = {.code = ACD_COMMAND_agent_set};
    struct acd_command ready = {.code = ACD_COMMAND_agent_state};
    char name[16], contact[32];
    uint32_t first = agent % MIX_QUEUES, shift = agent / MIX_QUEUES;

    (void)snprintf(name, sizeof name, "agent-%05u", (unsigned)agent);
    (void)snprintf(contact, sizeof contact, "sip:%05u@pbx.example.com", (unsigned)agent);
    set.as.agent_set.name = acd_str(name);
    set.as.agent_set.contact = acd_str(contact);
    tell(c, &set);
    tell_member(c, name, first);
    tell_member(c, name, first + 1 + shift % 49);
    tell_member(c, name, first + 50 + shift % 50);
    ready.as.agent_state.name = acd_str(name);
    ready.as.agent_state.state = ACD_READY;
    tell(c, &ready);
}

void mix_centre(struct acd_client *c)
{
    for (uint32_t i = 0; i < MIX_QUEUES; i++)
        tell_queue(c, i);
    for (uint32_t i = 0; i < MIX_AGENTS; i++)
        tell_agent(c, i);
    while (acd_client_unanswered(c) > 0)
        acd_client_wait(c, ACD_FOREVER);
}

/* Lane 0's next command, its answer waited for. */
static void step(struct mix *m, struct acd_client *c, struct acd_command *command,
                 struct acd_view_outcome *o)
{
    mix_command(m, 0, command);
    mix_answered(m, 0, acd_client_call(c, command, o), o);
}

void mix_open(struct mix *m, struct acd_client *c, char prefix)
{
    struct acd_command command;
    struct acd_view_outcome o;

    m->random.state = (uint64_t)prefix;
    m->prefix = prefix;
    for (int i = 0; i < 2 * MIX_TALKING; i++)
        step(m, c, &command, &o);
}

void mix_measure(struct mix *m, struct acd_client *c, struct mix_sizes *sizes)
{
    struct acd_command command;
    struct acd_view_outcome o;
    uint8_t bytes[ACD_RECORD_MAX];

    for (int i = 0; i < MIX_STEPS; i++) {
        step(m, c, &command, &o);
        sizes->request[i] = acd_message_record(command.code)->encode(&command.as, bytes);
        sizes->reply[i] = acd_record_view_outcome.encode(&o, bytes);
    }
}
