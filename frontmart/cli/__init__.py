"""The command line: a function per command, and what all of them share."""

from frontmart.import_path import prefer_own_packages

prefer_own_packages()
