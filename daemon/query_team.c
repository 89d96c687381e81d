#include "daemon/listing.h"

/* Teams: what their agents do, counted as it is asked. Each agent of a team is a thing looked at.
 */

static void one_team(struct listing *l, const struct acd_view_team *team)
{
    (void)listing_put(l, &acd_record_view_team, team);
    listing_end(l, false);
}

void list_teams(struct server *s, uint64_t number, const struct acd_query_list_teams *q,
                struct acd_reply_writer *w)
{
    struct acd_view_team v;
    struct listing l;
    uint32_t slot;
    bool more;

    if (q->name.len > 0 && acd_team_view(s->engine, q->name, &v) != ACD_OK) {
        acd_reply_error(w, number, ACD_NOT_FOUND, 1);
        return;
    }
    l = listing_begin(s, number, q->cursor, q->limit, w);
    if (q->name.len > 0) {
        one_team(&l, &v);
        return;
    }
    slot = l.cursor;
    while ((more = acd_team_from(s->engine, &slot, &v)) && listing_goes_on(&l)) {
        if (!listing_put(&l, &acd_record_view_team, &v))
            break;
        l.looks -= v.agents < l.looks ? v.agents : l.looks;
        l.cursor = ++slot;
    }
    listing_end(&l, more);
}
