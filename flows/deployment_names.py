"""Names of the deployments of a service, which no other service may take over."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import DeploymentStatus
from prefect.client.schemas.responses import DeploymentResponse
from prefect.exceptions import ObjectNotFound

from flows.process_records import this_host
from frontmart.errors import UsageError

_HOST: Final = "host:"


def default_name(source: Path, out: Path) -> str:
    """The last two parts of the output folder, and a hash of both folders: `main-data-3fa9c1d2`."""
    key = hashlib.sha256(b"\0".join(map(bytes, (source, out)))).hexdigest()
    # Without the characters that Prefect, a URL or a shell does not take.
    return f"{re.sub(r'[^A-Za-z0-9._-]+', '-', old_default_name(out))}-{key[:8]}"


def old_default_name(out: Path) -> str:
    """The default name in 0.1: the last two parts of the output folder, which different folders share."""
    return f"{out.parent.name}-{out.name}"


def host_tag() -> str:
    """The tag of deployments that this machine serves."""
    return _HOST + this_host()


def find_deployments(client: SyncPrefectClient, flows: Sequence[str], name: str) -> dict[str, DeploymentResponse]:
    """The deployments `<flow>/<name>` that the server has, by this full name."""
    found = {}
    for flow in flows:
        try:
            found[f"{flow}/{name}"] = client.read_deployment_by_name(f"{flow}/{name}")
        except ObjectNotFound:
            continue
    return found


def are_for(found: Mapping[str, DeploymentResponse], folders: Mapping[str, str]) -> bool:
    """Whether deployments were found, and all are of a service for the given folders (see `ensure_own`)."""
    in_pools = [deployment for deployment in found.values() if deployment.work_pool_name]
    return bool(found) and not in_pools and not any(_differences(found, folders))


def ensure_own(found: Mapping[str, DeploymentResponse], folders: Mapping[str, str]) -> None:
    """Raise UsageError if a deployment is for other folders, of a work pool, or served by another machine now.

    Args:
        found: the deployments by name.
        folders: the parameters `source` and `out` that they ought to have, those of them that their flow has.
    """
    for name, key, theirs in _differences(found, folders):
        remedy = f"give another --name, or remove it with `prefect deployment delete '{name}'`"
        raise UsageError(f"{name}: this deployment has the {key} {theirs}, not {folders[key]}; {remedy}")
    for name, deployment in found.items():
        if deployment.work_pool_name:
            pool = f"belongs to the work pool {deployment.work_pool_name}"
            raise UsageError(f"{name}: {pool}; give another --name, or remove the deployment first")
        hosts = [tag.removeprefix(_HOST) for tag in deployment.tags if tag.startswith(_HOST)]
        if hosts and this_host() not in hosts and deployment.status == DeploymentStatus.READY:
            raise UsageError(f"{name}: is served by the machine {hosts[0]}; stop it there, or give another --name")


def _differences(
    found: Mapping[str, DeploymentResponse], folders: Mapping[str, str]
) -> Iterator[tuple[str, str, object]]:
    """Each folder of a deployment that is another one: name of the deployment, parameter, folder."""
    for name, deployment in found.items():
        for key, folder in folders.items():
            theirs = deployment.parameters.get(key, folder)
            if theirs != folder:
                yield name, key, theirs
