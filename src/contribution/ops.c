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
};
const int contribution_op_count = sizeof contribution_ops / sizeof *contribution_ops;

const struct contribution_op *contribution_find(struct text name)
{
    for (int i = 0; i < contribution_op_count; i++)
        if (text_equal(text_of(contribution_ops[i].name), name))
            return &contribution_ops[i];
    return NULL;
}
