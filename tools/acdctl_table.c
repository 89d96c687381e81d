/* acdctl: tables with aligned columns. */

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "tools/acdctl_text.h"

enum { GAP = 2 };

void ctl_table_init(struct ctl_table *t, const struct ctl_heading *headings, size_t columns)
{
    ACD_ASSERT(columns > 0);
    *t = (struct ctl_table){.headings = headings, .columns = columns};
}

void ctl_table_add(struct ctl_table *t, const char *text)
{
    const struct ctl_heading *heading = &t->headings[t->cells % t->columns];

    if (t->cells == t->room) {
        t->room = t->room == 0 ? 256 : 2 * t->room;
        t->texts = realloc(t->texts, t->room * sizeof *t->texts);
        ACD_ASSERT(t->texts != NULL);
    }
    t->texts[t->cells] = strdup(text);
    ACD_ASSERT(t->texts[t->cells] != NULL);
    if (heading->max > 0)
        ctl_clip(t->texts[t->cells], heading->max);
    t->cells++;
}

static size_t width_of(const struct ctl_table *t, size_t column)
{
    size_t widest = ctl_width(t->headings[column].text);

    for (size_t i = column; i < t->cells; i += t->columns) {
        size_t width = ctl_width(t->texts[i]);

        widest = width > widest ? width : widest;
    }
    return widest;
}

/* The last column is not filled up: lines end where their text does. */
static void print_cell(const struct ctl_table *t, size_t column, size_t width, const char *text,
                       FILE *out)
{
    const bool is_last = column + 1 == t->columns;
    int room = (int)(width - ctl_width(text));

    if (t->headings[column].right)
        fprintf(out, "%*s%s", room, "", text);
    else
        fprintf(out, "%s%*s", text, is_last ? 0 : room, "");
    fprintf(out, "%*s", is_last ? 0 : GAP, "");
    if (is_last)
        fputc('\n', out);
}

void ctl_table_print(const struct ctl_table *t, FILE *out)
{
    size_t *widths;

    if (t->columns == 0)
        return;
    widths = calloc(t->columns, sizeof *widths);
    ACD_ASSERT(widths != NULL && t->cells % t->columns == 0);
    for (size_t column = 0; column < t->columns; column++)
        widths[column] = width_of(t, column);
    for (size_t column = 0; column < t->columns; column++)
        print_cell(t, column, widths[column], t->headings[column].text, out);
    for (size_t i = 0; i < t->cells; i++)
        print_cell(t, i % t->columns, widths[i % t->columns], t->texts[i], out);
    free(widths);
}

void ctl_table_fini(struct ctl_table *t)
{
    for (size_t i = 0; i < t->cells; i++)
        free(t->texts[i]);
    free(t->texts);
    *t = (struct ctl_table){0};
}
