"""Flattening: records -> the tidy tables."""
