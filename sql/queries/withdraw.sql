-- Withdrawals that are applied for, decided and paid here (src/withdraw).

-- name: withdraw_application_insert
INSERT INTO ledger.application (account, application, applied, reason, amount, state, flow, batch)
VALUES ($1, $2, $3, $4, $5, 1, NULL, $6);

-- name: withdraw_insert
INSERT INTO ledger.withdrawal (application, account, ground, household, months_from, months,
  children, talent, spent, spent_on, document, most, state, decide_by, entry, interest)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, NULL, NULL, 0);

-- name: withdraw_step_insert
INSERT INTO ledger.application_step (account, application, step, day, kind, words)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: withdraw_read
-- one row
SELECT w.account, a.person, p.applied, w.ground, p.reason, p.amount, p.state, p.flow, w.decide_by,
  w.interest, w.most, w.months_from, w.months, w.spent, w.spent_on, w.document, w.household, p.batch
FROM ledger.withdrawal w
  JOIN ledger.application p ON p.account = w.account AND p.application = w.application
  JOIN ledger.account a ON a.account = w.account
WHERE w.application = $1;

-- name: withdraw_last_step
SELECT step, kind, day FROM ledger.application_step
WHERE account = $1 AND application = $2
ORDER BY step DESC
LIMIT 1;

-- name: withdraw_application_move
UPDATE ledger.application SET state = $3, amount = $4, flow = $5, batch = $6
WHERE account = $1 AND application = $2;

-- name: withdraw_move
UPDATE ledger.withdrawal SET state = $2, decide_by = $3, entry = $4, interest = $5
WHERE application = $1;

-- What is asked for and not yet paid, refused or cancelled.
-- name: withdraw_open_sum
SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM ledger.application
WHERE account = $1 AND state IN (1, 2) AND application <> $2;

-- Withdrawn or asked for on grounds of one code of A.7 between two days, by either account.
-- name: withdraw_between_sum
SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM ledger.application
WHERE account IN ($1, $2) AND reason = $3 AND applied >= $4 AND applied <= $5
  AND state IN (1, 2, 3);

-- The same on one ground of the policy, applied for here.
-- name: withdraw_ground_sum
SELECT CAST(COALESCE(SUM(p.amount), 0) AS BIGINT)
FROM ledger.withdrawal w
  JOIN ledger.application p ON p.account = w.account AND p.application = w.application
WHERE w.account = $1 AND w.ground = $2 AND p.applied >= $3 AND p.applied <= $4
  AND w.state IN (1, 2, 3);

-- The same against one document, by either account.
-- name: withdraw_document_sum
SELECT CAST(COALESCE(SUM(p.amount), 0) AS BIGINT)
FROM ledger.withdrawal w
  JOIN ledger.application p ON p.account = w.account AND p.application = w.application
WHERE (w.account IN ($1, $2) OR w.household = $1) AND w.ground = $3 AND w.document = $4
  AND w.state IN (1, 2, 3);

-- name: withdraw_made_on
SELECT COUNT(*) FROM ledger.withdrawal w
  JOIN ledger.application p ON p.account = w.account AND p.application = w.application
WHERE w.account = $1 AND p.applied = $2;

-- An application for rent of one of the months from $3 to $4, by the household.
-- name: withdraw_same_months
SELECT application FROM ledger.withdrawal
WHERE (account IN ($1, $2) OR household = $1) AND months > 0 AND state IN (1, 2, 3)
  AND months_from <= $4 AND months_from + months - 1 >= $3
LIMIT 1;

-- What waits for the next step, decided soonest first.
-- name: withdraw_queue
SELECT w.application, w.ground, p.applied, p.amount, w.decide_by
FROM ledger.withdrawal w
  JOIN ledger.application p ON p.account = w.account AND p.application = w.application
WHERE w.state = $1
ORDER BY w.decide_by, w.application
LIMIT $2;
