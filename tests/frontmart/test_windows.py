"""The last day of windows through builds: given or the last day with news; what a new day changes; what is shown."""

import datetime as dt
import json
from dataclasses import dataclass

import polars as pl
import pytest
from typer.testing import CliRunner

from frontmart.cli.__main__ import app
from frontmart.cli.show import show_build
from frontmart.extract import changes
from frontmart.run import Run
from frontmart.settings import Settings
from frontmart.snapshots.store import Snapshot
from tests.sample import DEPEND_ON_THE_PAST, build_quietly

pytestmark = pytest.mark.build
TODAY, TOMORROW, LAST_NEWS = dt.date(2026, 1, 31), dt.date(2026, 2, 1), dt.date(2021, 6, 2)
FILES = {
    "_news/a.md": "title: A\ntype: article\npublishedDateTime: 2021-04-20T08:00:00Z\ntopics: [AI, Law]",
    "_news/b.md": "title: B\ntype: article\npublishedDateTime: 2021-06-02T08:00:00Z\ntopics: [AI]",
    "_news/c.md": "title: C\ntype: article\npublishedDateTime: 2099-01-01T08:00:00Z",
    "_learning/d.md": "title: D\ntype: course\nprovider:\n  name: P\n  domain: p.com\n  authors:\n    - name: Ann",
}


@dataclass(frozen=True)
class Builds:
    """Builds of the same files into one folder, in this order, and the marts of each as bytes."""

    today: Run
    tomorrow: Run
    given: Run
    again: Run
    unchanged: Run
    marts: dict[str, dict[str, bytes]]


def marts_of(run: Run) -> dict[str, bytes]:
    folder = Snapshot(str(run.snapshot_id), run.out / "snapshots" / str(run.snapshot_id)).marts
    return {file.stem: file.read_bytes() for file in sorted(folder.glob("*.parquet"))}


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Builds:
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("out")
    for name, front_matter in FILES.items():
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).write_text(f"---\n{front_matter}\n---\n")
    with pytest.MonkeyPatch.context() as patch:
        # A ctime cannot be set, so the files would be too recent to be taken for unchanged.
        patch.setattr(changes, "_CLOCK_TICK", dt.timedelta(0))

        def build_on(today: dt.date, as_of: dt.date | None = None) -> Run:
            patch.setattr(Settings, "resolved_as_of", lambda settings: settings.as_of or today)
            return build_quietly(source, out, as_of=as_of, preset="smartable", workers=1)

        runs = {
            "today": build_on(TODAY),
            "tomorrow": build_on(TOMORROW),
            "given": build_on(TOMORROW, as_of=TOMORROW),
            "again": build_on(TOMORROW),
            "unchanged": build_on(TOMORROW),
        }
    return Builds(**runs, marts={name: marts_of(run) for name, run in runs.items()})


def test_windows_end_on_the_last_day_with_news_or_on_the_day_given(builds: Builds) -> None:
    ends = [
        run.dates and run.dates.window_end_date for run in (builds.today, builds.tomorrow, builds.given, builds.again)
    ]
    assert ends == [LAST_NEWS, LAST_NEWS, TOMORROW, LAST_NEWS]


def test_a_day_that_is_given_or_no_longer_given_rebuilds_the_marts_of_the_same_day_and_reads_no_file(
    builds: Builds,
) -> None:
    """A build without --as-of after one with it of the same day would otherwise keep its windows."""
    done = [(run.outcome, run.changed_files.get("read")) for run in (builds.given, builds.again, builds.unchanged)]
    assert done == [("published", 0), ("published", 0), ("unchanged", None)]
    assert builds.unchanged.dates == builds.again.dates


def test_a_new_day_changes_no_mart_of_the_same_files_unless_it_was_given(builds: Builds) -> None:
    assert builds.tomorrow.outcome == "published"

    def changed(run: str) -> set[str]:
        return {
            name
            for name, content in builds.marts[run].items()
            if name not in DEPEND_ON_THE_PAST and content != builds.marts["today"][name]
        }

    assert len(builds.marts["today"]) > 10
    assert changed("tomorrow") == set()
    assert changed("again") == set()
    assert "coverage_by_topic" in changed("given")


def test_the_run_and_the_status_say_how_old_the_news_is(builds: Builds) -> None:
    out = builds.again.out
    shown = CliRunner().invoke(app, ["status", "--out", str(out)]).stdout.splitlines()
    assert [line.split() for line in shown if "_date" in line] == [
        ["as_of_date", "2026-02-01"],
        ["window_end_date", "2021-06-02"],
        ["last_article_date", "2021-06-02", "(1,705", "days", "before", "as_of_date)"],
    ]
    status = json.loads(CliRunner().invoke(app, ["status", "--out", str(out), "--json"]).stdout)
    dates = {name: status[name] for name in ("window_end_date", "first_article_date", "last_article_date")}
    assert dates == {
        "window_end_date": "2021-06-02",
        "first_article_date": "2021-04-20",
        "last_article_date": "2021-06-02",
    }
    assert status["days_since_last_article"] == 1_705
    assert CliRunner().invoke(app, ["status", "--out", str(out), "--max-age", "1d"]).exit_code == 0


def test_a_build_says_where_windows_end_only_if_that_is_not_the_day_that_it_describes(
    builds: Builds, capsys: pytest.CaptureFixture[str]
) -> None:
    for run in (builds.today, builds.given, builds.unchanged):
        show_build(run)
    said = capsys.readouterr().out
    assert ", as of 2026-01-31, windows up to 2021-06-02: 4 files seen" in said
    assert ", as of 2026-02-01: 4 files seen" in said
    assert "is up to date, as of 2026-02-01, windows up to 2021-06-02\n" in said


def test_only_the_calendar_of_the_corpus_is_in_the_marts_over_time(builds: Builds) -> None:
    """More than half of the rows of a mart over time began after the last article."""
    mart = builds.again.out / "published" / "marts" / "coverage_by_topic_over_time.parquet"
    rows = pl.read_parquet(mart).filter(pl.col("period_grain") == "week")
    assert rows["period_start_date"].max() == dt.date(2021, 5, 31)
