/* The messages of the wire, read and written. */

#include <criterion/criterion.h>

#include "proto/acd_sp.h"
#include "proto/acd_wire.h"
#include "tests/vectors/samples.h"

static uint8_t buffer[ACD_WIRE_MESSAGE_MAX + 64];

static const acd_client_id client = {3, 77};
static const struct acd_wire_position here = {5, 1000, 990};

/* A message of three requests: a command, a query, a command. */
static size_t three_requests(uint8_t *out, size_t len)
{
    const struct acd_command_route route = {.key = acd_str("k"), .queue_name = acd_str("sales")};
    const struct acd_query_list_agents list = {.name = acd_str("ada"), .limit = 7};
    const struct acd_command_accept accept = {.assignment = {4, 9}};
    struct acd_request_writer w;

    acd_request_begin(&w, out, len, client);
    cr_assert_eq(acd_request_put(&w, 11, &acd_record_command_route, &route), ACD_OK);
    cr_assert_eq(acd_request_put(&w, 12, &acd_record_query_list_agents, &list), ACD_OK);
    cr_assert_eq(acd_request_put(&w, 13, &acd_record_command_accept, &accept), ACD_OK);
    return acd_request_end(&w);
}

/* ---- requests ----------------------------------------------------------------------------- */

Test(request, comes_back_as_it_was_written)
{
    size_t len = three_requests(buffer, sizeof buffer);
    struct acd_request_reader r;
    struct acd_request request;
    struct acd_command command;
    struct acd_query query;

    cr_assert_eq(acd_request_open(&r, buffer, len), ACD_OK);
    cr_assert_eq(r.count, 3);
    cr_assert_eq(r.client.slot, 3);
    cr_assert_eq(r.client.gen, 77);

    cr_assert(acd_request_next(&r, &request));
    cr_assert_eq(request.number, 11);
    cr_assert_eq(request.code, ACD_COMMAND_route);
    cr_assert_gt(acd_command_decode(request.bytes, request.size, &command), 0);
    cr_assert_eq(command.as.route.queue_name.len, 5);
    cr_assert_arr_eq(command.as.route.queue_name.data, "sales", 5);

    cr_assert(acd_request_next(&r, &request));
    cr_assert_gt(acd_query_decode(request.bytes, request.size, &query), 0);
    cr_assert_eq(query.code, ACD_QUERY_list_agents);
    cr_assert_eq(query.as.list_agents.limit, 7);

    cr_assert(acd_request_next(&r, &request));
    cr_assert_eq(request.number, 13);
    cr_assert_not(acd_request_next(&r, &request));
}

Test(request, begins_with_the_bytes_of_the_manual)
{
    const uint8_t expected[] = {'a', 'c', 'd', 'q', 1, 0, 3, 0, 3, 0, 0, 0, 77, 0, 0, 0, 11, 0};

    three_requests(buffer, sizeof buffer);
    cr_assert_arr_eq(buffer, expected, sizeof expected);
}

Test(request, cut_anywhere_is_an_error)
{
    size_t len = three_requests(buffer, sizeof buffer);
    struct acd_request_reader r;

    for (size_t cut = 0; cut < len; cut++)
        cr_assert_eq(acd_request_open(&r, buffer, cut), ACD_TRUNCATED, "cut at %zu", cut);
    buffer[len] = 0;
    cr_assert_eq(acd_request_open(&r, buffer, len + 1), ACD_INVALID);
}

static int opened_with(size_t at, uint8_t byte)
{
    size_t len = three_requests(buffer, sizeof buffer);
    struct acd_request_reader r;

    buffer[at] = byte;
    return acd_request_open(&r, buffer, len);
}

Test(request, each_part_of_the_header_is_checked)
{
    enum { MAGIC = 0, VERSION = 4, COUNT = 6, NUMBER = 16, SIZE = 24, FIXED = 30 };

    cr_assert_eq(opened_with(MAGIC, 'x'), ACD_INVALID);
    cr_assert_eq(opened_with(VERSION, 2), ACD_VERSION);
    cr_assert_eq(opened_with(COUNT, 0), ACD_INVALID);
    cr_assert_eq(opened_with(COUNT, 2), ACD_INVALID, "bytes behind the last request");
    cr_assert_eq(opened_with(COUNT, 4), ACD_TRUNCATED);
    cr_assert_eq(opened_with(COUNT + 1, 1), ACD_TOO_LONG, "259 requests");
    cr_assert_eq(opened_with(NUMBER, 0), ACD_INVALID);
    cr_assert_eq(opened_with(SIZE, 7), ACD_INVALID);
    cr_assert_eq(opened_with(SIZE + 2, 1), ACD_TOO_LONG);
    cr_assert_eq(opened_with(FIXED, 250), ACD_INVALID);
}

Test(request, an_unknown_code_or_a_long_text_fails_alone)
{
    size_t len = three_requests(buffer, sizeof buffer);
    const struct acd_query_list_agents list = {.name = acd_str("ada")};
    uint8_t record[ACD_RECORD_MAX];
    struct acd_request_writer w;
    struct acd_request_reader r;
    struct acd_request request;
    struct acd_command command;
    struct acd_query query;
    size_t size = acd_record_query_list_agents.encode(&list, record);

    buffer[28] = 0xee;
    cr_assert_eq(acd_request_open(&r, buffer, len), ACD_OK);
    cr_assert(acd_request_next(&r, &request));
    cr_assert_eq(acd_command_decode(request.bytes, request.size, &command), ACD_UNKNOWN);
    cr_assert(acd_request_next(&r, &request));

    record[ACD_RECORD_HEADER] = 65; /* the name's length */
    acd_request_begin(&w, buffer, sizeof buffer, ACD_NOBODY);
    cr_assert_eq(acd_request_put_bytes(&w, 1, record, size), ACD_OK);
    cr_assert_eq(acd_request_open(&r, buffer, acd_request_end(&w)), ACD_OK);
    cr_assert(acd_request_next(&r, &request));
    cr_assert_eq(acd_query_decode(request.bytes, request.size, &query), ACD_TOO_LONG);
}

Test(request, the_writer_knows_its_bounds)
{
    const struct acd_command_accept accept = {.assignment = {4, 9}};
    struct acd_command_route route = {.key = acd_str("k")};
    struct acd_request_writer w;
    char text[200];

    acd_request_begin(&w, buffer, sizeof buffer, client);
    for (int i = 0; i < ACD_WIRE_BATCH_MAX; i++)
        cr_assert_eq(acd_request_put(&w, 1, &acd_record_command_accept, &accept), ACD_OK);
    cr_assert_eq(acd_request_put(&w, 1, &acd_record_command_accept, &accept), ACD_FULL);

    memset(text, 'x', sizeof text);
    route.key = (struct acd_str){text, 97};
    acd_request_begin(&w, buffer, 100, client);
    cr_assert_eq(acd_request_put(&w, 1, &acd_record_command_route, &route), ACD_TOO_LONG);
    cr_assert_eq(acd_request_put(&w, 1, &acd_record_command_accept, &accept), ACD_OK);
    cr_assert_eq(acd_request_put(&w, 2, &acd_record_command_accept, &accept), ACD_OK);
    cr_assert_eq(acd_request_put(&w, 3, &acd_record_command_accept, &accept), ACD_FULL);
    cr_assert_leq(acd_request_end(&w), 100);
}

/* ---- replies ------------------------------------------------------------------------------ */

static size_t a_batch_of_replies(uint8_t *out, size_t len)
{
    const struct acd_view_outcome queued = {
        .verdict = ACD_VERDICT_QUEUED, .position = 4, .agent_name = acd_str("ada")};
    const struct acd_view_number number = {.number = acd_str("4711"), .queue = {1, 1}};
    struct acd_reply_writer w;

    acd_reply_begin(&w, out, len, 4);
    acd_reply_outcome(&w, 21, &queued);
    acd_reply_open_page(&w, 22);
    cr_assert_eq(acd_reply_put(&w, &acd_record_view_number, &number), ACD_OK);
    cr_assert_eq(acd_reply_put(&w, &acd_record_view_number, &number), ACD_OK);
    acd_reply_close_page(&w, 99);
    acd_reply_open(&w, 23);
    acd_reply_drop(&w);
    acd_reply_error(&w, 23, ACD_NOT_FOUND, 2);
    acd_reply_open(&w, 24);
    acd_reply_close(&w);
    return acd_reply_end(&w, &here);
}

/* The next record of a walk, decoded. */
static struct acd_view next_view(const uint8_t **at, size_t *left)
{
    struct acd_view view = {0};
    const uint8_t *record;
    uint16_t code;

    cr_assert_eq(acd_records_next(at, left, &code, &record), 1);
    cr_assert_gt(acd_view_decode(record, (size_t)(*at - record), &view), 0);
    return view;
}

Test(reply, comes_back_as_it_was_written)
{
    size_t len = a_batch_of_replies(buffer, sizeof buffer);
    struct acd_reply_reader r;
    struct acd_reply reply;
    struct acd_view view;

    cr_assert_eq(acd_reply_read(&r, buffer, len), ACD_OK);
    cr_assert_eq(r.position.epoch, 5);
    cr_assert_eq(r.position.sequence, 1000);
    cr_assert_eq(r.position.durable, 990);
    cr_assert_eq(r.count, 4);

    cr_assert_eq(acd_reply_next(&r, &reply), 1);
    cr_assert_eq(reply.number, 21);
    view = next_view(&reply.records, &reply.size);
    cr_assert_eq(view.as.outcome.position, 4);
    cr_assert_eq(reply.size, 0);

    cr_assert_eq(acd_reply_next(&r, &reply), 1);
    cr_assert_eq(reply.number, 22);
    view = next_view(&reply.records, &reply.size);
    cr_assert_eq(view.as.page.cursor, 99);
    cr_assert_eq(view.as.page.count, 2);
    view = next_view(&reply.records, &reply.size);
    cr_assert_arr_eq(view.as.number.number.data, "4711", 4);
    next_view(&reply.records, &reply.size);
    cr_assert_eq(reply.size, 0);

    cr_assert_eq(acd_reply_next(&r, &reply), 1);
    view = next_view(&reply.records, &reply.size);
    cr_assert_eq(view.as.outcome.error, ACD_NOT_FOUND);
    cr_assert_eq(view.as.outcome.field, 2);

    cr_assert_eq(acd_reply_next(&r, &reply), 1);
    cr_assert_eq(reply.size, 0);
    cr_assert_eq(acd_reply_next(&r, &reply), 0);
}

Test(reply, cut_anywhere_is_an_error)
{
    size_t len = a_batch_of_replies(buffer, sizeof buffer);

    for (size_t cut = 0; cut < len; cut++) {
        struct acd_reply_reader r;
        struct acd_reply reply;
        int error = acd_reply_read(&r, buffer, cut);

        while (error == ACD_OK && (error = acd_reply_next(&r, &reply)) == 1)
            error = ACD_OK;
        cr_assert_eq(error, ACD_TRUNCATED, "cut at %zu", cut);
    }
}

Test(reply, a_long_list_leaves_room_for_the_replies_behind_it)
{
    struct acd_view_outcome full = {0};
    union sample_room call;
    struct acd_reply_writer w;
    size_t room = ACD_WIRE_REPLY_MIN(256) + 10000;
    int error = ACD_OK, count = 0;
    static char text[512];

    memset(text, 'x', sizeof text);
    full.agent_name = (struct acd_str){text, 64};
    full.contact = (struct acd_str){text, 128};
    sample_fill(&acd_record_view_call, SAMPLE_TYPICAL, &call);
    acd_reply_begin(&w, buffer, room, 256);
    acd_reply_open_page(&w, 1);
    while ((error = acd_reply_put(&w, &acd_record_view_call, &call)) == ACD_OK)
        count++;
    cr_assert_eq(error, ACD_FULL);
    cr_assert_gt(count, 10);
    acd_reply_close_page(&w, 1);
    for (uint64_t number = 2; number <= 256; number++)
        acd_reply_outcome(&w, number, &full);
    cr_assert_leq(acd_reply_end(&w, &here), room);
}

/* What is made in place is what is put. */
Test(reply, has_records_made_in_place)
{
    const struct acd_view_client gateway = {.name = acd_str("sip-1")};
    static uint8_t same[1000];
    struct acd_reply_writer w;
    size_t room, used = 0;
    uint8_t *place;

    acd_reply_begin(&w, same, sizeof same, 1);
    acd_reply_open_page(&w, 9);
    for (int i = 0; i < 3; i++)
        cr_assert_eq(acd_reply_put(&w, &acd_record_view_client, &gateway), ACD_OK);
    acd_reply_close_page(&w, 77);
    used = acd_reply_end(&w, &here);

    acd_reply_begin(&w, buffer, sizeof same, 1);
    acd_reply_open_page(&w, 9);
    cr_assert_eq(acd_reply_put(&w, &acd_record_view_client, &gateway), ACD_OK);
    place = acd_reply_place(&w, &room);
    cr_assert_eq(room, acd_reply_room(&w));
    acd_reply_placed(&w, 0);
    place += acd_record_view_client.encode(&gateway, place);
    place += acd_record_view_client.encode(&gateway, place);
    acd_reply_placed(&w, (size_t)(place - w.at));
    acd_reply_close_page(&w, 77);
    cr_assert_eq(acd_reply_end(&w, &here), used);
    cr_assert_arr_eq(buffer, same, used);
}

Test(reply, any_outcome_fits_into_the_room_kept_for_it)
{
    const struct acd_record *outcome = &acd_record_view_outcome;
    size_t count, most = ACD_WIRE_REPLY_HEAD + ACD_RECORD_HEADER + outcome->fixed;
    const struct acd_field *fields = outcome->fields(&count);

    for (size_t i = 0; i < count; i++)
        most += fields[i].max;
    cr_assert_leq(most, ACD_WIRE_OUTCOME_MAX);
}

Test(reply, to_what_could_not_be_read)
{
    size_t len = acd_reply_unreadable(buffer, ACD_VERSION, &here);
    const struct acd_wire_position later = {5, 2000, 1999};
    struct acd_reply_reader r;
    struct acd_reply reply;

    acd_reply_stamp(buffer, &later);
    cr_assert_eq(acd_reply_read(&r, buffer, len), ACD_OK);
    cr_assert_eq(r.position.sequence, 2000);
    cr_assert_eq(r.position.durable, 1999);
    cr_assert_eq(acd_reply_next(&r, &reply), 1);
    cr_assert_eq(reply.number, 0);
    cr_assert_eq(next_view(&reply.records, &reply.size).as.outcome.error, ACD_VERSION);
}

Test(reply, of_a_foreign_magic_or_version)
{
    size_t len = a_batch_of_replies(buffer, sizeof buffer);
    struct acd_reply_reader r;

    buffer[4] = 9;
    cr_assert_eq(acd_reply_read(&r, buffer, len), ACD_VERSION);
    buffer[3] = 'q';
    cr_assert_eq(acd_reply_read(&r, buffer, len), ACD_INVALID);
    cr_assert_eq(acd_reply_read(&r, buffer, ACD_WIRE_MESSAGE_MAX + 1), ACD_TOO_LONG);
}

/* ---- published ---------------------------------------------------------------------------- */

static size_t publication(uint8_t *out)
{
    const struct acd_event_agent_state state = {.agent = {1, 2}, .state = ACD_READY};
    static uint8_t event[ACD_RECORD_MAX];
    struct acd_published p = {.topic = ACD_TOPIC_AGENT,
                              .head = {.epoch = 5, .sequence = 9, .previous = 4, .at = 123},
                              .event = event};

    p.event_size = acd_record_event_agent_state.encode(&state, event);
    return acd_published_write(out, &p);
}

Test(published, comes_back_as_it_was_written)
{
    size_t len = publication(buffer);
    struct acd_published p;
    struct acd_event event;

    cr_assert_str_eq((char *)buffer, "agent");
    cr_assert_eq(acd_published_read(&p, buffer, len), ACD_OK);
    cr_assert_eq(p.topic, ACD_TOPIC_AGENT);
    cr_assert_eq(p.head.sequence, 9);
    cr_assert_eq(p.head.previous, 4);
    cr_assert_gt(acd_event_decode(p.event, p.event_size, &event), 0);
    cr_assert_eq(event.as.agent_state.agent.gen, 2);
    for (size_t cut = 0; cut < len; cut++)
        cr_assert_neq(acd_published_read(&p, buffer, cut), ACD_OK, "cut at %zu", cut);
    buffer[len] = 0;
    cr_assert_eq(acd_published_read(&p, buffer, len + 1), ACD_INVALID);
}

Test(published, a_heartbeat_has_no_event)
{
    const struct acd_published beat = {.topic = ACD_TOPIC_HEARTBEAT, .head = {.sequence = 12}};
    size_t len = acd_published_write(buffer, &beat);
    struct acd_published p;

    cr_assert_str_eq((char *)buffer, "heartbeat");
    cr_assert_eq(acd_published_read(&p, buffer, len), ACD_OK);
    cr_assert_eq(p.topic, ACD_TOPIC_HEARTBEAT);
    cr_assert_null(p.event);
}

Test(published, a_topic_unknown_to_us_is_none_of_ours)
{
    size_t len = publication(buffer);
    struct acd_published p;

    buffer[0] = 'x';
    cr_assert_eq(acd_published_read(&p, buffer, len), ACD_OK);
    cr_assert_eq(p.topic, 0);
    memset(buffer, 'x', ACD_WIRE_TOPIC_MAX);
    cr_assert_eq(acd_published_read(&p, buffer, len), ACD_INVALID);
}

Test(published, the_longest_fits_into_the_room_asked_for)
{
    cr_assert_geq(ACD_WIRE_PUBLISHED_MAX, ACD_WIRE_TOPIC_MAX + ACD_RECORD_HEADER +
                                              acd_record_view_published.fixed + ACD_RECORD_MAX);
}

/* ---- records ------------------------------------------------------------------------------ */

Test(records, are_found_by_code_and_by_name)
{
    const struct acd_record *record;
    size_t i;

    for (i = 0; (record = acd_message_at(i)) != NULL; i++) {
        cr_assert_eq(acd_message_record(record->code), record);
        cr_assert_eq(acd_message_named(acd_kind_of(record->code), acd_str(record->name)), record);
        cr_assert_str_neq(acd_kind_text(acd_kind_of(record->code)), "?");
    }
    cr_assert_gt(i, 60);
    cr_assert_null(acd_message_record(0x7777));
    cr_assert_null(acd_message_named(ACD_KIND_QUERY, acd_str("route")));
    cr_assert_str_eq(acd_field_name(&acd_record_query_list_agents, 1), "name");
    cr_assert_str_eq(acd_field_name(&acd_record_query_list_agents, 99), "");
}

Test(records, of_an_older_or_newer_peer_are_read)
{
    const struct acd_view_page page = {.cursor = 4, .count = 9};
    struct acd_view_page back;
    size_t len = acd_record_view_page.encode(&page, buffer);

    buffer[0] = (uint8_t)(len - 4); /* without its count */
    buffer[6] = 4;
    cr_assert_eq(acd_record_view_page.decode(buffer, len - 4, &back), (int)len - 4);
    cr_assert_eq(back.cursor, 4);
    cr_assert_eq(back.count, 0);

    len = acd_record_view_page.encode(&page, buffer);
    memset(buffer + len, 0xff, 4); /* with a field of tomorrow */
    buffer[0] = (uint8_t)(len + 4);
    buffer[6] = 12;
    cr_assert_eq(acd_record_view_page.decode(buffer, len + 4, &back), (int)len + 4);
    cr_assert_eq(back.count, 9);
}

/* ---- SP ----------------------------------------------------------------------------------- */

Test(sp, hello_and_frames)
{
    const uint8_t hello[] = {0, 'S', 'P', 0, 0, 0x30, 0, 0};
    const uint8_t ipc[] = {1, 0, 0, 0, 0, 0, 0, 1, 2};
    uint64_t payload;
    uint8_t out[16];

    acd_sp_hello(out, ACD_SP_REQ);
    cr_assert_arr_eq(out, hello, sizeof hello);
    cr_assert(acd_sp_hello_is(out, ACD_SP_REQ));
    cr_assert_not(acd_sp_hello_is(out, ACD_SP_SUB));

    cr_assert_eq(acd_sp_frame_put(out, false, 258), 9);
    cr_assert_arr_eq(out, ipc, sizeof ipc);
    cr_assert_eq(acd_sp_frame_put(out, true, 258), 8);
    cr_assert_arr_eq(out, ipc + 1, 8);

    cr_assert_eq(acd_sp_frame_get(ipc, sizeof ipc, false, 258, &payload), 9);
    cr_assert_eq(payload, 258);
    cr_assert_eq(acd_sp_frame_get(ipc + 1, 8, true, 258, &payload), 8);
    cr_assert_eq(acd_sp_frame_get(ipc, 8, false, 258, &payload), 0);
    cr_assert_eq(acd_sp_frame_get(ipc, sizeof ipc, false, 257, &payload), ACD_TOO_LONG);
    cr_assert_eq(acd_sp_frame_get(hello, sizeof hello, false, 257, &payload), ACD_INVALID);
}
