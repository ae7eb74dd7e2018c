#!/bin/bash
# How fast `anju settle` posts the interest of a city beside the same rows written by one INSERT …
# SELECT into each table and one UPDATE in the sqlite3 shell, on SQLite.
#
#   tools/bench/settle.sh [PEOPLE]     100,000 when not given
#
# Prints figures, one KEY=VALUE a line:
#   settle_vs_sql         settled entries a second, ours over the shell's; the aim is 0.6
#   peak_mib              the most memory that the settlement held
#
# ANJU_BUILD names the folder of the program (build).

set -euo pipefail
cd "$(dirname "$0")/../.."
people=${1:-100000}

. tools/bench/begin.sh
export ANJU_HOME=$work/home

"$build/anju" demo "$work/city" --people "$people" --seed 1 --until 2026-06-29 >/dev/null
"$build/anju" import "$work/city" >/dev/null
sed -i 's/^clock_start:.*/clock_start: 2026-07-01/' "$work/home/anju.yaml"
rm -rf "$work/city"
cp "$work/home/ledger.db" "$work/plain.db"
sync
measured "$build/anju" settle --date 2026-06-30
read -r ours peak <"$work/used"
entries=$(sqlite3 "$work/home/ledger.db" 'SELECT COUNT(*) FROM settlement WHERE outcome = 1')

# The same rows, as they are, from a file of their own.
sqlite3 "$work/rows.db" <<SQL
ATTACH '$work/home/ledger.db' AS settled;
CREATE TABLE entry AS SELECT e.* FROM settled.settlement s
  JOIN settled.entry e ON e.account = s.account AND e.seq = s.seq ORDER BY e.account;
CREATE TABLE settlement AS SELECT * FROM settled.settlement ORDER BY account;
CREATE TABLE account AS SELECT a.* FROM settled.settlement s
  JOIN settled.account a ON a.account = s.account WHERE s.outcome = 1 ORDER BY a.account;
CREATE UNIQUE INDEX account_key ON account (account);
SQL
rm -rf "$work/home"
cat >"$work/shell.sql" <<SQL
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
ATTACH '$work/rows.db' AS r;
BEGIN;
INSERT INTO main.entry SELECT * FROM r.entry;
INSERT INTO main.settlement SELECT * FROM r.settlement;
UPDATE main.account SET balance = n.balance, carried = n.carried, this_year = n.this_year,
  settled = n.settled, product = n.product, product_year = n.product_year,
  product_day = n.product_day, head_seq = n.head_seq, head_hash = n.head_hash, changed = n.changed
FROM r.account n WHERE n.account = main.account.account;
COMMIT;
SQL
sync
measured sqlite3 "$work/plain.db" ".read $work/shell.sql"
read -r theirs _ <"$work/used"
[ "$(sqlite3 "$work/plain.db" 'SELECT COUNT(*) FROM settlement WHERE outcome = 1')" = "$entries" ]
awk -v entries="$entries" -v ours="$ours" -v theirs="$theirs" -v peak="$peak" 'BEGIN {
    printf "settled=%d\nsettle_seconds=%.1f\nshell_seconds=%.1f\n", entries, ours, theirs
    printf "settled_per_second=%.0f\nshell_per_second=%.0f\n", entries / ours, entries / theirs
    printf "settle_vs_sql=%.2f\npeak_mib=%.0f\n", theirs / ours, peak
}'
