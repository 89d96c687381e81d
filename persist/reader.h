#ifndef ACD_READER_H
#define ACD_READER_H

#include "persist/acd_store.h"
#include "persist/format.h"
#include "persist/store.h"

/* The stores of a reader: borrowed of a running persist, or its own, read only. */
struct acd_reader {
    struct store *tables, *journal, *history;
    bool own;
    struct fold_pages *pages; /* of the last fold, or NULL */
    char directory[256];
};

#endif
