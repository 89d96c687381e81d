#include <criterion/criterion.h>
#include <errno.h>

#include "daemon/listener.h"
#include "daemon/sp_address.h"
#include "daemon/sp_wire.h"

/* ---- hello -------------------------------------------------------------------------------- */

Test(sp_hello, is_what_nng_says)
{
    uint8_t hello[SP_HELLO_BYTES];

    sp_hello_write(hello, SP_REP);
    cr_assert_arr_eq(hello, "\0SP\0\0\x31\0\0", sizeof hello);
}

Test(sp_hello, is_partial_at_every_length_but_its_own)
{
    uint8_t hello[SP_HELLO_BYTES];

    sp_hello_write(hello, SP_REQ);
    for (size_t len = 0; len < sizeof hello; len++)
        cr_assert_eq(sp_hello_read(hello, len, SP_REQ), SP_PARTIAL);
    cr_assert_eq(sp_hello_read(hello, sizeof hello, SP_REQ), SP_WHOLE);
}

Test(sp_hello, may_be_followed_by_anything)
{
    cr_assert_eq(sp_hello_read((const uint8_t *)"\0SP\0\0\x30\0\0GET", 11, SP_REQ), SP_WHOLE);
}

Test(sp_hello, is_refused_at_the_first_wrong_byte)
{
    for (size_t wrong = 0; wrong < SP_HELLO_BYTES; wrong++) {
        uint8_t hello[SP_HELLO_BYTES];

        sp_hello_write(hello, SP_REQ);
        hello[wrong] ^= 0x40;
        cr_assert_eq(sp_hello_read(hello, wrong, SP_REQ), SP_PARTIAL);
        cr_assert_eq(sp_hello_read(hello, wrong + 1, SP_REQ), SP_MALFORMED);
    }
}

Test(sp_hello, of_another_protocol_is_refused)
{
    static const enum sp_protocol all[] = {SP_PUB, SP_SUB, SP_REQ, SP_REP};
    uint8_t hello[SP_HELLO_BYTES];

    for (size_t said = 0; said < 4; said++) {
        sp_hello_write(hello, all[said]);
        for (size_t wanted = 0; wanted < 4; wanted++)
            cr_assert_eq(sp_hello_read(hello, sizeof hello, all[wanted]),
                         said == wanted ? SP_WHOLE : SP_MALFORMED);
    }
}

/* ---- frames ------------------------------------------------------------------------------- */

/* Of len bytes, all the same. */
static size_t frame_of(uint8_t *out, enum sp_transport transport, size_t len)
{
    size_t header = sp_header_bytes(transport);

    sp_header_write(out, transport, len);
    memset(out + header, 'x', len);
    return header + len;
}

Test(sp_frame, header_is_what_nng_says)
{
    uint8_t out[SP_HEADER_BYTES_MAX];

    cr_assert_eq(sp_header_bytes(SP_IPC), 9);
    sp_header_write(out, SP_IPC, 0x01020304);
    cr_assert_arr_eq(out, "\1\0\0\0\0\1\2\3\4", 9);
    cr_assert_eq(sp_header_bytes(SP_TCP), 8);
    sp_header_write(out, SP_TCP, 77);
    cr_assert_arr_eq(out, "\0\0\0\0\0\0\0\x4d", 8);
}

Test(sp_frame, is_partial_until_its_last_byte)
{
    static const enum sp_transport both[] = {SP_IPC, SP_TCP};

    for (size_t t = 0; t < 2; t++) {
        uint8_t bytes[64];
        size_t len = frame_of(bytes, both[t], 5), header = sp_header_bytes(both[t]);
        struct sp_frame f;

        for (size_t seen = 0; seen < len; seen++) {
            cr_assert_eq(sp_frame_read(bytes, seen, both[t], 100, &f), SP_PARTIAL);
            cr_assert_eq(f.frame_len, seen < header ? 0 : len);
        }
        cr_assert_eq(sp_frame_read(bytes, len, both[t], 100, &f), SP_WHOLE);
        cr_assert_eq(f.frame_len, len);
        cr_assert_eq(f.payload, bytes + header);
        cr_assert_eq(f.payload_len, 5);
    }
}

Test(sp_frame, leaves_the_next_one_alone)
{
    uint8_t bytes[64];
    size_t first = frame_of(bytes, SP_IPC, 3), second = frame_of(bytes + first, SP_IPC, 0);
    struct sp_frame f;

    cr_assert_eq(sp_frame_read(bytes, first + second, SP_IPC, 100, &f), SP_WHOLE);
    cr_assert_eq(f.frame_len, first);
    cr_assert_eq(sp_frame_read(bytes + first, second, SP_IPC, 100, &f), SP_WHOLE);
    cr_assert_eq(f.payload_len, 0);
}

Test(sp_frame, over_ipc_begins_with_a_one)
{
    struct sp_frame f;

    cr_assert_eq(sp_frame_read((const uint8_t *)"\2", 1, SP_IPC, 100, &f), SP_MALFORMED);
    cr_assert_eq(sp_frame_read((const uint8_t *)"GET / HT", 8, SP_IPC, 100, &f), SP_MALFORMED);
}

Test(sp_frame, may_be_as_long_as_the_limit_and_no_longer)
{
    uint8_t header[SP_HEADER_BYTES_MAX];
    struct sp_frame f;

    sp_header_write(header, SP_TCP, 1000);
    cr_assert_eq(sp_frame_read(header, 8, SP_TCP, 1000, &f), SP_PARTIAL);
    cr_assert_eq(f.frame_len, 1008);
    cr_assert_eq(sp_frame_read(header, 8, SP_TCP, 999, &f), SP_MALFORMED);
    memset(header, 0xff, sizeof header);
    cr_assert_eq(sp_frame_read(header, 8, SP_TCP, 1 << 30, &f), SP_MALFORMED);
}

/* ---- tags --------------------------------------------------------------------------------- */

Test(sp_tag, ends_with_the_word_whose_top_bit_is_set)
{
    cr_assert_eq(sp_tag_bytes((const uint8_t *)"\x80\0\0\1body", 8), 4);
    cr_assert_eq(sp_tag_bytes((const uint8_t *)"\0\0\0\1\xff\xff\xff\xff", 8), 8);
    cr_assert_eq(sp_tag_bytes((const uint8_t *)"\0\0\0\1\x7f\xff\xff\xff\x80\0\0\0", 12), 12);
}

Test(sp_tag, must_be_whole)
{
    cr_assert_eq(sp_tag_bytes((const uint8_t *)"", 0), 0);
    cr_assert_eq(sp_tag_bytes((const uint8_t *)"\x80\0\0", 3), 0);
    cr_assert_eq(sp_tag_bytes((const uint8_t *)"\0\0\0\1", 4), 0);
    cr_assert_eq(sp_tag_bytes((const uint8_t *)"\0\0\0\1\x80\0\0", 7), 0);
}

Test(sp_tag, has_at_most_eight_words)
{
    uint8_t payload[40] = {0};

    payload[28] = 0x80;
    cr_assert_eq(sp_tag_bytes(payload, sizeof payload), 32);
    payload[28] = 0;
    payload[32] = 0x80;
    cr_assert_eq(sp_tag_bytes(payload, sizeof payload), 0);
}

/* ---- addresses ---------------------------------------------------------------------------- */

static void expect_tcp(const char *url, const char *host, uint16_t port)
{
    struct sp_address a;

    cr_assert_eq(sp_address_parse(url, &a), 0, "%s", url);
    cr_assert_eq(a.transport, SP_TCP);
    cr_assert_str_eq(a.host, host);
    cr_assert_eq(a.port, port);
}

static void expect_error(const char *url, int error)
{
    struct sp_address a;

    cr_assert_eq(sp_address_parse(url, &a), error, "%s", url);
}

Test(sp_address, of_ipc_is_a_path)
{
    struct sp_address a;

    cr_assert_eq(sp_address_parse("ipc:///run/acd.sock", &a), 0);
    cr_assert_eq(a.transport, SP_IPC);
    cr_assert_str_eq(a.path, "/run/acd.sock");
    cr_assert_eq(sp_address_parse("ipc://acd.sock", &a), 0);
    cr_assert_str_eq(a.path, "acd.sock");
    expect_error("ipc://", -EINVAL);
}

Test(sp_address, takes_no_path_that_the_system_would_not)
{
    char url[SP_PATH_SIZE + 8] = "ipc://";

    memset(url + 6, 'a', SP_PATH_SIZE - 1);
    expect_error(url, 0);
    memset(url + 6, 'a', SP_PATH_SIZE);
    expect_error(url, -ENAMETOOLONG);
}

Test(sp_address, of_tcp_is_a_host_and_a_port)
{
    expect_tcp("tcp://127.0.0.1:5555", "127.0.0.1", 5555);
    expect_tcp("tcp://localhost:0", "localhost", 0);
    expect_tcp("tcp://[::1]:65535", "::1", 65535);
    expect_tcp("tcp://[fe80::1%eth0]:1", "fe80::1%eth0", 1);
    expect_tcp("tcp://*:80", "", 80);
    expect_tcp("tcp://:80", "", 80);
}

Test(sp_address, refuses_what_is_neither)
{
    static const char *const wrong[] = {
        "",
        "tcp",
        "tcp:/a:1",
        "inproc://a",
        "tls+tcp://a:1",
        "/run/acd.sock",
        "tcp://",
        "tcp://a",
        "tcp://a:",
        "tcp://a:x",
        "tcp://a:1x",
        "tcp://a:-1",
        "tcp://a: 1",
        "tcp://a:65536",
        "tcp://a:000001",
        "tcp://::1:80",
        "tcp://[::1:80",
        "tcp://[::1]80",
        "tcp://[]:80",
        "tcp://[::1]",
    };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        expect_error(wrong[i], -EINVAL);
}

Test(sp_address, takes_no_host_longer_than_its_field)
{
    char url[SP_HOST_SIZE + 16] = "tcp://";

    memset(url + 6, 'a', SP_HOST_SIZE);
    memcpy(url + 6 + SP_HOST_SIZE, ":1", 3);
    expect_error(url, -ENAMETOOLONG);
}

/* ---- texts -------------------------------------------------------------------------------- */

Test(listener_text, there_is_one_for_each_end_and_error)
{
    for (int why = 0; why < LISTENER_END_COUNT; why++)
        cr_assert_not_null(listener_end_text((enum listener_end)why));
    cr_assert_str_eq(listener_end_text(LISTENER_END_LOCAL), "closed by us");
    cr_assert_str_eq(listener_error_text(-EADDRINUSE), "address in use: somebody listens there");
    cr_assert_str_eq(listener_error_text(-EACCES), "permission denied");
}
