"""Asking OSV, with pip-audit and a server of our own that answers as OSV does."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from supply_chain.advisories import FILE
from supply_chain.audit import main
from supply_chain.locks import LOCKS, Pin
from supply_chain.osv import UnreachableError, ask_osv

pytestmark = pytest.mark.process
HEX = "0" * 64
Question = tuple[str, str]


@contextmanager
def osv(known: dict[Question, list[dict[str, Any]]], refused: str = "") -> Iterator[tuple[str, list[Question]]]:
    """A server that knows these vulnerabilities, and fails for one package; its address, and what it was asked."""
    asked: list[Question] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name, version = question["package"]["name"], question["version"]
            asked.append((name, version))
            found = known.get((name, version))
            body = json.dumps({"vulns": found} if found else {}).encode()
            self.send_response(500 if name == refused else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/query", asked
        finally:
            server.shutdown()


def vulnerability(name: str, fixed: str | None, id_: str = "GHSA-aaaa-bbbb-cccc") -> dict[str, Any]:
    events = [{"introduced": "0"}] + [{"fixed": fixed}] * bool(fixed)
    affected = {"package": {"name": name, "ecosystem": "PyPI"}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
    return {"id": id_, "aliases": ["CVE-2030-12345"], "summary": "reads too much", "affected": [affected]}


def pin(name: str, version: str, marker: str | None = None) -> Pin:
    return Pin(name, version, marker, (HEX,), ())


PINS = [
    pin("duckdb", "2.0.0"),
    pin("numpy", "2.4.6", 'python_full_version < "3.12"'),
    pin("numpy", "2.5.5", 'python_full_version >= "3.12"'),
    pin("pywin32", "312", 'sys_platform == "win32"'),
]


def test_every_version_is_asked_about_on_every_platform() -> None:
    known = {
        ("duckdb", "2.0.0"): [vulnerability("duckdb", "2.0.1")],
        ("numpy", "2.5.5"): [vulnerability("numpy", None)],
    }
    with osv(known) as (url, asked):
        answer = ask_osv(PINS, [], url)
    assert sorted(asked) == sorted((each.name, each.version) for each in PINS)
    assert answer == {
        ("duckdb", "2.0.0"): ["CVE-2030-12345, fixed in 2.0.1: reads too much"],
        ("numpy", "2.4.6"): [],
        ("numpy", "2.5.5"): ["CVE-2030-12345, not fixed yet: reads too much"],
        ("pywin32", "312"): [],
    }


def test_an_ignored_vulnerability_is_not_listed() -> None:
    with osv({("duckdb", "2.0.0"): [vulnerability("duckdb", "2.0.1")]}) as (url, _):
        assert ask_osv(PINS[:1], ["CVE-2030-12345"], url) == {("duckdb", "2.0.0"): []}


def test_an_error_of_the_server_is_no_answer() -> None:
    with osv({}, refused="duckdb") as (url, _), pytest.raises(UnreachableError):
        ask_osv(PINS, [], url)


def small(folder: Path) -> list[str]:
    """Locks with one pin each, and options that audit them."""
    for name in LOCKS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"duckdb==2.0.1 --hash=sha256:{HEX}\n")
    advisories = folder / FILE.name
    advisories.write_text(FILE.read_text(encoding="utf-8").partition("# Advisories that")[0], encoding="utf-8")
    return ["--root", str(folder), "--advisories", str(advisories)]


def test_a_vulnerability_that_only_osv_knows_fails_the_audit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = small(tmp_path)
    with osv({("duckdb", "2.0.1"): [vulnerability("duckdb", "2.0.2")]}) as (url, _):
        assert main([*options, "--osv-url", url]) == 1
    found = "duckdb 2.0.1 has CVE-2030-12345, fixed in 2.0.2: reads too much"
    assert capsys.readouterr().out.splitlines() == [
        f"advisories.toml: {len(LOCKS)} pins in {len(LOCKS)} locks, no findings",
        f"OSV: the same pins, {len(LOCKS)} findings",
        *(f"{lock}: {found}" for lock in LOCKS),
    ]


def test_the_audit_says_that_osv_found_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with osv({}) as (url, _):
        assert main([*small(tmp_path), "--osv", "require", "--osv-url", url]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "OSV: the same pins, no findings"


@pytest.mark.parametrize(("mode", "code"), [("try", 0), ("require", 1)])
def test_the_audit_says_that_osv_was_not_asked(
    mode: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Port 9 of this machine answers nobody, as without a network."""
    assert main([*small(tmp_path), "--osv", mode, "--osv-url", "http://127.0.0.1:9/"]) == code
    said = capsys.readouterr().out.splitlines()[1]
    assert said.startswith("OSV: not asked (requests.exceptions.ConnectionError: ")
    assert said.endswith("); only what advisories.toml lists was looked for")
