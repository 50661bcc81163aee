"""The rivals: scripts that do the same work with other tools, as a good engineer would write them in an hour.

A rival takes a folder of files and a folder to write to. It may skip a file that it cannot read, but must not stop.
"""
