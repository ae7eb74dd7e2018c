#include "sheet.h"

const struct file_facts file_facts[FILES] = {
    {"units.csv",
     "DWZH,DWMC,ZZJGDM,DWZHZT,DWKHRQ,DWXHRQ,DWJCBL,GRJCBL,JZNY,JBRXM,JBRGDDHHM,GLBM",
     {NULL}},
    {"accounts.csv",
     "GRZH,GRBH,XingMing,ZJLX,ZJHM,SJHM,GRCKZHHM,GRCKZHKHYHMC,DWZH,GRZHZT,KHRQ,XHRQ,XHYY,GRJCJS,"
     "DWJCBL,GRJCBL,DWYJCE,GRYJCE,JZNY,GRZHYE,GRZHSNJZYE,GRZHDNGJYE,DJJE,DJRQ,DJJG,HBZH,SXRQ",
     {"GRZHYE"}},
    {"terms.csv", "GRZH,SXNY,DWZH,JCZT,GRJCJS,DWJCBL,GRJCBL,DWJCE,GRJCE", {NULL}},
    {"ledger.csv",
     "GRZH,XH,JZRQ,QXRQ,GJHTQYWLX,HBJNY,DWZH,GRJCJS,DWJCBL,GRJCBL,DWJCE,GRJCE,FSE,DNGJFSE,SNJZFSE,"
     "FSLXE,YE,TQYY,YWLSH,CZBZ,CZXH",
     {"FSE", "FSLXE"}},
    {"applications.csv", "GRZH,SQBH,SQRQ,TQYY,SQJE,SQZT,YWLSH", {NULL}},
    {"application_steps.csv", "GRZH,SQBH,BZXH,BZRQ,BZLX,BZSM", {NULL}},
    {"loan_contracts.csv",
     "JKRGJJZH,JKHTBH,JKHTQDRQ,HTDKJE,DKQS,DKHKFS,JKHTLL,LLFDBL,DKDBLX,FWZJ,YDHKR,SWTYHMC,"
     "GTJKRGRZH",
     {"HTDKJE"}},
    {"loan_accounts.csv",
     "JKRGJJZH,DKZH,JKHTBH,DKFFE,DKFFRQ,DKYE,DKLL,DKQS,DKZT,YHQS,XYHKRQ,DQJHHKJE,DQJHGHBJ,"
     "DQJHGHLX,YQBJZE,YQLXZE,LJYQQS,HSBJZE,HSLXZE,DKJQRQ",
     {"DKFFE", "DKYE"}},
    {"loan_ledger.csv",
     "JKRGJJZH,DKZH,XH,YWFSRQ,JZRQ,DKYWMXLX,DQQC,FSE,BJJE,LXJE,FXJE,DKYE,YWLSH,CZBZ,CZXH",
     {"FSE", "BJJE", "LXJE", "FXJE"}},
    {"loan_rates.csv", "JKRGJJZH,DKZH,SXRQ,DKLL,DQJHHKJE", {NULL}},
    {"truth.jsonl", NULL, {NULL}},
};

void sheet_clear(struct sheet *s)
{
    for (int i = 0; i < FILES; i++)
        lines_clear(&s->file[i]);
    memset(s->total, 0, sizeof s->total);
}

void sheet_free(struct sheet *s)
{
    for (int i = 0; i < FILES; i++)
        lines_free(&s->file[i]);
}
