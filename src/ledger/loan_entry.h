/* An entry of a loan's ledger and its place in the loan's chain. docs/stores.md has the layout of
 * the hash, docs/data-exchange.md the codes. */
#ifndef ANJU_LEDGER_LOAN_ENTRY_H
#define ANJU_LEDGER_LOAN_ENTRY_H

#include "base/date.h"
#include "base/money.h"
#include "base/sha256.h"
#include "base/text.h"

/* JGJ/T 320 table A.15. */
enum loan_entry_kind {
    LOAN_PAID_OUT = 1,
    LOAN_REPAYMENT = 2,
    LOAN_PREPAYMENT = 3,
    LOAN_OVERDUE_REPAYMENT = 4,
    LOAN_FUND_REPAYMENT = 5,
    LOAN_SETTLED = 6,
    LOAN_LONGER = 7,
    LOAN_SHORTER = 8,
    LOAN_WRITTEN_OFF = 9,
    LOAN_ENTRY_OTHER = 99,
};

struct loan_entry {
    struct text account, loan;
    int64_t seq;
    civil_date happened, booked;
    enum loan_entry_kind kind;
    int period; /* 0: none */
    fen amount; /* paid out: negative; repaid: positive */
    fen principal, interest, penalty;
    fen balance; /* principal left after this entry */
    struct text flow;
    bool reversing;
    int64_t reverses; /* 0: none */
    int64_t batch;
    uint8_t hash[SHA256_SIZE];
};

/* The hash of e after its predecessor's (32 zero bytes for the first), version 1. */
void loan_entry_hash(struct sha256 *s, const struct loan_entry *e,
                     const uint8_t previous[SHA256_SIZE], uint8_t out[SHA256_SIZE]);

#endif
