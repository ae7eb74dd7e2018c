-- Withdrawals that were applied for here (docs/withdrawals.md). Their rows in ledger.application and
-- ledger.application_step are those of an exchange set; what a set does not tell stands here.
CREATE TABLE ledger.withdrawal (
  application TEXT /*postgresql: COLLATE "C"*/ NOT NULL PRIMARY KEY, -- unique in the city
  account     TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  ground      TEXT     NOT NULL,             -- the policy's key
  household   TEXT /*postgresql: COLLATE "C"*/, -- another account of the household
  months_from INTEGER,                       -- rent: the first month …
  months      INTEGER  NOT NULL,             -- … and how many
  children    INTEGER  NOT NULL,
  talent      SMALLINT NOT NULL,
  spent       BIGINT   NOT NULL,             -- what the document says
  spent_on    INTEGER,
  document    TEXT     NOT NULL,             -- number of the contract, invoice or certificate
  most        BIGINT   NOT NULL,             -- what could be asked for at most
  state       SMALLINT NOT NULL,             -- as in ledger.application
  decide_by   INTEGER,                       -- since it was accepted
  entry       BIGINT,                        -- the entry that paid it
  interest    BIGINT   NOT NULL              -- paid beside the balance at a closing
) /*sqlite: WITHOUT ROWID*/;

/*sqlite:
CREATE INDEX ledger.withdrawal_account ON withdrawal (account);
CREATE INDEX ledger.withdrawal_household ON withdrawal (household);
CREATE INDEX ledger.withdrawal_state ON withdrawal (state, decide_by);
*/
/*postgresql:
CREATE INDEX withdrawal_account ON ledger.withdrawal (account);
CREATE INDEX withdrawal_household ON ledger.withdrawal (household);
CREATE INDEX withdrawal_state ON ledger.withdrawal (state, decide_by);
*/
