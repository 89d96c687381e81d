/* Reconciling: a gateway says which calls it still has.
 *
 * Happy path: begin; each call, a batch at a time; end. The daemon ends what was not named.
 *
 * Failure modes: a call that it does not know, or that is over, is told to the callback, and the
 * rest goes on. Anything else, no answer say, or that the gateway was lost meanwhile, ends it
 * before the end is said: nothing is resolved, and all may be said again. */

#include "proto/client_private.h"

enum { BATCH = 256 };

struct reconciling {
    acd_client_reconciled_cb on_call;
    void *ctx;
    size_t unanswered;
    int error; /* the first that is not about one call */
};

struct listed {
    struct reconciling *all;
    size_t place;
};

static void on_listed(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    struct listed *listed = ctx;
    struct reconciling *r = listed->all;

    r->unanswered--;
    if (error != ACD_OK && error != ACD_GONE && error != ACD_NOT_FOUND) {
        r->error = r->error == ACD_OK ? error : r->error;
        return;
    }
    if (r->on_call != NULL)
        r->on_call(r->ctx, listed->place, error, outcome);
}

static int say_step(struct acd_client *c, uint8_t step)
{
    const struct acd_command command = {.code = ACD_COMMAND_reconcile, .as.reconcile.step = step};
    struct acd_view_outcome outcome;

    return acd_client_call(c, &command, &outcome);
}

/* Says a batch of them and waits for all answers. */
static int say_batch(struct acd_client *c, struct reconciling *r, const struct acd_str *keys,
                     size_t from, size_t count)
{
    struct listed listed[BATCH];
    int error = ACD_OK;

    for (size_t i = 0; i < count && error == ACD_OK; i++) {
        const struct acd_command command = {.code = ACD_COMMAND_reconcile_call,
                                            .as.reconcile_call.key = keys[from + i]};

        listed[i] = (struct listed){r, from + i};
        error = acd_client_send(c, &command, on_listed, &listed[i]);
        r->unanswered += error == ACD_OK;
    }
    while (r->unanswered > 0)
        client_run(c, ACD_FOREVER);
    if (error == ACD_OK && r->error != ACD_OK)
        error = client_fail(c, r->error, "reconcile_call: %s", acd_error_text(r->error));
    return error;
}

int acd_client_reconcile(struct acd_client *c, const struct acd_str *keys, size_t count,
                         acd_client_reconciled_cb on_call, void *ctx)
{
    struct reconciling r = {.on_call = on_call, .ctx = ctx};
    int error = say_step(c, ACD_RECONCILE_BEGIN);

    for (size_t from = 0; from < count && error == ACD_OK; from += BATCH)
        error = say_batch(c, &r, keys, from, count - from < BATCH ? count - from : BATCH);
    return error != ACD_OK ? error : say_step(c, ACD_RECONCILE_END);
}
