"""`frontmart serve`: the flows as deployments that this process runs, builds on a schedule."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from prefect import serve
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.schedules import Cron, Schedule
from prefect.settings import PREFECT_API_URL
from prefect.types.entrypoint import EntrypointType
from pydantic import ValidationError

from flows import scheduled
from flows.automations import call_on_failure
from frontmart.errors import UsageError
from transforms.redact.credentials import redact_url

# A build that comes due during another one is cancelled: the next one sees the same files.
ONE_AT_A_TIME: Final = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
_TAGS: Final = ["frontmart"]
_ENTRYPOINTS: Final = "frontmart.deployments"
# One run of each flow, so that a long backfill does not delay the others.
_MAX_RUNS: Final = 5


@dataclass(frozen=True, slots=True)
class Service:
    """The options of `frontmart serve`.

    Attributes:
        name: name of the deployments, as in frontmart-build/<name>.
        source: folder of front-matter files.
        out: output folder.
        config: TOML file of settings, if any.
        cron: schedule of builds, in five fields, such as `*/15 * * * *`.
        timezone: time zone of `cron`, such as Europe/Berlin.
        on_failure: URL to POST to when a build fails or crashes, if any.
        server_timeout_seconds: longest wait for the Prefect server; a server takes half a minute to start.
    """

    name: str
    source: Path
    out: Path
    config: Path | None
    cron: str
    timezone: str
    on_failure: str | None
    server_timeout_seconds: float


def run_service(service: Service) -> None:
    """Create or update the deployments, and run what comes due until the process is stopped.

    Raises:
        UsageError: if no Prefect server is set or answers, and for a schedule that is not valid.
    """
    deployments = make_deployments(service)
    wait_for_server(service.server_timeout_seconds)
    if service.on_failure:
        call_on_failure(service.name, service.on_failure)
    # Schedules stay active when the service stops, so that a restart resumes them; see `catch_up` for missed runs.
    serve(*deployments, *old_deployments(service), limit=_MAX_RUNS, pause_on_shutdown=False)


def make_deployments(service: Service) -> Sequence[RunnerDeployment]:
    """Make a deployment of each flow; only builds have a schedule. Raises UsageError for an invalid schedule."""
    try:
        CronSchedule(cron=service.cron, timezone=service.timezone)
    except ValidationError as error:
        message = f"--cron {service.cron!r} in {service.timezone}: {error.errors()[0]['msg']}; see `man 5 crontab`"
        raise UsageError(message) from None
    out: dict[str, Path | None] = {"out": service.out}
    build = {"source": service.source, "config": service.config, **out}
    return [
        _deployment(service, scheduled.build, build, Cron(service.cron, timezone=service.timezone)),
        _deployment(service, scheduled.backfill, build),
        *(_deployment(service, flow, out) for flow in (scheduled.prune, scheduled.export, scheduled.verify)),
    ]


def old_deployments(service: Service) -> Sequence[RunnerDeployment]:
    """Make the deployment of `retain` if the server has one: only a served deployment runs, and it may be scheduled."""
    with get_client(sync_client=True) as client:
        try:
            client.read_deployment_by_name(f"{scheduled.retain.name}/{service.name}")
        except ObjectNotFound:
            return []
    return [_deployment(service, scheduled.retain, {"out": service.out})]


def _deployment(
    service: Service, flow: Any, parameters: Mapping[str, Path | None], schedule: Schedule | None = None
) -> RunnerDeployment:
    deployment: RunnerDeployment = flow.to_deployment(
        service.name,
        schedule=schedule,
        parameters={name: str(path) for name, path in parameters.items() if path is not None},
        concurrency_limit=ONE_AT_A_TIME,
        tags=_TAGS,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    # Runs start in the folder of this process, which may have a `flows/` of its own.
    deployment.entrypoint = f"{_ENTRYPOINTS}.{flow.fn.__name__}"
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
