"""The command line: one short function per command. Heavy libraries are imported inside the commands that need them."""

from frontmart.import_path import prefer_own_packages

prefer_own_packages()
