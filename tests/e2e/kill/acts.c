#include "tests/e2e/kill/acts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/e2e/check.h"

enum rule { ONCE, SO, SOME };
enum by { CALL, LEG, AGENT, QUEUE, ASKER, GUEST };
enum { EVENTS_MAX = 4 };

struct act {
    const char *name;
    uint16_t command;
    uint8_t rule, by;
    uint16_t events[EVENTS_MAX]; /* 0 ends them */
};

static const struct act acts[] = {
#define E(event)                    ACD_EVENT_##event,
#define ACT(command, rule, by, ...) {#command, ACD_COMMAND_##command, rule, by, {__VA_ARGS__ 0}},
#include "tests/e2e/kill/acts.def"
#undef ACT
#undef E
};
enum { ACTS = sizeof acts / sizeof acts[0] };

/* Nothing but a command brings these about. */
static const uint16_t commanded[] = {
    ACD_EVENT_call_set,         ACD_EVENT_call_exited,      ACD_EVENT_callback_reached,
    ACD_EVENT_call_priority,    ACD_EVENT_call_assigned,    ACD_EVENT_wrap_up_coded,
    ACD_EVENT_agent_freed,      ACD_EVENT_agent_draining,   ACD_EVENT_outside_began,
    ACD_EVENT_skill_set,        ACD_EVENT_skill_removed,    ACD_EVENT_agent_set,
    ACD_EVENT_agent_removed,    ACD_EVENT_member_set,       ACD_EVENT_member_removed,
    ACD_EVENT_number_set,       ACD_EVENT_number_removed,   ACD_EVENT_queue_draining,
    ACD_EVENT_queue_removing,   ACD_EVENT_call_listed,      ACD_EVENT_reconcile_begun,
    ACD_EVENT_client_set,       ACD_EVENT_consult_answered, ACD_EVENT_call_transferred,
    ACD_EVENT_wrap_up_extended, ACD_EVENT_client_removed,   ACD_EVENT_consult_dialing,
    ACD_EVENT_consult_reached,
};

static struct {
    uint64_t done, refused, in_flight;
} counts[ACTS];

/* ACTS: there is none. */
static size_t act_of(uint16_t command)
{
    size_t i = 0;

    while (i < ACTS && acts[i].command != command)
        i++;
    return i;
}

static bool has(const struct act *act, uint16_t event)
{
    for (size_t i = 0; i < EVENTS_MAX && act->events[i] != 0; i++)
        if (act->events[i] == event)
            return true;
    return false;
}

/* ---- the trace ---------------------------------------------------------------------------- */

/* The first of each kind of thing that it names; an id that is not given leaves room for the next.
 */
static void note(struct act_event *to, const struct acd_field *field, const void *value)
{
    const uint8_t *at = (const uint8_t *)value + field->offset;

#define NOTE(kind, member)                                                                         \
    case ACD_FIELD_##kind:                                                                         \
        if (to->member.gen == 0)                                                                   \
            memcpy(&to->member, at, sizeof to->member);                                            \
        return
    switch (field->type) {
        NOTE(call_id, call);
        NOTE(assignment_id, assignment);
        NOTE(agent_id, agent);
        NOTE(queue_id, queue);
        NOTE(client_id, client);
    default: return;
    }
#undef NOTE
}

/* A call that moves by a rule is nobody's doing. */
static bool is_by_rule(const struct acd_event *event)
{
    return event->code == ACD_EVENT_call_moved && event->as.call_moved.cause != 0;
}

void acts_event(struct act_trace *t, const struct acd_event *event)
{
    size_t count;
    const struct acd_field *fields = acd_record_of(event->code)->fields(&count);
    struct act_event *to = &t->events[t->count];

    if (is_by_rule(event) || !CHECK(t->count < ACTS_TRACE))
        return;
    *to = (struct act_event){.code = event->code};
    for (size_t i = 0; i < count; i++)
        note(to, &fields[i], &event->as);
    t->count++;
}

/* ---- judging ------------------------------------------------------------------------------ */

static bool is_of(acd_client_id client, const struct party *p)
{
    return memcmp(&client, &p->id, sizeof client) == 0;
}

static bool is_guest(acd_client_id client, const struct ledger *l)
{
    for (int i = 0; i < CLIENTS; i++)
        if (is_of(client, &l->parties[i]))
            return false;
    return true;
}

/* Who asked stands in many events, and nobody where a rule brought it about. */
static bool is_about(const struct act *act, const struct act_event *e, const struct asked *a)
{
    const struct acd_event_request_done *done = &a->done;

    if (act->by == GUEST)
        return is_guest(e->client, a->by->ledger);
    if (e->client.gen != 0 && !is_of(e->client, a->by))
        return false;
    switch (act->by) {
    case CALL: return memcmp(&e->call, &done->call, sizeof e->call) == 0;
    case LEG: return ledger_is(e->assignment, done->assignment);
    case AGENT: return memcmp(&e->agent, &done->agent, sizeof e->agent) == 0;
    case QUEUE: return memcmp(&e->queue, &done->queue, sizeof e->queue) == 0;
    default: return true;
    }
}

static bool guest_is_there(const struct asked *a, const struct roll *now)
{
    struct say say;

    ledger_say(a, &say);
    for (uint32_t i = 0; i < ROLL_clients; i++)
        if (now->clients[i].gen != 0 && strcmp(now->clients[i].name, say.subject) == 0)
            return true;
    return false;
}

/* Of work that the journal knows; late, it is only known for so long. */
static bool code_is_so(const struct asked *a, const struct roll *now)
{
    const char *code = roll_code(now, a->done.agent.slot, a->done.assignment);

    return code != NULL && strcmp(code, a->value == 0 ? "sale" : "none") == 0;
}

/* A code is refused for want of work: there is none that it could be of. */
static bool has_no_work(const struct asked *a, const struct roll *now)
{
    struct say say;
    uint32_t agent = 0;

    if (a->about != ABOUT_AGENT) /* nobody is named with it: late work is not meant */
        return !roll_is_work(now, a->assignment);
    ledger_say(a, &say);
    while (agent < ROLL_agents &&
           (now->agents[agent].gen == 0 || strcmp(now->agents[agent].name, say.subject) != 0))
        agent++;
    return CHECK(agent < ROLL_agents) && !roll_has_work(now, agent);
}

static bool is_refused_rightly(const struct asked *a, const struct roll *now)
{
    bool wants_work = a->done.error == ACD_STATE || a->done.error == ACD_LOST;

    return a->code != ACD_COMMAND_wrap_up_code || !wants_work || has_no_work(a, now);
}

/* What was asked is so; of most requests the events say enough. */
static bool is_so(const struct asked *a, const struct roll *now)
{
    const struct acd_event_request_done *done = &a->done;
    const struct roll_agent *agent = &now->agents[done->agent.slot];

    switch (a->code) {
    case ACD_COMMAND_agent_state: return agent->state == a->value && agent->drain == 0;
    case ACD_COMMAND_agent_drain: return agent->state == a->value || agent->drain == a->value;
    case ACD_COMMAND_device_set: return agent->device == a->value;
    case ACD_COMMAND_skill_set: return agent->skills[a->value] == a->revision + 1;
    case ACD_COMMAND_skill_remove: return agent->skills[a->value] == 0;
    case ACD_COMMAND_call_priority:
        return now->calls[done->call.slot].head_start == (acd_span)a->revision * ACD_SECOND;
    case ACD_COMMAND_client_open: return guest_is_there(a, now);
    case ACD_COMMAND_client_remove: return !guest_is_there(a, now);
    case ACD_COMMAND_wrap_up_code: return code_is_so(a, now);
    default: return true;
    }
}

static void complain(const struct asked *a, const struct act_trace *t)
{
    fprintf(stderr, "%s: request %" PRIu64 ", %s, error %d, behind", a->by->name, a->done.request,
            acd_record_of(a->code)->name, a->done.error);
    for (uint32_t i = 0; i < t->count; i++)
        fprintf(stderr, " %s", acd_record_of(t->events[i].code)->name);
    fprintf(stderr, "\n");
}

/* Nothing is there that was to be asked for and was not. */
static bool all_asked(const struct act_trace *t, const struct act *act, bool carried_out)
{
    for (uint32_t i = 0; i < t->count; i++)
        for (size_t k = 0; k < sizeof commanded / sizeof commanded[0]; k++)
            if (t->events[i].code == commanded[k] && !(carried_out && has(act, commanded[k])))
                return false;
    return true;
}

static bool is_right(const struct act_trace *t, const struct act *act, const struct asked *a,
                     const struct roll *now)
{
    uint32_t found = 0;

    if (a->done.error != ACD_OK)
        return is_refused_rightly(a, now);
    for (uint32_t i = 0; i < t->count; i++)
        found += has(act, t->events[i].code) && is_about(act, &t->events[i], a);
    switch (act->rule) {
    case SO: return found <= 1 && is_so(a, now);
    case SOME: return found > 0;
    default:
        return is_so(a, now) &&
               (found == 1 || (found == 0 && (a->again || a->done.verdict == ACD_VERDICT_REFUSED)));
    }
}

void acts_judge(struct act_trace *t, const struct asked *a, const struct roll *now)
{
    size_t at = act_of(a->code);

    if (CHECK(at < ACTS) && (!CHECK(all_asked(t, &acts[at], a->done.error == ACD_OK)) ||
                             !CHECK(is_right(t, &acts[at], a, now))))
        complain(a, t);
    t->count = 0;
}

/* ---- how often ---------------------------------------------------------------------------- */

void acts_answered(const struct asked *a)
{
    size_t at = act_of(a->code);

    if (!CHECK(at < ACTS))
        return;
    counts[at].done += a->done.error == ACD_OK;
    counts[at].refused += a->done.error != ACD_OK;
}

void acts_in_flight(const struct asked *a)
{
    size_t at = act_of(a->code);

    if (CHECK(at < ACTS))
        counts[at].in_flight++;
}

void acts_print(void)
{
    printf("%-20s%12s%12s%12s\n", "asked", "done", "refused", "in a kill");
    for (size_t i = 0; i < ACTS; i++)
        printf("%-20s%12" PRIu64 "%12" PRIu64 "%12" PRIu64 "\n", acts[i].name, counts[i].done,
               counts[i].refused, counts[i].in_flight);
}

static bool lacks(const char *name, const char *what, bool says)
{
    if (says)
        fprintf(stderr, "%s %s\n", name, what);
    return false;
}

bool acts_all(bool says)
{
    bool all = true;

    for (size_t i = 0; i < acd_records_command_count; i++)
        if (act_of(acd_records_command[i]->code) == ACTS &&
            strncmp(acd_records_command[i]->name, "calendar_", 9) != 0 &&
            acd_records_command[i]->code != ACD_COMMAND_heartbeat)
            all = lacks(acd_records_command[i]->name, "is not in acts.def", says);
    for (size_t i = 0; i < ACTS; i++)
        if (counts[i].done == 0)
            all = lacks(acts[i].name, "was never carried out", says);
    return all;
}
