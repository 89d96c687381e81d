#include "engine/callbacks.h"
#include "engine/channels.h"
#include "engine/intervals.h"
#include "engine/lines.h"
#include "engine/names.h"
#include "engine/plans.h"
#include "engine/ready.h"
#include "engine/ring.h"
#include "engine/skills.h"
#include "engine/teams.h"

/* Agents, queues, memberships and numbers defined, changed and removed. */

/* ---- agents ------------------------------------------------------------------------------- */

static void agent_make(struct acd_engine *e, acd_agent_id id, struct acd_str name)
{
    struct agent *a = &e->agents[id.slot];
    struct agent_card *card = &e->agent_cards[id.slot];

    slots_take(&e->agent_slots, id.slot);
    memset(a, 0, sizeof *a);
    e->agent_intervals[id.slot] = (struct agent_interval){.until = 0};
    a->gen = id.gen;
    a->state = ACD_LOGGED_OUT;
    a->activity = ACD_ACTIVITY_LOGGED_OUT;
    a->seats = a->assignments = LIST_NONE;
    a->stands = false;
    card->skills = 0;
    card->lines = 0;
    card->marks = 0;
    e->activities[a->activity]++;
    agent_touch(e, id.slot);
    card->device = 0;
    card->open = 0;
    card->late.until = 0;
    card->team = NONE;
    a->name_len = text_copy(card->name, sizeof card->name, name);
    card->name_key.hash = name_hash(e, name);
    index_add(&e->agent_names, &card->name_key, id.slot);
}

void apply_agent_set(struct acd_engine *e, const struct acd_event_agent_set *v)
{
    uint32_t slot = v->agent.slot;
    struct agent *a = &e->agents[slot];
    struct agent_card *card = &e->agent_cards[slot];

    if (agent_at(e, v->agent) == NONE)
        agent_make(e, v->agent, v->name);
    agent_count(e, slot, -1);
    TEXT_SET(card->extension, v->extension);
    a->contact_len = text_copy(card->contact, sizeof card->contact, v->contact);
    TEXT_SET(card->attributes, v->attributes);
    a->capacity = (uint8_t)v->max_concurrent_calls;
    a->active = v->active == ACD_YES;
    card->outside_moves = v->outside_moves != 0;
    team_set(e, slot, v->team);
    TEXT_SET(card->channels, v->channels);
    channels_read(v->channels, &card->costs);
    a->costs |= v->channels.len > 0;
    agent_count(e, slot, 1);
    agent_derive(e, slot, true);
    a->costs = v->channels.len > 0; /* after all seats are as they are without */
}

/* One member more or less of a level: how long calls wait for levels follows from which there are.
 */
static void level_count(struct acd_engine *e, uint32_t queue, uint8_t level, int by)
{
    uint32_t *count = &e->levels[(size_t)queue * 256 + level];

    *count += (uint32_t)by;
    e->queues[queue].usual = NONE;
}

static void member_free(struct acd_engine *e, uint32_t slot)
{
    uint32_t queue = e->seats[slot].line;

    lines_leave(e, slot);
    level_count(e, queue, e->seats[slot].level, -1);
    seat_give(e, slot);
    slots_give(&e->member_slots, slot);
    mark(e, ACD_TABLE_MEMBERS, slot);
}

void apply_agent_removed(struct acd_engine *e, const struct acd_event_agent_removed *v)
{
    uint32_t slot = agent_of(e, v->agent);
    struct agent *a = &e->agents[slot];

    ACD_ASSERT(a->assignments == LIST_NONE);
    while (a->seats != LIST_NONE)
        member_free(e, a->seats);
    talents_clear(e, slot);
    team_set(e, slot, (struct acd_str){NULL, 0});
    if (order_has(DELAYS(e), slot))
        order_remove(&e->delays, DELAYS(e), slot);
    if (order_has(DEVICES(e), slot))
        order_remove(&e->devices, DEVICES(e), slot);
    a->state = ACD_LOGGED_OUT;
    a->capacity = 0;
    agent_derive(e, slot, false);
    e->activities[a->activity]--;
    index_remove(&e->agent_names, e->agent_cards[slot].name_key);
    mark(e, ACD_TABLE_AGENT_INTERVALS, slot);
    slots_give(&e->agent_slots, slot);
    a->gen = 0;
}

/* ---- memberships -------------------------------------------------------------------------- */

/* A membership that is there goes to another level or position. */
static void member_move(struct acd_engine *e, uint32_t slot, const struct acd_event_member_set *v)
{
    bool is_ready = ready_has(e, slot);

    if (is_ready)
        seat_leave(e, slot);
    level_count(e, e->seats[slot].line, e->seats[slot].level, -1);
    e->seats[slot].level = v->level;
    e->seats[slot].position = v->position;
    if (is_ready)
        seat_enter(e, slot);
}

void apply_member_set(struct acd_engine *e, const struct acd_event_member_set *v)
{
    uint32_t agent = agent_of(e, v->agent), queue = queue_of(e, v->queue);
    uint32_t slot = membership_find(e, agent, queue);

    if (slot == LIST_NONE) {
        slot = slots_lowest(&e->member_slots);
        slots_take(&e->member_slots, slot);
        e->seat_cards[slot].sequence = e->sequence;
        e->seat_cards[slot].last_ended = 0;
        e->seat_cards[slot].last_offered = 0;
        seat_take(e, slot, agent, queue, v->level, v->position);
    } else {
        member_move(e, slot, v);
    }
    level_count(e, queue, v->level, 1);
    mark(e, ACD_TABLE_MEMBERS, slot);
    lines_review(e, slot);
    if (agent_is_available(e, agent))
        agent_derive(e, agent, true);
}

void apply_member_removed(struct acd_engine *e, const struct acd_event_member_removed *v)
{
    member_free(e, membership_find(e, agent_of(e, v->agent), queue_of(e, v->queue)));
}

/* ---- queues ------------------------------------------------------------------------------- */

void line_init(struct line *l, uint32_t queue, const struct acd_event_queue_set *set, bool passes)
{
    *l = (struct line){
        .queue = queue, .rank = 2u * set->weight, .channel = set->channel, .passes = passes};
    ready_init(&l->ready, set->strategy);
    ready_mind(&l->ready, queue_wants_available(set));
    ranks_init(&l->waiting);
    ranks_init(&l->rung);
    list_init(&l->seats);
}

static void queue_make(struct acd_engine *e, acd_queue_id id, struct acd_str name)
{
    struct queue *q = &e->queues[id.slot];

    slots_take(&e->queue_slots, id.slot);
    memset(q, 0, sizeof *q);
    q->gen = id.gen;
    q->nobody_since = e->now;
    q->alert_at = ACD_FOREVER;
    list_init(&q->unanswered);
    list_init(&q->scheduled);
    ranks_init(&q->others);
    list_init(&q->lines);
    q->banks = q->usual = NONE;
    line_init(&e->lines[id.slot], id.slot,
              &(struct acd_event_queue_set){.strategy = ACD_LONGEST_IDLE_AGENT}, false);
    TEXT_SET(q->name, name);
    q->name_key.hash = name_hash(e, name);
    index_add(&e->queue_names, &q->name_key, id.slot);
}

static void drain_end(struct acd_engine *e, uint32_t queue)
{
    slots_give(&e->removing, queue);
    e->queues[queue].remove_policy = 0;
    e->queues[queue].remove_target = (acd_queue_id){0, 0};
}

/* Keeps the texts of settings; those that were merged from here are here already. */
static void queue_texts_keep(struct queue *q, const struct acd_event_queue_set *v)
{
#define F(type, name, doc)
#define E(enumeration, name, doc)
#define S(max, name, doc)                                                                          \
    if (v->name.data != q->texts.name.data)                                                        \
        TEXT_SET(q->texts.name, v->name);                                                          \
    q->set.name = TEXT_STR(q->texts.name);
    ACD_QUEUE_FIELDS_2 ACD_QUEUE_FIELDS_4
#undef F
#undef E
#undef S
}

/* The event may be older than these. */
static void callback_settings_fill(struct acd_event_queue_set *set)
{
    if (set->callback_attempts != 0)
        return;
    set->callback_attempts = CALLBACK_ATTEMPTS;
    set->callback_retry = CALLBACK_RETRY;
    set->callback_expire = CALLBACK_EXPIRE;
    set->dial_timeout = CALLBACK_DIAL;
    set->callback_resume = ACD_NO;
}

void apply_queue_set(struct acd_engine *e, const struct acd_event_queue_set *v)
{
    struct queue *q = &e->queues[v->queue.slot];

    if (queue_at(e, v->queue) == NONE)
        queue_make(e, v->queue, v->name);
    mark(e, ACD_TABLE_QUEUES, v->queue.slot);
    if (q->set.state == ACD_DRAINING && v->state != ACD_DRAINING)
        drain_end(e, v->queue.slot);
    q->set = *v;
    q->set.name = TEXT_STR(q->name);
    q->usual = NONE;
    e->lines[v->queue.slot].rank = 2u * v->weight;
    if (q->set.channel == 0)
        q->set.channel = ACD_CHANNEL_VOICE; /* likewise, as below */
    e->lines[v->queue.slot].channel = q->set.channel;
    queue_texts_keep(q, v);
    if (q->set.leave_when_empty == 0)
        q->set.leave_when_empty = ACD_LEAVE_NEVER; /* the event is older than the setting */
    if (q->set.ring_progressively_delay == 0)
        q->set.ring_progressively_delay = RING_PROGRESSIVELY_DELAY; /* so too */
    callback_settings_fill(&q->set);
    if (q->set.alert_hold == 0) {
        /* so too */
        q->set.alert_nobody = ACD_NO;
        q->set.alert_calls = ALERT_CALLS;
        q->set.alert_hold = ALERT_HOLD;
    }
    ready_mind(&e->lines[v->queue.slot].ready, queue_wants_available(&q->set));
    queue_derive(e, v->queue.slot);
    if (e->lines[v->queue.slot].ready.strategy != v->strategy)
        ready_sort(e, v->queue.slot, v->strategy);
    for (uint32_t l = q->lines.first; l != LIST_NONE; l = line_card(e, l)->in_queue.next) {
        e->lines[l].rank = 2u * v->weight + line_is_of_agent(e, l);
        line_note(e, l);
    }
}

void apply_queue_draining(struct acd_engine *e, const struct acd_event_queue_draining *v)
{
    struct queue *q = &e->queues[queue_of(e, v->queue)];

    mark(e, ACD_TABLE_QUEUES, v->queue.slot);
    if (q->set.state != ACD_DRAINING)
        slots_take(&e->removing, v->queue.slot);
    q->set.state = ACD_DRAINING;
    q->remove_policy = v->policy;
    q->remove_target = v->target;
    queue_derive(e, v->queue.slot);
}

void apply_queue_drained(struct acd_engine *e, const struct acd_event_queue_drained *v)
{
    struct queue *q = &e->queues[queue_of(e, v->queue)];

    mark(e, ACD_TABLE_QUEUES, v->queue.slot);
    drain_end(e, v->queue.slot);
    q->set.state = ACD_CLOSED;
    queue_derive(e, v->queue.slot);
}

void apply_queue_removing(struct acd_engine *e, const struct acd_event_queue_removing *v)
{
    struct queue *q = &e->queues[queue_of(e, v->queue)];

    mark(e, ACD_TABLE_QUEUES, v->queue.slot);
    if (q->set.state != ACD_DRAINING)
        slots_take(&e->removing, v->queue.slot);
    q->set.state = ACD_REMOVING;
    q->remove_policy = v->policy;
    q->remove_target = v->target;
    queue_derive(e, v->queue.slot);
}

void apply_queue_removed(struct acd_engine *e, const struct acd_event_queue_removed *v)
{
    uint32_t slot = queue_of(e, v->queue);
    struct queue *q = &e->queues[slot];

    ACD_ASSERT(q->unanswered.count == 0 && q->scheduled.count == 0);
    ACD_ASSERT(q->connected == 0);
    for (uint32_t p = slots_next(&e->plan_slots, 0); p != SLOT_NONE;
         p = slots_next(&e->plan_slots, p + 1))
        if (e->plans[p].queue == slot)
            plan_free(e, p);
    while (e->lines[slot].seats.first != LIST_NONE)
        member_free(e, e->lines[slot].seats.first);
    for (uint32_t n = slots_next(&e->number_slots, 0); n != SLOT_NONE;
         n = slots_next(&e->number_slots, n + 1)) {
        if (e->numbers[n].queue != slot)
            continue;
        index_remove(&e->number_names, e->numbers[n].name_key);
        slots_give(&e->number_slots, n);
        mark(e, ACD_TABLE_NUMBERS, n);
    }
    if (order_has(ALERTING(e), slot))
        order_remove(&e->alerting, ALERTING(e), slot);
    waits_clear(e, slot);
    mark(e, ACD_TABLE_QUEUE_INTERVALS, slot);
    index_remove(&e->queue_names, q->name_key);
    slots_give(&e->removing, slot);
    slots_give(&e->queue_slots, slot);
    mark(e, ACD_TABLE_QUEUES, slot);
    q->gen = 0;
}

/* ---- numbers ------------------------------------------------------------------------------ */

void apply_number_set(struct acd_engine *e, const struct acd_event_number_set *v)
{
    uint32_t slot = number_find(e, v->number);

    if (slot == NONE) {
        slot = slots_lowest(&e->number_slots);
        slots_take(&e->number_slots, slot);
        TEXT_SET(e->numbers[slot].number, v->number);
        e->numbers[slot].name_key.hash = name_hash(e, v->number);
        index_add(&e->number_names, &e->numbers[slot].name_key, slot);
    }
    mark(e, ACD_TABLE_NUMBERS, slot);
    e->numbers[slot].queue = queue_of(e, v->queue);
}

void apply_number_removed(struct acd_engine *e, const struct acd_event_number_removed *v)
{
    uint32_t slot = number_find(e, v->number);

    index_remove(&e->number_names, e->numbers[slot].name_key);
    slots_give(&e->number_slots, slot);
    mark(e, ACD_TABLE_NUMBERS, slot);
}
