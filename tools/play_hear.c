#include <stdlib.h>

#include "tools/play_player.h"
#include "tools/play_room.h"

/* What the player is told, and what callers and agents then mean to do about it. Nothing is sent
 * from here: all reactions go by the agenda. */

static acd_time now(const struct player *p)
{
    return p->back->ops->now(p->back);
}

/* ---- reactions ---------------------------------------------------------------------------- */

/* What the agent will do about an offer; nothing at all is to let it ring until the lease is over.
 */
static struct agenda_item reaction_drawn(struct player *p, uint32_t call, acd_span lease)
{
    const struct caller *c = &p->callers[call];
    const struct day_manners *m = &p->day->agents[c->agent].manners;
    struct random r = random_seeded(p->day->seed, call, c->offers);
    struct agenda_item item = {.kind = AGENDA_REACT,
                               .who = call,
                               .assignment = c->assignment,
                               .result = ACD_OFFER_ACCEPTED};
    double chance = random_unit(&r);

    if (m->answers_after > 0)
        item.at = random_lognormal(&r, m->answers_after, 0.5);
    if (chance < m->rejects) {
        item.result = ACD_OFFER_REJECTED;
    } else if (chance < m->rejects + m->busy) {
        item.result = ACD_OFFER_BUSY;
        item.at = 200 * ACD_MS;
    } else if (chance < m->rejects + m->busy + m->no_answer) {
        item.result = ACD_OFFER_NO_ANSWER;
        item.at = random_chance(&r, 0.3) ? lease * 4 / 5 : lease; /* the gateway may ring shorter */
    }
    return item;
}

static void offered(struct player *p, uint32_t call, acd_assignment_id assignment,
                    acd_agent_id agent, acd_time at, acd_time until)
{
    struct agenda_item item;

    if (agent.slot >= p->agent_slots || p->agent_of_slot[agent.slot] == DAY_NONE) {
        player_violation(p, "call %u: offered to an agent that is not of the day", call);
        return;
    }
    book_offered(p, call, assignment, p->agent_of_slot[agent.slot]);
    item = reaction_drawn(p, call, until - at);
    item.at += at;
    if (item.at < until)
        agenda_add(&p->agenda, item);
}

/* The engine may have made the agent not ready after so many; it finds out a little later. */
static void offer_ended(struct player *p, uint32_t call, uint8_t result)
{
    struct random r = random_seeded(p->day->seed, call, 1000u + p->callers[call].offers);
    uint32_t agent = p->callers[call].agent;

    book_offer_ended(p, call, result);
    if (result == ACD_OFFER_NO_ANSWER)
        agenda_add(&p->agenda, (struct agenda_item){
                                   .at = now(p) + random_between(&r, DAY_MINUTE, 3 * DAY_MINUTE),
                                   .kind = AGENDA_RETURN,
                                   .who = agent});
}

static void wrap_up_begins(struct player *p, uint32_t call)
{
    const struct caller *c = &p->callers[call];
    const struct day_manners *m = &p->day->agents[c->agent].manners;
    acd_span wrap_up = p->day->queues[c->queue].set.wrap_up_time;
    struct random r = random_seeded(p->day->seed, call, 2000);
    struct agenda_item item = {.kind = AGENDA_FINISH, .who = c->agent, .assignment = c->assignment};
    double chance = random_unit(&r);

    if (wrap_up <= 0)
        return;
    if (wrap_up == ACD_FOREVER) {
        item.at = random_exponential(&r, 30 * ACD_SECOND);
    } else if (chance < m->finishes_early) {
        item.at = random_between(&r, wrap_up / 5, wrap_up * 4 / 5);
    } else if (chance < m->finishes_early + m->extends) {
        item.kind = AGENDA_EXTEND;
        item.at = random_between(&r, wrap_up / 5, wrap_up * 4 / 5);
    } else {
        p->tally.wrap_ups_over++;
        return;
    }
    item.at += now(p);
    agenda_add(&p->agenda, item);
}

/* ---- outcomes ------------------------------------------------------------------------------- */

static void error_heard(struct player *p, const char *what, const struct news *news)
{
    bool late = news->error == ACD_LOST || news->error == ACD_GONE;

    p->tally.races += late;
    if (p->back->ops->is_embedded || !late)
        player_violation(p, "%s: %s, field %u", what, acd_error_text(news->error),
                         news->as.outcome.field);
}

static void routed(struct player *p, uint32_t call, const struct acd_view_outcome *o)
{
    const struct day_call *script = &p->day->calls[call];
    acd_span lease = p->day->queues[script->queue].set.ring_timeout;

    if (o->queue.slot != p->books[script->queue].id.slot)
        player_violation(p, "call %u: came to the wrong queue", call);
    if (o->verdict == ACD_VERDICT_REFUSED) {
        book_refused(p, call, o->refusal);
        return;
    }
    book_entered(p, call);
    if (o->verdict == ACD_VERDICT_OFFERED)
        offered(p, call, o->assignment, o->agent, o->until - lease, o->until);
    if (script->patience != ACD_FOREVER)
        agenda_add(&p->agenda,
                   (struct agenda_item){.at = p->callers[call].arrived + script->patience,
                                        .kind = AGENDA_IMPATIENT,
                                        .who = call,
                                        .result = ACD_SIDE_CALLER});
}

static void accepted(struct player *p, uint32_t call)
{
    struct caller *c = &p->callers[call];

    book_connected(p, call, c->answered);
    agenda_add(&p->agenda, (struct agenda_item){.at = c->answered + p->day->calls[call].talk,
                                                .kind = AGENDA_HANGUP,
                                                .who = call});
}

static void hung_up(struct player *p, uint32_t call, uint8_t disposition)
{
    struct caller *c = &p->callers[call];

    if (c->stage == STAGE_TALKING) {
        book_ended(p, call, ACD_ANSWERED, c->ended);
        wrap_up_begins(p, call);
        return;
    }
    c->leaving = disposition;
    p->leaving = room_for_more(p->leaving, p->leaving_count, &p->leaving_room, sizeof *p->leaving);
    p->leaving[p->leaving_count++] = call;
}

static void answer_about_call(struct player *p, uint32_t call, const struct news *news)
{
    struct caller *c = &p->callers[call];
    uint16_t asked = c->asking;

    c->asking = 0;
    if (news->error != ACD_OK)
        error_heard(p, acd_record_of(asked)->name, news);
    else if (asked == ACD_COMMAND_route)
        routed(p, call, &news->as.outcome);
    else if (asked == ACD_COMMAND_accept)
        accepted(p, call);
    else if (asked == ACD_COMMAND_reject)
        offer_ended(p, call, c->result);
    else
        hung_up(p, call, c->wants == ACD_SIDE_SYSTEM ? ACD_WITHDRAWN : ACD_ABANDONED);
    if (asked == ACD_COMMAND_route && news->error != ACD_OK) {
        c->stage = STAGE_OVER; /* told already: nothing more will come of it */
        p->over++;
    }
    if (c->wants != 0 && asked != ACD_COMMAND_hangup)
        agenda_add(&p->agenda,
                   (struct agenda_item){
                       .at = now(p), .kind = AGENDA_IMPATIENT, .who = call, .result = c->wants});
}

static void left(struct player *p, uint32_t agent, const struct news *news)
{
    if (news->error == ACD_OK) {
        p->here -= p->desks[agent].here;
        p->desks[agent].here = false;
        p->out++;
    } else if (news->error != ACD_STATE) {
        error_heard(p, "agent_state", news);
    } else {
        p->tally.logouts_put_off++;
        agenda_add(&p->agenda, (struct agenda_item){.at = now(p) + 10 * ACD_SECOND,
                                                    .kind = AGENDA_LEAVE,
                                                    .who = agent,
                                                    .result = 1});
    }
}

static void name_slot(uint32_t **slots, size_t *count, uint32_t slot, uint32_t is)
{
    while (slot >= *count) {
        size_t room = *count;

        *slots = room_for_more(*slots, *count, &room, sizeof **slots);
        while (*count < room)
            (*slots)[(*count)++] = DAY_NONE;
    }
    (*slots)[slot] = is;
}

static void answer_heard(struct player *p, const struct news *news)
{
    uint32_t who = (uint32_t)news->ticket;
    enum about about = (enum about)(news->ticket >> 32);

    if (about == ABOUT_CALL) {
        answer_about_call(p, who, news);
    } else if (about == ABOUT_LEAVE) {
        left(p, who, news);
    } else if (about == ABOUT_DAY && news->error == ACD_INVALID) {
        return; /* an earlier play has turned it ahead: the sums go on */
    } else if (news->error != ACD_OK) {
        if (about == ABOUT_WRAP_UP && news->error == ACD_STATE && !p->back->ops->is_embedded)
            p->tally.races++; /* another call stands in its place by now */
        else
            error_heard(p, about == ABOUT_WRAP_UP ? "wrap_up" : "a command", news);
    } else if (about == ABOUT_QUEUE_SET) {
        p->books[who].id = news->as.outcome.queue;
        name_slot(&p->queue_of_slot, &p->queue_slots, news->as.outcome.queue.slot, who);
    } else if (about == ABOUT_AGENT_SET) {
        p->desks[who].id = news->as.outcome.agent;
        name_slot(&p->agent_of_slot, &p->agent_slots, news->as.outcome.agent.slot, who);
    }
}

/* ---- notices ----------------------------------------------------------------------------------
 */

static void moved(struct player *p, uint32_t call, const struct acd_view_notice *n)
{
    if (n->queue.slot >= p->queue_slots || p->queue_of_slot[n->queue.slot] == DAY_NONE)
        player_violation(p, "call %u: moved to a queue that is not of the day", call);
    else
        book_moved(p, call, p->queue_of_slot[n->queue.slot], n->at);
}

static void notice_taken_in(struct player *p, uint32_t call, const struct acd_view_notice *n)
{
    struct caller *c = &p->callers[call];
    bool same = n->assignment.slot == c->assignment.slot && n->assignment.gen == c->assignment.gen;

    switch (n->kind) {
    case ACD_NOTICE_OFFERED: offered(p, call, n->assignment, n->agent, n->at, n->until); break;
    case ACD_NOTICE_OFFER_ENDED:
        if (!same)
            player_violation(p, "call %u: the end of an offer that it does not have", call);
        else
            offer_ended(p, call, n->result);
        break;
    case ACD_NOTICE_CALL_ENDED: book_ended(p, call, n->disposition, n->at); break;
    case ACD_NOTICE_CALL_MOVED: moved(p, call, n); break;
    default: player_violation(p, "call %u: a notice of kind %u", call, n->kind);
    }
}

static void keep(struct player *p, const struct news *news)
{
    p->kept = room_for_more(p->kept, p->kept_count, &p->kept_room, sizeof *p->kept);
    p->kept[p->kept_count++] = *news;
}

static uint32_t call_of(const struct news *news)
{
    return (uint32_t)strtoul(news->key, NULL, 10);
}

static void notice_heard(struct player *p, const struct news *news)
{
    uint32_t call = call_of(news);

    if (p->phase == PHASE_SETUP) { /* left over from an earlier play */
        p->heard = news->as.notice.number;
        return;
    }
    if (news->as.notice.number != p->heard + 1)
        player_violation(p, "notice %llu follows %llu", (unsigned long long)news->as.notice.number,
                         (unsigned long long)p->heard);
    p->heard = news->as.notice.number;
    p->tally.notices++;
    if (call >= p->day->call_count)
        player_violation(p, "a notice about a call \"%s\" that is not ours", news->key);
    else if (p->callers[call].asking != 0)
        keep(p, news);
    else
        notice_taken_in(p, call, &news->as.notice);
}

/* Takes in what was kept about a call, in order, as long as nothing is asked anew. */
static void take_in_kept(struct player *p, uint32_t call)
{
    size_t left_over = 0;

    for (size_t i = 0; i < p->kept_count; i++) {
        if (call_of(&p->kept[i]) == call)
            notice_taken_in(p, call, &p->kept[i].as.notice);
        else
            p->kept[left_over++] = p->kept[i];
    }
    p->kept_count = left_over;
}

void hear_news(struct player *p, const struct news *news)
{
    if (news->ticket == 0) {
        notice_heard(p, news);
        return;
    }
    answer_heard(p, news);
    if (news->ticket >> 32 == ABOUT_CALL && p->kept_count > 0)
        take_in_kept(p, (uint32_t)news->ticket);
}

void hear_no_more(struct player *p)
{
    for (size_t i = 0; i < p->leaving_count; i++) {
        uint32_t call = p->leaving[i];

        book_ended(p, call, p->callers[call].leaving, p->callers[call].ended);
    }
    p->leaving_count = 0;
}
