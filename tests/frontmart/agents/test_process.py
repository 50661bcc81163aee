"""The process of `frontmart mcp`: its streams, its end, and what it says without the SDK."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from typer.testing import CliRunner

from frontmart.agents import run as run_module
from frontmart.cli.__main__ import app
from frontmart.run import Run
from frontmart.snapshots.store import published
from tests.frontmart.agents.client import processes, server_command
from tests.frontmart.warehouse.test_read_only import open_files
from tests.processes import PATIENCE_SECONDS, wait_for

# One step of DuckDB, which it does not interrupt, and which needs no processor.
ASLEEP = "select sleep_ms(600_000), count(*) from articles"
CLIENT = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


@pytest.fixture
def out(sample: Run, tmp_path: Path) -> Path:
    """A folder of its own, by whose name the processes of a test are found."""
    (tmp_path / "out").symlink_to(sample.out)
    return tmp_path / "out"


@pytest.fixture(scope="module")
def process(sample: Run) -> Iterator[subprocess.Popen[bytes]]:
    """A server of the sample, which survives what it is sent."""
    with started(sample.out) as running:
        yield running


@contextmanager
def started(out: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server after the handshake."""
    pipe = subprocess.PIPE
    with subprocess.Popen(server_command(out), stdin=pipe, stdout=pipe, stderr=pipe) as process:
        try:
            send(process, "initialize", CLIENT, id=1)
            assert receive(process)["result"]["serverInfo"]["name"] == "frontmart"
            send(process, "notifications/initialized", {})
            yield process
        finally:
            process.kill()


def send(process: subprocess.Popen[bytes], method: str, params: dict[str, Any], **fields: int) -> None:
    line = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **fields})
    stream(process.stdin).write(line.encode() + b"\n")
    stream(process.stdin).flush()


def receive(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(stream(process.stdout).readline())
    assert message["jsonrpc"] == "2.0"
    return message


def stream(given: IO[bytes] | None) -> IO[bytes]:
    assert given is not None
    return given


def call(process: subprocess.Popen[bytes], sql: str, id_: int) -> None:
    send(process, "tools/call", {"name": "query", "arguments": {"sql": sql}}, id=id_)


def worker(process: subprocess.Popen[bytes], out: Path) -> int:
    """The worker of a server that runs a query: it has the warehouse open."""
    warehouse = published(out).warehouse.resolve()
    (found,) = wait_for(lambda: {each for each in processes(out) - {process.pid} if warehouse in opened(each)})
    return found


def opened(process: int) -> set[Path]:
    """The files that a process has open; none if it has ended."""
    try:
        return open_files(process)
    except FileNotFoundError:
        return set()


def test_standard_output_has_nothing_but_messages_and_a_closed_input_ends_it(out: Path) -> None:
    with started(out) as process:
        stream(process.stdin).write(b"\n")
        call(process, "select 1 as a", 2)
        assert receive(process)["result"]["structuredContent"]["rows"] == [{"a": 1}]
        call(process, ASLEEP, 3)
        worker(process, out)
        rest, errors = process.communicate(timeout=PATIENCE_SECONDS)
        messages = [json.loads(line) for line in rest.splitlines()]
        assert [(each["jsonrpc"], each["error"]["message"]) for each in messages] == [("2.0", "Connection closed")]
        assert (process.returncode, errors) == (0, b"")
    wait_for(lambda: not processes(out))


OBJECT = "send a JSON object on one line"
NO_MESSAGE = "the request is no JSON-RPC 2.0"
NAME = "give the name of a tool, such as 'catalog'"


def request(id_: object, method: object = "tools/call", **fields: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": id_, "method": method, **fields}).encode()


@pytest.mark.parametrize(
    ("line", "id_", "code", "message"),
    [
        (b"no JSON", None, -32700, f"the line is no JSON: expected ident at line 1 column 2; {OBJECT}"),
        (b"\xff\xfe", None, -32700, f"the line is no JSON: expected value at line 1 column 1; {OBJECT}"),
        (b"[" * 20_000, None, -32700, f"the line is no JSON: recursion limit exceeded at line 1 column 202; {OBJECT}"),
        (b"[]", None, -32600, f"the request is an array; {OBJECT}"),
        (b"null", None, -32600, f"the request is null; {OBJECT}"),
        (b"42", None, -32600, f"the request is a number; {OBJECT}"),
        (b"{}", None, -32600, f"{NO_MESSAGE}: jsonrpc: Field required"),
        (request(7, 5), 7, -32600, f"{NO_MESSAGE}: method: Input should be a valid string"),
        (request("a", params=[1]), "a", -32600, f"{NO_MESSAGE}: params: Input should be an object"),
        (request(7), 7, -32602, f"tools/call: name is missing; {NAME}"),
        (request(7, params={"name": 5}), 7, -32602, f"tools/call: name is a number; {NAME}"),
        (request(7, params={"name": "query", "arguments": "x"}), 7, -32602,
         'tools/call: arguments is a string; give an object, such as {"sql": "from articles"}'),
        (request(7, "tools/none"), 7, -32601, "Method not found"),
    ],
    ids=range(13),
)  # fmt: skip
def test_a_request_that_cannot_be_read_is_answered_and_the_next_one_too(
    process: subprocess.Popen[bytes], line: bytes, id_: object, code: int, message: str
) -> None:
    stream(process.stdin).write(line + b"\n")
    stream(process.stdin).flush()
    answer = receive(process)
    assert (answer["id"], answer["error"]["code"], answer["error"]["message"]) == (id_, code, message)
    send(process, "ping", {}, id=8)
    assert receive(process) == {"jsonrpc": "2.0", "id": 8, "result": {}}


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"name": "drop"}, "'drop' is not a tool; use one of catalog, describe, query, search"),
        ({"name": "query", "arguments": {"sql": 5}},
         "query: sql: Input should be a valid string; see the schema of the tool's arguments"),
    ],
)  # fmt: skip
def test_a_tool_that_is_not_there_and_wrong_arguments_are_errors_of_the_call(
    process: subprocess.Popen[bytes], params: dict[str, Any], message: str
) -> None:
    send(process, "tools/call", params, id=9)
    assert receive(process) == {
        "jsonrpc": "2.0",
        "id": 9,
        "result": {"content": [{"text": message, "type": "text"}], "isError": True},
    }


@pytest.mark.parametrize(("number", "word"), [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated")])
def test_a_signal_ends_it_with_a_query_that_runs(out: Path, number: int, word: str) -> None:
    with started(out) as process:
        call(process, ASLEEP, 2)
        worker(process, out)
        process.send_signal(number)
        assert process.wait(timeout=PATIENCE_SECONDS) == 128 + number
        assert stream(process.stdout).read() == b""
        line = f"frontmart: {word}; the last published snapshot is unchanged\n"
        assert stream(process.stderr).read().decode() == line
    wait_for(lambda: not processes(out))


def test_a_query_that_is_cancelled_or_whose_worker_dies_ends_alone(out: Path) -> None:
    with started(out) as process:
        call(process, ASLEEP, 2)
        running = worker(process, out)
        send(process, "notifications/cancelled", {"requestId": 2})
        wait_for(lambda: running not in processes(out))
        call(process, ASLEEP, 3)
        os.kill(worker(process, out), signal.SIGKILL)
        answer = receive(process)
        assert (answer["id"], answer["result"]["isError"]) == (3, True)
        assert answer["result"]["content"][0]["text"] == (
            "the query failed: it took too much memory, or crashed; select fewer rows or columns"
        )
        call(process, "select 1 as a", 4)
        assert receive(process)["result"]["structuredContent"]["rows"] == [{"a": 1}]


def test_without_the_sdk_it_says_how_to_install_it(sample: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "find_spec", lambda _: None)
    done = CliRunner().invoke(app, ["mcp", "--out", str(sample.out)])
    message = "mcp: the SDK is not installed; install Frontmart with its extra: pip install 'frontmart[mcp]'"
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", f"frontmart: {message}\n")
