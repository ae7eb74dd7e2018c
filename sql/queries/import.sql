-- What anju import asks and writes. Rows of a first set, and entries always, go through the bulk
-- face; increments replace rows with the queries named …_put, whose parameters are the columns in
-- the order of the table.

-- name: import_last_batch
-- one row
SELECT batch, set_id, manifest_sha256, as_of
FROM ledger.batch
WHERE batch = (SELECT MAX(batch) FROM ledger.batch);

-- The set of this number or this id, whichever there is.
-- name: import_batch_like
SELECT batch, set_id, manifest_sha256
FROM ledger.batch
WHERE batch = $1 OR set_id = $2
ORDER BY batch
LIMIT 2;

-- name: import_batch_insert
INSERT INTO ledger.batch (batch, set_id, manifest_sha256, as_of, whole, taken_at)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: import_batch_file_insert
INSERT INTO ledger.batch_file (batch, file, records, total, sha256)
VALUES ($1, $2, $3, $4, $5);

-- name: import_unit_known
-- one row
SELECT 1 FROM ledger.unit WHERE unit = $1;

-- name: import_account
-- one row
SELECT opened, balance, carried, this_year, settled, product, product_year, product_day, head_seq,
  head_hash
FROM ledger.account
WHERE account = $1;

-- name: import_entry
-- one row
SELECT booked, value_day, kind, unit_amount, own_amount, amount, interest, reversing
FROM ledger.entry
WHERE account = $1 AND seq = $2;

-- name: import_entry_reversed
SELECT seq FROM ledger.entry WHERE account = $1 AND reverses = $2 LIMIT 1;

-- name: import_entry_flow
SELECT kind, amount FROM ledger.entry WHERE account = $1 AND flow = $2 LIMIT 1;

-- An account merged into $1 left its money there that day.
-- name: import_entry_merged
SELECT 1 FROM ledger.entry
WHERE account = $1 AND kind = 71 AND booked = $2 AND amount = $3 AND amount_carried = $3
LIMIT 1;

-- name: import_contract
-- one row
SELECT method FROM ledger.loan_contract WHERE account = $1 AND contract = $2;

-- name: import_loan
-- one row
SELECT paid_out_on, balance, head_seq, head_hash
FROM ledger.loan
WHERE account = $1 AND loan = $2;

-- name: import_loan_entry
-- one row
SELECT booked, kind, amount, principal, interest, penalty, reversing
FROM ledger.loan_entry
WHERE account = $1 AND loan = $2 AND seq = $3;

-- name: import_loan_entry_reversed
SELECT seq FROM ledger.loan_entry WHERE account = $1 AND loan = $2 AND reverses = $3 LIMIT 1;

-- Accounts of the set $1 whose person has another one that is not closed: the later of the two by
-- number, or the one of this set.
-- name: import_open_twice
-- slow
SELECT c.account
FROM ledger.account c
JOIN ledger.account o ON o.person = c.person AND o.account <> c.account
WHERE c.batch = $1 AND c.state NOT IN (3, 4, 5) AND o.state NOT IN (3, 4, 5)
  AND (o.account < c.account OR o.batch <> c.batch)
ORDER BY c.account
LIMIT 100;

-- Accounts of the set $1 whose document number stands with another person already.
-- name: import_document_twice
-- slow
SELECT c.account
FROM ledger.account c
JOIN ledger.holder h ON h.account = c.account
JOIN ledger.holder o ON o.id_index = h.id_index AND o.person <> h.person
JOIN ledger.account a ON a.account = o.account
WHERE c.batch = $1 AND (a.account < c.account OR a.batch <> c.batch)
ORDER BY c.account
LIMIT 100;

-- Accounts of the set $1 whose person stands with another document number already.
-- name: import_person_twice
-- slow
SELECT c.account
FROM ledger.account c
JOIN ledger.holder h ON h.account = c.account
JOIN ledger.account a ON a.person = c.person AND a.account <> c.account
JOIN ledger.holder o ON o.account = a.account
WHERE c.batch = $1 AND o.id_index <> h.id_index AND (a.account < c.account OR a.batch <> c.batch)
ORDER BY c.account
LIMIT 100;

-- name: import_unit_put
INSERT INTO ledger.unit (unit, name, credit_code, state, opened, closed, unit_ratio, own_ratio,
  paid_to, handler_name, handler_phone, office)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (unit) DO UPDATE SET name = excluded.name, credit_code = excluded.credit_code,
  state = excluded.state, opened = excluded.opened, closed = excluded.closed,
  unit_ratio = excluded.unit_ratio, own_ratio = excluded.own_ratio, paid_to = excluded.paid_to,
  handler_name = excluded.handler_name, handler_phone = excluded.handler_phone,
  office = excluded.office;

-- name: import_account_put
INSERT INTO ledger.account (account, person, unit, state, opened, closed, close_reason,
  merged_into, base, unit_ratio, own_ratio, unit_amount, own_amount, paid_to, balance, carried,
  this_year, frozen, frozen_since, frozen_by, settled, product, product_year, product_day,
  head_seq, head_hash, changed, batch)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
  $21, $22, $23, $24, $25, $26, $27, $28)
ON CONFLICT (account) DO UPDATE SET person = excluded.person, unit = excluded.unit,
  state = excluded.state, opened = excluded.opened, closed = excluded.closed,
  close_reason = excluded.close_reason, merged_into = excluded.merged_into, base = excluded.base,
  unit_ratio = excluded.unit_ratio, own_ratio = excluded.own_ratio,
  unit_amount = excluded.unit_amount, own_amount = excluded.own_amount,
  paid_to = excluded.paid_to, balance = excluded.balance, carried = excluded.carried,
  this_year = excluded.this_year, frozen = excluded.frozen, frozen_since = excluded.frozen_since,
  frozen_by = excluded.frozen_by, settled = excluded.settled, product = excluded.product,
  product_year = excluded.product_year, product_day = excluded.product_day,
  head_seq = excluded.head_seq, head_hash = excluded.head_hash, changed = excluded.changed,
  batch = excluded.batch;

-- name: import_holder_put
INSERT INTO ledger.holder (account, person, name, id_type, id_sealed, id_mask, id_index,
  phone_sealed, phone_mask, phone_index, card_sealed, card_mask, card_index, card_bank)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (account) DO UPDATE SET person = excluded.person, name = excluded.name,
  id_type = excluded.id_type, id_sealed = excluded.id_sealed, id_mask = excluded.id_mask,
  id_index = excluded.id_index, phone_sealed = excluded.phone_sealed,
  phone_mask = excluded.phone_mask, phone_index = excluded.phone_index,
  card_sealed = excluded.card_sealed, card_mask = excluded.card_mask,
  card_index = excluded.card_index, card_bank = excluded.card_bank;

-- name: import_terms_put
INSERT INTO ledger.terms (account, from_month, unit, paying, base, unit_ratio, own_ratio,
  unit_amount, own_amount)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (account, from_month) DO UPDATE SET unit = excluded.unit, paying = excluded.paying,
  base = excluded.base, unit_ratio = excluded.unit_ratio, own_ratio = excluded.own_ratio,
  unit_amount = excluded.unit_amount, own_amount = excluded.own_amount;

-- name: import_application_put
INSERT INTO ledger.application (account, application, applied, reason, amount, state, flow, batch)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (account, application) DO UPDATE SET applied = excluded.applied,
  reason = excluded.reason, amount = excluded.amount, state = excluded.state,
  flow = excluded.flow, batch = excluded.batch;

-- name: import_application_steps_clear
DELETE FROM ledger.application_step WHERE account = $1 AND application = $2;

-- name: import_application_step_put
INSERT INTO ledger.application_step (account, application, step, day, kind, words)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: import_loan_contract_put
INSERT INTO ledger.loan_contract (account, contract, signed, principal, months, method, rate,
  rate_float, guarantee, price, due_day, bank, coborrower, batch)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (account, contract) DO UPDATE SET signed = excluded.signed,
  principal = excluded.principal, months = excluded.months, method = excluded.method,
  rate = excluded.rate, rate_float = excluded.rate_float, guarantee = excluded.guarantee,
  price = excluded.price, due_day = excluded.due_day, bank = excluded.bank,
  coborrower = excluded.coborrower, batch = excluded.batch;

-- name: import_loan_put
INSERT INTO ledger.loan (account, loan, contract, paid_out, paid_out_on, balance, rate, months,
  method, state, periods_paid, next_due, next_payment, next_principal, next_interest,
  overdue_principal, overdue_interest, overdue_periods, principal_repaid, interest_repaid, settled,
  head_seq, head_hash, batch)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
  $21, $22, $23, $24)
ON CONFLICT (account, loan) DO UPDATE SET contract = excluded.contract,
  paid_out = excluded.paid_out, paid_out_on = excluded.paid_out_on, balance = excluded.balance,
  rate = excluded.rate, months = excluded.months, method = excluded.method,
  state = excluded.state, periods_paid = excluded.periods_paid, next_due = excluded.next_due,
  next_payment = excluded.next_payment, next_principal = excluded.next_principal,
  next_interest = excluded.next_interest, overdue_principal = excluded.overdue_principal,
  overdue_interest = excluded.overdue_interest, overdue_periods = excluded.overdue_periods,
  principal_repaid = excluded.principal_repaid, interest_repaid = excluded.interest_repaid,
  settled = excluded.settled, head_seq = excluded.head_seq, head_hash = excluded.head_hash,
  batch = excluded.batch;

-- name: import_loan_rate_put
INSERT INTO ledger.loan_rate (account, loan, since, rate, payment)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account, loan, since) DO UPDATE SET rate = excluded.rate, payment = excluded.payment;
