#include "bench/metrics/month.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/harness.h"

enum { ACTS_MAX = 1 << 16, STEP_EVERY = 5000, KEPT_DAYS = 32 };

/* What is to happen to a call. */
struct act {
    acd_time at;
    uint32_t call;
    bool answers; /* else it ends */
};

static struct {
    struct acd_persist *p;
    struct acd_engine *e;
    acd_client_id gateway;
    struct bench_random random;
    struct act acts[ACTS_MAX]; /* a heap, the next first */
    uint32_t act_count, commands;
} month;

/* ---- what is next --------------------------------------------------------------------------- */

static void act_put(struct act a)
{
    uint32_t i = month.act_count++;

    if (month.act_count == ACTS_MAX)
        bench_give_up("more than %d calls at once", (int)ACTS_MAX);
    for (; i > 0 && month.acts[(i - 1) / 2].at > a.at; i = (i - 1) / 2)
        month.acts[i] = month.acts[(i - 1) / 2];
    month.acts[i] = a;
}

static struct act act_take(void)
{
    struct act first = month.acts[0], last = month.acts[--month.act_count];
    uint32_t i = 0, child = 1;

    for (; child < month.act_count; i = child, child = 2 * i + 1) {
        if (child + 1 < month.act_count && month.acts[child + 1].at < month.acts[child].at)
            child++;
        if (month.acts[child].at >= last.at)
            break;
        month.acts[i] = month.acts[child];
    }
    month.acts[i] = last;
    return first;
}

/* ---- commands ------------------------------------------------------------------------------- */

static struct acd_view_outcome order(acd_time at, struct acd_command c)
{
    struct acd_view_outcome o;

    acd_execute(month.e, at > acd_now(month.e) ? at : acd_now(month.e), month.gateway, 0, &c, &o);
    acd_persist_append(month.p, acd_last_frame(month.e));
    if (++month.commands % STEP_EVERY == 0 && acd_persist_step(month.p) < 0)
        bench_give_up("%s", acd_persist_error(month.p));
    return o;
}

#define ORDER(at, verb, ...)                                                                       \
    order((at), (struct acd_command){.code = ACD_COMMAND_##verb, .as.verb = {__VA_ARGS__}})

static void centre_make(acd_time at)
{
    char name[16], queue[16];

    month.gateway = ORDER(at, client_open, .name = acd_str("month")).client;
    for (unsigned q = 0; q < MONTH_QUEUES; q++) {
        (void)snprintf(queue, sizeof queue, "queue%u", q);
        ORDER(at, queue_set, .name = acd_str(queue), .ring_timeout = 3600 * ACD_SECOND);
    }
    for (unsigned a = 0; a < MONTH_AGENTS; a++) {
        (void)snprintf(name, sizeof name, "agent%u", a);
        (void)snprintf(queue, sizeof queue, "queue%u", a % MONTH_QUEUES);
        ORDER(at, agent_set, .name = acd_str(name), .contact = acd_str("sip:agent"),
              .max_concurrent_calls = 1);
        ORDER(at, member_set, .agent_name = acd_str(name), .queue_name = acd_str(queue));
        ORDER(at, agent_state, .name = acd_str(name), .state = ACD_READY);
    }
}

static struct acd_view_outcome call_comes(acd_time at, uint32_t n)
{
    char key[40], queue[16], caller[24];

    (void)snprintf(key, sizeof key, "CA%08x%08x", n, bench_below(&month.random, 1u << 31));
    (void)snprintf(queue, sizeof queue, "queue%u", bench_below(&month.random, MONTH_QUEUES));
    (void)snprintf(caller, sizeof caller, "+1555%u", n);
    return ORDER(at, route, .key = acd_str(key), .queue_name = acd_str(queue),
                 .caller = acd_str(caller), .called = acd_str("+1666"), .direction = ACD_INBOUND);
}

/* ---- a month -------------------------------------------------------------------------------- */

/* Calls by the slots they have; a slot's generation says whether it is still that call. */
static void act_do(struct act a)
{
    acd_call_id call = acd_call_from(month.e, a.call);
    struct acd_view_call v;

    if (call.slot != a.call || acd_call_view(month.e, call, &v) != ACD_OK)
        return;
    if (!a.answers || v.state != ACD_OFFERED) {
        ORDER(a.at, hangup, .call = call, .side = ACD_SIDE_CALLER);
        return;
    }
    ORDER(a.at, accept, .assignment = v.assignment);
    act_put((struct act){a.at + (1 + bench_below(&month.random, 600)) * ACD_SECOND, a.call, false});
}

static void calls_make(uint32_t calls, acd_time from, acd_time to)
{
    for (uint32_t n = 0; n < calls; n++) {
        acd_time at = from + (to - from) / calls * n;
        struct acd_view_outcome o;

        while (month.act_count > 0 && month.acts[0].at <= at)
            act_do(act_take());
        o = call_comes(at, n);
        act_put((struct act){at + (1 + bench_below(&month.random, 60)) * ACD_SECOND, o.call.slot,
                             bench_below(&month.random, 10) > 0});
    }
    while (month.act_count > 0)
        act_do(act_take());
}

static void alive_make(acd_time at)
{
    for (uint32_t n = 0; n < MONTH_ALIVE; n++) {
        struct acd_view_outcome o = call_comes(at, n);

        if (o.assignment.gen != 0 && n % 3 == 0)
            ORDER(at, accept, .assignment = o.assignment);
    }
}

void month_make(const char *directory, uint32_t calls, acd_time from, acd_time to)
{
    acd_time days[KEPT_DAYS];
    struct acd_fold_zone utc = {"UTC", days, KEPT_DAYS};
    struct acd_persist_options options = {
        .directory = directory,
        .limits = {.agents = MONTH_AGENTS,
                   .queues = MONTH_QUEUES,
                   .memberships = MONTH_AGENTS,
                   .calls = 2000,
                   .ended_calls = 4096},
        .image_interval = 86400 * ACD_SECOND,
        .fold_zones = &utc,
        .fold_zone_count = 1,
    };

    for (int i = 0; i < KEPT_DAYS; i++)
        days[i] = from + (acd_time)i * 86400 * ACD_SECOND;
    month.random = (struct bench_random){88172645463325252u};
    if (acd_persist_open(&month.p, &month.e, &options) != ACD_OK)
        bench_give_up("%s", acd_persist_error(NULL));
    centre_make(from);
    calls_make(calls, from, to - 900 * ACD_SECOND);
    alive_make(to - ACD_SECOND);
    for (int i = 0; i < KEPT_DAYS; i++) /* days are kept one a round */
        if (acd_persist_wait(month.p, acd_position(month.e).sequence, ACD_SECOND) != ACD_OK ||
            acd_persist_step(month.p) < 0)
            bench_give_up("%s", acd_persist_error(month.p));
    acd_close(month.e);
    if (acd_persist_close(month.p) != ACD_OK)
        bench_give_up("%s", acd_persist_error(NULL));
}
