#include "bench/wallboard/calls.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- the centre ---------------------------------------------------------------------------- */

static void on_made(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    (void)ctx;
    (void)outcome;
    if (error != ACD_OK)
        bench_give_up("the centre cannot be made: %s", acd_error_text(error));
}

static void make(struct calls *c, const struct acd_command *command)
{
    while (acd_client_unanswered(c->client) >= ACD_CLIENT_UNANSWERED_MAX / 2)
        acd_client_wait(c->client, ACD_SECOND);
    if (acd_client_send(c->client, command, on_made, NULL) != ACD_OK)
        bench_give_up("the centre cannot be made: %s", acd_client_error_text(c->client));
}

static struct acd_str name(char out[16], const char *kind, uint32_t number)
{
    (void)snprintf(out, 16, "%s-%05" PRIu32, kind, number);
    return acd_str(out);
}

struct acd_str calls_queue_name(char out[16], uint32_t number)
{
    return name(out, "queue", number);
}

static void make_queue(struct calls *c, uint32_t number)
{
    struct acd_command set = {.code = ACD_COMMAND_queue_set};
    char text[16];

    set.as.queue_set.name = calls_queue_name(text, number);
    set.as.queue_set.wrap_up_time = CALLS_WRAP_UP_MS * ACD_MS;
    make(c, &set);
}

static void make_agent(struct calls *c, uint32_t number)
{
    struct acd_command agent = {.code = ACD_COMMAND_agent_set};
    struct acd_command member = {.code = ACD_COMMAND_member_set};
    struct acd_command state = {.code = ACD_COMMAND_agent_state};
    const uint32_t queue = number % CALLS_QUEUES, in_queue = number / CALLS_QUEUES;
    char text[16], queue_text[16];
    const struct acd_str agent_name = name(text, "agent", number);

    agent.as.agent_set.name = agent_name;
    member.as.member_set.agent_name = agent_name;
    member.as.member_set.queue_name = calls_queue_name(queue_text, queue);
    state.as.agent_state.name = agent_name;
    state.as.agent_state.state = ACD_READY;
    make(c, &agent);
    make(c, &member);
    if (queue % CALLS_SHORT_OF != 0 || in_queue < CALLS_SHORT_AGENTS)
        make(c, &state);
}

/* ---- what is due --------------------------------------------------------------------------- */

static uint32_t tick_now(const struct calls *c)
{
    return (uint32_t)((bench_now_ns() - c->began_ns) / (CALLS_TICK_MS * UINT64_C(1000000)));
}

/* What was due before is no more. */
static void schedule(struct calls_call *call, uint8_t next, uint32_t ms)
{
    struct calls *c = call->calls;
    uint32_t *first;

    if (call->next != CALLS_NOTHING) {
        uint32_t *at = &c->first_due[call->due % CALLS_TICKS];

        while (*at != (uint32_t)(call - c->live) + 1)
            at = &c->live[*at - 1].next_due;
        *at = call->next_due;
    }
    call->next = next;
    if (next == CALLS_NOTHING)
        return;
    call->due = c->tick + 1 + ms / CALLS_TICK_MS;
    first = &c->first_due[call->due % CALLS_TICKS];
    call->next_due = *first;
    *first = (uint32_t)(call - c->live) + 1;
}

static void end(struct calls_call *call)
{
    schedule(call, CALLS_NOTHING, 0);
    call->number = 0;
}

/* ---- calls --------------------------------------------------------------------------------- */

static void on_done(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    struct calls *c = ctx;

    (void)outcome;
    if (error == ACD_LOST) {
        c->late++;
    } else if (error != ACD_OK && error != ACD_GONE) {
        c->failed++;
        c->error = error;
    }
}

static void send_command(struct calls *c, const struct acd_command *command,
                         acd_client_outcome_cb on_outcome, void *ctx)
{
    if (acd_client_send(c->client, command, on_outcome, ctx) != ACD_OK)
        bench_give_up("acdd is too slow: %s", acd_client_error_text(c->client));
}

static uint32_t some_ms(struct calls *c, uint32_t mean)
{
    return mean / 2 + bench_below(&c->random, mean);
}

static void offered(struct calls_call *call, acd_assignment_id offer)
{
    call->offer = offer;
    schedule(call, CALLS_ACCEPT, some_ms(call->calls, CALLS_RING_MS));
}

static void on_routed(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    struct calls_call *call = ctx;

    if (error != ACD_OK || outcome->verdict == ACD_VERDICT_REFUSED) {
        call->calls->refused++;
        end(call);
    } else if (outcome->verdict == ACD_VERDICT_OFFERED) {
        offered(call, outcome->assignment);
    } else {
        schedule(call, CALLS_HANGUP, CALLS_PATIENCE_MS);
    }
}

static struct acd_str key_of(char out[16], uint32_t number)
{
    (void)snprintf(out, 16, "k%" PRIu32, number);
    return acd_str(out);
}

static void note_watched(struct calls *c)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (c->watched == CALLS_WATCHED_MAX)
        bench_give_up("more than %d calls of a queue", (int)CALLS_WATCHED_MAX);
    c->watched_ms[c->watched++] = (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void arrive(struct calls *c)
{
    const uint32_t number = ++c->arrived, queue_number = bench_below(&c->random, CALLS_QUEUES);
    struct calls_call *call = &c->live[number % CALLS_LIVE_MAX];
    struct acd_command route = {.code = ACD_COMMAND_route};
    char key[16], queue[16];

    if (call->number != 0)
        bench_give_up("more than %d calls live", (int)CALLS_LIVE_MAX);
    call->calls = c;
    call->number = number;
    route.as.route.key = key_of(key, number);
    route.as.route.queue_name = calls_queue_name(queue, queue_number);
    if (queue_number == CALLS_WATCHED)
        note_watched(c);
    send_command(c, &route, on_routed, call);
}

static void on_notice(void *ctx, const struct acd_view_notice *notice)
{
    struct calls *c = ctx;
    char text[16] = "";
    struct calls_call *call;
    uint32_t number;

    memcpy(text, notice->key.data, notice->key.len < 15 ? notice->key.len : 15);
    number = (uint32_t)strtoul(text + 1, NULL, 10);
    call = &c->live[number % CALLS_LIVE_MAX];
    if (call->number != number)
        return;
    if (notice->kind == ACD_NOTICE_OFFERED)
        offered(call, notice->assignment);
    else if (notice->kind == ACD_NOTICE_OFFER_ENDED)
        schedule(call, CALLS_HANGUP, CALLS_PATIENCE_MS);
    else if (notice->kind == ACD_NOTICE_CALL_ENDED)
        end(call);
}

static void act(struct calls_call *call)
{
    struct calls *c = call->calls;
    struct acd_command accept = {.code = ACD_COMMAND_accept};
    struct acd_command hangup = {.code = ACD_COMMAND_hangup};
    char key[16];

    if (call->next == CALLS_ACCEPT) {
        accept.as.accept.assignment = call->offer;
        send_command(c, &accept, on_done, c);
        c->answered++;
        schedule(call, CALLS_HANGUP, some_ms(c, CALLS_TALK_MS));
        return;
    }
    hangup.as.hangup.key = key_of(key, call->number);
    hangup.as.hangup.side = ACD_SIDE_CALLER;
    send_command(c, &hangup, on_done, c);
    c->abandoned += call->offer.gen == 0;
    call->offer = (acd_assignment_id){0, 0};
    end(call);
}

/* Another service level for a queue, each in turn; and one queue more, or no longer. */
static void change(struct calls *c)
{
    const uint32_t number = ++c->changed;
    struct acd_command set = {.code = ACD_COMMAND_queue_set};
    struct acd_command add = {.code = ACD_COMMAND_queue_set};
    struct acd_command remove = {.code = ACD_COMMAND_queue_remove};
    char text[16], more[16];

    set.as.queue_set.name = calls_queue_name(text, number % CALLS_QUEUES);
    set.as.queue_set.service_level_threshold = (20 + number % 2) * ACD_SECOND;
    send_command(c, &set, on_done, c);
    add.as.queue_set.name = remove.as.queue_remove.name = calls_queue_name(more, CALLS_QUEUES);
    send_command(c, number % 2 == 1 ? &add : &remove, on_done, c);
}

/* ---- going on ------------------------------------------------------------------------------ */

/* Whoever was kept from running makes up for it, no faster than it is answered. */
void calls_go_on(struct calls *c)
{
    const uint32_t now = tick_now(c);

    for (; c->tick < now && acd_client_unanswered(c->client) < CALLS_UNANSWERED; c->tick++) {
        uint32_t *first = &c->first_due[c->tick % CALLS_TICKS];

        while (*first != 0)
            act(&c->live[*first - 1]);
        while (c->arrived < (uint64_t)c->tick * CALLS_TICK_MS * CALLS_A_SECOND / 1000)
            arrive(c);
        if (c->tick % (CALLS_CHANGE_MS / CALLS_TICK_MS) == 0)
            change(c);
    }
    acd_client_wait(c->client, ACD_MS);
}

double calls_behind_s(const struct calls *c)
{
    return (double)(tick_now(c) - c->tick) * CALLS_TICK_MS / 1000;
}

void calls_go_on_for(struct calls *c, uint32_t ms)
{
    const uint64_t until = bench_now_ns() + ms * UINT64_C(1000000);

    while (bench_now_ns() < until)
        calls_go_on(c);
}

void calls_open(struct calls *c, const char *url)
{
    const struct acd_client_options options = {
        .url = url, .name = "bench", .timeout = 120 * ACD_SECOND}; /* longer than any pause */

    c->random.state = 1;
    if (acd_client_open(&c->client, &options) != ACD_OK ||
        acd_client_connect(c->client, 10 * ACD_SECOND) != ACD_OK)
        bench_give_up("acdd does not answer at %s", url);
    for (uint32_t i = 0; i < CALLS_QUEUES; i++)
        make_queue(c, i);
    for (uint32_t i = 0; i < CALLS_AGENTS; i++)
        make_agent(c, i);
    while (acd_client_unanswered(c->client) > 0)
        acd_client_wait(c->client, ACD_SECOND);
    if (acd_client_outbox(c->client, on_notice, c) != ACD_OK)
        bench_give_up("no outbox: %s", acd_client_error_text(c->client));
    c->began_ns = bench_now_ns();
}

void calls_close(struct calls *c)
{
    acd_client_close(c->client);
}
