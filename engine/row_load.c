#include "engine/calendars.h"
#include "engine/gateways.h"
#include "engine/intervals.h"
#include "engine/names.h"
#include "engine/outbox.h"
#include "engine/plans.h"
#include "engine/ring.h"
#include "engine/skills.h"

/* The state, read back: rows fill their slots as they come, and acd_load_end() ties them together
 * (row_tie.c).
 *
 * Failure modes: a limit is smaller than the state: FULL. Rows that name what is not there:
 * INVALID. */

/* ---- filling slots ------------------------------------------------------------------------ */

static int load_engine(struct acd_engine *e, const struct acd_row_engine *row)
{
    e->sequence = row->sequence;
    e->now = row->now;
    e->day = row->day;
    e->forgotten_at = row->forgotten_at;
    e->ended_count = row->ended_count;
    e->ended_next = (uint32_t)(row->ended_count % e->config.limits.ended_calls);
    e->sums.turn = row->sums_day;
    if (row->random != 0) /* an older row has none */
        e->random = row->random;
    e->config_version = row->config_version;
    TEXT_SET(e->config_label, row->config_label);
    e->config_at = row->config_at;
    e->counting = row->counting != 0;
    e->counted_since = row->counted_since;
    e->interval_until = row->interval_until;
    e->abandoned_next = row->abandoned_next % e->config.limits.ended_calls;
#define F(type, name, doc) e->sums.name = row->name;
    ACD_SUMS_FIELDS
#undef F
    return ACD_OK;
}

static void load_alerts(struct queue *q, const struct acd_row_queue *row)
{
    const acd_time alerted[ALERTS] = {row->alerted_waiting, row->alerted_wait, row->alerted_nobody,
                                      row->alerted_service_level, row->alerted_abandoned};
    const acd_time until[ALERTS] = {row->alert_waiting_until, row->alert_wait_until,
                                    row->alert_nobody_until, row->alert_service_level_until,
                                    row->alert_abandoned_until};

    memcpy(q->alerted, alerted, sizeof alerted);
    memcpy(q->alert_until, until, sizeof until);
}

static int load_queue(struct acd_engine *e, const struct acd_row_queue *row)
{
    struct acd_event_queue_set v = {.queue = row->queue};
    struct queue *q;

    if (row->queue.slot >= e->config.limits.queues)
        return ACD_FULL;
#define F(type, name, doc)        v.name = row->name;
#define E(enumeration, name, doc) v.name = row->name;
#define S(max, name, doc)         v.name = row->name;
    ACD_QUEUE_FIELDS
#undef F
#undef E
#undef S
    apply_queue_set(e, &v);
    q = &e->queues[row->queue.slot];
    q->remove_policy = row->remove_policy;
    q->remove_target = row->remove_target;
    q->nobody_since = row->nobody_since;
    q->turn_position = row->turn_position;
    q->turn_sequence = row->turn_sequence;
    if (row->state == ACD_REMOVING || row->state == ACD_DRAINING)
        slots_take(&e->removing, row->queue.slot);
    q->sums.turn = row->sums_day;
#define F(type, name, doc) q->sums.name = row->name;
    ACD_SUMS_FIELDS
#undef F
#define F(type, name, doc) q->today.name = row->name;
    ACD_QUEUE_TODAY_FIELDS
#undef F
#define F(type, name, doc) q->pace.name = row->name;
    ACD_PACE_FIELDS
#undef F
    load_alerts(q, row);
    return ACD_OK;
}

static void load_device(struct acd_engine *e, uint32_t slot, const struct acd_row_agent *row)
{
    struct agent_card *card = &e->agent_cards[slot];

    if (row->device == 0)
        return;
    e->agents[slot].kept |= KEPT_DEVICE;
    card->device = row->device;
    card->device_until = row->device_until;
    card->device_sequence = row->device_sequence;
    device_arm(e, slot);
}

static void load_late(struct late_work *late, const struct acd_row_agent *row)
{
    late->work = row->late_work;
    late->queue = row->late_queue;
    late->visit = row->late_visit;
    late->until = row->late_until;
    TEXT_SET(late->code, row->late_code);
}

static int load_agent(struct acd_engine *e, const struct acd_row_agent *row)
{
    struct acd_event_agent_set v = {.agent = row->agent,
                                    .name = row->name,
                                    .extension = row->extension,
                                    .contact = row->contact,
                                    .attributes = row->attributes,
                                    .max_concurrent_calls = row->max_concurrent_calls,
                                    .active = row->active,
                                    .outside_moves = row->outside_moves,
                                    .channels = row->channels,
                                    .team = row->team};
    uint32_t slot = row->agent.slot;
    struct agent *a;

    if (slot >= e->config.limits.agents)
        return ACD_FULL;
    apply_agent_set(e, &v);
    a = &e->agents[slot];
    a->state = row->state;
    a->reason = row->reason;
    a->no_answers = row->no_answers;
    a->lsc = row->lsc;
    a->lsc_sequence = row->lsc_sequence;
    a->day = row->sums_day;
    a->calls_today = row->calls_today;
    a->talk_today = row->talk_today;
    a->drain = row->drain;
    if (row->delay_until != 0) {
        a->kept |= KEPT_DELAYED;
        e->agent_cards[slot].delay_until = row->delay_until;
        e->agent_cards[slot].delay_sequence = row->delay_sequence;
        delay_arm(e, slot);
    }
    load_device(e, slot, row);
    load_late(&e->agent_cards[slot].late, row);
    return ACD_OK;
}

static int load_member(struct acd_engine *e, const struct acd_row_member *row)
{
    struct seat *m = &e->seats[row->slot];

    if (row->slot >= e->config.limits.memberships)
        return ACD_FULL;
    m->agent = agent_at(e, row->agent);
    m->line = queue_at(e, row->queue);
    if (m->agent == NONE || m->line == NONE)
        return ACD_INVALID;
    e->seat_cards[row->slot].sequence = row->sequence;
    m->level = row->level;
    m->position = row->position;
    e->seat_cards[row->slot].last_ended = row->last_ended;
    e->seat_cards[row->slot].last_offered = row->last_offered;
    slots_take(&e->member_slots, row->slot);
    return ACD_OK;
}

static int load_number(struct acd_engine *e, const struct acd_row_number *row)
{
    struct number *n = &e->numbers[row->slot];

    if (row->slot >= e->config.limits.numbers)
        return ACD_FULL;
    n->queue = queue_at(e, row->queue);
    if (n->queue == NONE)
        return ACD_INVALID;
    TEXT_SET(n->number, row->number);
    n->name_key.hash = name_hash(e, row->number);
    index_add(&e->number_names, &n->name_key, row->slot);
    slots_take(&e->number_slots, row->slot);
    return ACD_OK;
}

/* A row of before leases says nothing of them. */
static void load_absence(struct acd_engine *e, const struct acd_row_client *row)
{
    uint32_t slot = row->client.slot;
    struct client *c = &e->clients[slot];

    c->since = row->since;
    c->reconciling = row->reconciling != 0;
    client_lease_set(e, slot, row->lease_until, row->lease_sequence);
    client_grace_set(e, slot, row->grace_until);
    sweep_set(e, slot, row->sweep);
    c->sweep_heir = row->sweep_heir;
    c->sweep_slot = row->sweep_slot;
}

static int load_client(struct acd_engine *e, const struct acd_row_client *row)
{
    struct acd_event_client_opened v = {.client = row->client,
                                        .name = row->name,
                                        .kind = row->kind,
                                        .lease = row->lease,
                                        .grace = row->grace,
                                        .orphans = row->orphans,
                                        .heir = row->heir};
    struct client *c = &e->clients[row->client.slot];

    if (row->client.slot >= e->config.limits.clients)
        return ACD_FULL;
    apply_client_opened(e, &v);
    c->lost = row->lost != 0;
    load_absence(e, row);
    c->last_request = row->last_request;
    c->told = row->told;
    c->acked = row->acked;
    return ACD_OK;
}

static void load_call_card(struct acd_engine *e, const struct acd_row_call *row)
{
    struct call *c = &e->calls[row->call.slot];

    call_card_fill(&e->call_cards[row->call.slot], row->key, row->called, row->caller);
    e->call_cards[row->call.slot].moves = row->moves & 15U;
    e->call_listed[row->call.slot] = row->listed;
    c->text = NONE;
    call_text_set(e, c, row->attributes);
}

static void load_callback(struct acd_engine *e, const struct acd_row_call *row)
{
    struct callback *b = &e->callbacks[row->call.slot];

    b->due = row->due;
    b->sequence = row->due_sequence;
    b->attempts = row->attempts;
    b->retry = row->retry;
    b->expires = row->expires;
    TEXT_SET(b->number, row->number);
}

static int load_call(struct acd_engine *e, const struct acd_row_call *row)
{
    struct call *c = &e->calls[row->call.slot];

    if (row->call.slot >= e->config.limits.calls ||
        (row->attributes.len > 0 && slots_lowest(&e->text_slots) == SLOT_NONE))
        return ACD_FULL;
    c->queue = c->line = queue_at(e, row->queue);
    c->gateway = client_at(e, row->gateway);
    if (c->queue == NONE || (row->gateway.gen != 0 && c->gateway == NONE))
        return ACD_INVALID;
    c->gen = row->call.gen;
    c->state = row->state;
    c->direction = (uint32_t)row->direction & DIRECTION_BITS;
    c->several = c->asks_out = false;
    c->lifo = row->lifo != 0;
    c->tried = row->tried != 0;
    c->ring = row->grows_at != 0 ? RING_GROWS
              : row->asks != 0   ? RING_ASKS
              : row->ring != 0   ? RING_QUIET
                                 : RING_NOT;
    e->call_turns[row->call.slot] = (struct call_turn){
        row->tried_sequence, row->tried_place,  row->until,    row->until_sequence,
        row->prefer,         row->prefer_until, row->own_until};
    c->hurries = row->own_until != 0;
    c->kept = row->prefer.gen != 0;
    c->carded = row->hold != 0 || row->recall.gen != 0;
    e->call_cards[row->call.slot].hold = row->hold;
    e->call_cards[row->call.slot].recall = row->recall;
    c->offers = row->offers;
    c->assignment = c->agent = NONE; /* its assignments tie themselves to it */
    c->name_key.hash = call_key_hash(e, row->gateway, row->key);
    c->key = row->order_key;
    c->sequence = row->sequence;
    c->entered_sequence = row->entered_sequence;
    c->enqueued_at = row->enqueued_at;
    c->entered_at = row->entered_at;
    c->arrived_at = row->arrived_at;
    c->answered_at = row->answered_at;
    c->until = c->ring == RING_GROWS ? row->grows_at : row->until;
    c->until_sequence = c->ring == RING_GROWS ? row->grows_sequence : row->until_sequence;
    c->announces = row->announce != 0;
    e->announcements[row->call.slot].at = row->announce_at;
    e->announcements[row->call.slot].sequence = row->announce_sequence;
    e->call_cards[row->call.slot].plan = row->plan == 0 ? NONE : row->plan - 1;
    e->call_cards[row->call.slot].step = row->step & (PLAN_STEPS_MAX - 1U);
    e->call_cards[row->call.slot].own_plan = row->own_plan & 1U;
    load_call_card(e, row);
    c->callback = row->callback != 0;
    if (c->callback)
        load_callback(e, row);
    slots_take(&e->call_slots, row->call.slot);
    return ACD_OK;
}

static int load_assignment(struct acd_engine *e, const struct acd_row_assignment *row)
{
    uint32_t slot = row->assignment.slot, agent;
    struct assignment *s = &e->assignments[slot];

    if (slot >= e->config.limits.assignments)
        return ACD_FULL;
    agent = agent_at(e, row->agent);
    s->call = row->call.gen == 0 ? NONE : call_at(e, row->call);
    if (agent == NONE ||
        (s->call == NONE && row->role != ACD_ROLE_WRAP_UP && row->role != ACD_ROLE_OUTSIDE))
        return ACD_INVALID;
    s->gen = row->assignment.gen;
    s->agent = agent & AGENT_BITS;
    s->sequence = row->sequence;
    s->role = (uint32_t)row->role & ROLE_BITS;
    s->carded = false;
    if (row->wrap_up_code.len > 0 || row->visit != 0 || row->key.len > 0) {
        assignment_card(e, slot)->visit = row->visit;
        TEXT_SET(e->assignment_cards[slot].code, row->wrap_up_code);
        TEXT_SET(e->assignment_cards[slot].key, row->key);
    }
    s->channel = (row->channel == 0 ? 0u + ACD_CHANNEL_VOICE : row->channel) & CHANNEL_BITS;
    s->queue = row->queue;
    s->since = row->since;
    s->until = row->until;
    s->until_sequence = row->until_sequence;
    slots_take(&e->assignment_slots, slot);
    return ACD_OK;
}

static int load_ended(struct acd_engine *e, const struct acd_row_ended *row)
{
    struct ended *ended = &e->ended[row->slot];

    if (row->slot >= e->config.limits.ended_calls)
        return ACD_FULL;
    ended->gateway = row->gateway;
    ended->ended_at = row->ended_at;
    ended->name_key.hash = call_key_hash(e, row->gateway, row->key);
    ended->key_len = text_copy(ended->key, sizeof ended->key, row->key);
    index_add(&e->call_keys, &ended->name_key, e->config.limits.calls + row->slot);
    return ACD_OK;
}

static int load_done(struct acd_engine *e, const struct acd_row_done *row)
{
    if (row->slot / ACD_REQUESTS_KEPT >= e->config.limits.clients)
        return ACD_FULL;
    e->done[row->slot] = (struct done){.request = row->request,
                                       .error = row->error,
                                       .field = row->field,
                                       .verdict = row->verdict,
                                       .refusal = row->refusal,
                                       .position = row->position,
                                       .call = row->call,
                                       .assignment = row->assignment,
                                       .agent = row->agent,
                                       .queue = row->queue,
                                       .overflow = row->overflow};
    if (row->overflow != 0)
        TEXT_SET(e->done_texts[row->slot].overflow_to, row->overflow_to);
    return ACD_OK;
}

static int load_skill(struct acd_engine *e, const struct acd_row_skill *row)
{
    uint32_t agent = agent_at(e, row->agent), skill;
    struct agent_card *card = &e->agent_cards[agent == NONE ? 0 : agent];

    if (agent == NONE || row->place != card->skills || row->place >= ACD_SKILLS_MAX)
        return ACD_INVALID;
    if (skill_find(e, row->name) == NONE && slots_lowest(&e->skill_slots) == SLOT_NONE)
        return ACD_FULL;
    skill = skill_named(e, row->name);
    e->skills[skill].uses++;
    e->talents[(size_t)agent * ACD_SKILLS_MAX + card->skills++] =
        (struct talent){(uint16_t)skill, row->level};
    return ACD_OK;
}

/* Its lines are opened when all members are there. */
static int load_plan(struct acd_engine *e, const struct acd_row_plan *row)
{
    struct plan *p = &e->plans[row->plan - 1];
    struct plan_text parsed;

    if (row->plan == 0 || row->plan > e->config.limits.plans)
        return ACD_FULL;
    p->queue = queue_at(e, row->queue);
    if (p->queue == NONE || !plan_text_parse(row->text, &parsed))
        return ACD_INVALID;
    TEXT_SET(p->text, row->text);
    p->unused_since = row->unused_since;
    slots_take(&e->plan_slots, row->plan - 1);
    return ACD_OK;
}

static int load_queue_interval(struct acd_engine *e, const struct acd_row_queue_interval *row)
{
    struct queue_interval *v = &e->queues[row->slot].interval;

    if (row->slot >= e->config.limits.queues)
        return ACD_FULL;
    v->sums.turn = row->number;
#define F(type, name, doc) v->sums.name = row->name;
    ACD_SUMS_FIELDS
#undef F
#define F(type, name, doc) v->name = row->name;
    ACD_QUEUE_INTERVAL_FIELDS
#undef F
    return ACD_OK;
}

static void agent_interval_read(const struct acd_row_agent_interval *row, struct agent_interval *v)
{
    const acd_span reasons[TIMED_REASONS] = {row->in_reason_1, row->in_reason_2, row->in_reason_3,
                                             row->in_reason_4, row->in_reason_5, row->in_reason_6,
                                             row->in_reason_7};

    v->offers = row->offers;
    v->answered = row->answered;
    v->handled = row->handled;
    v->no_answers = row->no_answers;
    v->rejected = row->rejected;
    v->talk = row->talk;
    v->hold = row->hold;
    v->wrap_up = row->wrap_up;
    v->in_hold = (uint32_t)row->in_hold;
    v->in[ACD_ACTIVITY_IDLE - TIMED_FROM] = (uint32_t)row->in_idle;
    v->in[ACD_ACTIVITY_RESERVED - TIMED_FROM] = (uint32_t)row->in_ringing;
    v->in[ACD_ACTIVITY_BUSY - TIMED_FROM] = (uint32_t)row->in_talk;
    v->in[ACD_ACTIVITY_WRAP_UP - TIMED_FROM] = (uint32_t)row->in_wrap_up;
    v->in[ACD_ACTIVITY_NOT_READY - TIMED_FROM] = (uint32_t)row->in_not_ready;
    v->in[ACD_ACTIVITY_DELAYED - TIMED_FROM] = (uint32_t)row->in_delayed;
    v->in[ACD_ACTIVITY_NO_DEVICE - TIMED_FROM] = (uint32_t)row->in_no_device;
    v->in[ACD_ACTIVITY_OUTSIDE - TIMED_FROM] = (uint32_t)row->in_outside;
    for (int i = 0; i < TIMED_REASONS; i++)
        v->in_reason[i] = (uint32_t)reasons[i];
}

/* How many of its calls are on hold its assignments say, which are tied later. */
static int load_agent_interval(struct acd_engine *e, const struct acd_row_agent_interval *row)
{
    struct agent_interval *v = &e->agent_intervals[row->slot];

    if (row->slot >= e->config.limits.agents)
        return ACD_FULL;
    v->number = row->number;
    v->until = row->counted_until;
    agent_interval_read(row, v);
    return ACD_OK;
}

static int load_waits(struct acd_engine *e, const struct acd_row_waits *row)
{
    uint32_t queue = row->slot / WAITS_ROWS_OF_QUEUE, part = row->slot % WAITS_ROWS_OF_QUEUE;
    uint32_t bucket = part % WAITS_ROWS * WAITS_PER_ROW, *counts, value = 0;
    unsigned shift = 0;

    if (queue >= e->config.limits.queues)
        return ACD_FULL;
    counts = part < WAITS_ROWS ? e->queue_waits[queue].answered : e->queue_waits[queue].abandoned;
    for (uint16_t i = 0; i < row->counts.len; i++) {
        uint8_t byte = (uint8_t)row->counts.data[i];

        if (bucket >= ACD_WAITS || shift > 28)
            return ACD_INVALID;
        value |= (uint32_t)(byte & 0x7f) << shift;
        shift += 7;
        if ((byte & 0x80) != 0)
            continue;
        counts[bucket++] = value;
        value = shift = 0;
    }
    return ACD_OK;
}

static int load_abandoned(struct acd_engine *e, const struct acd_row_abandoned *row)
{
    struct abandoned *a = &e->abandoned[row->slot];

    if (row->slot >= e->config.limits.ended_calls)
        return ACD_FULL;
    a->queue = row->queue;
    a->enqueued_at = row->enqueued_at;
    a->head_start = row->head_start;
    a->left_at = row->left_at;
    TEXT_SET(a->caller, row->caller);
    a->name_key.hash = plan_hash(e, row->queue.slot, row->caller);
    index_add(&e->abandoned_callers, &a->name_key, row->slot);
    return ACD_OK;
}

static int load_calendar(struct acd_engine *e, const struct acd_row_calendar *row)
{
    struct calendar *c = &e->calendars[row->slot];

    if (row->slot >= ACD_CALENDARS_MAX)
        return ACD_FULL;
    TEXT_SET(c->name, row->name);
    TEXT_SET(c->zone, row->zone);
    c->strategy = row->strategy;
    c->otherwise = row->otherwise;
    slots_take(&e->calendar_slots, row->slot);
    return ACD_OK;
}

static int load_calendar_time(struct acd_engine *e, const struct acd_row_calendar_time *row)
{
    struct calendar *c = &e->calendars[row->slot];

    if (!slots_has(&e->calendar_slots, row->slot) || row->place != c->times)
        return ACD_INVALID;
    if (c->times == ACD_CALENDAR_TIMES_MAX)
        return ACD_FULL;
    TEXT_SET(calendar_time(e, row->slot, c->times)->text, row->text);
    c->times++;
    return ACD_OK;
}

#define LOAD(name)                                                                                 \
    {                                                                                              \
        struct acd_row_##name row;                                                                 \
        int size = acd_record_row_##name.decode(bytes, len, &row);                                 \
        return size < 0 ? size : load_##name(e, &row);                                             \
    }

int acd_load_row(struct acd_engine *e, enum acd_table table, uint64_t key, const uint8_t *bytes,
                 size_t len)
{
    uint64_t client = key >> NOTICE_KEY_BITS;

    switch (table) {
    case ACD_TABLE_ENGINE: LOAD(engine)
    case ACD_TABLE_QUEUES: LOAD(queue)
    case ACD_TABLE_AGENTS: LOAD(agent)
    case ACD_TABLE_MEMBERS: LOAD(member)
    case ACD_TABLE_NUMBERS: LOAD(number)
    case ACD_TABLE_CLIENTS: LOAD(client)
    case ACD_TABLE_CALLS: LOAD(call)
    case ACD_TABLE_ASSIGNMENTS: LOAD(assignment)
    case ACD_TABLE_ENDED: LOAD(ended)
    case ACD_TABLE_DONE: LOAD(done)
    case ACD_TABLE_SKILLS: LOAD(skill)
    case ACD_TABLE_PLANS: LOAD(plan)
    case ACD_TABLE_QUEUE_INTERVALS: LOAD(queue_interval)
    case ACD_TABLE_AGENT_INTERVALS: LOAD(agent_interval)
    case ACD_TABLE_WAITS: LOAD(waits)
    case ACD_TABLE_ABANDONED: LOAD(abandoned)
    case ACD_TABLE_CALENDARS: LOAD(calendar)
    case ACD_TABLE_CALENDAR_TIMES: LOAD(calendar_time)
    case ACD_TABLE_NOTICES:
        return client < e->config.limits.clients && outbox_append(e, (uint32_t)client, bytes, len)
                   ? ACD_OK
                   : ACD_FULL;
    case ACD_TABLE_COUNT: break;
    }
    return ACD_INVALID;
}
