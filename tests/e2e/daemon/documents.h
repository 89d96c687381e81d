#ifndef TESTS_E2E_DAEMON_DOCUMENTS_H
#define TESTS_E2E_DAEMON_DOCUMENTS_H

#include "tests/e2e/daemon/asker.h"

/* Puts a document that is right and no longer than a piece, and waits until it is read. */
void document_put(struct asker *a, uint64_t upload, const char *text);

#endif
