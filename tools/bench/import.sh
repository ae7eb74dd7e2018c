#!/bin/bash
# Measures anju import against the sqlite3 shell's .import, in the same run:
#
#   tools/bench/import.sh [PEOPLE [ROUNDS]]         (100000 people, 1 round)
#
# Each round imports a synthetic city into an empty demo home, then has the shell import the
# finished entry table (written out as CSV, hash in hex) into an empty file with the same DDL and
# pragmas, until it is closed. Printed at the end, as NAME=VALUE:
#
#   rows_per_second          records of all files over the whole time of the command
#   entry_rows_per_second    ledger entries alone over the same time
#   shell_rows_per_second    what the shell does
#   import_vs_sqlite_shell   entry_rows_per_second / shell_rows_per_second: the strict one, as all
#                            the other files, sealing and checking count against the import
#   peak_mib                 the most memory that the import held
#
# ANJU_BUILD names the folder of the program (build).

set -euo pipefail
cd "$(dirname "$0")/../.."
people=${1:-100000}
rounds=${2:-1}

. tools/bench/begin.sh

"$build/anju" demo "$work/city" --people "$people" --seed 1 --until 2026-11-23 >/dev/null
# An empty demo home: made around a tiny city, which is thrown away.
ANJU_HOME=$work/made "$build/anju" demo-home --people 10 --until 2026-11-23 >/dev/null

lines() { echo $(($(wc -l <"$1") - 1)); }
entries=$(lines "$work/city/ledger.csv")
rows=0
for file in "$work"/city/*.csv; do rows=$((rows + $(lines "$file"))); done

for round in $(seq "$rounds"); do
    home=$work/home
    rm -rf "$home" "$work"/plain.db*
    mkdir -m 700 "$home"
    cp -r "$work/made/anju.yaml" "$work/made/keys" "$home/"
    sync
    ANJU_HOME=$home measured "$build/anju" import "$work/city"
    read -r ours peak <"$work/used"

    if [ ! -f "$work/entry.csv" ]; then
        columns=$(sqlite3 "$home/ledger.db" "SELECT group_concat(name) FROM
            pragma_table_info('entry') WHERE name <> 'hash'")
        sqlite3 -csv "$home/ledger.db" "SELECT $columns, hex(hash) FROM entry" >"$work/entry.csv"
        sqlite3 "$home/ledger.db" "SELECT sql || ';' FROM sqlite_schema WHERE name = 'entry'" \
            >"$work/entry.sql"
    fi
    rm -rf "$home"
    {
        echo "PRAGMA journal_mode = WAL;"
        echo "PRAGMA synchronous = FULL;"
        cat "$work/entry.sql"
        echo ".import --csv $work/entry.csv entry"
    } >"$work/shell.sql"
    sync
    measured sqlite3 "$work/plain.db" ".read $work/shell.sql"
    read -r theirs _ <"$work/used"
    [ "$(sqlite3 "$work/plain.db" 'SELECT COUNT(*) FROM entry')" = "$entries" ]
    awk -v rows="$rows" -v entries="$entries" -v ours="$ours" -v theirs="$theirs" \
        -v peak="$peak" -v round="$round" 'BEGIN {
        printf "round=%d\nimport_seconds=%.1f\nshell_seconds=%.1f\n", round, ours, theirs
        printf "rows_per_second=%.0f\nentry_rows_per_second=%.0f\n", rows / ours, entries / ours
        printf "shell_rows_per_second=%.0f\n", entries / theirs
        printf "import_vs_sqlite_shell=%.2f\npeak_mib=%.0f\n", theirs / ours, peak
    }'
done
