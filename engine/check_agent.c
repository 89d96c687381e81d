#include "engine/check.h"

#include "engine/channels.h"
#include "engine/decide.h"
#include "engine/lines.h"
#include "engine/ready.h"
#include "engine/ring.h"

/* Agents: their assignments, memberships and stands, and who of them is available. */

static const char *check_stand(const struct acd_engine *e, uint32_t slot)
{
    const struct stand *s = &e->stands[slot];
    uint32_t member = stand_member(e, slot), first = e->config.limits.memberships;

    CHECK(slot < first || slots_has(&e->stand_slots, slot - first));
    if (s->item.own == 0) {
        CHECK(slot == member);
        return NULL;
    }
    CHECK(marks_has(&s->item) == ready_has(e, member));
    CHECK(slots_has(&e->tier_slots, s->tier));
    CHECK(stand_bank(e, s)->queue == e->seats[member].line);
    CHECK(e->tiers[s->tier].level == (e->seats[member].level < stand_bank(e, s)->raise
                                          ? stand_bank(e, s)->raise
                                          : e->seats[member].level));
    CHECK((s->item.own & ~stand_bank(e, s)->taken) == 0);
    CHECK(e->stand_skills[slot] == bank_skill(e, stand_bank(e, s), e->seats[member].agent));
    return NULL;
}

static const char *check_agent_members(const struct acd_engine *e, uint32_t agent)
{
    const struct agent *a = &e->agents[agent];
    uint32_t count = 0, marks = 0, own = 0;

    for (uint32_t m = a->seats; m != LIST_NONE; m = e->seats[m].next) {
        CHECK(e->seats[m].agent == agent);
        CHECK(e->stand_agents[m] == agent);
        CHECK(ready_has(e, m) == (agent_is_available(e, agent) && seat_has_room(e, m)));
        CHECK(slots_has(&e->member_slots, m));
        CHECK(!e->lines[e->seats[m].line].ready.in_bank || stand_is_in(e, m, e->seats[m].line));
        own += e->lines[e->seats[m].line].ready.in_bank;
        count++;
    }
    for (uint32_t m = a->seats; m != LIST_NONE; m = e->seats[m].next)
        for (uint32_t s = m; s != NONE; s = e->stands[s].next) {
            CHECK(stand_member(e, s) == m);
            CHECK_ALL(check_stand(e, s));
            marks += (uint32_t)__builtin_popcountll(e->stands[s].item.own);
        }
    CHECK(a->stands == (marks > 0));
    CHECK(marks == e->agent_cards[agent].marks);
    CHECK(marks == own + e->agent_cards[agent].lines);
    CHECK(count <= e->config.limits.queues_per_agent);
    CHECK(e->agent_cards[agent].lines <= e->config.limits.lines_per_agent);
    return NULL;
}

static const char *check_assignment(const struct acd_engine *e, uint32_t slot)
{
    const struct assignment *s = &e->assignments[slot];

    CHECK(s->gen != 0);
    CHECK(slots_has(&e->assignment_slots, slot));
    CHECK(order_has(LEASES(e), slot) == assignment_has_deadline(s));
    if (s->role == ACD_ROLE_WRAP_UP || s->role == ACD_ROLE_OUTSIDE) {
        CHECK(s->call == NONE);
        return NULL;
    }
    CHECK(s->call != NONE);
    CHECK(e->calls[s->call].gen != 0);
    if (s->role == ACD_ROLE_HELD)
        CHECK(e->calls[s->call].asks_out == (assignment_key(e, slot).len > 0) &&
              (s->until == 0 || e->calls[s->call].asks_out));
    if (call_consultation(e, s->call) == slot)
        CHECK(s->role == ACD_ROLE_OFFERED || s->role == ACD_ROLE_CONSULTED);
    else if (s->role == ACD_ROLE_OFFERED)
        CHECK(e->calls[s->call].state == ACD_OFFERED);
    else if (s->role == ACD_ROLE_DIALING)
        CHECK(e->calls[s->call].state == ACD_DIALING);
    else
        CHECK((s->role == ACD_ROLE_CONNECTED || s->role == ACD_ROLE_HELD) &&
              e->calls[s->call].state == ACD_CONNECTED);
    return NULL;
}

static const char *check_agent(const struct acd_engine *e, uint32_t agent)
{
    const struct agent *a = &e->agents[agent];
    const struct late_work *late = &e->agent_cards[agent].late;
    uint32_t by_role[8] = {0}, count = 0;

    CHECK(a->gen != 0);
    CHECK(agent_find(e, agent_name(e, agent)) == agent);
    CHECK(agent_is_available(e, agent) == agent_available_of(a));
    for (uint32_t s = a->assignments; s != LIST_NONE; s = e->assignments[s].next, count++) {
        CHECK(e->assignments[s].agent == agent);
        CHECK_ALL(check_assignment(e, s));
        by_role[e->assignments[s].role]++;
    }
    CHECK(count == agent_load(a));
    CHECK(by_role[ACD_ROLE_OFFERED] == a->offered);
    CHECK(by_role[ACD_ROLE_CONNECTED] + by_role[ACD_ROLE_HELD] + by_role[ACD_ROLE_CONSULTED] +
              by_role[ACD_ROLE_DIALING] ==
          a->connected);
    CHECK(by_role[ACD_ROLE_WRAP_UP] == a->wrap_up);
    CHECK(by_role[ACD_ROLE_OUTSIDE] == a->outside);
    CHECK(a->offered == 0 || (a->state != ACD_LOGGED_OUT && a->active));
    CHECK(a->drain == 0 || (a->state == ACD_NOT_READY && count > 0));
    CHECK(a->connected + a->wrap_up == 0 || a->state != ACD_LOGGED_OUT);
    CHECK(a->reserved == (agent_load(a) > a->capacity ? agent_load(a) : a->capacity));
    CHECK(((a->kept & KEPT_RUNG) != 0) == agent_is_rung(e, agent));
    CHECK(((a->kept & KEPT_CONSULTS) != 0) == agent_consults(e, agent));
    CHECK(order_has(DELAYS(e), agent) == agent_is_delayed(a));
    CHECK(order_has(DEVICES(e), agent) == ((a->kept & KEPT_DEVICE) != 0));
    CHECK((e->agent_cards[agent].device != 0) == ((a->kept & KEPT_DEVICE) != 0));
    CHECK(late->until == 0 || (late->visit > 0 && late->visit <= e->sequence));
    CHECK(late->until == 0 || assignment_at(e, late->work) == NONE);
    CHECK(a->lsc <= e->now);
    CHECK(a->lsc_sequence <= e->sequence);
    return check_agent_members(e, agent);
}

/* The bitmap has those who are available, and nobody else: it is searched without them. */
static uint32_t available_bits(const struct acd_engine *e)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < (e->config.limits.agents + 63) / 64; i++)
        count += (uint32_t)__builtin_popcountll(e->available[i]);
    return count;
}

const char *check_agents(const struct acd_engine *e)
{
    uint32_t agents = 0, available = 0, reserved = 0, activities[16] = {0}, assignments = 0;

    for (uint32_t a = slots_next(&e->agent_slots, 0); a != SLOT_NONE;
         a = slots_next(&e->agent_slots, a + 1)) {
        CHECK_ALL(check_agent(e, a));
        agents++;
        available += agent_is_available(e, a);
        reserved += e->agents[a].reserved;
        assignments += agent_load(&e->agents[a]);
        activities[e->agents[a].activity]++;
    }
    CHECK(agents == e->agent_slots.count);
    CHECK(available == e->available_count);
    CHECK(available_bits(e) == available);
    CHECK(reserved == e->reserved);
    CHECK(reserved <= e->config.limits.assignments);
    CHECK(assignments == e->assignment_slots.count);
    CHECK(memcmp(activities, e->activities, sizeof activities) == 0);
    return NULL;
}
