"""Prefect: flows around the pipeline, and all that they need of Prefect."""
