#ifndef ACD_EXPLAIN_ANSWER_H
#define ACD_EXPLAIN_ANSWER_H

#include "daemon/server.h"

/* Explanations, asked by people: each answers one page into `w`. */
void explain_call(struct server *s, uint64_t number, const struct acd_query_explain_call *q,
                  struct acd_reply_writer *w);
void explain_agent(struct server *s, uint64_t number, const struct acd_query_explain_agent *q,
                   struct acd_reply_writer *w);

/* The same of a decision of the past, on another thread; asked by a tenant, of one about its own
 * calls. Errors, none of which has written anything: those of acd_journal_rewind. */
struct acd_reader;
int explain_decision(struct acd_reader *reader, const struct tenant *tenant, uint64_t number,
                     const struct acd_query_explain_decision *q, struct acd_reply_writer *w);

#endif
