"""The watch of a service: when the URL is called, and which runs are dead. No server is needed."""

import fcntl
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.server.schemas.schedules import CronSchedule

from flows import reap
from flows.deployment_names import default_name
from flows.process_records import ProcessRecord, is_locked, read_record, record_process, run_records, this_host
from flows.watch import Watch
from frontmart.snapshots.last_success import LastSuccess, write_last_success
from tests.flows.conftest import call_listener
from tests.processes import wait_for

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=30)


@pytest.fixture(autouse=True)
def _now() -> None:
    """A test may run long after its file was imported."""
    global NOW
    NOW = datetime.now(UTC)


def watch(out: Path, url: str | None, served_since: datetime = LONG_AGO, started_at: datetime = LONG_AGO) -> Watch:
    """The watch of a service that builds every hour."""
    record = ProcessRecord("a host", 1, started_at.isoformat(), served_since.isoformat())
    return Watch("nightly", out, CronSchedule(cron="0 * * * *", timezone="UTC"), 3, url, record, [])


def succeeded(out: Path, hours_ago: float, outcome: str = "unchanged") -> None:
    write_last_success(out, LastSuccess("run", outcome, "snapshot", NOW - timedelta(hours=hours_ago)))


@pytest.fixture
def calls() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    with call_listener() as listener:
        yield listener


@pytest.mark.slow
def test_the_url_is_called_once_when_three_builds_came_due_without_a_success(
    tmp_path: Path, calls: tuple[str, list[dict[str, Any]]]
) -> None:
    url, received = calls
    stale = watch(tmp_path, url)
    succeeded(tmp_path, 1.9)
    stale.call_if_stale()
    assert received == []
    succeeded(tmp_path, 4.1)
    stale.call_if_stale()
    stale.call_if_stale()
    (call,) = received
    assert call["message"].startswith(f"no build of {tmp_path} has succeeded for 4h 6m; see the runs of ")
    assert {**call, "message": ""} == {
        "deployment": "nightly", "flow_run": None, "flow_run_id": None, "state": "Stale", "message": "",
    }  # fmt: skip
    succeeded(tmp_path, 0)
    stale.call_if_stale()
    succeeded(tmp_path, 5)
    stale.call_if_stale()
    assert len(received) == 2


@pytest.mark.slow
def test_the_url_is_called_if_nothing_has_ever_succeeded_but_not_right_after_a_start(
    tmp_path: Path, calls: tuple[str, list[dict[str, Any]]]
) -> None:
    url, received = calls
    watch(tmp_path, url, started_at=NOW).call_if_stale()
    watch(tmp_path, url, served_since=NOW, started_at=NOW).call_if_stale()
    assert received == []
    watch(tmp_path, url).call_if_stale()
    assert len(received) == 1


def test_a_url_that_does_not_answer_is_called_again_and_never_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stale = watch(tmp_path, "http://127.0.0.1:1/token")
    stale.call_if_stale()
    stale.call_if_stale()
    messages = [record.getMessage() for record in caplog.records]
    assert messages.count("the URL of --on-failure could not be called: URLError") == 2
    assert not [message for message in messages if "token" in message]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("flows.process_records._folder", lambda: tmp_path)
    return tmp_path


def a_run(state: StateType = StateType.RUNNING, since: datetime | None = None) -> FlowRun:
    id_, deployment_id = uuid4(), uuid4()
    return FlowRun(
        id=id_, flow_id=uuid4(), deployment_id=deployment_id, state=State(type=state, timestamp=since or NOW)
    )


def record_of(run: FlowRun) -> Path:
    assert run.deployment_id is not None
    return run_records(run.deployment_id) / f"{run.id}.json"


def write_record(run: FlowRun, host: str, started_at: datetime | None = None) -> None:
    path = record_of(run)
    path.parent.mkdir(parents=True, exist_ok=True)
    time = (started_at or NOW + timedelta(seconds=1)).isoformat()
    path.write_text(json.dumps({"host": host, "pid": 1, "started_at": time, "first_started_at": time}))


def is_dead(run: FlowRun, served_since: datetime = LONG_AGO, started_at: datetime | None = None) -> bool:
    return reap.is_dead(run, served_since, started_at or NOW)


# Locks the file as a run does, until its standard input is closed.
HOLD = """
import sys
from pathlib import Path
from flows.process_records import record_process
record_process(Path(sys.argv[1]))
print("locked", flush=True)
sys.stdin.read()
"""


@pytest.mark.usefixtures("home")
def test_a_run_lives_as_long_as_its_process() -> None:
    run = a_run()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(record_of(run))], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"locked\n"
        assert is_locked(record_of(run))
        assert not is_dead(run)
        with pytest.raises(BlockingIOError):
            record_process(record_of(run))
        record = read_record(record_of(run))
        assert record is not None
        assert (record.host, record.pid) == (this_host(), process.pid)
        process.kill()
    wait_for(lambda: not is_locked(record_of(run)))
    assert is_dead(run)


@pytest.mark.usefixtures("home")
def test_a_run_of_another_machine_is_never_dead() -> None:
    run = a_run()
    write_record(run, "another machine")
    assert not is_dead(run)
    write_record(run, this_host())
    assert is_dead(run)


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("state", [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING])
def test_a_run_without_a_record_is_dead_only_if_this_machine_served_then_and_it_is_not_starting(
    state: StateType,
) -> None:
    before, start = NOW - timedelta(hours=1), NOW - timedelta(minutes=30)
    assert is_dead(a_run(state, before), started_at=start)
    assert not is_dead(a_run(state, before), served_since=start, started_at=start)
    assert not is_dead(a_run(state, NOW), started_at=start)
    assert is_dead(a_run(state, NOW - timedelta(minutes=5)), started_at=start)


@pytest.mark.usefixtures("home")
def test_a_run_that_is_tried_again_is_not_judged_by_the_record_of_its_first_attempt() -> None:
    run = a_run(since=NOW)
    write_record(run, this_host(), NOW - timedelta(hours=1))
    assert not is_dead(run, started_at=NOW - timedelta(minutes=30))


@pytest.mark.usefixtures("home")
def test_a_run_without_a_record_lives_if_a_process_has_its_id() -> None:
    run = a_run(since=NOW - timedelta(hours=1))
    environment = {"PREFECT__FLOW_RUN_ID": str(run.id)}
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; print(1, flush=True); sys.stdin.read()"],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        assert not is_dead(run)
        process.kill()
    assert is_dead(run)


def test_looking_at_a_record_does_not_lock_it(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.touch()
    assert not is_locked(path)
    with path.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert is_locked(path)
    assert not is_locked(tmp_path / "missing.json")


def test_default_names_differ_where_folders_do_and_suit_prefect() -> None:
    names = [
        default_name(Path(source), Path(out))
        for source, out in (("/a", "/x/b/out"), ("/a", "/y/b/out"), ("/c", "/x/b/out"), ("/a", "/x/%&/ö ü"))
    ]
    assert len(set(names)) == 4
    assert names[0] == default_name(Path("/a"), Path("/x/b/out"))
    assert names[0].startswith("b-out-")
    assert names[3].startswith("---")
    assert all(name.isascii() and not set("/%&<>") & set(name) for name in names)
