#include "bench/journal/paced.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <time.h>

enum { TICK_NS = 1000 * PACED_TICK_US };

/* When the next request is due. */
struct pace {
    uint64_t began, due, asked;
    double a_tick; /* requests */
};

struct paced {
    struct acd_client *client;
    int fd; /* its */
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

/* Sends what was asked, and waits for answers or the next tick; without an idle lane for answers
 * only, since to look for them again and again would take a processor from who makes them. */
static void wait_for(struct paced *p, uint64_t due, uint64_t now)
{
    struct pollfd fd = {p->fd, POLLIN, 0};
    struct timespec rest = {0, due > now ? (long)(due - now) : 0};

    acd_client_flush(p->client);
    (void)ppoll(&fd, 1, p->idle_count > 0 ? &rest : NULL, NULL);
}

/* Asks for what is due, as far as lanes are idle. */
static void ask_due(struct paced *p, struct pace *pace, uint64_t now)
{
    for (; pace->due <= now && p->idle_count > 0; pace->asked++) {
        ask(p, pace->due);
        pace->due = pace->began + (uint64_t)((double)(pace->asked + 1) / pace->a_tick) * TICK_NS;
    }
}

/* This thread, in real time or as any other. */
static void realtime(bool on)
{
    const int policy = on ? SCHED_RR : SCHED_OTHER;
    const struct sched_param lowest = {.sched_priority = sched_get_priority_min(policy)};

    if (sched_setscheduler(0, policy, &lowest) != 0)
        bench_give_up("the client cannot be in real time (CAP_SYS_NICE, or RLIMIT_RTPRIO of 1): %s",
                      strerror(errno));
}

void paced_run(struct acd_client *c, struct mix *m, struct load *l, double requests_per_s)
{
    static struct paced p;
    uint64_t now = bench_now_ns();
    struct pace pace = {now, now, 0, requests_per_s * TICK_NS / 1e9};

    p = (struct paced){.client = c, .fd = acd_client_fd(c), .mix = m, .load = l};
    for (uint32_t i = 0; i < LOAD_LANES_MAX; i++) {
        p.lanes[i] = (struct lane){&p, i};
        put_idle(&p, i);
    }
    realtime(true);
    for (; now < l->until; now = bench_now_ns()) {
        ask_due(&p, &pace, now);
        wait_for(&p, pace.due, now);
        (void)acd_client_process(c);
    }
    realtime(false);
    while (acd_client_unanswered(c) > 0)
        acd_client_wait(c, ACD_FOREVER);
}
