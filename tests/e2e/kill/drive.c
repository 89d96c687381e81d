#include "tests/e2e/kill/drive.h"

#include <poll.h>
#include <stdio.h>

#include "tests/e2e/check.h"
#include "tests/e2e/kill/site.h"

enum { GATEWAY_DEPTH = 48, DESK_DEPTH = 16, TRIES = 2000, LIVE_FEW = 60, SETTLE_MS = 60000 };

static const acd_span TIMEOUT = 120 * ACD_SECOND; /* nothing is to run out, however slow it is */

static void fill(struct party *p);

/* ---- asking ------------------------------------------------------------------------------- */

static void note_position(struct party *p)
{
    struct acd_position at = acd_client_position(p->client, NULL);
    struct acd_position *heard = &p->ledger->heard;

    CHECK(heard->epoch == 0 || heard->epoch == at.epoch);
    if (at.sequence > heard->sequence)
        *heard = at;
}

static void on_outcome(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    struct asked *a = ctx;
    struct party *p = a->by;

    if (!CHECK(outcome != NULL)) {
        fprintf(stderr, "%s: %s\n", p->name, acd_error_text(error));
        return;
    }
    note_position(p);
    ledger_hear(p->ledger, a, outcome);
    if (p->ledger->driving)
        fill(p);
}

/* False: so much is unanswered that nothing more may be asked. */
static bool ask(struct party *p, struct asked request)
{
    struct asked *a = &p->asked[p->asked_count];
    struct say say;
    int error;

    if (p->asked_count == REQUESTS_MAX)
        check_give_up(p->name, "asks too much");
    *a = request;
    a->by = p;
    ledger_say(a, &say);
    error = acd_client_send(p->client, &say.command, on_outcome, a);
    CHECK(error == ACD_OK || error == ACD_BUSY);
    if (error != ACD_OK)
        return false;
    p->asked_count++;
    if (p->index != DESK)
        p->ledger->calls[a->subject].pending = true;
    return true;
}

/* ---- a gateway ---------------------------------------------------------------------------- */

static void route_new(struct party *p)
{
    struct ledger *l = p->ledger;
    uint32_t index = l->call_count;

    if (index == CALLS_MAX)
        check_give_up("calls", "too many");
    l->calls[index] =
        (struct told_call){.gateway = p->index, .queue = (uint8_t)dice(l, QUEUES), .agent = AGENTS};
    l->call_count++;
    p->live[p->live_count++] = index;
    ask(p, (struct asked){.code = ACD_COMMAND_route, .subject = index});
}

static void hang_up(struct party *p, uint32_t index, enum acd_side side)
{
    ask(p, (struct asked){.code = ACD_COMMAND_hangup, .subject = index, .value = (uint8_t)side});
}

/* It rings: mostly it is answered. */
static void answer(struct party *p, uint32_t index, acd_assignment_id assignment, uint8_t agent)
{
    static const uint8_t results[] = {ACD_OFFER_REJECTED, ACD_OFFER_BUSY, ACD_OFFER_NO_ANSWER};
    uint32_t luck = dice(p->ledger, 100);
    struct asked a = {.code = ACD_COMMAND_accept, .subject = index, .assignment = assignment};

    a.value = agent;
    if (luck >= 65) {
        a.code = ACD_COMMAND_reject;
        a.value = results[luck % 3];
    }
    if (luck >= 90)
        hang_up(p, index, luck >= 97 ? ACD_SIDE_SYSTEM : ACD_SIDE_CALLER);
    else if (luck < 80)
        ask(p, a);
}

/* It waits: now and then the caller leaves, more so when too many wait. */
static void wait_on(struct party *p, uint32_t index)
{
    uint32_t luck = dice(p->ledger, 100), leaves = p->live_count == CALLS_LIVE_MAX ? 60 : 8;

    if (luck < leaves)
        hang_up(p, index, luck == 0 ? ACD_SIDE_SYSTEM : ACD_SIDE_CALLER);
    else if (luck < leaves + 4 && p->ledger->calls[index].entered)
        ask(p, (struct asked){.code = ACD_COMMAND_route, .subject = index, .revision = 1});
}

static void step_call(struct party *p, uint32_t index)
{
    const struct told_call *c = &p->ledger->calls[index];
    acd_assignment_id assignment;
    uint8_t agent;

    for (uint8_t i = 0; i < c->offer_count; i++)
        if (c->offers[i].ended || c->offer_count > 1)
            return; /* the other half is on its way */
    switch (ledger_state(c, &assignment, &agent)) {
    case ACD_OFFERED: answer(p, index, assignment, agent); return;
    case ACD_CONNECTED:
        if (dice(p->ledger, 2) == 0)
            hang_up(p, index, ACD_SIDE_AGENT);
        return;
    default: wait_on(p, index);
    }
}

static void step_gateway(struct party *p)
{
    uint32_t luck = dice(p->ledger, 100), at, index;
    const struct told_call *c;

    if (p->live_count < LIVE_FEW || (luck < 35 && p->live_count < CALLS_LIVE_MAX)) {
        route_new(p);
        return;
    }
    at = dice(p->ledger, p->live_count);
    index = p->live[at];
    c = &p->ledger->calls[index];
    if (c->pending)
        return;
    if (c->ended || !c->entered)
        p->live[at] = p->live[--p->live_count];
    else
        step_call(p, index);
}

/* ---- the desk ----------------------------------------------------------------------------- */

static bool set_queue(struct party *p, uint32_t queue)
{
    return ask(p, (struct asked){.code = ACD_COMMAND_queue_set,
                                 .subject = queue,
                                 .revision = ++p->ledger->queues[queue].asked});
}

static bool set_agent(struct party *p, uint32_t agent)
{
    return ask(p, (struct asked){.code = ACD_COMMAND_agent_set,
                                 .subject = agent,
                                 .revision = ++p->ledger->agents[agent].asked});
}

static bool set_member(struct party *p, uint32_t agent, uint32_t queue, bool in)
{
    return ask(p, (struct asked){.code = in ? ACD_COMMAND_member_set : ACD_COMMAND_member_remove,
                                 .subject = agent,
                                 .value = (uint8_t)queue});
}

static bool set_state(struct party *p, uint32_t agent, enum acd_agent_state state)
{
    return ask(p, (struct asked){
                      .code = ACD_COMMAND_agent_state, .subject = agent, .value = (uint8_t)state});
}

static void new_agent(struct party *p)
{
    uint32_t agent = p->ledger->agent_count;

    if (!set_agent(p, agent))
        return;
    p->ledger->agent_count++;
    set_member(p, agent, agent % QUEUES, true);
    set_member(p, agent, (agent + 2) % QUEUES, true);
    set_state(p, agent, ACD_READY);
}

static void step_config(struct party *p, uint32_t agent)
{
    struct ledger *l = p->ledger;

    switch (dice(l, 5)) {
    case 0: set_queue(p, dice(l, QUEUES)); return;
    case 1:
        if (l->agent_count < AGENTS)
            new_agent(p);
        return;
    case 2: set_member(p, agent, dice(l, QUEUES), false); return;
    case 3: set_member(p, agent, dice(l, QUEUES), true); return;
    default: set_agent(p, agent);
    }
}

static void step_desk(struct party *p)
{
    struct ledger *l = p->ledger;
    uint32_t agent = dice(l, l->agent_count), luck = dice(l, 100);

    if (luck < 2)
        step_config(p, agent);
    else if (luck < 30)
        ask(p, (struct asked){.code = ACD_COMMAND_wrap_up_finish, .subject = agent});
    else
        set_state(p, agent, luck < 75 ? ACD_READY : luck < 90 ? ACD_NOT_READY : ACD_LOGGED_OUT);
}

static void step(struct party *p)
{
    if (p->index == DESK)
        step_desk(p);
    else
        step_gateway(p);
}

/* Not every throw of the dice is a request. */
static void fill(struct party *p)
{
    uint32_t depth = p->index == DESK ? DESK_DEPTH : GATEWAY_DEPTH;

    for (int tries = 0; acd_client_unanswered(p->client) < depth && tries < TRIES; tries++)
        step(p);
}

/* ---- all of them -------------------------------------------------------------------------- */

static void on_notice(void *ctx, const struct acd_view_notice *notice)
{
    ledger_notice(ctx, notice);
}

static void on_state(void *ctx, enum acd_client_state state)
{
    (void)ctx;
    CHECK(state == ACD_CLIENT_CONNECTED || state == ACD_CLIENT_DISCONNECTED);
}

void drive_open(struct ledger *l)
{
    for (int i = 0; i < CLIENTS; i++) {
        struct party *p = &l->parties[i];
        const struct acd_client_options options = {.url = SITE_URL,
                                                   .name = p->name,
                                                   .kind = i == DESK ? ACD_OPERATOR : ACD_GATEWAY,
                                                   .batch_max = i == DESK ? 4 : 0,
                                                   .timeout = TIMEOUT,
                                                   .on_state = on_state,
                                                   .ctx = p};

        CHECK(acd_client_open(&p->client, &options) == ACD_OK);
        if (i != DESK)
            CHECK(acd_client_outbox(p->client, on_notice, p) == ACD_OK);
    }
}

void drive_close(struct ledger *l)
{
    for (int i = 0; i < CLIENTS; i++)
        acd_client_close(l->parties[i].client);
}

void drive_make_centre(struct ledger *l)
{
    struct party *desk = &l->parties[DESK];

    for (uint32_t i = 0; i < QUEUES; i++)
        set_queue(desk, i);
    while (l->agent_count < AGENTS_FIRST)
        new_agent(desk);
    drive_settle(l);
}

void drive_fill(struct ledger *l)
{
    for (int i = 0; i < CLIENTS; i++) {
        fill(&l->parties[i]);
        acd_client_flush(l->parties[i].client);
    }
}

void drive_pump(struct ledger *l, int ms)
{
    struct pollfd fds[CLIENTS];

    for (int i = 0; i < CLIENTS; i++)
        fds[i] = (struct pollfd){.fd = acd_client_fd(l->parties[i].client), .events = POLLIN};
    (void)poll(fds, CLIENTS, ms);
    for (int i = 0; i < CLIENTS; i++)
        acd_client_process(l->parties[i].client);
}

static bool is_settled(const struct ledger *l)
{
    for (int i = 0; i < CLIENTS; i++)
        if (!acd_client_is_connected(l->parties[i].client) ||
            acd_client_unanswered(l->parties[i].client) > 0)
            return false;
    return true;
}

void drive_settle(struct ledger *l)
{
    uint64_t by = check_now_ms() + SETTLE_MS;

    while (!is_settled(l) && check_now_ms() < by)
        drive_pump(l, 10);
    if (!CHECK(is_settled(l)))
        check_give_up("acdd", "does not answer; see its log");
}

void drive_notice_end(struct ledger *l)
{
    for (int i = 0; i < CLIENTS; i++)
        while (acd_client_is_connected(l->parties[i].client))
            drive_pump(l, 10);
}

static bool is_outwaited(const struct ledger *l)
{
    acd_assignment_id assignment;
    uint8_t agent;

    for (uint32_t i = 0; i < l->call_count; i++)
        if (l->calls[i].queue == LEDGER_SHORT && l->calls[i].entered &&
            ledger_state(&l->calls[i], &assignment, &agent) == ACD_QUEUED)
            return false;
    return true;
}

void drive_outwait(struct ledger *l)
{
    uint64_t by = check_now_ms() + SETTLE_MS;

    while (!is_outwaited(l) && check_now_ms() < by)
        drive_pump(l, 50);
    CHECK(is_outwaited(l));
}

uint32_t drive_in_flight(const struct ledger *l)
{
    uint32_t sum = 0;

    for (int i = 0; i < CLIENTS; i++)
        sum += acd_client_unanswered(l->parties[i].client);
    return sum;
}
