-- What operations on loans read and write (src/ledger/loan_post*.c, loan_batch.c).

-- name: loan_post_read
-- one row
SELECT l.contract, l.paid_out, l.paid_out_on, l.balance, l.rate, l.months, l.method, l.state,
  l.periods_paid, l.next_due, l.next_payment, l.next_principal, l.next_interest,
  l.overdue_principal, l.overdue_interest, l.overdue_periods, l.principal_repaid,
  l.interest_repaid, l.settled, l.head_seq, l.head_hash, c.due_day, c.coborrower, e.booked,
  e.happened
FROM ledger.loan l
  LEFT JOIN ledger.loan_contract c ON c.account = l.account AND c.contract = l.contract
  LEFT JOIN ledger.loan_entry e
    ON e.account = l.account AND e.loan = l.loan AND e.seq = l.head_seq
WHERE l.account = $1 AND l.loan = $2;

-- The newest acts first.
-- name: loan_post_acts
SELECT act, kind, day, booked, asked, asked_then, asked_rate, fund, fund_seq, undoes, reason,
  entries, agreed_since, agreed_rate, agreed_payment, balance, rate, months, state, periods_paid,
  next_due, next_payment, next_principal, next_interest, overdue_principal, overdue_interest,
  overdue_periods, principal_repaid, interest_repaid, settled, head_seq, hash
FROM ledger.loan_act
WHERE account = $1 AND loan = $2
ORDER BY act DESC
LIMIT $3;

-- name: loan_post_act_insert
INSERT INTO ledger.loan_act (account, loan, act, kind, day, booked, asked, asked_then, asked_rate,
  fund, fund_seq, undoes, reason, entries, agreed_since, agreed_rate, agreed_payment, balance, rate,
  months, state, periods_paid, next_due, next_payment, next_principal, next_interest,
  overdue_principal, overdue_interest, overdue_periods, principal_repaid, interest_repaid, settled,
  head_seq, batch, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
  $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35);

-- name: loan_post_entry
-- one row
SELECT happened, kind, period, amount, principal, interest, penalty
FROM ledger.loan_entry
WHERE account = $1 AND loan = $2 AND seq = $3 AND reversing = 0;

-- name: loan_post_entry_insert
INSERT INTO ledger.loan_entry (account, loan, seq, happened, booked, kind, period, amount,
  principal, interest, penalty, balance, flow, reversing, reverses, batch, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- The loan after an act; $3 is the newest entry when it was read.
-- name: loan_post_put
UPDATE ledger.loan
SET balance = $4, rate = $5, months = $6, state = $7, periods_paid = $8, next_due = $9,
  next_payment = $10, next_principal = $11, next_interest = $12, overdue_principal = $13,
  overdue_interest = $14, overdue_periods = $15, principal_repaid = $16, interest_repaid = $17,
  settled = $18, head_seq = $19, head_hash = $20
WHERE account = $1 AND loan = $2 AND head_seq = $3;

-- name: loan_post_rate_put
INSERT INTO ledger.loan_rate (account, loan, since, rate, payment)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account, loan, since) DO UPDATE SET rate = excluded.rate, payment = excluded.payment;

-- Lines agreed after the day $3: what an act that is taken back had agreed.
-- name: loan_post_rate_drop
DELETE FROM ledger.loan_rate WHERE account = $1 AND loan = $2 AND since > $3;

-- name: loan_post_contract
-- one row
SELECT c.signed, c.principal, c.months, c.method, c.rate, c.due_day, l.loan
FROM ledger.loan_contract c
  LEFT JOIN ledger.loan l ON l.account = c.account AND l.contract = c.contract
WHERE c.account = $1 AND c.contract = $2
LIMIT 1;

-- name: loan_post_contract_insert
INSERT INTO ledger.loan_contract (account, contract, signed, principal, months, method, rate,
  rate_float, guarantee, price, due_day, bank, coborrower, batch)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: loan_post_insert
INSERT INTO ledger.loan (account, loan, contract, paid_out, paid_out_on, balance, rate, months,
  method, state, periods_paid, next_due, next_payment, next_principal, next_interest,
  overdue_principal, overdue_interest, overdue_periods, principal_repaid, interest_repaid, settled,
  head_seq, head_hash, batch)
VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, 1, 0, NULL, 0, 0, 0, 0, 0, 0, 0, 0, NULL, 0, $9, $10);

-- A loan of the borrower or the co-borrower that is not repaid.
-- name: loan_post_open
SELECT loan FROM ledger.loan WHERE account = $1 AND state <> 3 LIMIT 1;

-- Loans with an instalment due on or before the day $1, after that account and loan.
-- name: loan_batch_due
-- slow
SELECT account, loan
FROM ledger.loan
WHERE next_due <= $1 AND (account > $2 OR (account = $2 AND loan > $3))
ORDER BY account, loan
LIMIT $4;

-- name: loan_batch_due_count
-- slow
SELECT COUNT(*) FROM ledger.loan WHERE next_due <= $1;

-- What was agreed with the borrower, for the rate of the next 1 January.
-- name: loan_batch_terms
-- one row
SELECT c.method, c.months, c.rate, l.paid_out_on
FROM ledger.loan l
  JOIN ledger.loan_contract c ON c.account = l.account AND c.contract = l.contract
WHERE l.account = $1 AND l.loan = $2;

-- Loans that run and were paid out before the day $1, after that account and loan.
-- name: loan_batch_running
-- slow
SELECT account, loan
FROM ledger.loan
WHERE state <> 3 AND paid_out_on < $1 AND (account > $2 OR (account = $2 AND loan > $3))
ORDER BY account, loan
LIMIT $4;

-- name: loan_batch_running_count
-- slow
SELECT COUNT(*) FROM ledger.loan WHERE state <> 3 AND paid_out_on < $1;

-- What operation $1 posted.
-- name: loan_batch_totals
-- slow
SELECT COUNT(*), CAST(COALESCE(SUM(principal), 0) AS BIGINT),
  CAST(COALESCE(SUM(interest), 0) AS BIGINT), CAST(COALESCE(SUM(penalty), 0) AS BIGINT)
FROM ledger.loan_entry
WHERE batch = $1;

-- name: loan_batch_acts
-- slow
SELECT kind, COUNT(*) FROM ledger.loan_act WHERE batch = $1 GROUP BY kind ORDER BY kind LIMIT 16;
