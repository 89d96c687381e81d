/* acdctl: the connection. Unless it speaks for a gateway (--as) it is an anonymous one: each run
 * asks a little and goes, so there is no name to come back under, and a command whose line breaks
 * is reported and not repeated. */

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "tools/acdctl.h"

#define TIMEOUT_DEFAULT (5 * ACD_SECOND)

/* A socket of this machine is there or is not; the wait is for a daemon that is being restarted. */
#define LOCAL_CONNECT (250 * ACD_MS)

int ctl_try_connect(struct ctl *ctl)
{
    const acd_span timeout = ctl->timeout == 0 ? TIMEOUT_DEFAULT : ctl->timeout;
    const acd_span longest = timeout < ACD_FOREVER - ctl->wait ? timeout + ctl->wait : timeout;
    const bool is_local = strncmp(ctl->url, "ipc://", 6) == 0;
    int error = ACD_OK;

    if (ctl->client == NULL)
        error = acd_client_open(
            &ctl->client,
            &(struct acd_client_options){.url = ctl->url, .name = ctl->as, .timeout = longest});
    if (error == ACD_OK && !acd_client_is_connected(ctl->client))
        error = acd_client_connect(ctl->client,
                                   ctl->timeout == 0 && is_local ? LOCAL_CONNECT : timeout);
    return error;
}

int ctl_connect(struct ctl *ctl)
{
    int error = ctl_try_connect(ctl);
    char text[1024];

    if (error == ACD_INVALID || error == ACD_TOO_LONG)
        return ctl_usage(ctl, "--socket",
                         "\"%s\" is not an address like ipc:///run/acd/acd.sock or tcp://host:5900",
                         ctl->url);
    if (error == ACD_OK)
        return CTL_OK;
    snprintf(text, sizeof text, "%s; is acdd running there?",
             ctl->client == NULL ? ctl->url : acd_client_error_text(ctl->client));
    return ctl_no_answer(ctl, error, text);
}

/* ---- queries ------------------------------------------------------------------------------ */

/* The field at fault stands only in what the client says: "list_calls: queue_name: no such ...". */
static const char *field_at_fault(const struct acd_record *record, const char *text, char name[64])
{
    size_t len = strlen(record->name), field_len;

    name[0] = '\0';
    if (strncmp(text, record->name, len) != 0 || strncmp(text + len, ": ", 2) != 0)
        return name;
    text += len + 2;
    field_len = strcspn(text, ":");
    if (text[field_len] == ':' && field_len < 64)
        snprintf(name, 64, "%.*s", (int)field_len, text);
    if (acd_field_named(record, name) == NULL)
        name[0] = '\0';
    return name;
}

int ctl_ask_failed(struct ctl *ctl, const struct acd_record *record, int error)
{
    const char *text = acd_client_error_text(ctl->client);
    char name[64];

    if (error == ACD_DISCONNECTED || error == ACD_TIMEOUT)
        return ctl_no_answer(ctl, error, text);
    if (error == ACD_STATE &&
        (record->code == ACD_QUERY_replay || record->code == ACD_QUERY_list_visits ||
         record->code == ACD_QUERY_list_queue_folds || record->code == ACD_QUERY_list_agent_folds ||
         record->code == ACD_QUERY_explain_decision))
        return ctl_failed(ctl, error,
                          "acdd keeps no past: it runs in memory only, without a directory");
    if (field_at_fault(record, text, name)[0] == '\0')
        return ctl_failed(ctl, error, text);
    return ctl_refused(ctl, name, error);
}

/* A list, walked until as many views have come as are wanted. */
struct walk {
    acd_client_view_cb on_view;
    void *ctx;
    uint32_t count;
    uint64_t cursor;
};

static void on_walk(void *ctx, int error, const struct acd_view *view)
{
    struct walk *walk = ctx;

    if (view->code == ACD_VIEW_page) {
        walk->cursor = view->as.page.cursor;
        return;
    }
    walk->count++;
    walk->on_view(walk->ctx, error, view);
}

static void *place_of(struct acd_query *query, const struct acd_field *field)
{
    return (char *)&query->as + field->offset;
}

int ctl_ask(struct ctl *ctl, const struct acd_query *query, acd_client_view_cb on_view, void *ctx)
{
    const struct acd_record *record = acd_message_record(query->code);
    const struct acd_field *cursor = acd_field_named(record, "cursor");
    const struct acd_field *limit = acd_field_named(record, "limit");
    struct acd_query page = *query;
    struct walk walk = {.on_view = on_view, .ctx = ctx};
    uint32_t wanted = 0;
    int status = ctl_connect(ctl), error;

    if (status != CTL_OK)
        return status;
    if (limit != NULL)
        wanted = *(uint32_t *)place_of(&page, limit);
    do {
        error = acd_client_query(ctl->client, &page, on_walk, &walk);
        if (cursor == NULL)
            break;
        *(uint64_t *)place_of(&page, cursor) = walk.cursor;
        if (wanted > 0)
            *(uint32_t *)place_of(&page, limit) = wanted - walk.count;
    } while (error == ACD_OK && walk.cursor != 0 && (wanted == 0 || walk.count < wanted));
    if (error == ACD_OK && walk.cursor != 0 && cursor != NULL)
        fprintf(stderr, "acdctl: there is more: cursor=%" PRIu64 "\n", walk.cursor);
    return error == ACD_OK ? CTL_OK : ctl_ask_failed(ctl, record, error);
}

/* ---- the time ----------------------------------------------------------------------------- */

static acd_time clock_us(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (acd_time)t.tv_sec * ACD_SECOND + t.tv_nsec / 1000;
}

static void on_server(void *ctx, int error, const struct acd_view *view)
{
    if (error == ACD_OK && view->code == ACD_VIEW_server)
        *(acd_time *)ctx = view->as.server.now;
}

acd_time ctl_now(struct ctl *ctl)
{
    const struct acd_query query = {.code = ACD_QUERY_get_server};
    static acd_time told;
    static acd_time asked;

    if (told == 0 && ctl->client != NULL) {
        if (acd_client_query(ctl->client, &query, on_server, &told) != ACD_OK)
            told = 0;
        asked = clock_us(CLOCK_MONOTONIC);
    }
    return told == 0 ? clock_us(CLOCK_REALTIME) : told + clock_us(CLOCK_MONOTONIC) - asked;
}
