-- What signing in has to remember beyond a session: from where a person signed in before, and when.

-- Networks from which a person finished signing in, as keyed hashes: somebody else's wrong tries
-- make only other networks wait (docs/security.md).
CREATE TABLE desk.known_network (
  person  TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  network BYTEA  NOT NULL,
  used_at BIGINT NOT NULL,                         -- the newest sign-in from there
  PRIMARY KEY (person, network)
) /*sqlite: WITHOUT ROWID*/;

-- When the person signed in before this session; NULL: never.
ALTER TABLE desk.session ADD COLUMN previous BIGINT;

-- For the worker's housekeeping, which takes the oldest away.
/*sqlite:
CREATE INDEX desk.session_ends ON session (ends_at);
CREATE INDEX desk.challenge_expires ON challenge (expires_at);
CREATE INDEX desk.throttle_until ON throttle (until);
CREATE INDEX desk.known_network_used ON known_network (used_at);
*/
/*postgresql:
CREATE INDEX session_ends ON desk.session (ends_at);
CREATE INDEX challenge_expires ON desk.challenge (expires_at);
CREATE INDEX throttle_until ON desk.throttle (until);
CREATE INDEX known_network_used ON desk.known_network (used_at);
*/
