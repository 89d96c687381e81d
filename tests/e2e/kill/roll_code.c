#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/kill/roll.h"

/* What came of calls, as docs/ROUTING.md words it: a code goes with the work it is of, and an
 * agent's last work is known for a while when that is over, if its queue took codes late then. */

static void keep_late(struct roll *r, acd_assignment_id work)
{
    const struct roll_assignment *a = &r->assignments[work.slot];
    const struct roll_queue *q = &r->queues[a->queue.slot];
    struct roll_late *late = &r->agents[a->agent].late;

    if (q->gen != a->queue.gen || q->code_late == 0)
        return;
    *late = (struct roll_late){.work = work, .until = r->at + q->code_late, .visit = a->visit};
    memcpy(late->code, a->code, sizeof late->code);
}

void roll_work_over(struct roll *r, acd_assignment_id work)
{
    CHECK(r->assignments[work.slot].gen == work.gen);
    keep_late(r, work);
    r->assignments[work.slot] = (struct roll_assignment){.gen = 0};
}

static bool is_late(const struct roll *r, const struct roll_agent *agent)
{
    return agent->late.until > r->at;
}

static bool is_work(const struct roll_assignment *a)
{
    return a->gen != 0 && a->role != ACD_ROLE_OFFERED && a->role != ACD_ROLE_OUTSIDE;
}

/* It is said because it is another, or for the attributes that come with it. */
static void set_code(char code[ROLL_TEXT], const struct acd_event_wrap_up_coded *e)
{
    char old[ROLL_TEXT];

    memcpy(old, code, sizeof old);
    roll_text(code, e->code);
    CHECK(strcmp(old, code) != 0 || e->attributes.len > 0);
}

void roll_coded(struct roll *r, const struct acd_event_wrap_up_coded *e)
{
    struct roll_assignment *a = &r->assignments[e->assignment.slot];
    struct roll_agent *agent = &r->agents[e->agent.slot];

    CHECK(agent->gen == e->agent.gen);
    if (a->gen == e->assignment.gen) {
        CHECK(is_work(a) && a->agent == e->agent.slot && e->visit == a->visit);
        set_code(a->code, e);
        return;
    }
    CHECK(is_late(r, agent) && e->visit == agent->late.visit &&
          memcmp(&agent->late.work, &e->assignment, sizeof e->assignment) == 0);
    set_code(agent->late.code, e);
}

bool roll_is_work(const struct roll *r, acd_assignment_id work)
{
    const struct roll_assignment *a = &r->assignments[work.slot];

    return a->gen == work.gen && is_work(a);
}

/* Who is consulted about a call does not have it. */
static bool has_call(const struct roll_assignment *a, acd_call_id call)
{
    return is_work(a) && a->role != ACD_ROLE_CONSULTED && a->call_slot == call.slot &&
           a->call_gen == call.gen;
}

const char *roll_call_code(const struct roll *r, acd_call_id call)
{
    for (uint32_t i = 0; i < ROLL_ASSIGNMENTS; i++)
        if (has_call(&r->assignments[i], call))
            return r->assignments[i].code;
    return "";
}

const char *roll_code(const struct roll *r, uint32_t agent, acd_assignment_id work)
{
    const struct roll_assignment *a = &r->assignments[work.slot];
    const struct roll_agent *late = &r->agents[agent];

    if (a->gen == work.gen)
        return is_work(a) && a->agent == agent ? a->code : NULL;
    return is_late(r, late) && memcmp(&late->late.work, &work, sizeof work) == 0 ? late->late.code
                                                                                 : NULL;
}

bool roll_has_work(const struct roll *r, uint32_t agent)
{
    for (uint32_t i = 0; i < ROLL_ASSIGNMENTS; i++)
        if (is_work(&r->assignments[i]) && r->assignments[i].agent == agent)
            return true;
    return is_late(r, &r->agents[agent]);
}
