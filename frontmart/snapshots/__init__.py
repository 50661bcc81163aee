"""Snapshots: staged, published, locked, described, fingerprinted, pruned."""
