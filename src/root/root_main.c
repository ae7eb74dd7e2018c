/* The command `anju root`: making signed roots, showing them, proving one account, checking a proof. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "command/command.h"
#include "root/proof.h"
#include "root/root.h"
#include "service/staff_case.h"

enum { JSON_LIMIT = 1024 * 1024, LIST_OTHERWISE = 30 };

static const char usage[] =
    "usage: anju root make [--json]\n"
    "       anju root list [--limit N] [--json]\n"
    "       anju root show [DAY] [--json]\n"
    "       anju root key\n"
    "       anju root proof ACCOUNT [--day DAY] --staff NAME --why CASE\n"
    "       anju root check FILE --key PUBLIC-KEY\n"
    "  make    today's root over all accounts, signed; the first one makes the key root-1.key\n"
    "  list    the newest roots\n"
    "  show    the statement of a day (the newest): what was signed, by which key\n"
    "  key     the public key, for whoever checks\n"
    "  proof   how an account's head leads to a root, as JSON; the look is on the holder's record\n"
    "  check   a proof against the public key, with no home and no database\n";

struct root_command {
    struct staff_case who; /* its account is also the word that a verb takes */
    civil_date day;
    int64_t limit;
    const char *key;
    struct command_home home;
};

static int wrong(const char *what)
{
    fprintf(stderr, "anju root: %s\n", what);
    return COMMAND_USAGE;
}

/* --- saying --- */

static void hex_put(struct json *j, const char *name, const uint8_t *at, size_t len)
{
    char hex[2 * ROOT_SIGNATURE + 1];

    sodium_bin2hex(hex, sizeof hex, at, len);
    json_put_text(j, name, text_of(hex));
}

void root_json(struct json *j, const char *name, const struct root *r)
{
    json_put_object(j, name);
    json_put_date(j, "day", r->statement.day);
    json_put_int(j, "accounts", r->statement.accounts);
    json_put_text(j, "statement", r->text);
    hex_put(j, "signer", r->signer, sizeof r->signer);
    hex_put(j, "signature", r->signature, sizeof r->signature);
    json_put_object_end(j);
}

static void print(struct json *j)
{
    if (!j->failed)
        puts(j->at);
    json_free(j);
}

static void say(const struct root_command *k, const struct root *r, const char *words)
{
    char signer[2 * ROOT_PUBLIC + 1], signature[2 * ROOT_SIGNATURE + 1];
    struct json j;

    if (k->who.json) {
        json_start(&j, JSON_LIMIT);
        root_json(&j, NULL, r);
        print(&j);
        return;
    }
    sodium_bin2hex(signer, sizeof signer, r->signer, sizeof r->signer);
    sodium_bin2hex(signature, sizeof signature, r->signature, sizeof r->signature);
    printf("%s%.*ssigned by %s\nsignature %s\n", words, TEXT_ARG(r->text), signer, signature);
}

/* --- the verbs --- */

static enum result run_make(struct root_command *k, struct error *err)
{
    struct command_home *h = &k->home;
    struct root_desk desk = {.clock = &h->clock,
                             .centre = h->config.centre_zh,
                             .keys = h->config.keys,
                             .may_make_key = true};
    struct progress progress;
    struct root root;
    bool made = false;
    enum result r;

    progress_start(&progress, "Accounts", 0);
    r = root_make(&desk, h->db, h->arena, &progress, &root, &made, err);
    progress_end(&progress);
    if (r == RESULT_OK)
        say(k, &root, made ? "" : "There is one of today already.\n");
    return r;
}

static enum result run_list(struct root_command *k, struct error *err)
{
    struct command_home *h = &k->home;
    struct root *list;
    struct json j;
    size_t count;
    enum result r = root_list(h->db, h->arena, (int)k->limit, &list, &count, err);

    if (r != RESULT_OK)
        return r;
    if (k->who.json) {
        json_start(&j, JSON_LIMIT);
        json_put_array(&j, NULL);
        for (size_t i = 0; i < count; i++)
            root_json(&j, NULL, &list[i]);
        json_put_array_end(&j);
        print(&j);
        return r;
    }
    for (size_t i = 0; i < count; i++) {
        char day[DATE_TEXT_MAX], hex[2 * SHA256_SIZE + 1];

        date_format(list[i].statement.day, day);
        sha256_hex(list[i].statement.root, hex);
        printf("%s  %9" PRId64 " accounts  %s%s\n", day, list[i].statement.accounts, hex,
               root_signature_good(&list[i]) ? "" : "  the signature is wrong");
    }
    if (count == 0)
        puts("There is no root yet.");
    return r;
}

static enum result run_show(struct root_command *k, struct error *err)
{
    struct root root;
    enum result r = root_find(k->home.db, k->home.arena, k->day, &root, err);

    if (r == RESULT_OK && !root_signature_good(&root))
        r = error_set(err, RESULT_DAMAGED, "the signature of this root is wrong");
    if (r == RESULT_OK)
        say(k, &root, "");
    return r;
}

static enum result run_key(struct root_command *k, struct error *err)
{
    uint8_t seed[ROOT_SEED], public[ROOT_PUBLIC];
    char hex[2 * ROOT_PUBLIC + 1];
    enum result r = root_key_read(k->home.config.keys, false, seed, err);

    if (r != RESULT_OK)
        return r;
    root_key_public(seed, public);
    sodium_memzero(seed, sizeof seed);
    sodium_bin2hex(hex, sizeof hex, public, sizeof public);
    puts(hex);
    return r;
}

static enum result prove(struct root_command *k, struct root *root, struct root_proof *proof,
                         struct error *err)
{
    struct progress progress;
    enum result r = root_find(k->home.db, k->home.arena, k->day, root, err);

    if (r != RESULT_OK)
        return r;
    progress_start(&progress, "Accounts", (uint64_t)root->statement.accounts);
    r = root_prove(k->home.db, root, k->who.account, &progress, proof, err);
    progress_end(&progress);
    return r;
}

static enum result run_proof(struct root_command *k, struct error *err)
{
    struct root root;
    struct root_proof proof;
    struct view v;
    struct json j;
    enum result r = staff_case_open(&k->who, &k->home, PART_LEDGER, &v, err);

    if (r == RESULT_OK)
        r = db_begin(k->home.db, STORE_READ, err);
    if (r != RESULT_OK)
        return r;
    r = prove(k, &root, &proof, err);
    db_rollback(k->home.db);
    if (r != RESULT_OK)
        return r;
    json_start(&j, JSON_LIMIT);
    root_proof_json(&j, &root, &proof);
    print(&j);
    return r;
}

/* --- the whole --- */

static enum result reading(struct root_command *k,
                           enum result (*verb)(struct root_command *, struct error *),
                           struct error *err)
{
    enum result r = db_begin(k->home.db, STORE_READ, err);

    if (r != RESULT_OK)
        return r;
    r = verb(k, err);
    db_rollback(k->home.db);
    return r;
}

static enum result run(struct root_command *k, const char *verb, struct error *err)
{
    enum result r = command_open(&k->home, 0, err);

    if (r != RESULT_OK)
        return r;
    if (strcmp(verb, "make") == 0)
        return run_make(k, err);
    if (strcmp(verb, "proof") == 0)
        return run_proof(k, err);
    if (strcmp(verb, "key") == 0)
        return run_key(k, err);
    return reading(k, strcmp(verb, "list") == 0 ? run_list : run_show, err);
}

/* NULL, or what is wrong with the words after the verb. */
static const char *arguments(struct root_command *k, int argc, char **argv)
{
    for (int i = 2; i < argc; i++) {
        bool more = i + 1 < argc;

        if (strcmp(argv[i], "--day") == 0 && more) {
            if (!date_parse(text_of(argv[++i]), &k->day))
                return "--day is a date, as 2026-11-25";
        } else if (strcmp(argv[i], "--limit") == 0 && more) {
            if (!text_to_int(text_of(argv[++i]), &k->limit) || k->limit < 1 ||
                k->limit > ROOT_LIST_MAX)
                return "--limit is a number from 1 to 1000";
        } else if (strcmp(argv[i], "--key") == 0 && more) {
            k->key = argv[++i];
        } else if (!staff_case_argument(&k->who, argc, argv, &i)) {
            return "there is no such option, or its value is missing (anju root --help)";
        }
    }
    return NULL;
}

/* The word that a verb takes, and the options that it wants. */
static const char *verb_wrong(struct root_command *k, const char *verb)
{
    bool word = k->who.account.len > 0;

    if (strcmp(verb, "proof") == 0)
        return staff_case_wrong(&k->who);
    if (strcmp(verb, "check") == 0)
        return word && k->key ? NULL : "check wants a file and --key (anju root key prints it)";
    if (strcmp(verb, "show") == 0)
        return !word || date_parse(k->who.account, &k->day) ? NULL
                                                            : "a day is wanted, as 2026-11-25";
    if (strcmp(verb, "make") != 0 && strcmp(verb, "list") != 0 && strcmp(verb, "key") != 0)
        return "there is no such verb (anju root --help)";
    return word ? "this verb takes no further word" : NULL;
}

int root_main(int argc, char **argv)
{
    static struct root_command k = {.day = {INT32_MIN}, .limit = LIST_OTHERWISE};
    struct error err = {0};
    const char *mistake;
    enum result r;

    if (argc < 2 || strcmp(argv[1], "--help") == 0) {
        fputs(usage, argc < 2 ? stderr : stdout);
        return argc < 2 ? COMMAND_USAGE : 0;
    }
    mistake = arguments(&k, argc, argv);
    if (!mistake)
        mistake = verb_wrong(&k, argv[1]);
    if (mistake)
        return wrong(mistake);
    if (strcmp(argv[1], "check") == 0) {
        r = root_proof_check(k.who.account.at, k.key, &err);
    } else {
        r = run(&k, argv[1], &err);
        command_close(&k.home);
    }
    if (r != RESULT_OK)
        fprintf(stderr, "anju root: %s\n", err.sentence);
    return result_exit_status(r);
}
