#include "command/command.h"

enum result command_open(struct command_home *h, unsigned needs, struct error *err)
{
    enum result r = config_load(&h->config, err);

    h->arena = arena_new(COMMAND_ARENA_MAX);
    if (r == RESULT_OK && !h->arena) {
        r = error_set(err, RESULT_MEMORY, "no memory for the command");
    }
    if (r == RESULT_OK) {
        r = config_clock(&h->config, &h->clock, err);
    }
    if (r == RESULT_OK && (needs & COMMAND_POLICY)) {
        r = policy_load(h->config.policy, &h->policy, err);
    }
    if (r == RESULT_OK && (needs & COMMAND_VAULT)) {
        r = vault_open(h->config.keys, false, &h->vault, err);
    }
    if (r == RESULT_OK) {
        r = store_open(h->config.home, h->config.database, &h->store, err);
    }
    if (r == RESULT_OK) {
        r = db_open(h->store, &h->db, err);
    }
    return r;
}

void command_close(struct command_home *h)
{
    db_close(h->db);
    store_close(h->store);
    vault_close(h->vault);
    policy_free(h->policy);
    arena_free(h->arena);
}
