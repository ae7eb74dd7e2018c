/* manifest.json of a set: what the set says of itself. */
#ifndef ANJU_EXCHANGE_MANIFEST_H
#define ANJU_EXCHANGE_MANIFEST_H

#include "base/result.h"
#include "base/sha256.h"
#include "exchange/fault.h"
#include "exchange/kind.h"

enum { SET_ID_MAX = 64, MANIFEST_SIZE_MAX = 64 * 1024 };

struct manifest_file {
    int64_t records;
    uint8_t sha256[SHA256_SIZE];
    int64_t totals[KIND_TOTALS_MAX]; /* fen, of the kind's total columns */
};

struct manifest {
    char set_id[SET_ID_MAX + 1];
    int64_t number;
    bool whole;
    bool demo;
    civil_date as_of;
    struct manifest_file files[FILE_COUNT];
    uint8_t sha256[SHA256_SIZE]; /* of the manifest's own bytes */
};

/* Reads DIR/manifest.json; what is wrong with it goes to faults (then RESULT_INVALID). */
enum result manifest_read(const char *dir, struct manifest *out, struct faults *faults,
                          struct error *err);

/* The same from memory. */
enum result manifest_parse(const char *bytes, size_t size, struct manifest *out,
                           struct faults *faults, struct error *err);

/* Reads a control total such as "71234567.89", which may be larger than any one amount: at most 16
 * digits before the point. */
bool total_parse(struct text t, int64_t *fen);

#endif
