-- What posting reads and writes (src/ledger/post*.c). An account row is read with ledger_account:
-- writers of the ledger exclude each other, so no row needs a lock of its own.

-- name: post_operation_by_key
-- one row
SELECT batch, kind, content, state, lines, booked, answer
FROM ledger.operation
WHERE op_key = $1;

-- name: post_operation_last
SELECT MAX(batch) FROM ledger.operation;

-- name: post_set_last
SELECT MAX(batch) FROM ledger.batch;

-- name: post_operation_insert
INSERT INTO ledger.operation (batch, op_key, kind, content, actor, booked, at, after_set, state,
  lines, entries, total, answer)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, '');

-- Adds what a transaction posted to the control totals.
-- name: post_operation_add
UPDATE ledger.operation
SET lines = lines + $2, entries = entries + $3, total = total + $4, state = $5, answer = $6
WHERE batch = $1;

-- name: post_entry_booked
-- one row
SELECT booked FROM ledger.entry WHERE account = $1 AND seq = $2;

-- name: post_entry_reversed
SELECT seq FROM ledger.entry WHERE account = $1 AND reverses = $2 LIMIT 1;

-- name: post_entry_insert
INSERT INTO ledger.entry (account, seq, booked, value_day, kind, for_month, unit, base, unit_ratio,
  own_ratio, unit_amount, own_amount, amount, amount_year, amount_carried, interest, balance, reason,
  flow, reversing, reverses, batch, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
  $21, $22, $23);

-- The row of an account after its entries; $1 and $2 name the row that was read.
-- name: post_account_put
UPDATE ledger.account
SET unit = $3, state = $4, closed = $5, close_reason = $6, merged_into = $7, base = $8,
  unit_ratio = $9, own_ratio = $10, unit_amount = $11, own_amount = $12, paid_to = $13,
  frozen = $14, frozen_since = $15, frozen_by = $16, balance = $17, carried = $18, this_year = $19,
  settled = $20, product = $21, product_year = $22, product_day = $23, head_seq = $24,
  head_hash = $25, changed = CASE WHEN changed > $26 THEN changed ELSE $26 END
WHERE account = $1 AND head_seq = $2;
