-- The outbox: messages that must leave exactly once.

-- Messages that are due. A time beyond $2 was written by a clock that has been set back since.
-- name: outbox_due
SELECT message, person, address, body, expires_at, tries FROM desk.outbox
 WHERE state = 0 AND (next_try <= $1 OR next_try > $2)
 ORDER BY next_try LIMIT $3 /*postgresql: FOR UPDATE SKIP LOCKED */;

-- name: outbox_claim
UPDATE desk.outbox SET next_try = $2, tries = tries + 1 WHERE message = $1;

-- name: outbox_end
UPDATE desk.outbox SET state = $2 WHERE message = $1 AND state = 0;

-- name: outbox_later
UPDATE desk.outbox SET next_try = $2 WHERE message = $1 AND state = 0;

-- What left long ago, and what expired long ago because nothing could carry it.
-- name: outbox_clear
DELETE FROM desk.outbox WHERE message IN
  (SELECT message FROM desk.outbox
    WHERE (state <> 0 AND next_try < $1) OR expires_at < $1 LIMIT $2);
