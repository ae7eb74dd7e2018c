/* Private to src/backup: the keys of a home as one sealed file. */
#ifndef ANJU_BACKUP_KEYS_H
#define ANJU_BACKUP_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"
#include "base/text.h"

enum {
    KEYS_MAX = 260,
    KEY_NAME_MAX = 32,
    KEY_SIZE_MAX = 512, /* a gateway's key is a line of text */
    KEYS_FILE_MAX = 256 * 1024,
    PASS_PHRASE_MIN = 15, /* characters */
    PASS_PHRASE_MAX = 512,
    PASS_PHRASE_KINDS = 6, /* different bytes */
};

struct key {
    char name[KEY_NAME_MAX]; /* our own, field-1.key …, and those of other parties, as sms.key */
    uint8_t at[KEY_SIZE_MAX];
    size_t size;
};

/* Lies in memory of sodium_malloc. */
struct key_set {
    bool demo; /* of a demo home, which has its keys inside */
    int count;
    struct key keys[KEYS_MAX];
};

/* --- keys_file.c: the bytes; docs/stores.md --- */

/* Seals the set into out (KEYS_FILE_MAX bytes). */
enum result keys_seal(const struct key_set *set, struct text phrase, uint8_t *out, size_t *size,
                      struct error *err);
/* RESULT_REFUSED: another pass phrase, or the file was altered; the two cannot be told apart. */
enum result keys_unseal(const uint8_t *at, size_t size, struct text phrase, struct key_set *set,
                        struct error *err);

/* --- keys_folder.c --- */

/* Reads every file NAME.key of the folder; one that others can read, or a missing key of our own, is
 * refused. */
enum result keys_read(const char *folder, struct key_set *set, struct error *err);
/* Writes those that are not there, in a folder that is made when it is missing. When one is there
 * with other bytes, RESULT_CONFLICT and nothing is written. *written counts. */
enum result keys_write(const char *folder, const struct key_set *set, int *written,
                       struct error *err);

/* --- pass_phrase.c --- */

/* The first line of a file that nobody else can read or, when file is NULL, of standard input: without
 * an echo on a terminal, where it is asked for (twice when it is a new one). out has
 * PASS_PHRASE_MAX + 2 bytes. */
enum result pass_phrase_read(const char *file, bool fresh, char *out, struct text *phrase,
                             struct error *err);
/* RESULT_INVALID when a stranger would find it. */
enum result pass_phrase_check(struct text phrase, struct error *err);

#endif
