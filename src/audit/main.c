/* The command line of anju-audit: where the database and the policy are, and what is told at the end. */
#include <getopt.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit.h"
#include "tree.h"

enum { WHY_ROOM = 512, PATH_ROOM = 1024 };

static const char help[] =
    "anju-audit [--home DIR] [--database URL] [--policy FILE] [--json]\n"
    "  --home       the home folder (ANJU_HOME, or ./home)\n"
    "  --database   postgresql://… in place of what the home's anju.yaml says (ANJU_DATABASE)\n"
    "  --policy     the policy file, in place of the home's\n"
    "  --json       one document for programs\n"
    "\n"
    "Derives every balance, settlement, schedule and hash from the entries once more, by a program that\n"
    "shares no code with anju, and names what is stored otherwise. Only reads, and runs while the\n"
    "service does. Exit status 0: nothing differs; 1: something does; 64: a wrong option; 74: the\n"
    "database cannot be read; 78: the home or the policy cannot.\n";

struct options {
    char home[PATH_ROOM], url[PATH_ROOM], policy[PATH_ROOM];
    bool json;
};

/* --- where things are --- */

static bool is_file(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* policy/NAME.yaml in ANJU_ASSETS, or near the program: PREFIX/bin has PREFIX/share/anju, a build
 * folder the checkout above it. */
static bool find_policy(const char *name, char out[PATH_ROOM])
{
    static const char *const near[] = {"../share/anju", "..", "../.."};
    const char *assets = getenv("ANJU_ASSETS");
    char program[PATH_ROOM];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);

    if (assets && assets[0]) {
        snprintf(out, PATH_ROOM, "%.700s/policy/%.200s.yaml", assets, name);
        return is_file(out);
    }
    if (len <= 0)
        return false;
    program[len] = '\0';
    *strrchr(program, '/') = '\0';
    for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
        snprintf(out, PATH_ROOM, "%.700s/%s/policy/%.200s.yaml", program, near[i], name);
        if (is_file(out))
            return true;
    }
    return false;
}

static void take_text(const struct tree *t, const char *key, char *out)
{
    const char *text = tree_text(t, tree_get(t, tree_root(t), key));

    if (!out[0] && text)
        snprintf(out, PATH_ROOM, "%s", text);
}

/* What the options do not say, the home's anju.yaml says; and what that does not, is usual. */
static bool complete(struct options *o, char *why)
{
    const char *database = getenv("ANJU_DATABASE");
    char file[PATH_ROOM], name[PATH_ROOM] = "";
    struct tree *t;

    if (!o->url[0] && database && database[0])
        snprintf(o->url, sizeof o->url, "%s", database);
    snprintf(file, sizeof file, "%.900s/anju.yaml", o->home);
    t = tree_read(file, why, WHY_ROOM);
    if (!t)
        return o->policy[0] != '\0'; /* a database without its home */
    if (!database)
        take_text(t, "database", o->url);
    take_text(t, "policy", name);
    tree_free(t);
    if (o->policy[0])
        return true;
    snprintf(file, sizeof file, "%.900s/run/policy.yaml", o->home);
    if (is_file(file)) {
        snprintf(o->policy, sizeof o->policy, "%s", file);
        return true;
    }
    if (find_policy(name[0] ? name : "kunming", o->policy))
        return true;
    snprintf(why, WHY_ROOM, "the policy file is not found; --policy names it");
    return false;
}

static bool take_options(int argc, char **argv, struct options *o)
{
    static const struct option known[] = {
        {"home", required_argument, NULL, 'h'},   {"database", required_argument, NULL, 'd'},
        {"policy", required_argument, NULL, 'p'}, {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, '?' + 256},   {NULL, 0, NULL, 0}};
    const char *home = getenv("ANJU_HOME");
    int option;

    snprintf(o->home, sizeof o->home, "%s", home && home[0] ? home : "home");
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'h')
            snprintf(o->home, sizeof o->home, "%s", optarg);
        else if (option == 'd')
            snprintf(o->url, sizeof o->url, "%s", optarg);
        else if (option == 'p')
            snprintf(o->policy, sizeof o->policy, "%s", optarg);
        else if (option == 'j')
            o->json = true;
        else if (option == '?' + 256)
            exit(fputs(help, stdout) < 0);
        else
            return false;
    }
    if (optind < argc)
        fprintf(stderr, "anju-audit: there is nothing to do with \"%s\"\n", argv[optind]);
    return optind >= argc;
}

/* --- the audit --- */

static bool read_ledger(struct audit *a)
{
    bool ok = source_begin(a->source);

    if (!ok)
        return false;
    a->totals = totals_read(a->source, &a->rows_expected);
    ok = a->totals && roots_open(a) && audit_accounts(a) && audit_loans(a);
    if (ok) {
        totals_compare(a->totals, a->report);
        roots_compare(a);
    }
    source_end(a->source);
    return ok;
}

static bool read_desk(struct audit *a)
{
    bool ok = source_begin(a->source);

    if (!ok)
        return false;
    ok = audit_looks(a);
    source_end(a->source);
    return ok;
}

static int audit(const struct options *o)
{
    struct audit a = {.report = report_new(o->json)};
    char why[WHY_ROOM] = "";
    int status = EXIT_CONFIG;

    if (!a.report || !rates_read(o->policy, &a.rates, why, sizeof why)) {
        fprintf(stderr, "anju-audit: %s\n", why);
    } else if (!(a.source = source_open(o->home, o->url, why, sizeof why))) {
        fprintf(stderr, "anju-audit: the database cannot be opened: %s\n", why);
        status = EXIT_STORE;
    } else if (!read_ledger(&a) || !read_desk(&a)) {
        audit_rows_end(&a);
        fprintf(stderr, "anju-audit: %s\n",
                a.out_of_memory ? "out of memory" : source_why(a.source));
        status = a.out_of_memory ? EXIT_MEMORY : EXIT_STORE;
    } else {
        audit_rows_end(&a);
        report_end(a.report, &a.counts);
        status = report_count(a.report) > 0 ? EXIT_DIFFERS : 0;
    }
    totals_free(a.totals);
    roots_free(&a);
    source_close(a.source);
    rates_free(&a.rates);
    report_free(a.report);
    return status;
}

int main(int argc, char **argv)
{
    static struct options o;
    char why[WHY_ROOM] = "";

    if (!take_options(argc, argv, &o))
        return EXIT_USAGE;
    if (sodium_init() < 0)
        return EXIT_CONFIG;
    calendar_fill();
    if (!complete(&o, why)) {
        fprintf(stderr, "anju-audit: %s\n", why);
        return EXIT_CONFIG;
    }
    return audit(&o);
}
