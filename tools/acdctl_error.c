/* acdctl: what went wrong, for people to stderr, with --json as an object to stdout. */

#include <stdarg.h>
#include <string.h>

#include "tools/acdctl.h"
#include "tools/acdctl_text.h"

/* An error has a JSON form as records have: it is described like one. */
struct error_record {
    struct acd_str error, field, text;
};

static const struct acd_field *error_fields(size_t *count)
{
    static const struct acd_field fields[] = {
        {"error", "", ACD_FIELD_str, offsetof(struct error_record, error), 64, NULL},
        {"field", "", ACD_FIELD_str, offsetof(struct error_record, field), 64, NULL},
        {"text", "", ACD_FIELD_str, offsetof(struct error_record, text), CTL_TEXT_MAX, NULL},
    };

    *count = sizeof fields / sizeof fields[0];
    return fields;
}

static void print_json(const char *error, const char *field, const char *text)
{
    static const struct acd_record record = {
        .name = "error", .struct_size = sizeof(struct error_record), .fields = error_fields};
    const struct error_record value = {acd_str(error), acd_str(field), acd_str(text)};

    ctl_print_json(&record, &value);
}

/* Messages name what the user typed, and may be anything: they are cleaned. */
static void print_plain(const char *text)
{
    char clean[2 * CTL_TEXT_MAX];

    ctl_clean(acd_str(text), clean, sizeof clean);
    fprintf(stderr, "acdctl: %s\n", clean);
}

int ctl_usage(struct ctl *ctl, const char *field, const char *format, ...)
{
    char text[CTL_TEXT_MAX], line[2 * CTL_TEXT_MAX];
    const char *verb = ctl->verb == NULL ? "" : ctl->verb;
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (ctl->json) {
        print_json("USAGE", field, text);
        return CTL_USAGE;
    }
    snprintf(line, sizeof line, "%s%s%.64s%s%s", verb, verb[0] == '\0' ? "" : ": ", field,
             field[0] == '\0' ? "" : ": ", text);
    print_plain(line);
    return CTL_USAGE;
}

int ctl_refused(struct ctl *ctl, const char *field, int error)
{
    char line[CTL_TEXT_MAX];

    if (ctl->json) {
        print_json(acd_error_name(error), field, acd_error_text(error));
        return CTL_REFUSED;
    }
    snprintf(line, sizeof line, "%s: %s%s%s (%s)", ctl->verb, field, field[0] == '\0' ? "" : ": ",
             acd_error_text(error), acd_error_name(error));
    print_plain(line);
    return CTL_REFUSED;
}

static void tell(struct ctl *ctl, int error, const char *text)
{
    char line[2 * CTL_TEXT_MAX];

    if (ctl->json) {
        print_json(acd_error_name(error), "", text);
        return;
    }
    snprintf(line, sizeof line, "%s (%s)", text, acd_error_name(error));
    print_plain(line);
}

int ctl_failed(struct ctl *ctl, int error, const char *text)
{
    tell(ctl, error, text);
    return CTL_REFUSED;
}

int ctl_no_answer(struct ctl *ctl, int error, const char *text)
{
    tell(ctl, error, text);
    return CTL_NO_ANSWER;
}
