-- What a holder can look at of the own sessions and sign-ins.

ALTER TABLE desk.session ADD COLUMN device TEXT;  -- class: phone, desktop; NULL: not known

CREATE TABLE desk.sign_in (
  person TEXT /*postgresql: COLLATE "C"*/ NOT NULL,
  at     BIGINT NOT NULL,
  device TEXT   NOT NULL,
  PRIMARY KEY (person, at)
) /*sqlite: WITHOUT ROWID*/;

/*sqlite:
CREATE INDEX desk.sign_in_at ON sign_in (at);
*/
/*postgresql:
CREATE INDEX sign_in_at ON desk.sign_in (at);
*/
