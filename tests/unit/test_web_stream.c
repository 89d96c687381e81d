/* What a browser is still to be sent. */

#include "tools/web/stream.h"

#include <criterion/criterion.h>
#include <string.h>

static struct stream stream;

static void teardown(void)
{
    stream_close(&stream);
}

TestSuite(web_stream, .fini = teardown);

static bool put(const char *text)
{
    struct stream_message *m = stream_message_open(strdup(text), strlen(text));
    const bool is_put = stream_put(&stream, m);

    stream_message_release(m);
    return is_put;
}

static const char *take(size_t max)
{
    static char text[64];

    text[stream_read(&stream, text, max)] = '\0';
    return text;
}

Test(web_stream, messages_are_read_in_order_and_in_pieces)
{
    cr_expect(put("one") && put("two"));
    cr_expect_str_eq(take(2), "on");
    cr_expect_str_eq(take(20), "e");
    cr_expect_str_eq(take(20), "two");
    cr_expect_str_eq(take(20), "");
    cr_expect(stream.bytes == 0);
}

Test(web_stream, a_message_is_shared)
{
    static struct stream other;
    struct stream_message *m = stream_message_open(strdup("both"), 4);

    cr_expect(stream_put(&stream, m) && stream_put(&other, m) && m->refs == 3);
    stream_message_release(m);
    cr_expect_str_eq(take(20), "both");
    cr_expect(m->refs == 1);
    stream_close(&other);
}

Test(web_stream, one_that_is_full_keeps_only_what_it_is_in_the_midst_of)
{
    for (int i = 0; i < STREAM_MESSAGES_MAX; i++)
        cr_assert(put("message"));
    cr_expect_str_eq(take(3), "mes");
    cr_expect(!put("message") && stream.behind && stream.count == 1);
    cr_expect(!put("message") && stream.count == 1, "it takes no more");
    cr_expect_str_eq(take(20), "sage");
    cr_expect(stream.count == 0 && stream.bytes == 0);
    stream.behind = false;
    cr_expect(put("anew"));
    cr_expect_str_eq(take(20), "anew");
}

Test(web_stream, one_that_has_begun_with_none_keeps_none)
{
    for (int i = 0; i < STREAM_MESSAGES_MAX; i++)
        cr_assert(put("message"));
    cr_expect(!put("message") && stream.behind && stream.count == 0 && stream.bytes == 0);
}

Test(web_stream, bytes_are_bounded_but_for_a_single_message)
{
    const size_t len = STREAM_BYTES_MAX + 1;
    char *large = malloc(len);
    struct stream_message *m;

    cr_assert(large != NULL);
    memset(large, 'x', len);
    m = stream_message_open(large, len);
    cr_expect(stream_put(&stream, m), "a snapshot may be of any size");
    stream_message_release(m);
    cr_expect(!put("and nothing more") && stream.behind);
}
