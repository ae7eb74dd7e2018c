-- Real-name registration in the hall (docs/security.md).

-- People who are registering, for as long as that may take. What they typed is sealed; who they are
-- in the ledger is not known before both checks have passed, and stands nowhere here.
CREATE TABLE desk.registration (
  registration BYTEA    NOT NULL PRIMARY KEY,      -- SHA-256 of what the page holds
  state        SMALLINT NOT NULL,                  -- 1 code sent, 2 phone proven, 3 checks passed,
                                                   -- 4 refused, 5 member
  details      BYTEA    NOT NULL,                  -- sealed: name, ID number, card and phone
  language     TEXT     NOT NULL,
  code         BYTEA    NOT NULL,                  -- keyed hash of the code
  tries        INTEGER  NOT NULL,                  -- wrong codes
  asks         INTEGER  NOT NULL,                  -- how often the checks were asked
  created_at   BIGINT   NOT NULL,
  code_until   BIGINT   NOT NULL,                  -- the code must have been typed once by then
  ends_at      BIGINT   NOT NULL
) /*sqlite: WITHOUT ROWID*/;

/*sqlite:
CREATE INDEX desk.registration_ends ON registration (ends_at);
*/
/*postgresql:
CREATE INDEX registration_ends ON desk.registration (ends_at);
*/
