/* What must hold before the first process is started. */
#ifndef ANJU_SERVE_PREPARE_H
#define ANJU_SERVE_PREPARE_H

#include "base/result.h"
#include "config/config.h"

/*
 * Loads the configuration (making the home when it is empty), then opens once whatever the
 * children will open: policy, keys, stores with their migrations. nginx's master stays up although
 * none of its workers can work, so what is wrong must be found here; the sentence says what to do.
 */
enum result serve_prepare(struct config *config, struct error *err);

#endif
