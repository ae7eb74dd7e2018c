/* Signed roots over all accounts: once a day a hash tree over the head of every account's chain is
 * signed, with the hash of the statement before. Whoever kept one finds a history that was rewritten
 * later, however consistently. docs/proofs.md tells the bytes. */
#ifndef ANJU_ROOT_ROOT_H
#define ANJU_ROOT_ROOT_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/progress.h"
#include "root/merkle.h"
#include "store/store.h"

enum {
    ROOT_PUBLIC = 32,
    ROOT_SEED = 32,
    ROOT_SIGNATURE = 64,
    ROOT_CENTRE_MAX = 200, /* bytes */
    ROOT_STATEMENT_MAX = 1024,
    ROOT_LIST_MAX = 1000,
};

/* What is signed. The ledger stood at exchange set `set` and operation `operation`: all entries of
 * these and of earlier ones, and no other, are under the root. */
struct root_statement {
    char centre[ROOT_CENTRE_MAX + 1];
    civil_date day;
    char made[CLOCK_TEXT_MAX]; /* to the second, with the city's offset */
    int64_t accounts;          /* leaves: accounts that have an entry */
    int64_t set, operation;    /* 0: none yet */
    uint8_t root[SHA256_SIZE];
    uint8_t previous[SHA256_SIZE]; /* of the statement before; zeros for the first */
};

/* The text that is signed, lines of "key: value"; returns its length. */
size_t root_statement_write(const struct root_statement *s, char out[ROOT_STATEMENT_MAX]);
/* Reads such a text, which must be exactly as it would be written. False: it is not. */
bool root_statement_read(struct text t, struct root_statement *out);

/* --- key.c: the centre's keys, root-1.key … in the folder of keys --- */

/* The newest signing key. make: one is made when there is none. CONFIG: there is none, or it cannot be
 * read. The seed is wiped by the caller (sodium_memzero). */
enum result root_key_read(const char *folder, bool make, uint8_t seed[ROOT_SEED],
                          struct error *err);
void root_key_public(const uint8_t seed[ROOT_SEED], uint8_t out[ROOT_PUBLIC]);

/* --- roots as they are stored --- */

struct root {
    struct root_statement statement;
    struct text text; /* of the statement, in the arena */
    uint8_t signer[ROOT_PUBLIC], signature[ROOT_SIGNATURE];
};

struct root_desk {
    const struct clock *clock;
    const char *centre; /* its name */
    const char *keys;   /* the folder */
    bool may_make_key;  /* the first root makes the key */
};

/* Makes today's root. *made is false, and *out the one that is there, when today has one already. BUSY:
 * an operation is under way that is not done (a settlement): its entries would be half under it. DAMAGED:
 * the root before does not read. CONFIG: there is no key. progress may be NULL. No transaction may be open. */
enum result root_make(const struct root_desk *d, struct db *db, struct arena *a,
                      struct progress *progress, struct root *out, bool *made, struct error *err);

/* NOT_FOUND: none of that day; day DATE_NONE: the newest. In a transaction. */
enum result root_find(struct db *db, struct arena *a, civil_date day, struct root *out,
                      struct error *err);
/* The newest first, at most limit. In a transaction. */
enum result root_list(struct db *db, struct arena *a, int limit, struct root **out, size_t *count,
                      struct error *err);

/* Signature, and that the text is a statement of that day. */
bool root_signature_good(const struct root *r);

/* The path from an account's head at that root up to it. NOT_FOUND: the account had no entry yet.
 * DAMAGED: the heads of today's chains do not give the root. In a transaction. */
struct root_proof {
    struct text account;
    int64_t seq;
    uint8_t hash[SHA256_SIZE];
    struct merkle_step path[MERKLE_LEVELS];
    int path_len;
};
enum result root_prove(struct db *db, const struct root *r, struct text account,
                       struct progress *progress, struct root_proof *out, struct error *err);
/* The root that the path leads to. */
void root_proof_climb(const struct root_proof *p, struct sha256 *sha, uint8_t out[SHA256_SIZE]);

/* anju root … */
int root_main(int argc, char **argv);

#endif
