"""The same work by other means: each rival a script of its own, as a good engineer would write it in an hour.

A rival takes a folder of files and a folder to write to. It may skip a file that it cannot read, but goes on.
"""
