#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/process.h"

/* Every field of every command and query at the ends of what its bytes can say: always an answer,
 * and the books are right afterwards. (Under the sanitizers this finds what overflows.) */

static const struct {
    const char *field, *text;
} texts[] = {
    {"key", "k"},       {"queue_name", "sales"},   {"agent_name", "ada"},    {"name", "ada"},
    {"number", "0800"}, {"gateway_name", "sip-1"}, {"target_name", "other"},
};

static void set_texts(void *record, const struct acd_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
            if (fields[i].type == ACD_FIELD_str && strcmp(fields[i].name, texts[t].field) == 0) {
                struct acd_str text = acd_str(texts[t].text);

                memcpy((char *)record + fields[i].offset, &text, sizeof text);
            }
}

/* The n-th extreme of a number of so many bytes; an id's halves are two of 4. False: no more. */
static bool set_extreme(uint8_t *at, unsigned bytes, unsigned n)
{
    static const uint8_t low[] = {0x00, 0x01, 0xff, 0x00, 0xff, 0xfe};
    static const uint8_t fill[] = {0x00, 0x00, 0xff, 0x00, 0xff, 0xff};
    static const uint8_t high[] = {0x00, 0x00, 0x7f, 0x80, 0xff, 0xff};

    if (n == sizeof low)
        return false;
    memset(at, fill[n], bytes);
    at[0] = low[n];
    if (bytes > 1)
        at[bytes - 1] = high[n];
    return true;
}

static void ask(struct asker *a, const struct acd_record *record, const void *value)
{
    uint8_t message[ACD_RECORD_MAX + 64];
    struct acd_request_writer w;
    uint64_t number = 0;
    uint32_t tag = 0;

    acd_request_begin(&w, message, sizeof message, a->client);
    CHECK(acd_request_put(&w, ++a->number, record, value) == ACD_OK);
    asker_send(a, message, acd_request_end(&w));
    asker_receive(a, &tag, &number);
    CHECK(number == a->number && a->count <= ASKER_VIEWS_MAX);
}

/* Each number of a record in turn, the others as they should be. */
static void try_record(struct asker *a, const struct acd_record *record)
{
    size_t count;
    const struct acd_field *fields = record->fields(&count);

    for (size_t f = 0; f < count; f++)
        for (unsigned n = 0; fields[f].type != ACD_FIELD_str; n++) {
            union {
                struct acd_command command;
                struct acd_query query;
            } value;

            memset(&value, 0, sizeof value);
            set_texts(&value, fields, count);
            if (!set_extreme((uint8_t *)&value + fields[f].offset, acd_field_bytes(&fields[f]), n))
                break;
            ask(a, record, &value);
        }
}

static void try_all(struct asker *a, struct asker *desk)
{
    for (size_t i = 0; i < acd_records_command_count + acd_records_query_count; i++) {
        const struct acd_record *record = i < acd_records_command_count
                                              ? acd_records_command[i]
                                              : acd_records_query[i - acd_records_command_count];
        struct acd_view_outcome o;
        const char *broken;

        if (record->code == ACD_QUERY_next) /* would wait; see next.c */
            continue;
        DO(desk, &o, queue_set, .name = acd_str("sales")); /* what the one before has removed */
        DO(desk, &o, agent_set, .name = acd_str("ada"));
        DO(desk, &o, member_set, .agent_name = acd_str("ada"), .queue_name = acd_str("sales"));
        DO(desk, &o, agent_state, .name = acd_str("ada"), .state = ACD_READY);
        try_record(a, record);
        broken = centre_check(desk);
        if (!CHECK(broken == NULL))
            fprintf(stderr, "after %s: %s\n", record->name, broken);
    }
}

void test_every_number_at_its_ends(void)
{
    pid_t acdd = process_start("");
    struct asker *desk = asker_open(ACDD_URL), *nobody = asker_open(ACDD_URL),
                 *gateway = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);

    try_all(nobody, desk);
    try_all(gateway, desk);
    asker_close(gateway);
    asker_close(nobody);
    asker_close(desk);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* Ids of clients and numbers of requests too. */
void test_clients_and_numbers_at_their_ends(void)
{
    static const uint32_t slots[] = {0, 1, 63, 64, 65, 1u << 28, UINT32_MAX};
    static const uint64_t afters[] = {1, 1024, INT64_MAX, UINT64_MAX};
    pid_t acdd = process_start("");
    struct asker *a = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    acd_client_id me = a->client;
    struct acd_view_outcome o;

    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        a->client = (acd_client_id){slots[i], UINT32_MAX};
        CHECK(DO(a, &o, queue_set, .name = acd_str("sales")) == ACD_NOT_FOUND);
        CHECK(asker_next(a, 0, ACD_SECOND) == ACD_NOT_FOUND);
        CHECK(ASK(a, list_calls, .key = acd_str("k")) == ACD_OK && a->count == 0);
    }
    a->client = me;
    for (size_t i = 0; i < sizeof afters / sizeof *afters; i++)
        CHECK(asker_next(a, afters[i], ACD_SECOND) == ACD_INVALID);
    CHECK(asker_next(a, 0, INT64_MIN) == ACD_OK && a->count == 0);
    CHECK(asker_command(a, UINT64_MAX, &COMMAND(queue_set, .name = acd_str("sales")), &o) ==
          ACD_OK);
    CHECK(asker_command(a, UINT64_MAX, &COMMAND(queue_set, .name = acd_str("sales")), &o) ==
          ACD_OK);
    CHECK(o.repeated);
    CHECK(asker_command(a, 5, &COMMAND(queue_set, .name = acd_str("sales")), &o) == ACD_STALE);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* What is asked of the disk, by other threads. */
void test_the_past_at_its_ends(void)
{
    struct acd_view_outcome o;
    struct asker *a;
    pid_t acdd;

    CHECK(system("mkdir ring") == 0);
    acdd = process_start("--directory state --ring-directory ring --ring-bytes 1M");
    a = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    centre_queue(a, "sales");
    CHECK(DO(a, &o, route, .key = acd_str("k"), .queue_name = acd_str("sales")) == ACD_OK);
    CHECK(DO(a, &o, hangup, .key = acd_str("k")) == ACD_OK);
    CHECK_SOON(ASK(a, replay, .from = 1) == ACD_OK && a->count > 5);
    try_record(a, &acd_record_query_replay);
    try_record(a, &acd_record_query_list_visits);
    CHECK(ASK(a, replay, .from = UINT64_MAX) == ACD_OK);
    CHECK(DO(a, &o, route, .key = acd_str("l"), .queue_name = acd_str("sales")) == ACD_OK);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
    CHECK(system("rm -r state ring") == 0);
}
