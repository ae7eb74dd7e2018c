/* A fresh store for each test, on the engine of this run. */
#ifndef ANJU_TEST_STORE_FIXTURE_H
#define ANJU_TEST_STORE_FIXTURE_H

/* cmocka.h wants these before it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store/store.h"

struct fixture {
    char home[64];     /* a new folder; on PostgreSQL nothing is in it */
    char url[1024];    /* "" on SQLite, else of a new database … */
    char database[64]; /* … of this name */
    struct store *store;
    struct db *db, *other; /* two connections */
    struct error err;
};

/* Runs the tests on SQLite and, when ANJU_TEST_PG_URL is set, on PostgreSQL. Every test gets a
 * fixture with an empty database that is open. */
int run_on_both(const char *name, const struct CMUnitTest *tests, size_t count);

bool on_sqlite(const struct fixture *f);

/* An empty folder or database, without opening it; and its end. */
int fixture_make(struct fixture *f);
int fixture_open(struct fixture *f);
void fixture_close(struct fixture *f);
void fixture_remove(struct fixture *f);

/* SQL past the store, for putting a database into a state that the store never makes. */
void raw_sql(struct fixture *f, const char *file, const char *sql);

/* Whether any file of the home folder holds these bytes. */
bool files_hold(const struct fixture *f, const void *bytes, size_t size);

double now_seconds(void);

/* OK or the test fails with the sentence. */
#define ok(f, call)                                       \
    do {                                                  \
        if ((call) != RESULT_OK)                          \
            fail_msg("%s: %s", #call, (f)->err.sentence); \
    } while (0)

#endif
