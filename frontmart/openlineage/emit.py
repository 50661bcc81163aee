"""Sending the events of a build to a server or a file; what cannot be sent costs a warning, and nothing else."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from frontmart.errors import FrontmartError, UsageError
from frontmart.openlineage.events import completed, failed, started
from frontmart.run import Run

if TYPE_CHECKING:
    from openlineage.client.event_v2 import RunEvent
    from openlineage.client.transport import Transport

_LOG: Final = logging.getLogger("frontmart")
# Of each attempt to connect, and of each wait for an answer.
_TIMEOUT_SECONDS: Final = 5.0
# What it costs a warning, and nothing else, to meet while events are made and sent.
_FAILURES: Final = (FrontmartError, OSError, RuntimeError, ValueError, LookupError)


@contextmanager
def emit_lineage(run: Run, target: str | None) -> Iterator[None]:
    """Tell a target that a run has started and, when the block ends, that it has completed or failed.

    A server that does not answer in five seconds, or a file that cannot be written, is worth one warning on the logger
    `frontmart`, and never makes a build fail.

    Args:
        run: the run, which the block goes on with.
        target: the URL of an OpenLineage server, such as http://localhost:5000, or of an endpoint of another path
            (OPENLINEAGE_API_KEY may hold a key for it); or the path of a file to append to, an event a line; or None.

    Raises:
        UsageError: for a target that is none of these, and where the extra `lineage` is not installed.
    """
    if not target:
        yield
        return
    sender = _Sender(target)
    try:
        sender.send(started, run)
        try:
            yield
        except BaseException as error:
            sender.send(failed, run, error)
            raise
        sender.send(completed, run)
    finally:
        sender.close()


class _Sender:
    """Sends events to a target, and warns of the first that it cannot send."""

    def __init__(self, target: str) -> None:
        _require_extra()
        self._place, self._transport = _connected(target)
        self._is_warned = False

    def send(self, describe: Callable[..., "RunEvent"], *given: object) -> None:
        """Send the event that a function makes of what is given."""
        try:
            self._transport.emit(describe(*given))
        except _FAILURES as error:
            if not self._is_warned:
                _LOG.warning("lineage: %s takes no events (%s); the build goes on", self._place, _reason(error))
            self._is_warned = True

    def close(self) -> None:
        self._transport.close()


def _require_extra() -> None:
    for library in ("openlineage.client", "sqlglot"):
        try:
            import_module(library)
        except ModuleNotFoundError:
            remedy = "run `pip install 'frontmart[lineage]'`, in a checkout `pip install -e '.[lineage]'`"
            raise UsageError(f"lineage needs {library.partition('.')[0]}, which is not installed; {remedy}") from None


def _connected(target: str) -> tuple[str, "Transport"]:
    """How to name a target, without credentials, and what sends events there."""
    if "://" not in target:
        return target, _file(target)
    try:
        url = urlsplit(target)
        is_endpoint = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        is_endpoint = False
    if not is_endpoint:
        raise UsageError("the target of lineage is neither an http(s) URL nor a path of a file; correct it")
    place = f"{url.scheme}://{url.netloc.rpartition('@')[2]}{url.path}"
    return place, _endpoint(target, is_whole=not url.path.endswith("/") and url.path != "")


def _file(path: str) -> "Transport":
    from openlineage.client.transport import FileTransport
    from openlineage.client.transport.file import FileConfig

    return FileTransport(FileConfig(log_file_path=path, append=True))


def _endpoint(url: str, *, is_whole: bool) -> "Transport":
    from openlineage.client.transport import HttpConfig, HttpTransport
    from openlineage.client.transport.http import ApiKeyTokenProvider, TokenProvider

    key = os.environ.get("OPENLINEAGE_API_KEY")
    config = HttpConfig(
        url=url,
        endpoint="" if is_whole else "api/v1/lineage",
        timeout=_TIMEOUT_SECONDS,
        auth=ApiKeyTokenProvider({"apiKey": key}) if key else TokenProvider({}),
        retry={"total": 0},
    )
    return HttpTransport(config)


def _reason(error: Exception) -> str:
    """Why an event was not sent, in words that hold no URL: what libraries say may hold credentials."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    system = error if isinstance(error, OSError) else error.__cause__
    return f"HTTP {status}" if status else getattr(system, "strerror", None) or type(error).__name__
