/* Registering a person for the hall. */
#include <sodium.h>

#include "base/identity.h"
#include "member/internal.h"

enum { LOGIN_PHONE = 2 }; /* desk.login_name.kind; 1 is an ID number */
enum { ID_MAX = 18, PHONE_MAX = 11 };

_Static_assert(sizeof((struct member_holder *)0)->password == PASSWORD_HASH_MAX,
               "room for the hash");
_Static_assert((int)MEMBER_KEY_SIZE == (int)VAULT_INDEX_SIZE, "indexes fit");

static enum result input_check(const struct member_desk *m, const struct member_registration *reg,
                               struct error *err)
{
    if (reg->id_number.len == 0 || reg->id_number.len > ID_MAX) {
        return error_set(err, RESULT_INVALID, "an ID number has 1 to %d characters", ID_MAX);
    }
    if (!mobile_phone_valid(reg->phone)) {
        return error_set(err, RESULT_INVALID, "a mobile phone has %d digits and begins with 1",
                         PHONE_MAX);
    }
    if (!m->config->demo && phone_is_demo(reg->phone)) {
        return error_set(err, RESULT_INVALID, "phones that begin with 100 are nobody's");
    }
    if (!text_equal(reg->language, TEXT("zh")) && !text_equal(reg->language, TEXT("en"))) {
        return error_set(err, RESULT_INVALID, "the language is zh or en");
    }
    return password_check(reg, err);
}

/* --- the ledger: whose number is it? --- */

enum result holder_find(struct db *db, struct member_holder *h, bool *contributed,
                        struct error *err)
{
    struct stmt *q = db_query(db, QUERY_member_holder_by_id);
    enum stmt_step step;
    bool fits;

    stmt_bytes(q, 1, h->id_index, sizeof h->id_index);
    step = stmt_step(q);
    if (step == STMT_DONE) {
        return error_set(err, RESULT_NOT_FOUND, "no account belongs to this ID number");
    }
    if (step != STMT_ROW) {
        return db_failure(db, err);
    }
    fits = text_copy(column_text(q, 0), h->account, sizeof h->account) &&
           text_copy(column_text(q, 1), h->person, sizeof h->person);
    stmt_end(q);
    if (!fits) {
        return error_set(err, RESULT_DAMAGED, "ledger.account holds a number that is too long");
    }
    q = db_query(db, QUERY_member_contribution);
    stmt_text(q, 1, text_of(h->person));
    step = stmt_step(q);
    stmt_end(q);
    *contributed = step == STMT_ROW;
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

enum result holder_ask(struct member_desk *m, struct db *db, const struct member_registration *reg,
                       struct member_holder *h, struct error *err)
{
    bool contributed = false;
    enum result r;

    id_index(m, reg->id_number, h->id_index);
    vault_index(m->vault, "phone", reg->phone, h->phone_index);
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = holder_find(db, h, &contributed, err);
    db_rollback(db); /* it only read */
    if (r == RESULT_OK && !contributed) {
        r = error_set(err, RESULT_NOT_FOUND,
                      "nothing has been posted for this person yet: registering is possible after "
                      "the first contribution");
    }
    return r;
}

/* --- the desk: the member and what may be typed to sign in --- */

static enum result login_id_write(struct db *db, const struct member_holder *h, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_login_id_insert);

    stmt_bytes(q, 1, h->id_index, VAULT_INDEX_SIZE);
    stmt_text(q, 2, text_of(h->person));
    return stmt_run(q, NULL, err);
}

static enum result login_phone_write(struct db *db, const struct member_holder *h,
                                     struct error *err)
{
    struct stmt *q = db_query(db, QUERY_login_name_insert);

    stmt_bytes(q, 1, h->phone_index, VAULT_INDEX_SIZE);
    stmt_int(q, 2, LOGIN_PHONE);
    stmt_text(q, 3, text_of(h->person));
    return stmt_run(q, NULL, err);
}

enum result member_write(struct member_desk *m, struct db *db, struct random *r,
                         const struct member_registration *reg, const struct member_holder *h,
                         struct error *err)
{
    uint8_t sealed[PHONE_MAX + VAULT_OVERHEAD];
    char mask[PHONE_MAX + 1];
    struct vault_item item = {
        .place = {"desk.member", "phone", text_of(h->person)}, .in = reg->phone, .out = sealed};
    struct stmt *q = db_query(db, QUERY_member_insert);
    int64_t member = 0;
    enum result result;

    if (vault_seal(m->vault, r, &item, 1) != RESULT_OK) {
        return error_set(err, RESULT_INTERNAL, "a phone cannot be sealed");
    }
    mask_phone(reg->phone, mask, sizeof mask);
    stmt_text(q, 1, text_of(h->person));
    stmt_text(q, 2, text_of(h->account));
    stmt_text(q, 3, text_of(h->password));
    stmt_bytes(q, 4, sealed, item.out_len);
    stmt_text(q, 5, text_of(mask));
    stmt_text(q, 6, reg->language);
    stmt_int(q, 7, clock_now(m->clock));
    result = stmt_run(q, &member, err);
    if (result == RESULT_OK && member != 1) {
        return error_set(err, RESULT_CONFLICT, "this person is registered already");
    }
    if (result == RESULT_OK) {
        result = login_id_write(db, h, err);
    }
    /* A phone that two people share stays the first one's name; the other signs in by ID number,
     * and still gets the codes there. */
    return result == RESULT_OK ? login_phone_write(db, h, err) : result;
}

enum result member_register(struct member_desk *m, struct db *db, struct random *r,
                            const struct member_registration *reg, struct error *err)
{
    struct member_holder h = {0};
    enum result result = input_check(m, reg, err);

    if (result != RESULT_OK) {
        return result;
    }
    result = holder_ask(m, db, reg, &h, err);
    if (result == RESULT_OK) {
        result = password_hash(reg->password, h.password, err);
    }
    if (result == RESULT_OK) {
        result = db_begin(db, STORE_WRITE_DESK, err);
    }
    if (result != RESULT_OK) {
        goto done;
    }
    result = member_write(m, db, r, reg, &h, err);
    if (result == RESULT_OK) {
        result = db_commit(db, err);
    } else {
        db_rollback(db);
    }
done:
    sodium_memzero(&h, sizeof h);
    return result;
}
