#ifndef ACD_PLAN_STATE_H
#define ACD_PLAN_STATE_H

#include "engine/index.h"
#include "engine/list.h"
#include "engine/marks.h"
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
    uint32_t members_ready; /* as of a queue */
};

/* The first call of a line that wants an agent. */
struct head {
    int64_t key;
    uint64_t sequence;
};

/* Lines of requirements stand in banks, up to MARKS_MAX together, of one queue and one raise: so
 * the order of those who may take their calls is one. (By best-skill it is each line's own: those
 * stand alone.) */
struct bank {
    uint64_t taken;  /* marks of lines; */
    uint64_t wanted; /* those of lines whose head is there */
    uint32_t queue;
    uint32_t next;  /* of the queue's */
    uint32_t tiers; /* chain, lowest level first */
    uint8_t raise, strategy;
    uint32_t lines[MARKS_MAX];
    struct head heads[MARKS_MAX];
};

/* Members of one level in a bank: those who are available stand before all of the next tier. Since
 * agents mostly come in the order of their level's strategy, each is then the last of its tree. */
struct tier {
    struct marks ready; /* stands of available members */
    uint32_t bank;
    uint32_t next;   /* of the bank's */
    uint32_t stands; /* of members, available or not: one at least */
    uint8_t level;   /* that counts in the bank */
};

/* A member's place in a bank, with the marks of the lines that it fulfils: one at least. It stands
 * in its tier's `ready` while its membership does so in its queue's.
 *
 * A membership's stand in one bank has its number, so that it is found, and fetched, without a look
 * at anything else; those in other banks of the queue are chained to that, which has no marks if it
 * is in no bank. */
struct stand {
    struct marks_item item;
    uint32_t tier;
    uint32_t next; /* of the membership's */
};
_Static_assert(sizeof(struct stand) == 40, "an agent's stands fill few cache lines");

/* Who may take a call, step by step: a plan's text in a queue, with its lines. Open as long as a
 * call follows it, and on until there is need of its room. A call touches the first cache line, and
 * of the text what it has. */
struct plan {
    uint32_t queue;
    uint32_t uses; /* calls that follow it */
    uint8_t count; /* of its steps */
    uint32_t lines[PLAN_STEPS_MAX];
    struct link in_unused;
    struct index_key name_key;
    uint32_t unused; /* so that the text begins a cache line */
    TEXT(PLAN_TEXT_MAX) text;
    acd_span after[PLAN_STEPS_MAX]; /* the call entered the queue */
    uint64_t unused_since;          /* while uses is 0 */
    char unused_too[48];
};
_Static_assert(sizeof(struct plan) == 448, "plans begin at a cache line");
_Static_assert(offsetof(struct plan, text) == 64, "and so do their texts");

#endif
