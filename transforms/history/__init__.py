"""The history of documents as frames: lists folded into a row each, versions of what was written, and renames."""
