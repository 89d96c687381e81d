#ifndef ACD_CONFIG_STORE_H
#define ACD_CONFIG_STORE_H

#include "daemon/zone.h"
#include "engine/acd.h"

/* What the daemon is told of its directory. Flags and file say it by the same names and in the same
 * words, and are judged here alike. */

enum { CONFIG_PATH_MAX = 200, CONFIG_ZONES_MAX = 8 };

struct config_store {
    char directory[CONFIG_PATH_MAX]; /* empty: in memory only */
    bool sync;                       /* nothing leaves before it is durable */
    char ring_directory[CONFIG_PATH_MAX];
    size_t ring_bytes;
    acd_span commit_interval, checkpoint_interval, image_interval;
    size_t map_bytes;
    acd_span history_retention, interval_retention, fold_retention; /* -1: for ever */
    char zones[CONFIG_ZONES_MAX][ZONE_MAX];                         /* reporting ones */
    size_t zone_count;
    bool accept_loss; /* a flag only: nobody means it for good */
};

/* XX(name in the file, flag, flag's argument, doc) */
#define CONFIG_STORE_SETTINGS(XX)                                                                  \
    XX(directory, "directory", "DIR",                                                              \
       "Keep the state in DIR, made if missing; default: in memory")                               \
    XX(durability, "durability", "MODE",                                                           \
       "async (default): reply at once; sync: reply when all is safe on the disk")                 \
    XX(ring_directory, "ring-directory", "DIR",                                                    \
       "Shared memory for what is not on the disk yet; default /dev/shm")                          \
    XX(ring_bytes, "ring-bytes", "N",                                                              \
       "How much of --ring-directory: a power of two, 1M to 1G; default 128M")                     \
    XX(commit_interval, "commit-interval", "TIME", "async commits this often; default 10ms")       \
    XX(checkpoint_interval, "checkpoint-interval", "TIME",                                         \
       "Changed state is written down this often; default 5s")                                     \
    XX(image_interval, "image-interval", "TIME",                                                   \
       "A whole image is kept this often; the journal goes back to the last but one; default 6h")  \
    XX(map_bytes, "map-bytes", "N",                                                                \
       "Address space for each file at first: a power of two, 1M to 1024G; default 16G")           \
    XX(history_retention, "history-retention", "TIME",                                             \
       "Ended calls are forgotten after; default 400d; or forever")                                \
    XX(interval_retention, "interval-retention", "TIME",                                           \
       "Quarters of an hour of queues and agents are forgotten after; default 800d; or forever")   \
    XX(fold_retention, "fold-retention", "TIME",                                                   \
       "And the days of reporting zones; default 3660d; or forever")                               \
    XX(reporting_zones, "reporting-zones", "ZONES",                                                \
       "Whose days are kept added up, up to 8 with commas between; UTC is in any case")

/* The sizes, spans and modes that hold when nothing is said. */
void config_store_default(struct config_store *c);

/* Takes one setting by its name. Returns NULL, or what is wrong with the value, with nothing
 * changed. */
const char *config_store_set(struct config_store *c, const char *name, const char *value);

#endif
