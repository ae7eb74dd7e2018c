/* `anju loan`: one table of what it can do. */
#include "service/loan_command.h"

#include <stdio.h>
#include <string.h>

#include "ledger/loan_command.h"
#include "ledger/loan_options.h"

enum { NAME_WIDTH = 10 };

#define COMMON                                                                                        \
    "  --key         the form's number: the same key is the same operation for ever, and is posted\n" \
    "                once\n"                                                                          \
    "  --staff       who does it, at most 20 characters; the holder sees that somebody looked\n"      \
    "  --dry-run     does it, says what came of it, and takes it back\n"                              \
    "  --json        for programs\n"

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
    {"contract", loan_order_main, "sign a contract; --dry-run says what would come of it",
     "anju loan contract --key KEY --staff NAME --account ACCOUNT --contract NUMBER --date DATE\n"
     "                   --amount YUAN --months N --method annuity|principal|once --due-day N\n"
     "                   --guarantee N --bank NAME [--price YUAN] [--rate PERCENT]\n"
     "                   [--second-home] [--coborrower ACCOUNT] [--dry-run] [--json]\n"
     "  --rate        left out: the policy's of that day, a second home's with --second-home\n"
     "  --guarantee   1 mortgage, 2 pledge, 3 surety, 99 other\n" COMMON},
    {"pay-out", loan_order_main, "pay a contract's money out; the plan begins",
     "anju loan pay-out --key KEY --staff NAME --account ACCOUNT --contract NUMBER --loan NUMBER\n"
     "                  --date DATE [--dry-run] [--json]\n" COMMON},
    {"pay", loan_order_main, "money that a borrower brings: overdue, due, then early",
     "anju loan pay --key KEY --staff NAME --account ACCOUNT --loan NUMBER --date DATE\n"
     "              --amount YUAN [--then shorter|lower] [--from-fund] [--reason N] [--dry-run]\n"
     "              [--json]\n"
     "  --then        what becomes of more than what is due: a shorter term or a lower instalment\n"
     "  --from-fund   out of the borrower's fund account (冲还贷)\n"
     "  --reason      for a day before something that is posted: it is taken back and done again\n" COMMON},
    {"settle", loan_order_main, "repay all that is left, with interest and penalty to the day",
     "anju loan settle --key KEY --staff NAME --account ACCOUNT --loan NUMBER --date DATE\n"
     "                 [--from-fund] [--reason N] [--dry-run] [--json]\n" COMMON},
    {"reverse", loan_order_main, "take something back; what came after it is done again",
     "anju loan reverse --key KEY --staff NAME --account ACCOUNT --loan NUMBER --act N --reason N\n"
     "                  [--missed] [--dry-run] [--json]\n"
     "  --act      what is taken back: the number that its answer gave\n"
     "  --reason   101 amount, 102 another account, 103 date, 104 twice, 105 returned by the bank,\n"
     "             106 interest, 107 settled anew, 199 other\n"
     "  --missed   the instalment was not collected: it is overdue from its day on\n" COMMON},
    {"file", loan_file_main, "do the lines of a file, all or none",
     "anju loan file FILE --staff NAME [--dry-run] [--json]\n"
     "  A CSV file with a header: operation, key, and the names of the options above without\n"
     "  dashes; a column is left empty where its option is, a flag's holds yes. At most 10,000\n"
     "  lines. A line that was done before is not done again.\n"
     "  --dry-run   does everything and takes it back\n"},
    {"collect", loan_batch_main, "collect what is due in the whole city",
     "anju loan collect --date DATE [--returned FILE] [--dry-run] [--json]\n"
     "  --date       every instalment that is due on or before it; not a day to come\n"
     "  --returned   what the bank could not collect: a CSV file with the columns account, loan;\n"
     "               these instalments are overdue from then on\n"
     "  May be killed and run again: no instalment is collected twice.\n"},
    {"reprice", loan_batch_main, "give every loan the rate that holds from 1 January on",
     "anju loan reprice --date DATE [--dry-run] [--json]\n"
     "  --date   a 1 January, not to come; loans with an instalment before it that is not collected\n"
     "           are passed over and named: collect, and run it again\n"
     "  May be killed and run again.\n"},
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
