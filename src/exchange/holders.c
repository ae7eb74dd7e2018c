/* Who an account belongs to. ID number, phone and card are sealed in batches. */
#include "people.h"

#include <stdlib.h>

#include "base/identity.h"

enum {
    HOLDERS_BATCH = 64,
    FIELD_COUNT = 3,
    FIELD_PLAIN_MAX = 24, /* the longest is a card's 19 digits */
    FIELD_SEALED_MAX = FIELD_PLAIN_MAX + VAULT_OVERHEAD,
    WORDS_MAX = 240, /* bytes of 60 characters */
};

struct words {
    char at[WORDS_MAX];
    size_t len;
};

struct holder_row {
    struct words account, person, name, bank;
    int64_t id_type;
    struct words plain[FIELD_COUNT];
    uint8_t sealed[FIELD_COUNT][FIELD_SEALED_MAX];
    size_t sealed_len[FIELD_COUNT];
};

struct holders {
    size_t count;
    struct holder_row rows[HOLDERS_BATCH];
};

static const struct field {
    const char *column, *index;
    int from; /* in accounts.csv */
    void (*mask)(struct text t, char *out, size_t room);
} fields[FIELD_COUNT] = {
    {"id", "id", ACCOUNTS_ZJHM, mask_id},
    {"phone", "phone", ACCOUNTS_SJHM, mask_phone},
    {"card", "card", ACCOUNTS_GRCKZHHM, mask_card},
};

static void words_set(struct words *w, const struct value *v)
{
    w->len = v->text.len;
    if (w->len)
        memcpy(w->at, v->text.at, w->len);
}

static struct text words_text(const struct words *w)
{
    return (struct text){w->at, w->len};
}

enum result holders_new(struct holders **out, struct error *err)
{
    *out = calloc(1, sizeof **out);
    return *out ? RESULT_OK : error_set(err, RESULT_MEMORY, "out of memory");
}

void holders_free(struct holders *h)
{
    if (h)
        explicit_bzero(h, sizeof *h);
    free(h);
}

enum result holders_add(struct people *p, struct error *err)
{
    const struct value *v = p->accounts.v;
    struct holder_row *row;

    if (p->in->faults.count > 0)
        return RESULT_OK;
    row = &p->holders->rows[p->holders->count++];
    words_set(&row->account, &v[ACCOUNTS_GRZH]);
    words_set(&row->person, &v[ACCOUNTS_GRBH]);
    words_set(&row->name, &v[ACCOUNTS_XingMing]);
    words_set(&row->bank, &v[ACCOUNTS_GRCKZHKHYHMC]);
    row->id_type = v[ACCOUNTS_ZJLX].n;
    for (int i = 0; i < FIELD_COUNT; i++)
        words_set(&row->plain[i], &v[fields[i].from]);
    return p->holders->count == HOLDERS_BATCH ? holders_flush(p, err) : RESULT_OK;
}

static enum result seal(struct people *p, struct error *err)
{
    struct vault_item items[HOLDERS_BATCH * FIELD_COUNT];
    size_t *lengths[HOLDERS_BATCH * FIELD_COUNT];
    size_t n = 0;

    for (size_t k = 0; k < p->holders->count; k++) {
        struct holder_row *row = &p->holders->rows[k];

        for (int i = 0; i < FIELD_COUNT; i++) {
            if (row->plain[i].len == 0)
                continue;
            lengths[n] = &row->sealed_len[i];
            items[n++] = (struct vault_item){
                .place = {"ledger.holder", fields[i].column, words_text(&row->person)},
                .in = words_text(&row->plain[i]),
                .out = row->sealed[i],
            };
        }
    }
    if (n > 0 && vault_seal(p->in->vault, &p->in->random, items, n) != RESULT_OK)
        return error_set(err, RESULT_INTERNAL, "a field of a holder cannot be sealed");
    for (size_t k = 0; k < n; k++)
        *lengths[k] = items[k].out_len;
    return RESULT_OK;
}

/* The sealed field, its mask, its keyed index. */
static void put_field(struct people *p, struct block *b, const struct holder_row *row, int i)
{
    uint8_t index[VAULT_INDEX_SIZE];
    struct text plain = words_text(&row->plain[i]);
    char mask[4 * FIELD_PLAIN_MAX] = "";

    if (plain.len == 0) {
        block_null(b);
        block_text(b, TEXT(""));
        block_null(b);
        return;
    }
    fields[i].mask(plain, mask, sizeof mask);
    vault_index(p->in->vault, fields[i].index, plain, index);
    block_bytes(b, row->sealed[i], row->sealed_len[i]);
    block_text(b, text_of(mask));
    block_bytes(b, index, sizeof index);
}

static enum result put_holder(struct people *p, const struct holder_row *row, struct error *err)
{
    struct block *b;
    enum result result = out_row(p->in, BULK_HOLDER, &b, err);

    if (!b)
        return result;
    block_text(b, words_text(&row->account));
    block_text(b, words_text(&row->person));
    block_text(b, words_text(&row->name));
    block_int(b, row->id_type);
    for (int i = 0; i < FIELD_COUNT; i++)
        put_field(p, b, row, i);
    block_text(b, words_text(&row->bank));
    block_row_end(b);
    return RESULT_OK;
}

enum result holders_flush(struct people *p, struct error *err)
{
    enum result result = RESULT_OK;

    if (p->in->faults.count == 0 && p->in->pipe)
        result = seal(p, err);
    for (size_t i = 0; i < p->holders->count && result == RESULT_OK; i++)
        result = put_holder(p, &p->holders->rows[i], err);
    p->holders->count = 0;
    return result;
}
