-- The digest of an account (src/ledger/digest.h).

-- name: digest_read
-- one row
SELECT head_seq, facts FROM ledger.digest WHERE account = $1;

-- name: digest_put
INSERT INTO ledger.digest (account, head_seq, facts) VALUES ($1, $2, $3)
ON CONFLICT (account) DO UPDATE SET head_seq = excluded.head_seq, facts = excluded.facts;

-- name: digest_terms
SELECT from_month, paying, unit_amount + own_amount
FROM ledger.terms
WHERE account = $1
ORDER BY from_month
LIMIT 720;

-- name: digest_entries
-- The next entries after one, oldest first.
SELECT seq, booked, value_day, kind, for_month, unit_amount, own_amount, amount, interest, balance,
  reason, flow, reversing, reverses
FROM ledger.entry
WHERE account = $1 AND seq > $2
ORDER BY seq
LIMIT $3;

-- name: digest_behind
-- The next accounts after one, each with what its digest lacks: 0 nothing.
SELECT a.account, a.head_seq,
  CASE WHEN d.head_seq = a.head_seq THEN 0 ELSE 1 END
FROM ledger.account a LEFT JOIN ledger.digest d ON d.account = a.account
WHERE a.account > $1
ORDER BY a.account
LIMIT $2;
