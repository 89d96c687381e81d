#include "engine/decide.h"
#include "engine/expect.h"
#include "engine/gateways.h"
#include "engine/heaps.h"
#include "engine/intervals.h"
#include "engine/lines.h"

#include <stdlib.h>

/* The life of an engine, and its one door: acd_execute(). */

/* ---- memory ------------------------------------------------------------------------------- */

/* Takes aligned pieces of one block; with base NULL it only adds up what is needed. */
struct memory {
    char *base;
    size_t used;
};

static void *take(struct memory *m, size_t count, size_t size)
{
    size_t at = m->used;

    m->used += (count * size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    return m->base == NULL ? NULL : m->base + at;
}

#define TAKE(m, field, count) ((field) = take((m), (count), sizeof *(field)))

static void lay_out_slots(struct memory *m, struct slots *s, uint32_t max)
{
    uint64_t *words = take(m, slots_words(max), sizeof *words);

    if (words != NULL)
        slots_init(s, max, words);
}

static void lay_out_index(struct memory *m, struct index *x, uint32_t max)
{
    struct index_chunk *chunks = take(m, index_chunks(max), sizeof *chunks);

    if (chunks != NULL)
        index_init(x, max, chunks);
}

static void lay_out_order(struct memory *m, struct order *o, uint32_t max)
{
    struct order_entry *entries = take(m, max, sizeof *entries);

    if (entries != NULL)
        order_init(o, entries, max);
}

/* A membership may have a stand for each of its lines of requirements, and one for its queue's own.
 */
static size_t stands_max(const struct acd_limits *l)
{
    return (size_t)l->memberships + l->seats;
}

/* A tier has a stand, and its bank has no other one of its level. */
static uint32_t tiers_max(const struct acd_limits *l)
{
    uint64_t levels = 256 * ((uint64_t)l->lines + l->queues);

    return (uint32_t)(levels < stands_max(l) ? levels : stands_max(l));
}

static size_t stand_blocks_max(const struct acd_limits *l)
{
    return marks_blocks(tiers_max(l), l->memberships + stands_max(l));
}

static void lay_out_tables(struct memory *m, struct acd_engine *e, const struct acd_limits *l)
{
    TAKE(m, e->agents, l->agents);
    TAKE(m, e->agent_cards, l->agents);
    TAKE(m, e->teams, l->agents);
    TAKE(m, e->agent_intervals, l->agents);
    TAKE(m, e->available, (l->agents + 63) / 64);
    TAKE(m, e->queues, l->queues);
    TAKE(m, e->queue_waits, l->queues);
    TAKE(m, e->lines, (size_t)l->queues + l->lines);
    TAKE(m, e->line_cards, (size_t)l->queues + l->lines);
    TAKE(m, e->banks, (size_t)l->queues + l->lines);
    TAKE(m, e->tiers, tiers_max(l));
    TAKE(m, e->stands, l->memberships + stands_max(l));
    TAKE(m, e->stand_agents, l->memberships);
    TAKE(m, e->stand_members, stands_max(l));
    TAKE(m, e->stand_skills, l->memberships + stands_max(l));
    TAKE(m, e->stand_blocks, stand_blocks_max(l));
    TAKE(m, e->stand_counts, stand_blocks_max(l));
    TAKE(m, e->seats, l->memberships);
    TAKE(m, e->seat_cards, l->memberships);
    TAKE(m, e->seat_nodes, l->memberships);
    TAKE(m, e->skills, l->skills);
    TAKE(m, e->talents, (size_t)l->agents * ACD_SKILLS_MAX);
    TAKE(m, e->levels, (size_t)l->queues * 256);
    TAKE(m, e->plans, l->plans);
    TAKE(m, e->calls, l->calls);
    TAKE(m, e->wait_nodes, l->calls);
    TAKE(m, e->line_nodes, l->calls);
    TAKE(m, e->wait_links, l->calls);
    TAKE(m, e->announcements, l->calls);
    TAKE(m, e->live_links, l->calls);
    TAKE(m, e->call_listed, l->calls);
    TAKE(m, e->absence_links, (size_t)2 * l->clients);
    TAKE(m, e->call_cards, l->calls);
    TAKE(m, e->call_leads, l->calls);
    TAKE(m, e->call_turns, l->calls);
    TAKE(m, e->call_texts, l->call_texts);
    TAKE(m, e->callbacks, l->calls);
    TAKE(m, e->assignments, l->assignments);
    TAKE(m, e->call_chain, l->assignments);
    TAKE(m, e->assignment_cards, l->assignments);
    TAKE(m, e->numbers, l->numbers);
    TAKE(m, e->calendars, ACD_CALENDARS_MAX);
    TAKE(m, e->calendar_times, ACD_CALENDARS_MAX * ACD_CALENDAR_TIMES_MAX);
    TAKE(m, e->clients, l->clients);
    TAKE(m, e->done, (size_t)l->clients * ACD_REQUESTS_KEPT);
    TAKE(m, e->done_texts, (size_t)l->clients * ACD_REQUESTS_KEPT);
    TAKE(m, e->outboxes, (size_t)l->clients * l->outbox_bytes);
    TAKE(m, e->ended, l->ended_calls);
    TAKE(m, e->abandoned, l->ended_calls);
    TAKE(m, e->frame, ACD_FRAME_BYTES_MAX);
}

static void lay_out(struct memory *m, struct acd_engine *e, const struct acd_limits *l)
{
    lay_out_tables(m, e, l);
    lay_out_slots(m, &e->agent_slots, l->agents);
    lay_out_slots(m, &e->queue_slots, l->queues);
    lay_out_slots(m, &e->removing, l->queues);
    lay_out_slots(m, &e->clearing, l->queues);
    lay_out_slots(m, &e->sweeping, l->clients);
    lay_out_slots(m, &e->member_slots, l->memberships);
    lay_out_slots(m, &e->call_slots, l->calls);
    lay_out_slots(m, &e->assignment_slots, l->assignments);
    lay_out_slots(m, &e->number_slots, l->numbers);
    lay_out_slots(m, &e->client_slots, l->clients);
    lay_out_slots(m, &e->text_slots, l->call_texts);
    lay_out_slots(m, &e->skill_slots, l->skills);
    lay_out_slots(m, &e->team_slots, l->agents);
    lay_out_slots(m, &e->plan_slots, l->plans);
    lay_out_slots(m, &e->calendar_slots, ACD_CALENDARS_MAX);
    lay_out_slots(m, &e->line_slots, l->lines);
    lay_out_slots(m, &e->bank_slots, l->queues + l->lines);
    lay_out_slots(m, &e->tier_slots, tiers_max(l));
    lay_out_slots(m, &e->stand_slots, (uint32_t)stands_max(l));
    lay_out_slots(m, &e->block_slots, (uint32_t)stand_blocks_max(l));
    lay_out_slots(m, &e->passing, l->lines);
    lay_out_index(m, &e->agent_names, l->agents);
    lay_out_index(m, &e->queue_names, l->queues);
    lay_out_index(m, &e->number_names, l->numbers);
    lay_out_index(m, &e->client_names, l->clients);
    lay_out_index(m, &e->skill_names, l->skills);
    lay_out_index(m, &e->team_names, l->agents);
    lay_out_index(m, &e->plan_texts, l->plans);
    lay_out_index(m, &e->abandoned_callers, l->ended_calls);
    lay_out_index(m, &e->callback_numbers, l->calls);
    lay_out_index(m, &e->call_keys, l->calls + l->ended_calls);
    lay_out_order(m, &e->leases, l->assignments);
    lay_out_order(m, &e->waits, l->calls);
    lay_out_order(m, &e->delays, l->agents);
    lay_out_order(m, &e->deserted, l->queues);
    lay_out_order(m, &e->alerting, l->queues);
    lay_out_order(m, &e->devices, l->agents);
    lay_out_order(m, &e->announced, l->calls);
    lay_out_order(m, &e->dues, l->calls);
    lay_out_order(m, &e->steps, l->calls);
    lay_out_order(m, &e->absences, 2 * l->clients);
    e->heaps.size = heaps_entries(l->memberships, l->queues);
    TAKE(m, e->heaps.half[0], e->heaps.size);
    TAKE(m, e->heaps.half[1], e->heaps.size);
    list_init(&e->live);
    list_init(&e->unused_plans);
}

static void lay_out_changed(struct memory *m, struct acd_engine *e, const struct acd_limits *l)
{
    const uint32_t rows[ACD_TABLE_COUNT] = {
        [ACD_TABLE_ENGINE] = 1,
        [ACD_TABLE_QUEUES] = l->queues,
        [ACD_TABLE_AGENTS] = l->agents,
        [ACD_TABLE_MEMBERS] = l->memberships,
        [ACD_TABLE_NUMBERS] = l->numbers,
        [ACD_TABLE_CLIENTS] = l->clients,
        [ACD_TABLE_CALLS] = l->calls,
        [ACD_TABLE_ASSIGNMENTS] = l->assignments,
        [ACD_TABLE_ENDED] = l->ended_calls,
        [ACD_TABLE_DONE] = l->clients * ACD_REQUESTS_KEPT,
        [ACD_TABLE_SKILLS] = l->agents * ACD_SKILLS_MAX,
        [ACD_TABLE_PLANS] = l->plans,
        [ACD_TABLE_QUEUE_INTERVALS] = l->queues,
        [ACD_TABLE_AGENT_INTERVALS] = l->agents,
        [ACD_TABLE_WAITS] = l->queues * WAITS_ROWS_OF_QUEUE,
        [ACD_TABLE_ABANDONED] = l->ended_calls,
        [ACD_TABLE_CALENDARS] = ACD_CALENDARS_MAX,
        [ACD_TABLE_CALENDAR_TIMES] = ACD_CALENDARS_MAX * ACD_CALENDAR_TIMES_MAX,
    };

    for (enum acd_table t = 0; t < ACD_TABLE_COUNT; t++)
        if (rows[t] > 0)
            lay_out_slots(m, &e->changed[t], rows[t]);
}

/* ---- life cycle --------------------------------------------------------------------------- */

static void *take_calloc(size_t bytes, void *ctx)
{
    (void)ctx;
    return calloc(1, bytes);
}

static void give_free(void *memory, size_t bytes, void *ctx)
{
    (void)bytes;
    (void)ctx;
    free(memory);
}

/* Lays out everything from `base` on; with NULL it only measures. Returns the bytes. */
static size_t lay_out_all(char *base, struct acd_engine *e, const struct acd_config *c)
{
    struct memory m = {base, 0};

    take(&m, 1, sizeof *e);
    lay_out(&m, e, &c->limits);
    if (c->track)
        lay_out_changed(&m, e, &c->limits);
    return m.used;
}

int acd_open(struct acd_engine **out, const struct acd_config *config)
{
    struct acd_config c = config == NULL ? (struct acd_config){.epoch = 0} : *config;
    struct acd_engine measured = {.now = 0};
    struct acd_engine *e;
    size_t bytes;
    char *memory;

    *out = NULL;
    if (c.take == NULL) {
        c.take = take_calloc;
        c.give = give_free;
    }
    limits_default(&c.limits);
    if (acd_limits_wrong(&c.limits) != NULL)
        return ACD_INVALID;
    bytes = lay_out_all(NULL, &measured, &c) + CACHE_LINE;
    memory = c.take(bytes, c.ctx);
    if (memory == NULL)
        return ACD_NO_MEMORY;
    e = (void *)(memory + CACHE_LINE - (uintptr_t)memory % CACHE_LINE);
    e->config = c;
    e->memory = memory;
    e->memory_bytes = bytes;
    e->random = c.seed;
    e->interval_end = ACD_FOREVER;
    e->entering = NONE;
    lay_out_all((char *)e, e, &c);
    banks_open(e);
    *out = e;
    return ACD_OK;
}

void acd_close(struct acd_engine *e)
{
    if (e != NULL)
        e->config.give(e->memory, e->memory_bytes, e->config.ctx);
}

/* ---- frames ------------------------------------------------------------------------------- */

APART static void frame_begin(struct acd_engine *e, acd_time now)
{
    ACD_ASSERT(e->fresh_agents.count == 0);
    ACD_ASSERT(e->fresh_calls.count == 0);
    ACD_ASSERT(e->entering == NONE);
    if (now > e->now)
        e->now = now;
    if (e->now >= e->interval_end)
        interval_enter(e);
    e->frame_first = e->sequence + 1;
    e->frame_len = 0;
    e->asking.client = ACD_NOBODY;
    e->asking.slot = NONE;
    e->asking.call = NONE;
    e->asking.key_hash = 0;
    e->asking.plan = e->asking.next = NONE;
}

struct acd_frame acd_last_frame(const struct acd_engine *e)
{
    return (struct acd_frame){.at = e->now,
                              .first_sequence = e->frame_first,
                              .count = e->frame_len == 0 ? 0 : frame_count(e),
                              .bytes = e->frame,
                              .len = e->frame_len};
}

int acd_apply_frame(struct acd_engine *e, const struct acd_frame *frame)
{
    size_t at = 0;
    int size = 0;

    if (frame->count > 0 && frame->first_sequence != e->sequence + 1)
        return ACD_STATE;
    frame_begin(e, frame->at);
    for (uint32_t i = 0; i < frame->count; i++) {
        struct acd_event event;

        size = acd_event_decode(frame->bytes + at, frame->len - at, &event);
        if (size < 0)
            break;
        if (event.code != ACD_EVENT_call_offered)
            entering_stand(e);
        e->sequence++;
        apply(e, event.code, &event.as);
        at += (size_t)size;
        e->fresh_agents.count = 0;
        e->fresh_calls.count = 0;
    }
    entering_stand(e);
    return size < 0 ? size : ACD_OK;
}

struct acd_position acd_position(const struct acd_engine *e)
{
    return (struct acd_position){e->config.epoch, e->sequence};
}

/* ---- commands ----------------------------------------------------------------------------- */

static bool outcome_names_agent(const struct acd_view_outcome *o)
{
    return o->verdict == ACD_VERDICT_OFFERED || o->verdict == ACD_VERDICT_CONNECTED ||
           o->verdict == ACD_VERDICT_DIAL;
}

/* Whether its assignment still rings, or a number is dialled for it, as it was told. */
static bool outcome_is_under_way(const struct acd_engine *e, const struct acd_view_outcome *o,
                                 uint32_t slot)
{
    uint32_t role = e->assignments[slot].role;

    if (o->verdict == ACD_VERDICT_OFFERED)
        return role == ACD_ROLE_OFFERED;
    return o->verdict == ACD_VERDICT_DIAL && (role == ACD_ROLE_DIALING || role == ACD_ROLE_HELD);
}

static COLD void outcome_again(struct acd_engine *e, const struct done *done)
{
    struct acd_view_outcome *o = e->asking.outcome;
    uint32_t agent = agent_at(e, done->agent), slot = assignment_at(e, done->assignment);

    o->error = done->error;
    o->field = done->field;
    o->verdict = done->verdict;
    o->refusal = done->refusal;
    o->position = done->position;
    o->call = done->call;
    o->assignment = done->assignment;
    o->agent = done->agent;
    o->queue = done->queue;
    o->overflow = done->overflow;
    if (done->overflow != 0)
        o->overflow_to = TEXT_STR(e->done_texts[done - e->done].overflow_to);
    o->repeated = 1;
    if (agent != NONE && outcome_names_agent(o)) {
        o->agent_name = agent_name(e, agent);
        o->contact = agent_contact(e, agent);
    }
    if (slot != NONE && outcome_is_under_way(e, o, slot))
        o->until = e->assignments[slot].until;
}

/* Whether a request needs no carrying out: unknown client, seen before, or too old. */
static bool request_is_over(struct acd_engine *e, acd_client_id client, uint64_t request)
{
    uint32_t slot = e->asking.slot;
    const struct done *done;
    uint64_t last;

    if (client.gen == 0 && client.slot == 0)
        return false;
    if (slot == NONE) {
        e->asking.outcome->error = ACD_NOT_FOUND;
        return true;
    }
    if (request == 0)
        return false;
    done = &e->done[(size_t)slot * ACD_REQUESTS_KEPT + request % ACD_REQUESTS_KEPT];
    last = e->clients[slot].last_request;
    if (done->request == request)
        outcome_again(e, done);
    else if (done->request > request || (last > request && last - request >= ACD_REQUESTS_KEPT))
        e->asking.outcome->error = ACD_STALE;
    else
        return false;
    return true;
}

static int texts_fit(struct acd_engine *e, const struct acd_record *record, const void *command)
{
    uint16_t field = record->too_long(command);

    if (field == 0)
        return ACD_OK;
    e->asking.outcome->field = field;
    return e->asking.outcome->error = ACD_TOO_LONG;
}

static int dispatch(struct acd_engine *e, const struct acd_command *command)
{
    switch (command->code) {
#define ACD_COMMAND(name, code, doc, fields)                                                       \
    case (code): {                                                                                 \
        int error = texts_fit(e, &acd_record_command_##name, &command->as.name);                   \
        return error == ACD_OK ? on_##name(e, &command->as.name) : error;                          \
    }
#include "engine/commands.def"
#undef ACD_COMMAND
    default: return e->asking.outcome->error = ACD_UNKNOWN;
    }
}

static COLD void overflow_record(struct acd_engine *e, acd_client_id client, uint64_t request)
{
    const struct acd_view_outcome *o = e->asking.outcome;

    EMIT(e, request_overflow, .client = client, .request = request, .overflow = o->overflow,
         .overflow_to = o->overflow_to);
}

static HOT void request_record(struct acd_engine *e, acd_client_id client, uint64_t request)
{
    const struct acd_view_outcome *o = e->asking.outcome;

    if (request == 0 || e->asking.slot == NONE)
        return;
    EMIT(e, request_done, .client = client, .request = request, .error = o->error,
         .field = o->field, .verdict = o->verdict, .refusal = o->refusal, .position = o->position,
         .call = o->call, .assignment = o->assignment, .agent = o->agent, .queue = o->queue);
    if (o->overflow != 0)
        overflow_record(e, client, request);
}

/* Copied, since a compiler clears a struct of this size by an instruction that takes longer. */
static const struct acd_view_outcome NOTHING_YET;

APART int acd_execute(struct acd_engine *e, acd_time now, acd_client_id client, uint64_t request,
                      const struct acd_command *command, struct acd_view_outcome *outcome)
{
    command_fetch(e, command);
    *outcome = NOTHING_YET;
    frame_begin(e, now);
    e->asking.outcome = outcome;
    deadlines_fire(e);
    e->asking.client = client;
    e->asking.slot = client_at(e, client);
    if (command->code == ACD_COMMAND_heartbeat)
        request = 0;
    if (request_is_over(e, client, request) || !client_hear(e, command->code))
        return outcome->error;
    dispatch(e, command);
    settle(e);
    request_record(e, client, request);
    return outcome->error;
}

void acd_advance(struct acd_engine *e, acd_time now)
{
    frame_begin(e, now);
    deadlines_fire(e);
    work_slice(e);
}

acd_time acd_next_deadline(const struct acd_engine *e)
{
    return e->clearing.count + e->passing.count + e->sweeping.count > 0 ? e->now
                                                                        : deadlines_next(e);
}

acd_time acd_now(const struct acd_engine *e)
{
    return e->now;
}
