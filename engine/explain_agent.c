#include "engine/best.h"
#include "engine/channels.h"
#include "engine/explain.h"
#include "engine/explain_text.h"
#include "engine/lines.h"
#include "engine/ready_rank.h"

/* Why an agent gets no calls, or which it is next for, line by line. As in explain.c, what keeps it
 * from a line is looked at by itself; where it stands there is what the line says. */

bool acd_agent_fits(const struct acd_engine *e, acd_agent_id agent, uint64_t *cursor,
                    struct acd_view_fit *out)
{
    uint32_t slot = agent_at(e, agent);
    uint8_t fit;

    if (slot == NONE || *cursor > ACD_FIT_ASKS)
        return false;
    fit = fit_after(agent_unfit(e, slot), (uint8_t)*cursor);
    if (fit == 0)
        return false;
    *out = (struct acd_view_fit){.agent = agent, .agent_name = agent_name(e, slot), .fit = fit};
    fit_of_agent(e, slot, 0, out);
    *cursor = fit;
    return true;
}

/* ---- what it would get ------------------------------------------------------------------------
 */

uint32_t call_for(const struct acd_engine *e, uint32_t agent)
{
    return agents_best_call(e, agent, seat_has_room);
}

int acd_explain_agent(const struct acd_engine *e, acd_agent_id agent,
                      struct acd_view_agent_explained *out)
{
    uint32_t slot = agent_at(e, agent), next;

    if (slot == NONE)
        return ACD_NOT_FOUND;
    next = call_for(e, slot);
    *out = (struct acd_view_agent_explained){.agent = agent,
                                             .name = agent_name(e, slot),
                                             .activity = e->agents[slot].activity,
                                             .available = agent_is_available(e, slot),
                                             .next = call_id(e, next)};
    if (next != NONE) {
        out->next_key = call_key(&e->call_cards[next]);
        out->next_queue = TEXT_STR(e->queues[e->calls[next].queue].name);
    }
    return ACD_OK;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* What keeps an agent from the calls of a line, and nothing else does; or able. */
static uint8_t line_fit(const struct acd_engine *e, uint32_t line, uint32_t agent)
{
    static const uint8_t order[] = {ACD_FIT_LEVEL, ACD_FIT_SKILL, ACD_FIT_UNITS,
                                    ACD_FIT_CHANNEL_MAX};
    uint32_t unfit = line_unfit(e, line, agent);

    for (size_t i = 0; i < sizeof order; i++)
        if ((unfit >> order[i] & 1) != 0)
            return order[i];
    return ACD_FIT_ABLE;
}

static void line_who_waits(const struct acd_engine *e, uint32_t line,
                           struct acd_view_agent_line *out)
{
    const struct line *l = &e->lines[line];

    out->waiting =
        ranks_count(&l->waiting, line_is_of_queue(e, line) ? e->wait_nodes : e->line_nodes);
    if (out->waiting == 0)
        return;
    out->first = call_id(e, l->waiting.first);
    out->first_key = call_key(&e->call_cards[l->waiting.first]);
    out->first_since = e->calls[l->waiting.first].key;
}

uint32_t seat_in(const struct acd_engine *e, uint32_t line, uint32_t agent)
{
    uint32_t seat = membership_find(e, agent, e->lines[line].queue);

    return seat == NONE || line_is_of_queue(e, line) || stand_is_in(e, seat, line) ? seat : NONE;
}

/* Whether the calls of a line are kept for somebody. */
static bool line_keeps(const struct acd_engine *e, uint32_t line)
{
    return !line_is_of_queue(e, line) && line_is_of_agent(e, line);
}

static void agent_line(const struct acd_engine *e, uint32_t line, uint32_t member,
                       struct acd_view_agent_line *out, char *room)
{
    const struct line *l = &e->lines[line];
    uint32_t agent = e->seats[member].agent, seat = seat_in(e, line, agent);

    *out = (struct acd_view_agent_line){.agent = agent_id(e, agent),
                                        .queue = queue_id(e, l->queue),
                                        .queue_name = TEXT_STR(e->queues[l->queue].name),
                                        .asks = line_text(e, line, room),
                                        .passes = l->passes,
                                        .kept = line_keeps(e, line),
                                        .fit = line_fit(e, line, agent),
                                        .weight = e->queues[l->queue].set.weight,
                                        .level = line_level(e, line, e->seats[member].level),
                                        .available = ready_able(e, line)};
    room += ACD_EXPLAIN_TEXT;
    if (out->fit == ACD_FIT_LEVEL)
        out->what = window_text(line_requirement(e, line), room);
    if (out->fit == ACD_FIT_SKILL)
        out->what = lacks_text(e, line_requirement(e, line), agent, room);
    if (seat != NONE && ready_has(e, seat))
        out->rank = ready_rank(e, line, seat, NONE) + 1; /* 0 of those who are drawn */
    line_who_waits(e, line, out);
}

/* A queue's line behind another one, or NONE; its own is the first. Those that are kept for others
 * are left out. */
static uint32_t line_behind(const struct acd_engine *e, uint32_t line, uint32_t agent)
{
    line =
        line_is_of_queue(e, line) ? e->queues[line].lines.first : line_card(e, line)->in_queue.next;
    while (line != LIST_NONE && line_keeps(e, line) && seat_in(e, line, agent) == NONE)
        line = line_card(e, line)->in_queue.next;
    return line == LIST_NONE ? NONE : line;
}

/* Whether a cursor stands at what is there: a membership of the agent's, and a line of its queue.
 */
static bool cursor_is_good(const struct acd_engine *e, uint32_t agent, uint32_t member,
                           uint32_t line)
{
    if (!slots_has(&e->member_slots, member) || e->seats[member].agent != agent)
        return false;
    if (line_is_of_queue(e, line))
        return e->seats[member].line == line;
    return slots_has(&e->line_slots, line - e->config.limits.queues) &&
           e->lines[line].queue == e->seats[member].line;
}

bool acd_agent_lines(const struct acd_engine *e, acd_agent_id agent, uint64_t *cursor,
                     struct acd_view_agent_line *out, char *room)
{
    uint32_t slot = agent_at(e, agent), member = cursor_place(*cursor), line = NONE;

    if (slot == NONE)
        return false;
    if (*cursor == 0)
        member = e->agents[slot].seats;
    else if (!cursor_is_good(e, slot, member, (uint32_t)*cursor))
        return false;
    else if ((line = line_behind(e, (uint32_t)*cursor, slot)) == NONE)
        member = e->seats[member].next;
    if (member == LIST_NONE)
        return false;
    if (line == NONE)
        line = e->seats[member].line;
    agent_line(e, line, member, out, room);
    *cursor = cursor_of(member, line);
    return true;
}
