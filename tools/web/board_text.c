/* What browsers are told: server-sent events with JSON in them. Times are milliseconds since 1970
 * by the daemon's clock; 0 is none.
 *
 *   snapshot  {"now", "bin", "counts": [...], "day": {"zone", "start", "bins"},
 *              "queues": [{"name", "row": [...], "trend": [first bin, [entered ...],
 *              [abandoned ...]]} ...], "agents": [agent ...]}; bins are by quarters of the day
 *   delta     {"now", "bin", "counts"?, "queues"?: [[place, row ...] ...], "agents"?: [agent ...],
 *              "gone"?: [id ...]}
 *   beat      {"now"}
 *
 * A row has the fields of write_row() in their order, an agent is [id, activity, since, reason,
 * name]. Who reads a delta twice, or one that a snapshot had in it, is none the worse. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "tools/web/board.h"

/* ---- JSON ---------------------------------------------------------------------------------- */

/* Names are UTF-8 by now. */
static void write_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++)
        if (*at < 0x20 || *at == '"' || *at == '\\' || *at == 0x7f)
            fprintf(out, "\\u%04x", *at);
        else
            fputc(*at, out);
    fputc('"', out);
}

static int64_t ms(acd_time time)
{
    return time / ACD_MS;
}

static void write_row(FILE *out, const struct board_figures *f)
{
    fprintf(out,
            "%" PRId64 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32
            ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu64
            ",%" PRId64,
            ms(f->oldest), f->waiting, f->available, f->ready, f->logged_in, f->connected,
            f->entered, f->answered, f->abandoned, f->in_time, f->state, f->bin_entered,
            f->bin_abandoned, f->alerts, ms(f->threshold));
}

static void write_counts(FILE *out, const struct board *b)
{
    fputs(",\"counts\":", out);
    for (int i = 0; i < BOARD_COUNTS; i++)
        fprintf(out, "%c%" PRIu32, i == 0 ? '[' : ',', b->counts.of[i]);
    fputc(']', out);
}

static void write_agent(FILE *out, const struct board_agent *a, bool is_first)
{
    char name[sizeof a->name + 1];

    web_text(name, sizeof name, (struct acd_str){a->name, a->name_len});
    fprintf(out, "%s[\"%" PRIu32 ".%" PRIu32 "\",%" PRIu32 ",%" PRId64 ",%" PRIu32 ",",
            is_first ? "" : ",", a->id.slot, a->id.gen, a->now.activity, ms(a->now.since),
            a->now.reason);
    write_text(out, name);
    fputc(']', out);
}

/* ---- messages ------------------------------------------------------------------------------ */

struct writing {
    FILE *out;
    char *text;
    size_t len;
};

static void begin(struct writing *w, const char *event, acd_time now)
{
    w->out = open_memstream(&w->text, &w->len);
    ACD_ASSERT(w->out != NULL);
    fprintf(w->out, "event: %s\ndata: {\"now\":%" PRId64, event, ms(now));
}

static struct stream_message *end(struct writing *w)
{
    fputs("}\n\n", w->out);
    ACD_ASSERT(fclose(w->out) == 0);
    return stream_message_open(w->text, w->len);
}

struct stream_message *board_beat(acd_time now)
{
    struct writing w;

    begin(&w, "beat", now);
    return end(&w);
}

/* Of the bins from the first one of today that was seen on. */
static void write_bins(FILE *out, const struct board *b, const uint32_t bins[BOARD_BINS])
{
    for (int64_t bin = b->first_bin; bin <= b->bin; bin++)
        fprintf(out, "%c%" PRIu32, bin == b->first_bin ? '[' : ',', bins[bin - b->day.first]);
    fputc(']', out);
}

static void write_queue(FILE *out, const struct board *b, const struct board_queue *q)
{
    fputs("{\"name\":", out);
    write_text(out, q->name);
    fputs(",\"row\":[", out);
    write_row(out, &q->now);
    fprintf(out, "],\"trend\":[%d,", (int)(b->first_bin - b->day.first));
    write_bins(out, b, q->entered);
    fputc(',', out);
    write_bins(out, b, q->abandoned);
    fputs("]}", out);
}

static void write_day(FILE *out, const struct board_day *d)
{
    fputs(",\"day\":{\"zone\":", out);
    write_text(out, d->zone);
    fprintf(out, ",\"start\":%" PRId64 ",\"bins\":%d}", ms(d->first * BOARD_BIN), d->bins);
}

struct stream_message *board_snapshot(const struct board *b)
{
    struct writing w;
    bool is_first = true;

    begin(&w, "snapshot", b->now);
    fprintf(w.out, ",\"bin\":%d", (int)(b->bin - b->day.first));
    write_counts(w.out, b);
    write_day(w.out, &b->day);
    fputs(",\"queues\":[", w.out);
    for (size_t i = 0; i < b->queues.count; i++) {
        fputs(i == 0 ? "" : ",", w.out);
        write_queue(w.out, b, &b->queues.items[i]);
    }
    fputs("],\"agents\":[", w.out);
    for (uint32_t i = 0; i < b->web->options.agents_max; i++)
        if (b->agents[i].id.gen != 0 && b->agents[i].found) {
            write_agent(w.out, &b->agents[i], is_first);
            is_first = false;
        }
    fputc(']', w.out);
    return end(&w);
}

/* ---- what is different --------------------------------------------------------------------- */

static int tell_counts(FILE *out, struct board *b)
{
    if (memcmp(&b->counts, &b->counts_told, sizeof b->counts) == 0)
        return 0;
    b->counts_told = b->counts;
    write_counts(out, b);
    return 1;
}

static int tell_queues(FILE *out, struct board *b)
{
    int changes = 0;

    for (size_t i = 0; i < b->queues.count; i++) {
        struct board_queue *q = &b->queues.items[i];

        if (memcmp(&q->now, &q->told, sizeof q->now) == 0)
            continue;
        q->told = q->now;
        fprintf(out, "%s[%zu,", changes++ == 0 ? ",\"queues\":[" : ",", i);
        write_row(out, &q->now);
        fputc(']', out);
    }
    if (changes > 0)
        fputc(']', out);
    return changes;
}

static int tell_agents(FILE *out, struct board *b)
{
    int changes = 0;

    for (uint32_t i = 0; i < b->web->options.agents_max; i++) {
        struct board_agent *a = &b->agents[i];

        if (a->id.gen == 0 || !a->found ||
            (a->is_told && memcmp(&a->now, &a->told, sizeof a->now) == 0))
            continue;
        a->told = a->now;
        a->is_told = true;
        fputs(changes == 0 ? ",\"agents\":[" : "", out);
        write_agent(out, a, changes++ == 0);
    }
    if (changes > 0)
        fputc(']', out);
    return changes;
}

/* Those who are gone give their places back. */
static int tell_gone(FILE *out, struct board *b)
{
    int changes = 0;

    for (uint32_t i = 0; i < b->web->options.agents_max; i++) {
        struct board_agent *a = &b->agents[i];

        if (a->id.gen == 0 || a->found)
            continue;
        fprintf(out, "%s\"%" PRIu32 ".%" PRIu32 "\"", changes++ == 0 ? ",\"gone\":[" : ",",
                a->id.slot, a->id.gen);
        *a = (struct board_agent){.board = b};
    }
    if (changes > 0)
        fputc(']', out);
    return changes;
}

struct stream_message *board_delta(struct board *b)
{
    struct writing w;
    int changes;

    begin(&w, "delta", b->now);
    fprintf(w.out, ",\"bin\":%d", (int)(b->bin - b->day.first));
    changes = tell_gone(w.out, b); /* first: an agent may come back under another id */
    changes += tell_counts(w.out, b);
    changes += tell_queues(w.out, b);
    changes += tell_agents(w.out, b);
    if (changes > 0)
        return end(&w);
    ACD_ASSERT(fclose(w.out) == 0);
    free(w.text);
    return NULL;
}
