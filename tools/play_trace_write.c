#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tools/play_random.h"
#include "tools/play_room.h"
#include "tools/play_trace.h"

/* A made-up trace: a small bank's line, calls served in the order in which they come by whoever is
 * free first. */

enum { SERVERS = 8, OWN_SERVERS = 2, OPENS = 8 * 3600, CLOSES = 10 * 3600, VOICE_UNITS = 6 };

static const char *const NAMES[SERVERS] = {"ADA",   "BRUNO", "CLARA", "DAVID",
                                           "EDITH", "FELIX", "GRETA", "HUGO"};

static const struct {
    const char *type;
    double share;
    uint32_t talk;
} TYPES[] = {{"PS", 60, 150}, {"NE", 10, 180}, {"NW", 15, 90},
             {"PE", 3, 160},  {"TT", 4, 120},  {"IN", 8, 300}};
enum { TYPE_COUNT = sizeof TYPES / sizeof TYPES[0] };

struct writing {
    FILE *file;
    struct random random;
    uint32_t date;          /* yymmdd */
    uint32_t free[SERVERS]; /* when each is, seconds of the day */
    uint32_t id;
};

static uint32_t seconds(struct random *r, uint32_t median)
{
    return (uint32_t)(random_lognormal(r, median * ACD_SECOND, 0.8) / ACD_SECOND);
}

static const char *clock_text(uint32_t at, char room[16])
{
    snprintf(room, 16, "%u:%02u:%02u", at / 3600 % 24, at / 60 % 60, at % 60);
    return room;
}

/* IN has servers of its own. */
static uint32_t first_free(const struct writing *w, bool own)
{
    uint32_t first = own ? SERVERS - OWN_SERVERS : 0, best = first;

    for (uint32_t i = first; i < (own ? SERVERS : SERVERS - OWN_SERVERS); i++)
        if (w->free[i] < w->free[best])
            best = i;
    return best;
}

static void write_times(struct writing *w, const uint32_t *times, size_t count)
{
    char text[16];

    for (size_t i = 0; i < count; i++)
        fprintf(w->file, "\t%s", clock_text(times[i], text));
}

static void write_end(struct writing *w, const char *outcome, uint32_t start, uint32_t exit,
                      const char *server)
{
    fprintf(w->file, "\t%s", outcome);
    write_times(w, (uint32_t[]){start, exit}, 2);
    fprintf(w->file, "\t%u\t%s\n", exit - start, server);
}

static void write_queue(struct writing *w, uint32_t start, uint32_t exit)
{
    write_times(w, (uint32_t[]){start, exit}, 2);
    fprintf(w->file, "\t%u", exit - start);
}

/* In the voice-response unit from `entry` to `out`; then an agent, the queue, or nothing. */
static void write_rest(struct writing *w, uint32_t out, bool own, uint32_t talk)
{
    struct random *r = &w->random;
    uint32_t server = first_free(w, own), start = out;
    uint32_t patience = (uint32_t)(random_exponential(r, 180 * ACD_SECOND) / ACD_SECOND) + 1;

    if (random_chance(r, 0.05) || w->free[server] > out + patience) {
        bool queues = w->free[server] > out;

        write_queue(w, queues ? out : 0, queues ? out + patience : 0);
        write_end(w, !queues && random_chance(r, 0.2) ? "PHANTOM" : "HANG", 0, 0, "NO_SERVER");
        return;
    }
    if (w->free[server] > out)
        start = w->free[server];
    write_queue(w, start > out ? out : 0, start > out ? start : 0);
    w->free[server] = start + talk + 5;
    write_end(w, "AGENT", start, start + talk,
              random_chance(r, 0.02) ? "NO_SERVER" : NAMES[server]);
}

static void write_call(struct writing *w, uint32_t at)
{
    struct random *r = &w->random;
    double shares[TYPE_COUNT];
    uint32_t type, customer, in_unit = seconds(r, 9);

    for (int i = 0; i < TYPE_COUNT; i++)
        shares[i] = TYPES[i].share;
    type = random_weighted(r, shares, TYPE_COUNT);
    customer = random_chance(r, 0.4) ? 1000000 + random_below(r, 9000000) : 0;
    w->id++;
    fprintf(w->file, "AA01%02u\t%u\t%u\t%u\t%s\t%06u", 1 + random_below(r, VOICE_UNITS), w->id,
            customer, customer == 0 ? 0 : 1 + random_below(r, 2), TYPES[type].type, w->date);
    write_times(w, (uint32_t[]){at, at + in_unit}, 2);
    fprintf(w->file, "\t%u", in_unit);
    write_rest(w, at + in_unit, type == TYPE_COUNT - 1, seconds(r, TYPES[type].talk));
}

/* Of eight calls six come close together, which is when a queue forms. */
static void write_day(struct writing *w, uint32_t calls)
{
    uint32_t eight = calls == 0 ? 0 : 8 * (CLOSES - OPENS) / calls;
    uint32_t close = 20, apart = close + (eight > 4 * close ? eight - 4 * close : 0);
    uint32_t at = OPENS;

    memset(w->free, 0, sizeof w->free);
    for (uint32_t i = 0; i < calls; i++) {
        at += random_below(&w->random, i % 8 < 6 ? close : apart);
        write_call(w, at < CLOSES ? at : CLOSES);
    }
}

void trace_write(const char *path, uint64_t seed, uint32_t days, uint32_t calls)
{
    struct writing w = {.file = fopen(path, "w"), .random = random_seeded(seed, 2, 0)};

    if (w.file == NULL)
        play_die("%s: %s", path, strerror(errno));
    fputs("vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\t"
          "q_start\tq_exit\tq_time\toutcome\tser_start\tser_exit\tser_time\tserver\n",
          w.file);
    for (uint32_t day = 0; day < days; day++) {
        w.date = 250301 + day;
        write_day(&w, calls / days + (day < calls % days));
    }
    if (fclose(w.file) != 0)
        play_die("%s: %s", path, strerror(errno));
}
