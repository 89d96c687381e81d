#ifndef ACD_WEB_PAGE_H
#define ACD_WEB_PAGE_H

#include <stddef.h>

/* wallboard.html, made part of the program by the build (embed.cmake). */
extern const unsigned char web_page[];
extern const size_t web_page_len;

#endif
