"""Any run.json, in any command that reads it: an answer or one line, never a traceback."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from frontmart.cli.__main__ import app
from frontmart.run import Run
from frontmart.snapshots.manifest import write_manifest
from frontmart.snapshots.store import published

COMMANDS: dict[str, Callable[[Path], list[str]]] = {
    "status": lambda out: ["status", "--out", str(out)],
    "status --json": lambda out: ["status", "--json", "--out", str(out)],
    "snapshots": lambda out: ["snapshots", "--out", str(out)],
    "snapshots --json": lambda out: ["snapshots", "--json", "--out", str(out)],
    "query": lambda out: ["query", "select 1", "--out", str(out)],
    "describe": lambda out: ["describe", "--out", str(out)],
    "export": lambda out: ["export", str(out.parent / "target"), "--out", str(out), "--marts", "topic_pairs"],
    "prune": lambda out: ["prune", "--keep", "2", "--out", str(out)],
    "rollback": lambda out: ["rollback", published(out).id, "--out", str(out)],
}
# Commands that take longer: a few values each.
SLOW_COMMANDS: dict[str, Callable[[Path], list[str]]] = {
    "verify": lambda out: ["verify", "--out", str(out)],
    "report": lambda out: ["report", "--out", str(out)],
}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def paths_of(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of all values in a JSON value, mappings and lists included; of a list, only the first item."""
    items = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    return [above, *(path for key, each in items for path in paths_of(each, (*above, key)))]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A JSON value with another value at a place."""
    if not path:
        return new
    items = dict(value) if isinstance(value, dict) else dict(enumerate(value))
    items[path[0]] = replaced(items[path[0]], path[1:], new)
    return items if isinstance(value, dict) else list(items.values())


def assert_no_traceback(arguments: list[str]) -> None:
    done = CliRunner().invoke(app, arguments)
    assert done.exception is None or isinstance(done.exception, SystemExit), (arguments, done.exception)
    assert done.exit_code in (0, 1), (arguments, done.output)
    assert len(done.stderr.splitlines()) <= 1


@pytest.fixture
def run_json(out: Path, sample: Run) -> Any:
    return json.loads(published(out).run_file.read_text())


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_value_at_any_place_is_an_answer_or_one_line(out: Path, run_json: Any, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(paths_of(run_json)), label="path")
    content = json.dumps(replaced(run_json, path, data.draw(VALUES, label="value")))
    published(out).run_file.write_text(content)
    write_manifest(published(out).folder)
    command = data.draw(st.sampled_from(sorted(COMMANDS)), label="command")
    assert_no_traceback(COMMANDS[command](out))


@pytest.mark.parametrize("content", [b"[]", b"\xff", b'{"snapshot_id": 1}', b'{"rows": NaN}', b"[" * 100_000])
def test_content_that_is_no_record_is_an_answer_or_one_line(out: Path, content: bytes) -> None:
    published(out).run_file.write_bytes(content)
    for command in (COMMANDS | SLOW_COMMANDS).values():
        assert_no_traceback(command(out))


@pytest.mark.parametrize("key", ["checks", "rows", "as_of_date"])
def test_a_damaged_record_is_a_row_of_the_snapshots(out: Path, run_json: Any, key: str) -> None:
    published(out).run_file.write_text(json.dumps(run_json | {key: 5}))
    done = CliRunner().invoke(app, ["snapshots", "--json", "--out", str(out)])
    assert json.loads(done.stdout)["snapshots"] == [
        {"is_published": True, "tags": [], "snapshot_id": published(out).id, "is_damaged": True}
    ]
    shown = CliRunner().invoke(app, ["snapshots", "--out", str(out)]).stdout
    assert published(out).id in shown
    assert "is_damaged" in shown
    for command in SLOW_COMMANDS.values():
        assert_no_traceback(command(out))
