-- The holder's own sessions, sign-ins and password (src/member/security.c, password_change.c).

-- name: sessions_live
-- Those that are neither ended nor over nor unused for too long.
SELECT session, created_at, used_at, COALESCE(device, '') FROM desk.session
 WHERE person = $1 AND ended_at IS NULL AND ends_at > $2 AND used_at > $3
 ORDER BY created_at DESC LIMIT $4;

-- name: sign_in_insert
INSERT INTO desk.sign_in (person, at, device) VALUES ($1, $2, $3)
ON CONFLICT (person, at) DO NOTHING;

-- name: sign_ins_of_person
SELECT at, device FROM desk.sign_in WHERE person = $1 ORDER BY at DESC LIMIT $2;

-- name: member_phone_mask
-- one row
SELECT phone_mask FROM desk.member WHERE person = $1;

-- name: session_end_others
UPDATE desk.session SET ended_at = COALESCE(ended_at, $2)
 WHERE person = $1 AND session <> $3 RETURNING session;

-- name: member_password
-- one row
SELECT password FROM desk.member WHERE person = $1;

-- Only while it is still the one that was checked.
-- name: member_password_set
UPDATE desk.member SET password = $3 WHERE person = $1 AND password = $2;

-- name: clear_sign_ins
DELETE FROM desk.sign_in WHERE at < $1 AND at <=
  (SELECT MAX(o.at) FROM (SELECT at FROM desk.sign_in WHERE at < $1 ORDER BY at LIMIT $2) o);
