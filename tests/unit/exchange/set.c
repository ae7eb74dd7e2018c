#include "set.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/money.h"
#include "base/random.h"

/* --- making and changing -------------------------------------------------------------------------- */

static void append(struct set *s, int file, const char *text)
{
    assert_true(s->files[file].count < SET_LINES_MAX);
    s->files[file].lines[s->files[file].count++] = strdup(text);
}

static void begin(struct set *s)
{
    *s = (struct set){.demo = true};
    snprintf(s->folder, sizeof s->folder, "/tmp/anju-set-XXXXXX");
    assert_non_null(mkdtemp(s->folder));
    for (int i = 0; i < FILE_COUNT; i++) {
        snprintf(s->files[i].line_end, sizeof s->files[i].line_end, "\n");
        append(s, i, set_whole[i].lines[0]);
    }
}

void set_make(struct set *s)
{
    begin(s);
    s->set_id = "test-1";
    s->number = 1;
    s->kind = "whole";
    s->as_of = "2024-07-31";
    for (int i = 0; i < FILE_COUNT; i++)
        for (size_t k = 1; k < set_whole[i].count; k++)
            append(s, i, set_whole[i].lines[k]);
}

void set_make_next(struct set *s)
{
    begin(s);
    s->set_id = "test-2";
    s->number = 2;
    s->kind = "increment";
    s->as_of = "2024-08-31";
    for (int i = 0; i < FILE_COUNT; i++)
        for (size_t k = 0; k < set_next[i].count; k++)
            append(s, i, set_next[i].lines[k]);
}

static void path_of(const struct set *s, const char *name, char out[160])
{
    snprintf(out, 160, "%s/%s", s->folder, name);
}

void set_free(struct set *s)
{
    char path[160];

    for (int i = 0; i < FILE_COUNT; i++) {
        for (int k = 0; k < s->files[i].count; k++)
            free(s->files[i].lines[k]);
        path_of(s, kinds[i].file, path);
        unlink(path);
    }
    path_of(s, "manifest.json", path);
    unlink(path);
    rmdir(s->folder);
}

void set_line(struct set *s, enum file_id file, int line, const char *text)
{
    free(s->files[file].lines[line - 1]);
    s->files[file].lines[line - 1] = strdup(text);
}

void set_remove(struct set *s, enum file_id file, int line)
{
    char **lines = s->files[file].lines;

    free(lines[line - 1]);
    memmove(lines + line - 1, lines + line, (size_t)(s->files[file].count - line) * sizeof *lines);
    s->files[file].count--;
}

void set_insert(struct set *s, enum file_id file, int before_line, const char *text)
{
    char **lines = s->files[file].lines;

    assert_true(s->files[file].count < SET_LINES_MAX);
    memmove(lines + before_line, lines + before_line - 1,
            (size_t)(s->files[file].count - before_line + 1) * sizeof *lines);
    lines[before_line - 1] = strdup(text);
    s->files[file].count++;
}

static int column_of(enum file_id file, const char *name)
{
    for (int i = 0; i < kinds[file].column_count; i++)
        if (strcmp(kinds[file].columns[i].name, name) == 0)
            return i;
    fail_msg("no column %s", name);
    return -1;
}

void set_cell(struct set *s, enum file_id file, int line, const char *column, const char *value)
{
    struct text fields[CSV_FIELDS_MAX];
    char *old = strdup(s->files[file].lines[line - 1]);
    int n = csv_split(old, strlen(old), fields);
    int place = column_of(file, column);
    char out[8192];
    size_t at = 0;

    assert_true(n == kinds[file].column_count);
    for (int i = 0; i < n; i++) {
        if (i > 0)
            out[at++] = ',';
        if (i == place) /* raw, so that a test can write broken quoting */
            at += (size_t)snprintf(out + at, sizeof out - at, "%s", value);
        else
            at += csv_put(out + at, fields[i]);
    }
    out[at] = '\0';
    set_line(s, file, line, out);
    free(old);
}

/* --- writing -------------------------------------------------------------------------------------- */

/* The sum of a column, as far as its values are amounts. */
static void total_of(struct set *s, int file, int column, char *out)
{
    int64_t sum = 0;

    for (int i = 1; i < s->files[file].count; i++) {
        struct text fields[CSV_FIELDS_MAX];
        char *copy = strdup(s->files[file].lines[i]);
        fen amount;

        if (csv_split(copy, strlen(copy), fields) == kinds[file].column_count &&
            fen_parse(fields[column], &amount))
            sum += amount.n;
        free(copy);
    }
    fen_format(fen_of(sum), out);
}

static void write_file(struct set *s, int file, char digest[65])
{
    struct sha256 *sha = sha256_new();
    uint8_t bytes[SHA256_SIZE];
    char path[160];
    FILE *out;

    path_of(s, kinds[file].file, path);
    unlink(path);
    out = s->files[file].absent ? NULL : fopen(path, "w");
    sha256_begin(sha);
    for (int i = 0; i < s->files[file].count; i++) {
        const char *end = i + 1 == s->files[file].count && s->files[file].no_newline
                              ? ""
                              : s->files[file].line_end;

        sha256_add(sha, s->files[file].lines[i], strlen(s->files[file].lines[i]));
        sha256_add(sha, end, strlen(end));
        if (out)
            fprintf(out, "%s%s", s->files[file].lines[i], end);
    }
    if (out)
        assert_int_equal(fclose(out), 0);
    sha256_end(sha, bytes);
    sha256_hex(bytes, digest);
    sha256_free(sha);
}

static void write_manifest_file(struct set *s, FILE *out, int file, const char *digest)
{
    fprintf(out, "%s\n  {\"name\":\"%s\",\"records\":%d,\"sha256\":\"%s\",\"totals\":{",
            file ? "," : "", kinds[file].file, s->files[file].count - 1, digest);
    for (int i = 0; i < kinds[file].total_count; i++) {
        char total[FEN_TEXT_MAX];

        total_of(s, file, kinds[file].totals[i], total);
        fprintf(out, "%s\"%s\":\"%s\"", i ? "," : "",
                kinds[file].columns[kinds[file].totals[i]].name, total);
    }
    fputs("}}", out);
}

void set_write(struct set *s)
{
    char path[160], digest[65];
    FILE *out = NULL;

    if (!s->keep_manifest) {
        path_of(s, "manifest.json", path);
        out = fopen(path, "w");
        assert_non_null(out);
        fprintf(out,
                "{\"format\":\"anju-exchange/1\",\"set_id\":\"%s\",\"set_number\":%d,\n"
                "\"kind\":\"%s\",\"as_of\":\"%s\",\"centre\":\"示范市住房公积金管理中心\",\n"
                "\"demo\":%s,\"files\":[",
                s->set_id, s->number, s->kind, s->as_of, s->demo ? "true" : "false");
    }
    for (int i = 0; i < FILE_COUNT; i++) {
        write_file(s, i, digest);
        if (out)
            write_manifest_file(s, out, i, digest);
    }
    if (out) {
        fputs("\n]}\n", out);
        assert_int_equal(fclose(out), 0);
    }
}

void set_manifest_replace(const struct set *s, const char *old, const char *new)
{
    char path[160], text[16384], *place;
    size_t n;
    FILE *file;

    path_of(s, "manifest.json", path);
    file = fopen(path, "r");
    assert_non_null(file);
    n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = '\0';
    place = strstr(text, old);
    assert_non_null(place);
    file = fopen(path, "w");
    fprintf(file, "%.*s%s%s", (int)(place - text), text, new, place + strlen(old));
    fclose(file);
}

/* --- importing ------------------------------------------------------------------------------------ */

static void show(void *context, const char *line)
{
    struct set *s = context;

    if (s->said_count < SET_SAID_MAX)
        snprintf(s->said[s->said_count], FAULT_LINE_MAX, "%s", line);
    s->said_count++;
}

void set_home(struct fixture *f, struct vault **vault, struct config *config)
{
    char keys[96];

    snprintf(keys, sizeof keys, "%s/keys", f->home);
    ok(f, vault_open(keys, true, vault, &f->err));
    *config = (struct config){.demo = true};
    snprintf(config->home, sizeof config->home, "%s", f->home);
}

enum result set_import(struct set *s, struct fixture *f, bool write)
{
    static struct config config;
    struct vault *vault;
    enum result result;

    if (write)
        set_write(s);
    set_home(f, &vault, &config);
    config.demo = s->demo;
    s->said_count = 0;
    s->report = (struct import_report){.show = show, .context = s};
    f->err = (struct error){0};
    result = import_set(f->store, vault, &config, s->folder, &s->report, &f->err);
    vault_close(vault);
    return result;
}

static void check_said(struct set *s, int i, const char *expected)
{
    if (!expected)
        return;
    /* Words may be left out of the expectation. */
    if (i >= s->said_count || strncmp(s->said[i], expected, strlen(expected)) != 0) {
        for (int k = 0; k < s->said_count && k < SET_SAID_MAX; k++)
            print_error("  %s\n", s->said[k]);
        fail_msg("line %d should be: %s", i, expected);
    }
}

void set_refused(struct set *s, struct fixture *f, const char *first, const char *second)
{
    int64_t batches = number_of(f, "SELECT COUNT(*) FROM ledger.batch");
    int64_t entries = number_of(f, "SELECT COUNT(*) FROM ledger.entry");
    enum result result = set_import(s, f, true);

    if (result != RESULT_INVALID)
        fail_msg("%s not refused (%s): %s", first, result_word(result), f->err.sentence);
    check_said(s, 0, first);
    check_said(s, 1, second);
    if (!second && s->said_count > 1)
        check_said(s, 1, "nothing more");
    assert_int_equal(s->report.faults, s->said_count > 50 ? s->report.faults : s->said_count);
    assert_int_equal(number_of(f, "SELECT COUNT(*) FROM ledger.batch"), batches);
    assert_int_equal(number_of(f, "SELECT COUNT(*) FROM ledger.entry"), entries);
}

void set_taken(struct set *s, struct fixture *f)
{
    enum result result = set_import(s, f, true);

    for (int i = 0; i < s->said_count && i < SET_SAID_MAX; i++)
        print_error("  %s\n", s->said[i]);
    if (result != RESULT_OK)
        fail_msg("not taken (%s): %s", result_word(result), f->err.sentence);
    assert_int_equal(s->said_count, 0);
}

/* --- looking -------------------------------------------------------------------------------------- */

static void ask_sqlite(struct fixture *f, const char *sql, char *out, size_t room)
{
    sqlite3 *handle = NULL;
    sqlite3_stmt *q = NULL;
    char *attach = sqlite3_mprintf("ATTACH '%s/ledger.db' AS ledger", f->home);

    assert_int_equal(sqlite3_open(":memory:", &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, attach, NULL, NULL, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(handle, sql, -1, &q, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    snprintf(out, room, "%s",
             sqlite3_column_text(q, 0) ? (const char *)sqlite3_column_text(q, 0) : "");
    sqlite3_finalize(q);
    sqlite3_free(attach);
    sqlite3_close(handle);
}

void text_of_query(struct fixture *f, const char *sql, char *out, size_t room)
{
    PGconn *conn;
    PGresult *rows;

    if (on_sqlite(f)) {
        ask_sqlite(f, sql, out, room);
        return;
    }
    conn = PQconnectdb(f->url);
    rows = PQexec(conn, sql);
    if (PQresultStatus(rows) != PGRES_TUPLES_OK || PQntuples(rows) != 1)
        fail_msg("%s: %s", sql, PQerrorMessage(conn));
    snprintf(out, room, "%s", PQgetvalue(rows, 0, 0));
    PQclear(rows);
    PQfinish(conn);
}

int64_t number_of(struct fixture *f, const char *sql)
{
    char out[64];

    text_of_query(f, sql, out, sizeof out);
    return strtoll(out, NULL, 10);
}
