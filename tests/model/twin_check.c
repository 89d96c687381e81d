/* What must hold of the twin whatever docs/ROUTING.md says in detail. */

#include "tests/model/twin_parts.h"

/* "If an eligible pair exists, an offer exists": nobody is available for a call that waits. */
static const char *check_liveness(const struct twin *t)
{
    for (uint32_t i = 0; i < t->limits.agents; i++) {
        const struct twin_agent *a = &t->agents[i];

        if (a->id.gen != 0 && twin_available(t, a) && twin_best_call(t, a) != NULL)
            return "a call waits although an agent is available for it";
    }
    return NULL;
}

/* An assignment and its call mean each other; its agent is there. */
static const char *check_assignments(const struct twin *t)
{
    for (uint32_t i = 0; i < t->limits.assignments; i++) {
        const struct twin_assignment *s = &t->assignments[i];
        const struct twin_call *c = twin_call(t, s->call);

        if (s->id.gen == 0)
            continue;
        if (twin_agent(t, s->agent) == NULL)
            return "an assignment of no agent";
        if (s->role == ACD_ROLE_WRAP_UP || s->role == ACD_ROLE_OUTSIDE ? s->call.gen != 0
                                                                       : c == NULL)
            return "an assignment with the wrong call";
        if (c != NULL && twin_consultation(t, c) == s) {
            if (s->role != ACD_ROLE_OFFERED && s->role != ACD_ROLE_CONSULTED)
                return "two agents have one caller";
        } else if (c != NULL && (s->role == ACD_ROLE_OFFERED) != (c->state == ACD_OFFERED)) {
            return "a call in another state than its assignment";
        }
    }
    return NULL;
}

/* A queued call has no assignment, a ringing or connected one has one; its queue is there. */
static const char *check_calls(const struct twin *t)
{
    for (uint32_t i = 0; i < t->limits.calls; i++) {
        const struct twin_call *c = &t->calls[i];

        if (c->id.gen == 0)
            continue;
        if ((c->state == ACD_QUEUED || c->state == ACD_SCHEDULED || c->state == ACD_STRANDED) !=
            (twin_of_call(t, c, 0) == NULL))
            return "a call whose state and assignment disagree";
        if (twin_queue(t, c->queue) == NULL)
            return "a call in no queue";
        if (c->gateway.gen != 0 && twin_client(t, c->gateway) == NULL)
            return "a call of no client";
    }
    return NULL;
}

/* At an agent that is logged out or not active nothing rings; one logged out has nothing at all. */
static const char *check_agents(const struct twin *t)
{
    for (uint32_t i = 0; i < t->limits.agents; i++) {
        const struct twin_agent *a = &t->agents[i];

        if (a->id.gen == 0)
            continue;
        if ((a->state == ACD_LOGGED_OUT || a->active != ACD_YES) &&
            twin_load(t, a, ACD_ROLE_OFFERED) > 0)
            return "a call rings at an agent who takes none";
        if (a->state == ACD_LOGGED_OUT && twin_load(t, a, 0) > twin_load(t, a, ACD_ROLE_OUTSIDE))
            return "an agent is logged out and has work";
        if (a->drain != 0 && twin_load(t, a, 0) == 0)
            return "a draining agent has no work left";
    }
    return NULL;
}

/* No call is lost from the sums: what entered has left, or is still there. (Of a day's first day
 * only: calls are there when the day turns.) */
static const char *check_sums(const struct twin *t)
{
    const struct twin_sums *s = &t->totals;
    uint32_t waiting = 0;

    for (uint32_t i = 0; i < t->limits.calls; i++)
        waiting += t->calls[i].id.gen != 0 && t->calls[i].state != ACD_CONNECTED &&
                   t->calls[i].state != ACD_SCHEDULED;
    if (t->day == 0 && s->entered != s->answered + s->abandoned + s->timed_out + s->withdrawn +
                                         s->overflowed + s->left_empty + s->exited + s->callbacks +
                                         s->unreached + s->lost + waiting)
        return "the sums have lost a call";
    return NULL;
}

/* A gateway that is lost rings no phone once its sweep is over, and a call is stranded only when
 * its gateway was lost. */
static const char *check_gateways(const struct twin *t)
{
    for (uint32_t i = 0; i < t->limits.calls; i++) {
        const struct twin_call *c = &t->calls[i];
        const struct twin_client *gateway = twin_client(t, c->gateway);

        if (c->id.gen == 0)
            continue;
        if (c->state == ACD_STRANDED && (gateway == NULL || c->sequence > gateway->since))
            return "a call is stranded whose gateway is there";
        if (gateway != NULL && gateway->lost && gateway->sweep == 0 && !twin_called_back(c) &&
            (c->state == ACD_OFFERED || c->state == ACD_QUEUED))
            return "a call of a lost gateway rings, or might";
    }
    return NULL;
}

const char *twin_check(const struct twin *t)
{
    static const char *(*const checks[])(const struct twin *) = {
        check_liveness, check_assignments, check_calls, check_agents, check_sums, check_gateways};

    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        const char *broken = checks[i](t);

        if (broken != NULL)
            return broken;
    }
    return NULL;
}
