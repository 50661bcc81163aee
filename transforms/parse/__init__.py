"""Bytes of a file -> a record or a reject."""
