"""`frontmart serve`: the flows as deployments that this process runs, builds on a schedule."""

import asyncio
import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
from prefect import serve
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import PrefectException
from prefect.schedules import Cron, Schedule
from prefect.server.schemas.schedules import CronSchedule
from prefect.settings import PREFECT_API_URL
from prefect.types.entrypoint import EntrypointType
from pydantic import ValidationError

from flows import scheduled
from flows.automations import call_on_failure
from flows.deployment_names import (
    are_for,
    default_name,
    ensure_own,
    find_deployments,
    host_tag,
    old_default_name,
)
from flows.process_records import ProcessRecord, read_record, record_process, service_record
from flows.watch import Watch
from frontmart.errors import LockedError, UsageError
from transforms.redact.credentials import redact_url

_LOG: Final = logging.getLogger("prefect.frontmart")
_TAG: Final = "frontmart"
_ENTRYPOINTS: Final = "frontmart.deployments"
# One run of each flow, so that a long backfill does not delay the others. A build that comes due during another one
# ends at once: the output folder is locked.
_MAX_RUNS: Final = 5
_FLOWS: Final = (scheduled.build, scheduled.backfill, scheduled.prune, scheduled.export, scheduled.verify)
_NAMES: Final = [flow.name for flow in (*_FLOWS, scheduled.retain)]
# How long a due build may wait for a service until the server calls the URL, at most.
_MAX_PATIENCE: Final = timedelta(hours=1)
_MIN_PATIENCE: Final = timedelta(minutes=1)
_RETRY_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Service:
    """The options of `frontmart serve`.

    Attributes:
        name: name of the deployments, as in frontmart-build/<name> (None: from the folders).
        source: folder of front-matter files.
        out: output folder.
        config: TOML file of settings, if any.
        cron: schedule of builds, in five fields, such as `*/15 * * * *`.
        timezone: time zone of `cron`, such as Europe/Berlin.
        on_failure: URL to POST to when a build fails or crashes, or none succeeds, if any.
        stale_after: builds that may come due without a success until that URL is called.
        server_timeout_seconds: longest wait for the Prefect server; a server takes half a minute to start.
    """

    name: str | None
    source: Path
    out: Path
    config: Path | None
    cron: str
    timezone: str
    on_failure: str | None
    stale_after: int
    server_timeout_seconds: float

    @property
    def folders(self) -> dict[str, str]:
        """The parameters of the deployments that name folders."""
        return {"source": str(self.source), "out": str(self.out)}


def run_service(service: Service) -> None:
    """Create or update the deployments, and run what comes due until the process is stopped.

    Raises:
        UsageError: if no Prefect server is set or answers, for a schedule that is not valid, and if another service has
            deployments of this name.
        LockedError: if the same service runs already.
    """
    schedule = read_schedule(service)
    wait_for_server(service.server_timeout_seconds)
    with get_client(sync_client=True) as client:
        name = choose_name(client, service)
        ensure_own(find_deployments(client, _NAMES, name), service.folders)
    record = _lock_service(name)
    if service.on_failure:
        call_on_failure(name, service.on_failure, _patience(schedule, service.stale_after))
    # After that, so that runs which are found dead now are reported.
    Watch(name, service.out, schedule, service.stale_after, service.on_failure, record, _NAMES).start()
    _serve(name, service)


def _serve(name: str, service: Service) -> None:
    """Serve until the process is stopped, also over a restart of the server."""
    while True:
        try:
            deployments = (*make_deployments(name, service), *old_deployments(name, service))
            # Schedules stay active when the service stops; for the runs missed until a restart see `catch_up`.
            serve(*deployments, limit=_MAX_RUNS, pause_on_shutdown=False)
        except (RuntimeError, httpx.HTTPError, PrefectException, ExceptionGroup) as error:
            # Prefect gives up after three polls, half a minute; a server may take longer to restart.
            _LOG.error("serving failed (%s: %s); trying again when the server answers", type(error).__name__, error)
            time.sleep(_RETRY_SECONDS)
            wait_for_server(math.inf)
        else:
            return


def read_schedule(service: Service) -> CronSchedule:
    """The schedule of builds. Raises UsageError if it is not valid."""
    try:
        return CronSchedule(cron=service.cron, timezone=service.timezone)
    except ValidationError as error:
        message = f"--cron {service.cron!r} in {service.timezone}: {error.errors()[0]['msg']}; see `man 5 crontab`"
        raise UsageError(message) from None


def _patience(schedule: CronSchedule, count: int) -> timedelta:
    """The time from the next build to the one `count` later, at least a minute and at most an hour."""
    due = asyncio.run(schedule.get_dates(n=count + 1))
    return min(max(due[-1] - due[0], _MIN_PATIENCE), _MAX_PATIENCE)


def choose_name(client: SyncPrefectClient, service: Service) -> str:
    """The name that was given, else that of 0.1 if the server has it for the same folders, else the default name."""
    old_name = old_default_name(service.out)
    if service.name:
        return service.name
    if are_for(find_deployments(client, _NAMES, old_name), service.folders):
        return old_name
    return default_name(service.source, service.out)


def _lock_service(name: str) -> ProcessRecord:
    path = service_record(name)
    try:
        return record_process(path)
    except BlockingIOError:
        other = read_record(path)
        place = f", process {other.pid}" if other else ""
        raise LockedError(f"{name}: is served already{place}; stop it first, or give another --name") from None


def make_deployments(name: str, service: Service) -> Sequence[RunnerDeployment]:
    """Make a deployment of each flow; only builds have a schedule."""
    schedule = Cron(service.cron, timezone=service.timezone)
    return [_deployment(name, service, flow, schedule if flow is scheduled.build else None) for flow in _FLOWS]


def old_deployments(name: str, service: Service) -> Sequence[RunnerDeployment]:
    """Make the deployment of `retain` if the server has one: only a served deployment runs, and it may be scheduled."""
    with get_client(sync_client=True) as client:
        found = find_deployments(client, [scheduled.retain.name], name)
    return [_deployment(name, service, scheduled.retain)] if found else []


def _deployment(name: str, service: Service, flow: Any, schedule: Schedule | None = None) -> RunnerDeployment:
    parameters = service.folders | ({"config": str(service.config)} if service.config else {})
    deployment: RunnerDeployment = flow.to_deployment(
        name,
        schedule=schedule,
        parameters={key: value for key, value in parameters.items() if key in flow.parameters.properties},
        tags=[_TAG, host_tag()],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    # Runs start in the folder of this process, which may have a `flows/` of its own.
    deployment.entrypoint = f"{_ENTRYPOINTS}.{flow.fn.__name__}"
    # The limit of 0.1, whose slot a run that was killed with its server would keep, is removed only if it is set here.
    deployment.concurrency_limit = None
    deployment.concurrency_options = None
    if schedule is None:
        # An empty list would make Prefect delete the schedules that a user gave the deployment.
        deployment.model_fields_set.discard("schedules")
    return deployment


def wait_for_server(timeout_seconds: float) -> None:
    """Wait until the Prefect server answers. Raises UsageError if none is set, or it does not answer in time."""
    url = PREFECT_API_URL.value()
    if not url:
        raise UsageError(
            "no Prefect server is set; start one with `prefect server start` and set its address with "
            "`prefect config set PREFECT_API_URL=http://127.0.0.1:4200/api`"
        )
    end = time.monotonic() + timeout_seconds
    with get_client(sync_client=True) as client:
        while error := client.api_healthcheck():
            if time.monotonic() >= end:
                shown = redact_url(url)
                message = f"{shown}: no Prefect server answers ({error}); start it, or correct PREFECT_API_URL"
                raise UsageError(message)
            time.sleep(1)
