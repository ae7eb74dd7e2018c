/* The one list of operations: the columns of their files, their options, what they say of
 * themselves. */
#include "internal.h"

#define ACCOUNT                                                     \
    {                                                               \
        {"GRZH", FORM_NUMBER, MUST, 20}, "--account", "the account" \
    }
#define UNIT                                                  \
    {                                                         \
        {"DWZH", FORM_NUMBER, MUST, 20}, "--unit", "the unit" \
    }
#define MONTH                                                                     \
    {                                                                             \
        {"HBJNY", FORM_MONTH, MUST, 0}, "--month", "the month it is for, 2026-11" \
    }
#define TERMS                                                                              \
    {{"GRJCJS", FORM_AMOUNT_MORE, MUST, 0}, "--base", "the monthly base, yuan"},           \
        {{"DWJCBL", FORM_PERCENT, MUST, 0}, "--unit-ratio", "the unit's ratio, per cent"}, \
    {                                                                                      \
        {"GRJCBL", FORM_PERCENT, MUST, 0}, "--own-ratio", "the own ratio, per cent"        \
    }
#define SHARES                                                                       \
    {{"DWJCE", FORM_AMOUNT_NOT_LESS, MUST, 0}, "--unit-amount", "the unit's share"}, \
    {                                                                                \
        {"GRJCE", FORM_AMOUNT_NOT_LESS, MUST, 0}, "--own-amount", "the own share"    \
    }
#define VALUE_DAY                                                                                 \
    {                                                                                             \
        {"QXRQ", FORM_DATE, MAY, 0}, "--value-day", "the day from which the money counts (today)" \
    }

static const struct field contribution_fields[] = {UNIT, MONTH, ACCOUNT, TERMS, SHARES, VALUE_DAY};

static const struct field correct_fields[] = {
    ACCOUNT,
    {{"XH", FORM_SEQUENCE, MUST, 0}, "--entry", "the number of the wrong entry"},
    {{"CZYY", FORM_COUNT_FROM_1, MUST, 199},
     "--reason",
     "101 amount, 102 account, 103 date, 104 twice, 105 returned, 199 other"},
    {{"ZRGRZH", FORM_NUMBER, MAY, 20}, "--to", "the account that it belongs to"},
    {{"HBJNY", FORM_MONTH, MAY, 0}, "--month", "the month that it is for"},
    {{"DWJCE", FORM_AMOUNT_NOT_LESS, MAY, 0}, "--unit-amount", "the right share of the unit"},
    {{"GRJCE", FORM_AMOUNT_NOT_LESS, MAY, 0}, "--own-amount", "the right own share"},
    {{"QXRQ", FORM_DATE, MAY, 0}, "--value-day", "the day from which the money counts"},
};

static const struct field refund_fields[] = {ACCOUNT, MONTH, SHARES};

#define FROM                                                                      \
    {                                                                             \
        {"SXNY", FORM_MONTH, MUST, 0}, "--from", "the first month of it, 2026-11" \
    }
#define MONEY                                                                             \
    {                                                                                     \
        {"DJJE", FORM_AMOUNT_MORE, MAY, 0}, "--amount", "so much of it, yuan (all of it)" \
    }

static const struct field open_fields[] = {
    ACCOUNT,
    {{"GRBH", FORM_NUMBER, MUST, 20}, "--person", "the person's number"},
    {{"XingMing", FORM_TEXT, MUST, 60}, "--name", "the holder's name"},
    {{"ZJLX", FORM_CODE, MUST, CODES_A1}, "--document", "01 ID card, 02, 03, 04, 99"},
    {{"ZJHM", FORM_DOCUMENT, MUST, 18}, "--id", "its number"},
    {{"SJHM", FORM_PHONE, MAY, 11}, "--phone", "the mobile phone"},
    {{"GRCKZHHM", FORM_CARD, MAY, 19}, "--card", "the bank card"},
    {{"GRCKZHKHYHMC", FORM_TEXT, MAY, 60}, "--bank", "the card's bank"},
    UNIT,
    FROM,
    TERMS,
};
static const struct field base_fields[] = {ACCOUNT, FROM, TERMS};
static const struct field seal_fields[] = {ACCOUNT, FROM};
static const struct field unit_fields[] = {ACCOUNT, FROM, UNIT, TERMS};
static const struct field defer_fields[] = {
    ACCOUNT, FROM, {{"ZZNY", FORM_MONTH, MUST, 0}, "--to", "the last month of it"}};
static const struct field freeze_fields[] = {
    ACCOUNT, MONEY, {{"DJJG", FORM_TEXT, MUST, 60}, "--by", "the court or office that asks"}};
static const struct field lift_fields[] = {ACCOUNT, MONEY};
static const struct field in_fields[] = {
    ACCOUNT,
    {{"FSE", FORM_AMOUNT_MORE, MUST, 0}, "--amount", "what came, interest included, yuan"},
    VALUE_DAY};
static const struct field out_fields[] = {ACCOUNT};
static const struct field merge_fields[] = {
    ACCOUNT, {{"HBZH", FORM_NUMBER, MUST, 20}, "--into", "the account that stays"}};

#define FIELDS(list) .fields = (list), .count = sizeof(list) / sizeof *(list)

const struct contribution_op contribution_ops[] = {
    {.name = "remit",
     .kind = POST_REMITTANCE,
     .does = "post a unit's contributions of a month (汇缴)",
     .more =
         "  One unit and one month in a file. Base and ratios are those agreed for the month and\n"
         "  within the limits of their date; each share is base x ratio to the whole yuan, half\n"
         "  up, by itself. A month that is credited already is refused.\n",
     FIELDS(contribution_fields),
     .line = remit_line},
    {.name = "back-pay",
     .kind = POST_REMITTANCE,
     .does = "post what is missing of earlier months (补缴)",
     .more =
         "  At most what is missing of a month. A month for which nothing was due is agreed by\n"
         "  being paid in full.\n",
     FIELDS(contribution_fields),
     .line = back_pay_line},
    {.name = "correct",
     .kind = POST_CORRECTION,
     .does = "reverse a wrong entry and post the right one beside it (冲账)",
     .more =
         "  The reversing entry has the value day of the wrong one, a link to it and the reason.\n"
         "  Without shares nothing is posted anew. What was settled stays settled.\n",
     FIELDS(correct_fields),
     .line = correct_line},
    {.name = "refund",
     .kind = POST_CORRECTION,
     .does = "give back what was paid too much for a month (多缴退款)",
     .more = "  At most what is above the amount due. The newest contributions of the month are\n"
             "  reversed and posted anew with less.\n",
     FIELDS(refund_fields),
     .line = refund_line},
    {.name = "open",
     .kind = POST_CHANGE,
     .does = "open an account (开户)",
     .more = "",
     FIELDS(open_fields),
     .line = open_line},
    {.name = "base",
     .kind = POST_CHANGE,
     .does = "agree another base or ratio from a month on (基数调整)",
     .more = "",
     FIELDS(base_fields),
     .line = base_line},
    {.name = "seal",
     .kind = POST_CHANGE,
     .does = "seal an account: from a month on nothing is due (封存)",
     .more = "  The money stays and goes on earning interest.\n",
     FIELDS(seal_fields),
     .line = seal_line},
    {.name = "unseal",
     .kind = POST_CHANGE,
     .does = "unseal an account with a unit (启封)",
     .more = "",
     FIELDS(unit_fields),
     .line = unseal_line},
    {.name = "move",
     .kind = POST_CHANGE,
     .does = "move an account to another unit (内部转移)",
     .more = "",
     FIELDS(unit_fields),
     .line = move_line},
    {.name = "defer",
     .kind = POST_CHANGE,
     .does = "put off contributions of some months (缓缴)",
     .more = "  They are made up later by back payments, which agree them again.\n",
     FIELDS(defer_fields),
     .line = defer_line},
    {.name = "freeze",
     .kind = POST_CHANGE,
     .does = "freeze an account, or an amount of it (冻结)",
     .more = "  The key is the place for the number of the case: --key 'court 2026-117'.\n",
     FIELDS(freeze_fields),
     .line = freeze_line},
    {.name = "lift",
     .kind = POST_CHANGE,
     .does = "lift a freezing, or an amount of it (解冻)",
     .more = "",
     FIELDS(lift_fields),
     .line = lift_line},
    {.name = "transfer-in",
     .kind = POST_CHANGE,
     .does = "take in money from another city (外部转入)",
     .more = "",
     FIELDS(in_fields),
     .line = transfer_in_line},
    {.name = "transfer-out",
     .kind = POST_CHANGE,
     .does = "transfer an account to another city: balance and interest (外部转出)",
     .more = "  The interest is that of the days up to yesterday. The account is closed.\n",
     FIELDS(out_fields),
     .line = transfer_out_line},
    {.name = "merge",
     .kind = POST_CHANGE,
     .does = "merge an account into the person's other one (合并)",
     .more = "  Its balance and its interest up to yesterday go along; the account is closed.\n",
     FIELDS(merge_fields),
     .line = merge_line},
};
const int contribution_op_count = sizeof contribution_ops / sizeof *contribution_ops;

const struct contribution_op *contribution_find(struct text name)
{
    for (int i = 0; i < contribution_op_count; i++)
        if (text_equal(text_of(contribution_ops[i].name), name))
            return &contribution_ops[i];
    return NULL;
}
