-- What a backup says of the moment that it holds (src/backup).

-- name: backup_figures
-- one row
-- slow
SELECT
  (SELECT count(*) FROM ledger.account),
  (SELECT CAST(coalesce(sum(balance), 0) AS BIGINT) FROM ledger.account),
  (SELECT count(*) FROM ledger.entry),
  (SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM ledger.entry),
  (SELECT count(*) FROM ledger.loan),
  (SELECT CAST(coalesce(sum(balance), 0) AS BIGINT) FROM ledger.loan),
  (SELECT count(*) FROM ledger.loan_entry),
  (SELECT count(*) FROM ledger.batch),
  (SELECT count(*) FROM desk.member),
  (SELECT count(*) FROM desk.look),
  (SELECT coalesce(max(at), 0) FROM desk.look);

-- Under which keys its sealed fields lie: the first two bytes of each, the suite and the key's number.
-- name: backup_keys
-- slow
SELECT substr(id_sealed, 1, 2) FROM ledger.holder
UNION SELECT substr(phone_sealed, 1, 2) FROM ledger.holder WHERE phone_sealed IS NOT NULL
UNION SELECT substr(card_sealed, 1, 2) FROM ledger.holder WHERE card_sealed IS NOT NULL
UNION SELECT substr(phone_sealed, 1, 2) FROM desk.member
UNION SELECT substr(address, 1, 2) FROM desk.outbox
UNION SELECT substr(body, 1, 2) FROM desk.outbox
UNION SELECT substr(words, 1, 2) FROM desk.enquiry
UNION SELECT substr(words, 1, 2) FROM desk.enquiry_answer
UNION SELECT substr(details, 1, 2) FROM desk.registration
ORDER BY 1
LIMIT 256;
