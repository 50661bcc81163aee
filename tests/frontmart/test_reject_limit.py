"""Too many rejects: nothing is published, whatever was published before, and the message says which files and why."""

import json
from pathlib import Path

import pytest

from frontmart.allowance import Allowance
from frontmart.errors import ChecksFailedError, UsageError
from frontmart.settings import Settings
from frontmart.snapshots.run_log import read_runs
from frontmart.snapshots.store import published
from tests.forked import frontmart
from tests.sample import build_quietly

pytestmark = pytest.mark.usefixtures("few_models")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Eight files, of which two are rejects."""
    folder = tmp_path / "source"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.md").write_text(f"---\ntitle: Fine {number}\n---\n")
    for number in range(2):
        (folder / f"broken-{number}.md").write_text("---\ntitle: Live: The Show\n---\n")
    return folder


@pytest.mark.parametrize(
    ("text", "seen", "allowed"),
    [
        ("0", 1_000, 0), ("10", 3, 10), (" 7 ", 100, 7), ("0%", 1_000, 0), ("0.5%", 1_000, 5), ("0.5%", 199, 0),
        ("33.3 %", 3, 0), ("100%", 8, 8), ("0.1%", 10**9, 10**6), ("29%", 100, 29),
    ],
)  # fmt: skip
def test_a_limit_is_a_number_of_files_or_a_share_of_those_seen(text: str, seen: int, allowed: int) -> None:
    assert Allowance.parse(text).allowed(seen) == allowed


@pytest.mark.parametrize("text", ["-1", "101%", "x", "", "%", "1.5", "1e3", "-1%", "1%%", "10 files", "٣", "nan%"])
def test_an_invalid_limit_is_a_usage_error_that_shows_the_valid_forms(text: str) -> None:
    with pytest.raises(UsageError, match=r"max_rejects: must be a number of files, such as 10, or a percentage"):
        Settings.load(max_rejects=text)


def test_the_limit_may_come_from_a_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "frontmart.toml"
    config.write_text("max_rejects = 3\n")
    assert Settings.load(config).max_rejects == Allowance.parse("3")
    monkeypatch.setenv("FRONTMART_MAX_REJECTS", "2%")
    assert Settings.load(config).max_rejects == Allowance.parse("2%")
    config.write_text("max_rejects = 0.5\n")
    monkeypatch.delenv("FRONTMART_MAX_REJECTS")
    with pytest.raises(UsageError, match="percentage"):
        Settings.load(config)


@pytest.mark.parametrize("limit", ["1", "24.9%"])
def test_more_rejects_than_the_limit_end_in_exit_3_and_nothing_published(
    source: Path, tmp_path: Path, limit: str
) -> None:
    done = frontmart("build", source, "--out", tmp_path / "out", "--max-rejects", limit, "--quiet", "--json")
    assert done.returncode == 3
    assert not (tmp_path / "out" / "published").exists()
    first, second = done.stderr.splitlines()
    assert (
        first == "frontmart: nothing was published: max_rejects found rows; correct these rows, the model or the limit"
    )
    assert f"No more than 1 of 8 files may be rejects (max_rejects is {limit})" in second
    assert "correct these files, or raise the limit. (2 rows, the first: {'path': 'broken-0.md', 'line': 2," in second
    assert "'invalid_yaml'" in second
    (found,) = (check for check in json.loads(done.stdout)["checks"] if check["name"] == "max_rejects")
    assert (found["severity"], found["failed_row_count"], len(found["first_rows"])) == ("error", 2, 2)
    (run,) = read_runs(tmp_path / "out", pytest.fail)
    assert (run["outcome"], run["snapshot_id"], run["reject_count"]) == ("checks_failed", None, 2)


@pytest.mark.parametrize("limit", ["2", "25%"])
def test_as_many_rejects_as_the_limit_are_published(source: Path, tmp_path: Path, limit: str) -> None:
    done = frontmart("build", source, "--out", tmp_path / "out", "--max-rejects", limit, "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert published(tmp_path / "out")


def test_an_invalid_limit_is_reported_in_one_line(tmp_path: Path) -> None:
    done = frontmart("build", tmp_path, "--out", tmp_path, "--max-rejects", "-1")
    assert (done.returncode, done.stdout) == (2, "")
    assert "a number of files, such as 10, or a percentage of the files seen, such as 0.5%" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_published_snapshot_with_too_many_rejects_does_not_pass_because_nothing_changed(
    source: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = build_quietly(source, out)
    with pytest.raises(ChecksFailedError, match="max_rejects"):
        build_quietly(source, out, max_rejects="1")
    assert published(out).id == first.snapshot_id
    assert build_quietly(source, out, max_rejects="2").outcome == "unchanged"
    assert build_quietly(source, out).outcome == "unchanged"


def test_rejects_of_files_that_did_not_change_count_as_well(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build_quietly(source, out, max_rejects="2")
    (source / "new.md").write_text("---\ntitle: Live: The Show\n---\n")
    with pytest.raises(ChecksFailedError, match=r"3 rows"):
        build_quietly(source, out, max_rejects="2")
