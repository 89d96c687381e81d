#ifndef ACD_TALLY_H
#define ACD_TALLY_H

#include "engine/intervals.h"

/* Today's sums of a queue and of the whole, and the queue's of the interval, which are added to
 * alike. To be asked for before the event changes what waits in the queue. */
struct tally {
    struct sums *queue, *all;
    struct queue_interval *interval;
};

static inline struct tally tally_of(struct acd_engine *e, uint32_t queue)
{
    mark(e, ACD_TABLE_QUEUES, queue);
    return (struct tally){queue_sums_today(e, &e->queues[queue]), sums_today(e, &e->sums),
                          queue_counted(e, queue)};
}

/* What today's sums of a queue have beside them. */
static inline struct queue_today *today_of(struct acd_engine *e, uint32_t queue)
{
    mark(e, ACD_TABLE_QUEUES, queue);
    (void)queue_sums_today(e, &e->queues[queue]);
    return &e->queues[queue].today;
}

#define BUMP(tally, field, by)                                                                     \
    do {                                                                                           \
        (tally).queue->field += (by);                                                              \
        (tally).all->field += (by);                                                                \
        (tally).interval->sums.field += (by);                                                      \
    } while (0)

/* A wait that is over may be the longest of the day. */
static inline void tally_waited(struct tally t, acd_span wait)
{
    if (wait > t.queue->wait_max)
        t.queue->wait_max = wait;
    if (wait > t.all->wait_max)
        t.all->wait_max = wait;
    if (wait > t.interval->sums.wait_max)
        t.interval->sums.wait_max = wait;
}

static inline acd_span span_between(acd_time from, acd_time to)
{
    return to > from ? to - from : 0;
}

#endif
