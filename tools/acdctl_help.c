/* acdctl: what it says of itself, out of the descriptions of the schema. */

#include <ctype.h>
#include <string.h>

#include "tools/acdctl.h"
#include "tools/acdctl_text.h"

enum { COLUMNS = 96 };

/* ---- one verb ----------------------------------------------------------------------------- */

static void put_upper(const char *name, FILE *out)
{
    for (; *name != '\0'; name++)
        fputc(toupper((unsigned char)*name), out);
}

/* What must be said stands bare, what may be left out in brackets: of a command what names things,
 * as far as nothing else stands before it, and what its description calls required. */
static bool is_needed(const struct acd_record *record, struct ctl_slot slot, size_t index,
                      bool *is_head)
{
    const bool is_naming = slot.id != NULL || (index == 0 && slot.field->type != ACD_FIELD_enum);

    *is_head = *is_head && is_naming;
    return acd_kind_of(record->code) == ACD_KIND_COMMAND &&
           (*is_head || (slot.field != NULL && strstr(slot.field->doc, "required") != NULL));
}

static void put_slots(const struct ctl_verb *verb, FILE *out)
{
    struct ctl_slot slots[CTL_SLOTS_MAX];
    size_t count = ctl_slots(verb->record, verb->preset, slots);
    bool is_head = true;

    for (size_t i = 0; i < count; i++) {
        const struct acd_field *field = slots[i].id != NULL ? slots[i].id : slots[i].field;
        const bool needed = is_needed(verb->record, slots[i], i, &is_head);

        fputs(needed ? " " : " [", out);
        put_upper(field->name, out);
        if (slots[i].either) {
            fputc('|', out);
            put_upper(slots[++i].id->name, out);
        }
        fputs(needed ? "" : "]", out);
    }
}

/* Whether a verb takes anything at all. */
static bool has_fields(const struct ctl_verb *verb)
{
    size_t count;
    const struct acd_field *fields = verb->record->fields(&count);

    return count > 1 || strcmp(fields[0].name, "reserved") != 0;
}

static void put_usage(const struct ctl_verb *verb, FILE *out)
{
    fputs(verb->words, out);
    if (verb->usage != NULL) {
        fprintf(out, "%s%s", verb->usage[0] == '\0' ? "" : " ", verb->usage);
        return;
    }
    put_slots(verb, out);
    if (has_fields(verb))
        fputs(" [field=value ...]", out);
}

static const char *kind_of_value(const struct acd_field *field)
{
    switch (field->type) {
    case ACD_FIELD_span: return "span";
    case ACD_FIELD_time: return "time";
    case ACD_FIELD_flag: return "yes, no";
    case ACD_FIELD_str: return "text";
    case ACD_FIELD_enum: return "one of";
    default: return acd_field_is_id(field) ? "id" : "number";
    }
}

/* The description of a field, and what its values are. */
static void put_field(const struct acd_field *field, FILE *out)
{
    fprintf(out, "  %-23s  %-7s  %s\n", field->name, kind_of_value(field), field->doc);
    for (size_t i = 0; field->type == ACD_FIELD_enum && i < field->enumeration->count; i++)
        fprintf(out, "  %-23s    %s%s%s\n", "", field->enumeration->values[i].text,
                field->enumeration->values[i].doc[0] == '\0' ? "" : ": ",
                field->enumeration->values[i].doc);
    for (size_t i = 0; i < acd_aliases_count; i++)
        if (acd_aliases[i].enumeration == field->enumeration)
            fprintf(out, "  %-23s    %s: the same as %s\n", "", acd_aliases[i].text,
                    acd_enum_text(field->enumeration, acd_aliases[i].value));
}

static void put_verb(const struct ctl_verb *verb, FILE *out)
{
    size_t count;
    const struct acd_field *fields;

    fputs("usage: acdctl ", out);
    put_usage(verb, out);
    fprintf(out, "\n\n%s%s\n", verb->doc, strchr(verb->doc, '?') != NULL ? "" : ".");
    if (verb->record == NULL || verb->run == ctl_run_show || !has_fields(verb))
        return;
    fields = verb->record->fields(&count);
    fprintf(out, "\nFields of %s:\n", verb->record->name);
    for (size_t i = 0; i < count; i++)
        put_field(&fields[i], out);
    if (verb->run == ctl_run_report)
        fputs(
            "\nBesides: format=table, csv or json; zone=Europe/Berlin, by whose clock times are;\n"
            "by that of the daemon's day_zone when none is said.\n"
            "from and to may be dates: 2026-11-26, 2026-11-26T10:15, today, yesterday.\n",
            out);
    fputs("\nA span is like 500ms, 15s, 5m, 2h, none or forever; an id like 12.345.\n", out);
    if (verb->preset != NULL)
        fprintf(out, "Unless you say otherwise: %s.\n", verb->preset);
}

/* ---- all ---------------------------------------------------------------------------------- */

static void put_line(const struct ctl_verb *verb, FILE *out)
{
    char clipped[CTL_TEXT_MAX];

    snprintf(clipped, sizeof clipped, "%s", verb->doc);
    ctl_clip(clipped, COLUMNS - 24);
    fprintf(out, "  %-20s  %s\n", verb->words, clipped);
}

static const char *noun_of(const struct ctl_verb *verb, char noun[64])
{
    snprintf(noun, 64, "%.*s", (int)strcspn(verb->words, " "), verb->words);
    return noun;
}

/* Verbs of one word first, then noun by noun in the order in which nouns come up. */
static void put_verbs(const char *only, FILE *out)
{
    size_t count;
    const struct ctl_verb *verbs = ctl_verbs(&count);
    char noun[64], other[64];

    for (size_t i = 0; i < count && only == NULL; i++)
        if (strchr(verbs[i].words, ' ') == NULL)
            put_line(&verbs[i], out);
    for (size_t i = 0; i < count; i++) {
        bool is_first = strchr(verbs[i].words, ' ') != NULL;

        noun_of(&verbs[i], noun);
        for (size_t j = 0; j < i && is_first; j++)
            is_first = strcmp(noun_of(&verbs[j], other), noun) != 0;
        if (!is_first || (only != NULL && strcmp(only, noun) != 0))
            continue;
        fputs(only == NULL ? "\n" : "", out);
        for (size_t j = i; j < count; j++)
            if (strcmp(noun_of(&verbs[j], other), noun) == 0)
                put_line(&verbs[j], out);
    }
}

static void put_all(FILE *out)
{
    char url[ACD_URL_MAX];

    acd_default_url(url);
    fprintf(out,
            "usage: acdctl [OPTIONS] VERB [WORD ...] [field=value | --field value ...]\n\n"
            "Asks and changes what an automatic call distributor, acdd, knows.\n\n"
            "  -s, --socket URL      where acdd takes requests; now %s\n"
            "      --pub URL         where it publishes; else what belongs to --socket\n"
            "      --as NAME         speaks for the gateway NAME, while that is away\n"
            "      --json            answers and errors as JSON\n"
            "      --timeout SECONDS how long to wait for an answer, connecting included; else 5\n"
            "  -h, --help            the same as the verb help\n"
            "  -V, --version         the version of this program\n\n"
            "Verbs; each is explained by acdctl help VERB:\n",
            url);
    put_verbs(NULL, out);
    fputs("\nExit status: 0 done, 1 refused by the daemon, 2 the command line makes no sense,\n"
          "3 no connection or no answer.\n",
          out);
}

int ctl_run_help(struct ctl *ctl, const struct ctl_verb *verb)
{
    size_t words;
    const struct ctl_verb *about = ctl_verb_of(ctl->args, ctl->count, &words);

    (void)verb;
    if (ctl->count == 0)
        put_all(stdout);
    else if (about != NULL)
        put_verb(about, stdout);
    else if (ctl->args[0].key == NULL && ctl_is_noun(ctl->args[0].value))
        put_verbs(ctl->args[0].value, stdout);
    else
        return ctl_verb_unknown(ctl, ctl->args, ctl->count);
    return CTL_OK;
}
