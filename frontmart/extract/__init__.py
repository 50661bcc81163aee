"""A source folder -> fragments of the tidy tables, written by the processes that parse the files."""
