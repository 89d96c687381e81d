#include <criterion/criterion.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/persist/site.h"

/* Joined frames: all of them or none, whatever is killed, and however many they are. */

enum { MANY = 90000 }; /* sets of an agent: more bytes than a batch takes otherwise */

static void append(struct site *s, struct acd_command c, bool joined)
{
    struct acd_view_outcome o;
    struct acd_frame frame;

    cr_assert_eq(acd_execute(s->e, acd_now(s->e), ACD_NOBODY, 0, &c, &o), ACD_OK);
    frame = acd_last_frame(s->e);
    cr_assert_gt(frame.count, 0);
    frame.joined = joined;
    acd_persist_append(s->p, frame);
}

static struct acd_command agent_number(int i)
{
    static char name[16];
    struct acd_command c = {.code = ACD_COMMAND_agent_set};

    snprintf(name, sizeof name, "joined%d", i % 8);
    c.as.agent_set.name = acd_str(name);
    c.as.agent_set.contact = acd_str("sip:a-contact-that-takes-some-room-in-the-ring@example.org");
    c.as.agent_set.extension = acd_str(i % 2 == 0 ? "1" : "2");
    return c;
}

static bool there(const struct site *s, int i)
{
    return acd_agent_named(s->e, agent_number(i).as.agent_set.name).gen != 0;
}

/* Opens in a child that appends five joined frames, the last of them ending it or not. */
static void die_joined(struct site *s, bool ended)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        site_open(s);
        append(s, agent_number(0), false);
        for (int i = 1; i < 5; i++)
            append(s, agent_number(i), i < 4 || !ended);
        (void)acd_persist_step(s->p);
        (void)raise(SIGKILL);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFSIGNALED(status));
}

Test(persist_joined, a_kill_before_the_last_takes_all)
{
    struct site s = site_make(21);

    s.options.limits.agents = 40;
    die_joined(&s, false);
    site_open(&s);
    cr_assert(there(&s, 0));
    for (int i = 1; i < 5; i++)
        cr_assert_not(there(&s, i), "%d", i);
    cr_assert_not(acd_persist_recovery(s.p).truncated);
    append(&s, agent_number(1), false);
    site_close(&s);
    cr_assert_eq(site_faults(&s), 0);
    site_remove(&s);
}

Test(persist_joined, a_kill_behind_the_last_takes_none)
{
    struct site s = site_make(22);

    s.options.limits.agents = 40;
    die_joined(&s, true);
    site_open(&s);
    for (int i = 0; i < 5; i++)
        cr_assert(there(&s, i), "%d", i);
    site_close(&s);
    cr_assert_eq(site_faults(&s), 0);
    site_remove(&s);
}

/* More than a commit takes of others: still one. */
Test(persist_joined, one_commit, .timeout = 60)
{
    struct site s = site_make(23);
    struct acd_persist_figures before, after;

    s.options.limits.agents = 40;
    s.options.ring_bytes = 32 << 20;
    site_open(&s);
    site_settle(&s);
    before = acd_persist_figures(s.p);
    for (int i = 0; i < MANY; i++)
        append(&s, agent_number(i), i < MANY - 1);
    cr_assert_gt(acd_persist_figures(s.p).waiting_bytes, 9 << 20);
    cr_assert_geq(acd_persist_step(s.p), 0);
    after = acd_persist_figures(s.p);
    cr_assert_eq(after.commits, before.commits + 1);
    cr_assert_eq(after.waiting_events, 0);
    site_close(&s);
    cr_assert_eq(site_faults(&s), 0);
    site_remove(&s);
}
