#ifndef ACD_ENGINE_H
#define ACD_ENGINE_H

#include <string.h>

#include "engine/acd.h"
#include "engine/acd_assert.h"
#include "engine/client.h"
#include "engine/fetch.h"
#include "engine/hot.h"
#include "engine/index.h"
#include "engine/interval_state.h"
#include "engine/list.h"
#include "engine/order.h"
#include "engine/pace.h"
#include "engine/plan_state.h"
#include "engine/ranks.h"
#include "engine/slots.h"
#include "engine/text.h"

/* The whole state on one page. Everything is an array of fixed slots; things refer to each other by
 * slot (NONE where there is none), ids with a generation are for the outside. Only apply_*.c writes
 * it; on_*.c and settle.c read it, decide, and emit events. check.c walks what is stated here. */

#define NONE UINT32_MAX

/* Slots are below LIMIT_MAX; those of agents, roles and channels fit into this many bits. */
enum {
    LIMIT_MAX = 1 << 28,
    AGENTS_MAX = 1 << 22, /* their skills are rows, numbered */
    AGENT_BITS = AGENTS_MAX - 1,
    CHANNEL_BITS = 7,
    ROLE_BITS = 7,
    DIRECTION_BITS = 3
};

/* KEPT_DELAYED: until its card says, in e->delays; KEPT_RUNG: a call that rings at many rings at
 * it; KEPT_DEVICE: its card says what its device is, and until when, in e->devices; KEPT_CONSULTS:
 * it asks somebody about a call that it has on hold. */
enum { KEPT_DELAYED = 1, KEPT_RUNG = 2, KEPT_DEVICE = 4, KEPT_CONSULTS = 8 };

/* All of an agent that a decision, an answer and an end touch: one cache line. */
struct agent {
    uint32_t gen;         /* 0: the slot is free */
    uint32_t seats;       /* chain, oldest first */
    uint32_t assignments; /* chain, oldest first */
    uint16_t reason;
    uint16_t no_answers; /* unanswered offers in a row */
    uint8_t state;
    uint8_t activity; /* derived: agent_activity_of(); e->activities counts them */
    bool active;
    uint8_t kept; /* KEPT_ from offers, by ... */
    uint8_t capacity;
    uint8_t offered, connected, wrap_up; /* = its assignments by role */
    uint8_t reserved;                    /* = max(capacity, assignments); e->reserved is the sum */
    uint8_t name_len, contact_len;       /* of its card's: an offer tells them */
    uint8_t drain;                       /* what it is when its work is done, or 0; has work then */
    uint8_t outside;                     /* as above; calls outside the queues */
    bool costs;                          /* its card says what calls of a channel cost */
    bool stands;                         /* its memberships have stands: its card has marks */
    acd_time lsc;                        /* last_status_change */
    uint64_t lsc_sequence;               /* of the event that set it: no two agents share one */
    uint32_t day, calls_today;           /* zero when day is not the engine's */
    acd_span talk_today;
};
_Static_assert(sizeof(struct agent) == CACHE_LINE, "an agent is one cache line");
_Static_assert(ACD_CAPACITY_MAX <= UINT8_MAX, "capacities and loads fit a byte");

/* By channel; 0: nothing, no limit. */
struct channel_costs {
    uint8_t cost[ACD_CHANNELS_MAX], max[ACD_CHANNELS_MAX];
};

/* An agent's last work of a queue that takes codes late. */
struct late_work {
    acd_assignment_id work;
    acd_queue_id queue; /* may be gone */
    uint64_t visit;     /* sequence of the event that ended it */
    acd_time until;     /* no later; 0: there was none */
    TEXT(64) code;
};

/* What a decision does not touch. */
struct agent_card {
    char name[64], contact[128]; /* their lengths stand in the agent */
    TEXT(32) extension;
    TEXT(512) attributes;
    struct index_key name_key;
    acd_time delay_until;    /* while it is delayed; in e->delays */
    uint64_t delay_sequence; /* of the event that set it */
    struct order_link in_delays;
    TEXT(128) channels;         /* as they were set */
    struct channel_costs costs; /* the same, read */
    uint8_t open;               /* channels it takes one more call of: a bit each; with costs */
    uint8_t device;             /* 0: available */
    bool outside_moves;         /* the end of a call outside moves lsc */
    acd_time device_until;      /* while it is not available; in e->devices */
    uint64_t device_sequence;   /* of the event that set it */
    struct order_link in_devices;
    uint8_t skills; /* how many of its talents are there */
    uint32_t team;  /* or NONE */
    struct link in_team;
    uint16_t lines; /* of requirements that it is in */
    uint16_t marks; /* of its stands: those lines, and its queues' own that are in banks */
    struct late_work late;
};

/* A team, as long as an agent is of it. */
struct team {
    TEXT(64) name;
    struct index_key name_key;
    struct list agents;
};

/* A membership: an agent's seat in a queue. It stands in the `ready` of the queue's own line while
 * the agent is available. */
struct seat {
    uint32_t agent, line;
    uint32_t next; /* of the agent's */
    uint16_t position;
    uint8_t level;
    struct order_link in_ready;
};

struct seat_card {
    uint64_t sequence; /* of the event that made the membership */
    struct link in_line;
    acd_time last_ended;   /* of least-recent: 0 until a call of the queue ends there */
    uint64_t last_offered; /* of sequentially-by-agent-order: the event, or 0 */
};

/* The seats of available agents, in the order of their queue's strategy: in the first of these, or,
 * where one looks from a position on or draws, by position in the second. See ready.h. */
struct ready {
    struct order order;
    struct ranks places;
    uint32_t banked; /* of a queue that is in a bank: how many they are */
    uint8_t strategy;
    bool in_bank; /* they stand there instead: lines of requirements, and a queue's own with them */
    bool plain;   /* they do not, the strategy is the usual one, and it is not: */
    bool minded;  /* whether anybody stands there matters to the queue: queue_derive() */
};

/* Where calls and agents meet. Queue q's own line is line q, its seats are q's memberships. Lines
 * of requirements stand behind those of the queues; members who fulfil them have stands in banks.
 * After each command no call of `waiting` or `rung` and nobody available are both there. */
struct line {
    struct ready ready;   /* seats of available agents; of requirements: the strategy only */
    struct ranks waiting; /* queued calls in their order: e->wait_nodes, or e->line_nodes */
    struct ranks rung;    /* ringing ones that ask for more agents; see ring.h */
    struct list seats;    /* of a queue's own line */
    uint32_t queue;
    uint32_t rank;   /* twice the queue's weight, and 1 more if its calls are kept for an agent */
    uint8_t channel; /* the queue's */
    bool passes;     /* its calls have a next step, all of them */
    uint8_t mark;    /* in a bank: which one it is ... */
    uint32_t bank;   /* ... there */
    uint32_t logged_in; /* of requirements: as of a queue */
};
_Static_assert(sizeof(struct line) == 2 * CACHE_LINE, "a line is two cache lines");

/* Alerts that a queue may have; what holds of them if nothing is said. */
enum { ALERTS = 5, ALERT_CALLS = 10 };
#define ALERT_HOLD ((acd_span)60 * ACD_SECOND)

/* The texts of a queue's settings but its name; struct queue's `set` points at them. */
struct queue_texts {
#define F(type, name, doc)
#define E(enumeration, name, doc)
#define S(max, name, doc) TEXT(max) name;
    ACD_QUEUE_FIELDS_2 ACD_QUEUE_FIELDS_4
#undef F
#undef E
#undef S
};

/* What a queue's flags say; queue_derive() keeps them. */
enum {
    QUEUE_SHUT = 1,      /* join_empty or leave_when_empty: nobody is there for a call to enter */
    QUEUE_CLEARS = 2,    /* it is being removed, drained or left: in e->clearing while calls are
                            queued */
    QUEUE_DESERTED = 4,  /* nobody is logged in and max_wait_no_agent is set: in e->deserted while
                            calls are queued */
    QUEUE_RESUMES = 8,   /* who abandons has its place again for a while: see resume.h */
    QUEUE_TAKES_UP = 16, /* who calls in while waiting for a callback has its place */
    QUEUE_ALERTS = 32,   /* an alert is set, or raised: see alerts.h */
    QUEUE_CODES = 64,    /* a code may be given when the agent's work is over */
    QUEUE_MINDS_WAITING = QUEUE_CLEARS | QUEUE_DESERTED,
};

/* What a queue is set to, as in ACD_QUEUE_FIELDS, the texts kept apart. */
struct queue {
    uint32_t gen;           /* 0: free */
    struct list unanswered; /* calls queued, ringing or stranded, by entry */
    uint32_t ringing, connected, stranded;
    struct list scheduled; /* callbacks that are not due, the last set last */
    uint8_t flags;
    uint32_t usual;           /* the open plan of calls that bring none, or NONE */
    struct sums sums;         /* of the day, */
    struct queue_today today; /* ... and with them */
    struct queue_interval interval;
    struct pace pace;

    struct acd_event_queue_set set;    /* its texts point at those below */
    struct ranks others;               /* queued calls that wait in lines of requirements */
    struct list lines;                 /* of requirements, oldest first, */
    uint32_t banks;                    /* ... and chain of the banks that they are in */
    uint32_t logged_in, members_ready; /* active members not logged out; ready by their own word */
    uint16_t turn_position;            /* of round-robin: the last offered to ... */
    uint64_t turn_sequence;            /* ... of the event that made that membership */
    uint8_t remove_policy;             /* while set.state is ACD_REMOVING or ACD_DRAINING */
    acd_queue_id remove_target;
    TEXT(64) name;
    struct index_key name_key;
    struct queue_texts texts;

    acd_time nobody_since; /* while logged_in is 0, else 0 */
    acd_time
        deserted_until; /* while in e->deserted: when its call that has been queued longest ... */
    uint64_t deserted_sequence; /* ... and entered by this event has waited for max_wait_no_agent */
    struct order_link in_deserted;

    acd_time alerted[ALERTS], alert_until[ALERTS]; /* by enum acd_alert, from 1 */
    acd_time alert_at; /* when one of them may have to change; in e->alerting unless ACD_FOREVER */
    struct order_link in_alerting;
};

/* The first cache line is what an answer and an end touch, the second what waiting does. */
struct call {
    uint32_t gen; /* 0: free */
    uint32_t queue;
    uint32_t gateway;    /* client, or NONE */
    uint32_t assignment; /* the first of its chain: while offered or connected, else NONE; behind
                            it one more while connected: of who is consulted */
    struct index_key name_key;
    uint32_t agent; /* that assignment's, or NONE: found without looking there */
    uint32_t text;  /* slot of its attributes, or NONE */
    uint16_t offers;
    uint8_t state;
    uint32_t direction : 2;
    uint32_t several : 1; /* its chain goes on: its links are worth looking at */
    uint32_t lifo : 1;    /* it waits by that order, as its queue was set when it entered */
    uint32_t tried : 1;   /* by top-down: e->call_turns knows whom */
    uint32_t carded : 1;  /* its card has more than texts */
    uint32_t ring : 2;    /* whether it rings at many: enum ring_state of ring.h */
    uint32_t line;        /* where it waits, or waited */
    acd_time arrived_at, answered_at;
    bool announces; /* asks to be told its position: see e->announcements */
    bool kept;      /* for one agent, in whose line it is: e->call_turns knows for whom */
    bool callback;  /* its caller is to be called back, or was: e->callbacks has more */
    bool asks_out;  /* its agent asks a number: that assignment's card has it */
    bool hurries;   /* until it is answered: e->call_turns knows when its own max_wait is over */
    char unused[3];

    struct link in_unanswered;
    int64_t key;               /* of its order: enqueued_at - head_start; */
    uint64_t sequence;         /* ... then this, of its call_queued */
    uint64_t entered_sequence; /* of the event by which it entered this queue */
    acd_time enqueued_at, entered_at;
    acd_time until;          /* max_wait; 0: never. In e->waits while queued or stranded */
    uint64_t until_sequence; /* of the event since which it waits */
};
_Static_assert(sizeof(struct call) == 2 * CACHE_LINE, "a call is two cache lines");

/* Where the end of a call leads, known without looking at it: see leads.h. */
struct call_lead {
    uint32_t agent, assignment; /* the call's, or its last */
    uint32_t seat;              /* the first of that agent's, as it was */
    uint32_t hash;              /* of its key */
};

/* When a call that asks is told its position. */
struct announcement {
    acd_time at;       /* 0: its queue announces nothing. In e->announced while queued */
    uint64_t sequence; /* of the event that set it */
    struct order_link in_announced;
};

/* Its plan; key, called number and caller's number, one behind the other: mostly a single cache
 * line. */
struct call_card {
    uint32_t plan;         /* NONE: it waits in its queue's own line */
    uint32_t step : 3;     /* of the plan */
    uint32_t own_plan : 1; /* its plan came with it, if only to say: any member */
    uint32_t moves : 4;    /* how often it left a queue by a rule for another */
    uint8_t key_len, called_len, caller_len;
    char texts[96 + 32 + 32];
    acd_span hold;       /* so far, but for now; meaningless, as what follows, unless `carded` */
    acd_agent_id recall; /* who gets it back when the offer under way fails, or 0 */
    struct order_link in_steps;
};
_Static_assert(sizeof(struct call_card) == 3 * CACHE_LINE, "cards begin at a cache line");

/* What only some strategies, preferences, and calls with a max_wait of their own ask of a call. */
struct call_turn {
    uint64_t sequence; /* of top-down, whom it was offered to last: the event that made the ... */
    uint32_t place;    /* ... membership, its level and position */
    acd_time until;    /* of ring-progressively: its max_wait, while it grows */
    uint64_t until_sequence;
    acd_agent_id prefer; /* while it is kept: the agent, maybe gone, ... */
    acd_time prefer_until;
    acd_time own_until; /* while it hurries */
};

/* Of a call whose caller is to be called back. In the index of numbers until it is connected. */
struct callback {
    acd_time due;      /* not before then; in e->dues while scheduled */
    uint64_t sequence; /* of the event that set it */
    acd_time expires;
    acd_span retry;
    uint16_t attempts; /* left */
    TEXT(32) number;
    struct index_key number_key;
    struct order_link in_dues;
};

struct call_text {
    TEXT(512) attributes;
};

/* One call at one agent; the same slot and id from offer to the end of wrap-up. */
struct assignment {
    uint32_t gen; /* 0: free */
    uint32_t agent : 25;
    uint32_t channel : 3;
    uint32_t role : 3;
    uint32_t carded : 1;   /* its card has something */
    uint32_t call;         /* NONE in wrap-up */
    uint32_t next;         /* of the agent's */
    acd_queue_id queue;    /* may be gone in wrap-up, and of who is consulted */
    uint64_t sequence;     /* of its call_offered */
    acd_time since, until; /* until: in e->leases unless ACD_FOREVER or, when connected or held, 0;
                              a held one has one while a number is dialled for it */
    uint64_t until_sequence; /* of the event that set it */
    struct order_link in_leases;
};
_Static_assert(sizeof(struct assignment) == CACHE_LINE, "an assignment is one cache line");

/* What few assignments have; meaningless unless `carded`. */
struct assignment_card {
    uint64_t visit; /* sequence of the event that ended its visit; 0: until_sequence still is */
    TEXT(64) code;
    TEXT(96) key; /* of a call outside the queues; the number that is asked, or none */
};

/* The key of an ended call, remembered. A ring: the oldest makes room. */
struct ended {
    acd_client_id gateway;
    struct index_key name_key;
    acd_time ended_at;
    uint8_t key_len;
    char key[96];
    char unused[7];
};
_Static_assert(sizeof(struct ended) == 2 * CACHE_LINE, "ended keys begin at a cache line");

/* The place of a caller who abandoned, remembered. A ring: the oldest makes room. */
struct abandoned {
    acd_queue_id queue; /* gen 0: none, or taken again */
    struct index_key name_key;
    TEXT(32) caller;
    acd_time enqueued_at, left_at;
    acd_span head_start;
};

struct number {
    TEXT(32) number;
    struct index_key name_key;
    uint32_t queue;
};

/* By name found by a walk: nothing but configuration asks for it. */
struct calendar {
    TEXT(64) name, zone;
    uint8_t strategy, otherwise; /* both or neither */
    uint8_t times;               /* how many of its times are there */
};

struct calendar_time {
    TEXT(128) text;
};

/* Room for the heaps of all queues' ready seats: a heap that must grow gets a place twice the
 * size at the end of one half; when that half is used up, all heaps are packed into the other. So
 * growing never fails while memberships are within their limit, whatever came before. */
struct heaps {
    struct order_entry *half[2];
    uint32_t size, used, active;
};

/* What the command under way has made fresh, for settling. Scratch: empty between commands. */
struct fresh {
    uint32_t items[ACD_FRAME_EVENTS_MAX];
    uint32_t count;
};

/* Who asks, and what the reply will tell. Scratch. */
struct asking {
    acd_client_id client;
    uint32_t slot;     /* its, or NONE */
    uint32_t call;     /* the call that this route brought, or NONE */
    uint32_t key_hash; /* of the key of this route, or 0: not known */
    uint32_t plan;     /* where its plan may be, or NONE: not known */
    uint32_t next;     /* the membership that is fetched already, or NONE */
    struct acd_view_outcome *outcome;
};

/* A call key of a command that is expected, and what was looked up for it already. Scratch, and
 * never more than a memory of what follows from the key anyway: see expect.c. */
struct expected {
    acd_client_id gateway;
    uint32_t hash;
    uint32_t queue; /* of a route: what it leads to is fetched; or NONE */
    uint32_t plan;  /* where the plan that it brings is, or NONE */
    uint32_t next;  /* the membership that would have it now, if requirements count; or NONE */
    uint8_t key_len;
    char key[96];
};

struct acd_engine {
    struct acd_config config;
    void *memory; /* as it was taken; this stands at its first cache line */
    size_t memory_bytes;

    acd_time now;
    uint64_t sequence; /* of the last event applied */
    uint32_t day;
    struct sums sums; /* of all queues, removed ones included */

    bool counting;           /* intervals are kept, ... */
    acd_time counted_since;  /* ... since then */
    uint32_t interval;       /* number of the present one, which now is in; 0: none are kept */
    acd_time interval_end;   /* of that; a time that never comes: none are kept */
    acd_time interval_until; /* the same, once anything was counted in it; a deadline. Else 0 */

    uint64_t config_version; /* of the last document committed; 0: none was */
    TEXT(64) config_label;
    acd_time config_at;

    struct slots agent_slots, queue_slots, member_slots, call_slots, assignment_slots, number_slots,
        client_slots, text_slots, skill_slots, team_slots, plan_slots, calendar_slots;
    struct slots line_slots; /* of requirements: behind the queues' */
    struct slots bank_slots, tier_slots;
    struct slots stand_slots; /* behind those of the memberships */
    struct slots block_slots;
    uint32_t seats_taken; /* in lines of requirements: the marks of all stands */
    struct agent *agents;
    struct agent_card *agent_cards;
    struct agent_interval *agent_intervals;
    struct acd_waits *queue_waits; /* of queues, in their interval */
    struct queue *queues;
    struct line *lines;
    struct line_card *line_cards; /* as long; used of lines of requirements */
    struct bank *banks;
    struct tier *tiers;
    struct stand *stands;             /* the memberships' first ones, and others behind them */
    uint32_t *stand_members;          /* of those others: whose they are */
    uint32_t *stand_agents;           /* of memberships: close together, so mostly at hand */
    uint16_t *stand_skills;           /* of best-skill: its levels in what the line names, summed */
    struct marks_block *stand_blocks; /* what they stand in while they are available */
    struct marks_counts *stand_counts;  /* of blocks, in banks whose strategy draws */
    struct marks_space stand_spaces[2]; /* all this: without, and with counts */
    struct seat *seats;                 /* memberships */
    struct seat_card *seat_cards;
    struct skill *skills;
    struct team *teams;
    struct talent *talents; /* ACD_SKILLS_MAX an agent */
    uint32_t *levels;       /* 256 a queue: its members of each level */
    struct plan *plans;
    struct call *calls;
    struct call_card *call_cards;
    struct call_lead *call_leads;
    struct call_turn *call_turns;
    struct call_text *call_texts;
    struct callback *callbacks; /* of calls */
    struct assignment *assignments;
    uint32_t *call_chain; /* of assignments: the next of the call's plus 1; 0 at the end and of free
                             ones, so that a call's only one needs none */
    uint64_t *call_listed; /* of calls: call_listed_at() */
    struct assignment_card *assignment_cards;
    struct number *numbers;
    struct calendar *calendars;
    struct calendar_time *calendar_times; /* ACD_CALENDAR_TIMES_MAX a calendar */
    struct client *clients;
    struct done *done;            /* ACD_REQUESTS_KEPT a client */
    struct done_text *done_texts; /* of those with an overflow */
    uint8_t *outboxes;            /* config.limits.outbox_bytes a client */

    struct ended *ended;
    uint64_t ended_count;  /* ever */
    uint32_t ended_next;   /* ended_count % limit: where the next one goes */
    acd_time forgotten_at; /* the end of the last call that fell out */

    struct abandoned *abandoned; /* as many as `ended` */
    uint32_t abandoned_next;     /* where the next one goes */

    struct index agent_names, queue_names, number_names, client_names, skill_names, team_names,
        plan_texts, abandoned_callers, callback_numbers;
    struct index call_keys; /* values: a call, or limits.calls + its place in `ended` */

    uint64_t random;          /* the generator's state, of the random strategies */
    uint64_t *available;      /* a bit an agent, derived: agent_available_of() */
    uint32_t available_count; /* of those bits */
    uint32_t activities[16];  /* agents by activity */
    uint32_t reserved;        /* the sum over all agents; at most limits.assignments, so that an
                                 offer never lacks an assignment */
    struct list live;         /* all live calls, oldest first */
    struct link *live_links;  /* apart, for an end writes to those of its neighbours */
    uint32_t states[8];       /* live calls by state */
    struct slots removing;    /* queues being removed or drained */
    struct slots clearing;    /* queues whose queued calls are to leave in slices */
    struct slots passing;     /* lines of requirements with calls that go on at once: see
                                 line_is_passed(); from the first behind the queues' */
    struct list unused_plans; /* that no call follows, oldest first */
    struct slots sweeping;    /* gateways whose calls are swept over */

    struct order leases, waits, delays; /* deadlines: assignments, queued calls, agents, */
    struct order alerting;              /* queues of which an alert may have to change, */
    struct order deserted, steps;       /* ... queues, queued calls with a next step, */
    struct order devices;               /* ... what is believed of agents' devices, */
    struct order announced;             /* ... queued calls that ask for their position, */
    struct order dues;                  /* ... and scheduled callbacks */
    struct order absences;              /* ... leases of clients, and behind them graces */
    struct announcement *announcements; /* of calls */
    acd_time quiet_until;               /* none of them is before; mostly all that is looked at */
    struct order_link *wait_links;      /* of calls */
    struct order_link *absence_links;   /* two a client */
    struct ranks_node *wait_nodes;      /* of calls, in the order of their queue */
    struct ranks_node *line_nodes;      /* of calls that wait in lines of requirements */
    struct ranks_node *seat_nodes;      /* of seats, in their line's ready.places */
    struct heaps heaps;

    struct slots changed[ACD_TABLE_COUNT]; /* rows changed, by table; with config.track only */

    struct fresh fresh_agents, fresh_calls;
    uint32_t entering; /* a fresh call that is queued, and in no order yet; NONE between commands */
    struct asking asking;
    struct expected expected[2]; /* that of the command at hand, and of the next */
    uint32_t expected_last;      /* which of them is newer */

    uint64_t frame_first; /* sequence of the first event of the frame under way */
    size_t frame_len;
    uint8_t *frame; /* ACD_FRAME_BYTES_MAX */
};

enum {
    EVENTS_OF_A_STEP = 256, /* what one command or deadline, settled, may state at the most */
    SLICE = 64,             /* calls of one slice */
    SWEEP_LOOKS = 256,      /* calls that one slice of a sweep goes through, at the most ... */
    SWEEP_ACTS = 32,        /* ... and how many of them it does something to */
    NOTICE_ROOM = 512,      /* an outbox with less room than this is full */
};

/* limits.c: fills in what is not said. */
void limits_default(struct acd_limits *l);

#include "engine/ids.h"
#include "engine/keys.h"

#endif
