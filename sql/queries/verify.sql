-- What anju verify reads: every row, in the order of the keys (src/ledger/verify*.c).

-- name: verify_accounts
-- stream
-- slow
SELECT account, person, state, opened, balance, carried, this_year, frozen, settled, product,
  product_year, product_day, head_seq, head_hash, batch
FROM ledger.account
ORDER BY account;

-- name: verify_holders
-- stream
-- slow
SELECT account, person
FROM ledger.holder
ORDER BY account;

-- name: verify_digests
-- stream
-- slow
SELECT account, head_seq, facts
FROM ledger.digest
ORDER BY account;

-- name: verify_terms
-- stream
-- slow
SELECT account, from_month, paying, unit_amount + own_amount
FROM ledger.terms
ORDER BY account, from_month;

-- name: verify_entries
-- stream
-- slow
SELECT account, seq, booked, value_day, kind, for_month, unit, base, unit_ratio, own_ratio,
  unit_amount, own_amount, amount, amount_year, amount_carried, interest, balance, reason, flow,
  reversing, reverses, batch, hash
FROM ledger.entry
ORDER BY account, seq;

-- The newest rate stands among the columns in the order of ledger.loan_act.
-- name: verify_loans
-- stream
-- slow
SELECT l.account, l.loan, l.paid_out, l.balance, l.principal_repaid, l.interest_repaid, l.head_seq,
  l.head_hash, l.batch, l.method, r.since, r.rate, r.payment, l.balance, l.rate, l.months, l.state,
  l.periods_paid, l.next_due, l.next_payment, l.next_principal, l.next_interest,
  l.overdue_principal, l.overdue_interest, l.overdue_periods, l.principal_repaid,
  l.interest_repaid, l.settled, l.head_seq
FROM ledger.loan l
  LEFT JOIN ledger.loan_rate r ON r.account = l.account AND r.loan = l.loan
    AND r.since = (SELECT MAX(x.since) FROM ledger.loan_rate x
      WHERE x.account = l.account AND x.loan = l.loan)
ORDER BY l.account, l.loan;

-- name: verify_loan_acts
-- stream
-- slow
SELECT account, loan, act, kind, day, booked, asked, asked_then, asked_rate, fund, fund_seq, undoes,
  reason, entries, agreed_since, agreed_rate, agreed_payment, balance, rate, months, state,
  periods_paid, next_due, next_payment, next_principal, next_interest, overdue_principal,
  overdue_interest, overdue_periods, principal_repaid, interest_repaid, settled, head_seq, batch,
  hash
FROM ledger.loan_act
ORDER BY account, loan, act;

-- name: verify_loan_entries
-- stream
-- slow
SELECT account, loan, seq, happened, booked, kind, period, amount, principal, interest, penalty,
  balance, flow, reversing, reverses, batch, hash
FROM ledger.loan_entry
ORDER BY account, loan, seq;

-- name: verify_batches
-- stream
SELECT batch, file, records, total
FROM ledger.batch_file
ORDER BY batch, file;

-- name: verify_operations
-- stream
SELECT batch, after_set, entries, total, kind, booked
FROM ledger.operation
ORDER BY batch;

-- name: verify_settlements
-- stream
-- slow
SELECT s.account, s.day, s.kind, s.outcome, s.seq, s.interest, s.batch, e.kind, e.value_day,
  e.interest, e.batch, e.reversing, a.account
FROM ledger.settlement s
  LEFT JOIN ledger.entry e ON e.account = s.account AND e.seq = s.seq
  LEFT JOIN ledger.account a ON a.account = s.account
ORDER BY s.account, s.day, s.kind;

-- name: verify_withdrawals
-- stream
-- slow
SELECT w.application, w.state, w.entry, w.interest, p.state, p.amount, p.flow, p.batch, e.kind,
  e.amount, e.interest, e.flow, e.batch, s.kind
FROM ledger.withdrawal w
  LEFT JOIN ledger.application p ON p.account = w.account AND p.application = w.application
  LEFT JOIN ledger.entry e ON e.account = w.account AND e.seq = w.entry
  LEFT JOIN ledger.application_step s ON s.account = w.account AND s.application = w.application
    AND s.step = (SELECT MAX(m.step) FROM ledger.application_step m
      WHERE m.account = w.account AND m.application = w.application)
ORDER BY w.application;

-- name: verify_look_heads
-- stream
-- slow
SELECT person, seq, hash
FROM desk.look_head
ORDER BY person;

-- name: verify_looks
-- stream
-- slow
SELECT person, seq, at, actor_kind, actor, place, channel, part, purpose, case_no, outcome, hash
FROM desk.look
ORDER BY person, seq;

-- The rules between tables (src/ledger/verify_cross.c): of each the rows that break one, as the key,
-- the number below it, a number, and the sentence.

-- name: verify_cross_batches
-- stream
-- slow
SELECT '', '', x.batch, x.what
FROM (SELECT b.batch AS batch, CASE
    WHEN b.batch <> 1 AND p.batch IS NULL THEN 'there is no set before it'
    WHEN b.whole <> CASE WHEN b.batch = 1 THEN 1 ELSE 0 END
      THEN 'whole is not as of its number: the first set is whole, and no other'
    WHEN b.as_of < p.as_of THEN 'as_of is earlier than that of the set before'
    WHEN LENGTH(b.manifest_sha256) <> 32 THEN 'manifest_sha256 is no SHA-256'
    WHEN NOT EXISTS (SELECT 1 FROM ledger.batch_file f WHERE f.batch = b.batch)
      THEN 'there is no file of it'
    END AS what
  FROM ledger.batch b LEFT JOIN ledger.batch p ON p.batch = b.batch - 1) AS x
WHERE x.what IS NOT NULL
ORDER BY x.batch;

-- name: verify_cross_files
-- stream
-- slow
SELECT '', x.file, x.batch, x.what
FROM (SELECT f.batch AS batch, f.file AS file, CASE
    WHEN b.batch IS NULL THEN 'there is no such set'
    WHEN LENGTH(f.sha256) <> 32 THEN 'sha256 is no SHA-256'
    END AS what
  FROM ledger.batch_file f LEFT JOIN ledger.batch b ON b.batch = f.batch) AS x
WHERE x.what IS NOT NULL
ORDER BY x.batch, x.file;

-- name: verify_cross_operations
-- stream
-- slow
SELECT '', '', x.batch, x.what
FROM (SELECT o.batch AS batch, CASE
    WHEN o.batch <> 1000000001 AND p.batch IS NULL THEN 'there is no operation before it'
    WHEN o.state NOT IN (1, 2) THEN 'state is neither going on nor done'
    WHEN LENGTH(o.content) <> 32 THEN 'content is no SHA-256'
    WHEN o.lines < o.entries THEN 'lines is less than its entries'
    WHEN o.after_set < p.after_set THEN 'after_set is earlier than that of the operation before'
    WHEN o.after_set > COALESCE((SELECT MAX(b.batch) FROM ledger.batch b), 0)
      THEN 'after_set is a set that was not taken'
    END AS what
  FROM ledger.operation o LEFT JOIN ledger.operation p ON p.batch = o.batch - 1) AS x
WHERE x.what IS NOT NULL
ORDER BY x.batch;

-- name: verify_cross_accounts
-- stream
-- slow
SELECT x.account, '', 0, x.what
FROM (SELECT a.account AS account, CASE
    WHEN u.unit IS NULL THEN 'there is no such unit'
    WHEN (a.state IN (3, 4, 5)) <> (a.closed IS NOT NULL)
      THEN 'closed stands with an account that is open, or is missing'
    WHEN a.closed < a.opened THEN 'closed is earlier than opened'
    WHEN (a.state = 3) <> (a.merged_into IS NOT NULL)
      THEN 'merged_into stands with an account that is not merged, or is missing'
    WHEN a.merged_into IS NOT NULL AND m.account IS NULL
      THEN 'merged_into is no account'
    WHEN a.frozen < 0 OR (a.state NOT IN (3, 4, 5) AND a.frozen > a.balance)
      THEN 'more is frozen than there is'
    END AS what
  FROM ledger.account a
    LEFT JOIN ledger.unit u ON u.unit = a.unit
    LEFT JOIN ledger.account m ON m.account = a.merged_into) AS x
WHERE x.what IS NOT NULL
ORDER BY x.account;

-- name: verify_cross_terms
-- stream
-- slow
SELECT t.account, '', t.from_month, 'there is no such account'
FROM ledger.terms t LEFT JOIN ledger.account a ON a.account = t.account
WHERE a.account IS NULL
ORDER BY t.account, t.from_month;

-- The newest step is the one of the state; what is paid has the entry of its flow number.
-- name: verify_cross_applications
-- stream
-- slow
SELECT x.account, x.application, 0, x.what
FROM (SELECT p.account AS account, p.application AS application, CASE
    WHEN a.account IS NULL THEN 'there is no such account'
    WHEN b.batch IS NULL AND o.batch IS NULL THEN 'batch does not exist'
    WHEN p.batch > 1000000000 AND w.application IS NULL
      THEN 'an operation moved it last and there is no withdrawal of it'
    WHEN (p.state = 3) <> (p.flow IS NOT NULL)
      THEN 'flow stands with one that is not paid, or is missing'
    WHEN p.state = 3 AND NOT EXISTS (SELECT 1 FROM ledger.entry e
      WHERE e.account = p.account AND e.flow = p.flow AND e.kind IN (11, 12)
        AND e.amount = -p.amount)
      THEN 'no entry of its flow and amount pays it'
    WHEN s.kind IS NULL THEN 'there is no step of it'
    WHEN NOT (p.state = 1 AND s.kind IN (1, 2)) AND NOT (p.state > 1 AND s.kind = p.state + 1)
      THEN 'the last step does not agree with the state'
    WHEN w.application IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ledger.application_step f
      WHERE f.account = p.account AND f.application = p.application AND f.step = 1
        AND f.kind = 1 AND f.day = p.applied)
      THEN 'applied is not the day of the first step'
    END AS what
  FROM ledger.application p
    LEFT JOIN ledger.account a ON a.account = p.account
    LEFT JOIN ledger.batch b ON b.batch = p.batch
    LEFT JOIN ledger.operation o ON o.batch = p.batch
    LEFT JOIN ledger.withdrawal w ON w.account = p.account AND w.application = p.application
    LEFT JOIN ledger.application_step s ON s.account = p.account
      AND s.application = p.application AND s.step = (SELECT MAX(m.step)
        FROM ledger.application_step m
        WHERE m.account = p.account AND m.application = p.application)) AS x
WHERE x.what IS NOT NULL
ORDER BY x.account, x.application;

-- name: verify_cross_steps
-- stream
-- slow
SELECT x.account, x.application, x.step, x.what
FROM (SELECT s.account AS account, s.application AS application, s.step AS step, CASE
    WHEN p.application IS NULL THEN 'there is no such application'
    WHEN s.step <> 1 AND b.step IS NULL THEN 'the step before it is missing'
    WHEN s.day < b.day THEN 'day is earlier than that of the step before'
    END AS what
  FROM ledger.application_step s
    LEFT JOIN ledger.application p ON p.account = s.account AND p.application = s.application
    LEFT JOIN ledger.application_step b ON b.account = s.account
      AND b.application = s.application AND b.step = s.step - 1) AS x
WHERE x.what IS NOT NULL
ORDER BY x.account, x.application, x.step;

-- name: verify_cross_withdrawals
-- stream
-- slow
SELECT x.application, '', 0, x.what
FROM (SELECT w.application AS application, CASE
    WHEN w.household IS NOT NULL AND h.account IS NULL THEN 'household is no account'
    WHEN w.months < 0 OR (w.months > 0) <> (w.months_from IS NOT NULL)
      THEN 'months and months_from do not agree'
    WHEN (w.decide_by IS NOT NULL) <> (s.step IS NOT NULL)
      THEN 'decide_by stands with one that was not accepted, or is missing'
    WHEN w.decide_by < s.day THEN 'decide_by is earlier than the day of accepting'
    END AS what
  FROM ledger.withdrawal w
    LEFT JOIN ledger.account h ON h.account = w.household
    LEFT JOIN ledger.application_step s ON s.account = w.account
      AND s.application = w.application AND s.kind = 2) AS x
WHERE x.what IS NOT NULL
ORDER BY x.application;

-- name: verify_cross_contracts
-- stream
-- slow
SELECT x.account, x.contract, 0, x.what
FROM (SELECT c.account AS account, c.contract AS contract, CASE
    WHEN a.account IS NULL THEN 'there is no such account'
    WHEN b.batch IS NULL AND o.batch IS NULL THEN 'batch does not exist'
    WHEN c.coborrower IS NOT NULL AND k.account IS NULL THEN 'coborrower is no account'
    END AS what
  FROM ledger.loan_contract c
    LEFT JOIN ledger.account a ON a.account = c.account
    LEFT JOIN ledger.account k ON k.account = c.coborrower
    LEFT JOIN ledger.batch b ON b.batch = c.batch
    LEFT JOIN ledger.operation o ON o.batch = c.batch) AS x
WHERE x.what IS NOT NULL
ORDER BY x.account, x.contract;

-- A loan that was paid out here has the figures of its contract in its first act.
-- name: verify_cross_loans
-- stream
-- slow
SELECT x.account, x.loan, 0, x.what
FROM (SELECT l.account AS account, l.loan AS loan, CASE
    WHEN c.contract IS NULL THEN 'there is no such contract of the account'
    WHEN l.method <> c.method THEN 'method is not the contract''s'
    WHEN (l.state = 3) <> (l.settled IS NOT NULL)
      THEN 'settled stands with a loan that is not repaid, or is missing'
    WHEN NOT EXISTS (SELECT 1 FROM ledger.loan_rate r
      WHERE r.account = l.account AND r.loan = l.loan AND r.since = l.paid_out_on)
      THEN 'there is no loan_rate since paid_out_on'
    WHEN t.months <> c.months THEN 'months is not the contract''s'
    WHEN t.agreed_rate <> c.rate THEN 'the first rate is not the contract''s'
    WHEN t.account IS NOT NULL AND l.paid_out <> c.principal
      THEN 'paid_out is not the contract''s'
    WHEN t.day <> l.paid_out_on THEN 'paid_out_on is not the day of its act'
    END AS what
  FROM ledger.loan l
    LEFT JOIN ledger.loan_contract c ON c.account = l.account AND c.contract = l.contract
    LEFT JOIN ledger.loan_act t ON t.account = l.account AND t.loan = l.loan AND t.act = 1
      AND t.kind = 2) AS x
WHERE x.what IS NOT NULL
ORDER BY x.account, x.loan;

-- A line that an act agreed is what the newest act said of that day.
-- name: verify_cross_rates
-- stream
-- slow
SELECT x.account, x.loan, x.since, x.what
FROM (SELECT r.account AS account, r.loan AS loan, r.since AS since, CASE
    WHEN l.loan IS NULL THEN 'there is no such loan'
    WHEN r.rate <> c.agreed_rate OR r.payment <> c.agreed_payment
      THEN 'rate or payment is not what was agreed'
    END AS what
  FROM ledger.loan_rate r
    LEFT JOIN ledger.loan l ON l.account = r.account AND l.loan = r.loan
    LEFT JOIN ledger.loan_act c ON c.account = r.account AND c.loan = r.loan
      AND c.act = (SELECT MAX(m.act) FROM ledger.loan_act m
        WHERE m.account = r.account AND m.loan = r.loan AND m.agreed_since = r.since)) AS x
WHERE x.what IS NOT NULL
ORDER BY x.account, x.loan, x.since;

-- What an act agreed and none took back later stands among the rates.
-- name: verify_cross_agreed
-- stream
-- slow
SELECT c.account, c.loan, c.act, 'what it agreed is not in loan_rate'
FROM ledger.loan_act c
  LEFT JOIN ledger.loan_rate r ON r.account = c.account AND r.loan = c.loan
    AND r.since = c.agreed_since
WHERE r.loan IS NULL AND NOT EXISTS (SELECT 1 FROM ledger.loan_act u
  WHERE u.account = c.account AND u.loan = c.loan AND u.act > c.act AND u.undoes IS NOT NULL)
ORDER BY c.account, c.loan, c.act;

-- name: verify_roots
-- stream
-- slow
SELECT day, statement, signer, signature, parts FROM ledger.root ORDER BY day;
