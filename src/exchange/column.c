#include "column.h"

#include "base/identity.h"
#include "base/money.h"

enum {
    SEQUENCE_MAX = 1000000000,
    PERCENT_MAX = 1000000,
    RATE_MAX = 1000000,
    FACTOR_MAX = 10000000
};

/* A table of two-digit codes, a bit for each. */
struct codes {
    uint64_t low, high; /* 0 to 63, 64 to 127 */
};

#define TO(n)   (((UINT64_C(1) << (n)) - 1) << 1) /* 01 to n */
#define OTHER   (UINT64_C(1) << (99 - 64))
#define MERGING (UINT64_C(1) << (71 - 64))

static const struct codes tables[] = {
    [CODES_A1] = {TO(4), OTHER},
    [CODES_A4] = {TO(5), OTHER},
    [CODES_A5] = {TO(15), MERGING | OTHER},
    [CODES_A6] = {TO(6), OTHER},
    [CODES_A7] = {TO(9), OTHER},
    [CODES_A10] = {TO(3), OTHER},
    [CODES_A11] = {TO(4), OTHER},
    [CODES_A15] = {TO(9), OTHER},
    [CODES_1_TO_2] = {TO(2), 0},
    [CODES_1_TO_3] = {TO(3), 0},
    [CODES_1_TO_5] = {TO(5), 0},
    [CODES_1_TO_6] = {TO(6), 0},
};

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static enum fault_code fail(enum fault_code code, const char *what, const char **words)
{
    *words = what;
    return code;
}

/* True when t has the picture's form: '9' stands for a digit, the rest for itself. */
static bool has_picture(struct text t, const char *picture)
{
    if (t.len != strlen(picture))
        return false;
    for (size_t i = 0; i < t.len; i++)
        if (picture[i] == '9' ? !is_digit(t.at[i]) : t.at[i] != picture[i])
            return false;
    return true;
}

static enum fault_code read_number(struct text t, int32_t limit, const char **words)
{
    if (t.len > (size_t)limit)
        return fail(FAULT_RANGE, "longer than its column allows", words);
    for (size_t i = 0; i < t.len; i++)
        if (!is_digit(t.at[i]) && (t.at[i] < 'A' || t.at[i] > 'Z'))
            return fail(FAULT_FORM, "digits and capital letters only", words);
    return FAULT_NONE;
}

static enum fault_code read_office_line(struct text t, int32_t limit, const char **words)
{
    if (t.len > (size_t)limit)
        return fail(FAULT_RANGE, "longer than its column allows", words);
    for (size_t i = 0; i < t.len; i++)
        if (!is_digit(t.at[i]) && t.at[i] != '-' && t.at[i] != '+')
            return fail(FAULT_FORM, "digits, - and + only", words);
    return FAULT_NONE;
}

static enum fault_code read_date(const struct judge *j, enum form form, struct text t, int64_t *n,
                                 const char **words)
{
    civil_date d;

    if (!date_parse(t, &d)) {
        if (has_picture(t, "9999-99-99") &&
            (memcmp(t.at, "1900", 4) < 0 || memcmp(t.at, "2199", 4) > 0))
            return fail(FAULT_RANGE, "years go from 1900 to 2199", words);
        return fail(FAULT_FORM, "not a date such as 2026-06-30", words);
    }
    if (form == FORM_DATE && d.day > j->as_of.day)
        return fail(FAULT_RANGE, "later than the set's as_of", words);
    *n = d.day;
    return FAULT_NONE;
}

static enum fault_code read_month(struct text t, int64_t *n, const char **words)
{
    civil_month m;

    if (!month_parse(t, &m)) {
        if (has_picture(t, "9999-99") &&
            (memcmp(t.at, "1900", 4) < 0 || memcmp(t.at, "2199", 4) > 0))
            return fail(FAULT_RANGE, "years go from 1900 to 2199", words);
        return fail(FAULT_FORM, "not a month such as 2026-06", words);
    }
    *n = m.n;
    return FAULT_NONE;
}

/* True when t is written like an amount, whatever its size. */
static bool looks_like_amount(struct text t)
{
    size_t first = t.len > 0 && t.at[0] == '-';

    if (t.len < first + 4 || t.at[t.len - 3] != '.' || (t.at[first] == '0' && t.len > first + 4))
        return false;
    for (size_t i = first; i < t.len; i++)
        if (i != t.len - 3 && !is_digit(t.at[i]))
            return false;
    return !(first && t.len == 5 && memcmp(t.at, "-0.00", 5) == 0);
}

static enum fault_code read_amount(enum form form, struct text t, int64_t *n, const char **words)
{
    fen amount;

    if (!fen_parse(t, &amount)) {
        if (looks_like_amount(t))
            return fail(FAULT_RANGE, "larger than 100,000,000,000.00", words);
        return fail(FAULT_FORM, "not an amount such as 1234.50", words);
    }
    if (form == FORM_AMOUNT_NOT_LESS && amount.n < 0)
        return fail(FAULT_RANGE, "below 0.00", words);
    if (form == FORM_AMOUNT_MORE && amount.n <= 0)
        return fail(FAULT_RANGE, "not above 0.00", words);
    *n = amount.n;
    return FAULT_NONE;
}

static enum fault_code read_percent(struct text t, int64_t *n, const char **words)
{
    millionths ratio;

    if (!millionths_parse_percent(t, &ratio))
        return fail(FAULT_FORM, "not per cent with two decimals such as 5.00", words);
    if (ratio > PERCENT_MAX)
        return fail(FAULT_RANGE, "above 100.00 per cent", words);
    *n = ratio;
    return FAULT_NONE;
}

/* "0.0260000": seven decimals of which the last is 0, so that millionths hold it. */
static enum fault_code read_rate(struct text t, int64_t *n, const char **words)
{
    int64_t millions = 0;

    if (!has_picture(t, "9.9999999") || t.at[8] != '0')
        return fail(FAULT_FORM, "not a rate such as 0.0260000", words);
    for (size_t i = 0; i < 8; i++)
        if (i != 1)
            millions = millions * 10 + (t.at[i] - '0');
    if (millions > RATE_MAX)
        return fail(FAULT_RANGE, "a rate above 1", words);
    *n = millions;
    return FAULT_NONE;
}

/* A factor has two decimals: what per cent would be, a hundred times as much. */
static enum fault_code read_factor(struct text t, int64_t *n, const char **words)
{
    millionths hundredth;

    if (!millionths_parse_percent(t, &hundredth))
        return fail(FAULT_FORM, "not a factor such as 1.00", words);
    if ((int64_t)hundredth * 100 > FACTOR_MAX || hundredth == 0)
        return fail(FAULT_RANGE, "a factor is above 0.00 and at most 10.00", words);
    *n = (int64_t)hundredth * 100;
    return FAULT_NONE;
}

static enum fault_code read_count(struct text t, int64_t least, int64_t most, int64_t *n,
                                  const char **words)
{
    int64_t value;

    if (!text_to_int(t, &value) || (t.len > 1 && t.at[0] == '0'))
        return fail(FAULT_FORM, "not a number", words);
    if (value < least || value > most)
        return fail(FAULT_RANGE, "a number beyond its column's limit", words);
    *n = value;
    return FAULT_NONE;
}

static enum fault_code read_code(enum code_table table, struct text t, int64_t *n,
                                 const char **words)
{
    const struct codes *c = &tables[table];
    int code;

    if (t.len == 2 && is_digit(t.at[0]) && is_digit(t.at[1])) {
        code = (t.at[0] - '0') * 10 + (t.at[1] - '0');
        if ((code < 64 ? c->low >> code : c->high >> (code - 64)) & 1) {
            *n = code;
            return FAULT_NONE;
        }
    }
    return fail(FAULT_CODE, "not in its code table", words);
}

static enum fault_code read_flag(struct text t, int64_t *n, const char **words)
{
    if (t.len != 1 || (t.at[0] != '0' && t.at[0] != '1'))
        return fail(FAULT_CODE, "neither 0 nor 1", words);
    *n = t.at[0] - '0';
    return FAULT_NONE;
}

/* Numbers that name nobody are taken by demo homes, and demo homes take no others. */
static enum fault_code judge_demo(const struct judge *j, bool is_demo, const char **words)
{
    if (j->demo && !is_demo)
        return fail(FAULT_DEMO, "a demo set holds only numbers that name nobody", words);
    if (!j->demo && is_demo)
        return fail(FAULT_DEMO, "a number of the demo ranges", words);
    return FAULT_NONE;
}

static enum fault_code read_credit_code(const struct judge *j, struct text t, const char **words)
{
    if (t.len != 18)
        return fail(FAULT_FORM, "a unified social credit code has 18 characters", words);
    if (!credit_code_valid(t))
        return fail(FAULT_CHECK, "wrong check digit", words);
    return judge_demo(j, memcmp(t.at + 2, "530199", 6) == 0, words);
}

static enum fault_code read_phone(const struct judge *j, struct text t, const char **words)
{
    if (!mobile_phone_valid(t))
        return fail(FAULT_FORM, "a mobile phone has 11 digits and begins with 1", words);
    return judge_demo(j, phone_is_demo(t), words);
}

static enum fault_code read_card(const struct judge *j, struct text t, const char **words)
{
    if (t.len < 12 || t.len > 19)
        return fail(FAULT_FORM, "a bank card has 12 to 19 digits", words);
    for (size_t i = 0; i < t.len; i++)
        if (!is_digit(t.at[i]))
            return fail(FAULT_FORM, "a bank card has 12 to 19 digits", words);
    if (!bank_card_valid(t))
        return fail(FAULT_CHECK, "wrong check digit", words);
    return judge_demo(j, card_is_demo(t), words);
}

enum fault_code column_document(const struct judge *j, int64_t type, struct text number,
                                const char **words)
{
    if (!id_valid((enum id_type)type, number))
        return fail(FAULT_CHECK, "not a number of its document type", words);
    return judge_demo(j, id_is_demo((enum id_type)type, number), words);
}

enum fault_code column_read(const struct column *c, const struct judge *j, struct text field,
                            struct value *out, const char **words)
{
    out->text = field;
    out->n = 0;
    out->there = field.len > 0;
    if (!out->there) {
        if (c->presence == MUST)
            return fail(FAULT_EMPTY, "must not be empty", words);
        return FAULT_NONE;
    }
    switch (c->form) {
    case FORM_NUMBER: return read_number(field, c->limit, words);
    case FORM_TEXT:
        if (field.len > (size_t)c->limit && text_characters(field) > (size_t)c->limit)
            return fail(FAULT_RANGE, "longer than its column allows", words);
        return FAULT_NONE;
    case FORM_OFFICE_LINE: return read_office_line(field, c->limit, words);
    case FORM_DATE:
    case FORM_DATE_AHEAD: return read_date(j, c->form, field, &out->n, words);
    case FORM_MONTH: return read_month(field, &out->n, words);
    case FORM_AMOUNT:
    case FORM_AMOUNT_NOT_LESS:
    case FORM_AMOUNT_MORE: return read_amount(c->form, field, &out->n, words);
    case FORM_PERCENT: return read_percent(field, &out->n, words);
    case FORM_RATE: return read_rate(field, &out->n, words);
    case FORM_FACTOR: return read_factor(field, &out->n, words);
    case FORM_COUNT: return read_count(field, 0, c->limit, &out->n, words);
    case FORM_COUNT_FROM_1: return read_count(field, 1, c->limit, &out->n, words);
    case FORM_SEQUENCE: return read_count(field, 1, SEQUENCE_MAX, &out->n, words);
    case FORM_FLAG: return read_flag(field, &out->n, words);
    case FORM_CODE: return read_code((enum code_table)c->limit, field, &out->n, words);
    case FORM_CREDIT_CODE: return read_credit_code(j, field, words);
    case FORM_DOCUMENT: return read_number(field, 18, words);
    case FORM_PHONE: return read_phone(j, field, words);
    case FORM_CARD: return read_card(j, field, words);
    }
    return FAULT_NONE;
}
