"""Markers that tests get from the code that they run, so that no list of slow tests goes stale.

A test is `quick` unless it runs a build, starts a process, uses a Prefect server or a browser, or is marked `slow` by
hand. A test function and all that it calls within tests/ are searched for what is slow, its fixtures too. Shared
fixtures are not: what they cost, they cost once. Where the search misses something, `Guard` fails the test and names
the marker to write by hand.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from inspect import unwrap
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, Final

import pytest

from benchmarks.measure import measure
from frontmart import pipeline
from frontmart.extract import pool

_TESTS: Final = str(Path(__file__).parent)
# Fixtures, objects and folders whose use gives a test a marker.
_FIXTURES: Final = {"server": "server", "browser": "browser", "installation": "process"}
_OBJECTS: Final = {
    id(subprocess): "process",
    id(multiprocessing): "process",
    id(multiprocessing.get_context): "process",
    id(pool.run_in_pool): "process",
    id(measure): "process",
    id(pipeline.build): "build",
}
_FOLDERS: Final = {"bi": "slow", "fuzz": "slow", "hostile": "slow", "reliability": "kill"}
_BY_COST: Final = ("server", "kill", "slow", "build", "process", "browser")
NOT_QUICK: Final = set(_BY_COST)


def add_markers(item: pytest.Function) -> None:
    """Mark a test with what it needs, or as `quick`."""
    folder = Path(item.path).relative_to(_TESTS).parts[0]
    found = {_FOLDERS[folder]} if folder in _FOLDERS else set()
    found |= {marker for fixture, marker in _FIXTURES.items() if fixture in item.fixturenames}
    test = getattr(item.function, "hypothesis", None)
    for function in (test.inner_test if test else item.function, *_own_fixtures(item)):
        found |= _needs(function)
    for marker in sorted(found):
        item.add_marker(marker)
    if not any(item.get_closest_marker(marker) for marker in NOT_QUICK):
        item.add_marker("quick")


def sort_by_cost(items: list[pytest.Item]) -> None:
    """Put the files with the costliest tests first, so that no worker gets a long file when the others are done."""
    cost = {name: place for place, name in enumerate(_BY_COST)}
    first: dict[Path, int] = {}
    for item in items:
        found = [cost[marker.name] for marker in item.iter_markers() if marker.name in cost]
        first[item.path] = min([*found, first.get(item.path, len(cost))])
    items.sort(key=lambda item: first[item.path])


def _own_fixtures(item: pytest.Function) -> Iterator[Any]:
    """The fixtures that are set up for this test alone."""
    for definitions in item._fixtureinfo.name2fixturedefs.values():
        if definitions[-1].scope == "function":
            yield definitions[-1].func


@cache
def _needs(function: object) -> frozenset[str]:
    """The markers of what a function uses. Kept, since all cases of a parametrized test have the same one."""
    return frozenset(_OBJECTS[id(each)] for each in _reached(function, set()) if id(each) in _OBJECTS)


def _reached(function: object, seen: set[int]) -> Iterator[object]:
    """The global objects that a function of tests/ uses, and those that these use."""
    members: list[Any] = list(vars(function).values()) if isinstance(function, type) else [function]
    for member in members:
        # The function of a property, a cached property, and a method of a class.
        inner = (getattr(member, name, None) for name in ("fget", "func", "__func__"))
        plain = unwrap(next((each for each in inner if each), member))
        if not isinstance(plain, FunctionType) or id(plain) in seen:
            continue
        if not plain.__code__.co_filename.startswith(_TESTS):
            continue
        seen.add(id(plain))
        for name in _names(plain.__code__):
            if name in plain.__globals__:
                used = plain.__globals__[name]
                yield used
                yield from _reached(used, seen)
        for cell in plain.__closure__ or ():
            yield from _reached(cell.cell_contents, seen)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


class Guard:
    """Notices what a quick test may not do. An audit hook cannot be removed, so there is one guard for a process."""

    def __init__(self) -> None:
        self._seen: set[str] | None = None
        sys.addaudithook(self._look_at)

    def start(self) -> None:
        self._seen = set()

    def stop(self) -> set[str]:
        """The markers that the test needs by what it did since `start`."""
        seen, self._seen = self._seen or set(), None
        return seen

    def _look_at(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._seen is None:
            return
        if event == "subprocess.Popen":
            self._seen.add("process")
        elif event in ("os.kill", "os.killpg") and arguments[1] and arguments[0] != os.getpid():
            self._seen.add("kill")
        elif event == "os.rename" and _is_staged_snapshot(os.fsdecode(arguments[0])):
            self._seen.add("build")


def _is_staged_snapshot(path: str) -> bool:
    """Whether a folder is a snapshot with the tables of a real build; some tests stage a few bytes."""
    warehouse = Path(path) / "warehouse.duckdb"
    return Path(path).name.startswith(".building-") and warehouse.is_file() and warehouse.stat().st_size > 500_000
