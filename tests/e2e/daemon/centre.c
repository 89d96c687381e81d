#include "tests/e2e/daemon/centre.h"

#include <string.h>

#include "tests/e2e/check.h"

void centre_queue(struct asker *a, const char *queue)
{
    struct acd_view_outcome o;

    CHECK(DO(a, &o, queue_set, .name = acd_str(queue)) == ACD_OK);
}

void centre_agent(struct asker *a, const char *agent, const char *queue)
{
    struct acd_view_outcome o;

    CHECK(DO(a, &o, agent_set, .name = acd_str(agent), .contact = acd_str("sip:agent")) == ACD_OK);
    CHECK(DO(a, &o, member_set, .agent_name = acd_str(agent), .queue_name = acd_str(queue)) ==
          ACD_OK);
}

void centre_state(struct asker *a, const char *agent, enum acd_agent_state state)
{
    struct acd_view_outcome o;

    CHECK(DO(a, &o, agent_state, .name = acd_str(agent), .state = (uint8_t)state) == ACD_OK);
}

/* ---- the books ---------------------------------------------------------------------------- */

struct books {
    struct acd_view_totals totals;
    struct acd_view_assignment assignments[ASKER_VIEWS_MAX];
    size_t assignment_count;
    uint32_t by_state[5];
};

static bool is_same_call(acd_call_id a, acd_call_id b)
{
    return a.slot == b.slot && a.gen == b.gen;
}

/* How many agents have this call. */
static unsigned holders(const struct books *b, const struct acd_view_call *call)
{
    unsigned count = 0;

    for (size_t i = 0; i < b->assignment_count; i++) {
        const struct acd_view_assignment *at = &b->assignments[i];

        count += is_same_call(at->call, call->call) && at->agent.slot == call->agent.slot &&
                 at->role == (call->state == ACD_OFFERED ? ACD_ROLE_OFFERED : ACD_ROLE_CONNECTED);
    }
    return count;
}

static const char *check_calls(struct asker *a, struct books *b)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct acd_view_call *call = &a->views[i].as.call;

        b->by_state[call->state]++;
        if (holders(b, call) != (call->state != ACD_QUEUED))
            return "a call has not just the agent that it should have";
    }
    return NULL;
}

static const char *check_agents(struct asker *a, const struct books *b)
{
    size_t assigned = 0;

    for (size_t i = 0; i < a->count; i++) {
        const struct acd_view_agent *agent = &a->views[i].as.agent;
        unsigned has = (unsigned)agent->offered + agent->connected + agent->wrap_up;

        if (has > agent->max_concurrent_calls)
            return "an agent is beyond its capacity";
        assigned += has + agent->outside;
    }
    return assigned == b->assignment_count ? NULL : "assignments and agents' counts differ";
}

static const char *check_totals(const struct books *b)
{
    const struct acd_view_totals *t = &b->totals;

    if (t->entered != t->queued + t->offered + t->dialing + t->stranded + t->answered +
                          t->abandoned + t->timed_out + t->withdrawn + t->overflowed +
                          t->left_empty + t->exited + t->callbacks + t->unreached + t->lost)
        return "a call that entered is not accounted for";
    if (t->queued != b->by_state[ACD_QUEUED] || t->offered != b->by_state[ACD_OFFERED] ||
        t->connected != b->by_state[ACD_CONNECTED])
        return "calls counted and calls listed differ";
    return NULL;
}

const char *centre_check(struct asker *a)
{
    struct books b = {0};
    const char *broken;

    CHECK(ASK(a, get_totals, .reserved = 0) == ACD_OK);
    b.totals = a->views[0].as.totals;
    CHECK(ASK(a, list_assignments, .limit = ASKER_VIEWS_MAX) == ACD_OK);
    for (; b.assignment_count < a->count; b.assignment_count++)
        b.assignments[b.assignment_count] = a->views[b.assignment_count].as.assignment;
    CHECK(ASK(a, list_agents, .limit = ASKER_VIEWS_MAX) == ACD_OK);
    broken = check_agents(a, &b);
    if (broken != NULL)
        return broken;
    CHECK(ASK(a, list_calls, .limit = ASKER_VIEWS_MAX) == ACD_OK);
    broken = check_calls(a, &b);
    return broken != NULL ? broken : check_totals(&b);
}
