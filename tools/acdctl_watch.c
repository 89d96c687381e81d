/* acdctl: the status again and again. On a terminal it stays in place and is drawn anew when
 * something happens, at most REDRAW_US apart, and each interval for what only time changes. Into a
 * file or a pipe it is a block each interval. */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "engine/acd_assert.h"
#include "tools/acdctl.h"

#define REDRAW_US (300 * ACD_MS)

static volatile sig_atomic_t stopped, resized;

struct watch {
    struct ctl *ctl;
    struct acd_observer *observer; /* NULL: only time tells */
    bool tty, dirty;
    acd_span interval;
    unsigned long count, drawn; /* drawings wanted, 0: no end; and made */
    acd_time drawn_at;
};

static acd_time monotonic(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (acd_time)t.tv_sec * ACD_SECOND + t.tv_nsec / 1000;
}

/* ---- signals and the terminal ------------------------------------------------------------- */

static void on_signal(int signal)
{
    if (signal == SIGWINCH)
        resized = 1;
    else
        stopped = 1;
}

/* The second signal to stop ends the program as if nobody had cared. A waiting poll() ends by any
 * signal; a drawing which a slow terminal has half taken goes on (SA_RESTART), or the end of the
 * screen would be lost to it. */
static void catch_signals(void)
{
    struct sigaction stop = {.sa_handler = on_signal, .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};
    struct sigaction resize = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGHUP, &stop, NULL);
    sigaction(SIGWINCH, &resize, NULL);
}

static void enter_screen(const struct watch *w)
{
    if (w->tty)
        fputs("\033[?1049h\033[?25l\033[?7l", stdout); /* other screen, no cursor, no wrapping */
}

static void leave_screen(const struct watch *w)
{
    if (w->tty)
        fputs("\033[?7h\033[?25h\033[?1049l", stdout);
}

static size_t screen_rows(void)
{
    struct winsize size;

    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 1 ? size.ws_row : 24;
}

/* ---- drawing ------------------------------------------------------------------------------ */

/* Line over line, so that nothing flickers; the last row says when there is no room for all. */
static void draw_screen(const char *text)
{
    size_t rows = screen_rows(), row = 0;

    fputs("\033[H", stdout);
    for (const char *end; *text != '\0' && row + 1 < rows; text = end, row++) {
        end = strchrnul(text, '\n');
        printf("%.*s\033[K\r\n", (int)(end - text), text);
        end += *end == '\n';
    }
    fputs(*text == '\0' ? "\033[J" : "...\033[K", stdout);
}

static void draw_text(const struct watch *w, const char *text)
{
    if (w->tty)
        draw_screen(text);
    else
        printf("%s%s", w->drawn > 0 && !w->ctl->json ? "\n" : "", text);
}

/* Without a connection the client is given a moment to have one again. */
static int take(struct watch *w, FILE *out)
{
    struct acd_client *client = w->ctl->client;
    int error = ACD_DISCONNECTED;

    if (!acd_client_is_connected(client))
        (void)acd_client_connect(client, REDRAW_US);
    if (acd_client_is_connected(client))
        error = ctl_status(w->ctl, out);
    if (error != ACD_OK && w->tty)
        fprintf(out, "%s\n", acd_client_error_text(client));
    return error;
}

static void draw(struct watch *w)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    int error;

    ACD_ASSERT(out != NULL);
    w->dirty = false;
    resized = 0;
    error = take(w, out);
    ACD_ASSERT(fclose(out) == 0);
    if (error == ACD_OK || w->tty)
        draw_text(w, text);
    else
        fprintf(stderr, "acdctl: %s\n", acd_client_error_text(w->ctl->client));
    free(text);
    if (fflush(stdout) != 0)
        stopped = 1;
    w->drawn += error == ACD_OK;
    w->drawn_at = monotonic();
}

/* ---- waiting ------------------------------------------------------------------------------ */

static void on_event(void *ctx, const struct acd_view_published *head,
                     const struct acd_event *event)
{
    (void)head;
    (void)event;
    ((struct watch *)ctx)->dirty = true;
}

static void on_state(void *ctx, enum acd_client_state state)
{
    (void)state;
    ((struct watch *)ctx)->dirty = true;
}

static acd_time next_drawing(const struct watch *w)
{
    const bool soon = w->tty && (w->dirty || resized);

    return w->drawn_at + (soon && REDRAW_US < w->interval ? REDRAW_US : w->interval);
}

static void wait_until_due(struct watch *w)
{
    acd_span left;

    while (!stopped && (left = next_drawing(w) - monotonic()) > 0) {
        if (w->observer != NULL)
            (void)acd_observer_wait(w->observer, left);
        else
            (void)acd_client_wait(w->ctl->client, left);
    }
}

/* ---- the verb ----------------------------------------------------------------------------- */

static int read_options(struct watch *w)
{
    struct ctl *ctl = w->ctl;

    for (size_t i = 0; i < ctl->count; i++) {
        const char *key = ctl->args[i].key == NULL ? "" : ctl->args[i].key;
        const char *value = ctl->args[i].value;

        if (strcmp(key, "interval") == 0 && !ctl_seconds(value, &w->interval))
            return ctl_usage(ctl, "-n", "\"%s\" is no number of seconds", value);
        if (strcmp(key, "count") == 0 && !ctl_whole(value, 1UL << 31, &w->count))
            return ctl_usage(ctl, "--count", "\"%s\" is no number from 1 up", value);
        if (strcmp(key, "interval") != 0 && strcmp(key, "count") != 0)
            return ctl_usage(ctl, key, "takes -n SECONDS and --count N only");
    }
    if (w->interval < 100 * ACD_MS)
        return ctl_usage(ctl, "-n", "at least 0.1");
    return CTL_OK;
}

int ctl_run_watch(struct ctl *ctl, const struct ctl_verb *verb)
{
    struct watch w = {.ctl = ctl, .interval = ACD_SECOND};
    const struct acd_observer_options options = {
        .url = ctl->pub_url, .on_event = on_event, .on_state = on_state, .ctx = &w};
    int status = read_options(&w);

    (void)verb;
    w.tty = isatty(STDOUT_FILENO) == 1 && !ctl->json;
    if (status == CTL_OK)
        status = ctl_connect(ctl);
    if (status != CTL_OK)
        return status;
    if (w.tty && acd_observer_open(&w.observer, &options) != ACD_OK)
        w.observer = NULL;
    catch_signals();
    enter_screen(&w);
    for (draw(&w); !stopped && (w.count == 0 || w.drawn < w.count); draw(&w))
        wait_until_due(&w);
    leave_screen(&w);
    acd_observer_close(w.observer);
    return CTL_OK;
}
