/* What a line of ledger.csv must hold by itself, by its kind (docs/data-exchange.md). */
#include "people.h"

static bool is_contribution(int64_t kind)
{
    return kind == ENTRY_REMITTANCE || kind == ENTRY_BACK_PAYMENT;
}

static bool moves_no_money(int64_t kind)
{
    return kind == ENTRY_OPENING || kind == ENTRY_UNSEALING || kind == ENTRY_SEALING ||
           kind == ENTRY_FREEZING || kind == ENTRY_LIFTING;
}

static void must_be_there(struct source *s, int column, const char *words)
{
    if (!s->v[column].there)
        source_fault(s, column, FAULT_EMPTY, words);
}

static void must_be_empty(struct source *s, int column, const char *words)
{
    if (s->v[column].there)
        source_fault(s, column, FAULT_EMPTY, words);
}

static void contribution_rules(struct source *s)
{
    const struct value *v = s->v;

    must_be_there(s, LEDGER_HBJNY, "a contribution names its month");
    must_be_there(s, LEDGER_DWZH, "a contribution names its unit");
    for (int i = LEDGER_GRJCJS; i <= LEDGER_GRJCBL; i++)
        must_be_there(s, i, "a contribution has base and ratios");
    if (v[LEDGER_DWJCE].n + v[LEDGER_GRJCE].n != v[LEDGER_FSE].n)
        source_fault(s, LEDGER_FSE, FAULT_RULE, "not the sum of the unit's and the own share");
}

static void other_rules(struct source *s)
{
    for (int i = LEDGER_GRJCJS; i <= LEDGER_GRJCBL; i++)
        must_be_empty(s, i, "only a contribution has base and ratios");
    for (int i = LEDGER_DWJCE; i <= LEDGER_GRJCE; i++)
        if (s->v[i].n != 0)
            source_fault(s, i, FAULT_RULE, "only a contribution has shares");
}

static void kind_rules(struct source *s)
{
    const struct value *v = s->v;
    int64_t kind = v[LEDGER_GJHTQYWLX].n;

    if (is_contribution(kind))
        contribution_rules(s);
    else
        other_rules(s);
    if (moves_no_money(kind) && v[LEDGER_FSE].n != 0)
        source_fault(s, LEDGER_FSE, FAULT_RULE, "this kind moves no money");
    if (kind == ENTRY_INTEREST && v[LEDGER_FSLXE].n != v[LEDGER_FSE].n)
        source_fault(s, LEDGER_FSLXE, FAULT_RULE, "the yearly interest is the amount");
    if (kind == ENTRY_WITHDRAWAL || kind == ENTRY_CLOSING)
        must_be_there(s, LEDGER_TQYY, "a withdrawal has its reason");
    else
        must_be_empty(s, LEDGER_TQYY, "only a withdrawal has a reason");
}

static void settlement_rules(struct source *s)
{
    for (int i = LEDGER_JZRQ; i <= LEDGER_QXRQ; i++) {
        int year, month, day;

        date_split((civil_date){(int32_t)s->v[i].n}, &year, &month, &day);
        if (month != 6 || day != 30)
            source_fault(s, i, FAULT_RULE, "the yearly interest is dated 30 June");
    }
}

void entry_rules(struct source *s)
{
    const struct value *v = s->v;

    kind_rules(s);
    if (v[LEDGER_GJHTQYWLX].n == ENTRY_INTEREST && v[LEDGER_CZBZ].n == 0)
        settlement_rules(s);
    if (v[LEDGER_DNGJFSE].n + v[LEDGER_SNJZFSE].n != v[LEDGER_FSE].n)
        source_fault(s, LEDGER_DNGJFSE, FAULT_BALANCE, "the two parts do not add up to the amount");
    if (v[LEDGER_QXRQ].n > v[LEDGER_JZRQ].n)
        source_fault(s, LEDGER_QXRQ, FAULT_RULE, "later than the booking date");
    if (v[LEDGER_CZBZ].n == 1)
        must_be_there(s, LEDGER_CZXH, "a reversing entry names the entry that it reverses");
    else
        must_be_empty(s, LEDGER_CZXH, "the entry reverses nothing");
}
