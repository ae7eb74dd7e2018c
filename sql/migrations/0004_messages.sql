-- What a holder is told of that stands nowhere else, and how far the messages were read.
-- Contributions, interest, applications and the loan are read from the ledger; stops of payments and
-- answers from their own tables.

CREATE TABLE desk.message (
  person  TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  at      BIGINT   NOT NULL,
  kind    SMALLINT NOT NULL,                       -- 1 signed in from a place or device not seen before, 5 password changed
  subject TEXT     NOT NULL,                       -- class of device; ""
  PRIMARY KEY (person, at, kind)
) /*sqlite: WITHOUT ROWID*/;

CREATE TABLE desk.message_mark (
  person  TEXT /*postgresql: COLLATE "C"*/ NOT NULL PRIMARY KEY,
  read_at BIGINT NOT NULL                          -- what was known until then was seen
) /*sqlite: WITHOUT ROWID*/;

/*sqlite:
CREATE INDEX desk.message_at ON message (at);
*/
/*postgresql:
CREATE INDEX message_at ON desk.message (at);
*/
