-- Accounts and what happened on them.

-- name: account_by_number
-- one row
SELECT account, person, unit, state, opened, closed, close_reason, merged_into, base, unit_ratio,
  own_ratio, unit_amount, own_amount, paid_to, balance, carried, this_year, frozen, frozen_since,
  frozen_by, settled, product, product_year, product_day, head_seq, head_hash, changed, batch
FROM ledger.account
WHERE account = $1;

-- name: entry_insert
INSERT INTO ledger.entry (account, seq, booked, value_day, kind, for_month, unit, base, unit_ratio,
  own_ratio, unit_amount, own_amount, amount, amount_year, amount_carried, interest, balance,
  reason, flow, reversing, reverses, batch, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
  $21, $22, $23);
