/* What a command opens before it does anything: the home, its clock, policy, keys and store. */
#ifndef ANJU_COMMAND_COMMAND_H
#define ANJU_COMMAND_COMMAND_H

#include "base/arena.h"
#include "base/clock.h"
#include "config/config.h"
#include "policy/policy.h"
#include "store/store.h"
#include "store/vault.h"

enum { COMMAND_USAGE = 64, COMMAND_ARENA_MAX = 16 * 1024 * 1024 };

/* All zero before command_open. It is large: let it be static. */
struct command_home {
    struct config config;
    struct clock clock;
    struct policy *policy; /* when wanted */
    struct vault *vault;   /* when wanted */
    struct store *store;
    struct db *db;
    struct arena *arena;
};

enum command_needs { COMMAND_POLICY = 1 << 0, COMMAND_VAULT = 1 << 1 };

/* Opens the home that the environment names, in this order; needs: of enum command_needs. Errors are
 * those of each step. What was opened is closed by command_close, also after an error. */
enum result command_open(struct command_home *h, unsigned needs, struct error *err);
void command_close(struct command_home *h);

#endif
