#ifndef ACD_TENANT_PAST_H
#define ACD_TENANT_PAST_H

#include "daemon/tenant.h"
#include "persist/acd_store.h"

/* Whose an event of the past is: what it is about may be gone by now, and its slot another's.
 *
 * An id's generation is the sequence of the event that made it, which says what it is called, or
 * for a call in which queue; that one is passed before, or looked up in the journal. What is older
 * than the journal cannot be looked up: it is the loop that knows it, if it is there still. */

enum { PAST_KNOWN = 4096, PAST_LOOKUPS = 1024 };

enum past_owner { PAST_OTHER, PAST_OWN, PAST_UNKNOWN };

struct tenant_past {
    const struct tenant *tenant;
    struct acd_reader *reader;
    uint64_t oldest; /* that the journal has */
    uint32_t lookups;
    struct {
        uint32_t slot, gen;
        uint8_t type, owner;
    } known[PAST_KNOWN]; /* the last ones, by type and slot */
};

void tenant_past_init(struct tenant_past *p, const struct tenant *t, struct acd_reader *reader,
                      uint64_t oldest);

/* Whose an event is. Those before it are to be asked about first, as far as they are read. Returns
 * an enum past_owner, or a negative error of acd_journal_read. */
int tenant_past_event(struct tenant_past *p, uint64_t sequence, const uint8_t *bytes, size_t len);

/* Whether so much was looked up that a reader had better go on in another query. */
static inline bool tenant_past_is_tired(const struct tenant_past *p)
{
    return p->lookups >= PAST_LOOKUPS;
}

#endif
