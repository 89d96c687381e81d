#ifndef ACD_KEYS_H
#define ACD_KEYS_H

#include "engine/engine.h"

/* What of the state stands in orders, chains and lists, and by which keys. engine.h brings it. */

/* (level, last_status_change, sequence): 8 bits of level above 56 of microseconds, which last until
 * the year 4253. */
static inline struct order_key seat_key(const void *owner, uint32_t seat)
{
    const struct acd_engine *e = owner;
    const struct seat *s = &e->seats[seat];
    const struct agent *a = &e->agents[s->agent];

    return (struct order_key){(uint64_t)s->level << 56 | (uint64_t)a->lsc, a->lsc_sequence};
}

static inline struct order_key lease_key(const void *owner, uint32_t slot)
{
    const struct assignment *s = &((const struct acd_engine *)owner)->assignments[slot];

    return (struct order_key){(uint64_t)s->until, s->until_sequence};
}

static inline struct order_key wait_key(const void *owner, uint32_t call)
{
    const struct call *c = &((const struct acd_engine *)owner)->calls[call];

    return (struct order_key){(uint64_t)c->until, c->until_sequence};
}

static inline struct order_key step_key(const void *owner, uint32_t call)
{
    const struct acd_engine *e = owner;
    const struct call_card *card = &e->call_cards[call];
    const struct call *c = &e->calls[call];
    acd_time at = c->kept ? e->call_turns[call].prefer_until
                          : c->entered_at + e->plans[card->plan].after[card->step + 1];

    return (struct order_key){(uint64_t)at, c->until_sequence};
}

static inline struct order_key delay_key(const void *owner, uint32_t agent)
{
    const struct agent_card *card = &((const struct acd_engine *)owner)->agent_cards[agent];

    return (struct order_key){(uint64_t)card->delay_until, card->delay_sequence};
}

static inline struct order_key deserted_key(const void *owner, uint32_t queue)
{
    const struct queue *q = &((const struct acd_engine *)owner)->queues[queue];

    return (struct order_key){(uint64_t)q->deserted_until, q->deserted_sequence};
}

/* Of one time by slot. */
static inline struct order_key alerting_key(const void *owner, uint32_t queue)
{
    const struct queue *q = &((const struct acd_engine *)owner)->queues[queue];

    return (struct order_key){(uint64_t)q->alert_at, queue};
}

static inline struct order_key device_key(const void *owner, uint32_t agent)
{
    const struct agent_card *card = &((const struct acd_engine *)owner)->agent_cards[agent];

    return (struct order_key){(uint64_t)card->device_until, card->device_sequence};
}

static inline struct order_key announced_key(const void *owner, uint32_t call)
{
    const struct announcement *a = &((const struct acd_engine *)owner)->announcements[call];

    return (struct order_key){(uint64_t)a->at, a->sequence};
}

static inline struct order_key due_key(const void *owner, uint32_t call)
{
    const struct callback *b = &((const struct acd_engine *)owner)->callbacks[call];

    return (struct order_key){(uint64_t)b->due, b->sequence};
}

/* Item c is client c's lease, item limits.clients + c its grace. */
static inline struct order_key absence_key(const void *owner, uint32_t item)
{
    const struct acd_engine *e = owner;
    uint32_t clients = e->config.limits.clients;
    const struct client *c = &e->clients[item < clients ? item : item - clients];

    return item < clients ? (struct order_key){(uint64_t)c->lease_until, c->lease_sequence}
                          : (struct order_key){(uint64_t)c->grace_until, c->since};
}

#define DUES(e) ORDER_ITEMS((e)->callbacks, in_dues, due_key, (e))
#define ABSENCES(e)                                                                                \
    ((struct order_items){                                                                         \
        {(char *)(e)->absence_links, sizeof *(e)->absence_links}, absence_key, (e)})
#define ANNOUNCED(e) ORDER_ITEMS((e)->announcements, in_announced, announced_key, (e))
#define SEATS(e)     ORDER_ITEMS((e)->seats, in_ready, seat_key, (e)) /* in queues' `ready` */
#define LEASES(e)    ORDER_ITEMS((e)->assignments, in_leases, lease_key, (e))
#define DELAYS(e)    ORDER_ITEMS((e)->agent_cards, in_delays, delay_key, (e))
#define DESERTED(e)  ORDER_ITEMS((e)->queues, in_deserted, deserted_key, (e))
#define ALERTING(e)  ORDER_ITEMS((e)->queues, in_alerting, alerting_key, (e))
#define DEVICES(e)   ORDER_ITEMS((e)->agent_cards, in_devices, device_key, (e))
#define STEPS(e)     ORDER_ITEMS((e)->call_cards, in_steps, step_key, (e))
#define WAITS(e)                                                                                   \
    ((struct order_items){{(char *)(e)->wait_links, sizeof *(e)->wait_links}, wait_key, (e)})

#define AGENT_SEATS(e)       CHAIN((e)->seats, next)
#define MEMBER_STANDS(e)     CHAIN((e)->stands, next)
#define BANK_TIERS(e)        CHAIN((e)->tiers, next)
#define QUEUE_BANKS(e)       CHAIN((e)->banks, next)
#define LINE_SEATS(e)        LINKS((e)->seat_cards, in_line)
#define QUEUE_LINES(e)       LINKS((e)->line_cards, in_queue)
#define AGENT_ASSIGNMENTS(e) CHAIN((e)->assignments, next)
#define UNUSED_PLANS(e)      LINKS((e)->plans, in_unused)
#define LIVE_CALLS(e)        ((struct links){(char *)(e)->live_links, sizeof *(e)->live_links})
#define UNANSWERED_CALLS(e)  LINKS((e)->calls, in_unanswered) /* or in `scheduled` */

#endif
