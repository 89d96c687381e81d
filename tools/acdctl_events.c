/* acdctl: what happens, as it happens, a line an event; and what has happened. */

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/acd_assert.h"
#include "proto/acd_wire.h"
#include "tools/acdctl_view.h"

#define TIMEOUT_DEFAULT (5 * ACD_SECOND)

struct tail {
    struct ctl *ctl;
    struct acd_observer *observer;
    struct ctl_names names;
    uint32_t topics; /* 0: all */
    unsigned long count, seen;
    bool connected;
};

/* ---- one event ---------------------------------------------------------------------------- */

static void put_time(acd_time at)
{
    time_t seconds = (time_t)(at / ACD_SECOND);
    char text[64] = "";
    struct tm tm;

    if (localtime_r(&seconds, &tm) != NULL)
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm);
    printf("%s.%03d", text, (int)(at % ACD_SECOND / ACD_MS));
}

/* Only what is given is said. Agents and queues go by their names, where these are known. */
static void put_field(const struct tail *t, const struct acd_field *field, const void *value,
                      acd_time now)
{
    const char *name = ctl_name_of(&t->names, field, value), *quote;
    char text[CTL_TEXT_MAX];

    if (acd_json_field(field, value, text, sizeof text) <= 0 || strcmp(text, "0") == 0 ||
        strcmp(text, "0.0") == 0 || strcmp(text, "false") == 0)
        return;
    if (name == NULL)
        ctl_field_text(field, value, now, text);
    else
        snprintf(text, sizeof text, "%s", name);
    ctl_clip(text, 60);
    quote = strchr(text, ' ') == NULL ? "" : "\"";
    printf(" %s=%s%s%s", field->name, quote, text, quote);
}

static void print_plain(const struct tail *t, const struct acd_view_published *head,
                        const struct acd_record *record, const struct acd_event *event)
{
    size_t count;
    const struct acd_field *fields = record->fields(&count);

    put_time(head->at);
    printf("  %" PRIu32 ".%" PRIu64 "  %-16s", head->epoch, head->sequence, record->name);
    for (size_t i = 0; i < count; i++)
        put_field(t, &fields[i], &event->as, head->at);
    putchar('\n');
}

static void print_json(const struct acd_view_published *head, const struct acd_record *record,
                       const struct acd_event *event)
{
    char time[ACD_TIME_TEXT_MAX], json[ACD_JSON_MAX];

    acd_time_text(head->at, time);
    ACD_ASSERT(acd_json_write(record, &event->as, NULL, json, sizeof json) > 0);
    printf("{\"position\":\"%" PRIu32 ".%" PRIu64
           "\",\"time\":\"%s\",\"topic\":\"%s\",\"event\":\"%s\",\"fields\":%s}\n",
           head->epoch, head->sequence, time, acd_enum_text(&acd_enum_topic, record->topic),
           record->name, json);
}

static void learn_names(struct tail *t, const struct acd_event *event)
{
    if (event->code == ACD_EVENT_agent_set)
        ctl_names_agent(&t->names, event->as.agent_set.agent, event->as.agent_set.name);
    else if (event->code == ACD_EVENT_queue_set)
        ctl_names_queue(&t->names, event->as.queue_set.queue, event->as.queue_set.name);
}

static bool is_over(const struct tail *t)
{
    return (t->count > 0 && t->seen >= t->count) || ferror(stdout);
}

/* Names are learnt from the topic config, whether or not it is shown. */
static void on_event(void *ctx, const struct acd_view_published *head,
                     const struct acd_event *event)
{
    struct tail *t = ctx;
    const struct acd_record *record = acd_record_of(event->code);

    learn_names(t, event);
    if ((t->topics != 0 && (t->topics & ACD_OBSERVE(record->topic)) == 0) || is_over(t))
        return;
    t->seen++;
    if (t->ctl->json)
        print_json(head, record, event);
    else
        print_plain(t, head, record, event);
}

/* ---- what is missing ---------------------------------------------------------------------- */

static void on_gap(void *ctx, struct acd_position after, struct acd_position upto)
{
    struct tail *t = ctx;

    if (t->ctl->json)
        printf("{\"missed\":{\"after\":\"%" PRIu32 ".%" PRIu64 "\",\"upto\":\"%" PRIu32 ".%" PRIu64
               "\"}}\n",
               after.epoch, after.sequence, upto.epoch, upto.sequence);
    else if (after.epoch != upto.epoch)
        printf("... another history, at %" PRIu32 ".%" PRIu64 ": what was before is void\n",
               upto.epoch, upto.sequence);
    else
        printf("... missed what came behind %" PRIu32 ".%" PRIu64 ", up to %" PRIu32 ".%" PRIu64
               "\n",
               after.epoch, after.sequence, upto.epoch, upto.sequence);
}

static void on_truncated(void *ctx, struct acd_position last)
{
    struct tail *t = ctx;

    if (t->ctl->json)
        printf("{\"truncated\":{\"last\":\"%" PRIu32 ".%" PRIu64 "\"}}\n", last.epoch,
               last.sequence);
    else
        printf("... what came behind %" PRIu32 ".%" PRIu64
               " was lost before the daemon's last start\n",
               last.epoch, last.sequence);
}

static void on_state(void *ctx, enum acd_client_state state)
{
    struct tail *t = ctx;

    if (state == ACD_CLIENT_DISCONNECTED)
        fprintf(stderr, "acdctl: %s; trying again\n", acd_observer_error_text(t->observer));
    else if (state == ACD_CLIENT_CONNECTED && t->connected)
        fprintf(stderr, "acdctl: connected again\n");
    t->connected = t->connected || state == ACD_CLIENT_CONNECTED;
}

/* ---- the verb ----------------------------------------------------------------------------- */

static const char *topic_word(const void *ctx, size_t i)
{
    (void)ctx;
    return i < acd_enum_topic.count ? acd_enum_topic.values[i].text : NULL;
}

static int read_topic(struct tail *t, const char *text)
{
    uint8_t topic = strlen(text) < 64 ? acd_enum_value(&acd_enum_topic, acd_str(text)) : 0;
    const char *near = ctl_nearest(text, topic_word, NULL);

    if (topic == 0)
        return ctl_usage(t->ctl, "topic", "\"%s\" is none of config, agent, call, client%s%s%s",
                         text, near == NULL ? "" : "; did you mean ", near == NULL ? "" : near,
                         near == NULL ? "" : "?");
    t->topics |= ACD_OBSERVE(topic);
    return CTL_OK;
}

static int read_options(struct tail *t)
{
    struct ctl *ctl = t->ctl;
    int status = CTL_OK;

    for (size_t i = 0; i < ctl->count && status == CTL_OK; i++) {
        const char *key = ctl->args[i].key, *value = ctl->args[i].value;

        if (key == NULL || strcmp(key, "topic") == 0)
            status = read_topic(t, value);
        else if (strcmp(key, "count") != 0)
            status = ctl_usage(ctl, key, "takes topics and --count N only");
        else if (!ctl_whole(value, 1UL << 31, &t->count))
            status = ctl_usage(ctl, "--count", "\"%s\" is no number from 1 up", value);
    }
    return status;
}

static acd_time monotonic(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (acd_time)t.tv_sec * ACD_SECOND + t.tv_nsec / 1000;
}

static int connect_observer(struct tail *t)
{
    struct ctl *ctl = t->ctl;
    const acd_time until = monotonic() + (ctl->timeout == 0 ? TIMEOUT_DEFAULT : ctl->timeout);
    const struct acd_observer_options options = {
        .url = ctl->pub_url,
        .topics = t->topics == 0 ? 0 : t->topics | ACD_OBSERVE(ACD_TOPIC_CONFIG),
        .on_event = on_event,
        .on_gap = on_gap,
        .on_truncated = on_truncated,
        .replay = ctl->client,
        .on_state = on_state,
        .ctx = t};
    int error = acd_observer_open(&t->observer, &options);

    if (error != ACD_OK)
        return ctl_usage(ctl, "--pub", "\"%s\" is no address to subscribe at", ctl->pub_url);
    while (!t->connected && monotonic() < until)
        (void)acd_observer_wait(t->observer, until - monotonic());
    return t->connected
               ? CTL_OK
               : ctl_no_answer(ctl, ACD_DISCONNECTED, acd_observer_error_text(t->observer));
}

/* Lines leave one by one, for whoever reads them from a pipe. Without names there are ids. */
int ctl_run_events(struct ctl *ctl, const struct ctl_verb *verb)
{
    struct tail t = {.ctl = ctl};
    int status = read_options(&t);

    (void)verb;
    if (status == CTL_OK && ctl_try_connect(ctl) == ACD_OK && !ctl->json)
        ctl_names_load(&t.names, ctl);
    if (status == CTL_OK)
        status = connect_observer(&t);
    while (status == CTL_OK && !is_over(&t) && fflush(stdout) == 0)
        (void)acd_observer_wait(t.observer, ACD_FOREVER);
    acd_observer_close(t.observer);
    ctl_names_fini(&t.names);
    return status;
}

/* ---- the past ----------------------------------------------------------------------------- */

static int read_from(struct tail *t, uint64_t *from)
{
    struct ctl *ctl = t->ctl;
    unsigned long number;

    for (size_t i = 0; i < ctl->count; i++) {
        const char *key = ctl->args[i].key, *value = ctl->args[i].value;

        if (key != NULL && strcmp(key, "from") != 0 && strcmp(key, "count") != 0)
            return ctl_usage(ctl, key, "no such field; takes the first sequence and --count N");
        if (!ctl_whole(value, ULONG_MAX, &number))
            return ctl_usage(ctl, key == NULL ? "from" : key, "\"%s\" is no number from 1 up",
                             value);
        if (key != NULL && strcmp(key, "count") == 0)
            t->count = number;
        else
            *from = number;
    }
    return CTL_OK;
}

static uint32_t page(const struct tail *t)
{
    return t->count == 0 || t->count - t->seen > ACD_PAGE_MAX ? ACD_PAGE_MAX
                                                              : (uint32_t)(t->count - t->seen);
}

/* Page after page, to the last event that is durable. */
static int replay_all(struct tail *t, uint64_t from)
{
    struct acd_view_replayed end;
    int error;

    do {
        error = acd_client_replay(t->ctl->client, from, page(t), on_event, t, &end);
        if (error != ACD_OK)
            return ctl_ask_failed(t->ctl, &acd_record_query_replay, error);
        if (from > 0 && end.oldest > from)
            on_gap(t,
                   (struct acd_position){acd_client_position(t->ctl->client, NULL).epoch, from - 1},
                   (struct acd_position){acd_client_position(t->ctl->client, NULL).epoch,
                                         end.oldest - 1});
        else if (end.count == 0)
            break;
        from = end.next;
    } while (!is_over(t));
    return CTL_OK;
}

int ctl_run_replay(struct ctl *ctl, const struct ctl_verb *verb)
{
    struct tail t = {.ctl = ctl};
    uint64_t from = 0;
    int status = read_from(&t, &from);

    (void)verb;
    if (status == CTL_OK)
        status = ctl_connect(ctl);
    if (status != CTL_OK)
        return status;
    if (!ctl->json)
        ctl_names_load(&t.names, ctl);
    status = replay_all(&t, from);
    ctl_names_fini(&t.names);
    return status;
}
