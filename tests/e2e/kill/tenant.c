#include "tests/e2e/kill/tenant.h"

#include <string.h>

#include "tests/e2e/check.h"

void tenant_look_open(struct tenant_look *look)
{
    const struct acd_client_options options = {.url = SITE_TENANT_URL,
                                               .timeout = 3600 * ACD_SECOND};

    CHECK(acd_client_open(&look->eye, &options) == ACD_OK);
}

void tenant_look_close(struct tenant_look *look)
{
    acd_client_close(look->eye);
}

static bool begins(struct acd_str name, const char *with)
{
    return name.len >= strlen(with) && memcmp(name.data, with, strlen(with)) == 0;
}

bool tenant_has(struct acd_str name)
{
    return begins(name, SITE_TENANT);
}

static void on_view(void *ctx, int error, const struct acd_view *view)
{
    struct tenant_look *look = ctx;

    CHECK(error == ACD_OK);
    switch (view->code) {
    case ACD_VIEW_agent:
        CHECK(begins(view->as.agent.name, "seat-"));
        look->agents++;
        return;
    case ACD_VIEW_queue:
        CHECK(begins(view->as.queue.name, "help"));
        look->queues++;
        return;
    case ACD_VIEW_call:
        CHECK(begins(view->as.call.queue_name, "help"));
        look->calls++;
        return;
    case ACD_VIEW_totals: look->totals = view->as.totals; return;
    default: return;
    }
}

void tenant_look_take(struct tenant_look *look)
{
    static const uint16_t codes[] = {ACD_QUERY_list_agents, ACD_QUERY_list_queues,
                                     ACD_QUERY_list_calls, ACD_QUERY_get_totals};

    look->agents = look->queues = look->calls = 0;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        const struct acd_query query = {.code = codes[i]};

        CHECK(acd_client_list(look->eye, &query, on_view, look) == ACD_OK);
    }
}

/* ---- judging ------------------------------------------------------------------------------ */

static void judge_sums(const struct acd_view_totals *t, const struct acd_view_queue *queue)
{
#define F(type, name, doc) CHECK(t->name == queue->name);
    ACD_SUMS_FIELDS
#undef F
}

void tenant_look_judge(const struct tenant_look *look, const struct roll *now,
                       const struct acd_view_queue *queue)
{
    const struct acd_view_totals *t = &look->totals;
    uint32_t of_state[UINT8_MAX + 1] = {0}, agents = 0, queues = 0, calls = 0;

    for (uint32_t i = 0; i < ROLL_agents; i++)
        agents += now->agents[i].gen != 0 && tenant_has(acd_str(now->agents[i].name));
    for (uint32_t i = 0; i < ROLL_queues; i++)
        queues += now->queues[i].gen != 0 && tenant_has(acd_str(now->queues[i].name));
    for (uint32_t i = 0; i < ROLL_calls; i++) {
        const struct roll_call *c = &now->calls[i];

        if (c->gen == 0 || !tenant_has(acd_str(now->queues[c->queue].name)))
            continue;
        calls++;
        of_state[c->state]++;
    }
    CHECK(look->agents == agents && t->agents == agents);
    CHECK(look->queues == queues && t->queues == queues);
    CHECK(look->calls == calls);
    CHECK(t->queued == of_state[ACD_QUEUED] && t->offered == of_state[ACD_OFFERED]);
    CHECK(t->connected == of_state[ACD_CONNECTED] && t->scheduled == of_state[ACD_SCHEDULED]);
    CHECK(t->dialing == of_state[ACD_DIALING] && t->stranded == of_state[ACD_STRANDED]);
    judge_sums(t, queue);
}
