/* truth.jsonl: what each account's figures must be, worked out by the city itself. */
#ifndef ANJU_CITY_TRUTH_H
#define ANJU_CITY_TRUTH_H

#include "account.h"

void truth_line(const struct world *w, const struct account_facts *f, struct sheet *s);

#endif
