/* All that is read of a database, in one place and the same for both engines. The first program's
 * queries (sql/queries) are not used: what it reads wrongly must not be read wrongly here. */
#ifndef ANJU_AUDIT_QUERIES_H
#define ANJU_AUDIT_QUERIES_H

#define AUDIT_SETS "SELECT batch, file, records, total FROM ledger.batch_file ORDER BY batch, file"

#define AUDIT_OPERATIONS "SELECT batch, entries, total FROM ledger.operation ORDER BY batch"

#define AUDIT_ACCOUNTS                                                                           \
    "SELECT account, person, state, opened, closed, close_reason, balance, carried, this_year, " \
    "frozen, settled, product, product_year, product_day, head_seq, head_hash, batch "           \
    "FROM ledger.account ORDER BY account"

#define AUDIT_HOLDERS "SELECT account, person FROM ledger.holder ORDER BY account"

/* In the order of the hash. */
#define AUDIT_ENTRIES                                                                              \
    "SELECT account, seq, booked, value_day, kind, for_month, unit, base, unit_ratio, own_ratio, " \
    "unit_amount, own_amount, amount, amount_year, amount_carried, interest, balance, reason, "    \
    "flow, reversing, reverses, batch, hash FROM ledger.entry ORDER BY account, seq"

#define AUDIT_SETTLEMENTS                                       \
    "SELECT account, day, kind, outcome, seq, interest, batch " \
    "FROM ledger.settlement ORDER BY account, day, kind"

#define AUDIT_LOANS                                                                               \
    "SELECT l.account, l.loan, l.contract, l.paid_out, l.paid_out_on, l.balance, l.rate, "        \
    "l.months, l.method, l.state, l.periods_paid, l.next_due, l.next_payment, l.next_principal, " \
    "l.next_interest, l.overdue_principal, l.overdue_interest, l.overdue_periods, "               \
    "l.principal_repaid, l.interest_repaid, l.settled, l.head_seq, l.head_hash, l.batch, "        \
    "c.due_day, c.principal, c.months, c.method, "                                                \
    "(SELECT COUNT(*) FROM ledger.loan_act x WHERE x.account = l.account AND x.loan = l.loan) "   \
    "FROM ledger.loan l LEFT JOIN ledger.loan_contract c "                                        \
    "ON c.account = l.account AND c.contract = l.contract ORDER BY l.account, l.loan"

#define AUDIT_LOAN_ENTRIES                                                                     \
    "SELECT account, loan, seq, happened, booked, kind, period, amount, principal, interest, " \
    "penalty, balance, flow, reversing, reverses, batch, hash "                                \
    "FROM ledger.loan_entry ORDER BY account, loan, seq"

#define AUDIT_LOAN_RATES                          \
    "SELECT account, loan, since, rate, payment " \
    "FROM ledger.loan_rate ORDER BY account, loan, since"

#define AUDIT_ROOTS "SELECT day, statement, signer, signature FROM ledger.root ORDER BY day DESC"

#define AUDIT_LOOK_HEADS "SELECT person, seq, hash FROM desk.look_head ORDER BY person"

#define AUDIT_LOOKS                                                                       \
    "SELECT person, seq, at, actor_kind, actor, place, channel, part, purpose, case_no, " \
    "outcome, hash FROM desk.look ORDER BY person, seq"

#endif
