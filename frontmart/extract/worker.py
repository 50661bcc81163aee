"""A shard of files -> fragments: Parquet files of the tidy tables, written by the process that parsed the files.

Nothing but a range of the listing goes to a worker, and nothing but a count comes back.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import polars as pl

from frontmart.errors import FrontmartError
from frontmart.extract.pool import ShardWork
from frontmart.extract.reader import SourceReader, advice
from frontmart.extract.shards import Shard
from transforms.parse.frontmatter import document_id, parse_file
from transforms.parse.limits import too_large
from transforms.parse.outcomes import Document, Outcome, Reason, Reject, Unchanged
from transforms.tables import TABLES, polars_schema
from transforms.tidy.flatten import read_records, tidy_tables, validate

_TOLD: Final = ("path", "raw_path", "error", "known_hash")
# Of JSON. A file of a few kilobytes may say so much that its rows take hundreds of times as many.
_BATCH_BYTES: Final = 24 * 2**20


def extract_shard(shard: Shard) -> int:
    """Parse the files of a shard and write its fragments; the number of files parsed."""
    rows = shard.rows()
    start = 0
    for outcomes in _batches(shard, rows):
        lines = b"\n".join(outcome.line for outcome in outcomes if isinstance(outcome, Document))
        batch = rows.slice(start, len(outcomes))
        accounts = {"files": _files(batch, outcomes), "rejects": _rejects(batch, outcomes)}
        _write(shard, tidy_tables(read_records(lines)) | accounts, shard.start + start)
        start += len(outcomes)
    return shard.file_count


def discard_shard(shard: Shard) -> None:
    """Remove the fragments of a shard, which may be some of them only."""
    for name in TABLES:
        for fragment in shard.fragments_of(name):
            fragment.unlink(missing_ok=True)


def reject_shard(shard: Shard) -> int:
    """Refuse the files of a shard that kill whoever parses them; how many they are."""
    rows = shard.rows()
    message = "reading it killed its process (out of memory, or a crash in a library): split the file, or leave it out"
    outcomes: list[Outcome] = [Reject(Reason.CRASHED, message)] * rows.height
    _write(shard, {"files": _files(rows, outcomes), "rejects": _rejects(rows, outcomes)}, shard.start)
    return shard.file_count


def _write(shard: Shard, frames: dict[str, pl.DataFrame], start: int) -> None:
    validate(frames)
    for name, frame in frames.items():
        if not frame.is_empty():
            fragment = shard.fragment(name, start)
            fragment.parent.mkdir(parents=True, exist_ok=True)
            write_frame(frame, fragment, compression="lz4", statistics=False)


def _batches(shard: Shard, rows: pl.DataFrame) -> Iterator[list[Outcome]]:
    """What becomes of the files, in order: all at once, unless they say so much that it must not stay in memory."""
    with SourceReader(shard.source) as reader:
        told = rows.select(_TOLD).iter_rows()
        while batch := _batch(_outcome(shard, reader, *row) for row in told):
            yield batch


def _batch(outcomes: Iterator[Outcome]) -> list[Outcome]:
    batch: list[Outcome] = []
    size = 0
    with _quiet_c_library():
        for outcome in outcomes:
            batch.append(outcome)
            if isinstance(outcome, Document):
                size += len(outcome.line)
                if size > _BATCH_BYTES:
                    break
    return batch


def _outcome(
    shard: Shard, reader: SourceReader, path: str, raw_path: bytes | None, error: str | None, known_hash: str | None
) -> Outcome:
    if error is None:
        try:
            data = reader.read(os.fsdecode(raw_path) if raw_path else path, shard.limits.file_bytes)
        except OSError as failure:
            error = failure.strerror or type(failure).__name__
        else:
            if data is None:
                return too_large(shard.limits)
            return parse_file(path, data, known_hash, limits=shard.limits, repair=shard.repair)
    return Reject(Reason.UNREADABLE, f"cannot be read ({error}): {advice(error)}")


def _files(rows: pl.DataFrame, outcomes: list[Outcome]) -> pl.DataFrame:
    kinds = [
        "document"
        if isinstance(outcome, Document | Unchanged)
        else "reject"
        if isinstance(outcome, Reject)
        else "skipped"
        for outcome in outcomes
    ]
    hashes = [outcome.content_hash if isinstance(outcome, Document | Unchanged) else None for outcome in outcomes]
    return rows.select(
        document_id=_ids(rows["path"]),
        path="path",
        size="size",
        mtime_ns="mtime_ns",
        content_hash=pl.Series(hashes, dtype=pl.String),
        outcome=pl.Series(kinds, dtype=pl.String),
    )


def _rejects(rows: pl.DataFrame, outcomes: list[Outcome]) -> pl.DataFrame:
    refused = [
        (document_id(path), path, outcome.reason.value, outcome.message, outcome.line, outcome.column)
        for path, outcome in zip(rows["path"], outcomes, strict=True)
        if isinstance(outcome, Reject)
    ]
    return pl.DataFrame(refused, schema=polars_schema(TABLES["rejects"]), orient="row")


def _ids(paths: pl.Series) -> pl.Series:
    return pl.Series([document_id(path) for path in paths], dtype=pl.String)


@contextmanager
def _quiet_c_library() -> Iterator[None]:
    """Send what C code writes to the standard error to nowhere: rapidyaml reports each refusal there."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


EXTRACT: Final = ShardWork(run=extract_shard, undo=discard_shard, reject=reject_shard)


_BLOCK: Final = bytes(64 * 2**10)


def write_frame(frame: pl.DataFrame, path: Path, **options: Any) -> None:
    """Write a frame as Parquet, with options of Polars. Raises FrontmartError; what is then in the file is void."""
    try:
        frame.write_parquet(path, **options)
    except (pl.exceptions.PolarsError, OSError) as error:
        message = f"{path} cannot be written: {_refusal(path) or error}"
        raise FrontmartError(f"{message}. See that the disk has room and that its permissions allow it.") from error


def _refusal(path: Path) -> str | None:
    """What the disk says to another block of a file; None where it takes it."""
    try:
        with path.open("ab") as file:
            file.write(_BLOCK)
    except OSError as error:
        return error.strerror
    return None
