#include <signal.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/documents.h"
#include "tests/e2e/daemon/process.h"

/* Configuration documents, asked for by hand. */

void document_put(struct asker *a, uint64_t upload, const char *text)
{
    CHECK(ASK(a, config_put, .upload = upload, .text = acd_str(text)) == ACD_OK);
    CHECK_SOON(ASK(a, config_plan, .upload = upload) == ACD_OK); /* another thread reads it */
}

static struct acd_view_config_applied applied(const struct asker *a)
{
    CHECK(a->count == 1 && a->views[0].code == ACD_VIEW_config_applied);
    return a->views[0].as.config_applied;
}

/* The answer is lost and asked for again, upon the same version: it is the same, whatever else was
 * committed since; nothing is done twice. Who says no version applies anew. */
void test_a_repeated_apply_is_answered_again(void)
{
    pid_t acdd = process_start("");
    struct asker *a = asker_open(ACDD_URL);
    struct acd_view_config_applied first;

    document_put(a, 1, "queues: {a: , b: }");
    CHECK(ASK(a, config_apply, .upload = 1, .at_version = true) == ACD_OK);
    first = applied(a);
    CHECK(first.version == 1 && first.changes == 2);
    asker_reconnect(a);
    for (int i = 0; i < 2; i++) {
        CHECK(ASK(a, config_apply, .upload = 1, .at_version = true) == ACD_OK);
        CHECK(applied(a).version == 1 && applied(a).changes == 2);
        document_put(a, 2, "queues: {a: , b: , c: }");
        CHECK(ASK(a, config_apply, .upload = 2) == ACD_OK && applied(a).version == 2);
    }
    CHECK(ASK(a, list_queues, .limit = 0) == ACD_OK && a->count == 3);
    CHECK(ASK(a, config_apply, .upload = 1, .at_version = true, .version = 1) == ACD_STATE);
    CHECK(ASK(a, config_apply, .upload = 2, .at_version = true) == ACD_STATE);
    CHECK(ASK(a, config_apply, .upload = 1) == ACD_OK);
    CHECK(applied(a).version == 3 && applied(a).changes == 1);
    CHECK(ASK(a, config_apply, .upload = 1, .at_version = true) == ACD_STATE); /* that was 1 once */
    CHECK(ASK(a, config_apply, .upload = 1, .at_version = true, .version = 2) == ACD_OK);
    CHECK(applied(a).version == 3 && applied(a).changes == 1);
    document_put(a, 1, "queues: {a: }");
    CHECK(ASK(a, config_apply, .upload = 1, .at_version = true, .version = 2) == ACD_STATE);
    CHECK(ASK(a, config_apply, .upload = 9) == ACD_NOT_FOUND);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}
