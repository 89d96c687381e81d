#include "persist/resize.h"

#include <string.h>

/* The ring of ended keys, laid out anew: the oldest at place 0, and the count of those ever
 * remembered made the count of those that are there. */

/* The default of limits.ended_calls, as acd.h has it. */
static uint64_t places(const struct acd_limits *l)
{
    uint32_t calls = l->calls == 0 ? 100000 : l->calls;

    return l->ended_calls == 0 ? calls : l->ended_calls;
}

struct resize resize_between(const uint32_t *old, const struct acd_limits *now)
{
    struct acd_limits then;

    memcpy(&then, old, sizeof then);
    return (struct resize){.old_places = places(&then), .new_places = places(now)};
}

static int resize_engine(struct resize *r, struct row *row)
{
    struct acd_row_engine e;

    if (acd_record_row_engine.decode(row->record, row->len, &e) < 0)
        return ACD_INVALID;
    r->ended = e.ended_count;
    if (e.ended_count > r->old_places)
        e.ended_count = r->old_places;
    if (e.ended_count > r->new_places)
        return ACD_FULL;
    row->len = acd_record_row_engine.encode(&e, r->room);
    row->record = r->room;
    return ACD_OK;
}

static int resize_ended(struct resize *r, struct row *row)
{
    struct acd_row_ended e;
    uint64_t oldest = r->ended > r->old_places ? r->ended % r->old_places : 0;

    if (acd_record_row_ended.decode(row->record, row->len, &e) < 0 || e.slot >= r->old_places)
        return ACD_INVALID;
    e.slot = (uint32_t)((e.slot + r->old_places - oldest) % r->old_places);
    row->key = e.slot;
    row->len = acd_record_row_ended.encode(&e, r->room);
    row->record = r->room;
    return ACD_OK;
}

int resize_row(struct resize *r, struct row *row)
{
    if (r->old_places == r->new_places)
        return ACD_OK;
    if (row->table == ACD_TABLE_ENGINE)
        return resize_engine(r, row);
    return row->table == ACD_TABLE_ENDED ? resize_ended(r, row) : ACD_OK;
}
