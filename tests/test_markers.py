"""Tests get their markers from what they run, and a quick test that is not quick fails."""

import os
import signal
import subprocess
import sys
from functools import cached_property
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.markers import NOT_QUICK, Guard, add_markers
from tests.sample import build_quietly


def start_process() -> int:
    return subprocess.run([sys.executable, "-c", ""], check=False).returncode


class Program:
    @cached_property
    def exit_code(self) -> int:
        return sum(start_process() for _ in range(1))


def run_nothing() -> int:
    return len(Path("x").parts)


def check_nothing() -> None:
    assert run_nothing() == 1


def check_program() -> None:
    assert Program().exit_code == 0


@given(st.integers())
def check_numbers(number: int) -> None:
    assert start_process() != number


def check_build(tmp_path: Path) -> None:
    assert build_quietly(tmp_path, tmp_path)


def check_server(server: str) -> None:
    assert server


@pytest.mark.slow
def check_slow() -> None:
    assert run_nothing() == 1


@pytest.mark.parametrize(
    ("check", "markers"),
    [
        (check_nothing, {"quick"}),
        (check_program, {"process"}),
        (check_numbers, {"process"}),
        (check_build, {"build"}),
        (check_server, {"server"}),
        (check_slow, {"slow"}),
    ],
)
def test_markers_follow_what_a_test_runs(request: pytest.FixtureRequest, check: object, markers: set[str]) -> None:
    parent = request.node.getparent(pytest.Module)
    item = pytest.Function.from_parent(parent, name=check.__name__, callobj=check)  # type: ignore[attr-defined]
    add_markers(item)
    assert {marker.name for marker in item.iter_markers()} & {"quick", *NOT_QUICK} == markers


def test_a_quick_test_may_start_no_process_kill_none_and_run_no_build(tmp_path: Path) -> None:
    guard = Guard()
    guard.start()
    run_nothing()
    assert guard.stop() == set()
    guard.start()
    with subprocess.Popen(["sleep", "60"]) as process:
        os.kill(process.pid, signal.SIGKILL)
    assert guard.stop() == {"process", "kill"}
    (tmp_path / "source").mkdir()
    guard.start()
    build_quietly(tmp_path / "source", tmp_path / "out", allow_empty=True)
    assert guard.stop() == {"build"}
    run_nothing()
    assert guard.stop() == set()


def test_no_test_is_both_quick_and_not(request: pytest.FixtureRequest) -> None:
    for item in request.session.items:
        names = {marker.name for marker in item.iter_markers()}
        assert ("quick" in names) != bool(names & {"build", "process", "kill", "server", "browser", "slow"}), (
            item.nodeid
        )


def test_files_with_costly_tests_come_first(request: pytest.FixtureRequest) -> None:
    items = request.session.items
    files = list(dict.fromkeys(item.path for item in items))
    quick = {file for file in files if all(item.get_closest_marker("quick") for item in items if item.path == file)}
    assert [file in quick for file in files] == sorted(file in quick for file in files)
