"""Every error that a user can meet. Each message says what, where, and what to do next; each class its exit code."""

from typing import Any


class FrontmartError(Exception):
    """The root: anything that Frontmart refuses to do, with a message for the user."""

    exit_code = 1


class UsageError(FrontmartError):
    """What was asked for makes no sense: a folder that is not there, a setting out of range."""

    exit_code = 2


class ModelError(FrontmartError):
    """A file under sql/ that cannot be read, ordered or run, or whose header does not tell the truth."""


class SnapshotError(FrontmartError):
    """A snapshot that is missing or not whole."""


class ChecksFailedError(FrontmartError):
    """The build ran, but an error check found rows; nothing was published.

    `run` is the `runs.Run`: what was seen and done, and what the checks found.
    """

    exit_code = 3

    def __init__(self, message: str, run: Any) -> None:
        """Take the message, and the run."""
        super().__init__(message)
        self.run = run


class LockedError(FrontmartError):
    """Another build holds the output folder."""

    exit_code = 4
