#include "engine/explain.h"

#include "engine/channels.h"
#include "engine/explain_text.h"
#include "engine/lines.h"
#include "engine/names.h"
#include "engine/ready_rank.h"
#include "engine/ring.h"

/* Why a call waits, agent by agent.
 *
 * Each thing that keeps an agent from a call is looked at by itself, out of what the agent and the
 * line are, not of who stands in which order; so an explanation is a check of those orders too, and
 * the tests hold one against the other. Nothing here is asked by a decision. */

#define UNFIT(fit) (UINT32_C(1) << (fit))

/* ---- sets ------------------------------------------------------------------------------------ */

uint8_t fit_after(uint32_t unfit, uint8_t last)
{
    if (unfit == 0)
        return last == 0 ? ACD_FIT_ABLE : 0;
    unfit &= UINT32_MAX << last << 1;
    return unfit == 0 ? 0 : (uint8_t)__builtin_ctz(unfit);
}

static uint32_t state_unfit(const struct agent *a)
{
    if (a->state == ACD_LOGGED_OUT)
        return UNFIT(ACD_FIT_LOGGED_OUT);
    if (a->drain != 0)
        return UNFIT(ACD_FIT_DRAINING);
    return a->state == ACD_READY ? 0 : UNFIT(ACD_FIT_NOT_READY);
}

uint32_t agent_unfit(const struct acd_engine *e, uint32_t agent)
{
    const struct agent *a = &e->agents[agent];
    uint8_t device = e->agent_cards[agent].device;
    uint32_t unfit = state_unfit(a);

    unfit |= a->active ? 0 : UNFIT(ACD_FIT_INACTIVE);
    unfit |= agent_is_delayed(a) ? UNFIT(ACD_FIT_DELAYED) : 0;
    unfit |= device == ACD_DEVICE_IN_USE ? UNFIT(ACD_FIT_IN_USE) : 0;
    unfit |= device == ACD_DEVICE_UNREACHABLE ? UNFIT(ACD_FIT_UNREACHABLE) : 0;
    unfit |= (a->kept & KEPT_RUNG) != 0 ? UNFIT(ACD_FIT_RUNG) : 0;
    unfit |= (a->kept & KEPT_CONSULTS) != 0 ? UNFIT(ACD_FIT_ASKS) : 0;
    return unfit | (agent_load(a) < a->capacity ? 0 : UNFIT(ACD_FIT_AT_CAPACITY));
}

/* Assignments of an agent of one channel. */
static uint32_t channel_count(const struct acd_engine *e, uint32_t agent, uint8_t channel)
{
    uint32_t count = 0;

    for (uint32_t s = e->agents[agent].assignments; s != LIST_NONE; s = e->assignments[s].next)
        count += e->assignments[s].channel == channel;
    return count;
}

static uint32_t channel_unfit(const struct acd_engine *e, uint32_t agent, uint8_t channel)
{
    const struct channel_costs *costs = &e->agent_cards[agent].costs;
    uint32_t unfit = 0;

    if (!e->agents[agent].costs)
        return 0;
    if (channels_taken(e, agent) + costs->cost[channel] > CHANNEL_UNITS)
        unfit |= UNFIT(ACD_FIT_UNITS);
    if (costs->max[channel] > 0 && channel_count(e, agent, channel) >= costs->max[channel])
        unfit |= UNFIT(ACD_FIT_CHANNEL_MAX);
    return unfit;
}

uint32_t line_unfit(const struct acd_engine *e, uint32_t line, uint32_t agent)
{
    const struct requirement *r = line_requirement(e, line);
    uint32_t member = membership_find(e, agent, e->lines[line].queue);
    uint32_t unfit = channel_unfit(e, agent, e->lines[line].channel);
    uint8_t level;

    if (member == NONE)
        return unfit | UNFIT(ACD_FIT_NOT_MEMBER);
    if (r == NULL)
        return unfit;
    if (r->agent.gen != 0)
        return unfit | (requirement_met(e, r, agent, 0, NULL) ? 0 : UNFIT(ACD_FIT_KEPT));
    level = line_level(e, line, e->seats[member].level);
    if (level < r->min || level > r->max)
        unfit |= UNFIT(ACD_FIT_LEVEL);
    for (uint8_t i = 0; i < r->count;)
        if (!clause_met(e, r, agent, NULL, &i))
            unfit |= UNFIT(ACD_FIT_SKILL);
    return unfit;
}

/* The assignment of an agent's that is about a call, or NONE. */
static uint32_t held_at(const struct acd_engine *e, uint32_t call, uint32_t agent)
{
    uint32_t s = e->agents[agent].assignments;

    while (s != LIST_NONE && e->assignments[s].call != call)
        s = e->assignments[s].next;
    return s == LIST_NONE ? NONE : s;
}

static uint32_t call_unfit(const struct acd_engine *e, uint32_t call, uint32_t agent)
{
    return agent_unfit(e, agent) | line_unfit(e, e->calls[call].line, agent) |
           (held_at(e, call, agent) == NONE ? 0 : UNFIT(ACD_FIT_HAS_IT));
}

/* ---- until when ------------------------------------------------------------------------------ */

/* The agent's assignment that is the first to end by itself, else the oldest; NONE: it has none.
 * channel 0: of any. `rung`: only what rings at many. */
static uint32_t first_over(const struct acd_engine *e, uint32_t agent, uint8_t channel, bool rung)
{
    uint32_t first = NONE;

    for (uint32_t i = e->agents[agent].assignments; i != LIST_NONE; i = e->assignments[i].next) {
        const struct assignment *s = &e->assignments[i], *f = &e->assignments[first];
        bool ends = role_has_deadline(s->role) && s->until != ACD_FOREVER;

        if ((channel != 0 && s->channel != channel) ||
            (rung && (s->role != ACD_ROLE_OFFERED || e->calls[s->call].ring == RING_NOT)))
            continue;
        if (first == NONE || (ends && (!role_has_deadline(f->role) || s->until < f->until)))
            first = i;
    }
    return first;
}

static acd_time over_at(const struct acd_engine *e, uint32_t assignment)
{
    const struct assignment *s = &e->assignments[assignment];

    return assignment == NONE || !role_has_deadline(s->role) || s->until == ACD_FOREVER ? 0
                                                                                        : s->until;
}

/* When the first later step of a call's plan comes whose calls the agent may take, or 0. */
static acd_time may_take_at(const struct acd_engine *e, uint32_t call, uint32_t agent)
{
    const struct call_card *card = &e->call_cards[call];
    const struct plan *p = &e->plans[card->plan == NONE ? 0 : card->plan];
    const uint32_t not_yet = UNFIT(ACD_FIT_LEVEL) | UNFIT(ACD_FIT_SKILL);

    for (uint8_t i = card->step + 1; card->plan != NONE && i < p->count; i++)
        if ((line_unfit(e, p->lines[i], agent) & not_yet) == 0)
            return e->calls[call].entered_at + p->after[i];
    return 0;
}

void fit_of_agent(const struct acd_engine *e, uint32_t agent, uint8_t channel,
                  struct acd_view_fit *out)
{
    const struct agent_card *card = &e->agent_cards[agent];
    uint32_t first;

    switch (out->fit) {
    case ACD_FIT_NOT_READY:
    case ACD_FIT_DRAINING: out->reason = e->agents[agent].reason; break;
    case ACD_FIT_DELAYED: out->until = card->delay_until; break;
    case ACD_FIT_IN_USE:
    case ACD_FIT_UNREACHABLE: out->until = card->device_until; break;
    case ACD_FIT_RUNG: out->until = over_at(e, first_over(e, agent, 0, true)); break;
    case ACD_FIT_UNITS: out->until = over_at(e, first_over(e, agent, 0, false)); break;
    case ACD_FIT_CHANNEL_MAX: out->until = over_at(e, first_over(e, agent, channel, false)); break;
    case ACD_FIT_AT_CAPACITY:
        first = first_over(e, agent, 0, false);
        out->until = over_at(e, first);
        out->role = e->assignments[first].role;
        break;
    default: break;
    }
}

/* ---- a call --------------------------------------------------------------------------------- */

static uint32_t able_rank(const struct acd_engine *e, uint32_t call, uint32_t agent)
{
    const struct call *c = &e->calls[call];

    /* 0 of those who are drawn */
    return ready_rank(e, c->line, membership_find(e, agent, c->queue), call) + 1;
}

struct acd_str kept_for(const struct acd_engine *e, uint32_t call)
{
    uint32_t agent = e->calls[call].kept ? agent_at(e, e->call_turns[call].prefer) : NONE;

    return agent == NONE ? (struct acd_str){NULL, 0} : agent_name(e, agent);
}

static void fit_of_call(const struct acd_engine *e, uint32_t call, uint32_t agent, uint8_t fit,
                        struct acd_view_fit *out, char *room)
{
    uint32_t line = e->calls[call].line, member = membership_find(e, agent, e->lines[line].queue);
    const struct requirement *r = line_requirement(e, line);

    *out = (struct acd_view_fit){
        .agent = agent_id(e, agent), .agent_name = agent_name(e, agent), .fit = fit};
    if (member != NONE)
        out->level = line_level(e, line, e->seats[member].level);
    if (fit == ACD_FIT_ABLE)
        out->rank = able_rank(e, call, agent);
    else if (fit == ACD_FIT_HAS_IT)
        out->until = over_at(e, held_at(e, call, agent));
    else if (fit == ACD_FIT_LEVEL || fit == ACD_FIT_SKILL)
        out->until = may_take_at(e, call, agent);
    else if (fit == ACD_FIT_KEPT)
        out->until = e->call_turns[call].prefer_until;
    else
        fit_of_agent(e, agent, e->lines[line].channel, out);
    if (fit == ACD_FIT_LEVEL)
        out->what = window_text(r, room);
    if (fit == ACD_FIT_SKILL)
        out->what = lacks_text(e, r, agent, room);
    if (fit == ACD_FIT_KEPT)
        out->what = kept_for(e, call);
}

static bool waits_or_rings(const struct call *c)
{
    return c->state == ACD_QUEUED || c->state == ACD_OFFERED;
}

/* A call that wants an agent, or may again: its slot, or NONE. */
static uint32_t waiting_at(const struct acd_engine *e, acd_call_id id)
{
    uint32_t slot = call_at(e, id);

    return slot == NONE || !waits_or_rings(&e->calls[slot]) ? NONE : slot;
}

bool acd_call_agent_fits(const struct acd_engine *e, acd_call_id call, acd_agent_id agent,
                         uint64_t *cursor, struct acd_view_fit *out, char *room)
{
    uint32_t slot = waiting_at(e, call), who = agent_at(e, agent);
    uint8_t fit;

    if (slot == NONE || who == NONE || *cursor > ACD_FIT_ASKS)
        return false;
    fit = fit_after(call_unfit(e, slot, who), (uint8_t)*cursor);
    if (fit == 0)
        return false;
    fit_of_call(e, slot, who, fit, out, room);
    *cursor = fit;
    return true;
}

bool acd_call_fits(const struct acd_engine *e, acd_call_id call, uint64_t *cursor,
                   struct acd_view_fit *out, char *room)
{
    uint32_t slot = waiting_at(e, call), seat = cursor_place(*cursor);
    uint8_t last = (uint8_t)(*cursor & UINT8_MAX), fit = 0;

    if (slot == NONE)
        return false;
    if (*cursor == 0)
        seat = e->lines[e->calls[slot].queue].seats.first;
    else if (!slots_has(&e->member_slots, seat) || e->seats[seat].line != e->calls[slot].queue ||
             last > ACD_FIT_ASKS)
        return false;
    while (seat != LIST_NONE &&
           (fit = fit_after(call_unfit(e, slot, e->seats[seat].agent), last)) == 0) {
        seat = e->seat_cards[seat].in_line.next;
        last = 0;
    }
    if (fit == 0)
        return false;
    fit_of_call(e, slot, e->seats[seat].agent, fit, out, room);
    *cursor = cursor_of(seat, fit);
    return true;
}

/* When a queued call leaves because nobody is logged in. */
static acd_time no_agent_at(const struct acd_engine *e, const struct call *c)
{
    const struct queue *q = &e->queues[c->queue];

    if ((q->flags & QUEUE_DESERTED) == 0)
        return 0;
    return (c->entered_at > q->nobody_since ? c->entered_at : q->nobody_since) +
           q->set.max_wait_no_agent;
}

static void explain_waiting(const struct acd_engine *e, uint32_t slot,
                            struct acd_view_call_explained *out)
{
    const struct call *c = &e->calls[slot];
    const struct call_card *card = &e->call_cards[slot];
    const struct plan *p = &e->plans[card->plan == NONE ? 0 : card->plan];

    out->max_wait_at = c->ring == RING_GROWS ? e->call_turns[slot].until : c->until;
    if (card->plan != NONE) {
        out->plan = TEXT_STR(p->text);
        out->step = card->step;
    }
    out->kept_for = kept_for(e, slot);
    if (c->state == ACD_STRANDED)
        return;
    out->able = ready_able(e, c->line);
    if (e->lines[c->line].passes)
        out->step_at = (acd_time)step_key(e, slot).hi;
    if (c->announces)
        out->announce_at = e->announcements[slot].at;
    if (c->state != ACD_QUEUED)
        return;
    out->position = queue_rank(e, slot) + 1;
    out->no_agent_at = no_agent_at(e, c);
    out->leaves = (e->queues[c->queue].flags & QUEUE_CLEARS) != 0;
}

/* Until its customer talks; scheduled it waits for its time, and for nobody. */
static void explain_callback(const struct acd_engine *e, uint32_t slot,
                             struct acd_view_call_explained *out)
{
    const struct callback *b = &e->callbacks[slot];

    out->number = TEXT_STR(b->number);
    out->attempts = b->attempts;
    out->expires_at = b->expires;
    if (e->calls[slot].state == ACD_SCHEDULED)
        out->due_at = b->due;
    out->max_wait_at = 0; /* which is no matter of its */
}

int acd_explain_call(const struct acd_engine *e, acd_call_id call,
                     struct acd_view_call_explained *out)
{
    uint32_t slot = call_at(e, call);
    const struct call *c = &e->calls[slot == NONE ? 0 : slot];

    if (slot == NONE)
        return ACD_NOT_FOUND;
    *out = (struct acd_view_call_explained){.call = call,
                                            .key = call_key(&e->call_cards[slot]),
                                            .queue = queue_id(e, c->queue),
                                            .queue_name = TEXT_STR(e->queues[c->queue].name),
                                            .queue_state = e->queues[c->queue].set.state,
                                            .state = c->state,
                                            .members = e->lines[c->queue].seats.count};
    if (waits_or_rings(c) || c->state == ACD_STRANDED)
        explain_waiting(e, slot, out);
    if (call_is_called_back(e, slot))
        explain_callback(e, slot, out);
    return ACD_OK;
}
