/* One wrong field after another, each with the line and column it is said at. */
#include "set.h"

/* One field of the set of set_data.c changed, and what must be said first and second. A digest never
 * differs: the manifest is made for what is written. */
struct change {
    enum file_id file;
    int line;
    const char *column, *value;
    const char *first, *second;
};

static void refuse(struct fixture *f, const struct change *c)
{
    struct set s;

    set_make(&s);
    set_cell(&s, c->file, c->line, c->column, c->value);
    set_refused(&s, f, c->first, c->second);
    set_free(&s);
}

#define REFUSE_ALL(state, table)                                           \
    do {                                                                   \
        for (size_t i_ = 0; i_ < sizeof(table) / sizeof((table)[0]); i_++) \
            refuse(*(state), &(table)[i_]);                                \
    } while (0)

static void forms(void **state)
{
    static const struct change all[] = {
        {FILE_UNITS, 2, "DWZH", "u001", "units.csv:2:DWZH E-FORM", NULL},
        {FILE_UNITS, 3, "DWMC", "", "units.csv:3:DWMC E-EMPTY", NULL},
        {FILE_UNITS, 3, "ZZJGDM", "91530199MA0000002", "units.csv:3:ZZJGDM E-FORM", NULL},
        {FILE_UNITS, 3, "ZZJGDM", "91530199MA0000002E", "units.csv:3:ZZJGDM E-CHECK", NULL},
        {FILE_UNITS, 3, "ZZJGDM", "91350200776049653A", "units.csv:3:ZZJGDM E-DEMO", NULL},
        {FILE_UNITS, 3, "DWZHZT", "06", "units.csv:3:DWZHZT E-CODE", NULL},
        {FILE_UNITS, 3, "DWKHRQ", "2001-02-30", "units.csv:3:DWKHRQ E-FORM", NULL},
        {FILE_UNITS, 3, "DWKHRQ", "1899-12-31", "units.csv:3:DWKHRQ E-RANGE", NULL},
        {FILE_UNITS, 3, "DWKHRQ", "2024-08-01", "units.csv:3:DWKHRQ E-RANGE later than", NULL},
        {FILE_UNITS, 3, "DWJCBL", "5.0", "units.csv:3:DWJCBL E-FORM", NULL},
        {FILE_UNITS, 3, "DWJCBL", "100.01", "units.csv:3:DWJCBL E-RANGE", NULL},
        {FILE_UNITS, 3, "JZNY", "2024-13", "units.csv:3:JZNY E-FORM", NULL},
        {FILE_UNITS, 3, "JZNY", "2200-01", "units.csv:3:JZNY E-RANGE", NULL},
        {FILE_UNITS, 3, "JBRGDDHHM", "12 34", "units.csv:3:JBRGDDHHM E-FORM", NULL},
        {FILE_UNITS, 3, "JBRGDDHHM", "123456789012345678901", "units.csv:3:JBRGDDHHM E-RANGE",
         NULL},
        {FILE_UNITS, 3, "GLBM",
         "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五"
         "六七八九十一二三四五六七八九十一",
         "units.csv:3:GLBM E-RANGE", NULL},
        {FILE_TERMS, 2, "GRJCJS", "8000", "terms.csv:2:GRJCJS E-FORM", NULL},
        {FILE_TERMS, 2, "GRJCJS", "08000.00", "terms.csv:2:GRJCJS E-FORM", NULL},
        {FILE_TERMS, 2, "GRJCJS", "+8000.00", "terms.csv:2:GRJCJS E-FORM", NULL},
        {FILE_TERMS, 2, "GRJCJS", "-0.00", "terms.csv:2:GRJCJS E-FORM", NULL},
        {FILE_TERMS, 2, "GRJCJS", "\"8,000.00\"", "terms.csv:2:GRJCJS E-FORM", NULL},
        {FILE_TERMS, 2, "GRJCJS", "-1.00", "terms.csv:2:GRJCJS E-RANGE", NULL},
        {FILE_TERMS, 2, "GRJCJS", "100000000000.01", "terms.csv:2:GRJCJS E-RANGE", NULL},
        {FILE_TERMS, 2, "GRJCJS", "99999999999999999999.99", "terms.csv:2:GRJCJS E-RANGE", NULL},
        {FILE_TERMS, 2, "JCZT", "1", "terms.csv:2:JCZT E-CODE", NULL},
        {FILE_STEPS, 2, "BZXH", "1.0", "application_steps.csv:2:BZXH E-FORM", NULL},
        {FILE_CONTRACTS, 2, "DKQS", "361", "loan_contracts.csv:2:DKQS E-RANGE", NULL},
        {FILE_CONTRACTS, 2, "DKQS", "0", "loan_contracts.csv:2:DKQS E-RANGE", NULL},
        {FILE_CONTRACTS, 2, "DKQS", "012", "loan_contracts.csv:2:DKQS E-FORM", NULL},
        {FILE_CONTRACTS, 2, "YDHKR", "29", "loan_contracts.csv:2:YDHKR E-RANGE", NULL},
        {FILE_CONTRACTS, 2, "JKHTLL", "0.031", "loan_contracts.csv:2:JKHTLL E-FORM", NULL},
        {FILE_CONTRACTS, 2, "JKHTLL", "0.0310001", "loan_contracts.csv:2:JKHTLL E-FORM", NULL},
        {FILE_CONTRACTS, 2, "JKHTLL", "3.1000000", "loan_contracts.csv:2:JKHTLL E-RANGE", NULL},
        {FILE_CONTRACTS, 2, "LLFDBL", "1", "loan_contracts.csv:2:LLFDBL E-FORM", NULL},
        {FILE_CONTRACTS, 2, "LLFDBL", "0.00", "loan_contracts.csv:2:LLFDBL E-RANGE", NULL},
        {FILE_CONTRACTS, 2, "HTDKJE", "0.00", "loan_contracts.csv:2:HTDKJE E-RANGE", NULL},
        {FILE_CONTRACTS, 2, "DKHKFS", "05", "loan_contracts.csv:2:DKHKFS E-CODE", NULL},
        {FILE_LEDGER, 3, "CZBZ", "2", "ledger.csv:3:CZBZ E-CODE", NULL},
        {FILE_LEDGER, 3, "XH", "0", "ledger.csv:3:XH E-RANGE", NULL},
        {FILE_LEDGER, 3, "GJHTQYWLX", "16", "ledger.csv:3:GJHTQYWLX E-CODE", NULL},
        {FILE_LEDGER, 3, "GJHTQYWLX", "1", "ledger.csv:3:GJHTQYWLX E-CODE", NULL},
        {FILE_LEDGER, 3, "FSE", "", "ledger.csv:3:FSE E-EMPTY", NULL},
        {FILE_LEDGER, 3, "YWLSH", "123456789012345678901", "ledger.csv:3:YWLSH E-RANGE", NULL},
    };

    REFUSE_ALL(state, all);
}

static void accounts(void **state)
{
    static const struct change all[] = {
        {FILE_ACCOUNTS, 2, "ZJHM", "530199199003070016", "accounts.csv:2:ZJHM E-CHECK", NULL},
        {FILE_ACCOUNTS, 2, "ZJHM", "53019919900307001x", "accounts.csv:2:ZJHM E-FORM", NULL},
        {FILE_ACCOUNTS, 2, "ZJHM", "53010219900307001X", "accounts.csv:2:ZJHM E-CHECK", NULL},
        {FILE_ACCOUNTS, 2, "ZJHM", "530102199003070016", "accounts.csv:2:ZJHM E-DEMO", NULL},
        {FILE_ACCOUNTS, 2, "ZJHM", "810000199408230021", "accounts.csv:2:ZJHM E-DEMO", NULL},
        {FILE_ACCOUNTS, 4, "ZJHM", "ABC000123456789", "accounts.csv:4:ZJHM E-DEMO", NULL},
        {FILE_ACCOUNTS, 4, "ZJHM", "AAA00012345678", "accounts.csv:4:ZJHM E-CHECK", NULL},
        {FILE_ACCOUNTS, 2, "ZJLX", "05", "accounts.csv:2:ZJLX E-CODE", NULL},
        {FILE_ACCOUNTS, 2, "SJHM", "1001234567", "accounts.csv:2:SJHM E-FORM", NULL},
        {FILE_ACCOUNTS, 2, "SJHM", "13888888888", "accounts.csv:2:SJHM E-DEMO", NULL},
        {FILE_ACCOUNTS, 2, "GRCKZHHM", "9999990000000000015", "accounts.csv:2:GRCKZHHM E-CHECK",
         NULL},
        {FILE_ACCOUNTS, 2, "GRCKZHHM", "6225768888888888", "accounts.csv:2:GRCKZHHM E-DEMO", NULL},
        {FILE_ACCOUNTS, 2, "GRCKZHHM", "99999900000", "accounts.csv:2:GRCKZHHM E-FORM", NULL},
        {FILE_ACCOUNTS, 2, "DWZH", "U003", "accounts.csv:2:DWZH E-REFERENCE", NULL},
        {FILE_ACCOUNTS, 2, "GRZHZT", "07", "accounts.csv:2:GRZHZT E-CODE", NULL},
        {FILE_ACCOUNTS, 2, "XHRQ", "2024-07-20", "accounts.csv:2:XHRQ E-EMPTY", NULL},
        {FILE_ACCOUNTS, 3, "XHRQ", "", "accounts.csv:3:XHRQ E-EMPTY", NULL},
        {FILE_ACCOUNTS, 4, "HBZH", "", "accounts.csv:4:HBZH E-EMPTY", NULL},
        {FILE_ACCOUNTS, 2, "HBZH", "5301990004", "accounts.csv:2:HBZH E-EMPTY", NULL},
        {FILE_ACCOUNTS, 4, "HBZH", "5301990009", "accounts.csv:4:HBZH E-REFERENCE",
         "ledger.csv:15:FSE E-RULE"},
        {FILE_ACCOUNTS, 2, "GRZHYE", "5780.63", "accounts.csv:2:GRZHYE E-BALANCE not the sum",
         "accounts.csv:2:GRZHYE E-BALANCE not what"},
        {FILE_ACCOUNTS, 2, "DJJE", "5780.63", "accounts.csv:2:DJJE E-RULE", NULL},
        {FILE_ACCOUNTS, 5, "GRBH", "P1", "accounts.csv:5:GRBH E-DUPLICATE",
         "accounts.csv:5:ZJHM E-DUPLICATE"},
        {FILE_ACCOUNTS, 3, "ZJHM", "530199199003070015", "accounts.csv:3:ZJHM E-DUPLICATE", NULL},
        {FILE_ACCOUNTS, 4, "ZJHM", "AAA000123456780", "accounts.csv:5:ZJHM E-RULE", NULL},
    };

    REFUSE_ALL(state, all);
}

static void entries(void **state)
{
    static const struct change all[] = {
        {FILE_LEDGER, 3, "HBJNY", "", "ledger.csv:3:HBJNY E-EMPTY", NULL},
        {FILE_LEDGER, 3, "DWZH", "", "ledger.csv:3:DWZH E-EMPTY", NULL},
        {FILE_LEDGER, 3, "DWZH", "U003", "ledger.csv:3:DWZH E-REFERENCE", NULL},
        {FILE_LEDGER, 3, "GRJCBL", "", "ledger.csv:3:GRJCBL E-EMPTY", NULL},
        {FILE_LEDGER, 4, "GRJCBL", "5.00", "ledger.csv:4:GRJCBL E-EMPTY", NULL},
        {FILE_LEDGER, 3, "DWJCE", "960.01", "ledger.csv:3:FSE E-RULE", NULL},
        {FILE_LEDGER, 4, "DWJCE", "0.01", "ledger.csv:4:DWJCE E-RULE", NULL},
        {FILE_LEDGER, 3, "DNGJFSE", "1920.01", "ledger.csv:3:DNGJFSE E-BALANCE", NULL},
        {FILE_LEDGER, 2, "FSE", "1.00", "ledger.csv:2:FSE E-RULE", "ledger.csv:2:DNGJFSE E-BAL"},
        {FILE_LEDGER, 4, "FSLXE", "1.29", "ledger.csv:4:FSLXE E-RULE", NULL},
        {FILE_LEDGER, 3, "YE", "1920.01", "ledger.csv:3:YE E-BALANCE", NULL},
        {FILE_LEDGER, 9, "TQYY", "", "ledger.csv:9:TQYY E-EMPTY", NULL},
        {FILE_LEDGER, 3, "TQYY", "01", "ledger.csv:3:TQYY E-EMPTY", NULL},
        {FILE_LEDGER, 5, "JZRQ", "2023-06-29", "ledger.csv:5:QXRQ E-RULE later than", NULL},
        {FILE_LEDGER, 11, "JZRQ", "2024-07-14", "ledger.csv:11:QXRQ E-RULE", NULL},
        {FILE_LEDGER, 3, "QXRQ", "2023-05-09", "ledger.csv:3:QXRQ E-RULE before the account", NULL},
        {FILE_LEDGER, 4, "JZRQ", "2023-07-01", "ledger.csv:4:JZRQ E-RULE", NULL},
        {FILE_LEDGER, 8, "CZXH", "", "ledger.csv:8:CZXH E-EMPTY", NULL},
        {FILE_LEDGER, 7, "CZXH", "5", "ledger.csv:7:CZXH E-EMPTY", NULL},
        {FILE_LEDGER, 8, "CZXH", "5", "ledger.csv:8:CZXH E-RULE the entry is of another kind",
         NULL},
        {FILE_LEDGER, 8, "CZXH", "7", "ledger.csv:8:CZXH E-REFERENCE", NULL},
        {FILE_LEDGER, 8, "CZXH", "8", "ledger.csv:8:CZXH E-REFERENCE", NULL},
        {FILE_LEDGER, 8, "QXRQ", "2023-09-02", "ledger.csv:8:QXRQ E-RULE", NULL},
        {FILE_LEDGER, 6, "YWLSH", "F0003", "ledger.csv:6:YWLSH E-DUPLICATE", NULL},
        {FILE_LEDGER, 4, "XH", "4", "ledger.csv:4:XH E-ORDER", "ledger.csv:5:XH E-DUPLICATE"},
        {FILE_LEDGER, 11, "XH", "11", "ledger.csv:11:XH E-ORDER", NULL},
        {FILE_LEDGER, 13, "FSE", "-999.00", "ledger.csv:13:DNGJFSE E-BALANCE", NULL},
        {FILE_LEDGER, 16, "FSE", "499.00", "ledger.csv:16:DNGJFSE E-BALANCE", NULL},
    };

    REFUSE_ALL(state, all);
}

static void applications_and_loans(void **state)
{
    static const struct change all[] = {
        {FILE_APPLICATIONS, 2, "YWLSH", "", "applications.csv:2:YWLSH E-EMPTY", NULL},
        {FILE_APPLICATIONS, 3, "YWLSH", "F0008", "applications.csv:3:YWLSH E-EMPTY", NULL},
        {FILE_APPLICATIONS, 2, "YWLSH", "F9999", "applications.csv:2:YWLSH E-REFERENCE", NULL},
        {FILE_APPLICATIONS, 2, "YWLSH", "F0007", "applications.csv:2:YWLSH E-RULE", NULL},
        {FILE_APPLICATIONS, 2, "SQJE", "1000.01", "applications.csv:2:YWLSH E-RULE", NULL},
        {FILE_APPLICATIONS, 3, "SQJE", "0.00", "applications.csv:3:SQJE E-RANGE", NULL},
        {FILE_APPLICATIONS, 3, "SQZT", "02", "application_steps.csv:6:BZLX E-RULE", NULL},
        {FILE_APPLICATIONS, 3, "SQBH", "A3", "application_steps.csv:6:SQBH E-REFERENCE",
         "applications.csv:3:SQZT E-RULE"},
        {FILE_STEPS, 3, "BZXH", "3", "application_steps.csv:3:BZXH E-ORDER",
         "application_steps.csv:4:BZXH E-DUPLICATE"},
        {FILE_STEPS, 6, "BZXH", "2", "application_steps.csv:6:BZXH E-ORDER", NULL},
        {FILE_STEPS, 3, "BZRQ", "2023-10-01", "application_steps.csv:3:BZRQ E-RULE", NULL},
        {FILE_STEPS, 5, "BZLX", "05", "application_steps.csv:5:BZLX E-RULE", NULL},
        {FILE_STEPS, 5, "BZLX", "07", "application_steps.csv:5:BZLX E-CODE", NULL},
        {FILE_CONTRACTS, 2, "GTJKRGRZH", "5301990009", "loan_contracts.csv:2:GTJKRGRZH E-REFERENCE",
         NULL},
        {FILE_CONTRACTS, 2, "JKHTBH", "C2", "loan_accounts.csv:2:JKHTBH E-REFERENCE", NULL},
        {FILE_CONTRACTS, 2, "JKRGJJZH", "5301990000", "loan_contracts.csv:2:JKRGJJZH E-REFERENCE",
         "loan_accounts.csv:2:JKHTBH E-REFERENCE"},
        {FILE_LOANS, 2, "DKYE", "118000.01", "loan_accounts.csv:2:DKYE E-BALANCE", NULL},
        {FILE_LOANS, 2, "DKZT", "03", "loan_accounts.csv:2:DKJQRQ E-EMPTY", NULL},
        {FILE_LOANS, 2, "DKJQRQ", "2024-07-01", "loan_accounts.csv:2:DKJQRQ E-EMPTY", NULL},
        {FILE_LOANS, 2, "DKFFRQ", "2024-01-21", "loan_rates.csv:2:SXRQ E-RULE", NULL},
        {FILE_LOANS, 2, "DKZH", "L2", "loan_ledger.csv:2:DKZH E-REFERENCE",
         "loan_rates.csv:2:DKZH E-REFERENCE"},
        {FILE_LOAN_LEDGER, 2, "FSE", "120000.00", "loan_ledger.csv:2:BJJE E-RULE", NULL},
        {FILE_LOAN_LEDGER, 3, "FSE", "1310.01", "loan_ledger.csv:3:FSE E-RULE", NULL},
        {FILE_LOAN_LEDGER, 3, "DKYE", "119000.01", "loan_ledger.csv:3:DKYE E-BALANCE", NULL},
        {FILE_LOAN_LEDGER, 4, "XH", "6", "loan_ledger.csv:4:XH E-ORDER",
         "loan_ledger.csv:5:XH E-ORDER"},
        {FILE_LOAN_LEDGER, 4, "JZRQ", "2024-02-19", "loan_ledger.csv:4:JZRQ E-RULE", NULL},
        {FILE_LOAN_LEDGER, 6, "CZXH", "", "loan_ledger.csv:6:CZXH E-EMPTY", NULL},
        {FILE_LOAN_LEDGER, 5, "CZXH", "1", "loan_ledger.csv:5:CZXH E-EMPTY", NULL},
        {FILE_LOAN_LEDGER, 6, "CZXH", "3", "loan_ledger.csv:6:CZXH E-RULE", NULL},
        {FILE_LOAN_LEDGER, 6, "CZXH", "5", "loan_ledger.csv:6:CZXH E-REFERENCE", NULL},
        {FILE_LOAN_LEDGER, 3, "DKYWMXLX", "10", "loan_ledger.csv:3:DKYWMXLX E-CODE", NULL},
        {FILE_RATES, 2, "SXRQ", "2024-01-21", "loan_rates.csv:2:SXRQ E-RULE", NULL},
    };

    REFUSE_ALL(state, all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms),
        cmocka_unit_test(accounts),
        cmocka_unit_test(entries),
        cmocka_unit_test(applications_and_loans),
    };

    return run_on_both("import refused", tests, sizeof tests / sizeof tests[0]);
}
