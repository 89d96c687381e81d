#include "tools/queuelog/centre.h"

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"

/* ---- tables -------------------------------------------------------------------------------- */

static void *table_get(const struct table *t, uint32_t slot, uint32_t gen)
{
    uint32_t *item = gen != 0 && slot < t->size ? t->items[slot] : NULL;

    return item != NULL && *item == gen ? item : NULL;
}

static void table_set(struct table *t, uint32_t slot, void *item)
{
    if (slot >= t->size) {
        const uint32_t size = slot + slot / 2 + 64;

        t->items = realloc(t->items, size * sizeof *t->items);
        ACD_ASSERT(t->items != NULL);
        memset(t->items + t->size, 0, (size - t->size) * sizeof *t->items);
        t->size = size;
    }
    t->items[slot] = item;
}

/* Gives back what an item has, whose memory goes next. */
typedef void (*item_fini)(struct centre *c, void *item);

/* Forgets whatever has the slot now. */
static void table_drop(struct centre *c, struct table *t, uint32_t slot, item_fini fini)
{
    void *item = slot < t->size ? t->items[slot] : NULL;

    if (item == NULL)
        return;
    if (fini != NULL)
        fini(c, item);
    free(item);
    t->items[slot] = NULL;
}

static void table_remove(struct centre *c, struct table *t, uint32_t slot, uint32_t gen,
                         item_fini fini)
{
    if (table_get(t, slot, gen) != NULL)
        table_drop(c, t, slot, fini);
}

/* The item, or a new one of this size, all zero but its generation. */
static void *table_put(struct centre *c, struct table *t, uint32_t slot, uint32_t gen, size_t size,
                       item_fini fini)
{
    uint32_t *item = table_get(t, slot, gen);

    if (item != NULL)
        return item;
    table_drop(c, t, slot, fini);
    item = calloc(1, size);
    ACD_ASSERT(item != NULL);
    *item = gen;
    table_set(t, slot, item);
    return item;
}

static void table_clear(struct table *t)
{
    for (uint32_t i = 0; i < t->size; i++)
        free(t->items[i]);
    free(t->items);
    *t = (struct table){0};
}

/* ---- agents -------------------------------------------------------------------------------- */

struct centre_agent *centre_agent(const struct centre *c, acd_agent_id id)
{
    return table_get(&c->agents, id.slot, id.gen);
}

static void agent_fini(struct centre *c, void *item)
{
    struct centre_agent *a = item;

    (void)c;
    free(a->seats);
}

struct centre_agent *centre_agent_put(struct centre *c, acd_agent_id id)
{
    struct centre_agent *a = table_put(c, &c->agents, id.slot, id.gen, sizeof *a, agent_fini);

    if (a->state == 0)
        a->state = ACD_LOGGED_OUT;
    return a;
}

void centre_agent_remove(struct centre *c, acd_agent_id id)
{
    table_remove(c, &c->agents, id.slot, id.gen, agent_fini);
}

struct centre_seat *centre_seat(const struct centre_agent *a, acd_queue_id queue)
{
    for (uint32_t i = 0; i < a->count; i++)
        if (a->seats[i].queue.slot == queue.slot && a->seats[i].queue.gen == queue.gen)
            return &a->seats[i];
    return NULL;
}

struct centre_seat *centre_seat_put(struct centre_agent *a, acd_queue_id queue)
{
    struct centre_seat *seat = centre_seat(a, queue);

    if (seat != NULL)
        return seat;
    if (a->count == a->room) {
        a->room = 2 * a->room + 4;
        a->seats = realloc(a->seats, a->room * sizeof *a->seats);
        ACD_ASSERT(a->seats != NULL);
    }
    seat = &a->seats[a->count++];
    *seat = (struct centre_seat){.queue = queue};
    return seat;
}

void centre_seat_remove(struct centre_agent *a, acd_queue_id queue)
{
    struct centre_seat *seat = centre_seat(a, queue);

    if (seat == NULL)
        return;
    a->count--;
    memmove(seat, seat + 1, (size_t)(a->seats + a->count - seat) * sizeof *seat);
}

/* ---- calls --------------------------------------------------------------------------------- */

struct centre_call *centre_call(const struct centre *c, acd_call_id id)
{
    return table_get(&c->calls, id.slot, id.gen);
}

/* Calls of lifo stand before those of fifo, as the engine has them. */
static struct order_key key_of(const struct centre_call *call)
{
    const int64_t from = call->enqueued_at - call->head_start;

    if (!call->lifo)
        return (struct order_key){from, call->sequence};
    return (struct order_key){INT64_MIN / 2 - (call->enqueued_at + call->head_start),
                              ~call->sequence};
}

bool centre_call_is_waiting(const struct centre_call *call)
{
    return call->answered_at == 0 && !call->scheduled;
}

void centre_call_wait(struct centre *c, struct centre_call *call)
{
    struct centre_queue *queue = centre_queue(c, call->queue);

    if (queue != NULL)
        order_add(&queue->waiting, &call->node, key_of(call));
}

void centre_call_leave(struct centre *c, struct centre_call *call)
{
    if (call->node.count > 0)
        order_remove(&centre_queue(c, call->queue)->waiting, &call->node);
}

uint32_t centre_call_position(const struct centre *c, const struct centre_call *call)
{
    if (call->node.count == 0)
        return 0;
    return order_before(&centre_queue(c, call->queue)->waiting, &call->node) + 1;
}

static void call_fini(struct centre *c, void *item)
{
    centre_call_leave(c, item);
}

struct centre_call *centre_call_put(struct centre *c, acd_call_id id)
{
    return table_put(c, &c->calls, id.slot, id.gen, sizeof(struct centre_call), call_fini);
}

void centre_call_remove(struct centre *c, acd_call_id id)
{
    table_remove(c, &c->calls, id.slot, id.gen, call_fini);
}

/* ---- queues -------------------------------------------------------------------------------- */

struct centre_queue *centre_queue(const struct centre *c, acd_queue_id id)
{
    return table_get(&c->queues, id.slot, id.gen);
}

/* Nobody waits in a queue that is gone; nodes of calls that seem to are not left behind. */
static void queue_fini(struct centre *c, void *item)
{
    struct centre_queue *queue = item;

    (void)c;
    while (queue->waiting.root != NULL)
        order_remove(&queue->waiting, queue->waiting.root);
}

struct centre_queue *centre_queue_put(struct centre *c, acd_queue_id id)
{
    return table_put(c, &c->queues, id.slot, id.gen, sizeof(struct centre_queue), queue_fini);
}

void centre_queue_remove(struct centre *c, acd_queue_id id)
{
    table_remove(c, &c->queues, id.slot, id.gen, queue_fini);
}

/* ---- offers -------------------------------------------------------------------------------- */

struct centre_offer *centre_offer(const struct centre *c, acd_assignment_id id)
{
    return table_get(&c->offers, id.slot, id.gen);
}

struct centre_offer *centre_offer_put(struct centre *c, acd_assignment_id id)
{
    return table_put(c, &c->offers, id.slot, id.gen, sizeof(struct centre_offer), NULL);
}

void centre_offer_remove(struct centre *c, acd_assignment_id id)
{
    table_remove(c, &c->offers, id.slot, id.gen, NULL);
}

/* ---- all ----------------------------------------------------------------------------------- */

void centre_clear(struct centre *c)
{
    for (uint32_t i = 0; i < c->agents.size; i++)
        table_drop(c, &c->agents, i, agent_fini);
    table_clear(&c->agents);
    table_clear(&c->queues);
    table_clear(&c->calls);
    table_clear(&c->offers);
}

void centre_text(char *out, size_t size, struct acd_str text)
{
    const size_t len = text.len < size ? text.len : size - 1;

    if (len > 0)
        memcpy(out, text.data, len);
    out[len] = '\0';
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)out[i] < 0x20 || out[i] == 0x7f || out[i] == '|')
            out[i] = '_';
}
