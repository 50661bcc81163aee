"""The record of a run of the pipeline: its inputs, counts, checks, seconds and outcome."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from frontmart.aliases.model import AliasFile
from frontmart.catalog.features import Feature
from frontmart.errors import ChecksFailedError
from frontmart.key_counts import KeyCount
from frontmart.mapping.read import MappingFile
from frontmart.presets import PresetChoice
from frontmart.settings import Settings
from frontmart.snapshots.corpus_dates import CorpusDates
from frontmart.snapshots.fingerprint import fingerprint
from frontmart.snapshots.ids import id_at
from frontmart.snapshots.last_success import LastSuccess, write_last_success
from frontmart.snapshots.run_log import append_run, unusable_run_log
from frontmart.snapshots.store import Snapshot
from frontmart.version import VERSION
from frontmart.warehouse.base_copy import Update
from frontmart.warehouse.checks import SOURCE_CHECKS, CheckResult

# The columns `<name>_seconds` of the run log, each the sum of these steps of the pipeline.
_STEPS: Final = {
    "list": ("list",),
    "extract": ("extract",),
    "load": ("load",),
    "model": ("model",),
    "check": ("check",),
    "publish": ("write", "report", "publish"),
}


@dataclass(slots=True)
class Run:
    """One build: counts of files and rows, times in UTC, seconds by step.

    `outcome` is published, kept (under a tag, not published), unchanged, checks_failed or failed. `unused_keys` are
    keys of the files that look like a field and fill none. `features` are those that posts have, None until they are
    known, and `notes` sentences on what posts lack. `dates` are those of the corpus, None until they are known, and if
    an earlier version made the snapshot that is up to date. `update` is what a build did to a copy of the base
    warehouse; None if it filled an empty one. `warnings` are sentences on damage that the run found, and
    that did not make it fail. `name` is that of the corpus. `history` is whether the snapshot is a step of the history.
    """

    run_id: str
    source: Path
    out: Path
    as_of: dt.date
    started_at: dt.datetime
    finished_at: dt.datetime | None = None
    outcome: str = "failed"
    snapshot_id: str | None = None
    files: dict[str, int] = field(default_factory=dict)
    table_rows: dict[str, int] = field(default_factory=dict)
    model_rows: dict[str, int] = field(default_factory=dict)
    checks: list[CheckResult] = field(default_factory=list)
    fingerprint: dict[str, str] = field(default_factory=dict)
    changed_files: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    name: str | None = None
    history: bool = True
    preset: PresetChoice | None = None
    mapping: MappingFile | None = None
    aliases: AliasFile | None = None
    unused_keys: list[KeyCount] = field(default_factory=list)
    features: frozenset[Feature] | None = None
    notes: list[str] = field(default_factory=list)
    dates: CorpusDates | None = None
    update: Update | None = None
    warnings: list[str] = field(default_factory=list)
    show_warning: Callable[[str], None] = field(default=lambda _: None, repr=False, compare=False)

    @classmethod
    def start(
        cls,
        settings: Settings,
        seconds: dict[str, float],
        show_warning: Callable[[str], None] = lambda _: None,
        mapping: MappingFile | None = None,
        aliases: AliasFile | None = None,
    ) -> "Run":
        """Start a run now.

        Args:
            settings: of the build.
            seconds: the dict in which the runner records its steps.
            show_warning: called with each warning of the run.
            mapping: the mapping file, if any.
            aliases: the reviewed file of aliases, if any.
        """
        now = dt.datetime.now(dt.UTC)
        return cls(
            run_id=id_at(now),
            source=settings.source,
            out=settings.out,
            as_of=settings.resolved_as_of(),
            started_at=now,
            fingerprint=fingerprint(
                settings, VERSION, mapping.rules if mapping else None, aliases.aliases if aliases else ()
            ),
            mapping=mapping,
            aliases=aliases,
            seconds=seconds,
            name=settings.corpus_name(),
            history=settings.history,
            show_warning=show_warning,
        )

    def warn(self, message: str) -> None:
        """Record a warning, and show it unless the run has already shown the same one."""
        if message not in self.warnings:
            self.warnings.append(message)
            self.show_warning(message)

    @property
    def day(self) -> str:
        """The day that the run describes, and the last day of windows, if that is another."""
        if self.dates is None or self.dates.window_end_date == self.as_of:
            return self.as_of.isoformat()
        return f"{self.as_of}, windows up to {self.dates.window_end_date}"

    @property
    def failed_checks(self) -> list[CheckResult]:
        """The checks that found rows, of either severity."""
        return [check for check in self.checks if check.is_failed]

    def raise_for_checks(self) -> None:
        """Raise ChecksFailedError if an error check found rows; the message shows the first rows of each.

        It is one line if all that is wrong is the source as a whole: it lost documents, or has none.
        """
        errors = [check for check in self.checks if check.is_blocking]
        if errors:
            self.outcome = "checks_failed"
            if all(check.name in SOURCE_CHECKS for check in errors):
                problems = "; ".join(check.description.rstrip(".") for check in errors)
                raise ChecksFailedError(f"{self.source}: nothing was published: {_lower_first(problems)}", run=self)
            others = f" and {len(errors) - 1} more" if errors[1:] else ""
            raise ChecksFailedError(
                f"nothing was published: {errors[0].name}{others} found rows; "
                "correct these rows, the model or the limit\n"
                + "\n".join(f"  {check.name}: {check.description} {_rows(check)}" for check in errors),
                run=self,
            )

    def mark_complete(self, snapshot: Snapshot, *, is_kept: bool) -> "Run":
        """Record that a snapshot is about to be published, or kept; `record_run` undoes it if that fails."""
        self.outcome, self.snapshot_id = "kept" if is_kept else "published", snapshot.id
        self.finished_at = dt.datetime.now(dt.UTC)
        return self

    def mark_unchanged(self, snapshot: Snapshot, dates: CorpusDates | None = None) -> "Run":
        """Record that a snapshot, with these dates, is up to date: the published one, or one of a backfill."""
        self.dates = dates
        self.outcome, self.snapshot_id = "unchanged", snapshot.id
        self.finished_at = dt.datetime.now(dt.UTC)
        return self

    def as_json(self) -> dict[str, object]:
        """The object in `run.json` and in the output of `--json`."""
        return {
            **self.log_entry(),
            **(self.dates.as_json() if self.dates else {}),
            "name": self.name,
            "history": self.history,
            "source": str(self.source),
            "out": str(self.out),
            "preset": self.preset and self.preset.as_json(),
            "mapping": self.mapping and str(self.mapping.path),
            "organisations": self.aliases and str(self.aliases.path),
            "unused_keys": [asdict(each) for each in self.unused_keys],
            "files": self.files,
            "changed_files": self.changed_files,
            "update": self.update and self.update.as_json(),
            "fingerprint": self.fingerprint,
            "rows": self.table_rows | self.model_rows,
            "checks": [asdict(check) for check in self.checks],
            "features": None if self.features is None else [each for each in Feature if each in self.features],
            "notes": self.notes,
            "warnings": self.warnings,
            "seconds": {step: round(seconds, 3) for step, seconds in self.seconds.items()},
        }

    def log_entry(self) -> dict[str, object]:
        """The entry of the run log: a row of `tidy.runs`, the absolute path of the source, and the standing preset."""
        return {
            "run_id": self.run_id,
            "snapshot_id": self.snapshot_id,
            "source_path": str(self.source.absolute()),
            "started_at": self.started_at.isoformat(),
            "as_of_date": self.as_of.isoformat(),
            "outcome": self.outcome,
            "frontmart_version": VERSION,
            "standing_preset": self.preset.standing if self.preset else None,
            "file_count": self.files.get("seen"),
            "document_count": self.files.get("document"),
            "reject_count": self.files.get("reject"),
            "skipped_count": self.files.get("skipped"),
            "failed_check_count": len(self.failed_checks),
            "total_seconds": self._total_seconds(),
            **{f"{name}_seconds": self._seconds_of(steps) for name, steps in _STEPS.items()},
        }

    def _seconds_of(self, steps: tuple[str, ...]) -> float | None:
        known = [self.seconds[step] for step in steps if step in self.seconds]
        return round(sum(known), 3) if known else None

    def _total_seconds(self) -> float | None:
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None


def _lower_first(text: str) -> str:
    return text[0].lower() + text[1:]


def _rows(check: CheckResult) -> str:
    shown: Sequence[object] = check.first_rows[:3]
    return f"({check.failed_row_count} rows, the first: {', '.join(map(str, shown))})"


@contextmanager
def record_run(run: Run) -> Iterator[None]:
    """Append the run to the run log when the block ends, failed or not; skip a no-op.

    A log that cannot be written never makes a run fail: after a run that published, it is a warning.
    """
    try:
        yield
    except BaseException as error:
        run.outcome = "checks_failed" if isinstance(error, ChecksFailedError) else "failed"
        run.snapshot_id = None
        with suppress(OSError):  # the error of the run matters more than that of the log
            _record(run)
        raise
    if run.outcome != "unchanged":
        try:
            _record(run)
        except OSError as error:
            run.warn(unusable_run_log(run.out, error))


def _record(run: Run) -> None:
    run.finished_at = dt.datetime.now(dt.UTC)
    append_run(run.out, run.log_entry())


@contextmanager
def record_success(run: Run, tag: str | None) -> Iterator[None]:
    """Record the run as the last success of its output folder if the block ends without an error.

    Not a day of a backfill, which has a tag: what is published does not become more recent by it. The caller holds the
    lock of the folder.
    """
    yield
    if tag is None and run.snapshot_id and run.finished_at:
        write_last_success(run.out, LastSuccess(run.run_id, run.outcome, run.snapshot_id, run.finished_at))
