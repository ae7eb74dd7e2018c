/* The `anju` command: one table of what it can do. */
#include <stdio.h>
#include <string.h>

#include "backup/backup.h"
#include "channel/web/web.h"
#include "city/city.h"
#include "contribution/contribution.h"
#include "demo/demo_home.h"
#include "enquiry/enquiry.h"
#include "exchange/import.h"
#include "ledger/interest_check.h"
#include "ledger/settle.h"
#include "ledger/verify.h"
#include "member/register_command.h"
#include "root/root.h"
#include "serve/serve.h"
#include "service/account_command.h"
#include "service/freeze_command.h"
#include "service/loan_command.h"
#include "withdraw/withdraw.h"
#include "worker/worker.h"

enum { STATUS_USAGE = 64, NAME_WIDTH = 12 };

/* argv[0] is the command's own name; the answer is the exit status. */
struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *does;    /* one line */
    const char *options; /* what `anju NAME --help` says; NULL: the command says it itself */
};

static int help_main(int argc, char **argv);
static int version_main(int argc, char **argv);

static const struct command commands[] = {
    {"serve", serve_main, "run the service until Ctrl-C",
     "anju serve [--listen ADDRESS:PORT] [--workers N] [--print-depositors] [--end-with-parent]\n"
     "           [--as-root]\n"
     "anju serve --try\n"
     "  --listen             instead of ANJU_LISTEN and of listen in anju.yaml\n"
     "  --workers            nginx's processes\n"
     "  --print-depositors   in a demo home, once it answers: the demo's depositors\n"
     "  --try                only say whether it would start; the stores are migrated\n"
     "  --end-with-parent    end also when the process that started it is gone\n"
     "  --as-root            root may serve a home that is no demo home, in a container perhaps\n"},
    {"worker", worker_main, "send messages and clean up (anju serve runs it)", "anju worker\n"},
    {"register", register_main, "let a holder sign in to the hall",
     "anju register --id NUMBER --phone PHONE [--language zh|en] < PASSWORD\n"
     "  --id         the ID number; at least one contribution must be posted for its holder\n"
     "  --phone      the mobile phone that codes go to, also a name to sign in with\n"
     "  --language   of the text messages (zh)\n"
     "  The password is one line on standard input, 8 to 128 characters.\n"},
    {"enquiry", enquiry_main, "list and answer what holders ask", NULL},
    {"import", import_main, "take a set of exchange files into the ledger", NULL},
    {"remit", remit_main, "post a unit's contributions of a month", NULL},
    {"contribution", contribution_main, "whatever else happens to contribution accounts", NULL},
    {"interest", interest_main, "work every imported settlement out anew",
     "anju interest check [--json]\n"
     "  --json   a report for programs\n"
     "  Lists each settlement of an exchange set whose interest is not what comes out. Exit status 1\n"
     "  when there is one.\n"},
    {"account", account_main, "an account on a day: balance, interest, the calculation",
     "anju account ACCOUNT --as-of DATE --staff NAME --why CASE [--json]\n"
     "  --as-of   a day since the opening, at most the next settlement\n"
     "  --staff   who looks, at most 20 characters\n"
     "  --why     the case, at most 64 characters; the holder sees both in the list of looks\n"
     "  --json    for programs\n"},
    {"freeze", freeze_main, "show and lift a holder's own stop of payments",
     "anju freeze show ACCOUNT --staff NAME --why CASE [--json]\n"
     "anju freeze lift ACCOUNT --staff NAME --why CASE [--json]\n"
     "  show      since when the holder has stopped payments\n"
     "  lift      ends the stop; the holder reads it among the messages\n"
     "  --staff   who looks and lifts, at most 20 characters\n"
     "  --why     the case, at most 64 characters; the holder sees both in the list of looks\n"
     "  --json    for programs\n"
     "  Only for a holder whose identity was checked at the counter, or in that holder's own name.\n"},
    {"settle", settle_main, "post the yearly interest of every account",
     "anju settle --date DATE [--json]\n"
     "  --date   the settlement day, a 30 June that is not to come\n"
     "  --json   a report for programs\n"
     "  May be killed and run again: no account is posted to twice. Runs beside the service. Refused\n"
     "  when an earlier year is open.\n"},
    {"verify", verify_main, "recompute everything that is stored twice",
     "anju verify [--json]\n"
     "  --json   a report for programs\n"
     "  Exit status 1 when something is wrong; each fault names its row. Runs beside the service.\n"},
    {"root", root_main, "signed roots over all accounts: make, list, show, prove, check", NULL},
    {"backup", backup_main, "copy the home beside the running service, or check a copy", NULL},
    {"restore", restore_main, "bring a backup back into an empty home", NULL},
    {"keys", keys_main, "export the keys under a pass phrase, and import them", NULL},
    {"withdraw", withdraw_main, "withdrawals: apply, accept, decide, pay, cancel, list", NULL},
    {"loan", loan_main, "loans: contract, paying out, collecting, repayment", NULL},
    {"demo", city_main, "write the exchange files of a synthetic city", NULL},
    {"demo-home", demo_home_main, "make the home folder a demo home with a city in it",
     "anju demo-home [--people N] [--seed S] [--until DATE]\n"
     "  --people   how many (1000)\n"
     "  --seed     which city of that size (1)\n"
     "  --until    the day on which lives end and the home's clock starts (today)\n"
     "  Completes a home that was left half made; does nothing to one that is whole.\n"},
    {"routes", routes_main, "print the routes of the web service", NULL},
    {"version", version_main, "print the version", "anju version\n"},
    {"help", help_main, "print this list", "anju help\n"},
};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void print_commands(FILE *out)
{
    fputs("anju: the account service of a housing provident fund centre\n\n", out);
    for (int i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  anju %-*s %s\n", NAME_WIDTH, commands[i].name, commands[i].does);
    fputs("\nThe home folder is ANJU_HOME, or ./home. anju COMMAND --help says more.\n", out);
}

static int help_main(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    print_commands(stdout);
    return 0;
}

static int version_main(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    puts("anju " ANJU_VERSION);
    return 0;
}

static const struct command *find(const char *name)
{
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

int main(int argc, char **argv)
{
    const struct command *c;

    if (argc < 2) {
        print_commands(stderr);
        return STATUS_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help_main(0, NULL);
    if (strcmp(argv[1], "--version") == 0)
        return version_main(0, NULL);
    c = find(argv[1]);
    if (!c) {
        fprintf(stderr, "anju: there is no command \"%s\"; anju help lists them\n", argv[1]);
        return STATUS_USAGE;
    }
    if (c->options && argc > 2 && (strcmp(argv[2], "--help") == 0 || strcmp(argv[2], "-h") == 0)) {
        printf("%s\n%s.\n", c->options, c->does);
        return 0;
    }
    return c->run(argc - 1, argv + 1);
}
