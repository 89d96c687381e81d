#include "bench/metrics/live.h"

#include <stdio.h>

#include "bench/harness.h"
#include "engine/acd.h"

enum { QUEUES = 50, FEW = 1000, MANY = 1000000, TIMES = 200 };

static struct acd_engine *centre(uint32_t calls)
{
    struct acd_config config = {.limits = {.agents = 1, .queues = QUEUES, .calls = calls}};
    struct acd_view_outcome o;
    struct acd_engine *e;
    char key[24], queue[16];

    if (acd_open(&e, &config) != ACD_OK)
        bench_give_up("no memory for %u calls", calls);
    for (unsigned q = 0; q < QUEUES; q++) {
        struct acd_command set = {.code = ACD_COMMAND_queue_set};

        (void)snprintf(queue, sizeof queue, "queue%u", q);
        set.as.queue_set.name = acd_str(queue);
        acd_execute(e, ACD_SECOND, ACD_NOBODY, 0, &set, &o);
    }
    for (uint32_t n = 0; n < calls; n++) {
        struct acd_command route = {.code = ACD_COMMAND_route};

        (void)snprintf(key, sizeof key, "k%u", n);
        (void)snprintf(queue, sizeof queue, "queue%u", n % QUEUES);
        route.as.route.key = acd_str(key);
        route.as.route.queue_name = acd_str(queue);
        acd_execute(e, ACD_SECOND + n, ACD_NOBODY, 0, &route, &o);
        if (o.error != ACD_OK)
            bench_give_up("call %u: %s", n, acd_error_text(o.error));
    }
    return e;
}

static uint64_t told; /* so that nothing is left out */

static double tell(const struct acd_engine *e)
{
    uint64_t began = bench_cpu_ns();

    for (int i = 0; i < TIMES; i++) {
        struct acd_view_totals t;
        struct acd_view_queue v;

        acd_totals_view(e, &t);
        told += t.queued;
        for (acd_queue_id q = acd_queue_from(e, 0); q.gen != 0; q = acd_queue_from(e, q.slot + 1)) {
            (void)acd_queue_view(e, q, &v);
            told += v.waiting;
        }
    }
    return (double)(bench_cpu_ns() - began) / TIMES;
}

double live_growth(void)
{
    struct acd_engine *few = centre(FEW), *many = centre(MANY);
    struct bench_series a = {.count = 0}, b = {.count = 0}, ratio = {.count = 0};

    for (int i = 0; i < 2 * BENCH_PAIRS_MIN; i++) {
        double x = tell(few), y = tell(many);

        bench_add(&a, x / 1000);
        bench_add(&b, y / 1000);
        bench_add(&ratio, y / x);
    }
    bench_print_head("totals and 50 queues, in process", "us");
    bench_print_series("1,000 live calls", &a);
    bench_print_series("1,000,000 live calls", &b);
    acd_close(few);
    acd_close(many);
    if (told == 0)
        bench_give_up("nothing waits");
    return bench_median(&ratio);
}
