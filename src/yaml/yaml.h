/* Reading a YAML file into C structs, as a libcyaml schema says, with errors a person can act on:
 * "FILE:LINE: what is wrong". */
#ifndef ANJU_YAML_YAML_H
#define ANJU_YAML_YAML_H

#include <cyaml/cyaml.h>

#include "base/result.h"

enum { YAML_FILE_MAX = 256 * 1024 };

/* The names begin with yaml_file: libyaml itself calls a yaml_free, and would find one of ours.
 *
 * Reads the file at path. *out belongs to the caller: yaml_file_free. An unknown key, a value of the
 * wrong kind, a missing key, an anchor or an empty file is RESULT_CONFIG; a file that cannot be
 * read RESULT_IO. */
enum result yaml_file_load(const char *path, const cyaml_schema_value_t *schema, void **out,
                           struct error *err);
void yaml_file_free(const cyaml_schema_value_t *schema, void *data);

/* libcyaml takes any word for true; a switch is "true" or "false" and nothing else. */
extern const cyaml_strval_t yaml_switch[2];
#define YAML_FIELD_SWITCH(key, structure, member)                                                  \
    CYAML_FIELD_ENUM(key, CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, structure, member, yaml_switch, \
                     2)

#endif
