/* Ten years of a small city, in two cities at once. In one everything goes well. In the other processes
 * are killed in the middle of a write, the disk fills, connections break, files and batches come twice,
 * also at the same moment; what did not succeed is asked again. After each deed the two must be alike
 * to the fen and the day, and at the end of each year verify and anju-audit find nothing in the second.
 *
 *   test_simulator [SEED [COUNT [YEARS]]]      seeds SEED, SEED + 1, …
 *
 * A failure names seed, deed and day; the same seed does the same again. */
#include <inttypes.h>
#include <libpq-fe.h>
#include <signal.h>
#include <sqlite3.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audited.h"
#include "behind.h"
#include "deed.h"
#include "faults.h"
#include "plan.h"
#include "taken_city.h"

enum { PEOPLE = 5, FIRST_YEAR = 2016, KINDS_MAX = 64, MISHAPS = 2 };

static uint64_t first_seed = 1;
static int seed_count = 2, year_count = 10;

/* How often each kind of deed was done, and each mishap met. */
static struct kind {
    char what[24];
    int asked, done;
} kinds[KINDS_MAX];
static struct {
    int kills, fails, twice, at_once;
} met;

static struct sim {
    uint64_t seed;
    int deeds;
    struct fixture *plain, *tried;
    struct tools plain_tools, tried_tools;
    struct random luck;
    struct policy *policy;
    struct arena *arena;
    const struct deed *deed;
    struct deed_outcome right; /* of the deed under way */
} s;

static void where(const char *what)
{
    char day[DATE_TEXT_MAX];

    date_format(s.deed->day, day);
    fail_msg("seed %" PRIu64 ", deed %d (%s on %s): %s\n%s", s.seed, s.deeds, s.deed->what, day,
             what, s.deed->content);
}

/* --- are they alike? --- */

static void read_account(struct fixture *f, struct arena *a, struct text number,
                         struct account *out)
{
    ok(f, ledger_account(f->db, a, number, out, &f->err));
}

/* Which flow number an entry of a settlement gets depends on the threads and on what was interrupted, and
 * with it each hash from then on: the chains are for verify and anju-audit to follow. */
static void alike_account(const struct account *a, const struct account *b)
{
    if (memcmp(&a->running, &b->running, offsetof(struct running, head_hash)) != 0 ||
        a->state != b->state || a->frozen.n != b->frozen.n || a->paid_to.n != b->paid_to.n ||
        a->base.n != b->base.n || !text_equal(a->unit, b->unit) || a->closed.day != b->closed.day)
        where(arena_printf(s.arena,
                           "account %.*s: balance %" PRId64 " and %" PRId64 ", products %" PRId64
                           " and %" PRId64 ", entries %" PRId64 " and %" PRId64,
                           (int)a->account.len, a->account.at, b->running.balance.n,
                           a->running.balance.n, b->running.product, a->running.product,
                           b->running.head_seq, a->running.head_seq));
}

/* Every account of the city where all went well. */
static void alike(const struct plan *p)
{
    struct account other;

    ok(s.tried, db_begin(s.tried->db, STORE_READ, &s.tried->err));
    for (size_t i = 0; i < p->count; i++) {
        read_account(s.tried, s.arena, p->seen[i].account.account, &other);
        alike_account(&p->seen[i].account, &other);
    }
    db_rollback(s.tried->db);
    arena_reset(s.arena);
}

/* --- whole tables --- */

/* Without flow numbers and hashes, and what holds them; without what is sealed, which is drawn at random. */
static const char *const tables[] = {
    "SELECT account, seq, booked, value_day, kind, for_month, unit, base, unit_ratio, own_ratio,"
    " unit_amount, own_amount, amount, amount_year, amount_carried, interest, balance, reason,"
    " reversing, reverses, batch FROM entry ORDER BY account, seq",
    "SELECT account, person, unit, state, opened, closed, close_reason, merged_into, base, unit_ratio,"
    " own_ratio, unit_amount, own_amount, paid_to, balance, carried, this_year, frozen, frozen_since,"
    " frozen_by, settled, product, product_year, product_day, head_seq, changed, batch"
    " FROM account ORDER BY account",
    "SELECT * FROM terms ORDER BY account, from_month",
    "SELECT * FROM settlement ORDER BY account, day",
    "SELECT batch, op_key, kind, content, actor, booked, at, after_set, state, entries, total, answer"
    " FROM operation ORDER BY batch",
    "SELECT * FROM application ORDER BY account, application",
    "SELECT * FROM application_step ORDER BY account, application, step",
    "SELECT * FROM withdrawal ORDER BY account, application",
    "SELECT * FROM loan_contract ORDER BY account, contract",
    "SELECT * FROM loan ORDER BY account, loan",
    "SELECT * FROM loan_rate ORDER BY account, loan, since",
    "SELECT * FROM loan_entry ORDER BY account, loan, seq",
    "SELECT * FROM loan_act ORDER BY account, loan, act",
};

static void add_cell(struct sha256 *sha, const void *bytes, int size)
{
    sha256_add(sha, &size, sizeof size);
    sha256_add(sha, bytes, (size_t)size);
}

static int64_t add_rows_sqlite(const struct fixture *f, const char *sql, struct sha256 *sha)
{
    char path[128];
    sqlite3 *handle;
    sqlite3_stmt *q;
    int64_t rows = 0;

    snprintf(path, sizeof path, "%s/ledger.db", f->home);
    assert_int_equal(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(handle, sql, -1, &q, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
    for (; sqlite3_step(q) == SQLITE_ROW; rows++)
        for (int i = 0; i < sqlite3_column_count(q); i++)
            add_cell(sha, sqlite3_column_blob(q, i), sqlite3_column_bytes(q, i));
    sqlite3_finalize(q);
    sqlite3_close(handle);
    return rows;
}

static int64_t add_rows_postgresql(const struct fixture *f, const char *sql, struct sha256 *sha)
{
    PGconn *conn = PQconnectdb(f->url);
    PGresult *rows;
    int64_t count;

    PQclear(PQexec(conn, "SET search_path = ledger"));
    rows = PQexec(conn, sql);
    if (PQresultStatus(rows) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(conn));
    count = PQntuples(rows);
    for (int row = 0; row < count; row++)
        for (int i = 0; i < PQnfields(rows); i++)
            add_cell(sha, PQgetvalue(rows, row, i), PQgetlength(rows, row, i));
    PQclear(rows);
    PQfinish(conn);
    return count;
}

static int64_t rows_of(const struct fixture *f, const char *sql, uint8_t out[SHA256_SIZE])
{
    struct sha256 *sha = sha256_new();
    int64_t rows;

    assert_non_null(sha);
    sha256_begin(sha);
    rows = on_sqlite(f) ? add_rows_sqlite(f, sql, sha) : add_rows_postgresql(f, sql, sha);
    sha256_end(sha, out);
    sha256_free(sha);
    return rows;
}

static void same_tables(void)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        uint8_t right[SHA256_SIZE], tried[SHA256_SIZE];
        int64_t rows = rows_of(s.plain, tables[i], right);

        if (rows != rows_of(s.tried, tables[i], tried) || memcmp(right, tried, sizeof right) != 0)
            where(tables[i]);
    }
}

/* --- mishaps --- */

/* One connection: opening prepares every query, which is most of what a mishap costs. */
static bool opens(struct fixture *f)
{
    return store_open(f->home, f->url, &f->store, &f->err) == RESULT_OK &&
           db_open(f->store, &f->db, &f->err) == RESULT_OK;
}

/* A child of its own does the deed and meets a fault; what it says before it ends. False: it said
 * nothing. The parent's connections are closed meanwhile: SQLite's do not survive a fork. */
static pid_t child_begin(enum fault what, int64_t at, int *answer)
{
    int ends[2];
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct deed_outcome out;
        struct fixture f = *s.tried;
        struct tools tools = s.tried_tools;

        close(ends[0]);
        tools.f = &f;
        if (!opens(&f))
            _exit(2);
        faults_begin(what, at);
        deed_do(s.deed, &tools, &out);
        faults_end();
        if (write(ends[1], &out, sizeof out) != sizeof out)
            _exit(3);
        _exit(0);
    }
    close(ends[1]);
    *answer = ends[0];
    return child;
}

/* True: it came to an end and said what came of it. */
static bool child_end(pid_t child, int answer, struct deed_outcome *out)
{
    bool said = read(answer, out, sizeof *out) == sizeof *out;
    int status;

    close(answer);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!said && !(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL))
        where("a process ended by itself");
    return said;
}

static void is_right(const struct deed_outcome *o)
{
    if (o->result != s.right.result || strcmp(o->answer, s.right.answer) != 0)
        where(o->answer);
}

static void killed(int64_t at)
{
    struct deed_outcome out;
    int answer;
    pid_t child;

    fixture_close(s.tried);
    child = child_begin(FAULT_KILL, at, &answer);
    if (child_end(child, answer, &out))
        is_right(&out);
    else
        met.kills++;
    assert_true(opens(s.tried));
}

/* Two processes at the same moment: one does it, the other finds it done, or is told to wait. */
static void at_once(void)
{
    struct deed_outcome out[2];
    int answer[2];
    pid_t child[2];

    fixture_close(s.tried);
    for (int i = 0; i < 2; i++)
        child[i] = child_begin(FAULT_NONE, 0, &answer[i]);
    for (int i = 0; i < 2; i++) {
        if (!child_end(child[i], answer[i], &out[i]))
            where("a process said nothing");
        if (out[i].result != RESULT_BUSY)
            is_right(&out[i]);
    }
    met.at_once++;
    assert_true(opens(s.tried));
}

/* The disk is full, or the server is gone, from some write on. */
static void failing(int64_t at)
{
    struct deed_outcome out;

    faults_begin(FAULT_FAIL, at);
    deed_do(s.deed, &s.tried_tools, &out);
    faults_end();
    if (out.result == s.right.result)
        is_right(&out);
    else
        met.fails++;
    arena_reset(s.tried_tools.arena);
}

static void mishap(int64_t writes)
{
    int64_t at = 1 + (int64_t)random_below(&s.luck, (uint64_t)writes + 2);

    switch (random_below(&s.luck, 12)) {
    case 0: killed(at); break;
    case 1: failing(at); break;
    case 2: at_once(); break;
    default: break;
    }
}

/* --- one deed --- */

static struct kind *kind_of(const char *what)
{
    int i = 0;

    while (i < KINDS_MAX && kinds[i].what[0] && strcmp(kinds[i].what, what) != 0)
        i++;
    assert_true(i < KINDS_MAX);
    snprintf(kinds[i].what, sizeof kinds[i].what, "%s", what);
    return &kinds[i];
}

static void perform(void *context, const struct deed *d)
{
    struct plan *p = context;
    struct kind *kind = kind_of(d->what);
    struct deed_outcome out;
    int64_t writes;

    s.deed = d;
    s.deeds++;
    faults_begin(FAULT_NONE, 0);
    deed_do(d, &s.plain_tools, &s.right);
    writes = faults_end();
    kind->asked++;
    kind->done += s.right.result == RESULT_OK;
    if (getenv("ANJU_SIMULATOR_SHOW"))
        print_message("%5d %d-%s: %s\n", s.deeds, (int)s.right.result, d->what, s.right.answer);
    for (int i = 0; i < MISHAPS; i++)
        mishap(writes);
    deed_do(d, &s.tried_tools, &out);
    is_right(&out);
    if (random_below(&s.luck, 12) == 0) { /* the same once more */
        deed_do(d, &s.tried_tools, &out);
        is_right(&out);
        met.twice++;
    }
    arena_reset(s.plain_tools.arena);
    arena_reset(s.tried_tools.arena);
    plan_look(p, d->day);
    alike(p);
}

/* --- ten years --- */

static struct tools tools_of(struct fixture *f, const char *keys)
{
    struct tools t = {.f = f, .policy = s.policy, .keys = keys};
    char folder[128];

    snprintf(folder, sizeof folder, "%s/keys", f->home);
    ok(f, vault_open(folder, false, &t.vault, &f->err));
    t.arena = arena_new(64 * 1024 * 1024);
    t.sha = sha256_new();
    assert_non_null(t.arena);
    assert_non_null(t.sha);
    random_system(&t.random);
    return t;
}

static void tools_free(struct tools *t)
{
    vault_close(t->vault);
    arena_free(t->arena);
    sha256_free(t->sha);
}

static void take_units(struct plan *p)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct account *a = &p->seen[i].account;
        size_t u = 0;

        while (u < p->unit_count && !text_equal(text_of(p->units[u]), a->unit))
            u++;
        if (u == p->unit_count && a->unit.at && u < PLAN_UNITS_MAX)
            text_copy(a->unit, p->units[p->unit_count++], sizeof *p->units);
    }
    assert_true(p->unit_count > 0);
}

static void year_end(void)
{
    same_tables();
    clean(s.tried);
    audited(s.tried);
}

static void live(uint64_t seed, struct fixture *plain, struct fixture *tried)
{
    static struct plan p;
    struct taken_city city;
    civil_date until = date_of(FIRST_YEAR, 8, 20);
    char keys[128];

    s = (struct sim){.seed = seed, .plain = plain, .tried = tried};
    random_seeded(&s.luck, seed ^ 0x5eed);
    city_take(&city, plain, PEOPLE, seed, until);
    city_take(&city, tried, PEOPLE, seed, until);
    ok(plain, policy_load("policy/kunming.yaml", &s.policy, &plain->err));
    ok(plain, policy_take_offices(s.policy, "policy/demo-offices.yaml", &plain->err));
    s.arena = arena_new(64 * 1024 * 1024);
    snprintf(keys, sizeof keys, "%s/keys", plain->home);
    s.plain_tools = tools_of(plain, keys);
    s.tried_tools = tools_of(tried, keys);
    p = (struct plan){.tools = &s.plain_tools, .perform = perform, .context = &p};
    p.arena = arena_new(64 * 1024 * 1024);
    assert_non_null(s.arena);
    assert_non_null(p.arena);
    random_seeded(&p.random, seed);
    plan_look(&p, until);
    take_units(&p);
    for (int i = 0; i < 12 * year_count; i++) {
        plan_month(&p, (civil_month){month_of(FIRST_YEAR, 9).n + i});
        if (i % 12 == 11)
            year_end();
    }
    tools_free(&s.plain_tools);
    tools_free(&s.tried_tools);
    policy_free(s.policy);
    arena_free(s.arena);
    arena_free(p.arena);
}

static void test_years(void **state)
{
    (void)state;
    for (int i = 0; i < seed_count; i++) {
        struct fixture plain, tried;

        assert_int_equal(fixture_make(&plain) || fixture_open(&plain), 0);
        assert_int_equal(fixture_make(&tried) || fixture_open(&tried), 0);
        live(first_seed + (uint64_t)i, &plain, &tried);
        print_message("seed %" PRIu64 ": %d deeds\n", s.seed, s.deeds);
        fixture_close(&plain);
        fixture_remove(&plain);
        fixture_close(&tried);
        fixture_remove(&tried);
    }
}

/* Something that is refused each time tests nothing. */
static void test_happened(void **state)
{
    (void)state;
    for (int i = 0; i < KINDS_MAX && kinds[i].what[0]; i++) {
        print_message("%-18s %5d of %5d\n", kinds[i].what, kinds[i].done, kinds[i].asked);
        if (kinds[i].done == 0 && kinds[i].asked > 10)
            fail_msg("%s was never done", kinds[i].what);
    }
    print_message("%d kills, %d failures, %d times twice, %d at once\n", met.kills, met.fails,
                  met.twice, met.at_once);
    assert_true(met.kills > 0 && met.fails > 0 && met.twice > 0 && met.at_once > 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_years),
        cmocka_unit_test(test_happened),
    };

    if (argc > 1)
        first_seed = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        seed_count = atoi(argv[2]);
    if (argc > 3)
        year_count = atoi(argv[3]);
    return run_on_both("simulator", tests, sizeof tests / sizeof *tests);
}
