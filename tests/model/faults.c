/* The comparison is itself tested: a twin with a planted fault must be found out. */

#include <inttypes.h>
#include <stdio.h>

#include "tests/model/suites.h"

bool suite_faults(const struct suite_options *options)
{
    struct suite_options o = *options;
    unsigned missed = 0;
    uint64_t steps;

    o.cover = NULL;
    printf("planted faults, and the steps it took to notice them:\n");
    for (unsigned f = TWIN_SOUND + 1; f < TWIN_FAULTS; f++) {
        o.fault = (enum twin_fault)f;
        if (suite_random(&o, &steps)) {
            missed++;
            printf("  %-26s NOT NOTICED in %" PRIu64 " steps: %s\n", twin_fault_name(o.fault),
                   steps, twin_fault_doc(o.fault));
        } else {
            printf("  %-26s %8" PRIu64 "  %s\n", twin_fault_name(o.fault), steps,
                   twin_fault_doc(o.fault));
        }
    }
    printf("%u of %u faults noticed\n", TWIN_FAULTS - 1 - missed, TWIN_FAULTS - 1);
    return missed == 0;
}
