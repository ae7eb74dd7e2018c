/* A policy file as it stands, words still words. Private to src/policy. */
#ifndef ANJU_POLICY_FILE_H
#define ANJU_POLICY_FILE_H

#include <stdint.h>

#include <cyaml/cyaml.h>

/* Every datum says how sure it is and where it comes from. */
struct cited {
    char *mark;
    char **source;
    uint32_t source_count;
    char *note, *note_zh; /* NULL: none */
};

struct source_row {
    char *key, *title, *address;
};
struct value_row {
    char *value;
    struct cited cited;
};
struct name_row {
    char *zh, *en;
    struct cited cited;
};
struct deposit_row {
    char *since, *demand, *three_month, *one_year;
    struct cited cited;
};
struct ratio_row {
    char *since, *floor, *cap;
    struct cited cited;
};
struct due_row {
    char *since;
    int months_after, day;
    struct cited cited;
};
struct floor_row {
    char *class, *amount;
};
struct base_row {
    char *since, *cap;
    struct floor_row *floors;
    uint32_t floors_count;
    struct cited cited;
};
struct class_row {
    char *since, *class;
    char **districts;
    uint32_t districts_count;
    struct cited cited;
};
struct days_row {
    char *since;
    int days;
    struct cited cited;
};
struct ground_row {
    char *since, *until, *key, *code, *zh, *en, *limit;
    int closes, online;
    struct cited cited;
};
struct rent_row {
    char *since, *month, *year;
    int children;
    struct cited cited;
};
struct loan_rate_row {
    char *since, *first_short, *first_long, *second_short,
        *second_long; /* second: NULL when none */
    struct cited cited;
};
struct loan_cap_row {
    char *since, *one, *two;
    struct cited cited;
};
struct uplift_row {
    char *since, *zh, *en, *percent;
    struct cited cited;
};
struct time_factor_row {
    int months;
    char *factor;
    struct cited cited;
};
struct office_row {
    char *zh, *en, *address, *hours, *phone;
    char *district; /* NULL: not known */
};

struct deposit_part {
    struct value_row day_count, rounding, settlement_day, one_rate_since;
    struct deposit_row *rates;
    uint32_t rates_count;
};
struct contribution_part {
    struct value_row year_begins, rounding, flexible_workers_since, early_months, deferral_months;
    struct ratio_row *ratios;
    struct due_row *due;
    struct base_row *base_limits;
    struct class_row *classes;
    uint32_t ratios_count, due_count, base_limits_count, classes_count;
};
struct withdrawal_part {
    struct days_row *decision_days;
    struct ground_row *grounds;
    struct rent_row *rent;
    uint32_t decision_days_count, grounds_count, rent_count;
    struct value_row rent_talent_month, rent_full_months, purchase_within_months, property_fee_year,
        takes_first, closing_interest, sealed_account;
};
struct loan_part {
    struct loan_rate_row *rates;
    struct days_row *decision_days;
    struct loan_cap_row *caps;
    struct uplift_row *uplifts;
    struct time_factor_row *time_factors;
    uint32_t rates_count, decision_days_count, caps_count, uplifts_count, time_factors_count;
    struct value_row reprices_on, uplift_most, down_payment, down_payment_subsidised, amount_step,
        months_most, full_months, once_months, repayment_share, balance_multiple, penalty_factor,
        penalty_base, day_count, application_order;
};
struct offices_part {
    struct office_row *list;
    uint32_t list_count;
    struct cited cited;
};
struct centre_part {
    struct value_row hotline, site;
    struct name_row other;
    struct offices_part offices;
};
struct policy_file {
    char *format;
    struct name_row city;
    struct source_row *sources;
    uint32_t sources_count;
    struct deposit_part deposit;
    struct contribution_part contribution;
    struct withdrawal_part withdrawal;
    struct loan_part loan;
    struct centre_part centre;
    struct days_row *dispute_days;
    uint32_t dispute_days_count;
};

/* A file of a centre's offices alone. */
struct offices_file {
    char *format;
    struct source_row *sources;
    uint32_t sources_count;
    struct offices_part offices;
};

extern const cyaml_schema_value_t policy_file_schema, offices_file_schema;

#endif
