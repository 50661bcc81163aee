"""Statements by a grammar change and read nothing outside the sandbox, with both walls and with each alone."""

from pathlib import Path

import pytest

from frontmart.run import Run
from tests.fuzz.sql import NO_WALL, WALLS, attack, statements

_COUNTS = {"both": 200, "check": 150, "files": 150}


def test_a_seed_gives_the_same_statements_again() -> None:
    assert statements("1", 50, ["/a"]) == statements("1", 50, ["/a"]) != statements("2", 50, ["/a"])


def test_without_walls_the_statements_overwrite_what_is_published(sample: Run, tmp_path: Path) -> None:
    """A check that cannot fail would check nothing."""
    found = attack(sample.out, tmp_path, 250, "tests", NO_WALL)
    assert any("changed" in problem for problem in found.problems), found


@pytest.mark.parametrize("walls", WALLS)
def test_no_statement_leaves_the_sandbox(sample: Run, tmp_path: Path, walls: str) -> None:
    found = attack(sample.out, tmp_path, _COUNTS[walls], "tests", walls)
    assert found.problems == []
    # Some statements run, and some are refused: the grammar reaches both sides of the walls.
    assert found.run > 10
    assert found.failed > 10
    assert (found.refused > 10) == (walls != "files")
