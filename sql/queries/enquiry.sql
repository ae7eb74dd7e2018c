-- Enquiries: what holders ask the centre, and its answers (src/enquiry).

-- What a reference may name: only what is the holder's own.
-- name: enquiry_entry_there
-- one row
SELECT 1 FROM ledger.entry WHERE account = $1 AND seq = $2;

-- name: enquiry_look_there
-- one row
SELECT 1 FROM desk.look WHERE person = $1 AND seq = $2;

-- name: enquiry_application_there
-- one row
SELECT 1 FROM ledger.application WHERE account = $1 AND application = $2;

-- name: enquiry_loans
-- one row
SELECT COUNT(*) FROM ledger.loan WHERE account = $1;

-- name: enquiry_by_key
-- one row
SELECT seq, number, asked_at, due_on, asked_hash FROM desk.enquiry
 WHERE person = $1 AND asked_key = $2;

-- The last number, how many are open, how many were asked after $2, and the first of these.
-- name: enquiry_count
SELECT COALESCE(MAX(seq), 0), COUNT(CASE WHEN state = 1 THEN 1 END),
  COUNT(CASE WHEN asked_at > $2 THEN 1 END), MIN(CASE WHEN asked_at > $2 THEN asked_at END)
  FROM desk.enquiry WHERE person = $1;

-- Of two that are asked at once one finds its place taken, and begins again.
-- name: enquiry_insert
INSERT INTO desk.enquiry (person, seq, number, account, about, reference, words, asked_at, due_on,
                          state, channel, asked_key, asked_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $12)
ON CONFLICT DO NOTHING;

-- name: enquiries_of_person
SELECT seq, number, account, about, reference, words, asked_at, due_on, state FROM desk.enquiry
 WHERE person = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3;

-- The answers to the enquiries $2 to $3.
-- name: enquiry_answers
SELECT enquiry, at, staff, office, words FROM desk.enquiry_answer
 WHERE person = $1 AND enquiry >= $2 AND enquiry <= $3
 ORDER BY enquiry DESC, seq LIMIT $4;

-- The centre's list, without whose they are.
-- name: enquiries_by_state
SELECT number, about, asked_at, due_on FROM desk.enquiry
 WHERE state = $1 ORDER BY due_on, number LIMIT $2;

-- name: enquiry_find
-- one row
SELECT person, seq, account FROM desk.enquiry WHERE number = $1;

-- name: enquiry_lock
-- one row
SELECT state FROM desk.enquiry WHERE person = $1 AND seq = $2 /*postgresql: FOR UPDATE */;

-- name: enquiry_answer_count
SELECT COALESCE(MAX(seq), 0) FROM desk.enquiry_answer WHERE person = $1 AND enquiry = $2;

-- name: enquiry_answer_insert
INSERT INTO desk.enquiry_answer (person, enquiry, seq, at, staff, office, words, closes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: enquiry_state_set
UPDATE desk.enquiry SET state = $3 WHERE person = $1 AND seq = $2;
