"""Snapshots: stage, publish, lock, describe, fingerprint and prune them."""
