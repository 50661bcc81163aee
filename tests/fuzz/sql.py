"""Statements by a grammar against the sandbox: nothing in the output folder, or beside it, may change or be read.

`python -m tests.fuzz.sql 10000 --seed 1` runs the statements of a seed, in child processes, against a copy of a
published folder: with both walls, and with each wall alone. What is hashed, before and after, is every file of it.
"""

import argparse
import contextlib
import hashlib
import json
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from frontmart.errors import UsageError
from frontmart.snapshots.store import published
from frontmart.warehouse import sandbox
from frontmart.warehouse.sandbox import Sandbox
from frontmart.warehouse.statements import quote_literal

CANARY: Final = "a word that no statement may read"
WALLS: Final = ("both", "check", "files")
NO_WALL: Final = "none"
_SECONDS: Final = 2.0
_BATCH: Final = 250

Words = Callable[[], str]


@dataclass(frozen=True)
class Grammar:
    """Statements at random.

    Attributes:
        random: the source of randomness.
        paths: paths that statements try to read and to write.
    """

    random: random.Random
    paths: Sequence[str]

    def statement(self) -> str:
        """One text: mostly one statement, sometimes several, or none that can be parsed."""
        text = self._pick(
            self._select, self._explain, self._explain, self._copy, self._write, self._write, self._setting,
            self._file, self._call, self._multi,
        )  # fmt: skip
        if self.random.random() < 0.05:
            position = self.random.randrange(len(text) + 1)
            text = (
                text[:position] + self.random.choice(["(", ")", "'", ";", "\0", "--", "/*", "\u00a0"]) + text[position:]
            )
        return self._spaced(text)

    def _pick(self, *choices: Words) -> str:
        return self.random.choice(choices)()

    def _spaced(self, text: str) -> str:
        """A text with other space, comments and letter case, but for what is quoted."""
        spaces = [" ", "\n", "\t", "/**/ ", " -- x\n", "\u00a0", "\u2003", "  "]
        parts = text.split("'")
        for place in range(0, len(parts), 2):
            words = parts[place].split(" ")
            parts[place] = "".join(
                word + (self.random.choice(spaces) if self.random.random() < 0.15 else " ") for word in words
            )[:-1]
            if self.random.random() < 0.1:
                parts[place] = parts[place].upper()
        return "'".join(parts)

    def _path(self) -> str:
        path = self.random.choice(self.paths)
        if self.random.random() < 0.3:
            return f"({self._own_path()})"
        return f"'{path}'"

    def _own_path(self) -> str:
        return self.random.choice(
            [
                "list_filter(current_setting('allowed_paths'), lambda p: p like '%.duckdb')[1]",
                "list_filter(current_setting('allowed_paths'), lambda p: p like '%.wal')[1]",
                "current_setting('allowed_paths')[1]",
                "current_setting('temp_directory') || '/a'",
                "(select path from duckdb_databases() where path is not null limit 1)",
                "(select path || '.wal' from duckdb_databases() where path is not null limit 1)",
            ]
        )

    def _query(self) -> str:
        return self.random.choice(
            [
                "select 1 as a",
                "from topics limit 1",
                "values (1)",
                "table tidy.build",
                "select 'x'::blob as a",
                "select repeat('a', 1000) as a from range(10)",
                "pivot tidy.files on outcome using count(*)",
                "with a as (pivot tidy.files on outcome using count(*)) from a",
                "with x as (delete from tidy.build returning *) from x",
                "with x as (insert into tidy.build from tidy.build returning *) from x",
                "summarize topics",
                "describe topics",
                "show all tables",
                f"from query({_quoted(self._short())})",
            ]
        )

    def _short(self) -> str:
        return self.random.choice(
            ["select 1", f"copy (select 1) to {self._path()}", "from topics", "drop table tidy.build"]
        )

    def _select(self) -> str:
        if self.random.random() < 0.4:
            return self._query()
        return self._file()

    def _file(self) -> str:
        function = self.random.choice(
            ["read_text", "read_blob", "read_csv", "read_json", "read_parquet", "glob", "sniff_csv", "parquet_metadata",
             "read_duckdb", "read_json_objects", "parquet_schema"]
        )  # fmt: skip
        path = self._path()
        return self.random.choice(
            [
                f"from {function}({path})",
                f"select * from {function}([{path}])",
                f"from {path}",
                f"from query_table({path})",
            ]
        )

    def _options(self) -> str:
        formats = ["format csv", "format blob", "format json", "format parquet", "format text"]
        more = ["use_tmp_file false", "use_tmp_file true", "overwrite_or_ignore", "per_thread_output",
                "partition_by (a)",
                "append", "header false"]  # fmt: skip
        chosen = [self.random.choice(formats), *self.random.sample(more, self.random.randrange(3))]
        return f"({', '.join(chosen)})"

    def _copy(self) -> str:
        return self.random.choice(
            [
                f"copy ({self._query()}) to {self._path()} {self._options()}",
                f"copy topics to {self._path()} {self._options()}",
                f"copy tidy.build from {self._path()}",
                f"export database {self._path()}",
                f"import database {self._path()}",
                "copy from database warehouse to temp",
            ]
        )

    def _explain(self) -> str:
        options = self.random.choice(
            ["", "analyze", "(format json)", "analyze (format json)", "(analyze)", "(analyze, format json)"]
        )
        inner = self._pick(self._copy, self._copy, self._write, self._query, self._explain, self._select)
        return f"explain {options} {inner}"

    def _write(self) -> str:
        return self.random.choice(
            [
                f"create table tidy.x as {self._query()}",
                f"create temp table x as {self._query()}",
                "create or replace view tidy.x as select 1",
                "create temp macro x() as 1",
                "insert into tidy.build from tidy.build",
                "update tidy.documents set title = 'x'",
                "delete from tidy.documents",
                "truncate tidy.documents",
                "drop table tidy.documents",
                "alter table tidy.documents add column x int",
                "merge into tidy.build using (select 1) on true when matched then delete",
                "comment on table tidy.documents is 'x'",
                f"attach {self._path()} as other",
                f"attach {self._path()} as other (read_only)",
                "attach ':memory:' as other",
                "detach warehouse",
                "checkpoint",
                "force checkpoint",
                "vacuum",
                "create secret s (type http)",
                "create persistent secret s (type http)",
            ]
        )

    def _setting(self) -> str:
        name = self.random.choice(
            ["allowed_paths", "allowed_directories", "enable_external_access", "disabled_filesystems", "temp_directory",
             "lock_configuration", "profile_output", "log_query_path", "home_directory", "secret_directory",
             "extension_directories", "file_search_path", "memory_limit"]
        )  # fmt: skip
        value = self.random.choice([self._path(), "''", "false", "true", f"[{self._path()}]"])
        return self.random.choice([f"set {name} = {value}", f"reset {name}", f"pragma {name} = {value}"])

    def _call(self) -> str:
        path = self._path()
        return self.random.choice(
            [
                f"call enable_logging(storage = 'file', storage_path = {path})",
                f"from enable_profiling(save_location = {path})",
                "pragma enable_profiling = 'json'",
                f"pragma import_database({path})",
                "from checkpoint()",
                "call force_checkpoint()",
                f"install {path}",
                f"load {path}",
                "install httpfs",
                "load httpfs",
                f"prepare p as copy (select 1) to {path}",
                "execute p",
                "from duckdb_secrets()",
                "from json_execute_serialized_sql(json_serialize_sql('select 1'))",
                "pragma database_list",
                "select write_log('x')",
                "begin",
                "set variable x = 1",
            ]
        )

    def _multi(self) -> str:
        separator = self.random.choice([";", " ; ", ";\n-- x\n"])
        return separator.join(
            self._pick(self._query, self._copy, self._write) for _ in range(self.random.randrange(2, 4))
        )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def statements(seed: str, count: int, paths: Sequence[str]) -> list[str]:
    """The statements of a seed."""
    grammar = Grammar(random.Random(seed), paths)
    return [grammar.statement() for _ in range(count)]


def fingerprint(folder: Path) -> Mapping[str, str]:
    """The hash of every file below a folder, and the target of every link."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = str(path.readlink())
        elif path.is_file():
            found[name] = hashlib.blake2b(path.read_bytes()).hexdigest()
        else:
            found[name] = "folder"
    return found


@dataclass(frozen=True)
class Outcome:
    """What a run of statements did.

    Attributes:
        run: statements that ran without an error.
        refused: statements that the check refused.
        failed: statements that DuckDB refused, or that failed.
        problems: what must not happen, each with its seed.
    """

    run: int
    refused: int
    failed: int
    problems: list[str]


def attack(out: Path, work: Path, count: int, seed: str, walls: str) -> Outcome:
    """Run the statements of a seed in child processes, against a copy of an output folder.

    Args:
        out: an output folder with a published snapshot.
        work: an empty folder, for the copy.
        count: the number of statements.
        seed: the seed.
        walls: which walls stand: one of WALLS, or NO_WALL.
    """
    place = work / "out"
    shutil.copytree(out, place, symlinks=True)
    (work / "canary.txt").write_text(CANARY)
    totals = {"run": 0, "refused": 0, "failed": 0}
    problems: list[str] = []
    before = fingerprint(work)
    for start in range(0, count, _BATCH):
        batch = f"{seed}/{walls}/{start}"
        size = min(_BATCH, count - start)
        command = [
            sys.executable,
            "-m",
            "tests.fuzz.sql",
            "--child",
            batch,
            "--walls",
            walls,
            "--work",
            str(work),
            str(size),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        if done.returncode:
            problems.append(f"{batch}: the process ended with {done.returncode}: {done.stderr[-500:]}")
            continue
        found = json.loads(done.stdout.splitlines()[-1])
        problems += [f"{batch}: {problem}" for problem in found.pop("problems")]
        totals = {name: totals[name] + found[name] for name in totals}
        after = fingerprint(work)
        if after != before:
            changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
            problems.append(f"{batch}: changed {changed}")
            break
    return Outcome(**totals, problems=problems)


def _paths(work: Path) -> list[str]:
    snapshot = published(work / "out")
    warehouse = snapshot.warehouse.resolve()
    return [
        str(snapshot.warehouse), str(warehouse), f"{warehouse}.wal", f"{warehouse}.wal.checkpoint",
        f"{warehouse}.tmp/a",
        str(warehouse.parent / "new.csv"), str(work / "out" / "runs.jsonl"), str(work / "canary.txt"), "canary.txt",
        str(work / "new"), "../canary.txt", "new.csv", "/proc/self/fd/3", "/proc/self/fd/9", "/proc/self/environ",
        f"file://{warehouse}", f"{warehouse.parent}/./warehouse.duckdb", f"{warehouse.parent.parent}/*/*",
        "frontmart-spill://a", "frontmart-spill:///", "/etc/passwd", f"{snapshot.folder}/marts/topic_pairs.parquet",
    ]  # fmt: skip


def _child(work: Path, count: int, seed: str, walls: str) -> None:
    """Run statements in this process, and print what they did as JSON."""
    totals = {"run": 0, "refused": 0, "failed": 0}
    problems = []
    with contextlib.chdir(work), _open(published(work / "out").warehouse, walls) as opened:
        for number, sql in enumerate(statements(seed, count, _paths(work))):
            try:
                statement = sql if walls in ("files", NO_WALL) else opened.check(sql)
                with opened.connection.cursor() as cursor:
                    rows = cursor.execute(statement).fetchmany(1_000)
            except UsageError:
                totals["refused"] += 1
            except (duckdb.Error, UnicodeError) as error:
                totals["failed"] += 1
                rows = [(str(error),)]
            else:
                totals["run"] += 1
                if CANARY in str(rows):
                    problems.append(f"statement {number} read the canary: {sql}")
    _say(json.dumps({**totals, "problems": problems}))


def _open(warehouse: Path, walls: str) -> Sandbox:
    """A sandbox; for the check alone, with DuckDB's own restrictions; without walls, open to the published folder."""
    if walls == "check":
        sandbox.close_files = _only_lock
    elif walls == NO_WALL:
        sandbox.close_files = _open_folder
    return Sandbox(warehouse, timeout=_SECONDS)


def _only_lock(connection: duckdb.DuckDBPyConnection, *, timeout: float | None = None, **_: object) -> None:
    connection.execute("set enable_external_access = false; set lock_configuration = true")


def _open_folder(connection: duckdb.DuckDBPyConnection, *, timeout: float | None = None, **_: object) -> None:
    """Let statements write what is published, and nothing else of the machine."""
    (warehouse,) = connection.execute("select path from duckdb_databases() where path is not null").fetchone() or ("",)
    folder = quote_literal(str(Path(warehouse).parent))
    connection.execute(f"set allowed_directories = [{folder}]")
    _only_lock(connection)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Fuzz the walls of a built sample, and exit with 1 if a problem is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, help="number of statements, of which each wall gets a part")
    parser.add_argument("--seed", help="run the statements of this seed again")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--walls", choices=(*WALLS, NO_WALL), default="both", help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        _child(options.work, options.count, options.child, options.walls)
        return
    import frontmart
    from tests.sample import AS_OF, SAMPLE

    seed = options.seed or secrets.token_hex(4)
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        frontmart.build(SAMPLE, out, as_of=AS_OF)
        for walls in WALLS:
            work = Path(folder) / walls
            work.mkdir()
            found = attack(out, work, options.count // len(WALLS), seed, walls)
            _say(f"seed {seed}, walls {walls}: {found.run:,} run, {found.refused:,} refused, {found.failed:,} failed")
            problems += found.problems
    for problem in problems:
        _say(problem)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
