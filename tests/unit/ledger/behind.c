#include "behind.h"

#include <stdio.h>
#include <string.h>

enum { SQL_ROOM = 1024 };

struct found found;

static void note(void *context, const char *where, const char *what)
{
    size_t len = strlen(found.text);

    (void)context;
    snprintf(found.text + len, sizeof found.text - len, "%s: %s\n", where, what);
}

void verify(struct fixture *f)
{
    memset(&found, 0, sizeof found);
    ok(f, verify_all(f->db, NULL, note, NULL, &found.report, &f->err));
}

void clean(struct fixture *f)
{
    verify(f);
    if (found.report.faults != 0)
        fail_msg("%s", found.text);
}

void says(const char *words)
{
    if (!strstr(found.text, words))
        fail_msg("\"%s\" is not said in:\n%s", words, found.text);
}

static const char *const guards[][3] = {{"ledger", "entry", "entry"},
                                        {"ledger", "loan_entry", "loan_entry"},
                                        {"ledger", "loan_act", "loan_act"},
                                        {"ledger", "root", "root"},
                                        {"desk", "look", "look"}};

void open_guards(struct fixture *f)
{
    char sql[SQL_ROOM];

    for (size_t i = 0; i < sizeof guards / sizeof *guards; i++) {
        const char *side = guards[i][0], *table = guards[i][1];

        if (on_sqlite(f))
            snprintf(sql, sizeof sql, "DROP TRIGGER %s.%s_no_update; DROP TRIGGER %s.%s_no_delete;",
                     side, table, side, table);
        else
            snprintf(sql, sizeof sql, "ALTER TABLE %s.%s DISABLE TRIGGER ALL;", side, table);
        raw_sql(f, side, sql);
    }
}

void keep_row(struct fixture *f, const struct row *r)
{
    char sql[SQL_ROOM];

    snprintf(sql, sizeof sql,
             "DROP TABLE IF EXISTS %s.kept;"
             "CREATE TABLE %s.kept AS SELECT * FROM %s.%s WHERE %s;",
             r->side, r->side, r->side, r->table, r->key);
    raw_sql(f, r->side, sql);
}

void put_back(struct fixture *f, const struct row *r, const char *where)
{
    char sql[SQL_ROOM];

    snprintf(sql, sizeof sql,
             "DELETE FROM %s.%s WHERE %s; INSERT INTO %s.%s SELECT * FROM %s.kept;", r->side,
             r->table, where, r->side, r->table, r->side);
    raw_sql(f, r->side, sql);
}

void change(struct fixture *f, const struct row *r, const char *set)
{
    char sql[SQL_ROOM];

    snprintf(sql, sizeof sql, "UPDATE %s.%s SET %s WHERE %s;", r->side, r->table, set, r->key);
    raw_sql(f, r->side, sql);
}

void drop(struct fixture *f, const struct row *r)
{
    char sql[SQL_ROOM];

    snprintf(sql, sizeof sql, "DELETE FROM %s.%s WHERE %s;", r->side, r->table, r->key);
    raw_sql(f, r->side, sql);
}

void each_is_found(struct fixture *f, const struct row *r, const char *const *sets, size_t count)
{
    keep_row(f, r);
    for (size_t i = 0; i < count; i++) {
        change(f, r, sets[i]);
        verify(f);
        if (found.report.faults == 0)
            fail_msg("%s: \"%s\" was not found", r->name, sets[i]);
        if (!strstr(found.text, r->name))
            fail_msg("%s: \"%s\": the row is not named in:\n%s", r->name, sets[i], found.text);
        put_back(f, r, r->key);
    }
    clean(f);
}
