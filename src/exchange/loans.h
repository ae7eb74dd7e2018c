/* Private to src/exchange: the work on one borrower's account. */
#ifndef ANJU_EXCHANGE_LOANS_H
#define ANJU_EXCHANGE_LOANS_H

#include "exchange/internal.h"
#include "ledger/loan_entry.h"

enum { CONTRACT_NUMBER_MAX = 30 };

struct contract {
    uint8_t length;
    char number[CONTRACT_NUMBER_MAX];
    int64_t method;
};

/* What later lines may ask about a loan entry of this set. */
struct loan_kept {
    int64_t reverses;
    fen amount, principal, interest, penalty;
    uint8_t kind;
    bool reversing, reversed;
};

struct loans {
    struct import *in;
    struct source accounts; /* a second reading, for the numbers alone */
    struct source contracts, loans, ledger, rates;

    /* The account at hand: */
    struct text account;
    struct contract contract[ACCOUNT_CONTRACTS_MAX];
    size_t contract_count;

    /* The loan at hand: */
    struct text loan;
    bool existed; /* was taken before */
    bool chained; /* its entries could all be followed so far */
    fen balance;
    int64_t head_seq;
    uint8_t head_hash[SHA256_SIZE];
    civil_date booked;
    struct loan_kept *kept;
    size_t kept_count, kept_room;
    int64_t first_seq;
};

/* loan_lines.c: the loan's lines of loan_ledger.csv. */
enum result loan_lines_import(struct loans *l, struct error *err);

/* loan_accounts.c: the account's loans with all that belongs to them. */
enum result loan_accounts_import(struct loans *l, struct error *err);

#endif
