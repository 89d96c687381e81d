#ifndef ACD_ENGINE_H
#define ACD_ENGINE_H

#include <string.h>

#include "engine/acd.h"
#include "engine/acd_assert.h"
#include "engine/index.h"
#include "engine/list.h"
#include "engine/order.h"
#include "engine/ranks.h"
#include "engine/slots.h"

/* The whole state on one page. Everything is an array of fixed slots; things refer to each other by
 * slot (NONE where there is none), ids with a generation are for the outside. Only apply_*.c writes
 * it; on_*.c and settle.c read it, decide, and emit events. check.c walks what is stated here. */

#define NONE UINT32_MAX

/* Text of at most `max` bytes, kept in place. */
#define TEXT(max)                                                                                  \
    struct {                                                                                       \
        uint16_t len;                                                                              \
        char data[max];                                                                            \
    }

/* What was counted since the day turned; stale, and so zero, when `day` is not the engine's. */
struct sums {
    uint32_t day;
#define F(type, name, doc) ACD_CTYPE_##type name;
    ACD_SUMS_FIELDS
#undef F
};

struct agent {
    uint32_t gen; /* 0: the slot is free */
    uint8_t state;
    uint8_t activity; /* derived: agent_activity_of(); e->activities counts them */
    bool active;
    uint16_t reason;
    uint16_t capacity;
    uint16_t offered, connected, wrap_up; /* = its assignments by role */
    uint16_t no_answers;                  /* unanswered offers in a row */
    uint16_t reserved;                    /* = max(capacity, assignments); e->reserved is the sum */
    struct list members;                  /* its memberships, oldest first */
    struct list assignments;              /* oldest first */
    acd_time delay_until;                 /* 0: none; in e->delays while set */
    acd_time lsc;                         /* last_status_change */
    uint64_t lsc_sequence;                /* of the event that set it: no two agents share one */
};

/* What a decision does not touch. */
struct agent_card {
    TEXT(64) name;
    TEXT(32) extension;
    TEXT(128) contact;
    TEXT(512) attributes;
    uint32_t name_hash;
    uint32_t day, calls_today; /* zero when day is not the engine's */
    acd_span talk_today;
};

/* An agent's seat in a queue. It stands in the queue's `ready` while the agent is available. */
struct member {
    uint64_t sequence; /* of the event that made it; 0: free */
    uint32_t agent, queue;
    uint8_t level;
    uint16_t position;
    struct link in_agent, in_queue;
};

/* What a queue is set to, as in ACD_QUEUE_FIELDS, the name kept apart. */
struct queue {
    uint32_t gen;                   /* 0: free */
    struct acd_event_queue_set set; /* set.name points at `name` */
    TEXT(64) name;
    uint32_t name_hash;
    uint8_t remove_policy; /* while set.state is ACD_REMOVING */
    acd_queue_id remove_target;

    struct order ready;   /* members available, best first */
    struct ranks waiting; /* queued calls in their order. Invariant, after each command: no call of
                             `waiting` and no agent of `ready` are both there */
    struct list unanswered; /* calls queued or ringing, by entry */
    uint32_t ringing, connected;
    struct list members;
    uint32_t logged_in, members_ready; /* active members not logged out; ready by their own word */
    struct sums sums;
};

struct call {
    uint32_t gen; /* 0: free */
    uint32_t queue;
    uint32_t gateway; /* client, or NONE */
    uint8_t state, direction;
    uint16_t offers;
    uint32_t assignment; /* while offered or connected, else NONE */
    uint32_t key_hash;
    uint32_t text;             /* slot of its attributes, or NONE */
    int64_t key;               /* of its order: enqueued_at - head_start; */
    uint64_t sequence;         /* ... then this, of its call_queued */
    uint64_t entered_sequence; /* of the event by which it entered this queue */
    acd_time enqueued_at, entered_at, arrived_at, answered_at;
    acd_time until;          /* max_wait; 0: never. In e->waits while queued */
    uint64_t until_sequence; /* of the event since which it waits */
    struct link in_live, in_unanswered;
};

struct call_card {
    TEXT(96) key;
    TEXT(32) called;
    TEXT(32) caller;
};

struct call_text {
    TEXT(512) attributes;
};

/* One call at one agent; the same slot and id from offer to the end of wrap-up. */
struct assignment {
    uint32_t gen;      /* 0: free */
    uint64_t sequence; /* of its call_offered */
    uint32_t agent;
    uint32_t call; /* NONE in wrap-up */
    uint8_t role;
    acd_queue_id queue;      /* may be gone in wrap-up */
    acd_time since, until;   /* until: in e->leases unless ACD_FOREVER or, when connected, 0 */
    uint64_t until_sequence; /* of the event that set it */
    struct link in_agent;
};

/* The key of an ended call, remembered. A ring: the oldest makes room. */
struct ended {
    acd_client_id gateway;
    uint32_t key_hash;
    acd_time ended_at;
    TEXT(96) key;
};

struct number {
    TEXT(32) number;
    uint32_t hash;
    uint32_t queue;
};

/* What came of a request. Row request % ACD_REQUESTS_KEPT. */
struct done {
    uint64_t request; /* 0: none */
    int16_t error;
    uint16_t field;
    uint8_t verdict, refusal;
    uint32_t position;
    acd_call_id call;
    acd_assignment_id assignment;
    acd_agent_id agent;
    acd_queue_id queue;
};

struct client {
    uint32_t gen; /* 0: free */
    uint8_t kind;
    bool lost; /* its outbox overflowed */
    uint32_t name_hash;
    TEXT(64) name;
    uint32_t calls; /* live ones it owns */
    uint64_t last_request;
    uint64_t told, acked;         /* notices (acked, told] stand in its outbox */
    uint32_t box_start, box_used; /* bytes of its outbox ring */
};

/* Room for the heaps of all queues' ready members: a heap that must grow gets a place twice the
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
    uint32_t call; /* the call that this route brought, or NONE */
    struct acd_view_outcome *outcome;
};

struct acd_engine {
    struct acd_config config;
    size_t memory_bytes;

    acd_time now;
    uint64_t sequence; /* of the last event applied */
    uint32_t day;
    struct sums sums; /* of all queues, removed ones included */

    struct slots agent_slots, queue_slots, member_slots, call_slots, assignment_slots, number_slots,
        client_slots, text_slots;
    struct agent *agents;
    struct agent_card *agent_cards;
    struct queue *queues;
    struct member *members;
    struct call *calls;
    struct call_card *call_cards;
    struct call_text *call_texts;
    struct assignment *assignments;
    struct number *numbers;
    struct client *clients;
    struct done *done; /* ACD_REQUESTS_KEPT a client */
    uint8_t *outboxes; /* config.limits.outbox_bytes a client */

    struct ended *ended;
    uint64_t ended_count;  /* ever; the newest stands at (ended_count - 1) % limit */
    acd_time forgotten_at; /* the end of the last call that fell out */

    struct index agent_names, queue_names, number_names, client_names;
    struct index call_keys; /* values: a call, or limits.calls + its place in `ended` */

    uint64_t *available;      /* a bit an agent */
    uint32_t available_count; /* of those bits */
    uint32_t activities[8];   /* agents by activity */
    uint32_t reserved;        /* the sum over all agents; at most limits.assignments, so that an
                                 offer never lacks an assignment */
    struct list live;         /* all live calls, oldest first */
    uint32_t states[5];       /* live calls by state */
    struct slots removing;    /* queues being removed */

    struct order leases, waits, delays; /* deadlines: assignments, queued calls, agents */
    struct order_link *lease_links, *wait_links, *delay_links;
    struct order_link *ready_links; /* of members */
    struct ranks_node *wait_nodes;  /* of calls */
    struct heaps heaps;

    struct slots changed[ACD_TABLE_NOTICES]; /* rows changed, by table; with config.track only */

    struct fresh fresh_agents, fresh_calls;
    struct asking asking;

    acd_time frame_at;
    uint64_t frame_first;
    uint32_t frame_count;
    size_t frame_len;
    uint8_t *frame; /* ACD_FRAME_BYTES_MAX */
};

enum {
    EVENTS_OF_A_STEP = 256, /* what one command or deadline, settled, may state at the most */
    SLICE = 64,             /* calls of one slice */
    NOTICE_ROOM = 512,      /* an outbox with less room than this is full */
};

/* ---- ids and texts ------------------------------------------------------------------------ */

static inline acd_agent_id agent_id(const struct acd_engine *e, uint32_t slot)
{
    return slot == NONE ? (acd_agent_id){0, 0} : (acd_agent_id){slot, e->agents[slot].gen};
}
static inline acd_queue_id queue_id(const struct acd_engine *e, uint32_t slot)
{
    return slot == NONE ? (acd_queue_id){0, 0} : (acd_queue_id){slot, e->queues[slot].gen};
}
static inline acd_call_id call_id(const struct acd_engine *e, uint32_t slot)
{
    return slot == NONE ? (acd_call_id){0, 0} : (acd_call_id){slot, e->calls[slot].gen};
}
static inline acd_assignment_id assignment_id(const struct acd_engine *e, uint32_t slot)
{
    return slot == NONE ? (acd_assignment_id){0, 0}
                        : (acd_assignment_id){slot, e->assignments[slot].gen};
}
static inline acd_client_id client_id(const struct acd_engine *e, uint32_t slot)
{
    return slot == NONE ? (acd_client_id){0, 0} : (acd_client_id){slot, e->clients[slot].gen};
}

/* The slot of an id, or NONE when nothing lives there under that generation. */
static inline uint32_t agent_at(const struct acd_engine *e, acd_agent_id id)
{
    return id.gen != 0 && id.slot < e->config.limits.agents && e->agents[id.slot].gen == id.gen
               ? id.slot
               : NONE;
}
static inline uint32_t queue_at(const struct acd_engine *e, acd_queue_id id)
{
    return id.gen != 0 && id.slot < e->config.limits.queues && e->queues[id.slot].gen == id.gen
               ? id.slot
               : NONE;
}
static inline uint32_t call_at(const struct acd_engine *e, acd_call_id id)
{
    return id.gen != 0 && id.slot < e->config.limits.calls && e->calls[id.slot].gen == id.gen
               ? id.slot
               : NONE;
}
static inline uint32_t assignment_at(const struct acd_engine *e, acd_assignment_id id)
{
    return id.gen != 0 && id.slot < e->config.limits.assignments &&
                   e->assignments[id.slot].gen == id.gen
               ? id.slot
               : NONE;
}
static inline uint32_t client_at(const struct acd_engine *e, acd_client_id id)
{
    return id.gen != 0 && id.slot < e->config.limits.clients && e->clients[id.slot].gen == id.gen
               ? id.slot
               : NONE;
}

#define TEXT_STR(text) ((struct acd_str){(text).data, (text).len})
#define TEXT_SET(text, str)                                                                        \
    do {                                                                                           \
        ACD_ASSERT((str).len <= sizeof(text).data);                                                \
        (text).len = (str).len;                                                                    \
        if ((str).len > 0)                                                                         \
            memcpy((text).data, (str).data, (str).len);                                            \
    } while (0)

static inline bool str_is(struct acd_str a, struct acd_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

#define AGENT_MEMBERS(e)     LINKS((e)->members, in_agent)
#define QUEUE_MEMBERS(e)     LINKS((e)->members, in_queue)
#define AGENT_ASSIGNMENTS(e) LINKS((e)->assignments, in_agent)
#define LIVE_CALLS(e)        LINKS((e)->calls, in_live)
#define UNANSWERED_CALLS(e)  LINKS((e)->calls, in_unanswered)

#endif
