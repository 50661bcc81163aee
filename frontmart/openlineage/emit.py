"""Send the events of a build to an OpenLineage server or a file; a failure to send is only a warning."""

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
# For each attempt to connect, and for each wait for a response.
_TIMEOUT_SECONDS: Final = 5.0
# Errors while events are created and sent that only cause a warning.
_FAILURES: Final = (FrontmartError, OSError, RuntimeError, ValueError, LookupError)


@contextmanager
def emit_lineage(run: Run, target: str | None) -> Iterator[None]:
    """Send an event that a run has started and, when the block ends, one that it has completed or failed.

    If the server does not respond in five seconds, or the file cannot be written, the logger `frontmart` gets one
    warning; the build goes on.

    Args:
        run: the run, which the block updates.
        target: the URL of an OpenLineage server, such as http://localhost:5000, or of an endpoint with another path
            (OPENLINEAGE_API_KEY is its optional key); or the path of a file to append to, one event per line; or None
            to send nothing.

    Raises:
        UsageError: for an invalid target, and if the extra `lineage` is not installed.
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
    """Sends events to a target, and warns once if that fails."""

    def __init__(self, target: str) -> None:
        _require_extra()
        self._place, self._transport = _connected(target)
        self._is_warned = False

    def send(self, create: Callable[..., "RunEvent"], *arguments: object) -> None:
        """Create an event with a function and its arguments, and send it."""
        try:
            self._transport.emit(create(*arguments))
        except _FAILURES as error:
            if not self._is_warned:
                _LOG.warning("lineage: cannot send events to %s (%s); the build continues", self._place, _reason(error))
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
    """The target without credentials, and a transport that sends events to it."""
    if "://" not in target:
        return target, _file(target)
    try:
        url = urlsplit(target)
        is_endpoint = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        is_endpoint = False
    if not is_endpoint:
        raise UsageError("lineage is neither an http(s) URL nor the path of a file; correct the setting")
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
    """The reason why an event was not sent, without a URL: messages of libraries may contain credentials."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    system = error if isinstance(error, OSError) else error.__cause__
    return f"HTTP {status}" if status else getattr(system, "strerror", None) or type(error).__name__
