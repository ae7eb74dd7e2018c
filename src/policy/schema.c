/* Which keys a policy file has. libcyaml refuses what is unknown or missing and names the line. */
#include "file.h"

#include "yaml/yaml.h"

enum { ROWS_MAX = 128, WORD_MAX = 400 };

#define WORD(key, structure, member) \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, structure, member, 0, WORD_MAX)
#define WORD_OR_NONE(key, structure, member)                                                      \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER_NULL | CYAML_FLAG_OPTIONAL, structure, member, \
                           0, WORD_MAX)
#define NUMBER(key, structure, member) CYAML_FIELD_INT(key, CYAML_FLAG_STRICT, structure, member)
#define ROWS(key, structure, member, row) \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER, structure, member, &row, 0, ROWS_MAX)
#define PART(key, structure, member, fields) \
    CYAML_FIELD_MAPPING(key, CYAML_FLAG_DEFAULT, structure, member, fields)

/* mark, source and note stand beside the datum they belong to. */
#define CITED(structure)                                                                         \
    WORD("mark", structure, cited.mark), WORD_OR_NONE("note", structure, cited.note),            \
        WORD_OR_NONE("note_zh", structure, cited.note_zh),                                       \
        CYAML_FIELD_SEQUENCE("source", CYAML_FLAG_POINTER, structure, cited.source, &word_entry, \
                             1, ROWS_MAX)
#define ROW_SCHEMA(name, structure)                                        \
    static const cyaml_schema_value_t name = {                             \
        CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, structure, name##_fields), \
    }

static const cyaml_schema_value_t word_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, WORD_MAX),
};

static const cyaml_schema_field_t source_fields[] = {
    WORD("key", struct source_row, key),
    WORD("title", struct source_row, title),
    WORD("address", struct source_row, address),
    CYAML_FIELD_END,
};
ROW_SCHEMA(source, struct source_row);

static const cyaml_schema_field_t value_fields[] = {
    WORD("value", struct value_row, value),
    CITED(struct value_row),
    CYAML_FIELD_END,
};
#define VALUE(key, structure) PART(#key, structure, key, value_fields)

static const cyaml_schema_field_t name_fields[] = {
    WORD("zh", struct name_row, zh),
    WORD("en", struct name_row, en),
    CITED(struct name_row),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t deposit_rate_fields[] = {
    WORD("since", struct deposit_row, since),
    WORD("demand", struct deposit_row, demand),
    WORD("three_month", struct deposit_row, three_month),
    WORD("one_year", struct deposit_row, one_year),
    CITED(struct deposit_row),
    CYAML_FIELD_END,
};
ROW_SCHEMA(deposit_rate, struct deposit_row);

static const cyaml_schema_field_t deposit_fields[] = {
    VALUE(day_count, struct deposit_part),
    VALUE(rounding, struct deposit_part),
    VALUE(settlement_day, struct deposit_part),
    VALUE(one_rate_since, struct deposit_part),
    ROWS("rates", struct deposit_part, rates, deposit_rate),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t ratio_fields[] = {
    WORD("since", struct ratio_row, since),
    WORD("floor", struct ratio_row, floor),
    WORD("cap", struct ratio_row, cap),
    CITED(struct ratio_row),
    CYAML_FIELD_END,
};
ROW_SCHEMA(ratio, struct ratio_row);

static const cyaml_schema_field_t due_fields[] = {
    WORD("since", struct due_row, since),
    NUMBER("months_after", struct due_row, months_after),
    NUMBER("day", struct due_row, day),
    CITED(struct due_row),
    CYAML_FIELD_END,
};
ROW_SCHEMA(due, struct due_row);

static const cyaml_schema_field_t class_floor_fields[] = {
    WORD("class", struct floor_row, class),
    WORD("amount", struct floor_row, amount),
    CYAML_FIELD_END,
};
ROW_SCHEMA(class_floor, struct floor_row);

static const cyaml_schema_field_t base_fields[] = {
    WORD("since", struct base_row, since),
    WORD("cap", struct base_row, cap),
    ROWS("floors", struct base_row, floors, class_floor),
    CITED(struct base_row),
    CYAML_FIELD_END,
};
ROW_SCHEMA(base, struct base_row);

static const cyaml_schema_field_t class_fields[] = {
    WORD("since", struct class_row, since),
    WORD("class", struct class_row, class),
    ROWS("districts", struct class_row, districts, word_entry),
    CITED(struct class_row),
    CYAML_FIELD_END,
};
ROW_SCHEMA(class, struct class_row);

static const cyaml_schema_field_t contribution_fields[] = {
    VALUE(year_begins, struct contribution_part),
    VALUE(rounding, struct contribution_part),
    VALUE(flexible_workers_since, struct contribution_part),
    VALUE(early_months, struct contribution_part),
    VALUE(deferral_months, struct contribution_part),
    ROWS("ratios", struct contribution_part, ratios, ratio),
    ROWS("due", struct contribution_part, due, due),
    ROWS("base_limits", struct contribution_part, base_limits, base),
    ROWS("classes", struct contribution_part, classes, class),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t days_fields[] = {
    WORD("since", struct days_row, since),
    NUMBER("days", struct days_row, days),
    CITED(struct days_row),
    CYAML_FIELD_END,
};
ROW_SCHEMA(days, struct days_row);

static const cyaml_schema_field_t ground_fields[] = {
    WORD("since", struct ground_row, since),
    WORD_OR_NONE("until", struct ground_row, until),
    WORD("key", struct ground_row, key),
    WORD("code", struct ground_row, code),
    WORD("zh", struct ground_row, zh),
    WORD("en", struct ground_row, en),
    YAML_FIELD_SWITCH("closes", struct ground_row, closes),
    YAML_FIELD_SWITCH("online", struct ground_row, online),
    WORD("limit", struct ground_row, limit),
    CITED(struct ground_row),
    CYAML_FIELD_END,
};
ROW_SCHEMA(ground, struct ground_row);

static const cyaml_schema_field_t rent_fields[] = {
    WORD("since", struct rent_row, since),
    WORD("month", struct rent_row, month),
    WORD("year", struct rent_row, year),
    NUMBER("children", struct rent_row, children),
    CITED(struct rent_row),
    CYAML_FIELD_END,
};
ROW_SCHEMA(rent, struct rent_row);

static const cyaml_schema_field_t withdrawal_fields[] = {
    ROWS("decision_days", struct withdrawal_part, decision_days, days),
    ROWS("grounds", struct withdrawal_part, grounds, ground),
    ROWS("rent", struct withdrawal_part, rent, rent),
    VALUE(rent_talent_month, struct withdrawal_part),
    VALUE(rent_full_months, struct withdrawal_part),
    VALUE(purchase_within_months, struct withdrawal_part),
    VALUE(property_fee_year, struct withdrawal_part),
    VALUE(takes_first, struct withdrawal_part),
    VALUE(closing_interest, struct withdrawal_part),
    VALUE(sealed_account, struct withdrawal_part),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t loan_rate_fields[] = {
    WORD("since", struct loan_rate_row, since),
    WORD("first_short", struct loan_rate_row, first_short),
    WORD("first_long", struct loan_rate_row, first_long),
    WORD_OR_NONE("second_short", struct loan_rate_row, second_short),
    WORD_OR_NONE("second_long", struct loan_rate_row, second_long),
    CITED(struct loan_rate_row),
    CYAML_FIELD_END,
};
ROW_SCHEMA(loan_rate, struct loan_rate_row);

static const cyaml_schema_field_t loan_cap_fields[] = {
    WORD("since", struct loan_cap_row, since),
    WORD("one", struct loan_cap_row, one),
    WORD("two", struct loan_cap_row, two),
    CITED(struct loan_cap_row),
    CYAML_FIELD_END,
};
ROW_SCHEMA(loan_cap, struct loan_cap_row);

static const cyaml_schema_field_t uplift_fields[] = {
    WORD("since", struct uplift_row, since),
    WORD("zh", struct uplift_row, zh),
    WORD("en", struct uplift_row, en),
    WORD("percent", struct uplift_row, percent),
    CITED(struct uplift_row),
    CYAML_FIELD_END,
};
ROW_SCHEMA(uplift, struct uplift_row);

static const cyaml_schema_field_t time_factor_fields[] = {
    NUMBER("months", struct time_factor_row, months),
    WORD("factor", struct time_factor_row, factor),
    CITED(struct time_factor_row),
    CYAML_FIELD_END,
};
ROW_SCHEMA(time_factor, struct time_factor_row);

static const cyaml_schema_field_t loan_fields[] = {
    ROWS("rates", struct loan_part, rates, loan_rate),
    ROWS("decision_days", struct loan_part, decision_days, days),
    ROWS("caps", struct loan_part, caps, loan_cap),
    ROWS("uplifts", struct loan_part, uplifts, uplift),
    VALUE(reprices_on, struct loan_part),
    VALUE(uplift_most, struct loan_part),
    VALUE(down_payment, struct loan_part),
    VALUE(down_payment_subsidised, struct loan_part),
    VALUE(amount_step, struct loan_part),
    VALUE(months_most, struct loan_part),
    VALUE(full_months, struct loan_part),
    VALUE(once_months, struct loan_part),
    VALUE(repayment_share, struct loan_part),
    VALUE(balance_multiple, struct loan_part),
    ROWS("time_factors", struct loan_part, time_factors, time_factor),
    VALUE(penalty_factor, struct loan_part),
    VALUE(penalty_base, struct loan_part),
    VALUE(day_count, struct loan_part),
    VALUE(application_order, struct loan_part),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t office_fields[] = {
    WORD("zh", struct office_row, zh),
    WORD("en", struct office_row, en),
    WORD("address", struct office_row, address),
    WORD("hours", struct office_row, hours),
    WORD("phone", struct office_row, phone),
    WORD_OR_NONE("district", struct office_row, district),
    CYAML_FIELD_END,
};
ROW_SCHEMA(office, struct office_row);

static const cyaml_schema_field_t offices_fields[] = {
    ROWS("list", struct offices_part, list, office),
    CITED(struct offices_part),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t centre_fields[] = {
    VALUE(hotline, struct centre_part),
    VALUE(site, struct centre_part),
    PART("other", struct centre_part, other, name_fields),
    PART("offices", struct centre_part, offices, offices_fields),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t file_fields[] = {
    WORD("format", struct policy_file, format),
    PART("city", struct policy_file, city, name_fields),
    ROWS("sources", struct policy_file, sources, source),
    PART("deposit", struct policy_file, deposit, deposit_fields),
    PART("contribution", struct policy_file, contribution, contribution_fields),
    PART("withdrawal", struct policy_file, withdrawal, withdrawal_fields),
    PART("loan", struct policy_file, loan, loan_fields),
    PART("centre", struct policy_file, centre, centre_fields),
    ROWS("dispute_days", struct policy_file, dispute_days, days),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t offices_file_fields[] = {
    WORD("format", struct offices_file, format),
    ROWS("sources", struct offices_file, sources, source),
    PART("offices", struct offices_file, offices, offices_fields),
    CYAML_FIELD_END,
};

const cyaml_schema_value_t offices_file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct offices_file, offices_file_fields),
};

const cyaml_schema_value_t policy_file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct policy_file, file_fields),
};
