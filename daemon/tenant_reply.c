#include <string.h>

#include "daemon/tenant.h"
#include "engine/acd_assert.h"
#include "proto/acd_messages.h"

/* What the house says becomes what a tenant may hear. It only ever gets shorter. */

union any {
    struct acd_view view;
    struct acd_event event;
};

/* ---- records ------------------------------------------------------------------------------ */

static uint8_t enum_of(const struct acd_record *record, const char *name, const void *value)
{
    const struct acd_field *field = acd_field_named(record, name);

    return field == NULL ? 0 : ((const uint8_t *)value)[field->offset];
}

/* What is a name by what else the record says: where a caller is sent, when that is a queue; for
 * whom a call is kept, when that is what keeps it. */
static bool is_name_now(const struct acd_record *record, const struct acd_field *field,
                        const void *value)
{
    if (record == &acd_record_view_fit)
        return strcmp(field->name, "what") == 0 && enum_of(record, "fit", value) == ACD_FIT_KEPT;
    return strcmp(field->name, "overflow_to") == 0 &&
           enum_of(record, "overflow", value) == ACD_OVERFLOW_QUEUE;
}

static struct tenant_texts texts; /* of the record at hand */

static void cut_names(const struct tenant *t, const struct acd_record *record, void *value)
{
    size_t count;
    const struct acd_field *fields = record->fields(&count);

    texts.used = 0;
    for (size_t i = 0; i < count; i++) {
        enum tenant_scope scope = tenant_scope_of(record, &fields[i]);
        struct acd_str *text = (struct acd_str *)(void *)((char *)value + fields[i].offset);

        if (scope == TENANT_NOTHING && is_name_now(record, &fields[i], value))
            scope = TENANT_NAME;
        if (scope != TENANT_NOTHING && text->len > 0)
            *text = tenant_cut(t, scope, *text, &texts);
    }
}

/* Whether a listed view is the tenant's: by the first name in it, or, without one, the first id. */
static bool is_own(const struct tenant *t, const struct acd_engine *e,
                   const struct acd_record *record, const void *value)
{
    size_t count;
    const struct acd_field *fields = record->fields(&count);

    for (size_t i = 0; i < count; i++) {
        const struct acd_str *text =
            (const struct acd_str *)(const void *)((const char *)value + fields[i].offset);

        if (tenant_scope_of(record, &fields[i]) == TENANT_NAME)
            return tenant_has_name(t, *text);
    }
    for (size_t i = 1; i < count; i++) /* behind its own */
        if (acd_field_is_id(&fields[i]))
            return tenant_has_id(t, e, &fields[i], value);
    return false;
}

/* What is no list tells only of what was asked for, and that was the tenant's. */
static bool is_listed(uint16_t code)
{
    return code != ACD_VIEW_outcome && code != ACD_VIEW_server && code != ACD_VIEW_notice &&
           code != ACD_VIEW_totals && code != ACD_VIEW_folded;
}

/* What documents are answered. */
static bool is_of_document(uint16_t code)
{
    return code == ACD_VIEW_config_change || code == ACD_VIEW_config_fault ||
           code == ACD_VIEW_config_text || code == ACD_VIEW_config_applied;
}

/* Of all together, by no name: only its own were added up. */
static bool is_together(uint16_t code, const struct acd_view *view)
{
    return (code == ACD_VIEW_queue_fold && view->as.queue_fold.name.len == 0) ||
           (code == ACD_VIEW_agent_fold && view->as.agent_fold.name.len == 0);
}

static void put_record(const struct tenant *t, const struct acd_engine *e, const uint8_t *in,
                       size_t len, uint16_t code, struct acd_reply_writer *w)
{
    const struct acd_record *record = acd_message_record(code);
    uint8_t out[ACD_RECORD_MAX];
    union any value;

    if (is_of_document(code)) {
        ACD_ASSERT(acd_reply_put_bytes(w, in, len) == ACD_OK);
        return;
    }
    ACD_ASSERT(record != NULL && record->decode(in, len, &value.view.as) > 0);
    if (is_listed(code) && !is_together(code, &value.view) && !is_own(t, e, record, &value.view.as))
        return;
    if (code == ACD_VIEW_totals)
        value.view.as.totals = tenant_totals(t, e, &value.view.as.totals);
    cut_names(t, record, &value.view.as);
    ACD_ASSERT(acd_reply_put_bytes(w, out, record->encode(&value.view.as, out)) == ACD_OK);
}

/* ---- replays ------------------------------------------------------------------------------ */

/* What could not be told from the journal, being older, is known if it is there still. */
static bool is_own_event(const struct tenant *t, const struct acd_engine *e, const uint8_t *bytes,
                         size_t len)
{
    struct acd_event event;
    const struct acd_field *fields;
    size_t count;

    ACD_ASSERT(acd_event_decode(bytes, len, &event) > 0);
    fields = acd_record_of(event.code)->fields(&count);
    for (size_t i = 0; i < count; i++)
        if (acd_field_is_id(&fields[i]) && tenant_has_id(t, e, &fields[i], &event.as))
            return true;
    return false;
}

/* One event behind its head. Returns whether it is told. */
static bool put_past(const struct tenant *t, const struct acd_engine *e, const uint8_t *head,
                     size_t head_len, const uint8_t *event, size_t len, struct acd_reply_writer *w)
{
    struct acd_view_published v;
    uint8_t out[ACD_RECORD_MAX];

    ACD_ASSERT(acd_record_view_published.decode(head, head_len, &v) > 0);
    if (v.durable == 0 && !is_own_event(t, e, event, len))
        return false;
    v.durable = v.sequence;
    ACD_ASSERT(acd_reply_put(w, &acd_record_view_published, &v) == ACD_OK);
    ACD_ASSERT(acd_reply_put_bytes(w, out, tenant_event(t, event, len, out)) == ACD_OK);
    return true;
}

/* The head stands first, and has how many follow. */
static void put_replay(const struct tenant *t, const struct acd_engine *e, const uint8_t *at,
                       size_t left, struct acd_reply_writer *w)
{
    struct acd_view_replayed all;
    const uint8_t *record, *event;
    uint8_t *head = w->at;
    uint16_t code;

    (void)acd_records_next(&at, &left, &code, &record);
    ACD_ASSERT(acd_record_view_replayed.decode(record, (size_t)(at - record), &all) > 0);
    ACD_ASSERT(acd_reply_put(w, &acd_record_view_replayed, &all) == ACD_OK);
    all.count = 0;
    while (acd_records_next(&at, &left, &code, &record) > 0) {
        size_t head_len = (size_t)(at - record);

        ACD_ASSERT(acd_records_next(&at, &left, &code, &event) > 0);
        all.count += put_past(t, e, record, head_len, event, (size_t)(at - event), w);
    }
    acd_record_view_replayed.encode(&all, head);
}

/* ---- messages ----------------------------------------------------------------------------- */

static void put_answer(const struct tenant *t, const struct acd_engine *e,
                       const struct acd_reply *reply, struct acd_reply_writer *w)
{
    struct acd_view_page page = {.cursor = 0};
    const uint8_t *at = reply->records, *record;
    size_t left = reply->size;
    bool is_page = false;
    uint16_t code = 0;

    if (left > 0)
        (void)acd_record_peek(at, left, &code);
    if (code == ACD_VIEW_replayed) {
        acd_reply_open(w, reply->number);
        put_replay(t, e, at, left, w);
        acd_reply_close(w);
        return;
    }
    if (code == ACD_VIEW_page) {
        is_page = true;
        (void)acd_records_next(&at, &left, &code, &record);
        (void)acd_record_view_page.decode(record, (size_t)(at - record), &page);
        acd_reply_open_page(w, reply->number);
    } else {
        acd_reply_open(w, reply->number);
    }
    while (acd_records_next(&at, &left, &code, &record) > 0)
        put_record(t, e, record, (size_t)(at - record), code, w);
    if (is_page)
        acd_reply_close_page(w, page.cursor);
    else
        acd_reply_close(w);
}

size_t tenant_reply(const struct tenant *t, const struct acd_engine *e, uint8_t *message,
                    size_t len)
{
    static uint8_t shorter[ACD_WIRE_MESSAGE_MAX];
    struct acd_reply_reader reader;
    struct acd_reply_writer writer;
    struct acd_reply reply;

    ACD_ASSERT(acd_reply_read(&reader, message, len) == ACD_OK);
    acd_reply_begin(&writer, shorter, sizeof shorter, reader.count);
    while (acd_reply_next(&reader, &reply) > 0)
        put_answer(t, e, &reply, &writer);
    len = acd_reply_end(&writer, &reader.position);
    memcpy(message, shorter, len);
    return len;
}

size_t tenant_event(const struct tenant *t, const uint8_t *in, size_t len, uint8_t *out)
{
    const struct acd_record *record;
    union any value;
    uint16_t code;

    ACD_ASSERT(acd_record_peek(in, len, &code) > 0);
    record = acd_record_of(code);
    ACD_ASSERT(record->decode(in, len, &value.event.as) > 0);
    cut_names(t, record, &value.event.as);
    return record->encode(&value.event.as, out);
}
