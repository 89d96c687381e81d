#ifndef ACD_TESTS_TAPE_H
#define ACD_TESTS_TAPE_H

#include "tests/persist/disk.h"
#include "tests/persist/site.h"

/* A run of a centre on a watched disk: what was done to the disk, every frame, and who had been
 * told what at which moment. The same seed gives the same run. */

/* Where it all happens: `made` is watched and holds the store of a run; `cut` is that of a power
 * cut; `rings` outlives the process and no power cut. */
extern char tape_made[48], tape_cut[48], tape_rings[48];

struct tape {
    const char *name;
    struct site site;
    struct disk_log log;
    struct acd_frame *frames;
    size_t frame_count, frame_room;
    uint64_t appended, durable; /* now; `durable` while nothing is open */
    uint64_t in_time;           /* appended when the last commit that has ended began ... */
    int64_t in_time_at;         /* ... by the clock of the disk */
    uint32_t epoch;
    bool open;
    uint8_t *visits; /* all of them, newest first, as acd_history_read gives them */
    size_t visit_bytes;
    bool forgets; /* not all visits are kept */
    bool copies;  /* to `copy`, beside the store */
};

void tape_places(void);
void tape_places_remove(void);

/* Begins to watch what is there, with what an earlier run had told (NULL: none) up to a sequence.
 */
void tape_begin(struct tape *t, const char *name, uint64_t seed, const struct tape *earlier,
                uint64_t upto);
void tape_end(struct tape *t);
void tape_free(struct tape *t);

void tape_open(struct tape *t);
void tape_close(struct tape *t);

/* Some commands and a round of the worker, a number of times. */
void tape_rounds(struct tape *t, int rounds);

/* A round, which may fail; what waits for the disk, and for how long, is told as it is. Returns
 * what acd_persist_step() does. */
int tape_step(struct tape *t);

/* The state after an event. */
struct acd_engine *tape_state(const struct tape *t, uint64_t sequence, uint32_t epoch);

/* All visits of a site that is stopped; *len their bytes. The caller frees them. */
uint8_t *all_visits(const struct site *s, size_t *len);

/* The part of visits that ended at or before an event. */
const uint8_t *visits_upto(const struct tape *t, uint64_t sequence, size_t *len);

#endif
