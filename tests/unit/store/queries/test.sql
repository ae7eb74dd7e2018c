-- Queries for the tests of the store alone.

-- name: unit_put
INSERT INTO ledger.unit (unit, name, credit_code, state, opened, closed, unit_ratio, own_ratio,
  paid_to, handler_name, handler_phone, office)
VALUES ($1, $2, $3, 1, $4, NULL, 50000, 50000, NULL, '', '', $5);

-- Its first parameter stands second in the text.
-- name: unit_backwards
-- one row
SELECT unit FROM ledger.unit WHERE name = $2 AND credit_code = $1;

-- name: unit_read
-- one row
SELECT name, credit_code, opened, closed, office FROM ledger.unit WHERE unit = $1;

-- Marked wrongly on purpose.
-- name: unit_any
-- one row
SELECT unit FROM ledger.unit WHERE state = $1 ORDER BY unit;

-- name: unit_count
SELECT COUNT(*) FROM ledger.unit;

-- name: units_page
SELECT unit FROM ledger.unit WHERE unit > $1 ORDER BY unit LIMIT $2;

-- name: units_all
-- stream
SELECT unit FROM ledger.unit WHERE unit >= $1 ORDER BY unit;

-- name: units_all_again
-- stream
-- slow
SELECT unit FROM ledger.unit ORDER BY unit;

-- name: units_close
UPDATE ledger.unit SET closed = $1 WHERE unit >= $2;

-- name: batch_file_put
INSERT INTO ledger.batch_file (batch, file, records, total, sha256)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (batch, file) DO UPDATE SET total = excluded.total;

-- name: batch_file_read
-- one row
SELECT records, total, sha256 FROM ledger.batch_file WHERE batch = $1 AND file = $2;

-- A sum over BIGINT: PostgreSQL makes a NUMERIC of it.
-- name: batch_file_sum
SELECT SUM(total), COUNT(*), SUM(total) > 0 FROM ledger.batch_file WHERE batch = $1;

-- name: batch_file_remove
DELETE FROM ledger.batch_file WHERE batch = $1;

-- name: entry_insert
INSERT INTO ledger.entry (account, seq, booked, value_day, kind, for_month, unit, base, unit_ratio,
  own_ratio, unit_amount, own_amount, amount, amount_year, amount_carried, interest, balance,
  reason, flow, reversing, reverses, batch, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
  $21, $22, $23);

-- name: entries_page
SELECT account, seq, booked, value_day, kind, for_month, unit, base, unit_ratio, own_ratio,
  unit_amount, own_amount, amount, amount_year, amount_carried, interest, balance, reason, flow,
  reversing, reverses, batch, hash
FROM ledger.entry ORDER BY account, seq LIMIT 1000;

-- name: entry_count
SELECT COUNT(*) FROM ledger.entry;

-- name: entry_change
UPDATE ledger.entry SET amount = amount + 1 WHERE account = $1;

-- name: entry_remove
DELETE FROM ledger.entry WHERE account = $1;

-- name: loan_entry_put
INSERT INTO ledger.loan_entry (account, loan, seq, happened, booked, kind, amount, principal,
  interest, penalty, balance, flow, reversing, batch, hash)
VALUES ($1, 'L', 1, 0, 0, 1, 0, 0, 0, 0, 0, '', 0, 1, $2);

-- name: loan_entry_change
UPDATE ledger.loan_entry SET amount = 1 WHERE account = $1;

-- name: loan_entry_remove
DELETE FROM ledger.loan_entry WHERE account = $1;

-- name: look_put
INSERT INTO desk.look (person, seq, at, actor_kind, actor, place, channel, part, purpose, case_no,
  outcome, hash)
VALUES ($1, $2, 0, 1, '', '', 1, 1, 1, '', 1, $3);

-- name: look_change
UPDATE desk.look SET outcome = 2 WHERE person = $1;

-- name: look_remove
DELETE FROM desk.look WHERE person = $1;

-- name: look_count
SELECT COUNT(*) FROM desk.look;

-- name: look_head_lock
-- one row
SELECT seq FROM desk.look_head WHERE person = $1 /*postgresql: FOR UPDATE*/;

-- name: look_head_put
INSERT INTO desk.look_head (person, seq, hash) VALUES ($1, $2, $3)
ON CONFLICT (person) DO UPDATE SET seq = excluded.seq;

-- name: holder_put
INSERT INTO ledger.holder (account, person, name, id_type, id_sealed, id_mask, id_index, phone_mask,
  card_mask, card_bank)
VALUES ($1, $2, '', 1, $3, '', $4, '', '', '');
