"""A shard of files -> fragments: one Parquet file a tidy table, written by the process that parsed the files.

Nothing but a range of the listing goes to a worker, and nothing but a count comes back.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl

from flows.frames import write_frame
from flows.pool import ShardWork
from flows.shards import Shard
from transforms.frontmatter import document_id, parse_file
from transforms.outcomes import Document, Outcome, Reason, Reject, Touched
from transforms.tables import TABLES, polars_schema
from transforms.tidy import read_records, tidy_tables, validate

_TOLD: Final = ("path", "raw_path", "error", "known_hash")


def extract_shard(shard: Shard) -> int:
    """Parse the files of a shard and write its fragments; the number of files parsed."""
    rows = shard.rows()
    with _quiet_c_library():
        outcomes = [_outcome(shard.source, *row) for row in rows.select(_TOLD).iter_rows()]
    lines = b"\n".join(outcome.line for outcome in outcomes if isinstance(outcome, Document))
    frames = tidy_tables(read_records(lines)) | {"files": _files(rows, outcomes), "rejects": _rejects(rows, outcomes)}
    _write(shard, frames)
    return shard.file_count


def discard_shard(shard: Shard) -> None:
    """Remove the fragments of a shard, which may be some of them only."""
    for name in TABLES:
        shard.fragment(name).unlink(missing_ok=True)


def reject_shard(shard: Shard) -> int:
    """Refuse the files of a shard that kill whoever parses them; how many they are."""
    rows = shard.rows()
    message = "reading it killed its process (out of memory, or a crash in a library): split the file, or leave it out"
    outcomes: list[Outcome] = [Reject(Reason.CRASHED, message)] * rows.height
    _write(shard, {"files": _files(rows, outcomes), "rejects": _rejects(rows, outcomes)})
    return shard.file_count


def _write(shard: Shard, frames: dict[str, pl.DataFrame]) -> None:
    validate(frames)
    for name, frame in frames.items():
        if not frame.is_empty():
            shard.fragment(name).parent.mkdir(parents=True, exist_ok=True)
            write_frame(frame, shard.fragment(name), compression="lz4", statistics=False)


def _outcome(source: Path, path: str, raw_path: bytes | None, error: str | None, known_hash: str | None) -> Outcome:
    if error is None:
        try:
            # Unbuffered, and without a Path: both take longer than to read a small file.
            with open(f"{source}/{os.fsdecode(raw_path) if raw_path else path}", "rb", buffering=0) as file:  # noqa: PTH123
                data = file.read()
        except OSError as failure:
            error = failure.strerror or type(failure).__name__
        else:
            return parse_file(path, data, known_hash)
    message = f"cannot be read ({error}): check that it is there and that its permissions allow it"
    return Reject(Reason.UNREADABLE, message)


def _files(rows: pl.DataFrame, outcomes: list[Outcome]) -> pl.DataFrame:
    kinds = [
        "document"
        if isinstance(outcome, Document | Touched)
        else "reject"
        if isinstance(outcome, Reject)
        else "skipped"
        for outcome in outcomes
    ]
    hashes = [outcome.content_hash if isinstance(outcome, Document | Touched) else None for outcome in outcomes]
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


EXTRACT: Final = ShardWork(run=extract_shard, undo=discard_shard, give_up=reject_shard)
