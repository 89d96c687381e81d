#ifndef ACD_CONFIGURE_H
#define ACD_CONFIGURE_H

#include "proto/acd_messages.h"
#include "proto/acd_wire.h"

/* Configuration documents, as clients put, plan, apply and get them.
 *
 * Happy path: a document arrives in pieces (config_put); another thread reads it into an engine of
 * its own, meanwhile config_plan is BUSY; then it is compared with the live engine, and
 * config_apply carries the differences out in one turn of the loop, as one commit, with a new
 * version. So nobody sees half of it, and no kill or power cut leaves half of it.
 *
 * Failure modes: the document has faults: they are what config_plan answers, and it is not applied.
 * Another version was committed since, when the asker wants to know: STATE; but who asks again for
 * what was done upon that version, since the answer was lost, gets it again. More than the ring or
 * the line of what is held can take at once: FULL. The engine refuses a step, say for want of
 * assignments that live calls hold: what was done is taken back within the same commit, and the
 * refusal is the answer. Uploads are few, whoever's they are; the one not used for longest makes
 * room. */

struct server;
struct configure;
struct tenant;

bool configure_open(struct server *s);
void configure_close(struct server *s);

/* Whether it answers a query. */
bool configure_answers(uint16_t code);

/* Asked by a tenant, or the house (NULL): whose documents they are, and what they are about. */
void configure_answer(struct server *s, const struct tenant *tenant, uint64_t number,
                      const struct acd_query *query, struct acd_reply_writer *w);

#endif
