"""Object stores in memory, and exporters that take turns at them: one request of one exporter at a time."""

import errno
import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import fsspec
from fsspec.implementations.memory import MemoryFileSystem

_current = threading.local()


class Exporter:
    """A thread that stops before each request to a store, until it is its turn."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.is_over = False
        self.error: Exception | None = None
        # The manifests that it read before it wrote anything, and whether it has.
        self.manifests: list[bytes | None] = []
        self.has_written = False
        self._work = work
        self._go, self._stopped = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def step(self) -> None:
        """Let it make its next request, and wait until it stops before the one after, or is over."""
        if not self.is_over:
            self._go.release()
            self._stopped.acquire()

    def finish(self) -> None:
        """Let it run to its end."""
        while not self.is_over:
            self.step()
        self._thread.join()

    def wait(self) -> None:
        """Called in the thread: wait for the next turn."""
        self._stopped.release()
        self._go.acquire()

    def _run(self) -> None:
        self._go.acquire()
        _current.exporter = self
        try:
            self._work()
        except Exception as error:  # noqa: BLE001  (tests look at it)
            self.error = error
        finally:
            self.is_over = True
            self._stopped.release()


class PreconditionFailedError(Exception):
    """As botocore's ClientError."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.response = {"Error": {"Code": code}}


class PlainStore(MemoryFileSystem):  # type: ignore[misc]
    """A store without conditional writes. Comparing the manifest and writing it is one step."""

    protocol = "plain"
    store: ClassVar[dict[str, Any]] = {}
    pseudo_dirs: ClassVar[list[str]] = [""]
    # The manifest before and after each write of it, and who wrote it.
    writes: ClassVar[list[tuple[bytes | None, bytes, Exporter | None]]] = []

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(super()._strip_protocol(path.removeprefix(f"{cls.protocol}://")))

    def info(self, path: str, **_: object) -> dict[str, Any]:
        with turn():
            found = dict(super().info(path))
            if found["type"] == "file":
                # As that of S3: the same content has the same tag.
                found["ETag"] = f'"{hashlib.md5(self._content(path)).hexdigest()}"'
            return found

    def cat_file(self, path: str, *_: object, **__: object) -> bytes:
        with turn() as exporter:
            content = self._content(path) if self._strip_protocol(path) in self.store else None
            if exporter and path.endswith("/manifest.json") and not exporter.has_written:
                exporter.manifests.append(content)
            if content is None:
                raise FileNotFoundError(path)
            return content

    def put_file(self, source: str, path: str, *_: object, **__: object) -> None:
        with turn() as exporter:
            if exporter:
                exporter.has_written = True
            super().put_file(source, path)

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **condition: str) -> None:
        with turn(is_own=not path.endswith("/manifest.json") or bool(condition) or mode == "create") as exporter:
            before = self._content(path) if self._strip_protocol(path) in self.store else None
            self.check(before, mode, **condition)
            super().pipe_file(path, value)
            if path.endswith("/manifest.json"):
                self.writes.append((before, value, exporter))

    def check(self, before: bytes | None, mode: str, **condition: str) -> None:
        assert not condition
        assert mode == "overwrite"

    def ls(self, path: str, detail: bool = True, **_: object) -> Any:
        with turn():
            return super().ls(path, detail=detail)

    def find(self, path: str, *_: object, **__: object) -> Any:
        with turn():
            return super().find(path)

    def rm_file(self, path: str) -> None:
        with turn():
            super().rm_file(path)

    def rm(self, path: str, recursive: bool = False, maxdepth: int | None = None) -> None:
        with turn():
            super().rm(path, recursive=recursive, maxdepth=maxdepth)

    def _content(self, path: str) -> bytes:
        return bytes(self.store[self._strip_protocol(path)].getvalue())


class ConditionalStore(PlainStore):
    """A store with the conditional writes of S3, through the parameters and the errors of s3fs."""

    protocol = "conditional"
    store: ClassVar[dict[str, Any]] = {}
    pseudo_dirs: ClassVar[list[str]] = [""]
    writes: ClassVar[list[tuple[bytes | None, bytes, Exporter | None]]] = []

    def check(self, before: bytes | None, mode: str, **condition: str) -> None:
        tag = f'"{hashlib.md5(before).hexdigest()}"' if before is not None else None
        if before is not None and mode == "create":
            raise self._refusal("PreconditionFailed")
        if "IfMatch" in condition and tag != condition["IfMatch"]:
            raise self._refusal("PreconditionFailed" if before else "NoSuchKey")

    @staticmethod
    def _refusal(code: str) -> OSError:
        error = OSError(errno.EINVAL, code)
        error.__cause__ = PreconditionFailedError(code)
        return error


ConditionalStore.__module__ = "s3fs.core"  # by which an export knows what a store can do
STORES: Mapping[str, type[PlainStore]] = {store.protocol: store for store in (PlainStore, ConditionalStore)}


def empty(store: type[PlainStore]) -> PlainStore:
    """The store, registered and empty."""
    fsspec.register_implementation(store.protocol, store, clobber=True)
    store.store.clear()
    store.pseudo_dirs[:] = [""]
    store.writes.clear()
    return store()


@contextmanager
def turn(*, is_own: bool = True) -> Iterator[Exporter | None]:
    """Wait for the turn of the exporter of this thread, unless this is part of another request."""
    exporter: Exporter | None = getattr(_current, "exporter", None)
    is_inner = getattr(_current, "is_inside", False)
    if exporter and not is_inner and is_own:
        exporter.wait()
    _current.is_inside = True
    try:
        yield exporter
    finally:
        _current.is_inside = is_inner
