#include "tests/e2e/kill/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/check.h"

static const char *const queue_names[QUEUES] = {"sales", "support", "short", "ring", "picky"};
static const char *const party_names[CLIENTS] = {"gate-0", "gate-1",     "desk",
                                                 "lines",  "floor-desk", "heir"};

void ledger_open(struct ledger *l, uint64_t seed)
{
    memset(l, 0, sizeof *l);
    l->dice = seed;
    floor_open(&l->floor);
    document_open(&l->document, l);
    l->calls = calloc(CALLS_MAX, sizeof *l->calls);
    for (uint8_t i = 0; i < CLIENTS; i++) {
        l->parties[i] = (struct party){.ledger = l, .name = party_names[i], .index = i};
        l->parties[i].asked = calloc(REQUESTS_MAX, sizeof(struct asked));
        if (l->calls == NULL || l->parties[i].asked == NULL)
            check_give_up("ledger", "no memory");
    }
}

void ledger_close(struct ledger *l)
{
    free(l->calls);
    floor_close(&l->floor);
    document_close(&l->document);
    for (int i = 0; i < CLIENTS; i++)
        free(l->parties[i].asked);
}

uint32_t dice(struct ledger *l, uint32_t sides)
{
    uint64_t z = l->dice += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z >> 33) % sides);
}

/* ---- words -------------------------------------------------------------------------------- */

static void say_queue(const struct asked *a, struct acd_command_queue_set *q)
{
    q->name = acd_str(queue_names[a->subject]);
    q->weight = (uint16_t)a->revision;
    q->ring_timeout = a->subject == LEDGER_RING ? ACD_SECOND : 20 * ACD_SECOND;
    if (a->subject == LEDGER_SUPPORT)
        q->wrap_up_time = 30 * ACD_MS;
    if (a->subject == LEDGER_SHORT) {
        q->max_wait = 300 * ACD_MS;
        q->on_max_wait = acd_str("voicemail:short");
    }
    if (a->subject == LEDGER_RING)
        q->no_answer_delay = 100 * ACD_MS;
    if (a->subject == LEDGER_PICKY) {
        q->max_size = 5;
        q->reject_delay = 20 * ACD_MS;
    }
}

static void say_agent(const struct asked *a, struct say *out)
{
    struct acd_command_agent_set *set = &out->command.as.agent_set;

    snprintf(out->other, sizeof out->other, "%" PRIu32, a->revision);
    set->name = acd_str(out->subject);
    set->extension = acd_str(out->other);
    set->contact = acd_str("sip:agent@example.org");
    set->max_concurrent_calls = (uint16_t)(1 + a->subject % 3);
}

static void say_member(const struct asked *a, struct say *out)
{
    struct acd_str agent = acd_str(out->subject), queue = acd_str(queue_names[a->value]);

    if (a->code == ACD_COMMAND_member_set) {
        out->command.as.member_set.agent_name = agent;
        out->command.as.member_set.queue_name = queue;
        out->command.as.member_set.level = a->value % 2;
    } else {
        out->command.as.member_remove.agent_name = agent;
        out->command.as.member_remove.queue_name = queue;
    }
}

static void say_about_call(const struct asked *a, struct say *out)
{
    struct acd_command *c = &out->command;
    const struct told_call *call = &a->by->ledger->calls[a->subject];

    snprintf(out->subject, sizeof out->subject, "%d-%" PRIu32, call->gateway, a->subject);
    switch (a->code) {
    case ACD_COMMAND_route:
        c->as.route.key = acd_str(out->subject);
        c->as.route.queue_name = acd_str(queue_names[call->queue]);
        c->as.route.caller = acd_str("5550199");
        if (a->subject % 8 == 0)
            c->as.route.attributes = acd_str("{\"vip\":true}");
        return;
    case ACD_COMMAND_accept: c->as.accept.assignment = a->assignment; return;
    case ACD_COMMAND_reject:
        c->as.reject.assignment = a->assignment;
        c->as.reject.result = a->value;
        return;
    default: c->as.hangup.key = acd_str(out->subject); c->as.hangup.side = a->value;
    }
}

void ledger_say(const struct asked *a, struct say *out)
{
    struct acd_command *c = &out->command;

    memset(out, 0, sizeof *out);
    c->code = a->code;
    if (ledger_is_floor(a->by)) {
        floor_say(a, out);
        return;
    }
    if (a->by->index != DESK) {
        say_about_call(a, out);
        return;
    }
    snprintf(out->subject, sizeof out->subject, "agent-%" PRIu32, a->subject);
    switch (a->code) {
    case ACD_COMMAND_queue_set: say_queue(a, &c->as.queue_set); return;
    case ACD_COMMAND_agent_set: say_agent(a, out); return;
    case ACD_COMMAND_agent_state:
        c->as.agent_state.name = acd_str(out->subject);
        c->as.agent_state.state = a->value;
        c->as.agent_state.reason = a->value == ACD_NOT_READY ? 7 : 0;
        return;
    case ACD_COMMAND_wrap_up_finish: c->as.wrap_up_finish.name = acd_str(out->subject); return;
    default: say_member(a, out);
    }
}

static uint32_t number_behind(struct acd_str text, const char *sign, uint32_t none)
{
    char copy[32];
    const char *at;

    if (text.len >= sizeof copy)
        return none;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    at = strstr(copy, sign);
    return at == NULL ? none : (uint32_t)strtoul(at + strlen(sign), NULL, 10);
}

uint32_t ledger_call_keyed(const struct ledger *l, struct acd_str key)
{
    uint32_t call = number_behind(key, "-", CALLS_MAX);

    return call < l->call_count ? call : CALLS_MAX;
}

uint32_t ledger_line(const struct floor *f, struct acd_str key)
{
    uint32_t call = number_behind(key, "line/", FLOOR_CALLS_MAX);

    return call < f->call_count ? call : FLOOR_CALLS_MAX;
}

uint32_t ledger_agent_named(struct acd_str name)
{
    uint32_t agent = number_behind(name, "agent-", AGENTS);

    return agent < AGENTS ? agent : AGENTS;
}

bool ledger_is_guest(struct acd_str name)
{
    return number_behind(name, "guest-", FLOOR_GUESTS) < FLOOR_GUESTS;
}

uint32_t ledger_queue_named(struct acd_str name)
{
    for (uint32_t i = 0; i < QUEUES; i++)
        if (name.len == strlen(queue_names[i]) && memcmp(name.data, queue_names[i], name.len) == 0)
            return i;
    return QUEUES;
}

/* ---- offers ------------------------------------------------------------------------------- */

/* What is there already is the other half of it, and both go; else it stays for the other half. A
 * half that comes twice is a fault, and so is one that stays. */
static void offer_half(struct told_call *c, acd_assignment_id id, uint8_t agent, bool ended)
{
    for (uint8_t i = 0; i < c->offer_count; i++)
        if (ledger_is(c->offers[i].id, id)) {
            CHECK(c->offers[i].ended != ended);
            c->offers[i] = c->offers[--c->offer_count];
            return;
        }
    if (CHECK(c->offer_count < OFFERS_MAX))
        c->offers[c->offer_count++] = (struct told_offer){id, agent, ended};
}

static void offer_made(struct ledger *l, struct told_call *c, acd_assignment_id id,
                       struct acd_str agent)
{
    uint32_t index = ledger_agent_named(agent);

    CHECK(id.gen != 0 && index < AGENTS);
    l->queues[c->queue].sums.offers++;
    if (!c->ended)
        offer_half(c, id, (uint8_t)index, false);
}

static void offer_ended(struct ledger *l, struct told_call *c, acd_assignment_id id, uint8_t result)
{
    l->queues[c->queue].sums.no_answers += result == ACD_OFFER_NO_ANSWER;
    if (!c->ended)
        offer_half(c, id, 0, true);
}

static void call_ended(struct ledger *l, struct told_call *c, uint8_t disposition)
{
    struct sums *sums = &l->queues[c->queue].sums;

    CHECK(!c->ended);
    c->ended = true;
    c->disposition = disposition;
    sums->abandoned += disposition == ACD_ABANDONED;
    sums->withdrawn += disposition == ACD_WITHDRAWN;
    sums->timed_out += disposition == ACD_TIMED_OUT;
}

uint8_t ledger_state(const struct told_call *c, acd_assignment_id *assignment, uint8_t *agent)
{
    *assignment = (acd_assignment_id){0, 0};
    *agent = AGENTS;
    if (c->ended)
        return ACD_ENDED;
    if (c->connected) {
        *assignment = c->assignment;
        *agent = c->agent;
        return ACD_CONNECTED;
    }
    CHECK(c->offer_count <= 1 && (c->offer_count == 0 || !c->offers[0].ended));
    if (c->offer_count == 0)
        return ACD_QUEUED;
    *assignment = c->offers[0].id;
    *agent = c->offers[0].agent;
    return ACD_OFFERED;
}

/* ---- replies ------------------------------------------------------------------------------ */

static void hear_route(struct ledger *l, const struct asked *a, const struct acd_view_outcome *o)
{
    struct told_call *c = &l->calls[a->subject];

    if (a->revision > 0) { /* it had been routed, and waits, rings, talks, or is over */
        CHECK(o->error == ACD_GONE ||
              (o->error == ACD_OK && memcmp(&o->call, &c->id, sizeof c->id) == 0));
        return;
    }
    CHECK(o->error == ACD_OK && !c->entered);
    if (o->verdict == ACD_VERDICT_REFUSED) {
        CHECK(c->queue == LEDGER_PICKY && o->refusal == ACD_REFUSED_FULL);
        l->queues[c->queue].sums.refused++;
        return;
    }
    c->entered = true;
    c->id = o->call;
    l->queues[c->queue].sums.entered++;
    if (o->verdict == ACD_VERDICT_OFFERED)
        offer_made(l, c, o->assignment, o->agent_name);
    else
        CHECK(o->verdict == ACD_VERDICT_QUEUED && o->position > 0);
}

static void hear_accept(struct ledger *l, const struct asked *a, const struct acd_view_outcome *o)
{
    struct told_call *c = &l->calls[a->subject];

    CHECK(o->error == ACD_OK || o->error == ACD_LOST);
    if (o->error != ACD_OK)
        return;
    CHECK(!c->connected && ledger_is(o->assignment, a->assignment));
    c->connected = true;
    c->assignment = a->assignment;
    c->agent = a->value;
    l->queues[c->queue].sums.answered++;
    offer_half(c, a->assignment, a->value, true);
}

static void hear_hangup(struct ledger *l, const struct asked *a, const struct acd_view_outcome *o)
{
    struct told_call *c = &l->calls[a->subject];

    CHECK(o->error == ACD_OK || o->error == ACD_GONE);
    if (o->error == ACD_OK)
        call_ended(l, c,
                   c->connected                  ? ACD_ANSWERED
                   : a->value == ACD_SIDE_CALLER ? ACD_ABANDONED
                                                 : ACD_WITHDRAWN);
}

static void hear_last(struct told_last *last, const struct asked *a, uint32_t value)
{
    if (a->done.request <= last->number)
        return;
    last->number = (uint32_t)a->done.request;
    last->value = value;
}

static void hear_desk(struct ledger *l, const struct asked *a, const struct acd_view_outcome *o)
{
    bool may_fail = (a->code == ACD_COMMAND_agent_state && a->value == ACD_LOGGED_OUT) ||
                    a->code == ACD_COMMAND_wrap_up_finish;

    CHECK(o->error == ACD_OK || (o->error == ACD_STATE && may_fail) ||
          (o->error == ACD_NOT_FOUND && a->code == ACD_COMMAND_member_remove));
    if (o->error != ACD_OK)
        return;
    switch (a->code) {
    case ACD_COMMAND_queue_set: hear_last(&l->queues[a->subject].revision, a, a->revision); return;
    case ACD_COMMAND_agent_set: hear_last(&l->agents[a->subject].revision, a, a->revision); return;
    case ACD_COMMAND_agent_state: hear_last(&l->agents[a->subject].state, a, a->value); return;
    case ACD_COMMAND_member_set:
    case ACD_COMMAND_member_remove:
        hear_last(&l->agents[a->subject].member[a->value], a, a->code == ACD_COMMAND_member_set);
        return;
    default: return;
    }
}

void ledger_hear(struct ledger *l, struct asked *a, const struct acd_view_outcome *o)
{
    uint64_t number = (uint64_t)(a - a->by->asked) + 1;

    CHECK(!a->answered);
    a->answered = true;
    a->done = (struct acd_event_request_done){
        .request = number,
        .error = o->error,
        .field = o->field,
        .verdict = o->verdict,
        .refusal = o->refusal,
        .position = o->position,
        .call = o->call,
        .assignment = o->assignment,
        .agent = o->agent,
        .queue = o->queue,
    };
    l->answers++;
    l->repeated += o->repeated;
    a->again =
        o->repeated || (!ledger_is_floor(a->by) && a->code == ACD_COMMAND_route && a->revision > 0);
    if (ledger_is_floor(a->by)) {
        floor_hear(l, a, o);
        return;
    }
    if (a->by->index != DESK)
        l->calls[a->subject].pending = false;
    switch (a->code) {
    case ACD_COMMAND_route: hear_route(l, a, o); return;
    case ACD_COMMAND_accept: hear_accept(l, a, o); return;
    case ACD_COMMAND_reject:
        CHECK(o->error == ACD_OK || o->error == ACD_LOST);
        if (o->error == ACD_OK)
            offer_ended(l, &l->calls[a->subject], a->assignment, a->value);
        return;
    case ACD_COMMAND_hangup: hear_hangup(l, a, o); return;
    default: hear_desk(l, a, o);
    }
}

/* ---- notices ------------------------------------------------------------------------------ */

void ledger_notice(struct party *p, const struct acd_view_notice *n)
{
    struct ledger *l = p->ledger;
    uint32_t index = ledger_call_keyed(l, n->key);
    struct told_call *c = &l->calls[index];

    CHECK(n->number == p->notices + 1);
    p->notices = n->number;
    if (!CHECK(index < CALLS_MAX) || !CHECK(c->gateway == p->index))
        return;
    switch (n->kind) {
    case ACD_NOTICE_OFFERED: offer_made(l, c, n->assignment, n->agent_name); return;
    case ACD_NOTICE_OFFER_ENDED: offer_ended(l, c, n->assignment, n->result); return;
    case ACD_NOTICE_CALL_ENDED:
        CHECK(n->disposition == ACD_TIMED_OUT && c->queue == LEDGER_SHORT);
        CHECK(n->cause == ACD_CAUSE_MAX_WAIT && n->overflow == ACD_OVERFLOW_VOICEMAIL);
        CHECK(n->overflow_to.len == 5);
        call_ended(l, c, n->disposition);
        return;
    default: CHECK(n->kind == 0); /* nothing else can happen here */
    }
}
