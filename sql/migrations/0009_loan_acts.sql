-- What operations did to a loan (docs/loans.md): one row each, with what was asked, what it was for,
-- and how the loan stood afterwards. Append-only; the newest row is what ledger.loan says.
CREATE TABLE ledger.loan_act (
  account           TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  loan              TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  act               BIGINT   NOT NULL,             -- from 1 without gaps
  kind              SMALLINT NOT NULL,             -- enum loan_act_kind
  day               INTEGER  NOT NULL,             -- on which it counts …
  booked            INTEGER  NOT NULL,             -- … and on which it was booked
  asked             BIGINT   NOT NULL,             -- the amount that came; 0: none was named
  asked_then        SMALLINT NOT NULL,             -- what becomes of the rest
  asked_rate        INTEGER,                       -- of a repricing
  fund              SMALLINT NOT NULL,             -- 1: out of the borrower's fund account …
  fund_seq          BIGINT,                        -- … by this entry of ledger.entry
  undoes            BIGINT,                        -- the act that this one takes back …
  reason            SMALLINT,                      -- … and why (docs/posting.md)
  entries           INTEGER  NOT NULL,             -- of ledger.loan_entry, up to head_seq
  agreed_since      INTEGER  NOT NULL,             -- the newest line of ledger.loan_rate after it
  agreed_rate       INTEGER  NOT NULL,
  agreed_payment    BIGINT   NOT NULL,
  balance           BIGINT   NOT NULL,             -- the columns of ledger.loan after it
  rate              INTEGER  NOT NULL,
  months            INTEGER  NOT NULL,
  state             SMALLINT NOT NULL,
  periods_paid      INTEGER  NOT NULL,
  next_due          INTEGER,
  next_payment      BIGINT   NOT NULL,
  next_principal    BIGINT   NOT NULL,
  next_interest     BIGINT   NOT NULL,
  overdue_principal BIGINT   NOT NULL,
  overdue_interest  BIGINT   NOT NULL,
  overdue_periods   INTEGER  NOT NULL,
  principal_repaid  BIGINT   NOT NULL,
  interest_repaid   BIGINT   NOT NULL,
  settled           INTEGER,
  head_seq          BIGINT   NOT NULL,
  batch             BIGINT   NOT NULL,             -- the operation
  hash              BYTEA    NOT NULL,
  PRIMARY KEY (account, loan, act)
) /*sqlite: WITHOUT ROWID*/;

/*sqlite:
CREATE INDEX ledger.loan_due ON loan (next_due);
CREATE TRIGGER ledger.loan_act_no_update BEFORE UPDATE ON loan_act
BEGIN SELECT RAISE(ABORT, 'acts are append-only'); END;
CREATE TRIGGER ledger.loan_act_no_delete BEFORE DELETE ON loan_act
BEGIN SELECT RAISE(ABORT, 'acts are append-only'); END;
*/
/*postgresql:
CREATE INDEX loan_due ON ledger.loan (next_due);
CREATE TRIGGER loan_act_append_only BEFORE UPDATE OR DELETE ON ledger.loan_act
  FOR EACH ROW EXECUTE FUNCTION ledger.append_only();
*/
