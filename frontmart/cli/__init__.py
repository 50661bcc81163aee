"""The command line: one short function per command. Heavy libraries are imported inside the commands that need them."""
