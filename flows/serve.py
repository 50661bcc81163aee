"""`frontmart serve`: the flows as deployments of a Prefect server, builds on a schedule, run by this process."""

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
from prefect.schedules import Cron, Schedule
from prefect.settings import PREFECT_API_URL
from prefect.types.entrypoint import EntrypointType
from pydantic import ValidationError

from flows import scheduled
from flows.automations import call_on_failure
from frontmart.errors import UsageError
from transforms.redact.credentials import redact_url

# A build that is due while one is under way is not run: the next tick sees the same files.
ONE_AT_A_TIME: Final = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
_TAGS: Final = ["frontmart"]
_ENTRYPOINTS: Final = "frontmart.deployments"
# One of each flow, so that a long backfill keeps nobody from looking after snapshots.
_RUNS_AT_A_TIME: Final = 5


@dataclass(frozen=True, slots=True)
class Service:
    """What to serve.

    Attributes:
        name: what the deployments are called, such as frontmart-build/<name>.
        source: the folder of front-matter files.
        out: the folder that holds the snapshots and the published link.
        config: a TOML file of further settings, if any.
        cron: when to build, in five fields, such as `*/15 * * * *`.
        timezone: where the clock of `cron` stands, such as Europe/Berlin.
        on_failure: a URL to call when a build fails or crashes, if any.
        patience_seconds: how long to wait for the server to answer: one that has just been started takes half a minute.
    """

    name: str
    source: Path
    out: Path
    config: Path | None
    cron: str
    timezone: str
    on_failure: str | None
    patience_seconds: float


def run_service(service: Service) -> None:
    """Create or update the deployments, and run what comes due until the process is ended.

    Raises UsageError where no server is set or answers, and for a schedule that is none.
    """
    deployments = deployments_of(service)
    require_server(service.patience_seconds)
    if service.on_failure:
        call_on_failure(service.name, service.on_failure)
    # A service that is restarted goes on by itself: nothing is paused when it ends, and see `ticks` for what it missed.
    serve(*deployments, limit=_RUNS_AT_A_TIME, pause_on_shutdown=False)


def deployments_of(service: Service) -> Sequence[RunnerDeployment]:
    """A deployment of each flow; only builds have a schedule."""
    try:
        CronSchedule(cron=service.cron, timezone=service.timezone)
    except ValidationError as error:
        message = f"--cron {service.cron!r} in {service.timezone}: {error.errors()[0]['msg']}; see `man 5 crontab`"
        raise UsageError(message) from None
    out: dict[str, Path | None] = {"out": service.out}
    build = {"source": service.source, "config": service.config, **out}
    flows: list[tuple[Any, dict[str, Path | None], Schedule | None]] = [
        (scheduled.build, build, Cron(service.cron, timezone=service.timezone)),
        (scheduled.backfill, build, None),
        (scheduled.retain, out, None),
        (scheduled.export, out, None),
        (scheduled.verify, out, None),
    ]
    return [_deployment_of(flow, service.name, parameters, schedule) for flow, parameters, schedule in flows]


def _deployment_of(
    flow: Any, name: str, parameters: Mapping[str, Path | None], schedule: Schedule | None
) -> RunnerDeployment:
    deployment: RunnerDeployment = flow.to_deployment(
        name,
        schedule=schedule,
        parameters={name: str(path) for name, path in parameters.items() if path is not None},
        concurrency_limit=ONE_AT_A_TIME,
        tags=_TAGS,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    # Runs start in the folder of this process, which may have a `flows/` of its own.
    deployment.entrypoint = f"{_ENTRYPOINTS}.{flow.fn.__name__}"
    return deployment


def require_server(patience_seconds: float) -> None:
    """Raise UsageError where no Prefect server is set, or the one that is does not answer in time."""
    url = PREFECT_API_URL.value()
    if not url:
        raise UsageError(
            "no Prefect server is set; start one with `prefect server start` and name it with "
            "`prefect config set PREFECT_API_URL=http://127.0.0.1:4200/api`"
        )
    end = time.monotonic() + patience_seconds
    with get_client(sync_client=True) as client:
        while error := client.api_healthcheck():
            if time.monotonic() >= end:
                shown = redact_url(url)
                message = f"{shown}: no Prefect server answers there ({error}); start it, or correct PREFECT_API_URL"
                raise UsageError(message)
            time.sleep(1)
