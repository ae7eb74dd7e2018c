/* What must hold before the first process is started, and before a reload. */
#ifndef ANJU_SERVE_PREPARE_H
#define ANJU_SERVE_PREPARE_H

#include "base/result.h"
#include "config/config.h"

/* Loads the configuration, making the home when it is empty. CONFIG when it is no demo home, and root
 * would serve it: what answers the network must not own the machine. as_root: it may. */
enum result serve_load(struct config *config, bool as_root, struct error *err);

/*
 * Keeps the files of policy and offices as they are now for the processes of this service
 * (HOME/run/policy.yaml, offices.yaml): one that starts later, because another died, goes by what was found good and not by what somebody is
 * just editing. Opens once, and closes again, what each of nginx's workers will open: routes with their policies,
 * the city's policy, keys, stores with their migrations. nginx's master stays up although none of
 * its workers can work, so what is wrong must be found here. HOME/run must be there.
 */
enum result serve_try(const struct config *config, struct error *err);

#endif
