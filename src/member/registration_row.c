/* Registrations in the desk store. */
#include <sodium.h>

#include "member/registration.h"

/* The details are one sealed text, a field to a line: no field holds a line's end, because none
 * holds a control character. */
static bool details_join(const struct member_proof *p, char out[DETAILS_MAX], size_t *len)
{
    const struct text fields[PROOF_FIELDS] = {p->name, p->id_number, p->card, p->phone};

    *len = 0;
    for (int i = 0; i < PROOF_FIELDS; i++) {
        if (*len + fields[i].len + 1 > DETAILS_MAX) {
            return false;
        }
        memcpy(out + *len, fields[i].at, fields[i].len);
        *len += fields[i].len;
        out[(*len)++] = '\n';
    }
    return true;
}

static bool details_split(const char *text, size_t len, struct member_proof *out)
{
    struct text *fields[PROOF_FIELDS] = {&out->name, &out->id_number, &out->card, &out->phone};
    const char *at = text, *end = text + len;

    for (int i = 0; i < PROOF_FIELDS; i++) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));

        if (!line_end) {
            return false;
        }
        *fields[i] = (struct text){at, (size_t)(line_end - at)};
        at = line_end + 1;
    }
    return at == end;
}

/* Bound to this registration: it does not open in another row. */
static struct vault_place details_place(const uint8_t id[MEMBER_KEY_SIZE])
{
    return (struct vault_place){"desk.registration", "details",
                                (struct text){(const char *)id, MEMBER_KEY_SIZE}};
}

static bool row_take(struct member_desk *m, struct stmt *q, struct registration *out)
{
    struct vault_item item = {
        .place = details_place(out->id), .in = column_bytes(q, 1), .out = (uint8_t *)out->text};
    struct text code = column_bytes(q, 3);

    out->state = (enum registration_state)column_int(q, 0);
    out->tries = (int)column_int(q, 4);
    out->asks = (int)column_int(q, 5);
    out->created = column_int(q, 6);
    out->code_until = column_int(q, 7);
    out->ends = column_int(q, 8);
    if (code.len != sizeof out->code || item.in.len > sizeof out->text ||
        !text_copy(column_text(q, 2), out->language, sizeof out->language)) {
        return false;
    }
    memcpy(out->code, code.at, sizeof out->code);
    return vault_open_fields(m->vault, &item, 1) == RESULT_OK &&
           details_split(out->text, item.out_len, &out->proof);
}

enum result registration_read(struct member_desk *m, struct db *db,
                              const uint8_t id[MEMBER_KEY_SIZE], struct registration *out,
                              struct error *err)
{
    struct stmt *q = db_query(db, QUERY_registration_read);
    enum stmt_step step;
    bool good;

    memcpy(out->id, id, MEMBER_KEY_SIZE);
    stmt_bytes(q, 1, id, MEMBER_KEY_SIZE);
    step = stmt_step(q);
    if (step != STMT_ROW) {
        return step == STMT_DONE ? error_set(err, RESULT_NOT_FOUND, "there is no such registration")
                                 : db_failure(db, err);
    }
    good = row_take(m, q, out);
    stmt_end(q);
    return good ? RESULT_OK : error_set(err, RESULT_DAMAGED, "a registration does not open");
}

enum result registration_write(struct member_desk *m, struct db *db, struct random *r,
                               const struct registration *reg, struct error *err)
{
    char plain[DETAILS_MAX];
    uint8_t sealed[DETAILS_MAX + VAULT_OVERHEAD];
    struct vault_item item = {.place = details_place(reg->id), .out = sealed};
    struct stmt *q = db_query(db, QUERY_registration_insert);
    size_t len;
    bool good = details_join(&reg->proof, plain, &len);

    item.in = (struct text){plain, len};
    good = good && vault_seal(m->vault, r, &item, 1) == RESULT_OK;
    sodium_memzero(plain, sizeof plain);
    if (!good) {
        return error_set(err, RESULT_INTERNAL, "a registration cannot be sealed");
    }
    stmt_bytes(q, 1, reg->id, sizeof reg->id);
    stmt_bytes(q, 2, sealed, item.out_len);
    stmt_text(q, 3, text_of(reg->language));
    stmt_bytes(q, 4, reg->code, sizeof reg->code);
    stmt_int(q, 5, reg->created);
    stmt_int(q, 6, reg->code_until);
    stmt_int(q, 7, reg->ends);
    return stmt_run(q, NULL, err);
}

enum result registration_settle(struct db *db, const uint8_t id[MEMBER_KEY_SIZE],
                                enum registration_state from, enum registration_state to,
                                bool *done, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_registration_settle);
    int64_t changed = 0;
    enum result r;

    stmt_bytes(q, 1, id, MEMBER_KEY_SIZE);
    stmt_int(q, 2, to);
    stmt_int(q, 3, from);
    r = stmt_run(q, &changed, err);
    *done = changed == 1;
    return r;
}

bool registration_is_over(const struct registration *reg, instant now)
{
    return now >= reg->ends || now < reg->created;
}
