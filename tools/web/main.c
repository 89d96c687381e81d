#include <argp.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/acd_defaults.h"
#include "tools/option.h"
#include "tools/web/board.h"
#include "tools/web/http.h"
#include "tools/web/scrape.h"

/* acd-web: see web.h. */

const char *argp_program_version = "acd-web " ACD_RELEASE;

static const struct argp_option OPTIONS[] = {
    {"socket", 's', "URL", 0, "The daemon's request socket; default $ACD_URL", 0},
    {"pub", 'p', "URL", 0, "Its publishing socket; default what belongs to --socket", 0},
    {"listen", 'l', "HOST:PORT", 0, "Where to serve; default 127.0.0.1:9780", 1},
    {"timeout", 't', "SECONDS", 0, "How long the daemon may take to answer; default 3", 1},
    {"agents", 'a', "N", 0, "Agents that a wallboard shows, at most; default 500", 2},
    {"browsers", 'b', "N", 0, "Wallboards at a time; default 64", 2},
    {0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    struct web_options *o = state->input;

    switch (key) {
    case 's': o->url = arg; break;
    case 'p': o->pub_url = arg; break;
    case 'a': o->agents_max = option_number(state, "agents", arg, 1, 5000); break;
    case 'b': o->browsers_max = option_number(state, "browsers", arg, 1, 900); break;
    case 'l': o->listen = arg; break;
    case 't': o->timeout = option_number(state, "timeout", arg, 1, 3600) * ACD_SECOND; break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp ARGP = {
    .options = OPTIONS,
    .parser = parse_option,
    .doc = "Serves what acdd knows over HTTP: a wallboard, /metrics for "
           "Prometheus, /healthz, /readyz."
           "\vWhoever can connect can read: see acd-web(1) before --listen is another than "
           "this machine.",
};

/* ---- the loop ------------------------------------------------------------------------------ */

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
    (void)number;
    stopped = 1;
}

/* SIGINT and SIGTERM come only while the loop waits; a second one ends the program at once. */
static sigset_t catch_signals(void)
{
    struct sigaction stop = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigset_t held, open;

    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigprocmask(SIG_BLOCK, &held, &open);
    sigdelset(&open, SIGINT);
    sigdelset(&open, SIGTERM);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
    return open;
}

/* The sooner of two waits in ms, -1 being for ever. */
static int sooner(int one, int other)
{
    return one < 0 || (other >= 0 && other < one) ? other : one;
}

static void run(struct web *web)
{
    const sigset_t open = catch_signals();

    while (!stopped) {
        struct pollfd fds[] = {{acd_client_fd(web->client), POLLIN, 0},
                               {acd_observer_fd(web->observer), POLLIN, 0},
                               {http_fd(web->http), POLLIN, 0}};
        const int wait = sooner(http_wait_ms(web->http), board_wait_ms(web->board));
        const struct timespec until = {wait / 1000, wait % 1000 * 1000000L};

        if (ppoll(fds, sizeof fds / sizeof fds[0], wait < 0 ? NULL : &until, &open) < 0 &&
            errno != EINTR)
            web_die("poll: %s", strerror(errno));
        acd_observer_process(web->observer);
        acd_client_process(web->client);
        board_process(web->board);
        http_process(web->http);
        acd_client_flush(web->client);
    }
}

/* ---- life ---------------------------------------------------------------------------------- */

static void open_client(struct web *web)
{
    const struct acd_client_options options = {.url = web->options.url,
                                               .timeout = web->options.timeout};
    const int error = acd_client_open(&web->client, &options);

    if (error != ACD_OK)
        web_die("%s: %s", web->options.url, acd_error_text(error));
}

int main(int argc, char **argv)
{
    struct web web = {.options = {.listen = "127.0.0.1:9780",
                                  .timeout = 3 * ACD_SECOND,
                                  .browsers_max = 64,
                                  .agents_max = 500}};
    char url[ACD_URL_MAX], pub_url[ACD_URL_MAX];

    argp_err_exit_status = 2;
    acd_default_url(url);
    web.options.url = url;
    argp_parse(&ARGP, argc, argv, 0, NULL, &web.options);
    acd_default_pub_url(web.options.url, pub_url);
    if (web.options.pub_url == NULL)
        web.options.pub_url = pub_url;
    open_client(&web);
    web.board = board_open(&web);
    web.scrape = scrape_open(&web);
    web.http = http_open(&web);
    if (web.http == NULL)
        web_die("cannot listen at %s: %s", web.options.listen, strerror(errno));
    fprintf(stderr, "acd-web: http://%s/, of %s\n", http_address(web.http), web.options.url);
    run(&web);
    acd_client_close(web.client); /* whoever waits for figures is answered */
    acd_observer_close(web.observer);
    http_close(web.http);
    board_close(web.board);
    scrape_close(web.scrape);
    return 0;
}
