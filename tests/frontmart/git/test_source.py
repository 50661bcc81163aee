"""A build of a commit equals a build of its checkout, and reads only the blobs that it does not know."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from frontmart.errors import UsageError
from frontmart.extract.listing import LISTING_SCHEMA, list_source
from frontmart.git.blobs import BlobReader
from frontmart.git.source import CommitSource
from frontmart.pipeline import build
from frontmart.run import Run
from frontmart.runners import LocalRunner
from frontmart.settings import Settings
from frontmart.snapshots.store import published
from frontmart.terminal.progress import Console
from tests.repositories import SUBFOLDER, check_out, commit_files, first_parents, make_repository
from tests.sample import AS_OF, build_quietly

pytestmark = pytest.mark.usefixtures("few_models")
# What a listing says of a checkout alone.
OF_A_CHECKOUT = ("mtime_ns", "ctime_ns", "inode")


def build_commit(source: CommitSource, out: Path, **given: object) -> Run:
    settings = Settings.load(source=source.repository.path, out=out, **{"as_of": AS_OF, **given})
    return build(settings, LocalRunner(Console(is_quiet=True), settings.workers), source=source)


def tidy(run: Run) -> dict[str, pl.DataFrame]:
    return {
        path.stem: pl.read_parquet(path)
        for path in sorted(published(run.out).tables.glob("*.parquet"))
        if path.stem != "files"
    }


@pytest.mark.parametrize("preset", ["smartable", "generic"])
@pytest.mark.parametrize("subfolder", ["", SUBFOLDER])
def test_a_build_of_a_commit_equals_one_of_its_checkout(tmp_path: Path, preset: str, subfolder: str) -> None:
    repository = make_repository(tmp_path / "repository", 3, preset=preset)
    commits = first_parents(repository)
    for number in (0, 13, 26, len(commits) - 1):
        source = CommitSource.open(repository, commits[number], subfolder)
        folder = check_out(repository, commits[number], tmp_path / f"checkout-{number}") / subfolder
        of_commit, of_folder = source.listing().drop(OF_A_CHECKOUT), list_source(folder).drop(OF_A_CHECKOUT)
        assert_frame_equal(of_commit, of_folder)
        expected = tidy(build_quietly(folder, tmp_path / f"out-{number}", preset=preset))
        found = tidy(build_commit(source, tmp_path / "out", preset=preset))
        assert found.keys() == expected.keys()
        for name, frame in expected.items():
            assert_frame_equal(found[name], frame)
        assert expected["documents"].height > 5


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_only_changed_blobs_are_read(tmp_path: Path, object_format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = make_repository(tmp_path / "repository", 5, commits=12, object_format=object_format, bare=True)
    commits = first_parents(repository)
    build_commit(CommitSource.open(repository, commits[-2]), tmp_path / "out", preset="smartable")
    read = BlobReader.read
    ids: list[str] = []

    def counted(self: BlobReader, blob_id: str, at_most: int) -> bytes | None:
        ids.append(blob_id)
        return read(self, blob_id, at_most)

    monkeypatch.setattr(BlobReader, "read", counted)
    source = CommitSource.open(repository, commits[-1])
    run = build_commit(source, tmp_path / "out", preset="smartable")
    before, after = (CommitSource.open(repository, commit).listing() for commit in commits[-2:])
    written = after.join(before, on=["path", "ctime_ns", "inode"], how="anti", nulls_equal=True)
    unreadable = after.filter(pl.col("error").is_not_null()).height
    assert written.height
    assert run.changed_files["read"] == written.height + unreadable
    # The texts of links are read too.
    assert len([each for each in ids if len(each) == 30]) == written.height
    # And again: nothing changed.
    assert build_commit(source, tmp_path / "out", preset="smartable").outcome == "unchanged"


def test_an_output_folder_may_be_in_the_worktree_but_not_where_git_keeps_its_objects(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "repository", 1, commits=1)
    source = CommitSource.open(repository, "HEAD")
    for out in (repository / ".git", repository / ".git" / "out"):
        with pytest.raises(UsageError, match="where git keeps its objects; give another --out"):
            build_commit(source, out)
    assert build_commit(source, repository / "data").outcome == "published"


def test_a_commit_without_files_has_an_empty_listing(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "repository", 1, commits=1, bare=False)
    commit_files(repository, {"a/b.css": b""})
    listing = CommitSource.open(repository, "main", "a").listing()
    assert_frame_equal(listing, pl.DataFrame(schema=LISTING_SCHEMA))


def test_a_blob_is_no_time_to_come(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "repository", 1, commits=1)
    listing = CommitSource.open(repository, "HEAD").listing()
    assert listing["ctime_ns"].max() < dt.datetime(2010, 1, 1, tzinfo=dt.UTC).timestamp() * 1e9  # type: ignore[operator]
