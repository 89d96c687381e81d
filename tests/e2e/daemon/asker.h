#ifndef TESTS_E2E_DAEMON_ASKER_H
#define TESTS_E2E_DAEMON_ASKER_H

#include "proto/acd_wire.h"
#include "tests/e2e/peer.h"

/* Somebody who asks acdd by hand: messages are built with acd_wire.h and sent over a plain socket,
 * so every byte, number and order is the test's own. */

enum { ASKER_VIEWS_MAX = 512 };

struct asker {
    struct peer peer;
    const char *url;
    acd_client_id client; /* ACD_NOBODY until asker_named */
    uint64_t number;      /* of its last command */
    uint32_t tag;         /* of its last message */

    struct acd_wire_position position; /* of the last reply read */
    struct acd_view views[ASKER_VIEWS_MAX];
    size_t count;              /* views of the last reply read, its page left out ... */
    struct acd_view_page page; /* ... which comes here */
    uint8_t in[ACD_WIRE_MESSAGE_MAX];
};

/* Connects; gives up when that cannot be. */
struct asker *asker_open(const char *url);

/* The same with a name: client_open is done. */
struct asker *asker_named(const char *url, const char *name, enum acd_client_kind kind);

void asker_close(struct asker *a);

/* Breaks the line and connects anew, as the same client. */
void asker_reconnect(struct asker *a);

/* ---- whole questions ---------------------------------------------------------------------- */

/* A command under a number; the outcome's texts are valid until the next reply. Returns its error.
 */
int asker_command(struct asker *a, uint64_t number, const struct acd_command *command,
                  struct acd_view_outcome *outcome);

/* The same under the next number. */
int asker_do(struct asker *a, const struct acd_command *command, struct acd_view_outcome *outcome);

/* clang-format off */
#define RECORD(kind, room, verb, ...)                                                              \
    ((struct acd_##kind){.code = ACD_##room##_##verb, .as.verb = {__VA_ARGS__}})
/* clang-format on */
#define COMMAND(verb, ...) RECORD(command, COMMAND, verb, __VA_ARGS__)
#define QUERY(verb, ...)   RECORD(query, QUERY, verb, __VA_ARGS__)

/* DO(asker, &outcome, route, .key = acd_str("a"), ...) */
#define DO(a, outcome, verb, ...) asker_do((a), &COMMAND(verb, __VA_ARGS__), (outcome))

/* A query: its views, pages left out, come to a->views. Returns 0 or its error. */
int asker_query(struct asker *a, const struct acd_query *query);

#define ASK(a, verb, ...) asker_query((a), &QUERY(verb, __VA_ARGS__))

/* The daemon's counters. */
struct acd_view_server asker_server(struct asker *a);

/* `next`: the notices come to a->views. */
int asker_next(struct asker *a, uint64_t after, acd_span wait);

/* ---- halves of one ------------------------------------------------------------------------ */

/* Sends a message as it is; its tag is a->tag afterwards. */
void asker_send(struct asker *a, const void *message, size_t len);
void asker_send_command(struct asker *a, uint64_t number, const struct acd_command *command);
void asker_send_query(struct asker *a, uint64_t number, const struct acd_query *query);

/* Reads one message of one reply: its tag, its number, and its views to a->views. Returns 0, or the
 * error when it is an outcome with one. */
int asker_receive(struct asker *a, uint32_t *tag, uint64_t *number);

/* Whether a reply comes within so many milliseconds. */
bool asker_hears(struct asker *a, int ms);

#endif
