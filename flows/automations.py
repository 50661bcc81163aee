"""What Prefect does by itself when a build goes wrong: it calls a URL, such as that of a chat or a pager."""

import re
from typing import Any, Final

from prefect.automations import Automation
from prefect.blocks.webhook import Webhook
from prefect.events.actions import CallWebhook
from prefect.events.schemas.automations import EventTrigger, Posture
from pydantic import SecretStr

# Filled in by the server when it calls.
_PAYLOAD: Final = """{
  "deployment": {{ deployment.name | tojson }},
  "flow_run": {{ flow_run.name | tojson }},
  "flow_run_id": {{ flow_run.id | string | tojson }},
  "state": {{ flow_run.state.name | tojson }},
  "message": {{ flow_run.state.message | tojson }}
}"""


def call_on_failure(name: str, url: str) -> None:
    """Have the server POST to a URL whenever a run of a deployment called `name` fails or crashes.

    The body is JSON: deployment, flow_run, flow_run_id, state, and message, whose first line is the cause. What was set
    up before under the same name is replaced; the URL, which may hold a token, is kept as a secret.
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
    """A name that Prefect takes for a block: lower case letters, digits and dashes."""
    return "frontmart-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
