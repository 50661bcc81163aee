"""Extract a shard: parse its files, and write its fragments, the Parquet files of the tidy tables.

A worker gets a range of the listing and returns a number of files: no rows are sent between processes.
"""

import os
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

import polars as pl

from frontmart.errors import FrontmartError
from frontmart.extract.pool import ShardWork
from frontmart.extract.reader import advice
from frontmart.extract.shards import Shard
from frontmart.extract.source import Reader
from frontmart.extract.stderr import silenced_c_stderr
from transforms.generic.adapt import adapter
from transforms.generic.rules import FieldRules
from transforms.outline.mappings import MappingReader
from transforms.outline.records import LineReader
from transforms.parse.frontmatter import KnownHashes, MakeRecord, document_id, keep_all_keys, parse_file, shape_declared
from transforms.parse.limits import Limits, too_large
from transforms.parse.outcomes import Document, Outcome, Reason, Reject, Unchanged
from transforms.parse.related_list import RelatedTexts
from transforms.tables import TABLES, polars_schema
from transforms.tidy.flatten import validate
from transforms.tidy.outcomes import tables_of

# Path, content and known content hashes of a file -> its outcome.
Parse = Callable[[str, bytes, KnownHashes], Outcome]

_READ_COLUMNS: Final = ("path", "raw_path", "error", "known_hash")
# JSON bytes per batch: the rows of a file of a few kilobytes can take hundreds of times its size in memory.
BATCH_BYTES: Final = 24 * 2**20

CRASHED: Final = Reject(
    Reason.CRASHED,
    "parsing it killed the worker process (out of memory, or a crash in a library): split or remove the file",
)


def extract_shard(shard: Shard) -> int:
    """Parse the files of a shard and write its fragments -> number of files."""
    rows = shard.rows()
    start = 0
    for outcomes in _parse_in_batches(shard, rows):
        documents = [outcome for outcome in outcomes if isinstance(outcome, Document)]
        batch = rows.slice(start, len(outcomes))
        accounts = {"files": _files(batch, outcomes), "rejects": _rejects(batch, outcomes)}
        _write(shard, tables_of(documents) | accounts, shard.start + start)
        start += len(outcomes)
    return shard.file_count


def discard_shard(shard: Shard) -> None:
    """Remove the fragments of a shard, as many as there are."""
    for name in TABLES:
        for fragment in shard.fragments_of(name):
            fragment.unlink(missing_ok=True)


def reject_shard(shard: Shard) -> int:
    """Record the files of a shard, which kill the process that parses them, as rejects -> number of files."""
    rows = shard.rows()
    outcomes: list[Outcome] = [CRASHED] * rows.height
    _write(shard, {"files": _files(rows, outcomes), "rejects": _rejects(rows, outcomes)}, shard.start)
    return shard.file_count


def _write(shard: Shard, frames: dict[str, pl.DataFrame], start: int) -> None:
    validate(frames)
    for name, frame in frames.items():
        if not frame.is_empty():
            fragment = shard.fragment(name, start)
            fragment.parent.mkdir(parents=True, exist_ok=True)
            write_frame(frame, fragment, compression="lz4", statistics=False)


def _parse_in_batches(shard: Shard, rows: pl.DataFrame) -> Iterator[list[Outcome]]:
    """Parse the files in order -> their outcomes, in batches of limited memory; most shards are one batch."""
    with shard.source.reader(rows) as reader:
        files = rows.select(_READ_COLUMNS).iter_rows()
        parse = parser(shard.limits, shard.repair, shard.rules, keeps_keys=shard.keeps_keys)
        while batch := _take_batch(_parse(shard, reader, parse, *file) for file in files):
            yield batch


def parser(limits: Limits, repair: bool, rules: FieldRules | None, *, keeps_keys: bool = False) -> Parse:
    """The fastest way to parse files, see `Shard` for the arguments."""
    parse = partial(parse_file, limits=limits, repair=repair, related_texts=_related_texts())
    if not rules and not keeps_keys:
        return partial(parse, read_line=_line_reader(limits).read)
    make_record: MakeRecord = adapter(rules) if rules else shape_declared
    if keeps_keys:
        make_record = partial(keep_all_keys, make_record)
    return partial(parse, make_record=make_record, read_mapping=_mapping_reader().read)


# One of each for all shards of a process: what they remember holds for all files.
_line_reader = lru_cache(maxsize=1)(LineReader)
_mapping_reader = lru_cache(maxsize=1)(MappingReader)
_related_texts = lru_cache(maxsize=1)(RelatedTexts)


def _take_batch(outcomes: Iterator[Outcome]) -> list[Outcome]:
    batch: list[Outcome] = []
    size = 0
    with silenced_c_stderr():
        for outcome in outcomes:
            batch.append(outcome)
            if isinstance(outcome, Document):
                size += bytes_of(outcome)
                if size > BATCH_BYTES:
                    break
    return batch


def bytes_of(document: Document) -> int:
    """The bytes of JSON that become rows of a document."""
    return len(document.line) + sum([len(item.record) for item in document.related])


def _parse(
    shard: Shard,
    reader: Reader,
    parse: Parse,
    path: str,
    raw_path: bytes | None,
    error: str | None,
    known_hash: str | None,
) -> Outcome:
    if error is None:
        try:
            data = reader.read(os.fsdecode(raw_path) if raw_path else path, shard.limits.file_bytes)
        except OSError as failure:
            error = failure.strerror or type(failure).__name__
        else:
            if data is None:
                return too_large(shard.limits)
            return parse(path, data, (known_hash,) if known_hash else ())
    return unreadable(error)


def unreadable(error: str) -> Reject:
    """Reject a file that cannot be read."""
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
        document_id=_document_ids(rows["path"]),
        path="path",
        size="size",
        mtime_ns="mtime_ns",
        ctime_ns="ctime_ns",
        inode="inode",
        content_hash=pl.Series(hashes, dtype=pl.String),
        outcome=pl.Series(kinds, dtype=pl.String),
    )


def _rejects(rows: pl.DataFrame, outcomes: list[Outcome]) -> pl.DataFrame:
    rejects = [
        (document_id(path), path, outcome.reason.value, outcome.message, outcome.line, outcome.column)
        for path, outcome in zip(rows["path"], outcomes, strict=True)
        if isinstance(outcome, Reject)
    ]
    return pl.DataFrame(rejects, schema=polars_schema(TABLES["rejects"]), orient="row")


def _document_ids(paths: pl.Series) -> pl.Series:
    return pl.Series([document_id(path) for path in paths], dtype=pl.String)


EXTRACT: Final = ShardWork(run=extract_shard, discard=discard_shard, reject=reject_shard)


_BLOCK: Final = bytes(64 * 2**10)


def write_frame(frame: pl.DataFrame, path: Path, **options: Any) -> None:
    """Write a frame as Parquet, with options of Polars. Raises FrontmartError; the file is then incomplete."""
    try:
        frame.write_parquet(path, **options)
    except (pl.exceptions.PolarsError, OSError) as error:
        message = f"{path} cannot be written: {_disk_error(path) or error}"
        raise FrontmartError(f"{message}. Check disk space and permissions.") from error


def _disk_error(path: Path) -> str | None:
    """The error of writing another block to a file, or None: Polars does not say that a disk is full."""
    try:
        with path.open("ab") as file:
            file.write(_BLOCK)
    except OSError as error:
        return error.strerror
    return None
