#include "daemon/listing.h"

/* Calendars: what each of their queues is by the clock, and whether it is that. A cursor is a place
 * among the queues of all calendars. Hours are asked once a calendar: they may look far ahead. */

struct asked {
    const struct calendar *calendar; /* NULL: none yet */
    bool within;
    acd_time until;
};

/* The calendar of a place, and which of its queues; NULL behind the last. */
static const struct calendar *calendar_at(const struct calendars *all, uint32_t place,
                                          size_t *queue)
{
    *queue = place;
    for (size_t i = 0; i < all->count; i++) {
        if (*queue < all->list[i].queue_count)
            return &all->list[i];
        *queue -= all->list[i].queue_count;
    }
    return NULL;
}

static bool differs_from(const struct calendar *c, bool within, const struct acd_view_queue *is)
{
    return c->strategy != 0 ? is->strategy != (within ? c->strategy : c->otherwise)
                            : is->state != (within ? ACD_OPEN : ACD_CLOSED);
}

static bool put(struct listing *l, struct asked *a, const struct calendar *c, const char *queue)
{
    struct acd_view_calendar v = {.calendar = acd_str(c->name),
                                  .queue_name = acd_str(queue),
                                  .queue = acd_queue_named(l->s->engine, acd_str(queue)),
                                  .zone = acd_str(c->hours.zone),
                                  .strategy = c->strategy,
                                  .otherwise = c->otherwise};
    struct acd_view_queue is;

    if (a->calendar != c)
        a->within = hours_open(&c->hours, server_now(l->s), &a->until);
    a->calendar = c;
    v.within = a->within;
    v.until = a->until;
    v.differs =
        acd_queue_view(l->s->engine, v.queue, &is) == ACD_OK && differs_from(c, v.within, &is);
    return listing_put(l, &acd_record_view_calendar, &v);
}

void list_calendars(struct server *s, uint64_t number, const struct acd_query_list_calendars *q,
                    struct acd_reply_writer *w)
{
    struct listing l = listing_begin(s, number, q->cursor, q->limit, w);
    struct asked asked = {.calendar = NULL};
    const struct calendar *c;
    size_t queue;

    while ((c = calendar_at(&s->config->calendars, l.cursor, &queue)) != NULL &&
           listing_goes_on(&l)) {
        if (wanted(q->calendar, acd_str(c->name)) &&
            wanted(q->queue_name, acd_str(c->queues[queue].name)) &&
            !put(&l, &asked, c, c->queues[queue].name))
            break;
        l.cursor++;
    }
    listing_end(&l, c != NULL);
}
