/* Notices, once and in order. */

#include <stdio.h>

#include "tests/e2e/client_fake/cases.h"
#include "tests/e2e/client_fake/fake.h"

static const acd_client_id us = {2, 40};

/* Answers a `next` by the notices of numbers [from, to]. */
static void notices(struct fake *f, const struct fake_message *m, uint64_t from, uint64_t to)
{
    struct acd_view_notice some[8] = {0};

    for (uint64_t number = from; number <= to; number++)
        some[number - from].number = number;
    fake_views(f, m, &acd_record_view_notice, some, (size_t)(to + 1 - from));
}

static bool read_next(struct fake *f, struct fake_message *m, uint64_t after)
{
    return fake_read(f, m) && m->count == 1 && m->codes[0] == ACD_QUERY_next &&
           m->client.gen == us.gen && m->first_query.as.next.after == after &&
           m->first_query.as.next.wait > 0 && m->first_query.as.next.wait <= ACD_NEXT_WAIT_MAX;
}

void test_notices_come_once_and_in_order(void)
{
    struct fake f;
    struct told told;
    struct fake_message m, old;

    fake_open(&f, false, false);
    fake_client(&f, "sip-1", &told);
    CHECK(acd_client_outbox(f.client, told_notice, &told) == ACD_OK);
    CHECK(acd_client_outbox(f.client, told_notice, &told) == ACD_STATE);
    CHECK(fake_session(&f, us, 0));
    CHECK(read_next(&f, &m, 0));
    notices(&f, &m, 1, 2);
    CHECK(told.notice_count == 2);
    CHECK(read_next(&f, &old, 2));
    notices(&f, &old, 3, 2); /* nothing in time */
    CHECK(read_next(&f, &m, 2));
    fake_hang_up(&f);
    fake_run(&f, 5 * ACD_MS);

    CHECK(fake_session(&f, us, 0));
    CHECK(read_next(&f, &m, 2));
    notices(&f, &old, 3, 4); /* the answer to one that is given up */
    CHECK(told.notice_count == 2);
    notices(&f, &m, 2, 4); /* one of them is known */
    CHECK(told.notice_count == 4);
    for (int i = 0; i < 4; i++)
        CHECK(told.notices[i] == (uint64_t)i + 1);
    CHECK(read_next(&f, &m, 4));
    CHECK(fake_is_quiet(&f));

    /* Requests go on beside it. */
    CHECK(send_one(f.client, &told) == ACD_OK);
    CHECK(fake_read(&f, &old) && old.numbers[0] == 1);
    fake_answer(&f, &old, 1, &(struct acd_view_outcome){.position = 1});
    CHECK(told.outcomes == 1);
    fake_close(&f);
}

void test_a_lost_outbox_is_opened_again(void)
{
    struct fake f;
    struct told told;
    struct fake_message m;

    fake_open(&f, false, false);
    fake_client(&f, "sip-1", &told);
    CHECK(fake_session(&f, us, 0));
    CHECK(acd_client_outbox(f.client, told_notice, &told) == ACD_OK);
    CHECK(read_next(&f, &m, 0));
    notices(&f, &m, 1, 1);
    CHECK(read_next(&f, &m, 1));
    fake_fail(&f, &m, m.numbers[0], ACD_LOST);
    CHECK(strcmp(told.states, "CL") == 0);
    CHECK(fake_take_name(&f, us, 0));
    CHECK(strcmp(told.states, "CLC") == 0);
    CHECK(read_next(&f, &m, 1));
    notices(&f, &m, 9, 9);
    CHECK(told.notice_count == 2 && told.notices[1] == 9);
    fake_close(&f);
}

void test_an_outbox_error_is_no_storm(void)
{
    struct fake f;
    struct told told;
    struct fake_message m;

    fake_open(&f, false, false);
    fake_client(&f, "sip-1", &told);
    CHECK(acd_client_outbox(f.client, told_notice, &told) == ACD_OK);
    CHECK(fake_session(&f, us, 0));
    CHECK(read_next(&f, &m, 0));
    fake_fail(&f, &m, m.numbers[0], ACD_BUSY);
    CHECK(!fake_read_within(&f, &m, 800 * ACD_MS));
    CHECK(read_next(&f, &m, 0));
    fake_fail(&f, &m, 0, ACD_INVALID);
    CHECK(!fake_read_within(&f, &m, 800 * ACD_MS));
    CHECK(read_next(&f, &m, 0));
    fake_close(&f);
}
