"""Inspection of a source: what its files have, what of it fields take, and what is left. Nothing is published."""
