"""A Prefect automation that calls a URL, such as a chat or pager webhook, when a build fails."""

import re
from typing import Any, Final

from prefect.automations import Automation
from prefect.blocks.webhook import Webhook
from prefect.events.actions import CallWebhook
from prefect.events.schemas.automations import EventTrigger, Posture
from pydantic import SecretStr

# A Jinja template that the Prefect server renders for each call.
_PAYLOAD: Final = """{
  "deployment": {{ deployment.name | tojson }},
  "flow_run": {{ flow_run.name | tojson }},
  "flow_run_id": {{ flow_run.id | string | tojson }},
  "state": {{ flow_run.state.name | tojson }},
  "message": {{ flow_run.state.message | tojson }}
}"""


def call_on_failure(name: str, url: str) -> None:
    """Create an automation: the server POSTs to a URL when a run of the deployment `name` fails or crashes.

    The body is JSON: deployment, flow_run, flow_run_id, state, and message, whose first line is the cause. Replaces
    the earlier automation of the deployment. The URL, which may contain a token, is stored as a secret.
    """
    title = f"frontmart {name}: failed"
    block_id: Any = Webhook(method="POST", url=SecretStr(url)).save(_block_name(name), overwrite=True)
    trigger = EventTrigger(
        expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed"},
        match={"prefect.resource.id": "prefect.flow-run.*"},
        match_related={"prefect.resource.role": "deployment", "prefect.resource.name": name},
        posture=Posture.Reactive,
        threshold=1,
    )
    for before in _automations_called(title):
        before.delete()
    action = CallWebhook(block_document_id=block_id, payload=_PAYLOAD)
    Automation(name=title, trigger=trigger, actions=[action]).create()


def _automations_called(title: str) -> list[Automation]:
    try:
        found: Any = Automation.read(name=title)
    except ValueError:
        return []
    return [found]


def _block_name(name: str) -> str:
    """A valid name of a Prefect block: lower-case letters, digits and dashes."""
    return "frontmart-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
