#include "service/staff_case.h"

#include <string.h>

#include "ledger/ledger.h"

enum {
    STAFF_MAX = 20, /* characters */
    WHY_MAX = 64,
};

bool staff_case_argument(struct staff_case *c, int argc, char **argv, int *i)
{
    const char *word = argv[*i];
    bool more = *i + 1 < argc;

    if (strcmp(word, "--json") == 0) {
        c->json = true;
    } else if (strcmp(word, "--staff") == 0 && more) {
        c->staff = text_of(argv[++*i]);
    } else if (strcmp(word, "--why") == 0 && more) {
        c->why = text_of(argv[++*i]);
    } else if (word[0] != '-' && c->account.len == 0) {
        c->account = text_of(word);
    } else {
        return false;
    }
    return true;
}

static bool text_good(struct text t, size_t characters)
{
    return t.len > 0 && text_is_clean_utf8(t) && text_characters(t) <= characters;
}

const char *staff_case_wrong(const struct staff_case *c)
{
    if (c->account.len == 0) {
        return "an account is wanted";
    }
    if (!text_good(c->staff, STAFF_MAX) || !text_good(c->why, WHY_MAX)) {
        return "--staff (who looks, at most 20 characters) and --why (the case, at most 64) are "
               "wanted: the look is recorded";
    }
    return NULL;
}

enum result staff_case_open(const struct staff_case *c, struct command_home *h,
                            enum access_part part, struct view *v, struct error *err)
{
    struct access_request q = access_by_staff(part, c->staff, text_of(h->config.centre_zh), c->why);
    struct account account;
    enum result r = db_begin(h->db, STORE_READ, err);

    if (r != RESULT_OK) {
        return r;
    }
    r = ledger_account(h->db, h->arena, c->account, &account, err);
    db_rollback(h->db);
    if (r != RESULT_OK) {
        return r;
    }
    q.person = account.person;
    q.account = c->account;
    return access_open(h->db, &h->clock, &q, v, err);
}
