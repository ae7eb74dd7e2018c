-- Signed roots (src/root).

-- name: root_last
SELECT day, statement, signer, signature, parts FROM ledger.root ORDER BY day DESC LIMIT 1;

-- name: root_at
-- one row
SELECT day, statement, signer, signature, parts FROM ledger.root WHERE day = $1;

-- The newest first.
-- name: root_list
SELECT day, statement, signer, signature FROM ledger.root ORDER BY day DESC LIMIT $1;

-- name: root_insert
INSERT INTO ledger.root (day, statement, signer, signature, parts) VALUES ($1, $2, $3, $4, $5);

-- name: root_set_last
SELECT COALESCE(MAX(batch), 0) FROM ledger.batch;

-- name: root_operation_last
SELECT COALESCE(MAX(batch), 0) FROM ledger.operation;

-- An operation that is not done: a settlement that was begun.
-- name: root_operation_open
SELECT batch FROM ledger.operation WHERE state = 1 ORDER BY batch LIMIT 1;

-- The heads of all accounts as they are.
-- name: root_heads
-- stream
-- slow
SELECT account, head_seq, head_hash FROM ledger.account WHERE head_seq > 0 ORDER BY account;

-- The heads as they were when sets went to $1 and operations to $2.
-- name: root_heads_at
-- stream
-- slow
SELECT a.account, e.seq, e.hash
FROM ledger.account a JOIN ledger.entry e ON e.account = a.account AND e.seq = (
    SELECT MAX(b.seq) FROM ledger.entry b WHERE b.account = a.account
      AND (b.batch <= $1 OR (b.batch > 1000000000 AND b.batch <= $2)))
ORDER BY a.account;
