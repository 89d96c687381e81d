#include "engine/apply.h"

/* The assignments of a call, which are a chain. */

/* The first assignment of a call is another. Who has no seats leads to whosever are the first. */
static void call_first_set(struct acd_engine *e, uint32_t call, uint32_t assignment)
{
    struct call *c = &e->calls[call];
    uint32_t agent = e->assignments[assignment].agent, seat = e->agents[agent].seats;

    c->assignment = assignment;
    c->agent = agent;
    e->call_leads[call] = (struct call_lead){.agent = agent,
                                             .assignment = assignment,
                                             .seat = seat == LIST_NONE ? 0 : seat,
                                             .hash = c->name_key.hash};
}

/* A call mostly has one assignment at a time, so what a chain needs is looked at only when there
 * are several. */
void call_tie(struct acd_engine *e, uint32_t call, uint32_t assignment)
{
    struct call *c = &e->calls[call];
    uint32_t last = c->assignment;

    if (last == NONE) {
        call_first_set(e, call, assignment);
        return;
    }
    while (e->call_chain[last] != 0)
        last = call_assignment_after(e, last);
    e->call_chain[last] = assignment + 1;
    c->several = true;
}

void call_untie(struct acd_engine *e, uint32_t call, uint32_t assignment)
{
    struct call *c = &e->calls[call];
    uint32_t before = c->assignment;

    if (!c->several) {
        ACD_ASSERT(c->assignment == assignment);
        c->assignment = c->agent = NONE;
        return;
    }
    mark(e, ACD_TABLE_CALLS, call); /* its row names the first */
    if (before == assignment) {
        call_first_set(e, call, call_assignment_after(e, assignment));
    } else {
        while (call_assignment_after(e, before) != assignment)
            before = call_assignment_after(e, before);
        e->call_chain[before] = e->call_chain[assignment];
    }
    e->call_chain[assignment] = 0;
    c->several = e->call_chain[c->assignment] != 0;
}
