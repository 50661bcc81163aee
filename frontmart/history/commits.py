"""Give a staged snapshot the history of a Git repository: the commits since the last one read, or all of them.

All are read again if that commit is no longer on the line, if another folder of the repository is read, or if what
decides the rows has changed: another version of Frontmart, another mapping file, other limits.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from frontmart.catalog.history_inputs import HISTORY_INPUTS
from frontmart.git.blobs import BlobReader
from frontmart.git.links import LINK
from frontmart.git.log import Log, read_log
from frontmart.git.repository import Repository
from frontmart.git.source import CommitSource
from frontmart.git.tree import find_links, is_file, listed_by, read_tree
from frontmart.history.base import HistoryBase
from frontmart.history.forget import Current, Tables, forget_documents
from frontmart.history.parts import (
    FORMAT,
    Purged,
    Record,
    history_folder,
    scan_parts,
    share_parts,
    write_parts,
    write_record,
)
from frontmart.history.replay import SEED_SCHEMA, Seeds, replay
from frontmart.history.two_builds import APPEARANCES
from frontmart.history.versions_of_paths import Reading
from frontmart.runners import Runner
from frontmart.settings import Settings
from frontmart.snapshots.fingerprint import fingerprint, fingerprinted_files, hash_of
from frontmart.snapshots.store import Snapshot, remove
from frontmart.version import VERSION
from transforms.generic.rules import FieldRules
from transforms.parse.frontmatter import document_id
from transforms.vocabulary import Preset

# What decides the rows of a history besides what decides those of a build.
_CODE: Final = (
    "frontmart/catalog/history_inputs.py",
    "frontmart/history/replay.py",
    "frontmart/history/versions_of_paths.py",
    "transforms/history",
)


@dataclass(frozen=True, slots=True)
class CommitHistory:
    """The commits of a repository, up to one, as the history and the source of a build."""

    repository: Repository

    @property
    def source(self) -> CommitSource:
        """The files of the last commit."""
        return CommitSource(self.repository, self.repository.head)

    def is_read(self, base: HistoryBase | None) -> bool:
        """Whether the history of a snapshot has the last commit."""
        record = base.record if base else None
        return record is not None and (record.last_commit_id, record.path) == (
            self.repository.head,
            self.repository.subfolder,
        )


def rules_of(settings: Settings, rules: FieldRules | None, preset: Preset) -> str:
    """The hash of all that decides what a commit becomes, wherever the repository is."""
    anywhere = settings.model_copy(update={"source": Path("/")})
    words = [fingerprint(anywhere, VERSION, rules)["rows"], preset.value, str(FORMAT)]
    return hash_of(words, fingerprinted_files(_CODE))


def read_commits(
    stage: Snapshot,
    commits: CommitHistory,
    base: HistoryBase | None,
    reading: Reading,
    rules: str,
    runner: Runner,
    warn: Callable[[str], None],
) -> bool:
    """Write the history of a repository to a staged snapshot -> whether it is that of the base and new commits.

    What was purged stays so, also if all commits are read again. A call that failed can be repeated.

    Raises SourceUnavailableError for missing objects, and FrontmartError if files cannot be written.
    """
    repository = commits.repository
    for leftover in (history_folder(stage.folder), stage.work / "history"):
        if leftover.exists():
            remove(leftover)
    record = base.record if base else None
    log, is_later = _read_log(repository, record, rules, warn)
    first = 0
    seeds: Seeds | None = None
    if base and record and is_later:
        share_parts(base.snapshot.folder, stage.folder)
        first = record.steps
        seeds = _seeds(repository, base.snapshot, str(record.last_commit_id), log)
    replay(repository, log, reading, runner, stage.folder, stage.work / "history", first, seeds)
    purged = record.purged if record else ()
    if purged and not is_later:
        purged = _forget_again(stage, repository, purged)
    write_record(
        stage.folder,
        Record(
            kind="commits",
            steps=first + log.steps.height,
            repository=str(repository.path),
            path=repository.subfolder,
            branch=repository.branch,
            last_commit_id=repository.head,
            rules=rules,
            purged=purged,
        ),
    )
    return is_later


def _read_log(
    repository: Repository, record: Record | None, rules: str, warn: Callable[[str], None]
) -> tuple[Log, bool]:
    """The commits to read, and whether they follow those of the record."""
    if record and (record.rules, record.path) == (rules, repository.subfolder):
        log = read_log(repository, record.last_commit_id)
        if log is not None:
            return log, True
        last = (record.last_commit_id or "")[:12]
        warn(f"{repository.path}: commit {last} is no longer in its history, which is read anew")
    log = read_log(repository)
    if log is None:
        raise ValueError("a log from the first commit on is never None")
    return log, False


def _seeds(repository: Repository, base: Snapshot, commit: str, log: Log) -> Seeds:
    """What the paths that the commits write were at the last step of the base."""
    written = log.writes.select("path").unique()
    present = _files_of(repository, commit).join(written, on="path", how="semi")
    ids = written.with_columns(document_id=pl.col("path").map_elements(document_id, return_dtype=pl.String))
    is_written = pl.col("document_id").is_in(ids["document_id"].implode())
    changes = scan_parts(base.folder, "document_changes").filter(is_written).collect()
    last = changes.group_by("document_id").agg(
        valid_from=pl.col("step").max(),
        appeared=pl.col("step").filter(pl.col("change").is_in(APPEARANCES)).max(),
    )
    past = scan_parts(base.folder, "past_documents").filter(is_written).select("document_id").unique().collect()
    versions = (
        ids.join(present, on="path", how="left")
        .join(last, on="document_id", how="left")
        .with_columns(is_former=pl.col("document_id").is_in(past["document_id"].implode()))
        .filter(pl.col("blob_id").is_not_null() | pl.col("error").is_not_null() | pl.col("valid_from").is_not_null())
    )
    lists = scan_parts(base.folder, "past_lists").filter(is_written)
    begins = lists.group_by("document_id", "list_name").agg(list_from=pl.col("valid_to").max()).collect()
    return Seeds(versions.select(SEED_SCHEMA.names()).cast(SEED_SCHEMA), begins)


def _files_of(repository: Repository, commit: str) -> pl.DataFrame:
    """The files that a build of a commit lists: path, blob_id, and the error of what cannot be read."""
    find_listed = listed_by(repository.root)
    rows: list[tuple[str, str | None, str | None]] = []
    has_links = False
    for path, entry in read_tree(repository, commit):
        listed = find_listed(path)
        if listed and is_file(entry):
            rows.append((listed.path, entry.id, None))
        has_links |= listed is not None and entry.mode == LINK
    if has_links:
        with BlobReader(repository) as reader:
            for path, outcome in find_links(repository, commit, find_listed, reader).outcomes.items():
                listed = find_listed(path)
                if listed and outcome.is_listed:
                    rows.append((listed.path, outcome.blob_id, outcome.error))
    schema = {"path": pl.String(), "blob_id": pl.String(), "error": pl.String()}
    return pl.DataFrame(rows, schema=schema, orient="row").unique("path", keep="last")


def _forget_again(stage: Snapshot, repository: Repository, purged: tuple[Purged, ...]) -> tuple[Purged, ...]:
    """Take what was purged out of a history that was read anew -> the same, in its steps.

    A commit that is no longer there says nothing of when: then all past versions go.
    """
    tables: Tables = {name: scan_parts(stage.folder, name).collect() for name in HISTORY_INPUTS}
    step_of = dict(tables["steps"].select("commit_id", "step").iter_rows())
    last = max(step_of.values(), default=0)
    renewed = tuple(replace(each, through_step=step_of.get(each.through_commit_id, last)) for each in purged)
    current = _present(stage, tables)
    for through in sorted({each.through_step for each in renewed}):
        ids = {each.document_id for each in renewed if each.through_step == through and each.document_id}
        tables = forget_documents(tables, ids, current, through).tables
    remove(history_folder(stage.folder))
    write_parts(stage.folder, 0, tables)
    return renewed


def _present(stage: Snapshot, tables: Tables) -> Current:
    """What is current, by the changes: the tidy tables are not there yet."""
    last = tables["document_changes"].sort("step").group_by("document_id", maintain_order=True).last()
    documents = last.filter(~pl.col("change").is_in(["removed", "refused"]))
    unknown = pl.lit(None, pl.String()).alias("canonical_url")
    return Current(
        documents.select("document_id", "path", "collection", unknown),
        last.filter(pl.col("change") == "refused")["document_id"],
    )
