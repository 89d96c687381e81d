#ifndef ACD_CONFIG_TEXT_H
#define ACD_CONFIG_TEXT_H

#ifdef __cplusplus
extern "C" {
#endif

/* Reads a configuration file for libconfuse: with blanks in place of comments, whose lines
 * libconfuse 3.3 counts more than once, so that its errors would tell wrong ones. To be freed.
 * NULL: see errno. *unclosed: the line of a brace, a text or a comment that never ends, which it
 * passes over, or 0. */
char *acd_config_text_read(const char *file, int *unclosed);

#ifdef __cplusplus
}
#endif

#endif
