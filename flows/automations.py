"""Prefect automations that call a URL, such as a chat or pager webhook, when a build fails or nobody runs it."""

import json
import re
from datetime import timedelta
from typing import Any, Final

from prefect.automations import Automation
from prefect.blocks.webhook import Webhook
from prefect.events.actions import CallWebhook
from prefect.events.schemas.automations import EventTrigger, Posture
from pydantic import SecretStr

# States that a run has once a service has taken it.
_BEGUN: Final = ("Pending", "Running", "Completed", "Skipped", "Failed", "Crashed", "Cancelled")


def call_on_failure(name: str, url: str, patience: timedelta) -> None:
    """Create automations: the server POSTs to a URL when a run of `name` fails or crashes, or when none begins.

    The body is JSON: deployment, flow_run, flow_run_id, state, and message, whose first line is the cause. Replaces
    the earlier automations of the deployment. The URL, which may contain a token, is stored as a secret.

    Args:
        name: name of the deployments.
        url: the URL.
        patience: longest time from when a run is late until one begins; after that, nobody serves the deployment.
    """
    block_id: Any = Webhook(method="POST", url=SecretStr(url)).save(_block_name(name), overwrite=True)
    _replace(
        f"frontmart {name}: failed",
        block_id,
        _payload("{{ flow_run.state.name | tojson }}", "{{ flow_run.state.message | tojson }}"),
        _trigger(name, expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed"}),
    )
    message = f"no run of {name} has begun since this one came due; see whether `frontmart serve` runs"
    _replace(
        f"frontmart {name}: not served",
        block_id,
        _payload(json.dumps("Late"), json.dumps(message)),
        _trigger(
            name,
            posture=Posture.Proactive,
            after={"prefect.flow-run.Late"},
            expect={f"prefect.flow-run.{state}" for state in _BEGUN},
            within=patience,
        ),
    )


def _trigger(name: str, **options: Any) -> EventTrigger:
    return EventTrigger(
        match={"prefect.resource.id": "prefect.flow-run.*"},
        match_related={"prefect.resource.role": "deployment", "prefect.resource.name": name},
        threshold=1,
        **({"posture": Posture.Reactive} | options),
    )


def _payload(state: str, message: str) -> str:
    """A Jinja template that the server renders for each call, from the JSON of a state and a message."""
    return f"""{{
  "deployment": {{{{ deployment.name | tojson }}}},
  "flow_run": {{{{ flow_run.name | tojson }}}},
  "flow_run_id": {{{{ flow_run.id | string | tojson }}}},
  "state": {state},
  "message": {message}
}}"""


def _replace(title: str, block_id: Any, payload: str, trigger: EventTrigger) -> None:
    """Create an automation in place of those with its title; one that is the same already is kept, with its events."""
    action = CallWebhook(block_document_id=block_id, payload=payload)
    automation = Automation(name=title, trigger=trigger, actions=[action])
    found = _automations_called(title)
    if [_content(each) for each in found] == [_content(automation)]:
        return
    for before in found:
        before.delete()
    automation.create()


def _content(automation: Automation) -> object:
    """An automation without the ids that the server gives it."""
    content = automation.model_dump(mode="json", include={"enabled", "trigger", "actions"})
    content["trigger"].pop("id", None)
    for values in content["trigger"].values():
        if isinstance(values, list):
            values.sort()  # from sets
    return content


def _automations_called(title: str) -> list[Automation]:
    try:
        found: Any = Automation.read(name=title)
    except ValueError:
        return []
    return [found]


def _block_name(name: str) -> str:
    """A valid name of a Prefect block: lower-case letters, digits and dashes."""
    return "frontmart-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
