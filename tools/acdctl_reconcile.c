/* acdctl: a gateway's calls, said by hand. */

#include <stdlib.h>

#include "engine/acd_assert.h"
#include "tools/acdctl.h"
#include "tools/acdctl_text.h"

/* Where a call stands, or why it does not. */
static void on_call(void *ctx, size_t place, int error, const struct acd_view_outcome *outcome)
{
    struct ctl *ctl = ctx;
    const char *key = ctl->args[place].value;
    const char *stands = acd_enum_text(&acd_enum_verdict, outcome->verdict);

    if (ctl->json)
        ctl_print_json(&acd_record_view_outcome, outcome);
    else
        printf("%s: %s\n", key,
               error == ACD_GONE        ? "over; hang it up"
               : error == ACD_NOT_FOUND ? "not known; route it, or hang it up"
               : stands[0] == '\0'      ? "connected"
                                        : stands);
}

/* The keys of a command line; NULL with the exit status told when one is none. */
static struct acd_str *keys_of(struct ctl *ctl, int *status)
{
    struct acd_str *keys = calloc(ctl->count + 1, sizeof *keys);

    ACD_ASSERT(keys != NULL);
    for (size_t i = 0; i < ctl->count; i++) {
        if (ctl->args[i].key != NULL) {
            *status =
                ctl_usage(ctl, ctl->args[i].key, "keys of calls are wanted, and nothing else");
            free(keys);
            return NULL;
        }
        keys[i] = acd_str(ctl->args[i].value);
    }
    return keys;
}

int ctl_run_reconcile(struct ctl *ctl, const struct ctl_verb *verb)
{
    int status = CTL_OK, error;
    struct acd_str *keys;

    (void)verb;
    if (ctl->as == NULL)
        return ctl_usage(ctl, "--as", "say which gateway reconciles: --as NAME");
    keys = keys_of(ctl, &status);
    if (keys == NULL)
        return status;
    status = ctl_connect(ctl);
    if (status == CTL_OK) {
        error = acd_client_reconcile(ctl->client, keys, ctl->count, on_call, ctl);
        if (error == ACD_DISCONNECTED || error == ACD_TIMEOUT)
            status = ctl_no_answer(ctl, error, acd_client_error_text(ctl->client));
        else if (error != ACD_OK)
            status = ctl_failed(ctl, error, acd_client_error_text(ctl->client));
    }
    free(keys);
    return status;
}
