/* The listener's checks are those of this test too. */

/* NOLINTNEXTLINE(bugprone-suspicious-include) */
#include "tests/e2e/listener/check.c"
