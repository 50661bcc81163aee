"""Which repositories can be read, and what is said of those that cannot."""

import os
import pickle
import shutil
from pathlib import Path

import pytest

from frontmart.errors import FrontmartError, SourceUnavailableError, UsageError
from frontmart.git import command
from frontmart.git.blobs import BlobReader, sizes_of
from frontmart.git.log import read_log
from frontmart.git.repository import Repository
from frontmart.git.source import CommitSource
from tests.repositories import commit_files, first_parents, make_repository, run_git

ARTICLE = b"---\ntitle: One\n---\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "repository", 1, commits=6, files=9)


def objects_of(repository: Path) -> list[Path]:
    return sorted((repository / ".git" / "objects").glob("??/*"))


def test_any_folder_of_a_repository_names_it(repository: Path, tmp_path: Path) -> None:
    linked, bare = tmp_path / "linked", tmp_path / "bare.git"
    run_git("worktree", "add", "--quiet", "--detach", str(linked), "HEAD~2", cwd=repository)
    run_git("clone", "--quiet", "--bare", str(repository), str(bare), cwd=tmp_path)
    head = first_parents(repository)[-1]
    assert Repository.open(repository).head == Repository.open(bare).head == head
    assert Repository.open(repository / ".git").head == head
    assert Repository.open(repository / "content" / "deep").subfolder == "content/deep"
    assert Repository.open(repository / "content", subfolder="deep/").subfolder == "content/deep"
    assert Repository.open(linked).head == first_parents(linked)[-1] != head
    for path in (bare, linked, repository / ".git"):
        opened = Repository.open(path, subfolder="content")
        log = read_log(opened)
        assert log is not None
        assert log.steps["commit_id"].to_list() == first_parents(path)
        assert CommitSource(opened, opened.head).listing().height > 0


def test_a_branch_a_tag_or_a_commit_can_be_read_and_a_branch_comes_first(repository: Path) -> None:
    commits = first_parents(repository)
    run_git("branch", "other", commits[1], cwd=repository)
    run_git("tag", "other", commits[2], cwd=repository)
    run_git("tag", "--annotate", "-m", "x", "v1", commits[3], cwd=repository)
    heads = [Repository.open(repository, name).head for name in ("other", "v1", commits[4], "main", "side~1")]
    assert heads[:4] == [commits[1], commits[3], commits[4], commits[-1]]


def test_a_repository_can_be_sent_to_another_process(repository: Path) -> None:
    source = CommitSource.open(repository, "HEAD")
    assert pickle.loads(pickle.dumps(source)) == source


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"branch": "nope"}, "has no branch nope; give another with --branch, such as main, side"),
        ({"branch": "--output=x"}, "has no branch --output=x; give another"),
        ({"branch": "main:content"}, "has no branch main:content; give another"),
        ({"subfolder": "nope"}, "has no folder nope at commit [0-9a-f]{12}; name one with --path"),
        ({"subfolder": "empty.md"}, "has no folder empty.md at commit"),
        ({"subfolder": "vendor/module"}, "has no folder vendor/module at commit"),
        ({"subfolder": "../x"}, "../x: leads out of the repository; name a folder of it, relative to its root"),
        ({"subfolder": "/etc"}, "/etc: leads out of the repository"),
    ],
)
def test_what_a_repository_lacks_is_named(repository: Path, given: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        Repository.open(repository, **given)
    assert "\n" not in str(caught.value)


def test_what_is_no_repository_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "plain").mkdir()
    with pytest.raises(SourceUnavailableError, match="plain: is no git repository; name the folder of one, or of a ba"):
        Repository.open(tmp_path / "plain")
    with pytest.raises(SourceUnavailableError, match=r"plian: there is no such folder; did you mean .*/plain\?"):
        Repository.open(tmp_path / "plian")
    run_git("init", "--quiet", "new", cwd=tmp_path)
    with pytest.raises(SourceUnavailableError, match="new: has no commits; commit the files first"):
        Repository.open(tmp_path / "new")


def test_a_branch_without_commits_is_named(repository: Path) -> None:
    run_git("symbolic-ref", "HEAD", "refs/heads/empty", cwd=repository)
    with pytest.raises(SourceUnavailableError, match="HEAD has no commits; name a branch with --branch, such as main"):
        Repository.open(repository)


def test_git_must_be_installed(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(FrontmartError, match="git: is not installed, or not in PATH; install git"):
        Repository.open(repository)


def test_variables_that_name_another_repository_change_nothing(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_repository(tmp_path / "other", 2, commits=2, files=2)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other / ".git" / "objects"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    opened = Repository.open(repository)
    monkeypatch.undo()
    assert opened.head == first_parents(repository)[-1]


def test_a_repository_of_another_user_is_explained() -> None:
    told = "detected dubious ownership in repository at '/srv/press'"
    error = command.explain(Path("/srv/press/news"), command.Failure(told))
    assert str(error) == (
        "/srv/press/news: belongs to another user, so git refuses to read it; if you trust it, run "
        "`git config --global --add safe.directory /srv/press`"
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_git_refuses_a_repository_of_another_user(repository: Path) -> None:
    for path in (repository, repository / ".git"):
        os.chown(path, 12_345, 12_345)
    with pytest.raises(SourceUnavailableError, match=r"git config --global --add safe.directory "):
        Repository.open(repository)


def test_a_shallow_clone_has_no_history(repository: Path, tmp_path: Path) -> None:
    run_git("clone", "--quiet", "--depth=2", f"file://{repository}", "shallow", cwd=tmp_path)
    shallow = tmp_path / "shallow"
    with pytest.raises(SourceUnavailableError, match="is a shallow clone, without all of its commits; run `git fetch "):
        read_log(Repository.open(shallow))
    run_git("fetch", "--quiet", "--unshallow", cwd=shallow)
    log = read_log(Repository.open(shallow))
    assert log is not None
    assert log.steps["commit_id"].to_list() == first_parents(repository)


@pytest.mark.parametrize("objects", ["blob:none", "tree:0"])
def test_a_partial_clone_lacks_files_and_fetches_nothing(repository: Path, tmp_path: Path, objects: str) -> None:
    run_git("config", "uploadpack.allowFilter", "true", cwd=repository)
    url = f"file://{repository}"
    run_git("clone", "--quiet", f"--filter={objects}", "--no-checkout", url, "partial", cwd=tmp_path)
    partial = tmp_path / "partial"

    def read() -> None:
        opened = Repository.open(partial)
        log = read_log(opened)
        assert log is not None
        ids = log.writes["blob_id"].drop_nulls().unique().to_list()
        with BlobReader(opened) as reader:
            assert all(each is not None for each in reader.read_all(ids, 2**20))
            assert reader.read(ids[0], 2**20)
        assert CommitSource.open(partial, "HEAD").listing().height

    before = objects_in(partial)
    with pytest.raises(
        SourceUnavailableError, match=r"is a partial clone, without all of its files .*refetch --no-filt"
    ):
        read()
    with pytest.raises(SourceUnavailableError, match="is a partial clone, without all of its files"):
        CommitSource.open(partial, "HEAD").listing()
    assert objects_in(partial) == before
    run_git("fetch", "--quiet", "--refetch", "--no-filter", cwd=partial)
    read()


def objects_in(repository: Path) -> set[str]:
    return {path.name for path in (repository / ".git" / "objects").rglob("*")}


def test_missing_and_damaged_objects_are_named(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "repository", 1, commits=1, files=1)
    head = commit_files(repository, {"new.md": ARTICLE * 50})
    blob = run_git("rev-parse", "HEAD:new.md", cwd=repository).decode().strip()
    place = repository / ".git" / "objects" / blob[:2] / blob[2:]
    whole = place.read_bytes()
    opened = Repository.open(repository)
    for content in (None, b"", whole[:20], b"\0" + whole[1:]):
        place.chmod(0o644) if place.exists() else None
        place.unlink(missing_ok=True) if content is None else place.write_bytes(content)
        for one_at_a_time in (True, False):
            with BlobReader(opened) as reader, pytest.raises(SourceUnavailableError, match=r"run `git -C .* fsck`"):
                reader.read(blob, 99_999) if one_at_a_time else list(reader.read_all([blob], 99_999))
    shutil.rmtree(repository / ".git" / "objects" / head[:2])
    with pytest.raises(SourceUnavailableError):
        read_log(opened)


def test_blobs_are_read_in_order_and_large_ones_are_left_out(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "repository", 1, commits=1, files=1)
    contents = [b"", b"\n\n", os.urandom(3 * 2**20), ARTICLE] + [b"%d" % number for number in range(3_000)]
    blobs = [
        run_git("hash-object", "-w", "--stdin", cwd=repository, input_=each).decode().strip() for each in contents[:4]
    ]
    paths = "\n".join(str(each) for each in range(4, 3_004))
    for number, content in enumerate(contents[4:], start=4):
        (tmp_path / str(number)).write_bytes(content)
    told = run_git(
        "hash-object",
        "-w",
        "--stdin-paths",
        cwd=tmp_path / "repository",
        input_="".join(f"{tmp_path}/{each}\n" for each in paths.splitlines()).encode(),
    )
    blobs += told.decode().split()
    opened = Repository.open(repository)
    with BlobReader(opened) as reader:
        assert list(reader.read_all(blobs, 2**30)) == contents
        assert list(reader.read_all(blobs, 2**20)) == [each if len(each) <= 2**20 else None for each in contents]
        assert [reader.read(blob, 4) for blob in blobs[:5]] == [b"", b"\n\n", None, None, b"0"]
        assert [reader.read(blob[:30], 4) for blob in blobs[:5]] == [b"", b"\n\n", None, None, b"0"]
        few = reader.read_all(blobs, 2**30)
        assert next(few) == b""
        few.close()  # type: ignore[attr-defined]
        assert reader.read(blobs[1], 4) == b"\n\n"
    assert list(BlobReader(opened).read_all([], 1)) == []
    assert sizes_of(opened, blobs) == {blob: len(each) for blob, each in zip(blobs, contents, strict=True)}
