/* Do the player's checks bite? A small day is played to an engine through a back end that lies in
 * one way or another; whatever it lies about, the books must not agree. An honest one comes first.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/play_make.h"
#include "tools/play_player.h"

enum lie {
    HONEST,
    NOTICE_LOST,
    NOTICE_TWICE,
    NOTICES_SWAPPED,
    ACCEPT_FORGOTTEN, /* said to be done, but is not */
    HANGUP_FORGOTTEN,
    ROUTE_FORGOTTEN,
    STRANGER_CALLS, /* a call that the player knows nothing of */
    AGENT_IDLES,    /* a view has an agent free while calls wait */
    AGENT_OVERBOOKED,
    AGENT_GONE,
    QUEUE_GONE,
    WAITING_OFF,
    ANSWERED_OFF,
    ABANDONED_OFF,
    TALK_OFF,
    WAIT_OFF,
    TOTALS_OFF,
    LIES,
};

static const char *const LIE_NAMES[LIES] = {
    "honest",           "a notice is lost",    "a notice comes twice", "two notices are swapped",
    "accept forgotten", "hangup forgotten",    "route forgotten",      "a stranger calls",
    "an agent idles",   "an agent overbooked", "an agent gone",        "a queue gone",
    "waiting off",      "answered off",        "abandoned off",        "talk off by 1 us",
    "wait off by 1 us", "totals off",
};

enum { LIE_AT = 200 }; /* which of the things lied about; looks: the same */

struct liar {
    struct backend base;
    struct backend *real;
    enum lie lie;
    uint32_t seen; /* things that could have been lied about */
    struct news held;
    bool holds;
    look_cb on_view;
    void *ctx;
    bool calls_wait; /* in the look under way */
};

static struct liar *liar_of(const struct backend *b)
{
    return (struct liar *)(uintptr_t)b;
}

static bool lies_now(struct liar *l, enum lie lie)
{
    return l->lie == lie && ++l->seen == LIE_AT;
}

/* ---- what is heard ----------------------------------------------------------------------------
 */

static void pass_on(struct liar *l, const struct news *news)
{
    struct acd_view_notice notice = news->as.notice;

    if (news->ticket != 0) {
        backend_tell_outcome(&l->base, news->ticket, news->error, &news->as.outcome);
        return;
    }
    notice.key = acd_str(news->key);
    backend_tell_notice(&l->base, &notice);
}

static void pass_on_notice(struct liar *l, const struct news *news)
{
    if (lies_now(l, NOTICE_LOST))
        return;
    if (lies_now(l, NOTICE_TWICE))
        pass_on(l, news);
    if (lies_now(l, NOTICES_SWAPPED)) {
        l->held = *news;
        l->holds = true;
        return;
    }
    pass_on(l, news);
    if (l->holds)
        pass_on(l, &l->held);
    l->holds = false;
}

static void pass_on_all(struct liar *l)
{
    struct news news;

    while (backend_hear(l->real, &news)) {
        if (news.ticket == 0)
            pass_on_notice(l, &news);
        else
            pass_on(l, &news);
    }
}

/* ---- the back end -------------------------------------------------------------------------------
 */

static acd_time liar_now(const struct backend *b)
{
    return liar_of(b)->real->ops->now(liar_of(b)->real);
}

static bool yes(const struct backend *b)
{
    (void)b;
    return true;
}

static bool forgets(struct liar *l, uint16_t code)
{
    switch (code) {
    case ACD_COMMAND_accept: return lies_now(l, ACCEPT_FORGOTTEN);
    case ACD_COMMAND_hangup: return lies_now(l, HANGUP_FORGOTTEN);
    case ACD_COMMAND_route: return lies_now(l, ROUTE_FORGOTTEN);
    default: return false;
    }
}

static void liar_send(struct backend *b, uint64_t ticket, const struct acd_command *command)
{
    struct liar *l = liar_of(b);
    struct acd_command stranger = *command;
    const struct acd_view_outcome well = {.verdict = ACD_VERDICT_QUEUED};

    if (forgets(l, command->code)) {
        backend_tell_outcome(b, ticket, ACD_OK, &well);
        return;
    }
    l->real->ops->send(l->real, ticket, command);
    pass_on_all(l);
    if (command->code == ACD_COMMAND_route && lies_now(l, STRANGER_CALLS)) {
        struct news unheard;

        stranger.as.route.key = acd_str("4294967295/stranger");
        l->real->ops->send(l->real, 1, &stranger);
        while (backend_hear(l->real, &unheard))
            ;
    }
}

static void liar_wait(struct backend *b, acd_time until)
{
    struct liar *l = liar_of(b);

    l->real->ops->wait(l->real, until);
    pass_on_all(l);
}

/* ---- what is seen -------------------------------------------------------------------------------
 */

static void lie_about_queue(struct liar *l, struct acd_view_queue *v)
{
    if (lies_now(l, QUEUE_GONE))
        v->queue.slot += 1000;
    if (lies_now(l, WAITING_OFF))
        v->waiting++;
    if (lies_now(l, ANSWERED_OFF))
        v->answered++;
    if (lies_now(l, ABANDONED_OFF))
        v->abandoned++;
    if (lies_now(l, TALK_OFF))
        v->talk++;
    if (lies_now(l, WAIT_OFF))
        v->wait_answered++;
    l->calls_wait |= v->waiting > v->ringing;
}

/* The idle agent is told apart from the overbooked one only by the calls that wait: its counts of
 * calls are left alone, so that nothing but idleness can be noticed. */
static void lie_about_agent(struct liar *l, struct acd_view_agent *v)
{
    if (lies_now(l, AGENT_GONE))
        v->agent.slot += 1000;
    if (lies_now(l, AGENT_OVERBOOKED))
        v->wrap_up = (uint16_t)(v->max_concurrent_calls + 1);
    if (l->lie == AGENT_IDLES && l->calls_wait && v->offered + v->connected == 0) {
        v->state = ACD_READY;
        v->active = ACD_YES;
        v->delay_until = 0;
        v->wrap_up = 0;
    }
}

static void on_liars_view(void *ctx, const struct acd_view *view)
{
    struct liar *l = ctx;
    struct acd_view lied;

    if (view == NULL) {
        l->calls_wait = false;
        l->on_view(l->ctx, NULL);
        return;
    }
    lied = *view;
    if (view->code == ACD_VIEW_queue)
        lie_about_queue(l, &lied.as.queue);
    if (view->code == ACD_VIEW_agent)
        lie_about_agent(l, &lied.as.agent);
    if (view->code == ACD_VIEW_totals && lies_now(l, TOTALS_OFF))
        lied.as.totals.timed_out++;
    l->on_view(l->ctx, &lied);
}

static bool liar_look(struct backend *b, look_cb on_view, void *ctx)
{
    struct liar *l = liar_of(b);

    l->on_view = on_view;
    l->ctx = ctx;
    return l->real->ops->look(l->real, on_liars_view, l);
}

static const char *liar_check(const struct backend *b)
{
    return liar_of(b)->real->ops->check(liar_of(b)->real);
}

static void liar_close(struct backend *b)
{
    liar_of(b)->real->ops->close(liar_of(b)->real);
    backend_fini(b);
}

static const struct backend_ops LIAR = {
    .is_embedded = true,
    .now = liar_now,
    .has_room = yes,
    .is_quiet = yes,
    .send = liar_send,
    .wait = liar_wait,
    .look = liar_look,
    .check = liar_check,
    .close = liar_close,
};

/* ---- plays
 * ---------------------------------------------------------------------------------------- */

static uint32_t violations_of(const struct day *day, enum lie lie)
{
    struct liar l = {.base.ops = &LIAR, .real = backend_embedded(ACD_SECOND), .lie = lie};
    struct player p = {0};
    uint32_t violations;

    player_play(&p, day, &l.base);
    violations = p.tally.violations;
    player_fini(&p);
    LIAR.close(&l.base);
    return violations;
}

/* What the lies make the player complain about is not to fill the test's log. */
static int hush(void)
{
    int log = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY);

    if (log < 0 || nowhere < 0 || dup2(nowhere, STDERR_FILENO) < 0)
        abort();
    close(nowhere);
    return log;
}

static void speak(int log)
{
    if (dup2(log, STDERR_FILENO) < 0)
        abort();
    close(log);
}

int main(void)
{
    const struct make_sizes sizes = {
        .seed = 3, .agents = 30, .queues = 12, .calls = 600, .hours = 2};
    struct day day = {0};
    int failed = 0;

    make_day(&day, &sizes);
    for (enum lie lie = HONEST; lie < LIES; lie++) {
        int log = lie == HONEST ? -1 : hush();
        uint32_t violations = violations_of(&day, lie);
        bool right = (violations > 0) == (lie != HONEST);

        if (log >= 0)
            speak(log);
        printf("%-24s %6u violations%s\n", LIE_NAMES[lie], violations, right ? "" : "   WRONG");
        failed += !right;
    }
    day_fini(&day);
    return failed == 0 ? 0 : 1;
}
