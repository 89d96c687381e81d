#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tests/e2e/kill/ledger.h"
#include "tests/e2e/kill/site.h"

/* A request of the floor in words. They follow from the request alone, for it may be said again. */

enum { CALLERS = 16, DAY_S = 86400 };

static const char *const queues[FLOOR_QUEUES] = {
    "together",           "skilled",  "front",   "drained",      "kept", "tiered", "chat",
    (SITE_TENANT "help"), SITE_HOURS, "passing", FLOOR_NO_AGENTS};

static struct acd_str queue_named(uint32_t queue)
{
    return acd_str(queues[queue]);
}

static struct acd_str print(char out[32], const char *format, uint32_t number)
{
    snprintf(out, 32, format, number);
    return acd_str(out);
}

static struct acd_str seat(char out[32], uint32_t agent)
{
    bool is_tenants = agent >= FLOOR_TENANTS && agent < FLOOR_AGENTS;

    return print(out, is_tenants ? SITE_TENANT "seat-%" PRIu32 : "seat-%" PRIu32, agent);
}

/* ---- settings ----------------------------------------------------------------------------- */

static void say_queue(const struct asked *a, struct acd_command_queue_set *q)
{
    q->name = queue_named(a->subject);
    q->weight = (uint16_t)(2 + a->revision % 1000);
    q->state = a->subject == FLOOR_HOURS ? 0 : ACD_OPEN;
    q->ring_timeout = ACD_SECOND;
    q->callback_attempts = 2;
    q->callback_retry = q->dial_timeout = ACD_SECOND;
    q->callback_expire = 20 * ACD_SECOND;
    q->exit_keys = acd_str("1=voicemail:box;2=queue:together;3=callback;#");
    switch (a->subject) {
    case FLOOR_FRONT:
        q->wrap_up_time = 200 * ACD_MS;
        q->wrap_up_codes = acd_str("sale,none");
        q->wrap_up_code_late = 20 * ACD_SECOND;
        q->abandoned_resume = 60 * ACD_SECOND;
        q->callback_resume = ACD_YES;
        q->announce_interval = ACD_SECOND;
        return;
    case FLOOR_SKILLED:
        q->strategy = ACD_BEST_SKILL;
        q->plan = acd_str("a>=2; @200ms (a | b); @1s");
        return;
    case FLOOR_ALL:
        q->strategy = ACD_RING_ALL;
        q->exit_keys = acd_str("1=voicemail:box;2=number:5550100;3=callback;#");
        return;
    case FLOOR_KEPT:
        q->strategy = ACD_ROUND_ROBIN;
        q->max_size = 20;
        q->on_full = acd_str("queue:front");
        return;
    case FLOOR_TIERED:
        q->tier_wait = 100 * ACD_MS;
        q->tier_multiply = ACD_YES;
        return;
    case FLOOR_CHAT: q->channel = ACD_CHANNEL_CHAT; return;
    case FLOOR_TENANT: return;
    case FLOOR_HOURS: q->on_closed = acd_str("queue:front"); return;
    case FLOOR_STAFFED:
        q->join_empty = ACD_JOIN_READY;
        q->leave_when_empty = ACD_LEAVE_READY;
        q->on_left_empty = acd_str("queue:front");
        return;
    default: q->max_wait = 500 * ACD_MS; q->on_max_wait = acd_str("queue:front");
    }
}

/* The next day, which can come once, and of guests one of each kind. */
static void say_house(const struct asked *a, struct say *out)
{
    struct acd_command *c = &out->command;
    struct acd_str guest = print(out->subject, "guest-%" PRIu32, a->subject);

    switch (a->code) {
    case ACD_COMMAND_day_turn: c->as.day_turn.day = (uint32_t)(time(NULL) / DAY_S) + 1; return;
    case ACD_COMMAND_config_commit: c->as.config_commit.changes = a->revision; return;
    case ACD_COMMAND_client_open:
        c->as.client_open.name = guest;
        c->as.client_open.kind = a->subject == 0 ? ACD_GATEWAY : ACD_OPERATOR;
        if (a->subject == 0)
            c->as.client_open.lease = ACD_SECOND;
        return;
    default: c->as.client_remove.name = guest;
    }
}

static void say_setting(const struct asked *a, struct say *out)
{
    struct acd_command *c = &out->command;
    struct acd_str agent = seat(out->subject, a->subject);
    struct acd_str skill = acd_str(a->value == 0 ? "a" : "b");

    switch (a->code) {
    case ACD_COMMAND_queue_set: say_queue(a, &c->as.queue_set); return;
    case ACD_COMMAND_queue_remove:
        c->as.queue_remove.name = queue_named(a->subject);
        c->as.queue_remove.policy = ACD_REMOVE_MOVE;
        c->as.queue_remove.target_name = queue_named(FLOOR_FRONT);
        return;
    case ACD_COMMAND_queue_drain:
        c->as.queue_drain.name = queue_named(a->subject);
        c->as.queue_drain.policy = a->value == 0 ? ACD_REMOVE_MOVE : ACD_REMOVE_WITHDRAW;
        if (a->value == 0)
            c->as.queue_drain.target_name = queue_named(FLOOR_FRONT);
        return;
    case ACD_COMMAND_agent_set:
        c->as.agent_set.name = agent;
        c->as.agent_set.max_concurrent_calls = 2;
        if (a->subject % 3 != 0) {
            c->as.agent_set.max_concurrent_calls = 3;
            c->as.agent_set.channels = acd_str(FLOOR_CHANNELS);
        }
        c->as.agent_set.team = acd_str(a->revision % 2 == 0 ? "day" : "night");
        return;
    case ACD_COMMAND_agent_remove: c->as.agent_remove.name = agent; return;
    case ACD_COMMAND_member_set:
        c->as.member_set.agent_name = agent;
        c->as.member_set.queue_name = queue_named(a->value);
        c->as.member_set.position = (uint16_t)a->revision;
        if (a->value == FLOOR_TIERED)
            c->as.member_set.level = (uint8_t)(a->subject % 3);
        return;
    case ACD_COMMAND_member_remove:
        c->as.member_remove.agent_name = agent;
        c->as.member_remove.queue_name = queue_named(a->value);
        return;
    case ACD_COMMAND_skill_set:
        c->as.skill_set.agent_name = agent;
        c->as.skill_set.skill = skill;
        c->as.skill_set.level = (uint8_t)a->revision;
        return;
    case ACD_COMMAND_skill_remove:
        c->as.skill_remove.agent_name = agent;
        c->as.skill_remove.skill = skill;
        return;
    case ACD_COMMAND_number_set:
        c->as.number_set.number = print(out->other, "40%" PRIu32, a->subject);
        c->as.number_set.queue_name = queue_named(a->value);
        return;
    default: c->as.number_remove.number = print(out->other, "40%" PRIu32, a->subject);
    }
}

/* ---- agents ------------------------------------------------------------------------------- */

static void say_about_agent(const struct asked *a, struct say *out)
{
    struct acd_command *c = &out->command;
    struct acd_str name = seat(out->subject, a->subject);
    struct acd_str key = print(out->other, "mobile-%" PRIu32, a->value);

    switch (a->code) {
    case ACD_COMMAND_agent_state:
        c->as.agent_state.name = name;
        c->as.agent_state.state = a->value;
        return;
    case ACD_COMMAND_agent_drain:
        c->as.agent_drain.name = name;
        c->as.agent_drain.state = a->value;
        return;
    case ACD_COMMAND_agent_free:
        c->as.agent_free.name = name;
        c->as.agent_free.state = a->value;
        return;
    case ACD_COMMAND_device_set:
        c->as.device_set.name = name;
        c->as.device_set.device = a->value;
        c->as.device_set.lease = 2 * ACD_SECOND;
        return;
    case ACD_COMMAND_outside_begin:
        c->as.outside_begin.name = name;
        c->as.outside_begin.key = key;
        c->as.outside_begin.lease = 2 * ACD_SECOND;
        return;
    case ACD_COMMAND_outside_end:
        c->as.outside_end.name = name;
        c->as.outside_end.key = key;
        return;
    case ACD_COMMAND_wrap_up_extend:
        c->as.wrap_up_extend.name = name;
        c->as.wrap_up_extend.by = 100 * ACD_MS;
        return;
    case ACD_COMMAND_wrap_up_code:
        c->as.wrap_up_code.name = name;
        c->as.wrap_up_code.code = acd_str(a->value == 0 ? "sale" : "none");
        return;
    default: c->as.wrap_up_finish.name = name;
    }
}

/* ---- calls -------------------------------------------------------------------------------- */

static void say_route(const struct asked *a, struct say *out)
{
    struct acd_command_route *r = &out->command.as.route;

    r->key = acd_str(out->subject);
    r->queue_name = queue_named(a->value);
    r->caller = print(out->other, "555%" PRIu32, a->subject % CALLERS);
    if (a->revision % 2 == 0)
        r->announce = ACD_YES;
    if (a->revision % 3 == 0)
        r->head_start = 5 * ACD_SECOND;
    if (a->value == FLOOR_KEPT) { /* agents 0 to 9, who are there always */
        r->prefer_name = seat(out->third, a->subject % 10);
        r->prefer_wait = ACD_SECOND;
    }
}

/* The same of a transfer and a consultation: a queue, an agent, or a number. */
#define SAY_TO(to)                                                                                 \
    do {                                                                                           \
        (to)->assignment = a->assignment;                                                          \
        if (a->value < FLOOR_QUEUES)                                                               \
            (to)->queue_name = queue_named(a->value);                                              \
        else                                                                                       \
            (to)->agent_name = seat(out->other, (uint32_t)a->value - FLOOR_QUEUES);                \
    } while (0)

static void say_leg(const struct asked *a, struct say *out)
{
    struct acd_command *c = &out->command;

    switch (a->code) {
    case ACD_COMMAND_accept: c->as.accept.assignment = a->assignment; return;
    case ACD_COMMAND_reject: c->as.reject.assignment = a->assignment; return;
    case ACD_COMMAND_hold: c->as.hold.assignment = a->assignment; return;
    case ACD_COMMAND_retrieve: c->as.retrieve.assignment = a->assignment; return;
    case ACD_COMMAND_transfer:
        if (a->value == FLOOR_NUMBER) {
            c->as.transfer.assignment = a->assignment;
            c->as.transfer.number = acd_str("5550100");
        } else {
            SAY_TO(&c->as.transfer);
        }
        return;
    case ACD_COMMAND_consult:
        if (a->value == FLOOR_NUMBER) {
            c->as.consult.assignment = a->assignment;
            c->as.consult.number = acd_str("5550100");
        } else {
            SAY_TO(&c->as.consult);
        }
        return;
    case ACD_COMMAND_consult_result:
        c->as.consult_result.assignment = a->assignment;
        c->as.consult_result.result = a->value;
        return;
    case ACD_COMMAND_consult_complete: c->as.consult_complete.assignment = a->assignment; return;
    case ACD_COMMAND_consult_end: c->as.consult_end.assignment = a->assignment; return;
    case ACD_COMMAND_callback_result:
        c->as.callback_result.assignment = a->assignment;
        c->as.callback_result.result = a->value;
        return;
    default:
        c->as.wrap_up_code.assignment = a->assignment;
        c->as.wrap_up_code.code = acd_str(a->value == 0 ? "sale" : "none");
    }
}

static void say_about_call(const struct asked *a, struct say *out)
{
    struct acd_command *c = &out->command;
    struct acd_str key = print(out->subject, "line/%" PRIu32, a->subject);
    acd_call_id id = a->by->ledger->floor.calls[a->subject].id;

    switch (a->code) {
    case ACD_COMMAND_route: say_route(a, out); return;
    case ACD_COMMAND_hangup:
        c->as.hangup.key = key;
        c->as.hangup.side = a->value;
        return;
    case ACD_COMMAND_call_set:
        c->as.call_set.key = key;
        c->as.call_set.attributes = print(out->other, "{\"n\":%" PRIu32 "}", a->revision);
        return;
    case ACD_COMMAND_call_exit:
        c->as.call_exit.key = key;
        c->as.call_exit.digit = print(out->other, a->value == 0 ? "#" : "%" PRIu32, a->value);
        return;
    case ACD_COMMAND_call_callback: c->as.call_callback.key = key; return;
    case ACD_COMMAND_call_priority:
        c->as.call_priority.key = key;
        c->as.call_priority.head_start = (acd_span)a->revision * ACD_SECOND;
        return;
    case ACD_COMMAND_reconcile_call: c->as.reconcile_call.key = key; return;
    case ACD_COMMAND_call_move:
        c->as.call_move.call = id;
        c->as.call_move.queue_name = queue_named(a->value);
        return;
    case ACD_COMMAND_call_assign:
        c->as.call_assign.call = id;
        c->as.call_assign.name = seat(out->other, a->value);
        return;
    default: say_leg(a, out);
    }
}

/* Whose calls are handed over mostly, and mostly at once. */
static void say_set(const struct asked *a, struct acd_command_client_set *set)
{
    static const uint8_t orphans[] = {ACD_ORPHANS_HAND_OVER, ACD_ORPHANS_END, ACD_ORPHANS_HAND_OVER,
                                      ACD_ORPHANS_KEEP};

    set->name = acd_str("lines");
    set->grace = a->revision % 3 == 0 ? (acd_span)(2 + a->revision % 8) * ACD_SECOND : 50 * ACD_MS;
    set->orphans = orphans[a->revision % 4];
    set->heir = acd_str("heir");
}

static void say_itself(const struct asked *a, struct acd_command *c)
{
    switch (a->code) {
    case ACD_COMMAND_reconcile: c->as.reconcile.step = a->value; return;
    case ACD_COMMAND_outbox_ack: c->as.outbox_ack.upto = a->revision; return;
    default: say_set(a, &c->as.client_set);
    }
}

void floor_say(const struct asked *a, struct say *out)
{
    struct acd_command *c = &out->command;

    switch (a->about) {
    case ABOUT_SETTING: say_setting(a, out); return;
    case ABOUT_HOUSE: say_house(a, out); return;
    case ABOUT_AGENT: say_about_agent(a, out); return;
    case ABOUT_CALL: say_about_call(a, out); return;
    default: break;
    }
    say_itself(a, c);
}
