#ifndef ACD_RESIZE_H
#define ACD_RESIZE_H

#include "persist/rows.h"

/* Rows of an engine with other limits, made to fit this one. Only one table's keys depend on a
 * limit: the keys of ended calls stand in a ring of limits.ended_calls places. */
struct resize {
    uint64_t old_places, new_places;
    uint64_t ended; /* calls whose keys were ever remembered, as the rows have it */
    uint8_t room[ACD_RECORD_MAX];
};

/* `old` is struct acd_limits as it stands in a format. */
struct resize resize_between(const uint32_t *old, const struct acd_limits *now);

/* Makes a row fit; its record may then stand in r->room. Errors: FULL, INVALID. */
int resize_row(struct resize *r, struct row *row);

#endif
