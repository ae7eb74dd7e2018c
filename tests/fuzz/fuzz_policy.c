/* Any bytes as a policy file, or (first byte 'o') as a file of offices: refused with a sentence, or
 * rules that answer every question for every date within their bounds. */
#include <stdio.h>

#include "base/money.h"
#include "home_file.h"
#include "policy/policy.h"

static char home[HOME_MAX], path[HOME_FILE_MAX];

static void end(void)
{
    home_remove(home);
}

static void check_share(millionths m)
{
    CHECK(m >= 0 && m <= 1000000);
}

static void check_day(const struct policy *p, civil_date d)
{
    struct deposit_rate rate;
    struct base_limits limits;
    struct ratio_limits ratios;
    millionths loan;

    if (policy_deposit_rate(p, d, &rate) == RESULT_OK) {
        check_share(rate.this_year);
        check_share(rate.carried);
        CHECK(rate.since.day <= d.day);
    }
    if (policy_base_limits(p, d, &limits) == RESULT_OK) {
        CHECK(limits.since.day <= d.day && limits.floor_count <= POLICY_FLOORS_MAX);
        for (size_t i = 0; i < limits.floor_count; i++)
            CHECK(limits.floors[i].amount.n > 0 && limits.floors[i].amount.n <= limits.cap.n);
    }
    if (policy_ratio_limits(p, d, &ratios) == RESULT_OK) {
        check_share(ratios.cap);
        CHECK(ratios.floor >= 0 && ratios.floor <= ratios.cap);
    }
    for (int months = 12; months <= 360; months += 174)
        if (policy_loan_rate(p, d, months, months == 12, &loan) == RESULT_OK)
            check_share(loan);
}

static void check_offices(const struct policy *p)
{
    static struct policy_office offices[POLICY_OFFICES_MAX];
    struct policy_cite cite;
    size_t count = policy_offices(p, offices, &cite);

    CHECK(count <= POLICY_OFFICES_MAX);
    for (size_t i = 0; i < count; i++)
        CHECK(offices[i].zh && offices[i].zh[0] && offices[i].en && offices[i].hours);
}

static void check_policy(const struct policy *p)
{
    static const int years[] = {1999, 2015, 2026, 2099};

    for (size_t i = 0; i < sizeof years / sizeof *years; i++)
        check_day(p, date_of(years[i], 11, 23));
    CHECK(policy_day_count(p) > 0);
    CHECK(policy_hotline(p) && policy_site(p));
    CHECK(policy_other_centre_zh(p) && policy_other_centre_en(p));
    check_offices(p);
}

/* The files of the checkout are the ground that offices are set on. */
static struct policy *ground(void)
{
    const char *assets = getenv("ANJU_ASSETS");
    struct policy *p = NULL;
    struct error err = {0};
    char real[4096];

    snprintf(real, sizeof real, "%s/policy/kunming.yaml", assets && assets[0] ? assets : ".");
    CHECK(policy_load(real, &p, &err) == RESULT_OK);
    return p;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    bool offices = size > 0 && bytes[0] == 'o';
    struct policy *p = NULL;
    struct error err = {0};
    enum result r;

    if (home[0] == '\0') {
        home_make(home);
        snprintf(path, sizeof path, "%s/policy.yaml", home);
        atexit(end);
    }
    home_write(home, "policy.yaml", bytes + offices, size - offices);
    if (offices) {
        p = ground();
        r = policy_take_offices(p, path, &err);
    } else {
        r = policy_load(path, &p, &err);
    }
    CHECK(r == RESULT_OK || err.sentence[0] != '\0');
    if (r == RESULT_OK)
        check_policy(p);
    policy_free(p);
    return 0;
}
