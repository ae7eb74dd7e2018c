/* Private to src/root: a proof as a file. */
#ifndef ANJU_ROOT_PROOF_H
#define ANJU_ROOT_PROOF_H

#include "base/json.h"
#include "root/root.h"

/* A root as an object; name may be NULL. */
void root_json(struct json *j, const char *name, const struct root *r);

/* The whole file: account, seq, hash, path, root. */
void root_proof_json(struct json *j, const struct root *r, const struct root_proof *p);

/* Reads such a file and says on standard output what it shows. The key (64 hex digits) is what the
 * caller trusts. INVALID: it is no such file, or no such key. DAMAGED: it does not prove what it says. */
enum result root_proof_check(const char *file, const char *key, struct error *err);

#endif
