#include <criterion/criterion.h>
#include <errno.h>
#include <sys/resource.h>

#include "daemon/nudge.h"

/* The loop is woken, here by its own thread. */

static uv_loop_t loop;
static struct nudge nudge;
static int heard;

static void on_heard(void *ctx)
{
    heard++;
    nudge_handle_close(ctx);
}

Test(nudge, is_heard_once_of_all_that_were_given)
{
    uv_loop_init(&loop);
    cr_assert(nudge_open(&nudge, &loop, on_heard, &nudge));
    cr_expect_neq(uv_run(&loop, UV_RUN_NOWAIT), 0);
    cr_expect_eq(heard, 0);
    for (int i = 0; i < 3; i++)
        nudge_give(&nudge);
    cr_expect_eq(uv_run(&loop, UV_RUN_DEFAULT), 0); /* nothing keeps it */
    cr_expect_eq(heard, 1);
    nudge_give(&nudge); /* somebody who does not know yet */
    nudge_close(&nudge);
    cr_expect_eq(uv_loop_close(&loop), 0);
}

Test(nudge, without_a_descriptor_says_why)
{
    struct rlimit limit, none;
    bool opened;
    int error;

    uv_loop_init(&loop);
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = limit;
    none.rlim_cur = 0;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    opened = nudge_open(&nudge, &loop, on_heard, &nudge);
    error = errno;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    cr_expect(!opened && error == EMFILE);
    nudge_close(&nudge);
    cr_expect_eq(uv_loop_close(&loop), 0);
}
