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

/* Account 5301990001, worked by hand. Base 8,000.00, 12 % each side: 960.00 + 960.00 a month.
 *
 *   seq  value day   amount    balance   days x fen in the interest year
 *    2   2023-06-15  1920.00   1920.00   16 x 192000 (15 to 30 June) = 3,072,000
 *    3   2023-06-30     1.28   1921.28   3,072,000 x 1.5 % / 360 = 128 fen
 *    4   2023-07-14  1920.00   3841.28   13 x 192128 (1 to 13 July) = 2,497,664
 *    5   2023-08-15   960.00   4801.28   32 x 384128 = 12,292,096
 *    6   2023-09-01  1920.00   6721.28   a mistake …
 *    7   2023-09-01 -1920.00   4801.28   … reversed: no day counts
 *    8   2023-10-10 -1000.00   3801.28   56 x 480128 (15 August to 9 October) = 26,887,168
 *    9   2024-06-30    59.34   3860.62   265 x 380128 = 100,733,920; in all 142,410,848
 *                                        x 1.5 % / 360 = 5933.785, rounded 5934 fen
 *   10   2024-07-15  1920.00   5780.62   14 x 386062 (1 to 14 July) = 5,404,868
 *
 * Account 5301990002 closes on 2024-03-10: 60 days x 100000 fen x 1.5 % / 360 = 250 fen beside. */
static const char *const units[] = {
    "DWZH,DWMC,ZZJGDM,DWZHZT,DWKHRQ,DWXHRQ,DWJCBL,GRJCBL,JZNY,JBRXM,JBRGDDHHM,GLBM",
    "U001,\"示范一厂, 分部\",91530199MA0000001A,01,2001-02-03,,12.00,12.00,2024-07,王经办,"
    "0871-63000001,五华管理部",
    "U002,示范二厂,91530199MA0000002D,04,2001-02-03,2024-05-01,5.00,5.00,,,,",
};
static const char *const accounts[] = {
    "GRZH,GRBH,XingMing,ZJLX,ZJHM,SJHM,GRCKZHHM,GRCKZHKHYHMC,DWZH,GRZHZT,KHRQ,XHRQ,XHYY,GRJCJS,"
    "DWJCBL,GRJCBL,DWYJCE,GRYJCE,JZNY,GRZHYE,GRZHSNJZYE,GRZHDNGJYE,DJJE,DJRQ,DJJG,HBZH,SXRQ",
    "5301990001,P1,李示范,01,530199199003070015,10012345678,9999990000000000014,示范银行,U001,01,"
    "2023-05-10,,,8000.00,12.00,12.00,960.00,960.00,2024-07,5780.62,3860.62,1920.00,100.00,"
    "2024-07-20,示范法院,,2024-07-20",
    "5301990002,P2,赵离休,01,530199198511200029,,,,U002,05,2024-01-05,2024-03-10,03,2000.00,25.00,"
    "25.00,500.00,500.00,2024-01,0.00,0.00,0.00,0.00,,,,2024-03-10",
    "5301990003,P3,𠀀合并,04,AAA000123456789,,,,U001,03,2024-02-01,2024-04-01,99,2500.00,10.00,"
    "10.00,250.00,250.00,2024-02,0.00,0.00,0.00,0.00,,,5301990004,2024-04-01",
    "5301990004,P3,𠀀合并,04,AAA000123456789,10087654321,,,U001,02,2024-03-01,,,2500.00,10.00,10.00,"
    "250.00,250.00,,501.88,501.88,0.00,0.00,,,,2024-06-30",
};
static const char *const terms[] = {
    "GRZH,SXNY,DWZH,JCZT,GRJCJS,DWJCBL,GRJCBL,DWJCE,GRJCE",
    "5301990001,2023-06,U001,01,8000.00,12.00,12.00,960.00,960.00",
    "5301990002,2024-01,U002,01,2000.00,25.00,25.00,500.00,500.00",
    "5301990002,2024-02,U002,02,2000.00,25.00,25.00,0.00,0.00",
    "5301990003,2024-02,U001,01,2500.00,10.00,10.00,250.00,250.00",
};
static const char *const ledger[] = {
    "GRZH,XH,JZRQ,QXRQ,GJHTQYWLX,HBJNY,DWZH,GRJCJS,DWJCBL,GRJCBL,DWJCE,GRJCE,FSE,DNGJFSE,SNJZFSE,"
    "FSLXE,YE,TQYY,YWLSH,CZBZ,CZXH",
    "5301990001,1,2023-05-10,2023-05-10,03,,U001,,,,0.00,0.00,0.00,0.00,0.00,0.00,0.00,,F0001,0,",
    "5301990001,2,2023-06-15,2023-06-15,01,2023-06,U001,8000.00,12.00,12.00,960.00,960.00,1920.00,"
    "1920.00,0.00,0.00,1920.00,,F0002,0,",
    "5301990001,3,2023-06-30,2023-06-30,09,,,,,,0.00,0.00,1.28,-1920.00,1921.28,1.28,1921.28,,"
    "F0003,0,",
    "5301990001,4,2023-07-14,2023-07-14,01,2023-07,U001,8000.00,12.00,12.00,960.00,960.00,1920.00,"
    "1920.00,0.00,0.00,3841.28,,F0004,0,",
    "5301990001,5,2023-08-15,2023-08-15,02,2023-05,U001,4000.00,12.00,12.00,480.00,480.00,960.00,"
    "960.00,0.00,0.00,4801.28,,F0005,0,",
    "5301990001,6,2023-09-01,2023-09-01,01,2023-08,U001,8000.00,12.00,12.00,960.00,960.00,1920.00,"
    "1920.00,0.00,0.00,6721.28,,F0006,0,",
    "5301990001,7,2023-09-05,2023-09-01,01,2023-08,U001,8000.00,12.00,12.00,-960.00,-960.00,"
    "-1920.00,-1920.00,0.00,0.00,4801.28,,F0007,1,6",
    "5301990001,8,2023-10-10,2023-10-10,11,,,,,,0.00,0.00,-1000.00,-1000.00,0.00,0.00,3801.28,07,"
    "F0008,0,",
    "5301990001,9,2024-06-30,2024-06-30,09,,,,,,0.00,0.00,59.34,-1880.00,1939.34,59.34,3860.62,,"
    "F0009,0,",
    "5301990001,10,2024-07-16,2024-07-15,01,2024-07,U001,8000.00,12.00,12.00,960.00,960.00,1920.00,"
    "1920.00,0.00,0.00,5780.62,,F0010,0,",
    "5301990002,1,2024-01-10,2024-01-10,01,2024-01,U002,2000.00,25.00,25.00,500.00,500.00,1000.00,"
    "1000.00,0.00,0.00,1000.00,,F0001,0,",
    "5301990002,2,2024-03-10,2024-03-10,12,,,,,,0.00,0.00,-1000.00,-1000.00,0.00,2.50,0.00,03,"
    "F0002,0,",
    "5301990003,1,2024-02-10,2024-02-10,01,2024-02,U001,2500.00,10.00,10.00,250.00,250.00,500.00,"
    "500.00,0.00,0.00,500.00,,F0001,0,",
    "5301990003,2,2024-04-01,2024-04-01,71,,,,,,0.00,0.00,-500.00,-500.00,0.00,0.00,0.00,,F0002,0,",
    "5301990004,1,2024-04-01,2024-04-01,71,,,,,,0.00,0.00,500.00,0.00,500.00,0.00,500.00,,F0001,0,",
    "5301990004,2,2024-06-30,2024-06-30,09,,,,,,0.00,0.00,1.88,0.00,1.88,1.88,501.88,,F0002,0,",
};
static const char *const applications[] = {
    "GRZH,SQBH,SQRQ,TQYY,SQJE,SQZT,YWLSH",
    "5301990001,A1,2023-10-02,07,1000.00,03,F0008",
    "5301990001,A2,2024-07-20,01,2000.00,01,",
};
static const char *const steps[] = {
    "GRZH,SQBH,BZXH,BZRQ,BZLX,BZSM",
    "5301990001,A1,1,2023-10-02,01,已提交",
    "5301990001,A1,2,2023-10-03,02,",
    "5301990001,A1,3,2023-10-08,03,",
    "5301990001,A1,4,2023-10-10,04,\"已付, \"\"到账\"\"\"",
    "5301990001,A2,1,2024-07-20,01,已提交",
};
static const char *const contracts[] = {
    "JKRGJJZH,JKHTBH,JKHTQDRQ,HTDKJE,DKQS,DKHKFS,JKHTLL,LLFDBL,DKDBLX,FWZJ,YDHKR,SWTYHMC,GTJKRGRZH",
    "5301990001,C1,2024-01-08,120000.00,120,02,0.0310000,1.00,01,200000.00,20,示范银行,5301990004",
};
static const char *const loans[] = {
    "JKRGJJZH,DKZH,JKHTBH,DKFFE,DKFFRQ,DKYE,DKLL,DKQS,DKZT,YHQS,XYHKRQ,DQJHHKJE,DQJHGHBJ,DQJHGHLX,"
    "YQBJZE,YQLXZE,LJYQQS,HSBJZE,HSLXZE,DKJQRQ",
    "5301990001,L1,C1,120000.00,2024-01-20,118000.00,0.0310000,120,01,2,2024-08-20,1304.83,1000.00,"
    "304.83,0.00,0.00,0,2000.00,617.42,",
};
static const char *const loan_ledger[] = {
    "JKRGJJZH,DKZH,XH,YWFSRQ,JZRQ,DKYWMXLX,DQQC,FSE,BJJE,LXJE,FXJE,DKYE,YWLSH,CZBZ,CZXH",
    "5301990001,L1,1,2024-01-20,2024-01-20,01,,-120000.00,120000.00,0.00,0.00,120000.00,G1,0,",
    "5301990001,L1,2,2024-02-20,2024-02-20,02,1,1310.00,1000.00,310.00,0.00,119000.00,G2,0,",
    "5301990001,L1,3,2024-03-20,2024-03-20,02,2,1307.42,1000.00,307.42,0.00,118000.00,G3,0,",
    "5301990001,L1,4,2024-03-21,2024-03-21,03,,500.00,500.00,0.00,0.00,117500.00,G4,0,",
    "5301990001,L1,5,2024-03-21,2024-03-22,03,,-500.00,-500.00,0.00,0.00,118000.00,G5,1,4",
};
static const char *const rates[] = {
    "JKRGJJZH,DKZH,SXRQ,DKLL,DQJHHKJE",
    "5301990001,L1,2024-01-20,0.0310000,1310.00",
};

#define LINES(table) {(table), sizeof(table) / sizeof((table)[0])}
struct lines {
    const char *const *lines;
    size_t count;
};
static const struct lines whole[FILE_COUNT] = {
    LINES(units),        LINES(accounts), LINES(terms),     LINES(ledger), LINES(applications),
    LINES(steps),        LINES(contracts), LINES(loans),    LINES(loan_ledger), LINES(rates),
};

/* The increment: 5301990001 gets a remittance and its application A2 is paid, 5301990005 is new,
 * the loan's prepayment comes after all and its rate changes. */
static const char *const next_units[] = {
    "U002,示范二厂改名,91530199MA0000002D,04,2001-02-03,2024-05-01,5.00,5.00,,,,",
};
static const char *const next_accounts[] = {
    "5301990001,P1,李示范,01,530199199003070015,10012345679,,,U001,01,2023-05-10,,,8000.00,12.00,"
    "12.00,960.00,960.00,2024-08,5700.62,3860.62,1840.00,0.00,,,,2024-08-16",
    "5301990005,P5,陈新,01,810000199408230005,,,,U001,01,2024-08-01,,,8000.00,12.00,12.00,960.00,"
    "960.00,,0.00,0.00,0.00,0.00,,,,2024-08-01",
};
static const char *const next_terms[] = {
    "5301990001,2024-08,U001,01,8000.00,12.00,12.00,960.00,960.00",
};
static const char *const next_ledger[] = {
    "5301990001,11,2024-08-15,2024-08-15,01,2024-08,U001,8000.00,12.00,12.00,960.00,960.00,1920.00,"
    "1920.00,0.00,0.00,7700.62,,F0011,0,",
    "5301990001,12,2024-08-16,2024-08-16,11,,,,,,0.00,0.00,-2000.00,-2000.00,0.00,0.00,5700.62,01,"
    "F0012,0,",
};
static const char *const next_applications[] = {
    "5301990001,A2,2024-07-20,01,2000.00,03,F0012",
};
static const char *const next_steps[] = {
    "5301990001,A2,1,2024-07-20,01,已提交",
    "5301990001,A2,2,2024-08-16,04,",
};
static const char *const next_loans[] = {
    "5301990001,L1,C1,120000.00,2024-01-20,117500.00,0.0285000,120,01,2,2024-08-20,1304.83,1000.00,"
    "304.83,0.00,0.00,0,2500.00,617.42,",
};
static const char *const next_loan_ledger[] = {
    "5301990001,L1,6,2024-08-01,2024-08-01,03,,500.00,500.00,0.00,0.00,117500.00,G6,0,",
};
static const char *const next_rates[] = {
    "5301990001,L1,2024-08-01,0.0285000,1304.83",
};
static const struct lines next[FILE_COUNT] = {
    LINES(next_units), LINES(next_accounts), LINES(next_terms),       LINES(next_ledger),
    LINES(next_applications), LINES(next_steps), {NULL, 0},           LINES(next_loans),
    LINES(next_loan_ledger), LINES(next_rates),
};

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
        append(s, i, whole[i].lines[0]);
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
        for (size_t k = 1; k < whole[i].count; k++)
            append(s, i, whole[i].lines[k]);
}

void set_make_next(struct set *s)
{
    begin(s);
    s->set_id = "test-2";
    s->number = 2;
    s->kind = "increment";
    s->as_of = "2024-08-31";
    for (int i = 0; i < FILE_COUNT; i++)
        for (size_t k = 0; k < next[i].count; k++)
            append(s, i, next[i].lines[k]);
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
    memmove(lines + line - 1, lines + line,
            (size_t)(s->files[file].count - line) * sizeof *lines);
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
        const char *end =
            i + 1 == s->files[file].count && s->files[file].no_newline ? "" : s->files[file].line_end;

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
    snprintf(out, room, "%s", sqlite3_column_text(q, 0) ? (const char *)sqlite3_column_text(q, 0) : "");
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
