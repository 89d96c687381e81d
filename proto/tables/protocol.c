/* Writes the tables of PROTOCOL.md out of the descriptions of all records: what stands between its
 * two marks is replaced.
 *
 * usage: protocol FILE            writes them
 *        protocol --check FILE    returns 1 when they are not up to date, and changes nothing */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/acd_messages.h"

static const char begin_mark[] = "<!-- tables: begin -->\n";
static const char end_mark[] = "<!-- tables: end -->\n";

/* ---- tables ------------------------------------------------------------------------------- */

static const char *const types[] = {
    [ACD_FIELD_u8] = "u8",
    [ACD_FIELD_u16] = "u16",
    [ACD_FIELD_u32] = "u32",
    [ACD_FIELD_u64] = "u64",
    [ACD_FIELD_i16] = "i16",
    [ACD_FIELD_i32] = "i32",
    [ACD_FIELD_flag] = "flag",
    [ACD_FIELD_time] = "time",
    [ACD_FIELD_span] = "span",
    [ACD_FIELD_agent_id] = "agent_id",
    [ACD_FIELD_queue_id] = "queue_id",
    [ACD_FIELD_call_id] = "call_id",
    [ACD_FIELD_assignment_id] = "assignment_id",
    [ACD_FIELD_client_id] = "client_id",
};

static void write_field(FILE *out, const struct acd_field *f, unsigned place, unsigned offset)
{
    fprintf(out, "| %u | %u | `%s` | ", place, offset, f->name);
    if (f->type == ACD_FIELD_enum)
        fprintf(out, "[%s](#%s)", f->enumeration->name, f->enumeration->name);
    else if (f->type == ACD_FIELD_str)
        fprintf(out, "text, %u", f->max);
    else
        fprintf(out, "%s", types[f->type]);
    fprintf(out, " | %s |\n", f->doc);
}

static void write_record(FILE *out, const struct acd_record *record)
{
    size_t count;
    const struct acd_field *fields = record->fields(&count);
    unsigned offset = ACD_RECORD_HEADER;

    fprintf(out, "#### %s `0x%04x`\n\n%s.", record->name, record->code, record->doc);
    if (record->topic != 0)
        fprintf(out, " Topic `%s`.", acd_enum_text(&acd_enum_topic, record->topic));
    fprintf(out, "\n\n| | at | field | type | |\n| ---: | ---: | --- | --- | --- |\n");
    for (size_t i = 0; i < count; i++) {
        write_field(out, &fields[i], (unsigned)i + 1, offset);
        offset += acd_field_bytes(&fields[i]);
    }
    fprintf(out, "\n");
}

static void write_records(FILE *out, const char *title, const struct acd_record *const *records,
                          size_t count)
{
    fprintf(out, "### %s\n\n", title);
    for (size_t i = 0; i < count; i++)
        write_record(out, records[i]);
}

static void write_aliases(FILE *out, const struct acd_enum *e)
{
    bool any = false;

    for (size_t i = 0; i < acd_aliases_count; i++) {
        if (acd_aliases[i].enumeration != e)
            continue;
        fprintf(out, "%s `%s` (%s)",
                any ? "," : "In JSON also taken, as others call them:", acd_aliases[i].text,
                acd_enum_text(e, acd_aliases[i].value));
        any = true;
    }
    if (any)
        fprintf(out, ".\n\n");
}

static void write_enum(FILE *out, const struct acd_enum *e)
{
    fprintf(out, "#### %s\n\n%s.\n\n| value | text | |\n| ---: | --- | --- |\n", e->name, e->doc);
    for (size_t i = 0; i < e->count; i++)
        fprintf(out, "| %u | `%s` | %s |\n", e->values[i].value, e->values[i].text,
                e->values[i].doc);
    fprintf(out, "\n");
    write_aliases(out, e);
}

static void write_enums(FILE *out)
{
    fprintf(out, "### Enumerations\n\n");
#define ACD_ENUM(name, doc, values) write_enum(out, &acd_enum_##name);
#include "engine/enums.def"
#undef ACD_ENUM
}

static void write_errors(FILE *out)
{
    fprintf(out, "### Errors\n\n| value | name | |\n| ---: | --- | --- |\n");
#define XX(name, value, text) fprintf(out, "| %d | `%s` | %s |\n", (value), #name, text);
    ACD_ERRORS(XX)
#undef XX
    fprintf(out, "\n");
}

static void write_tables(FILE *out)
{
    fprintf(out, "\n");
    write_errors(out);
    write_enums(out);
    write_records(out, "Commands", acd_records_command, acd_records_command_count);
    write_records(out, "Queries", acd_records_query, acd_records_query_count);
    write_records(out, "Views", acd_records_view, acd_records_view_count);
    write_records(out, "Views of the wire", acd_records_wire, acd_records_wire_count);
    write_records(out, "Events", acd_records_event, acd_records_event_count);
}

/* ---- the file ----------------------------------------------------------------------------- */

_Noreturn static void give_up(const char *file, const char *why)
{
    fprintf(stderr, "protocol: %s: %s\n", file, why);
    exit(2);
}

static char *read_file(const char *name)
{
    FILE *file = fopen(name, "r");
    long size;
    char *text;

    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0 ||
        fseek(file, 0, SEEK_SET) != 0)
        give_up(name, "cannot be read");
    text = calloc(1, (size_t)size + 1);
    if (text == NULL || fread(text, 1, (size_t)size, file) != (size_t)size)
        give_up(name, "cannot be read");
    (void)fclose(file);
    return text;
}

/* What the file should be: as it is, with new tables between the marks. */
static char *renewed(const char *name, const char *text)
{
    const char *begin = strstr(text, begin_mark), *end = strstr(text, end_mark);
    char *result = NULL;
    size_t len;
    FILE *out = open_memstream(&result, &len);

    if (begin == NULL || end == NULL || end < begin)
        give_up(name, "has no marks for the tables");
    if (out == NULL)
        give_up(name, "out of memory");
    begin += sizeof begin_mark - 1;
    if (fwrite(text, 1, (size_t)(begin - text), out) < (size_t)(begin - text))
        give_up(name, "out of memory");
    write_tables(out);
    if (fputs(end, out) < 0 || fclose(out) != 0)
        give_up(name, "out of memory");
    return result;
}

/* Whether a record stands in the first column of the table of failures, which people write. */
static bool has_failures(const char *text, const struct acd_record *record)
{
    const char *at = strstr(text, "### Failures of each command and query");
    char code[80];

    snprintf(code, sizeof code, "`%s`", record->name);
    while (at != NULL && (at = strstr(at, "\n| ")) != NULL) {
        const char *end = strchr(at + 3, '|'), *found = strstr(at, code);

        if (found != NULL && end != NULL && found < end)
            return true;
        at++;
    }
    return false;
}

static int check_failures_of(const char *name, const char *text,
                             const struct acd_record *const *records, size_t count)
{
    int missing = 0;

    for (size_t i = 0; i < count; i++)
        if (!has_failures(text, records[i])) {
            fprintf(stderr, "%s: \"Failures of each command and query\" has no row for %s\n", name,
                    records[i]->name);
            missing = 1;
        }
    return missing;
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");

    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
        give_up(name, "cannot be written");
}

int main(int argc, char **argv)
{
    const bool check = argc == 3 && strcmp(argv[1], "--check") == 0;
    const char *name = argv[argc - 1];
    char *text, *wanted;
    int result = 0;

    if (argc != 2 && !check)
        give_up("usage", "protocol [--check] FILE");
    text = read_file(name);
    wanted = renewed(name, text);
    if (!check)
        write_file(name, wanted);
    else if (strcmp(text, wanted) != 0) {
        fprintf(stderr, "%s: its tables are not up to date; build the target `protocol`\n", name);
        result = 1;
    }
    if (check) {
        result |= check_failures_of(name, text, acd_records_command, acd_records_command_count);
        result |= check_failures_of(name, text, acd_records_query, acd_records_query_count);
    }
    free(text);
    free(wanted);
    return result;
}
