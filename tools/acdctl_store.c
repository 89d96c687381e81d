/* acdctl: what is done to a daemon's directory, and not asked of the daemon: verify and backup work
 * beside one that runs; restore and compact are for a directory that nobody has open. */

#include <inttypes.h>
#include <string.h>

#include "persist/acd_store.h"
#include "tools/acdctl.h"
#include "tools/acdctl_text.h"

/* The words, exactly `count` of them: directories. */
static int read_words(struct ctl *ctl, size_t count)
{
    bool fits = ctl->count == count;

    for (size_t i = 0; i < ctl->count; i++) {
        if (ctl->args[i].key != NULL)
            return ctl_usage(ctl, ctl->args[i].key, "no such field; takes directories only");
        fits = fits && ctl->args[i].value[0] != '\0';
    }
    if (fits)
        return CTL_OK;
    return ctl_usage(ctl, "", count == 1 ? "wants one directory" : "wants two directories");
}

static int failed(struct ctl *ctl, int error)
{
    return ctl_failed(ctl, error, acd_persist_error(NULL));
}

/* ---- verify ------------------------------------------------------------------------------- */

static void on_fault(void *ctx, const char *fault)
{
    char clean[CTL_TEXT_MAX];

    (void)ctx;
    ctl_clean(acd_str(fault), clean, sizeof clean);
    fprintf(stderr, "acdctl: %s\n", clean);
}

static void print_verified(const struct ctl *ctl, const struct acd_verified *v)
{
    if (ctl->json)
        printf("{\"image\":%" PRIu64 ",\"applied\":%" PRIu64 ",\"events\":%" PRIu64
               ",\"rows\":%" PRIu64 ",\"visits\":%" PRIu64 ",\"intervals\":%" PRIu64
               ",\"folds\":%" PRIu64 ",\"faults\":%" PRIu64 "}\n",
               v->image, v->applied, v->events, v->rows, v->visits, v->intervals, v->folds,
               v->faults);
    else if (v->faults == 0)
        printf("ok: %" PRIu64 " events behind the image at %" PRIu64 " give the %" PRIu64
               " rows at %" PRIu64 "; %" PRIu64 " visits, %" PRIu64 " rows of intervals, %" PRIu64
               " of days\n",
               v->events, v->image, v->rows, v->applied, v->visits, v->intervals, v->folds);
    else
        printf("%" PRIu64 " faults\n", v->faults);
}

int ctl_run_verify(struct ctl *ctl, const struct ctl_verb *verb)
{
    struct acd_verified v = {0};
    struct acd_reader *reader;
    int status = read_words(ctl, 1), error;

    (void)verb;
    if (status != CTL_OK)
        return status;
    error = acd_reader_open_directory(&reader, ctl->args[0].value);
    if (error != ACD_OK)
        return failed(ctl, error);
    error = acd_store_verify(reader, on_fault, NULL, &v);
    acd_reader_close(reader);
    if (error != ACD_OK && v.faults == 0)
        return failed(ctl, error);
    print_verified(ctl, &v);
    return v.faults == 0 ? CTL_OK : CTL_REFUSED;
}

/* ---- backup and restore, which are the same ---------------------------------------------------
 */

static int copy(struct ctl *ctl)
{
    struct acd_reader *reader;
    int status = read_words(ctl, 2), error;

    if (status != CTL_OK)
        return status;
    error = acd_reader_open_directory(&reader, ctl->args[0].value);
    if (error != ACD_OK)
        return failed(ctl, error);
    error = acd_store_copy(reader, ctl->args[1].value);
    acd_reader_close(reader);
    if (error != ACD_OK)
        return failed(ctl, error);
    puts(ctl->json ? "{}" : "ok");
    return CTL_OK;
}

int ctl_run_backup(struct ctl *ctl, const struct ctl_verb *verb)
{
    (void)verb;
    return copy(ctl);
}

int ctl_run_restore(struct ctl *ctl, const struct ctl_verb *verb)
{
    (void)verb;
    return copy(ctl);
}

/* ---- compact ------------------------------------------------------------------------------ */

int ctl_run_compact(struct ctl *ctl, const struct ctl_verb *verb)
{
    uint64_t before, after;
    int status = read_words(ctl, 1), error;

    (void)verb;
    if (status != CTL_OK)
        return status;
    error = acd_store_compact(ctl->args[0].value, &before, &after);
    if (error != ACD_OK)
        return failed(ctl, error);
    printf(ctl->json ? "{\"before\":%" PRIu64 ",\"after\":%" PRIu64 "}\n"
                     : "ok: %" PRIu64 " bytes became %" PRIu64 "\n",
           before, after);
    return CTL_OK;
}
