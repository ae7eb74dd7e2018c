#include "set.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void folder_new(char *out)
{
    snprintf(out, FOLDER_MAX, "/tmp/anju-city-XXXXXX");
    assert_non_null(mkdtemp(out));
    assert_int_equal(rmdir(out), 0);
}

void folder_remove(const char *dir)
{
    DIR *d = opendir(dir);
    struct dirent *e;

    if (d == NULL)
        return;
    while ((e = readdir(d)) != NULL)
        unlinkat(dirfd(d), e->d_name, 0);
    closedir(d);
    rmdir(dir);
}

static civil_date parsed(const char *date)
{
    civil_date d;

    assert_true(date_parse(text_of(date), &d));
    return d;
}

void set_write(const char *dir, int64_t people, uint64_t seed, const char *until)
{
    struct error err = {0};
    struct city c = {.dir = dir,
                     .people = people,
                     .seed = seed,
                     .until = parsed(until),
                     .from = DATE_NONE,
                     .first = parsed(until),
                     .set_number = 1};

    if (city_write(&c, &err) != RESULT_OK)
        fail_msg("%s", err.sentence);
}

void table_fail(const struct table *t, const char *what)
{
    fail_msg("%s:%d: %s", t->name, t->line, what);
}

static bool read_record(struct table *t, char *record)
{
    size_t len;

    if (fgets(record, CSV_RECORD_MAX + 2, t->file) == NULL)
        return false;
    len = strlen(record);
    t->line++;
    table_check(t, len > 0 && record[len - 1] == '\n');
    record[len - 1] = '\0';
    table_check(t, text_is_clean_utf8((struct text){record, len - 1}));
    return true;
}

void table_open(struct table *t, const char *dir, const char *name)
{
    char path[FOLDER_MAX + 64];

    memset(t, 0, sizeof *t);
    snprintf(t->name, sizeof t->name, "%s", name);
    snprintf(path, sizeof path, "%s/%s", dir, name);
    t->file = fopen(path, "r");
    assert_non_null(t->file);
    table_check(t, read_record(t, t->header));
    t->columns = csv_split(t->header, strlen(t->header), t->names);
    table_next(t);
}

void table_next(struct table *t)
{
    t->more = read_record(t, t->record);
    if (t->more)
        table_check(t, csv_split(t->record, strlen(t->record), t->fields) == t->columns);
}

void table_close(struct table *t)
{
    table_check(t, !t->more);
    fclose(t->file);
}

struct text field(const struct table *t, const char *column)
{
    for (int i = 0; i < t->columns; i++)
        if (text_equal(t->names[i], text_of(column)))
            return t->fields[i];
    fail_msg("%s has no column %s", t->name, column);
    return TEXT("");
}

bool field_is(const struct table *t, const char *column, const char *value)
{
    return text_equal(field(t, column), text_of(value));
}

int64_t field_fen(const struct table *t, const char *column)
{
    fen value = {0};

    if (!fen_parse(field(t, column), &value))
        fail_msg("%s:%d: %s is no amount", t->name, t->line, column);
    return value.n;
}

int64_t field_count(const struct table *t, const char *column)
{
    struct text f = field(t, column);
    int64_t value = -1;

    if (f.len > 0 && !text_to_int(f, &value))
        fail_msg("%s:%d: %s is no number", t->name, t->line, column);
    return value;
}

int32_t field_day(const struct table *t, const char *column)
{
    struct text f = field(t, column);
    civil_date d = DATE_NONE;

    if (f.len > 0 && !date_parse(f, &d))
        fail_msg("%s:%d: %s is no date", t->name, t->line, column);
    return d.day;
}

int32_t field_month(const struct table *t, const char *column)
{
    struct text f = field(t, column);
    civil_month m = {-1};

    if (f.len > 0 && !month_parse(f, &m))
        fail_msg("%s:%d: %s is no month", t->name, t->line, column);
    return m.n;
}

int32_t field_percent(const struct table *t, const char *column)
{
    millionths value = -1;

    if (!millionths_parse_percent(field(t, column), &value))
        fail_msg("%s:%d: %s is no percentage", t->name, t->line, column);
    return value;
}

/* The files of people side by side, account after account. */
void set_check(const char *dir, const char *as_of, struct coverage *c)
{
    static struct table accounts, terms, ledger, applications, steps;
    static struct read_account a;
    static char line[65536];
    char path[FOLDER_MAX + 16], before[24] = "";
    FILE *truth;

    memset(c, 0, sizeof *c);
    check_units(dir, c);
    table_open(&accounts, dir, "accounts.csv");
    table_open(&terms, dir, "terms.csv");
    table_open(&ledger, dir, "ledger.csv");
    table_open(&applications, dir, "applications.csv");
    table_open(&steps, dir, "application_steps.csv");
    snprintf(path, sizeof path, "%s/truth.jsonl", dir);
    truth = fopen(path, "r");
    assert_non_null(truth);
    for (; accounts.more; table_next(&accounts)) {
        memset(&a, 0, sizeof a);
        a.as_of = parsed(as_of).day;
        check_account(&accounts, &a, c);
        table_check(&accounts, strcmp(before, a.number) < 0);
        memcpy(before, a.number, sizeof before);
        check_terms(&terms, &a);
        check_ledger(&ledger, &a, c);
        check_applications(&applications, &steps, &a, c);
        assert_non_null(fgets(line, sizeof line, truth));
        check_truth(line, &a);
    }
    assert_null(fgets(line, sizeof line, truth));
    fclose(truth);
    table_close(&accounts);
    table_close(&terms);
    table_close(&ledger);
    table_close(&applications);
    table_close(&steps);
    check_loans(dir, parsed(as_of).day, c);
}
