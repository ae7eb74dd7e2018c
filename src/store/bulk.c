/* The bulk face: columns are counted and their ranges checked here, so that a row that PostgreSQL
 * would refuse is refused on SQLite too. */
#include "store/internal.h"

/* The transaction must be one that writes the ledger, sound, and without another load. */
static enum result may_load(struct db *db, const char *what)
{
    if (!db->open || db->side != STORE_WRITE_LEDGER)
        return db_fail(db, RESULT_INTERNAL, "%s needs a transaction that writes the ledger.", what);
    if (db->failed)
        return db->last.code;
    if (db->bulk || db->running > 0)
        return db_fail(db, RESULT_INTERNAL, "%s while another statement runs.", what);
    return RESULT_OK;
}

/* A load that failed leaves a transaction that can only be rolled back, on both engines. */
static enum result report(struct db *db, enum result result, struct error *err)
{
    if (result != RESULT_OK) {
        db->failed = db->open;
        if (err)
            *err = db->last;
    }
    return result;
}

enum result bulk_begin(struct db *db, enum bulk_table table, struct bulk **out, struct error *err)
{
    enum result result = may_load(db, "A bulk load");

    *out = NULL;
    if (result == RESULT_OK)
        result = db->engine->bulk_begin(db, &store_bulk_tables[table], out);
    if (result == RESULT_OK) {
        (*out)->db = db;
        (*out)->table = &store_bulk_tables[table];
        db->bulk = *out;
    }
    return report(db, result, err);
}

/* True when the next column takes a value that is an integer (a text, bytes). */
static bool next_takes(struct bulk *b, bool fits)
{
    if (b->failed)
        return false;
    if (b->column < b->table->column_count && fits)
        return true;
    b->failed = true;
    db_fail(b->db, RESULT_INTERNAL, "Bulk load of %s: the value does not fit column %d (%s).",
            b->table->name, b->column + 1,
            b->column < b->table->column_count ? b->table->columns[b->column].name : "none");
    return false;
}

static bool fits_int(const struct bulk *b, int64_t value)
{
    if (b->column >= b->table->column_count)
        return false;
    switch (b->table->columns[b->column].type) {
    case COLUMN_INT2: return value >= INT16_MIN && value <= INT16_MAX;
    case COLUMN_INT4: return value >= INT32_MIN && value <= INT32_MAX;
    case COLUMN_INT8: return true;
    default: return false;
    }
}

static bool fits_type(const struct bulk *b, enum column_type type, size_t size)
{
    return b->column < b->table->column_count && b->table->columns[b->column].type == type &&
           size <= INT32_MAX;
}

void bulk_int(struct bulk *b, int64_t value)
{
    if (next_takes(b, fits_int(b, value))) {
        b->db->engine->bulk_int(b, value);
        b->column++;
    }
}

void bulk_text(struct bulk *b, struct text value)
{
    if (next_takes(b, fits_type(b, COLUMN_TEXT, value.len))) {
        b->db->engine->bulk_text(b, value);
        b->column++;
    }
}

void bulk_bytes(struct bulk *b, const void *at, size_t size)
{
    if (next_takes(b, fits_type(b, COLUMN_BYTES, size))) {
        b->db->engine->bulk_bytes(b, at, size);
        b->column++;
    }
}

void bulk_null(struct bulk *b)
{
    if (next_takes(b, true)) {
        b->db->engine->bulk_null(b);
        b->column++;
    }
}

void bulk_date(struct bulk *b, civil_date value)
{
    if (date_is_none(value))
        bulk_null(b);
    else
        bulk_int(b, value.day);
}

enum result bulk_row(struct bulk *b, struct error *err)
{
    if (!b->failed && b->column != b->table->column_count) {
        b->failed = true;
        db_fail(b->db, RESULT_INTERNAL, "Bulk load of %s: a row has %d of %d columns.",
                b->table->name, b->column, b->table->column_count);
    }
    if (!b->failed && b->db->engine->bulk_row(b) != RESULT_OK)
        b->failed = true;
    b->column = 0;
    return b->failed ? report(b->db, b->db->last.code, err) : RESULT_OK;
}

enum result bulk_end(struct bulk *b, struct error *err)
{
    struct db *db;
    enum result result;

    if (!b)
        return RESULT_OK;
    db = b->db;
    if (!b->failed && b->column != 0) {
        b->failed = true;
        db_fail(db, RESULT_INTERNAL, "Bulk load of %s ended inside a row.", b->table->name);
    }
    db->bulk = NULL;
    result = db->engine->bulk_end(b);
    return report(db, result, err);
}

enum result store_load_prepare(struct db *db, struct error *err)
{
    enum result result = may_load(db, "Preparing a large load");

    return report(db, result == RESULT_OK ? db->engine->load_prepare(db) : result, err);
}

enum result store_load_indexes(struct db *db, struct error *err)
{
    enum result result = may_load(db, "Making indexes");

    return report(db, result == RESULT_OK ? db->engine->load_indexes(db) : result, err);
}

enum result store_load_done(struct db *db, struct error *err)
{
    if (db->open)
        return report(db, db_fail(db, RESULT_INTERNAL, "A load is done after its commit."), err);
    return report(db, db->engine->load_done(db), err);
}
