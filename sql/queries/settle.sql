-- The settlement of a year for the whole city (src/ledger/settle*.c).

-- A page of accounts that have no row for the day $1 yet, after $2 and up to $3, with the booking of
-- their newest entry.
-- name: settle_page
SELECT a.account, a.state, a.opened, a.balance, a.carried, a.this_year, a.settled, a.product,
  a.product_year, a.product_day, a.head_seq, a.head_hash, e.booked
FROM ledger.account a
  LEFT JOIN ledger.settlement s ON s.account = a.account AND s.day = $1 AND s.kind = 1
  LEFT JOIN ledger.entry e ON e.account = a.account AND e.seq = a.head_seq
WHERE a.account > $2 AND a.account <= $3 AND s.account IS NULL
ORDER BY a.account
LIMIT $4;

-- name: settle_accounts
-- slow
SELECT COUNT(*) FROM ledger.account;

-- name: settle_missing
-- slow
SELECT COUNT(*)
FROM ledger.account a
  LEFT JOIN ledger.settlement s ON s.account = a.account AND s.day = $1 AND s.kind = 1
WHERE s.account IS NULL;

-- The settlement of the key $1 while it goes on.
-- name: settle_open
SELECT batch FROM ledger.operation WHERE op_key = $1 AND state = 1 LIMIT 1;

-- The account $1 places from the first: where the city is divided.
-- name: settle_divide
-- slow
SELECT account FROM ledger.account ORDER BY account LIMIT 1 OFFSET $1;

-- Accounts that may have the settlement day $1 still open, after the account $2.
-- name: settle_earlier
-- slow
SELECT a.account, a.balance, a.carried, a.this_year, a.settled, a.product, a.product_year,
  a.product_day
FROM ledger.account a
  LEFT JOIN ledger.settlement s ON s.account = a.account AND s.day = $1 AND s.kind = 1
WHERE s.account IS NULL AND a.settled < $1 AND a.opened <= $1 AND a.state NOT IN (3, 4, 5) AND a.account > $2
ORDER BY a.account
LIMIT $3;

-- What the block after $3 up to $4 of operation $2 posted, taken into the accounts' rows. Later
-- days that were counted already make a row of its own (settle_account_put).
-- name: settle_accounts_put
-- slow
UPDATE ledger.account AS a
SET balance = e.balance, carried = a.carried + e.amount_carried,
  this_year = a.this_year + e.amount_year, settled = $1, product = 0, product_year = 0,
  product_day = $1, head_seq = e.seq, head_hash = e.hash,
  changed = CASE WHEN a.changed > e.booked THEN a.changed ELSE e.booked END
FROM ledger.settlement s JOIN ledger.entry e ON e.account = s.account AND e.seq = s.seq
WHERE s.account = a.account AND s.day = $1 AND s.kind = 1 AND s.outcome = 1 AND s.batch = $2
  AND s.account > $3 AND s.account <= $4 AND a.account > $3 AND a.account <= $4
  AND a.head_seq = s.seq - 1;

-- name: settle_account_put
UPDATE ledger.account
SET balance = $3, carried = $4, this_year = $5, settled = $6, product = $7, product_year = $8,
  product_day = $9, head_seq = $10, head_hash = $11,
  changed = CASE WHEN changed > $12 THEN changed ELSE $12 END
WHERE account = $1 AND head_seq = $2;

-- name: settle_lines
UPDATE ledger.operation SET lines = lines + $2 WHERE batch = $1;

-- What came of it, by outcome.
-- name: settle_outcomes
-- slow
SELECT outcome, COUNT(*), CAST(COALESCE(SUM(interest), 0) AS BIGINT)
FROM ledger.settlement
WHERE day = $1 AND kind = 1
GROUP BY outcome
ORDER BY outcome
LIMIT 16;

-- How many of them have their entry.
-- name: settle_entries
-- slow
SELECT COUNT(*)
FROM ledger.settlement s JOIN ledger.entry e ON e.account = s.account AND e.seq = s.seq
WHERE s.day = $1 AND s.kind = 1 AND s.outcome = 1 AND e.kind = 9 AND e.value_day = $1
  AND e.interest = s.interest AND e.batch = s.batch AND e.reversing = 0;

-- Every entry, for working each settlement out anew (anju interest check).
-- name: interest_check_entries
-- stream
-- slow
SELECT account, seq, value_day, kind, amount_year, amount_carried, interest, reversing, batch
FROM ledger.entry
ORDER BY account, seq;
