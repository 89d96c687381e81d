#ifndef ACD_MODEL_PAIR_H
#define ACD_MODEL_PAIR_H

#include "tests/model/dump.h"
#include "tests/model/rows.h"
#include "tests/model/twin.h"

/* An engine and its twin in lockstep, and a second engine that follows the first one's frames. Now
 * and then the engines' rows are compared, with those that the follower's notes of changes led to,
 * and one of the two is replaced by an engine loaded from them: nobody may see the difference.
 *
 *     pair_open(&p, &limits, TWIN_SOUND);
 *     while (pair_step(&p, &step))
 *         ...
 *     pair_report(&p, stderr, &step);   (p.broken says what they differ in)
 */

enum { STEP_TEXT = 8192 };

/* One call of the engine: acd_execute, or acd_advance when command.code is 0. */
struct step {
    acd_time now;
    acd_client_id client;
    uint64_t request;
    struct acd_command command;

    size_t text_len; /* the command's texts stand in text */
    char text[STEP_TEXT];
};

struct pair {
    struct acd_engine *engine, *follower;
    struct twin *twin;
    unsigned views_every; /* steps from one comparison of all views to the next; 1: each */
    unsigned rows_every;  /* the same of rows, and of loading them; 0: never */
    uint64_t steps;
    size_t followed; /* bytes of all frames the follower applied */
    struct acd_view_outcome engine_outcome, twin_outcome;
    struct dump engine_dump, follower_dump, twin_dump;
    struct rows engine_rows, follower_rows;
    struct rows noted;  /* kept up to date by what the follower notes as changed */
    const char *broken; /* what the last step broke, or NULL */
};

void pair_open(struct pair *p, const struct acd_limits *limits, enum twin_fault fault);
void pair_close(struct pair *p);

/* Does a step in both and compares: outcomes, frames, the next deadline, positions; and each
 * views_every steps all views of all three. False when something differs or is broken. */
bool pair_step(struct pair *p, const struct step *step);

/* Compares all views now. */
bool pair_compare_views(struct pair *p);

/* Prints a step, and what both made of it. */
void pair_print_step(FILE *out, const struct step *step);
void pair_report(struct pair *p, FILE *out, const struct step *step);

/* Adds a text to a step's own. */
struct acd_str step_text(struct step *step, const char *data, size_t len);

#endif
