#include <string.h>

#include "daemon/tenant.h"

/* A tenant's totals, added up when they are asked: of its agents, and of its queues that are there;
 * what queues had that are gone is in the house's alone. The configuration has one version for all,
 * as events have one sequence. */

static void add_activity(struct acd_view_totals *to, const struct acd_view_agent *v)
{
    to->agents++;
    to->available += v->available;
    switch (v->activity) {
    case ACD_ACTIVITY_LOGGED_OUT: to->logged_out++; return;
    case ACD_ACTIVITY_NOT_READY: to->not_ready++; return;
    case ACD_ACTIVITY_IDLE: to->idle++; return;
    case ACD_ACTIVITY_DELAYED: to->delayed++; return;
    case ACD_ACTIVITY_RESERVED: to->reserved++; return;
    case ACD_ACTIVITY_BUSY: to->busy++; return;
    case ACD_ACTIVITY_WRAP_UP: to->wrap_up++; return;
    case ACD_ACTIVITY_OUTSIDE: to->outside++; return;
    default: to->no_device++;
    }
}

static void add_agents(const struct tenant *t, const struct acd_engine *e,
                       struct acd_view_totals *to)
{
    struct acd_view_agent v;

    for (acd_agent_id id = acd_agent_from(e, 0); id.gen != 0; id = acd_agent_from(e, id.slot + 1))
        if (acd_agent_view(e, id, &v) == ACD_OK && tenant_has_name(t, v.name))
            add_activity(to, &v);
}

/* Who rings and who is dialled stand together in a queue's view. */
static void add_queue(struct acd_view_totals *to, const struct acd_view_queue *v)
{
    acd_span longest = to->wait_max > v->wait_max ? to->wait_max : v->wait_max;

    to->queues++;
    to->queued += v->waiting - v->ringing - v->stranded;
    to->offered += v->ringing;
    to->connected += v->connected;
    to->scheduled += v->scheduled;
    to->stranded += v->stranded;
#define F(type, name, doc) to->name += v->name;
    ACD_SUMS_FIELDS
#undef F
    to->wait_max = longest;
}

static void add_queues(const struct tenant *t, const struct acd_engine *e,
                       struct acd_view_totals *to)
{
    struct acd_view_queue v;

    for (acd_queue_id id = acd_queue_from(e, 0); id.gen != 0; id = acd_queue_from(e, id.slot + 1))
        if (acd_queue_view(e, id, &v) == ACD_OK && tenant_has_name(t, v.name))
            add_queue(to, &v);
}

/* A callback that is dialled belongs to its queue, whosever the agent is. */
static void tell_dialing(const struct tenant *t, const struct acd_engine *e,
                         struct acd_view_totals *to)
{
    struct acd_view_assignment v;
    struct acd_view_queue queue;

    for (acd_assignment_id id = acd_assignment_from(e, 0); id.gen != 0;
         id = acd_assignment_from(e, id.slot + 1))
        if (acd_assignment_view(e, id, &v) == ACD_OK && v.role == ACD_ROLE_DIALING &&
            acd_queue_view(e, v.queue, &queue) == ACD_OK && tenant_has_name(t, queue.name))
            to->dialing++;
    to->offered -= to->dialing;
}

struct acd_view_totals tenant_totals(const struct tenant *t, const struct acd_engine *e,
                                     const struct acd_view_totals *all)
{
    struct acd_view_totals totals = {.day = all->day,
                                     .config_version = all->config_version,
                                     .config_label = all->config_label,
                                     .config_at = all->config_at};

    add_agents(t, e, &totals);
    add_queues(t, e, &totals);
    tell_dialing(t, e, &totals);
    return totals;
}
