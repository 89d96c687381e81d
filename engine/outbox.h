#ifndef ACD_OUTBOX_H
#define ACD_OUTBOX_H

#include "engine/engine.h"

/* An outbox is a ring of bytes holding the records of notices (acked, told], oldest first. A record
 * may wrap around the end of the ring. */

/* The key of a notice's row: its client's slot above its number. */
enum { NOTICE_KEY_BITS = 40 };

/* Writes a notice about a live call to its gateway's outbox, if it has one that is not lost. What
 * every notice says is filled in here. */
void outbox_tell(struct acd_engine *e, uint32_t call, struct acd_view_notice notice);

/* Copies the record of a notice that stands in the outbox; `number` may have the client's slot
 * above it. Returns its bytes. */
size_t outbox_notice(const struct acd_engine *e, uint32_t client, uint64_t number, uint8_t *out);

/* Empties an outbox: all that was told counts as acknowledged. */
void outbox_clear(struct client *c);

/* Appends a notice's record as it is: for loading. False when there is no room. */
bool outbox_append(struct acd_engine *e, uint32_t client, const uint8_t *bytes, size_t len);

#endif
