-- Members: registration, signing in, sessions, freezes, and what the worker clears away.

-- Whom an ID number belongs to: the account that is not closed, or else the newest.
-- name: member_holder_by_id
SELECT a.account, a.person
  FROM ledger.holder h JOIN ledger.account a ON a.account = h.account
 WHERE h.id_index = $1
 ORDER BY CASE WHEN a.state IN (3, 4, 5) THEN 1 ELSE 0 END, a.opened DESC, a.account DESC
 LIMIT 1;

-- A contribution of that person that was posted.
-- name: member_contribution
SELECT 1
  FROM ledger.account a JOIN ledger.entry e ON e.account = a.account
 WHERE a.person = $1 AND e.kind = 1
 LIMIT 1;

-- The person's account that is not closed, or else the newest.
-- name: member_account
SELECT account FROM ledger.account
 WHERE person = $1
 ORDER BY CASE WHEN state IN (3, 4, 5) THEN 1 ELSE 0 END, opened DESC, account DESC
 LIMIT 1;

-- name: member_insert
INSERT INTO desk.member (person, account, password, phone_sealed, phone_mask, language,
                         registered_at, last_sign_in)
VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)
ON CONFLICT (person) DO NOTHING;

-- name: login_name_insert
INSERT INTO desk.login_name (name_index, kind, person) VALUES ($1, $2, $3)
ON CONFLICT (name_index) DO NOTHING;

-- An ID number is whose the ledger says: a row of somebody who had it before is put right.
-- name: login_id_insert
INSERT INTO desk.login_name (name_index, kind, person) VALUES ($1, 1, $2)
ON CONFLICT (name_index) DO UPDATE SET person = excluded.person
 WHERE login_name.person <> excluded.person;

-- By the ID number as the ledger has it now, corrected perhaps since the registration, or by phone.
-- name: member_by_login
-- one row
SELECT m.person, m.password
  FROM desk.member m
 WHERE m.person = COALESCE(
   (SELECT h.person FROM ledger.holder h WHERE h.id_index = $1 ORDER BY h.person LIMIT 1),
   (SELECT n.person FROM desk.login_name n WHERE n.name_index = $1 AND n.kind = 2));

-- name: member_to_call
-- one row
SELECT phone_sealed, phone_mask, language FROM desk.member WHERE person = $1;

-- name: member_last_sign_in
-- one row
SELECT last_sign_in FROM desk.member WHERE person = $1 /*postgresql: FOR UPDATE */;

-- name: member_signed_in
UPDATE desk.member SET account = $2, last_sign_in = $3 WHERE person = $1;

-- name: known_network
-- one row
SELECT used_at FROM desk.known_network WHERE person = $1 AND network = $2;

-- name: known_network_put
INSERT INTO desk.known_network (person, network, used_at) VALUES ($1, $2, $3)
ON CONFLICT (person, network) DO UPDATE SET used_at = excluded.used_at;

-- Reads the row, locked, and makes it when it is not there: in one statement, because between two
-- of them another sign-in or the worker may take it away.
-- name: throttle_read
-- one row
INSERT INTO desk.throttle (subject, count, since, until) VALUES ($1, 0, $2, $3)
ON CONFLICT (subject) DO UPDATE SET count = throttle.count RETURNING count, since, until;

-- name: throttle_write
UPDATE desk.throttle SET count = $2, since = $3, until = $4 WHERE subject = $1;

-- name: throttle_give_back
UPDATE desk.throttle SET count = count - 1 WHERE subject = $1 AND count > 0;

-- name: throttle_clear
DELETE FROM desk.throttle WHERE subject = $1;

-- name: challenge_insert
INSERT INTO desk.challenge (challenge, person, code, tries, created_at, expires_at, used_at)
VALUES ($1, $2, $3, 0, $4, $5, NULL);

-- name: challenge_person
-- one row
SELECT person FROM desk.challenge WHERE challenge = $1;

-- name: challenge_read
-- one row
SELECT person, code, tries, created_at, expires_at, used_at FROM desk.challenge
 WHERE challenge = $1 /*postgresql: FOR UPDATE */;

-- name: challenge_wrong
UPDATE desk.challenge SET tries = tries + 1 WHERE challenge = $1;

-- name: challenge_used
UPDATE desk.challenge SET used_at = $2 WHERE challenge = $1;

-- name: outbox_insert
INSERT INTO desk.outbox (message, person, kind, address, body, created_at, expires_at, next_try,
                         tries, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $6, 0, 0);

-- name: session_insert
INSERT INTO desk.session (session, person, account, channel, created_at, used_at, ends_at,
                          ended_at, previous, device)
VALUES ($1, $2, $3, $4, $5, $5, $6, NULL, $7, $8);

-- name: session_read
-- one row
SELECT person, account, channel, created_at, used_at, ends_at, ended_at, COALESCE(previous, 0)
 FROM desk.session
 WHERE session = $1;

-- name: session_used
UPDATE desk.session SET used_at = $2 WHERE session = $1 AND ended_at IS NULL;

-- name: session_end
UPDATE desk.session SET ended_at = $2 WHERE session = $1 AND ended_at IS NULL;

-- Those that have ended too: a sign-out that was interrupted may have left one in the session map.
-- name: session_end_all
UPDATE desk.session SET ended_at = COALESCE(ended_at, $2) WHERE person = $1 RETURNING session;

-- name: freeze_last
SELECT seq, at, lifted_at FROM desk.freeze WHERE person = $1 ORDER BY seq DESC LIMIT 1;

-- name: freeze_insert
INSERT INTO desk.freeze (person, seq, at, channel, lifted_at) VALUES ($1, $2, $3, $4, NULL)
ON CONFLICT (person, seq) DO NOTHING;

-- name: freeze_lift
UPDATE desk.freeze SET lifted_at = $3 WHERE person = $1 AND seq = $2 AND lifted_at IS NULL;

-- name: clear_sessions
DELETE FROM desk.session WHERE session IN
  (SELECT session FROM desk.session WHERE ends_at < $1 ORDER BY ends_at LIMIT $2);

-- name: clear_challenges
DELETE FROM desk.challenge WHERE challenge IN
  (SELECT challenge FROM desk.challenge WHERE expires_at < $1 ORDER BY expires_at LIMIT $2);

-- name: clear_throttles
DELETE FROM desk.throttle WHERE subject IN
  (SELECT subject FROM desk.throttle WHERE until < $1 ORDER BY until LIMIT $2);

-- The oldest, in bounded portions (a portion ends with all of one moment).
-- name: clear_known_networks
DELETE FROM desk.known_network WHERE used_at < $1 AND used_at <=
  (SELECT MAX(o.used_at) FROM
    (SELECT used_at FROM desk.known_network WHERE used_at < $1 ORDER BY used_at LIMIT $2) o);
