-- What anju verify reads: every row, in the order of the keys (src/ledger/verify*.c).

-- name: verify_accounts
-- stream
-- slow
SELECT account, person, state, opened, balance, carried, this_year, frozen, settled, product,
  product_year, product_day, head_seq, head_hash, batch
FROM ledger.account
ORDER BY account;

-- name: verify_holders
-- stream
-- slow
SELECT account, person
FROM ledger.holder
ORDER BY account;

-- name: verify_digests
-- stream
-- slow
SELECT account, head_seq, facts
FROM ledger.digest
ORDER BY account;

-- name: verify_terms
-- stream
-- slow
SELECT account, from_month, paying, unit_amount + own_amount
FROM ledger.terms
ORDER BY account, from_month;

-- name: verify_entries
-- stream
-- slow
SELECT account, seq, booked, value_day, kind, for_month, unit, base, unit_ratio, own_ratio,
  unit_amount, own_amount, amount, amount_year, amount_carried, interest, balance, reason, flow,
  reversing, reverses, batch, hash
FROM ledger.entry
ORDER BY account, seq;

-- The newest rate stands among the columns in the order of ledger.loan_act.
-- name: verify_loans
-- stream
-- slow
SELECT l.account, l.loan, l.paid_out, l.balance, l.principal_repaid, l.interest_repaid, l.head_seq,
  l.head_hash, l.batch, l.method, r.since, r.rate, r.payment, l.balance, l.rate, l.months, l.state,
  l.periods_paid, l.next_due, l.next_payment, l.next_principal, l.next_interest,
  l.overdue_principal, l.overdue_interest, l.overdue_periods, l.principal_repaid,
  l.interest_repaid, l.settled, l.head_seq
FROM ledger.loan l
  LEFT JOIN ledger.loan_rate r ON r.account = l.account AND r.loan = l.loan
    AND r.since = (SELECT MAX(x.since) FROM ledger.loan_rate x
      WHERE x.account = l.account AND x.loan = l.loan)
ORDER BY l.account, l.loan;

-- name: verify_loan_acts
-- stream
-- slow
SELECT account, loan, act, kind, day, booked, asked, asked_then, asked_rate, fund, fund_seq, undoes,
  reason, entries, agreed_since, agreed_rate, agreed_payment, balance, rate, months, state,
  periods_paid, next_due, next_payment, next_principal, next_interest, overdue_principal,
  overdue_interest, overdue_periods, principal_repaid, interest_repaid, settled, head_seq, batch,
  hash
FROM ledger.loan_act
ORDER BY account, loan, act;

-- name: verify_loan_entries
-- stream
-- slow
SELECT account, loan, seq, happened, booked, kind, period, amount, principal, interest, penalty,
  balance, flow, reversing, reverses, batch, hash
FROM ledger.loan_entry
ORDER BY account, loan, seq;

-- name: verify_batches
-- stream
SELECT batch, file, records, total
FROM ledger.batch_file
ORDER BY batch, file;

-- name: verify_operations
-- stream
SELECT batch, after_set, entries, total
FROM ledger.operation
ORDER BY batch;

-- name: verify_settlements
-- stream
-- slow
SELECT s.account, s.day, s.kind, s.outcome, s.seq, s.interest, s.batch, e.kind, e.value_day,
  e.interest, e.batch, e.reversing, a.account
FROM ledger.settlement s
  LEFT JOIN ledger.entry e ON e.account = s.account AND e.seq = s.seq
  LEFT JOIN ledger.account a ON a.account = s.account
ORDER BY s.account, s.day, s.kind;

-- name: verify_withdrawals
-- stream
-- slow
SELECT w.application, w.state, w.entry, w.interest, p.state, p.amount, p.flow, p.batch, e.kind,
  e.amount, e.interest, e.flow, e.batch, s.kind
FROM ledger.withdrawal w
  LEFT JOIN ledger.application p ON p.account = w.account AND p.application = w.application
  LEFT JOIN ledger.entry e ON e.account = w.account AND e.seq = w.entry
  LEFT JOIN ledger.application_step s ON s.account = w.account AND s.application = w.application
    AND s.step = (SELECT MAX(m.step) FROM ledger.application_step m
      WHERE m.account = w.account AND m.application = w.application)
ORDER BY w.application;

-- name: verify_look_heads
-- stream
-- slow
SELECT person, seq, hash
FROM desk.look_head
ORDER BY person;

-- name: verify_looks
-- stream
-- slow
SELECT person, seq, at, actor_kind, actor, place, channel, part, purpose, case_no, outcome, hash
FROM desk.look
ORDER BY person, seq;
