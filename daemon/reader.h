#ifndef ACD_READER_H
#define ACD_READER_H

#include "daemon/listener.h"
#include "proto/acd_wire.h"

/* Queries that are answered from the disk: replay, list_visits, explain_decision and those for
 * folds. The loop never waits for it, so another thread reads, and writes the reply. It sends it
 * too, if it is one of history and the loop has nothing else for that connection, so that the loop
 * need not wake up for it; else the loop does.
 *
 * Failure modes: in memory only, or the query does not stand alone in its message: STATE. So many
 * at once that memory or threads would be short: BUSY. The connection is gone when the answer is
 * there: dropped, as always. */

struct server;
struct endpoint;

/* Bytes of records that a page from the disk has at most, so that no answer is long to make. */
enum { READER_PAGE_BYTES = 256 * 1024 };

/* As acd_reply_place, with room for no more than that. */
uint8_t *reader_place(struct acd_reply_writer *w, size_t *room);

/* Whether it is one of them. */
bool reader_answers(uint16_t code);

/* Has a query answered that stands alone in its message, whose record is given. Returns 0, or the
 * error to be answered at once. */
int reader_ask(struct endpoint *endpoint, const struct listener_origin *origin, uint64_t number,
               const uint8_t *record, size_t size);

/* Gives back what was kept. */
void reader_close(struct server *s);

#endif
