/* The command anju restore. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "backup/backup.h"
#include "base/json.h"
#include "internal.h"

static const char help[] =
    "anju restore DIR [--without-keys] [--json]\n"
    "\n"
    "Brings the backup in DIR back into the home folder ANJU_HOME, which must be absent or empty,\n"
    "whole or not at all; a backup of PostgreSQL into the empty database that ANJU_DATABASE (or the\n"
    "anju.yaml of the backup) names. The keys that it needs must be in their place before: see\n"
    "anju keys import.\n"
    "\n"
    "  --without-keys   restore although they are not: sealed fields stay closed, and nobody can\n"
    "                   sign in until they are brought\n"
    "  --json           what was restored, for programs\n"
    "\n"
    "Exit status: 0 restored; 1 the home or the database is not empty, or the backup is damaged; 2 no\n"
    "backup is there; 74 the disk or the database failed; 78 the keys are missing or others, or the\n"
    "settings do not fit. Ctrl-C ends it; nothing was changed then.\n";

enum { REPORT_MAX = 64 * 1024 };

static void print_json(const struct backup_job *job)
{
    const struct backup_manifest *m = &job->manifest;
    struct json j;

    json_start(&j, REPORT_MAX);
    json_put_object(&j, NULL);
    json_put_text(&j, "folder", text_of(job->dir));
    json_put_text(&j, "engine", text_of(m->engine));
    json_put_int(&j, "accounts", m->figures.accounts);
    json_put_fen(&j, "balance", fen_of(m->figures.balance));
    json_put_int(&j, "entries", m->figures.entries);
    json_put_int(&j, "members", m->figures.members);
    json_put_int(&j, "looks", m->figures.looks);
    json_put_bool(&j, "keys_compared", !job->without_keys);
    json_put_bool(&j, "policy_differs", job->policy_differs);
    json_put_object_end(&j);
    if (!j.failed)
        puts(j.at);
    json_free(&j);
}

static void print_summary(const struct backup_job *job)
{
    const struct backup_figures *f = &job->manifest.figures;
    char balance[FEN_TEXT_MAX];

    fen_format(fen_of(f->balance), balance);
    printf("Restored: %" PRId64 " accounts with %" PRId64 " entries and %s yuan, %" PRId64
           " members. anju verify recomputes them.\n",
           f->accounts, f->entries, balance, f->members);
    if (job->policy_differs)
        puts("The policy of the backup is another one than this program's: it lies in the home, as "
             "policy.yaml or offices.yaml.");
    if (job->without_keys)
        puts("The keys were not looked at: without them the service does not start.");
}

static int usage(void)
{
    fputs("anju restore: one folder is wanted: anju restore DIR (see anju restore --help)\n",
          stderr);
    return BACKUP_STATUS_USAGE;
}

int restore_main(int argc, char **argv)
{
    static const struct option options[] = {
        {"without-keys", no_argument, NULL, 'w'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    static struct backup_job job;
    static char dir[BACKUP_PATH_MAX];
    bool json = false;
    struct error err = {0};
    enum result r;
    int c;

    optind = 1;
    opterr = 0;
    while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (c) {
        case 'w': job.without_keys = true; break;
        case 'j': json = true; break;
        case 'h': fputs(help, stdout); return 0;
        default: return usage();
        }
    }
    if (optind + 1 != argc)
        return usage();
    stop_listen();
    r = folder_name(argv[optind], dir, &err);
    job.dir = dir;
    if (r == RESULT_OK)
        r = restore_run(&job, &err);
    if (r != RESULT_OK) {
        fprintf(stderr, "anju restore: %s\n",
                stop_asked() ? "interrupted; nothing was changed" : err.sentence);
        return stop_asked() ? stop_status() : result_exit_status(r);
    }
    if (json)
        print_json(&job);
    else
        print_summary(&job);
    return 0;
}
