#include "bench/engine/full.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const acd_span STEP = 3; /* microseconds between commands */

enum { ACK_EVERY = 64, CALLS_LEAST = 10000 };

/* ---- commands ------------------------------------------------------------------------------- */

static void execute(struct full *f, const struct acd_command *command, struct acd_view_outcome *o)
{
    f->now += STEP;
    if (acd_execute(f->engine, f->now, f->gateway, ++f->request, command, o) != ACD_OK)
        f->refused++;
}

/* For opening: whatever is refused ends the bench. */
static void must(struct full *f, const struct acd_command *command, struct acd_view_outcome *o)
{
    int error;

    f->now += STEP;
    error = acd_execute(f->engine, f->now, ACD_NOBODY, 0, command, o);
    if (error != ACD_OK)
        bench_give_up("command %#x: %s", command->code, acd_error_text(error));
}

static void expect(struct full *f, const struct acd_command *command)
{
    if (f->ahead)
        acd_expect(f->engine, f->gateway, command);
}

static void answer(struct full *f, acd_assignment_id assignment)
{
    struct acd_view_outcome o;

    if (assignment.gen == 0)
        return;
    f->accept.as.accept.assignment = assignment;
    execute(f, &f->accept, &o);
}

/* Answers what the last command had offered of the calls that waited; tells how many those were. */
static uint32_t answer_offered(struct full *f)
{
    struct acd_frame frame = acd_last_frame(f->engine);
    struct acd_event_call_offered offered[8];
    uint32_t count = 0;
    size_t at = 0;

    for (uint32_t i = 0; i < frame.count; i++) {
        struct acd_event event;
        uint16_t code;
        int size = acd_record_peek(frame.bytes + at, frame.len - at, &code);

        if (size < 0 || count == sizeof offered / sizeof offered[0])
            bench_give_up("a frame with a bad event, or too many offers");
        if (code == ACD_EVENT_call_offered) {
            (void)acd_event_decode(frame.bytes + at, frame.len - at, &event);
            offered[count++] = event.as.call_offered;
        }
        at += (size_t)size;
    }
    for (uint32_t i = 0; i < count; i++) {
        f->busy[f->busy_count++] = offered[i].call;
        answer(f, offered[i].assignment);
    }
    f->told += count;
    return count;
}

static void route_fill(struct full *f, const struct full_arrival *a)
{
    struct acd_command_route *route = &f->route.as.route;

    route->key = (struct acd_str){a->key, CENTRE_KEY};
    route->queue = f->queues[a->queue];
    route->caller = (struct acd_str){a->caller, CENTRE_NUMBER};
    route->head_start = a->head_start;
    route->plan =
        a->plan == FULL_PLANS ? (struct acd_str){NULL, 0} : acd_str(f->plans[a->queue][a->plan]);
}

/* Which busy call is over is chosen among them all. */
static void hangup_choose(struct full *f, const struct full_arrival *a)
{
    acd_call_id *busy = &f->busy[bench_scale(a->hangup, f->busy_count)];

    f->hangup.as.hangup.call = *busy;
    *busy = f->busy[--f->busy_count];
}

/* A call comes; returns the offer that is to be answered, or none: it waits. */
static acd_assignment_id arrive(struct full *f, const struct full_arrival *a)
{
    struct acd_view_outcome o;

    route_fill(f, a);
    execute(f, &f->route, &o);
    if (o.verdict == ACD_VERDICT_OFFERED)
        f->busy[f->busy_count++] = o.call;
    else
        f->queued++;
    return o.assignment;
}

/* Another one is over, with the arrival to come in sight. */
static void leave(struct full *f, const struct full_arrival *next)
{
    struct acd_view_outcome o;

    route_fill(f, next);
    expect(f, &f->route);
    execute(f, &f->hangup, &o);
    if (f->queued > 0)
        f->queued -= answer_offered(f);
}

static void acknowledge(struct full *f)
{
    struct acd_view_outcome o;

    if (f->told == 0)
        return;
    f->ack.as.outbox_ack.upto = f->told;
    execute(f, &f->ack, &o);
}

void full_work(struct full *f, size_t from, size_t count)
{
    for (size_t i = from; i < from + count; i++) {
        acd_assignment_id offer = arrive(f, &f->arrivals[i]);

        hangup_choose(f, &f->arrivals[i]);
        expect(f, &f->hangup);
        answer(f, offer);
        leave(f, &f->arrivals[i + 1]);
        if (i % ACK_EVERY == 0)
            acknowledge(f);
    }
}

/* ---- arrivals ------------------------------------------------------------------------------- */

void full_prepare(struct full *f, size_t count)
{
    if (count > CENTRE_CYCLES_MAX)
        bench_give_up("more than %d cycles at once", (int)CENTRE_CYCLES_MAX);
    for (size_t i = 0; i < count; i++) {
        struct full_arrival *a = &f->arrivals[i];

        centre_key(&f->random, a->key);
        centre_number(&f->random, a->caller);
        a->queue = (uint16_t)bench_below(&f->random, FULL_QUEUES);
        a->plan = bench_below(&f->random, 10) == 0
                      ? FULL_PLANS
                      : (uint16_t)bench_below(&f->random, f->plans_used);
        a->head_start =
            bench_below(&f->random, 5) == 0 ? (1 + bench_below(&f->random, 300)) * ACD_SECOND : 0;
        a->hangup = (uint32_t)(bench_random(&f->random) >> 32);
    }
}

/* ---- opening -------------------------------------------------------------------------------- */

/* The skill that a step asks for first is another in each step of a queue, so no two are alike. */
static void make_plan(struct full *f, uint32_t queue, uint32_t plan)
{
    unsigned first = (2 * plan + queue) % FULL_SKILLS, second = (first + 1) % FULL_SKILLS;
    unsigned a = 3 + bench_below(&f->random, 4), b = 2 + bench_below(&f->random, 3);
    unsigned c = 3 + bench_below(&f->random, 4);
    unsigned others[3];

    for (int i = 0; i < 3; i++)
        others[i] = (first + 2 + 20U * (unsigned)i + bench_below(&f->random, 20)) % FULL_SKILLS;
    (void)snprintf(f->plans[queue][plan], sizeof f->plans[queue][plan],
                   "[0-1] s%u>=%u & (s%u | s%u>=%u); @20s s%u>=%u & s%u; @60s", first, a, others[0],
                   others[1], b, second, c, others[2]);
}

static void open_queues(struct full *f)
{
    for (uint32_t q = 0; q < FULL_QUEUES; q++) {
        struct acd_command command = {.code = ACD_COMMAND_queue_set};
        struct acd_view_outcome o;
        char name[16];

        (void)snprintf(name, sizeof name, "queue-%02u", (unsigned)q);
        command.as.queue_set.name = acd_str(name);
        command.as.queue_set.weight = (uint16_t)(1 + q % 3);
        must(f, &command, &o);
        f->queues[q] = o.queue;
        for (uint32_t p = 0; p < FULL_PLANS; p++)
            make_plan(f, q, p);
    }
}

/* Some of 0 to n - 1, in random order. */
static void some_of(struct full *f, uint32_t *out, uint32_t count, uint32_t n)
{
    uint32_t all[FULL_SKILLS];

    for (uint32_t i = 0; i < n; i++)
        all[i] = i;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = i + bench_below(&f->random, n - i);

        out[i] = all[at];
        all[at] = all[i];
    }
}

static void open_agent(struct full *f, uint32_t agent)
{
    uint32_t count =
        FULL_SKILLS_LEAST + bench_below(&f->random, FULL_SKILLS - FULL_SKILLS_LEAST + 1);
    uint32_t skills[FULL_SKILLS], queues[FULL_MEMBERSHIPS];
    struct acd_command command = {.code = ACD_COMMAND_agent_set};
    struct acd_view_outcome o;
    char name[32];

    (void)snprintf(name, sizeof name, "agent-%07u", (unsigned)agent);
    command.as.agent_set.name = acd_str(name);
    command.as.agent_set.contact = acd_str(name);
    must(f, &command, &o);
    some_of(f, queues, FULL_MEMBERSHIPS, FULL_QUEUES);
    for (uint32_t i = 0; i < FULL_MEMBERSHIPS; i++) {
        command = (struct acd_command){.code = ACD_COMMAND_member_set};
        command.as.member_set.agent = acd_agent_from(f->engine, agent);
        command.as.member_set.queue = f->queues[queues[i]];
        command.as.member_set.level = (uint8_t)bench_below(&f->random, 3);
        must(f, &command, &o);
    }
    some_of(f, skills, count, FULL_SKILLS);
    for (uint32_t i = 0; i < count; i++) {
        command = (struct acd_command){.code = ACD_COMMAND_skill_set};
        (void)snprintf(name, sizeof name, "s%u", (unsigned)skills[i]);
        command.as.skill_set.agent = acd_agent_from(f->engine, agent);
        command.as.skill_set.skill = acd_str(name);
        command.as.skill_set.level = (uint8_t)(1 + bench_below(&f->random, 9));
        must(f, &command, &o);
    }
}

static void open_gateway(struct full *f)
{
    struct acd_command command = {.code = ACD_COMMAND_client_open};
    struct acd_view_outcome o;

    command.as.client_open.name = acd_str("gateway-1");
    must(f, &command, &o);
    f->gateway = o.client;
}

/* Opens every plan, by a call that follows it; nobody is ready yet, so the calls wait. */
static void open_plans(struct full *f)
{
    for (uint32_t q = 0; q < FULL_QUEUES; q++)
        for (uint32_t p = 0; p < f->plans_used; p++) {
            full_prepare(f, 1);
            f->arrivals[0].queue = (uint16_t)q;
            f->arrivals[0].plan = (uint16_t)p;
            answer(f, arrive(f, &f->arrivals[0]));
        }
}

static void all_ready(struct full *f)
{
    uint32_t *order = bench_take(f->agents, sizeof order[0]);

    for (uint32_t i = 0; i < f->agents; i++) {
        uint32_t other = bench_below(&f->random, i + 1);

        order[i] = order[other];
        order[other] = i;
    }
    for (uint32_t i = 0; i < f->agents; i++) {
        struct acd_command command = {.code = ACD_COMMAND_agent_state};
        struct acd_view_outcome o;

        command.as.agent_state.agent = acd_agent_from(f->engine, order[i]);
        command.as.agent_state.state = ACD_READY;
        must(f, &command, &o);
        f->queued -= answer_offered(f);
        acknowledge(f);
    }
    free(order);
}

/* Calls arrive until the centre is as busy as it shall be; then everything turns over. */
static void fill(struct full *f, uint32_t calls)
{
    uint32_t left = calls + calls / 8;

    while (f->waiting > 0 ? f->queued < f->waiting : f->busy_count < f->agents / 2) {
        full_prepare(f, 1);
        answer(f, arrive(f, &f->arrivals[0]));
    }
    f->load = f->busy_count + f->queued;
    while (left > 0) {
        uint32_t count = left < CENTRE_CYCLES_MAX ? left : CENTRE_CYCLES_MAX;

        full_prepare(f, count);
        full_work(f, 0, count);
        left -= count;
    }
}

struct full *full_open(uint32_t agents, uint32_t waiting, uint32_t plans)
{
    struct acd_config config = {.epoch = 1, .secret = {0x243f6a8885a308d3, 0x13198a2e03707344}};
    struct full *f = bench_take(1, sizeof *f);
    uint32_t calls = agents + agents / 8 + 2 * waiting;
    int error;

    if (calls < CALLS_LEAST)
        calls = CALLS_LEAST;
    f->agents = agents;
    f->waiting = waiting;
    f->plans_used = plans;
    f->ahead = true;
    f->now = 1700000000 * ACD_SECOND;
    f->random.state = 88172645463325252;
    f->route.code = ACD_COMMAND_route;
    f->accept.code = ACD_COMMAND_accept;
    f->hangup.code = ACD_COMMAND_hangup;
    f->ack.code = ACD_COMMAND_outbox_ack;
    f->hangup.as.hangup.side = ACD_SIDE_CALLER;
    f->busy = bench_take(agents, sizeof f->busy[0]);
    f->arrivals = bench_take(CENTRE_CYCLES_MAX + 1, sizeof f->arrivals[0]);
    config.limits = (struct acd_limits){.agents = agents,
                                        .queues = FULL_QUEUES,
                                        .memberships = agents * FULL_MEMBERSHIPS,
                                        .calls = calls < 100000 ? 100000 : calls,
                                        .clients = 8,
                                        .outbox_bytes = 256 * 1024,
                                        .skills = FULL_SKILLS,
                                        .lines = FULL_REQUIREMENTS,
                                        .seats = agents * FULL_LINES,
                                        .lines_per_agent = FULL_REQUIREMENTS};
    error = acd_open(&f->engine, &config);
    if (error != ACD_OK)
        bench_give_up("no engine for %u agents: %s", (unsigned)agents, acd_error_text(error));
    open_queues(f);
    for (uint32_t i = 0; i < agents; i++)
        open_agent(f, i);
    open_gateway(f);
    open_plans(f);
    all_ready(f);
    fill(f, config.limits.calls);
    return f;
}

void full_close(struct full *f)
{
    acd_close(f->engine);
    free(f->busy);
    free(f->arrivals);
    free(f);
}

void full_verify(struct full *f, bool walked)
{
    const char *broken = walked ? acd_engine_check(f->engine) : NULL;

    if (f->refused != 0)
        bench_give_up("%llu commands were refused", (unsigned long long)f->refused);
    if (broken != NULL)
        bench_give_up("%u agents: %s", (unsigned)f->agents, broken);
    if (f->busy_count + f->queued != f->load ||
        (f->waiting > 0 ? f->busy_count < f->agents / 100 * 95 || f->queued < f->waiting / 100 * 90
                        : f->queued > f->agents / 100))
        bench_give_up("%u calls are connected and %u wait", (unsigned)f->busy_count,
                      (unsigned)f->queued);
}
