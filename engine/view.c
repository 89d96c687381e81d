#include "engine/channels.h"
#include "engine/engine.h"
#include "engine/estimate.h"
#include "engine/lines.h"
#include "engine/names.h"
#include "engine/ready.h"
#include "engine/teams.h"

/* What the state looks like from outside. Reads only. */

/* ---- agents ------------------------------------------------------------------------------- */

int acd_agent_view(const struct acd_engine *e, acd_agent_id id, struct acd_view_agent *out)
{
    uint32_t slot = agent_at(e, id);
    const struct agent *a = &e->agents[slot == NONE ? 0 : slot];
    const struct agent_card *card = &e->agent_cards[slot == NONE ? 0 : slot];

    if (slot == NONE)
        return ACD_NOT_FOUND;
    *out = (struct acd_view_agent){
        .agent = id,
        .name = agent_name(e, slot),
        .extension = TEXT_STR(card->extension),
        .contact = agent_contact(e, slot),
        .attributes = TEXT_STR(card->attributes),
        .max_concurrent_calls = a->capacity,
        .active = a->active ? ACD_YES : ACD_NO,
        .state = a->state,
        .reason = a->reason,
        .activity = a->activity,
        .available = agent_is_available(e, slot),
        .last_status_change = a->lsc,
        .delay_until = agent_is_delayed(a) ? card->delay_until : 0,
        .offered = a->offered,
        .connected = a->connected,
        .wrap_up = a->wrap_up,
        .no_answers = a->no_answers,
        .queues = chain_count(a->seats, AGENT_SEATS(e)),
        .calls_today = a->day == e->day ? a->calls_today : 0,
        .talk_today = a->day == e->day ? a->talk_today : 0,
        .drain = a->drain,
        .outside_moves = card->outside_moves,
        .channels = TEXT_STR(card->channels),
        .team = team_of(e, slot),
        .units = a->costs ? (uint16_t)channels_taken(e, slot) : 0,
        .device = card->device == 0 ? ACD_DEVICE_AVAILABLE : card->device,
        .device_until = card->device != 0 ? card->device_until : 0,
        .outside = a->outside,
    };
    if (card->late.until > e->now) {
        out->late_work = card->late.work;
        out->late_until = card->late.until;
    }
    return ACD_OK;
}

acd_agent_id acd_agent_named(const struct acd_engine *e, struct acd_str name)
{
    return agent_id(e, agent_find(e, name));
}

acd_agent_id acd_agent_from(const struct acd_engine *e, uint32_t slot)
{
    return agent_id(e, slots_next(&e->agent_slots, slot));
}

/* ---- assignments -------------------------------------------------------------------------- */

static void assignment_view(const struct acd_engine *e, uint32_t slot,
                            struct acd_view_assignment *out)
{
    const struct assignment *s = &e->assignments[slot];

    *out = (struct acd_view_assignment){.assignment = assignment_id(e, slot),
                                        .agent = agent_id(e, s->agent),
                                        .call = call_id(e, s->call),
                                        .queue = s->queue,
                                        .role = s->role,
                                        .since = s->since,
                                        .until = s->until,
                                        .wrap_up_code = assignment_code(e, slot),
                                        .key = assignment_key(e, slot),
                                        .channel = s->channel};
}

int acd_assignment_view(const struct acd_engine *e, acd_assignment_id id,
                        struct acd_view_assignment *out)
{
    uint32_t slot = assignment_at(e, id);

    if (slot == NONE)
        return ACD_NOT_FOUND;
    assignment_view(e, slot, out);
    return ACD_OK;
}

acd_assignment_id acd_assignment_from(const struct acd_engine *e, uint32_t slot)
{
    return assignment_id(e, slots_next(&e->assignment_slots, slot));
}

bool acd_agent_assignments(const struct acd_engine *e, acd_agent_id agent, uint32_t *cursor,
                           struct acd_view_assignment *out)
{
    uint32_t slot = agent_at(e, agent);
    uint32_t item = slot == NONE ? LIST_NONE : e->agents[slot].assignments;

    for (uint32_t n = 0; n < *cursor && item != LIST_NONE; n++)
        item = e->assignments[item].next;
    if (item == LIST_NONE)
        return false;
    assignment_view(e, item, out);
    ++*cursor;
    return true;
}

bool acd_call_assignments(const struct acd_engine *e, acd_call_id call, uint32_t *cursor,
                          struct acd_view_assignment *out)
{
    uint32_t slot = call_at(e, call);
    uint32_t item = slot == NONE ? NONE : e->calls[slot].assignment;

    for (uint32_t n = 0; n < *cursor && item != NONE; n++)
        item = call_assignment_after(e, item);
    if (item == NONE)
        return false;
    assignment_view(e, item, out);
    ++*cursor;
    return true;
}

/* ---- skills ------------------------------------------------------------------------------- */

bool acd_agent_skills(const struct acd_engine *e, acd_agent_id agent, uint32_t *cursor,
                      struct acd_view_skill *out)
{
    uint32_t slot = agent_at(e, agent);
    const struct talent *talent;

    if (slot == NONE || *cursor >= e->agent_cards[slot].skills)
        return false;
    talent = &e->talents[(size_t)slot * ACD_SKILLS_MAX + *cursor];
    *out = (struct acd_view_skill){.agent = agent,
                                   .agent_name = agent_name(e, slot),
                                   .skill = TEXT_STR(e->skills[talent->skill].name),
                                   .level = talent->level};
    ++*cursor;
    return true;
}

/* ---- memberships -------------------------------------------------------------------------- */

static void member_view(const struct acd_engine *e, uint32_t slot, struct acd_view_member *out)
{
    const struct seat *m = &e->seats[slot];

    *out = (struct acd_view_member){.agent = agent_id(e, m->agent),
                                    .agent_name = agent_name(e, m->agent),
                                    .queue = queue_id(e, m->line),
                                    .queue_name = TEXT_STR(e->queues[m->line].name),
                                    .level = m->level,
                                    .position = m->position,
                                    .activity = e->agents[m->agent].activity};
}

int acd_member_view(const struct acd_engine *e, acd_agent_id agent, acd_queue_id queue,
                    struct acd_view_member *out)
{
    uint32_t a = agent_at(e, agent), q = queue_at(e, queue);
    uint32_t m = a == NONE || q == NONE ? NONE : membership_find(e, a, q);

    if (m == NONE)
        return ACD_NOT_FOUND;
    member_view(e, m, out);
    return ACD_OK;
}

/* The cursor is the slot of the membership told last, plus 1. It may come from anywhere, and that
 * membership may be gone since, and with it the way on. */
static bool member_next(const struct acd_engine *e, uint32_t next, uint32_t *cursor,
                        struct acd_view_member *out)
{
    if (next == LIST_NONE)
        return false;
    member_view(e, next, out);
    *cursor = next + 1;
    return true;
}

bool acd_agent_members(const struct acd_engine *e, acd_agent_id agent, uint32_t *cursor,
                       struct acd_view_member *out)
{
    uint32_t slot = agent_at(e, agent), last = *cursor - 1;

    if (slot == NONE)
        return false;
    if (*cursor == 0)
        return member_next(e, e->agents[slot].seats, cursor, out);
    return slots_has(&e->member_slots, last) && e->seats[last].agent == slot &&
           member_next(e, e->seats[last].next, cursor, out);
}

bool acd_queue_members(const struct acd_engine *e, acd_queue_id queue, uint32_t *cursor,
                       struct acd_view_member *out)
{
    uint32_t slot = queue_at(e, queue), last = *cursor - 1;

    if (slot == NONE)
        return false;
    if (*cursor == 0)
        return member_next(e, e->lines[slot].seats.first, cursor, out);
    return slots_has(&e->member_slots, last) && e->seats[last].line == slot &&
           member_next(e, e->seat_cards[last].in_line.next, cursor, out);
}

/* ---- queues ------------------------------------------------------------------------------- */

static struct sums sums_of(const struct acd_engine *e, const struct sums *sums)
{
    return sums->turn == e->day ? *sums : (struct sums){.turn = e->day};
}

static void queue_view_settings(const struct queue *q, struct acd_view_queue *out)
{
#define F(type, name, doc)        out->name = q->set.name;
#define E(enumeration, name, doc) out->name = q->set.name;
#define S(max, name, doc)         out->name = q->set.name;
    ACD_QUEUE_FIELDS
#undef F
#undef E
#undef S
}

static void queue_view_alerts(const struct queue *q, struct acd_view_queue *out)
{
    out->alerted_waiting = q->alerted[ACD_ALERT_WAITING - 1];
    out->alerted_wait = q->alerted[ACD_ALERT_WAIT - 1];
    out->alerted_nobody = q->alerted[ACD_ALERT_NOBODY - 1];
    out->alerted_service_level = q->alerted[ACD_ALERT_SERVICE_LEVEL - 1];
    out->alerted_abandoned = q->alerted[ACD_ALERT_ABANDONED - 1];
}

int acd_queue_view(const struct acd_engine *e, acd_queue_id id, struct acd_view_queue *out)
{
    uint32_t slot = queue_at(e, id);
    const struct queue *q = &e->queues[slot == NONE ? 0 : slot];
    const struct line *l = &e->lines[slot == NONE ? 0 : slot];
    struct sums sums = sums_of(e, &q->sums);
    struct queue_today today =
        q->sums.turn == e->day ? q->today : (struct queue_today){.handled = 0};

    if (slot == NONE)
        return ACD_NOT_FOUND;
    *out = (struct acd_view_queue){
        .queue = id,
        .waiting = q->unanswered.count,
        .ringing = q->ringing,
        .connected = q->connected,
        .stranded = q->stranded,
        .members = l->seats.count,
        .logged_in = q->logged_in,
        .ready = q->members_ready,
        .available = ready_count(e, &l->ready),
        .scheduled = q->scheduled.count,
        .nobody_since = q->nobody_since,
    };
    out->estimated_wait = estimate_caller(e, slot);
    queue_view_settings(q, out);
    queue_view_alerts(q, out);
    if (q->unanswered.first != LIST_NONE)
        out->oldest_entered = e->calls[q->unanswered.first].entered_at;
#define F(type, name, doc) out->name = sums.name;
    ACD_SUMS_FIELDS
#undef F
#define F(type, name, doc) out->name = today.name;
    ACD_QUEUE_TODAY_FIELDS
#undef F
    return ACD_OK;
}

acd_queue_id acd_queue_named(const struct acd_engine *e, struct acd_str name)
{
    return queue_id(e, queue_find(e, name));
}

acd_queue_id acd_queue_from(const struct acd_engine *e, uint32_t slot)
{
    return queue_id(e, slots_next(&e->queue_slots, slot));
}

/* How many calls of a queue's own line stand before a place of the whole: those whose place is
 * lower than it. Sought by halving, for the places of those calls only grow. */
static uint32_t own_before(const struct acd_engine *e, uint32_t queue, uint32_t place)
{
    const struct ranks *own = &e->lines[queue].waiting, *others = &e->queues[queue].others;
    uint32_t low = 0, high = ranks_count(own, e->wait_nodes);

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct call *c = &e->calls[ranks_at(own, e->wait_nodes, middle)];

        if (middle + ranks_below(others, e->wait_nodes, call_place(c), call_place_sequence(c)) <
            place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

acd_call_id acd_waiting_at(const struct acd_engine *e, acd_queue_id queue, uint32_t place)
{
    uint32_t slot = queue_at(e, queue), before, call;

    if (slot == NONE)
        return call_id(e, NONE);
    before = own_before(e, slot, place);
    call = ranks_at(&e->lines[slot].waiting, e->wait_nodes, before);
    if (call == RANKS_NONE || queue_rank(e, call) != place)
        call = ranks_at(&e->queues[slot].others, e->wait_nodes, place - before);
    return call_id(e, call);
}

/* ---- calls -------------------------------------------------------------------------------- */

static void call_view_assignment(const struct acd_engine *e, uint32_t assignment,
                                 struct acd_view_call *out)
{
    const struct assignment *s = &e->assignments[assignment];

    out->assignment = assignment_id(e, assignment);
    out->agent = agent_id(e, s->agent);
    out->agent_name = agent_name(e, s->agent);
    out->until = s->until;
    out->held_since = s->role == ACD_ROLE_HELD ? s->since : 0;
}

static void call_view_consultation(const struct acd_engine *e, uint32_t assignment,
                                   struct acd_view_call *out)
{
    uint32_t agent = e->assignments[assignment].agent;

    out->consultation = assignment_id(e, assignment);
    out->consulted = agent_id(e, agent);
    out->consulted_name = agent_name(e, agent);
}

static void call_view_plan(const struct acd_engine *e, uint32_t call, struct acd_view_call *out)
{
    const struct call_card *card = &e->call_cards[call];
    const struct plan *p = &e->plans[card->plan];

    out->plan = TEXT_STR(p->text);
    out->step = card->step;
    if (card->step + 1 < p->count)
        out->step_at = e->calls[call].entered_at + p->after[card->step + 1];
}

static void call_view_kept(const struct acd_engine *e, uint32_t call, struct acd_view_call *out)
{
    const struct call_turn *turn = &e->call_turns[call];
    uint32_t agent = agent_at(e, turn->prefer);

    out->step_at = turn->prefer_until;
    out->prefer = turn->prefer;
    if (agent != NONE)
        out->prefer_name = agent_name(e, agent);
}

static void call_view_callback(const struct callback *b, struct acd_view_call *out)
{
    out->callback = 1;
    out->number = TEXT_STR(b->number);
    out->due_at = b->due;
    out->attempts = b->attempts;
    out->expires_at = b->expires;
}

int acd_call_view(const struct acd_engine *e, acd_call_id id, struct acd_view_call *out)
{
    uint32_t slot = call_at(e, id);
    const struct call *c = &e->calls[slot == NONE ? 0 : slot];
    const struct call_card *card = &e->call_cards[slot == NONE ? 0 : slot];

    if (slot == NONE)
        return ACD_NOT_FOUND;
    *out = (struct acd_view_call){
        .call = id,
        .queue = queue_id(e, c->queue),
        .queue_name = TEXT_STR(e->queues[c->queue].name),
        .gateway = client_id(e, c->gateway),
        .key = call_key(card),
        .called = call_called(card),
        .caller = call_caller(card),
        .direction = c->direction,
        .state = c->state,
        .enqueued_at = c->enqueued_at,
        .entered_at = c->entered_at,
        .head_start = c->enqueued_at - c->key,
        .offers = c->offers,
        .answered_at = c->answered_at,
        .moves = card->moves,
        .hold = c->carded ? card->hold : 0,
    };
    if (c->text != NONE)
        out->attributes = TEXT_STR(e->call_texts[c->text].attributes);
    if (c->state == ACD_QUEUED) {
        out->position = queue_rank(e, slot) + 1;
        out->estimated_wait = estimate_call(e, slot);
    }
    if (c->hurries && c->state != ACD_CONNECTED)
        out->own_until = e->call_turns[slot].own_until;
    if (c->announces)
        out->announce_at = e->announcements[slot].at;
    if (card->plan != NONE)
        call_view_plan(e, slot, out);
    if (c->kept)
        call_view_kept(e, slot, out);
    if (c->callback)
        call_view_callback(&e->callbacks[slot], out);
    if (c->assignment != NONE)
        call_view_assignment(e, c->assignment, out);
    if (c->asks_out)
        out->consulted_number = assignment_key(e, c->assignment);
    if (call_consultation(e, slot) != NONE)
        call_view_consultation(e, call_consultation(e, slot), out);
    return ACD_OK;
}

acd_call_id acd_call_keyed(const struct acd_engine *e, acd_client_id gateway, struct acd_str key)
{
    return call_id(e, call_key_find(e, gateway, key, call_key_hash(e, gateway, key)).call);
}

acd_call_id acd_call_from(const struct acd_engine *e, uint32_t slot)
{
    return call_id(e, slots_next(&e->call_slots, slot));
}

/* ---- numbers, clients, totals --------------------------------------------------------------- */

static void number_view(const struct acd_engine *e, uint32_t slot, struct acd_view_number *out)
{
    const struct number *n = &e->numbers[slot];

    *out = (struct acd_view_number){.number = TEXT_STR(n->number),
                                    .queue = queue_id(e, n->queue),
                                    .queue_name = TEXT_STR(e->queues[n->queue].name)};
}

int acd_number_view(const struct acd_engine *e, struct acd_str number, struct acd_view_number *out)
{
    uint32_t slot = number_find(e, number);

    if (slot == NONE)
        return ACD_NOT_FOUND;
    number_view(e, slot, out);
    return ACD_OK;
}

bool acd_number_from(const struct acd_engine *e, uint32_t *slot, struct acd_view_number *out)
{
    *slot = slots_next(&e->number_slots, *slot);
    if (*slot == SLOT_NONE)
        return false;
    number_view(e, *slot, out);
    return true;
}

int acd_client_view(const struct acd_engine *e, acd_client_id id, struct acd_view_client *out)
{
    uint32_t slot = client_at(e, id);
    const struct client *c = &e->clients[slot == NONE ? 0 : slot];

    if (slot == NONE)
        return ACD_NOT_FOUND;
    *out = (struct acd_view_client){.client = id,
                                    .name = TEXT_STR(c->name),
                                    .kind = c->kind,
                                    .last_request = c->last_request,
                                    .calls = c->calls,
                                    .acked = c->acked,
                                    .told = c->told,
                                    .outbox_bytes = c->box_used,
                                    .lost = c->lost,
                                    .lease = c->lease,
                                    .grace = c->grace,
                                    .orphans = c->orphans,
                                    .heir = TEXT_STR(c->heir),
                                    .lease_until = c->lease_until,
                                    .grace_until = c->grace_until,
                                    .reconciling = c->reconciling,
                                    .sweep = c->sweep};
    return ACD_OK;
}

acd_client_id acd_client_named(const struct acd_engine *e, struct acd_str name)
{
    return client_id(e, client_find(e, name));
}

acd_client_id acd_client_from(const struct acd_engine *e, uint32_t slot)
{
    return client_id(e, slots_next(&e->client_slots, slot));
}

void acd_totals_view(const struct acd_engine *e, struct acd_view_totals *out)
{
    struct sums sums = sums_of(e, &e->sums);

    *out = (struct acd_view_totals){
        .agents = e->agent_slots.count,
        .logged_out = e->activities[ACD_ACTIVITY_LOGGED_OUT],
        .not_ready = e->activities[ACD_ACTIVITY_NOT_READY],
        .idle = e->activities[ACD_ACTIVITY_IDLE],
        .delayed = e->activities[ACD_ACTIVITY_DELAYED],
        .reserved = e->activities[ACD_ACTIVITY_RESERVED],
        .busy = e->activities[ACD_ACTIVITY_BUSY],
        .wrap_up = e->activities[ACD_ACTIVITY_WRAP_UP],
        .outside = e->activities[ACD_ACTIVITY_OUTSIDE],
        .no_device = e->activities[ACD_ACTIVITY_NO_DEVICE],
        .available = e->available_count,
        .queues = e->queue_slots.count,
        .queued = e->states[ACD_QUEUED],
        .offered = e->states[ACD_OFFERED],
        .connected = e->states[ACD_CONNECTED],
        .scheduled = e->states[ACD_SCHEDULED],
        .dialing = e->states[ACD_DIALING],
        .stranded = e->states[ACD_STRANDED],
        .day = e->day,
        .config_version = e->config_version,
        .config_label = TEXT_STR(e->config_label),
        .config_at = e->config_at,
    };
#define F(type, name, doc) out->name = sums.name;
    ACD_SUMS_FIELDS
#undef F
}

uint64_t acd_config_version(const struct acd_engine *e)
{
    return e->config_version;
}
