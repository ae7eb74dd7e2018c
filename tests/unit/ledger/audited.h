/* The second program's opinion on a fixture's database. */
#ifndef ANJU_TEST_LEDGER_AUDITED_H
#define ANJU_TEST_LEDGER_AUDITED_H

#include <jansson.h>

#include "fixture.h"

/* Runs anju-audit on it; the caller frees the document (json_decref). */
json_t *audit_of(const struct fixture *f);

/* Nothing differs, but for the settlements that a city's generator books wrong on purpose. */
void audited(const struct fixture *f);

#endif
