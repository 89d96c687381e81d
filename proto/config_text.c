#include "proto/acd_config_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 8 };

/* Where in the text we are. */
struct scan {
    char *at;
    int line;
    int open[DEPTH_MAX]; /* lines of the braces around us */
    int depth;
};

static char *file_text(const char *name)
{
    FILE *file = fopen(name, "r");
    char *text = NULL;
    size_t room = 0;
    ssize_t len;

    if (file == NULL)
        return NULL;
    len = getdelim(&text, &room, '\0', file);
    if (len < 0 && feof(file)) { /* an empty file */
        free(text);
        text = calloc(1, 1);
    }
    (void)fclose(file);
    return text;
}

/* One character on, a blank in its place if wished; lines are kept. */
static void step(struct scan *s, bool blank)
{
    if (*s->at == '\n')
        s->line++;
    else if (blank)
        *s->at = ' ';
    s->at++;
}

/* A comment stands before a word, not within one: ipc://... is an address. */
static bool comment_begins(const struct scan *s, const char *text, const char *mark)
{
    return strncmp(s->at, mark, strlen(mark)) == 0 &&
           (s->at == text || strchr(" \t\r\n{}(),=", s->at[-1]) != NULL);
}

static void line_comment(struct scan *s)
{
    while (*s->at != '\0' && *s->at != '\n')
        step(s, true);
}

/* Returns the line on which it began when it never ends, else 0. */
static int block_comment(struct scan *s)
{
    int began = s->line;
    const char *end = strstr(s->at + 2, "*/");

    while (*s->at != '\0' && (end == NULL || s->at < end + 2))
        step(s, true);
    return end == NULL ? began : 0;
}

static int quoted(struct scan *s)
{
    int began = s->line;
    char quote = *s->at;

    for (step(s, false); *s->at != quote; step(s, false)) {
        if (*s->at == '\\' && s->at[1] != '\0')
            step(s, false);
        if (*s->at == '\0')
            return began;
    }
    step(s, false);
    return 0;
}

static void brace(struct scan *s)
{
    if (*s->at == '{' && s->depth < DEPTH_MAX)
        s->open[s->depth++] = s->line;
    else if (*s->at == '}' && s->depth > 0)
        s->depth--;
    step(s, false);
}

char *acd_config_text_read(const char *file, int *unclosed)
{
    char *text = file_text(file);
    struct scan s = {.at = text, .line = 1};

    *unclosed = 0;
    while (text != NULL && *s.at != '\0' && *unclosed == 0) {
        if (comment_begins(&s, text, "#") || comment_begins(&s, text, "//"))
            line_comment(&s);
        else if (comment_begins(&s, text, "/*"))
            *unclosed = block_comment(&s);
        else if (*s.at == '"' || *s.at == '\'')
            *unclosed = quoted(&s);
        else
            brace(&s);
    }
    if (*unclosed == 0 && s.depth > 0)
        *unclosed = s.open[s.depth - 1];
    return text;
}
