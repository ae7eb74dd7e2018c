/* Private to the commands of src/contribution. */
#ifndef ANJU_CONTRIBUTION_COMMAND_H
#define ANJU_CONTRIBUTION_COMMAND_H

#include "base/json.h"
#include "command/command.h"
#include "internal.h"

enum { JSON_LIMIT = 64 * 1024 };

struct command {
    const char *called; /* "anju remit" */
    const struct contribution_op *op;
    const char *file, *folder;
    const char *options[CONTRIBUTION_FIELDS_MAX]; /* of the operation's fields */
    bool any_option;
    struct text key, staff;
    bool dry_run, json;
    struct command_home home;
    struct random random;
    char *content;
    size_t size;
};

/* Reads k->file into k->content, which the caller frees. */
enum result command_file(struct command *k, struct error *err);
/* Posts the content, in the home that is open. */
enum result command_post(struct command *k, struct progress *bar,
                         struct contribution_report *report, struct error *err);
void command_figures(struct json *j, const struct contribution_report *r);
/* Posts every .csv file of k->folder; the exit status. The caller closes the home. */
int command_folder(struct command *k);

#endif
