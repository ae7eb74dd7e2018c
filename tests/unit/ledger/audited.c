#include "audited.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *audit_of(const struct fixture *f)
{
    char command[2048];
    json_error_t why;
    json_t *document;
    FILE *out;

    snprintf(command, sizeof command,
             ANJU_AUDIT " --home '%s' --database '%s' --policy policy/kunming.yaml --json", f->home,
             f->url);
    out = popen(command, "r");
    assert_non_null(out);
    document = json_loadf(out, 0, &why);
    pclose(out);
    if (!document)
        fail_msg("anju-audit: %s", why.text);
    return document;
}

void audited(const struct fixture *f)
{
    json_t *document = audit_of(f), *d;
    size_t i;

    json_array_foreach(json_object_get(document, "differences"), i, d)
    {
        bool planted = json_is_true(json_object_get(d, "imported")) &&
                       strcmp(json_string_value(json_object_get(d, "field")), "interest") == 0;

        if (!planted)
            fail_msg("anju-audit: %s", json_dumps(d, JSON_COMPACT));
    }
    json_decref(document);
}
