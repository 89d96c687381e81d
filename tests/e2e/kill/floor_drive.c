#include "tests/e2e/check.h"
#include "tests/e2e/kill/drive.h"

/* What is asked of the floor, by chance: what makes sense for a call at its stage, and whatever a
 * supervisor may do to anybody. */

enum { FIRST_LIVE = 12, COMES_AND_GOES = FLOOR_AGENTS, NUMBERS = 3, THE_ONE = 7 };

/* ---- the gateway -------------------------------------------------------------------------- */

enum leg { NO_LEG, OWN, ASKED }; /* whose assignment is meant */

/* So many of 100 times at this stage; the value is `value` or one of the `spread` from there on. */
struct choice {
    uint8_t stage, weight;
    uint16_t code;
    uint8_t leg, value, spread;
};

static const struct choice choices[] = {
    {FLOOR_QUEUED, 2, ACD_COMMAND_call_exit, NO_LEG, 0, 4},
    {FLOOR_QUEUED, 2, ACD_COMMAND_call_callback, NO_LEG, 0, 1},
    {FLOOR_QUEUED, 4, ACD_COMMAND_call_priority, NO_LEG, 0, 1},
    {FLOOR_QUEUED, 3, ACD_COMMAND_hangup, NO_LEG, ACD_SIDE_CALLER, 1},
    {FLOOR_RINGING, 60, ACD_COMMAND_accept, OWN, 0, 1},
    {FLOOR_RINGING, 10, ACD_COMMAND_reject, OWN, 0, 1},
    {FLOOR_RINGING, 4, ACD_COMMAND_hangup, NO_LEG, ACD_SIDE_CALLER, 1},
    {FLOOR_RINGING, 3, ACD_COMMAND_call_callback, NO_LEG, 0, 1},
    {FLOOR_TALKING, 15, ACD_COMMAND_hold, OWN, 0, 1},
    {FLOOR_TALKING, 15, ACD_COMMAND_consult, OWN, 0, FLOOR_QUEUES + FLOOR_AGENTS},
    {FLOOR_TALKING, 4, ACD_COMMAND_consult, OWN, FLOOR_NUMBER, 1},
    {FLOOR_TALKING, 8, ACD_COMMAND_transfer, OWN, 0, FLOOR_QUEUES + FLOOR_AGENTS},
    {FLOOR_TALKING, 2, ACD_COMMAND_transfer, OWN, FLOOR_NUMBER, 1},
    {FLOOR_TALKING, 8, ACD_COMMAND_call_set, NO_LEG, 0, 1},
    {FLOOR_TALKING, 8, ACD_COMMAND_wrap_up_code, OWN, 0, 2},
    {FLOOR_TALKING, 15, ACD_COMMAND_hangup, NO_LEG, ACD_SIDE_AGENT, 1},
    {FLOOR_HELD, 40, ACD_COMMAND_retrieve, OWN, 0, 1},
    {FLOOR_HELD, 20, ACD_COMMAND_consult, OWN, 0, FLOOR_QUEUES + FLOOR_AGENTS},
    {FLOOR_HELD, 10, ACD_COMMAND_transfer, OWN, 0, FLOOR_QUEUES + FLOOR_AGENTS},
    {FLOOR_HELD, 5, ACD_COMMAND_hangup, NO_LEG, ACD_SIDE_CALLER, 1},
    {FLOOR_ASKING, 60, ACD_COMMAND_accept, ASKED, 0, 1},
    {FLOOR_ASKING, 10, ACD_COMMAND_reject, ASKED, 0, 1},
    {FLOOR_ASKING, 10, ACD_COMMAND_consult_end, OWN, 0, 1},
    {FLOOR_CONSULTED, 40, ACD_COMMAND_consult_complete, OWN, 0, 1},
    {FLOOR_CONSULTED, 15, ACD_COMMAND_consult_end, OWN, 0, 1},
    {FLOOR_CONSULTED, 15, ACD_COMMAND_consult_end, ASKED, 0, 1},
    {FLOOR_CONSULTED, 10, ACD_COMMAND_hangup, NO_LEG, ACD_SIDE_AGENT, 1},
    {FLOOR_CALLING, 50, ACD_COMMAND_consult_result, OWN, ACD_DIAL_ANSWERED, 1},
    {FLOOR_CALLING, 15, ACD_COMMAND_consult_result, OWN, ACD_DIAL_BUSY, 3},
    {FLOOR_CALLING, 10, ACD_COMMAND_consult_end, OWN, 0, 1},
    {FLOOR_REACHED, 40, ACD_COMMAND_consult_complete, OWN, 0, 1},
    {FLOOR_REACHED, 15, ACD_COMMAND_consult_result, OWN, ACD_DIAL_FAILED, 1},
    {FLOOR_REACHED, 15, ACD_COMMAND_consult_end, OWN, 0, 1},
    {FLOOR_REACHED, 10, ACD_COMMAND_hangup, NO_LEG, ACD_SIDE_AGENT, 1},
    {FLOOR_SCHEDULED, 1, ACD_COMMAND_hangup, NO_LEG, ACD_SIDE_SYSTEM, 1},
    {FLOOR_SCHEDULED, 3, ACD_COMMAND_hangup, NO_LEG, ACD_SIDE_CALLER, 1},
    {FLOOR_DIALING, 60, ACD_COMMAND_callback_result, OWN, ACD_DIAL_ANSWERED, 4},
    {FLOOR_UNKNOWN, 100, ACD_COMMAND_hangup, NO_LEG, ACD_SIDE_SYSTEM, 1},
};

static void ask_about_call(struct party *p, const struct choice *choice, uint32_t index)
{
    struct floor *f = &p->ledger->floor;
    const struct floor_call *c = &f->calls[index];
    struct asked a = {.code = choice->code, .about = ABOUT_CALL, .subject = index};

    a.value = (uint8_t)(choice->value + dice(p->ledger, choice->spread));
    a.revision = ++f->revision % 1000;
    if (choice->leg != NO_LEG)
        a.assignment = choice->leg == OWN ? c->leg : c->asked;
    drive_ask(p, a);
}

static void step_call(struct party *p, uint32_t index)
{
    uint8_t stage = p->ledger->floor.calls[index].stage;
    uint32_t luck = dice(p->ledger, 100);

    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
        if (choices[i].stage != stage)
            continue;
        if (luck < choices[i].weight) {
            ask_about_call(p, &choices[i], index);
            return;
        }
        luck -= choices[i].weight;
    }
}

static void route(struct party *p)
{
    struct floor *f = &p->ledger->floor;
    struct asked a = {.code = ACD_COMMAND_route,
                      .about = ABOUT_CALL,
                      .subject = f->call_count,
                      .value = (uint8_t)dice(p->ledger, FLOOR_QUEUES),
                      .revision = ++f->revision};

    if (f->call_count == FLOOR_CALLS_MAX)
        check_give_up("floor", "too many calls");
    f->live[f->live_count++] = f->call_count++;
    drive_ask(p, a);
}

static void reconcile_step(struct party *p, uint8_t step)
{
    drive_ask(p, (struct asked){.code = ACD_COMMAND_reconcile, .value = step});
}

/* Nearly all that it has: what it does not list is ended, which it is told, unless an heir has got
 * it. */
static void reconcile(struct party *p)
{
    struct floor *f = &p->ledger->floor;

    f->lost = false;
    reconcile_step(p, ACD_RECONCILE_BEGIN);
    for (uint32_t i = 0; i < f->live_count; i++) {
        struct floor_call *c = &f->calls[f->live[i]];

        if (c->pending || dice(p->ledger, 8) > 0)
            drive_ask(p, (struct asked){.code = ACD_COMMAND_reconcile_call,
                                        .about = ABOUT_CALL,
                                        .subject = f->live[i]});
        else
            c->stage = FLOOR_UNKNOWN;
    }
    reconcile_step(p, ACD_RECONCILE_END);
}

static void set_itself(struct party *p)
{
    drive_ask(
        p, (struct asked){.code = ACD_COMMAND_client_set, .revision = ++p->ledger->floor.revision});
}

/* Says what it has read, as the client library does with each `next`. */
static void acknowledge(struct party *p)
{
    drive_ask(p, (struct asked){.code = ACD_COMMAND_outbox_ack, .revision = (uint32_t)p->notices});
}

static void step_gate(struct party *p)
{
    struct floor *f = &p->ledger->floor;
    uint32_t luck = dice(p->ledger, 1000), at;
    const struct floor_call *c;

    if (f->lost)
        reconcile(p);
    else if (luck < 2)
        set_itself(p);
    else if (luck < 5)
        acknowledge(p);
    else if (f->live_count < FIRST_LIVE || (luck < 200 && f->live_count < FLOOR_LIVE_MAX))
        route(p);
    at = dice(p->ledger, f->live_count);
    c = &f->calls[f->live[at]];
    if (c->pending)
        return;
    if (c->stage == FLOOR_OVER)
        f->live[at] = f->live[--f->live_count];
    else
        step_call(p, f->live[at]);
}

/* ---- the heir ----------------------------------------------------------------------------- */

static void step_heir(struct party *p)
{
    struct floor *f = &p->ledger->floor;

    if (f->adopted_count > 0)
        drive_ask(p, (struct asked){.code = ACD_COMMAND_hangup,
                                    .about = ABOUT_CALL,
                                    .subject = f->adopted[--f->adopted_count],
                                    .value = ACD_SIDE_SYSTEM});
}

/* ---- the supervisor ----------------------------------------------------------------------- */

enum whom { AN_AGENT, A_CALL, ANY_QUEUE, THIS_ONE, A_NUMBER, A_GUEST };

/* So many of all times; the value as above. */
struct deed {
    uint16_t weight, code;
    uint8_t about, whom, subject, value, spread;
};

static const struct deed deeds[] = {
    {1500, ACD_COMMAND_agent_state, ABOUT_AGENT, AN_AGENT, 0, ACD_READY, 1},
    {20, ACD_COMMAND_agent_state, ABOUT_AGENT, AN_AGENT, 0, ACD_LOGGED_OUT, 2},
    {40, ACD_COMMAND_device_set, ABOUT_AGENT, AN_AGENT, 0, ACD_DEVICE_AVAILABLE, 3},
    {30, ACD_COMMAND_outside_begin, ABOUT_AGENT, AN_AGENT, 0, 0, 2},
    {60, ACD_COMMAND_outside_end, ABOUT_AGENT, AN_AGENT, 0, 0, 2},
    {15, ACD_COMMAND_agent_drain, ABOUT_AGENT, AN_AGENT, 0, ACD_LOGGED_OUT, 2},
    {25, ACD_COMMAND_agent_free, ABOUT_AGENT, AN_AGENT, 0, ACD_NOT_READY, 2},
    {60, ACD_COMMAND_wrap_up_extend, ABOUT_AGENT, AN_AGENT, 0, 0, 1},
    {40, ACD_COMMAND_wrap_up_finish, ABOUT_AGENT, AN_AGENT, 0, 0, 1},
    {40, ACD_COMMAND_wrap_up_code, ABOUT_AGENT, AN_AGENT, 0, 0, 2},
    {30, ACD_COMMAND_call_move, ABOUT_CALL, A_CALL, 0, 0, FLOOR_QUEUES},
    {30, ACD_COMMAND_call_assign, ABOUT_CALL, A_CALL, 0, 0, FLOOR_AGENTS},
    {25, ACD_COMMAND_skill_set, ABOUT_SETTING, AN_AGENT, 0, 0, 2},
    {8, ACD_COMMAND_skill_remove, ABOUT_SETTING, AN_AGENT, 0, 0, 2},
    {15, ACD_COMMAND_member_set, ABOUT_SETTING, AN_AGENT, 0, 0, FLOOR_STAFFED},
    {5, ACD_COMMAND_member_remove, ABOUT_SETTING, AN_AGENT, 0, 0, FLOOR_STAFFED},
    {10, ACD_COMMAND_agent_set, ABOUT_SETTING, AN_AGENT, 0, 0, 1},
    {5, ACD_COMMAND_agent_set, ABOUT_SETTING, THIS_ONE, COMES_AND_GOES, 0, 1},
    {15, ACD_COMMAND_agent_remove, ABOUT_SETTING, THIS_ONE, COMES_AND_GOES, 0, 1},
    {10, ACD_COMMAND_number_set, ABOUT_SETTING, A_NUMBER, 0, 0, FLOOR_PASSING},
    {15, ACD_COMMAND_number_remove, ABOUT_SETTING, A_NUMBER, 0, 0, 1},
    {15, ACD_COMMAND_queue_set, ABOUT_SETTING, ANY_QUEUE, 0, 0, 1},
    {6, ACD_COMMAND_queue_drain, ABOUT_SETTING, THIS_ONE, FLOOR_DRAINED, 0, 2},
    {15, ACD_COMMAND_queue_remove, ABOUT_SETTING, THIS_ONE, FLOOR_PASSING, 0, 1},
    {40, ACD_COMMAND_client_open, ABOUT_HOUSE, A_GUEST, 0, 0, 1},
    {40, ACD_COMMAND_client_remove, ABOUT_HOUSE, A_GUEST, 0, 0, 1},
    {10, ACD_COMMAND_day_turn, ABOUT_HOUSE, THIS_ONE, 0, 0, 1},
    {10, ACD_COMMAND_config_commit, ABOUT_HOUSE, THIS_ONE, 0, 0, 1},
};

static uint32_t choose_subject(struct ledger *l, const struct deed *d)
{
    switch (d->whom) {
    case AN_AGENT: return dice(l, FLOOR_AGENTS);
    case A_CALL: return l->floor.live[dice(l, l->floor.live_count)];
    case ANY_QUEUE: return dice(l, FLOOR_QUEUES);
    case A_NUMBER: return dice(l, NUMBERS);
    case A_GUEST: return dice(l, FLOOR_GUESTS);
    default: return d->subject;
    }
}

static void do_deed(struct party *p, const struct deed *d)
{
    struct floor *f = &p->ledger->floor;
    struct asked a = {.code = d->code, .about = d->about};

    if ((d->about >= ABOUT_SETTING && f->settings_held) ||
        (d->whom == A_CALL && f->live_count == 0))
        return;
    a.subject = choose_subject(p->ledger, d);
    if ((d->whom == A_CALL && !f->calls[a.subject].entered) ||
        (d->whom == ANY_QUEUE && a.subject == FLOOR_HOURS))
        return;
    a.value = (uint8_t)(d->value + dice(p->ledger, d->spread));
    a.revision = ++f->revision;
    if (d->code == ACD_COMMAND_skill_set)
        a.revision %= 5;
    drive_ask(p, a);
}

static void step_supervisor(struct party *p)
{
    uint32_t all = 0, luck;

    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++)
        all += deeds[i].weight;
    luck = dice(p->ledger, all);
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        if (luck < deeds[i].weight) {
            do_deed(p, &deeds[i]);
            return;
        }
        luck -= deeds[i].weight;
    }
}

void floor_step(struct party *p)
{
    if (!p->ledger->floor.made)
        return;
    switch (p->index) {
    case FLOOR_GATE: step_gate(p); return;
    case FLOOR_HEIR: step_heir(p); return;
    default: step_supervisor(p);
    }
}

/* ---- all of it ---------------------------------------------------------------------------- */

static void set(struct party *p, uint16_t code, uint32_t subject, uint8_t value)
{
    drive_ask(p, (struct asked){.code = code,
                                .about = ABOUT_SETTING,
                                .subject = subject,
                                .value = value,
                                .revision = ++p->ledger->floor.revision % 5});
}

void floor_make(struct ledger *l)
{
    struct party *p = &l->parties[FLOOR_DESK];

    for (uint32_t i = 0; i < FLOOR_QUEUES; i++)
        set(p, ACD_COMMAND_queue_set, i, 0);
    for (uint32_t i = 0; i < FLOOR_AGENTS; i++) {
        set(p, ACD_COMMAND_agent_set, i, 0);
        for (uint32_t q = 0; q < FLOOR_QUEUES; q++)
            if (q == FLOOR_STAFFED ? i == THE_ONE : q == FLOOR_KEPT || (i + q) % 2 == 0)
                set(p, ACD_COMMAND_member_set, i, (uint8_t)q);
        set(p, ACD_COMMAND_skill_set, i, i % 2);
    }
    drive_settle(l);
    l->floor.made = true;
}
