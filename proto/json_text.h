#ifndef ACD_PROTO_JSON_TEXT_H
#define ACD_PROTO_JSON_TEXT_H

#include "proto/acd_messages.h"

/* Single values to plain text and back, for the JSON form and for command lines. */

enum { VALUE_TEXT_MAX = 64 }; /* bytes of any value's text but a text's, its end included */

/* Writes the text of a field that is no ACD_FIELD_str; returns its length. *bare: JSON wants it
 * without quotes. */
int value_text(const struct acd_field *field, const void *value, char out[VALUE_TEXT_MAX],
               bool *bare);

/* Reads what value_text writes and all that acd_json.h says. Returns NULL, or what is wrong with
 * it: "is not an integer". ACD_FIELD_str gets the text itself, unchecked. */
const char *value_parse(const struct acd_field *field, struct acd_str text, void *value);

/* Stores an integer into a numeric field (times and spans in microseconds, enums by value). Returns
 * NULL, or what is wrong with it. */
const char *value_store(const struct acd_field *field, int64_t number, void *value);

#endif
