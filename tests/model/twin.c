/* The twin's life, and the one way into it. */

#include "tests/model/twin.h"

#include <stdlib.h>
#include <string.h>

#include "tests/model/twin_parts.h"

const char *twin_fault_name(enum twin_fault fault)
{
    static const char *const names[] = {
        "SOUND",
#define FAULT(name, doc) #name,
#include "tests/model/faults.def"
#undef FAULT
    };

    return names[fault];
}

const char *twin_fault_doc(enum twin_fault fault)
{
    static const char *const docs[] = {
        "as the page says",
#define FAULT(name, doc) doc,
#include "tests/model/faults.def"
#undef FAULT
    };

    return docs[fault];
}

/* ---- life --------------------------------------------------------------------------------- */

void *twin_take(size_t count, size_t bytes)
{
    void *memory = calloc(count + 1, bytes);

    if (memory == NULL)
        abort();
    return memory;
}

struct twin *twin_open(const struct acd_limits *limits)
{
    struct twin *t = twin_take(1, sizeof *t);

    t->limits = *limits;
    t->agents = twin_take(limits->agents, sizeof *t->agents);
    t->queues = twin_take(limits->queues, sizeof *t->queues);
    t->members = twin_take(limits->memberships, sizeof *t->members);
    t->calls = twin_take(limits->calls, sizeof *t->calls);
    t->plans = twin_take(limits->plans, sizeof *t->plans);
    t->assignments = twin_take(limits->assignments, sizeof *t->assignments);
    t->ended = twin_take(limits->ended_calls, sizeof *t->ended);
    t->abandoned = twin_take(limits->ended_calls, sizeof *t->abandoned);
    t->numbers = twin_take(limits->numbers, sizeof *t->numbers);
    t->calendars = twin_take(ACD_CALENDARS_MAX, sizeof *t->calendars);
    t->clients = twin_take(limits->clients, sizeof *t->clients);
    for (uint32_t i = 0; i < limits->clients; i++)
        t->clients[i].outbox = twin_take(limits->outbox_bytes, 1);
    return t;
}

void twin_close(struct twin *t)
{
    for (uint32_t i = 0; i < t->limits.clients; i++)
        free(t->clients[i].outbox);
    free(t->agents);
    free(t->queues);
    free(t->members);
    free(t->calls);
    free(t->plans);
    free(t->assignments);
    free(t->ended);
    free(t->abandoned);
    free(t->numbers);
    for (uint32_t i = 0; i < ACD_CALENDARS_MAX; i++)
        free(t->calendars[i].times);
    free(t->calendars);
    free(t->clients);
    free(t->log);
    free(t);
}

/* ---- a call of it ------------------------------------------------------------------------- */

/* Begins a call at `now`, or at the last one when that is greater. */
static void begin(struct twin *t, acd_time now)
{
    twin_time_passes(t, now);
    if (now > t->now)
        t->now = now;
    t->frame_start = t->log_len;
    t->frame_first = t->sequence + 1;
    t->frame_count = 0;
    t->client = ACD_NOBODY;
    t->routed = (acd_call_id){0, 0};
    memset(&t->outcome, 0, sizeof t->outcome);
}

void twin_advance(struct twin *t, acd_time now)
{
    begin(t, now);
    twin_fire(t);
    if (!twin_slice(t))
        twin_sweep(t);
    twin_note_agents(t);
}

/* The outcome of a request seen before; of an offer only what is still true is said about it. */
static void repeat(struct twin *t, const struct twin_request *done)
{
    const struct acd_view_outcome *outcome = &done->outcome;
    const struct twin_agent *a = twin_agent(t, outcome->agent);
    const struct twin_assignment *s = twin_assignment(t, outcome->assignment);

    t->outcome = *outcome;
    t->outcome.repeated = 1;
    if (outcome->overflow != 0)
        t->outcome.overflow_to = twin_text_str(&done->overflow_to);
    if (outcome->verdict != ACD_VERDICT_OFFERED && outcome->verdict != ACD_VERDICT_CONNECTED &&
        outcome->verdict != ACD_VERDICT_DIAL)
        return;
    if (a != NULL) {
        t->outcome.agent_name = twin_text_str(&a->name);
        t->outcome.contact = twin_text_str(&a->contact);
    }
    if (s != NULL && outcome->verdict == ACD_VERDICT_OFFERED && s->role == ACD_ROLE_OFFERED)
        t->outcome.until = s->until;
    if (s != NULL && outcome->verdict == ACD_VERDICT_DIAL &&
        (s->role == ACD_ROLE_DIALING || s->role == ACD_ROLE_HELD) &&
        !twin_wrong(t, TWIN_FAULT_DIAL_FOR_EVER))
        t->outcome.until = s->until;
}

/* Whether the client is known and its request new; else the outcome says what there is to say. */
static bool is_to_be_done(struct twin *t, acd_client_id client, uint64_t request)
{
    const struct twin_client *c = twin_client(t, client);
    const struct twin_request *place;
    uint64_t far = ACD_REQUESTS_KEPT;

    if (client.slot == 0 && client.gen == 0)
        return true;
    if (c == NULL) {
        t->outcome.error = ACD_NOT_FOUND;
        return false;
    }
    if (request == 0)
        return true;
    if (twin_wrong(t, TWIN_FAULT_REQUEST_STALE_LATE))
        far += 8;
    place = &c->requests[request % ACD_REQUESTS_KEPT];
    if (place->number == request) {
        repeat(t, place);
        return false;
    }
    if (place->number > request ||
        (c->last_request > request && c->last_request - request >= far)) {
        t->outcome.error = ACD_STALE;
        return false;
    }
    return true;
}

/* The record of a command; NULL when there is none of this code. */
static const struct acd_record *command_record(uint16_t code)
{
    for (size_t i = 0; i < acd_records_command_count; i++)
        if (acd_records_command[i]->code == code)
            return acd_records_command[i];
    return NULL;
}

static void do_command(struct twin *t, const struct acd_command *command)
{
    t->command = command_record(command->code);
    if (t->command == NULL) {
        t->outcome.error = ACD_UNKNOWN;
        return;
    }
    t->outcome.field = t->command->too_long(&command->as);
    if (t->outcome.field != 0) {
        t->outcome.error = ACD_TOO_LONG;
        return;
    }
    switch (command->code) {
#define ACD_COMMAND(name, code, doc, fields)                                                       \
    case (code):                                                                                   \
        do_##name(t, &command->as.name);                                                           \
        break;
#include "engine/commands.def"
#undef ACD_COMMAND
    default: abort();
    }
}

int twin_execute(struct twin *t, acd_time now, acd_client_id client, uint64_t request,
                 const struct acd_command *command, struct acd_view_outcome *outcome)
{
    begin(t, now);
    twin_fire(t);
    if (command->code == ACD_COMMAND_heartbeat)
        request = 0;
    if (is_to_be_done(t, client, request) && twin_hear(t, twin_client(t, client), command->code)) {
        t->client = client;
        do_command(t, command);
        twin_settle(t);
        if ((command->code == ACD_COMMAND_route || command->code == ACD_COMMAND_reconcile_call ||
             t->routed.gen != 0) &&
            t->outcome.call.gen != 0)
            twin_tell_route(t);
        if (request > 0 && twin_client(t, client) != NULL)
            say_request_done(t, twin_client(t, client), request);
    }
    twin_note_agents(t);
    *outcome = t->outcome;
    return outcome->error;
}
