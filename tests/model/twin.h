#ifndef ACD_MODEL_TWIN_H
#define ACD_MODEL_TWIN_H

#include "engine/acd.h"

/* The naive twin of the engine: the rules of docs/ROUTING.md as arrays and linear scans. It shares
 * nothing with the engine but the interface and the schema's bytes, and takes no short cut: whether
 * an agent is available, who is first and which call is best are looked up anew each time.
 *
 *     struct twin *t = twin_open(&limits);
 *     twin_execute(t, now, client, request, &command, &outcome);
 *     compare(t->log + t->frame_start, acd_last_frame(e).bytes);
 *
 * Tests read its tables freely; only twin_*.c writes them. Out of memory aborts. */

/* ---- planted faults ----------------------------------------------------------------------- */

/* What a twin may be told to do wrong, to prove that the comparison notices. */
enum twin_fault {
    TWIN_SOUND,
#define FAULT(name, doc) TWIN_FAULT_##name,
#include "tests/model/faults.def"
#undef FAULT
    TWIN_FAULTS,
};

/* The name of a fault, and what it does. */
const char *twin_fault_name(enum twin_fault fault);
const char *twin_fault_doc(enum twin_fault fault);

/* ---- tables ------------------------------------------------------------------------------- */

/* A copied text. */
struct twin_text {
    uint16_t len;
    char data[512];
};

struct twin_skill {
    struct twin_text name;
    uint8_t level;
};

/* A plan as it was read. */
struct twin_term {
    struct twin_text skill;
    uint8_t level;
    uint8_t clause;
};
struct twin_step {
    acd_span after;
    uint8_t min, max, raise;
    uint8_t count;
    struct twin_term terms[16];
};
struct twin_steps {
    uint8_t count;
    struct twin_step steps[8];
};

struct twin_plan {
    bool live;
    acd_queue_id queue;
    struct twin_text text;
    struct twin_steps steps;
    uint64_t unused_since; /* the event since which no call follows it; 0: one does */
};

struct twin_sums {
    ACD_CTYPE_u32 entered, answered, abandoned, timed_out, withdrawn, overflowed, refused, in_time;
    ACD_CTYPE_u32 offers, no_answers, left_empty, exited, resumed, callbacks;
    ACD_CTYPE_u32 unreached, called_back, lost;
    acd_span wait_answered, wait_abandoned, wait_max, talk, hold;
};

/* What else is counted of a queue on a day. */
struct twin_today {
    uint32_t handled, rejected;
    acd_span wrap_up;
};

/* Of the interval that now is in. */
struct twin_interval {
    struct twin_sums sums;
    uint32_t waiting_start, handled, rejected;
    acd_span wrap_up;
    struct acd_waits waits;
};

/* What an agent does, as far as its time goes elsewhere when it changes. */
struct twin_doing {
    uint8_t activity;
    uint16_t reason;
    bool on_hold;
};

/* Lately. */
struct twin_pace {
    uint32_t came, early, left, served;
    acd_span head_starts, waited, work;
    acd_time came_since;
};

/* An agent's last work of a queue that takes codes late; until 0: none. */
struct twin_late {
    acd_assignment_id work;
    acd_queue_id queue;
    uint64_t visit;
    acd_time until;
    struct twin_text code;
};

struct twin_agent {
    acd_agent_id id; /* gen 0: nobody here; so in every table */
    struct twin_text name, extension, contact, attributes;
    uint16_t max_concurrent_calls;
    uint8_t active;
    uint8_t state;
    uint16_t reason;
    acd_time lsc;
    uint64_t lsc_sequence;   /* of the event that set lsc */
    acd_time delay_until;    /* 0: not delayed */
    uint64_t delay_sequence; /* of the event that armed it */
    uint16_t no_answers;
    uint8_t drain; /* what it is when its work is done, or 0 */
    bool asks;     /* somebody about a call that it has on hold */
    bool outside_moves;
    uint8_t device;
    acd_time device_until;    /* 0: no end of it */
    uint64_t device_sequence; /* of the event that set it */
    struct twin_text channels, team;
    uint32_t took; /* twin_takes() as it was before the event at hand, when it has channels */
    uint32_t calls_today;
    acd_span talk_today;
    struct acd_view_agent_interval interval; /* its sums and times only */
    struct twin_doing did;                   /* before the event at hand */
    struct twin_skill skills[ACD_SKILLS_MAX];
    uint32_t skill_count;
    struct twin_late late;
    uint64_t fresh; /* when it became fresh in the present settling; 0: it is not */
};

struct twin_queue {
    acd_queue_id id;
    struct twin_text name;
    struct twin_text wrap_up_codes;
    struct twin_text plan;
    struct acd_event_queue_set set; /* its texts stand below */
    struct twin_text on_closed, on_full, on_no_agents;
    struct twin_text on_left_empty, on_max_wait, on_max_wait_no_agent, exit_keys;
    struct twin_text hours, strategy_hours;
    bool deserted;         /* no active member is logged in ... */
    acd_time nobody_since; /* ... since then */
    uint8_t policy;        /* of the removal */
    acd_queue_id target;
    struct twin_sums sums;
    struct twin_today today;
    struct twin_interval interval;
    acd_time alerted[6], alert_until[6]; /* by enum acd_alert */
    uint16_t turn_position;              /* of round-robin: where the last offered to stands */
    uint64_t turn_sequence;
    struct twin_pace pace;
};

struct twin_member {
    bool live;
    acd_agent_id agent;
    acd_queue_id queue;
    uint8_t level;
    uint16_t position;
    uint64_t sequence;     /* of the event that made it */
    acd_time last_ended;   /* while least-recent: the end of its last call of the queue, or 0 */
    uint64_t last_offered; /* while sequentially-by-agent-order: the event, or 0 */
};

struct twin_call {
    acd_call_id id;
    acd_queue_id queue;
    acd_client_id gateway; /* 0: of nobody */
    struct twin_text key, called, caller, attributes;
    uint8_t direction;
    uint8_t state;
    acd_time enqueued_at, entered_at, arrived_at, answered_at;
    acd_span head_start;
    acd_time line_time;      /* its place in every line: enqueue time - head_start */
    uint64_t sequence;       /* of its call_queued event: its place among those of one time */
    acd_time own_until;      /* its own max_wait runs out, until it is answered; 0: it has none */
    acd_time until;          /* max_wait runs out; 0: never */
    uint64_t until_sequence; /* of the event that armed it */
    uint16_t offers;
    bool announce;              /* asks to be told its position ... */
    acd_time announce_at;       /* ... then, or 0 ... */
    uint64_t announce_sequence; /* ... by this event */
    uint8_t moves;              /* how often it left a queue by a rule for another */
    uint64_t entered_sequence;  /* of the event by which it entered this queue */
    bool lifo;                  /* as its queue was set when it entered */
    bool tried;                 /* while top-down: it was offered, last to whom stands here */
    uint8_t tried_level;
    uint16_t tried_position;
    uint64_t tried_sequence;
    acd_span hold;           /* so far, but for now */
    bool ring;               /* at many, while offered */
    bool asks;               /* ... for more */
    acd_time grows_at;       /* ... or then, or 0 */
    uint64_t grows_sequence; /* of the event that says so */
    acd_agent_id recall;     /* who gets it back when its offer fails, or 0 */
    uint32_t plan;           /* number, or 0 */
    uint8_t step;
    bool own_plan;
    acd_agent_id prefer; /* for whom it is kept, or 0 ... */
    acd_time prefer_until;
    bool callback;           /* it is called back, or was ... */
    struct twin_text number; /* ... under this */
    acd_time due, expires;
    uint64_t due_sequence; /* of the event that set it */
    uint16_t attempts;     /* left */
    acd_span retry;
    uint64_t listed; /* the `since` of its gateway for which it was listed */
    uint64_t fresh;
};

struct twin_assignment {
    acd_assignment_id id;
    acd_agent_id agent;
    acd_call_id call; /* 0 in wrap-up */
    acd_queue_id queue;
    uint8_t role;
    acd_time since, until;
    struct twin_text code;
    uint64_t visit;          /* in wrap-up: the event that ended it */
    uint64_t sequence;       /* of its call_offered event: its age */
    uint64_t until_sequence; /* of the event that armed it */
    struct twin_text key;    /* of a call outside the queues; the number that it asks */
    uint8_t channel;
};

/* A key that is closed: its call ended, or was hung up before it came. */
struct twin_ended {
    bool taken; /* the place holds a key */
    acd_client_id gateway;
    struct twin_text key;
    acd_time ended_at;
};

/* The place of a caller who abandoned. */
struct twin_abandoned {
    bool live;
    acd_queue_id queue;
    struct twin_text caller;
    acd_time enqueued_at, left_at;
    acd_span head_start;
};

struct twin_number {
    bool live;
    struct twin_text number;
    acd_queue_id queue;
};

struct twin_calendar {
    bool live;
    struct twin_text name, zone;
    uint8_t strategy, otherwise;
    struct twin_text *times; /* ACD_CALENDAR_TIMES_MAX; NULL until it is first set */
    uint32_t time_count;
};

struct twin_request {
    uint64_t number; /* 0: none yet */
    struct acd_view_outcome outcome;
    struct twin_text overflow_to;
};

struct twin_client {
    acd_client_id id;
    struct twin_text name;
    uint8_t kind;
    uint64_t last_request;
    struct twin_request requests[ACD_REQUESTS_KEPT];
    uint64_t acked, told;
    bool lost, reconciling;
    acd_span lease, grace;
    uint8_t orphans;
    struct twin_text heir;
    acd_time lease_until, grace_until; /* 0: off */
    uint64_t lease_sequence;           /* of the event that set lease_until */
    uint64_t since; /* calls of before this event are to be listed; it set grace_until too */
    uint8_t sweep;  /* what is under way, or 0 */
    uint32_t sweep_slot;
    acd_client_id sweep_heir;
    uint32_t outbox_len;
    uint8_t *outbox; /* notice records, oldest first; outbox_bytes of room */
};

struct twin {
    struct acd_limits limits;
    enum twin_fault fault;

    /* Tables as long as their limit. */
    struct twin_agent *agents;
    struct twin_queue *queues;
    struct twin_member *members; /* limits.memberships */
    struct twin_call *calls;
    struct twin_plan *plans;
    struct twin_assignment *assignments;
    struct twin_ended *ended;         /* a ring */
    uint32_t ended_next;              /* its place that is written next: the oldest */
    acd_time forgotten_until;         /* the latest end of a key that fell out of it */
    struct twin_abandoned *abandoned; /* a ring */
    uint32_t abandoned_next;
    struct twin_number *numbers;
    struct twin_calendar *calendars; /* ACD_CALENDARS_MAX */
    struct twin_client *clients;
    struct twin_sums totals;
    uint32_t day;
    bool counting;           /* a call has come, so intervals are kept */
    acd_time interval_until; /* when the interval ends in which something was counted, or 0 */
    uint64_t config_version;
    struct twin_text config_label;
    acd_time config_at;

    acd_time now;
    uint64_t sequence; /* of the last event */
    uint64_t fresh_count;
    uint64_t random; /* the generator's state */

    /* Every event since the start, as bytes; the last call's begin at frame_start. */
    uint8_t *log;
    size_t log_len, log_room;
    size_t frame_start;
    uint64_t frame_first; /* sequence of the frame's first event */
    uint32_t frame_count;

    /* The command at hand. */
    acd_client_id client;
    const struct acd_record *command;
    struct acd_view_outcome outcome;
    struct twin_text
        overflow_to;    /* of that, for the queue that says it may go by the same command */
    acd_call_id routed; /* the call that the route at hand brought, or 0 */

    /* Called, when set, with each event before it changes anything. */
    void (*watch)(void *ctx, const struct twin *t, uint16_t code, const void *event);
    void *watch_ctx;
};

/* ---- what it does ------------------------------------------------------------------------- */

/* Every limit must be given. */
struct twin *twin_open(const struct acd_limits *limits);
void twin_close(struct twin *t);

/* As the functions of acd.h. */
int twin_execute(struct twin *t, acd_time now, acd_client_id client, uint64_t request,
                 const struct acd_command *command, struct acd_view_outcome *outcome);
void twin_advance(struct twin *t, acd_time now);
acd_time twin_next_deadline(const struct twin *t);

/* ---- what it says ------------------------------------------------------------------------- */

/* Views of a live thing, as those of acd.h. */
void twin_agent_view(const struct twin *t, const struct twin_agent *a, struct acd_view_agent *v);
void twin_team_view(const struct twin *t, struct acd_str name, struct acd_view_team *v);
void twin_queue_view(const struct twin *t, const struct twin_queue *q, struct acd_view_queue *v);
void twin_call_view(const struct twin *t, const struct twin_call *c, struct acd_view_call *v);
void twin_client_view(const struct twin *t, const struct twin_client *c, struct acd_view_client *v);
void twin_number_view(const struct twin *t, const struct twin_number *n, struct acd_view_number *v);
void twin_member_view(const struct twin *t, const struct twin_member *m, struct acd_view_member *v);
void twin_assignment_view(const struct twin_assignment *a, struct acd_view_assignment *v);
void twin_queue_interval_view(const struct twin *t, const struct twin_queue *q,
                              struct acd_view_queue_interval *v);
void twin_agent_interval_view(const struct twin *t, const struct twin_agent *a,
                              struct acd_view_agent_interval *v);
void twin_totals_view(const struct twin *t, struct acd_view_totals *v);

/* Walks the twin's tables for what must hold whatever the rules say: nobody beyond capacity, no
 * eligible pair left without an offer, no call lost from the sums. Returns NULL, or what is broken.
 * (A fault that the twin and the engine share would be seen here only.) */
const char *twin_check(const struct twin *t);

#endif
