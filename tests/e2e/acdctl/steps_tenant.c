#include <stdio.h>
#include <unistd.h>

#include "tests/e2e/acdctl/run.h"
#include "tests/e2e/acdctl/steps.h"
#include "tests/e2e/check.h"

/* At a tenant's address: its own things by its own names, and so is the document. */

#define ACME   "--socket ipc://acme.sock "
#define BEFORE "queues: {}\nagents: {}\n"
#define ALL                                                                                        \
    "add queue sales\nadd queue late\nchange queue sales: on_full \"\" -> queue:late\n"            \
    "add number sales 4711\nadd agent ann: team \"\" -> day\nadd member ann sales\n"
#define NONE "remove number sales 4711\nremove agent ann\nremove queue sales\nremove queue late\n"

static void write_document(void)
{
    FILE *f = fopen("tenant.yaml", "w");

    if (f == NULL)
        check_give_up("tenant.yaml", "cannot be made");
    (void)fputs("queues:\n  sales: {on_full: 'queue:late', numbers: ['4711']}\n  late:\n"
                "agents:\n  ann: {team: day, queues: {sales: }}\n",
                f);
    (void)fclose(f);
}

void steps_tenant(void)
{
    static const struct step steps[] = {
        {ACME "config get", 0, BEFORE},
        {ACME "config apply tenant.yaml --label spring", 0, ALL "6 changes applied, version 4\n"},
        {ACME "config diff tenant.yaml", 0, "nothing to change\n"},
        {ACME "config get", 0,
         "queues:\n sales:\n on_full: queue:late\n numbers: [4711]\n late: {}\n"
         "agents:\n ann:\n team: day\n queues:\n sales: {}\n"},
        {ACME "member list agent=ann", 0,
         "AGENT QUEUE LEVEL POSITION DOING\nann sales 0 0 logged_out\n"},
        {"member list agent=acme/ann", 0,
         "AGENT QUEUE LEVEL POSITION DOING\nacme/ann acme/sales 0 0 logged_out\n"},
        {"--json do get_totals", 0, "**\"config_label\":\"acme/spring\"**"},
        {ACME "--json do get_totals", 0, "**\"config_label\":\"spring\"**"},
        {ACME "do day_turn day=99999", 1, "acdctl: day_turn: not for a tenant: * (DENIED)\n"},
        {ACME "config apply /dev/null", 0, NONE "4 changes applied, version 5\n"},
        {"agent show acme/ann", 1, "acdctl: agent show: name: no such thing (NOT_FOUND)\n"},
    };

    write_document();
    run_steps(steps, sizeof steps / sizeof steps[0]);
    CHECK(unlink("tenant.yaml") == 0);
}
