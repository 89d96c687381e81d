#include "tools/option.h"

#include <stdlib.h>

uint32_t option_number(const struct argp_state *state, const char *option, const char *text,
                       uint32_t least, uint32_t most)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);

    if (*text < '0' || *text > '9' || *end != '\0' || value < least || value > most)
        argp_error(state, "--%s: %s is not a whole number from %u to %u", option, text,
                   (unsigned)least, (unsigned)most);
    return (uint32_t)value;
}
