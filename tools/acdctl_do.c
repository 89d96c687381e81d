/* acdctl: commands, and what came of them. */

#include <string.h>

#include "tools/acdctl.h"
#include "tools/acdctl_text.h"

/* What the outcome tells, as "call 0.7, queue 0.1": all that is given but what was said before. */
static void print_rest(const struct acd_view_outcome *outcome, acd_time now)
{
    size_t count;
    const struct acd_field *fields = acd_record_view_outcome.fields(&count);
    const char *gap = ": ";
    char text[CTL_TEXT_MAX];

    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].name, "error") == 0 || strcmp(fields[i].name, "verdict") == 0 ||
            strcmp(fields[i].name, "refusal") == 0 || strcmp(fields[i].name, "repeated") == 0)
            continue;
        if (acd_json_field(&fields[i], outcome, text, sizeof text) <= 0 || strcmp(text, "0") == 0 ||
            strcmp(text, "0.0") == 0)
            continue;
        ctl_field_text(&fields[i], outcome, now, text);
        printf("%s%s %s", gap, fields[i].name, text);
        gap = ", ";
    }
}

static void print_plain(const struct acd_view_outcome *outcome, acd_time now)
{
    const char *verdict = acd_enum_text(&acd_enum_verdict, outcome->verdict);

    fputs(verdict[0] == '\0' ? "ok" : verdict, stdout);
    if (outcome->verdict == ACD_VERDICT_REFUSED)
        printf(" (%s)", acd_enum_text(&acd_enum_refusal, outcome->refusal));
    if (outcome->repeated)
        fputs(" (done before)", stdout);
    print_rest(outcome, now);
    putchar('\n');
}

/* Of what is no valid value it is said what would be one. */
static int refused(struct ctl *ctl, const struct acd_record *record, uint16_t field, int error)
{
    int status = ctl_refused(ctl, acd_field_name(record, field), error);
    size_t count;

    if (error == ACD_INVALID && field != 0 && !ctl->json)
        fprintf(stderr, "acdctl: it is %s\n", record->fields(&count)[field - 1].doc);
    return status;
}

static int run_record(struct ctl *ctl, const struct acd_record *record, const char *preset)
{
    struct acd_command command = {.code = record->code};
    struct acd_view_outcome outcome;
    int status = ctl_fill(ctl, record, preset, &command.as), error;
    acd_time now;

    if (status == CTL_OK)
        status = ctl_connect(ctl);
    if (status != CTL_OK)
        return status;
    now = ctl->json ? 0
                    : ctl_now(ctl); /* before: the next answer takes the place of a reply's texts */
    error = acd_client_call(ctl->client, &command, &outcome);
    if (error == ACD_DISCONNECTED || error == ACD_TIMEOUT)
        return ctl_no_answer(ctl, error, acd_client_error_text(ctl->client));
    if (error != ACD_OK)
        return refused(ctl, record, outcome.field, error);
    if (ctl->json)
        ctl_print_json(&acd_record_view_outcome, &outcome);
    else
        print_plain(&outcome, now);
    return CTL_OK;
}

int ctl_run_command(struct ctl *ctl, const struct ctl_verb *verb)
{
    return run_record(ctl, verb->record, verb->preset);
}

/* ---- any record by its name --------------------------------------------------------------- */

static const char *record_word(const void *ctx, size_t i)
{
    (void)ctx;
    if (i < acd_records_command_count)
        return acd_records_command[i]->name;
    i -= acd_records_command_count;
    return i < acd_records_query_count ? acd_records_query[i]->name : NULL;
}

int ctl_run_do(struct ctl *ctl, const struct ctl_verb *verb)
{
    struct ctl_verb query = *verb;
    const char *name = ctl->count > 0 && ctl->args[0].key == NULL ? ctl->args[0].value : "", *near;

    if (name[0] == '\0' || strlen(name) >= sizeof query.words)
        return ctl_usage(ctl, "", "name a command or a query, like agent_set");
    query.record = acd_message_named(ACD_KIND_COMMAND, acd_str(name));
    if (query.record == NULL)
        query.record = acd_message_named(ACD_KIND_QUERY, acd_str(name));
    if (query.record == NULL) {
        near = ctl_nearest(name, record_word, NULL);
        return ctl_usage(ctl, "", "\"%s\" is no command or query%s%s%s", name,
                         near == NULL ? "" : "; did you mean ", near == NULL ? "" : near,
                         near == NULL ? "" : "?");
    }
    ctl->args++;
    ctl->count--;
    ctl->verb = query.record->name;
    if (query.record == &acd_record_query_replay)
        return ctl_run_replay(ctl, &query);
    if (acd_kind_of(query.record->code) == ACD_KIND_COMMAND)
        return run_record(ctl, query.record, NULL);
    return ctl_run_query(ctl, &query);
}
