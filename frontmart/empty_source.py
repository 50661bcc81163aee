"""A source in which nothing can be read: refused before a build, since a share that is not mounted looks the same."""

from pathlib import Path
from typing import Final

from frontmart.errors import SourceUnavailableError
from frontmart.extract.listing import check_source, has_files
from frontmart.snapshots.loss_baseline import LossBaseline
from frontmart.survey import explain_no_documents, survey

# The end of each message about a source that never had documents.
ALLOW_EMPTY: Final = "to publish a source without documents, run `frontmart build --allow-empty`"


class EmptySourceError(SourceUnavailableError):
    """The source folder has no files, although documents of it are published; the build catches it."""


def require_files(source: Path) -> None:
    """Raise SourceUnavailableError for a source that is missing, or without a file that a build reads."""
    check_source(source)
    if not has_files(source):
        raise no_files(source, None)


def no_files(source: Path, before: LossBaseline | None, *, is_folder: bool = True) -> SourceUnavailableError:
    """The error for a source without a file that a build reads: an EmptySourceError if documents of it are published.

    Args:
        source: the source.
        before: the documents that are published of it, if any.
        is_folder: whether it is a folder, whose other files can be counted.
    """
    if before and before.document_count:
        had = f"snapshot {before.snapshot_id} has {before.document_count:,} documents of it"
        return EmptySourceError(f"{source}: has no files, but {had}; check that it is mounted")
    problem = explain_no_documents(survey(source)) if is_folder else None
    if problem:
        return SourceUnavailableError(f"{source}: {problem}; name the folder of front-matter files, or, {ALLOW_EMPTY}")
    return SourceUnavailableError(f"{source}: has no files; check the folder and that it is mounted, or, {ALLOW_EMPTY}")
