/* The checked-in vectors, read as a program in any other language would: their values give their
 * bytes, and their bytes give their values. */

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "proto/acd_json.h"
#include "proto/acd_wire.h"
#include "tests/vectors/samples.h"

enum { LINE_MAX_BYTES = 65536 };

static FILE *open_vectors(const char *name)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", VECTORS, name);
    file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    return file;
}

static json_t *next_vector(FILE *file)
{
    static char line[LINE_MAX_BYTES];
    json_t *vector;

    if (fgets(line, sizeof line, file) == NULL)
        return NULL;
    vector = json_loads(line, 0, NULL);
    cr_assert_not_null(vector, "%s", line);
    return vector;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    cr_assert_not_null(text, "%s", key);
    return text;
}

static int digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static size_t bytes_of(const json_t *vector, uint8_t *out)
{
    const char *hex = text_of(vector, "hex");
    size_t len = strlen(hex) / 2;

    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
    return len;
}

static uint8_t kind_of(const char *text)
{
    for (uint8_t kind = 1; kind <= ACD_KIND_QUERY; kind++)
        if (strcmp(acd_kind_text(kind), text) == 0)
            return kind;
    cr_assert(false, "%s", text);
    return 0;
}

/* The bytes of a record that is given by its kind, name and value. */
static size_t encoded(const json_t *part, const char *kind, uint8_t *out)
{
    static struct acd_json json;
    const struct acd_record *record =
        acd_message_named(kind_of(kind), acd_str(text_of(part, "name")));
    char *text = json_dumps(json_object_get(part, "value"), 0);
    union sample_room value;

    cr_assert_not_null(record);
    cr_assert_eq(acd_json_read(&json, record, text, strlen(text), &value), ACD_OK, "%s",
                 json.error);
    free(text);
    return record->encode(&value, out);
}

/* ---- records ------------------------------------------------------------------------------ */

static void check_decoding(const json_t *vector, const uint8_t *bytes, size_t len)
{
    const struct acd_record *record =
        acd_message_record((uint16_t)json_integer_value(json_object_get(vector, "code")));
    static char text[ACD_JSON_MAX];
    union sample_room value;
    json_t *decoded;

    cr_assert_not_null(record);
    cr_assert_str_eq(record->name, text_of(vector, "name"));
    cr_assert_eq(record->decode(bytes, len, &value), (int)len);
    cr_assert_gt(acd_json_write(record, &value, NULL, text, sizeof text), 0);
    decoded = json_loads(text, 0, NULL);
    cr_assert(json_equal(decoded, json_object_get(vector, "value")), "%s", text);
    json_decref(decoded);
}

Test(vectors, records)
{
    FILE *file = open_vectors("records.jsonl");
    json_t *vector;
    size_t count = 0, records = 0;

    while ((vector = next_vector(file)) != NULL) {
        uint8_t bytes[ACD_RECORD_MAX], mine[ACD_RECORD_MAX];
        size_t len = bytes_of(vector, bytes);

        cr_assert_eq(encoded(vector, text_of(vector, "kind"), mine), len);
        cr_assert_arr_eq(mine, bytes, len, "%s", text_of(vector, "name"));
        check_decoding(vector, bytes, len);
        json_decref(vector);
        count++;
    }
    while (acd_message_at(records) != NULL)
        records++;
    cr_assert_eq(count, records * SAMPLES, "run `make_vectors`: a record has none");
    (void)fclose(file);
}

/* ---- messages ----------------------------------------------------------------------------- */

static uint64_t number_of(const json_t *part)
{
    return (uint64_t)json_integer_value(json_object_get(part, "number"));
}

static void check_request(const json_t *vector, const uint8_t *bytes, size_t len)
{
    const json_t *parts = json_object_get(vector, "requests"), *part;
    struct acd_request_reader r;
    struct acd_request request;
    uint8_t record[ACD_RECORD_MAX];
    char client[32];
    size_t i;

    cr_assert_eq(acd_request_open(&r, bytes, len), ACD_OK);
    snprintf(client, sizeof client, "%u.%u", r.client.slot, r.client.gen);
    cr_assert_str_eq(client, text_of(vector, "client"));
    cr_assert_eq(r.count, json_array_size(parts));
    json_array_foreach(parts, i, part)
    {
        cr_assert(acd_request_next(&r, &request));
        cr_assert_eq(request.number, number_of(part));
        cr_assert_eq(encoded(part, text_of(part, "kind"), record), request.size);
        cr_assert_arr_eq(record, request.bytes, request.size);
    }
}

static void check_reply(const json_t *vector, const uint8_t *bytes, size_t len)
{
    const json_t *parts = json_object_get(vector, "replies"), *part;
    struct acd_reply_reader r;
    struct acd_reply reply = {0};
    uint8_t record[ACD_RECORD_MAX];
    size_t i;

    cr_assert_eq(acd_reply_read(&r, bytes, len), ACD_OK);
    cr_assert_eq(r.position.epoch, json_integer_value(json_object_get(vector, "epoch")));
    cr_assert_eq(r.position.sequence,
                 (uint64_t)json_integer_value(json_object_get(vector, "sequence")));
    json_array_foreach(parts, i, part)
    { /* one for each record, several may be of one reply */
        const uint8_t *at;
        uint16_t code;
        size_t size = encoded(part, text_of(part, "kind"), record);

        if (reply.size == 0)
            cr_assert_eq(acd_reply_next(&r, &reply), 1);
        cr_assert_eq(reply.number, number_of(part));
        cr_assert_eq(acd_records_next(&reply.records, &reply.size, &code, &at), 1);
        cr_assert_eq((size_t)(reply.records - at), size);
        cr_assert_arr_eq(record, at, size);
    }
    cr_assert_eq(acd_reply_next(&r, &reply), 0);
}

static void check_published(const json_t *vector, const uint8_t *bytes, size_t len)
{
    struct acd_published p;
    uint8_t record[ACD_RECORD_MAX];
    size_t size;

    cr_assert_eq(acd_published_read(&p, bytes, len), ACD_OK);
    cr_assert_str_eq(acd_topic_text(p.topic), text_of(vector, "topic"));
    cr_assert_eq(p.head.previous, 998);
    if (p.event == NULL) {
        cr_assert_null(json_object_get(vector, "value"));
        return;
    }
    size = encoded(vector, "event", record);
    cr_assert_eq(size, p.event_size);
    cr_assert_arr_eq(record, p.event, size);
}

Test(vectors, messages)
{
    FILE *file = open_vectors("messages.jsonl");
    json_t *vector;
    int count = 0;

    while ((vector = next_vector(file)) != NULL) {
        static uint8_t bytes[LINE_MAX_BYTES];
        size_t len = bytes_of(vector, bytes);
        const char *what = text_of(vector, "what");

        if (strcmp(what, "request") == 0)
            check_request(vector, bytes, len);
        else if (strcmp(what, "reply") == 0)
            check_reply(vector, bytes, len);
        else
            check_published(vector, bytes, len);
        json_decref(vector);
        count++;
    }
    cr_assert_eq(count, 5);
    (void)fclose(file);
}
