/* anju register. */
#include "member/register_command.h"

#include <getopt.h>
#include <sodium.h>
#include <stdio.h>

#include "base/log.h"
#include "command/command.h"
#include "member/member.h"

enum { LINE_MAX_BYTES = 4 * MEMBER_PASSWORD_MAX + 2 };

static int usage(void)
{
    fputs("usage: anju register --id NUMBER --phone PHONE [--language zh|en] < PASSWORD\n", stderr);
    return COMMAND_USAGE;
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

static enum result run(struct command_home *home, const struct member_registration *reg,
                       struct error *err)
{
    struct member_desk desk;
    struct random random;
    enum result r = command_open(home, COMMAND_VAULT, err);

    if (r != RESULT_OK) {
        return r;
    }
    random_system(&random);
    desk =
        (struct member_desk){.config = &home->config, .clock = &home->clock, .vault = home->vault};
    return member_register(&desk, home->db, &random, reg, err);
}

int register_main(int argc, char **argv)
{
    static struct command_home home;
    struct member_registration reg = {0};
    struct error err = {0};
    char line[LINE_MAX_BYTES] = "";
    enum result r;

    if (!read_arguments(argc, argv, &reg)) {
        return usage();
    }
    log_start("register", LOG_WARN);
    r = read_password(line, &reg.password, &err);
    if (r == RESULT_OK) {
        r = run(&home, &reg, &err);
    }
    if (r == RESULT_OK) {
        puts("registered");
    } else {
        fprintf(stderr, "anju: %s\n", err.sentence);
    }
    sodium_memzero(line, sizeof line);
    command_close(&home);
    return result_exit_status(r);
}
