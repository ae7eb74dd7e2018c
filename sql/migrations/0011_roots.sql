-- Signed roots over all accounts (docs/proofs.md): what the ledger was at a moment, so that a history
-- rewritten later as a whole is seen. Append-only.
CREATE TABLE ledger.root (
  day       INTEGER  NOT NULL PRIMARY KEY,  -- on which it was made
  statement TEXT     NOT NULL,              -- what was signed; docs/proofs.md has its lines
  signer    BYTEA    NOT NULL,              -- Ed25519 public key
  signature BYTEA    NOT NULL,
  parts     BYTEA    NOT NULL               -- of each 1,024 accounts in a row their subtree's hash
) /*sqlite: WITHOUT ROWID*/;

/*sqlite:
CREATE TRIGGER ledger.root_no_update BEFORE UPDATE ON root
BEGIN SELECT RAISE(ABORT, 'roots are append-only'); END;
CREATE TRIGGER ledger.root_no_delete BEFORE DELETE ON root
BEGIN SELECT RAISE(ABORT, 'roots are append-only'); END;
*/
/*postgresql:
CREATE TRIGGER root_append_only BEFORE UPDATE OR DELETE ON ledger.root
  FOR EACH ROW EXECUTE FUNCTION ledger.append_only();
*/
