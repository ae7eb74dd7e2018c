-- Messages to holders (src/member/message.c).

-- name: message_insert
INSERT INTO desk.message (person, at, kind, subject) VALUES ($1, $2, $3, $4)
ON CONFLICT (person, at, kind) DO NOTHING;

-- Everything that happened at the desk after $2. Kinds: enum desk_event.
-- name: desk_events
SELECT e.at, e.kind, e.subject FROM (
  SELECT at, kind, subject FROM desk.message WHERE person = $1 AND at > $2
  UNION ALL
  SELECT at, 2, CAST(enquiry AS TEXT) FROM desk.enquiry_answer WHERE person = $1 AND at > $2
  UNION ALL
  SELECT at, 3, '' FROM desk.freeze WHERE person = $1 AND at > $2
  UNION ALL
  SELECT lifted_at, 4, '' FROM desk.freeze WHERE person = $1 AND lifted_at > $2) e
 ORDER BY e.at DESC LIMIT $3;

-- name: message_mark
-- one row
SELECT read_at FROM desk.message_mark WHERE person = $1;

-- It never goes back.
-- name: message_mark_set
INSERT INTO desk.message_mark (person, read_at) VALUES ($1, $2)
ON CONFLICT (person) DO UPDATE SET read_at =
  CASE WHEN excluded.read_at > message_mark.read_at THEN excluded.read_at ELSE message_mark.read_at END;

-- name: clear_messages
DELETE FROM desk.message WHERE at < $1 AND at <=
  (SELECT MAX(o.at) FROM (SELECT at FROM desk.message WHERE at < $1 ORDER BY at LIMIT $2) o);

-- The first set that was taken after $1; 0: none.
-- name: batch_after
SELECT COALESCE(MIN(batch), 0) FROM ledger.batch WHERE taken_at > $1;
