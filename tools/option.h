#ifndef ACD_TOOLS_OPTION_H
#define ACD_TOOLS_OPTION_H

#include <argp.h>
#include <stdint.h>

/* The whole number that an option's text is, or argp_error(), which ends the program and says what
 * the option takes. */
uint32_t option_number(const struct argp_state *state, const char *option, const char *text,
                       uint32_t least, uint32_t most);

#endif
