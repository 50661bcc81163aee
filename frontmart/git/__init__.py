"""Read git repositories, with the git binary alone: their first-parent line, the files of a commit, and blobs.

A repository may be hostile. Nothing that it configures is run, nothing is fetched, and nothing outside of it is read.
"""
