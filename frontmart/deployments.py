"""The flows, as Prefect loads them: `frontmart.deployments.build` is the entrypoint of a deployment.

Prefect imports an entrypoint with its working folder first in `sys.path`, so that `flows.scheduled.build` would be
looked up in a project's own `flows/`.
"""

from frontmart.import_path import prefer_own_packages

prefer_own_packages()

from flows.scheduled import backfill, build, export, prune, retain, verify  # noqa: E402  (found only now)

__all__ = ["backfill", "build", "export", "prune", "retain", "verify"]
