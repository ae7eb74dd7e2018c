-- What holders ask the centre, and what it answers.

CREATE TABLE desk.enquiry (
  person     TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  seq        BIGINT   NOT NULL,                    -- counts the person's enquiries from 1
  number     TEXT /*postgresql: COLLATE "C"*/ NOT NULL, -- what both sides call it
  account    TEXT     NOT NULL,
  about      SMALLINT NOT NULL,                    -- 1 state, 2 month, 3 entry, 4 look, 5 withdrawal, 6 loan, 7 other
  reference  TEXT     NOT NULL,                    -- which of them; "" when there is none
  words      BYTEA    NOT NULL,                    -- sealed
  asked_at   BIGINT   NOT NULL,
  due_on     INTEGER  NOT NULL,                    -- the last day for an answer
  state      SMALLINT NOT NULL,                    -- 1 open, 2 answered, 3 closed
  channel    SMALLINT NOT NULL,
  asked_key  TEXT /*postgresql: COLLATE "C"*/ NOT NULL, -- drawn by the page when the form was opened
  asked_hash BYTEA    NOT NULL,                    -- keyed hash of what came with it
  PRIMARY KEY (person, seq)
) /*sqlite: WITHOUT ROWID*/;

-- Append-only: a mistaken answer is followed by another one.
CREATE TABLE desk.enquiry_answer (
  person  TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  enquiry BIGINT   NOT NULL,                       -- desk.enquiry.seq
  seq     BIGINT   NOT NULL,
  at      BIGINT   NOT NULL,
  staff   TEXT     NOT NULL,
  office  TEXT     NOT NULL,
  words   BYTEA    NOT NULL,                       -- sealed
  closes  SMALLINT NOT NULL,
  PRIMARY KEY (person, enquiry, seq)
) /*sqlite: WITHOUT ROWID*/;

/*sqlite:
CREATE UNIQUE INDEX desk.enquiry_key ON enquiry (person, asked_key);
CREATE UNIQUE INDEX desk.enquiry_number ON enquiry (number);
CREATE INDEX desk.enquiry_due ON enquiry (state, due_on, number);
CREATE TRIGGER desk.enquiry_answer_no_update BEFORE UPDATE ON enquiry_answer
BEGIN SELECT RAISE(ABORT, 'answers are append-only'); END;
CREATE TRIGGER desk.enquiry_answer_no_delete BEFORE DELETE ON enquiry_answer
BEGIN SELECT RAISE(ABORT, 'answers are append-only'); END;
*/
/*postgresql:
CREATE UNIQUE INDEX enquiry_key ON desk.enquiry (person, asked_key);
CREATE UNIQUE INDEX enquiry_number ON desk.enquiry (number);
CREATE INDEX enquiry_due ON desk.enquiry (state, due_on, number);
CREATE TRIGGER enquiry_answer_append_only BEFORE UPDATE OR DELETE ON desk.enquiry_answer
  FOR EACH ROW EXECUTE FUNCTION ledger.append_only();
*/
