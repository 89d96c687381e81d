#include "tests/scenario/world.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scenario/phrases.h"
#include "tests/scenario/trace.h"

enum { LINE_MAX_BYTES = 2048, LINE_WORDS = 64, TURNS_MAX = 10000 };

/* ---- life --------------------------------------------------------------------------------- */

struct world *world_open_limited(struct acd_limits limits)
{
    struct world *w = calloc(1, sizeof *w);

    cr_assert(w != NULL);
    w->config = (struct acd_config){.limits = limits, .epoch = 7, .secret = {1, 2}};
    cr_assert(acd_open(&w->engine, &w->config) == ACD_OK);
    w->config.secret[0] = 3; /* no decision depends on it */
    cr_assert(acd_open(&w->follower, &w->config) == ACD_OK);
    cast_init(&w->cast);
    w->at = STORY_BEGINS;
    w->line = malloc(LINE_MAX_BYTES);
    w->room = malloc(WORDS_ROOM);
    cr_assert(w->line != NULL && w->room != NULL);
    w->books = books_open();
    return w;
}

struct world *world_open(void)
{
    return world_open_limited((struct acd_limits){
        .agents = 100, .queues = 20, .calls = 1000, .clients = 8, .numbers = 20});
}

void world_close(struct world *w)
{
    struct acd_engine *loaded = follower_load(w->engine, &w->config);

    follower_compare(w->engine, w->follower, "its events");
    follower_compare(w->engine, loaded, "its rows");
    follower_race((struct acd_engine *[]){w->engine, w->follower, loaded}, 3);
    acd_close(loaded);
    acd_close(w->engine);
    acd_close(w->follower);
    cast_fini(&w->cast);
    books_close(w->books);
    free(w->line);
    free(w->room);
    free(w);
}

static void trace_begin(struct world *w)
{
    w->out = open_memstream(&w->trace, &w->trace_len);
    cr_assert(w->out != NULL);
}

static void trace_end(struct world *w)
{
    (void)fclose(w->out);
    w->out = NULL;
}

/* ---- what happened ------------------------------------------------------------------------ */

/* Learns and tells the events of a frame. */
static void tell_frame(struct world *w, const struct acd_frame *frame)
{
    uint32_t tally[0x100] = {0};
    size_t at = 0;

    for (uint32_t i = 0; i < frame->count; i++) {
        struct acd_event event;
        int size = acd_event_decode(frame->bytes + at, frame->len - at, &event);

        cr_assert(size > 0);
        at += (size_t)size;
        cast_learn(&w->cast, &event);
        tally[event.code & 0xff]++;
        if (w->tally)
            continue;
        words_print_time(w->out, frame->at);
        fprintf(w->out, "   ");
        trace_event(w->out, &w->cast, frame->at, &event);
        fputc('\n', w->out);
    }
    cr_assert(at == frame->len);
    for (size_t i = 0; w->tally && i < acd_records_event_count; i++) {
        uint32_t count = tally[acd_records_event[i]->code & 0xff];

        if (count == 0)
            continue;
        words_print_time(w->out, frame->at);
        fprintf(w->out, "   %u %s\n", count, acd_records_event[i]->name);
    }
    if (tally[ACD_EVENT_day_turned & 0xff] > 0)
        books_day_turned(w->books, w->engine);
}

/* Takes note of what the engine has just done. */
static void absorb(struct world *w, uint64_t before, const char *line)
{
    struct acd_frame frame = acd_last_frame(w->engine);

    cr_assert(frame.count == acd_position(w->engine).sequence - before);
    cr_assert(frame.count <= ACD_FRAME_EVENTS_MAX);
    cr_assert(frame.at == acd_now(w->engine));
    if (frame.count > 0) {
        cr_assert(frame.first_sequence == before + 1);
        tell_frame(w, &frame);
    }
    cr_assert(acd_apply_frame(w->follower, &frame) == ACD_OK);
    books_check(w->books, w->engine, line);
}

/* Fires the deadlines before `to`, or at it too, each at its own moment or, late, at `now`. */
static void time_passes(struct world *w, acd_time to, bool inclusive, acd_time now)
{
    for (int turns = 0; !w->asleep; turns++) {
        uint64_t before = acd_position(w->engine).sequence;
        acd_time due = acd_next_deadline(w->engine);

        if (due > to || (due == to && !inclusive))
            return;
        cr_assert(turns < TURNS_MAX, "time does not pass");
        acd_advance(w->engine, now > due ? now : due);
        absorb(w, before, "time passes");
    }
}

/* ---- what is asked ------------------------------------------------------------------------ */

/* "gw1: " or "gw1#7: " before a phrase. Returns how many words that took. */
static size_t read_asker(const struct world *w, char *word, acd_client_id *client,
                         uint64_t *request)
{
    size_t len = strlen(word);
    char *number = strchr(word, '#');

    if (word[len - 1] != ':')
        return 0;
    word[len - 1] = '\0';
    if (number != NULL) {
        *request = strtoull(number + 1, NULL, 10);
        *number = '\0';
    }
    if (strcmp(word, "stranger") == 0)
        *client = (acd_client_id){5, 777};
    else
        cr_assert(cast_find(&w->cast, ACD_FIELD_client_id, word, &client->slot, &client->gen),
                  "no client is called '%s'", word);
    return 1;
}

static void ask(struct world *w, const char *moment, char **words, size_t count)
{
    acd_client_id client = ACD_NOBODY;
    uint64_t request = 0, before = acd_position(w->engine).sequence;
    size_t skip = read_asker(w, words[0], &client, &request);

    cr_assert(count > skip);
    phrase_read(&w->cast, words + skip, count - skip, &w->command, w->room);
    acd_execute(w->engine, w->at, client, request, &w->command, &w->outcome);
    absorb(w, before, moment);
    cr_assert(!w->strict || w->outcome.error == ACD_OK, "%s: %s", moment,
              acd_error_name(w->outcome.error));
    if (!trace_outcome_matters(&w->outcome))
        return;
    fprintf(w->out, "%s   ", moment);
    trace_outcome(w->out, &w->cast, &w->command, &w->outcome);
    fputc('\n', w->out);
}

static void play_line(struct world *w, const char *moment, const char *text);

/* "crew sales ann bob": each is made, and joins. "ready ann bob": each is. */
static void play_each(struct world *w, const char *moment, char **words, size_t count)
{
    bool crew = strcmp(words[0], "crew") == 0;
    char names[LINE_MAX_BYTES] = "", options[256] = "", queue[CAST_NAME_MAX] = "", *name,
         *rest = NULL;

    if (crew && count > 1 && words[1] != NULL)
        snprintf(queue, sizeof queue, "%s", words[1]);
    for (size_t i = crew ? 2 : 1; i < count; i++) {
        char *to = strchr(words[i], '=') != NULL ? options : names;

        snprintf(to + strlen(to), (to == names ? sizeof names : sizeof options) - strlen(to), " %s",
                 words[i]);
    }
    for (name = strtok_r(names, " ", &rest); name != NULL; name = strtok_r(NULL, " ", &rest)) {
        char line[LINE_MAX_BYTES];

        snprintf(line, sizeof line, crew ? "agent %s" : "agent %s ready", name);
        play_line(w, moment, line);
        if (!crew)
            continue;
        snprintf(line, sizeof line, "agent %s joins %s%s", name, queue, options);
        play_line(w, moment, line);
    }
}

static bool words_are(char *const *words, size_t count, const char *first, const char *second)
{
    return count == 2 && strcmp(words[0], first) == 0 && strcmp(words[1], second) == 0;
}

static void host_comes(struct world *w, const char *moment)
{
    uint64_t before = acd_position(w->engine).sequence;

    acd_advance(w->engine, w->at);
    absorb(w, before, moment);
}

static void play_words(struct world *w, const char *moment, char **words, size_t count)
{
    if (words_are(words, count, "host", "sleeps")) {
        w->asleep = true;
    } else if (words_are(words, count, "host", "wakes")) {
        w->asleep = false;
        time_passes(w, w->at, true, w->at);
    } else if (words_are(words, count, "host", "comes")) {
        host_comes(w, moment);
    } else if (words_are(words, count, "time", "passes")) {
        time_passes(w, w->at, true, 0);
    } else if (strcmp(words[0], "crew") == 0 || strcmp(words[0], "ready") == 0) {
        play_each(w, moment, words, count);
    } else if (strcmp(words[0], "?") == 0) {
        world_answer(w, moment, words + 1, count - 1);
    } else {
        ask(w, moment, words, count);
    }
}

/* Plays one line: its moment, and what is asked then. */
static void play_line(struct world *w, const char *moment, const char *text)
{
    char *words[LINE_WORDS], *rest;
    size_t count = 0;

    snprintf(w->line, LINE_MAX_BYTES, "%s", text);
    for (char *word = strtok_r(w->line, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest)) {
        cr_assert(count < LINE_WORDS);
        words[count++] = word;
    }
    cr_assert(count > 0, "nothing happens at %s", moment);
    w->at = words_time(moment);
    time_passes(w, w->at, false, 0);
    fprintf(w->out, "%s %s\n", moment, text);
    play_words(w, moment, words, count);
}

static void play(struct world *w, const char *script)
{
    while (*script != '\0') {
        size_t len = strcspn(script, "\n"), blank = strcspn(script, " ");
        char moment[64], text[LINE_MAX_BYTES];

        cr_assert(blank < len && blank < sizeof moment && len < sizeof text, "no line: %.*s",
                  (int)len, script);
        snprintf(moment, sizeof moment, "%.*s", (int)blank, script);
        snprintf(text, sizeof text, "%.*s", (int)(len - blank - 1), script + blank + 1);
        if (text[0] != ' ')
            play_line(w, moment, text);
        script += len + (script[len] == '\n');
    }
}

/* ---- from outside ------------------------------------------------------------------------- */

/* Plays without telling; nothing may fail. */
static void play_unheard(struct world *w, const char *script)
{
    trace_begin(w);
    w->strict = true;
    play(w, script);
    w->strict = false;
    trace_end(w);
    free(w->trace);
}

void world_given(struct world *w, const char *script)
{
    play_unheard(w, script);
}

void world_many(struct world *w, uint32_t from, uint32_t to, const char *line)
{
    for (uint32_t n = from; n <= to; n++) {
        char text[LINE_MAX_BYTES];
        size_t used = 0;

        for (const char *at = line; *at != '\0'; at++)
            used += (size_t)snprintf(text + used, sizeof text - used, *at == '%' ? "%u" : "%c",
                                     *at == '%' ? n : (unsigned)*at);
        play_unheard(w, text);
    }
}

static void print_side_by_side(const char *told, const char *script)
{
    fprintf(stderr, "  %-72s | %s\n", "what happened", "what was to happen");
    while (*told != '\0' || *script != '\0') {
        size_t a = strcspn(told, "\n"), b = strcspn(script, "\n");
        bool same = a == b && memcmp(told, script, a) == 0;

        fprintf(stderr, "%c %-72.*s | %.*s\n", same ? ' ' : '>', (int)a, told, (int)b, script);
        told += a + (told[a] == '\n');
        script += b + (script[b] == '\n');
    }
}

bool world_agrees(struct world *w, const char *script)
{
    bool same;

    trace_begin(w);
    play(w, script);
    trace_end(w);
    same = strcmp(w->trace, script) == 0;
    free(w->trace);
    return same;
}

void world_says_at(struct world *w, const char *script, const char *file, int line)
{
    bool same;

    trace_begin(w);
    play(w, script);
    trace_end(w);
    same = strcmp(w->trace, script) == 0;
    if (!same)
        print_side_by_side(w->trace, script);
    free(w->trace);
    cr_assert(same, "%s:%d: the story went otherwise", file, line);
}

void story_at(const char *given, const char *script, const char *file, int line)
{
    struct world *w = world_open();

    world_given(w, given);
    world_says_at(w, script, file, line);
    world_close(w);
}
