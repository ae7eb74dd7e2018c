#!/usr/bin/env python3
"""Compiles sql/queries and sql/migrations into queries.h and queries.c.

    gen_queries.py QUERIES_FOLDER MIGRATIONS_FOLDER QUERIES_H QUERIES_C DEPFILE

A query file is a row of named queries:

    -- name: account_by_number
    -- one row
    SELECT … FROM ledger.account WHERE account = $1;

Marks between the name and the SQL:
    one row   at most one row comes; a second one is a failure
    stream    any number of rows comes, read in blocks (a cursor on PostgreSQL)
    slow      may run for minutes: PostgreSQL's statement_timeout does not apply

A comment /*sqlite: … */ or /*postgresql: … */ is opened for that engine only. Which store a
query writes is read from its SQL. What breaks a rule of docs/stores.md stops the build here, with
file and line, and is not left for a depositor to find.
"""

import re
import sqlite3
import sys
from pathlib import Path

ENGINES = ("sqlite", "postgresql")
SIDES = ("ledger", "desk")
MARKS = ("one row", "stream", "slow")
PARAMETERS_MAX = 64  # one bit each in struct stmt
FETCH_ROWS = 1000    # of a stream on PostgreSQL, a block
COLUMNS_MAX = 48     # of a table of the bulk face
# enum bulk_table of store.h.
BULK = ("unit", "account", "holder", "terms", "entry", "application", "application_step",
        "loan_contract", "loan", "loan_entry", "loan_rate", "settlement", "digest")
TYPES = {"SMALLINT": "COLUMN_INT2", "INTEGER": "COLUMN_INT4", "BIGINT": "COLUMN_INT8",
         "TEXT": "COLUMN_TEXT", "BYTEA": "COLUMN_BYTES"}

# A string, a quoted name, a comment to the end of the line, a comment in brackets, or one character.
TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/|\s+|[A-Za-z_0-9$.]+|.", re.S)
WRITES = re.compile(r"\b(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|DELETE\s+FROM|(?<!DO\s)"
                    r"(?<!FOR\s)UPDATE)\s+(?:ONLY\s+)?([\w.]+)", re.I)
READS = re.compile(r"\b(?:FROM|JOIN)\s+([\w.]+)", re.I)
COMMON_TABLE = re.compile(r"(?:\bWITH\s+(?:RECURSIVE\s+)?|\)\s*,\s*)(\w+)\s*(?:\([^)]*\)\s*)?AS\b",
                          re.I)
AGGREGATE = re.compile(r"^SELECT\s+(?:CAST\s*\(\s*|COALESCE\s*\(\s*)*"
                       r"(?:COUNT|SUM|MIN|MAX|AVG)\s*\(", re.I)


class Refused(Exception):
    """A rule is broken; the text says where and which."""


def opened(sql, engine):
    """The SQL as that engine gets it: its own comments opened, all others gone, one line."""
    out = []
    for token in TOKEN.findall(sql):
        if token.startswith("/*"):
            head, colon, body = token[2:-2].partition(":")
            if colon and head in ENGINES:
                out.append(" " + opened(body, engine) + " " if head == engine else " ")
            else:
                out.append(" ")
        elif token.startswith("--") or token.isspace():
            out.append(" ")
        else:
            out.append(token)
    text = "".join(out)
    # Blanks are joined outside strings only.
    return "".join(part if part[:1] in "'\"" else re.sub(r"\s+", " ", part)
                   for part in re.findall(r"'(?:[^']|'')*'|\"[^\"]*\"|[^'\"]+", text)).strip()


def bare(sql):
    """The SQL without its strings, for looking at words."""
    return re.sub(r"'(?:[^']|'')*'", "''", sql)


class Query:
    def __init__(self, name, where):
        self.name, self.where = name, where
        self.marks, self.lines = set(), []

    def refuse(self, why):
        raise Refused(f"{self.where}: query {self.name}: {why}")

    def finish(self):
        text = "\n".join(self.lines)
        self.sql = {engine: opened(text, engine).rstrip("; ") for engine in ENGINES}
        if not all(self.sql.values()):
            self.refuse("has no SQL")
        for engine in ENGINES:
            if ";" in bare(self.sql[engine]):
                self.refuse("holds more than one statement")
        self.count_parameters()
        self.check_tables()
        self.find_side()
        self.check_bound()
        if "stream" in self.marks:
            # Read a block at a time, between which other statements may run.
            self.sql["postgresql"] = (f"DECLARE {self.name} NO SCROLL CURSOR FOR "
                                      + self.sql["postgresql"])

    def count_parameters(self):
        counts = []
        for engine in ENGINES:
            words = bare(self.sql[engine])
            if "?" in words:
                self.refuse("parameters are written $1, $2, …")
            numbers = {int(n) for n in re.findall(r"\$(\d+)", words)}
            if numbers != set(range(1, len(numbers) + 1)):
                self.refuse("the parameters are not $1 to $n without a gap")
            counts.append(len(numbers))
        if counts[0] != counts[1]:
            self.refuse("the engines get a different number of parameters")
        self.parameters = counts[0]
        if self.parameters > PARAMETERS_MAX:
            self.refuse(f"has more than {PARAMETERS_MAX} parameters")

    def check_tables(self):
        for engine in ENGINES:
            words = bare(self.sql[engine])
            known = {name.lower() for name in COMMON_TABLE.findall(words)}
            for table in READS.findall(words) + WRITES.findall(words):
                if table.lower() in known or table.lower() in ("generate_series", "excluded"):
                    continue
                if table.split(".")[0] not in SIDES:
                    self.refuse(f"table {table} lacks its store: ledger.… or desk.…")

    def find_side(self):
        words = {engine: bare(self.sql[engine]) for engine in ENGINES}
        written = {table.split(".")[0] for engine in ENGINES
                   for table in WRITES.findall(words[engine])}
        self.writes = bool(written)
        if not written and re.search(r"\bFOR\s+(NO\s+KEY\s+)?UPDATE\b", words["postgresql"], re.I):
            # A row is locked only by somebody who is going to write it.
            written = {table.split(".")[0] for table in READS.findall(words["postgresql"])}
        if len(written) > 1:
            self.refuse("writes or locks both stores")
        self.side = written.pop() if written else None

    def check_bound(self):
        if "one row" in self.marks and "stream" in self.marks:
            self.refuse("is marked both one row and stream")
        if self.writes or self.marks & {"one row", "stream"}:
            return
        for engine in ENGINES:
            words = bare(self.sql[engine])
            aggregate = AGGREGATE.match(words) and not re.search(r"\bGROUP\s+BY\b", words, re.I)
            if not aggregate and not re.search(r"\bLIMIT\b", words, re.I):
                self.refuse("has no LIMIT; mark it `-- one row` or `-- stream` if that is meant")


def read_queries(folder):
    queries, seen = [], {}
    for path in sorted(folder.glob("*.sql")):
        current = None
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            named = re.fullmatch(r"--\s*name:\s*(\S+)\s*", line)
            if named:
                current = Query(named.group(1), f"{path.name}:{number}")
                if not re.fullmatch(r"[a-z][a-z0-9_]*", current.name):
                    current.refuse("names are lower case letters, digits and _")
                if current.name in seen:
                    current.refuse(f"stands in {seen[current.name]} already")
                seen[current.name] = current.where
                queries.append(current)
            elif current is None:
                if line.strip() and not line.startswith("--"):
                    raise Refused(f"{path.name}:{number}: SQL before the first `-- name:`")
            elif not current.lines and line.startswith("--"):
                mark = line.lstrip("- ").strip()
                if mark in MARKS:
                    current.marks.add(mark)
            else:
                current.lines.append(line)
    for query in queries:
        query.finish()
    return sorted(queries, key=lambda query: query.name)


def statements(sql, engine):
    """The statements of a migration. SQLite's triggers hold semicolons, and SQLite knows where they
    end; PostgreSQL's hold them in strings only."""
    out, text = [], ""
    for token in TOKEN.findall(sql):
        text += token
        if token == ";" and (engine != "sqlite" or sqlite3.complete_statement(text)):
            out.append(text.strip())
            text = ""
    if text.strip():
        raise Refused(f"a statement does not end: {text.strip()[:60]}")
    return out


class Migration:
    def __init__(self, path):
        numbered = re.fullmatch(r"(\d{4})_([a-z0-9_]+)\.sql", path.name)
        if not numbered:
            raise Refused(f"{path.name}: a migration is called NNNN_words.sql")
        self.name, self.number = path.stem, int(numbered.group(1))
        self.statements = {}
        text = path.read_text(encoding="utf-8")
        for engine in ENGINES:
            sides = {side: [] for side in SIDES}
            for statement in statements(opened(text, engine), engine):
                # The store of a statement is the first one it names.
                side = re.search(r"\b(ledger|desk)\.", statement)
                if not side:
                    raise Refused(f"{path.name}: no store is named in: {statement[:60]}")
                sides[side.group(1)].append(statement)
            self.statements[engine] = sides


def read_migrations(folder):
    out = [Migration(path) for path in sorted(folder.glob("*.sql"))]
    if [m.number for m in out] != list(range(1, len(out) + 1)):
        raise Refused("migrations are numbered from 0001 without gaps")
    return out


def split_columns(body):
    """The parts of a column list between commas that are not inside brackets."""
    parts, depth, start = [], 0, 0
    for at, character in enumerate(body):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(body[start:at])
            start = at + 1
    return [part.strip() for part in parts + [body[start:]]]


def read_tables(migrations):
    """Name → [(column, type)] of the ledger's tables, in the order of the migrations."""
    tables = {}

    def add(table, definition):
        words = definition.split()
        if words[0].upper() in ("PRIMARY", "UNIQUE", "CHECK", "CONSTRAINT", "FOREIGN"):
            return
        if words[1].upper() not in TYPES:
            raise Refused(f"ledger.{table}.{words[0]}: {words[1]} is not one of {list(TYPES)}")
        tables[table].append((words[0], TYPES[words[1].upper()]))

    for migration in migrations:
        for statement in migration.statements["sqlite"]["ledger"]:
            made = re.match(r"CREATE TABLE ledger\.(\w+)\s*\((.*)\)[^)]*;$", statement, re.S)
            added = re.match(r"ALTER TABLE ledger\.(\w+) ADD (?:COLUMN )?(.*);$", statement, re.S)
            if made:
                tables[made.group(1)] = []
                for part in split_columns(made.group(2)):
                    add(made.group(1), part)
            elif added:
                add(added.group(1), added.group(2))
    for table, columns in tables.items():
        if len(columns) > COLUMNS_MAX:
            raise Refused(f"ledger.{table} has more than {COLUMNS_MAX} columns")
    return tables


def read_indexes(migrations):
    """Name → statement of the ledger's secondary indexes on SQLite, as they stand at the end."""
    indexes = {}
    for migration in migrations:
        for statement in migration.statements["sqlite"]["ledger"]:
            made = re.match(r"CREATE INDEX (ledger\.\w+) ", statement)
            gone = re.match(r"DROP INDEX (ledger\.\w+);", statement)
            if made:
                indexes[made.group(1)] = statement
            elif gone:
                indexes.pop(gone.group(1), None)
    return indexes


def literal(text):
    """A C string literal, one source line per 80 bytes or so."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    pieces = re.findall(r"(?:\\.|[^\\]){1,80}", escaped) or [""]
    return "\n        ".join(f'"{piece}"' for piece in pieces)


def header(queries):
    out = ["/* Generated by gen_queries.py from sql/queries: do not edit. */",
           "#ifndef ANJU_STORE_QUERIES_H", "#define ANJU_STORE_QUERIES_H", "",
           "enum query_id {"]
    out += [f"    QUERY_{query.name}," for query in queries]
    out += ["    QUERY_COUNT", "};", "", "#endif", ""]
    return "\n".join(out)


def cursor_source(query):
    if "stream" not in query.marks:
        return []
    return [f"        .fetch = \"FETCH {FETCH_ROWS} FROM {query.name}\",",
            f"        .close = \"CLOSE {query.name}\","]


def query_source(query):
    side = {"ledger": "STORE_WRITE_LEDGER", "desk": "STORE_WRITE_DESK", None: "STORE_READ"}
    return [f"    [QUERY_{query.name}] = {{", f"        .name = \"{query.name}\","] + \
        [f"        .sql[ENGINE_{engine.upper()}] =\n        {literal(query.sql[engine])},"
         for engine in ENGINES] + \
        [f"        .parameters = {query.parameters},",
         f"        .side = {side[query.side]},",
         f"        .one_row = {str('one row' in query.marks).lower()},",
         f"        .stream = {str('stream' in query.marks).lower()},",
         f"        .slow = {str('slow' in query.marks).lower()},",
         *cursor_source(query), "    },"]


def source(queries, migrations, tables, indexes):
    out = ["/* Generated by gen_queries.py from sql: do not edit. */",
           '#include "store/internal.h"', "", "const struct query store_queries[QUERY_COUNT] = {"]
    for query in queries:
        out += query_source(query)
    out += ["};", "", "const struct migration store_migrations[] = {"]
    for migration in migrations:
        out += ["    {", f"        .name = \"{migration.name}\","]
        for engine in ENGINES:
            for side in SIDES:
                text = literal("\n".join(migration.statements[engine][side]))
                out.append(f"        .sql[ENGINE_{engine.upper()}][SIDE_{side.upper()}] =\n"
                           f"        {text},")
        out.append("    },")
    out += ["};", "", f"const int store_migration_count = {len(migrations)};", "",
            "const struct table store_bulk_tables[] = {"]
    for name in BULK:
        columns = tables[name]
        marks = ", ".join(f"${n + 1}" for n in range(len(columns)))
        out += [f"    [BULK_{name.upper()}] = {{", f"        .name = \"ledger.{name}\",",
                f"        .column_count = {len(columns)},", "        .columns = {"]
        out += [f"            {{\"{column}\", {kind}}}," for column, kind in columns]
        out += ["        },", "        .insert =\n        "
                + literal(f"INSERT INTO ledger.{name} VALUES ({marks})") + ",",
                "        .copy =\n        "
                + literal(f"COPY ledger.{name} ({', '.join(c for c, _ in columns)})"
                          " FROM STDIN (FORMAT binary)") + ",", "    },"]
    out += ["};", "", "const int store_bulk_table_count =",
            "    sizeof(store_bulk_tables) / sizeof(store_bulk_tables[0]);", "",
            "const char store_indexes_drop[] =\n        "
            + literal("\n".join(f"DROP INDEX {name};" for name in indexes)) + ";",
            "const char store_indexes_make[] =\n        "
            + literal("\n".join(indexes.values())) + ";",
            "const char store_analyze[] =\n        "
            + literal("ANALYZE " + ", ".join(f"ledger.{name}" for name in BULK)) + ";", ""]
    return "\n".join(out)


def main():
    queries_in, migrations_in, out_h, out_c, depfile = map(Path, sys.argv[1:6])
    try:
        queries, migrations = read_queries(queries_in), read_migrations(migrations_in)
        tables, indexes = read_tables(migrations), read_indexes(migrations)
    except Refused as refusal:
        sys.exit(f"gen_queries: {refusal}")
    out_h.write_text(header(queries), encoding="utf-8")
    out_c.write_text(source(queries, migrations, tables, indexes), encoding="utf-8")
    # The folders themselves are named too: a new file changes their time.
    inputs = [queries_in, migrations_in,
              *sorted(queries_in.glob("*.sql")), *sorted(migrations_in.glob("*.sql"))]
    escaped = " ".join(str(path).replace(" ", "\\ ") for path in inputs)
    depfile.write_text(f"{out_h} {out_c}: {escaped}\n", encoding="utf-8")


main()
