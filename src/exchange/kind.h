/* The ten files of a set: their columns, keys and control totals, one table each. The order is the
 * manifest's. Columns carry the names of docs/data-exchange.md. */
#ifndef ANJU_EXCHANGE_KIND_H
#define ANJU_EXCHANGE_KIND_H

#include "exchange/column.h"

enum file_id {
    FILE_UNITS,
    FILE_ACCOUNTS,
    FILE_TERMS,
    FILE_LEDGER,
    FILE_APPLICATIONS,
    FILE_STEPS,
    FILE_CONTRACTS,
    FILE_LOANS,
    FILE_LOAN_LEDGER,
    FILE_RATES,
    FILE_COUNT,
};

enum { KIND_COLUMNS_MAX = 28, KIND_KEYS_MAX = 3, KIND_TOTALS_MAX = 4, KEY_TEXT_MAX = 30 };

struct kind {
    const char *file;
    const struct column *columns;
    int column_count;
    int keys;                    /* the file is sorted by its first columns */
    int totals[KIND_TOTALS_MAX]; /* columns summed up */
    int total_count;
};

extern const struct kind kinds[FILE_COUNT];

#define UNITS_COLUMNS(X, F)               \
    X(F, DWZH, NUMBER, MUST, 20)          \
    X(F, DWMC, TEXT, MUST, 120)           \
    X(F, ZZJGDM, CREDIT_CODE, MUST, 18)   \
    X(F, DWZHZT, CODE, MUST, CODES_A4)    \
    X(F, DWKHRQ, DATE, MUST, 0)           \
    X(F, DWXHRQ, DATE, MAY, 0)            \
    X(F, DWJCBL, PERCENT, MUST, 0)        \
    X(F, GRJCBL, PERCENT, MUST, 0)        \
    X(F, JZNY, MONTH, MAY, 0)             \
    X(F, JBRXM, TEXT, MAY, 60)            \
    X(F, JBRGDDHHM, OFFICE_LINE, MAY, 20) \
    X(F, GLBM, TEXT, MAY, 60)

#define ACCOUNTS_COLUMNS(X, F)                 \
    X(F, GRZH, NUMBER, MUST, 20)               \
    X(F, GRBH, NUMBER, MUST, 20)               \
    X(F, XingMing, TEXT, MUST, 60)             \
    X(F, ZJLX, CODE, MUST, CODES_A1)           \
    X(F, ZJHM, DOCUMENT, MUST, 18)             \
    X(F, SJHM, PHONE, MAY, 11)                 \
    X(F, GRCKZHHM, CARD, MAY, 19)              \
    X(F, GRCKZHKHYHMC, TEXT, MAY, 60)          \
    X(F, DWZH, NUMBER, MUST, 20)               \
    X(F, GRZHZT, CODE, MUST, CODES_A6)         \
    X(F, KHRQ, DATE, MUST, 0)                  \
    X(F, XHRQ, DATE, MAY, 0)                   \
    X(F, XHYY, CODE, MAY, CODES_A7)            \
    X(F, GRJCJS, AMOUNT_NOT_LESS, MUST, 0)     \
    X(F, DWJCBL, PERCENT, MUST, 0)             \
    X(F, GRJCBL, PERCENT, MUST, 0)             \
    X(F, DWYJCE, AMOUNT_NOT_LESS, MUST, 0)     \
    X(F, GRYJCE, AMOUNT_NOT_LESS, MUST, 0)     \
    X(F, JZNY, MONTH, MAY, 0)                  \
    X(F, GRZHYE, AMOUNT_NOT_LESS, MUST, 0)     \
    X(F, GRZHSNJZYE, AMOUNT_NOT_LESS, MUST, 0) \
    X(F, GRZHDNGJYE, AMOUNT_NOT_LESS, MUST, 0) \
    X(F, DJJE, AMOUNT_NOT_LESS, MUST, 0)       \
    X(F, DJRQ, DATE, MAY, 0)                   \
    X(F, DJJG, TEXT, MAY, 60)                  \
    X(F, HBZH, NUMBER, MAY, 20)                \
    X(F, SXRQ, DATE, MUST, 0)

#define TERMS_COLUMNS(X, F)                \
    X(F, GRZH, NUMBER, MUST, 20)           \
    X(F, SXNY, MONTH, MUST, 0)             \
    X(F, DWZH, NUMBER, MUST, 20)           \
    X(F, JCZT, CODE, MUST, CODES_1_TO_2)   \
    X(F, GRJCJS, AMOUNT_NOT_LESS, MUST, 0) \
    X(F, DWJCBL, PERCENT, MUST, 0)         \
    X(F, GRJCBL, PERCENT, MUST, 0)         \
    X(F, DWJCE, AMOUNT_NOT_LESS, MUST, 0)  \
    X(F, GRJCE, AMOUNT_NOT_LESS, MUST, 0)

#define LEDGER_COLUMNS(X, F)              \
    X(F, GRZH, NUMBER, MUST, 20)          \
    X(F, XH, SEQUENCE, MUST, 0)           \
    X(F, JZRQ, DATE, MUST, 0)             \
    X(F, QXRQ, DATE, MUST, 0)             \
    X(F, GJHTQYWLX, CODE, MUST, CODES_A5) \
    X(F, HBJNY, MONTH, MAY, 0)            \
    X(F, DWZH, NUMBER, MAY, 20)           \
    X(F, GRJCJS, AMOUNT_NOT_LESS, MAY, 0) \
    X(F, DWJCBL, PERCENT, MAY, 0)         \
    X(F, GRJCBL, PERCENT, MAY, 0)         \
    X(F, DWJCE, AMOUNT, MUST, 0)          \
    X(F, GRJCE, AMOUNT, MUST, 0)          \
    X(F, FSE, AMOUNT, MUST, 0)            \
    X(F, DNGJFSE, AMOUNT, MUST, 0)        \
    X(F, SNJZFSE, AMOUNT, MUST, 0)        \
    X(F, FSLXE, AMOUNT, MUST, 0)          \
    X(F, YE, AMOUNT, MUST, 0)             \
    X(F, TQYY, CODE, MAY, CODES_A7)       \
    X(F, YWLSH, NUMBER, MUST, 20)         \
    X(F, CZBZ, FLAG, MUST, 0)             \
    X(F, CZXH, SEQUENCE, MAY, 0)

#define APPLICATIONS_COLUMNS(X, F)       \
    X(F, GRZH, NUMBER, MUST, 20)         \
    X(F, SQBH, NUMBER, MUST, 20)         \
    X(F, SQRQ, DATE, MUST, 0)            \
    X(F, TQYY, CODE, MUST, CODES_A7)     \
    X(F, SQJE, AMOUNT_MORE, MUST, 0)     \
    X(F, SQZT, CODE, MUST, CODES_1_TO_5) \
    X(F, YWLSH, NUMBER, MAY, 20)

#define STEPS_COLUMNS(X, F)              \
    X(F, GRZH, NUMBER, MUST, 20)         \
    X(F, SQBH, NUMBER, MUST, 20)         \
    X(F, BZXH, SEQUENCE, MUST, 0)        \
    X(F, BZRQ, DATE, MUST, 0)            \
    X(F, BZLX, CODE, MUST, CODES_1_TO_6) \
    X(F, BZSM, TEXT, MAY, 200)

#define CONTRACTS_COLUMNS(X, F)          \
    X(F, JKRGJJZH, NUMBER, MUST, 20)     \
    X(F, JKHTBH, NUMBER, MUST, 30)       \
    X(F, JKHTQDRQ, DATE, MUST, 0)        \
    X(F, HTDKJE, AMOUNT_MORE, MUST, 0)   \
    X(F, DKQS, COUNT_FROM_1, MUST, 360)  \
    X(F, DKHKFS, CODE, MUST, CODES_A11)  \
    X(F, JKHTLL, RATE, MUST, 0)          \
    X(F, LLFDBL, FACTOR, MUST, 0)        \
    X(F, DKDBLX, CODE, MUST, CODES_A10)  \
    X(F, FWZJ, AMOUNT_NOT_LESS, MUST, 0) \
    X(F, YDHKR, COUNT_FROM_1, MUST, 28)  \
    X(F, SWTYHMC, TEXT, MAY, 60)         \
    X(F, GTJKRGRZH, NUMBER, MAY, 20)

#define LOANS_COLUMNS(X, F)                  \
    X(F, JKRGJJZH, NUMBER, MUST, 20)         \
    X(F, DKZH, NUMBER, MUST, 30)             \
    X(F, JKHTBH, NUMBER, MUST, 30)           \
    X(F, DKFFE, AMOUNT_MORE, MUST, 0)        \
    X(F, DKFFRQ, DATE, MUST, 0)              \
    X(F, DKYE, AMOUNT_NOT_LESS, MUST, 0)     \
    X(F, DKLL, RATE, MUST, 0)                \
    X(F, DKQS, COUNT_FROM_1, MUST, 360)      \
    X(F, DKZT, CODE, MUST, CODES_1_TO_3)     \
    X(F, YHQS, COUNT, MUST, 999)             \
    X(F, XYHKRQ, DATE_AHEAD, MAY, 0)         \
    X(F, DQJHHKJE, AMOUNT_NOT_LESS, MUST, 0) \
    X(F, DQJHGHBJ, AMOUNT_NOT_LESS, MUST, 0) \
    X(F, DQJHGHLX, AMOUNT_NOT_LESS, MUST, 0) \
    X(F, YQBJZE, AMOUNT_NOT_LESS, MUST, 0)   \
    X(F, YQLXZE, AMOUNT_NOT_LESS, MUST, 0)   \
    X(F, LJYQQS, COUNT, MUST, 999)           \
    X(F, HSBJZE, AMOUNT_NOT_LESS, MUST, 0)   \
    X(F, HSLXZE, AMOUNT_NOT_LESS, MUST, 0)   \
    X(F, DKJQRQ, DATE, MAY, 0)

#define LOAN_LEDGER_COLUMNS(X, F)         \
    X(F, JKRGJJZH, NUMBER, MUST, 20)      \
    X(F, DKZH, NUMBER, MUST, 30)          \
    X(F, XH, SEQUENCE, MUST, 0)           \
    X(F, YWFSRQ, DATE, MUST, 0)           \
    X(F, JZRQ, DATE, MUST, 0)             \
    X(F, DKYWMXLX, CODE, MUST, CODES_A15) \
    X(F, DQQC, COUNT_FROM_1, MAY, 999)    \
    X(F, FSE, AMOUNT, MUST, 0)            \
    X(F, BJJE, AMOUNT, MUST, 0)           \
    X(F, LXJE, AMOUNT, MUST, 0)           \
    X(F, FXJE, AMOUNT, MUST, 0)           \
    X(F, DKYE, AMOUNT_NOT_LESS, MUST, 0)  \
    X(F, YWLSH, NUMBER, MUST, 20)         \
    X(F, CZBZ, FLAG, MUST, 0)             \
    X(F, CZXH, SEQUENCE, MAY, 0)

#define RATES_COLUMNS(X, F)          \
    X(F, JKRGJJZH, NUMBER, MUST, 20) \
    X(F, DKZH, NUMBER, MUST, 30)     \
    X(F, SXRQ, DATE, MUST, 0)        \
    X(F, DKLL, RATE, MUST, 0)        \
    X(F, DQJHHKJE, AMOUNT_NOT_LESS, MUST, 0)

/* The place of each column in its file: LEDGER_FSE, ACCOUNTS_GRZHYE, … */
#define COLUMN_PLACE(F, name, form, presence, limit) F##_##name,
enum units_column { UNITS_COLUMNS(COLUMN_PLACE, UNITS) UNITS_COLUMN_COUNT };
enum accounts_column { ACCOUNTS_COLUMNS(COLUMN_PLACE, ACCOUNTS) ACCOUNTS_COLUMN_COUNT };
enum terms_column { TERMS_COLUMNS(COLUMN_PLACE, TERMS) TERMS_COLUMN_COUNT };
enum ledger_column { LEDGER_COLUMNS(COLUMN_PLACE, LEDGER) LEDGER_COLUMN_COUNT };
enum applications_column {
    APPLICATIONS_COLUMNS(COLUMN_PLACE, APPLICATIONS) APPLICATIONS_COLUMN_COUNT
};
enum steps_column { STEPS_COLUMNS(COLUMN_PLACE, STEPS) STEPS_COLUMN_COUNT };
enum contracts_column { CONTRACTS_COLUMNS(COLUMN_PLACE, CONTRACTS) CONTRACTS_COLUMN_COUNT };
enum loans_column { LOANS_COLUMNS(COLUMN_PLACE, LOANS) LOANS_COLUMN_COUNT };
enum loan_ledger_column { LOAN_LEDGER_COLUMNS(COLUMN_PLACE, LOAN_LEDGER) LOAN_LEDGER_COLUMN_COUNT };
enum rates_column { RATES_COLUMNS(COLUMN_PLACE, RATES) RATES_COLUMN_COUNT };
#undef COLUMN_PLACE

#endif
