/* The command anju backup. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "backup/backup.h"
#include "base/json.h"
#include "internal.h"

static const char help[] =
    "anju backup DIR [--json]\n"
    "anju backup --check DIR [--json]\n"
    "\n"
    "Writes a copy of the home folder ANJU_HOME at one moment to DIR, which must be absent or\n"
    "empty, while the service runs: the database, anju.yaml, the policy, and manifest.json, which\n"
    "says what the copy adds up to. The keys are not in it: anju keys export writes them.\n"
    "\n"
    "  --check   compare a backup with its manifest, and on SQLite recompute it as anju verify does\n"
    "  --json    what was written or found, for programs\n"
    "\n"
    "Exit status: 0 written, or in order; 1 DIR is not empty, or the backup is damaged; 2 no backup\n"
    "is there; 74 the disk or the database failed; 75 another backup is being written there; others\n"
    "as anju help has them. Ctrl-C ends it; nothing is left of it then.\n";

enum { REPORT_MAX = 1024 * 1024 };

/* Not behind the bar on the same line. */
static void say_fault(const char *where, const char *what)
{
    fprintf(stderr, "%s%s: %s\n", isatty(STDERR_FILENO) ? "\r\033[K" : "", where, what);
}

static void print_json(const struct backup_job *job, bool check)
{
    const struct backup_manifest *m = &job->manifest;
    struct json j;
    int64_t bytes = 0;

    for (int i = 0; i < m->file_count; i++)
        bytes += m->files[i].size;
    json_start(&j, REPORT_MAX);
    json_put_object(&j, NULL);
    json_put_text(&j, "folder", text_of(job->dir));
    json_put_text(&j, "engine", text_of(m->engine));
    json_put_int(&j, "bytes", bytes);
    json_put_int(&j, "accounts", m->figures.accounts);
    json_put_fen(&j, "balance", fen_of(m->figures.balance));
    json_put_int(&j, "entries", m->figures.entries);
    json_put_int(&j, "loans", m->figures.loans);
    json_put_int(&j, "loan_entries", m->figures.loan_entries);
    json_put_int(&j, "members", m->figures.members);
    json_put_int(&j, "looks", m->figures.looks);
    json_put_int(&j, "desk_moment_ms", m->desk_moment);
    json_put_int(&j, "ledger_moment_ms", m->ledger_moment);
    if (check) {
        json_put_bool(&j, "verified", job->verified);
        json_put_int(&j, "fault_count", job->faults);
    }
    json_put_object_end(&j);
    if (!j.failed)
        puts(j.at);
    json_free(&j);
}

static void print_summary(const struct backup_job *job, bool check)
{
    const struct backup_manifest *m = &job->manifest;
    char balance[FEN_TEXT_MAX];

    fen_format(fen_of(m->figures.balance), balance);
    printf("%s: %" PRId64 " accounts with %" PRId64 " entries and %s yuan, %" PRId64
           " loans, %" PRId64 " members, %" PRId64 " access records\n",
           job->dir, m->figures.accounts, m->figures.entries, balance, m->figures.loans,
           m->figures.members, m->figures.looks);
    if (!check)
        puts("The keys are not in it: anju keys export writes them.");
    else if (job->faults > 0)
        printf("%" PRId64 " faults\n", job->faults);
    else if (job->verified)
        puts("The files are what the manifest says, and all of it follows.");
    else
        puts("The files are what the manifest says, and a dump reads to its end. The figures are "
             "recomputed by anju verify after a restore.");
}

static enum result take(struct backup_job *job, struct error *err)
{
    static struct config config;
    bool there;
    enum result r = config_look(&config, &there, err);

    if (r == RESULT_OK && !there)
        r = error_set(err, RESULT_CONFIG, "there is no home in %s: name it in ANJU_HOME",
                      config.home);
    return r == RESULT_OK ? backup_take(&config, ANJU_VERSION, job, err) : r;
}

static int usage(void)
{
    fputs("anju backup: one folder is wanted: anju backup [--check] DIR (see anju backup --help)\n",
          stderr);
    return BACKUP_STATUS_USAGE;
}

int backup_main(int argc, char **argv)
{
    static const struct option options[] = {
        {"check", no_argument, NULL, 'c'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    static struct backup_job job;
    static char dir[BACKUP_PATH_MAX];
    bool check = false, json = false;
    struct error err = {0};
    enum result r;
    int c;

    optind = 1;
    opterr = 0;
    while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (c) {
        case 'c': check = true; break;
        case 'j': json = true; break;
        case 'h': fputs(help, stdout); return 0;
        default: return usage();
        }
    }
    if (optind + 1 != argc)
        return usage();
    stop_listen();
    (void)!nice(BACKUP_NICENESS);
    r = folder_name(argv[optind], dir, &err);
    job.dir = dir;
    if (r == RESULT_OK)
        r = check ? backup_check(&job, say_fault, &err) : take(&job, &err);
    if (r != RESULT_OK) {
        fprintf(stderr, "anju backup: %s\n",
                stop_asked() ? "interrupted; nothing is left of it" : err.sentence);
        return stop_asked() ? stop_status() : result_exit_status(r);
    }
    if (json)
        print_json(&job, check);
    else
        print_summary(&job, check);
    return job.faults > 0 ? 1 : 0;
}
