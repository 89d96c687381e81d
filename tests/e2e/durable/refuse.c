#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/durable/cases.h"
#include "tests/e2e/durable/centre.h"

void test_second_daemon(void)
{
    struct centre c = {.durability = "async"}, second = {.durability = "async"};

    centre_start(&c);
    CHECK(centre_fails(&second) == 1);
    CHECK(centre_logged("another process has this directory open"));
    ASK(&c, queue_set, .name = acd_str("sales")); /* which the first does not notice */
    centre_stop(&c);
    centre_close(&c);
}

static void on_event(void *ctx, const struct acd_view_published *head,
                     const struct acd_event *event)
{
    (void)ctx;
    (void)head;
    (void)event;
}

static void on_truncated(void *ctx, struct acd_position last)
{
    *(struct acd_position *)ctx = last;
}

/* Whoever subscribes hears of it. */
static void watch_truncated(struct acd_position last)
{
    struct acd_position told = {0, 0};
    struct acd_observer *observer;

    CHECK(acd_observer_open(&observer, &(struct acd_observer_options){.url = CENTRE_PUB_URL,
                                                                      .on_event = on_event,
                                                                      .on_truncated = on_truncated,
                                                                      .ctx = &told}) == ACD_OK);
    CHECK_SOON(acd_observer_wait(observer, 10 * ACD_MS) >= 0 && told.epoch != 0);
    CHECK(told.epoch == last.epoch && told.sequence == last.sequence);
    acd_observer_close(observer);
}

/* The file says it by the same words as the flags, and is told the line of what is wrong. */
void test_settings(void)
{
    static const char right[] = "directory = \"data\"\ndurability = sync\nring_bytes = 2M\n"
                                "commit_interval = 20ms\ncheckpoint_interval = 1s\n"
                                "history_retention = forever\nimage_interval = 1h\n"
                                "interval_retention = 1000d\nfold_retention = forever\n"
                                "reporting_zones = \"Europe/Berlin, UTC, Asia/Tokyo\"\n"
                                "map_bytes = 4G\n";
    static const struct {
        const char *flag, *said;
    } wrong[] = {{"--ring-bytes=3M", "no power of two"},
                 {"--durability=maybe", "neither async nor sync"},
                 {"--commit-interval=soon", "no time like"},
                 {"--checkpoint-interval=1us", "too short or too long"},
                 {"--image-interval=1ms", "too short or too long"},
                 {"--map-bytes=2048G", "no power of two"},
                 {"--history-retention=1h", "too short or too long"},
                 {"--reporting-zones=Mars", "time zone that this system has not"},
                 {"--interval-retention=never", "no time like"}};
    struct centre c = {.durability = "async", .flags = {"--check", "--config=conf"}};

    centre_write("conf", right);
    CHECK(centre_fails(&c) == 0 && centre_logged("config_ok"));
    centre_write("conf", "log_level = info\ncommit_interval = never\n");
    CHECK(centre_fails(&c) == 1 && centre_logged("line=2") && centre_logged("commit_interval"));
    CHECK(unlink("conf") == 0);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        snprintf(c.flags[1], sizeof c.flags[1], "%s", wrong[i].flag);
        CHECK(centre_fails(&c) == 2 && centre_logged(wrong[i].said));
    }
}

/* The ring is to be in shared memory; elsewhere it does its work, but the log says so. */
void test_ring_on_disk(void)
{
    struct centre c = {.durability = "async"};
    struct statfs fs;

    centre_start(&c);
    centre_make(&c);
    CHECK(statfs("ring", &fs) == 0);
    CHECK(centre_logged("event=ring_on_disk") == (fs.f_type != TMPFS_MAGIC));
    centre_stop(&c);
    snprintf(c.flags[0], sizeof c.flags[0], "--ring-directory=/dev/shm");
    centre_start(&c);
    CHECK(!centre_logged("event=ring_on_disk"));
    centre_stop(&c);
    centre_close(&c);
}

/* A directory that was wiped is another history, though its events have the numbers of the old. */
void test_wiped(void)
{
    struct centre c = {.durability = "async"};
    struct acd_view_server was, is;

    centre_start(&c);
    was = centre_server(&c);
    centre_stop(&c);
    if (system("rm -r data") != 0)
        check_give_up("data", "cannot be removed");
    centre_start(&c);
    is = centre_server(&c);
    CHECK(is.epoch != was.epoch && is.truncated_epoch == 0 && is.sequence == was.sequence);
    centre_stop(&c);
    centre_close(&c);
}

/* The ring is gone though the machine was not restarted: nothing is done but to say so; when the
 * loss is accepted, a new epoch begins and everybody hears of it. */
void test_lost_ring(void)
{
    struct centre c = {.durability = "async"};
    struct acd_view_server v;
    uint32_t epoch;

    centre_start(&c);
    ASK(&c, queue_set, .name = acd_str("sales"));
    epoch = centre_server(&c).epoch;
    centre_kill(&c);
    if (system("rm ring/*") != 0)
        check_give_up("ring", "cannot be removed");
    CHECK(centre_fails(&c) == 1);
    CHECK(centre_logged("--accept-loss"));
    snprintf(c.flags[0], sizeof c.flags[0], "--accept-loss");
    centre_start(&c);
    CHECK(centre_logged("event=truncated"));
    v = centre_server(&c);
    CHECK(v.epoch != epoch && v.truncated_epoch == epoch && v.truncated_last >= 1);
    watch_truncated((struct acd_position){epoch, v.truncated_last});
    ASK(&c, queue_set, .name = acd_str("sales"));
    centre_stop(&c);
    centre_close(&c);
}
