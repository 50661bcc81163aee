"""The errors that a user can meet: each message says where, what was wrong and what to do next.

The first line of a class's docstring is the meaning of its exit code in the documentation.
"""

from typing import Any, ClassVar


class FrontmartError(Exception):
    """The command failed; the message says what to do next."""

    exit_code: ClassVar[int] = 1


class UsageError(FrontmartError):
    """The command line, a setting or a query is not valid."""

    exit_code: ClassVar[int] = 2


class SourceUnavailableError(UsageError):
    """The source folder is missing, unreadable or without files."""

    exit_code: ClassVar[int] = 2


class ModelError(FrontmartError):
    """A file under sql/ cannot be read or run, or its header does not match its columns."""

    exit_code: ClassVar[int] = 1


class SnapshotError(FrontmartError):
    """A snapshot is missing or damaged, or nothing is published."""

    exit_code: ClassVar[int] = 1


class ChecksFailedError(FrontmartError):
    """An error check found rows, so that nothing was published.

    Attributes:
        run: the `frontmart.run.Run`, with the results of the checks.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, run: Any) -> None:
        """Keep the run with the message."""
        super().__init__(message)
        self.run = run


class LockedError(FrontmartError):
    """Another build or export is running in the output folder."""

    exit_code: ClassVar[int] = 4


class ComparisonFailedError(FrontmartError):
    """With `diff --exit-code`, the comparison failed: there 1 means that there are differences."""

    exit_code: ClassVar[int] = 2
