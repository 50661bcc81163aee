"""Run git so that nothing that a repository configures is run: no hook, pager, filter, helper or other program."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

from frontmart.errors import FrontmartError, SourceUnavailableError

# What a repository's own configuration cannot override.
_SETTINGS: Final = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.commitGraph=false",  # a damaged or forged one would decide the history
    "core.bigFileThreshold=16m",  # larger blobs are streamed, not held in memory
    "gc.auto=0",
    "log.diffMerges=first-parent",
    "log.follow=false",
    "log.mailmap=false",
    "log.showRoot=true",
    "log.showSignature=false",
    "maintenance.auto=false",
    "protocol.allow=never",
)
# An empty list of protocols also overrides `protocol.ext.allow` of the repository, which `protocol.allow` does not.
_ENVIRONMENT: Final = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
# Variables of git that stay: where it is installed, and what its user, not the repository, configures.
_KEPT: Final = ("GIT_CONFIG_", "GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES")
_CHUNK: Final = 2**20


class Failure(Exception):  # noqa: N818  (an outcome of a program, not yet an error for users)
    """A git command failed.

    Attributes:
        message: what it complained about, without `fatal:`; empty if it said nothing.
    """

    def __init__(self, message: str) -> None:
        """Keep the message."""
        super().__init__(message)
        self.message = message


def git_command(folder: Path, *words: str) -> list[str]:
    """A command line of git for the repository that a folder is in."""
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    return ["git", "--no-pager", *settings, "-C", str(folder), *words]


def git_environment() -> dict[str, str]:
    """The environment of git: no variable that names another repository, and no language but English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
    kept.pop("LANGUAGE", None)
    return kept | _ENVIRONMENT


@contextmanager
def started(folder: Path, *words: str, has_input: bool = False) -> Iterator["Process"]:
    """Start git, and end it when the block ends. Raises FrontmartError if there is no git."""
    with TemporaryFile() as errors:
        try:
            process = subprocess.Popen(
                git_command(folder, *words),
                stdin=subprocess.PIPE if has_input else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=git_environment(),
                bufsize=_CHUNK,
            )
        except FileNotFoundError:
            raise FrontmartError(
                "git: is not installed, or not in PATH; install git, since histories need it"
            ) from None
        try:
            yield Process(process, errors)
        finally:
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with suppress(BrokenPipeError):  # it had not read all of its input
                pipe.close()
    process.wait()


@dataclass(frozen=True, slots=True)
class Process:
    """A running git, with pipes."""

    process: "subprocess.Popen[bytes]"
    errors: IO[bytes]

    @property
    def input(self) -> IO[bytes]:
        """What it reads."""
        assert self.process.stdin is not None  # noqa: S101
        return self.process.stdin

    @property
    def output(self) -> IO[bytes]:
        """What it writes."""
        assert self.process.stdout is not None  # noqa: S101
        return self.process.stdout

    def finish(self) -> None:
        """Wait for its end. Raises Failure if it failed."""
        if self.process.wait():
            raise self.failure()

    def failure(self) -> Failure:
        """What it complained about last."""
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        told = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines[-1:]
        return Failure(told[0].partition(": ")[2] or told[0] if told else "")

    def tokens(self) -> Iterator[bytes]:
        """Its output, split at NUL bytes; raises Failure at its end if it failed."""
        rest = b""
        while chunk := self.output.read(_CHUNK):
            *whole, rest = (rest + chunk).split(b"\0")
            yield from whole
        if rest:
            yield rest
        self.finish()


def run_git(folder: Path, *words: str) -> bytes:
    """Run git to its end -> what it wrote. Raises Failure, and FrontmartError without git."""
    with started(folder, *words) as git:
        output = git.output.read()
        git.finish()
        return output


def explain(path: Path, failure: Failure) -> SourceUnavailableError:
    """The error for users when git refuses to read the repository at a path."""
    message = failure.message
    if "dubious ownership" in message:
        folder = message.partition("'")[2].partition("'")[0] or path
        return SourceUnavailableError(
            f"{path}: belongs to another user, so git refuses to read it; "
            f"if you trust it, run `git config --global --add safe.directory {folder}`"
        )
    if "not a git repository" in message:
        return SourceUnavailableError(f"{path}: is no git repository; name the folder of one, or of a bare one")
    if "safe.bareRepository" in message:
        return SourceUnavailableError(
            f"{path}: git refuses bare repositories here (safe.bareRepository); run `git config --global "
            "safe.bareRepository all`, or name a clone with a worktree"
        )
    return SourceUnavailableError(
        f"{path}: git cannot read it ({message or 'it ended without a message'}); run `git -C {path} fsck`"
    )
