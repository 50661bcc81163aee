"""Python programs in processes that need not import Frontmart again: forks of a process that has imported it.

Importing takes a second or more, most of the time of a short command. A fork is a process of its own: it has its own
standard output, environment, working folder, limits and exit code, and it ends as any program does. What it cannot show
is how a program starts. Tests of that start Python themselves, as do those that kill or measure a process.
"""

import atexit
import faulthandler
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.processes import DEFAULT_SIGNALS, PATIENCE_SECONDS

# What commands import within their functions, and the parsed SQL. A fork has no threads: using Polars before it, or
# leaving a connection of DuckDB open, would start some.
COMMAND_MODULES = (
    "frontmart.api",
    "frontmart.backfill",
    "frontmart.cli.build",
    "frontmart.cli.export",
    "frontmart.cli.inspect",
    "frontmart.cli.query",
    "frontmart.cli.show",
    "frontmart.cli.snapshots",
    "frontmart.dictionary.describe",
    "frontmart.dictionary.show",
    "frontmart.export",
    "frontmart.inspection.inspect",
    "frontmart.query.run",
    "frontmart.repair",
    "frontmart.verify",
    "tests.few_models",
    "tests.parsed_sql",
)
_ROOT = Path(__file__).parents[1]


class Completed(subprocess.CompletedProcess[str]):
    """A program that has ended.

    Attributes:
        pid: its process, and the group of all the processes that it started.
    """

    pid: int


class ForkServer:
    """A process that has imported modules, and forks itself for each program to run."""

    def __init__(
        self, modules: Sequence[str], env: Mapping[str, str] | None = None, launcher: Sequence[str] = ()
    ) -> None:
        """Start the process in an environment, that of this process if None.

        Args:
            modules: the modules to import.
            env: the environment in which they are imported.
            launcher: a program that starts the process, and so limits it and all programs.
        """
        self._ours, theirs = socket.socketpair()
        self._lock = threading.Lock()
        command = [sys.executable, "-m", "tests.forked", str(theirs.fileno()), *modules]
        with theirs:
            self._process = subprocess.Popen(
                [*DEFAULT_SIGNALS, *launcher, *command],
                cwd=_ROOT,
                env=env,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )

    def run(
        self, arguments: Sequence[object], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> Completed:
        """Run Python with arguments (`-m MODULE ...` or `-c CODE ...`) to its end, in a session of its own.

        Args:
            arguments: of Python.
            cwd: the working folder; that of this process if None.
            env: the environment; that of this process if None.
        """
        request = {
            "arguments": [str(argument) for argument in arguments],
            "cwd": str(cwd or Path.cwd()),
            "env": dict(os.environ if env is None else env),
        }
        with self._lock, _pipe() as (output, output_end), _pipe() as (errors, errors_end):
            body = json.dumps(request).encode()
            header = len(body).to_bytes(8, "big")
            socket.send_fds(self._ours, [header], [output_end.fileno(), errors_end.fileno()])
            self._ours.sendall(body)
            output_end.close()
            errors_end.close()
            read: dict[str, bytes] = {}
            reader = threading.Thread(target=lambda: read.update(errors=errors.read()))
            reader.start()
            read["output"] = output.read()
            reader.join()
            pid, status = struct.unpack("qq", _receive(self._ours, 16))
        completed = Completed(request["arguments"], status, read["output"].decode(), read["errors"].decode())
        completed.pid = pid
        return completed

    def close(self) -> None:
        """End the process, which must not be running a program."""
        self._ours.close()
        self._process.wait()


@cache
def commands(launcher: tuple[str, ...] = ()) -> ForkServer:
    """The fork server of the command line, by launcher: one for all tests of this process, with which it ends."""
    server = ForkServer(COMMAND_MODULES, launcher=launcher)
    atexit.register(server.close)
    return server


def frontmart(*arguments: object, cwd: Path | None = None) -> Completed:
    """Run the command line to its end."""
    return commands().run(["-m", "frontmart.cli", *arguments], cwd=cwd)


@contextmanager
def _pipe() -> Iterator[tuple[Any, Any]]:
    read_end, write_end = os.pipe()
    with open(read_end, "rb") as reading, open(write_end, "wb", buffering=0) as writing:  # noqa: PTH123
        yield reading, writing


def _receive(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        part = connection.recv(size - len(received))
        if not part:
            raise EOFError("the other end has closed the connection")
        received += part
    return received


def _serve(connection: socket.socket) -> dict[str, Any] | None:
    """Fork for each request. Returns in each fork, with its request, and in the server with None, at its end."""
    while True:
        header, files, _, _ = socket.recv_fds(connection, 8, 2)
        if not header:
            return None
        header += _receive(connection, 8 - len(header))
        request: dict[str, Any] = json.loads(_receive(connection, int.from_bytes(header, "big")))
        process = os.fork()
        if not process:
            os.setsid()
            connection.close()
            _redirect(files)
            return request
        for file in files:
            os.close(file)
        _, status = os.waitpid(process, 0)
        connection.sendall(struct.pack("qq", process, os.waitstatus_to_exitcode(status)))


def _redirect(files: Sequence[int]) -> None:
    for place, file in enumerate(files, start=1):
        os.dup2(file, place)
        os.close(file)


def _run(request: Mapping[str, Any]) -> None:
    """Do what Python does with its arguments. A program that hangs shows where, and ends."""
    faulthandler.dump_traceback_later(PATIENCE_SECONDS, exit=True)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    if "tests.few_models" in sys.modules:
        sys.modules["tests.few_models"].use_few_models_if_asked(os.environ)
    kind, what, *arguments = request["arguments"]
    if not request["env"].get("PYTHONSAFEPATH"):
        sys.path.insert(0, request["cwd"] if kind == "-m" else "")
    sys.argv = [kind, *arguments]  # runpy puts the path of the module first
    if kind == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        main = ModuleType("__main__")
        sys.modules["__main__"] = main
        exec(compile(what, "<string>", "exec"), main.__dict__)


def main() -> None:
    """Import modules, then serve on a socket that was inherited."""
    if not sys.flags.safe_path:
        del sys.path[0]  # each program has its own there
    connection = socket.socket(fileno=int(sys.argv[1]))
    connection.set_inheritable(False)
    for name in sys.argv[2:]:
        importlib.import_module(name)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.freeze()
    request = _serve(connection)
    if request is not None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _run(request)


if __name__ == "__main__":
    main()
