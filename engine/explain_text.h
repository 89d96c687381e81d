#ifndef ACD_EXPLAIN_TEXT_H
#define ACD_EXPLAIN_TEXT_H

#include "engine/engine.h"

/* What lines ask for, in the words of a plan: "[0-1] ^2 spanish>=3 & (billing | tech>=2)". Both
 * write at most ACD_EXPLAIN_TEXT bytes to `room`. */

/* All that a line asks for; empty: any member may take its calls, or only one, for whom they are
 * kept. */
struct acd_str line_text(const struct acd_engine *e, uint32_t line, char *room);

/* The window of levels. */
struct acd_str window_text(const struct requirement *r, char *room);

/* The clauses that an agent does not fulfil. */
struct acd_str lacks_text(const struct acd_engine *e, const struct requirement *r, uint32_t agent,
                          char *room);

#endif
