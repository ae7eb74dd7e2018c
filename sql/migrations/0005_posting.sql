-- What the centre posts itself (docs/posting.md): operations, and settlements of a whole city.

-- What was asked once: a counter's posting, a settlement, a batch. Its entries carry its number in
-- their column batch. The numbers of exchange sets lie below 1,000,000,000, those of operations above.
CREATE TABLE ledger.operation (
  batch     BIGINT   NOT NULL PRIMARY KEY,  -- from 1000000001 without gaps
  op_key    TEXT /*postgresql: COLLATE "C"*/ NOT NULL, -- the same key is the same operation for ever
  kind      SMALLINT NOT NULL,
  content   BYTEA    NOT NULL,              -- SHA-256 of everything that was asked
  actor     TEXT     NOT NULL,              -- role and number
  booked    INTEGER  NOT NULL,
  at        BIGINT   NOT NULL,
  after_set BIGINT   NOT NULL,              -- the newest exchange set when it began
  state     SMALLINT NOT NULL,              -- 1 goes on, 2 done
  lines     BIGINT   NOT NULL,              -- flow numbers handed out
  entries   BIGINT   NOT NULL,              -- control totals of its entries: how many …
  total     BIGINT   NOT NULL,              -- … and the sum of their amounts in fen
  answer    TEXT     NOT NULL               -- what was answered; the same key gets it again
) /*sqlite: WITHOUT ROWID*/;

-- For each account and each 30 June on which we settled: the one posting, or why there is none.
CREATE TABLE ledger.settlement (
  account  TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  day      INTEGER  NOT NULL,               -- the settlement day
  kind     SMALLINT NOT NULL,               -- 1 the yearly one
  outcome  SMALLINT NOT NULL,               -- 1 posted, 2 … why not
  seq      BIGINT,                          -- the entry
  interest BIGINT   NOT NULL,
  batch    BIGINT   NOT NULL,               -- the operation
  PRIMARY KEY (account, day, kind)
) /*sqlite: WITHOUT ROWID*/;

/*sqlite:
CREATE UNIQUE INDEX ledger.operation_key ON operation (op_key);
*/
/*postgresql:
CREATE UNIQUE INDEX operation_key ON ledger.operation (op_key);
*/
