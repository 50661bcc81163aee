"""Questions to the published warehouse: how they are read, answered, explained where they fail, and written."""
