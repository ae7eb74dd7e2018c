/* anju register. */
#include "member/register_command.h"

#include <getopt.h>
#include <sodium.h>
#include <stdio.h>

#include "base/log.h"
#include "member/member.h"

enum { STATUS_USAGE = 64, LINE_MAX_BYTES = 4 * MEMBER_PASSWORD_MAX + 2 };

static int usage(void)
{
    fputs("usage: anju register --id NUMBER --phone PHONE [--language zh|en] < PASSWORD\n", stderr);
    return STATUS_USAGE;
}

static bool read_arguments(int argc, char **argv, struct member_registration *reg)
{
    static const struct option options[] = {
        {"id", required_argument, NULL, 'i'},
        {"phone", required_argument, NULL, 'p'},
        {"language", required_argument, NULL, 'l'},
        {NULL, 0, NULL, 0},
    };
    int c;

    reg->language = TEXT("zh");
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'i': reg->id_number = text_of(optarg); break;
        case 'p': reg->phone = text_of(optarg); break;
        case 'l': reg->language = text_of(optarg); break;
        default: return false;
        }
    }
    return optind == argc && reg->id_number.len > 0 && reg->phone.len > 0;
}

static enum result read_password(char line[LINE_MAX_BYTES], struct text *out, struct error *err)
{
    if (!fgets(line, LINE_MAX_BYTES, stdin)) {
        return error_set(err, RESULT_INVALID, "the password is wanted as a line on standard input");
    }
    *out = (struct text){line, strcspn(line, "\r\n")};
    return RESULT_OK;
}

int register_main(int argc, char **argv)
{
    static struct config config;
    struct member_registration reg = {0};
    struct error err = {0};
    char line[LINE_MAX_BYTES] = "";
    struct clock clock;
    struct member_desk desk = {.config = &config, .clock = &clock};
    struct store *store = NULL;
    struct db *db = NULL;
    struct random random;
    enum result r;

    if (!read_arguments(argc, argv, &reg)) {
        return usage();
    }
    log_start("register", LOG_WARN);
    random_system(&random);
    r = read_password(line, &reg.password, &err);
    if (r == RESULT_OK) {
        r = config_load(&config, &err);
    }
    if (r == RESULT_OK) {
        r = config_clock(&config, &clock, &err);
    }
    if (r == RESULT_OK) {
        r = vault_open(config.keys, false, &desk.vault, &err);
    }
    if (r == RESULT_OK) {
        r = store_open(config.home, config.database, &store, &err);
    }
    if (r == RESULT_OK) {
        r = db_open(store, &db, &err);
    }
    if (r == RESULT_OK) {
        r = member_register(&desk, db, &random, &reg, &err);
    }
    if (r == RESULT_OK) {
        puts("registered");
    } else {
        fprintf(stderr, "anju: %s\n", err.sentence);
    }
    sodium_memzero(line, sizeof line);
    db_close(db);
    store_close(store);
    vault_close(desk.vault);
    return result_exit_status(r);
}
