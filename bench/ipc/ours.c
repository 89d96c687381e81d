#include "bench/ipc/ours.h"

#include <stdio.h>

struct run {
    struct acd_client *client;
    struct mix *mix;
    struct load *load;
    struct lane {
        struct run *run;
        uint32_t number;
    } lanes[LOAD_LANES_MAX];
};

struct acd_client *ours_connect(const char *path, const char *name)
{
    char url[256];
    struct acd_client *c;
    struct acd_client_options options = {.url = url, .name = name};

    (void)snprintf(url, sizeof url, "ipc://%s", path);
    if (acd_client_open(&c, &options) != ACD_OK)
        bench_give_up("%s: not an address", url);
    if (acd_client_connect(c, 10 * ACD_SECOND) != ACD_OK)
        bench_give_up("%s", acd_client_error_text(c));
    return c;
}

static void on_outcome(void *ctx, int error, const struct acd_view_outcome *outcome);

static void ask(struct lane *lane)
{
    struct run *r = lane->run;
    struct acd_command command;

    mix_command(r->mix, lane->number, &command);
    if (acd_client_send(r->client, &command, on_outcome, lane) != ACD_OK)
        bench_give_up("%s", acd_client_error_text(r->client));
}

static void on_outcome(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    struct lane *lane = ctx;
    struct run *r = lane->run;

    mix_answered(r->mix, lane->number, error, outcome);
    if (load_answered(r->load, lane->number))
        ask(lane);
}

void ours_run(struct acd_client *c, struct mix *m, struct load *l)
{
    struct run r = {.client = c, .mix = m, .load = l};

    for (uint32_t i = 0; i < l->depth; i++) {
        r.lanes[i] = (struct lane){&r, i};
        load_sent(l, i);
        ask(&r.lanes[i]);
    }
    while (acd_client_unanswered(c) > 0)
        acd_client_wait(c, ACD_FOREVER);
}
