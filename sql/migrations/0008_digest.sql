-- The digest of an account: what its entries and terms add up to for the first page, in one row
-- (docs/stores.md has the layout). Maintained in the transaction that appends the entries; a row
-- that is missing or behind is not believed and is filled by anju worker.
CREATE TABLE ledger.digest (
  account  TEXT /*postgresql: COLLATE "C"*/ NOT NULL PRIMARY KEY,
  head_seq BIGINT NOT NULL,                        -- the newest entry that it sums up
  facts    BYTEA  NOT NULL                         -- empty: too many for a digest
) /*sqlite: WITHOUT ROWID*/;
