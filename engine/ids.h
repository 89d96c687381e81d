#ifndef ACD_IDS_H
#define ACD_IDS_H

/* The end of engine.h's types, and what reads them: things by id, and their texts. Included there.
 */

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

/* The texts of agents and calls, which stand apart from their lengths. */
static inline struct acd_str agent_name(const struct acd_engine *e, uint32_t slot)
{
    return (struct acd_str){e->agent_cards[slot].name, e->agents[slot].name_len};
}
static inline struct acd_str agent_contact(const struct acd_engine *e, uint32_t slot)
{
    return (struct acd_str){e->agent_cards[slot].contact, e->agents[slot].contact_len};
}
static inline struct acd_str assignment_code(const struct acd_engine *e, uint32_t slot)
{
    return e->assignments[slot].carded ? TEXT_STR(e->assignment_cards[slot].code)
                                       : (struct acd_str){NULL, 0};
}
/* Which event ended the visit of an assignment in wrap-up. */
static inline uint64_t assignment_visit(const struct acd_engine *e, uint32_t slot)
{
    const struct assignment_card *card = &e->assignment_cards[slot];

    return e->assignments[slot].carded && card->visit != 0 ? card->visit
                                                           : e->assignments[slot].until_sequence;
}
static inline struct acd_str assignment_key(const struct acd_engine *e, uint32_t slot)
{
    const struct assignment *s = &e->assignments[slot];

    return s->role == ACD_ROLE_OUTSIDE || (s->role == ACD_ROLE_HELD && s->carded)
               ? TEXT_STR(e->assignment_cards[slot].key)
               : (struct acd_str){NULL, 0};
}
static inline void call_card_fill(struct call_card *card, struct acd_str key, struct acd_str called,
                                  struct acd_str caller)
{
    size_t room = sizeof card->texts;

    card->moves = 0;
    card->key_len = text_copy(card->texts, room, key);
    card->called_len = text_copy(card->texts + key.len, room - key.len, called);
    card->caller_len =
        text_copy(card->texts + key.len + called.len, room - key.len - called.len, caller);
}
static inline struct acd_str call_key(const struct call_card *card)
{
    return (struct acd_str){card->texts, card->key_len};
}
static inline struct acd_str call_called(const struct call_card *card)
{
    return (struct acd_str){card->texts + card->key_len, card->called_len};
}
static inline struct acd_str call_caller(const struct call_card *card)
{
    return (struct acd_str){card->texts + card->key_len + card->called_len, card->caller_len};
}
static inline struct acd_str ended_key(const struct ended *ended)
{
    return (struct acd_str){ended->key, ended->key_len};
}

/* The event by which a call's gateway was lost or began to reconcile when it listed the call, or 0.
 * What stands there of before the call is of another that had its slot. */
static inline uint64_t call_listed_at(const struct acd_engine *e, uint32_t call)
{
    return e->call_listed[call] > e->calls[call].sequence ? e->call_listed[call] : 0;
}

/* The next assignment of the same call, or NONE. */
static inline uint32_t call_assignment_after(const struct acd_engine *e, uint32_t slot)
{
    return e->call_chain[slot] - 1;
}

/* The assignment of who is consulted about a connected call, or NONE. */
static inline uint32_t call_consultation(const struct acd_engine *e, uint32_t call)
{
    return e->calls[call].state == ACD_CONNECTED
               ? call_assignment_after(e, e->calls[call].assignment)
               : NONE;
}

/* Whether a call's agent asks somebody about it: a second assignment of a ringing call is none. */
static inline bool call_is_asked_about(const struct acd_engine *e, uint32_t call)
{
    return e->calls[call].asks_out || call_consultation(e, call) != NONE;
}

/* Whether a call is a callback whose customer is not on the line. */
static inline bool call_is_called_back(const struct acd_engine *e, uint32_t call)
{
    return e->calls[call].callback && e->calls[call].state != ACD_CONNECTED;
}

/* Whether it rings at whom a connected call's agent asks. */
static inline bool call_consultation_rings(const struct acd_engine *e, uint32_t call)
{
    uint32_t slot = call_consultation(e, call);

    if (e->calls[call].asks_out)
        return e->assignments[e->calls[call].assignment].until != 0;
    return slot != NONE && e->assignments[slot].role == ACD_ROLE_OFFERED;
}

/* How long a connected call has been on hold by some time. */
static inline acd_span call_hold(const struct acd_engine *e, uint32_t call, acd_time at)
{
    const struct call *c = &e->calls[call];
    const struct assignment *s = &e->assignments[c->assignment];
    acd_span before = c->carded ? e->call_cards[call].hold : 0;

    return s->role == ACD_ROLE_HELD && at > s->since ? before + (at - s->since) : before;
}

/* Whether assignments in this role have a deadline, unless it is ACD_FOREVER. */
static inline bool role_has_deadline(uint32_t role)
{
    return role == ACD_ROLE_OFFERED || role == ACD_ROLE_WRAP_UP || role == ACD_ROLE_OUTSIDE ||
           role == ACD_ROLE_DIALING;
}

/* Whether one has a deadline: that of its role, or that of the number dialled for a held one. */
static inline bool assignment_has_deadline(const struct assignment *s)
{
    return (role_has_deadline(s->role) && s->until != ACD_FOREVER) ||
           (s->role == ACD_ROLE_HELD && s->until != 0);
}

#endif
