-- What remittances and the other operations on contribution accounts ask and write
-- (src/contribution). Terms are written with import_terms_put.

-- name: contribution_terms_at
SELECT from_month, unit, paying, base, unit_ratio, own_ratio, unit_amount, own_amount
FROM ledger.terms
WHERE account = $1 AND from_month <= $2
ORDER BY from_month DESC
LIMIT 1;

-- name: contribution_terms_next
SELECT MIN(from_month) FROM ledger.terms WHERE account = $1 AND from_month > $2;

-- What came for a month; a reversing entry takes back what it reverses.
-- name: contribution_paid_for
SELECT CAST(COALESCE(SUM(unit_amount), 0) AS BIGINT), CAST(COALESCE(SUM(own_amount), 0) AS BIGINT)
FROM ledger.entry
WHERE account = $1 AND kind IN (1, 2) AND for_month = $2;

-- The newest months for which something stands.
-- name: contribution_months_paid
SELECT for_month, CAST(SUM(unit_amount + own_amount) AS BIGINT)
FROM ledger.entry
WHERE account = $1 AND kind IN (1, 2)
GROUP BY for_month
HAVING SUM(unit_amount + own_amount) > 0
ORDER BY for_month DESC
LIMIT 24;

-- name: contribution_unit
-- one row
SELECT state, closed FROM ledger.unit WHERE unit = $1;

-- A unit that was opened becomes an ordinary one with its first remittance.
-- name: contribution_unit_paid
UPDATE ledger.unit
SET paid_to = CASE WHEN paid_to IS NULL OR paid_to < $2 THEN $2 ELSE paid_to END,
  state = CASE WHEN state = 2 THEN 1 ELSE state END
WHERE unit = $1;

-- Accounts that an opening may contradict: of the same number, person or document.
-- name: contribution_opening
SELECT a.account, a.person, a.state, h.id_index
FROM ledger.account a JOIN ledger.holder h ON h.account = a.account
WHERE a.account = $1 OR a.person = $2 OR h.id_index = $3
LIMIT 64;

-- name: contribution_open_application
SELECT application FROM ledger.application WHERE account = $1 AND state IN (1, 2) LIMIT 1;

-- name: contribution_open_loan
SELECT loan FROM ledger.loan WHERE account = $1 AND state <> 3 LIMIT 1;

-- The holder's own stop of payments.
-- name: contribution_stopped
SELECT seq FROM desk.freeze WHERE person = $1 AND lifted_at IS NULL LIMIT 1;
