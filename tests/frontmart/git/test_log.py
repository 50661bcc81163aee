"""The log of a repository, against the trees of its commits."""

from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from frontmart.extract.listing import list_source
from frontmart.git.log import Log, read_log
from frontmart.git.repository import Repository
from tests.repositories import SUBFOLDER, check_out, commit_files, first_parents, make_repository, run_git

# Those that a generated repository may have.
LINKS = {
    *(b"_news/link.md", b"_news/chain.md", b"_news/broken-link.md", b"outside.md", b"absolute.md", b"loop.md"),
    *(b"content/up.md", b"through.md", b"folder.md"),
}


def log_of(path: Path, subfolder: str = "", after: str | None = None) -> Log:
    log = read_log(Repository.open(path, subfolder=subfolder), after)
    assert log is not None
    return log


def state(log: Log, step: int) -> dict[str, tuple[str | None, str | None]]:
    """Path -> blob and error, after a step, by replaying the writes."""
    rows = log.writes.filter(pl.col("step") <= step).sort("path", "step").unique("path", keep="last")
    rows = rows.filter(pl.col("blob_id").is_not_null() | pl.col("error").is_not_null())
    return {path: (blob, error) for path, blob, error in rows.select("path", "blob_id", "error").iter_rows()}


def checkout_state(
    repository: Path, commit: str, folder: Path, subfolder: str
) -> dict[str, tuple[str | None, str | None]]:
    """The same, of the files of a checkout, which git hashes."""
    source = check_out(repository, commit, folder) / subfolder
    listing = list_source(source)
    names = [
        source / Path((raw or path.encode()).decode(errors="surrogateescape"))
        for path, raw, error in listing.select("path", "raw_path", "error").iter_rows()
        if error is None
    ]
    told = run_git("hash-object", "--no-filters", "--", *(str(name) for name in names), cwd=repository)
    ids = iter(told.decode().split())
    return {
        path: (None, error) if error else (next(ids), None)
        for path, error in listing.select("path", "error").iter_rows()
    }


@pytest.mark.parametrize("subfolder", ["", SUBFOLDER])
@pytest.mark.parametrize(("seed", "object_format"), [(1, "sha1"), (2, "sha256"), (4, "sha1")])
def test_the_replayed_writes_are_the_files_of_each_checkout(
    tmp_path: Path, seed: int, object_format: str, subfolder: str
) -> None:
    repository = make_repository(tmp_path / "repository", seed, object_format=object_format)
    log = log_of(repository, subfolder)
    commits = first_parents(repository)
    assert log.steps["commit_id"].to_list() == commits
    for step, commit in enumerate(commits):
        found = state(log, step)
        assert found == checkout_state(repository, commit, tmp_path / str(step), subfolder)
        assert found


def test_a_write_is_what_git_shows_for_a_path(tmp_path: Path) -> None:
    """Of files that are no links: their writes, removals, and mode changes, each merge against its first parent."""
    repository = make_repository(tmp_path / "repository", 6)
    commits = first_parents(repository)
    step_of = {commit: step for step, commit in enumerate(commits)}
    expected = []
    for old, new in pairwise(commits):
        told = run_git("diff-tree", "-r", "-z", "--no-renames", old, new, cwd=repository).split(b"\0")[:-1]
        for about, path in zip(told[::2], told[1::2], strict=True):
            _, mode, _, blob, _ = about.decode().split()
            hidden = any(part.startswith(b".") for part in path.split(b"/")[:-1])
            if path.lower().endswith((b".md", b".mdx", b".html", b".txt")) and not hidden and path not in LINKS:
                expected.append((step_of[new], path, blob if mode.startswith("100") else None))
    writes = log_of(repository).writes.filter(pl.col("step") > 0)
    found = [
        (step, raw or path.encode(), blob)
        for step, path, raw, blob in writes.select("step", "path", "raw_path", "blob_id").iter_rows()
    ]
    assert sorted(expected) == sorted(row for row in found if row[1] not in LINKS)


def test_steps_are_in_the_order_of_their_commits_whatever_their_times(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "repository", 1, commits=60)
    steps = log_of(repository).steps
    told = run_git("log", "--first-parent", "--reverse", "--format=%H %ct %at", cwd=repository).decode().split()
    assert steps["commit_id"].to_list() == told[::3]
    assert (steps["committed_at"].dt.epoch("s")).cast(pl.String).to_list() == told[1::3]
    assert (steps["authored_at"].dt.epoch("s")).cast(pl.String).to_list() == told[2::3]
    assert not steps["committed_at"].is_sorted()
    assert steps["committed_at"].is_duplicated().any()


@pytest.mark.parametrize("subfolder", ["", SUBFOLDER])
def test_the_log_after_a_commit_is_the_rest_of_the_log(tmp_path: Path, subfolder: str) -> None:
    repository = make_repository(tmp_path / "repository", 2)
    whole = log_of(repository, subfolder)
    commits = first_parents(repository)
    for known in (0, 11, len(commits) - 2, len(commits) - 1):
        rest = log_of(repository, subfolder, after=commits[known])
        assert_frame_equal(rest.steps, whole.steps.slice(known + 1))
        for found, expected in ((rest.writes, whole.writes), (rest.similar, whole.similar)):
            shifted = expected.filter(pl.col("step") > known).with_columns(pl.col("step") - known - 1)
            assert_frame_equal(found, shifted)


def test_a_rewritten_history_has_no_log_after_what_it_lost(tmp_path: Path) -> None:
    path = make_repository(tmp_path / "repository", 2)
    commits = first_parents(path)
    merged = run_git("rev-parse", "side", cwd=path).decode().strip()
    assert read_log(Repository.open(path), merged) is None  # reached, but not on the first-parent line
    assert read_log(Repository.open(path, commits[5]), commits[9]) is None  # the branch was moved back
    assert read_log(Repository.open(path), "0" * 40) is None
    assert read_log(Repository.open(path), "main") is None  # a name is no id
    run_git("reset", "--quiet", "--hard", commits[5], cwd=path)
    commit_files(path, {"other.md": b"---\ntitle: Other\n---\n"})
    assert read_log(Repository.open(path), commits[-1]) is None
    assert log_of(path, after=commits[5]).writes["path"].to_list() == ["other.md"]


def test_files_that_git_finds_similar_are_paired_unless_they_have_the_same_content(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "repository", 1, commits=1, files=1)
    text = "".join(f"line {number}\n" for number in range(40)).encode()
    other = "".join(f"verse {number}\n" for number in range(40)).encode()
    commit_files(repository, {"a.md": text, "b.md": other, "c.css": text + b"css"})
    commit_files(repository, {"a.md": None, "new/a.md": text + b"more\n", "b.md": None, "new/b.md": other})
    commit_files(repository, {"new/b.md": None, "b.md": other})
    commit_files(repository, {"b.md": None, "nothing alike.md": b"short"})
    similar = log_of(repository).similar
    assert similar.rows() == [(2, "a.md", "new/a.md", similar["similarity"][0]), (2, "b.md", "new/b.md", 1.0)]
    assert 0.9 < similar["similarity"][0] < 1


@pytest.mark.parametrize("folder", ["a [b] *c?\\d", "plain/deep"])
def test_only_files_of_the_subfolder_are_paired(tmp_path: Path, folder: str) -> None:
    repository = make_repository(tmp_path / "repository", 1, commits=1, files=1)
    text = "".join(f"line {number}\n" for number in range(40)).encode()
    inside = f"{folder}/".lstrip("/")
    commit_files(repository, {f"{inside}old.md": text, f"{inside}x/old.MDX": text[::-1], "aside/x.md": text})
    new: dict[str, bytes | None] = {f"{inside}new.md": text + b"new\n"}
    gone = {f"{inside}old.md": None, f"{inside}x/old.MDX": None}
    commit_files(repository, {**new, f"{inside}y/new.Html": text[::-1] + b"new\n", **gone, "aside/x.md": None})
    pairs = log_of(repository, folder).similar.select("from_path", "path").rows()
    assert pairs == [("old.md", "new.md"), ("x/old.MDX", "y/new.Html")]


def test_times_that_no_calendar_has_are_the_nearest_ones(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "repository", 1, commits=1, files=1)
    tree = run_git("rev-parse", "HEAD^{tree}", cwd=repository).decode().strip()
    head = run_git("rev-parse", "HEAD", cwd=repository).decode().strip()
    for time in ("99999999999999", "0", "18446744073709551614"):
        text = f"tree {tree}\nparent {head}\nauthor a <a> {time} +0000\ncommitter c <c> {time} +9999\n\nx\n"
        words = ("hash-object", "-t", "commit", "-w", "--stdin", "--literally")
        head = run_git(*words, cwd=repository, input_=text.encode()).decode().strip()
    run_git("update-ref", "refs/heads/main", head, cwd=repository)
    years = log_of(repository).steps["committed_at"].dt.year().to_list()
    assert years[0] == 2020
    assert years[1:3] == [9999, 1970]
    assert 1 <= years[3] <= 9999
