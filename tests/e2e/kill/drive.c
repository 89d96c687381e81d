#include "tests/e2e/kill/drive.h"

#include <poll.h>
#include <stdio.h>

#include "tests/e2e/check.h"
#include "tests/e2e/kill/acts.h"
#include "tests/e2e/kill/site.h"

enum {
    GATEWAY_DEPTH = 44,
    DESK_DEPTH = 16,
    FLOOR_DEPTH = 16,
    FLOOR_DESK_DEPTH = 8,
    FLOOR_HEIR_DEPTH = 8,
    TRIES = 2000,
    PUMP_MS = 10,
    SETTLE_MS = 60000, /* without an answer */
};

static const acd_span TIMEOUT = 3600 * ACD_SECOND; /* nothing is to run out, however slow it is */

static void fill(struct party *p);

/* ---- asking ------------------------------------------------------------------------------- */

static void note_position(struct party *p)
{
    struct acd_position at = acd_client_position(p->client, NULL);
    struct acd_position *heard = &p->ledger->heard;

    CHECK(heard->epoch == 0 || heard->epoch == at.epoch);
    if (at.sequence > heard->sequence)
        *heard = at;
}

static void on_outcome(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    struct asked *a = ctx;
    struct party *p = a->by;

    if (!CHECK(outcome != NULL)) {
        fprintf(stderr, "%s: %s\n", p->name, acd_error_text(error));
        return;
    }
    note_position(p);
    ledger_hear(p->ledger, a, outcome);
    acts_answered(a);
    if (p->ledger->driving)
        fill(p);
}

static void set_pending(struct ledger *l, const struct asked *a)
{
    if (a->about == ABOUT_CALL && a->by->index == FLOOR_GATE)
        l->floor.calls[a->subject].pending = true;
    else if (a->by->index < DESK)
        l->calls[a->subject].pending = true;
}

bool drive_ask(struct party *p, struct asked request)
{
    struct asked *a = &p->asked[p->asked_count];
    struct say say;
    int error;

    if (p->asked_count == REQUESTS_MAX)
        check_give_up(p->name, "asks too much");
    *a = request;
    a->by = p;
    ledger_say(a, &say);
    error = acd_client_send(p->client, &say.command, on_outcome, a);
    CHECK(error == ACD_OK || error == ACD_BUSY);
    if (error != ACD_OK)
        return false;
    p->asked_count++;
    set_pending(p->ledger, a);
    return true;
}

/* Not every throw of the dice is a request. */
static void fill(struct party *p)
{
    static const uint32_t depths[CLIENTS] = {GATEWAY_DEPTH, GATEWAY_DEPTH,    DESK_DEPTH,
                                             FLOOR_DEPTH,   FLOOR_DESK_DEPTH, FLOOR_HEIR_DEPTH};
    uint32_t depth = depths[p->index];

    for (int tries = 0; acd_client_unanswered(p->client) < depth && tries < TRIES; tries++)
        drive_step(p);
}

/* ---- all of them -------------------------------------------------------------------------- */

static void on_notice(void *ctx, const struct acd_view_notice *notice)
{
    struct party *p = ctx;

    if (ledger_is_floor(p))
        floor_notice(p, notice);
    else
        ledger_notice(p, notice);
}

/* The floor's gateway is lost when it is not heard for a second: while all is judged, say. */
static void on_state(void *ctx, enum acd_client_state state)
{
    struct party *p = ctx;

    if (state == ACD_CLIENT_LOST && CHECK(p->index == FLOOR_GATE))
        p->ledger->floor.lost = true;
    else
        CHECK(state == ACD_CLIENT_CONNECTED || state == ACD_CLIENT_DISCONNECTED);
}

void drive_open(struct ledger *l)
{
    for (int i = 0; i < CLIENTS; i++) {
        struct party *p = &l->parties[i];
        bool is_desk = i == DESK || i == FLOOR_DESK;
        const struct acd_client_options options = {.url = SITE_URL,
                                                   .name = p->name,
                                                   .kind = is_desk ? ACD_OPERATOR : ACD_GATEWAY,
                                                   .batch_max = is_desk ? 4 : 0,
                                                   .timeout = TIMEOUT,
                                                   .lease = i == FLOOR_GATE ? ACD_SECOND : 0,
                                                   .on_state = on_state,
                                                   .ctx = p};

        CHECK(acd_client_open(&p->client, &options) == ACD_OK);
        if (!is_desk)
            CHECK(acd_client_outbox(p->client, on_notice, p) == ACD_OK);
    }
}

void drive_close(struct ledger *l)
{
    for (int i = 0; i < CLIENTS; i++)
        acd_client_close(l->parties[i].client);
}

void drive_fill(struct ledger *l)
{
    for (int i = 0; i < CLIENTS; i++) {
        fill(&l->parties[i]);
        acd_client_flush(l->parties[i].client);
    }
}

int drive_pump(struct ledger *l, int ms)
{
    struct pollfd fds[CLIENTS];
    int delivered = 0;

    for (int i = 0; i < CLIENTS; i++)
        fds[i] = (struct pollfd){.fd = acd_client_fd(l->parties[i].client), .events = POLLIN};
    (void)poll(fds, CLIENTS, ms);
    for (int i = 0; i < CLIENTS; i++)
        delivered += acd_client_process(l->parties[i].client);
    (void)document_pump(&l->document);
    return delivered;
}

static bool is_settled(struct ledger *l)
{
    for (int i = 0; i < CLIENTS; i++)
        if (!acd_client_is_connected(l->parties[i].client) ||
            acd_client_unanswered(l->parties[i].client) > 0)
            return false;
    return document_pump(&l->document);
}

void drive_settle(struct ledger *l)
{
    int idle = 0; /* not by the clock: all of us may have been stopped for a while */

    while (!is_settled(l) && idle < SETTLE_MS / PUMP_MS)
        idle = drive_pump(l, PUMP_MS) > 0 ? 0 : idle + 1;
    if (!CHECK(is_settled(l)))
        check_give_up("acdd", "does not answer; see its log");
}

void drive_notice_end(struct ledger *l)
{
    for (int i = 0; i < CLIENTS; i++)
        while (acd_client_is_connected(l->parties[i].client))
            drive_pump(l, 10);
}

static bool is_outwaited(const struct ledger *l)
{
    acd_assignment_id assignment;
    uint8_t agent;

    for (uint32_t i = 0; i < l->call_count; i++)
        if (l->calls[i].queue == LEDGER_SHORT && l->calls[i].entered &&
            ledger_state(&l->calls[i], &assignment, &agent) == ACD_QUEUED)
            return false;
    return true;
}

void drive_outwait(struct ledger *l)
{
    uint64_t by = check_now_ms() + SETTLE_MS;

    while (!is_outwaited(l) && check_now_ms() < by)
        drive_pump(l, 50);
    CHECK(is_outwaited(l));
}

uint32_t drive_in_flight(const struct ledger *l)
{
    uint32_t sum = 0;

    for (int i = 0; i < CLIENTS; i++)
        sum += acd_client_unanswered(l->parties[i].client);
    return sum;
}

void drive_count_in_flight(const struct ledger *l)
{
    for (int i = 0; i < CLIENTS; i++) {
        const struct party *p = &l->parties[i];
        uint32_t first =
            p->asked_count < ACD_REQUESTS_KEPT ? 0 : p->asked_count - ACD_REQUESTS_KEPT;

        for (uint32_t n = first; n < p->asked_count; n++)
            if (!p->asked[n].answered)
                acts_in_flight(&p->asked[n]);
    }
}

void drive_restarted(struct ledger *l)
{
    l->floor.lost |= dice(l, 2) == 0;
}
