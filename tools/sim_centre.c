#include <stdio.h>
#include <stdlib.h>

#include "tools/play_room.h"
#include "tools/sim_private.h"

/* The centre of a run: an engine with the scenario's queues and agents. */

/* Few enough that the engine's tables stay in the processor's caches. */
enum { CALLS_LEAST = 1 << 14, CALLS_AN_AGENT = 16, LINES_AN_AGENT = 32, ENDED_KEPT = 1 };

static uint32_t calls_max(const struct sim *m)
{
    return CALLS_LEAST + CALLS_AN_AGENT * m->agent_count;
}

static uint32_t agents_of(const struct scenario *s)
{
    uint32_t agents = 0;

    for (size_t i = 0; i < s->group_count; i++)
        agents += s->groups[i].count;
    return agents;
}

static void open_engine(struct sim *m)
{
    const struct scenario *s = m->scenario;
    struct acd_config config = {.epoch = 1};
    uint32_t room = 0, widest = 0;

    for (size_t i = 0; i < s->group_count; i++) {
        room += s->groups[i].count * s->groups[i].capacity;
        if (s->groups[i].seat_count > widest)
            widest = (uint32_t)s->groups[i].seat_count;
    }
    config.limits = (struct acd_limits){
        .agents = m->agent_count,
        .queues = (uint32_t)s->queue_count,
        .memberships = m->agent_count * widest,
        .queues_per_agent = widest,
        .calls = calls_max(m),
        .assignments = room,
        .ended_calls = ENDED_KEPT,
        .numbers = 1,
        .clients = 1,
        .outbox_bytes = 4096,
        .seats = m->agent_count * LINES_AN_AGENT,
        .call_texts = 1,
    };
    if (acd_open(&m->engine, &config) != ACD_OK)
        play_die("the engine has no memory");
}

void sim_do(struct sim *m, const struct acd_command *command, struct acd_view_outcome *outcome)
{
    m->result->commands++;
    if (acd_execute(m->engine, SIM_ORIGIN + m->now, ACD_NOBODY, 0, command, outcome) != ACD_OK)
        play_die("at %.0f s: %s: %s; is the scenario overloaded?", (double)m->now / 1e6,
                 acd_record_of(command->code)->name, acd_error_text(outcome->error));
}

static void make_queues(struct sim *m)
{
    for (uint32_t i = 0; i < m->scenario->queue_count; i++) {
        struct acd_command c = {.code = ACD_COMMAND_queue_set};
        struct acd_view_outcome outcome;

        c.as.queue_set = m->scenario->queues[i].set;
        c.as.queue_set.name = acd_str(m->scenario->queues[i].name);
        sim_do(m, &c, &outcome);
        m->queues[i] = outcome.queue;
    }
}

static void make_seats(struct sim *m, acd_agent_id agent, const struct sim_group *g)
{
    for (size_t i = 0; i < g->seat_count; i++) {
        struct acd_command c = {.code = ACD_COMMAND_member_set};
        struct acd_view_outcome outcome;

        c.as.member_set.agent = agent;
        c.as.member_set.queue = m->queues[g->seats[i].queue];
        c.as.member_set.level = g->seats[i].level;
        sim_do(m, &c, &outcome);
    }
}

static void make_talents(struct sim *m, acd_agent_id agent, const struct sim_group *g)
{
    for (size_t i = 0; i < g->talent_count; i++) {
        struct acd_command c = {.code = ACD_COMMAND_skill_set};
        struct acd_view_outcome outcome;

        c.as.skill_set.agent = agent;
        c.as.skill_set.skill = acd_str(g->talents[i].skill);
        c.as.skill_set.level = g->talents[i].level;
        sim_do(m, &c, &outcome);
    }
}

static void make_agent(struct sim *m, uint32_t agent, const struct sim_group *g)
{
    struct acd_command c = {.code = ACD_COMMAND_agent_set};
    struct acd_view_outcome outcome;
    char name[DAY_NAME_MAX];

    snprintf(name, sizeof name, "%u", agent);
    c.as.agent_set.name = acd_str(name);
    c.as.agent_set.max_concurrent_calls = g->capacity;
    sim_do(m, &c, &outcome);
    m->agents[agent].id = outcome.agent;
    make_seats(m, outcome.agent, g);
    make_talents(m, outcome.agent, g);
    agenda_add(&m->agenda, (struct agenda_item){.at = g->from, .kind = AGENDA_ACT, .who = agent});
    if (g->to > 0)
        agenda_add(&m->agenda,
                   (struct agenda_item){.at = g->to, .kind = AGENDA_LEAVE, .who = agent});
}

static void make_agents(struct sim *m)
{
    uint32_t agent = 0;

    for (uint32_t g = 0; g < m->scenario->group_count; g++)
        for (uint32_t i = 0; i < m->scenario->groups[g].count; i++, agent++) {
            m->agents[agent].group = g;
            make_agent(m, agent, &m->scenario->groups[g]);
        }
}

/* The recorded day of a run: the first for the first, and round again behind the last. */
static void take_day(struct sim *m, uint64_t run)
{
    const struct trace *t = m->scenario->trace;
    const char *date;

    if (t == NULL)
        return;
    date = trace_date_after(t, "");
    for (uint64_t i = 0; i < run + m->scenario->day; i++) {
        date = trace_date_after(t, date);
        if (date == NULL)
            date = trace_date_after(t, "");
    }
    trace_day(t, date, &m->day);
}

static void seed_callers(struct sim *m, uint64_t run)
{
    enum { STREAMS = 4, ASKINGS = 1 << 20 /* streams of queues are below */ };

    for (uint32_t i = 0; i < m->scenario->queue_count; i++) {
        uint64_t seed = m->scenario->seed, stream = (uint64_t)i * STREAMS;

        m->callers[i] = (struct sim_callers){.arrivals = random_seeded(seed, run, stream),
                                             .handling = random_seeded(seed, run, stream + 1),
                                             .patience = random_seeded(seed, run, stream + 2),
                                             .early = random_seeded(seed, run, stream + 3),
                                             .asking = random_seeded(seed, run, ASKINGS + i)};
    }
}

void sim_centre_begin(struct sim *m, uint64_t run)
{
    const struct scenario *s = m->scenario;

    m->agent_count = agents_of(s);
    m->callers = room_for(s->queue_count, sizeof *m->callers);
    m->calls = room_for(calls_max(m), sizeof *m->calls);
    m->agents = room_for(m->agent_count, sizeof *m->agents);
    m->queues = room_for(s->queue_count, sizeof *m->queues);
    m->before = room_for(s->queue_count, sizeof *m->before);
    m->seen = room_for(s->queue_count, sizeof *m->seen);
    m->work = room_for(s->group_count, sizeof *m->work);
    m->busy = room_for(s->group_count, sizeof *m->busy);
    m->staffed = room_for(s->group_count, sizeof *m->staffed);
    m->work_at = room_for(s->group_count, sizeof *m->work_at);
    take_day(m, run);
    open_engine(m);
    make_queues(m);
    make_agents(m);
    seed_callers(m, run);
}

void sim_centre_end(struct sim *m)
{
    acd_close(m->engine);
    agenda_fini(&m->agenda);
    day_fini(&m->day);
    free(m->callers);
    free(m->calls);
    free(m->agents);
    free(m->queues);
    free(m->before);
    free(m->seen);
    free(m->work);
    free(m->busy);
    free(m->staffed);
    free(m->work_at);
}
