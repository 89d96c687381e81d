#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/document.h"
#include "proto/acd_messages.h"

/* Documents: what is wrong with them, by line; what they change; that writing and reading them is
 * the same thing twice. */

static const struct acd_limits limits = {
    .agents = 20, .queues = 20, .calls = 20, .clients = 2, .assignments = 60};

/* ---- faults --------------------------------------------------------------------------------- */

static void note(void *ctx, unsigned line, const char *text)
{
    char *all = ctx;

    snprintf(all + strlen(all), 2048 - strlen(all), "%u: %s\n", line, text);
}

static struct acd_engine *read_as(const struct tenant *tenant, const char *text, char faults[2048])
{
    struct acd_engine *e;
    int count;

    faults[0] = '\0';
    count = document_read(&e, tenant, text, strlen(text), &limits, note, faults);
    cr_assert_eq(count == 0, e != NULL);
    cr_assert_eq(count == 0, faults[0] == '\0');
    return e;
}

static struct acd_engine *read(const char *text, char faults[2048])
{
    return read_as(NULL, text, faults);
}

static void wrong(const char *text, const char *expected)
{
    char faults[2048];

    cr_assert_null(read(text, faults));
    cr_assert_str_eq(faults, expected);
}

Test(document, faults_name_their_line)
{
    wrong("queues:\n  sales:\n    ring_timeout: 20 parsecs\n    colour: red\n",
          "3: ring_timeout: \"20 parsecs\" is not a span like 15s, 500ms, 2h, none or forever\n"
          "4: \"colour\" is no setting of a queue\n");
    wrong("queues: {a: {state: closed}}", "1: \"state\" is no setting of a queue\n");
    wrong("queues:\n  a: {}\n  a: {}\n", "3: there is a queue \"a\" already\n");
    wrong("queues:\n  a:\n    weight: 1\n    weight: 2\n",
          "4: weight is said twice, first in line 3\n");
    wrong("queues:\n  a:\n    ring_timeout: 10ms\n", "3: ring_timeout: not a valid value\n");
    wrong("queues:\n  a: {numbers: 12}\n",
          "2: numbers: a list is wanted here, [\"+4930...\", ...]\n");
    wrong("queues:\n  a: {numbers: [12]}\n  b: {numbers: [12]}\n",
          "3: number 12 leads to queue \"a\" already\n");
    wrong("agents:\n  ann: {queues: {a: {}}}\n", "2: queue_name: no such thing\n");
    wrong("queues: {a: }\nagents:\n  ann:\n    queues:\n      a: {level: 1}\n      a: {}\n",
          "6: queue \"a\" stands twice here\n");
    wrong("agents:\n  ann:\n    skills:\n      a b: 1\n      -x: 1\n      tech: 300\n"
          "      ok: [1]\n      sales: 1\n      sales: 2\n",
          "4: skill: not a valid value\n5: skill: not a valid value\n6: level: \"300\" is out of "
          "range\n7: ok: one value is wanted here\n9: skill \"sales\" stands twice here\n");
    wrong("agents:\n  ann: {skills: 7}\n", "2: skills: lines \"name: value\" are wanted here\n");
    wrong("queues:\n  a:\n    weight: 2\n    plan: spanish>=\n", "4: plan: not a valid value\n");
    wrong("agents:\n  ann: {max_concurrent_calls: 99}\n",
          "2: max_concurrent_calls: not a valid value\n");
    wrong("colours: {}\n", "1: \"calendars\", \"queues\" or \"agents\" is wanted here\n");
    wrong("- a\n", "1: the document: lines \"name: value\" are wanted here\n");
    wrong("queues: {a: [1]}\n", "1: a: lines \"name: value\" are wanted here\n");
    wrong("queues: {[1, 2]: {}}\n", "1: a name is wanted here\n");
    wrong("queues:\n  a: {weight: [1]}\n", "2: weight: one value is wanted here\n");
    wrong("queues:\n  a: {weight: 1\n", "3: no YAML: did not find expected ',' or '}'\n");
}

Test(document, faults_of_calendars_name_their_line)
{
    wrong("calendars:\n  a:\n    zone: Europe\n    colour: red\n  b:\n    times: 7\n  a: {}\n",
          "4: \"colour\" is no setting of a calendar\n"
          "3: zone: is no time zone of this system\n"
          "6: times: a list is wanted here, [\"mon-fri 08:00-18:00\", ...]\n");
    wrong("calendars:\n  a:\n    times:\n      - mon 8:00-9:00\n      - mon 08:00-09:00\n"
          "      - 2026-02-30 closed\n      - mon 08:00-09:00\n      - [1]\n",
          "4: time: times are written 08:00-18:00, or closed\n"
          "6: time: a date is written 2026-12-25\n"
          "7: time \"mon 08:00-09:00\" stands twice here\n"
          "8: a time: one value is wanted here\n");
    wrong("calendars:\n  a: {}\n  a: {}\n", "3: there is a calendar \"a\" already\n");
    wrong("calendars:\n  a:\n    strategy: ring-all\n", "2: otherwise: required, but not given\n");
    wrong("calendars: {a: }\nqueues:\n  q: {hours: a}\n  r:\n    strategy_hours: b\n",
          "5: strategy_hours: no such thing\n");
}

Test(document, full_tables_are_faults)
{
    char text[2048] = "agents:\n", faults[2048];

    for (int i = 0; i < 21; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "  a%d: {}\n", i);
    cr_assert_null(read(text, faults));
    cr_assert_str_eq(faults, "22: name: a table is full; nothing was changed\n");
}

Test(document, empty_is_nothing)
{
    char faults[2048];
    struct acd_engine *e = read("", faults);

    cr_assert_eq(acd_queue_from(e, 0).gen, 0);
    acd_close(e);
}

/* ---- changes -------------------------------------------------------------------------------- */

static char *written(const struct acd_engine *e, const struct tenant *tenant)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    cr_assert_eq(document_write(e, tenant, out), ACD_OK);
    (void)fclose(out);
    return text;
}

static bool carry_out(void *ctx, const struct document_change *c)
{
    struct acd_view_outcome o;

    cr_assert_eq(acd_execute(ctx, 0, ACD_NOBODY, 0, c->command, &o), ACD_OK, "%s %.*s: %s", c->kind,
                 c->name.len, c->name.data, acd_error_text(o.error));
    return true;
}

static void apply_as(const struct tenant *tenant, struct acd_engine *live,
                     const struct acd_engine *wanted)
{
    cr_assert_eq(document_diff(live, wanted, tenant, carry_out, live), ACD_OK);
    cr_assert_null(acd_engine_check(live), "%s", acd_engine_check(live));
}

static void apply(struct acd_engine *live, const struct acd_engine *wanted)
{
    apply_as(NULL, live, wanted);
}

static bool count(void *ctx, const struct document_change *c)
{
    (void)c;
    ++*(int *)ctx;
    return true;
}

static int differences_as(const struct tenant *tenant, const struct acd_engine *from,
                          const struct acd_engine *to)
{
    int n = 0;

    cr_assert_eq(document_diff(from, to, tenant, count, &n), ACD_OK);
    return n;
}

static int differences(const struct acd_engine *from, const struct acd_engine *to)
{
    return differences_as(NULL, from, to);
}

static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % below;
}

static const char *const odd[] = {"yes", "~",    "null",     "-1", "a: b",
                                  "\"",  "x\ny", "\xc3\xa9", "#1", " "};

static const char *const plans[] = {"s1>=2 & s3; @30s", "(s2|yes); @1m s0", "[0-1]; @10s"};
static const char *const skills[] = {"s0", "s1", "s2", "s3", "yes", "null", "5"};

static void give_skills(struct acd_engine *e, uint64_t *seed, acd_agent_id agent)
{
    for (size_t i = 0; i < sizeof skills / sizeof skills[0]; i++) {
        struct acd_command c = {.code = ACD_COMMAND_skill_set};
        struct acd_view_outcome o;

        c.as.skill_set.agent = agent;
        c.as.skill_set.skill = acd_str(skills[draw(seed, 7)]);
        c.as.skill_set.level = (uint8_t)draw(seed, 3);
        if (draw(seed, 2) == 0)
            cr_assert_eq(acd_execute(e, 0, ACD_NOBODY, 0, &c, &o), ACD_OK);
    }
}

static const char *const times[] = {"mon-fri 08:00-12:00 13:00-18:00", "sat 22:00-02:00",
                                    "2026-12-24 08:00-12:00", "2026-12-25 closed"};

static void give_calendars(struct acd_engine *e, uint64_t *seed)
{
    struct acd_view_outcome o;

    for (int i = 0; i < 3; i++) {
        struct acd_command c = {.code = ACD_COMMAND_calendar_set};

        c.as.calendar_set.name = acd_str(odd[i]);
        c.as.calendar_set.zone = acd_str(draw(seed, 2) == 0 ? "Europe/Berlin" : "UTC");
        c.as.calendar_set.strategy = (uint8_t)draw(seed, 3);
        c.as.calendar_set.otherwise = c.as.calendar_set.strategy == 0 ? 0 : ACD_RANDOM;
        if (draw(seed, 2) == 0)
            continue;
        cr_assert_eq(acd_execute(e, 0, ACD_NOBODY, 0, &c, &o), ACD_OK);
        for (int n = 0; n < 4; n++) {
            struct acd_command t = {.code = ACD_COMMAND_calendar_time_set};

            t.as.calendar_time_set.calendar = acd_str(odd[i]);
            t.as.calendar_time_set.time = acd_str(times[draw(seed, 4)]);
            cr_assert_eq(acd_execute(e, 0, ACD_NOBODY, 0, &t, &o), ACD_OK);
        }
    }
}

/* A calendar that is there, or none. */
static struct acd_str any_calendar(struct acd_engine *e, uint64_t *seed)
{
    struct acd_view_calendar_settings v;
    uint32_t slot = draw(seed, 4);

    return acd_calendar_from(e, &slot, &v) ? v.name : (struct acd_str){NULL, 0};
}

static struct acd_engine *random_engine(uint64_t *seed)
{
    struct acd_engine *e;
    struct acd_view_outcome o;

    cr_assert_eq(acd_open(&e, &(struct acd_config){.limits = limits}), ACD_OK);
    give_calendars(e, seed);
    for (int q = 0; q < 6; q++) {
        struct acd_command c = {.code = ACD_COMMAND_queue_set};
        char name[16];

        snprintf(name, sizeof name, "q%d", q);
        c.as.queue_set.name = acd_str(name);
        c.as.queue_set.weight = (uint16_t)draw(seed, 4);
        c.as.queue_set.hours = any_calendar(e, seed);
        c.as.queue_set.strategy_hours = any_calendar(e, seed);
        if (draw(seed, 2) == 0)
            c.as.queue_set.plan = acd_str(plans[draw(seed, 3)]);
        c.as.queue_set.max_size = (int32_t)draw(seed, 3) - 1;
        c.as.queue_set.max_wait = draw(seed, 2) == 0 ? -1 : (acd_span)(1 + draw(seed, 3)) * 1500000;
        if (draw(seed, 3) > 0)
            cr_assert_eq(acd_execute(e, 0, ACD_NOBODY, 0, &c, &o), ACD_OK);
    }
    for (int n = 0; n < 4; n++) {
        struct acd_command c = {.code = ACD_COMMAND_number_set};

        c.as.number_set.number = acd_str(odd[n]);
        c.as.number_set.queue = acd_queue_from(e, draw(seed, 6));
        if (c.as.number_set.queue.gen != 0)
            cr_assert_eq(acd_execute(e, 0, ACD_NOBODY, 0, &c, &o), ACD_OK);
    }
    for (int a = 0; a < 8; a++) {
        struct acd_command c = {.code = ACD_COMMAND_agent_set};

        c.as.agent_set.name = acd_str(odd[a]);
        c.as.agent_set.contact = acd_str(odd[draw(seed, 10)]);
        c.as.agent_set.max_concurrent_calls = (uint16_t)draw(seed, 4);
        c.as.agent_set.active = (uint8_t)draw(seed, 3);
        if (strcmp(odd[a], "-") == 0 || draw(seed, 3) == 0)
            continue;
        cr_assert_eq(acd_execute(e, 0, ACD_NOBODY, 0, &c, &o), ACD_OK);
        give_skills(e, seed, o.agent);
        for (int q = 0; q < 6; q++) {
            struct acd_command m = {.code = ACD_COMMAND_member_set};

            m.as.member_set.agent = o.agent;
            m.as.member_set.queue = acd_queue_from(e, draw(seed, 6));
            m.as.member_set.level = (uint8_t)draw(seed, 3);
            m.as.member_set.position = (uint16_t)draw(seed, 3);
            if (m.as.member_set.queue.gen != 0) {
                struct acd_view_outcome unused;

                cr_assert_eq(acd_execute(e, 0, ACD_NOBODY, 0, &m, &unused), ACD_OK);
            }
        }
    }
    return e;
}

Test(document, any_becomes_any_other)
{
    uint64_t seed = 1;

    for (int i = 0; i < 200; i++) {
        struct acd_engine *live = random_engine(&seed), *wanted = random_engine(&seed), *again;
        char *text = written(wanted, NULL), faults[2048];

        again = read(text, faults);
        cr_assert_not_null(again, "%s\n%s", faults, text);
        cr_assert_eq(differences(again, wanted), 0, "%s", text);
        apply(live, again);
        cr_assert_eq(differences(live, wanted), 0, "%s", text);
        cr_assert_eq(differences(wanted, live), 0, "%s", text);
        free(text);
        acd_close(live);
        acd_close(wanted);
        acd_close(again);
    }
}

/* One after the other, tenants make their centres anew in the same engine: each has what it wants,
 * and what the other has stays to the letter. */
Test(document, tenants_leave_others_alone)
{
    struct tenant tenants[2];
    char none[2048];
    struct acd_engine *live = read("queues: {q1: }\nagents: {yes: {queues: {q1: }}}", none);
    uint64_t seed = 2;

    cr_assert(tenant_init(&tenants[0], "acme") && tenant_init(&tenants[1], "beta"));
    for (int i = 0; i < 200; i++) {
        const struct tenant *own = &tenants[draw(&seed, 2)];
        const struct tenant *other = own == tenants ? &tenants[1] : &tenants[0];
        struct acd_engine *random = random_engine(&seed), *wanted, *again;
        char *text = written(random, NULL), *others = written(live, other), *now, faults[2048];

        wanted = read_as(own, text, faults);
        cr_assert_not_null(wanted, "%s\n%s", faults, text);
        apply_as(own, live, wanted);
        cr_assert_eq(differences_as(own, live, wanted), 0, "%s", text);
        now = written(live, other);
        cr_assert_str_eq(now, others);
        free(now);
        now = written(live, own);
        again = read_as(own, now, faults);
        cr_assert_eq(differences_as(own, again, wanted) + differences_as(own, wanted, again), 0,
                     "%s", now);
        cr_assert_neq(acd_queue_named(live, acd_str("q1")).gen, 0);
        free(now);
        free(others);
        free(text);
        acd_close(random);
        acd_close(wanted);
        acd_close(again);
    }
    acd_close(live);
}

/* A queue's strategy is told unless a calendar says it. */
Test(document, a_strategy_by_the_clock_is_not_told)
{
    char faults[2048];
    struct acd_engine *e = read("calendars: {c: {strategy: ring-all, otherwise: random}}\n"
                                "queues:\n  a: {strategy: top-down}\n"
                                "  b: {strategy: top-down, strategy_hours: c}\n",
                                faults);
    struct acd_engine *without = read("queues: {a: {strategy: top-down}, b: }", faults);
    struct acd_view_queue b;
    char *text = written(e, NULL);

    cr_assert_not_null(e);
    cr_assert_str_eq(text, "calendars:\n  c:\n    strategy: ring-all\n    otherwise: random\n"
                           "queues:\n  a:\n    strategy: top-down\n  b:\n    strategy_hours: c\n"
                           "agents: {}\n");
    apply(e, without);
    cr_assert_eq(acd_queue_view(e, acd_queue_named(e, acd_str("b")), &b), ACD_OK);
    cr_assert_eq(b.strategy, ACD_LONGEST_IDLE_AGENT);
    cr_assert_eq(b.strategy_hours.len, 0);
    cr_assert_eq(differences(e, without), 0);
    free(text);
    acd_close(e);
    acd_close(without);
}

/* ---- what runs is not touched --------------------------------------------------------------- */

static void run(struct acd_engine *e, struct acd_command c)
{
    struct acd_view_outcome o;

    cr_assert_eq(acd_execute(e, 0, ACD_NOBODY, 0, &c, &o), ACD_OK);
}

Test(document, who_has_calls_is_retired)
{
    char faults[2048];
    struct acd_engine *live = read("queues: {a: , b: }\nagents: {ann: {queues: {a: }}}", faults);
    struct acd_engine *none = read("", faults);
    struct acd_view_agent ann;
    struct acd_view_queue b;

    run(live, (struct acd_command){.code = ACD_COMMAND_agent_state,
                                   .as.agent_state = {.name = acd_str("ann"), .state = ACD_READY}});
    run(live, (struct acd_command){.code = ACD_COMMAND_route,
                                   .as.route = {.key = acd_str("1"), .queue_name = acd_str("a")}});
    run(live, (struct acd_command){.code = ACD_COMMAND_route,
                                   .as.route = {.key = acd_str("2"), .queue_name = acd_str("b")}});
    apply(live, none);
    cr_assert_eq(acd_agent_view(live, acd_agent_named(live, acd_str("ann")), &ann), ACD_OK);
    cr_assert_eq(ann.active, ACD_NO);
    cr_assert_eq(acd_queue_view(live, acd_queue_named(live, acd_str("b")), &b), ACD_OK);
    cr_assert_eq(b.state, ACD_RETIRED);
    cr_assert_eq(b.waiting, 1);
    run(live, (struct acd_command){.code = ACD_COMMAND_hangup, .as.hangup.key = acd_str("1")});
    run(live, (struct acd_command){.code = ACD_COMMAND_hangup, .as.hangup.key = acd_str("2")});
    apply(live, none);
    cr_assert_eq(acd_agent_from(live, 0).gen, 0);
    cr_assert_eq(acd_queue_from(live, 0).gen, 0);
    acd_close(live);
    acd_close(none);
}

/* A callback that is not due yet and a call outside the queues keep theirs too: the engine would
 * refuse to remove them. */
Test(document, who_is_still_to_do_something_is_retired)
{
    char faults[2048];
    struct acd_engine *live = read("queues: {a: , b: }\nagents: {ann: , ben: }", faults);
    struct acd_engine *none = read("", faults);
    struct acd_view_agent ann;
    struct acd_view_queue b;

    run(live, (struct acd_command){
                  .code = ACD_COMMAND_outside_begin,
                  .as.outside_begin = {.name = acd_str("ann"), .key = acd_str("private")}});
    run(live, (struct acd_command){.code = ACD_COMMAND_call_callback,
                                   .as.call_callback = {.key = acd_str("later"),
                                                        .number = acd_str("123"),
                                                        .due = 3600 * ACD_SECOND,
                                                        .queue_name = acd_str("b")}});
    apply(live, none);
    cr_assert_eq(acd_agent_view(live, acd_agent_named(live, acd_str("ann")), &ann), ACD_OK);
    cr_assert_eq(ann.active, ACD_NO);
    cr_assert_eq(ann.outside, 1);
    cr_assert_eq(acd_agent_named(live, acd_str("ben")).gen, 0);
    cr_assert_eq(acd_queue_view(live, acd_queue_named(live, acd_str("b")), &b), ACD_OK);
    cr_assert_eq(b.state, ACD_RETIRED);
    cr_assert_eq(b.scheduled, 1);
    cr_assert_eq(acd_queue_named(live, acd_str("a")).gen, 0);
    cr_assert_eq(differences(live, none), 0); /* until they are done */
    run(live, (struct acd_command){
                  .code = ACD_COMMAND_outside_end,
                  .as.outside_end = {.name = acd_str("ann"), .key = acd_str("private")}});
    run(live,
        (struct acd_command){.code = ACD_COMMAND_hangup,
                             .as.hangup = {.key = acd_str("later"), .side = ACD_SIDE_SYSTEM}});
    apply(live, none);
    cr_assert_eq(acd_agent_from(live, 0).gen, 0);
    cr_assert_eq(acd_queue_from(live, 0).gen, 0);
    acd_close(live);
    acd_close(none);
}

static bool note_removal(void *ctx, const struct document_change *c)
{
    bool *removed = ctx;
    bool whole = c->verb == ACD_CONFIG_REMOVE &&
                 (strcmp(c->kind, "agent") == 0 || strcmp(c->kind, "queue") == 0);

    cr_assert(!*removed || whole, "%s comes behind a removal", c->kind);
    cr_assert_eq(whole, c->undo == NULL);
    *removed = whole;
    return true;
}

/* What cannot be taken back comes last, when nothing is left that may be refused. */
Test(document, removals_come_last)
{
    char faults[2048];
    struct acd_engine *live =
        read("queues: {a: {numbers: [1, 2]}, b: }\nagents:\n  ann: {queues: {a: }}\n"
             "  ben: {queues: {a: , b: }, skills: {x: 1, y: 2}}\n  cy: {queues: {b: }}\n",
             faults);
    struct acd_engine *wanted = read("queues: {a: , c: }\nagents:\n  ben: {queues: {a: }}\n"
                                     "  dee: {queues: {c: }, skills: {y: 1}}\n",
                                     faults);
    bool removed = false;

    cr_assert_eq(document_diff(live, wanted, NULL, note_removal, &removed), ACD_OK);
    cr_assert(removed);
    apply(live, wanted);
    cr_assert_eq(differences(live, wanted), 0);
    acd_close(live);
    acd_close(wanted);
}

/* Pain 12: after a reload what runs is what the document says, old memberships included; and who
 * is at work stays so, with all that was counted. */
Test(document, pain_12_reloaded_is_what_the_document_says)
{
    char faults[2048];
    struct acd_engine *live =
        read("queues: {a: , b: }\nagents: {ann: {queues: {a: {level: 1}, b: }}}", faults);
    struct acd_engine *wanted =
        read("queues: {a: {weight: 5}, b: }\nagents: {ann: {queues: {a: {level: 2}}}}", faults);
    struct acd_view_agent before, after;
    struct acd_view_member member;
    struct acd_view_queue a;
    acd_agent_id ann = acd_agent_named(live, acd_str("ann"));

    run(live, (struct acd_command){.code = ACD_COMMAND_agent_state,
                                   .as.agent_state = {.agent = ann, .state = ACD_READY}});
    run(live, (struct acd_command){.code = ACD_COMMAND_route,
                                   .as.route = {.key = acd_str("1"), .queue_name = acd_str("a")}});
    run(live, (struct acd_command){.code = ACD_COMMAND_accept,
                                   .as.accept.assignment = acd_assignment_from(live, 0)});
    run(live, (struct acd_command){.code = ACD_COMMAND_hangup, .as.hangup.key = acd_str("1")});
    cr_assert_eq(acd_agent_view(live, ann, &before), ACD_OK);
    apply(live, wanted);
    cr_assert_eq(acd_agent_view(live, ann, &after), ACD_OK);
    cr_assert_eq(after.state, ACD_READY);
    cr_assert_eq(after.calls_today, 1);
    cr_assert_eq(after.last_status_change, before.last_status_change);
    cr_assert_eq(after.queues, 1);
    cr_assert_eq(acd_member_view(live, ann, acd_queue_named(live, acd_str("b")), &member),
                 ACD_NOT_FOUND);
    cr_assert_eq(acd_member_view(live, ann, acd_queue_named(live, acd_str("a")), &member), ACD_OK);
    cr_assert_eq(member.level, 2);
    cr_assert_eq(acd_queue_view(live, acd_queue_named(live, acd_str("a")), &a), ACD_OK);
    cr_assert_eq(a.weight, 5);
    cr_assert_eq(a.answered, 1);
    cr_assert_eq(differences(live, wanted), 0);
    acd_close(live);
    acd_close(wanted);
}

/* The house may give a tenant's queue a calendar of its own: as long as the tenant's document says
 * no other, the strategy is that calendar's to say. */
Test(document, the_strategy_of_anothers_calendar_is_left)
{
    struct tenant acme;
    char faults[2048];
    struct acd_engine *live =
        read("calendars: {rush: {strategy: ring-all, otherwise: random}}\n"
             "queues: {acme/a: {strategy_hours: rush}, acme/b: {strategy: random}}",
             faults);
    struct acd_engine *same, *other;

    cr_assert(tenant_init(&acme, "acme"));
    run(live, (struct acd_command){
                  .code = ACD_COMMAND_queue_set,
                  .as.queue_set = {.name = acd_str("acme/a"), .strategy = ACD_RING_ALL}});
    same = read_as(&acme, "queues: {a: , b: {strategy: random}}", faults);
    cr_assert_eq(differences_as(&acme, live, same), 0);
    other = read_as(&acme, "calendars: {c: }\nqueues: {a: {strategy_hours: c}, b: }", faults);
    apply_as(&acme, live, other);
    cr_assert_eq(differences_as(&acme, live, other), 0);
    cr_assert_eq(differences_as(&acme, live, same), 3, "both queues, and the calendar goes");
    acd_close(live);
    acd_close(same);
    acd_close(other);
}
