"""Fixtures of the fault tests, and the summary of a run: kills and losses by step, and what readers saw."""

from collections import Counter
from pathlib import Path

import pytest

from tests.reliability.workspace import Workspace, write_versions
from tests.sample import build_quietly


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An output folder with a snapshot, and a source in which `_news/new.md` is new since then."""
    workspace = Workspace(tmp_path, write_versions(tmp_path / "versions"))
    workspace.use_version("a")
    build_quietly(workspace.source, workspace.out, keep_snapshots=1)
    workspace.use_version("b")
    return workspace


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    outcomes: dict[str, Counter[str]] = {"passed": Counter(), "failed": Counter()}
    for outcome, steps in outcomes.items():
        for report in terminalreporter.getreports(outcome):
            steps.update(str(step) for name, step in report.user_properties if name == "killed_in")
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for name, value in report.user_properties:
            if name == "readers":
                terminalreporter.write_line(str(value))
    steps = sorted({*outcomes["passed"], *outcomes["failed"]})
    if steps:
        terminalreporter.write_line(f"{'builds killed in':<20}{'kills':>8}{'lost':>8}")
        for step in steps:
            lost = outcomes["failed"][step]
            terminalreporter.write_line(f"{step:<20}{outcomes['passed'][step] + lost:>8}{lost:>8}")
        lost = outcomes["failed"].total()
        terminalreporter.write_line(f"{'total':<20}{outcomes['passed'].total() + lost:>8}{lost:>8}")
