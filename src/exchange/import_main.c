/* The command anju import. */
#include "import.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/progress.h"

static const char help[] =
    "anju import DIR\n"
    "\n"
    "Takes the exchange set in the folder DIR (manifest.json and ten CSV files) into the home\n"
    "folder ANJU_HOME, whole or not at all. The same set again changes nothing.\n"
    "\n"
    "Each mistake in the set is one line on standard error, FILE.csv:LINE:COLUMN CODE words, at\n"
    "most 50, then a count.\n"
    "\n"
    "Exit status: 0 taken, or taken before; 2 mistakes in the set, nothing was changed; 75 another\n"
    "process writes the ledger, try again; other numbers as sysexits.h has them. Ctrl-C ends it;\n"
    "nothing was changed then either.\n";

static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
enum {
    ENDING_COUNT = sizeof ending / sizeof *ending,
    STATUS_SIGNAL = 128,
    NICENESS = 10, /* as the service's password hashing: people who sign in do not wait for a set */
};

static volatile sig_atomic_t bar_shown;

/* The database forgets what was not committed, whenever the process ends. */
static void interrupted(int signal)
{
    static const char clear[] = "\r\033[K";
    static const char words[] = "anju import: interrupted; nothing was changed.\n";

    if (bar_shown && write(STDERR_FILENO, clear, sizeof clear - 1) < 0)
        _exit(STATUS_SIGNAL + signal);
    if (write(STDERR_FILENO, words, sizeof words - 1) < 0)
        _exit(STATUS_SIGNAL + signal);
    _exit(STATUS_SIGNAL + signal);
}

/* What was ignored at the start, as in a shell's background, stays so. */
static void take_signals(void)
{
    struct sigaction fresh = {.sa_handler = interrupted}, old;

    for (int i = 0; i < ENDING_COUNT; i++)
        if (sigaction(ending[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
            sigaction(ending[i], &fresh, NULL);
}

/* The summary then tells what happened. */
static void committing(void *context)
{
    (void)context;
    for (int i = 0; i < ENDING_COUNT; i++)
        signal(ending[i], SIG_IGN);
}

static void show(void *context, const char *line)
{
    struct progress *progress = context;

    /* Not behind the bar on the same line. */
    fprintf(stderr, "%s%s\n", progress->on && progress->shown_ms ? "\r\033[K" : "", line);
}

static void summary(const struct import_report *r)
{
    int64_t rows = 0;

    for (int i = 0; i < FILE_COUNT; i++) {
        printf("%-24s %12" PRId64 "\n", kinds[i].file, r->records[i]);
        rows += r->records[i];
    }
    printf("Set %" PRId64 " (%s) taken: %" PRId64 " records in %.1f s, %.0f a second.\n", r->number,
           r->set_id, rows, r->seconds, r->seconds > 0 ? (double)rows / r->seconds : 0);
}

static int finish(const struct import_report *r, enum result result, const struct error *err)
{
    if (result == RESULT_INVALID) {
        fprintf(stderr, "anju import: %" PRId64 " mistake%s%s; nothing was changed.\n", r->faults,
                r->faults == 1 ? "" : "s",
                r->faults > FAULTS_SHOWN_MAX ? ", the first 50 are shown" : "");
    } else if (result != RESULT_OK) {
        fprintf(stderr, "anju import: %s\n", err->sentence);
    } else if (r->already) {
        printf("Set %" PRId64 " (%s) was already taken; nothing was changed.\n", r->number,
               r->set_id);
    } else {
        summary(r);
    }
    return result_exit_status(result);
}

/* Reads the configuration; a home that is not there yet becomes one of the set's kind. */
static enum result load(struct config *config, const char *dir, struct error *err)
{
    struct faults unsaid = {0}; /* import_set says them */
    struct manifest manifest = {.demo = false};
    bool demo = manifest_read(dir, &manifest, &unsaid, err) == RESULT_OK && manifest.demo, made;
    enum result r = config_load_for_set(config, demo, manifest.as_of, &made, err);

    if (r == RESULT_OK && made)
        printf("%s is new and the set is a demo set: it becomes a demo home.\n", config->home);
    return r;
}

int import_main(int argc, char **argv)
{
    static struct config config;
    struct progress progress = {0};
    struct import_report report = {
        .show = show, .committing = committing, .context = &progress, .progress = &progress};
    struct error err = {.code = RESULT_OK};
    struct store *store = NULL;
    struct vault *vault = NULL;
    struct clock clock;
    enum result result;
    int status;

    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        fputs(help, stdout);
        return 0;
    }
    if (argc != 2 || argv[1][0] == '-') {
        fputs("anju import: one folder is wanted: anju import DIR (see anju import --help)\n",
              stderr);
        return 64;
    }
    bar_shown = isatty(STDERR_FILENO);
    take_signals();
    (void)!nice(NICENESS);
    result = load(&config, argv[1], &err);
    if (result == RESULT_OK)
        result = config_clock(&config, &clock, &err);
    if (result == RESULT_OK)
        result = vault_open(config.keys, false, &vault, &err);
    if (result == RESULT_OK)
        result = store_open(config.home, config.database, &store, &err);
    if (result != RESULT_OK) {
        fprintf(stderr, "anju import: %s\n", err.sentence);
        status = result_exit_status(result);
    } else {
        report.now = clock_now(&clock);
        result = import_set(store, vault, &config, argv[1], &report, &err);
        status = finish(&report, result, &err);
    }
    store_close(store);
    vault_close(vault);
    return status;
}
