/* Opening an account. ID number, phone and card are sealed as the import seals them. */
#include "internal.h"

#include <string.h>

#include "base/identity.h"

enum {
    GRZH,
    GRBH,
    XingMing,
    ZJLX,
    ZJHM,
    SJHM,
    GRCKZHHM,
    GRCKZHKHYHMC,
    DWZH,
    SXNY,
    GRJCJS,
    DWJCBL,
    GRJCBL,
};

enum { SEALED_MAX = 24 + VAULT_OVERHEAD, MASK_MAX = 96, PLACES = 3 };

/* One of ID number, phone and card on its way into the holder's row. */
struct sealed {
    const char *kind; /* column of the vault's place, and of its index */
    void (*mask)(struct text t, char *out, size_t room);
    struct text plain;
    uint8_t bytes[SEALED_MAX], index[VAULT_INDEX_SIZE];
    size_t size;
    char words[MASK_MAX];
    int parameter; /* of import_holder_put: the first of three, for the ID of bytes */
};

static enum result seal_all(struct work *w, struct text person, struct sealed all[PLACES],
                            struct error *err)
{
    for (int i = 0; i < PLACES; i++) {
        struct sealed *s = &all[i];
        struct vault_item item = {
            .place = {"ledger.holder", s->kind, person}, .in = s->plain, .out = s->bytes};

        if (s->plain.len == 0)
            continue;
        if (s->plain.len + VAULT_OVERHEAD > sizeof s->bytes ||
            vault_seal(w->desk->vault, w->desk->random, &item, 1) != RESULT_OK)
            return error_set(err, RESULT_INTERNAL, "a field of the holder cannot be sealed");
        s->size = item.out_len;
        s->mask(s->plain, s->words, sizeof s->words);
        vault_index(w->desk->vault, s->kind, s->plain, s->index);
    }
    return RESULT_OK;
}

static enum result put_holder(struct work *w, const struct value *v, const struct sealed *all,
                              struct error *err)
{
    struct stmt *q = db_query(w->p.db, QUERY_import_holder_put);

    stmt_text(q, 1, v[GRZH].text);
    stmt_text(q, 2, v[GRBH].text);
    stmt_text(q, 3, v[XingMing].text);
    stmt_int(q, 4, v[ZJLX].n);
    for (int i = 0; i < PLACES; i++) {
        const struct sealed *s = &all[i];

        stmt_text(q, s->parameter + 1, text_of(s->words));
        if (s->plain.len == 0) {
            stmt_null(q, s->parameter);
            stmt_null(q, s->parameter + 2);
        } else {
            stmt_bytes(q, s->parameter, s->bytes, s->size);
            stmt_bytes(q, s->parameter + 2, s->index, sizeof s->index);
        }
    }
    stmt_text(q, 14, v[GRCKZHKHYHMC].there ? v[GRCKZHKHYHMC].text : TEXT(""));
    return stmt_run(q, NULL, err);
}

static enum result put_account(struct work *w, const struct value *v, const struct agreed *g,
                               struct error *err)
{
    struct stmt *q = db_query(w->p.db, QUERY_import_account_put);
    struct running r;

    running_open(&r, w->today);
    stmt_text(q, 1, v[GRZH].text);
    stmt_text(q, 2, v[GRBH].text);
    stmt_text(q, 3, v[DWZH].text);
    stmt_int(q, 4, ACCOUNT_NORMAL);
    stmt_date(q, 5, w->today);
    for (int i = 6; i <= 8; i++)
        stmt_null(q, i); /* not closed */
    stmt_fen(q, 9, g->base);
    stmt_int(q, 10, g->unit_ratio);
    stmt_int(q, 11, g->own_ratio);
    stmt_fen(q, 12, g->unit_due);
    stmt_fen(q, 13, g->own_due);
    stmt_null(q, 14); /* paid to no month */
    for (int i = 15; i <= 18; i++)
        stmt_int(q, i, 0); /* no money, nothing frozen */
    stmt_null(q, 19);
    stmt_null(q, 20);
    stmt_date(q, 21, r.settled);
    stmt_int(q, 22, 0);
    stmt_int(q, 23, 0);
    stmt_date(q, 24, r.product_day);
    stmt_int(q, 25, 0);
    stmt_bytes(q, 26, r.head_hash, SHA256_SIZE);
    stmt_date(q, 27, w->today);
    stmt_int(q, 28, w->p.batch);
    return stmt_run(q, NULL, err);
}

/* A person has one open account, one document, and the document one person (article 13). */
static enum result check_person(struct work *w, const struct value *v, const struct sealed *id,
                                struct error *err)
{
    struct stmt *q = db_query(w->p.db, QUERY_contribution_opening);
    enum stmt_step step;
    enum result r = RESULT_OK;

    stmt_text(q, 1, v[GRZH].text);
    stmt_text(q, 2, v[GRBH].text);
    stmt_bytes(q, 3, id->index, sizeof id->index);
    while (r == RESULT_OK && (step = stmt_step(q)) == STMT_ROW) {
        bool same_person = text_equal(column_text(q, 1), v[GRBH].text);
        struct text index = column_bytes(q, 3);
        bool same_id =
            index.len == sizeof id->index && memcmp(index.at, id->index, sizeof id->index) == 0;

        if (text_equal(column_text(q, 0), v[GRZH].text))
            r = error_set(err, RESULT_REFUSED, "there is such an account already");
        else if (same_person != same_id)
            r = error_set(err, RESULT_REFUSED,
                          same_id ? "the document belongs to another person's number"
                                  : "the person's number has another document");
        else if (!account_is_closed((enum account_state)column_int(q, 2)))
            r = error_set(err, RESULT_REFUSED, "the person has an account that is open");
    }
    if (r != RESULT_OK) {
        stmt_end(q);
        return r;
    }
    return step == STMT_DONE ? RESULT_OK : db_failure(w->p.db, err);
}

static enum result check_line(struct work *w, const struct value *v, const struct agreed *g,
                              struct error *err)
{
    const char *words = "";
    enum result r = unit_open(w, v[DWZH].text, err);

    if (column_document(&w->judge, v[ZJLX].n, v[ZJHM].text, &words) != FAULT_NONE)
        return error_set(err, RESULT_INVALID, "ZJHM %s", words);
    if (r == RESULT_OK && g->from.n > date_month(w->today).n + 1)
        return error_set(err, RESULT_REFUSED, "%s is too far ahead", month_words(g->from).at);
    return r == RESULT_OK ? agreed_within(w, g, g->from, err) : r;
}

enum result open_line(struct work *w, const struct value *v, struct error *err)
{
    struct sealed all[PLACES] = {
        {.kind = "id", .mask = mask_id, .plain = v[ZJHM].text, .parameter = 5},
        {.kind = "phone", .mask = mask_phone, .plain = v[SJHM].text, .parameter = 8},
        {.kind = "card", .mask = mask_card, .plain = v[GRCKZHHM].text, .parameter = 11},
    };
    struct agreed g = {.from = month_value(&v[SXNY]), .unit = v[DWZH].text};
    struct post_account a;
    enum result r;

    agreed_read(&g, &v[GRJCJS], &v[DWJCBL], &v[GRJCBL]);
    r = check_line(w, v, &g, err);
    if (r == RESULT_OK)
        r = seal_all(w, v[GRBH].text, all, err);
    if (r == RESULT_OK)
        r = check_person(w, v, &all[0], err);
    if (r == RESULT_OK)
        r = put_account(w, v, &g, err);
    if (r == RESULT_OK)
        r = put_holder(w, v, all, err);
    if (r == RESULT_OK)
        r = agreed_from(w, v[GRZH].text, &g, err);
    if (r == RESULT_OK)
        r = account_open(w, v[GRZH].text, &a, err);
    if (r == RESULT_OK)
        r = note(w, &a, ENTRY_OPENING, v[DWZH].text, MONTH_NONE, err);
    return r == RESULT_OK ? account_put(w, &a, err) : r;
}
