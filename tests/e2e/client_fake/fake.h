#ifndef ACD_TESTS_CLIENT_FAKE_FAKE_H
#define ACD_TESTS_CLIENT_FAKE_FAKE_H

#include <string.h>

#include "proto/acd_client.h"
#include "proto/acd_wire.h"
#include "tests/e2e/check.h"

/* A daemon made by hand, on the test's own thread: it reads the messages of a client one by one and
 * answers as the test says. The client runs whenever the fake waits for it. */

/* ---- the fake ----------------------------------------------------------------------------- */

struct fake {
    char url[128];
    bool tcp, pub;
    int listener, fd;
    struct acd_client *client; /* who runs while the fake waits; or */
    struct acd_observer *observer;
    struct acd_wire_position position;
    uint8_t *in;
    size_t in_len;
};

/* One request message, its records decoded where they are commands. */
struct fake_message {
    uint8_t id[4];
    acd_client_id client;
    uint16_t count;
    uint64_t numbers[ACD_WIRE_BATCH_MAX];
    uint16_t codes[ACD_WIRE_BATCH_MAX];
    struct acd_command first;     /* the first request, if it is a command */
    struct acd_query first_query; /* ... or a query */
    uint8_t bytes[70000];         /* where their texts stand */
};

/* Listens at a socket of its own, of REP or PUB. */
void fake_open(struct fake *f, bool tcp, bool pub);
void fake_close(struct fake *f);

/* Waits for the client to connect, and exchanges hellos. False: it did not within 3 s. */
bool fake_accept(struct fake *f);

/* Drops the connection. */
void fake_hang_up(struct fake *f);

/* Waits for the next message. False: none came within `wait`. */
bool fake_read_within(struct fake *f, struct fake_message *m, acd_span wait);
bool fake_read(struct fake *f, struct fake_message *m); /* within 3 s, else the test fails */

/* Whether it waits in vain for a message for a short while. */
bool fake_is_quiet(struct fake *f);

/* Runs the client for a while. */
void fake_run(struct fake *f, acd_span wait);

/* Answers one request of a message by an outcome, in a message of its own, and runs the client. */
void fake_answer(struct fake *f, const struct fake_message *m, uint64_t number,
                 const struct acd_view_outcome *outcome);
void fake_fail(struct fake *f, const struct fake_message *m, uint64_t number, int error);

/* Answers a query by views of one kind, without a page. */
void fake_views(struct fake *f, const struct fake_message *m, const struct acd_record *record,
                const void *views, size_t count);

/* Reads client_open and answers it. */
bool fake_take_name(struct fake *f, acd_client_id id, uint64_t last_request);

/* Accepts and takes the name: a session begins. */
bool fake_session(struct fake *f, acd_client_id id, uint64_t last_request);

/* Writes a frame, or bytes that are none. */
void fake_frame(struct fake *f, const void *payload, size_t len);
void fake_bytes(struct fake *f, const void *bytes, size_t len);

/* Publishes an event, or a heartbeat when agent is 0, and runs the observer. */
void fake_publish(struct fake *f, uint8_t topic, uint64_t sequence, uint64_t previous,
                  uint32_t agent);

/* ---- what clients under test are told ----------------------------------------------------- */

struct told {
    int outcomes, errors[8];    /* errors of the first outcomes */
    uint32_t positions[2048];   /* position of each outcome, in the order they came */
    int views, ends, end_error; /* of queries */
    char states[32];            /* 'C', 'D', 'N', 'L' */
    uint64_t notices[32];
    int notice_count;
};

void told_outcome(void *ctx, int error, const struct acd_view_outcome *outcome);
void told_view(void *ctx, int error, const struct acd_view *view);
void told_state(void *ctx, enum acd_client_state state);
void told_notice(void *ctx, const struct acd_view_notice *notice);

/* A client of the fake: `name` NULL for an anonymous one. */
struct acd_client *fake_client(struct fake *f, const char *name, struct told *told);

/* Sends a wrap_up_finish, whose outcome goes to `told`; and asks for get_server. */
int send_one(struct acd_client *c, struct told *told);
int ask_one(struct acd_client *c, struct told *told);

#endif
