"""Requests that cannot be read are answered with an error that says why; the SDK passes over them, or says only that.

A client that waits for an answer would wait for ever, and an agent cannot mend what it is not told.
"""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Protocol, Self

import anyio
from mcp.shared.message import SessionMessage
from mcp_types import INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError, JSONRPCRequest
from pydantic import ValidationError

from frontmart.agents.limits import ERROR_CHARACTERS
from frontmart.terminal.text import printable

_CALL: Final = "tools/call"
_NO_JSON: Final = "json_invalid"
_NO_OBJECT: Final = "model_type"


class Incoming(Protocol):
    """The stream of what a client sends: messages, and errors for lines that are none."""

    async def receive(self) -> SessionMessage | Exception:
        """The next one."""

    async def aclose(self) -> None:
        """Close the stream."""


class Outgoing(Protocol):
    """The stream of what is sent to the client."""

    async def send(self, item: SessionMessage, /) -> None:
        """Send a message."""


class Readable:
    """A stream of the requests that can be read; the others are answered here."""

    def __init__(self, requests: Incoming, answers: Outgoing) -> None:
        """Read from one stream, and answer what cannot be read in another."""
        self._requests = requests
        self._answers = answers

    @property
    def last_context(self) -> object:
        """The context of the sender, for which the SDK asks."""
        return getattr(self._requests, "last_context", None)

    async def receive(self) -> SessionMessage | Exception:
        """The next request that can be read."""
        while True:
            item = await self._requests.receive()
            problem = problem_of(item)
            if problem is None:
                return item
            if not _is_blank(item):
                await self._answers.send(SessionMessage(problem))

    async def aclose(self) -> None:
        """Close the stream of requests."""
        await self._requests.aclose()

    def __aiter__(self) -> Self:
        """The stream itself."""
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        """The next request that can be read, until the client closes its end."""
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None

    async def __aenter__(self) -> Self:
        """The stream itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the stream of requests."""
        await self.aclose()


def problem_of(item: SessionMessage | Exception) -> JSONRPCError | None:
    """The answer to what a client sent that cannot be read; None if it can be."""
    if isinstance(item, ValidationError):
        return _problem_of_line(item)
    if isinstance(item, Exception):
        return _error(None, INVALID_REQUEST, f"the request cannot be read: {item}")
    request = item.message
    if not isinstance(request, JSONRPCRequest) or request.method != _CALL:
        return None
    wrong = _wrong_call(request.params or {})
    return _error(request.id, INVALID_PARAMS, f"{_CALL}: {wrong}") if wrong else None


def _wrong_call(params: Mapping[str, Any]) -> str | None:
    """What is wrong with the parameters of a call; those of the tool are checked when it is called."""
    if "name" not in params:
        return "name is missing; give the name of a tool, such as 'catalog'"
    if not isinstance(params["name"], str):
        return f"name is {_kind(params['name'])}; give the name of a tool, such as 'catalog'"
    arguments = params.get("arguments")
    if arguments is not None and not isinstance(arguments, dict):
        return f'arguments is {_kind(arguments)}; give an object, such as {{"sql": "from articles"}}'
    return None


def _problem_of_line(error: ValidationError) -> JSONRPCError:
    found = error.errors(include_url=False)
    first = found[0]
    if first["type"] == _NO_JSON:
        return _error(
            None, PARSE_ERROR, f"the line is no JSON: {first['ctx']['error']}; send a JSON object on one line"
        )
    if first["type"] == _NO_OBJECT:
        line = f"the request is {_kind(first['input'])}; send a JSON object on one line"
        return _error(None, INVALID_REQUEST, line)
    # What a message lacks is said of the whole message.
    wholes = [each["input"] for each in found if each["type"] == "missing" and len(each["loc"]) == 2]
    whole = wholes[0] if wholes and isinstance(wholes[0], dict) else {}
    place = ".".join(map(str, first["loc"][1:]))
    return _error(_id(whole), INVALID_REQUEST, f"the request is no JSON-RPC 2.0: {place}: {first['msg']}")


def _id(message: Mapping[str, Any]) -> int | str | None:
    found = message.get("id")
    return found if isinstance(found, int | str) and not isinstance(found, bool) else None


def _is_blank(item: SessionMessage | Exception) -> bool:
    """Whether it is an empty line, which says nothing."""
    if not isinstance(item, ValidationError):
        return False
    line = item.errors(include_url=False)[0]["input"]
    return isinstance(line, str | bytes) and not line.strip()


def _kind(value: object) -> str:
    """What JSON calls a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    kinds = {int: "a number", float: "a number", str: "a string", list: "an array", dict: "an object"}
    return kinds.get(type(value), type(value).__name__)


def _error(id_: int | str | None, code: int, message: str) -> JSONRPCError:
    data = ErrorData(code=code, message=printable(message)[:ERROR_CHARACTERS])
    return JSONRPCError(jsonrpc="2.0", id=id_, error=data)
