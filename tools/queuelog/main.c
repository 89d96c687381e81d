#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "proto/acd_defaults.h"
#include "tools/queuelog/queuelog.h"

/* acd-queuelog: see queuelog.h. */

/* The picture is kept when the log has grown by so much, or something has happened for so long:
 * that is what whoever is killed makes again. */
#define KEEP_PAUSE (30 * ACD_SECOND)
enum { KEEP_BYTES = 256 * 1024 };

/* What is published may take so long to be durable; else the heartbeat wakes us. */
enum { WAIT_DURABLE_MS = 20, WAIT_MS = 1000 };

const char *argp_program_version = "acd-queuelog " ACD_RELEASE;

struct options {
    const char *url, *pub_url, *log;
};

static const struct argp_option OPTIONS[] = {
    {"socket", 's', "URL", 0, "The daemon's request socket; default $ACD_URL", 0},
    {"pub", 'p', "URL", 0, "Its publishing socket; default what belongs to --socket", 0},
    {0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    struct options *o = state->input;

    switch (key) {
    case 's': o->url = arg; break;
    case 'p': o->pub_url = arg; break;
    case ARGP_KEY_ARG:
        if (o->log != NULL)
            argp_usage(state);
        if (strlen(arg) > PATH_MAX - sizeof ".state.new")
            argp_error(state, "%s: too long", arg);
        o->log = arg;
        break;
    case ARGP_KEY_NO_ARGS: argp_usage(state); break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp ARGP = {
    .options = OPTIONS,
    .parser = parse_option,
    .args_doc = "FILE",
    .doc =
        "Writes what happens in acdd to FILE, as Asterisk writes its queue_log."
        "\vIt goes on where it left off, after a kill of its own or of the daemon too; beside the "
        "log stand FILE.state and FILE.lock. Rename FILE to rotate it.",
};

/* ---- the loop ------------------------------------------------------------------------------- */

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
    if (number != SIGHUP)
        stopped = 1;
}

/* Signals come only while the loop waits. A SIGHUP need only wake us: that the log has another name
 * is seen by itself. */
static sigset_t catch_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    const struct sigaction action = {.sa_handler = on_signal};
    sigset_t held, open;

    sigemptyset(&held);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sigaddset(&held, numbers[i]);
    sigprocmask(SIG_BLOCK, &held, &open);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        sigdelset(&open, numbers[i]);
        sigaction(numbers[i], &action, NULL);
    }
    signal(SIGPIPE, SIG_IGN);
    return open;
}

/* Says what keeps us from going on, when it is something new. */
static void tell(struct queuelog *q, int error)
{
    if (error == ACD_STATE)
        queuelog_die("%s keeps no journal: acdd is to be started with a directory", q->url);
    if (error != q->error && error != ACD_OK)
        queuelog_say("%s", acd_client_error_text(q->client));
    q->error = error;
}

static void keep_when_due(struct queuelog *q)
{
    if (q->known && q->next != q->kept_next &&
        (q->sink.length - q->kept_length >= KEEP_BYTES ||
         queuelog_clock() - q->kept_at >= KEEP_PAUSE))
        keep_save(q, false);
}

/* A new log is begun only when it is written down which one, so that nothing of it is ever told
 * twice. */
static void turn_when_renamed(struct queuelog *q)
{
    if (q->known && sink_turn(&q->sink))
        keep_save(q, false);
}

static void wait_for_more(struct queuelog *q, const sigset_t *open)
{
    const int wait = q->behind ? 0 : q->head >= q->next ? WAIT_DURABLE_MS : WAIT_MS;
    const struct timespec until = {wait / 1000, wait % 1000 * 1000000L};
    struct pollfd fds[] = {{acd_client_fd(q->client), POLLIN, 0},
                           {acd_observer_fd(q->observer), POLLIN, 0}};

    if (ppoll(fds, 2, &until, open) < 0 && errno != EINTR)
        queuelog_die("poll: %s", strerror(errno));
    acd_observer_process(q->observer);
    acd_client_process(q->client);
}

static void run(struct queuelog *q)
{
    const sigset_t open = catch_signals();

    while (!stopped) {
        if (acd_client_is_connected(q->client))
            tell(q, follow(q));
        turn_when_renamed(q);
        keep_when_due(q);
        wait_for_more(q, &open);
    }
    if (q->known)
        keep_save(q, true);
}

/* ---- life ----------------------------------------------------------------------------------- */

static void on_state(void *ctx, enum acd_client_state state)
{
    struct queuelog *q = ctx;

    if (state != ACD_CLIENT_CONNECTED)
        q->sure = false;
}

static void on_published(void *ctx, const struct acd_view_published *head,
                         const struct acd_event *event)
{
    struct queuelog *q = ctx;

    (void)event;
    q->head = head->sequence;
}

static void open_daemon(struct queuelog *q)
{
    const struct acd_client_options client = {.url = q->url, .on_state = on_state, .ctx = q};
    const struct acd_observer_options observer = {
        .url = q->pub_url, .heartbeats = true, .on_event = on_published, .ctx = q};
    int error = acd_client_open(&q->client, &client);

    if (error != ACD_OK)
        queuelog_die("%s: %s", q->url, acd_error_text(error));
    error = acd_observer_open(&q->observer, &observer);
    if (error != ACD_OK)
        queuelog_die("%s: %s", q->pub_url, acd_error_text(error));
}

/* One writer a log. The lock goes with the process. */
static void lock(const char *log)
{
    char path[PATH_MAX];
    int fd;

    snprintf(path, sizeof path, "%s.lock", log);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0)
        queuelog_die("%s: %s", path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        queuelog_die("%s: another acd-queuelog writes this log", log);
}

int main(int argc, char **argv)
{
    static struct queuelog q;
    struct options options = {0};
    char url[ACD_URL_MAX], pub_url[ACD_URL_MAX];

    argp_err_exit_status = 2;
    acd_default_url(url);
    options.url = url;
    argp_parse(&ARGP, argc, argv, 0, NULL, &options);
    acd_default_pub_url(options.url, pub_url);
    q.url = options.url;
    q.pub_url = options.pub_url == NULL ? pub_url : options.pub_url;
    lock(options.log);
    q.sink.path = options.log;
    q.known = keep_load(&q);
    if (q.known)
        keep_save(&q, false); /* from now on the log may have more lines than it says */
    else
        sink_open(&q.sink, options.log);
    open_daemon(&q);
    run(&q);
    acd_client_close(q.client);
    acd_observer_close(q.observer);
    sink_close(&q.sink);
    centre_clear(&q.centre);
    return 0;
}
