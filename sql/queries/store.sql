-- The stores themselves.

-- name: ledger_version
-- one row
SELECT version FROM ledger.schema;

-- name: desk_version
-- one row
SELECT version FROM desk.schema;
