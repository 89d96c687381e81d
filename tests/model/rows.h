#ifndef ACD_MODEL_ROWS_H
#define ACD_MODEL_ROWS_H

#include <stdio.h>

#include "engine/acd.h"

/* The state of an engine as its rows, one after the other: what a journal's tables hold. Two
 * engines are in the same state when their rows are equal. */
struct rows {
    uint8_t *bytes;
    size_t len, room;
};

/* All rows of an engine, anew. */
void rows_of(struct rows *r, const struct acd_engine *e);

/* Brings rows up to date by those that an engine (with config.track) notes as changed only, and has
 * it note anew. */
void rows_follow(struct rows *r, struct acd_engine *e);

/* Loads all rows into an engine that was just opened; an error of acd_load_row(). */
int rows_load(const struct rows *r, struct acd_engine *e);

/* Prints the first row in which two differ. */
void rows_print_difference(FILE *out, const struct rows *a, const char *a_name,
                           const struct rows *b, const char *b_name);

bool rows_equal(const struct rows *a, const struct rows *b);
void rows_free(struct rows *r);

#endif
