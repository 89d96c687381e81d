#include "engine/lines.h"

#include "engine/hot.h"
#include "engine/names.h"
#include "engine/plans.h"
#include "engine/ring.h"
#include "engine/skills.h"

/* Plans opened and closed, and calls on their way from step to step.
 *
 * A call that follows a plan is in the line of its present step. One that is in the last step has
 * nothing more to come, and where that takes every member it is in the queue's own line, like a
 * call without a plan. One that is kept for an agent is in the line of that, before its first step.
 */

/* ---- opened and closed ---------------------------------------------------------------------- */

static void plan_unused(struct acd_engine *e, uint32_t plan)
{
    e->plans[plan].unused_since = e->sequence;
    list_append(&e->unused_plans, UNUSED_PLANS(e), plan);
    mark(e, ACD_TABLE_PLANS, plan);
}

/* The line of a step: the queue's own if the plan ends with everybody. */
static uint32_t step_line(struct acd_engine *e, uint32_t queue, const struct plan_step *s,
                          bool passes)
{
    struct requirement r;

    if (!passes && plan_step_is_plain(s))
        return queue;
    for (uint8_t i = 0; i < s->count; i++)
        skill_named(e, s->terms[i].skill);
    requirement_of(e, s, &r);
    return line_use(e, queue, &r, passes);
}

void plan_make(struct acd_engine *e, uint32_t plan, uint32_t queue, struct acd_str text)
{
    struct plan *p = &e->plans[plan];
    struct plan_text parsed;
    bool ok = plan_text_parse(text, &parsed);

    ACD_ASSERT(ok);
    p->queue = queue;
    p->uses = 0;
    p->count = parsed.count;
    for (uint8_t i = 0; i < parsed.count; i++) {
        p->after[i] = parsed.steps[i].after;
        p->lines[i] = step_line(e, queue, &parsed.steps[i], i + 1 < parsed.count);
    }
    TEXT_SET(p->text, text);
    p->name_key.hash = plan_hash(e, queue, text);
    index_add(&e->plan_texts, &p->name_key, plan);
}

void plan_free(struct acd_engine *e, uint32_t plan)
{
    struct plan *p = &e->plans[plan];

    ACD_ASSERT(p->uses == 0);
    for (uint8_t i = 0; i < p->count; i++)
        line_release(e, p->lines[i]);
    if (e->queues[p->queue].usual == plan)
        e->queues[p->queue].usual = NONE;
    list_remove(&e->unused_plans, UNUSED_PLANS(e), plan);
    index_remove(&e->plan_texts, p->name_key);
    slots_give(&e->plan_slots, plan);
    p->queue = NONE; /* so that nobody takes it for open */
    mark(e, ACD_TABLE_PLANS, plan);
}

void apply_plan_opened(struct acd_engine *e, const struct acd_event_plan_opened *v)
{
    slots_take(&e->plan_slots, v->plan - 1);
    plan_make(e, v->plan - 1, queue_at(e, v->queue), v->text);
    plan_unused(e, v->plan - 1);
}

void apply_plan_closed(struct acd_engine *e, const struct acd_event_plan_closed *v)
{
    plan_free(e, v->plan - 1);
}

/* ---- calls -------------------------------------------------------------------------------- */

static void call_at_step(struct acd_engine *e, uint32_t call, uint8_t step)
{
    struct call_card *card = &e->call_cards[call];
    const struct plan *p = &e->plans[card->plan];
    struct call *c = &e->calls[call];

    card->step = step & (PLAN_STEPS_MAX - 1U);
    c->line = p->lines[step];
}

APART void call_follow(struct acd_engine *e, uint32_t call, uint32_t number, uint8_t step)
{
    struct call_card *card = &e->call_cards[call];

    card->plan = number - 1;
    if (e->plans[card->plan].uses++ == 0) {
        list_remove(&e->unused_plans, UNUSED_PLANS(e), card->plan);
        mark(e, ACD_TABLE_PLANS, card->plan);
    }
    call_at_step(e, call, step);
}

APART void call_unfollow(struct acd_engine *e, uint32_t call)
{
    uint32_t plan = e->call_cards[call].plan;

    e->call_cards[call].plan = NONE;
    if (--e->plans[plan].uses == 0)
        plan_unused(e, plan);
}

COLD void call_keep(struct acd_engine *e, uint32_t call, acd_agent_id agent, acd_time until)
{
    const struct requirement r = {.max = UINT8_MAX, .agent = agent};
    struct call *c = &e->calls[call];

    e->call_turns[call].prefer = agent;
    e->call_turns[call].prefer_until = until;
    c->kept = true;
    c->line = line_use(e, c->queue, &r, true);
}

COLD void call_unkeep(struct acd_engine *e, uint32_t call)
{
    const struct call_card *card = &e->call_cards[call];
    struct call *c = &e->calls[call];

    line_release(e, c->line);
    c->kept = false;
    c->line = card->plan == NONE ? c->queue : e->plans[card->plan].lines[card->step];
}

APART uint8_t plan_step_from(const struct acd_engine *e, uint32_t plan, uint8_t step)
{
    const struct plan *p = &e->plans[plan];

    while (step + 1 < p->count && line_is_passed(e, p->lines[step]))
        step++;
    return step;
}

void apply_call_stepped(struct acd_engine *e, const struct acd_event_call_stepped *v)
{
    uint32_t call = call_at(e, v->call);

    call_unwait(e, call);
    if (e->calls[call].kept)
        call_unkeep(e, call);
    if (e->call_cards[call].plan != NONE)
        call_at_step(e, call, v->step);
    call_wait(e, call);
}

void apply_call_priority(struct acd_engine *e, const struct acd_event_call_priority *v)
{
    uint32_t call = call_at(e, v->call);
    struct call *c = &e->calls[call];
    bool waits = c->state == ACD_QUEUED;

    if (waits)
        call_unwait(e, call);
    if (c->ring == RING_ASKS)
        ring_unstand(e, call);
    c->key = c->enqueued_at - v->head_start;
    if (c->ring == RING_ASKS)
        ring_stand(e, call);
    if (waits)
        call_wait(e, call);
    mark(e, ACD_TABLE_CALLS, call);
}
