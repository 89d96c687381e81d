#ifndef ACD_PLAN_TEXT_H
#define ACD_PLAN_TEXT_H

#include <stdbool.h>

#include "engine/acd_schema.h"

/* The text of a plan: who may take a call, step by step.
 *
 *     plan   = step *( ";" step )
 *     step   = [ "@" span ] [ "[" level "-" level "]" ] [ "^" level ] [ clause *( "&" clause ) ]
 *     clause = term | "(" term *( "|" term ) ")"
 *     term   = skill [ ">=" level ]
 *     span   = digits ( "us" | "ms" | "s" | "m" | "h" ), at most 30 days
 *     level  = 0 to 255
 *
 *     spanish>=3 & (billing | tech>=2); @30s spanish; @2m
 *
 * A step begins its span after the call entered the queue; the first has none, and each is later
 * than the one before it. It takes members whose level is in the window; those whose level is below
 * that after ^ count as being of that one. Blanks may stand between any two things. */

enum { PLAN_STEPS_MAX = 8, STEP_TERMS_MAX = 16, SKILL_NAME_MAX = 32, PLAN_TEXT_MAX = 256 };

struct plan_term {
    struct acd_str skill;
    uint8_t level;
    uint8_t clause; /* terms of one clause are alternatives */
};

struct plan_step {
    acd_span after;
    uint8_t min, max; /* levels of memberships */
    uint8_t raise;    /* lower ones count as this */
    uint8_t count;
    struct plan_term terms[STEP_TERMS_MAX];
};

struct plan_text {
    uint8_t count;
    struct plan_step steps[PLAN_STEPS_MAX];
};

/* Reads a plan; its names point into the text. False when it is none. */
bool plan_text_parse(struct acd_str text, struct plan_text *out);

/* Whether a step takes every member as it is. */
bool plan_step_is_plain(const struct plan_step *s);

/* Whether two steps ask for the same, whenever they begin. */
bool plan_step_same(const struct plan_step *a, const struct plan_step *b);

/* Whether a skill may be called that. */
bool skill_name_ok(struct acd_str name);

/* The plan of a queue whose members have `levels` (a flag each) when each level waits for the next:
 * "[0-1]; @30s [0-2]; @60s". At most PLAN_TEXT_MAX bytes to `room`; empty when there is only one.
 */
struct acd_str plan_text_of_tiers(const uint32_t levels[256], acd_span wait, bool multiply,
                                  char room[PLAN_TEXT_MAX]);

#endif
