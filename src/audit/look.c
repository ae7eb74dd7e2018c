/* Access records: the chain of each person, and its head. */
#include "audit.h"
#include "queries.h"

static const char hashed[] = "TIIITTIIITI";
enum { K_PERSON, K_SEQ, K_HASH = 11 };
enum { H_PERSON, H_SEQ, H_HASH };

static void read_chain(struct audit *a, const struct cursor *head, struct cursor *looks)
{
    char person[AUDIT_KEY_MAX];
    uint8_t hash[AUDIT_HASH] = {0};
    int64_t seq = 0;
    struct place p = {.table = "desk.look", .sub = ""};

    span_keep(cell_bytes(head, H_PERSON), person);
    p.key = span_of(person);
    for (; cursor_there(looks) && span_compare(cell_bytes(looks, K_PERSON), p.key) == 0;
         cursor_next(looks)) {
        p.entry = cell_int(looks, K_SEQ);
        differ_int(a->report, p, "seq", p.entry, seq + 1);
        seq = p.entry;
        chain_follow(a->report, p, looks, 'A', hashed, K_HASH, hash);
        a->counts.looks++;
        audit_row(a);
    }
    p.table = "desk.look_head";
    p.entry = 0;
    differ_int(a->report, p, "seq", cell_int(head, H_SEQ), seq);
    differ_hash(a->report, p, "hash", cell_bytes(head, H_HASH), hash);
    a->counts.people++;
}

static void name_orphan(struct audit *a, struct cursor *looks)
{
    struct place p = {.table = "desk.look",
                      .key = cell_bytes(looks, K_PERSON),
                      .sub = "",
                      .entry = cell_int(looks, K_SEQ)};

    differ_text(a->report, p, "person", "no head", "a head of the chain");
    cursor_next(looks);
}

bool audit_looks(struct audit *a)
{
    struct cursor *heads = cursor_open(a->source, AUDIT_LOOK_HEADS);
    struct cursor *looks = cursor_open(a->source, AUDIT_LOOKS);
    bool ok;

    for (; cursor_there(heads) && !cursor_failed(looks); cursor_next(heads)) {
        while (cursor_there(looks) &&
               span_compare(cell_bytes(looks, K_PERSON), cell_bytes(heads, H_PERSON)) < 0)
            name_orphan(a, looks);
        read_chain(a, heads, looks);
    }
    while (!cursor_failed(heads) && cursor_there(looks))
        name_orphan(a, looks);
    ok = !cursor_failed(heads) && !cursor_failed(looks);
    cursor_close(heads);
    cursor_close(looks);
    return ok;
}
