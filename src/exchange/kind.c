#include "kind.h"

#define COLUMN_ROW(F, name, form, presence, limit) {#name, FORM_##form, presence, limit},

static const struct column units[] = {UNITS_COLUMNS(COLUMN_ROW, UNITS)};
static const struct column accounts[] = {ACCOUNTS_COLUMNS(COLUMN_ROW, ACCOUNTS)};
static const struct column terms[] = {TERMS_COLUMNS(COLUMN_ROW, TERMS)};
static const struct column ledger[] = {LEDGER_COLUMNS(COLUMN_ROW, LEDGER)};
static const struct column applications[] = {APPLICATIONS_COLUMNS(COLUMN_ROW, APPLICATIONS)};
static const struct column steps[] = {STEPS_COLUMNS(COLUMN_ROW, STEPS)};
static const struct column contracts[] = {CONTRACTS_COLUMNS(COLUMN_ROW, CONTRACTS)};
static const struct column loans[] = {LOANS_COLUMNS(COLUMN_ROW, LOANS)};
static const struct column loan_ledger[] = {LOAN_LEDGER_COLUMNS(COLUMN_ROW, LOAN_LEDGER)};
static const struct column rates[] = {RATES_COLUMNS(COLUMN_ROW, RATES)};

#define COLUMNS(table) .columns = (table), .column_count = sizeof(table) / sizeof((table)[0])

const struct kind kinds[FILE_COUNT] = {
    [FILE_UNITS] = {.file = "units.csv", COLUMNS(units), .keys = 1},
    [FILE_ACCOUNTS] = {.file = "accounts.csv",
                       COLUMNS(accounts),
                       .keys = 1,
                       .totals = {ACCOUNTS_GRZHYE},
                       .total_count = 1},
    [FILE_TERMS] = {.file = "terms.csv", COLUMNS(terms), .keys = 2},
    [FILE_LEDGER] = {.file = "ledger.csv",
                     COLUMNS(ledger),
                     .keys = 2,
                     .totals = {LEDGER_FSE, LEDGER_FSLXE},
                     .total_count = 2},
    [FILE_APPLICATIONS] = {.file = "applications.csv", COLUMNS(applications), .keys = 2},
    [FILE_STEPS] = {.file = "application_steps.csv", COLUMNS(steps), .keys = 3},
    [FILE_CONTRACTS] = {.file = "loan_contracts.csv",
                        COLUMNS(contracts),
                        .keys = 2,
                        .totals = {CONTRACTS_HTDKJE},
                        .total_count = 1},
    [FILE_LOANS] = {.file = "loan_accounts.csv",
                    COLUMNS(loans),
                    .keys = 2,
                    .totals = {LOANS_DKFFE, LOANS_DKYE},
                    .total_count = 2},
    [FILE_LOAN_LEDGER] = {.file = "loan_ledger.csv",
                          COLUMNS(loan_ledger),
                          .keys = 3,
                          .totals = {LOAN_LEDGER_FSE, LOAN_LEDGER_BJJE, LOAN_LEDGER_LXJE,
                                     LOAN_LEDGER_FXJE},
                          .total_count = 4},
    [FILE_RATES] = {.file = "loan_rates.csv", COLUMNS(rates), .keys = 3},
};

_Static_assert(sizeof(accounts) / sizeof(accounts[0]) <= KIND_COLUMNS_MAX, "columns");
