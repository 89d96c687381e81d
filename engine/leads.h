#ifndef ACD_LEADS_H
#define ACD_LEADS_H

#include "engine/banks.h"

/* What a command will touch leads from one thing to the next, from a call to its agent to that
 * one's seats, and each is mostly in no cache. So where a call and a queue lead is known apart, and
 * all of it is on its way at once. Hints, for fetching alone: they may be out of date, and lead to
 * what is not needed. */

/* An agent's seats, which mostly stand side by side: one of them, and what is around it. */
static inline void seats_fetch(const struct acd_engine *e, uint32_t seat)
{
    const char *at = (const char *)&e->seats[seat];

    fetch(at);
    fetch(at - CACHE_LINE);
    fetch(at + CACHE_LINE);
}

/* Of a membership in a bank: all that an offer touches of its agent. */
static inline void next_fetch(const struct acd_engine *e, uint32_t membership)
{
    uint32_t agent = e->stand_agents[membership];

    fetch(&e->agents[agent]);
    fetch(&e->agent_intervals[agent]);
    seats_fetch(e, membership);
    stands_fetch(e, membership);
}

/* What a call's way through a queue touches of it: its counts, its pace, what it is set to, and the
 * shortest waits of its histogram. */
static inline void queue_fetch(const struct acd_engine *e, uint32_t queue)
{
    const char *q = (const char *)&e->queues[queue];

    for (size_t at = 0; at <= offsetof(struct queue, set.service_level_threshold); at += CACHE_LINE)
        fetch(q + at);
    fetch(&e->queue_waits[queue]);
}

/* All that the end of a call touches. */
static inline void call_end_fetch(const struct acd_engine *e, uint32_t call)
{
    const struct call_lead *lead = &e->call_leads[call];

    fetch(&e->calls[call]);
    fetch(&e->call_cards[call]);
    fetch(&e->live_links[call]);
    index_fetch(&e->call_keys, lead->hash);
    fetch(&e->agents[lead->agent]);
    fetch(&e->agent_intervals[lead->agent]);
    fetch(&e->assignments[lead->assignment]);
    seats_fetch(e, lead->seat);
    if (e->seats_taken > 0)
        stands_fetch(e, lead->seat);
}

/* Whom a call that enters a queue will mostly ring at. */
static inline void queue_next_fetch(const struct acd_engine *e, uint32_t queue)
{
    uint32_t next = e->lines[queue].ready.order.head, agent;

    if (next == ORDER_NONE)
        return;
    agent = e->seats[next].agent;
    fetch(&e->agents[agent]);
    fetch(&e->agent_intervals[agent]);
    seats_fetch(e, next);
}

/* What a new call will be written to, and whom it mostly goes to. */
static inline void route_fetch(const struct acd_engine *e, uint32_t slot, uint32_t queue)
{
    if (slot == SLOT_NONE || queue == NONE)
        return;
    fetch((const char *)&e->calls[slot] + CACHE_LINE);
    fetch(&e->wait_nodes[slot]);
    fetch(&e->call_cards[slot]);
    queue_next_fetch(e, queue);
    queue_fetch(e, queue);
}

#endif
