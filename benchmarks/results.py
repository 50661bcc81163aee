"""Results of a benchmark: workloads, contenders and the measurements of each run.

Stored as JSON, so that the default run and the large run each update their own part of RESULTS.md.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.measure import Measurement, Summary, summary


@dataclass
class Result:
    """The runs of a contender on a workload, and the row counts that the last one wrote."""

    name: str
    runs: list[Measurement] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    # Titles changed before the last run, and how many of them are in its output; None if none were changed.
    edited: int | None = None
    edited_found: int | None = None
    # Seconds of each step of its last run, for Frontmart.
    steps: dict[str, float] = field(default_factory=dict)

    @property
    def failure(self) -> str | None:
        """The reason of the first failure, or None."""
        return next((run.failure for run in self.runs if run.failure), None)

    @property
    def summary(self) -> Summary | None:
        """Its runs summed up, or None if one failed."""
        return None if self.failure or not self.runs else summary(self.runs)


@dataclass
class Work:
    """A workload: a corpus, its expected row counts, and the results of each contender."""

    size: str
    files: int
    bytes: int
    expected: dict[str, int]
    results: list[Result] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    # Files with YAML, and how many of them are plain: read by their outline.
    yaml: int = 0
    plain: int = 0

    @property
    def title(self) -> str:
        """A title such as `20,000 small files (1.5 KB)`."""
        return f"{self.files:,} {self.size} files ({self.bytes / self.files / 1000:.1f} KB)"

    def summary(self, name: str) -> Summary | None:
        """The runs of a contender summed up, or None if it was left out or failed."""
        return next((result.summary for result in self.results if result.name == name), None)

    def step(self, name: str, step: str) -> float | None:
        """The seconds of a step of the last run of a contender, or None if they are not known."""
        return next((result.steps.get(step) for result in self.results if result.name == name), None)


@dataclass
class Campaign:
    """A run of the benchmark: the command, the machine, the versions and the workloads."""

    command: str
    date: str
    machine: dict[str, str]
    versions: dict[str, str]
    works: list[Work] = field(default_factory=list)


def save(campaign: Campaign, path: Path) -> None:
    """Write a campaign as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(campaign), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load(path: Path) -> Campaign:
    """Read a campaign that `save` wrote."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    return Campaign(**{**kept, "works": [_work(work) for work in kept["works"]]})


def _work(kept: dict[str, Any]) -> Work:
    results = [
        Result(**{**result, "runs": [Measurement(**run) for run in result["runs"]]}) for result in kept["results"]
    ]
    return Work(**{**kept, "results": results})
