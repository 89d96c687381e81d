/* Writes the test vectors of the wire, one JSON object a line: a program in any language that reads
 * and writes these bytes speaks with acdd.
 *
 *   records.jsonl    each record with values and its bytes
 *   messages.jsonl   whole messages, framing included
 *
 * usage: make_vectors DIRECTORY            writes them
 *        make_vectors --check DIRECTORY    returns 1 when they are not up to date */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/acd_json.h"
#include "proto/acd_wire.h"
#include "tests/vectors/samples.h"

static void write_hex(FILE *out, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        fprintf(out, "%02x", bytes[i]);
}

/* ---- records ------------------------------------------------------------------------------ */

/* The JSON of a value, which stands until the next one. */
static const char *json_of(const struct acd_record *record, const void *value)
{
    static char text[ACD_JSON_MAX];

    if (acd_json_write(record, value, NULL, text, sizeof text) < 0)
        abort();
    return text;
}

static void write_record(FILE *out, const struct acd_record *record, enum sample sample)
{
    static const char *const names[] = {"typical", "extreme", "zero"};
    union sample_room value;
    uint8_t bytes[ACD_RECORD_MAX];
    size_t len;

    sample_fill(record, sample, &value);
    len = record->encode(&value, bytes);
    fprintf(out, "{\"kind\":\"%s\",\"name\":\"%s\",\"code\":%u,\"sample\":\"%s\",\"hex\":\"",
            acd_kind_text(acd_kind_of(record->code)), record->name, record->code, names[sample]);
    write_hex(out, bytes, len);
    fprintf(out, "\",\"value\":%s}\n", json_of(record, &value));
}

static void write_records(FILE *out)
{
    const struct acd_record *record;

    for (size_t i = 0; (record = acd_message_at(i)) != NULL; i++)
        for (int sample = 0; sample < SAMPLES; sample++)
            write_record(out, record, (enum sample)sample);
}

/* ---- messages ----------------------------------------------------------------------------- */

static void write_message(FILE *out, const char *what, const uint8_t *bytes, size_t len)
{
    fprintf(out, "{\"what\":\"%s\",\"hex\":\"", what);
    write_hex(out, bytes, len);
    fprintf(out, "\"");
}

static void write_part(FILE *out, const char *before, uint64_t number,
                       const struct acd_record *record, const void *value)
{
    fprintf(out, "%s{\"number\":%" PRIu64 ",\"kind\":\"%s\",\"name\":\"%s\",\"value\":%s}", before,
            number, acd_kind_text(acd_kind_of(record->code)), record->name, json_of(record, value));
}

static void write_request(FILE *out)
{
    const struct acd_command_route route = {.key = acd_str("4e3f"), .queue_name = acd_str("sales")};
    const struct acd_query_list_agents list = {.activity = ACD_ACTIVITY_IDLE, .limit = 50};
    struct acd_request_writer w;
    uint8_t bytes[1024];

    acd_request_begin(&w, bytes, sizeof bytes, (acd_client_id){3, 77});
    if (acd_request_put(&w, 8, &acd_record_command_route, &route) != ACD_OK ||
        acd_request_put(&w, 9, &acd_record_query_list_agents, &list) != ACD_OK)
        abort();
    write_message(out, "request", bytes, acd_request_end(&w));
    fprintf(out, ",\"client\":\"3.77\"");
    write_part(out, ",\"requests\":[", 8, &acd_record_command_route, &route);
    write_part(out, ",", 9, &acd_record_query_list_agents, &list);
    fprintf(out, "]}\n");
}

static void write_reply(FILE *out)
{
    static uint8_t bytes[ACD_WIRE_REPLY_MIN(3)];
    const struct acd_wire_position position = {5, 1000, 990};
    const struct acd_view_outcome queued = {.verdict = ACD_VERDICT_QUEUED, .position = 4};
    const struct acd_view_outcome failed = {.error = ACD_NOT_FOUND, .field = 2};
    const struct acd_view_page page = {.cursor = 17, .count = 1};
    const struct acd_view_number number = {
        .number = acd_str("4711"), .queue = {1, 2}, .queue_name = acd_str("sales")};
    struct acd_reply_writer w;

    acd_reply_begin(&w, bytes, sizeof bytes, 3);
    acd_reply_outcome(&w, 8, &queued);
    acd_reply_open_page(&w, 9);
    if (acd_reply_put(&w, &acd_record_view_number, &number) != ACD_OK)
        abort();
    acd_reply_close_page(&w, page.cursor);
    acd_reply_outcome(&w, 10, &failed);
    write_message(out, "reply", bytes, acd_reply_end(&w, &position));
    fprintf(out, ",\"epoch\":5,\"sequence\":1000,\"durable\":990");
    write_part(out, ",\"replies\":[", 8, &acd_record_view_outcome, &queued);
    write_part(out, ",", 9, &acd_record_view_page, &page);
    write_part(out, ",", 9, &acd_record_view_number, &number);
    write_part(out, ",", 10, &acd_record_view_outcome, &failed);
    fprintf(out, "]}\n");
}

static void write_unreadable(FILE *out)
{
    uint8_t bytes[ACD_WIRE_REPLY_MIN(1)];
    const struct acd_wire_position position = {5, 1000, 990};
    const struct acd_view_outcome outcome = {.error = ACD_VERSION};
    size_t len = acd_reply_unreadable(bytes, ACD_VERSION, &position);

    write_message(out, "reply", bytes, len);
    fprintf(out, ",\"epoch\":5,\"sequence\":1000,\"durable\":990");
    write_part(out, ",\"replies\":[", 0, &acd_record_view_outcome, &outcome);
    fprintf(out, "]}\n");
}

static void write_published(FILE *out, uint8_t topic)
{
    const struct acd_event_agent_state state = {.agent = {1, 2}, .state = ACD_READY};
    uint8_t event[ACD_RECORD_MAX], bytes[ACD_WIRE_PUBLISHED_MAX];
    struct acd_published p = {
        .topic = topic,
        .head = {.epoch = 5, .sequence = 1000, .previous = 998, .durable = 990, .at = 1},
        .event = topic == ACD_TOPIC_HEARTBEAT ? NULL : event};

    p.event_size = acd_record_event_agent_state.encode(&state, event);
    write_message(out, "published", bytes, acd_published_write(bytes, &p));
    fprintf(out, ",\"topic\":\"%s\",\"head\":%s", acd_topic_text(topic),
            json_of(&acd_record_view_published, &p.head));
    if (p.event != NULL)
        fprintf(out, ",\"name\":\"agent_state\",\"value\":%s",
                json_of(&acd_record_event_agent_state, &state));
    fprintf(out, "}\n");
}

static void write_messages(FILE *out)
{
    write_request(out);
    write_reply(out);
    write_unreadable(out);
    write_published(out, ACD_TOPIC_AGENT);
    write_published(out, ACD_TOPIC_HEARTBEAT);
}

/* ---- files -------------------------------------------------------------------------------- */

_Noreturn static void give_up(const char *file, const char *why)
{
    fprintf(stderr, "make_vectors: %s: %s\n", file, why);
    exit(2);
}

static bool is_same(const char *path, const char *text)
{
    FILE *file = fopen(path, "r");
    char *has = NULL;
    size_t room = 0;
    bool same;

    if (file == NULL)
        return false;
    same = getdelim(&has, &room, '\0', file) >= 0 && strcmp(has, text) == 0;
    (void)fclose(file);
    free(has);
    return same;
}

/* Writes or checks one file. Returns true when it was up to date, or is now. */
static bool make(const char *directory, const char *name, void (*write)(FILE *out), bool check)
{
    char path[4096], *text = NULL;
    size_t len;
    FILE *file = open_memstream(&text, &len);
    bool same;

    if (file == NULL)
        give_up(name, "out of memory");
    write(file);
    if (fclose(file) != 0)
        give_up(name, "out of memory");
    snprintf(path, sizeof path, "%s/%s", directory, name);
    same = is_same(path, text);
    if (!same && check)
        fprintf(stderr, "%s is not up to date; build the target `vectors`\n", path);
    if (!same && !check) {
        file = fopen(path, "w");
        if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
            give_up(path, "cannot be written");
        same = true;
    }
    free(text);
    return same;
}

int main(int argc, char **argv)
{
    const bool check = argc == 3 && strcmp(argv[1], "--check") == 0;
    const char *directory = argv[argc - 1];
    bool same;

    if (argc != 2 && !check)
        give_up("usage", "make_vectors [--check] DIRECTORY");
    same = make(directory, "records.jsonl", write_records, check);
    same = make(directory, "messages.jsonl", write_messages, check) && same;
    return same ? 0 : 1;
}
