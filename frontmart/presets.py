"""The preset of a build: a setting, that of the published snapshot, or what a sample of the files votes for.

A voted preset stands until a full build, so that the schema of a warehouse does not change because a few files did.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from frontmart.errors import SnapshotError
from frontmart.extract.source import Reader, Source
from frontmart.extract.stderr import silenced_c_stderr
from frontmart.settings import Settings
from frontmart.snapshots.baseline import Baseline
from frontmart.snapshots.read import read_run
from frontmart.snapshots.run_log import read_runs
from frontmart.snapshots.store import Snapshot
from transforms.generic.rules import DEFAULT_RULES, FieldRules
from transforms.parse.frontmatter import read_front_matter
from transforms.parse.limits import Limits
from transforms.parse.outcomes import Reject
from transforms.parse.split import split_file
from transforms.signature import preset_of_keys
from transforms.vocabulary import Preset

_SETTING: Final = "setting"
_MAPPING: Final = "mapping file"
_PUBLISHED: Final = "published snapshot"
_VOTE: Final = "vote"
_DEFAULT: Final = "default"


@dataclass(frozen=True, slots=True)
class Votes:
    """The votes of a sample of the files: the files read, and those whose keys are of each preset."""

    sampled: int
    smartable: int
    generic: int

    @property
    def winner(self) -> Preset | None:
        """The preset with more votes; None if no file votes."""
        if not self.smartable and not self.generic:
            return None
        return Preset.GENERIC if self.generic > self.smartable else Preset.SMARTABLE


@dataclass(frozen=True, slots=True)
class PresetChoice:
    """The preset of a build.

    Attributes:
        preset: the preset.
        chosen_by: `setting`, `mapping file`, `published snapshot`, `vote`, or `default` if no file votes.
        votes: the votes of the sample, if the files were asked.
    """

    preset: Preset
    chosen_by: str
    votes: Votes | None = None

    @property
    def sentence(self) -> str:
        """How the preset was chosen, for people."""
        if self.chosen_by == _VOTE and self.votes:
            count = getattr(self.votes, self.preset.value)
            return f"preset {self.preset}: {count:,} of {self.votes.sampled:,} sampled files have its keys"
        if self.chosen_by == _DEFAULT:
            return f"preset {self.preset}: no sampled file has keys that only one preset knows"
        return f"preset {self.preset}, as in the {self.chosen_by}"

    def rules(self, given: FieldRules | None) -> FieldRules | None:
        """The rules to read files by: those of the mapping file, else the declared aliases; None for `smartable`."""
        return (given or DEFAULT_RULES) if self.preset is Preset.GENERIC else None

    def replaces(self, settled: "PresetChoice | None") -> bool:
        """Whether it is another preset than the one that was settled, whose rows can then not be reused."""
        return settled is not None and settled.preset is not self.preset

    @property
    def standing(self) -> Preset | None:
        """The preset, if later builds keep it: not one that nothing spoke for."""
        return self.preset if self.chosen_by != _DEFAULT else None

    def as_json(self) -> dict[str, object]:
        """The object in run.json."""
        votes = self.votes and {name: getattr(self.votes, name) for name in ("sampled", "smartable", "generic")}
        return {"name": self.preset.value, "chosen_by": self.chosen_by, "votes": votes}


def settled_preset(
    settings: Settings,
    rules: FieldRules | None,
    baseline: Baseline | None,
    warn: Callable[[str], None],
    base: Snapshot | None = None,
) -> PresetChoice | None:
    """The preset of a build as far as it is known without its files: else None.

    A setting or a mapping file decides; otherwise the preset of the given base, or of the published snapshot, stands.
    One that is there by default stands until a file votes for another.
    """
    if settings.preset != "auto":
        return PresetChoice(Preset(settings.preset), _SETTING)
    if rules is not None:
        return PresetChoice(Preset.GENERIC, _MAPPING)
    if settings.full or (baseline is None and base is None):
        return None
    return _standing_preset(settings.out, baseline, base, warn)


def choose_preset(
    settings: Settings,
    source: Source,
    settled: PresetChoice | None,
    sample: pl.DataFrame,
    warn: Callable[[str], None],
) -> PresetChoice:
    """The settled preset, or that with the most votes; warns if files vote otherwise than for that of the snapshot."""
    if settled and settled.chosen_by in (_SETTING, _MAPPING):
        return settled
    votes = count_votes(source, sample, settings.limits)
    winner = votes.winner
    if settled is None or settled.chosen_by == _DEFAULT:
        return PresetChoice(winner or Preset.SMARTABLE, _VOTE if winner else _DEFAULT, votes)
    if winner and winner is not settled.preset:
        count = getattr(votes, winner.value)
        warn(
            f"{settings.source}: {count} of {votes.sampled} sampled files now have the keys of preset {winner}, but "
            f"the published snapshot was built with {settled.preset}; build with --full to change it, or set `preset`"
        )
    return PresetChoice(settled.preset, _PUBLISHED, votes)


def count_votes(source: Source, sample: pl.DataFrame, limits: Limits) -> Votes:
    """Read a sample of the files, as `changes.sample_of` takes it, and count the presets that their keys are of."""
    counts = {Preset.SMARTABLE: 0, Preset.GENERIC: 0}
    with source.reader(sample) as reader, silenced_c_stderr():
        for path, raw_path in sample.select("path", "raw_path").iter_rows():
            mapping = _read_mapping(reader, os.fsdecode(raw_path) if raw_path else path, limits)
            preset = preset_of_keys(mapping) if mapping else None
            if preset:
                counts[preset] += 1
    return Votes(sample.height, counts[Preset.SMARTABLE], counts[Preset.GENERIC])


def _read_mapping(reader: Reader, path: str, limits: Limits) -> Mapping[str, object] | None:
    """The front matter of a file; None for a file that is no document: another step reports it."""
    try:
        data = reader.read(path, limits.file_bytes)
        front = split_file(path, data) if data else None
        value = read_front_matter(front, limits)[0].value if front else None
    except (OSError, Reject):
        return None
    return value if isinstance(value, dict) else None


def preset_of_run(run: Mapping[str, Any]) -> Preset:
    """The preset of a run, by its run.json; runs of versions before presets were all `smartable`."""
    preset = run.get("preset")
    return Preset(preset["name"]) if preset else Preset.SMARTABLE


def _standing_preset(
    out: Path, baseline: Baseline | None, base: Snapshot | None, warn: Callable[[str], None]
) -> PresetChoice | None:
    """The preset of a given base, or of the published snapshot; the run log knows that of a damaged one."""
    snapshot = base or (baseline.snapshot if baseline else None)
    try:
        preset = read_run(snapshot).get("preset") if snapshot else None
    except (SnapshotError, OSError):
        preset = None
    if preset:
        return PresetChoice(Preset(preset["name"]), _DEFAULT if preset["chosen_by"] == _DEFAULT else _PUBLISHED)
    id_ = baseline.snapshot_id if baseline else None
    standing = {run["snapshot_id"]: run["standing_preset"] for run in read_runs(out, warn)}.get(id_)
    return PresetChoice(Preset(str(standing)), _PUBLISHED) if standing in set(Preset) else None
