/* What a fuzz target calls when a promise is broken: asserts may be compiled out, this is not. */
#ifndef ANJU_FUZZ_CHECK_H
#define ANJU_FUZZ_CHECK_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(promise)  \
    do {                \
        if (!(promise)) \
            abort();    \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
