#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/durable/cases.h"
#include "tests/e2e/durable/centre.h"

/* A real file system that is full, or that nobody may write: acdd's data is a small tmpfs, which
 * only its own process sees, and those who look through its eyes. Where no process may mount
 * anything these cases say so and do nothing. */

enum { NOT_ALLOWED = 77 };

static bool tell_kernel(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool told = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    if (fd >= 0)
        close(fd);
    return told;
}

/* Whoever is not root is root of a name space of his own. */
static bool alone(void)
{
    char user[32], group[32];

    snprintf(user, sizeof user, "0 %u 1", (unsigned)geteuid());
    snprintf(group, sizeof group, "0 %u 1", (unsigned)getegid());
    return unshare(CLONE_NEWNS) == 0 ||
           (unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
            tell_kernel("/proc/self/setgroups", "deny") &&
            tell_kernel("/proc/self/uid_map", user) && tell_kernel("/proc/self/gid_map", group));
}

static void mount_data(unsigned long flags)
{
    if ((mkdir("data", 0700) != 0 && errno != EEXIST) || !alone() ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("acd", "data", "tmpfs", flags, "size=64m,mode=0700") != 0)
        _exit(NOT_ALLOWED);
}

static void mount_small(void)
{
    mount_data(0);
}

static void mount_read_only(void)
{
    mount_data(MS_RDONLY);
}

static void mount_and_leave(void)
{
    mount_data(0);
    _exit(open("data/file", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) < 0 ? NOT_ALLOWED : 0);
}

static bool is_allowed(void)
{
    struct centre c = {.before = mount_and_leave};
    bool allowed = centre_fails(&c) == 0;

    if (!allowed)
        fprintf(stderr, "nothing may be mounted here: a full file system is not tested\n");
    return allowed;
}

/* A file that takes all the room there is. */
static void ballast_path(const struct centre *c, char out[4200])
{
    char here[4096];

    if (getcwd(here, sizeof here) == NULL)
        check_give_up("getcwd", strerror(errno));
    snprintf(out, 4200, "/proc/%d/root%s/data/ballast", (int)c->pid, here);
}

static void fill(const struct centre *c)
{
    static const char block[65536] = "x";
    char path[4200];
    int fd;

    ballast_path(c, path);
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        check_give_up(path, strerror(errno));
    while (write(fd, block, sizeof block) > 0)
        ;
    CHECK(errno == ENOSPC);
    close(fd);
}

static void make_room(const struct centre *c)
{
    char path[4200];

    ballast_path(c, path);
    CHECK(unlink(path) == 0);
}

static void route_many(struct centre *c, int *count)
{
    char key[32];

    for (int i = 0; i < 50; i++) {
        snprintf(key, sizeof key, "call-%d", (*count)++);
        ASK(c, route, .key = acd_str(key), .queue_name = acd_str("sales"));
    }
}

/* The file system is full: calls go on, and what waits for the disk waits; the log says what to do.
 * When there is room again it all goes on by itself. */
void test_full_file_system(void)
{
    struct centre c = {.durability = "async", .before = mount_small};
    struct acd_view_server v;
    int count = 0;

    if (!is_allowed())
        return;
    centre_start(&c);
    centre_make(&c);
    fill(&c);
    CHECK_SOON((route_many(&c, &count), centre_logged("event=disk_fails")));
    CHECK(centre_logged(" room; nothing is lost"));
    route_many(&c, &count);
    make_room(&c);
    CHECK_SOON(centre_logged("event=disk_well") && centre_server(&c).disk_error == 0);
    ASK(&c, queue_set, .name = acd_str("support")); /* answered when it is durable */
    CHECK_SOON((v = centre_server(&c), v.durable == v.sequence));
    centre_stop(&c);
    centre_close(&c);
}

void test_read_only_file_system(void)
{
    struct centre c = {.durability = "async", .before = mount_read_only};

    if (!is_allowed())
        return;
    CHECK(centre_fails(&c) == 1);
    CHECK(centre_logged("give this user the right to read and write there"));
}
