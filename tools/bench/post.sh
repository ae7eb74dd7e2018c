#!/bin/bash
# How fast `anju remit --folder` posts a month of a whole city, a file and an operation for each unit,
# beside the same rows written by SQL in the sqlite3 shell, also a transaction for each unit, on SQLite.
#
#   tools/bench/post.sh [PEOPLE]     100,000 when not given
#
# Prints figures, one KEY=VALUE a line:
#   post_vs_sql           contributions a second, ours over the shell's
#   posted, units         contributions and operations
#   peak_mib              the most memory that the posting held
#
# ANJU_BUILD names the folder of the program (build).

set -euo pipefail
cd "$(dirname "$0")/../.."
people=${1:-100000}

. tools/bench/begin.sh
export ANJU_HOME=$work/home

"$build/anju" demo "$work/city" --people "$people" --seed 1 --until 2026-11-23 >/dev/null
"$build/anju" import "$work/city" >/dev/null
rm -rf "$work/city"
cp "$work/home/ledger.db" "$work/plain.db"

# What is due for November of everybody, a file for each unit.
mkdir "$work/files"
sqlite3 -separator , "$work/plain.db" <<SQL |
WITH due AS (
  SELECT t.* FROM terms t WHERE t.from_month = (
    SELECT MAX(f.from_month) FROM terms f WHERE f.account = t.account AND f.from_month <= 2026 * 12 + 10))
SELECT d.unit, '2026-11', d.account, printf('%.2f', d.base / 100.0),
  printf('%.2f', d.unit_ratio / 10000.0), printf('%.2f', d.own_ratio / 10000.0),
  printf('%.2f', d.unit_amount / 100.0), printf('%.2f', d.own_amount / 100.0), ''
FROM due d JOIN account a ON a.account = d.account
WHERE d.paying = 1 AND a.state = 1
ORDER BY d.unit, d.account;
SQL
    awk -F, -v folder="$work/files" '$1 != unit {
        if (file) close(file)
        unit = $1
        file = folder "/" unit ".csv"
        print "DWZH,HBJNY,GRZH,GRJCJS,DWJCBL,GRJCBL,DWJCE,GRJCE,QXRQ" >file
    } { print >file }'
sync
measured "$build/anju" remit --folder "$work/files" --json || [ $? -le 2 ]
read -r ours peak <"$work/used"
entries=$(sqlite3 "$work/home/ledger.db" 'SELECT COUNT(*) FROM entry WHERE batch > 1000000000')
units=$(sqlite3 "$work/home/ledger.db" 'SELECT COUNT(*) FROM operation')

# The same rows, as they are, from a file of their own.
sqlite3 "$work/rows.db" <<SQL
ATTACH '$work/home/ledger.db' AS posted;
CREATE TABLE entry AS SELECT * FROM posted.entry WHERE batch > 1000000000 ORDER BY batch;
CREATE INDEX entry_batch ON entry (batch);
CREATE TABLE operation AS SELECT * FROM posted.operation;
CREATE TABLE account AS SELECT a.*, e.batch AS operation FROM entry e JOIN posted.account a ON a.account = e.account;
CREATE INDEX account_operation ON account (operation);
CREATE TABLE digest AS SELECT d.*, e.batch AS operation FROM entry e JOIN posted.digest d ON d.account = e.account;
CREATE INDEX digest_operation ON digest (operation);
SQL
rm -rf "$work/home"
{
    cat <<SQL
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
ATTACH '$work/rows.db' AS r;
SQL
    sqlite3 "$work/rows.db" 'SELECT batch FROM operation ORDER BY batch' | while read -r batch; do
        cat <<SQL
BEGIN;
INSERT INTO main.operation SELECT * FROM r.operation WHERE batch = $batch;
INSERT INTO main.entry SELECT * FROM r.entry WHERE batch = $batch;
UPDATE main.account SET balance = n.balance, this_year = n.this_year, product = n.product,
  product_year = n.product_year, product_day = n.product_day, head_seq = n.head_seq,
  head_hash = n.head_hash, paid_to = n.paid_to, changed = n.changed
FROM r.account n WHERE n.operation = $batch AND n.account = main.account.account;
UPDATE main.digest SET head_seq = n.head_seq, facts = n.facts
FROM r.digest n WHERE n.operation = $batch AND n.account = main.digest.account;
COMMIT;
SQL
    done
} >"$work/shell.sql"
sync
measured sqlite3 "$work/plain.db" ".read $work/shell.sql"
read -r theirs _ <"$work/used"
[ "$(sqlite3 "$work/plain.db" 'SELECT COUNT(*) FROM entry WHERE batch > 1000000000')" = "$entries" ]
awk -v entries="$entries" -v units="$units" -v ours="$ours" -v theirs="$theirs" -v peak="$peak" 'BEGIN {
    printf "posted=%d\nunits=%d\npost_seconds=%.1f\nshell_seconds=%.1f\n", entries, units, ours, theirs
    printf "posted_per_second=%.0f\nshell_per_second=%.0f\n", entries / ours, entries / theirs
    printf "post_vs_sql=%.2f\npeak_mib=%.0f\n", theirs / ours, peak
}'
