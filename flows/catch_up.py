"""Missed runs of a schedule: one build of the current files replaces all of them."""

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterStartTime,
    FlowRunFilterState,
    FlowRunFilterStateName,
)
from prefect.context import FlowRunContext


def superseding_run() -> str | None:
    """The name of a run of the same deployment that was started and completed after this run was due, or None.

    After an outage Prefect starts every scheduled run that came due meanwhile. None for a run that is not scheduled.
    """
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or run.deployment_id is None or not run.auto_scheduled or run.expected_start_time is None:
        return None
    built_since = FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=[run.deployment_id]),
        start_time=FlowRunFilterStartTime(after_=run.expected_start_time),
        state=FlowRunFilterState(name=FlowRunFilterStateName(any_=["Completed"])),
    )
    with get_client(sync_client=True) as client:
        found = client.read_flow_runs(flow_run_filter=built_since, limit=1)
    return found[0].name if found else None
