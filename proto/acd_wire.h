#ifndef ACD_WIRE_H
#define ACD_WIRE_H

#include "proto/acd_messages.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The messages of the wire, to bytes and back: what stands behind an SP frame and its backtrace.
 * Pure: no I/O, nothing allocated; writers fill the caller's memory, readers point into the bytes
 * they are given. Numbers are little-endian and unaligned; a record is as acd_schema.h has it.
 *
 * Request message:
 *    0  u32 magic      'a' 'c' 'd' 'q'
 *    4  u16 version    1
 *    6  u16 count      requests that follow, 1 to 256
 *    8  u32 slot, u32 gen: the client that asks, as client_open told it; 0, 0: nobody
 *   16  each request:
 *          u64 number  1 or more; of a client's commands: see ACD_REQUESTS_KEPT in acd.h
 *          a record    a command or a query
 *
 * Reply message:
 *    0  u32 magic      'a' 'c' 'd' 'r'
 *    4  u16 version    1
 *    6  u16 count      replies that follow, as many as there were requests and in their order
 *    8  u32 epoch, u64 sequence: the position at which all of it is true
 *   20  u64 durable    sequence of the last event that is safe on disk
 *   28  each reply:
 *          u64 number  of its request; 0: of a message that could not be read
 *          u32 size    bytes of the records that follow
 *          records     of a command: one outcome
 *                      of a query: what it asks for; of a list: one page, then the views
 *                      of a query that failed: one outcome with the error
 *
 * Published message:
 *    topic text ("config", "agent", "call", "client", "heartbeat" or "truncated") and a 0 byte
 *    a record `published`
 *    the event's record; none in a heartbeat; a record `truncated` under that topic
 *
 * A request message is checked as a whole before its first request is carried out: when its framing
 * is broken nothing in it is done, and it gets one reply of number 0 with an outcome. A request
 * whose record is framed well but cannot be decoded (ACD_UNKNOWN, ACD_TOO_LONG, ACD_INVALID) fails
 * alone, by an outcome of its own. */

#define ACD_WIRE_REQUEST_MAGIC UINT32_C(0x71646361)
#define ACD_WIRE_REPLY_MAGIC   UINT32_C(0x72646361)

enum {
    ACD_WIRE_VERSION = 1,
    ACD_WIRE_BATCH_MAX = 256,       /* requests of one message */
    ACD_WIRE_MESSAGE_MAX = 1 << 20, /* bytes of any message, its backtrace left out */
    ACD_WIRE_REQUEST_HEADER = 16,
    ACD_WIRE_REPLY_HEADER = 28,
    ACD_WIRE_REPLY_HEAD = 12,   /* number and size before each reply's records */
    ACD_WIRE_OUTCOME_MAX = 416, /* bytes of any reply that is one outcome, its head included */
    ACD_WIRE_TOPIC_MAX = 16,    /* bytes of a topic's text with its 0 */
    ACD_WIRE_PUBLISHED_MAX = 128 + ACD_RECORD_MAX, /* bytes of any published message */

    ACD_PAGE_DEFAULT = 100, /* views of a list, notices of a next */
    ACD_PAGE_MAX = 1000,
};

#define ACD_NEXT_WAIT_MAX (30 * ACD_SECOND)

/* ---- requests: writing -------------------------------------------------------------------- */

struct acd_request_writer {
    uint8_t *begin, *at, *end;
    uint16_t count;
};

/* Begins a message of a client (or ACD_NOBODY) in the caller's memory of at least 16 bytes. */
void acd_request_begin(struct acd_request_writer *w, void *out, size_t len, acd_client_id client);

/* Appends a request: `value` is the record's struct, or with acd_request_put_bytes its encoded
 * bytes. Errors: ACD_FULL (no room, or 256 requests already), ACD_TOO_LONG (a text); nothing is
 * written then. */
int acd_request_put(struct acd_request_writer *w, uint64_t number, const struct acd_record *record,
                    const void *value);
int acd_request_put_bytes(struct acd_request_writer *w, uint64_t number, const uint8_t *bytes,
                          size_t size);

/* Finishes the message, which has at least one request; returns its bytes. */
size_t acd_request_end(struct acd_request_writer *w);

/* ---- requests: reading -------------------------------------------------------------------- */

struct acd_request_reader {
    const uint8_t *at;
    acd_client_id client;
    uint16_t count, left;
};

/* One request: its record's bytes stand in the message. */
struct acd_request {
    uint64_t number;
    uint16_t code; /* perhaps of no record that we know */
    const uint8_t *bytes;
    size_t size;
};

/* Opens a message and checks the framing of all of it. Errors: ACD_TRUNCATED (bytes are missing),
 * ACD_VERSION, ACD_TOO_LONG (message, batch or record), ACD_INVALID (magic, no requests, a number
 * 0, a record's header, bytes behind the last request). */
int acd_request_open(struct acd_request_reader *r, const void *message, size_t len);

/* The next request; false behind the last. Decode it by acd_command_decode or acd_query_decode. */
bool acd_request_next(struct acd_request_reader *r, struct acd_request *out);

/* ---- replies: writing --------------------------------------------------------------------- */

/* A position and how far it is safe on disk. */
struct acd_wire_position {
    uint32_t epoch;
    uint64_t sequence, durable;
};

/* Room for an outcome is kept for each request not yet answered, so a long list takes nothing from
 * the replies behind it. */
struct acd_reply_writer {
    uint8_t *begin, *at, *end;
    uint8_t *open; /* the head of the reply that is open, or NULL */
    uint16_t count, expected;
    uint32_t records; /* of the open reply, a page left out */
};

/* What acd_reply_begin wants at least for so many requests. */
#define ACD_WIRE_REPLY_MIN(requests)                                                               \
    ((size_t)ACD_WIRE_REPLY_HEADER + (size_t)(requests)*ACD_WIRE_OUTCOME_MAX)

/* Begins a message that will answer `requests` requests (1 to 256), in the caller's memory of at
 * least ACD_WIRE_REPLY_MIN(requests) bytes. */
void acd_reply_begin(struct acd_reply_writer *w, void *out, size_t len, uint16_t requests);

/* Writes a whole reply that is one outcome. Never fails. An agent's name or contact beyond its
 * field's max is a fault of the program (asserted). */
void acd_reply_outcome(struct acd_reply_writer *w, uint64_t number,
                       const struct acd_view_outcome *outcome);

/* The same for a query that failed: an outcome of nothing but an error and the field at fault. */
void acd_reply_error(struct acd_reply_writer *w, uint64_t number, int error, uint16_t field);

/* Opens a reply, with a page at its head (acd_reply_open_page) or without. Never fails. */
void acd_reply_open(struct acd_reply_writer *w, uint64_t number);
void acd_reply_open_page(struct acd_reply_writer *w, uint64_t number);

/* Appends a record to the open reply, by its struct or by its encoded bytes (any number of whole
 * records; they count as one). Errors: ACD_FULL (no room; nothing was written, close the reply). */
int acd_reply_put(struct acd_reply_writer *w, const struct acd_record *record, const void *value);
int acd_reply_put_bytes(struct acd_reply_writer *w, const uint8_t *bytes, size_t size);

/* Room left for records of the open reply, in bytes. */
size_t acd_reply_room(const struct acd_reply_writer *w);

/* The same for who makes whole records, one after the other, in place: where they go, and how much
 * room is there; then how many bytes of them now stand there. Each counts. */
uint8_t *acd_reply_place(struct acd_reply_writer *w, size_t *room);
void acd_reply_placed(struct acd_reply_writer *w, size_t size);

/* Closes the open reply; acd_reply_close_page writes `cursor` and the count into its page. */
void acd_reply_close(struct acd_reply_writer *w);
void acd_reply_close_page(struct acd_reply_writer *w, uint64_t cursor);

/* Takes the open reply back as if it had never been opened (to answer an error instead). */
void acd_reply_drop(struct acd_reply_writer *w);

/* Finishes the message, in which every expected reply stands; returns its bytes. */
size_t acd_reply_end(struct acd_reply_writer *w, const struct acd_wire_position *position);

/* Writes another position into a finished message: that of the moment it leaves. */
void acd_reply_stamp(void *message, const struct acd_wire_position *position);

/* Writes a whole message that answers one that could not be read; `out` has room for
 * ACD_WIRE_REPLY_MIN(1) bytes. Returns its bytes. */
size_t acd_reply_unreadable(void *out, int error, const struct acd_wire_position *position);

/* ---- replies: reading --------------------------------------------------------------------- */

struct acd_reply_reader {
    const uint8_t *at, *end;
    struct acd_wire_position position;
    uint16_t count, left;
};

struct acd_reply {
    uint64_t number;
    const uint8_t *records; /* one after the other; walk them by acd_records_next */
    size_t size;
};

/* Opens a message. Errors: those of acd_request_open. */
int acd_reply_read(struct acd_reply_reader *r, const void *message, size_t len);

/* The next reply: 1, or 0 behind the last. Errors: ACD_TRUNCATED, ACD_INVALID (bytes behind it). */
int acd_reply_next(struct acd_reply_reader *r, struct acd_reply *out);

/* Walks records that stand one after the other: gives the first one's code and bytes, and moves
 * *at and *left behind it. 1, or 0 when there is none left. Errors: those of acd_record_peek. */
int acd_records_next(const uint8_t **at, size_t *left, uint16_t *code, const uint8_t **record);

/* ---- published ---------------------------------------------------------------------------- */

/* Topics besides those of enum acd_topic: of heartbeats, and of a lost tail. */
enum { ACD_TOPIC_HEARTBEAT = 255, ACD_TOPIC_TRUNCATED = 254 };

/* The text of a topic, as it stands on the wire; NULL for none such. */
const char *acd_topic_text(uint8_t topic);

struct acd_published {
    uint8_t topic; /* enum acd_topic, ACD_TOPIC_HEARTBEAT, ACD_TOPIC_TRUNCATED, or 0: unknown */
    struct acd_view_published head;
    const uint8_t *event; /* NULL in a heartbeat */
    size_t event_size;
};

/* Writes a published message; `out` has room for ACD_WIRE_PUBLISHED_MAX bytes. `p->event` is the
 * event's record as the engine's frame has it. Returns its bytes. */
size_t acd_published_write(void *out, const struct acd_published *p);

/* Reads one. Errors: ACD_TRUNCATED, ACD_INVALID, ACD_TOO_LONG. */
int acd_published_read(struct acd_published *p, const void *message, size_t len);

#ifdef __cplusplus
}
#endif

#endif
