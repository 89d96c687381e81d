#ifndef ACD_PLAN_STATE_H
#define ACD_PLAN_STATE_H

#include "engine/index.h"
#include "engine/list.h"
#include "engine/plan_text.h"
#include "engine/text.h"

/* Skills, what lines of requirements ask for, and plans: part of the state, see engine.h. */

/* A skill by name, as long as an agent has it or a line asks for it. */
struct skill {
    TEXT(SKILL_NAME_MAX) name;
    struct index_key name_key;
    uint32_t uses;
};

/* A skill that an agent has. */
struct talent {
    uint16_t skill;
    uint8_t level;
};

struct line_term {
    uint16_t skill;
    uint8_t level, clause;
};

/* What a line of a requirement asks for: a step, see plan_text.h, or one agent. */
struct requirement {
    uint8_t min, max, raise, count;
    struct line_term terms[STEP_TERMS_MAX];
    acd_agent_id agent; /* nobody else may take its calls; 0: as above */
};

struct line_card {
    struct requirement requirement;
    uint32_t uses; /* by steps of plans, or calls that are kept; 0: the slot is free */
    struct link in_queue;
    uint32_t logged_in, members_ready; /* as of a queue */
};

/* Who may take a call, step by step: a plan's text in a queue, with its lines. Open as long as a
 * call follows it, and on until there is need of its room. */
struct plan {
    uint32_t queue;
    uint32_t uses; /* calls that follow it */
    uint8_t count;
    struct {
        acd_span after; /* the call entered the queue */
        uint32_t line;
    } steps[PLAN_STEPS_MAX];
    struct link in_unused;
    uint64_t unused_since; /* while uses is 0 */
    struct index_key name_key;
    TEXT(PLAN_TEXT_MAX) text;
};

#endif
