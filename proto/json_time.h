#ifndef ACD_PROTO_JSON_TIME_H
#define ACD_PROTO_JSON_TIME_H

#include "proto/acd_messages.h"

/* Times and spans to text and back, by integers only. Parsers return NULL, or what is wrong. */

/* Seconds as the shortest decimal that is exact: "15.0", "0.000001"; "none" for -1 us, "forever",
 * and microseconds ("9100000000000000us") where a double would not be exact. Returns the length. */
int span_text(acd_span span, char *out, bool *bare);

const char *span_parse(struct acd_str text, acd_span *out);
const char *time_parse(struct acd_str text, acd_time *out);

/* In json_text.c. Digits from *at on, and *at moved behind them; false when there are none or too
 * many. A whole text as an integer; false when it is none. */
bool digits_parse(const char **at, const char *end, uint64_t *out);
bool integer_parse(struct acd_str text, bool *negative, uint64_t *magnitude);

#endif
