#include "engine/acd_assert.h"

#include <stdio.h>
#include <stdlib.h>

void acd_assert_failed(const char *expression, const char *file, int line)
{
    fprintf(stderr, "acd: assertion failed: %s, at %s:%d\n", expression, file, line);
    abort();
}
