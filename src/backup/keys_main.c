/* The command anju keys. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/backup.h"
#include "base/json.h"
#include "internal.h"
#include "keys.h"

static const char help[] =
    "anju keys export FILE [--pass-phrase FILE] [--json]\n"
    "anju keys import FILE [--pass-phrase FILE] [--json]\n"
    "\n"
    "export writes the keys of the home folder ANJU_HOME to FILE, which must not be there, sealed\n"
    "under a pass phrase of at least 15 characters. Keep file and pass phrase in two places, and\n"
    "neither beside the backups.\n"
    "\n"
    "import puts them where the home has its keys (ANJU_KEYS, HOME-keys; HOME/keys in a demo home).\n"
    "Keys that are there are never overwritten: the same ones are left, others are a refusal. The\n"
    "home need not be there yet.\n"
    "\n"
    "  --pass-phrase   the file, of mode 0600, whose first line it is; else it is asked for on the\n"
    "                  terminal, or is one line on standard input. Never an argument: everybody on\n"
    "                  the machine can read those\n"
    "  --json          how many keys, and where, for programs\n"
    "\n"
    "Exit status: 0 done; 1 another pass phrase, FILE or other keys are there; 2 FILE or the pass\n"
    "phrase will not do; 74 the disk failed; 78 the keys of the home cannot be read.\n";

enum { REPORT_MAX = 8192 };

/* What the command line says. */
struct asked {
    const char *file, *pass_phrase; /* the latter NULL: standard input */
    bool json;
};

/* What is worked on; lies in memory that is wiped. */
struct work {
    struct config config;
    struct key_set set;
    char line[PASS_PHRASE_MAX + 2];
    uint8_t sealed[KEYS_FILE_MAX];
    size_t size;
};

static enum result failed(const char *file, const char *doing, struct error *err)
{
    return error_set(err, RESULT_IO, "%s cannot be %s: %s", file, doing,
                     errno == ENOSPC ? "the disk is full" : strerror(errno));
}

/* Under a name of its own first, then linked, which never replaces a file. */
static enum result save(const char *file, const uint8_t *at, size_t size, struct error *err)
{
    char part[BACKUP_PATH_MAX + 8], name[BACKUP_PATH_MAX];
    enum result r = folder_name(file, name, err);
    int fd;

    if (r != RESULT_OK)
        return r;
    snprintf(part, sizeof part, "%s.part", name);
    unlink(part);
    fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return failed(part, "written", err);
    if (write(fd, at, size) != (ssize_t)size || fsync(fd) != 0)
        r = failed(part, "written", err);
    if (close(fd) != 0 && r == RESULT_OK)
        r = failed(part, "written", err);
    if (r == RESULT_OK && link(part, name) != 0)
        r = errno == EEXIST ? error_set(err, RESULT_CONFLICT,
                                        "%s is there already: name a file that is not", file)
                            : failed(file, "written", err);
    unlink(part);
    return r == RESULT_OK ? folder_sync_above(name, err) : r;
}

static enum result load(const char *file, struct work *w, struct error *err)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t n;

    if (fd < 0)
        return error_set(err, RESULT_INVALID, "%s cannot be read: %s", file, strerror(errno));
    n = read(fd, w->sealed, sizeof w->sealed);
    if (n < 0) {
        enum result r = failed(file, "read", err);

        close(fd);
        return r;
    }
    close(fd);
    w->size = (size_t)n;
    return RESULT_OK;
}

/* done counts those that were written, keys all in the set. */
static void print_json(const char *done, int count, int keys, const char *place, const char *where)
{
    struct json j;

    json_start(&j, REPORT_MAX);
    json_put_object(&j, NULL);
    json_put_int(&j, "keys", keys);
    json_put_int(&j, done, count);
    json_put_text(&j, place, text_of(where));
    json_put_object_end(&j);
    if (!j.failed)
        puts(j.at);
    json_free(&j);
}

static enum result export_keys(struct work *w, const struct asked *asked, struct error *err)
{
    const char *file = asked->file;
    struct text phrase;
    bool there;
    enum result r = config_look(&w->config, &there, err);

    if (r == RESULT_OK && !there)
        r = error_set(err, RESULT_CONFIG, "there is no home in %s: name it in ANJU_HOME",
                      w->config.home);
    if (r == RESULT_OK && access(file, F_OK) == 0)
        r = error_set(err, RESULT_CONFLICT, "%s is there already: name a file that is not", file);
    if (r == RESULT_OK)
        r = keys_read(w->config.keys, &w->set, err);
    if (r == RESULT_OK)
        r = pass_phrase_read(asked->pass_phrase, true, w->line, &phrase, err);
    if (r == RESULT_OK)
        r = pass_phrase_check(phrase, err);
    w->set.demo = w->config.demo;
    if (r == RESULT_OK)
        r = keys_seal(&w->set, phrase, w->sealed, &w->size, err);
    if (r == RESULT_OK)
        r = save(file, w->sealed, w->size, err);
    if (r == RESULT_OK && asked->json)
        print_json("exported", w->set.count, w->set.count, "file", file);
    else if (r == RESULT_OK)
        printf("%d keys exported to %s\n", w->set.count, file);
    return r;
}

/* Where the keys go: of a home that is not there yet, to where one of its kind has them. */
static enum result find_folder(struct work *w, bool there, bool *made, struct error *err)
{
    enum result r = there ? RESULT_OK : config_keys_of(&w->config, w->set.demo, err);

    *made = r == RESULT_OK && !there && w->set.demo && mkdir(w->config.home, 0700) == 0;
    return r;
}

static enum result import_keys(struct work *w, const struct asked *asked, struct error *err)
{
    const char *file = asked->file;
    struct text phrase;
    struct error why;
    bool there, made = false;
    int written = 0;
    enum result r = config_look(&w->config, &there, err);

    if (r == RESULT_OK)
        r = load(file, w, err);
    if (r == RESULT_OK)
        r = pass_phrase_read(asked->pass_phrase, false, w->line, &phrase, err);
    if (r == RESULT_OK) {
        r = keys_unseal(w->sealed, w->size, phrase, &w->set, &why);
        if (r != RESULT_OK)
            error_set(err, r, "%s: %s", file, why.sentence);
    }
    if (r == RESULT_OK)
        r = find_folder(w, there, &made, err);
    if (r == RESULT_OK)
        r = keys_write(w->config.keys, &w->set, &written, err);
    if (r != RESULT_OK && made)
        rmdir(w->config.home);
    if (r == RESULT_OK && asked->json)
        print_json("imported", written, w->set.count, "folder", w->config.keys);
    else if (r == RESULT_OK && written == 0)
        printf("The %d keys are in %s already; nothing was changed.\n", w->set.count,
               w->config.keys);
    else if (r == RESULT_OK)
        printf("%d keys imported into %s\n", written, w->config.keys);
    return r;
}

static int usage(void)
{
    fputs("anju keys: export or import and one file are wanted: anju keys export FILE (see anju "
          "keys --help)\n",
          stderr);
    return BACKUP_STATUS_USAGE;
}

/* In memory that is wiped. */
static int run(bool exporting, const struct asked *asked)
{
    struct error err = {0};
    struct work *w = sodium_init() < 0 ? NULL : sodium_malloc(sizeof *w);
    enum result r;

    if (!w) {
        fputs("anju keys: out of memory\n", stderr);
        return result_exit_status(RESULT_MEMORY);
    }
    memset(w, 0, sizeof *w);
    r = exporting ? export_keys(w, asked, &err) : import_keys(w, asked, &err);
    if (r != RESULT_OK)
        fprintf(stderr, "anju keys: %s\n", err.sentence);
    sodium_free(w);
    return result_exit_status(r);
}

int keys_main(int argc, char **argv)
{
    static const struct option options[] = {
        {"pass-phrase", required_argument, NULL, 'p'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct asked asked = {0};
    bool exporting;
    int c;

    optind = 1;
    opterr = 0;
    while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (c) {
        case 'p': asked.pass_phrase = optarg; break;
        case 'j': asked.json = true; break;
        case 'h': fputs(help, stdout); return 0;
        default: return usage();
        }
    }
    if (optind + 2 != argc || argv[optind + 1][0] == '\0')
        return usage();
    exporting = strcmp(argv[optind], "export") == 0;
    if (!exporting && strcmp(argv[optind], "import") != 0)
        return usage();
    asked.file = argv[optind + 1];
    return run(exporting, &asked);
}
