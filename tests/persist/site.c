#include "tests/persist/site.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

char site_doing[128];

enum { AGENTS = 5, QUEUES = 3, CALLERS = 9 };

static const char *const agents[AGENTS] = {"ann", "bob", "cyd", "dan", "eve"};
static const char *const queues[QUEUES] = {"sales", "help", "billing"};

struct site site_make(uint64_t seed)
{
    struct site s = {.directory = "/dev/shm/acd-test-XXXXXX",
                     .ring = "/dev/shm/acd-test-XXXXXX",
                     .seed = seed * 2654435761u + 1,
                     .step_every = 7};

    CHECK(mkdtemp(s.directory) != NULL && mkdtemp(s.ring) != NULL);
    s.options = (struct acd_persist_options){
        .ring_bytes = 1 << 20,
        .limits = {.agents = 8, .queues = 4, .calls = 64, .clients = 2, .outbox_bytes = 4096},
    };
    return s;
}

void site_shell(const struct site *s, const char *format)
{
    char command[512];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(command, sizeof command, format, s->directory, s->directory);
#pragma GCC diagnostic pop
    CHECK(system(command) == 0);
}

void site_remove(const struct site *s)
{
    char command[256];

    snprintf(command, sizeof command, "rm -rf '%s' '%s'", s->directory, s->ring);
    CHECK(system(command) == 0);
}

int site_try(struct site *s)
{
    s->options.directory = s->directory;
    s->options.ring_directory = s->ring;
    return acd_persist_open(&s->p, &s->e, &s->options);
}

void site_open(struct site *s)
{
    CHECK(site_try(s) == ACD_OK);
    CHECK(acd_engine_check(s->e) == NULL);
}

void site_close(struct site *s)
{
    acd_close(s->e);
    CHECK(acd_persist_close(s->p) == ACD_OK);
}

void site_die(struct site *s, int n)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        site_open(s);
        site_run(s, n);
        (void)raise(SIGKILL);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void append(struct site *s)
{
    struct acd_frame frame = acd_last_frame(s->e);

    CHECK(acd_persist_has_room(s->p));
    if (s->on_frame != NULL && frame.count > 0)
        s->on_frame(s->ctx, &frame);
    acd_persist_append(s->p, frame);
}

int site_do(struct site *s, acd_span later, struct acd_command c)
{
    acd_client_id gateway = acd_client_named(s->e, acd_str("gw"));
    struct acd_view_outcome o;

    acd_execute(s->e, acd_now(s->e) + later, gateway, 0, &c, &o);
    append(s);
    return o.error;
}

static uint32_t draw(struct site *s, uint32_t below)
{
    s->seed = s->seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(s->seed >> 33) % below;
}

static void agent_make(struct site *s, const char *name)
{
    DO(s, 0, agent_set, .name = acd_str(name), .contact = acd_str("sip:x"),
       .max_concurrent_calls = (uint16_t)(1 + draw(s, 2)));
    for (int q = 0; q < QUEUES; q++)
        DO(s, 0, member_set, .agent_name = acd_str(name), .queue_name = acd_str(queues[q]),
           .level = (uint8_t)draw(s, 2));
}

static void queue_make(struct site *s, const char *name)
{
    DO(s, 0, queue_set, .name = acd_str(name), .wrap_up_time = 5 * ACD_SECOND,
       .max_wait = (20 + draw(s, 100)) * ACD_SECOND, .reject_delay = 8 * ACD_SECOND,
       .wrap_up_code_late = 20 * ACD_SECOND);
    for (int a = 0; a < AGENTS; a++)
        DO(s, 0, member_set, .agent_name = acd_str(agents[a]), .queue_name = acd_str(name));
}

void site_set_up(struct site *s)
{
    DO(s, ACD_SECOND, client_open, .name = acd_str("gw"));
    for (int q = 0; q < QUEUES; q++)
        queue_make(s, queues[q]);
    for (int a = 0; a < AGENTS; a++)
        agent_make(s, agents[a]);
    DO(s, 0, number_set, .number = acd_str("100"), .queue_name = acd_str("help"));
    DO(s, 0, calendar_set, .name = acd_str("office"));
    DO(s, 0, calendar_time_set, .calendar = acd_str("office"), .time = acd_str("mon closed"));
    DO(s, 0, queue_set, .name = acd_str("help"), .hours = acd_str("office"));
}

static void do_route(struct site *s, acd_span later)
{
    char key[16], caller[16];

    snprintf(key, sizeof key, "k%u", s->calls++);
    snprintf(caller, sizeof caller, "+49%u", draw(s, CALLERS));
    DO(s, later, route, .key = acd_str(key), .queue_name = acd_str(queues[draw(s, QUEUES)]),
       .caller = acd_str(caller), .called = acd_str("100"), .direction = (uint8_t)(1 + draw(s, 2)),
       .attributes = draw(s, 4) == 0 ? acd_str("{\"vip\":1}") : acd_str(""));
}

/* Somebody is asked about a call. */
static void do_consultation(struct site *s, acd_span later, const struct acd_view_call *v)
{
    switch (draw(s, 5)) {
    case 0: DO(s, later, consult_end, .assignment = v->assignment); break;
    case 1: DO(s, later, consult_end, .assignment = v->consultation); break;
    case 2: DO(s, later, reject, .assignment = v->consultation); break;
    case 3: DO(s, later, consult_complete, .assignment = v->assignment); break;
    default: DO(s, later, accept, .assignment = v->consultation); break;
    }
}

/* A number is. */
static void do_number(struct site *s, acd_span later, acd_assignment_id a)
{
    switch (draw(s, 4)) {
    case 0: DO(s, later, consult_end, .assignment = a); break;
    case 1: DO(s, later, consult_complete, .assignment = a); break;
    default:
        DO(s, later, consult_result, .assignment = a, .result = (uint8_t)(1 + draw(s, 2)));
        break;
    }
}

/* Something happens to some call that there is. */
static void do_call(struct site *s, acd_span later)
{
    acd_call_id call = acd_call_from(s->e, draw(s, 64));
    struct acd_view_call v;

    if (acd_call_view(s->e, call, &v) != ACD_OK)
        do_route(s, later);
    else if (v.state == ACD_OFFERED && draw(s, 4) > 0)
        DO(s, later, accept, .assignment = v.assignment);
    else if (v.state == ACD_OFFERED)
        DO(s, later, reject, .assignment = v.assignment);
    else if (v.state == ACD_DIALING)
        DO(s, later, callback_result, .assignment = v.assignment,
           .result = (uint8_t)(1 + draw(s, 4)));
    else if (s->callbacks && (v.state == ACD_QUEUED || v.state == ACD_SCHEDULED) && draw(s, 4) == 0)
        DO(s, later, call_callback, .call = call, .number = acd_str("+4977"), .retry = ACD_SECOND,
           .due = acd_now(s->e) + (acd_time)draw(s, 3) * ACD_SECOND);
    else if (v.consulted.gen != 0)
        do_consultation(s, later, &v);
    else if (v.consulted_number.len > 0)
        do_number(s, later, v.assignment);
    else if (v.held_since != 0 && draw(s, 8) == 0)
        DO(s, later, consult, .assignment = v.assignment, .number = acd_str("+4911"));
    else if (v.held_since != 0 && draw(s, 3) == 0)
        DO(s, later, consult, .assignment = v.assignment,
           .queue_name = acd_str(draw(s, 2) == 0 ? "" : queues[draw(s, QUEUES)]),
           .agent_name = acd_str(agents[draw(s, AGENTS)]));
    else if (v.held_since != 0 && draw(s, 2) > 0)
        DO(s, later, retrieve, .assignment = v.assignment);
    else if (v.state == ACD_CONNECTED && draw(s, 6) == 0)
        DO(s, later, transfer, .assignment = v.assignment,
           .queue_name = acd_str(draw(s, 2) == 0 ? "" : queues[draw(s, QUEUES)]),
           .agent_name = acd_str(agents[draw(s, AGENTS)]));
    else if (v.held_since == 0 && v.state == ACD_CONNECTED && draw(s, 4) == 0)
        DO(s, later, hold, .assignment = v.assignment);
    else
        DO(s, later, hangup, .call = call, .side = (uint8_t)(1 + draw(s, 3)));
}

/* An agent notes what came of its call, or of the one it had. */
static void do_note(struct site *s, acd_span later)
{
    static const char *const codes[] = {"sale", "no sale", "-"};

    DO(s, later, wrap_up_code, .name = acd_str(agents[draw(s, AGENTS)]),
       .code = acd_str(codes[draw(s, 3)]),
       .attributes = draw(s, 3) == 0 ? acd_str("{\"told\":1}") : acd_str(""));
}

uint32_t site_tomorrow(const struct site *s, acd_span later)
{
    return (uint32_t)((acd_now(s->e) + later) / (86400 * ACD_SECOND)) + 1;
}

static void do_config(struct site *s, acd_span later)
{
    const char *agent = agents[draw(s, AGENTS)];
    uint32_t q = draw(s, QUEUES);

    switch (draw(s, 4)) {
    case 0:
        DO(s, later, agent_remove, .name = acd_str(agent));
        agent_make(s, agent);
        break;
    case 1:
        DO(s, later, queue_remove, .name = acd_str(queues[q]), .policy = ACD_REMOVE_MOVE,
           .target_name = acd_str(queues[(q + 1) % QUEUES]));
        acd_advance(s->e, acd_now(s->e));
        append(s);
        queue_make(s, queues[q]);
        break;
    case 2: DO(s, later, day_turn, .day = site_tomorrow(s, later)); break;
    default: DO(s, later, outbox_ack, .upto = s->calls); break;
    }
}

/* Executed as nobody. */
static void client_open(struct site *s)
{
    struct acd_command c = {.code = ACD_COMMAND_client_open};
    struct acd_view_outcome o;

    c.as.client_open.name = acd_str("gw");
    CHECK(acd_execute(s->e, acd_now(s->e), ACD_NOBODY, 0, &c, &o) == ACD_OK);
    append(s);
}

static void advance_all(struct site *s)
{
    while (acd_next_deadline(s->e) <= acd_now(s->e)) {
        acd_advance(s->e, acd_now(s->e));
        append(s);
    }
}

/* The gateway's outbox overflows now and then, for it reads none: it opens again, and says that it
 * still has most of its calls. */
static void come_back(struct site *s)
{
    struct acd_view_client gw;
    struct acd_view_call v;

    if (acd_client_view(s->e, acd_client_named(s->e, acd_str("gw")), &gw) != ACD_OK || !gw.lost)
        return;
    advance_all(s);
    client_open(s);
    DO(s, 0, reconcile, .step = ACD_RECONCILE_BEGIN);
    for (acd_call_id id = acd_call_from(s->e, 0); acd_call_view(s->e, id, &v) == ACD_OK;
         id = acd_call_from(s->e, id.slot + 1))
        if (draw(s, 4) > 0)
            DO(s, 0, reconcile_call, .key = v.key);
    DO(s, 0, reconcile, .step = ACD_RECONCILE_END);
    advance_all(s);
}

void site_settle(struct site *s)
{
    /* An event at the last time that was handed in, so that whoever has all events has the time. */
    come_back(s);
    CHECK(DO(s, 0, config_commit, .changes = 0) == ACD_OK);
    CHECK(acd_persist_wait(s->p, acd_position(s->e).sequence, 10 * ACD_SECOND) == ACD_OK);
}

void site_run(struct site *s, int n)
{
    if (acd_client_named(s->e, acd_str("gw")).gen == 0)
        site_set_up(s);
    come_back(s);
    for (int i = 0; i < n; i++) {
        uint32_t what = draw(s, 100);
        acd_span later = draw(s, 4000) * ACD_MS * (s->strides && what == 50 ? 300 : 1);

        if (what < 30)
            do_route(s, later);
        else if (what < 70)
            do_call(s, later);
        else if (what < 76)
            do_note(s, later);
        else if (what < 95)
            DO(s, later, agent_state, .name = acd_str(agents[draw(s, AGENTS)]),
               .state = draw(s, 5) < 4 ? ACD_READY : ACD_NOT_READY);
        else
            do_config(s, later);
        come_back(s);
        if (s->step_every > 0 && i % s->step_every == 0)
            CHECK(acd_persist_step(s->p) >= 0);
    }
}

bool same_state(const struct acd_engine *a, const struct acd_engine *b)
{
    uint8_t row_a[ACD_RECORD_MAX], row_b[ACD_RECORD_MAX];

    for (enum acd_table t = 0; t < ACD_TABLE_COUNT; t++) {
        uint64_t key_a = 0, key_b = 0;

        for (; acd_row_next(a, t, &key_a); key_a++, key_b++) {
            size_t len = acd_row_write(a, t, key_a, row_a);

            if (!acd_row_next(b, t, &key_b) || key_a != key_b ||
                acd_row_write(b, t, key_b, row_b) != len || memcmp(row_a, row_b, len) != 0)
                return false;
        }
        if (acd_row_next(b, t, &key_b))
            return false;
    }
    return true;
}

static void print_fault(void *none, const char *fault)
{
    (void)none;
    fprintf(stderr, "verify: %s\n", fault);
}

uint64_t site_faults(const struct site *s)
{
    struct acd_verified v;
    struct acd_reader *r;
    int error;

    CHECK(acd_reader_open_directory(&r, s->directory) == ACD_OK);
    error = acd_store_verify(r, print_fault, NULL, &v);
    acd_reader_close(r);
    CHECK(error == ACD_OK || v.faults > 0);
    return v.faults;
}
