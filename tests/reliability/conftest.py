"""Fixtures of the fault tests, and the summary of a run: kills and losses by step, and what readers saw."""

import shutil
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.few_models import building_few_models
from tests.reliability.workspace import IS_LONG, Workspace, write_versions
from tests.sample import build_quietly


@pytest.fixture(scope="module", autouse=True)
def few_models() -> Iterator[None]:
    """Builds run few models, but all of them in the long run: what a fault does to files does not depend on them."""
    if IS_LONG:
        yield
    else:
        with building_few_models():
            yield


@pytest.fixture(scope="module")
def _built(few_models: None, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace, and beside it `intact`, a copy of its output folder with a snapshot of version `a`."""
    folder = tmp_path_factory.mktemp("workspace")
    workspace = Workspace(folder, write_versions(folder / "versions"))
    workspace.use_version("a")
    build_quietly(workspace.source, workspace.out, keep_snapshots=1)
    workspace.out.rename(folder / "intact")
    return workspace


@pytest.fixture
def workspace(_built: Workspace) -> Workspace:
    """An output folder with a snapshot, and a source in which `_news/new.md` is new since then.

    All tests have the same folder, since a snapshot is a base only for the source that it was built from; what a test
    leaves in it is replaced.
    """
    for path in _built.folder.iterdir():
        if path.name not in ("intact", "versions"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(_built.folder / "intact", _built.out, symlinks=True)
    _built.use_version("b")
    return _built


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    _show_losses(terminalreporter, "killed_in", "builds killed in", "kills")
    _show_losses(terminalreporter, "flipped", "bit flipped in", "flips")
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for name, value in report.user_properties:
            if name == "readers":
                terminalreporter.write_line(str(value))


def _show_losses(terminalreporter: pytest.TerminalReporter, name: str, title: str, unit: str) -> None:
    """Show a table of the tests that recorded a property: by its value, how many there were, and how many failed."""
    outcomes: dict[str, Counter[str]] = {"passed": Counter(), "failed": Counter()}
    for outcome, counts in outcomes.items():
        for report in terminalreporter.getreports(outcome):
            counts.update(str(step) for key, step in report.user_properties if key == name)
    steps = sorted({*outcomes["passed"], *outcomes["failed"]})
    if steps:
        terminalreporter.write_line(f"{title:<20}{unit:>8}{'lost':>8}")
        for step in steps:
            lost = outcomes["failed"][step]
            terminalreporter.write_line(f"{step:<20}{outcomes['passed'][step] + lost:>8}{lost:>8}")
        lost = outcomes["failed"].total()
        terminalreporter.write_line(f"{'total':<20}{outcomes['passed'].total() + lost:>8}{lost:>8}")
