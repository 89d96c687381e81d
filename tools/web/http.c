#include "tools/web/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "tools/web/board.h"
#include "tools/web/page.h"
#include "tools/web/scrape.h"

enum {
    IDLE_S = 30,
    CONNECTIONS_MAX = 1024,
    CONNECTION_BYTES = 32768,
    STREAM_BLOCK = 16384,
    HOST_MAX = 128,
    ADDRESS_MAX = HOST_MAX + 16,
};

enum route { ROUTE_NONE, ROUTE_PAGE, ROUTE_EVENTS, ROUTE_METRICS, ROUTE_HEALTH, ROUTE_READY };

/* A request and its answer. */
struct exchange {
    struct http *http;
    struct MHD_Connection *connection;
    enum route route;
    enum { FIGURES_NONE, FIGURES_WANTED, FIGURES_AWAITED, FIGURES_THERE } figures;
    struct exchange *next; /* of all there are */
    struct stream stream;  /* of a wallboard */
    bool streams, sleeps;  /* it has joined; it is suspended until there is something */
};

struct http {
    struct web *web;
    struct MHD_Daemon *daemon;
    struct exchange *exchanges;
    char address[ADDRESS_MAX];
    bool closing;
};

/* ---- answers ------------------------------------------------------------------------------- */

static enum MHD_Result send_response(struct exchange *x, unsigned status,
                                     struct MHD_Response *response, const char *type)
{
    enum MHD_Result result;

    ACD_ASSERT(response != NULL);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    result = MHD_queue_response(x->connection, status, response);
    MHD_destroy_response(response);
    return result;
}

/* Of a text in memory of malloc's, which is given away. */
static enum MHD_Result send_text(struct exchange *x, unsigned status, char *text, size_t len,
                                 const char *type)
{
    return send_response(x, status,
                         MHD_create_response_from_buffer(len, text, MHD_RESPMEM_MUST_FREE), type);
}

static enum MHD_Result send_line(struct exchange *x, unsigned status, const char *line)
{
    char *text = strdup(line);

    ACD_ASSERT(text != NULL);
    return send_text(x, status, text, strlen(text), "text/plain; charset=utf-8");
}

static enum MHD_Result send_figures(struct exchange *x)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    bool ready = true;

    ACD_ASSERT(out != NULL);
    if (x->route == ROUTE_METRICS)
        scrape_metrics(x->http->web->scrape, out);
    else
        ready = scrape_ready(x->http->web->scrape, out);
    ACD_ASSERT(fclose(out) == 0);
    return send_text(x, ready ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE, text, len,
                     x->route == ROUTE_METRICS ? "text/plain; version=0.0.4; charset=utf-8"
                                               : "text/plain; charset=utf-8");
}

/* ---- who waits for figures ----------------------------------------------------------------- */

static enum MHD_Result answer_figures(struct exchange *x)
{
    if (x->figures == FIGURES_THERE)
        return send_figures(x);
    x->figures = FIGURES_WANTED;
    MHD_suspend_connection(x->connection);
    return MHD_YES;
}

static void start_scrape(struct http *h)
{
    bool wanted = false;

    for (struct exchange *x = h->exchanges; x != NULL; x = x->next)
        if (x->figures == FIGURES_WANTED) {
            x->figures = FIGURES_AWAITED;
            wanted = true;
        }
    if (wanted)
        scrape_start(h->web->scrape);
}

void http_scraped(struct http *h)
{
    for (struct exchange *x = h->exchanges; x != NULL; x = x->next)
        if (x->figures == FIGURES_AWAITED) {
            x->figures = FIGURES_THERE;
            MHD_resume_connection(x->connection);
        }
}

/* ---- wallboards ---------------------------------------------------------------------------- */

/* The page needs nothing from anywhere else, and may not have it. */
static enum MHD_Result send_page(struct exchange *x)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(web_page_len, (void *)web_page, MHD_RESPMEM_PERSISTENT);

    ACD_ASSERT(response != NULL);
    MHD_add_response_header(response, "Content-Security-Policy",
                            "default-src 'none'; script-src 'unsafe-inline'; style-src "
                            "'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; "
                            "form-action 'none'; frame-ancestors 'self'");
    return send_response(x, MHD_HTTP_OK, response, "text/html; charset=utf-8");
}

static ssize_t on_read(void *ctx, uint64_t position, char *out, size_t max)
{
    struct exchange *x = ctx;
    const size_t len = stream_read(&x->stream, out, max);

    (void)position;
    if (len > 0)
        return (ssize_t)len;
    if (x->http->closing)
        return MHD_CONTENT_READER_END_OF_STREAM;
    x->sleeps = true;
    MHD_suspend_connection(x->connection);
    return 0;
}

static enum MHD_Result send_stream(struct exchange *x)
{
    struct web *web = x->http->web;

    if (web->browsers >= web->options.browsers_max) {
        web->counters.browsers_refused++;
        return send_line(x, MHD_HTTP_SERVICE_UNAVAILABLE, "too many wallboards\n");
    }
    x->streams = true;
    board_join(web->board, &x->stream);
    return send_response(
        x, MHD_HTTP_OK,
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, on_read, x, NULL),
        "text/event-stream");
}

static void wake(struct exchange *x)
{
    if (!x->sleeps)
        return;
    x->sleeps = false;
    MHD_resume_connection(x->connection);
}

void http_streams_wake(struct http *h)
{
    for (struct exchange *x = h->exchanges; x != NULL; x = x->next)
        if (x->stream.count > 0)
            wake(x);
}

/* ---- requests ------------------------------------------------------------------------------ */

static enum route route_of(const char *path)
{
    static const struct {
        const char *path;
        enum route route;
    } routes[] = {
        {"/", ROUTE_PAGE},          {"/events", ROUTE_EVENTS}, {"/metrics", ROUTE_METRICS},
        {"/healthz", ROUTE_HEALTH}, {"/readyz", ROUTE_READY},
    };

    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++)
        if (strcmp(routes[i].path, path) == 0)
            return routes[i].route;
    return ROUTE_NONE;
}

static struct exchange *exchange_open(struct http *h, struct MHD_Connection *connection,
                                      const char *path)
{
    struct exchange *x = calloc(1, sizeof *x);

    ACD_ASSERT(x != NULL);
    *x = (struct exchange){
        .http = h, .connection = connection, .route = route_of(path), .next = h->exchanges};
    h->exchanges = x;
    return x;
}

/* Called once for the head, once for the end of the request, and again after a suspension. */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *body,
                                  size_t *body_len, void **exchange)
{
    struct exchange *x = *exchange;

    (void)version;
    (void)body;
    if (x == NULL) {
        *exchange = exchange_open(ctx, connection, path);
        return MHD_YES;
    }
    if (*body_len > 0) { /* what nobody asked for is passed over */
        *body_len = 0;
        return MHD_YES;
    }
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return send_line(x, MHD_HTTP_METHOD_NOT_ALLOWED, "GET and HEAD only\n");
    switch (x->route) {
    case ROUTE_PAGE: return send_page(x);
    case ROUTE_EVENTS: return send_stream(x);
    case ROUTE_METRICS:
    case ROUTE_READY: return answer_figures(x);
    case ROUTE_HEALTH: return send_line(x, MHD_HTTP_OK, "ok\n");
    default: return send_line(x, MHD_HTTP_NOT_FOUND, "no such page\n");
    }
}

static void on_completed(void *ctx, struct MHD_Connection *connection, void **exchange,
                         enum MHD_RequestTerminationCode why)
{
    struct http *h = ctx;
    struct exchange *x = *exchange, **at = &h->exchanges;

    (void)connection;
    (void)why;
    if (x == NULL)
        return;
    while (*at != x)
        at = &(*at)->next;
    *at = x->next;
    if (x->streams)
        board_leave(h->web->board, &x->stream);
    free(x);
}

/* ---- life ---------------------------------------------------------------------------------- */

/* "host:port" or "[::1]:port", in two. */
static bool split_address(const char *listen, char host[HOST_MAX], const char **port)
{
    const char *colon = strrchr(listen, ':');
    size_t len = colon == NULL ? 0 : (size_t)(colon - listen);

    if (len > 2 && listen[0] == '[' && listen[len - 1] == ']') {
        listen++;
        len -= 2;
    }
    if (len == 0 || len >= HOST_MAX)
        return false;
    memcpy(host, listen, len);
    host[len] = '\0';
    *port = colon + 1;
    return true;
}

static struct addrinfo *find_address(const char *listen)
{
    const struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    char host[HOST_MAX];
    const char *port;
    int error;

    if (!split_address(listen, host, &port))
        web_die("--listen %s: not HOST:PORT", listen);
    error = getaddrinfo(host, port, &hints, &found);
    if (error != 0)
        web_die("--listen %s: %s", listen, gai_strerror(error));
    return found;
}

static void say_address(struct http *h, const char *listen)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT);
    const int host = (int)(strrchr(listen, ':') - listen);

    ACD_ASSERT(info != NULL);
    snprintf(h->address, sizeof h->address, "%.*s:%u", host, listen, info->port);
}

struct http *http_open(struct web *web)
{
    struct addrinfo *at = find_address(web->options.listen);
    const unsigned family = at->ai_family == AF_INET6 ? MHD_USE_IPv6 : 0;
    struct http *h = calloc(1, sizeof *h);

    ACD_ASSERT(h != NULL);
    h->web = web;
    errno = 0;
    h->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | family, 0, NULL, NULL, on_request, h,
        MHD_OPTION_SOCK_ADDR, at->ai_addr, MHD_OPTION_NOTIFY_COMPLETED, on_completed, h,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
        MHD_OPTION_END);
    freeaddrinfo(at);
    if (h->daemon == NULL) {
        free(h);
        return NULL;
    }
    say_address(h, web->options.listen);
    return h;
}

/* None may be suspended when the server stops. */
void http_close(struct http *h)
{
    h->closing = true;
    for (struct exchange *x = h->exchanges; x != NULL; x = x->next) {
        wake(x);
        if (x->figures == FIGURES_WANTED || x->figures == FIGURES_AWAITED) {
            x->figures = FIGURES_THERE;
            MHD_resume_connection(x->connection);
        }
    }
    MHD_run(h->daemon);
    MHD_stop_daemon(h->daemon);
    free(h);
}

const char *http_address(const struct http *h)
{
    return h->address;
}

/* ---- the loop ------------------------------------------------------------------------------ */

int http_fd(const struct http *h)
{
    return MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int http_wait_ms(const struct http *h)
{
    MHD_UNSIGNED_LONG_LONG ms;

    if (MHD_get_timeout(h->daemon, &ms) != MHD_YES)
        return -1;
    return ms < 60000 ? (int)ms : 60000;
}

void http_process(struct http *h)
{
    MHD_run(h->daemon);
    if (!h->web->scrape->running)
        start_scrape(h);
}
