/* The two checks of a registration, asked of others over HTTP (provider.h says how requests are
 * signed).
 *
 * The identity authority: do name and ID number belong together?
 *
 *     POST URL/verify
 *     {"request": "…", "name": "…", "id_number": "…"}
 *
 * The bank-card check: do name, ID number, card and the phone known to the bank belong together?
 *
 *     POST URL/verify
 *     {"request": "…", "name": "…", "id_number": "…", "card": "…", "phone": "…"}
 *
 * Both answer 200 with {"request": the same, "result": "match" | "no-match"} and nothing else in
 * it. Whatever else comes back is no answer. */
#ifndef ANJU_PROVIDER_CHECK_H
#define ANJU_PROVIDER_CHECK_H

#include "config/config.h"
#include "member/member.h"
#include "provider/provider.h"

enum {
    CHECK_TRY_MS = 3000,
    CHECK_TRIES = 2, /* both parties, both tries: somebody waits 13 seconds at most */
    CHECK_REQUEST_HEX = 32,
};

struct checks {
    struct provider *identity, *card; /* NULL: not configured */
};

/* Opens what the configuration names; in a demo home makes the keys. What is not configured stays
 * NULL. Shared by the threads of a process. */
enum result checks_open(const struct config *config, struct checks *out, struct error *err);
void checks_close(struct checks *c);

/* As member_registration_check takes them. OK: match. REFUSED: no match. Anything else: unknown.
 * They live as long as c. */
struct member_checks checks_for_members(struct checks *c);

/* What an answer of either party means; request is the one that was sent. For the tests as well. */
enum result check_answer_read(long status, struct text answer, const char *request,
                              struct error *err);

#endif
