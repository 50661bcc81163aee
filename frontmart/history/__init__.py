"""The history of a corpus: steps, what changed at each, and the versions that are over; see docs/history.md."""
