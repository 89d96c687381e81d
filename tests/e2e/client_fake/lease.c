/* A gateway with a lease, and one that is lost. */

#include "tests/e2e/client_fake/cases.h"
#include "tests/e2e/client_fake/fake.h"

static const acd_client_id us = {2, 40};

enum { LEASE_MS = 400 };

static void open_leased(struct fake *f, struct told *told)
{
    const struct acd_client_options options = {.url = f->url,
                                               .name = "sip-1",
                                               .timeout = 200 * ACD_MS,
                                               .on_state = told_state,
                                               .ctx = told,
                                               .lease = LEASE_MS * ACD_MS,
                                               .grace = -1,
                                               .orphans = ACD_ORPHANS_HAND_OVER,
                                               .heir = "sip-2"};
    struct fake_message m = {.count = 0};
    const struct acd_command_client_open *open = &m.first.as.client_open;

    memset(told, 0, sizeof *told);
    CHECK(acd_client_open(&f->client, &options) == ACD_OK);
    CHECK(fake_accept(f) && fake_read(f, &m));
    CHECK(m.count == 1 && m.codes[0] == ACD_COMMAND_client_open);
    CHECK(open->lease == LEASE_MS * ACD_MS && open->grace == -1);
    CHECK(open->orphans == ACD_ORPHANS_HAND_OVER && open->heir.len == 5);
    fake_answer(f, &m, m.numbers[0], &(struct acd_view_outcome){.client = us});
}

static bool read_heartbeat(struct fake *f, struct fake_message *m)
{
    return fake_read_within(f, m, LEASE_MS / 2 * ACD_MS) && m->count == 1 &&
           m->codes[0] == ACD_COMMAND_heartbeat && m->client.gen == us.gen;
}

void test_a_gateway_says_that_it_is_there(void)
{
    struct fake f;
    struct told told;
    struct fake_message m;

    fake_open(&f, false, false);
    open_leased(&f, &told);
    for (int i = 0; i < 3; i++) {
        CHECK(read_heartbeat(&f, &m));
        fake_answer(&f, &m, m.numbers[0], &(struct acd_view_outcome){.error = ACD_OK});
    }
    CHECK(strcmp(told.states, "C") == 0);

    /* Another request says so too. */
    fake_run(&f, LEASE_MS / 8 * ACD_MS);
    CHECK(send_one(f.client, &told) == ACD_OK);
    CHECK(fake_read(&f, &m) && m.codes[0] == ACD_COMMAND_wrap_up_finish);
    fake_answer(&f, &m, m.numbers[0], &(struct acd_view_outcome){.error = ACD_OK});
    CHECK(!fake_read_within(&f, &m, LEASE_MS / 6 * ACD_MS));
    CHECK(read_heartbeat(&f, &m));
    fake_close(&f);
}

void test_a_heartbeat_without_an_answer_is_a_broken_line(void)
{
    struct fake f;
    struct told told;
    struct fake_message m;

    fake_open(&f, false, false);
    open_leased(&f, &told);
    CHECK(read_heartbeat(&f, &m));
    fake_run(&f, 400 * ACD_MS);
    CHECK(strcmp(told.states, "CD") == 0);
    fake_close(&f);
}

/* It was not carried out, so nobody need know. */
void test_what_a_lost_gateway_asked_is_asked_again(void)
{
    struct fake f;
    struct told told;
    struct fake_message m;

    fake_open(&f, false, false);
    fake_client(&f, "sip-1", &told);
    CHECK(fake_session(&f, us, 0));
    CHECK(send_one(f.client, &told) == ACD_OK && send_one(f.client, &told) == ACD_OK);
    CHECK(fake_read(&f, &m) && m.count == 2);
    fake_fail(&f, &m, 1, ACD_LOST);
    fake_fail(&f, &m, 2, ACD_LOST);
    CHECK(told.outcomes == 0 && strcmp(told.states, "CL") == 0);
    CHECK(fake_take_name(&f, us, 0));
    CHECK(strcmp(told.states, "CLC") == 0);
    CHECK(fake_read(&f, &m) && m.count == 2 && m.numbers[0] == 1 && m.numbers[1] == 2);
    fake_answer(&f, &m, 1, &(struct acd_view_outcome){.position = 1});

    /* An offer that is over is lost in another way: that is for the gateway to know. */
    fake_answer(&f, &m, 2, &(struct acd_view_outcome){.error = ACD_LOST, .field = 1});
    CHECK(told.outcomes == 2 && told.errors[0] == ACD_OK && told.errors[1] == ACD_LOST);
    CHECK(strcmp(told.states, "CLC") == 0);
    fake_close(&f);
}
