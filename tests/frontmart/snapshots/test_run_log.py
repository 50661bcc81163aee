"""The run log: runs come back as they were recorded, and nothing in the file makes a build fail."""

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frontmart.catalog.inputs import INPUTS
from frontmart.snapshots.run_log import append_run, read_runs
from frontmart.warehouse.load import load_runs

STARTED = "2026-01-31T06:00:00+00:00"


def run(run_id: str, **more: object) -> dict[str, Any]:
    return {"run_id": run_id, "started_at": STARTED, "outcome": "published", **more}


def read(out: Path) -> tuple[list[str], list[str]]:
    """The ids of the runs in the log, and the warnings."""
    warnings: list[str] = []
    return [str(each["run_id"]) for each in read_runs(out, warnings.append)], warnings


def write(out: Path, *lines: bytes | dict[str, Any]) -> None:
    encoded = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    (out / "runs.jsonl").write_bytes(b"\n".join(encoded) + b"\n")


def test_runs_are_read_in_the_order_they_were_recorded_with_the_types_of_their_columns(tmp_path: Path) -> None:
    assert read_runs(tmp_path, pytest.fail) == []
    append_run(tmp_path, run("b", file_count=1, total_seconds=2, as_of_date="2026-01-31", unknown=[1]))
    append_run(tmp_path, run("a", file_count=None, started_at="2026-01-31T07:00:00+01:00"))
    first, second = read_runs(tmp_path, pytest.fail)
    assert list(first) == [*INPUTS["runs"].column_names(), "source_path", "standing_preset"]
    given = {name: value for name, value in first.items() if value is not None}
    assert given == {
        "run_id": "b",
        "started_at": dt.datetime(2026, 1, 31, 6),
        "as_of_date": dt.date(2026, 1, 31),
        "outcome": "published",
        "file_count": 1,
        "total_seconds": 2,
    }
    assert (second["run_id"], second["started_at"]) == ("a", dt.datetime(2026, 1, 31, 6))


def test_a_line_cut_short_by_a_kill_costs_only_itself(tmp_path: Path) -> None:
    append_run(tmp_path, run("a"))
    with (tmp_path / "runs.jsonl").open("a") as ledger:
        ledger.write('{"run_id": "b", "file_c')
    append_run(tmp_path, run("c"))
    ids, warnings = read(tmp_path)
    assert ids == ["a", "c"]
    assert warnings == [
        f"{tmp_path}/runs.jsonl: 1 line is not a run, the first is line 2; marts.run_history lacks these runs, "
        "and the file stays as it is"
    ]


BAD_LINES: list[bytes | dict[str, Any]] = [
    b"\0" * 100, b"\xff\xfe", b"null", b"[]", b"1", b'"text"', b"{}", b'{"a":1}', b"[" * 60_000, b"NaN",
    b"{" + b" " * 200_000 + b"}",
    run("x")["run_id"].encode(), run("x") | {"run_id": 1}, run("x") | {"run_id": None}, run("x") | {"outcome": "good"},
    run("x") | {"outcome": ["published"]}, run("x") | {"started_at": "yesterday"}, run("x") | {"started_at": 5},
    run("x") | {"started_at": "0001-01-01T00:00:00+01:00"}, run("x") | {"started_at": "10000-01-01T00:00:00"},
    run("x") | {"as_of_date": "2026-02-30"}, run("x") | {"as_of_date": [2026]}, run("x") | {"file_count": "1"},
    run("x") | {"file_count": 2**63}, run("x") | {"file_count": 1.5}, run("x") | {"file_count": True},
    run("x") | {"total_seconds": float("nan")}, run("x") | {"total_seconds": float("inf")},
    run("x") | {"total_seconds": 10**400}, run("x") | {"snapshot_id": {"a": 1}}, run("x") | {"snapshot_id": "\ud800"},
    json.dumps(run("x") | {"file_count": 0}).replace("0}", "9" * 5_000 + "}").encode(),
]  # fmt: skip


@pytest.mark.parametrize("line", BAD_LINES, ids=lambda line: repr(line)[:60])
def test_a_line_that_is_not_a_run_is_skipped_and_counted(tmp_path: Path, line: bytes | dict[str, Any]) -> None:
    write(tmp_path, run("a"), line, b"", run("a"), run("b"))
    before = (tmp_path / "runs.jsonl").read_bytes()
    ids, (warning,) = read(tmp_path)
    assert ids == ["a", "b"]
    assert "runs.jsonl: 2 lines are not a run, the first is line 2; " in warning
    assert (tmp_path / "runs.jsonl").read_bytes() == before


def test_a_line_of_100_megabytes_costs_little_memory(tmp_path: Path) -> None:
    import tracemalloc

    write(tmp_path, run("a"))
    with (tmp_path / "runs.jsonl").open("r+b") as file:
        file.seek(0, os.SEEK_END)
        file.truncate(100 * 2**20)  # a hole, read as zeros
    append_run(tmp_path, run("b"))
    tracemalloc.start()
    ids, warnings = read(tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (ids, len(warnings)) == (["a", "b"], 1)
    assert peak < 10 * 2**20


@pytest.mark.parametrize("kind", ["folder", "pipe", "link", "dangling link"])
def test_a_log_that_is_no_file_is_a_warning_and_never_followed(tmp_path: Path, kind: str) -> None:
    log, other = tmp_path / "runs.jsonl", tmp_path / "other"
    if kind == "folder":
        log.mkdir()
    elif kind == "pipe":
        os.mkfifo(log)
    else:
        log.symlink_to(other)
        if kind == "link":
            other.write_text(json.dumps(run("a")) + "\n")
    before = other.read_text() if other.exists() else None
    assert read(tmp_path) == (
        [],
        [f"{log}: is not a regular file; marts.run_history will lack runs until this is corrected"],
    )
    with pytest.raises(OSError, match="is not a regular file"):
        append_run(tmp_path, run("b"))
    assert (other.read_text() if other.exists() else None) == before


KEYS = st.sampled_from([*INPUTS["runs"].column_names(), "other"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes().map(str) | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=3,
)
LINES = (
    st.binary()
    | st.dictionaries(KEYS, VALUES).map(lambda each: json.dumps(each).encode())
    | st.dictionaries(KEYS, VALUES, max_size=2).map(lambda each: json.dumps(run("a") | each).encode())
)


@settings(suppress_health_check=list(HealthCheck))
@given(lines=st.lists(LINES, max_size=5))
def test_any_bytes_in_the_log_can_be_loaded(tmp_path: Path, lines: list[bytes]) -> None:
    (tmp_path / "runs.jsonl").write_bytes(b"\n".join(lines))
    warnings: list[str] = []
    runs = read_runs(tmp_path, warnings.append)
    with duckdb.connect() as con:
        load_runs(con, runs)
        assert con.execute("select count(*), count(distinct run_id) from tidy.runs").fetchone() == (len(runs),) * 2
    # Blank lines, which an unfinished line leaves, are nobody's runs.
    written = [line for line in b"\n".join(lines).split(b"\n") if line.strip()]
    assert bool(warnings) == (len(runs) < len(written))
