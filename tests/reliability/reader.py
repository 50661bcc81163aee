"""Read the published snapshot in a loop until the file STOP exists: `python -m tests.reliability.reader KIND OUT STOP`.

Each publication is of the next day and has one more file, so a mixed read shows: everything read in one go must give
the number of the same publication. Creates STOP-<process id> after its first read. Prints the number of reads and what
went wrong, as one JSON object.
"""

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl

FIRST_DAY = dt.date(2026, 1, 1)
TOPIC = "Published Once More"
PAUSE_SECONDS = 0.02
# Each query gives the number of the publication.
QUERIES = (
    f"select as_of_date - date '{FIRST_DAY}' from tidy.build",
    f"select count(*) from tidy.document_topics where topic = '{TOPIC}'",
    f"select count(*) from core.article_topics join core.dim_topics using (topic_id) where topic = '{TOPIC}'",
    f"select article_count from marts.coverage_by_topic where topic = '{TOPIC}'",
)
# Rounds of queries on one connection.
LONG = 40


def main() -> None:
    """Read until STOP exists, and print the result."""
    kind, out, stop = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    wrong: list[str] = []
    reads, slowest, seen = 0, 0.0, set()
    while not stop.exists():
        begin = time.perf_counter()
        try:
            numbers = KINDS[kind](out)
        except (duckdb.Error, OSError, pl.exceptions.PolarsError, subprocess.CalledProcessError) as error:
            wrong.append(f"{type(error).__name__}: {error}")
        else:
            if len(numbers) != 1:
                wrong.append(f"a mixture of publications {sorted(numbers)}")
            seen |= numbers
        reads += 1
        stop.with_name(f"{stop.name}-{os.getpid()}").touch()
        slowest = max(slowest, time.perf_counter() - begin)
        time.sleep(PAUSE_SECONDS)
    sys.stdout.write(json.dumps({"kind": kind, "reads": reads, "slowest": slowest, "seen": len(seen), "wrong": wrong}))


def fresh_connection(out: Path) -> set[int]:
    """Open the warehouse through the link, and query it once."""
    with duckdb.connect(out / "published" / "warehouse.duckdb", read_only=True) as con:
        return {number_of(con, query) for query in QUERIES}


def long_connection(out: Path) -> set[int]:
    """Keep one connection open while other snapshots are published."""
    with duckdb.connect(out / "published" / "warehouse.duckdb", read_only=True) as con:
        numbers = set()
        for _ in range(LONG):
            numbers |= {number_of(con, query) for query in QUERIES}
            time.sleep(PAUSE_SECONDS)
        return numbers


def number_of(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0


def parquet(out: Path) -> set[int]:
    """Read Parquet files of one snapshot: the link is resolved once."""
    folder = Path(os.path.realpath(out / "published"))
    return {
        pl.read_parquet(folder / "tables" / "document_topics.parquet").filter(topic=TOPIC).height,
        sum(pl.read_parquet(folder / "marts" / "coverage_by_topic.parquet").filter(topic=TOPIC)["article_count"]),
        days_of(json.loads((folder / "run.json").read_text())),
    }


def one_mart(out: Path) -> set[int]:
    """Read one Parquet file through the link. Opened here, because Polars opens a path twice."""
    with (out / "published" / "marts" / "coverage_by_topic.parquet").open("rb") as file:
        mart = pl.read_parquet(file)
    return {sum(mart.filter(topic=TOPIC)["article_count"])}


def command(out: Path) -> set[int]:
    """Run the commands that read. All must succeed; only `query` is compared, since each command reads by itself."""
    for name in ("status", "rejects", "snapshots"):
        frontmart(name, out)
    columns = ", ".join(f"({query}) as c{place}" for place, query in enumerate(QUERIES))
    return set(json.loads(frontmart("query", out, f"select {columns}"))["rows"][0].values())


def frontmart(name: str, out: Path, *more: str) -> str:
    arguments = [sys.executable, "-m", "frontmart.cli", name, *more, "--out", str(out), "--json"]
    return subprocess.run(arguments, capture_output=True, text=True, check=True).stdout


def days_of(run: dict[str, str]) -> int:
    return (dt.date.fromisoformat(run["as_of_date"]) - FIRST_DAY).days


KINDS: dict[str, Callable[[Path], set[int]]] = {
    "fresh": fresh_connection,
    "long": long_connection,
    "parquet": parquet,
    "mart": one_mart,
    "command": command,
}

if __name__ == "__main__":
    main()
