/* acdctl: what stands behind a verb becomes the record that is asked. Fields are said by name
 * ("level=1", "--level 1"), or as words for the record's places. All of it comes out of the
 * record's description; nothing here knows any one command. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "tools/acdctl.h"

/* ---- fields ------------------------------------------------------------------------------- */

const struct acd_field *ctl_naming_field(const struct acd_record *query)
{
    const struct acd_field *field = acd_field_named(query, "name");

    if (field == NULL)
        field = acd_field_named(query, "key");
    return field != NULL ? field : acd_field_named(query, "number");
}

const struct acd_field *ctl_partner(const struct acd_record *record, const struct acd_field *id)
{
    size_t count;
    const struct acd_field *fields = record->fields(&count);
    size_t next = (size_t)(id - fields) + 1;

    return acd_field_is_id(id) && next < count && fields[next].type == ACD_FIELD_str ? &fields[next]
                                                                                     : NULL;
}

/* Slots are below 2^28, so that "1714564800.23", a call's key at some gateways, is no id. */
bool ctl_looks_like_id(const char *text)
{
    char *end;
    unsigned long slot, gen;

    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    slot = strtoul(text, &end, 10);
    if (*end != '.' || end[1] < '0' || end[1] > '9')
        return false;
    gen = strtoul(end + 1, &end, 10);
    return *end == '\0' && errno == 0 && slot < 1UL << 28 && gen > 0 && gen <= UINT32_MAX;
}

/* ---- slots -------------------------------------------------------------------------------- */

/* Whether a preset, "state=ready reason=0", gives a field. */
static bool is_preset(const char *preset, const char *name)
{
    size_t len = strlen(name);

    for (const char *at = preset; at != NULL && (at = strstr(at, name)) != NULL; at += len)
        if ((at == preset || at[-1] == ' ') && at[len] == '=')
            return true;
    return false;
}

static bool is_place(const struct acd_field *field, const char *preset)
{
    static const char *const never[] = {"cursor", "limit", "reserved"};

    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
        if (strcmp(field->name, never[i]) == 0)
            return false;
    return field->type != ACD_FIELD_time && !is_preset(preset, field->name);
}

/* Whether a place at the head of a large record names something: its first text, or an id. */
static bool is_naming(struct ctl_slot slot, size_t index)
{
    return slot.id != NULL || (index == 0 && slot.field->type == ACD_FIELD_str);
}

size_t ctl_slots(const struct acd_record *record, const char *preset,
                 struct ctl_slot slots[CTL_SLOTS_MAX])
{
    size_t fields_count, count = 0, naming = 0;
    const struct acd_field *fields = record->fields(&fields_count);

    for (size_t i = 0; i < fields_count; i++) {
        struct ctl_slot slot = {NULL, &fields[i], false};

        if (!is_place(&fields[i], preset))
            continue;
        if (acd_field_is_id(&fields[i])) {
            slot.id = &fields[i];
            slot.field = ctl_partner(record, &fields[i]);
            slot.either = slot.field == NULL && strstr(fields[i].doc, "or 0") != NULL &&
                          i + 1 < fields_count && ctl_partner(record, &fields[i + 1]) != NULL;
            i += slot.field != NULL;
        }
        if (count < CTL_SLOTS_MAX)
            slots[count] = slot;
        if (naming == count && is_naming(slot, count))
            naming++;
        count++;
    }
    return count <= CTL_SLOTS_MAX ? count : naming < CTL_SLOTS_MAX ? naming : CTL_SLOTS_MAX;
}

/* ---- one field ---------------------------------------------------------------------------- */

struct filling {
    struct ctl *ctl;
    const struct acd_record *record;
    void *value;
    uint64_t given; /* fields that have been said, a bit each */
};

static uint64_t bit_of(const struct filling *f, const struct acd_field *field)
{
    size_t count;

    return UINT64_C(1) << (field - f->record->fields(&count));
}

static const char *enum_word(const void *ctx, size_t i)
{
    const struct acd_enum *e = ctx;

    return i < e->count ? e->values[i].text : NULL;
}

static int unknown_word(struct filling *f, const struct acd_field *field, const char *text)
{
    const struct acd_enum *e = field->enumeration;
    const char *near = ctl_nearest(text, enum_word, e);
    char all[512];
    size_t used = 0;

    for (size_t i = 0; i < e->count && used < sizeof all; i++)
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", i == 0 ? "" : ", ",
                                 e->values[i].text);
    return ctl_usage(f->ctl, field->name, "\"%s\" is none of %s%s%s%s", text, all,
                     near == NULL ? "" : "; did you mean \"", near == NULL ? "" : near,
                     near == NULL ? "" : "\"?");
}

/* Zero means "not given": whoever writes it for a setting wants something else. */
static int zero_setting(struct filling *f, const struct acd_field *field)
{
    const char *name = f->record->name;
    size_t len = strlen(name);
    int64_t number = 0;

    if (len < 4 || strcmp(name + len - 4, "_set") != 0)
        return CTL_OK;
    if (field->type == ACD_FIELD_span)
        memcpy(&number, (const char *)f->value + field->offset, sizeof number);
    else if (field->type == ACD_FIELD_i32)
        memcpy(&number, (const char *)f->value + field->offset, sizeof(int32_t));
    else
        return CTL_OK;
    if (number != 0)
        return CTL_OK;
    return ctl_usage(f->ctl, field->name, "0 would leave it as it is; for none write %s",
                     field->type == ACD_FIELD_span ? "none" : "-1");
}

static int parse_failed(struct filling *f, const struct acd_field *field, const char *text,
                        const struct acd_json *j)
{
    size_t skip = strlen(field->name) + 2; /* its error begins "name: " */

    if (field->type == ACD_FIELD_enum)
        return unknown_word(f, field, text);
    return ctl_usage(f->ctl, field->name, "%s", strlen(j->error) > skip ? j->error + skip : "");
}

/* "1m30s", as it is shown: several spans on end are their sum. False when it is not of that kind.
 */
static bool sum_of_spans(const char *text, acd_span *sum)
{
    static const struct acd_field field = {"", "", ACD_FIELD_span, 0, 0, NULL};
    struct acd_json j = {0};
    acd_span part;

    for (*sum = 0; *text != '\0'; *sum += part) {
        size_t number = strspn(text, "0123456789."),
               len = number + strcspn(text + number, "0123456789.");
        struct acd_str one = {text, (uint16_t)len};

        if (number == 0 || len == number || len > 32 ||
            acd_json_parse_field(&j, &field, one, &part) != ACD_OK || part > ACD_FOREVER / 2 - *sum)
            return false;
        text += len;
    }
    return true;
}

/* "+2h" is two hours from now. */
static void store_from_now(struct filling *f, const struct acd_field *field, acd_span span)
{
    acd_time at = ctl_now(f->ctl) + span;

    memcpy((char *)f->value + field->offset, &at, sizeof at);
}

/* A text may be of any length on a command line. The schema's "-1" of a span is no second. */
static int store(struct filling *f, const struct acd_field *field, const char *text)
{
    struct acd_json j = {0};
    acd_span sum;
    size_t len = strlen(text);
    const bool is_command = acd_kind_of(f->record->code) == ACD_KIND_COMMAND;

    if (len > UINT16_MAX)
        return ctl_usage(f->ctl, field->name, "%zu bytes are too many", len);
    if (len == 0 && is_command)
        return ctl_usage(f->ctl, field->name, "empty would leave it as it is%s",
                         field->type == ACD_FIELD_str ? "; to clear a text write -" : "");
    if (field->type == ACD_FIELD_span && strcmp(text, "-1") == 0)
        text = "none";
    if (field->type == ACD_FIELD_span && len > 0 && sum_of_spans(text, &sum))
        memcpy((char *)f->value + field->offset, &sum, sizeof sum);
    else if (field->type == ACD_FIELD_time && text[0] == '+' && sum_of_spans(text + 1, &sum))
        store_from_now(f, field, sum);
    else if (acd_json_parse_field(&j, field, acd_str(text), f->value) != ACD_OK)
        return parse_failed(f, field, text, &j);
    f->given |= bit_of(f, field);
    return is_command ? zero_setting(f, field) : CTL_OK;
}

/* Words of enumerations have underscores; people write dashes. */
static int store_word(struct filling *f, const struct acd_field *field, const char *text)
{
    char word[64];

    if (field->type != ACD_FIELD_enum || strlen(text) >= sizeof word ||
        acd_enum_value(field->enumeration, acd_str(text)) != 0)
        return store(f, field, text);
    snprintf(word, sizeof word, "%s", text);
    for (char *at = word; (at = strchr(at, '-')) != NULL;)
        *at = '_';
    return store(f, field, acd_enum_value(field->enumeration, acd_str(word)) != 0 ? word : text);
}

/* ---- fields by name ----------------------------------------------------------------------- */

static const char *field_word(const void *ctx, size_t i)
{
    const struct acd_record *record = ctx;
    size_t count;
    const struct acd_field *fields = record->fields(&count);

    return i < count ? fields[i].name : NULL;
}

static int unknown_field(struct filling *f, const char *key)
{
    const char *near = ctl_nearest(key, field_word, f->record), *name;
    char all[1024];
    size_t used = 0;

    all[0] = '\0';
    for (size_t i = 0; (name = field_word(f->record, i)) != NULL && used < sizeof all; i++)
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", i == 0 ? "" : ", ", name);
    return ctl_usage(f->ctl, key, "no such field%s%s%s; there are %s",
                     near == NULL ? "" : "; did you mean ", near == NULL ? "" : near,
                     near == NULL ? "" : "?", all);
}

/* The field meant by a key: "queue" is also queue_name when there is no id of that name, or what is
 * given for it is none. */
static const struct acd_field *field_meant(const struct acd_record *record, const char *key,
                                           const char *value)
{
    const struct acd_field *field = acd_field_named(record, key), *partner;
    char longer[80];

    if (field == NULL) {
        snprintf(longer, sizeof longer, "%.60s_name", key);
        return acd_field_named(record, longer);
    }
    partner = ctl_partner(record, field);
    return partner != NULL && !ctl_looks_like_id(value) ? partner : field;
}

static int fill_key(struct filling *f, const char *key, const char *value)
{
    const struct acd_field *field = field_meant(f->record, key, value);

    if (field == NULL)
        return unknown_field(f, key);
    if (f->given & bit_of(f, field))
        return ctl_usage(f->ctl, field->name, "said twice");
    return store_word(f, field, value);
}

static void fill_preset(struct filling *f, const char *preset)
{
    struct acd_json j = {0};

    while (preset != NULL && *preset != '\0') {
        size_t name_len = strcspn(preset, "="), len = strcspn(preset + name_len, " ");
        char name[64];
        const struct acd_field *field;
        struct acd_str text = {preset + name_len + 1, (uint16_t)(len - 1)};

        snprintf(name, sizeof name, "%.*s", (int)name_len, preset);
        field = acd_field_named(f->record, name);
        ACD_ASSERT(field != NULL);
        if (!(f->given & bit_of(f, field)))
            ACD_ASSERT(acd_json_parse_field(&j, field, text, f->value) == ACD_OK);
        preset += name_len + len;
        preset += strspn(preset, " ");
    }
}

/* ---- words -------------------------------------------------------------------------------- */

static bool is_given(const struct filling *f, struct ctl_slot slot)
{
    return (slot.id != NULL && (f->given & bit_of(f, slot.id)) != 0) ||
           (slot.field != NULL && (f->given & bit_of(f, slot.field)) != 0);
}

/* The field of a slot that can take a word: a place for an id only takes nothing else, if there is
 * another place behind it. */
static const struct acd_field *field_of(struct ctl_slot slot, const char *word, bool is_last)
{
    if (slot.id != NULL && (ctl_looks_like_id(word) || (slot.field == NULL && is_last)))
        return slot.id;
    return slot.field;
}

static int fill_words(struct filling *f, const char *preset)
{
    struct ctl_slot slots[CTL_SLOTS_MAX];
    size_t count = ctl_slots(f->record, preset, slots), at = 0;

    for (size_t i = 0; i < f->ctl->count; i++) {
        const struct ctl_arg *arg = &f->ctl->args[i];
        const struct acd_field *field = NULL;
        int status;

        if (arg->key != NULL)
            continue;
        for (; at < count && field == NULL; at++)
            if (!is_given(f, slots[at]))
                field = field_of(slots[at], arg->value, at + 1 == count);
        if (field != NULL && slots[at - 1].either)
            at++;
        if (field == NULL)
            return ctl_usage(f->ctl, "",
                             "\"%s\" is one word too many; fields are said as name=value",
                             arg->value);
        status = store_word(f, field, arg->value);
        if (status != CTL_OK)
            return status;
    }
    return CTL_OK;
}

int ctl_fill(struct ctl *ctl, const struct acd_record *record, const char *preset, void *value)
{
    struct filling f = {ctl, record, value, 0};

    memset(value, 0, record->struct_size);
    for (size_t i = 0; i < ctl->count; i++) {
        int status = CTL_OK;

        if (ctl->args[i].key != NULL)
            status = fill_key(&f, ctl->args[i].key, ctl->args[i].value);
        if (status != CTL_OK)
            return status;
    }
    fill_preset(&f, preset);
    return fill_words(&f, preset);
}
