/* `anju loan`: one table of what it can do. */
#include "ledger/loan_command.h"

#include <stdio.h>
#include <string.h>

#include "ledger/loan_command_internal.h"
#include "ledger/loan_options.h"

enum { NAME_WIDTH = 10 };

static const struct subcommand {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *does;
    const char *options;
} subcommands[] = {
    {"plan", loan_plan_main, "work out the instalments of a loan; reads and writes nothing",
     "anju loan plan --principal YUAN --rate PERCENT --months N --method annuity|principal|once\n"
     "               [--start DATE] [--json]\n"
     "  --principal   what is borrowed, like 700000.00\n"
     "  --rate        per cent a year, up to four decimals, like 2.60\n"
     "  --months      1 to 360; once: 1 to 12\n"
     "  --method      annuity: equal instalments (等额本息); principal: equal parts of the\n"
     "                principal (等额本金); once: everything at the end (一次还款付息)\n"
     "  --start       the day of paying out (today); the first instalment is due a month later,\n"
     "                on the same day or, where the month is too short, on its last day\n"
     "  --json        for programs: {\"months\": [{n, due, payment, principal, interest,\n"
     "                balance}, …]} with amounts in yuan\n"},
};
enum { SUBCOMMAND_COUNT = sizeof subcommands / sizeof *subcommands };

static void print_list(FILE *out)
{
    fputs("anju loan: loans and their repayment\n\n", out);
    for (int i = 0; i < SUBCOMMAND_COUNT; i++)
        fprintf(out, "  anju loan %-*s %s\n", NAME_WIDTH, subcommands[i].name, subcommands[i].does);
    fputs("\nanju loan NAME --help says more.\n", out);
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

int loan_main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("anju loan: say what; anju loan --help lists it\n", stderr);
        return STATUS_USAGE;
    }
    if (is_help(argv[1])) {
        print_list(stdout);
        return 0;
    }
    for (int i = 0; i < SUBCOMMAND_COUNT; i++) {
        const struct subcommand *s = &subcommands[i];

        if (strcmp(s->name, argv[1]) != 0)
            continue;
        if (argc > 2 && is_help(argv[2])) {
            printf("%s\n%s.\n", s->options, s->does);
            return 0;
        }
        return s->run(argc - 1, argv + 1);
    }
    fprintf(stderr, "anju loan: there is no \"%s\"; anju loan --help lists what there is\n",
            argv[1]);
    return STATUS_USAGE;
}
