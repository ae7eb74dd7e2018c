/* The steps of making a demo home, each of which can be repeated. */
#include "demo_home.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"

enum { STATUS_USAGE = 64, PEOPLE_DEFAULT = 1000, SEED_DEFAULT = 1, PLAN_MAX = 64 };

struct wish {
    int64_t people, seed;
    civil_date until; /* DATE_NONE: today */
};

static enum result read_options(int argc, char **argv, struct wish *w, struct error *err)
{
    for (int i = 1; i < argc; i += 2) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        bool ok;

        if (strcmp(argv[i], "--people") == 0)
            ok = text_to_int(text_of(value), &w->people) && w->people >= DEPOSITORS;
        else if (strcmp(argv[i], "--seed") == 0)
            ok = text_to_int(text_of(value), &w->seed);
        else if (strcmp(argv[i], "--until") == 0)
            ok = date_parse(text_of(value), &w->until);
        else
            return error_set(err, RESULT_INVALID, "there is no option %s", argv[i]);
        if (!ok)
            return error_set(err, RESULT_INVALID, "%s: \"%s\" will not do", argv[i], value);
    }
    return RESULT_OK;
}

static void path_of(char out[DEMO_PATH_MAX], const struct config *c, const char *name)
{
    snprintf(out, DEMO_PATH_MAX, "%s/%s", c->home, name);
}

static bool exists(const struct config *c, const char *name)
{
    char path[DEMO_PATH_MAX];

    path_of(path, c, name);
    return access(path, F_OK) == 0;
}

/* "1000 1\n"; a line that was cut off is none. */
static bool read_plan(const char *line, struct wish *w)
{
    const char *space = strchr(line, ' '), *end = strchr(line, '\n');

    return space && end && space < end &&
           text_to_int((struct text){line, (size_t)(space - line)}, &w->people) &&
           text_to_int((struct text){space + 1, (size_t)(end - space) - 1}, &w->seed);
}

/* A home that was left half made goes on with the people and the seed it was begun with: its city
 * may be taken already, and another one would be refused. */
static enum result settle_plan(const struct config *c, struct wish *w, struct error *err)
{
    char path[DEMO_PATH_MAX], line[PLAN_MAX] = "";
    FILE *f;
    bool ok;

    path_of(path, c, "tmp");
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return error_set(err, RESULT_IO, "%s: %s", path, strerror(errno));
    path_of(path, c, "tmp/plan");
    f = fopen(path, "re");
    if (f) {
        ok = fgets(line, sizeof line, f) && read_plan(line, w);
        fclose(f);
        if (ok)
            return RESULT_OK;
    }
    f = fopen(path, "we");
    ok = f && fprintf(f, "%" PRId64 " %" PRId64 "\n", w->people, w->seed) > 0;
    if (f && fclose(f) != 0)
        ok = false;
    return ok ? RESULT_OK : error_set(err, RESULT_IO, "%s: %s", path, strerror(errno));
}

/* Runs a command of this program. It shows its own progress and says itself what is wrong; its
 * summary is not for here. It ends when this process does. */
static enum result run(const char *const argv[], struct error *err)
{
    pid_t parent = getpid(), child = fork();
    int status;

    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() == parent && nowhere >= 0 && dup2(nowhere, STDOUT_FILENO) >= 0)
            execv("/proc/self/exe", (char *const *)(uintptr_t)argv);
        _exit(71);
    }
    if (child < 0)
        return error_set(err, RESULT_INTERNAL, "a process cannot be started: %s", strerror(errno));
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return error_set(err, RESULT_INTERNAL, "waiting failed: %s", strerror(errno));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return RESULT_OK;
    if (WIFSIGNALED(status))
        return error_set(err, RESULT_INTERNAL, "anju %s was ended by signal %d", argv[1],
                         WTERMSIG(status));
    return error_set(err, RESULT_INTERNAL, "anju %s failed", argv[1]);
}

static enum result generate(const struct config *c, const struct wish *w, struct error *err)
{
    char folder[DEMO_PATH_MAX], people[32], seed[32], until[DATE_TEXT_MAX];
    const char *argv[] = {"anju", "demo",    folder, "--people", people, "--seed",
                          seed,   "--until", until,  "--force",  NULL};

    path_of(folder, c, "tmp/city");
    snprintf(people, sizeof people, "%" PRId64, w->people);
    snprintf(seed, sizeof seed, "%" PRId64, w->seed);
    date_format(c->clock_start, until);
    return run(argv, err);
}

/* The truth moves up when its city is in the ledger: its place says that this step is done. */
static enum result take(const struct config *c, struct error *err)
{
    char folder[DEMO_PATH_MAX], from[DEMO_PATH_MAX], to[DEMO_PATH_MAX];
    const char *argv[] = {"anju", "import", folder, NULL};
    enum result r;

    path_of(folder, c, "tmp/city");
    r = run(argv, err);
    if (r != RESULT_OK)
        return r;
    path_of(from, c, "tmp/city/truth.jsonl");
    path_of(to, c, "truth.jsonl");
    if (chmod(from, 0600) != 0 || rename(from, to) != 0)
        return error_set(err, RESULT_IO, "%s: %s", to, strerror(errno));
    return RESULT_OK;
}

/* The exchange files have served their turn; what cannot be removed does no harm. */
static void tidy(const struct config *c)
{
    static const char *const names[] = {
        "manifest.json",     "units.csv",          "accounts.csv",
        "terms.csv",         "ledger.csv",         "applications.csv",
        "loan_rates.csv",    "loan_ledger.csv",    "application_steps.csv",
        "loan_accounts.csv", "loan_contracts.csv",
    };
    char path[DEMO_PATH_MAX];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char name[64];
        snprintf(name, sizeof name, "tmp/city/%s", names[i]);
        path_of(path, c, name);
        unlink(path);
    }
    path_of(path, c, "tmp/city");
    rmdir(path);
    path_of(path, c, "tmp/plan");
    unlink(path);
}

static enum result fill(const struct config *c, struct wish *w, struct error *err)
{
    enum result r = RESULT_OK;

    if (!exists(c, "truth.jsonl")) {
        r = settle_plan(c, w, err);
        if (r == RESULT_OK)
            r = generate(c, w, err);
        if (r == RESULT_OK)
            r = take(c, err);
    }
    if (r == RESULT_OK)
        r = depositors_register(c, err);
    if (r == RESULT_OK) {
        tidy(c);
        r = config_demo_made(c, err);
    }
    return r;
}

static enum result make(struct config *c, struct wish *w, struct error *err)
{
    enum result r = config_make_demo(c, w->until, err);

    if (r != RESULT_OK)
        return r;
    if (!config_demo_unfinished(c)) {
        printf("%s is a demo home already.\n", c->home);
        return RESULT_OK;
    }
    /* Children find the same folder wherever the name came from. */
    if (setenv("ANJU_HOME", c->home, 1) != 0)
        return error_set(err, RESULT_MEMORY, "out of memory");
    r = fill(c, w, err);
    if (r == RESULT_OK)
        printf("%s is a demo home now; demo-depositors.txt there says who can sign in.\n", c->home);
    return r;
}

int demo_home_main(int argc, char **argv)
{
    struct config config;
    struct wish wish = {.people = PEOPLE_DEFAULT, .seed = SEED_DEFAULT, .until = DATE_NONE};
    struct error err = {0};
    enum result r = read_options(argc, argv, &wish, &err);

    if (r != RESULT_OK) {
        fprintf(stderr, "anju demo-home: %s\n", err.sentence);
        return STATUS_USAGE;
    }
    r = make(&config, &wish, &err);
    if (r != RESULT_OK)
        fprintf(stderr, "anju demo-home: %s\n", err.sentence);
    return r == RESULT_OK ? 0 : result_exit_status(r);
}
