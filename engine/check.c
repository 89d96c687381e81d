#include "engine/check.h"

#include "engine/best.h"
#include "engine/calendars.h"
#include "engine/decide.h"
#include "engine/lines.h"
#include "engine/ready_rank.h"
#include "engine/skills.h"
#include "engine/teams.h"

/* Every invariant of the state, walked: for tests, O(everything). Each function returns NULL, or
 * what is broken. */

/* Of any line. */
static const char *check_line(const struct acd_engine *e, uint32_t line)
{
    const struct line *l = &e->lines[line];
    const struct queue *q = &e->queues[l->queue];

    CHECK(l->ready.strategy == q->set.strategy);
    CHECK(ready_check(e, l));
    CHECK(ranks_check(&l->waiting, line_is_of_queue(e, line) ? e->wait_nodes : e->line_nodes));
    CHECK(l->rank ==
          2u * q->set.weight + (!line_is_of_queue(e, line) && line_is_of_agent(e, line)));
    /* If an eligible pair exists, an offer exists. */
    CHECK(line_first(e, l) == NONE || ready_first(e, line, line_first(e, l)) == NONE);
    CHECK(ranks_check(&l->rung, e->wait_nodes));
    return NULL;
}

/* Of a queue's own line. */
static const char *check_members(const struct acd_engine *e, uint32_t queue)
{
    const struct line *l = &e->lines[queue];
    uint32_t count = 0, logged_in = 0, ready = 0, available = 0;

    for (uint32_t s = l->seats.first; s != LIST_NONE; s = e->seat_cards[s].in_line.next, count++) {
        const struct agent *a = &e->agents[e->seats[s].agent];

        CHECK(e->seats[s].line == queue);
        logged_in += a->active && a->state != ACD_LOGGED_OUT;
        ready += a->active && a->state == ACD_READY;
        available += ready_has(e, s);
    }
    CHECK(count == l->seats.count);
    CHECK(logged_in == e->queues[queue].logged_in);
    CHECK(ready == e->queues[queue].members_ready);
    CHECK(available == ready_count(e, &l->ready));
    CHECK(l->ready.in_bank ==
          (e->queues[queue].lines.count > 0 && l->ready.strategy == ACD_LONGEST_IDLE_AGENT));
    CHECK(l->ready.minded == queue_wants_available(&e->queues[queue].set));
    CHECK(l->ready.plain ==
          (!l->ready.in_bank && l->ready.strategy == ACD_LONGEST_IDLE_AGENT && !l->ready.minded));
    CHECK(!l->ready.in_bank || e->banks[l->bank].lines[l->mark] == queue);
    CHECK(l->ready.order.heap_max >= l->seats.count);
    return NULL;
}

/* Each member who fulfils the requirement is in its line, and nobody else. */
static const char *check_requirement(const struct acd_engine *e, uint32_t line)
{
    const struct line_card *card = line_card(e, line);
    uint32_t queue = e->lines[line].queue, logged_in = 0, ready = 0, able = 0;

    for (uint32_t m = e->lines[queue].seats.first; m != LIST_NONE;
         m = e->seat_cards[m].in_line.next) {
        const struct agent *a = &e->agents[e->seats[m].agent];
        bool in = stand_is_in(e, m, line);

        CHECK(in ==
              requirement_met(e, &card->requirement, e->seats[m].agent, e->seats[m].level, NULL));
        logged_in += in && a->active && a->state != ACD_LOGGED_OUT;
        ready += in && a->active && a->state == ACD_READY;
        able += in && ready_has(e, m);
    }
    CHECK(able == ready_able(e, line));
    CHECK(logged_in == e->lines[line].logged_in);
    CHECK(ready == card->members_ready);
    return NULL;
}

/* A line is known to its bank, and so is its first call. */
static const char *check_in_bank(const struct acd_engine *e, uint32_t line)
{
    const struct line *l = &e->lines[line];
    const struct bank *b = &e->banks[l->bank];
    uint32_t head = line_first(e, l);

    CHECK(slots_has(&e->bank_slots, l->bank));
    CHECK(b->queue == l->queue);
    CHECK(b->raise == line_card(e, line)->requirement.raise);
    CHECK((b->taken & line_mark(e, line)) != 0);
    CHECK(b->lines[l->mark] == line);
    CHECK(((b->wanted & line_mark(e, line)) != 0) == (head != NONE));
    CHECK(head == NONE || b->heads[l->mark].key == e->calls[head].key);
    CHECK(head == NONE || b->heads[l->mark].sequence == e->calls[head].sequence);
    return NULL;
}

static const char *check_banks(const struct acd_engine *e, uint32_t queue)
{
    for (uint32_t slot = e->queues[queue].banks; slot != NONE; slot = e->banks[slot].next) {
        const struct bank *b = &e->banks[slot];

        CHECK(b->strategy == e->queues[queue].set.strategy);
        CHECK(!strategy_parts_lines(b->strategy) || __builtin_popcountll(b->taken) == 1);
        CHECK((b->wanted & ~b->taken) == 0);
        CHECK(ready_check_bank(e, b));
    }
    return NULL;
}

static const char *check_queue_lines(const struct acd_engine *e, uint32_t queue)
{
    uint32_t waiting = 0;

    for (uint32_t l = e->queues[queue].lines.first; l != LIST_NONE;
         l = line_card(e, l)->in_queue.next) {
        uint32_t slot = l - e->config.limits.queues;

        CHECK(e->lines[l].queue == queue);
        CHECK(slots_has(&e->line_slots, slot));
        CHECK(line_card(e, l)->uses > 0);
        CHECK_ALL(check_line(e, l));
        CHECK_ALL(check_requirement(e, l));
        CHECK_ALL(check_in_bank(e, l));
        CHECK(slots_has(&e->passing, slot) ==
              (e->lines[l].passes && e->lines[l].waiting.first != RANKS_NONE &&
               line_is_passed(e, l)));
        waiting += ranks_count(&e->lines[l].waiting, e->line_nodes);
    }
    CHECK(waiting == ranks_count(&e->queues[queue].others, e->wait_nodes));
    return NULL;
}

/* Plans are followed by as many calls as they count; they and the calls that are kept use the lines
 * that are there. */
static const char *check_plans(const struct acd_engine *e)
{
    uint32_t unused = 0, steps = 0, uses = 0, seats = 0;

    for (uint32_t p = slots_next(&e->plan_slots, 0); p != SLOT_NONE;
         p = slots_next(&e->plan_slots, p + 1)) {
        uint32_t calls = 0;

        for (uint32_t c = e->live.first; c != LIST_NONE; c = e->live_links[c].next)
            calls += e->call_cards[c].plan == p;
        CHECK(calls == e->plans[p].uses);
        unused += calls == 0;
        for (uint8_t i = 0; i < e->plans[p].count; i++)
            steps += !line_is_of_queue(e, e->plans[p].lines[i]);
    }
    CHECK(unused == e->unused_plans.count);
    for (uint32_t c = e->live.first; c != LIST_NONE; c = e->live_links[c].next)
        steps += e->calls[c].kept;
    for (uint32_t l = slots_next(&e->line_slots, 0); l != SLOT_NONE;
         l = slots_next(&e->line_slots, l + 1))
        uses += e->line_cards[e->config.limits.queues + l].uses;
    for (uint32_t a = slots_next(&e->agent_slots, 0); a != SLOT_NONE;
         a = slots_next(&e->agent_slots, a + 1))
        seats += e->agent_cards[a].lines;
    CHECK(uses == steps);
    CHECK(seats == e->seats_taken);
    return NULL;
}

/* How often a requirement names a skill. */
static uint32_t requirement_asks(const struct requirement *r, uint32_t skill)
{
    uint32_t count = 0;

    for (uint8_t i = 0; i < r->count; i++)
        count += r->terms[i].skill == skill;
    return count;
}

static const char *check_teams(const struct acd_engine *e)
{
    uint32_t agents = 0;

    for (uint32_t t = slots_next(&e->team_slots, 0); t != SLOT_NONE;
         t = slots_next(&e->team_slots, t + 1)) {
        uint32_t count = 0;

        CHECK(team_find(e, TEXT_STR(e->teams[t].name)) == t && e->teams[t].name.len > 0);
        for (uint32_t a = e->teams[t].agents.first; a != LIST_NONE;
             a = e->agent_cards[a].in_team.next, count++)
            CHECK(e->agent_cards[a].team == t && slots_has(&e->agent_slots, a));
        CHECK(count == e->teams[t].agents.count && count > 0);
        agents += count;
    }
    for (uint32_t a = slots_next(&e->agent_slots, 0); a != SLOT_NONE;
         a = slots_next(&e->agent_slots, a + 1))
        agents -= e->agent_cards[a].team != NONE;
    CHECK(agents == 0);
    return NULL;
}

static const char *check_skills(const struct acd_engine *e)
{
    for (uint32_t s = slots_next(&e->skill_slots, 0); s != SLOT_NONE;
         s = slots_next(&e->skill_slots, s + 1)) {
        uint32_t uses = 0;

        for (uint32_t a = slots_next(&e->agent_slots, 0); a != SLOT_NONE;
             a = slots_next(&e->agent_slots, a + 1))
            uses += talent_find(e, a, s) < ACD_SKILLS_MAX;
        for (uint32_t l = slots_next(&e->line_slots, 0); l != SLOT_NONE;
             l = slots_next(&e->line_slots, l + 1))
            uses += requirement_asks(&line_card(e, e->config.limits.queues + l)->requirement, s);
        CHECK(uses > 0);
        CHECK(uses == e->skills[s].uses);
        CHECK(skill_find(e, TEXT_STR(e->skills[s].name)) == s);
    }
    return NULL;
}

/* No name and no time stands there twice, and queues have only what is there. */
static const char *check_calendars(const struct acd_engine *e)
{
    for (uint32_t c = slots_next(&e->calendar_slots, 0); c != SLOT_NONE;
         c = slots_next(&e->calendar_slots, c + 1)) {
        CHECK(calendar_find(e, TEXT_STR(e->calendars[c].name)) == c);
        CHECK((e->calendars[c].strategy == 0) == (e->calendars[c].otherwise == 0));
        CHECK(e->calendars[c].times <= ACD_CALENDAR_TIMES_MAX);
        for (uint8_t i = 0; i < e->calendars[c].times; i++)
            CHECK(calendar_time_find(e, c, TEXT_STR(calendar_time(e, c, i)->text)) == i);
    }
    for (uint32_t q = slots_next(&e->queue_slots, 0); q != SLOT_NONE;
         q = slots_next(&e->queue_slots, q + 1)) {
        const struct acd_event_queue_set *set = &e->queues[q].set;

        CHECK(set->hours.len == 0 || calendar_find(e, set->hours) != NONE);
        CHECK(set->strategy_hours.len == 0 || calendar_find(e, set->strategy_hours) != NONE);
    }
    return NULL;
}

static const char *check_queue(const struct acd_engine *e, uint32_t queue)
{
    const struct queue *q = &e->queues[queue];
    uint32_t count = 0, queued = 0, stranded = 0;

    CHECK(q->gen != 0);
    CHECK(queue_find(e, TEXT_STR(q->name)) == queue);
    CHECK(slots_has(&e->removing, queue) == queue_sends_away(e, queue));
    CHECK(q->set.state != ACD_DRAINING || q->unanswered.count + q->scheduled.count > 0);
    CHECK(e->lines[queue].queue == queue);
    for (uint32_t c = q->unanswered.first; c != LIST_NONE;
         c = e->calls[c].in_unanswered.next, count++) {
        CHECK(e->calls[c].queue == queue);
        CHECK(e->calls[c].state == ACD_QUEUED || e->calls[c].state == ACD_OFFERED ||
              e->calls[c].state == ACD_DIALING || e->calls[c].state == ACD_STRANDED);
        queued += e->calls[c].state == ACD_QUEUED;
        stranded += e->calls[c].state == ACD_STRANDED;
    }
    CHECK(count == q->unanswered.count);
    CHECK(stranded == q->stranded);
    CHECK(count - queued - stranded == q->ringing);
    CHECK(ranks_check(&q->others, e->wait_nodes));
    CHECK(queued == ranks_count(&e->lines[queue].waiting, e->wait_nodes) +
                        ranks_count(&q->others, e->wait_nodes));
    CHECK(q->usual == NONE || slots_has(&e->plan_slots, q->usual));
    CHECK_ALL(check_queue_limits(e, queue, queued));
    CHECK_ALL(check_scheduled(e, queue));
    CHECK_ALL(check_alerts(e, queue));
    CHECK_ALL(check_line(e, queue));
    CHECK_ALL(check_members(e, queue));
    CHECK_ALL(check_banks(e, queue));
    return check_queue_lines(e, queue);
}

static const char *check_queues(const struct acd_engine *e)
{
    uint32_t count = 0;

    for (uint32_t q = slots_next(&e->queue_slots, 0); q != SLOT_NONE;
         q = slots_next(&e->queue_slots, q + 1), count++)
        CHECK_ALL(check_queue(e, q));
    CHECK(count == e->queue_slots.count);
    return NULL;
}

static bool call_may_ring(const struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];

    if (call_is_called_back(e, call))
        return false;
    return (c->state != ACD_STRANDED && c->state != ACD_CONNECTED) ||
           call_consultation_rings(e, call);
}

/* A gateway that is lost and swept over has no phone ringing, nor a call that might ring one;
 * unless it was before there were sweeps. */
static const char *check_absence(const struct acd_engine *e, uint32_t client)
{
    const struct client *c = &e->clients[client];

    CHECK(order_has(ABSENCES(e), client) == (c->lease_until != 0));
    CHECK(order_has(ABSENCES(e), e->config.limits.clients + client) == (c->grace_until != 0));
    CHECK(slots_has(&e->sweeping, client) == (c->sweep != 0));
    CHECK(!c->lost || (c->lease_until == 0 && !c->reconciling));
    CHECK(c->lost == (c->heard_at == 0));
    for (uint32_t i = e->live.first; i != LIST_NONE && c->lost && c->since != 0 && c->sweep == 0;
         i = e->live_links[i].next)
        CHECK(e->calls[i].gateway != client || !call_may_ring(e, i));
    return NULL;
}

static const char *check_client(const struct acd_engine *e, uint32_t client)
{
    const struct client *c = &e->clients[client];
    uint32_t calls = 0;

    CHECK_ALL(check_absence(e, client));
    for (uint32_t i = e->live.first; i != LIST_NONE; i = e->live_links[i].next)
        calls += e->calls[i].gateway == client;
    CHECK(calls == c->calls);
    CHECK(c->acked <= c->told);
    CHECK((c->acked == c->told) == (c->box_used == 0));
    CHECK(c->box_used <= e->config.limits.outbox_bytes);
    CHECK(client_find(e, TEXT_STR(c->name)) == client);
    return NULL;
}

/* Conservation, a queue and a day: what entered either waits or has been counted at its end. Holds
 * from the first day on only, since waiting calls are carried over. */
static const char *check_books(const struct acd_engine *e, const struct queue *q)
{
    const struct sums *s = &q->sums;

    if (e->day != 0 || s->turn != e->day)
        return NULL;
    CHECK(s->entered == s->answered + s->abandoned + s->timed_out + s->withdrawn + s->overflowed +
                            s->left_empty + s->exited + s->callbacks + s->unreached + s->lost +
                            q->unanswered.count);
    return NULL;
}

/* Nothing is left of a command: who was fresh is settled, and who came stands in line. */
static const char *check_scratch(const struct acd_engine *e)
{
    CHECK(e->entering == NONE);
    CHECK(e->fresh_agents.count == 0);
    CHECK(e->fresh_calls.count == 0);
    return NULL;
}

const char *acd_engine_check(const struct acd_engine *e)
{
    CHECK_ALL(check_scratch(e));
    CHECK_ALL(check_agents(e));
    CHECK_ALL(check_queues(e));
    CHECK_ALL(check_calls(e));
    CHECK_ALL(check_abandoned(e));
    for (uint32_t c = slots_next(&e->client_slots, 0); c != SLOT_NONE;
         c = slots_next(&e->client_slots, c + 1))
        CHECK_ALL(check_client(e, c));
    for (uint32_t q = slots_next(&e->queue_slots, 0); q != SLOT_NONE;
         q = slots_next(&e->queue_slots, q + 1))
        CHECK_ALL(check_books(e, &e->queues[q]));
    CHECK_ALL(check_intervals(e));
    CHECK(order_check(&e->leases, LEASES(e)));
    CHECK(order_check(&e->waits, WAITS(e)));
    CHECK(order_check(&e->delays, DELAYS(e)));
    CHECK(order_check(&e->deserted, DESERTED(e)));
    CHECK(order_check(&e->alerting, ALERTING(e)));
    CHECK(order_check(&e->devices, DEVICES(e)));
    CHECK(order_check(&e->announced, ANNOUNCED(e)));
    CHECK(order_check(&e->absences, ABSENCES(e)));
    CHECK(e->quiet_until <= deadlines_next(e));
    CHECK(order_check(&e->steps, STEPS(e)));
    CHECK_ALL(check_plans(e));
    CHECK_ALL(check_skills(e));
    CHECK_ALL(check_teams(e));
    CHECK_ALL(check_calendars(e));
    return NULL;
}
