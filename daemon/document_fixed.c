#include <stdio.h>

#include "daemon/document.h"
#include "proto/acd_json.h"

/* What no document can change of what is there: the channel of a queue. Who looks at the document
 * alone cannot find it, and the engine would refuse it in the middle of all else. */

static void tell(const struct tenant *tenant, const struct acd_view_queue *is,
                 document_fault_cb on_fault, void *ctx)
{
    const struct acd_field *channel = acd_field_named(document_queue.view, "channel");
    struct acd_str name = tenant == NULL ? is->name : tenant_calls(tenant, is->name);
    char text[256], value[32];

    (void)acd_json_field(channel, is, value, sizeof value);
    snprintf(text, sizeof text,
             "queue \"%.*s\": its channel is %s, and stays so: it is fixed when a queue is made",
             name.len, name.data, value);
    on_fault(ctx, 0, text);
}

int document_fixed(const struct acd_engine *live, const struct acd_engine *wanted,
                   const struct tenant *tenant, document_fault_cb on_fault, void *ctx)
{
    struct acd_view_queue is, v;
    int faults = 0;

    for (acd_queue_id id = acd_queue_from(wanted, 0); id.gen != 0;
         id = acd_queue_from(wanted, id.slot + 1)) {
        (void)acd_queue_view(wanted, id, &v);
        if (acd_queue_view(live, acd_queue_named(live, v.name), &is) != ACD_OK ||
            is.channel == v.channel)
            continue;
        tell(tenant, &is, on_fault, ctx);
        faults++;
    }
    return faults;
}
