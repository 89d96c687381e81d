#include "daemon/listing.h"

/* Calendars: what each of their queues is by the clock, and whether it is that; then those that no
 * queue has. A cursor is a place among both. */

static bool is_used(const struct calendars *all, size_t calendar)
{
    for (size_t i = 0; i < all->use_count; i++)
        if (all->uses[i].calendar == calendar)
            return true;
    return false;
}

static bool differs_from(const struct calendar *c, const struct calendar_use *use,
                         const struct acd_view_queue *is)
{
    if (!calendar_speaks(c, use))
        return false;
    return use->strategy ? is->strategy != (c->within ? c->strategy : c->otherwise)
                         : is->state != (c->within ? ACD_OPEN : ACD_CLOSED);
}

/* What the calendar says at all. */
static struct acd_view_calendar view_of(const struct calendar *c)
{
    return (struct acd_view_calendar){.calendar = acd_str(c->name),
                                      .zone = acd_str(c->hours.zone),
                                      .strategy = c->strategy,
                                      .otherwise = c->otherwise,
                                      .within = c->within,
                                      .until = c->until};
}

/* ... and to a queue: of its state and its strategy there is a view each. */
static struct acd_view_calendar view_of_use(const struct listing *l, const struct calendar_use *use)
{
    const struct calendar *c = &l->s->calendars.list[use->calendar];
    struct acd_view_calendar v = view_of(c);
    struct acd_view_queue is;

    if (acd_queue_view(l->s->engine, use->queue, &is) != ACD_OK)
        return v;
    v.queue = use->queue;
    v.queue_name = is.name;
    if (!use->strategy)
        v.strategy = v.otherwise = 0;
    v.differs = differs_from(c, use, &is);
    return v;
}

void list_calendars(struct server *s, uint64_t number, const struct acd_query_list_calendars *q,
                    struct acd_reply_writer *w)
{
    struct listing l = listing_begin(s, number, q->cursor, q->limit, w);
    const struct calendars *all = &s->calendars;
    size_t count = all->use_count + all->count;

    for (; l.cursor < count && listing_goes_on(&l); l.cursor++) {
        size_t rest = l.cursor - all->use_count;
        struct acd_view_calendar v;

        if (l.cursor >= all->use_count && is_used(all, rest))
            continue;
        v = l.cursor < all->use_count ? view_of_use(&l, &all->uses[l.cursor])
                                      : view_of(&all->list[rest]);
        if (wanted(q->calendar, v.calendar) && wanted(q->queue_name, v.queue_name) &&
            !listing_put(&l, &acd_record_view_calendar, &v))
            break;
    }
    listing_end(&l, l.cursor < count);
}

/* ---- times -------------------------------------------------------------------------------- */

/* Of a calendar, from a place among its times on; false: the message is full. */
static bool put_times(struct listing *l, struct acd_str calendar, uint32_t place)
{
    struct acd_view_calendar_time v;

    while (acd_calendar_times(l->s->engine, calendar, &place, &v)) {
        if (!listing_goes_on(l) || !listing_put(l, &acd_record_view_calendar_time, &v))
            return false;
        l->cursor++;
    }
    return true;
}

/* A cursor is the calendar's place, 128 times as much, and that among its times. */
void list_calendar_times(struct server *s, uint64_t number,
                         const struct acd_query_list_calendar_times *q, struct acd_reply_writer *w)
{
    struct listing l = listing_begin(s, number, q->cursor, q->limit, w);
    uint32_t slot = l.cursor / ACD_CALENDAR_TIMES_MAX;
    struct acd_view_calendar_settings v;
    bool more = acd_calendar_from(s->engine, &slot, &v);

    while (more) {
        uint32_t first = slot * ACD_CALENDAR_TIMES_MAX;
        uint32_t place = l.cursor > first ? l.cursor - first : 0;

        l.cursor = first + place;
        if (wanted(q->calendar, v.name) && !put_times(&l, v.name, place))
            break;
        slot++;
        more = acd_calendar_from(s->engine, &slot, &v);
    }
    listing_end(&l, more);
}
