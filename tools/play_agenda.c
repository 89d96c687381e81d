#include "tools/play_agenda.h"

#include <stdlib.h>

#include "tools/play_room.h"

static bool before(const struct agenda_item *x, const struct agenda_item *y)
{
    if (x->at != y->at)
        return x->at < y->at;
    if ((x->kind == AGENDA_LOOK) != (y->kind == AGENDA_LOOK))
        return x->kind == AGENDA_LOOK;
    return x->order < y->order;
}

void agenda_add(struct agenda *a, struct agenda_item item)
{
    size_t hole = a->count;

    a->items = room_for_more(a->items, a->count, &a->room, sizeof *a->items);
    a->count++;
    item.order = ++a->added;
    while (hole > 0 && before(&item, &a->items[(hole - 1) / 2])) {
        a->items[hole] = a->items[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    a->items[hole] = item;
}

const struct agenda_item *agenda_next(const struct agenda *a)
{
    return a->count == 0 ? NULL : &a->items[0];
}

struct agenda_item agenda_take(struct agenda *a)
{
    struct agenda_item first = a->items[0], last = a->items[--a->count];
    size_t hole = 0;

    for (size_t child = 1; child < a->count; child = 2 * hole + 1) {
        if (child + 1 < a->count && before(&a->items[child + 1], &a->items[child]))
            child++;
        if (!before(&a->items[child], &last))
            break;
        a->items[hole] = a->items[child];
        hole = child;
    }
    a->items[hole] = last;
    return first;
}

void agenda_fini(struct agenda *a)
{
    free(a->items);
    *a = (struct agenda){0};
}
