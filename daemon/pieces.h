#ifndef ACD_PIECES_H
#define ACD_PIECES_H

#include "engine/acd.h"

/* A range of time cut into pieces by a zone's clock: quarters, halves, hours, days, weeks, months.
 * The first and the last may be cut short by the range, which is widened to quarters of an hour. */

enum { PIECES_MAX = 65535 };

/* The bounds, one more than pieces, which the caller frees. Errors: INVALID (an empty range),
 * NOT_FOUND (no such zone), TOO_LONG (more pieces), NO_MEMORY. Only of the loop's thread. */
int pieces_make(uint8_t fold, const char *zone, acd_time from, acd_time to, acd_time **bounds,
                uint32_t *pieces);

#endif
