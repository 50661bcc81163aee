"""Prefect: the flows around the pipeline, and the only code that uses Prefect."""
