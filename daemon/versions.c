#include "daemon/versions.h"

#include <string.h>

#include "persist/acd_store.h"
#include "proto/acd_messages.h"

enum { READ_BYTES = 256 * 1024 };

static struct version last_of(const struct versions *v)
{
    return v->count > 0 ? v->list[v->count - 1] : v->first;
}

void versions_begin(struct versions *v, const struct acd_engine *e)
{
    struct acd_view_totals totals;

    acd_totals_view(e, &totals);
    *v = (struct versions){
        .first = {acd_position(e).sequence + 1, totals.config_version, totals.config_at}};
}

void versions_note(struct versions *v, const struct acd_engine *e)
{
    struct acd_frame frame = acd_last_frame(e);

    if (acd_config_version(e) == last_of(v).version)
        return; /* it was a repetition */
    if (v->count == VERSIONS_MAX) {
        v->first = v->list[0];
        memmove(v->list, v->list + 1, --v->count * sizeof v->list[0]);
    }
    v->list[v->count++] = (struct version){frame.first_sequence, acd_config_version(e), frame.at};
}

uint64_t versions_of_frame(const struct acd_frame *frame)
{
    struct acd_event event;
    size_t at = 0;
    uint16_t code;

    for (uint32_t i = 0; i < frame->count; i++) {
        int size = acd_record_peek(frame->bytes + at, frame->len - at, &code);

        if (size < 0)
            return 0;
        if (code == ACD_EVENT_config_committed &&
            acd_event_decode(frame->bytes + at, (size_t)size, &event) > 0)
            return event.as.config_committed.version;
        at += (size_t)size;
    }
    return 0;
}

/* ---- in the journal ----------------------------------------------------------------------- */

struct search {
    const struct versions *v;
    uint64_t sequence; /* of the event */
    acd_time seen;     /* the time of the last frame looked at */
    uint64_t next;     /* where another version begins */
    uint64_t version;
    bool over;
};

static bool is_over(struct search *s, uint64_t next, uint64_t version)
{
    s->next = next;
    s->version = version;
    s->over = true;
    return false;
}

static bool on_frame(void *ctx, uint32_t epoch, const struct acd_frame *frame)
{
    struct search *s = ctx;
    const struct version *first = &s->v->first;
    uint64_t committed;

    (void)epoch;
    committed = versions_of_frame(frame);
    s->seen = frame->at;
    if (committed != 0 && frame->first_sequence > s->sequence)
        return is_over(s, frame->first_sequence, committed - 1);
    if (committed != 0) /* it holds behind all events of its frame */
        return is_over(s, s->sequence + 1, committed);
    if (frame->at > first->at || frame->first_sequence >= first->sequence)
        return is_over(s, first->sequence, first->version);
    return true;
}

/* Behind the journal's end there is what is not written yet: a commit too, if the last one was
 * later than all that is written. */
static void end_reached(struct search *s)
{
    const struct version *first = &s->v->first;

    s->next = s->sequence + 1;
    s->version = s->seen < first->at && first->version > 0 ? first->version - 1 : first->version;
}

static int search(struct versions *v, struct acd_reader *reader, uint64_t sequence)
{
    struct search s = {.v = v, .sequence = sequence};
    uint64_t after = sequence - 1;
    int frames;

    do
        frames = acd_journal_read(reader, &after, READ_BYTES, on_frame, &s);
    while (frames > 0 && !s.over);
    if (frames < 0)
        return frames;
    if (!s.over)
        end_reached(&s);
    v->found_from = sequence;
    v->found_to = s.next;
    v->found = s.version;
    return ACD_OK;
}

int versions_find(struct versions *v, struct acd_reader *reader, uint64_t sequence, uint64_t *out)
{
    if (sequence >= v->first.sequence) {
        *out = v->first.version;
        for (uint32_t i = 0; i < v->count && v->list[i].sequence <= sequence; i++)
            *out = v->list[i].version;
        return ACD_OK;
    }
    if (sequence < v->found_from || sequence >= v->found_to) {
        int error = search(v, reader, sequence);

        if (error != ACD_OK)
            return error;
    }
    *out = v->found;
    return ACD_OK;
}

void versions_learn(struct versions *v, const struct versions *copy)
{
    v->found_from = copy->found_from;
    v->found_to = copy->found_to;
    v->found = copy->found;
}
