#include "daemon/config_store.h"

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "proto/acd_json.h"

static const size_t MIB = (size_t)1 << 20;
static const acd_span DAY = 86400 * ACD_SECOND;

void config_store_default(struct config_store *c)
{
    *c = (struct config_store){.ring_directory = "/dev/shm",
                               .ring_bytes = 128 * MIB,
                               .commit_interval = 10 * ACD_MS,
                               .checkpoint_interval = 5 * ACD_SECOND,
                               .image_interval = 6 * 3600 * ACD_SECOND,
                               .map_bytes = 16384 * MIB,
                               .history_retention = 400 * DAY,
                               .interval_retention = 800 * DAY,
                               .fold_retention = 3660 * DAY};
}

static const char *set_path(char out[CONFIG_PATH_MAX], const char *value)
{
    if (value[0] == '\0' || strlen(value) >= CONFIG_PATH_MAX)
        return "is no path of 1 to 199 bytes";
    memcpy(out, value, strlen(value) + 1);
    return NULL;
}

static const char *set_durability(bool *sync, const char *value)
{
    if (strcmp(value, "async") != 0 && strcmp(value, "sync") != 0)
        return "is neither async nor sync";
    *sync = strcmp(value, "sync") == 0;
    return NULL;
}

/* "1048576", "1024K", "64M", "1G"; 0: no power of two in that range. */
static size_t bytes_of(const char *value, size_t least, size_t most)
{
    static const char units[] = "KMG";
    char *end;
    unsigned long long bytes = strtoull(value, &end, 10);
    const char *unit = *end == '\0' ? NULL : strchr(units, *end);

    if (unit != NULL && bytes <= 1 << 30)
        bytes <<= 10 * (unit - units + 1);
    if (value[0] < '0' || value[0] > '9' || (*end != '\0' && (unit == NULL || end[1] != '\0')) ||
        bytes < least || bytes > most || (bytes & (bytes - 1)) != 0)
        return 0;
    return (size_t)bytes;
}

static const char *set_ring_bytes(size_t *out, const char *value)
{
    size_t bytes = bytes_of(value, MIB, 1024 * MIB);

    if (bytes == 0)
        return "is no power of two from 1M to 1G";
    *out = bytes;
    return NULL;
}

static const char *set_map_bytes(size_t *out, const char *value)
{
    size_t bytes = bytes_of(value, MIB / 4, 1048576 * MIB);

    if (bytes == 0)
        return "is no power of two from 256K to 1024G";
    *out = bytes;
    return NULL;
}

static const char *set_span(acd_span *out, acd_span least, acd_span most, const char *value)
{
    static const struct acd_field field = {"span", "", ACD_FIELD_span, 0, 0, NULL};
    struct acd_json j = {0};
    acd_span span;

    if (strlen(value) > 32 || acd_json_parse_field(&j, &field, acd_str(value), &span) != ACD_OK)
        return "is no time like 10ms, 5s or 400d";
    if (span < least || span > most)
        return "is too short or too long";
    *out = span;
    return NULL;
}

static const char *set_retention(acd_span *out, const char *value)
{
    if (strcmp(value, "forever") == 0) {
        *out = -1;
        return NULL;
    }
    return set_span(out, DAY, 36500 * DAY, value);
}

/* "Europe/Berlin, America/New_York". */
static const char *set_zones(struct config_store *c, const char *value)
{
    char zones[CONFIG_ZONES_MAX][ZONE_MAX];
    size_t count = 0;

    for (const char *at = value; *at != '\0';) {
        size_t len = strcspn(at, ", ");

        if (len >= ZONE_MAX || count == CONFIG_ZONES_MAX)
            return "has too many zones, or too long a one";
        if (len > 0) {
            memcpy(zones[count], at, len);
            zones[count][len] = '\0';
            if (!zone_is_known(zones[count]))
                return "names a time zone that this system has not";
            count += strcmp(zones[count], "UTC") != 0;
        }
        at += len + strspn(at + len, ", ");
    }
    memcpy(c->zones, zones, sizeof zones);
    c->zone_count = count;
    return NULL;
}

const char *config_store_set(struct config_store *c, const char *name, const char *value)
{
    if (strcmp(name, "directory") == 0)
        return set_path(c->directory, value);
    if (strcmp(name, "durability") == 0)
        return set_durability(&c->sync, value);
    if (strcmp(name, "ring_directory") == 0)
        return set_path(c->ring_directory, value);
    if (strcmp(name, "ring_bytes") == 0)
        return set_ring_bytes(&c->ring_bytes, value);
    if (strcmp(name, "commit_interval") == 0)
        return set_span(&c->commit_interval, ACD_MS, 10 * ACD_SECOND, value);
    if (strcmp(name, "checkpoint_interval") == 0)
        return set_span(&c->checkpoint_interval, 100 * ACD_MS, 3600 * ACD_SECOND, value);
    if (strcmp(name, "image_interval") == 0)
        return set_span(&c->image_interval, ACD_SECOND, 30 * DAY, value);
    if (strcmp(name, "map_bytes") == 0)
        return set_map_bytes(&c->map_bytes, value);
    if (strcmp(name, "history_retention") == 0)
        return set_retention(&c->history_retention, value);
    if (strcmp(name, "interval_retention") == 0)
        return set_retention(&c->interval_retention, value);
    if (strcmp(name, "fold_retention") == 0)
        return set_retention(&c->fold_retention, value);
    ACD_ASSERT(strcmp(name, "reporting_zones") == 0);
    return set_zones(c, value);
}
