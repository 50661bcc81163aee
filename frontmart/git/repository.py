"""A git repository at one commit: what is read, from which subfolder of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from frontmart.errors import FrontmartError, SourceUnavailableError, UsageError
from frontmart.extract.nearest_folder import nearest_folder
from frontmart.git.command import Failure, Process, explain, run_git, started

# Branches named in an error.
_NAMED: Final = 5
_PARTIAL: Final = r"^(extensions\.partialclone|remote\..*\.promisor)$"


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository. Holds no process or file, so that it can be sent to other processes.

    Attributes:
        path: a folder of its worktree, its `.git`, or the folder of a bare one; as given.
        git_folder: where its objects are.
        subfolder: the folder that is read, relative to the root, such as `content/posts`; empty for the root.
        branch: the branch as given; None for HEAD.
        head: the full id of its last commit.
        object_format: sha1 or sha256.
    """

    path: Path
    git_folder: Path
    subfolder: str
    branch: str | None
    head: str
    object_format: str

    @classmethod
    def open(cls, path: Path, branch: str | None = None, subfolder: str = "") -> "Repository":
        """Find the repository that a folder is in; a folder below its root is a subfolder of it.

        Args:
            path: the folder.
            branch: a branch, a tag or a commit; None for what is checked out.
            subfolder: a folder of the repository, relative to `path`.

        Raises:
            SourceUnavailableError: if there is no repository, git refuses to read it, or it has no commits, or neither
                the branch nor the subfolder.
            UsageError: for a subfolder that leads out of the repository.
            FrontmartError: if git is not installed, or too old.
        """
        _check_folder(path)
        try:
            told = run_git(path, "rev-parse", "--show-object-format", "--absolute-git-dir", "--show-prefix")
        except Failure as failure:
            raise explain(path, failure) from None
        object_format, git_folder, prefix = told.split(b"\n", 2)
        if object_format.startswith(b"-"):
            raise FrontmartError(f"{path}: git is too old to read it; install git 2.31 or newer")
        inner = _join(os.fsdecode(prefix.rstrip(b"\n")), subfolder)
        head = _find_commit(path, branch)
        repository = cls(path, Path(os.fsdecode(git_folder)), inner, branch, head, object_format.decode())
        repository._check_subfolder()
        return repository

    @property
    def root(self) -> bytes:
        """What the paths of its subfolder begin with: empty, or `content/posts/`."""
        return os.fsencode(f"{self.subfolder}/") if self.subfolder else b""

    def run(self, *words: str) -> bytes:
        """Run git to its end -> what it wrote. Raises SourceUnavailableError if it fails."""
        try:
            return run_git(self.git_folder, *words)
        except Failure as failure:
            raise self.explain(failure) from None

    @contextmanager
    def started(self, *words: str, has_input: bool = False) -> Iterator[Process]:
        """Start git, and end it when the block ends. Raises SourceUnavailableError for a Failure in the block."""
        try:
            with started(self.git_folder, *words, has_input=has_input) as git:
                yield git
        except Failure as failure:
            raise self.explain(failure) from None

    def explain(self, failure: Failure) -> SourceUnavailableError:
        """The error for users, with what to do, when git fails: objects may be missing."""
        return self.missing_objects(failure.message) or explain(self.path, failure)

    def missing_objects(self, problem: str) -> SourceUnavailableError | None:
        """The error for users if it was cloned without some of its objects; else None."""
        if self.is_shallow():
            return self.shallow_error()
        if self.is_partial():
            return SourceUnavailableError(
                f"{self.path}: is a partial clone, without all of its files ({problem}); "
                "run `git fetch --refetch --no-filter` in it"
            )
        return None

    def shallow_error(self) -> SourceUnavailableError:
        """The error for users of a repository that has only the last commits."""
        return SourceUnavailableError(
            f"{self.path}: is a shallow clone, without all of its commits; run `git fetch --unshallow` in it"
        )

    def is_shallow(self) -> bool:
        """Whether it has only the last commits."""
        return self.run("rev-parse", "--is-shallow-repository").strip() == b"true"

    def is_partial(self) -> bool:
        """Whether it was cloned without some objects, to be fetched when they are needed: never by Frontmart."""
        try:
            return bool(run_git(self.git_folder, "config", "--get-regexp", _PARTIAL))
        except Failure:
            return False

    def find_commit(self, name: str) -> str | None:
        """The full id of the commit that a name means, or None."""
        return _resolve(self.git_folder, name)

    def _check_subfolder(self) -> None:
        if not self.subfolder:
            return
        try:
            kind = run_git(self.git_folder, "cat-file", "-t", f"{self.head}:{self.subfolder}").strip()
        except Failure:
            kind = b""
        if kind != b"tree":
            raise SourceUnavailableError(
                f"{self.path}: has no folder {self.subfolder} at commit {self.head[:12]}; name one with --path"
            )


def _check_folder(path: Path) -> None:
    try:
        is_folder = path.is_dir()
    except OSError as error:
        raise SourceUnavailableError(f"{path}: cannot be read ({error.strerror}); check its permissions") from None
    if not is_folder:
        near = nearest_folder(path)
        advice = f"did you mean {near}?" if near else "name the folder of a git repository"
        raise SourceUnavailableError(f"{path}: there is no such folder; {advice}")


def _join(prefix: str, subfolder: str) -> str:
    """A subfolder of a folder of the repository, relative to the root."""
    inner = os.path.normpath(f"{prefix}/{subfolder}".strip("/")) if prefix or subfolder else "."
    if subfolder.startswith("/") or inner == ".." or inner.startswith("../"):
        raise UsageError(f"{subfolder}: leads out of the repository; name a folder of it, relative to its root")
    return "" if inner == "." else inner


def _resolve(path: Path, name: str) -> str | None:
    for full in (f"refs/heads/{name}", name):
        try:
            found = run_git(path, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{full}^{{commit}}")
        except Failure:
            continue
        return found.decode().strip()
    return None


def _find_commit(path: Path, branch: str | None) -> str:
    found = _resolve(path, branch or "HEAD")
    if found:
        return found
    try:
        told = run_git(path, "for-each-ref", "--format=%(refname:short)", "refs/heads")
    except Failure as failure:
        raise explain(path, failure) from None
    branches = told.decode(errors="replace").split()
    if not branches:
        raise SourceUnavailableError(f"{path}: has no commits; commit the files first")
    names = ", ".join(branches[:_NAMED]) + (", ..." if len(branches) > _NAMED else "")
    if branch:
        raise SourceUnavailableError(f"{path}: has no branch {branch}; give another with --branch, such as {names}")
    raise SourceUnavailableError(f"{path}: HEAD has no commits; name a branch with --branch, such as {names}")
