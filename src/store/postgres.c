#include "store/internal.h"
static enum result not_yet(struct store *s, struct error *err)
{
    (void)s;
    return error_set(err, RESULT_CONFIG, "PostgreSQL is not supported yet.");
}
const struct engine store_postgres = {.name = "postgresql", .remote = true, .store_open = not_yet};
