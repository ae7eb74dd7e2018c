/* What a copy adds up to, and under which keys its fields lie. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

enum { SUITE = 1, SEALED_HEAD = 2 };

enum result figures_read(struct db *db, struct backup_figures *f, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_backup_figures);
    int64_t *const out[] = {
        &f->accounts, &f->balance,      &f->entries,      &f->entry_total,
        &f->loans,    &f->loan_balance, &f->loan_entries, &f->batches,
        &f->members,  &f->looks,        &f->last_look,
    };

    if (stmt_step(q) != STMT_ROW)
        return db_failure(db, err);
    for (size_t i = 0; i < sizeof out / sizeof *out; i++)
        *out[i] = column_int(q, (int)i);
    stmt_end(q);
    return db_count_tables(db, f->tables, &f->table_count, err);
}

static const struct store_table *find_table(const struct backup_figures *f, const char *name)
{
    for (int i = 0; i < f->table_count; i++)
        if (strcmp(f->tables[i].name, name) == 0)
            return &f->tables[i];
    return NULL;
}

static enum result compare_tables(const struct backup_figures *is,
                                  const struct backup_figures *should, struct error *err)
{
    for (int i = 0; i < should->table_count; i++) {
        const struct store_table *s = &should->tables[i], *t = find_table(is, s->name);

        if (!t)
            return error_set(err, RESULT_DAMAGED, "the copy has no table %s", s->name);
        if (t->rows != s->rows)
            return error_set(err, RESULT_DAMAGED,
                             "%s: %" PRId64 " rows in the copy and %" PRId64 " in the manifest",
                             s->name, t->rows, s->rows);
    }
    return RESULT_OK;
}

enum result figures_compare(const struct backup_figures *is, const struct backup_manifest *m,
                            struct error *err)
{
    const struct backup_figures *should = &m->figures;
    const struct {
        const char *what;
        int64_t is, should;
    } all[] = {
        {"accounts", is->accounts, should->accounts},
        {"their balance in fen", is->balance, should->balance},
        {"entries", is->entries, should->entries},
        {"their sum in fen", is->entry_total, should->entry_total},
        {"loans", is->loans, should->loans},
        {"their balance in fen", is->loan_balance, should->loan_balance},
        {"loan entries", is->loan_entries, should->loan_entries},
        {"batches", is->batches, should->batches},
        {"members", is->members, should->members},
        {"looks", is->looks, should->looks},
        {"the last look", is->last_look, should->last_look},
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].is != all[i].should)
            return error_set(err, RESULT_DAMAGED,
                             "%s: %" PRId64 " in the copy and %" PRId64 " in the manifest",
                             all[i].what, all[i].is, all[i].should);
    /* What was migrated since may have other rows. */
    if (m->ledger_schema != store_schema_known() || m->desk_schema != store_schema_known())
        return RESULT_OK;
    return compare_tables(is, should, err);
}

enum result figures_key_ids(struct db *db, struct backup_keys *keys, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_backup_keys);
    enum stmt_step step;

    memset(keys, 0, sizeof *keys);
    while ((step = stmt_step(q)) == STMT_ROW) {
        struct text head = column_bytes(q, 0);

        /* What is no sealed field is for anju verify to say, and not for a copy to refuse. */
        if (head.len == SEALED_HEAD && head.at[0] == SUITE && head.at[1] != 0)
            keys->field[(uint8_t)head.at[1]] = true;
    }
    return step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

enum result figures_key_checks(const struct vault *v, struct backup_keys *keys, struct error *err)
{
    vault_index_fingerprint(v, keys->index_check);
    vault_token_fingerprint(v, keys->token_check);
    for (int id = 1; id < 256; id++)
        if (keys->field[id] && !vault_field_fingerprint(v, id, keys->field_check[id]))
            return error_set(err, RESULT_CONFIG,
                             "fields are sealed under the key field-%d.key, which is not in the "
                             "key folder: put it back",
                             id);
    return RESULT_OK;
}

static enum result another(const char *name, struct error *err)
{
    return error_set(err, RESULT_CONFIG, "the key %s is not the one that the backup was made with",
                     name);
}

enum result figures_key_compare(const struct vault *v, const struct backup_keys *keys,
                                struct error *err)
{
    char check[VAULT_FINGERPRINT_HEX + 1], name[BACKUP_NAME_MAX];

    for (int id = 1; id < 256; id++) {
        if (!keys->field[id])
            continue;
        snprintf(name, sizeof name, "field-%d.key", id);
        if (!vault_field_fingerprint(v, id, check))
            return error_set(err, RESULT_CONFIG, "the key %s, which the backup needs, is missing",
                             name);
        if (strcmp(check, keys->field_check[id]) != 0)
            return another(name, err);
    }
    vault_index_fingerprint(v, check);
    if (strcmp(check, keys->index_check) != 0)
        return another("index.key", err);
    vault_token_fingerprint(v, check);
    if (strcmp(check, keys->token_check) != 0)
        return another("token.key", err);
    return RESULT_OK;
}
