-- name: look_head
-- one row
SELECT seq, hash FROM desk.look_head WHERE person = $1 /*postgresql: FOR UPDATE */;

-- name: look_head_make
INSERT INTO desk.look_head (person, seq, hash) VALUES ($1, 0, $2) ON CONFLICT (person) DO NOTHING;

-- name: look_head_move
UPDATE desk.look_head SET seq = $2, hash = $3 WHERE person = $1;

-- name: look_recent_own
-- The holder's newest own look at a part from a place, among the last lines of the record.
SELECT at FROM desk.look
 WHERE person = $1 AND seq > $2 AND part = $3 AND actor_kind = 1 AND channel = $4 AND place = $5
   AND outcome = 1
 ORDER BY seq DESC LIMIT 1;

-- name: look_insert
INSERT INTO desk.look (person, seq, at, actor_kind, actor, place, channel, part, purpose, case_no,
                       outcome, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: looks_of_person
SELECT seq, at, actor_kind, actor, place, channel, part, purpose, case_no, outcome
  FROM desk.look WHERE person = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3;
