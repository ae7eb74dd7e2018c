/* The first step of registering in the hall: the form, and a code to the phone. Nobody is looked up:
 * the work is the same whoever it is, because it is the same work. */
#include "member/registration.h"

#include <sodium.h>

#include "base/identity.h"

enum {
    ID_MAX = 18,
    ID_OTHER_MIN = 5, /* documents without a check digit */
    QUARTER_SECONDS = 900,
    HOUR_SECONDS = 3600,
    DAY_SECONDS = 86400,
    LIMITS = 5,
};

/* --- the form --- */

/* A document of any type, told by its form. Eighteen digits whose check digit is wrong are a slip of
 * the finger. */
static bool id_fits(struct text id, bool demo)
{
    if (id_resident_valid(id)) {
        return id_is_demo(ID_RESIDENT, id) == demo;
    }
    if (id_foreign_permanent_valid(id)) {
        return id_is_demo(ID_FOREIGN_PERMANENT, id) == demo;
    }
    return id.len >= ID_OTHER_MIN && id.len < ID_MAX && id_valid(ID_OTHER, id);
}

static bool name_is_formed(struct text name)
{
    size_t characters;

    if (!text_is_clean_utf8(name) || name.len == 0 || name.at[0] == ' ' ||
        name.at[name.len - 1] == ' ') {
        return false;
    }
    characters = text_characters(name);
    return characters >= MEMBER_NAME_MIN && characters <= MEMBER_NAME_MAX;
}

/* The first field that is wrong, or NULL. A demo home takes the numbers that name nobody and no
 * others, every other home all but those. */
static const char *wrong_field(const struct member_desk *m, const struct member_form *f)
{
    const struct member_proof *p = &f->typed;
    bool demo = m->config->demo;

    if (!name_is_formed(p->name)) {
        return "name";
    }
    if (!id_fits(p->id_number, demo)) {
        return "id_number";
    }
    if (!bank_card_valid(p->card) || card_is_demo(p->card) != demo) {
        return "card";
    }
    if (!mobile_phone_valid(p->phone) || phone_is_demo(p->phone) != demo) {
        return "phone";
    }
    return text_equal(f->language, TEXT("zh")) || text_equal(f->language, TEXT("en")) ? NULL
                                                                                      : "language";
}

/* --- limits on sending --- */

static enum result limits_take(struct member_desk *m, struct db *db, struct member_form *f,
                               instant now, struct error *err)
{
    uint8_t id[MEMBER_KEY_SIZE], card[MEMBER_KEY_SIZE];
    struct throttle t[LIMITS];
    enum result r = RESULT_OK;
    bool refused = false;

    id_index(m, f->typed.id_number, id);
    vault_index(m->vault, "card", f->typed.card, card);
    throttle_of_value(m, "registration codes at once", f->typed.phone, MEMBER_REGISTRATION_CODES,
                      QUARTER_SECONDS, &t[0]);
    throttle_of_value(m, "registration codes in a day", f->typed.phone,
                      MEMBER_REGISTRATION_CODES_DAY, DAY_SECONDS, &t[1]);
    throttle_of_value(m, "registration codes for an ID", (struct text){(char *)id, sizeof id},
                      MEMBER_REGISTRATION_STARTS, HOUR_SECONDS, &t[2]);
    throttle_of_value(m, "registration codes for a card", (struct text){(char *)card, sizeof card},
                      MEMBER_REGISTRATION_STARTS, HOUR_SECONDS, &t[3]);
    throttle_of_value(m, "registration codes from a network", f->network,
                      MEMBER_REGISTRATION_NETWORK, HOUR_SECONDS, &t[4]);
    for (int i = 0; i < LIMITS && r == RESULT_OK; i++) {
        r = throttle_take(db, &t[i], now, &f->until, err);
        if (r == RESULT_TOO_MANY) {
            refused = true;
            r = RESULT_OK;
        }
    }
    return r == RESULT_OK && refused ? RESULT_TOO_MANY : r;
}

/* --- the registration and its code --- */

static enum result code_send(struct member_desk *m, struct db *db, struct random *r,
                             const struct registration *reg, const char *code, struct error *err)
{
    char words[NOTICE_TEXT_MAX];
    struct notice o = {
        .kind = NOTICE_CODE,
        .person = TEXT(""),
        .phone = reg->proof.phone,
        .now = reg->created,
        .expires = reg->code_until,
    };
    size_t len = 0;
    enum result result = notice_words(m, WORDS_REGISTRATION, code, strcmp(reg->language, "en") == 0,
                                      words, &len, err);

    if (result == RESULT_OK) {
        o.text = (struct text){words, len};
        result = notice_put(m, db, r, &o, err);
    }
    sodium_memzero(words, sizeof words);
    return result;
}

static enum result registration_make(struct member_desk *m, struct db *db, struct random *r,
                                     struct member_form *f, instant now, struct error *err)
{
    struct registration reg = {.state = STATE_CODE_SENT, .created = now, .proof = f->typed};
    char code[CODE_TEXT_MAX];
    enum result result;

    reg.code_until = now + (instant)MEMBER_CODE_SECONDS * MEMBER_SECOND_MS;
    reg.ends = now + (instant)MEMBER_REGISTRATION_SECONDS * MEMBER_SECOND_MS;
    text_copy(f->language, reg.language, sizeof reg.language);
    token_make(r, f->registration, sizeof f->registration, reg.id);
    code_draw(r, code);
    code_hash(m, reg.id, code, reg.code);
    mask_phone(f->typed.phone, f->sent_to, sizeof f->sent_to);
    f->expires = reg.code_until;
    result = registration_write(m, db, r, &reg, err);
    if (result == RESULT_OK) {
        result = code_send(m, db, r, &reg, code, err);
    }
    sodium_memzero(code, sizeof code);
    return result;
}

enum result member_registration_start(struct member_desk *m, struct db *db, struct random *r,
                                      struct member_form *f, struct error *err)
{
    instant now = clock_now(m->clock);
    enum result result;

    f->until = 0;
    f->registration[0] = '\0';
    f->field = wrong_field(m, f);
    if (f->field) {
        return error_set(err, RESULT_INVALID, "the form's %s will not do", f->field);
    }
    result = db_begin(db, STORE_WRITE_DESK, err);
    if (result != RESULT_OK) {
        return result;
    }
    result = limits_take(m, db, f, now, err);
    if (result == RESULT_OK) {
        result = registration_make(m, db, r, f, now, err);
    }
    if (result != RESULT_OK) {
        db_rollback(db); /* what was not sent is not counted */
        return result;
    }
    result = db_commit(db, err);
    if (result == RESULT_OK) {
        worker_wake(m->config);
    }
    return result;
}
