/* What dumps of engines and of twins have in common. */

#include <stdlib.h>
#include <string.h>

#include "tests/model/dump_parts.h"

void dump_add(struct dump *d, const struct acd_record *record, const void *view)
{
    if (d->room - d->len < ACD_RECORD_MAX) {
        d->room = 2 * d->room + ACD_RECORD_MAX;
        d->bytes = realloc(d->bytes, d->room);
        if (d->bytes == NULL)
            abort();
    }
    d->len += record->encode(view, d->bytes + d->len);
}

void dump_add_bytes(struct dump *d, const uint8_t *bytes, size_t len)
{
    while (d->room - d->len < len) {
        d->room = 2 * d->room + ACD_RECORD_MAX;
        d->bytes = realloc(d->bytes, d->room);
        if (d->bytes == NULL)
            abort();
    }
    memcpy(d->bytes + d->len, bytes, len);
    d->len += len;
}

void dump_free(struct dump *d)
{
    free(d->bytes);
    *d = (struct dump){0};
}

bool dump_equal(const struct dump *a, const struct dump *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->bytes, b->bytes, a->len) == 0);
}

void dump_print_difference(FILE *out, const struct dump *a, const char *a_name,
                           const struct dump *b, const char *b_name)
{
    size_t at = 0;
    uint16_t code;

    while (at < a->len && at < b->len) {
        int a_size = acd_record_peek(a->bytes + at, a->len - at, &code);
        int b_size = acd_record_peek(b->bytes + at, b->len - at, &code);

        if (a_size < 0 || a_size != b_size ||
            memcmp(a->bytes + at, b->bytes + at, (size_t)a_size) != 0) {
            fprintf(out, "%s shows\n", a_name);
            print_records(out, a->bytes + at, a_size < 0 ? 0 : (size_t)a_size);
            fprintf(out, "%s shows\n", b_name);
            print_records(out, b->bytes + at, b_size < 0 ? 0 : (size_t)b_size);
            return;
        }
        at += (size_t)a_size;
    }
    if (a->len != b->len)
        fprintf(out, "%s shows more\n", a->len > b->len ? a_name : b_name);
}

/* ---- rows without an order of their own --------------------------------------------------- */

int dump_by_queue(const void *a, const void *b)
{
    const struct acd_view_member *x = a, *y = b;

    return (x->queue.slot > y->queue.slot) - (x->queue.slot < y->queue.slot);
}

int dump_by_agent(const void *a, const void *b)
{
    const struct acd_view_member *x = a, *y = b;

    return (x->agent.slot > y->agent.slot) - (x->agent.slot < y->agent.slot);
}

static int by_assignment(const void *a, const void *b)
{
    const struct acd_view_assignment *x = a, *y = b;

    return (x->assignment.slot > y->assignment.slot) - (x->assignment.slot < y->assignment.slot);
}

void dump_add_members(struct dump *d, struct acd_view_member *rows, size_t count,
                      int (*order)(const void *, const void *))
{
    qsort(rows, count, sizeof *rows, order);
    for (size_t i = 0; i < count; i++)
        dump_add(d, &acd_record_view_member, &rows[i]);
}

void dump_add_assignments(struct dump *d, struct acd_view_assignment *rows, size_t count)
{
    qsort(rows, count, sizeof *rows, by_assignment);
    for (size_t i = 0; i < count; i++)
        dump_add(d, &acd_record_view_assignment, &rows[i]);
}
