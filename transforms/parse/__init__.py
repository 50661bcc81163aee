"""Parsing: the bytes of a file -> a record or a reject."""
