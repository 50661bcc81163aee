"""What the long run prints: what was lost, by the step that builds were killed in, and what readers met."""

from collections import Counter
from pathlib import Path

import pytest

from tests.reliability.ground import Ground, write_versions
from tests.sample import build_quietly


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    """An output folder with a snapshot, and a source in which `_news/new.md` is new since."""
    ground = Ground(tmp_path, write_versions(tmp_path / "versions"))
    ground.put("a")
    build_quietly(ground.source, ground.out, keep_snapshots=1)
    ground.put("b")
    return ground


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    outcomes: dict[str, Counter[str]] = {"passed": Counter(), "failed": Counter()}
    for outcome, steps in outcomes.items():
        for report in terminalreporter.getreports(outcome):
            steps.update(str(step) for name, step in report.user_properties if name == "killed_in")
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for name, told in report.user_properties:
            if name == "readers":
                terminalreporter.write_line(str(told))
    steps = sorted({*outcomes["passed"], *outcomes["failed"]})
    if steps:
        terminalreporter.write_line(f"{'builds killed in':<20}{'kills':>8}{'lost':>8}")
        for step in steps:
            lost = outcomes["failed"][step]
            terminalreporter.write_line(f"{step:<20}{outcomes['passed'][step] + lost:>8}{lost:>8}")
        lost = outcomes["failed"].total()
        terminalreporter.write_line(f"{'in all':<20}{outcomes['passed'].total() + lost:>8}{lost:>8}")
