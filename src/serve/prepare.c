#include "serve/prepare.h"

#include "policy/policy.h"
#include "store/store.h"
#include "store/vault.h"

enum result serve_prepare(struct config *config, struct error *err)
{
    struct policy *policy = NULL;
    struct vault *vault = NULL;
    struct store *store = NULL;
    enum result result = config_load(config, err);

    if (result == RESULT_OK)
        result = policy_load(config->policy, &policy, err);
    if (result == RESULT_OK)
        result = vault_open(config->keys, false, &vault, err);
    if (result == RESULT_OK)
        result = store_open(config->home, config->database, &store, err);
    if (store)
        store_close(store);
    if (vault)
        vault_close(vault);
    if (policy)
        policy_free(policy);
    return result;
}
