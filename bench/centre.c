#include "bench/centre.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const acd_span STEP = 3; /* microseconds between commands */

/* ---- commands ------------------------------------------------------------------------------- */

static int execute(struct centre *c, const struct acd_command *command, struct acd_view_outcome *o)
{
    c->now += STEP;
    c->commands++;
    return acd_execute(c->engine, c->now, c->gateway, ++c->request, command, o);
}

/* For opening: whatever is refused ends the bench. */
static void must(struct centre *c, const struct acd_command *command, struct acd_view_outcome *o)
{
    int error;

    c->now += STEP;
    error = acd_execute(c->engine, c->now, ACD_NOBODY, 0, command, o);
    if (error != ACD_OK)
        bench_give_up("command %#x: %s", command->code, acd_error_text(error));
}

/* The three commands of a cycle, not inlined so that a profiler tells them apart. Each is kept, and
 * only what is new is filled in. */

static void route_fill(struct centre *c, const struct centre_arrival *a)
{
    struct acd_command_route *route = &c->route.as.route;

    route->key = (struct acd_str){a->key, CENTRE_KEY};
    if (c->options.route_by_name)
        route->queue_name = acd_str(c->queue_names[a->queue]);
    else
        route->queue = c->queues[a->queue];
    route->called = (struct acd_str){c->called[a->queue], CENTRE_NUMBER};
    route->caller = (struct acd_str){a->caller, CENTRE_NUMBER};
}

static __attribute__((noinline)) void route(struct centre *c, struct acd_view_outcome *o)
{
    if (execute(c, &c->route, o) != ACD_OK || o->verdict != ACD_VERDICT_OFFERED)
        c->not_offered++;
}

static __attribute__((noinline)) void accept_offer(struct centre *c, acd_assignment_id assignment)
{
    struct acd_view_outcome o;

    c->accept.as.accept.assignment = assignment;
    if (execute(c, &c->accept, &o) != ACD_OK)
        c->not_offered++;
}

static void hangup_fill(struct centre *c, const struct centre_call *call)
{
    struct acd_command_hangup *hangup = &c->hangup.as.hangup;

    if (c->options.hangup_by_key)
        hangup->key = (struct acd_str){c->keys[call->call.slot], CENTRE_KEY};
    else
        hangup->call = call->call;
}

static __attribute__((noinline)) void hangup(struct centre *c)
{
    struct acd_view_outcome o;

    if (execute(c, &c->hangup, &o) != ACD_OK)
        c->not_offered++;
}

/* ---- a cycle -------------------------------------------------------------------------------- */

static void count_available(struct centre *c, uint32_t agent, uint32_t by)
{
    if (c->available == NULL)
        return;
    for (uint32_t i = 0; i < HEAP_SEATS; i++)
        c->available[c->seats[agent * HEAP_SEATS + i]] += by;
}

static void expect(struct centre *c, const struct acd_command *command)
{
    if (c->ahead)
        acd_expect(c->engine, c->gateway, command);
}

static void arrive(struct centre *c, struct centre_arrival *a, struct acd_view_outcome *o)
{
    while (c->available != NULL && c->available[a->queue] == 0)
        a->queue = (a->queue + 1) % CENTRE_QUEUES;
    route_fill(c, a);
    route(c, o);
}

/* Accepts the offer, with the hangup to come in sight. Returns the busy call that it ends. */
static struct centre_call *talk(struct centre *c, const struct centre_arrival *a,
                                const struct acd_view_outcome *o)
{
    struct centre_call *busy = &c->busy[c->busy_count++], *over;

    busy->call = o->call;
    busy->agent = o->agent.slot;
    if (c->options.hangup_by_key)
        memcpy(c->keys[o->call.slot], a->key, CENTRE_KEY);
    count_available(c, o->agent.slot, UINT32_MAX);
    over = &c->busy[bench_scale(a->hangup, c->busy_count)];
    hangup_fill(c, over);
    expect(c, &c->hangup);
    accept_offer(c, o->assignment);
    return over;
}

/* Ends a busy call, with the arrival to come in sight; returns whom it frees. */
static uint32_t leave(struct centre *c, struct centre_call *over, const struct centre_arrival *next)
{
    uint32_t agent = over->agent;

    route_fill(c, next);
    expect(c, &c->route);
    hangup(c);
    count_available(c, agent, 1);
    *over = c->busy[--c->busy_count];
    return agent;
}

static void cycle_end(struct centre *c, size_t i, const struct acd_view_outcome *o,
                      struct centre_call *over)
{
    struct heap_move *move = &c->moves[i];

    move->taken = o->agent.slot;
    move->queue = c->arrivals[i].queue;
    move->freed = leave(c, over, &c->arrivals[i + 1]);
    move->freed_key = (uint64_t)c->now;
}

void centre_work(struct centre *c, size_t from, size_t count)
{
    for (size_t i = from; i < from + count; i++) {
        struct acd_view_outcome o;

        arrive(c, &c->arrivals[i], &o);
        cycle_end(c, i, &o, talk(c, &c->arrivals[i], &o));
    }
}

void centre_work_timed(struct centre *c, size_t count, uint32_t *samples)
{
    for (size_t i = 0; i < count; i++) {
        struct acd_view_outcome o;
        uint64_t start = bench_now_ns();

        arrive(c, &c->arrivals[i], &o);
        samples[i] = (uint32_t)(bench_now_ns() - start);
        cycle_end(c, i, &o, talk(c, &c->arrivals[i], &o));
    }
}

/* ---- checking ------------------------------------------------------------------------------- */

/* Whom the last frame says to have been offered a call, or else whom it freed. */
static uint32_t agent_in_frame(struct centre *c, uint16_t code)
{
    struct acd_frame frame = acd_last_frame(c->engine);
    uint32_t agent = UINT32_MAX;
    size_t at = 0;

    for (uint32_t i = 0; i < frame.count; i++) {
        struct acd_event event;
        int size = acd_event_decode(frame.bytes + at, frame.len - at, &event);

        if (size < 0)
            bench_give_up("a frame with a bad event");
        if (event.code == code && code == ACD_EVENT_call_offered)
            agent = event.as.call_offered.agent.slot;
        at += (size_t)size;
    }
    return agent;
}

static bool frame_has(struct centre *c, uint16_t first, uint16_t second)
{
    struct acd_frame frame = acd_last_frame(c->engine);
    uint16_t codes[2] = {0, 0};
    size_t at = 0;

    for (uint32_t i = 0; i < frame.count; i++) {
        uint16_t code;
        int size = acd_record_peek(frame.bytes + at, frame.len - at, &code);

        if (size < 0)
            return false;
        if (i < 2)
            codes[i] = code;
        at += (size_t)size;
    }
    return frame.count == 2 && codes[0] == first && codes[1] == second;
}

static void check_freed(struct centre *c, const struct heap_move *move)
{
    struct acd_view_agent view;
    acd_agent_id id = acd_agent_from(c->engine, move->freed);

    if (!frame_has(c, ACD_EVENT_call_ended, ACD_EVENT_request_done))
        bench_give_up("a hangup did not state call_ended and request_done");
    if (acd_agent_view(c->engine, id, &view) != ACD_OK || id.slot != move->freed ||
        !view.available || (uint64_t)view.last_status_change != move->freed_key)
        bench_give_up("agent %u was not freed as noted", (unsigned)move->freed);
}

void centre_work_checked(struct centre *c, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct acd_view_outcome o;
        struct centre_call *over;

        arrive(c, &c->arrivals[i], &o);
        if (agent_in_frame(c, ACD_EVENT_call_offered) != o.agent.slot)
            bench_give_up("the call was not offered to whom the outcome tells");
        over = talk(c, &c->arrivals[i], &o);
        if (!frame_has(c, ACD_EVENT_call_connected, ACD_EVENT_request_done))
            bench_give_up("an accept did not state call_connected and request_done");
        cycle_end(c, i, &o, over);
        check_freed(c, &c->moves[i]);
    }
}

void centre_follow(struct centre *c, size_t from, size_t count)
{
    size_t unlike = heaps_replay(c->heaps, c->moves + from, count);

    if (unlike != 0)
        bench_give_up("%zu times the first of the heap was not whom the engine chose", unlike);
}

/* ---- arrivals ------------------------------------------------------------------------------- */

static char *put_hex(char *at, uint64_t bits, int digits)
{
    for (int i = 0; i < digits; i++)
        *at++ = "0123456789abcdef"[bits >> (60 - 4 * i) & 15];
    return at;
}

void centre_key(struct bench_random *r, char *key)
{
    uint64_t a = bench_random(r), b = bench_random(r);

    key = put_hex(key, a, 8);
    *key++ = '-';
    key = put_hex(key, a << 32, 4);
    *key++ = '-';
    key = put_hex(key, a << 48, 4);
    *key++ = '-';
    key = put_hex(key, b, 4);
    *key++ = '-';
    put_hex(key, b << 16, 12);
}

void centre_number(struct bench_random *r, char *number)
{
    number[0] = '+';
    for (int i = 1; i < CENTRE_NUMBER; i++)
        number[i] = (char)('0' + bench_below(r, 10));
}

void centre_prepare(struct centre *c, size_t count)
{
    if (count > CENTRE_CYCLES_MAX)
        bench_give_up("more than %d cycles at once", (int)CENTRE_CYCLES_MAX);
    for (size_t i = 0; i < count; i++) {
        struct centre_arrival *a = &c->arrivals[i];

        centre_key(&c->random, a->key);
        centre_number(&c->random, a->caller);
        a->queue = bench_below(&c->random, CENTRE_QUEUES);
        a->hangup = (uint32_t)(bench_random(&c->random) >> 32);
    }
}

/* ---- opening -------------------------------------------------------------------------------- */

static void open_queues(struct centre *c)
{
    for (uint32_t q = 0; q < CENTRE_QUEUES; q++) {
        struct acd_command command = {.code = ACD_COMMAND_queue_set};
        struct acd_view_outcome o;

        (void)snprintf(c->queue_names[q], sizeof c->queue_names[q], "queue-%02u", (unsigned)q);
        centre_number(&c->random, c->called[q]);
        command.as.queue_set.name = acd_str(c->queue_names[q]);
        command.as.queue_set.max_wait = c->options.max_wait;
        must(c, &command, &o);
        c->queues[q] = o.queue;
    }
}

/* HEAP_SEATS different queues for an agent. */
static void choose_seats(struct centre *c, uint16_t *seats)
{
    for (int i = 0; i < HEAP_SEATS; i++) {
        bool again = true;

        while (again) {
            seats[i] = (uint16_t)bench_below(&c->random, CENTRE_QUEUES);
            again = false;
            for (int n = 0; n < i; n++)
                again |= seats[n] == seats[i];
        }
    }
}

static void open_agent(struct centre *c, uint32_t agent)
{
    struct acd_command command = {.code = ACD_COMMAND_agent_set};
    struct acd_view_outcome o;
    char name[32], contact[64];
    acd_agent_id id;

    (void)snprintf(name, sizeof name, "agent-%07u", (unsigned)agent);
    (void)snprintf(contact, sizeof contact, "sip:agent-%07u@pbx.example.net", (unsigned)agent);
    command.as.agent_set.name = acd_str(name);
    command.as.agent_set.extension = acd_str(name + 6);
    command.as.agent_set.contact = acd_str(contact);
    must(c, &command, &o);
    id = o.agent;
    if (id.slot != agent)
        bench_give_up("agent %u stands in slot %u", (unsigned)agent, (unsigned)id.slot);
    for (uint32_t i = 0; i < HEAP_SEATS; i++) {
        command = (struct acd_command){.code = ACD_COMMAND_member_set};
        command.as.member_set.agent = id;
        command.as.member_set.queue_name =
            acd_str(c->queue_names[c->seats[agent * HEAP_SEATS + i]]);
        must(c, &command, &o);
    }
}

/* All agents become ready in random order; so the heaps hold them in the order that the engine
 * does. */
static void all_ready(struct centre *c)
{
    uint32_t agents = c->options.agents;
    uint32_t *order = bench_take(agents, sizeof order[0]);

    for (uint32_t i = 0; i < agents; i++)
        order[i] = i;
    for (uint32_t i = agents; i > 1; i--) {
        uint32_t other = bench_below(&c->random, i), agent = order[other];

        order[other] = order[i - 1];
        order[i - 1] = agent;
    }
    for (uint32_t i = 0; i < agents; i++) {
        struct acd_command command = {.code = ACD_COMMAND_agent_state};
        struct acd_view_outcome o;

        command.as.agent_state.agent = acd_agent_from(c->engine, order[i]);
        command.as.agent_state.state = ACD_READY;
        must(c, &command, &o);
        count_available(c, order[i], 1);
        heaps_enter(c->heaps, order[i], (uint64_t)c->now);
    }
    free(order);
}

static void open_gateway(struct centre *c)
{
    struct acd_command command = {.code = ACD_COMMAND_client_open};
    struct acd_view_outcome o;

    command.as.client_open.name = acd_str("gateway-1");
    must(c, &command, &o);
    c->gateway = o.client;
}

static void half_busy(struct centre *c)
{
    uint32_t wanted = c->options.agents / 2;

    while (c->busy_count < wanted) {
        struct acd_view_outcome o;

        centre_prepare(c, 1);
        arrive(c, &c->arrivals[0], &o);
        talk(c, &c->arrivals[0], &o);
        heaps_leave(c->heaps, o.agent.slot);
        if (c->not_offered != 0)
            bench_give_up("a route was not offered while the centre was filled");
    }
}

/* Until the ring of ended calls has come round, and its pages and those of the index are there. */
static void turn_over(struct centre *c)
{
    uint32_t left = c->options.calls + c->options.calls / 8;

    while (left > 0) {
        uint32_t count = left < CENTRE_CYCLES_MAX ? left : CENTRE_CYCLES_MAX;

        centre_prepare(c, count);
        centre_work(c, 0, count);
        centre_follow(c, 0, count);
        left -= count;
    }
}

struct centre *centre_open(const struct centre_options *options)
{
    struct acd_config config = {.epoch = 1, .secret = {0x243f6a8885a308d3, 0x13198a2e03707344}};
    struct centre *c = bench_take(1, sizeof *c);
    uint32_t agents = options->agents;

    c->options = *options;
    c->route.code = ACD_COMMAND_route;
    c->accept.code = ACD_COMMAND_accept;
    c->hangup.code = ACD_COMMAND_hangup;
    c->hangup.as.hangup.side = ACD_SIDE_CALLER;
    c->now = 1700000000 * ACD_SECOND;
    c->random.state = 88172645463325252;
    c->seats = bench_take((size_t)agents * HEAP_SEATS, sizeof c->seats[0]);
    c->busy = bench_take(agents, sizeof c->busy[0]);
    if (options->hangup_by_key)
        c->keys = bench_take(options->calls, sizeof c->keys[0]);
    c->ahead = true;
    c->arrivals = bench_take(CENTRE_CYCLES_MAX + 1, sizeof c->arrivals[0]);
    c->moves = bench_take(CENTRE_CYCLES_MAX, sizeof c->moves[0]);
    if (agents * HEAP_SEATS / CENTRE_QUEUES < 100)
        c->available = bench_take(CENTRE_QUEUES, sizeof c->available[0]);
    config.limits = (struct acd_limits){.agents = agents,
                                        .queues = CENTRE_QUEUES,
                                        .memberships = agents * HEAP_SEATS,
                                        .calls = options->calls,
                                        .clients = 8,
                                        .outbox_bytes = 64 * 1024};
    if (acd_open(&c->engine, &config) != ACD_OK)
        bench_give_up("no engine for %u agents", (unsigned)agents);
    for (uint32_t i = 0; i < agents; i++)
        choose_seats(c, &c->seats[(size_t)i * HEAP_SEATS]);
    c->heaps = heaps_make(CENTRE_QUEUES, agents, c->seats);
    open_queues(c);
    for (uint32_t i = 0; i < agents; i++)
        open_agent(c, i);
    open_gateway(c);
    all_ready(c);
    half_busy(c);
    turn_over(c);
    return c;
}

void centre_close(struct centre *c)
{
    acd_close(c->engine);
    heaps_free(c->heaps);
    free(c->seats);
    free(c->busy);
    free(c->keys);
    free(c->arrivals);
    free(c->moves);
    free(c->available);
    free(c);
}
