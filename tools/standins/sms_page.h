/* The page on which the demo's codes arrive. */
#ifndef ANJU_STANDIN_SMS_PAGE_H
#define ANJU_STANDIN_SMS_PAGE_H

#include "sms_store.h"

/* The whole page, to be freed; NULL when there is no memory. */
char *sms_page(const struct clock *clock, const struct sent *messages, size_t count, size_t *len);

/* The same messages as JSON. */
char *sms_json(const struct clock *clock, const struct sent *messages, size_t count, size_t *len);

#endif
