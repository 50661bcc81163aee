"""What the flows need of Prefect: how steps become tasks, what a run leaves to see, deployments, automations."""
