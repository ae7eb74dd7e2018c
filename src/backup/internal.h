/* Private to src/backup. */
#ifndef ANJU_BACKUP_INTERNAL_H
#define ANJU_BACKUP_INTERNAL_H

#include <signal.h>
#include <stdbool.h>

#include "base/clock.h"
#include "base/money.h"
#include "base/progress.h"
#include "base/sha256.h"
#include "config/config.h"
#include "store/copy.h"
#include "store/store.h"
#include "store/vault.h"

enum {
    BACKUP_FORMAT = 1,
    BACKUP_FILES_MAX = 8,
    BACKUP_NAME_MAX = 32, /* of a file */
    BACKUP_PATH_MAX = CONFIG_PATH_MAX,
    BACKUP_STATUS_USAGE = 64,
    BACKUP_NICENESS = 10, /* as an import: people who sign in do not wait for it */
};

#define BACKUP_MANIFEST "manifest.json"
#define BACKUP_SUM      "manifest.json.sha256" /* as sha256sum writes it */

/* --- the manifest --- */

struct backup_file {
    char name[BACKUP_NAME_MAX];
    int64_t size;
    char sha256[2 * SHA256_SIZE + 1];
};

/* What the copy must add up to; amounts in fen. */
struct backup_figures {
    int64_t accounts, balance;
    int64_t entries, entry_total;
    int64_t loans, loan_balance;
    int64_t loan_entries, batches, members, looks;
    instant last_look; /* 0: there is none */
    struct store_table tables[STORE_TABLES_MAX];
    int table_count;
};

/* Which keys the copy needs, and by what each is known (vault_fingerprint). */
struct backup_keys {
    bool field[256]; /* by id */
    char field_check[256][VAULT_FINGERPRINT_HEX + 1];
    char index_check[VAULT_FINGERPRINT_HEX + 1];
    char token_check[VAULT_FINGERPRINT_HEX + 1];
};

struct backup_manifest {
    char program[32], engine[16], zone[64];
    bool demo;
    int64_t ledger_schema, desk_schema;
    instant began, desk_moment, ledger_moment, ended;
    struct backup_file files[BACKUP_FILES_MAX];
    int file_count;
    struct backup_figures figures;
    struct backup_keys keys;
};

/* Writes DIR/manifest.json and its sum, synced. clock only tells the zone of the instants. */
enum result manifest_save(const struct backup_manifest *m, const char *dir,
                          const struct clock *clock, struct error *err);
/* Reads both; what is missing, out of form or does not have the sum is RESULT_DAMAGED. */
enum result manifest_load(const char *dir, struct backup_manifest *m, struct error *err);

/* --- figures.c --- */

/* Inside an open read transaction. The keys' ids only; a vault adds by what they are known. */
enum result figures_read(struct db *db, struct backup_figures *f, struct error *err);
enum result figures_key_ids(struct db *db, struct backup_keys *keys, struct error *err);
/* RESULT_CONFIG when the vault lacks a key that is needed. */
enum result figures_key_checks(const struct vault *v, struct backup_keys *keys, struct error *err);
/* RESULT_CONFIG with what is missing or another one. */
enum result figures_key_compare(const struct vault *v, const struct backup_keys *keys,
                                struct error *err);
/* RESULT_DAMAGED with the first figure that differs. */
enum result figures_compare(const struct backup_figures *is, const struct backup_manifest *m,
                            struct error *err);

/* --- files.c --- */

/* "FOLDER/NAME"; RESULT_INVALID when that is too long. */
enum result file_path(char out[BACKUP_PATH_MAX], const char *folder, const char *name,
                      struct error *err);
/* Size and SHA-256 of a file, read in a bounded piece of memory; synced first when sync. */
enum result file_measure(const char *folder, struct backup_file *file, bool sync,
                         const struct store_work *work, uint64_t before, struct error *err);
/* Copies a file (0600, synced), measuring it on the way; `to` must not be there. */
enum result file_copy(const char *from, const char *to, struct backup_file *measured,
                      const struct store_work *work, uint64_t before, struct error *err);
enum result file_write(const char *folder, const char *name, const void *at, size_t size,
                       struct error *err);
enum result folder_sync(const char *folder, struct error *err);
enum result folder_sync_above(const char *path, struct error *err);
/* True when it is there and holds nothing; absent is *absent. */
bool folder_is_empty(const char *path, bool *absent);
/* The absolute name of a path whose last part may be absent, without slashes at its end. */
enum result folder_name(const char *given, char out[BACKUP_PATH_MAX], struct error *err);

/* --- an end by signal: what was begun is taken away before --- */
void stop_listen(void);
bool stop_asked(void);
int stop_status(void); /* 128 + the signal; 0 when none came */

/* --- the commands' work --- */

struct backup_job {
    const char *dir; /* absolute */
    struct progress progress;
    struct backup_manifest manifest; /* what was written or read */
    bool verified;                   /* a check could recompute the figures */
    int64_t faults;
    bool without_keys;
    bool policy_differs;
};

enum result backup_take(const struct config *config, const char *program, struct backup_job *job,
                        struct error *err);
/* fault gets what anju verify finds. */
enum result backup_check(struct backup_job *job, void (*fault)(const char *where, const char *what),
                         struct error *err);
/* Only the sums and sizes of the files. */
enum result backup_check_files(struct backup_job *job, struct error *err);
enum result restore_run(struct backup_job *job, struct error *err);

#endif
