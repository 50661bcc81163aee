"""What `build` shows on a terminal and elsewhere: the next commands are for people who type."""

import datetime as dt
from pathlib import Path

import pytest
from rich.console import Console

from frontmart.cli import show
from frontmart.run import Run


def run_of(out: Path, outcome: str) -> Run:
    started_at = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)
    files = {"seen": 1, "document": 1, "reject": 0, "skipped": 0}
    changed = {"read": 1, "unchanged": 0, "gone": 0}
    run = Run("1", Path("source"), out, dt.date(2026, 1, 31), started_at, outcome=outcome, snapshot_id="1", files=files)
    run.changed_files = changed
    return run


@pytest.mark.parametrize(
    ("out", "place"), [(Path("data"), ""), (Path("warehouse"), " --out warehouse"), (Path("a b"), " --out 'a b'")]
)
@pytest.mark.parametrize("outcome", ["published", "unchanged"])
def test_on_a_terminal_a_build_ends_with_the_next_commands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], outcome: str, out: Path, place: str
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(show, "open_console", lambda: Console(force_terminal=True))
    show.show_build(run_of(out, outcome))
    assert capsys.readouterr().out.splitlines()[-1] == (
        f"next: frontmart report --open{place}, frontmart describe{place}, or frontmart query 'from articles'{place}"
    )


@pytest.mark.parametrize(("outcome", "is_terminal"), [("published", False), ("unchanged", False), ("kept", True)])
def test_elsewhere_and_for_a_day_of_a_backfill_it_does_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], outcome: str, is_terminal: bool
) -> None:
    monkeypatch.setattr(show, "open_console", lambda: Console(force_terminal=is_terminal))
    show.show_build(run_of(Path("data"), outcome))
    assert "next:" not in capsys.readouterr().out
