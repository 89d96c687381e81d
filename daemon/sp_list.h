#ifndef ACD_SP_LIST_H
#define ACD_SP_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/acd_assert.h"

/* Intrusive lists whose links know whether they are on one. */

struct sp_link {
    struct sp_link *next, *prev; /* both NULL when on no list */
};

struct sp_list {
    struct sp_link head; /* a ring; points at itself when the list is empty */
};

#define SP_ENTRY(link, type, member) ((type *)(void *)((char *)(link)-offsetof(type, member)))

static inline void sp_list_init(struct sp_list *l)
{
    l->head.next = l->head.prev = &l->head;
}

static inline bool sp_link_is_on(const struct sp_link *n)
{
    return n->next != NULL;
}

static inline void sp_list_push(struct sp_list *l, struct sp_link *n)
{
    ACD_ASSERT(!sp_link_is_on(n));
    n->prev = l->head.prev;
    n->next = &l->head;
    n->prev->next = n;
    l->head.prev = n;
}

static inline void sp_link_remove(struct sp_link *n)
{
    ACD_ASSERT(sp_link_is_on(n));
    n->prev->next = n->next;
    n->next->prev = n->prev;
    n->next = n->prev = NULL;
}

/* The first one, or NULL. */
static inline struct sp_link *sp_list_first(const struct sp_list *l)
{
    return l->head.next == &l->head ? NULL : l->head.next;
}

/* The one after it, or NULL. To remove as one goes along: ask before removing. */
static inline struct sp_link *sp_list_after(const struct sp_list *l, const struct sp_link *n)
{
    return n->next == &l->head ? NULL : n->next;
}

#endif
