/* What a restart hands to the program that takes the place of this one, in the same process. */
#ifndef ANJU_SERVE_HANDOVER_H
#define ANJU_SERVE_HANDOVER_H

#include <stdbool.h>
#include <sys/types.h>

#include "serve/program.h"

struct handover {
    int lock, listener; /* descriptors: of run/serve.lock, held; of the public address, listening */
    pid_t nginx, worker, standins[STANDIN_COUNT];
    int standin_ports[STANDIN_COUNT]; /* of the latter; 0 where there is none */
};

/* Before exec: the descriptors stay open, the environment says which they are. */
void handover_leave(const struct handover *h);

/* When exec failed: as it was before. */
void handover_undo(const struct handover *h);

/* At the start: true when this process was another program before, which left this. The environment
 * says nothing of it any more then. */
bool handover_take(struct handover *out);

#endif
