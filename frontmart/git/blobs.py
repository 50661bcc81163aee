"""Read blobs by their ids, through one `git cat-file` process."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from threading import Thread
from types import TracebackType
from typing import IO, Final

from frontmart.errors import SourceUnavailableError
from frontmart.git.command import Process
from frontmart.git.repository import Repository

_CHUNK: Final = 2**20
# Ids written at once. What is read ahead is bounded by the pipes: git waits until its output is read.
_IDS_AT_ONCE: Final = 1_000


class BlobReader:
    """Reads blobs, one at a time by `read`, or many in order by `read_all`, which is faster."""

    def __init__(self, repository: Repository) -> None:
        """Set the repository; a process starts with the first blob."""
        self._repository = repository
        self._processes = ExitStack()
        self._git: Process | None = None

    def __enter__(self) -> "BlobReader":
        """Return the reader."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._git = None
        self._processes.close()

    def read(self, blob_id: str, at_most: int) -> bytes | None:
        """The content of a blob, or None if it has more than `at_most` bytes.

        Raises SourceUnavailableError if the blob is missing or damaged.
        """
        if self._git is None:
            self._git = self._processes.enter_context(self._repository.started("cat-file", "--batch", has_input=True))
        try:
            self._git.input.write(blob_id.encode() + b"\n")
            self._git.input.flush()
        except BrokenPipeError:
            raise self._explain(self._git, blob_id) from None
        return self._take(self._git, blob_id, at_most)

    def read_all(self, blob_ids: Iterable[str], at_most: int = sys.maxsize) -> Iterator[bytes | None]:
        """The contents of blobs, in the order of their ids, each as `read` returns it; as much as pipes hold ahead."""
        ids = list(blob_ids)
        if not ids:
            return
        with self._repository.started("cat-file", "--batch", "--buffer", has_input=True) as git:
            writer = Thread(target=_write_ids, args=(git.input, ids), name="blob ids", daemon=True)
            writer.start()
            try:
                for blob_id in ids:
                    yield self._take(git, blob_id, at_most)
            finally:
                git.process.kill()
                writer.join()

    def _take(self, git: Process, blob_id: str, at_most: int) -> bytes | None:
        header = git.output.readline().split()
        if len(header) != 3 or header[1] != b"blob":
            raise self._explain(git, blob_id, header)
        size = int(header[2])
        if size > at_most:
            left = size + 1
            while left and (skipped := git.output.read(min(left, _CHUNK))):
                left -= len(skipped)
            data = None
        else:
            data = git.output.read(size + 1)
            left = size + 1 - len(data)
            data = data[:-1]
        if left:
            raise self._explain(git, blob_id)
        return data

    def _explain(self, git: Process, blob_id: str, header: list[bytes] | None = None) -> SourceUnavailableError:
        if header:
            kind = b" ".join(header[1:2]).decode(errors="replace")
            return missing_blob(self._repository, blob_id, "is missing" if kind == "missing" else f"is a {kind}")
        git.process.wait()
        return missing_blob(self._repository, blob_id, git.failure().message or "cannot be read")


def missing_blob(repository: Repository, blob_id: str, problem: str = "is missing") -> SourceUnavailableError:
    """The error for users if a blob cannot be read."""
    told = problem if blob_id in problem else f"object {blob_id} {problem}"
    return repository.missing_objects(told) or SourceUnavailableError(
        f"{repository.path}: {told}; run `git -C {repository.path} fsck`, and fetch it again or clone it anew"
    )


def _write_ids(pipe: IO[bytes], ids: list[str]) -> None:
    try:
        for start in range(0, len(ids), _IDS_AT_ONCE):
            pipe.write("".join(f"{blob_id}\n" for blob_id in ids[start : start + _IDS_AT_ONCE]).encode())
        pipe.close()
    except (BrokenPipeError, ValueError):  # the process has ended; who reads its output says why
        pass


def sizes_of(repository: Repository, blob_ids: Iterable[str]) -> dict[str, int]:
    """The sizes of blobs in bytes, by their ids; without those that are missing."""
    ids = list(blob_ids)
    if not ids:
        return {}
    with repository.started("cat-file", "--batch-check", "--buffer", has_input=True) as git:
        writer = Thread(target=_write_ids, args=(git.input, ids), name="blob ids", daemon=True)
        writer.start()
        told = [line.split() for line in git.output]
        writer.join()
        git.finish()
    return {words[0].decode(): int(words[2]) for words in told if words[1] == b"blob"}
