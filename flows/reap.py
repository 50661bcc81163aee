"""Reap dead runs: mark runs of a service as Crashed whose process was killed without anybody left to say so."""

import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterParentFlowRunId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Crashed

from flows.process_records import has_process, is_locked, read_record, run_records, this_host

_UNFINISHED: Final = FlowRunFilterState(
    type=FlowRunFilterStateType(any_=[StateType.PENDING, StateType.RUNNING, StateType.CANCELLING])
)
# A run gets its process some seconds after it is Pending, and its record some more seconds later.
_START_SECONDS: Final = 120
# Long after the end of the run, whoever asks has seen it.
_KEEP_RECORD_SECONDS: Final = 3_600


def reap_dead_runs(
    client: SyncPrefectClient, deployment_ids: Sequence[UUID], served_since: datetime, started_at: datetime
) -> list[FlowRun]:
    """Mark dead runs of deployments as Crashed, with the runs that they have started -> the dead runs.

    A run is dead if it has a record of this machine that no process keeps locked. A run without a record was killed
    before it could write one, or runs elsewhere. It is dead if it began when this machine served the deployments, if
    no process here has its id, and if it began under an earlier service or too long ago to be still starting.

    Args:
        client: a client of the server.
        deployment_ids: the deployments that the calling service makes; no other one on this machine does.
        served_since: when this machine served them first.
        started_at: when the calling service started.
    """
    found = client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=list(deployment_ids)), state=_UNFINISHED
        )
    )
    dead = [run for run in found if is_dead(run, served_since, started_at)]
    for run in dead:
        message = f"the process of this run on {this_host()} is dead (killed, or the machine was restarted)"
        _crash(client, run, f"{message}; the next run builds")
    for folder in map(run_records, deployment_ids):
        _remove_old_records(folder, {f"{run.id}.json" for run in found if run not in dead})
    return dead


def is_dead(run: FlowRun, served_since: datetime, started_at: datetime) -> bool:
    """Whether an unfinished run is dead; the arguments are those of `reap_dead_runs`."""
    if run.deployment_id is None or run.state is None:
        return False
    path = run_records(run.deployment_id) / f"{run.id}.json"
    record, since = read_record(path), run.state.timestamp
    # An older record is that of an earlier attempt at the run.
    if record and datetime.fromisoformat(record.started_at) >= since:
        return record.host == this_host() and not is_locked(path)
    is_starting = since >= started_at and datetime.now(UTC) - since < timedelta(seconds=_START_SECONDS)
    return since >= served_since and not is_starting and not is_locked(path) and not has_process(run.id)


def _crash(client: SyncPrefectClient, run: FlowRun, message: str) -> None:
    """Mark a run, and the runs that it started, as Crashed; the server ignores that for runs that have ended."""
    children = FlowRunFilter(parent_flow_run_id=FlowRunFilterParentFlowRunId(any_=[run.id]), state=_UNFINISHED)
    for each in (*client.read_flow_runs(flow_run_filter=children), run):
        client.set_flow_run_state(each.id, Crashed(message=message))


def _remove_old_records(folder: Path, unfinished: set[str]) -> None:
    for path in folder.glob("*.json"):
        with suppress(FileNotFoundError):
            is_old = time.time() - path.stat().st_mtime > _KEEP_RECORD_SECONDS
            if is_old and path.name not in unfinished and not is_locked(path):
                path.unlink()
