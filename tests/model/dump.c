/* What dumps of engines and of twins have in common. */

#include <stdlib.h>
#include <string.h>

#include "tests/model/dump_parts.h"

enum { DIFFERENCES_SHOWN = 3 };

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

/* The record at `at`, or NULL behind the last; its size to *size. */
static const uint8_t *record_at(const struct dump *d, size_t at, size_t *size)
{
    uint16_t code;
    int len = at < d->len ? acd_record_peek(d->bytes + at, d->len - at, &code) : 0;

    *size = len > 0 ? (size_t)len : 0;
    return len > 0 ? d->bytes + at : NULL;
}

void dump_print_difference(FILE *out, const struct dump *a, const char *a_name,
                           const struct dump *b, const char *b_name)
{
    size_t a_at = 0, b_at = 0, a_size, b_size;

    for (unsigned shown = 0; shown < DIFFERENCES_SHOWN;) {
        const uint8_t *a_record = record_at(a, a_at, &a_size);
        const uint8_t *b_record = record_at(b, b_at, &b_size);

        if (a_record == NULL && b_record == NULL)
            return;
        if (a_record == NULL || b_record == NULL || a_size != b_size ||
            memcmp(a_record, b_record, a_size) != 0) {
            fprintf(out, "%s shows\n", a_name);
            print_records(out, a_record, a_size);
            fprintf(out, "%s shows\n", b_name);
            print_records(out, b_record, b_size);
            shown++;
        }
        a_at += a_size;
        b_at += b_size;
    }
}

void dump_add_waits(struct dump *d, const struct acd_waits *waits)
{
    for (uint32_t i = 0; i < ACD_WAITS; i++) {
        char text[64];

        if (waits->answered[i] == 0 && waits->abandoned[i] == 0)
            continue;
        snprintf(text, sizeof text, "%u answered, %u abandoned", (unsigned)waits->answered[i],
                 (unsigned)waits->abandoned[i]);
        dump_add(d, &acd_record_row_waits,
                 &(struct acd_row_waits){.slot = i, .counts = acd_str(text)});
    }
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
