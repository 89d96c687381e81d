/* acdctl: the configuration as one document. A file is put to the daemon, which says what is wrong
 * with it, what it would change, and applies it whole. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/acdctl.h"
#include "tools/acdctl_text.h"

enum { PIECE = 1024, READ_TRIES = 600, TRY_AGAIN_MS = 100 };

struct document {
    struct ctl *ctl;
    uint64_t upload;
    const char *file;
    uint32_t faults, changes;
    struct acd_view_config_applied applied;
};

/* One that nobody else is likely to use. */
static uint64_t upload_number(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec << 30 ^ (uint64_t)t.tv_nsec ^ (uint64_t)getpid() << 48;
}

static void on_nothing(void *ctx, int error, const struct acd_view *view)
{
    (void)ctx;
    (void)error;
    (void)view;
}

/* ---- putting ------------------------------------------------------------------------------ */

static int put_piece(struct document *d, uint64_t offset, const char *text, size_t len)
{
    struct acd_query q = {.code = ACD_QUERY_config_put};

    q.as.config_put.upload = d->upload;
    q.as.config_put.offset = offset;
    q.as.config_put.text = (struct acd_str){text, (uint16_t)len};
    return ctl_ask(d->ctl, &q, on_nothing, NULL);
}

static int put_file(struct document *d)
{
    FILE *in = strcmp(d->file, "-") == 0 ? stdin : fopen(d->file, "re");
    char piece[PIECE];
    uint64_t offset = 0;
    int status = CTL_OK;
    size_t len;

    if (in == NULL)
        return ctl_usage(d->ctl, "", "%s: %s", d->file, strerror(errno));
    do {
        len = fread(piece, 1, sizeof piece, in);
        if (len > 0 || offset == 0)
            status = put_piece(d, offset, piece, len);
        offset += len;
    } while (status == CTL_OK && len == sizeof piece);
    if (status == CTL_OK && ferror(in) != 0)
        status = ctl_usage(d->ctl, "", "%s: %s", d->file, strerror(errno));
    if (in != stdin)
        (void)fclose(in);
    return status;
}

/* ---- planning ----------------------------------------------------------------------------- */

/* "sales.yaml:12: ring_timeout: not a valid value" */
static void print_fault(const struct document *d, const struct acd_view_config_fault *v)
{
    char text[CTL_TEXT_MAX];

    ctl_clean(v->text, text, sizeof text);
    if (v->line == 0)
        fprintf(stderr, "%s: %s\n", d->file, text);
    else
        fprintf(stderr, "%s:%u: %s\n", d->file, v->line, text);
}

static void print_change(const struct acd_view_config_change *v)
{
    char name[CTL_TEXT_MAX], of[CTL_TEXT_MAX], what[CTL_TEXT_MAX];

    ctl_clean(v->name, name, sizeof name);
    ctl_clean(v->of, of, sizeof of);
    ctl_clean(v->what, what, sizeof what);
    printf("%-6s %.*s %s%s%s%s%s\n", acd_enum_text(&acd_enum_config_verb, v->verb), v->kind.len,
           v->kind.data, of, of[0] == '\0' ? "" : " ", name, what[0] == '\0' ? "" : ": ", what);
}

static void on_planned(void *ctx, int error, const struct acd_view *view)
{
    struct document *d = ctx;

    if (error != ACD_OK || view == NULL)
        return;
    if (view->code == ACD_VIEW_config_fault) {
        d->faults++;
        if (d->ctl->json)
            ctl_print_json(&acd_record_view_config_fault, &view->as.config_fault);
        else
            print_fault(d, &view->as.config_fault);
    } else if (view->code == ACD_VIEW_config_change) {
        d->changes++;
        if (d->ctl->json)
            ctl_print_json(&acd_record_view_config_change, &view->as.config_change);
        else
            print_change(&view->as.config_change);
    }
}

static void on_looked(void *ctx, int error, const struct acd_view *view)
{
    (void)view;
    *(int *)ctx = error;
}

/* The daemon reads it by another thread: until that is done it says BUSY. */
static int wait_until_read(struct document *d)
{
    struct acd_query q = {.code = ACD_QUERY_config_plan};
    const struct timespec pause = {.tv_nsec = TRY_AGAIN_MS * 1000000};
    int error = ACD_BUSY, unused;

    q.as.config_plan.upload = d->upload;
    q.as.config_plan.limit = 1;
    for (int i = 0; i < READ_TRIES && error == ACD_BUSY; i++) {
        if (i > 0)
            nanosleep(&pause, NULL);
        error = acd_client_query(d->ctl->client, &q, on_looked, &unused);
    }
    return error == ACD_OK ? CTL_OK : ctl_ask_failed(d->ctl, &acd_record_query_config_plan, error);
}

static int plan(struct document *d)
{
    struct acd_query q = {.code = ACD_QUERY_config_plan};
    int status = put_file(d);

    if (status == CTL_OK)
        status = wait_until_read(d);
    q.as.config_plan.upload = d->upload;
    if (status == CTL_OK)
        status = ctl_ask(d->ctl, &q, on_planned, d);
    return status == CTL_OK && d->faults > 0 ? CTL_REFUSED : status;
}

static int document_of(struct ctl *ctl, struct document *d)
{
    *d = (struct document){.ctl = ctl, .upload = upload_number(), .file = ""};
    if (ctl->count < 1 || ctl->args[0].key != NULL)
        return ctl_usage(ctl, "", "wants a file, or - for what is piped in");
    d->file = ctl->args[0].value;
    return ctl_connect(ctl);
}

int ctl_run_config_diff(struct ctl *ctl, const struct ctl_verb *verb)
{
    struct document d;
    int status;

    (void)verb;
    if (ctl->count > 1)
        return ctl_usage(ctl, "", "wants one file");
    status = document_of(ctl, &d);
    if (status == CTL_OK)
        status = plan(&d);
    if (status == CTL_OK && d.changes == 0 && !ctl->json)
        puts("nothing to change");
    return status;
}

/* ---- applying ----------------------------------------------------------------------------- */

static void on_applied(void *ctx, int error, const struct acd_view *view)
{
    struct document *d = ctx;

    if (error == ACD_OK && view != NULL && view->code == ACD_VIEW_config_applied)
        d->applied = view->as.config_applied;
}

/* --label TEXT, --at-version N. */
static int take_option(struct ctl *ctl, const struct ctl_arg *arg, struct acd_query_config_apply *q)
{
    const char *key = arg->key == NULL ? "" : arg->key;
    unsigned long version = 0;

    if (strcmp(key, "label") == 0) {
        q->label = acd_str(arg->value);
        return CTL_OK;
    }
    if (strcmp(key, "at_version") != 0)
        return ctl_usage(ctl, "", "wants a file, and --label TEXT or --at-version N if need be");
    q->at_version = true;
    if (strcmp(arg->value, "0") != 0 && !ctl_whole(arg->value, UINT32_MAX, &version))
        return ctl_usage(ctl, "at_version", "\"%s\" is no version", arg->value);
    q->version = version;
    return CTL_OK;
}

static void print_applied(const struct document *d)
{
    if (d->ctl->json) {
        ctl_print_json(&acd_record_view_config_applied, &d->applied);
        return;
    }
    if (d->applied.changes == 0)
        printf("nothing to change; version %llu\n", (unsigned long long)d->applied.version);
    else
        printf("%u change%s applied, version %llu\n", d->applied.changes,
               d->applied.changes == 1 ? "" : "s", (unsigned long long)d->applied.version);
    if (d->applied.retired > 0)
        printf("%u retired: they have calls; apply again later to remove them\n",
               d->applied.retired);
}

int ctl_run_config_apply(struct ctl *ctl, const struct ctl_verb *verb)
{
    struct acd_query q = {.code = ACD_QUERY_config_apply};
    struct document d;
    int status = document_of(ctl, &d);

    (void)verb;
    for (size_t i = 1; i < ctl->count && status == CTL_OK; i++)
        status = take_option(ctl, &ctl->args[i], &q.as.config_apply);
    if (status == CTL_OK)
        status = plan(&d);
    q.as.config_apply.upload = d.upload;
    if (status == CTL_OK)
        status = ctl_ask(ctl, &q, on_applied, &d);
    if (status == CTL_OK)
        print_applied(&d);
    return status;
}

/* ---- getting ------------------------------------------------------------------------------ */

static void on_text(void *ctx, int error, const struct acd_view *view)
{
    (void)ctx;
    if (error == ACD_OK && view != NULL && view->code == ACD_VIEW_config_text)
        (void)fwrite(view->as.config_text.text.data, 1, view->as.config_text.text.len, stdout);
}

int ctl_run_config_get(struct ctl *ctl, const struct ctl_verb *verb)
{
    struct acd_query q = {.code = ACD_QUERY_config_get};

    (void)verb;
    if (ctl->count > 0)
        return ctl_usage(ctl, "", "wants nothing more");
    q.as.config_get.upload = upload_number();
    return ctl_ask(ctl, &q, on_text, NULL);
}
