/* The state written down as rows and read back. The model test does the same on random streams. */

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/acd.h"

static const struct acd_limits limits = {.agents = 4, .queues = 3, .calls = 8, .clients = 2};

struct state {
    struct acd_engine *e;
    acd_time now;
    acd_client_id client;
    uint64_t request;
};

static struct state state_open(void)
{
    struct state s = {.now = 1000 * ACD_SECOND};

    cr_assert_eq(acd_open(&s.e, &(struct acd_config){.limits = limits}), ACD_OK);
    return s;
}

static struct acd_view_outcome run(struct state *s, struct acd_command c)
{
    struct acd_view_outcome o;
    bool numbered = s->client.gen != 0;

    s->now += ACD_SECOND;
    acd_execute(s->e, s->now, s->client, numbered ? ++s->request : 0, &c, &o);
    cr_assert_eq(o.error, ACD_OK, "%x: %s", c.code, acd_error_text(o.error));
    cr_assert_null(acd_engine_check(s->e), "%s", acd_engine_check(s->e));
    return o;
}

#define RUN(s, name, ...)                                                                          \
    run((s), (struct acd_command){.code = ACD_COMMAND_##name, .as.name = {__VA_ARGS__}})

/* A little of everything: calls in every state, a wrap-up, a delay, notices, numbers, ended keys.
 */
static struct state state_made(void)
{
    struct state s = state_open();
    struct acd_str sales = acd_str("sales"), help = acd_str("help");
    const char *agents[] = {"ann", "bob", "cyd", "dan"};
    struct acd_view_outcome o;

    RUN(&s, queue_set, .name = sales, .wrap_up_time = 60 * ACD_SECOND, .max_wait = 900 * ACD_SECOND,
        .reject_delay = 300 * ACD_SECOND);
    RUN(&s, queue_set, .name = help, .weight = 7);
    RUN(&s, number_set, .number = acd_str("100"), .queue_name = help);
    RUN(&s, calendar_set, .name = acd_str("office"), .zone = acd_str("Europe/Berlin"));
    RUN(&s, calendar_set, .name = acd_str("rush"), .strategy = ACD_RANDOM,
        .otherwise = ACD_RING_ALL);
    RUN(&s, calendar_time_set, .calendar = acd_str("rush"), .time = acd_str("mon 08:00-09:00"));
    RUN(&s, calendar_time_set, .calendar = acd_str("rush"), .time = acd_str("2026-12-25 closed"));
    RUN(&s, calendar_set, .name = acd_str("gone"));
    RUN(&s, calendar_time_remove, .calendar = acd_str("rush"), .time = acd_str("mon 08:00-09:00"));
    RUN(&s, queue_set, .name = sales, .hours = acd_str("office"),
        .strategy_hours = acd_str("gone"));
    RUN(&s, calendar_remove, .name = acd_str("gone"));
    for (int i = 0; i < 4; i++) {
        RUN(&s, agent_set, .name = acd_str(agents[i]), .contact = acd_str("sip:x"),
            .attributes = acd_str("{}"));
        RUN(&s, member_set, .agent_name = acd_str(agents[i]), .queue_name = sales,
            .level = (uint8_t)(i % 2));
    }
    s.client = RUN(&s, client_open, .name = acd_str("gw")).client;
    RUN(&s, agent_state, .name = acd_str("ann"), .state = ACD_READY);
    RUN(&s, agent_state, .name = acd_str("bob"), .state = ACD_READY);
    o = RUN(&s, route, .key = acd_str("k1"), .queue_name = sales,
            .attributes = acd_str("{\"a\":1}"));
    RUN(&s, accept, .assignment = o.assignment);
    RUN(&s, hangup, .call = o.call);
    o = RUN(&s, route, .key = acd_str("k2"), .queue_name = sales);
    RUN(&s, reject, .assignment = o.assignment);
    RUN(&s, route, .key = acd_str("k3"), .queue_name = sales, .head_start = 60 * ACD_SECOND);
    RUN(&s, route, .key = acd_str("k4"), .called = acd_str("100"));
    RUN(&s, agent_state, .name = acd_str("cyd"), .state = ACD_READY);
    RUN(&s, agent_state, .name = acd_str("dan"), .state = ACD_READY);
    RUN(&s, day_turn, .day = 1);
    RUN(&s, queue_remove, .name = help, .policy = ACD_REMOVE_MOVE, .target_name = sales);
    return s;
}

static void load(struct acd_engine *to, const struct acd_engine *from)
{
    uint8_t row[ACD_RECORD_MAX];

    for (enum acd_table t = 0; t < ACD_TABLE_COUNT; t++)
        for (uint64_t key = 0; acd_row_next(from, t, &key); key++) {
            size_t len = acd_row_write(from, t, key, row);

            cr_assert_eq(acd_load_row(to, t, key, row, len), ACD_OK, "table %d key %lu", t, key);
        }
    acd_load_end(to);
}

static void same_rows(const struct acd_engine *a, const struct acd_engine *b)
{
    uint8_t row_a[ACD_RECORD_MAX], row_b[ACD_RECORD_MAX];

    for (enum acd_table t = 0; t < ACD_TABLE_COUNT; t++) {
        uint64_t key_a = 0, key_b = 0;

        for (; acd_row_next(a, t, &key_a); key_a++, key_b++) {
            size_t len = acd_row_write(a, t, key_a, row_a);

            cr_assert(acd_row_next(b, t, &key_b));
            cr_assert_eq(key_a, key_b, "table %d: key %lu, %lu", t, key_a, key_b);
            cr_assert_eq(acd_row_write(b, t, key_b, row_b), len);
            cr_assert_eq(memcmp(row_a, row_b, len), 0, "table %d key %lu", t, key_a);
        }
        cr_assert_not(acd_row_next(b, t, &key_b));
    }
}

/* What was loaded is the same, holds every invariant, and goes on as the first would. */
Test(rows, loaded_goes_on_the_same)
{
    struct state s = state_made(), t = state_open();

    load(t.e, s.e);
    cr_assert_null(acd_engine_check(t.e), "%s", acd_engine_check(t.e));
    same_rows(s.e, t.e);
    for (int i = 0; i < 200; i++) {
        struct acd_frame frame;

        s.now += 10 * ACD_SECOND;
        acd_advance(s.e, s.now);
        frame = acd_last_frame(s.e);
        acd_advance(t.e, s.now);
        cr_assert_eq(acd_last_frame(t.e).len, frame.len);
        cr_assert_eq(memcmp(acd_last_frame(t.e).bytes, frame.bytes, frame.len), 0);
        cr_assert_null(acd_engine_check(t.e), "%s", acd_engine_check(t.e));
    }
    same_rows(s.e, t.e);
    acd_close(s.e);
    acd_close(t.e);
}

static int set_time(struct state *s, const char *calendar, int number)
{
    struct acd_command c = {.code = ACD_COMMAND_calendar_time_set};
    struct acd_view_outcome o;
    char text[16];

    snprintf(text, sizeof text, "t%d", number);
    c.as.calendar_time_set.calendar = acd_str(calendar);
    c.as.calendar_time_set.time = acd_str(text);
    return acd_execute(s->e, s->now, ACD_NOBODY, 0, &c, &o);
}

/* There is room for so many calendars, and for so many times of each; of one more nothing is kept.
 */
Test(rows, calendars_have_their_room)
{
    struct state s = state_open(), t = state_open();
    char name[16] = "";

    for (int i = 0; i <= ACD_CALENDARS_MAX; i++) {
        struct acd_command c = {.code = ACD_COMMAND_calendar_set};
        struct acd_view_outcome o;

        snprintf(name, sizeof name, "c%d", i);
        c.as.calendar_set.name = acd_str(name);
        cr_assert_eq(acd_execute(s.e, s.now, ACD_NOBODY, 0, &c, &o),
                     i < ACD_CALENDARS_MAX ? ACD_OK : ACD_FULL);
    }
    for (int i = 0; i < ACD_CALENDAR_TIMES_MAX; i++) {
        cr_assert_eq(set_time(&s, "c0", i), ACD_OK);
        cr_assert_eq(set_time(&s, "c255", i), ACD_OK);
    }
    cr_assert_eq(set_time(&s, "c0", ACD_CALENDAR_TIMES_MAX), ACD_FULL);
    cr_assert_eq(set_time(&s, "c0", 7), ACD_OK); /* it has that one */
    cr_assert_eq(set_time(&s, "c1", 0), ACD_OK);
    cr_assert_null(acd_engine_check(s.e), "%s", acd_engine_check(s.e));
    load(t.e, s.e);
    cr_assert_null(acd_engine_check(t.e), "%s", acd_engine_check(t.e));
    same_rows(s.e, t.e);
    acd_close(s.e);
    acd_close(t.e);
}

/* A state does not fit into an engine with smaller limits, and says so. */
Test(rows, smaller_limits_are_full)
{
    struct state s = state_made();
    struct acd_engine *small;
    uint8_t row[ACD_RECORD_MAX];
    uint64_t key = 3;
    size_t len = acd_row_write(s.e, ACD_TABLE_AGENTS, key, row);

    cr_assert_eq(acd_open(&small, &(struct acd_config){.limits = {.agents = 2}}), ACD_OK);
    cr_assert_eq(acd_load_row(small, ACD_TABLE_AGENTS, key, row, len), ACD_FULL);
    acd_close(small);
    acd_close(s.e);
}
