#include "tools/sim_private.h"

/* Counting: the engine's own sums, taken at both ends of a window, and what those do not have. */

static void work_up_to_now(struct sim *m, uint32_t group)
{
    acd_span span = m->now - m->work_at[group];

    m->work[group].busy += span * m->busy[group];
    m->work[group].staffed += span * m->staffed[group];
    m->work_at[group] = m->now;
}

/* Who still talks after its hours is at work. */
static uint32_t staffed_by(const struct sim *m, const struct sim_agent *a)
{
    return a->here || a->busy > 0 ? m->scenario->groups[a->group].capacity : 0;
}

void sim_agent_set(struct sim *m, uint32_t agent, bool here, uint32_t busy)
{
    struct sim_agent *a = &m->agents[agent];

    work_up_to_now(m, a->group);
    m->busy[a->group] -= a->busy;
    m->staffed[a->group] -= staffed_by(m, a);
    a->here = here;
    a->busy = busy;
    m->busy[a->group] += a->busy;
    m->staffed[a->group] += staffed_by(m, a);
}

void sim_window_begin(struct sim *m)
{
    for (uint32_t i = 0; i < m->scenario->queue_count; i++) {
        acd_queue_view(m->engine, m->queues[i], &m->before[i]);
        m->seen[i] = (struct sim_calls){0};
    }
    for (uint32_t i = 0; i < m->scenario->group_count; i++) {
        work_up_to_now(m, i);
        m->work[i] = (struct sim_work){0};
    }
}

static void calls_add(struct sim_calls *to, const struct sim_calls *c)
{
    to->entered += c->entered;
    to->answered += c->answered;
    to->abandoned += c->abandoned;
    to->timed_out += c->timed_out;
    to->refused += c->refused;
    to->in_time += c->in_time;
    to->delayed += c->delayed;
    to->wait_answered += c->wait_answered;
    to->wait_abandoned += c->wait_abandoned;
    to->talk += c->talk;
}

static struct sim_calls calls_since(const struct acd_view_queue *now,
                                    const struct acd_view_queue *then, uint64_t delayed)
{
    return (struct sim_calls){.entered = now->entered - then->entered,
                              .answered = now->answered - then->answered,
                              .abandoned = now->abandoned - then->abandoned,
                              .timed_out = now->timed_out - then->timed_out,
                              .refused = now->refused - then->refused,
                              .in_time = now->in_time - then->in_time,
                              .delayed = delayed,
                              .wait_answered = now->wait_answered - then->wait_answered,
                              .wait_abandoned = now->wait_abandoned - then->wait_abandoned,
                              .talk = now->talk - then->talk};
}

void sim_window_end(struct sim *m)
{
    struct sim_result *r = m->result;
    struct sim_calls *calls = sim_calls_of(r, r->windows, 0);
    struct sim_work *work = sim_work_of(r, r->windows, 0);

    for (uint32_t i = 0; i < m->scenario->queue_count; i++) {
        struct acd_view_queue now;

        acd_queue_view(m->engine, m->queues[i], &now);
        calls[i] = calls_since(&now, &m->before[i], m->seen[i].delayed);
        calls_add(&calls[r->queues], &calls[i]);
    }
    for (uint32_t i = 0; i < m->scenario->group_count; i++) {
        work_up_to_now(m, i);
        work[i] = m->work[i];
        work[r->groups].busy += work[i].busy;
        work[r->groups].staffed += work[i].staffed;
    }
    r->windows++;
}
