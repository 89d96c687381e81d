#ifndef ACD_PLANS_H
#define ACD_PLANS_H

#include "engine/apply.h"

/* Plans that are open, and calls that follow them. */

/* The open plan of a queue with this text, or NONE; whether that is this one, or NONE. */
uint32_t plan_find(const struct acd_engine *e, uint32_t queue, struct acd_str text);
static inline bool plan_is(const struct acd_engine *e, uint32_t plan, uint32_t queue,
                           struct acd_str text)
{
    return plan != NONE && e->plans[plan].queue == queue &&
           str_is(text, TEXT_STR(e->plans[plan].text));
}

/* Opens a plan; closes one that no call follows. */
void plan_make(struct acd_engine *e, uint32_t plan, uint32_t queue, struct acd_str text);
void plan_free(struct acd_engine *e, uint32_t plan);

/* A call that is in no line, and has no plan, begins to follow one of its queue by its number, or
 * ceases to. */
void call_follow(struct acd_engine *e, uint32_t call, uint32_t number, uint8_t step);
void call_unfollow(struct acd_engine *e, uint32_t call);

/* A call that is in no line, and follows its plan, is kept for an agent until then, before all its
 * steps; or ceases to be, and is where its plan has it. */
void call_keep(struct acd_engine *e, uint32_t call, acd_agent_id agent, acd_time until);
void call_unkeep(struct acd_engine *e, uint32_t call);

static inline void call_leave_plan(struct acd_engine *e, uint32_t call)
{
    if (e->calls[call].kept)
        call_unkeep(e, call);
    if (e->call_cards[call].plan != NONE)
        call_unfollow(e, call);
}

/* The first step from `step` on at which a call may be: later ones than are passed over. */
uint8_t plan_step_from(const struct acd_engine *e, uint32_t plan, uint8_t step);

#endif
