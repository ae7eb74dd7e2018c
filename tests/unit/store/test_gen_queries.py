#!/usr/bin/env python3
"""What gen_queries.py takes and refuses: test_gen_queries.py GENERATOR MIGRATIONS."""

import subprocess
import sys
import tempfile
from pathlib import Path

GENERATOR, MIGRATIONS = sys.argv[1:3]

READ = "SELECT unit FROM ledger.unit WHERE unit = $1"
TAKEN = [
    f"-- name: a\n-- one row\n{READ};",
    f"-- name: a\n{READ} LIMIT 1;",
    "-- name: a\n-- stream\nSELECT unit FROM ledger.unit;",
    "-- name: a\nSELECT COUNT(*), SUM(state) FROM ledger.unit;",
    "-- name: a\nSELECT COALESCE(SUM(state), 0) FROM ledger.unit;",
    "-- name: a\nUPDATE ledger.unit SET name = 'a;b ? -- $9' WHERE unit = $1;",
    "-- name: a\nINSERT INTO desk.look_head (person, seq, hash) VALUES ($1, $2, $3)\n"
    "ON CONFLICT (person) DO UPDATE SET seq = excluded.seq;",
    "-- name: a\nWITH u AS (SELECT unit FROM ledger.unit WHERE unit > $1) SELECT unit FROM u LIMIT 5;",
    f"-- name: a\n-- one row\n{READ} /*postgresql: FOR UPDATE*/ /* a comment */;",
]
REFUSED = [
    ("no LIMIT", f"-- name: a\n{READ};"),
    ("no LIMIT", "-- name: a\nSELECT unit, COUNT(*) FROM ledger.unit GROUP BY unit;"),
    ("no LIMIT", "-- name: a\nSELECT SUM(state) FROM ledger.unit GROUP BY unit;"),
    ("no LIMIT", f"-- name: a\n{READ} /*sqlite: LIMIT 1*/;"),
    ("already", f"-- name: a\n-- one row\n{READ};\n-- name: a\n-- one row\n{READ};"),
    ("without a gap", "-- name: a\nSELECT unit FROM ledger.unit WHERE unit = $2 LIMIT 1;"),
    ("written $1", "-- name: a\nSELECT unit FROM ledger.unit WHERE unit = ? LIMIT 1;"),
    ("different number", f"-- name: a\n{READ} /*sqlite: AND name = $2*/ LIMIT 1;"),
    ("lacks its store", "-- name: a\nSELECT unit FROM unit LIMIT 1;"),
    ("lacks its store", "-- name: a\nDELETE FROM unit;"),
    ("lacks its store", "-- name: a\nSELECT 1 FROM ledger.unit JOIN account ON 1 = 1 LIMIT 1;"),
    ("more than one", "-- name: a\nDELETE FROM ledger.unit; DELETE FROM ledger.account;"),
    ("both stores", "-- name: a\nSELECT 1 FROM ledger.unit JOIN desk.member ON 1 = 1 LIMIT 1 "
                    "/*postgresql: FOR UPDATE*/;"),
    ("no SQL", "-- name: a\n-- one row\n"),
    ("no SQL", "-- name: a\n/*sqlite: DELETE FROM ledger.unit*/"),
    ("lower case", f"-- name: aB\n-- one row\n{READ};"),
    ("before the first", f"{READ};"),
    ("both one row and stream", f"-- name: a\n-- one row\n-- stream\n{READ};"),
]
REFUSED_MIGRATIONS = [
    ("without gaps", {"0002_a.sql": "CREATE TABLE ledger.a (a TEXT);"}),
    ("is called", {"1_a.sql": ""}),
    ("no store", {"0001_a.sql": "CREATE TABLE a (a TEXT);"}),
    ("does not end", {"0001_a.sql": "CREATE TABLE ledger.a (a TEXT)"}),
    ("is not one of", {"0001_a.sql": "CREATE TABLE ledger.a (a REAL);"}),
]


def run(queries, migrations):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        (out / "q").mkdir()
        (out / "q" / "a.sql").write_text(queries, encoding="utf-8")
        if isinstance(migrations, dict):
            (out / "m").mkdir()
            for name, text in migrations.items():
                (out / "m" / name).write_text(text, encoding="utf-8")
            migrations = out / "m"
        done = subprocess.run([sys.executable, GENERATOR, out / "q", migrations, out / "h",
                               out / "c", out / "d"], capture_output=True, text=True, check=False)
        return done.returncode, done.stderr


failures = 0
for text in TAKEN:
    status, words = run(text, MIGRATIONS)
    if status != 0:
        failures += 1
        print(f"refused: {text}\n  {words}")
for want, text in REFUSED:
    status, words = run(text, MIGRATIONS)
    if status == 0 or want not in words or "Traceback" in words:
        failures += 1
        print(f"not refused with '{want}': {text}\n  {words}")
for want, files in REFUSED_MIGRATIONS:
    status, words = run(TAKEN[0], files)
    if status == 0 or want not in words or "Traceback" in words:
        failures += 1
        print(f"not refused with '{want}': {files}\n  {words}")
print(f"{len(TAKEN) + len(REFUSED) + len(REFUSED_MIGRATIONS)} cases, {failures} failures")
sys.exit(failures > 0)
