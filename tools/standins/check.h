/* What the stand-ins of the identity authority and of the bank-card check share: a question comes,
 * "match" or "no-match" goes (src/provider/check.h). */
#ifndef ANJU_STANDIN_CHECK_H
#define ANJU_STANDIN_CHECK_H

#include "people.h"
#include "standin.h"

/* Is what was asked true of the person who has that ID number? */
typedef bool (*check_compare)(const struct person *asked, const struct person *known);

/* Answers a question; fields that were not sent are empty in asked. */
enum MHD_Result check_take(struct MHD_Connection *c, struct text body, check_compare compare);

/* Questions so far, for the page. */
int check_count(void);

#endif
