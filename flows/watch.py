"""What a service does beside its runs: it reaps dead runs, and calls a URL when no run succeeds any more."""

import asyncio
import json
import logging
import threading
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Final

import httpx
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import PrefectException
from prefect.server.schemas.schedules import CronSchedule

from flows.deployment_names import find_deployments
from flows.process_records import ProcessRecord, this_host
from flows.reap import reap_dead_runs
from frontmart.duration import format_duration
from frontmart.snapshots.last_success import read_last_success

_LOG: Final = logging.getLogger("prefect.frontmart")
_PAUSE_SECONDS: Final = 15.0
_CALL_SECONDS: Final = 30.0


@dataclass
class Watch:
    """The state of a watch over a service.

    Attributes:
        name: name of the deployments.
        out: output folder.
        schedule: of builds.
        stale_after: builds that may come due without a success until the output folder is stale.
        on_failure: URL to POST to if it is stale, if any.
        record: the record of the service.
        flows: names of the flows that have a deployment.
        called_at: when the URL was called last, in UTC.
    """

    name: str
    out: Path
    schedule: CronSchedule
    stale_after: int
    on_failure: str | None
    record: ProcessRecord
    flows: Sequence[str]
    called_at: datetime | None = None

    def start(self) -> None:
        """Look now, and then again and again in a thread that ends with the process."""
        self.look()
        threading.Thread(target=self._look_for_ever, name="frontmart-watch", daemon=True).start()

    def look(self) -> None:
        """Reap dead runs, and call the URL if the last success is stale; a server that is away is asked later."""
        try:
            self._reap()
        except (httpx.HTTPError, PrefectException) as error:
            _LOG.warning("dead runs could not be looked for: %s", error)
        self.call_if_stale()

    def _look_for_ever(self) -> None:
        while True:
            time.sleep(_PAUSE_SECONDS)
            self.look()

    def _reap(self) -> None:
        with get_client(sync_client=True) as client:
            ids = [each.id for each in find_deployments(client, self.flows, self.name).values()]
            for run in reap_dead_runs(client, ids, *self._starts()):
                _LOG.warning("%s (%s): its process is dead; marked as Crashed", run.name, run.id)
                # The server may call a quarter of an hour late: it waits for an earlier event, which was lost with it.
                if self.on_failure:
                    call(self.on_failure, crashed_payload(self.name, run))

    def call_if_stale(self) -> None:
        """Call the URL if too many builds came due without a success, and again when as many more did.

        After a start of the service, wait until a second build is due: the first one may still succeed.
        """
        first_started_at, started_at = self._starts()
        success = read_last_success(self.out)
        since = success.finished_at if success else first_started_at
        if self._ticks_since(since, self.stale_after) < self.stale_after:
            self.called_at = None
            return
        if self._ticks_since(started_at, 2) < 2:
            return
        if self.called_at and self._ticks_since(self.called_at, self.stale_after) < self.stale_after:
            return
        age = format_duration(datetime.now(UTC) - since)
        message = f"no build of {self.out} has succeeded for {age}; see the runs of frontmart-build/{self.name}"
        _LOG.error("%s", message)
        if self.on_failure is None or call(self.on_failure, stale_payload(self.name, message)):
            self.called_at = datetime.now(UTC)

    def _ticks_since(self, moment: datetime, at_most: int) -> int:
        """How many builds came due since a moment, counted up to a number."""
        return len(asyncio.run(self.schedule.get_dates(n=at_most, start=moment, end=datetime.now(UTC))))

    def _starts(self) -> tuple[datetime, datetime]:
        """When this machine first served the deployments, and when this service started."""
        return datetime.fromisoformat(self.record.first_started_at), datetime.fromisoformat(self.record.started_at)


def crashed_payload(name: str, run: FlowRun) -> dict[str, str | None]:
    """The body of a call for a run that was found dead."""
    message = f"the process of this run on {this_host()} is dead; the next run builds"
    return {
        "deployment": name,
        "flow_run": run.name,
        "flow_run_id": str(run.id),
        "state": "Crashed",
        "message": message,
    }


def stale_payload(name: str, message: str) -> dict[str, str | None]:
    """The body of a call when nothing succeeds: the keys of a call for a failed run, of which there is none."""
    return {"deployment": name, "flow_run": None, "flow_run_id": None, "state": "Stale", "message": message}


def call(url: str, payload: dict[str, str | None]) -> bool:
    """POST JSON to a URL -> whether that succeeded. The URL is never logged: it may contain a token."""
    request = urllib.request.Request(url, json.dumps(payload).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=_CALL_SECONDS):
            return True
    except (OSError, ValueError, HTTPException) as error:
        _LOG.error("the URL of --on-failure could not be called: %s", type(error).__name__)
        return False
