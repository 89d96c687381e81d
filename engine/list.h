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
    ACD_ASSERT(link->prev == LIST_NONE ? l->first == item
                                       : link_of(links, link->prev)->next == item);
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

#endif
