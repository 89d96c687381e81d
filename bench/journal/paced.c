#include "bench/journal/paced.h"

struct paced {
    struct acd_client *client;
    struct mix *mix;
    struct load *load;
    struct lane {
        struct paced *paced;
        uint32_t number;
    } lanes[LOAD_LANES_MAX];
    uint32_t idle[LOAD_LANES_MAX]; /* a ring of lanes */
    uint32_t idle_first, idle_count;
};

static void put_idle(struct paced *p, uint32_t lane)
{
    p->idle[(p->idle_first + p->idle_count++) % LOAD_LANES_MAX] = lane;
}

static uint32_t take_idle(struct paced *p)
{
    uint32_t lane = p->idle[p->idle_first];

    p->idle_first = (p->idle_first + 1) % LOAD_LANES_MAX;
    p->idle_count--;
    return lane;
}

static void on_outcome(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    struct lane *lane = ctx;
    struct paced *p = lane->paced;

    mix_answered(p->mix, lane->number, error, outcome);
    (void)load_answered(p->load, lane->number);
    put_idle(p, lane->number);
}

static void ask(struct paced *p, uint64_t due)
{
    uint32_t lane = take_idle(p);
    struct acd_command command;

    p->load->sent_at[lane] = due;
    mix_command(p->mix, lane, &command);
    if (acd_client_send(p->client, &command, on_outcome, &p->lanes[lane]) != ACD_OK)
        bench_give_up("%s", acd_client_error_text(p->client));
}

void paced_run(struct acd_client *c, struct mix *m, struct load *l, double requests_per_s)
{
    static struct paced p;
    double interval_ns = 1e9 / requests_per_s;
    uint64_t began = bench_now_ns(), asked = 0, due = began, now = began;

    p = (struct paced){.client = c, .mix = m, .load = l};
    for (uint32_t i = 0; i < LOAD_LANES_MAX; i++) {
        p.lanes[i] = (struct lane){&p, i};
        put_idle(&p, i);
    }
    for (; now < l->until; now = bench_now_ns()) {
        for (; due <= now && p.idle_count > 0; asked++) {
            ask(&p, due);
            due = began + (uint64_t)(interval_ns * (double)(asked + 1));
        }
        (void)acd_client_process(c);
    }
    while (acd_client_unanswered(c) > 0)
        acd_client_wait(c, ACD_FOREVER);
}
