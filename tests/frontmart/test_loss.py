"""A source that is empty, incomplete or gone is not published over a good snapshot, however a build is started."""

import datetime as dt
import json
import os
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import duckdb
import pytest

import frontmart as api
from frontmart import pipeline
from frontmart import run as runs_module
from frontmart.allowance import Allowance
from frontmart.backfill import Waiting, build_days
from frontmart.errors import ChecksFailedError, SourceUnavailableError, UsageError
from frontmart.run import Run
from frontmart.runners import LocalRunner
from frontmart.settings import Settings
from frontmart.snapshots.loss_baseline import LossBaseline
from frontmart.snapshots.run_log import read_runs
from frontmart.snapshots.store import list_snapshots, published
from frontmart.terminal.progress import Console
from frontmart.warehouse.checks import loss_check
from tests.forked import frontmart
from tests.sample import AS_OF, build_quietly

pytestmark = pytest.mark.usefixtures("few_models")


def write(folder: Path, count: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"{number}.md").write_text(f"---\ntitle: Article {number}\n---\n")
    return folder


def keep(folder: Path, count: int) -> None:
    """Remove all files but the first ones."""
    for path in sorted(folder.glob("*.md"))[count:]:
        path.unlink()


def build_allowing_loss(source: Path, out: Path, **given: object) -> Run:
    settings = Settings.load(source=source, out=out, **{"as_of": AS_OF, **given})
    return pipeline.build(settings, LocalRunner(Console(is_quiet=True), settings.workers), allow_loss=True)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Ten articles."""
    return write(tmp_path / "source", 10)


@pytest.fixture
def built(source: Path, tmp_path: Path) -> Path:
    """The output folder of a build of the ten articles."""
    build_quietly(source, tmp_path / "out")
    return tmp_path / "out"


def test_a_source_that_was_emptied_is_blocked_tick_after_tick(source: Path, built: Path) -> None:
    good = published(built).id
    keep(source, 0)
    for _ in range(6):
        with pytest.raises(ChecksFailedError, match="max_loss"):
            build_quietly(source, built)
    assert published(built).id == good
    assert [snapshot.id for snapshot in list_snapshots(built)] == [good]
    blocked = [(run["outcome"], run["document_count"], run["snapshot_id"]) for run in read_runs(built, pytest.fail)[1:]]
    assert blocked == [("checks_failed", 0, None)] * 6


@pytest.mark.parametrize(
    ("left", "limit", "is_blocked"),
    [
        (11, "50%", False), (10, "50%", False), (5, "50%", False), (4, "50%", True), (1, "50%", True), (0, "50%", True),
        (5, "20%", True), (8, "20%", False), (7, "2", True), (8, "2", False), (9, "0", True), (10, "0", False),
        (1, "100%", False), (0, "100%", True), (0, "1000", True),
        (1, "none", False), (0, "none", True),
    ],
)  # fmt: skip
def test_a_loss_beyond_the_allowance_is_blocked_and_one_of_everything_always(
    left: int, limit: str, is_blocked: bool
) -> None:
    files = {"document": left, "reject": 1, "skipped": 1}
    allowance = None if limit == "none" else Allowance.parse(limit)
    check = loss_check(allowance, LossBaseline("20260131T060000000000Z", 10), files, is_allowed=False)
    with duckdb.connect() as con:
        con.execute("create schema tidy")
        con.execute("create table tidy.files as select 'document' as outcome from range($1)", [left])
        con.execute("insert into tidy.files from (values ('reject'), ('skipped'))")
        found = con.execute(check.sql).fetchall()
    assert found == ([(10, left, 1, 1)] if is_blocked else [])


def with_full(source: Path, out: Path) -> None:
    build_quietly(source, out, full=True)


def with_checksum(source: Path, out: Path) -> None:
    build_quietly(source, out, checksum=True)


def on_the_next_day_with_max_rejects(source: Path, out: Path) -> None:
    build_quietly(source, out, as_of=AS_OF + dt.timedelta(days=1), max_rejects="5")


def by_a_backfill(source: Path, out: Path) -> None:
    runner = LocalRunner(Console(is_quiet=True))
    settings = Settings.load(source=source, out=out)
    list(build_days(settings, [AS_OF], lambda: nullcontext(runner), Waiting(0, str)))


def by_the_api(source: Path, out: Path) -> None:
    api.build(source, out, as_of=AS_OF)


def test_no_way_to_build_publishes_a_loss(source: Path, built: Path) -> None:
    good = published(built).id
    keep(source, 3)
    for way in (with_full, with_checksum, on_the_next_day_with_max_rejects, by_a_backfill, by_the_api):
        with pytest.raises(ChecksFailedError, match="max_loss"):
            way(source, built)
        assert published(built).id == good, way.__name__


def test_other_code_publishes_no_loss(source: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs_module, "fingerprint", lambda *_: {"rows": "other code", "models": "other code"})
    keep(source, 3)
    with pytest.raises(ChecksFailedError, match="max_loss"):
        build_quietly(source, built)


def test_documents_that_turn_into_rejects_or_lose_their_front_matter_are_a_loss(source: Path, built: Path) -> None:
    for number, text in enumerate(["---\ntitle: a: b\n---\n", "no front matter\n"] * 3):
        (source / f"{number}.md").write_text(text)
    with pytest.raises(ChecksFailedError, match=r"to 4 \(3 rejects, 3 without front matter\); max_loss") as caught:
        build_quietly(source, built)
    (found,) = (check for check in caught.value.run.checks if check.name == "max_loss")
    assert found.first_rows == [
        {"previous_document_count": 10, "document_count": 4, "reject_count": 3, "skipped_count": 3}
    ]


def test_a_folder_of_the_source_that_cannot_be_read_is_a_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write(tmp_path / "source" / "news", 8).parent
    write(source, 2)
    build_quietly(source, tmp_path / "out")
    scandir = os.scandir

    def guarded(folder: str) -> object:
        if str(folder).endswith("news"):
            raise OSError(107, "Transport endpoint is not connected", folder)
        return scandir(folder)

    monkeypatch.setattr("frontmart.extract.listing.os.scandir", guarded)
    with pytest.raises(ChecksFailedError, match="max_loss"):
        build_quietly(source, tmp_path / "out")


def test_the_message_says_what_was_lost_and_how_to_publish_it_once(source: Path, built: Path) -> None:
    good = published(built).id
    keep(source, 0)
    done = frontmart("build", source, "--out", built, "--as-of", AS_OF, "--quiet", "--json")
    assert done.returncode == 3
    assert done.stderr == (
        f"frontmart: {source}: nothing was published: the documents fell from 10 in snapshot {good} to 0; max_loss "
        "(50%) allows no fewer than 5. Check that the source is mounted, complete and readable; to publish this loss "
        "once, run `frontmart build --allow-loss`\n"
    )
    (found,) = (check for check in json.loads(done.stdout)["checks"] if check["name"] == "max_loss")
    assert (found["severity"], found["failed_row_count"]) == ("error", 1)


def test_a_loss_that_is_allowed_once_is_published_with_a_warning_and_is_the_new_level(
    source: Path, built: Path
) -> None:
    keep(source, 3)
    assert frontmart("build", source, "--out", built, "--as-of", AS_OF, "--quiet").returncode == 3
    done = frontmart("build", source, "--out", built, "--as-of", AS_OF, "--allow-loss")
    assert done.returncode == 0, done.stderr
    assert "warning: max_loss: The documents fell from 10 in snapshot" in done.stdout
    keep(source, 2)
    assert build_quietly(source, built).outcome == "published"
    keep(source, 0)
    with pytest.raises(ChecksFailedError, match="max_loss"):
        build_quietly(source, built)


def test_to_allow_a_loss_is_not_a_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "frontmart.toml"
    config.write_text("allow_loss = true\n")
    with pytest.raises(UsageError, match="allow_loss"):
        Settings.load(config)
    assert "allow_loss" not in Settings.model_fields


def test_the_api_allows_a_loss_once(source: Path, built: Path) -> None:
    keep(source, 1)
    assert api.build(source, built, as_of=AS_OF, allow_loss=True).files["document"] == 1


def test_the_allowance_may_come_from_a_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.load().max_loss == Allowance.parse("50%")
    config = tmp_path / "frontmart.toml"
    config.write_text('max_loss = "10%"\n')
    assert Settings.load(config).max_loss == Allowance.parse("10%")
    config.write_text("max_loss = 3\n")
    assert Settings.load(config).max_loss == Allowance.parse("3")
    monkeypatch.setenv("FRONTMART_MAX_LOSS", "None")
    assert Settings.load(config).max_loss is None


@pytest.mark.parametrize("text", ["-1", "101%", "half", "", "0.5"])
def test_an_invalid_allowance_is_a_usage_error_that_shows_the_valid_forms(text: str) -> None:
    forms = (
        r"max_loss: must be a number of documents, such as 10, a percentage of those published, such as 50%, or none"
    )
    with pytest.raises(UsageError, match=forms):
        Settings.load(max_loss=text)


def test_another_source_into_the_same_place_is_not_blocked(built: Path, tmp_path: Path) -> None:
    assert build_quietly(write(tmp_path / "other", 1), built).files["document"] == 1


def test_damage_and_a_loss_together_publish_nothing(source: Path, built: Path) -> None:
    published(built).run_file.write_text('{"a": 1}')
    keep(source, 1)
    with pytest.raises(ChecksFailedError, match="max_loss"):
        build_quietly(source, built)
    assert build_allowing_loss(source, built).files["document"] == 1


# A source that is missing or empty.


class Retrying(LocalRunner):
    """A runner that runs the step `list` again after an error, as a schedule does."""

    def __init__(self, before_retry: Callable[[], object]) -> None:
        super().__init__(Console(is_quiet=True), 1)
        self.before_retry = before_retry
        self.failures: list[str] = []

    def run(self, step, function, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        if step != "list":
            return super().run(step, function, *args, **kwargs)
        try:
            return super().run(step, function, *args, **kwargs)
        except SourceUnavailableError as error:
            self.failures.append(str(error))
            self.before_retry()
            return super().run(step, function, *args, **kwargs)


def test_an_empty_source_that_returns_is_built_by_the_retry(source: Path, built: Path) -> None:
    keep(source, 0)
    runner = Retrying(lambda: write(source, 11))
    run = pipeline.build(Settings.load(source=source, out=built), runner)
    assert runner.failures == [f"{source}: has no files, but snapshot {list_snapshots(built)[-1].id} has 10 documents"
                               " of it; check that it is mounted"]  # fmt: skip
    assert (run.outcome, run.files["document"]) == ("published", 11)


def test_a_missing_source_that_returns_is_built_by_the_retry(source: Path, built: Path) -> None:
    shutil.rmtree(source)
    runner = Retrying(lambda: write(source, 11))
    run = pipeline.build(Settings.load(source=source, out=built), runner)
    assert runner.failures == [
        f"{source}: there is no such folder; name the folder of front-matter files to build from"
    ]
    assert (run.outcome, run.files["document"]) == ("published", 11)


def test_a_missing_source_of_a_first_build_is_retried_too(tmp_path: Path) -> None:
    (tmp_path / "source.md").write_text("")
    runner = Retrying(lambda: None)
    with pytest.raises(SourceUnavailableError, match="is not a folder"):
        pipeline.build(Settings.load(source=tmp_path / "source.md", out=tmp_path / "out"), runner)
    assert len(runner.failures) == 1
    assert not (tmp_path / "out").exists()


def test_a_source_that_stays_empty_is_blocked_after_the_retries(source: Path, built: Path) -> None:
    keep(source, 0)
    runner = Retrying(lambda: None)
    with pytest.raises(ChecksFailedError, match="max_loss"):
        pipeline.build(Settings.load(source=source, out=built), runner)
    assert len(runner.failures) == 1


def test_an_empty_source_that_is_allowed_is_published_without_a_retry_and_may_stay_empty(
    source: Path, built: Path
) -> None:
    keep(source, 0)
    runner = Retrying(lambda: None)
    run = pipeline.build(Settings.load(source=source, out=built, as_of=AS_OF), runner, allow_loss=True)
    assert (run.outcome, run.files["seen"], runner.failures) == ("published", 0, [])
    assert build_quietly(source, built).outcome == "unchanged"
    assert build_quietly(source, built, full=True).outcome == "published"


def test_no_setting_publishes_an_emptied_source(source: Path, built: Path) -> None:
    good = published(built).id
    keep(source, 0)
    with pytest.raises(ChecksFailedError, match=r"max_loss \(none\) allows no fewer than 1\. .* --allow-loss"):
        build_quietly(source, built, max_loss="none", allow_empty=True)
    assert published(built).id == good


def test_a_missing_source_is_exit_2_and_in_the_run_history_of_what_was_built(source: Path, built: Path) -> None:
    shutil.rmtree(source)
    done = frontmart("build", source, "--out", built)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"frontmart: {source}: there is no such folder; name the folder of front-matter files to " \
                          "build from\n"  # fmt: skip
    assert [run["outcome"] for run in read_runs(built, pytest.fail)] == ["published", "failed"]


def test_a_missing_source_creates_nothing(tmp_path: Path) -> None:
    done = frontmart("build", tmp_path / "nowhere", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert not (tmp_path / "out").exists()
