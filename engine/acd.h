#ifndef ACD_H
#define ACD_H

#include "engine/acd_schema.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ACD_RELEASE "0.1.0" /* the version of all that is built from this tree */

/* libacd: an automatic call distributor in memory. This header is its manual.
 *
 *     struct acd_engine *e;
 *     acd_open(&e, &(struct acd_config){.epoch = 1});
 *
 *     struct acd_command c = {.code = ACD_COMMAND_route};
 *     c.as.route.key = acd_str("4e3f-...");
 *     c.as.route.queue_name = acd_str("sales");
 *     struct acd_view_outcome o;
 *     if (acd_execute(e, now(), ACD_NOBODY, 0, &c, &o) == ACD_OK &&
 *         o.verdict == ACD_VERDICT_OFFERED)
 *         ring(o.contact, o.until);
 *
 * What a command or passing time brings about beside its outcome, a call that waited is offered, an
 * offer runs out, stands in the events of the last call (what the outcome said too, as `told`):
 *
 *     void hear(struct acd_engine *e)
 *     {
 *         struct acd_frame f = acd_last_frame(e);
 *         struct acd_event v;
 *
 *         for (uint32_t i = 0; i < f.count; i++) {
 *             int size = acd_event_decode(f.bytes, f.len, &v);
 *
 *             if (v.code == ACD_EVENT_call_offered)
 *                 ring_at(v.as.call_offered.agent, v.as.call_offered.until);
 *             f.bytes += size, f.len -= (size_t)size;
 *         }
 *     }
 *
 * Or open a client for the switch (client_open), route as that, and read what concerns its calls,
 * with the agents' contacts, out of its outbox: acd_outbox_read().
 *
 * Commands in, events out. A command (commands.def) is checked, decided, and its outcome stated as
 * events (events.def), which alone change the state. The events of one command are a frame; frames
 * are what to journal, publish and replay. Misuse changes nothing and tells the field at fault.
 *
 * Time is a value: the engine reads no clock. Every call takes `now`, and it never runs backwards
 * (a lesser value counts as the last one). The host's only timer: call acd_advance() when
 * acd_next_deadline() has come. Same commands, same times: same events, byte for byte.
 *
 * One thread at a time may use an engine; two engines share nothing. Nothing is allocated between
 * acd_open and acd_close, so nothing fails for want of memory; a full table is ACD_FULL. */

struct acd_engine;

/* ---- errors ------------------------------------------------------------------------------- */

#define ACD_ERRORS(XX)                                                                             \
    XX(OK, 0, "ok")                                                                                \
    XX(INVALID, -1, "not a valid value")                                                           \
    XX(MISSING, -2, "required, but not given")                                                     \
    XX(NOT_FOUND, -3, "no such thing")                                                             \
    XX(EXISTS, -4, "there already, as something else")                                             \
    XX(STATE, -5, "not allowed in the present state")                                              \
    XX(FULL, -6, "a table is full; nothing was changed")                                           \
    XX(GONE, -7, "the call is over already")                                                       \
    XX(LOST, -8, "the offer is over already")                                                      \
    XX(STALE, -9, "older than what is remembered")                                                 \
    XX(BUSY, -10, "too much unanswered; try again later")                                          \
    XX(TOO_LONG, -11, "longer than its field may be")                                              \
    XX(TRUNCATED, -12, "bytes are missing")                                                        \
    XX(UNKNOWN, -13, "no command, event or view has this code")                                    \
    XX(VERSION, -14, "a version this one does not speak")                                          \
    XX(NO_MEMORY, -15, "out of memory")                                                            \
    XX(TIMEOUT, -16, "no answer in time")                                                          \
    XX(DISCONNECTED, -17, "no connection to the daemon")                                           \
    XX(SYSTEM, -18, "the operating system refused; see errno")                                     \
    XX(DENIED, -19, "not for a tenant: it is about the whole house")

enum acd_error {
#define XX(name, value, text) ACD_##name = (value),
    ACD_ERRORS(XX)
#undef XX
};

/* The text of an error, never NULL. */
const char *acd_error_text(int error);

/* The name of an error, like "NOT_FOUND", never NULL. */
const char *acd_error_name(int error);

/* ---- life cycle --------------------------------------------------------------------------- */

/* How much there may be of everything; 0 means the default. Memory is taken at open, and pages that
 * are never used cost nothing. */
struct acd_limits {
    uint32_t agents;           /* default 10,000 */
    uint32_t queues;           /* default 1,000 */
    uint32_t memberships;      /* default 8 an agent */
    uint32_t queues_per_agent; /* default 32, at most 1,024: what freeing an agent may cost */
    uint32_t calls;            /* live ones; default 100,000 */
    uint32_t assignments;      /* the sum of all agents' capacities; default 2 an agent */
    uint32_t ended_calls;     /* keys remembered after the end, and places of callers who abandoned,
                                 as many; default as many as calls */
    uint32_t numbers;         /* called numbers; default 1,000 */
    uint32_t clients;         /* default 64 */
    uint32_t outbox_bytes;    /* each gateway's; default 1 MiB */
    uint32_t call_texts;      /* live calls with attributes; default as many as calls */
    uint32_t skills;          /* different names; default 1,000, at most 65,535 */
    uint32_t plans;           /* open at a time; default 4,096 */
    uint32_t lines;           /* of requirements; default 4,096 */
    uint32_t seats;           /* in those; default as many as memberships */
    uint32_t lines_per_agent; /* of those; default 32, at most 1,024 */
};

/* What one of them may be, besides 0. */
struct acd_limit {
    const char *name;
    size_t offset; /* in struct acd_limits */
    uint32_t least, greatest;
};

/* Those of an engine, with the defaults filled in. */
const struct acd_limits *acd_limits_of(const struct acd_engine *e);

/* The first that is out of its bounds, or NULL. */
const struct acd_limit *acd_limits_wrong(const struct acd_limits *limits);

struct acd_config {
    struct acd_limits limits;
    uint64_t secret[2]; /* of the name index: random, so that nobody can choose collisions; no
                           decision depends on it */
    bool track;         /* keep note of which rows change, for acd_changed_next() */
    uint32_t epoch;     /* the first half of every position; a new one for each history */
    uint64_t seed;      /* of an empty engine's random strategies: same seed, same agents drawn */

    /* Where memory comes from: zeroed, as calloc's; NULL means calloc and free. */
    void *(*take)(size_t bytes, void *ctx);
    void (*give)(void *memory, size_t bytes, void *ctx);
    void *ctx;
};

/* Opens an empty engine. config may be NULL. Errors: INVALID (a limit is out of its bounds, see
 * acd_limits_wrong), NO_MEMORY. */
int acd_open(struct acd_engine **out, const struct acd_config *config);

/* Gives its memory back. */
void acd_close(struct acd_engine *e);

/* ---- commands ----------------------------------------------------------------------------- */

/* For hosts and operators that do not number their requests. */
#ifdef __cplusplus
#define ACD_NOBODY (acd_client_id())
#else
#define ACD_NOBODY ((acd_client_id){0, 0})
#endif

enum {
    ACD_REQUESTS_KEPT = 1024,   /* outcomes remembered per client */
    ACD_FRAME_EVENTS_MAX = 768, /* events of one frame */
    ACD_FRAME_BYTES_MAX = 128 * 1024,
    ACD_CAPACITY_MAX = 50, /* max_concurrent_calls */
    ACD_OUTSIDE_MAX = 8,   /* calls outside the queues, of one agent */
    ACD_CHANNELS_MAX = 8,  /* above the last channel */
    ACD_SKILLS_MAX = 64,   /* of an agent */
    ACD_CALENDARS_MAX = 256,
    ACD_CALENDAR_TIMES_MAX = 128, /* of a calendar */
};

/* Carries out one command at `now` on behalf of a client, or ACD_NOBODY. With a client and a
 * request number above 0 it is idempotent: the same number again returns the outcome of the first
 * time (outcome->repeated), and a number 1,024 or more behind the greatest is STALE. Deadlines that
 * are due by `now` are fired first. Returns outcome->error; *outcome is valid until the next call.
 */
int acd_execute(struct acd_engine *e, acd_time now, acd_client_id client, uint64_t request,
                const struct acd_command *command, struct acd_view_outcome *outcome);

/* Says which command is carried out next but one, so that what it touches is in the processor's
 * cache by then; best told right before the next one's acd_execute(). It decides nothing and states
 * nothing: it may be left out, or turn out wrong. The command's texts need not stay. */
void acd_expect(struct acd_engine *e, acd_client_id client, const struct acd_command *command);

/* Fires deadlines that are due by `now` and goes on with work in slices, a bounded amount. Call it
 * again while acd_next_deadline() <= now. */
void acd_advance(struct acd_engine *e, acd_time now);

/* When acd_advance() wants to be called next; ACD_FOREVER when never; at most the last `now` when
 * there is work left. O(1). */
acd_time acd_next_deadline(const struct acd_engine *e);

/* The last time handed in. */
acd_time acd_now(const struct acd_engine *e);

/* ---- events ------------------------------------------------------------------------------- */

/* A position names a moment of a history. */
struct acd_position {
    uint32_t epoch;
    uint64_t sequence; /* of the last event applied; 0: none yet */
};

struct acd_position acd_position(const struct acd_engine *e);

/* The version of the configuration document that was committed last; 0: none was. */
uint64_t acd_config_version(const struct acd_engine *e);

/* The events of the last acd_execute() or acd_advance(), as record bytes one after the other, all
 * at one time, numbered first_sequence, first_sequence + 1, ... */
struct acd_frame {
    acd_time at;
    uint64_t first_sequence;
    uint32_t count; /* 0: the call changed nothing */
    const uint8_t *bytes;
    size_t len;
    bool joined; /* the host's: to be durable together with the next frame, or not at all */
};

/* The last frame; its bytes are the engine's, valid until the next call that changes it. */
struct acd_frame acd_last_frame(const struct acd_engine *e);

/* Applies a frame of another engine to this one, whose position must be the one before it. This is
 * recovery and replication: no decision is taken. Errors: STATE (wrong position), and those of
 * acd_event_decode; a frame that does not apply leaves the engine unusable but for acd_close. */
int acd_apply_frame(struct acd_engine *e, const struct acd_frame *frame);

/* Says that a frame will be applied soon, so that what it touches is in the processor's cache by
 * then: best told of each frame twice, two frames before it and, as `next`, one before. Changes
 * nothing. */
void acd_fetch_frame(const struct acd_engine *e, const struct acd_frame *frame, bool next);

/* ---- views -------------------------------------------------------------------------------- */

/* Each fills a view (views.def) whose texts are valid until the next command. The costs are those
 * of the answer, never of the number of agents or calls. Errors: NOT_FOUND. */
int acd_agent_view(const struct acd_engine *e, acd_agent_id id, struct acd_view_agent *out);
int acd_queue_view(const struct acd_engine *e, acd_queue_id id, struct acd_view_queue *out);
int acd_call_view(const struct acd_engine *e, acd_call_id id, struct acd_view_call *out);
int acd_assignment_view(const struct acd_engine *e, acd_assignment_id id,
                        struct acd_view_assignment *out);
int acd_client_view(const struct acd_engine *e, acd_client_id id, struct acd_view_client *out);
int acd_number_view(const struct acd_engine *e, struct acd_str number, struct acd_view_number *out);
int acd_calendar_view(const struct acd_engine *e, struct acd_str name,
                      struct acd_view_calendar_settings *out);
int acd_team_view(const struct acd_engine *e, struct acd_str name, struct acd_view_team *out);
int acd_member_view(const struct acd_engine *e, acd_agent_id agent, acd_queue_id queue,
                    struct acd_view_member *out);
void acd_totals_view(const struct acd_engine *e, struct acd_view_totals *out);

/* Whether a sign of life of a client would be stated now: 1 or 0. Whoever lets more count than
 * commands, queries say, executes a heartbeat by the client when it is. */
int acd_client_is_due(const struct acd_engine *e, acd_client_id id, acd_time now);

/* By name; gen 0 when there is none. */
acd_agent_id acd_agent_named(const struct acd_engine *e, struct acd_str name);
acd_queue_id acd_queue_named(const struct acd_engine *e, struct acd_str name);
acd_client_id acd_client_named(const struct acd_engine *e, struct acd_str name);
acd_call_id acd_call_keyed(const struct acd_engine *e, acd_client_id gateway, struct acd_str key);

/* All of a kind in slot order: the first at or after `slot`, gen 0 when there is none left. */
acd_agent_id acd_agent_from(const struct acd_engine *e, uint32_t slot);
acd_queue_id acd_queue_from(const struct acd_engine *e, uint32_t slot);
acd_client_id acd_client_from(const struct acd_engine *e, uint32_t slot);
acd_call_id acd_call_from(const struct acd_engine *e, uint32_t slot);
acd_assignment_id acd_assignment_from(const struct acd_engine *e, uint32_t slot);
/* A number's slot to *slot, a team's and a calendar's likewise; false when there is none left. What
 * a team's view costs is the number of its agents. */
bool acd_team_from(const struct acd_engine *e, uint32_t *slot, struct acd_view_team *out);
bool acd_number_from(const struct acd_engine *e, uint32_t *slot, struct acd_view_number *out);
bool acd_calendar_from(const struct acd_engine *e, uint32_t *slot,
                       struct acd_view_calendar_settings *out);

/* The call at a place (from 0) of a queue's waiting line, ringing ones left out; gen 0 beyond the
 * end. O(log n). */
acd_call_id acd_waiting_at(const struct acd_engine *e, acd_queue_id queue, uint32_t place);

/* What an agent, a queue, a call or a calendar has, one after the other: *cursor is 0 for the first
 * and moved on by each call; false when there is no more, when the membership it stands at is gone,
 * or when it is none that was told. */
bool acd_agent_members(const struct acd_engine *e, acd_agent_id agent, uint32_t *cursor,
                       struct acd_view_member *out);
bool acd_queue_members(const struct acd_engine *e, acd_queue_id queue, uint32_t *cursor,
                       struct acd_view_member *out);
bool acd_agent_assignments(const struct acd_engine *e, acd_agent_id agent, uint32_t *cursor,
                           struct acd_view_assignment *out);
bool acd_call_assignments(const struct acd_engine *e, acd_call_id call, uint32_t *cursor,
                          struct acd_view_assignment *out);
bool acd_agent_skills(const struct acd_engine *e, acd_agent_id agent, uint32_t *cursor,
                      struct acd_view_skill *out);
bool acd_calendar_times(const struct acd_engine *e, struct acd_str calendar, uint32_t *cursor,
                        struct acd_view_calendar_time *out);

/* The agent of a team that stands behind another, or with gen 0 its first; gen 0: none does. */
acd_agent_id acd_team_agent(const struct acd_engine *e, struct acd_str name, acd_agent_id behind);

/* ---- explanations: why a call waits, and why an agent gets none -------------------------------
 */

/* They may look at all members of a queue, or at all that stand in a line: ask for a person, not
 * for each call. Texts that are made for the answer stand in `room`, of ACD_EXPLAIN_TEXT bytes. */
enum { ACD_EXPLAIN_TEXT = 512 };

/* Errors: NOT_FOUND. */
int acd_explain_call(const struct acd_engine *e, acd_call_id call,
                     struct acd_view_call_explained *out);
int acd_explain_agent(const struct acd_engine *e, acd_agent_id agent,
                      struct acd_view_agent_explained *out);

/* The agents of a call that waits or rings, members of its queue, oldest membership first: each
 * with one view that says it is able, or one for each thing that keeps it from the call. *cursor as
 * above; false when there is no more. */
bool acd_call_fits(const struct acd_engine *e, acd_call_id call, uint64_t *cursor,
                   struct acd_view_fit *out, char *room);

/* The same of a single agent, a member or not. */
bool acd_call_agent_fits(const struct acd_engine *e, acd_call_id call, acd_agent_id agent,
                         uint64_t *cursor, struct acd_view_fit *out, char *room);

/* What keeps an agent from calls, whatever they are: one view that says it is able, or one for each
 * thing. */
bool acd_agent_fits(const struct acd_engine *e, acd_agent_id agent, uint64_t *cursor,
                    struct acd_view_fit *out);

/* The lines of the queues that an agent is a member of, oldest membership first, and of each queue
 * its own line first. `room` is of 2 * ACD_EXPLAIN_TEXT bytes. */
bool acd_agent_lines(const struct acd_engine *e, acd_agent_id agent, uint64_t *cursor,
                     struct acd_view_agent_line *out, char *room);

/* Explains an offer of the past to an engine that stands right before the frame which states it (an
 * image of before, and the frames up to there: see acd_journal_rewind). Takes the engine to the
 * moment of the decision; it then answers as it would have, and acd_decision_agents() tells the
 * available, in the order of the queue's strategy. Errors: NOT_FOUND (not in the frame), INVALID
 * (it is no call_offered), those of acd_apply_frame. */
int acd_explain_decision(struct acd_engine *e, const struct acd_frame *frame, uint64_t sequence,
                         struct acd_view_decision *out);
bool acd_decision_agents(const struct acd_engine *e, acd_call_id call, uint64_t *cursor,
                         struct acd_view_contender *out);

/* A gateway's next notices after `after`, oldest first: record bytes of acd_view_notice into `out`,
 * as many whole ones as fit. Returns the bytes written, 0 when there are none, or an error:
 * NOT_FOUND (no such client, or it has no outbox). */
int acd_outbox_read(const struct acd_engine *e, acd_client_id gateway, uint64_t after, uint8_t *out,
                    size_t len);

/* ---- intervals ------------------------------------------------------------------------------ */

/* What is counted in 15 minutes; docs/METRICS.md. The present interval is the one that the last
 * `now` is in; when the event interval_turned is about to be applied, it is the one that is over.
 * None is kept before the first call: then all is zero.
 *
 * Fills a view with what there is of the interval that a time is in, which is the last `now` or
 * later; of the present one up to its end with ACD_FOREVER. Errors: NOT_FOUND. */
int acd_queue_interval_view(const struct acd_engine *e, acd_queue_id id, acd_time at,
                            struct acd_view_queue_interval *out);
int acd_agent_interval_view(const struct acd_engine *e, acd_agent_id id, acd_time at,
                            struct acd_view_agent_interval *out);

/* When the present interval began; ACD_FOREVER while none are kept. */
acd_time acd_interval_start(const struct acd_engine *e);

/* Those of which anything was counted in the present interval, in slot order: the first at or after
 * `slot`, gen 0 when there is none left. */
acd_queue_id acd_queue_counted_from(const struct acd_engine *e, uint32_t slot);
acd_agent_id acd_agent_counted_from(const struct acd_engine *e, uint32_t slot);

/* How many waits of a queue ended by an answer, and by the caller, and how long they were: bucket
 * n, up to ACD_WAITS_EXACT, has those above n - 1 and up to n seconds, and those behind it go up to
 * their bound. Counts of intervals and of queues add up. */
enum { ACD_WAITS_EXACT = 600, ACD_WAITS = 651 };
struct acd_waits {
    uint32_t answered[ACD_WAITS], abandoned[ACD_WAITS];
};

uint32_t acd_waits_bucket(acd_span wait);
acd_span acd_waits_bound(uint32_t bucket); /* of the last: ACD_FOREVER */

/* Those of the present interval, valid until the next command; NULL when there are none. */
const struct acd_waits *acd_queue_waits(const struct acd_engine *e, acd_queue_id id);

/* ---- the state, written down -------------------------------------------------------------- */

/* The state is a set of rows (rows.def), each with a table and a key. Writing down all rows and
 * loading them into an empty engine of the same limits gives the same state, which goes on as the
 * first would; two engines are in the same state if and only if their rows are equal. */
enum acd_table {
    ACD_TABLE_ENGINE, /* one row */
    ACD_TABLE_QUEUES,
    ACD_TABLE_AGENTS,
    ACD_TABLE_MEMBERS,
    ACD_TABLE_NUMBERS,
    ACD_TABLE_CLIENTS,
    ACD_TABLE_CALLS,
    ACD_TABLE_ASSIGNMENTS,
    ACD_TABLE_ENDED,   /* keys of ended calls */
    ACD_TABLE_DONE,    /* outcomes of requests */
    ACD_TABLE_NOTICES, /* of outboxes; acd_view_notice records */
    ACD_TABLE_SKILLS,
    ACD_TABLE_PLANS,
    ACD_TABLE_QUEUE_INTERVALS,
    ACD_TABLE_AGENT_INTERVALS,
    ACD_TABLE_WAITS,
    ACD_TABLE_ABANDONED, /* places of callers who abandoned */
    ACD_TABLE_CALENDARS,
    ACD_TABLE_CALENDAR_TIMES,
    ACD_TABLE_COUNT
};

/* The first row of a table at or after a key; false when there is none. */
bool acd_row_next(const struct acd_engine *e, enum acd_table table, uint64_t *key);

/* Writes a row, at most ACD_RECORD_MAX bytes. Returns its bytes, 0 when there is no such row. */
size_t acd_row_write(const struct acd_engine *e, enum acd_table table, uint64_t key, uint8_t *out);

/* Rows that have changed since acd_changed_clear(): the first at or after a key. A changed row may
 * be gone (acd_row_write gives 0). The row of ACD_TABLE_ENGINE is not noted, it always changes; nor
 * are those of ACD_TABLE_NOTICES: their client's is. Only with config.track. */
bool acd_changed_next(const struct acd_engine *e, enum acd_table table, uint64_t *key);
void acd_changed_clear(struct acd_engine *e);

/* Puts a row into an engine that was just opened. Tables come in the order of enum acd_table, keys
 * ascending; acd_load_end() completes the state. Errors: those of decoding; FULL (a limit is
 * smaller than the state); INVALID (rows that do not fit together). The engine is then only to be
 * closed. */
int acd_load_row(struct acd_engine *e, enum acd_table table, uint64_t key, const uint8_t *bytes,
                 size_t len);
void acd_load_end(struct acd_engine *e);

/* ---- for tests ---------------------------------------------------------------------------- */

/* Walks every invariant of the state, O(everything). Returns NULL, or what is broken. */
const char *acd_engine_check(const struct acd_engine *e);

#ifdef __cplusplus
}
#endif

#endif
