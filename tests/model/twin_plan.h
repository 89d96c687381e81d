#ifndef ACD_MODEL_TWIN_PLAN_H
#define ACD_MODEL_TWIN_PLAN_H

#include "tests/model/twin.h"

/* twin_plan_read.c, twin_plan.c: plans, lines, and who may take a call. */

bool twin_plan_read(struct acd_str text, struct twin_steps *out);
bool twin_skill_name(struct acd_str name);

/* The level that a step makes of a membership's; NULL: no step. */
uint8_t twin_step_level(const struct twin *t, const struct twin_step *s, uint8_t level);

/* Whether an agent whose membership has this level may take calls of a step. */
bool twin_fulfils(const struct twin *t, const struct twin_agent *a, uint8_t level,
                  const struct twin_step *s);
bool twin_may_take(const struct twin *t, const struct twin_agent *a, const struct twin_call *c);

/* The clauses of a step that an agent does not fulfil, a bit each. */
uint32_t twin_lacks(const struct twin *t, const struct twin_agent *a, const struct twin_step *s);

/* A call's present step, or NULL, as when it is kept; whether another one comes, and when (0:
 * never). */
const struct twin_step *twin_call_step(const struct twin *t, const struct twin_call *c);
bool twin_passes(const struct twin *t, const struct twin_call *c);
acd_time twin_step_at(const struct twin *t, const struct twin_call *c);

/* The first step of a plan from `step` on that is not passed over. */
uint8_t twin_step_from(const struct twin *t, uint32_t plan, uint8_t step);

/* The same for a call that was kept, by how long it has waited. */
uint8_t twin_step_now(const struct twin *t, const struct twin_call *c);

/* Whether a call that will follow a plan (0: none) may be kept for an agent in a queue; closes
 * unused plans. */
bool twin_may_be_kept(struct twin *t, const struct twin_queue *q, const struct twin_agent *a,
                      uint32_t plan);

/* Whether a call is queued at a step that is passed over. */
bool twin_call_is_deserted(const struct twin *t, const struct twin_call *c);

/* Whether two queued calls wait in the same line. */
bool twin_same_line(const struct twin *t, const struct twin_call *a, const struct twin_call *b);

/* A line of a queue: of all members (step NULL), of a step, or of calls kept for one agent. */
struct twin_line {
    const struct twin_step *step;
    bool passes;
    acd_agent_id only;
};
struct twin_line twin_line_of(const struct twin *t, const struct twin_call *c);
struct twin_line twin_line_of_step(const struct twin *t, uint32_t plan, uint8_t step);

/* Whether a call waits in a line of its queue. */
bool twin_is_in(const struct twin *t, const struct twin_call *c, const struct twin_line *line);

/* Those of a queue but its own: how many, at most `max`; and how many calls are queued in one, with
 * the first of them. */
uint32_t twin_lines(const struct twin *t, const struct twin_queue *q, struct twin_line *out,
                    uint32_t max);
uint32_t twin_waiting(const struct twin *t, const struct twin_queue *q,
                      const struct twin_line *line, const struct twin_call **first);

/* The number of the plan of a call that brings `text` into a queue, opened if need be. */
int twin_plan_of_call(struct twin *t, const struct twin_queue *q, struct acd_str text,
                      uint32_t most, uint32_t *plan);

/* The number of the plan that a call would follow there which brings none, if it is open; else 0.
 */
uint32_t twin_usual_plan(const struct twin *t, const struct twin_queue *q);

/* Whether everybody may sit where they do; closes plans for it. */
bool twin_seats_fit(struct twin *t);

/* Whether there is room for a skill of this name. */
bool twin_has_name_room(const struct twin *t, struct acd_str name);

/* Notes which plans are followed, after an event that may have changed it. */
void twin_note_plans(struct twin *t, uint64_t sequence);

void say_skill_set(struct twin *t, struct twin_agent *a, struct acd_str skill, uint8_t level);
void say_plan_opened(struct twin *t, uint32_t plan, acd_queue_id queue, struct acd_str text);
void say_plan_closed(struct twin *t, uint32_t plan);
void say_call_stepped(struct twin *t, struct twin_call *c);

#endif
