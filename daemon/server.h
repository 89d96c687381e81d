#ifndef ACD_SERVER_H
#define ACD_SERVER_H

#include <uv.h>

#include "daemon/calendar.h"
#include "daemon/clock.h"
#include "daemon/config.h"
#include "daemon/durable.h"
#include "daemon/folds.h"
#include "daemon/hold.h"
#include "daemon/listener.h"
#include "daemon/reader.h"
#include "daemon/tenant_events.h"
#include "daemon/timing.h"
#include "daemon/versions.h"
#include "daemon/work.h"
#include "engine/acd.h"
#include "proto/acd_messages.h"
#include "proto/acd_wire.h"

/* The daemon: one loop, one engine, and threads beside it that read the past (work.h).
 *
 * Happy path: a read brings requests; each is decoded, executed and its reply written in place; the
 * events of its frame are published; at the end of the batch, gateways that wait for notices and
 * have some get them, and the timer is set for the engine's next deadline. So a waiting call is
 * offered in the same turn in which an agent becomes free: nothing polls.
 *
 * With a directory each frame is appended to the journal's ring before its reply leaves, and what
 * has to be durable first is held: durable.h, hold.h.
 *
 * Failure modes: a message that cannot be read is answered and counted; a peer that does not read
 * costs a bounded buffer, then its connection (listener.h); what the engine refuses is an error in
 * the reply. */

struct server;
struct configure;

/* A socket, and whose it is: the handlers' context. */
struct endpoint {
    struct server *server;
    struct listener *listener; /* NULL once closed */
    uint32_t tenant;           /* whose: its number from 1, or 0: the house's */
};

/* Something to be published, and to whom. */
enum { AUDIENCE_ALL = UINT8_MAX }; /* else a tenant's number from 1, or 0: the house */
struct publication {
    struct acd_published message;
    uint8_t audience;
};

/* A gateway's `next` that waits for a notice. */
struct waiting_next {
    struct endpoint *endpoint; /* NULL: none waits */
    struct listener_origin origin;
    acd_client_id gateway;
    uint64_t number, after;
    uint32_t limit;
    acd_time until;
};

struct server {
    uv_loop_t loop;
    uv_timer_t deadline;  /* the engine's next one */
    uv_timer_t heartbeat; /* once a second: heartbeat, clock, day */
    uv_signal_t signals[3];
    bool closing;
    uv_timer_t grace; /* closing: how long held replies may take */
    int open_endpoints;

    struct config *config;
    struct clock clock;
    acd_time stamp; /* the time of this turn; 0: not taken yet */
    acd_time due;   /* what the deadline's timer is set for, or ACD_FOREVER */
    bool deaf;      /* nobody could be heard lately, which the engine is still to be told */
    struct acd_engine *engine;
    acd_time since; /* the last time that the state told of at the start; 0: it was empty */
    acd_time started;
    struct calendars calendars;
    acd_time calendar_next; /* a calendar has something to say then; 0: all may be otherwise */
    struct durable durable;
    struct hold hold;
    struct workers workers;
    uint32_t readers; /* pieces of work that other threads are about */
    struct reader_job *spare_job;
    struct folds_kept folds_kept;
    bool rewinding; /* one of them is about a decision of the past */
    bool holds;     /* the message at hand tells of what must be durable first */

    struct endpoint requests[CONFIG_URLS_MAX], publishers[CONFIG_URLS_MAX];

    struct tenant_events tenant_events;
    struct tenant_room tenant_room; /* of the request at hand */

    struct configure *configure;
    struct versions versions; /* of what is configured, for replay */

    struct waiting_next *waiting; /* by client slot */
    uint32_t waiting_count;

    uint64_t topic_last[8];  /* sequence of the last event of each topic */
    uint64_t alerted;        /* of the last alert, when there is a disk that is to have it */
    uint64_t told_truncated; /* subscriptions there had been when that was last published */
    struct {
        uint64_t messages, requests, failed, malformed, events, published;
    } counters;

    struct timing timing;

    uint8_t scratch[ACD_WIRE_MESSAGE_MAX]; /* a reply whose size is not known beforehand */
};

/* Opens engine and sockets. Returns 0; on a fault logs what is wrong and returns -1. */
int server_open(struct server *s, struct config *config);

/* Says why an engine of these limits cannot be opened. */
void server_log_limits(const struct acd_limits *limits, int error);

/* Runs until SIGTERM or SIGINT, then closes. Returns 0, or -1 when not all could be written. */
int server_run(struct server *s);

/* ---- shared by the daemon's files -------------------------------------------------------------
 */

/* The time of this turn of the loop. */
acd_time server_now(struct server *s);

/* Carries out a command; appends and publishes its events. BUSY when the disk is behind. */
int server_execute(struct server *s, acd_client_id client, uint64_t request,
                   const struct acd_command *command, struct acd_view_outcome *outcome);

/* Whether commands are refused, as the disk is behind: one more is counted as refused then. */
bool server_refuses(struct server *s);

/* Carries out a step, unasked by any client, whose frame is joined with that of the next one when
 * there are `more`. None of them may be refused for the disk: that there is room for all is to be
 * seen to before the first. */
int server_execute_joined(struct server *s, const struct acd_command *command, bool more);

/* The same of what is due by the clock: it goes on as long as deadlines do. */
int server_execute_due(struct server *s, const struct acd_command *command, bool more);

/* The position that replies carry. In memory only, nothing is durable. */
struct acd_wire_position server_position(const struct server *s);

/* The tenant that an endpoint belongs to, or NULL: the house. */
static inline struct tenant *endpoint_tenant(const struct endpoint *endpoint)
{
    return endpoint->tenant == 0 ? NULL : &endpoint->server->config->tenants[endpoint->tenant - 1];
}

/* Sends a finished reply message, cut for its tenant, that is true at the present position; with
 * `hold`, as soon as that is durable. */
void server_reply(struct endpoint *endpoint, const struct listener_origin *origin, uint8_t *body,
                  size_t len, bool hold);

/* What a turn of the loop begins with before anything is carried out: how the disk is, whether
 * anybody could be heard, what calendars say. */
void server_turn_begin(struct server *s);

/* What every turn of the loop ends with: who waits is answered, what is durable leaves, the timer
 * is set. */
void server_turn_end(struct server *s);

/* deaf.c: who is there, as far as acdd can hear. A client asks something. */
void deaf_hear(struct server *s, acd_client_id client);

/* Before a message of requests, and before deadlines are fired: looks whether acdd could hear. */
void deaf_look(struct server *s);

/* Whether anybody's lease or grace is running. */
bool deaf_matters(const struct server *s);

/* Tells the engine that nobody could be heard since the last time that it saw; the frame is for the
 * caller to append. */
void deaf_tell(struct server *s);

/* request.c: a message came. */
void request_arrived(void *ctx, const struct listener_origin *origin, const uint8_t *body,
                     size_t len);

/* query.c: writes the answer to a query into `w`. `next` is not its business. */
void query_answer(struct server *s, acd_client_id client, uint64_t number,
                  const struct acd_query *query, struct acd_reply_writer *w);

/* publish.c: begins behind what was recovered; tells observers of the engine's last frame, and once
 * a second of the position. */
void publish_open(struct server *s);
void publish_frame(struct server *s);
void publish_heartbeat(struct server *s);
void publish_now(struct server *s, const struct publication *p);

/* next.c: a gateway asks for its notices. Acknowledges, and answers into `w` if there is something
 * to tell or it may not wait; else, returning false, it waits in place of any next of that gateway.
 */
bool next_asked(struct endpoint *endpoint, const struct listener_origin *origin,
                acd_client_id client, uint64_t number, const struct acd_query_next *query,
                bool may_wait, struct acd_reply_writer *w);

/* Answers those who wait and have notices now, or whose time is over; with `all`, everybody. */
void next_settle(struct server *s, bool all);

/* When the first wait is over; ACD_FOREVER when nobody waits. */
acd_time next_deadline(const struct server *s);

/* A connection is gone: nobody waits on it any more. */
void next_forget(struct server *s, const struct endpoint *endpoint, listener_conn_id conn);

#endif
