#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scenario/world.h"

/* Engines that were fed, be it with every event or with the rows of the state, beside the one that
 * decided. Everything that can be seen of each is put into bytes and compared. */

enum { PAGE = 1 << 22 };

/* What was seen of one engine. */
struct page {
    uint8_t *bytes;
    size_t len;
};

static void write_view(struct page *p, const struct acd_record *record, const void *view)
{
    cr_assert(p->len + ACD_RECORD_MAX <= PAGE, "too much to see");
    p->len += record->encode(view, p->bytes + p->len);
}

static void write_agents(struct page *p, const struct acd_engine *e)
{
    for (acd_agent_id id = acd_agent_from(e, 0); id.gen != 0; id = acd_agent_from(e, id.slot + 1)) {
        struct acd_view_agent agent;
        struct acd_view_assignment work;
        struct acd_view_member member;
        uint32_t cursor = 0;

        cr_assert(acd_agent_view(e, id, &agent) == ACD_OK);
        write_view(p, &acd_record_view_agent, &agent);
        while (acd_agent_assignments(e, id, &cursor, &work))
            write_view(p, &acd_record_view_assignment, &work);
        cursor = 0;
        while (acd_agent_members(e, id, &cursor, &member))
            write_view(p, &acd_record_view_member, &member);
    }
}

static void write_queues(struct page *p, const struct acd_engine *e)
{
    for (acd_queue_id id = acd_queue_from(e, 0); id.gen != 0; id = acd_queue_from(e, id.slot + 1)) {
        struct acd_view_queue queue;
        struct acd_view_member member;
        uint32_t cursor = 0, place = 0;
        acd_call_id call;

        cr_assert(acd_queue_view(e, id, &queue) == ACD_OK);
        write_view(p, &acd_record_view_queue, &queue);
        while (acd_queue_members(e, id, &cursor, &member))
            write_view(p, &acd_record_view_member, &member);
        while (call = acd_waiting_at(e, id, place++), call.gen != 0)
            write_view(p, &acd_record_view_call, &(struct acd_view_call){.call = call});
    }
}

static void write_calls(struct page *p, const struct acd_engine *e)
{
    for (acd_call_id id = acd_call_from(e, 0); id.gen != 0; id = acd_call_from(e, id.slot + 1)) {
        struct acd_view_call call;
        acd_call_id found;

        cr_assert(acd_call_view(e, id, &call) == ACD_OK);
        write_view(p, &acd_record_view_call, &call);
        found = acd_call_keyed(e, call.gateway, call.key);
        cr_assert(found.slot == id.slot && found.gen == id.gen);
    }
}

static void write_clients(struct page *p, const struct acd_engine *e)
{
    acd_client_id id = acd_client_from(e, 0);

    for (; id.gen != 0; id = acd_client_from(e, id.slot + 1)) {
        struct acd_view_client client;
        int len;

        cr_assert(acd_client_view(e, id, &client) == ACD_OK);
        write_view(p, &acd_record_view_client, &client);
        len = acd_outbox_read(e, id, 0, p->bytes + p->len, PAGE - p->len);
        if (len > 0)
            p->len += (size_t)len;
    }
}

static void write_rows(struct page *p, const struct acd_engine *e)
{
    for (enum acd_table table = ACD_TABLE_ENGINE; table < ACD_TABLE_COUNT; table++)
        for (uint64_t key = 0; acd_row_next(e, table, &key); key++) {
            cr_assert(p->len + ACD_RECORD_MAX <= PAGE, "too much to see");
            p->len += acd_row_write(e, table, key, p->bytes + p->len);
        }
}

static void write_calendar(struct page *p, const struct acd_engine *e,
                           const struct acd_view_calendar_settings *v)
{
    struct acd_view_calendar_time time;

    write_view(p, &acd_record_view_calendar_settings, v);
    for (uint32_t cursor = 0; acd_calendar_times(e, v->name, &cursor, &time);)
        write_view(p, &acd_record_view_calendar_time, &time);
}

static struct page page_write(const struct acd_engine *e)
{
    struct page p = {malloc(PAGE), 0};
    struct acd_view_number number;
    struct acd_view_calendar_settings calendar;
    struct acd_view_totals totals;

    cr_assert(p.bytes != NULL);
    write_agents(&p, e);
    write_queues(&p, e);
    write_calls(&p, e);
    write_clients(&p, e);
    for (uint32_t slot = 0; acd_number_from(e, &slot, &number); slot++)
        write_view(&p, &acd_record_view_number, &number);
    for (uint32_t slot = 0; acd_calendar_from(e, &slot, &calendar); slot++)
        write_calendar(&p, e, &calendar);
    acd_totals_view(e, &totals);
    write_view(&p, &acd_record_view_totals, &totals);
    write_rows(&p, e);
    return p;
}

struct acd_engine *follower_load(const struct acd_engine *e, const struct acd_config *config)
{
    struct acd_engine *loaded;
    uint8_t row[ACD_RECORD_MAX];

    cr_assert(acd_open(&loaded, config) == ACD_OK);
    for (enum acd_table table = ACD_TABLE_ENGINE; table < ACD_TABLE_COUNT; table++)
        for (uint64_t key = 0; acd_row_next(e, table, &key); key++) {
            size_t len = acd_row_write(e, table, key, row);

            cr_assert(acd_load_row(loaded, table, key, row, len) == ACD_OK);
        }
    acd_load_end(loaded);
    cr_assert_null(acd_engine_check(loaded), "loaded: %s", acd_engine_check(loaded));
    return loaded;
}

void follower_compare(const struct acd_engine *leader, const struct acd_engine *e, const char *how)
{
    struct page seen = page_write(leader), followed = page_write(e);

    cr_assert(acd_position(leader).sequence == acd_position(e).sequence);
    cr_assert(acd_next_deadline(leader) == acd_next_deadline(e));
    cr_assert(seen.len == followed.len && memcmp(seen.bytes, followed.bytes, seen.len) == 0,
              "an engine fed with %s looks otherwise", how);
    free(seen.bytes);
    free(followed.bytes);
}

void follower_race(struct acd_engine *const *engines, size_t count)
{
    enum { LAPS = 50 };

    for (int lap = 0; lap < LAPS; lap++) {
        acd_time now = acd_next_deadline(engines[0]);
        struct acd_frame first;

        if (now == ACD_FOREVER)
            return;
        acd_advance(engines[0], now);
        first = acd_last_frame(engines[0]);
        for (size_t i = 1; i < count; i++) {
            struct acd_frame frame;

            acd_advance(engines[i], now);
            frame = acd_last_frame(engines[i]);
            cr_assert(first.count == frame.count && first.len == frame.len);
            cr_assert(first.count == 0 || memcmp(first.bytes, frame.bytes, first.len) == 0,
                      "an engine that was fed decides otherwise");
            cr_assert_null(acd_engine_check(engines[i]), "%s", acd_engine_check(engines[i]));
        }
    }
}
