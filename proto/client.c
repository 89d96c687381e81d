/* A client's life, and its turns. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/acd_assert.h"
#include "proto/client_private.h"

enum { BATCH_DEFAULT = 32 };

#define TIMEOUT_DEFAULT (5 * ACD_SECOND)
#define TIMEOUT_MIN     (10 * ACD_MS)

int client_fail(struct acd_client *c, int error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(c->error, sizeof c->error, format, args);
    va_end(args);
    return error;
}

/* ---- life cycle --------------------------------------------------------------------------- */

static int set_options(struct acd_client *c, const struct acd_client_options *options)
{
    const size_t name_len = options->name == NULL ? 0 : strlen(options->name);

    c->kind = options->kind == 0 ? ACD_GATEWAY : options->kind;
    c->batch_max = options->batch_max == 0 ? BATCH_DEFAULT : options->batch_max;
    c->timeout = options->timeout == 0 ? TIMEOUT_DEFAULT : options->timeout;
    if (c->timeout > LINK_SPAN_MAX)
        c->timeout = LINK_SPAN_MAX;
    c->on_state = options->on_state;
    c->ctx = options->ctx;
    if (name_len > sizeof c->name)
        return ACD_TOO_LONG;
    if ((options->name != NULL && name_len == 0) || c->batch_max > ACD_WIRE_BATCH_MAX ||
        c->timeout < TIMEOUT_MIN || (c->kind != ACD_GATEWAY && c->kind != ACD_OPERATOR))
        return ACD_INVALID;
    c->name_len = (uint16_t)name_len;
    if (name_len > 0)
        memcpy(c->name, options->name, name_len);
    return lease_options(c, options);
}

int acd_client_open(struct acd_client **out, const struct acd_client_options *options)
{
    struct acd_client *c = calloc(1, sizeof *c);
    int error;

    *out = NULL;
    if (c == NULL)
        return ACD_NO_MEMORY;
    error = set_options(c, options);
    if (error == ACD_OK)
        error = link_open(&c->link, options->url, ACD_SP_REQ, &session_handlers, c);
    if (error == ACD_OK && c->lease > 0)
        link_hurry(&c->link, c->lease / 4);
    if (error != ACD_OK) {
        free(c);
        return error;
    }
    if (!requests_init(c)) {
        acd_client_close(c);
        return ACD_NO_MEMORY;
    }
    *out = c;
    return ACD_OK;
}

void acd_client_close(struct acd_client *c)
{
    if (c == NULL)
        return;
    ACD_ASSERT(!c->running);
    c->running = true;
    c->session = SESSION_NONE;
    if (c->requests != NULL)
        requests_fail(c);
    link_close(&c->link);
    requests_fini(c);
    free(c);
}

/* ---- turns -------------------------------------------------------------------------------- */

static acd_time earlier(acd_time a, acd_time b)
{
    return a < b ? a : b;
}

static acd_time deadline(const struct acd_client *c)
{
    acd_time at = earlier(requests_deadline(c), outbox_deadline(c));

    at = earlier(at, lease_deadline(c));
    return c->session == SESSION_OPENING ? earlier(at, c->open_deadline) : at;
}

void acd_client_flush(struct acd_client *c)
{
    message_end(c);
    link_flush(&c->link);
    link_wake(&c->link, deadline(c));
}

void client_run(struct acd_client *c, acd_span wait)
{
    acd_time now;

    ACD_ASSERT(!c->running);
    c->running = true;
    message_end(c);
    link_flush(&c->link);
    link_run(&c->link, wait, deadline(c));
    if (deadline(c) != ACD_FOREVER) {
        now = link_now();
        session_expire(c, now);
        requests_expire(c, now);
        outbox_expire(c, now);
        lease_expire(c, now);
    }
    acd_client_flush(c);
    c->running = false;
}

int acd_client_wait(struct acd_client *c, acd_span wait)
{
    if (c->running)
        return client_fail(c, ACD_STATE, "not in a callback");
    c->delivered = 0;
    client_run(c, wait);
    return c->delivered;
}

int acd_client_process(struct acd_client *c)
{
    return acd_client_wait(c, 0);
}

int acd_client_connect(struct acd_client *c, acd_span wait)
{
    const acd_time start = link_now();
    acd_span left = wait;

    if (c->running)
        return client_fail(c, ACD_STATE, "not in a callback");
    while (c->session != SESSION_READY && left > 0) {
        client_run(c, left);
        if (wait != ACD_FOREVER)
            left = wait - (link_now() - start);
    }
    if (c->session == SESSION_READY)
        return ACD_OK;
    return client_fail(c, ACD_DISCONNECTED, "%s", c->link.error);
}

int acd_client_fd(struct acd_client *c)
{
    c->link.timer_used = true;
    link_wake(&c->link, deadline(c));
    return c->link.epoll_fd;
}

/* ---- what it knows ------------------------------------------------------------------------ */

bool acd_client_is_connected(const struct acd_client *c)
{
    return c->session == SESSION_READY && !c->link.failed;
}

acd_client_id acd_client_id_of(const struct acd_client *c)
{
    return c->id;
}

struct acd_position acd_client_position(const struct acd_client *c, uint64_t *durable)
{
    if (durable != NULL)
        *durable = c->position.durable;
    return (struct acd_position){c->position.epoch, c->position.sequence};
}

const char *acd_client_error_text(const struct acd_client *c)
{
    return c->error;
}

uint32_t acd_client_unanswered(const struct acd_client *c)
{
    return c->unanswered;
}
