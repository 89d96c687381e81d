#include "daemon/timing.h"

#include "engine/acd_assert.h"
#include "proto/acd_wire.h"

_Static_assert((int)TIMING_MESSAGE_MAX >= (int)ACD_WIRE_BATCH_MAX,
               "a message's requests are counted");

/* ---- counting ------------------------------------------------------------------------------ */

static void note(struct timing_histogram *h, uint64_t ns)
{
    const uint64_t us = (ns + 999) / 1000;
    const unsigned bucket = us <= 1 ? 0 : 64 - (unsigned)__builtin_clzll(us - 1);

    h->count++;
    h->sum_ns += ns;
    if (bucket < TIMING_BUCKETS)
        h->buckets[bucket]++;
}

/* TIMING_CODES: of no record. */
static uint32_t place_of(uint16_t code)
{
    const uint8_t kind = acd_kind_of(code);

    if ((kind != ACD_KIND_COMMAND && kind != ACD_KIND_QUERY) || acd_message_record(code) == NULL)
        return TIMING_CODES;
    return (uint32_t)((kind == ACD_KIND_COMMAND ? 0 : TIMING_CODES / 2) + (code & 0xff));
}

/* The loop is about to sleep; what it did not sleep since the last time was its turn. */
static void on_prepare(uv_prepare_t *prepare)
{
    struct timing *t = prepare->data;
    const uint64_t now = uv_hrtime(), idle = uv_metrics_idle_time(prepare->loop);
    const uint64_t awake = now - t->slept_at_ns, slept = idle - t->idle_ns;
    const uint64_t turn = awake > slept ? awake - slept : 0;

    note(&t->turns, turn);
    if (turn > t->longest_ns)
        t->longest_ns = turn;
    t->slept_at_ns = now;
    t->idle_ns = idle;
    t->woke_ns = 0;
}

void timing_open(struct timing *t, uv_loop_t *loop)
{
    ACD_ASSERT(uv_loop_configure(loop, UV_METRICS_IDLE_TIME) == 0);
    uv_prepare_init(loop, &t->prepare);
    t->prepare.data = t;
    uv_prepare_start(&t->prepare, on_prepare);
    uv_unref((uv_handle_t *)&t->prepare);
    t->slept_at_ns = uv_hrtime();
}

void timing_close(struct timing *t)
{
    uv_close((uv_handle_t *)&t->prepare, NULL);
}

void timing_message(struct timing *t)
{
    t->message_count = 0;
    if (t->woke_ns == 0)
        t->woke_ns = t->slept_at_ns + (uv_metrics_idle_time(t->prepare.loop) - t->idle_ns);
}

void timing_asked(struct timing *t, uint16_t code)
{
    const uint32_t place = place_of(code);

    if (place == TIMING_CODES || t->message_count == TIMING_MESSAGE_MAX)
        return;
    t->requests[place].asked++;
    t->message[t->message_count++] = (uint16_t)place;
}

void timing_failed(struct timing *t, uint16_t code)
{
    const uint32_t place = place_of(code);

    if (place < TIMING_CODES)
        t->requests[place].failed++;
}

void timing_answered(struct timing *t)
{
    const uint64_t ns = uv_hrtime() - t->woke_ns;

    for (uint32_t i = 0; i < t->message_count; i++)
        note(&t->requests[t->message[i]].answered, ns);
}

void timing_heartbeat(struct timing *t, uint64_t period_ms)
{
    const uint64_t now = uv_hrtime();

    if (t->heartbeat_due_ns != 0)
        t->lag_ns = now > t->heartbeat_due_ns ? now - t->heartbeat_due_ns : 0;
    if (t->lag_ns > t->lag_max_ns)
        t->lag_max_ns = t->lag_ns;
    t->heartbeat_due_ns = now + period_ms * 1000000;
}

/* ---- views --------------------------------------------------------------------------------- */

static acd_span span_of(uint64_t ns)
{
    return (acd_span)(ns / 1000);
}

/* The fields of ACD_WITHIN_FIELDS stand in a row, from `first` on. */
static void sum_buckets(const struct timing_histogram *h, uint64_t *first)
{
    uint64_t sum = 0;

    for (int i = 0; i < TIMING_BUCKETS; i++)
        first[i] = sum += h->buckets[i];
}

void timing_loop_view(const struct timing *t, struct acd_view_loop *v)
{
    *v = (struct acd_view_loop){.turns = t->turns.count,
                                .busy = span_of(t->turns.sum_ns),
                                .longest = span_of(t->longest_ns),
                                .lag = span_of(t->lag_ns),
                                .lag_max = span_of(t->lag_max_ns)};
    sum_buckets(&t->turns, &v->within_1us);
}

bool timing_from(const struct timing *t, uint32_t *at, struct acd_view_timing *v)
{
    const struct timing_request *r;
    uint16_t code;

    while (*at < TIMING_CODES && t->requests[*at].asked == 0)
        ++*at;
    if (*at >= TIMING_CODES)
        return false;
    r = &t->requests[*at];
    code = (uint16_t)(*at < TIMING_CODES / 2 ? ACD_KIND_COMMAND << 8 | *at
                                             : ACD_KIND_QUERY << 8 | (*at - TIMING_CODES / 2));
    *v = (struct acd_view_timing){.name = acd_str(acd_message_record(code)->name),
                                  .count = r->asked,
                                  .failed = r->failed,
                                  .answered = r->answered.count,
                                  .time = span_of(r->answered.sum_ns)};
    sum_buckets(&r->answered, &v->within_1us);
    return true;
}
