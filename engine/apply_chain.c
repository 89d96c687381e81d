#include "engine/apply.h"

/* The assignments of a call, which are a chain. */

/* A call mostly has one assignment at a time, so what a chain needs is looked at only when there
 * are several. */
void call_tie(struct acd_engine *e, uint32_t call, uint32_t assignment)
{
    struct call *c = &e->calls[call];
    uint32_t last = c->assignment;

    if (last == NONE) {
        c->assignment = assignment;
        c->agent = e->assignments[assignment].agent;
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
        c->assignment = call_assignment_after(e, assignment);
        c->agent = e->assignments[c->assignment].agent;
    } else {
        while (call_assignment_after(e, before) != assignment)
            before = call_assignment_after(e, before);
        e->call_chain[before] = e->call_chain[assignment];
    }
    e->call_chain[assignment] = 0;
    c->several = e->call_chain[c->assignment] != 0;
}
