-- The first schema of both stores. One text for SQLite and PostgreSQL; a comment that begins with
-- an engine's name and a colon is opened for that engine only (docs/stores.md).
--
-- Money is BIGINT fen, ratios and rates are INTEGER millionths, dates are INTEGER days since
-- 1970-01-01, months are INTEGER year * 12 + month - 1, instants are BIGINT UTC milliseconds.

-- ---------------------------------------------------------------------------------- ledger

-- Exchange sets taken, whole or not at all.
CREATE TABLE ledger.batch (
  batch           BIGINT   NOT NULL PRIMARY KEY,   -- the set's number, from 1 without gaps
  set_id          TEXT     NOT NULL,
  manifest_sha256 BYTEA    NOT NULL,
  as_of           INTEGER  NOT NULL,
  whole           SMALLINT NOT NULL,               -- 1: the first, whole set; 0: an increment
  taken_at        BIGINT   NOT NULL
);

-- What each file of a set held: the control totals that anju verify adds up again.
CREATE TABLE ledger.batch_file (
  batch   BIGINT NOT NULL,
  file    TEXT   NOT NULL,
  records BIGINT NOT NULL,
  total   BIGINT NOT NULL,                         -- control total in fen, 0 where there is none
  sha256  BYTEA  NOT NULL,
  PRIMARY KEY (batch, file)
);

CREATE TABLE ledger.unit (
  unit          TEXT /*postgresql: COLLATE "C"*/ NOT NULL PRIMARY KEY,
  name          TEXT     NOT NULL,
  credit_code   TEXT     NOT NULL,
  state         SMALLINT NOT NULL,                 -- A.4
  opened        INTEGER  NOT NULL,
  closed        INTEGER,
  unit_ratio    INTEGER  NOT NULL,
  own_ratio     INTEGER  NOT NULL,
  paid_to       INTEGER,
  handler_name  TEXT     NOT NULL,
  handler_phone TEXT     NOT NULL,                 -- an office line
  office        TEXT     NOT NULL
);

-- What the hot path reads. Everything a settlement or "interest to this day" needs is in this row.
CREATE TABLE ledger.account (
  account       TEXT /*postgresql: COLLATE "C"*/ NOT NULL PRIMARY KEY,
  person        TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  unit          TEXT     NOT NULL,
  state         SMALLINT NOT NULL,                 -- A.6
  opened        INTEGER  NOT NULL,
  closed        INTEGER,
  close_reason  SMALLINT,                          -- A.7
  merged_into   TEXT,
  base          BIGINT   NOT NULL,
  unit_ratio    INTEGER  NOT NULL,
  own_ratio     INTEGER  NOT NULL,
  unit_amount   BIGINT   NOT NULL,
  own_amount    BIGINT   NOT NULL,
  paid_to       INTEGER,
  balance       BIGINT   NOT NULL,                 -- = carried + this_year
  carried       BIGINT   NOT NULL,
  this_year     BIGINT   NOT NULL,
  frozen        BIGINT   NOT NULL,                 -- 0: nothing
  frozen_since  INTEGER,
  frozen_by     TEXT,
  settled       INTEGER  NOT NULL,                 -- products begin on the day after this one
  product       BIGINT   NOT NULL,                 -- fen x days over the whole balance …
  product_year  BIGINT   NOT NULL,                 -- … and over this year's part alone …
  product_day   INTEGER  NOT NULL,                 -- … up to and with this day
  head_seq      BIGINT   NOT NULL,                 -- the newest entry, 0 when none
  head_hash     BYTEA    NOT NULL,
  changed       INTEGER  NOT NULL,                 -- the row holds from this day
  batch         BIGINT   NOT NULL
) /*sqlite: WITHOUT ROWID*/;

-- Who an account belongs to. Sealed fields, their masks and their keyed indexes.
CREATE TABLE ledger.holder (
  account       TEXT /*postgresql: COLLATE "C"*/ NOT NULL PRIMARY KEY,
  person        TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  name          TEXT     NOT NULL,
  id_type       SMALLINT NOT NULL,                 -- A.1
  id_sealed     BYTEA    NOT NULL,
  id_mask       TEXT     NOT NULL,
  id_index      BYTEA    NOT NULL,
  phone_sealed  BYTEA,
  phone_mask    TEXT     NOT NULL,
  phone_index   BYTEA,
  card_sealed   BYTEA,
  card_mask     TEXT     NOT NULL,
  card_index    BYTEA,
  card_bank     TEXT     NOT NULL
) /*sqlite: WITHOUT ROWID*/;

-- From which month which contribution is agreed: base, ratios, amounts, or none (sealed).
CREATE TABLE ledger.terms (
  account       TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  from_month    INTEGER  NOT NULL,
  unit          TEXT     NOT NULL,
  paying        SMALLINT NOT NULL,                 -- 1: contributions are due, 0: sealed
  base          BIGINT   NOT NULL,
  unit_ratio    INTEGER  NOT NULL,
  own_ratio     INTEGER  NOT NULL,
  unit_amount   BIGINT   NOT NULL,
  own_amount    BIGINT   NOT NULL,
  PRIMARY KEY (account, from_month)
) /*sqlite: WITHOUT ROWID*/;

-- The personal ledger. Append-only; the hash is described in docs/stores.md.
CREATE TABLE ledger.entry (
  account        TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  seq            BIGINT   NOT NULL,
  booked         INTEGER  NOT NULL,
  value_day      INTEGER  NOT NULL,
  kind           SMALLINT NOT NULL,                -- A.5
  for_month      INTEGER,
  unit           TEXT,
  base           BIGINT,
  unit_ratio     INTEGER,
  own_ratio      INTEGER,
  unit_amount    BIGINT   NOT NULL,
  own_amount     BIGINT   NOT NULL,
  amount         BIGINT   NOT NULL,                -- signed: out is negative
  amount_year    BIGINT   NOT NULL,                -- of it, this year's part
  amount_carried BIGINT   NOT NULL,                -- of it, the part carried over
  interest       BIGINT   NOT NULL,
  balance        BIGINT   NOT NULL,                -- after this entry
  reason         SMALLINT,                         -- A.7
  flow           TEXT     NOT NULL,
  reversing      SMALLINT NOT NULL,                -- 1: this entry reverses another
  reverses       BIGINT,                           -- its sequence number
  batch          BIGINT   NOT NULL,
  hash           BYTEA    NOT NULL,
  PRIMARY KEY (account, seq)
) /*sqlite: WITHOUT ROWID*/;

CREATE TABLE ledger.application (
  account     TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  application TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  applied     INTEGER  NOT NULL,
  reason      SMALLINT NOT NULL,                   -- A.7
  amount      BIGINT   NOT NULL,
  state       SMALLINT NOT NULL,
  flow        TEXT,
  batch       BIGINT   NOT NULL,
  PRIMARY KEY (account, application)
) /*sqlite: WITHOUT ROWID*/;

CREATE TABLE ledger.application_step (
  account     TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  application TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  step        INTEGER  NOT NULL,
  day         INTEGER  NOT NULL,
  kind        SMALLINT NOT NULL,
  words       TEXT     NOT NULL,
  PRIMARY KEY (account, application, step)
) /*sqlite: WITHOUT ROWID*/;

CREATE TABLE ledger.loan_contract (
  account         TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  contract        TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  signed          INTEGER  NOT NULL,
  principal       BIGINT   NOT NULL,
  months          INTEGER  NOT NULL,
  method          SMALLINT NOT NULL,               -- A.11
  rate            INTEGER  NOT NULL,
  rate_float      INTEGER  NOT NULL,               -- 1000000: the benchmark itself
  guarantee       SMALLINT NOT NULL,               -- A.10
  price           BIGINT   NOT NULL,
  due_day         SMALLINT NOT NULL,
  bank            TEXT     NOT NULL,
  coborrower      TEXT,
  batch           BIGINT   NOT NULL,
  PRIMARY KEY (account, contract)
) /*sqlite: WITHOUT ROWID*/;

CREATE TABLE ledger.loan (
  account           TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  loan              TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  contract          TEXT     NOT NULL,
  paid_out          BIGINT   NOT NULL,
  paid_out_on       INTEGER  NOT NULL,
  balance           BIGINT   NOT NULL,
  rate              INTEGER  NOT NULL,
  months            INTEGER  NOT NULL,
  method            SMALLINT NOT NULL,
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
  head_hash         BYTEA    NOT NULL,
  batch             BIGINT   NOT NULL,
  PRIMARY KEY (account, loan)
) /*sqlite: WITHOUT ROWID*/;

CREATE TABLE ledger.loan_entry (
  account   TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  loan      TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  seq       BIGINT   NOT NULL,
  happened  INTEGER  NOT NULL,
  booked    INTEGER  NOT NULL,
  kind      SMALLINT NOT NULL,                     -- A.15
  period    INTEGER,
  amount    BIGINT   NOT NULL,
  principal BIGINT   NOT NULL,
  interest  BIGINT   NOT NULL,
  penalty   BIGINT   NOT NULL,
  balance   BIGINT   NOT NULL,
  flow      TEXT     NOT NULL,
  reversing SMALLINT NOT NULL,
  reverses  BIGINT,
  batch     BIGINT   NOT NULL,
  hash      BYTEA    NOT NULL,
  PRIMARY KEY (account, loan, seq)
) /*sqlite: WITHOUT ROWID*/;

CREATE TABLE ledger.loan_rate (
  account TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  loan    TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  since   INTEGER NOT NULL,
  rate    INTEGER NOT NULL,
  payment BIGINT  NOT NULL,
  PRIMARY KEY (account, loan, since)
) /*sqlite: WITHOUT ROWID*/;

-- ------------------------------------------------------------------------------------ desk

CREATE TABLE desk.member (
  person        TEXT /*postgresql: COLLATE "C"*/ NOT NULL PRIMARY KEY,
  account       TEXT     NOT NULL,                 -- the account that is not closed, or the last
  password      TEXT     NOT NULL,                 -- argon2id, libsodium's encoding
  phone_sealed  BYTEA    NOT NULL,                 -- where codes go
  phone_mask    TEXT     NOT NULL,
  language      TEXT     NOT NULL,
  registered_at BIGINT   NOT NULL,
  last_sign_in  BIGINT
) /*sqlite: WITHOUT ROWID*/;

-- What a member may type to sign in: the keyed index of the ID number or of the phone.
CREATE TABLE desk.login_name (
  name_index BYTEA    NOT NULL PRIMARY KEY,
  kind       SMALLINT NOT NULL,                    -- 1 ID number, 2 phone
  person     TEXT     NOT NULL
) /*sqlite: WITHOUT ROWID*/;

-- Between the password and the code.
CREATE TABLE desk.challenge (
  challenge  BYTEA    NOT NULL PRIMARY KEY,        -- SHA-256 of what the page holds
  person     TEXT     NOT NULL,
  code       BYTEA    NOT NULL,                    -- keyed hash of the code
  tries      INTEGER  NOT NULL,
  created_at BIGINT   NOT NULL,
  expires_at BIGINT   NOT NULL,
  used_at    BIGINT
) /*sqlite: WITHOUT ROWID*/;

-- Distributed by its own key: a request comes with the token only.
CREATE TABLE desk.session (
  session    BYTEA    NOT NULL PRIMARY KEY,        -- SHA-256 of the cookie's token
  person     TEXT     NOT NULL,
  account    TEXT     NOT NULL,
  channel    SMALLINT NOT NULL,
  created_at BIGINT   NOT NULL,
  used_at    BIGINT   NOT NULL,
  ends_at    BIGINT   NOT NULL,                    -- absolute limit
  ended_at   BIGINT
) /*sqlite: WITHOUT ROWID*/;

-- Counters of tries, by keyed hash of what is counted (a login name, a network).
CREATE TABLE desk.throttle (
  subject    BYTEA   NOT NULL PRIMARY KEY,
  count      INTEGER NOT NULL,
  since      BIGINT  NOT NULL,
  until      BIGINT  NOT NULL
) /*sqlite: WITHOUT ROWID*/;

-- Who looked. Append-only, one chain per person.
CREATE TABLE desk.look (
  person     TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  seq        BIGINT   NOT NULL,
  at         BIGINT   NOT NULL,
  actor_kind SMALLINT NOT NULL,
  actor      TEXT     NOT NULL,                    -- role and number, "" for the holder
  place      TEXT     NOT NULL,                    -- organisation, desk or device class
  channel    SMALLINT NOT NULL,
  part       SMALLINT NOT NULL,
  purpose    SMALLINT NOT NULL,
  case_no    TEXT     NOT NULL,
  outcome    SMALLINT NOT NULL,                    -- 1 shown, 2 refused
  hash       BYTEA    NOT NULL,
  PRIMARY KEY (person, seq)
) /*sqlite: WITHOUT ROWID*/;

CREATE TABLE desk.look_head (
  person TEXT /*postgresql: COLLATE "C"*/ NOT NULL PRIMARY KEY,
  seq    BIGINT NOT NULL,
  hash   BYTEA  NOT NULL
) /*sqlite: WITHOUT ROWID*/;

-- Money leaves no account while one of these is not lifted.
CREATE TABLE desk.freeze (
  person    TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  seq       BIGINT   NOT NULL,
  at        BIGINT   NOT NULL,
  channel   SMALLINT NOT NULL,
  lifted_at BIGINT,
  PRIMARY KEY (person, seq)
) /*sqlite: WITHOUT ROWID*/;

-- Messages that must leave exactly once; anju worker sends them.
CREATE TABLE desk.outbox (
  message    BYTEA    NOT NULL PRIMARY KEY,        -- random, also the gateway's idempotency key
  person     TEXT     NOT NULL,
  kind       SMALLINT NOT NULL,                    -- 1 sign-in code
  address    BYTEA    NOT NULL,                    -- sealed phone
  body       BYTEA    NOT NULL,                    -- sealed text
  created_at BIGINT   NOT NULL,
  expires_at BIGINT   NOT NULL,
  next_try   BIGINT   NOT NULL,
  tries      INTEGER  NOT NULL,
  state      SMALLINT NOT NULL                     -- 0 waiting, 1 sent, 2 expired, 3 refused
) /*sqlite: WITHOUT ROWID*/;

-- -------------------------------------------------------------------- indexes and triggers

/*sqlite:
CREATE INDEX ledger.account_person ON account (person);
CREATE INDEX ledger.holder_id ON holder (id_index);
CREATE INDEX ledger.holder_phone ON holder (phone_index);
CREATE INDEX desk.session_person ON session (person);
CREATE INDEX desk.outbox_waiting ON outbox (state, next_try);
CREATE TRIGGER ledger.entry_no_update BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END;
CREATE TRIGGER ledger.entry_no_delete BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END;
CREATE TRIGGER ledger.loan_entry_no_update BEFORE UPDATE ON loan_entry
BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END;
CREATE TRIGGER ledger.loan_entry_no_delete BEFORE DELETE ON loan_entry
BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END;
CREATE TRIGGER desk.look_no_update BEFORE UPDATE ON look
BEGIN SELECT RAISE(ABORT, 'access records are append-only'); END;
CREATE TRIGGER desk.look_no_delete BEFORE DELETE ON look
BEGIN SELECT RAISE(ABORT, 'access records are append-only'); END;
*/
/*postgresql:
CREATE INDEX account_person ON ledger.account (person);
CREATE INDEX holder_id ON ledger.holder (id_index);
CREATE INDEX holder_phone ON ledger.holder (phone_index);
CREATE INDEX session_person ON desk.session (person);
CREATE INDEX outbox_waiting ON desk.outbox (state, next_try);
CREATE FUNCTION ledger.append_only() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN RAISE EXCEPTION ''%.% is append-only'', TG_TABLE_SCHEMA, TG_TABLE_NAME; END';
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON ledger.entry
  FOR EACH ROW EXECUTE FUNCTION ledger.append_only();
CREATE TRIGGER loan_entry_append_only BEFORE UPDATE OR DELETE ON ledger.loan_entry
  FOR EACH ROW EXECUTE FUNCTION ledger.append_only();
CREATE TRIGGER look_append_only BEFORE UPDATE OR DELETE ON desk.look
  FOR EACH ROW EXECUTE FUNCTION ledger.append_only();
*/
