/* The JSON form of records, both ways. */

#include <criterion/criterion.h>
#include <stdio.h>

#include "proto/acd_json.h"
#include "tests/vectors/samples.h"

static char out[ACD_JSON_MAX];
static struct acd_json json;

static const char *written(const struct acd_record *record, const void *value)
{
    int len = acd_json_write(record, value, NULL, out, sizeof out);

    cr_assert_geq(len, 0);
    cr_assert_eq((size_t)len, strlen(out));
    return out;
}

/* Reads a queue_set; returns the error. */
static int read_queue(const char *text, struct acd_command_queue_set *queue)
{
    return acd_json_read(&json, &acd_record_command_queue_set, text, strlen(text), queue);
}

#define SAYS(text, part)                                                                           \
    do {                                                                                           \
        struct acd_command_queue_set q_;                                                           \
        cr_assert_neq(read_queue((text), &q_), ACD_OK, "%s", (text));                              \
        cr_assert_not_null(strstr(json.error, (part)), "%s: %s", (text), json.error);              \
    } while (0)

/* ---- writing ------------------------------------------------------------------------------ */

Test(json_write, every_field_in_its_form)
{
    const struct acd_view_assignment a = {.assignment = {12, 345},
                                          .role = ACD_ROLE_WRAP_UP,
                                          .since = 1714564800000001,
                                          .until = ACD_FOREVER};

    cr_assert_str_eq(written(&acd_record_view_assignment, &a),
                     "{\"assignment\":\"12.345\",\"agent\":\"\",\"call\":\"\",\"queue\":\"\","
                     "\"role\":\"wrap_up\",\"since\":\"2024-05-01T12:00:00.000001Z\","
                     "\"until\":\"forever\",\"wrap_up_code\":\"\",\"key\":\"\",\"channel\":\"\"}");
}

Test(json_write, a_tag_names_the_record)
{
    const struct acd_view_page page = {7, 8};

    cr_assert_gt(acd_json_write(&acd_record_view_page, &page, "view", out, sizeof out), 0);
    cr_assert_str_eq(out, "{\"view\":\"page\",\"cursor\":7,\"count\":8}");
    cr_assert_eq(acd_json_write(&acd_record_view_page, &page, "view", out, 20), ACD_TOO_LONG);
    cr_assert_eq(acd_json_write(&acd_record_view_page, &page, NULL, out, 22), ACD_TOO_LONG);
    cr_assert_eq(acd_json_write(&acd_record_view_page, &page, NULL, out, 23), 22);
}

Test(json_write, what_is_no_utf8_is_replaced)
{
    const struct acd_command_number_remove c = {.number =
                                                    acd_str("a\xff\xc3(\xed\xa0\x80\xc0\x80z")};

    cr_assert_str_eq(written(&acd_record_command_number_remove, &c),
                     "{\"number\":\"a\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                     "\xef\xbf\xbd\xef\xbf\xbdz\"}");
}

static const char *span_json(acd_span span)
{
    const struct acd_command_wrap_up_extend c = {.by = span};

    return strstr(written(&acd_record_command_wrap_up_extend, &c), "\"by\":") + 5;
}

Test(json_write, spans_are_exact_seconds)
{
    cr_assert_str_eq(span_json(0), "0.0}");
    cr_assert_str_eq(span_json(15 * ACD_SECOND), "15.0}");
    cr_assert_str_eq(span_json(1), "0.000001}");
    cr_assert_str_eq(span_json(1500 * ACD_MS), "1.5}");
    cr_assert_str_eq(span_json(-ACD_MS), "-0.001}");
    cr_assert_str_eq(span_json(-1), "\"none\"}");
    cr_assert_str_eq(span_json(ACD_FOREVER), "\"forever\"}");
    cr_assert_str_eq(span_json(ACD_FOREVER - 1), "\"9223372036854775806us\"}");
}

Test(json_write, times_of_all_years)
{
    char text[ACD_TIME_TEXT_MAX];

    acd_time_text(1, text);
    cr_assert_str_eq(text, "1970-01-01T00:00:00.000001Z");
    acd_time_text(-1, text);
    cr_assert_str_eq(text, "1969-12-31T23:59:59.999999Z");
    acd_time_text(INT64_C(951782400) * ACD_SECOND, text);
    cr_assert_str_eq(text, "2000-02-29T00:00:00.000000Z");
    acd_time_text(INT64_C(4107542399) * ACD_SECOND, text);
    cr_assert_str_eq(text, "2100-02-28T23:59:59.000000Z");
    acd_time_text(0, text);
    cr_assert_str_eq(text, "");
    acd_time_text(INT64_MIN, text);
    cr_assert_str_eq(text, "-9223372036854775808");
}

/* ---- there and back ----------------------------------------------------------------------- */

Test(json, every_record_comes_back_as_it_was_written)
{
    const struct acd_record *record;

    for (size_t i = 0; (record = acd_message_at(i)) != NULL; i++) {
        for (int sample = 0; sample < SAMPLES; sample++) {
            union sample_room value, back;
            uint8_t bytes[ACD_RECORD_MAX], again[ACD_RECORD_MAX];
            size_t len;

            sample_fill(record, (enum sample)sample, &value);
            len = record->encode(&value, bytes);
            written(record, &value);
            cr_assert_eq(acd_json_read(&json, record, out, strlen(out), &back), ACD_OK, "%s: %s",
                         record->name, json.error);
            cr_assert_eq(record->encode(&back, again), len);
            cr_assert_arr_eq(bytes, again, len, "%s: %s", record->name, out);
        }
    }
}

/* ---- reading ------------------------------------------------------------------------------ */

Test(json_read, what_is_absent_or_null_is_not_given)
{
    struct acd_command_queue_set q;

    cr_assert_eq(read_queue("{\"name\":\"sales\",\"max_wait\":null}", &q), ACD_OK);
    cr_assert_eq(q.name.len, 5);
    cr_assert_eq(q.max_wait, 0);
    cr_assert_eq(q.weight, 0);
}

Test(json_read, spans_in_all_their_forms)
{
    static const struct {
        const char *text;
        acd_span span;
    } forms[] = {
        {"15", 15 * ACD_SECOND},
        {"15.5", 15500 * ACD_MS},
        {"0.000001", 1},
        {"\"15s\"", 15 * ACD_SECOND},
        {"\"500ms\"", 500 * ACD_MS},
        {"\"250us\"", 250},
        {"\"5m\"", 300 * ACD_SECOND},
        {"\"5min\"", 300 * ACD_SECOND},
        {"\"2h\"", 7200 * ACD_SECOND},
        {"\"1.5h\"", 5400 * ACD_SECOND},
        {"\"1d\"", 86400 * ACD_SECOND},
        {"\"none\"", -1},
        {"\"forever\"", ACD_FOREVER},
        {"\"20\"", 20 * ACD_SECOND},
        {"\"0.25\"", 250 * ACD_MS},
        {"-1.0", -ACD_SECOND},
        {"\"-2m\"", -120 * ACD_SECOND},
        {"86399.999999", 86399999999},
    };

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct acd_command_queue_set q;
        char text[64];

        snprintf(text, sizeof text, "{\"max_wait\":%s}", forms[i].text);
        cr_assert_eq(read_queue(text, &q), ACD_OK, "%s: %s", text, json.error);
        cr_assert_eq(q.max_wait, forms[i].span, "%s: %jd", text, (intmax_t)q.max_wait);
    }
}

Test(json_read, times_in_all_their_forms)
{
    static const char *const forms[] = {
        "{\"happened_at\":\"2024-05-01T12:00:00.000001Z\"}",
        "{\"happened_at\":1714564800000001}",
        "{\"happened_at\":\"1714564800000001\"}",
    };

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct acd_command_route r;

        cr_assert_eq(
            acd_json_read(&json, &acd_record_command_route, forms[i], strlen(forms[i]), &r), ACD_OK,
            "%s", json.error);
        cr_assert_eq(r.happened_at, 1714564800000001);
    }
}

Test(json_read, a_text_may_be_an_object)
{
    static const char text[] = "{\"name\":\"ada\",\"attributes\":{ \"lang\" : [\"en\", 1] }}";
    struct acd_command_agent_set a;

    cr_assert_eq(acd_json_read(&json, &acd_record_command_agent_set, text, strlen(text), &a),
                 ACD_OK);
    cr_assert_eq(a.attributes.len, strlen("{\"lang\":[\"en\",1]}"));
    cr_assert_arr_eq(a.attributes.data, "{\"lang\":[\"en\",1]}", a.attributes.len);
    cr_assert_arr_eq(a.name.data, "ada", 3);
}

Test(json_read, numbers_as_digits_and_enums_as_numbers)
{
    struct acd_command_queue_set q;
    struct acd_command_outbox_ack ack;
    static const char big[] = "{\"upto\":\"18446744073709551615\"}";

    cr_assert_eq(read_queue("{\"weight\":\"12\",\"strategy\":1,\"max_size\":-1}", &q), ACD_OK);
    cr_assert_eq(q.weight, 12);
    cr_assert_eq(q.strategy, ACD_LONGEST_IDLE_AGENT);
    cr_assert_eq(q.max_size, -1);
    cr_assert_eq(acd_json_read(&json, &acd_record_command_outbox_ack, big, strlen(big), &ack),
                 ACD_OK);
    cr_assert_eq(ack.upto, UINT64_MAX);
}

Test(json_read, a_tag_is_passed_over)
{
    struct acd_command_queue_set q;

    SAYS("{\"command\":\"queue_set\"}", "command: queue_set has no such field");
    json.tag = "command";
    cr_assert_eq(read_queue("{\"command\":\"queue_set\",\"name\":\"a\"}", &q), ACD_OK);
}

Test(json_read, errors_name_the_key_and_what_is_wrong)
{
    SAYS("", "line 1");
    SAYS("{\"name\":", "line 1");
    SAYS("[1]", "not a JSON object");
    SAYS("\"x\"", "expected");
    SAYS("{\"name\":\"a\",\"name\":\"b\"}", "duplicate");
    SAYS("{\"nmae\":\"a\"}", "nmae: queue_set has no such field");
    SAYS("{\"name\":5}", "name: is not a text");
    SAYS("{\"weight\":12.5}", "weight: 12.5 is not an integer");
    SAYS("{\"weight\":70000}", "weight: 70000 is out of range");
    SAYS("{\"weight\":-1}", "weight: -1 is out of range");
    SAYS("{\"weight\":\"x\"}", "weight: \"x\" is not an integer");
    SAYS("{\"weight\":true}", "weight: is not a value");
    SAYS("{\"weight\":[]}", "weight: is not a value");
    SAYS("{\"max_size\":99999999999}", "max_size: 99999999999 is out of range");
    SAYS("{\"strategy\":\"best\"}", "strategy: \"best\" is none of the words it may be");
    SAYS("{\"strategy\":256}", "strategy: 256 is out of range");
    SAYS("{\"max_wait\":\"5 parsecs\"}", "max_wait: \"5 parsecs\" is not a span");
    SAYS("{\"max_wait\":\"1.5us\"}", "finer than a microsecond");
    SAYS("{\"max_wait\":\"0.0000001s\"}", "finer than a microsecond");
    SAYS("{\"max_wait\":\"\"}", "is not a span");
    SAYS("{\"max_wait\":\"99999999999d\"}", "out of range");
    SAYS("{\"max_wait\":1e300}", "out of range");
    SAYS("{\"name\":\"\\ud800\"}", "line 1");
}

Test(json_read, lengths_are_limited)
{
    struct acd_command_queue_set q;
    char text[6000];

    snprintf(text, sizeof text, "{\"name\":\"%065d\"}", 0);
    cr_assert_eq(read_queue(text, &q), ACD_TOO_LONG);
    cr_assert_not_null(strstr(json.error, "name: 65 bytes, but at most 64"));
    snprintf(text, sizeof text, "{\"name\":\"%064d\"}", 0);
    cr_assert_eq(read_queue(text, &q), ACD_OK);
    snprintf(text, sizeof text, "{\"name\":[\"%05000d\"]}", 0);
    cr_assert_eq(read_queue(text, &q), ACD_TOO_LONG);
    snprintf(text, sizeof text, "{\"weight\":\"%0100d\"}", 0);
    cr_assert_eq(read_queue(text, &q), ACD_TOO_LONG);
}

Test(json_read, ids_and_times_must_be_well_formed)
{
    static const char *const wrong[] = {
        "{\"queue\":\"12\"}",
        "{\"queue\":\"12.\"}",
        "{\"queue\":\".5\"}",
        "{\"queue\":\"1.4294967296\"}",
        "{\"queue\":\"1.2x\"}",
        "{\"queue\":12}",
        "{\"happened_at\":\"2024-02-30T00:00:00Z\"}",
        "{\"happened_at\":\"2024-05-01\"}",
        "{\"happened_at\":\"2024-05-01T25:00:00Z\"}",
        "{\"happened_at\":\"2024-05-01T12:00:00\"}",
        "{\"happened_at\":\"2024-05-01T12:00:00.1234567Z\"}",
        "{\"happened_at\":1.5}",
        "{\"happened_at\":\"2024-13-01T12:00:00Z\"}",
        "{\"happened_at\":\"2024-05-01T12:00:00.Z\"}",
    };

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct acd_command_route r;
        int error = acd_json_read(&json, &acd_record_command_route, wrong[i], strlen(wrong[i]), &r);

        cr_assert_eq(error, ACD_INVALID, "%s", wrong[i]);
        cr_assert_neq(json.error[0], '\0');
    }
}

/* ---- single fields ------------------------------------------------------------------------ */

Test(json_field, on_a_command_line_and_in_a_table)
{
    size_t count;
    const struct acd_field *fields = acd_record_command_queue_set.fields(&count);
    struct acd_command_queue_set q = {0};
    char text[80];

    for (size_t i = 0; i < count; i++) {
        const char *typed = strcmp(fields[i].name, "name") == 0           ? "sales"
                            : strcmp(fields[i].name, "ring_timeout") == 0 ? "15s"
                            : strcmp(fields[i].name, "strategy") == 0     ? "longest-idle-agent"
                                                                          : NULL;
        if (typed != NULL)
            cr_assert_eq(acd_json_parse_field(&json, &fields[i], acd_str(typed), &q), ACD_OK);
        cr_assert_geq(acd_json_field(&fields[i], &q, text, sizeof text), 0);
        if (strcmp(fields[i].name, "ring_timeout") == 0)
            cr_assert_str_eq(text, "15.0");
    }
    cr_assert_eq(q.ring_timeout, 15 * ACD_SECOND);
    cr_assert_eq(q.strategy, ACD_LONGEST_IDLE_AGENT);
    cr_assert_eq(q.name.len, 5);
    cr_assert_eq(acd_json_field(&fields[0], &q, text, 5), ACD_TOO_LONG);
}

Test(json_field, text_in_quotes)
{
    char text[80];

    cr_assert_eq(acd_json_text(acd_str(""), text, sizeof text), 2);
    cr_assert_str_eq(text, "\"\"");
    cr_assert_eq(acd_json_text(acd_str("od\"d\\q\n\1\xff"), text, sizeof text), 21);
    cr_assert_str_eq(text, "\"od\\\"d\\\\q\\n\\u0001\xef\xbf\xbd\"");
    cr_assert_eq(acd_json_text(acd_str("four"), text, 6), ACD_TOO_LONG);
}
