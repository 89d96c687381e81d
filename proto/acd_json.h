#ifndef ACD_JSON_H
#define ACD_JSON_H

#include "proto/acd_messages.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The JSON form of any record, made from its description: one object, its keys the field names.
 *
 *   numbers      as numbers; a u64 beyond 2^63 - 1 as a string of digits
 *   flags        true, false
 *   enums        their text, "longest-idle-agent"; "" is 0; an unknown one is a number
 *   ids          "slot.gen", "12.345"; "" is none
 *   times        UTC, "2024-05-01T12:00:00.000000Z"; "" is 0; "forever" is INT64_MAX
 *   spans        seconds as a decimal number, exact to the microsecond: 15.0, 0.25; -1 us is
 *                "none", INT64_MAX is "forever"
 *   texts        strings
 *
 * Reading takes more: times also as integers of microseconds since 1970; spans also as "15s",
 * "500ms", "250us", "5m", "2h", "1d"; numbers also as strings of digits; a text also as an object
 * or an array, which is kept as its compact JSON. A field that is absent or null is not given (0);
 * writing writes them all. */

enum { ACD_JSON_MAX = 32768 }; /* bytes of any record's JSON, its end included */

/* Writes `value` (the record's struct) as a JSON object, terminated. With a `tag` its first member
 * is the record's name under that key: {"event":"call_ended",... Returns the length without the
 * end, ACD_TOO_LONG when `len` is too small (ACD_JSON_MAX never is). Bytes that are no UTF-8 come
 * out as U+FFFD. */
int acd_json_write(const struct acd_record *record, const void *value, const char *tag, char *out,
                   size_t len);

/* What reading needs, and what it has to say. Zero it once; a record read with it stands in `room`
 * until the next one is read. */
struct acd_json {
    const char *tag;           /* a key to pass over, like "command"; or NULL */
    char error[192];           /* "max_size: 12.5 is not an integer" */
    char room[ACD_RECORD_MAX]; /* the texts */
};

/* Reads a JSON object into `value`, the record's struct, which is zeroed first. Errors, all of them
 * with j->error: ACD_INVALID (no JSON object, a value of the wrong kind or out of range),
 * ACD_UNKNOWN (a key the record does not have), ACD_TOO_LONG (a text). */
int acd_json_read(struct acd_json *j, const struct acd_record *record, const char *text, size_t len,
                  void *value);

/* The plain text of one field, as its JSON but without quotes: for tables and CSV. Returns the
 * length, ACD_TOO_LONG. */
int acd_json_field(const struct acd_field *field, const void *value, char *out, size_t len);

/* A text as a JSON string, in quotes, terminated. Returns the length, ACD_TOO_LONG. */
int acd_json_text(struct acd_str text, char *out, size_t len);

/* Reads one field from plain text, as typed on a command line: ring_timeout, "15s". Texts point
 * into `text`. Errors as of acd_json_read. */
int acd_json_parse_field(struct acd_json *j, const struct acd_field *field, struct acd_str text,
                         void *value);

/* A time as "2024-05-01T12:00:00.000000Z", terminated; returns the length: 27 for years 0 to 9999.
 */
enum { ACD_TIME_TEXT_MAX = 40 };
int acd_time_text(acd_time at, char out[ACD_TIME_TEXT_MAX]);

#ifdef __cplusplus
}
#endif

#endif
