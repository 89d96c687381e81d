#ifndef ACD_PROTO_CLIENT_PRIVATE_H
#define ACD_PROTO_CLIENT_PRIVATE_H

#include "proto/acd_client.h"
#include "proto/acd_wire.h"
#include "proto/client_link.h"

/* The whole of a client. Requests are numbered from 1 as they are taken ("local"); on the wire a
 * command or query has the number base + local, where base is the daemon's last_request when the
 * client's session began. Two of the client's own requests have numbers far from those. */

#define NUMBER_OPEN UINT64_MAX          /* client_open */
#define NUMBER_BEAT (UINT64_C(1) << 63) /* heartbeat */
#define NUMBER_NEXT NUMBER_BEAT         /* next: those above, one more each time */

enum {
    MESSAGE_ROOM = 64 * 1024, /* a message is ended rather than grow beyond this */
    SESSION_NONE = 0,         /* no connection */
    SESSION_OPENING = 1,      /* client_open is under way */
    SESSION_READY = 2,
};

/* One unanswered request; free when local is 0. */
struct request {
    uint64_t local;
    uint32_t message; /* id of the message that it left in; 0: not sent */
    uint32_t size, room;
    uint8_t *bytes; /* its record, to send it again; kept for the next in this slot */
    acd_time deadline;
    acd_client_outcome_cb on_outcome; /* of a command */
    acd_client_view_cb on_view;       /* of a query */
    acd_observer_event_cb on_event;   /* of a replay */
    void *ctx;
};

struct outbox {
    acd_client_notice_cb on_notice; /* NULL: not asked for */
    void *ctx;
    uint64_t after;    /* number of the last notice delivered */
    uint64_t number;   /* of the `next` that is unanswered; 0: there is none */
    uint64_t asked;    /* how many there were */
    uint32_t message;  /* in which it left */
    acd_time deadline; /* of its answer */
    acd_time ask_at;   /* not to be asked earlier, after an error */
};

struct acd_client {
    struct link link;
    int session;
    bool running; /* in client_run: callbacks may be under way */

    /* Who it is. */
    char name[64];
    uint16_t name_len; /* 0: anonymous */
    uint8_t kind;
    uint16_t batch_max;
    acd_span timeout;
    acd_span lease, grace; /* as client_open will say them */
    uint8_t orphans;
    char heir[64];
    uint16_t heir_len;
    void (*on_state)(void *ctx, enum acd_client_state state);
    void *ctx;

    /* What the daemon said. */
    acd_client_id id;
    uint64_t base;
    uint32_t epoch;                    /* of the session; 0: there was none yet */
    acd_time open_deadline;            /* of the answer to client_open */
    struct acd_wire_position position; /* epoch 0: none yet */

    /* Unanswered requests: local in [first, next), each in its slot modulo the size; those answered
     * out of order leave holes. */
    struct request *requests;
    uint64_t first, next;
    uint64_t sent; /* the greatest that was sent in this session */
    uint32_t unanswered;

    /* The message being written into the link's frame, and the id of the last one. */
    struct acd_request_writer writer;
    bool writing;
    uint32_t message;

    struct outbox outbox;
    acd_time spoke_at; /* with a lease: when something left last */
    bool beating;      /* a heartbeat is unanswered, */
    acd_time beat_deadline;
    int delivered;
    uint16_t fault;            /* the field at fault in the last query that failed */
    char kept[ACD_RECORD_MAX]; /* texts of the last outcome, for acd_client_call */
    char error[640];
};

/* Says what acd_client_error_text will; returns `error`. */
int client_fail(struct acd_client *c, int error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* One turn: see link_run. Then time-outs. */
void client_run(struct acd_client *c, acd_span wait);

/* client_message.c: requests into messages. Without memory nothing is written and the link fails;
 * all is sent again over the next one. */
void message_put(struct acd_client *c, acd_client_id from, uint64_t number, const uint8_t *bytes,
                 size_t size);
void message_end(struct acd_client *c);
void message_received(struct acd_client *c, const uint8_t *payload, size_t len);

/* client_request.c: unanswered requests. */
bool requests_init(struct acd_client *c);
void requests_fini(struct acd_client *c);
int request_add(struct acd_client *c, const struct acd_record *record, const void *value,
                const struct request *callbacks);
void requests_send(struct acd_client *c); /* all of them, in order */
void requests_answer(struct acd_client *c, const struct acd_reply *reply);
void requests_refused(struct acd_client *c, uint32_t message, int error);
void requests_fail(struct acd_client *c);      /* all of them, DISCONNECTED */
void requests_fail_sent(struct acd_client *c); /* commands that were sent, DISCONNECTED */
void requests_expire(struct acd_client *c, acd_time now);
acd_time requests_deadline(const struct acd_client *c);

/* client_session.c: connections and names. */
extern const struct link_handlers session_handlers;
void session_open(struct acd_client *c);
void session_expire(struct acd_client *c, acd_time now);
void session_answer(struct acd_client *c, const struct acd_reply *reply);
void session_tell(struct acd_client *c, enum acd_client_state state);

/* client_lease.c: what the options say of it; something leaves; heartbeats; the daemon says that
 * this gateway is lost. */
int lease_options(struct acd_client *c, const struct acd_client_options *options);
void lease_spoke(struct acd_client *c);
void lease_answer(struct acd_client *c, const struct acd_reply *reply);
void lease_disconnected(struct acd_client *c);
void lease_expire(struct acd_client *c, acd_time now);
acd_time lease_deadline(const struct acd_client *c);
void lease_lost(struct acd_client *c);

/* Whether an answer says so; then it is seen to, and the request is still to be answered. */
bool lease_is_lost(struct acd_client *c, const struct acd_reply *reply);

/* client_outbox.c */
void outbox_ask(struct acd_client *c);
void outbox_answer(struct acd_client *c, const struct acd_reply *reply);
void outbox_refused(struct acd_client *c, uint32_t message);
void outbox_disconnected(struct acd_client *c);
void outbox_expire(struct acd_client *c, acd_time now);
acd_time outbox_deadline(const struct acd_client *c);

#endif
