#ifndef ACD_LIST_H
#define ACD_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/acd_assert.h"

/* An intrusive doubly linked list of numbered items. The link stands in the item; where the items
 * are is told by a `struct links`, so a list is three words and moves with the state. */

#define LIST_NONE UINT32_MAX

struct link {
    uint32_t prev, next; /* LIST_NONE at the ends */
};

struct list {
    uint32_t first, last; /* LIST_NONE when empty */
    uint32_t count;
};

/* Where the link of item 0 stands, and how far apart the items are. */
struct links {
    char *base;
    size_t stride;
};

#define LINKS(array, link) ((struct links){(char *)&(array)->link, sizeof *(array)})

static inline struct link *link_of(struct links links, uint32_t item)
{
    return (struct link *)(void *)(links.base + links.stride * item);
}

static inline void list_init(struct list *l)
{
    *l = (struct list){LIST_NONE, LIST_NONE, 0};
}

static inline void list_append(struct list *l, struct links links, uint32_t item)
{
    *link_of(links, item) = (struct link){l->last, LIST_NONE};
    if (l->last == LIST_NONE)
        l->first = item;
    else
        link_of(links, l->last)->next = item;
    l->last = item;
    l->count++;
}

static inline void list_remove(struct list *l, struct links links, uint32_t item)
{
    struct link *link = link_of(links, item);

    ACD_ASSERT(l->count > 0);
    if (link->prev == LIST_NONE)
        l->first = link->next;
    else
        link_of(links, link->prev)->next = link->next;
    if (link->next == LIST_NONE)
        l->last = link->prev;
    else
        link_of(links, link->next)->prev = link->prev;
    l->count--;
}

/* A chain: a short list, of one word where it begins and one in each item, for what must be small.
 * Adding at the end and removing walk it. */

struct chain_links {
    char *base;
    size_t stride;
};

#define CHAIN(array, next) ((struct chain_links){(char *)&(array)->next, sizeof *(array)})

static inline uint32_t *chain_next(struct chain_links links, uint32_t item)
{
    return (uint32_t *)(void *)(links.base + links.stride * item);
}

/* The word that leads to `item`, or with LIST_NONE the one that ends the chain. */
static inline uint32_t *chain_find(uint32_t *first, struct chain_links links, uint32_t item)
{
    uint32_t *at = first;

    while (*at != item) {
        ACD_ASSERT(*at != LIST_NONE);
        at = chain_next(links, *at);
    }
    return at;
}

static inline void chain_append(uint32_t *first, struct chain_links links, uint32_t item)
{
    *chain_find(first, links, LIST_NONE) = item;
    *chain_next(links, item) = LIST_NONE;
}

static inline void chain_remove(uint32_t *first, struct chain_links links, uint32_t item)
{
    *chain_find(first, links, item) = *chain_next(links, item);
}

static inline uint32_t chain_count(uint32_t first, struct chain_links links)
{
    uint32_t count = 0;

    for (; first != LIST_NONE; first = *chain_next(links, first))
        count++;
    return count;
}

#endif
