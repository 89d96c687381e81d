#include "engine/engine.h"

/* How much there may be of everything: what is not said, and what is too much. */

enum {
    CLIENTS_MAX = 1 << 16,
    QUEUES_PER_AGENT_MAX = 1024,
    LINES_PER_AGENT_MAX = 1024,
    SKILLS_LIMIT_MAX = UINT16_MAX,
};

static void limit_default(uint32_t *limit, uint64_t value)
{
    if (*limit == 0)
        *limit = value > LIMIT_MAX ? LIMIT_MAX : (uint32_t)value;
}

void limits_default(struct acd_limits *l)
{
    limit_default(&l->agents, 10000);
    limit_default(&l->queues, 1000);
    limit_default(&l->memberships, (uint64_t)8 * l->agents);
    limit_default(&l->queues_per_agent, 32);
    limit_default(&l->calls, 100000);
    limit_default(&l->assignments, (uint64_t)2 * l->agents);
    limit_default(&l->ended_calls, l->calls);
    limit_default(&l->numbers, 1000);
    limit_default(&l->clients, 64);
    limit_default(&l->outbox_bytes, 1024 * 1024);
    limit_default(&l->call_texts, l->calls);
    limit_default(&l->skills, 1000);
    limit_default(&l->plans, 4096);
    limit_default(&l->lines, 4096);
    limit_default(&l->seats, l->memberships);
    limit_default(&l->lines_per_agent, 32);
}

#define LIMIT(name, least, greatest)                                                               \
    {                                                                                              \
#name, offsetof(struct acd_limits, name), (least), (greatest)                              \
    }

static const struct acd_limit bounds[] = {
    LIMIT(agents, 1, AGENTS_MAX),     LIMIT(queues, 1, LIMIT_MAX),
    LIMIT(memberships, 1, LIMIT_MAX), LIMIT(queues_per_agent, 1, QUEUES_PER_AGENT_MAX),
    LIMIT(calls, 1, LIMIT_MAX),       LIMIT(assignments, 1, LIMIT_MAX),
    LIMIT(ended_calls, 1, LIMIT_MAX), LIMIT(numbers, 1, LIMIT_MAX),
    LIMIT(clients, 1, CLIENTS_MAX),   LIMIT(outbox_bytes, 2 * NOTICE_ROOM, LIMIT_MAX),
    LIMIT(call_texts, 1, LIMIT_MAX),  LIMIT(skills, 1, SKILLS_LIMIT_MAX),
    LIMIT(plans, 1, LIMIT_MAX),       LIMIT(lines, 1, LIMIT_MAX),
    LIMIT(seats, 1, LIMIT_MAX),       LIMIT(lines_per_agent, 1, LINES_PER_AGENT_MAX),
};

const struct acd_limit *acd_limits_wrong(const struct acd_limits *l)
{
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        uint32_t value;

        memcpy(&value, (const char *)l + bounds[i].offset, sizeof value);
        if (value != 0 && (value < bounds[i].least || value > bounds[i].greatest))
            return &bounds[i];
    }
    return NULL;
}

const struct acd_limits *acd_limits_of(const struct acd_engine *e)
{
    return &e->config.limits;
}
