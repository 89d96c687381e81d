#include "engine/explain.h"
#include "engine/lines.h"
#include "engine/names.h"
#include "engine/ready_rank.h"

/* Why a call was offered to that agent, long after.
 *
 * A decision is a function of the state, and the state is a fold of the events before it. So
 * nothing is written down for it when it is made: another engine is taken to where the decision
 * was, and asked. What a random strategy drew is stated before the offer, so the engine stops
 * before that.
 *
 * Failure modes: the event is another one, or stands in another frame: said. */

/* What the events of the frame say of the offer to be explained. */
struct lead {
    const struct acd_event_call_offered *offer;
    uint16_t first,
        last;     /* codes of the frame's first event, and of the last before the decision */
    bool given;   /* that last one gives this call to this agent */
    bool recalls; /* an offer of this call has just failed, and this agent gets it back */
};

static bool is_of(const struct lead *l, acd_call_id call)
{
    return call.slot == l->offer->call.slot && call.gen == l->offer->call.gen;
}

static bool is_to(const struct lead *l, acd_agent_id agent)
{
    return agent.slot == l->offer->agent.slot && agent.gen == l->offer->agent.gen;
}

static bool recalls_to(const struct acd_engine *e, const struct lead *l)
{
    uint32_t call = call_at(e, l->offer->call);

    return call != NONE && e->calls[call].carded && is_to(l, e->call_cards[call].recall);
}

/* Notes an event before it is applied. */
static void lead_note(const struct acd_engine *e, struct lead *l, const struct acd_event *v)
{
    const struct acd_event_call_assigned *assigned = &v->as.call_assigned;
    const struct acd_event_call_transferred *passed = &v->as.call_transferred;

    if (l->first == 0 && v->code != ACD_EVENT_client_renewed)
        l->first = v->code; /* that who asked is there led to nothing */
    l->last = v->code;
    l->given = (v->code == ACD_EVENT_call_assigned && is_of(l, assigned->call) &&
                is_to(l, assigned->agent)) ||
               (v->code == ACD_EVENT_call_transferred && is_of(l, passed->call) &&
                is_to(l, passed->target));
    if (v->code == ACD_EVENT_offer_ended && is_of(l, v->as.offer_ended.call))
        l->recalls = recalls_to(e, l);
    else if (v->code == ACD_EVENT_call_offered && is_of(l, v->as.call_offered.call))
        l->recalls = false;
}

/* Reads the event at `*at` of a frame and moves on behind it. Errors: those of decoding. */
static int event_next(const struct acd_frame *frame, size_t *at, struct acd_event *v)
{
    int size = acd_event_decode(frame->bytes + *at, frame->len - *at, v);

    *at += size > 0 ? (size_t)size : 0;
    return size < 0 ? size : ACD_OK;
}

/* Events that only make ready for an offer. */
static bool is_of_offering(uint16_t code)
{
    return code == ACD_EVENT_random_drawn || code == ACD_EVENT_outbox_lost;
}

/* Finds the offer in a frame: itself to *offer, and how many events come before the decision. */
static int offer_find(const struct acd_frame *frame, uint64_t sequence, struct acd_event *offer,
                      uint32_t *before)
{
    size_t at = 0;
    int error = ACD_OK;

    if (sequence < frame->first_sequence || sequence - frame->first_sequence >= frame->count)
        return ACD_NOT_FOUND;
    *before = 0;
    for (uint32_t i = 0; error == ACD_OK && frame->first_sequence + i <= sequence; i++) {
        error = event_next(frame, &at, offer);
        if (error == ACD_OK && frame->first_sequence + i < sequence && !is_of_offering(offer->code))
            *before = i + 1;
    }
    return error == ACD_OK && offer->code != ACD_EVENT_call_offered ? ACD_INVALID : error;
}

/* Applies so many events of a frame, one by one. */
static int lead_follow(struct acd_engine *e, const struct acd_frame *frame, uint32_t count,
                       struct lead *l)
{
    struct acd_event v;
    size_t at = 0;
    int error = acd_apply_frame(e, &(struct acd_frame){.at = frame->at});

    for (uint32_t i = 0; error == ACD_OK && i < count; i++) {
        struct acd_frame one = {.at = frame->at,
                                .first_sequence = frame->first_sequence + i,
                                .count = 1,
                                .bytes = frame->bytes + at};

        error = event_next(frame, &at, &v);
        one.len = (size_t)(frame->bytes + at - one.bytes);
        if (error == ACD_OK) {
            lead_note(e, l, &v);
            error = acd_apply_frame(e, &one);
        }
    }
    return error;
}

static uint8_t grounds_of(const struct lead *l, uint8_t strategy)
{
    if (l->given)
        return l->last == ACD_EVENT_call_assigned ? ACD_GROUNDS_ASSIGNED : ACD_GROUNDS_TRANSFERRED;
    if (l->recalls)
        return ACD_GROUNDS_RECALLED;
    return strategy_draws(strategy) ? ACD_GROUNDS_DRAWN : ACD_GROUNDS_ORDER;
}

static void decision_fill(const struct acd_engine *e, const struct lead *l,
                          struct acd_view_decision *out)
{
    uint32_t call = call_of(e, l->offer->call), agent = agent_of(e, l->offer->agent);
    const struct call *c = &e->calls[call];
    const struct call_card *card = &e->call_cards[call];
    uint32_t seat = seat_in(e, c->line, agent);

    out->grounds = grounds_of(l, e->lines[c->line].ready.strategy);
    out->call = l->offer->call;
    out->key = call_key(card);
    out->queue = queue_id(e, c->queue);
    out->queue_name = TEXT_STR(e->queues[c->queue].name);
    out->strategy = e->queues[c->queue].set.strategy;
    if (card->plan != NONE) {
        out->plan = TEXT_STR(e->plans[card->plan].text);
        out->step = card->step;
    }
    out->kept_for = kept_for(e, call);
    out->agent = l->offer->agent;
    out->agent_name = agent_name(e, agent);
    out->available = ready_able(e, c->line);
    if (seat != NONE && ready_has(e, seat))
        out->rank = ready_rank(e, c->line, seat, call) + 1; /* 0 of those who are drawn */
    out->best_call = call_for(e, agent) == call;
}

int acd_explain_decision(struct acd_engine *e, const struct acd_frame *frame, uint64_t sequence,
                         struct acd_view_decision *out)
{
    struct acd_event offer;
    struct lead l = {.offer = &offer.as.call_offered};
    uint32_t before;
    int error = offer_find(frame, sequence, &offer, &before);

    if (error == ACD_OK)
        error = lead_follow(e, frame, before, &l);
    if (error != ACD_OK)
        return error;
    *out = (struct acd_view_decision){.sequence = sequence, .at = frame->at};
    if (l.first != 0)
        out->cause = acd_str(acd_record_of(l.first)->name);
    decision_fill(e, &l, out);
    return ACD_OK;
}

/* ---- who was available ----------------------------------------------------------------------- */

static void contender_fill(const struct acd_engine *e, uint32_t line, uint32_t seat, uint32_t rank,
                           struct acd_view_contender *out)
{
    const struct seat *s = &e->seats[seat];
    const struct agent *a = &e->agents[s->agent];
    const struct seat_card *card = &e->seat_cards[seat];

    *out = (struct acd_view_contender){
        .agent = agent_id(e, s->agent),
        .agent_name = agent_name(e, s->agent),
        .rank = rank,
        .level = line_level(e, line, s->level),
        .position = s->position,
        .last_status_change = a->lsc,
        .moved = a->lsc_sequence,
        .calls_today = a->day == e->day ? a->calls_today : 0,
        .talk_today = a->day == e->day ? a->talk_today : 0,
        .last_ended = card->last_ended,
        .last_offered = card->last_offered,
        .free = (uint16_t)(a->capacity - agent_load(a)),
    };
}

bool acd_decision_agents(const struct acd_engine *e, acd_call_id call, uint64_t *cursor,
                         struct acd_view_contender *out)
{
    uint32_t slot = call_at(e, call), seat = cursor_place(*cursor);
    uint32_t line = slot == NONE ? 0 : e->calls[slot].line;

    if (slot == NONE || strategy_draws(e->lines[line].ready.strategy))
        return false;
    if (*cursor == 0)
        seat = ready_first(e, line, slot);
    else
        seat = ready_after(e, line, seat, slot);
    if (seat == NONE)
        return false;
    contender_fill(e, line, seat, (uint32_t)*cursor + 1, out);
    *cursor = cursor_of(seat, (uint32_t)*cursor + 1);
    return true;
}
