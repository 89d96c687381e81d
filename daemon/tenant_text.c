#include <string.h>

#include "daemon/tenant.h"
#include "engine/acd_assert.h"

/* The texts of a record, put under a tenant and taken out from under it again. What is a name in
 * them, and whose, is said in tenant_names.c. */

typedef void name_cb(const struct tenant *t, struct acd_str name, struct tenant_texts *to);

/* Whether a text means the same to all: nothing, and "-" where that unsets something. */
static bool is_everybodys(enum tenant_scope scope, struct acd_str text)
{
    switch (scope) {
    case TENANT_NOTHING: return true;
    case TENANT_LABEL: return false;
    case TENANT_NAME:
    case TENANT_KEY: return text.len == 0;
    default: return text.len == 0 || (text.len == 1 && text.data[0] == '-');
    }
}

static void add(struct tenant_texts *to, const char *bytes, size_t len)
{
    ACD_ASSERT(to->used + len <= sizeof to->bytes);
    if (len > 0)
        memcpy(to->bytes + to->used, bytes, len);
    to->used += len;
}

static void add_under(const struct tenant *t, struct acd_str name, struct tenant_texts *to)
{
    add(to, t->prefix, t->len);
    add(to, name.data, name.len);
}

static void add_cut(const struct tenant *t, struct acd_str name, struct tenant_texts *to)
{
    struct acd_str called = tenant_calls(t, name);

    add(to, called.data, called.len);
}

/* "queue:sales". */
static void add_target(const struct tenant *t, struct acd_str target, name_cb *add_name,
                       struct tenant_texts *to)
{
    uint16_t head = tenant_target_name(target);
    struct acd_str rest = {target.data + head, (uint16_t)(target.len - head)};

    add(to, target.data, head);
    if (head > 0)
        add_name(t, rest, to);
    else
        add(to, rest.data, rest.len);
}

/* "1=queue:sales;#": the target of each item. */
static void add_keys(const struct tenant *t, struct acd_str keys, name_cb *add_name,
                     struct tenant_texts *to)
{
    uint16_t at = 0;

    while (at < keys.len) {
        const char *item = keys.data + at, *end = memchr(item, ';', keys.len - at);
        uint16_t len = (uint16_t)(end == NULL ? keys.len - at : end - item);
        uint16_t head = len > 2 && item[1] == '=' ? 2 : 0;

        add(to, item, head);
        add_target(t, (struct acd_str){item + head, (uint16_t)(len - head)}, add_name, to);
        at = (uint16_t)(at + len);
        if (end != NULL)
            add(to, keys.data + at++, 1);
    }
}

static struct acd_str turned(const struct tenant *t, enum tenant_scope scope, struct acd_str text,
                             name_cb *add_name, struct tenant_texts *to)
{
    size_t begin = to->used;

    switch (scope) {
    case TENANT_TARGET: add_target(t, text, add_name, to); break;
    case TENANT_KEYS: add_keys(t, text, add_name, to); break;
    default: add_name(t, text, to); break;
    }
    return (struct acd_str){to->bytes + begin, (uint16_t)(to->used - begin)};
}

struct acd_str tenant_put_under(const struct tenant *t, enum tenant_scope scope,
                                struct acd_str text, struct tenant_texts *to)
{
    return is_everybodys(scope, text) ? text : turned(t, scope, text, add_under, to);
}

struct acd_str tenant_cut(const struct tenant *t, enum tenant_scope scope, struct acd_str text,
                          struct tenant_texts *to)
{
    switch (text.len == 0 ? TENANT_NOTHING : scope) {
    case TENANT_NOTHING: return text;
    case TENANT_TARGET:
    case TENANT_KEYS: return turned(t, scope, text, add_cut, to);
    case TENANT_LABEL:
        return tenant_has_label(t, text)
                   ? (struct acd_str){text.data + t->len, (uint16_t)(text.len - t->len)}
                   : (struct acd_str){NULL, 0};
    default: return tenant_calls(t, text);
    }
}

/* What it is told means, when it says it again, the same. */
bool tenant_is_told(const struct tenant *t, enum tenant_scope scope, struct acd_str text)
{
    struct tenant_texts room = {.used = 0};
    struct acd_str told = tenant_cut(t, scope, text, &room);
    struct acd_str meant = tenant_put_under(t, scope, told, &room);

    return meant.len == text.len && (text.len == 0 || memcmp(meant.data, text.data, text.len) == 0);
}

void tenant_record_under(const struct tenant *t, const struct acd_record *record, void *value,
                         struct tenant_texts *to)
{
    size_t count;
    const struct acd_field *fields = record->fields(&count);

    for (size_t i = 0; i < count; i++) {
        enum tenant_scope scope = tenant_scope_of(record, &fields[i]);
        struct acd_str *text = (struct acd_str *)(void *)((char *)value + fields[i].offset);

        if (scope != TENANT_NOTHING && text->len <= fields[i].max) /* else it is refused anyway */
            *text = tenant_put_under(t, scope, *text, to);
    }
}
