#ifndef PLAY_AGENDA_H
#define PLAY_AGENDA_H

#include "engine/acd.h"

/* What is to be done when: a heap of items, ties in the order in which they were added. */

enum agenda_kind {
    AGENDA_LOOK,      /* compare books, before all else of that moment */
    AGENDA_ACT,       /* of the day's script: who is its index */
    AGENDA_ARRIVE,    /* who: the call */
    AGENDA_REACT,     /* the agent does something about a ringing call */
    AGENDA_IMPATIENT, /* the caller has waited long enough */
    AGENDA_HANGUP,    /* the talk is over */
    AGENDA_FINISH,    /* who: the agent; the wrap-up is done early */
    AGENDA_EXTEND,    /* the wrap-up takes longer */
    AGENDA_RETURN,    /* who: the agent; looks whether it is still ready, as it means to be */
    AGENDA_LEAVE,     /* who: the agent; tries to log out */
    AGENDA_CLOSE,     /* the day closes: what waits is withdrawn */
};

struct agenda_item {
    acd_time at;
    uint64_t order; /* filled in */
    enum agenda_kind kind;
    uint32_t who;                 /* call or agent */
    acd_assignment_id assignment; /* the offer, talk or wrap-up it is about */
    uint8_t result;               /* of AGENDA_REACT: an offer_result */
    uint32_t gen;                 /* of the call's id, where `who` is its slot */
};

struct agenda {
    struct agenda_item *items;
    size_t count, room;
    uint64_t added;
};

void agenda_add(struct agenda *a, struct agenda_item item);

/* The next item, or NULL. */
const struct agenda_item *agenda_next(const struct agenda *a);

/* Takes the next item off; there is one. */
struct agenda_item agenda_take(struct agenda *a);

/* Forgets all items and gives the memory back. */
void agenda_fini(struct agenda *a);

#endif
