#ifndef ACD_CLIENT_H
#define ACD_CLIENT_H

#include "proto/acd_messages.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The client library of acdd: what a telephony gateway, a tool or a wallboard links. This header is
 * its manual.
 *
 * A gateway that asks and waits:
 *
 *     struct acd_client *c;
 *     acd_client_open(&c, &(struct acd_client_options){.url = "ipc:///run/acd/acd.sock",
 *                                                      .name = "sip-1"});
 *     struct acd_command route = {.code = ACD_COMMAND_route};
 *     route.as.route.key = acd_str(sip_call_id);
 *     route.as.route.queue_name = acd_str("sales");
 *     struct acd_view_outcome o;
 *     int error = acd_client_call(c, &route, &o);
 *     if (error == ACD_OK && o.verdict == ACD_VERDICT_OFFERED)
 *         ring(o.contact, o.until);
 *
 * The same without waiting, in any event loop, is acd_client_send(), with acd_client_fd() watched
 * for reading and acd_client_process() called when it is readable. What happens later to the
 * gateway's calls comes by acd_client_outbox(). Those who only watch open a struct acd_observer.
 *
 * One thread at a time may use a client or an observer; two of them share nothing. Callbacks run
 * inside acd_client_process, _wait, _connect, _call, _query, _list, _reconcile and _close, never
 * inside others. In a callback all is allowed but those (they return ACD_STATE; _close is
 * asserted).
 *
 * Connections come back by themselves, after 50 ms at first and at most every 2 s, or a
 * quarter of the lease. What was
 * unanswered then:
 *
 *   - queries are asked again;
 *   - commands of a named client are sent again under their old numbers, and the daemon answers
 *     those it had carried out from its memory: each is done once, however often the line breaks;
 *   - commands of an anonymous client that had been sent fail with ACD_DISCONNECTED: nobody can
 *     know whether they were carried out. So name your client, or send what is idempotent by itself
 *     (route by key, agent_state, the *_set);
 *   - when the daemon comes back with another history (see ACD_CLIENT_NEW_EPOCH), commands that had
 *     been sent fail with ACD_DISCONNECTED; those not yet sent go out.
 *
 * A name belongs to one client at a time: two that use it together answer each other's requests. */

struct acd_client;

/* ---- life cycle --------------------------------------------------------------------------- */

/* What becomes of the connection. */
enum acd_client_state {
    ACD_CLIENT_CONNECTED = 1,    /* up, and the name is taken; a gateway now reconciles its calls */
    ACD_CLIENT_DISCONNECTED = 2, /* down; it is being tried again */
    ACD_CLIENT_NEW_EPOCH = 3,    /* the daemon has another history: what was known of its state is
                                    void. Comes just before CONNECTED, to an anonymous client with
                                    its next answer; not the first time */
    ACD_CLIENT_LOST = 4,         /* silent for its lease, or its outbox was full and was emptied:
                                    what rang rings no more; it goes on, and has to reconcile */
};

struct acd_client_options {
    const char *url;    /* "ipc:///run/acd/acd.sock", "tcp://10.0.0.1:5900", "tcp://[::1]:5900"; a
                           name of a host is looked up at each connect, which blocks */
    const char *name;   /* the client's name at the daemon, at most 64 bytes; NULL: anonymous */
    uint8_t kind;       /* enum acd_client_kind of a named one; default gateway */
    uint16_t batch_max; /* requests packed into one message, 1 to 256; default 32 */
    acd_span timeout;   /* for an answer, connecting included; default 5 s, 10 ms to a year */

    /* What the daemon makes of a gateway's silence, as in client_open; 0 and NULL: as it is set
     * there. With a lease the client says by itself that it is there, once a quarter of it at
     * least, in acd_client_process and the like; so those are to be called as often. */
    acd_span lease, grace;
    uint8_t orphans;
    const char *heir;

    void (*on_state)(void *ctx, enum acd_client_state state); /* may be NULL */
    void *ctx;
};

/* Opens a client and begins to connect; nothing is waited for. The texts are copied. Errors:
 * INVALID (url, name, batch_max, timeout), TOO_LONG (name, a socket's path), NO_MEMORY, SYSTEM. */
int acd_client_open(struct acd_client **out, const struct acd_client_options *options);

/* Closes the client; callbacks of all that is unanswered get ACD_DISCONNECTED. NULL is allowed. */
void acd_client_close(struct acd_client *c);

/* Waits until the client is connected and its name is taken, at most `wait` (ACD_FOREVER: no
 * limit). Without it all works too; it is for those who want to know. Errors: DISCONNECTED, with
 * the reason in acd_client_error_text, STATE. */
int acd_client_connect(struct acd_client *c, acd_span wait);

bool acd_client_is_connected(const struct acd_client *c);

/* The client's id at the daemon, ACD_NOBODY when it is anonymous or was never connected. */
acd_client_id acd_client_id_of(const struct acd_client *c);

/* The position of the last reply read, 0 before the first; in a callback, that of its reply. Views
 * are true at `at`; `durable` is the last sequence that is safe on the daemon's disk. */
struct acd_position acd_client_position(const struct acd_client *c, uint64_t *durable);

/* More about the last error of this client: "list_agents: name: longer than its field may be" or
 * "ipc:///run/acd/acd.sock: Connection refused". Never NULL; valid until the next call. */
const char *acd_client_error_text(const struct acd_client *c);

/* ---- asking and waiting ------------------------------------------------------------------- */

/* Sends a command and waits for its outcome, whose texts are valid until the next call. Returns
 * outcome->error: 0, or why the daemon changed nothing. Errors besides the daemon's (*outcome is
 * then zeroed): TIMEOUT (connected, but no answer in time: it may or may not be carried out),
 * DISCONNECTED (no connection in time, or lost after an anonymous command), TOO_LONG, UNKNOWN,
 * BUSY, STATE. */
int acd_client_call(struct acd_client *c, const struct acd_command *command,
                    struct acd_view_outcome *outcome);

/* One view of a query's answer; its texts are valid until the callback returns. At the end of the
 * answer `view` is NULL and `error` is ACD_OK, or why there is no answer (nor any view before it).
 * The first view of a list is its page. */
typedef void (*acd_client_view_cb)(void *ctx, int error, const struct acd_view *view);

/* Asks a query and waits for the answer, one page of a list; `on_view` sees each view of it but not
 * the end, which is the result. Errors: the daemon's, TIMEOUT, DISCONNECTED, TOO_LONG, UNKNOWN,
 * BUSY, STATE; INVALID also when the daemon's page has the very cursor that was asked for, so that
 * the list would never end. */
int acd_client_query(struct acd_client *c, const struct acd_query *query,
                     acd_client_view_cb on_view, void *ctx);

/* The same for the whole of a list, page after page; `on_view` does not see the pages. Pages are
 * true each at its own position. A limit in the query is that of a page. */
int acd_client_list(struct acd_client *c, const struct acd_query *query, acd_client_view_cb on_view,
                    void *ctx);

/* An event with its position. `event` NULL: a heartbeat. Its texts are valid until the return. */
typedef void (*acd_observer_event_cb)(void *ctx, const struct acd_view_published *head,
                                      const struct acd_event *event);

/* Asks for what happened from a sequence on (0: the oldest there is), out of the daemon's journal,
 * and waits for it: up to `limit` events (0: 100, at most 1,000) come to `on_event` in their order.
 * *end tells where to go on (`next`) and what the oldest one is that the journal still has. No
 * event: what was asked for is older than that, or is not durable yet. Errors: STATE (the daemon
 * keeps no journal), and those of acd_client_query. */
int acd_client_replay(struct acd_client *c, uint64_t from, uint32_t limit,
                      acd_observer_event_cb on_event, void *ctx, struct acd_view_replayed *end);

/* ---- asking without waiting --------------------------------------------------------------- */

/* Requests of one client that may be unanswered, commands and queries together. */
enum { ACD_CLIENT_UNANSWERED_MAX = ACD_REQUESTS_KEPT };

/* The outcome of a command, its texts valid until the callback returns. `error` is outcome->error;
 * without an answer (TIMEOUT, DISCONNECTED) `outcome` is NULL. */
typedef void (*acd_client_outcome_cb)(void *ctx, int error, const struct acd_view_outcome *outcome);

/* Takes a command to send; nothing of `command` is needed afterwards. It leaves with the next
 * acd_client_flush, _process or _wait, packed with others into messages; a full message leaves at
 * once, so that the daemon works on it while the next is filled.
 * Requests leave in order and the daemon carries them out in order; `on_outcome` (NULL: not wanted)
 * is called once for each. Errors, nothing being sent and no callback coming: BUSY (the oldest
 * unanswered request is 1,024 behind), TOO_LONG, UNKNOWN (no command), NO_MEMORY. */
int acd_client_send(struct acd_client *c, const struct acd_command *command,
                    acd_client_outcome_cb on_outcome, void *ctx);

/* The same for a query; the order is one with that of the commands. A `next` that waits as long as
 * the client's time-out ends as one without an answer, TIMEOUT, and with others in one message it
 * does not wait: the way to notices is acd_client_outbox(). */
int acd_client_ask(struct acd_client *c, const struct acd_query *query, acd_client_view_cb on_view,
                   void *ctx);

/* Writes what is to be sent as far as the socket takes it; never blocks. The rest leaves when there
 * is room, in acd_client_process. */
void acd_client_flush(struct acd_client *c);

/* Flushes, reads what has come, calls callbacks, tends connection and time-outs; never blocks.
 * Returns how many answers and notices were delivered, or STATE. */
int acd_client_process(struct acd_client *c);

/* The same after waiting at most `wait` for something to happen (ACD_FOREVER: no limit). */
int acd_client_wait(struct acd_client *c, acd_span wait);

/* A descriptor to be watched for reading, the same for the client's whole life: when it is
 * readable, call acd_client_process. Time-outs make it readable too. Do not read it. */
int acd_client_fd(struct acd_client *c);

/* How many requests are unanswered. */
uint32_t acd_client_unanswered(const struct acd_client *c);

/* ---- the outbox --------------------------------------------------------------------------- */

/* A notice about one of the gateway's calls; its texts are valid until the callback returns. */
typedef void (*acd_client_notice_cb)(void *ctx, const struct acd_view_notice *notice);

/* From now on `on_notice` gets the notices of the gateway's outbox, in order, each once in the life
 * of this client whatever happens to the connection; they come in acd_client_process and the like.
 * A notice counts as acknowledged once its callback has returned and the next are asked for, so a
 * gateway that dies in between gets it again: notices carry their number. Errors: STATE (anonymous,
 * not a gateway, or asked for already). */
int acd_client_outbox(struct acd_client *c, acd_client_notice_cb on_notice, void *ctx);

/* ---- reconciling -------------------------------------------------------------------------- */

/* What the daemon says of the call keys[place]: where it stands; or GONE: it is over, NOT_FOUND: it
 * is not known there. Its texts are valid until the callback returns. */
typedef void (*acd_client_reconciled_cb)(void *ctx, size_t place, int error,
                                         const struct acd_view_outcome *outcome);

/* Says which calls the gateway still has, however many, and waits for the answers: to be called
 * after ACD_CLIENT_LOST, and after a start with calls of an earlier life. The daemon ends the
 * others of before; what waits of those named waits again at its place, what rang is offered anew.
 * Calls that are routed meanwhile need not be named. Errors: STATE (no gateway; in a callback; it
 * was lost again meanwhile), and those of acd_client_call; then nothing is resolved: call it again.
 */
int acd_client_reconcile(struct acd_client *c, const struct acd_str *keys, size_t count,
                         acd_client_reconciled_cb on_call, void *ctx);

/* ---- observing ---------------------------------------------------------------------------- */

/* Reads the published stream: facts as they happen. It is best effort, and knows what it missed:
 * each message names its position and its topic's previous one, and a heartbeat the last of all.
 * The way to a true picture: open the observer, ask for what you show (views are true at
 * acd_client_position), say so by acd_observer_from, and apply what comes; when on_gap says that
 * something is missing, ask again. With a client to fetch it by (`replay`) it is missing only when
 * the daemon has no journal, or none so old any more. */
struct acd_observer;

/* Events of the wanted topics behind `after` and up to `upto` were missed, or may have been. When
 * the epochs differ the daemon has another history and all that was shown is void. */
typedef void (*acd_observer_gap_cb)(void *ctx, struct acd_position after, struct acd_position upto);

/* When the daemon last started it found a tail of its history lost: of the epoch before the present
 * one nothing behind `last` is true any more, though it may have been told. */
typedef void (*acd_observer_truncated_cb)(void *ctx, struct acd_position last);

struct acd_observer_options {
    const char *url;           /* of the daemon's pub socket */
    uint32_t topics;           /* ACD_OBSERVE(ACD_TOPIC_CALL) | ..., 0: all */
    bool heartbeats;           /* on_event wants them too */
    struct acd_client *replay; /* by it missed events are fetched out of the daemon's journal, and
                                  delivered in their place; that waits for the answers, with the
                                  client's time-out. In use elsewhere only between the calls of the
                                  observer's functions. NULL: what is missed is a gap */
    acd_span silence;          /* without a message for so long it reconnects; default 10 s,
                                  at most a year */
    acd_observer_event_cb on_event;
    acd_observer_gap_cb on_gap;             /* may be NULL */
    acd_observer_truncated_cb on_truncated; /* may be NULL */
    void (*on_state)(void *ctx,
                     enum acd_client_state state); /* CONNECTED and DISCONNECTED; or NULL */
    void *ctx;
};

#define ACD_OBSERVE(topic) (UINT32_C(1) << (topic))

/* As acd_client_open. Errors: INVALID (url, no on_event), TOO_LONG, NO_MEMORY, SYSTEM. */
int acd_observer_open(struct acd_observer **out, const struct acd_observer_options *options);
void acd_observer_close(struct acd_observer *o);

/* All up to this position is known (from queries): events up to it are passed over from now on, and
 * those behind it are missed unless they come. Allowed in callbacks. */
void acd_observer_from(struct acd_observer *o, struct acd_position known);

/* As their namesakes of a client; they return how many events were delivered. Events with a code
 * that this version does not know are passed over. Errors: STATE (in a callback). */
int acd_observer_process(struct acd_observer *o);
int acd_observer_wait(struct acd_observer *o, acd_span wait);
int acd_observer_fd(struct acd_observer *o);
bool acd_observer_is_connected(const struct acd_observer *o);
const char *acd_observer_error_text(const struct acd_observer *o);

#ifdef __cplusplus
}
#endif

#endif
