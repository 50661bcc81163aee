"""Prefect: the flows around the pipeline, and the only code that uses Prefect.

Prefect reports its use to its makers unless it is told not to: here, before it is imported. Runs inherit the
environment.
"""

import os

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
