"""Records of processes on this machine: each is a file that its process keeps locked.

A file that is not locked is that of a dead process, whatever killed it, and although process ids recur after a reboot.

The files are below PREFECT_HOME, which belongs to the user of the service.
"""

import fcntl
import hashlib
import json
import os
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from prefect import Flow
from prefect.client.schemas.objects import FlowRun, State
from prefect.settings import PREFECT_API_URL, get_current_settings

# Descriptors of the locked files. The operating system closes them, and so unlocks the files, when this process ends.
_LOCKED: Final[list[int]] = []


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """A process: its host, its id there, when it recorded itself, and when the first process of this record did.

    Times are ISO 8601, in UTC.
    """

    host: str
    pid: int
    started_at: str
    first_started_at: str


def this_host() -> str:
    """The name of this machine."""
    return socket.gethostname()


def run_records(deployment_id: UUID) -> Path:
    """The folder of the records of a deployment's runs, each `<flow run id>.json`."""
    return _folder() / "runs" / str(deployment_id)


def service_record(name: str) -> Path:
    """The file of the record of the service that makes the deployments `name` on the current server."""
    key = hashlib.sha256(f"{PREFECT_API_URL.value()}\0{name}".encode()).hexdigest()
    return _folder() / "services" / f"{key[:16]}.json"


def _folder() -> Path:
    return get_current_settings().home.expanduser() / "frontmart"


def record_run(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Record this process as that of a flow run of a deployment; a hook of flows, called when a run begins."""
    if flow_run.deployment_id is not None:
        # Waits only while a service looks whether the file is locked.
        record_process(run_records(flow_run.deployment_id) / f"{flow_run.id}.json", fcntl.LOCK_EX)


def record_process(path: Path, lock: int = fcntl.LOCK_EX | fcntl.LOCK_NB) -> ProcessRecord:
    """Write the record of this process to a file, and keep it locked until this process ends.

    Args:
        path: the file; its folder is created if it is missing.
        lock: the operation of `flock`.

    Raises:
        BlockingIOError: if another process has locked it.
        OSError: if it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    before = read_record(path)
    now = datetime.now(UTC).isoformat()
    record = ProcessRecord(this_host(), os.getpid(), now, before.first_started_at if before else now)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, lock)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, json.dumps(asdict(record)).encode())
    except OSError:
        os.close(descriptor)
        raise
    _LOCKED.append(descriptor)
    return record


def read_record(path: Path) -> ProcessRecord | None:
    """The record in a file; None if there is none, or if its process died while writing it."""
    try:
        return ProcessRecord(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def is_locked(path: Path) -> bool:
    """Whether a process keeps the record in a file locked, and therefore lives. False if there is no file."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def has_process(flow_run_id: object) -> bool:
    """Whether a living process has the id of a flow run in its environment; true where that cannot be found out."""
    variable = f"PREFECT__FLOW_RUN_ID={flow_run_id}".encode()
    environments = list(Path("/proc").glob("[0-9]*/environ"))
    for environment in environments:
        with suppress(OSError):
            if variable in environment.read_bytes().split(b"\0"):
                return True
    return not environments
