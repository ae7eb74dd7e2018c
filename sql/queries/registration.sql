-- Real-name registration in the hall.

-- name: registration_insert
INSERT INTO desk.registration (registration, state, details, language, code, tries, asks,
                               created_at, code_until, ends_at)
VALUES ($1, 1, $2, $3, $4, 0, 0, $5, $6, $7);

-- name: registration_read
-- one row
SELECT state, details, language, code, tries, asks, created_at, code_until, ends_at
  FROM desk.registration WHERE registration = $1 /*postgresql: FOR UPDATE */;

-- name: registration_wrong
UPDATE desk.registration SET tries = tries + 1 WHERE registration = $1;

-- name: registration_asked
UPDATE desk.registration SET state = 2, asks = asks + 1 WHERE registration = $1;

-- Only from the state before: a second request with the same registration may have been quicker.
-- name: registration_settle
UPDATE desk.registration SET state = $2 WHERE registration = $1 AND state = $3;

-- name: clear_registrations
DELETE FROM desk.registration WHERE registration IN
  (SELECT registration FROM desk.registration WHERE ends_at < $1 ORDER BY ends_at LIMIT $2);
