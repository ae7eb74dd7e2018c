-- What pages read of the ledger (src/ledger). Every query names one account, or one person.

-- name: ledger_account
-- one row
SELECT a.account, a.person, a.unit, u.name, u.handler_name, u.handler_phone, u.office, a.state,
  a.opened, a.closed, a.close_reason, a.merged_into, a.base, a.unit_ratio, a.own_ratio,
  a.unit_amount, a.own_amount, a.paid_to, a.frozen, a.frozen_since, a.frozen_by, a.balance,
  a.carried, a.this_year, a.settled, a.product, a.product_year, a.product_day, a.head_seq,
  a.head_hash
FROM ledger.account a LEFT JOIN ledger.unit u ON u.unit = a.unit
WHERE a.account = $1;

-- name: ledger_accounts_of
-- As they come: sorting eight rows costs less in the program than in the database.
SELECT a.account, a.person, a.unit, u.name, u.handler_name, u.handler_phone, u.office, a.state,
  a.opened, a.closed, a.close_reason, a.merged_into, a.base, a.unit_ratio, a.own_ratio,
  a.unit_amount, a.own_amount, a.paid_to, a.frozen, a.frozen_since, a.frozen_by, a.balance,
  a.carried, a.this_year, a.settled, a.product, a.product_year, a.product_day, a.head_seq,
  a.head_hash
FROM ledger.account a LEFT JOIN ledger.unit u ON u.unit = a.unit
WHERE a.person = $1
LIMIT 64;

-- name: ledger_glances_of
-- What the first page needs of each account: the columns of the query above, and the rest in one row.
SELECT a.account, a.person, a.unit, u.name, u.handler_name, u.handler_phone, u.office, a.state,
  a.opened, a.closed, a.close_reason, a.merged_into, a.base, a.unit_ratio, a.own_ratio,
  a.unit_amount, a.own_amount, a.paid_to, a.frozen, a.frozen_since, a.frozen_by, a.balance,
  a.carried, a.this_year, a.settled, a.product, a.product_year, a.product_day, a.head_seq,
  a.head_hash, h.name, d.head_seq, d.facts,
  CASE WHEN EXISTS (SELECT 1 FROM ledger.application x
    WHERE x.account = a.account AND x.state IN (1, 2)) THEN 1 ELSE 0 END,
  CASE WHEN EXISTS (SELECT 1 FROM ledger.loan l WHERE l.account = a.account) THEN 1 ELSE 0 END
FROM ledger.account a LEFT JOIN ledger.unit u ON u.unit = a.unit
  LEFT JOIN ledger.holder h ON h.account = a.account
  LEFT JOIN ledger.digest d ON d.account = a.account
WHERE a.person = $1
LIMIT 64;

-- name: ledger_holder
-- one row
SELECT account, person, name, id_type, id_mask, phone_mask, card_mask, card_bank, phone_sealed
FROM ledger.holder
WHERE account = $1;

-- name: ledger_entries
-- Newest first; $5 = 0 means every kind.
SELECT seq, booked, value_day, kind, for_month, unit, base, unit_ratio, own_ratio, unit_amount,
  own_amount, amount, amount_year, amount_carried, interest, balance, reason, flow, reversing,
  reverses, batch, hash
FROM ledger.entry
WHERE account = $1 AND seq < $2 AND booked >= $3 AND booked <= $4 AND ($5 = 0 OR kind = $5)
ORDER BY seq DESC
LIMIT $6;

-- The next three walk an account's entries from the newest to the oldest, a block at a time, each with
-- no more columns than it needs: they are most of what an overview costs.

-- name: ledger_credits_back
-- Contributions, for the month picture. A reversing entry is known by the one it reverses.
SELECT seq, booked, value_day, kind, for_month, unit_amount, own_amount, COALESCE(reverses, 0)
FROM ledger.entry
WHERE account = $1 AND seq < $2 AND kind IN (1, 2)
ORDER BY seq DESC
LIMIT $3;

-- name: ledger_month_credits
-- Contributions for month $2, oldest first, each with its reversal when it has one: what brought a
-- month to its state.
SELECT e.seq, e.booked, e.value_day, e.kind, COALESCE(u.name, ''), e.unit_amount, e.own_amount,
  e.flow, COALESCE(e.reverses, 0)
FROM ledger.entry e LEFT JOIN ledger.unit u ON u.unit = e.unit
WHERE e.account = $1 AND e.kind IN (1, 2) AND e.for_month = $2
ORDER BY e.seq
LIMIT $3;

-- name: ledger_history_back
-- For the whole life in one picture.
SELECT seq, booked, kind, amount, balance
FROM ledger.entry
WHERE account = $1 AND seq < $2
ORDER BY seq DESC
LIMIT $3;

-- name: ledger_year
-- What moved an account from its first day to $3, apart what was booked from $2 on. Interest (9) goes by
-- the day that it settles, a reversal by the ground of what it takes back.
SELECT CASE WHEN (CASE e.kind WHEN 9 THEN e.value_day ELSE e.booked END) < $2 THEN 0 ELSE 1 END, e.kind,
  CASE WHEN e.kind NOT IN (11, 12) THEN 0 WHEN e.reverses IS NULL THEN COALESCE(e.reason, 0)
    ELSE COALESCE(r.reason, 0) END,
  CAST(SUM(e.unit_amount) AS BIGINT), CAST(SUM(e.own_amount) AS BIGINT),
  CAST(SUM(e.amount) AS BIGINT), CAST(SUM(e.interest) AS BIGINT)
FROM ledger.entry e LEFT JOIN ledger.entry r ON r.account = e.account AND r.seq = e.reverses
WHERE e.account = $1 AND (CASE e.kind WHEN 9 THEN e.value_day ELSE e.booked END) <= $3
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
LIMIT 200;

-- name: ledger_year_loans
-- one row
-- Kind 1 is the paying out, with a negative amount.
SELECT CAST(COALESCE(SUM(CASE WHEN kind = 1 THEN -amount ELSE 0 END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN kind = 1 THEN 0 ELSE principal END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN kind = 1 THEN 0 ELSE interest END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN kind = 1 THEN 0 ELSE penalty END), 0) AS BIGINT)
FROM ledger.loan_entry
WHERE account = $1 AND booked >= $2 AND booked <= $3;

-- name: ledger_balances_back
SELECT seq, booked, balance
FROM ledger.entry
WHERE account = $1 AND seq < $2
ORDER BY seq DESC
LIMIT $3;

-- name: ledger_parts_back
SELECT seq, booked, value_day, kind, amount_year, amount_carried, balance, reversing
FROM ledger.entry
WHERE account = $1 AND seq < $2
ORDER BY seq DESC
LIMIT $3;

-- name: ledger_terms
-- The terms that hold in month $2 and all later ones.
SELECT t.from_month, t.unit, t.paying, t.base, t.unit_ratio, t.own_ratio, t.unit_amount,
  t.own_amount
FROM ledger.terms t
WHERE t.account = $1 AND t.from_month >= COALESCE(
  (SELECT MAX(f.from_month) FROM ledger.terms f WHERE f.account = $1 AND f.from_month <= $2), $2)
ORDER BY t.from_month
LIMIT 720;

-- name: ledger_unit_name
-- one row
SELECT name FROM ledger.unit WHERE unit = $1;

-- name: ledger_unit_office
-- one row
SELECT office FROM ledger.unit WHERE unit = $1;

-- name: ledger_open_applications
-- Received (1) and approved (2); step 2 is the acceptance, from which the time to decide runs.
SELECT a.application, a.applied, a.reason, a.amount, a.state,
  (SELECT MIN(s.day) FROM ledger.application_step s
    WHERE s.account = a.account AND s.application = a.application AND s.kind = 2)
FROM ledger.application a
WHERE a.account = $1 AND a.state IN (1, 2)
ORDER BY a.applied DESC, a.application DESC
LIMIT 20;

-- name: ledger_loans
-- Those still to be repaid first.
SELECT l.loan, l.contract, c.bank, l.state, l.method, l.months, l.periods_paid, l.overdue_periods,
  l.paid_out, l.balance, l.rate, l.paid_out_on, c.due_day, l.next_due, l.next_payment,
  l.next_principal, l.next_interest, l.overdue_principal, l.overdue_interest
FROM ledger.loan l LEFT JOIN ledger.loan_contract c
  ON c.account = l.account AND c.contract = l.contract
WHERE l.account = $1
ORDER BY CASE WHEN l.state = 3 THEN 1 ELSE 0 END, l.paid_out_on DESC, l.loan DESC
LIMIT 8;

-- name: ledger_loan_detail
-- one row
-- What the list of loans does not have.
SELECT c.signed, c.principal, c.guarantee, c.price, c.coborrower, l.principal_repaid,
  l.interest_repaid, l.settled
FROM ledger.loan l LEFT JOIN ledger.loan_contract c
  ON c.account = l.account AND c.contract = l.contract
WHERE l.account = $1 AND l.loan = $2;

-- name: ledger_loan_rates
SELECT since, rate, payment
FROM ledger.loan_rate
WHERE account = $1 AND loan = $2
ORDER BY since DESC
LIMIT $3;

-- name: ledger_loan_entries
SELECT seq, happened, booked, kind, period, amount, principal, interest, penalty, balance, flow,
  reversing, reverses
FROM ledger.loan_entry
WHERE account = $1 AND loan = $2 AND seq < $3
ORDER BY seq DESC
LIMIT $4;

-- name: ledger_withdrawals
SELECT p.application, p.applied, p.reason, p.amount, p.state, p.flow, p.batch,
  CASE WHEN p.state = 1 AND EXISTS (SELECT 1 FROM ledger.withdrawal w
    WHERE w.application = p.application AND w.account = p.account) THEN 1 ELSE 0 END
FROM ledger.application p
WHERE p.account = $1
ORDER BY p.applied DESC, p.application DESC
LIMIT $2;

-- name: ledger_withdrawal_steps
-- The last $3 steps of each of the newest $2 applications, in the order of the query above.
SELECT a.application, s.day, s.kind, s.words
FROM (SELECT application, applied FROM ledger.application WHERE account = $1
    ORDER BY applied DESC, application DESC LIMIT $2) a
  JOIN ledger.application_step s ON s.account = $1 AND s.application = a.application
WHERE s.step > (SELECT MAX(m.step) FROM ledger.application_step m
  WHERE m.account = $1 AND m.application = a.application) - $3
ORDER BY a.applied DESC, a.application DESC, s.step
LIMIT 4000;
