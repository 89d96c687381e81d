/* Engines as rows. */

#include "tests/model/rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/dump.h"

/* What stands before a row's bytes. */
struct row_head {
    uint64_t key;
    uint32_t table, len;
};

static void add(struct rows *r, uint32_t table, uint64_t key, const uint8_t *bytes, size_t len)
{
    struct row_head head = {.key = key, .table = table, .len = (uint32_t)len};

    if (r->room - r->len < sizeof head + len) {
        r->room = 2 * r->room + ACD_RECORD_MAX + sizeof head;
        r->bytes = realloc(r->bytes, r->room);
        if (r->bytes == NULL)
            abort();
    }
    memcpy(r->bytes + r->len, &head, sizeof head);
    memcpy(r->bytes + r->len + sizeof head, bytes, len);
    r->len += sizeof head + len;
}

/* Adds a row of an engine, if it has it. */
static void add_of(struct rows *r, const struct acd_engine *e, uint32_t table, uint64_t key)
{
    uint8_t bytes[ACD_RECORD_MAX];
    size_t len = acd_row_write(e, (enum acd_table)table, key, bytes);

    if (len > 0)
        add(r, table, key, bytes, len);
}

static void add_table(struct rows *r, const struct acd_engine *e, uint32_t table)
{
    for (uint64_t key = 0; acd_row_next(e, (enum acd_table)table, &key); key++)
        add_of(r, e, table, key);
}

void rows_of(struct rows *r, const struct acd_engine *e)
{
    r->len = 0;
    for (uint32_t table = 0; table < ACD_TABLE_COUNT; table++)
        add_table(r, e, table);
}

bool rows_equal(const struct rows *a, const struct rows *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->bytes, b->bytes, a->len) == 0);
}

void rows_free(struct rows *r)
{
    free(r->bytes);
    *r = (struct rows){0};
}

/* The row at `at`; NULL behind the last. */
static const uint8_t *row_at(const struct rows *r, size_t at, struct row_head *head)
{
    if (at >= r->len)
        return NULL;
    memcpy(head, r->bytes + at, sizeof *head);
    return r->bytes + at + sizeof *head;
}

int rows_load(const struct rows *r, struct acd_engine *e)
{
    struct row_head head;
    const uint8_t *bytes;
    size_t at = 0;
    int error;

    while ((bytes = row_at(r, at, &head)) != NULL) {
        error = acd_load_row(e, (enum acd_table)head.table, head.key, bytes, head.len);
        if (error != ACD_OK)
            return error;
        at += sizeof head + head.len;
    }
    acd_load_end(e);
    return ACD_OK;
}

static void print_row(FILE *out, const char *name, const struct row_head *head,
                      const uint8_t *bytes)
{
    if (bytes == NULL) {
        fprintf(out, "%s has no more rows\n", name);
        return;
    }
    fprintf(out, "%s has in table %" PRIu32 " at %" PRIu64 "\n", name, head->table, head->key);
    print_records(out, bytes, head->len);
}

void rows_print_difference(FILE *out, const struct rows *a, const char *a_name,
                           const struct rows *b, const char *b_name)
{
    struct row_head a_head, b_head;
    const uint8_t *a_row, *b_row;
    size_t at = 0;

    while ((a_row = row_at(a, at, &a_head)) != NULL && (b_row = row_at(b, at, &b_head)) != NULL &&
           memcmp(&a_head, &b_head, sizeof a_head) == 0 && memcmp(a_row, b_row, a_head.len) == 0)
        at += sizeof a_head + a_head.len;
    b_row = row_at(b, at, &b_head);
    print_row(out, a_name, &a_head, a_row);
    print_row(out, b_name, &b_head, b_row);
}

/* ---- following changes -------------------------------------------------------------------- */

/* Adds a table whose rows are the old ones (from *at on), but for those noted as changed. */
static void add_changed(struct rows *r, const struct acd_engine *e, uint32_t table,
                        const struct rows *old, size_t *at)
{
    struct row_head head;
    const uint8_t *bytes;
    uint64_t key = 0;
    bool changed = acd_changed_next(e, (enum acd_table)table, &key);

    for (;;) {
        bytes = row_at(old, *at, &head);
        if (bytes != NULL && head.table != table)
            bytes = NULL;
        if (bytes == NULL && !changed)
            return;
        if (bytes != NULL && (!changed || head.key < key)) {
            add(r, table, head.key, bytes, head.len);
            *at += sizeof head + head.len;
            continue;
        }
        if (bytes != NULL && head.key == key)
            *at += sizeof head + head.len;
        add_of(r, e, table, key);
        key++;
        changed = acd_changed_next(e, (enum acd_table)table, &key);
    }
}

/* Passes over a table of the old rows. */
static void skip_table(const struct rows *old, uint32_t table, size_t *at)
{
    struct row_head head;

    while (row_at(old, *at, &head) != NULL && head.table == table)
        *at += sizeof head + head.len;
}

void rows_follow(struct rows *r, struct acd_engine *e)
{
    struct rows old = *r;
    size_t at = 0;
    uint64_t key = 0;
    bool clients = acd_changed_next(e, ACD_TABLE_CLIENTS, &key);

    *r = (struct rows){0};
    for (uint32_t table = 0; table < ACD_TABLE_COUNT; table++) {
        if (table == ACD_TABLE_ENGINE || (table == ACD_TABLE_NOTICES && clients)) {
            skip_table(&old, table, &at);
            add_table(r, e, table);
        } else {
            add_changed(r, e, table, &old, &at);
        }
    }
    acd_changed_clear(e);
    rows_free(&old);
}
