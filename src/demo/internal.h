/* Private to src/demo. */
#ifndef ANJU_DEMO_INTERNAL_H
#define ANJU_DEMO_INTERNAL_H

#include <stdio.h>

#include "config/config.h"

enum { DEPOSITORS = 6, PASSWORD_ROOM = 16, DEMO_PATH_MAX = CONFIG_PATH_MAX + 64 };

/* Registers the depositors that HOME/truth.jsonl names and writes HOME/demo-depositors.txt. May be
 * repeated after it was killed. */
enum result depositors_register(const struct config *c, struct error *err);

#endif
