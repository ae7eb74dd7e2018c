/* As the pages have them. */
#include "statement/words.h"

struct word {
    const char *zh, *en;
};

static struct text choose(const struct word *words, size_t count, int n, bool english)
{
    const char *word = n >= 0 && (size_t)n < count ? english ? words[n].en : words[n].zh : NULL;

    return word ? text_of(word) : TEXT("");
}
#define CHOOSE(words, n, english) choose(words, sizeof(words) / sizeof *(words), n, english)

static const struct word contributions[] = {
    {"个人账号", "Account"},
    {"月份", "Month"},
    {"状态", "State"},
    {"缴存单位", "Employer"},
    {"缴存基数（元）", "Base (yuan)"},
    {"单位比例（%）", "Employer's ratio (%)"},
    {"个人比例（%）", "Own ratio (%)"},
    {"单位应缴（元）", "Employer's share due (yuan)"},
    {"个人应缴（元）", "Own share due (yuan)"},
    {"单位入账（元）", "Employer's share credited (yuan)"},
    {"个人入账（元）", "Own share credited (yuan)"},
    {"应缴日", "Due on"},
    {"入账日", "Credited on"},
};
static const struct word ledger[] = {
    {"个人账号", "Account"},
    {"序号", "No."},
    {"记账日期", "Booked on"},
    {"起息日期", "Earns from"},
    {"业务类型", "Kind"},
    {"汇补缴年月", "For month"},
    {"单位缴存（元）", "Employer's share (yuan)"},
    {"个人缴存（元）", "Own share (yuan)"},
    {"发生额（元）", "Amount (yuan)"},
    {"发生利息额（元）", "Interest (yuan)"},
    {"余额（元）", "Balance (yuan)"},
    {"提取原因", "Ground of withdrawal"},
    {"冲正序号", "Takes back no."},
    {"业务流水号", "Flow number"},
};
static const struct word interest[] = {
    {"个人账号", "Account"},
    {"结息年度", "Interest year"},
    {"从", "From"},
    {"到", "To"},
    {"天数", "Days"},
    {"部分", "Part"},
    {"余额（元）", "Balance (yuan)"},
    {"年利率（%）", "Rate (% a year)"},
    {"积数（元·天）", "Product (yuan x days)"},
    {"已入账利息（元）", "Interest posted (yuan)"},
    {"重新计算的利息（元）", "Interest worked out anew (yuan)"},
};
static const struct word loan_plan[] = {
    {"贷款账号", "Loan"},
    {"期次", "No."},
    {"还款日", "Due on"},
    {"还款额（元）", "Payment (yuan)"},
    {"本金（元）", "Principal (yuan)"},
    {"利息（元）", "Interest (yuan)"},
    {"剩余本金（元）", "Principal left (yuan)"},
};
static const struct word loan_history[] = {
    {"贷款账号", "Loan"},
    {"序号", "No."},
    {"发生日期", "Happened on"},
    {"记账日期", "Booked on"},
    {"业务类型", "Kind"},
    {"期次", "Instalment"},
    {"发生额（元）", "Amount (yuan)"},
    {"本金（元）", "Principal (yuan)"},
    {"利息（元）", "Interest (yuan)"},
    {"罚息（元）", "Penalty (yuan)"},
    {"剩余本金（元）", "Principal left (yuan)"},
    {"冲正序号", "Takes back no."},
    {"业务流水号", "Flow number"},
};

void statement_heads(struct csv_people *w, enum statement_kind kind, bool english)
{
    static const struct {
        const struct word *words;
        size_t count;
    } heads[] = {
        [STATEMENT_CONTRIBUTIONS] = {contributions, sizeof contributions / sizeof *contributions},
        [STATEMENT_LEDGER] = {ledger, sizeof ledger / sizeof *ledger},
        [STATEMENT_INTEREST] = {interest, sizeof interest / sizeof *interest},
        [STATEMENT_LOAN_PLAN] = {loan_plan, sizeof loan_plan / sizeof *loan_plan},
        [STATEMENT_LOAN_HISTORY] = {loan_history, sizeof loan_history / sizeof *loan_history},
    };

    for (size_t i = 0; i < heads[kind].count; i++) {
        csv_people_text(w, choose(heads[kind].words, heads[kind].count, (int)i, english));
    }
    csv_people_end_row(w);
}

struct text statement_entry_word(int kind, bool english)
{
    static const struct word words[] = {
        [1] = {"汇缴", "Contribution"},
        [2] = {"补缴", "Back payment"},
        [3] = {"开户", "Opening"},
        [4] = {"启封", "Unsealing"},
        [5] = {"封存", "Sealing"},
        [6] = {"单位间转移", "Change of employer"},
        [7] = {"外部转出", "Transfer out"},
        [8] = {"外部转入", "Transfer in"},
        [9] = {"年度结息", "Yearly interest"},
        [10] = {"基数调整", "Change of base"},
        [11] = {"部分提取", "Withdrawal"},
        [12] = {"销户提取", "Closing withdrawal"},
        [13] = {"缓缴", "Deferral"},
        [14] = {"冻结", "Freezing"},
        [15] = {"解冻", "Lifting of a freeze"},
        [71] = {"账户合并", "Merging of accounts"},
        [99] = {"其他", "Other"},
    };
    return CHOOSE(words, kind, english);
}

struct text statement_reason_word(int reason, bool english)
{
    static const struct word words[] = {
        [1] = {"购买住房", "buying a home"},
        [2] = {"建造、翻建、大修住房", "building or major repair"},
        [3] = {"离休、退休", "retirement"},
        [4] = {"丧失劳动能力", "loss of working ability"},
        [5] = {"户口迁出或出境定居", "settling elsewhere or abroad"},
        [6] = {"偿还购房贷款本息", "repaying a home loan"},
        [7] = {"房租", "rent"},
        [8] = {"死亡", "death"},
        [9] = {"大病医疗", "serious illness"},
        [99] = {"其他", "other"},
    };
    return CHOOSE(words, reason, english);
}

struct text statement_loan_entry_word(int kind, bool english)
{
    static const struct word words[] = {
        [1] = {"放款", "Paid out"},
        [2] = {"按期还款", "Instalment"},
        [3] = {"提前还款", "Early repayment"},
        [4] = {"逾期还款", "Late instalment"},
        [5] = {"公积金冲还", "Repaid from the fund"},
        [6] = {"结清", "Repaid in full"},
        [7] = {"延长期限", "Term made longer"},
        [8] = {"缩短期限", "Term made shorter"},
        [9] = {"核销", "Written off"},
        [99] = {"其他", "Other"},
    };
    return CHOOSE(words, kind, english);
}

struct text statement_month_word(int state, bool english)
{
    static const struct word words[] = {
        {"足额", "in full"}, {"晚到", "late"},          {"补缴", "paid back"}, {"不足额", "short"},
        {"漏缴", "missing"}, {"未到期", "not yet due"}, {"封存", "sealed"},    {"多缴", "extra"},
    };
    return CHOOSE(words, state, english);
}

struct text statement_part_word(int part, bool english)
{
    static const struct word words[] = {
        {"全部", "All"}, {"本年归集", "This year"}, {"上年结转", "Carried over"}};
    return CHOOSE(words, part, english);
}

struct text statement_sum_word(bool english)
{
    return english ? TEXT("Sum") : TEXT("合计");
}
