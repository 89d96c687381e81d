#ifndef ACD_TESTS_TRACE_H
#define ACD_TESTS_TRACE_H

#include "tests/scenario/words.h"

/* How what happened is told: a sentence for each event and notice, then, as name=value, each field
 * that the sentence does not name and that is not as usual. */

void trace_event(FILE *out, const struct cast *cast, acd_time at, const struct acd_event *event);
void trace_notice(FILE *out, const struct cast *cast, const struct acd_view_notice *notice);

/* Whether a reply says more than success, and what it says. */
bool trace_outcome_matters(const struct acd_view_outcome *o);
void trace_outcome(FILE *out, const struct cast *cast, const struct acd_command *command,
                   const struct acd_view_outcome *o);

/* All fields of a record that are not zero, as name=value. */
void trace_whole(FILE *out, const struct cast *cast, const struct acd_record *record,
                 const void *value);

#endif
