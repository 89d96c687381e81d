#include "tests/e2e/durable/centre.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proto/acd_json.h"
#include "tests/e2e/check.h"

static char acdd_path[4096], acdctl_path[4200];

void centre_init(const char *acdd)
{
    if (realpath(acdd, acdd_path) == NULL)
        check_give_up(acdd, strerror(errno));
    snprintf(acdctl_path, sizeof acdctl_path, "%.*s/../tools/acdctl",
             (int)(strrchr(acdd_path, '/') - acdd_path), acdd_path);
}

/* ---- the process -------------------------------------------------------------------------- */

static _Noreturn void run(const struct centre *c)
{
    char listen[] = "--listen=" CENTRE_URL, publish[] = "--publish=" CENTRE_PUB_URL;
    char directory[] = "--directory=data", ring[] = "--ring-directory=ring", durability[64];
    char *words[16] = {acdd_path, listen, publish, directory, ring, durability};
    int log = open("log", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), count = 6;

    snprintf(durability, sizeof durability, "--durability=%s",
             c->durability == NULL ? "async" : c->durability);
    if (c->durability == NULL)
        words[3] = ring; /* said twice, and no directory */
    for (size_t i = 0; i < sizeof c->flags / sizeof c->flags[0] && c->flags[i][0] != '\0'; i++)
        words[count++] = (char *)(uintptr_t)c->flags[i];
    if (log < 0 || dup2(log, STDERR_FILENO) < 0)
        _exit(127);
    if (c->before != NULL)
        c->before();
    execv(words[0], words);
    _exit(127);
}

static void on_notice(void *ctx, const struct acd_view_notice *notice)
{
    struct centre *c = ctx;

    CHECK(notice->number == (uint64_t)c->notices + 1);
    if (c->notices < (int)sizeof c->kinds)
        c->kinds[c->notices] = notice->kind;
    c->notices++;
    c->last = *notice;
}

static void connect_gateway(struct centre *c)
{
    const struct acd_client_options options = {
        .url = CENTRE_URL, .name = "sip-1", .timeout = 20 * ACD_SECOND};

    if (c->client != NULL)
        return;
    c->notices = 0;
    CHECK(acd_client_open(&c->client, &options) == ACD_OK);
    CHECK(acd_client_outbox(c->client, on_notice, c) == ACD_OK);
}

static pid_t start(struct centre *c)
{
    pid_t pid = fork();

    if (pid < 0)
        check_give_up("fork", strerror(errno));
    if (pid == 0)
        run(c);
    return pid;
}

void centre_start(struct centre *c)
{
    c->pid = start(c);
    connect_gateway(c);
    CHECK(acd_client_connect(c->client, 20 * ACD_SECOND) == ACD_OK);
}

/* The gateway goes on meanwhile: acdd waits for it to hang up. */
static int ended(struct centre *c, pid_t pid)
{
    int status;
    pid_t found;

    while ((found = waitpid(pid, &status, WNOHANG)) == 0)
        if (c->client != NULL)
            acd_client_wait(c->client, ACD_MS);
    return found == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int centre_fails(struct centre *c)
{
    return ended(c, start(c));
}

/* The gateway notices, so that it connects anew. */
static void notice_end(struct centre *c)
{
    while (c->client != NULL && acd_client_is_connected(c->client))
        acd_client_wait(c->client, ACD_MS);
}

void centre_kill(struct centre *c)
{
    kill(c->pid, SIGKILL);
    waitpid(c->pid, NULL, 0);
    notice_end(c);
}

int centre_end(struct centre *c)
{
    int status;

    kill(c->pid, SIGTERM);
    status = ended(c, c->pid);
    notice_end(c);
    return status;
}

void centre_stop(struct centre *c)
{
    CHECK(centre_end(c) == 0);
}

void centre_close(struct centre *c)
{
    acd_client_close(c->client);
    c->client = NULL;
}

void centre_wipe(void)
{
    if (system("rm -rf data ring log said && mkdir ring") != 0)
        check_give_up("data", "cannot be removed");
}

void centre_disk(const struct centre *c, bool well)
{
    struct rlimit limit = {.rlim_cur = well ? RLIM_INFINITY : 4096, .rlim_max = RLIM_INFINITY};

    if (prlimit(c->pid, RLIMIT_FSIZE, &limit, NULL) != 0)
        check_give_up("prlimit", "fails");
}

/* ---- asking ------------------------------------------------------------------------------- */

struct acd_view_outcome centre_ask(struct centre *c, struct acd_command command)
{
    struct acd_view_outcome o;

    if (!CHECK(acd_client_call(c->client, &command, &o) == ACD_OK))
        fprintf(stderr, "%s\n", acd_client_error_text(c->client));
    return o;
}

void centre_make(struct centre *c)
{
    static const char *const keys[] = {"a", "b", "c", "d"};

    ASK(c, queue_set, .name = acd_str("sales"), .ring_timeout = 2 * ACD_SECOND);
    ASK(c, agent_set, .name = acd_str("ada"), .contact = acd_str("sip:ada"));
    ASK(c, member_set, .agent_name = acd_str("ada"), .queue_name = acd_str("sales"));
    ASK(c, agent_state, .name = acd_str("ada"), .state = ACD_READY);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        ASK(c, route, .key = acd_str(keys[i]), .queue_name = acd_str("sales"));
}

static void on_server(void *ctx, int error, const struct acd_view *view)
{
    CHECK(error == ACD_OK);
    *(struct acd_view_server *)ctx = view->as.server;
}

struct acd_view_server centre_server(struct centre *c)
{
    const struct acd_query query = {.code = ACD_QUERY_get_server};
    struct acd_view_server v = {0};

    CHECK(acd_client_query(c->client, &query, on_server, &v) == ACD_OK);
    v.version = (struct acd_str){0};
    return v;
}

struct picture {
    char *at, *end;
};

static void on_view(void *ctx, int error, const struct acd_view *view)
{
    struct picture *p = ctx;
    char json[ACD_JSON_MAX];

    CHECK(error == ACD_OK);
    acd_json_write(acd_message_record(view->code), &view->as, NULL, json, sizeof json);
    p->at += snprintf(p->at, (size_t)(p->end - p->at), "%s\n", json);
    if (p->at >= p->end)
        check_give_up("picture", "too long");
}

void centre_picture(struct centre *c, char *out, size_t len)
{
    const struct acd_query queries[] = {
        {.code = ACD_QUERY_get_totals},
        {.code = ACD_QUERY_list_agents},
        {.code = ACD_QUERY_list_queues},
        {.code = ACD_QUERY_list_calls},
        {.code = ACD_QUERY_list_calls,
         .as.list_calls = {.queue_name = acd_str("sales"), .state = ACD_QUEUED}},
        {.code = ACD_QUERY_list_assignments},
        {.code = ACD_QUERY_list_members, .as.list_members.queue_name = acd_str("sales")},
    };
    struct picture p = {out, out + len};

    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++)
        CHECK(acd_client_list(c->client, &queries[i], on_view, &p) == ACD_OK);
}

/* A file that tests write or processes have left. */
static bool file_has(const char *file, const char *text)
{
    static char bytes[65536];
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? 0 : read(fd, bytes, sizeof bytes - 1);

    if (fd >= 0)
        close(fd);
    bytes[got > 0 ? got : 0] = '\0';
    return strstr(bytes, text) != NULL;
}

void centre_write(const char *file, const char *text)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
        check_give_up(file, "cannot be written");
    close(fd);
}

int centre_acdctl(const char *words)
{
    char more[8192];

    snprintf(more, sizeof more, "%s 2>&1", words);
    return centre_acdctl_by(CENTRE_URL, more);
}

int centre_acdctl_by(const char *url, const char *words)
{
    char line[16384];
    int status;

    snprintf(line, sizeof line, "%s --socket %s >said %s", acdctl_path, url, words);
    status = system(line);
    if (status < 0 || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

bool centre_said(const char *text)
{
    return file_has("said", text);
}

bool centre_logged(const char *text)
{
    return file_has("log", text);
}
