#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/durable/cases.h"
#include "tests/e2e/durable/centre.h"

static const char *const modes[] = {"async", "sync"};

enum { PICTURE_MAX = 65536 };

/* ---- the whole state ---------------------------------------------------------------------- */

static void check_same(struct centre *c, const char *before)
{
    static char after[PICTURE_MAX];

    centre_picture(c, after, sizeof after);
    if (!CHECK(strcmp(before, after) == 0))
        fprintf(stderr, "before:\n%safter:\n%s", before, after);
}

/* An answered call, one that rings, three that wait in their order with a head start; then the
 * process ends, and the next one tells the same. */
static void survives(const char *mode, void (*end)(struct centre *c))
{
    static char before[PICTURE_MAX];
    struct centre c = {.durability = mode, .flags = {"--checkpoint-interval=100ms"}};
    struct acd_view_outcome o;
    struct acd_position at;
    uint32_t epoch;

    centre_start(&c);
    epoch = acd_client_position(c.client, NULL).epoch;
    centre_make(&c);
    ASK(&c, queue_set, .name = acd_str("sales"), .ring_timeout = 3600 * ACD_SECOND);
    o = ASK(&c, route, .key = acd_str("a"), .queue_name = acd_str("sales"));
    ASK(&c, accept, .assignment = o.assignment);
    ASK(&c, hangup, .key = acd_str("a"));
    ASK(&c, route, .key = acd_str("e"), .queue_name = acd_str("sales"),
        .head_start = 3600 * ACD_SECOND);
    centre_picture(&c, before, sizeof before);
    at = acd_client_position(c.client, NULL);
    end(&c);
    centre_start(&c);
    check_same(&c, before);
    CHECK(acd_client_position(c.client, NULL).epoch == epoch);
    CHECK(acd_client_position(c.client, NULL).sequence >= at.sequence);
    ASK(&c, hangup, .key = acd_str("b"));
    end(&c);
    centre_start(&c);
    centre_stop(&c);
    centre_close(&c);
    centre_wipe();
}

void test_survives_stop(void)
{
    for (int i = 0; i < 2; i++)
        survives(modes[i], centre_stop);
}

void test_survives_kill(void)
{
    for (int i = 0; i < 2; i++)
        survives(modes[i], centre_kill);
}

/* Pain 10: who is on a break and why, what was counted today, who waits in which order, and a
 * wrap-up under way are the same after kill -9 as before. */
void test_pain_10_all_is_there_after_a_kill(void)
{
    static char before[PICTURE_MAX];
    struct centre c = {.durability = "async"};
    struct acd_view_outcome o;

    centre_start(&c);
    centre_make(&c);
    ASK(&c, queue_set, .name = acd_str("sales"), .ring_timeout = 3600 * ACD_SECOND,
        .wrap_up_time = ACD_FOREVER);
    ASK(&c, agent_set, .name = acd_str("bob"));
    ASK(&c, agent_state, .name = acd_str("bob"), .state = ACD_NOT_READY, .reason = 77);
    o = ASK(&c, route, .key = acd_str("a"), .queue_name = acd_str("sales"));
    ASK(&c, accept, .assignment = o.assignment);
    ASK(&c, hangup, .key = acd_str("a"));
    ASK(&c, hangup, .key = acd_str("c"));
    centre_picture(&c, before, sizeof before);
    CHECK(strstr(before, "\"reason\":77") != NULL && strstr(before, "\"answered\":1") != NULL &&
          strstr(before, "\"abandoned\":1") != NULL && strstr(before, "\"wrap_up\":1") != NULL);
    centre_kill(&c);
    centre_start(&c);
    check_same(&c, before);
    centre_stop(&c);
    centre_close(&c);
}

/* ---- time --------------------------------------------------------------------------------- */

static void wait_for_notice(struct centre *c, int number)
{
    const uint64_t by = check_now_ms() + 10000;

    while (c->notices < number && check_now_ms() < by)
        acd_client_wait(c->client, 10 * ACD_MS);
    CHECK(c->notices == number);
}

/* A wait and a lease run out while nobody is there: as soon as somebody is both are over, in their
 * order, and the agent who let it ring is not ready any more, so nobody rings. */
void test_due_while_down(void)
{
    struct centre c = {.durability = "async"};
    struct acd_view_server v;

    centre_start(&c);
    centre_make(&c);
    ASK(&c, queue_set, .name = acd_str("sales"), .ring_timeout = ACD_SECOND, .max_no_answer = 1);
    ASK(&c, hangup, .key = acd_str("a")); /* b rings now, for a second */
    wait_for_notice(&c, 1);
    CHECK(c.last.kind == ACD_NOTICE_OFFERED);
    ASK(&c, queue_set, .name = acd_str("short"), .max_wait = ACD_SECOND / 2);
    ASK(&c, route, .key = acd_str("s"), .queue_name = acd_str("short"));
    centre_kill(&c);
    check_sleep_ms(1100);
    centre_start(&c);
    CHECK(centre_logged("event=caught_up"));
    wait_for_notice(&c, 3);
    CHECK(c.kinds[1] == ACD_NOTICE_CALL_ENDED && c.kinds[2] == ACD_NOTICE_OFFER_ENDED);
    CHECK(c.last.result == ACD_OFFER_NO_ANSWER);
    v = centre_server(&c);
    CHECK(v.persistent && !v.sync && v.ring_bytes > 0 && v.truncated_epoch == 0);
    centre_stop(&c);
    centre_close(&c);
}

#define IMAGE "data/image-00000000000000000000"

/* An image that nobody can read on from until there is a line in the log. */
static pid_t hold_image(void)
{
    const uint64_t by = check_now_ms() + 15000;
    pid_t child;

    if (system("rm log && mv " IMAGE " image && mkfifo " IMAGE) != 0)
        check_give_up("image", "cannot be replaced");
    child = fork();
    if (child != 0)
        return child;
    while (!centre_logged("event=recovering from=") && check_now_ms() < by)
        check_sleep_ms(10);
    _exit(system("timeout 10 cp image " IMAGE) == 0 && centre_logged("event=recovering from=") ? 0
                                                                                               : 1);
}

/* A start that takes long says once a second how far it is, even if it hangs: here in a file. */
void test_slow_start(void)
{
    struct centre c = {.durability = "async"};
    pid_t child;
    int status = -1;

    centre_start(&c);
    centre_make(&c);
    centre_stop(&c);
    child = hold_image();
    centre_start(&c);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(centre_logged("event=recovered"));
    ASK(&c, route, .key = acd_str("last"), .queue_name = acd_str("sales"));
    centre_stop(&c);
    centre_close(&c);
    CHECK(unlink("image") == 0);
}

/* ---- clients ------------------------------------------------------------------------------ */

/* Notices that were not fetched wait for the gateway's next life, under their old numbers. */
void test_outbox_survives(void)
{
    struct centre c = {.durability = "async"};
    struct acd_view_outcome o;

    centre_start(&c);
    centre_make(&c);
    o = ASK(&c, route, .key = acd_str("a"), .queue_name = acd_str("sales"));
    ASK(&c, accept, .assignment = o.assignment);
    centre_close(&c); /* the gateway dies; an operator ends the call it has */
    c.client = NULL;
    CHECK(acd_client_open(&c.client, &(struct acd_client_options){.url = CENTRE_URL}) == ACD_OK);
    ASK(&c, hangup, .call = o.call, .side = ACD_SIDE_SYSTEM);
    centre_close(&c);
    centre_kill(&c);
    centre_start(&c);
    wait_for_notice(&c, 2);
    CHECK(c.kinds[0] == ACD_NOTICE_CALL_ENDED);
    CHECK(c.kinds[1] == ACD_NOTICE_OFFERED); /* b, since ada is free */
    centre_stop(&c);
    centre_close(&c);
}

static void on_outcome(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    int *answered = ctx;

    CHECK(error == ACD_OK && outcome != NULL);
    answered[0]++;
    answered[1] += outcome != NULL && outcome->repeated;
}

/* The daemon dies under hundreds of requests; the client sends again what was not answered, and in
 * the end each is done exactly once. */
void test_numbers_survive(void)
{
    enum { ROUNDS = 4, CALLS = 500 };

    for (int mode = 0; mode < 2; mode++) {
        struct centre c = {.durability = modes[mode]};
        int answered[2] = {0, 0};

        centre_start(&c);
        ASK(&c, queue_set, .name = acd_str("sales"));
        for (int i = 0; i < ROUNDS * CALLS; i++) {
            struct acd_command route = {.code = ACD_COMMAND_route};
            char key[32];

            snprintf(key, sizeof key, "%d-%d", mode, i);
            route.as.route.key = acd_str(key);
            route.as.route.queue_name = acd_str("sales");
            while (acd_client_send(c.client, &route, on_outcome, answered) == ACD_BUSY)
                acd_client_wait(c.client, 10 * ACD_MS);
            acd_client_process(c.client);
            if (i % CALLS == CALLS - 1) {
                centre_kill(&c);
                centre_start(&c);
            }
        }
        while (acd_client_unanswered(c.client) > 0)
            acd_client_wait(c.client, 10 * ACD_MS);
        CHECK(answered[0] == ROUNDS * CALLS);
        CHECK(ASK(&c, route, .key = acd_str(mode == 0 ? "0-1999" : "1-1999"),
                  .queue_name = acd_str("sales"))
                  .position == ROUNDS * CALLS);
        centre_stop(&c);
        centre_close(&c);
        centre_wipe();
    }
}
