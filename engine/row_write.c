#include "engine/intervals.h"
#include "engine/outbox.h"
#include "engine/ring.h"
#include "engine/row_walk.h"
#include "engine/teams.h"

/* The state, written down: each thing as the row of rows.def that acd_load_row() makes it from
 * again. */

static size_t write_engine(const struct acd_engine *e, uint8_t *out)
{
    struct acd_row_engine row = {.sequence = e->sequence,
                                 .now = e->now,
                                 .day = e->day,
                                 .forgotten_at = e->forgotten_at,
                                 .ended_count = e->ended_count,
                                 .sums_day = e->sums.turn,
                                 .random = e->random,
                                 .config_version = e->config_version,
                                 .config_label = TEXT_STR(e->config_label),
                                 .config_at = e->config_at,
                                 .counting = e->counting,
                                 .counted_since = e->counted_since,
                                 .interval_until = e->interval_until,
                                 .abandoned_next = e->abandoned_next};

#define F(type, name, doc) row.name = e->sums.name;
    ACD_SUMS_FIELDS
#undef F
    return acd_record_row_engine.encode(&row, out);
}

static void write_alerts(const struct queue *q, struct acd_row_queue *row)
{
    row->alerted_waiting = q->alerted[ACD_ALERT_WAITING - 1];
    row->alerted_wait = q->alerted[ACD_ALERT_WAIT - 1];
    row->alerted_nobody = q->alerted[ACD_ALERT_NOBODY - 1];
    row->alerted_service_level = q->alerted[ACD_ALERT_SERVICE_LEVEL - 1];
    row->alerted_abandoned = q->alerted[ACD_ALERT_ABANDONED - 1];
    row->alert_waiting_until = q->alert_until[ACD_ALERT_WAITING - 1];
    row->alert_wait_until = q->alert_until[ACD_ALERT_WAIT - 1];
    row->alert_nobody_until = q->alert_until[ACD_ALERT_NOBODY - 1];
    row->alert_service_level_until = q->alert_until[ACD_ALERT_SERVICE_LEVEL - 1];
    row->alert_abandoned_until = q->alert_until[ACD_ALERT_ABANDONED - 1];
}

static size_t write_queue(const struct acd_engine *e, uint32_t slot, uint8_t *out)
{
    const struct queue *q = &e->queues[slot];
    struct acd_row_queue row = {.queue = queue_id(e, slot),
                                .remove_policy = q->remove_policy,
                                .remove_target = q->remove_target,
                                .sums_day = q->sums.turn,
                                .nobody_since = q->nobody_since,
                                .turn_position = q->turn_position,
                                .turn_sequence = q->turn_sequence};

#define F(type, name, doc)        row.name = q->set.name;
#define E(enumeration, name, doc) row.name = q->set.name;
#define S(max, name, doc)         row.name = q->set.name;
    ACD_QUEUE_FIELDS
#undef F
#undef E
#undef S
#define F(type, name, doc) row.name = q->sums.name;
    ACD_SUMS_FIELDS
#undef F
#define F(type, name, doc) row.name = q->today.name;
    ACD_QUEUE_TODAY_FIELDS
#undef F
#define F(type, name, doc) row.name = q->pace.name;
    ACD_PACE_FIELDS
#undef F
    write_alerts(q, &row);
    return acd_record_row_queue.encode(&row, out);
}

static size_t write_agent(const struct acd_engine *e, uint32_t slot, uint8_t *out)
{
    const struct agent *a = &e->agents[slot];
    const struct agent_card *card = &e->agent_cards[slot];
    struct acd_row_agent row = {
        .agent = agent_id(e, slot),
        .name = agent_name(e, slot),
        .extension = TEXT_STR(card->extension),
        .contact = agent_contact(e, slot),
        .attributes = TEXT_STR(card->attributes),
        .max_concurrent_calls = a->capacity,
        .active = a->active ? ACD_YES : ACD_NO,
        .state = a->state,
        .reason = a->reason,
        .no_answers = a->no_answers,
        .delay_until = agent_is_delayed(a) ? card->delay_until : 0,
        .delay_sequence = agent_is_delayed(a) ? card->delay_sequence : 0,
        .lsc = a->lsc,
        .lsc_sequence = a->lsc_sequence,
        .sums_day = a->day,
        .calls_today = a->calls_today,
        .talk_today = a->talk_today,
        .drain = a->drain,
        .outside_moves = card->outside_moves,
        .channels = TEXT_STR(card->channels),
        .team = team_of(e, slot),
        .device = card->device,
        .device_until = card->device != 0 ? card->device_until : 0,
        .device_sequence = card->device != 0 ? card->device_sequence : 0,
    };

    if (card->late.until != 0) {
        row.late_work = card->late.work;
        row.late_queue = card->late.queue;
        row.late_visit = card->late.visit;
        row.late_until = card->late.until;
        row.late_code = TEXT_STR(card->late.code);
    }
    return acd_record_row_agent.encode(&row, out);
}

static size_t write_member(const struct acd_engine *e, uint32_t slot, uint8_t *out)
{
    const struct seat *m = &e->seats[slot];
    struct acd_row_member row = {.slot = slot,
                                 .sequence = e->seat_cards[slot].sequence,
                                 .agent = agent_id(e, m->agent),
                                 .queue = queue_id(e, m->line),
                                 .level = m->level,
                                 .position = m->position,
                                 .last_ended = e->seat_cards[slot].last_ended,
                                 .last_offered = e->seat_cards[slot].last_offered};

    return acd_record_row_member.encode(&row, out);
}

static void write_callback(const struct callback *b, struct acd_row_call *row)
{
    row->callback = 1;
    row->number = TEXT_STR(b->number);
    row->due = b->due;
    row->due_sequence = b->sequence;
    row->attempts = b->attempts;
    row->retry = b->retry;
    row->expires = b->expires;
}

static size_t write_call(const struct acd_engine *e, uint32_t slot, uint8_t *out)
{
    const struct call *c = &e->calls[slot];
    const struct call_card *card = &e->call_cards[slot];
    struct acd_row_call row = {
        .call = call_id(e, slot),
        .queue = queue_id(e, c->queue),
        .gateway = client_id(e, c->gateway),
        .key = call_key(card),
        .called = call_called(card),
        .caller = call_caller(card),
        .direction = c->direction,
        .state = c->state,
        .offers = c->offers,
        .sequence = c->sequence,
        .entered_sequence = c->entered_sequence,
        .order_key = c->key,
        .enqueued_at = c->enqueued_at,
        .entered_at = c->entered_at,
        .arrived_at = c->arrived_at,
        .answered_at = c->answered_at,
        .until = c->until,
        .until_sequence = c->until_sequence,
        .assignment = assignment_id(e, c->assignment),
        .moves = card->moves,
        .lifo = c->lifo,
        .tried = c->tried,
        .hold = c->carded ? card->hold : 0,
        .ring = c->ring != RING_NOT,
        .asks = c->ring == RING_ASKS,
        .recall = c->carded ? card->recall : (acd_agent_id){0, 0},
        .plan = card->plan == NONE ? 0 : card->plan + 1,
        .step = card->plan == NONE ? 0 : card->step,
        .own_plan = card->own_plan,
        .listed = call_listed_at(e, slot),
    };

    if (c->ring == RING_GROWS) {
        row.until = e->call_turns[slot].until;
        row.until_sequence = e->call_turns[slot].until_sequence;
        row.grows_at = c->until;
        row.grows_sequence = c->until_sequence;
    }
    if (c->announces) {
        row.announce = 1;
        row.announce_at = e->announcements[slot].at;
        row.announce_sequence = e->announcements[slot].sequence;
    }
    if (c->kept) {
        row.prefer = e->call_turns[slot].prefer;
        row.prefer_until = e->call_turns[slot].prefer_until;
    }
    if (c->hurries)
        row.own_until = e->call_turns[slot].own_until;
    if (c->tried) {
        row.tried_place = e->call_turns[slot].place;
        row.tried_sequence = e->call_turns[slot].sequence;
    }
    if (c->callback)
        write_callback(&e->callbacks[slot], &row);
    if (c->text != NONE)
        row.attributes = TEXT_STR(e->call_texts[c->text].attributes);
    return acd_record_row_call.encode(&row, out);
}

static size_t write_assignment(const struct acd_engine *e, uint32_t slot, uint8_t *out)
{
    const struct assignment *s = &e->assignments[slot];
    struct acd_row_assignment row = {
        .assignment = assignment_id(e, slot),
        .sequence = s->sequence,
        .agent = agent_id(e, s->agent),
        .call = call_id(e, s->call),
        .queue = s->queue,
        .role = s->role,
        .since = s->since,
        .until = s->until,
        .until_sequence = s->until_sequence,
        .wrap_up_code = assignment_code(e, slot),
        .key = assignment_key(e, slot),
        .channel = s->channel,
        .visit = s->carded ? e->assignment_cards[slot].visit : 0,
    };

    return acd_record_row_assignment.encode(&row, out);
}

static size_t write_ended(const struct acd_engine *e, uint32_t place, uint8_t *out)
{
    const struct ended *ended = &e->ended[place];
    struct acd_row_ended row = {.slot = place,
                                .gateway = ended->gateway,
                                .key = ended_key(ended),
                                .ended_at = ended->ended_at};

    return acd_record_row_ended.encode(&row, out);
}

static size_t write_number(const struct acd_engine *e, uint32_t slot, uint8_t *out)
{
    const struct number *n = &e->numbers[slot];
    struct acd_row_number row = {
        .slot = slot, .number = TEXT_STR(n->number), .queue = queue_id(e, n->queue)};

    return acd_record_row_number.encode(&row, out);
}

static size_t write_client(const struct acd_engine *e, uint32_t slot, uint8_t *out)
{
    const struct client *c = &e->clients[slot];
    struct acd_row_client row = {.client = client_id(e, slot),
                                 .name = TEXT_STR(c->name),
                                 .kind = c->kind,
                                 .lost = c->lost,
                                 .last_request = c->last_request,
                                 .told = c->told,
                                 .acked = c->acked,
                                 .lease = c->lease,
                                 .grace = c->grace,
                                 .orphans = c->orphans,
                                 .heir = TEXT_STR(c->heir),
                                 .lease_until = c->lease_until,
                                 .lease_sequence = c->lease_sequence,
                                 .grace_until = c->grace_until,
                                 .since = c->since,
                                 .reconciling = c->reconciling,
                                 .sweep = c->sweep,
                                 .sweep_heir = c->sweep_heir,
                                 .sweep_slot = c->sweep_slot};

    return acd_record_row_client.encode(&row, out);
}

static size_t write_done(const struct acd_engine *e, uint32_t slot, uint8_t *out)
{
    const struct done *d = &e->done[slot];
    struct acd_row_done row = {.slot = slot,
                               .request = d->request,
                               .error = d->error,
                               .field = d->field,
                               .verdict = d->verdict,
                               .refusal = d->refusal,
                               .position = d->position,
                               .call = d->call,
                               .assignment = d->assignment,
                               .agent = d->agent,
                               .queue = d->queue,
                               .overflow = d->overflow};

    if (d->overflow != 0)
        row.overflow_to = TEXT_STR(e->done_texts[slot].overflow_to);
    return acd_record_row_done.encode(&row, out);
}

static size_t write_skill(const struct acd_engine *e, uint64_t key, uint8_t *out)
{
    const struct talent *t = &e->talents[key];
    struct acd_row_skill row = {.agent = agent_id(e, (uint32_t)(key / ACD_SKILLS_MAX)),
                                .place = (uint8_t)(key % ACD_SKILLS_MAX),
                                .name = TEXT_STR(e->skills[t->skill].name),
                                .level = t->level};

    return acd_record_row_skill.encode(&row, out);
}

static size_t write_plan(const struct acd_engine *e, uint32_t slot, uint8_t *out)
{
    const struct plan *p = &e->plans[slot];
    struct acd_row_plan row = {.plan = slot + 1,
                               .queue = queue_id(e, p->queue),
                               .text = TEXT_STR(p->text),
                               .unused_since = p->uses == 0 ? p->unused_since : 0};

    return acd_record_row_plan.encode(&row, out);
}

static size_t write_queue_interval(const struct acd_engine *e, uint32_t slot, uint8_t *out)
{
    const struct queue_interval *v = &e->queues[slot].interval;
    struct acd_row_queue_interval row = {.slot = slot, .number = v->sums.turn};

#define F(type, name, doc) row.name = v->sums.name;
    ACD_SUMS_FIELDS
#undef F
#define F(type, name, doc) row.name = v->name;
    ACD_QUEUE_INTERVAL_FIELDS
#undef F
    return acd_record_row_queue_interval.encode(&row, out);
}

static size_t write_agent_interval(const struct acd_engine *e, uint32_t slot, uint8_t *out)
{
    const struct agent_interval *v = &e->agent_intervals[slot];
    struct acd_view_agent_interval told;
    struct acd_row_agent_interval row = {
        .slot = slot, .number = v->number, .counted_until = v->until};

    agent_interval_tell(v, &told);
#define F(type, name, doc) row.name = told.name;
    ACD_AGENT_INTERVAL_FIELDS
#undef F
    return acd_record_row_agent_interval.encode(&row, out);
}

static size_t write_waits(const struct acd_engine *e, uint32_t slot, uint8_t *out)
{
    const struct acd_waits *w = &e->queue_waits[slot / WAITS_ROWS_OF_QUEUE];
    uint32_t part = slot % WAITS_ROWS_OF_QUEUE, first = part % WAITS_ROWS * WAITS_PER_ROW;
    const uint32_t *counts = part < WAITS_ROWS ? w->answered : w->abandoned;
    char text[WAITS_PER_ROW * 5];
    uint16_t len = 0;

    for (uint32_t i = first; i < first + WAITS_PER_ROW && i < ACD_WAITS; i++) {
        uint32_t left = counts[i];

        for (; left > 0x7f; left >>= 7)
            text[len++] = (char)(0x80 | (left & 0x7f));
        text[len++] = (char)left;
    }
    return acd_record_row_waits.encode(&(struct acd_row_waits){.slot = slot, .counts = {text, len}},
                                       out);
}

static size_t write_abandoned(const struct acd_engine *e, uint32_t place, uint8_t *out)
{
    const struct abandoned *a = &e->abandoned[place];
    struct acd_row_abandoned row = {.slot = place,
                                    .queue = a->queue,
                                    .caller = TEXT_STR(a->caller),
                                    .enqueued_at = a->enqueued_at,
                                    .head_start = a->head_start,
                                    .left_at = a->left_at};

    return acd_record_row_abandoned.encode(&row, out);
}

static size_t write_calendar(const struct acd_engine *e, uint32_t slot, uint8_t *out)
{
    const struct calendar *c = &e->calendars[slot];
    struct acd_row_calendar row = {.slot = slot,
                                   .name = TEXT_STR(c->name),
                                   .zone = TEXT_STR(c->zone),
                                   .strategy = c->strategy,
                                   .otherwise = c->otherwise};

    return acd_record_row_calendar.encode(&row, out);
}

static size_t write_calendar_time(const struct acd_engine *e, uint32_t key, uint8_t *out)
{
    struct acd_row_calendar_time row = {.slot = key / ACD_CALENDAR_TIMES_MAX,
                                        .place = (uint8_t)(key % ACD_CALENDAR_TIMES_MAX),
                                        .text = TEXT_STR(e->calendar_times[key].text)};

    return acd_record_row_calendar_time.encode(&row, out);
}

/* ---- any of them --------------------------------------------------------------------------- */

size_t acd_row_write(const struct acd_engine *e, enum acd_table table, uint64_t key, uint8_t *out)
{
    uint32_t slot = (uint32_t)key;

    if (!row_is_there(e, table, key))
        return 0;
    switch (table) {
    case ACD_TABLE_ENGINE: return write_engine(e, out);
    case ACD_TABLE_QUEUES: return write_queue(e, slot, out);
    case ACD_TABLE_AGENTS: return write_agent(e, slot, out);
    case ACD_TABLE_MEMBERS: return write_member(e, slot, out);
    case ACD_TABLE_NUMBERS: return write_number(e, slot, out);
    case ACD_TABLE_CLIENTS: return write_client(e, slot, out);
    case ACD_TABLE_CALLS: return write_call(e, slot, out);
    case ACD_TABLE_ASSIGNMENTS: return write_assignment(e, slot, out);
    case ACD_TABLE_ENDED: return write_ended(e, slot, out);
    case ACD_TABLE_DONE: return write_done(e, slot, out);
    case ACD_TABLE_NOTICES: return outbox_notice(e, (uint32_t)(key >> NOTICE_KEY_BITS), key, out);
    case ACD_TABLE_SKILLS: return write_skill(e, key, out);
    case ACD_TABLE_PLANS: return write_plan(e, slot, out);
    case ACD_TABLE_QUEUE_INTERVALS: return write_queue_interval(e, slot, out);
    case ACD_TABLE_AGENT_INTERVALS: return write_agent_interval(e, slot, out);
    case ACD_TABLE_WAITS: return write_waits(e, slot, out);
    case ACD_TABLE_ABANDONED: return write_abandoned(e, slot, out);
    case ACD_TABLE_CALENDARS: return write_calendar(e, slot, out);
    case ACD_TABLE_CALENDAR_TIMES: return write_calendar_time(e, slot, out);
    case ACD_TABLE_COUNT: break;
    }
    return 0;
}
