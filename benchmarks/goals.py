"""The goals of the benchmark, and whether a run met them. Each compares numbers of the same run."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.contenders import CHANGED, FIRST, PANDAS, UNCHANGED, WALK
from benchmarks.results import Campaign, Work

MET, NOT_MET, NOT_MEASURED = "met", "not met", "not measured"
GIB: Final = 2**30


@dataclass(frozen=True)
class Verdict:
    """A goal on a workload: the measured value, and whether it meets the goal."""

    work: str
    goal: str
    measured: str
    verdict: str


@dataclass(frozen=True)
class Goal:
    """A goal for the workloads that `applies` selects.

    `evaluate` returns the measured value and whether it meets the goal, or None if it was not measured. `ratio` is the
    multiple of the speed of pandas that a first build is to have, if the goal is that; see `as_fast_as_pandas`.
    """

    work: str
    text: str
    applies: Callable[[Work], bool]
    evaluate: Callable[[Work], tuple[str, bool] | None]
    ratio: float = 0


def times_as_fast(name: str, wanted: float) -> Callable[[Work], tuple[str, bool] | None]:
    """A goal: a first build is `wanted` times as fast as another contender."""

    def evaluate(work: Work) -> tuple[str, bool] | None:
        ours, theirs = work.summary(FIRST), work.summary(name)
        if ours is None or theirs is None:
            return None
        ratio = theirs.seconds / ours.seconds
        return f"{ratio:.2f} times ({ours.seconds:.2f} s against {theirs.seconds:.2f} s)", ratio >= wanted

    return evaluate


def extract_as_fast(name: str, wanted: float) -> Callable[[Work], tuple[str, bool] | None]:
    """A goal: the step `extract` of a first build is `wanted` times as fast as all that another contender does."""

    def evaluate(work: Work) -> tuple[str, bool] | None:
        ours, theirs = work.step(FIRST, "extract"), work.summary(name)
        if not ours or theirs is None:
            return None
        ratio = theirs.seconds / ours
        return f"{ratio:.2f} times ({ours:.2f} s against {theirs.seconds:.2f} s)", ratio >= wanted

    return evaluate


def within_walking(work: Work) -> tuple[str, bool] | None:
    """A goal: a build without changes takes at most twice the walk floor plus half a second."""
    ours, walk = work.summary(UNCHANGED), work.summary(WALK)
    if ours is None or walk is None:
        return None
    allowed = 2 * walk.seconds + 0.5
    return f"{ours.seconds:.2f} s, allowed {allowed:.2f} s (2 x {walk.seconds:.2f} + 0.5)", ours.seconds <= allowed


def share_of_first(work: Work) -> tuple[str, bool] | None:
    """A goal: a build with 1 percent changed takes under three tenths of the first build."""
    ours, first = work.summary(CHANGED), work.summary(FIRST)
    if ours is None or first is None:
        return None
    share = ours.seconds / first.seconds
    return f"{share:.3f} of it ({ours.seconds:.2f} s against {first.seconds:.2f} s)", share < MOST_OF_FIRST


def peak_memory(work: Work) -> tuple[str, bool] | None:
    """A goal: every kind of build needs under 1.2 GiB."""
    peaks = [found.peak_bytes for name in (FIRST, UNCHANGED, CHANGED) if (found := work.summary(name))]
    return (f"{max(peaks) / GIB:.2f} GiB", max(peaks) < 1.2 * GIB) if peaks else None


def _small(least: int, most: int | None = None) -> Callable[[Work], bool]:
    return lambda work: work.size == "small" and least <= work.files <= (most or work.files)


# A multiple of the speed of pandas.
LARGE_EXTRACT: Final = 25
MOST_OF_FIRST: Final = 0.3


def as_fast_as_pandas(work: str, text: str, applies: Callable[[Work], bool], ratio: float) -> Goal:
    """The goal that a first build is a number of times as fast as pandas."""
    return Goal(work, text, applies, times_as_fast(PANDAS, ratio), ratio)


GOALS: Final = (
    as_fast_as_pandas(
        "first build, large articles",
        f"12 times {PANDAS} or better",
        lambda work: work.size == "large" and work.files >= 2_000,
        12,
    ),
    Goal(
        "extract alone, large articles",
        f"{LARGE_EXTRACT} times {PANDAS} or better",
        lambda work: work.size == "large" and work.files >= 2_000,
        extract_as_fast(PANDAS, LARGE_EXTRACT),
    ),
    as_fast_as_pandas(
        "first build, 100,000 small files and more",
        f"5 times {PANDAS} or better",
        _small(100_000),
        5,
    ),
    as_fast_as_pandas(
        "first build, 20,000 small files",
        f"2.5 times {PANDAS} or better",
        _small(20_000, 20_000),
        2.5,
    ),
    as_fast_as_pandas(
        "first build, 2,000 small files",
        f"no slower than {PANDAS}, start-up included",
        _small(2_000, 2_000),
        1,
    ),
    Goal(
        "build with nothing changed, 100,000 files",
        "within 2 times the walk-and-stat floor plus 0.5 s",
        _small(100_000, 100_000),
        within_walking,
    ),
    Goal(
        "build with 1 percent changed, 100,000 files",
        "under 0.3 of the first build",
        _small(100_000, 100_000),
        share_of_first,
    ),
    Goal("peak memory at 1,000,000 files", "under 1.2 GiB", _small(1_000_000), peak_memory),
)
GROWTH: Final = ("time from 100,000 to 1,000,000 files", "10 times, within 10 percent")


def wanted_ratio(work: Work) -> float:
    """The goal for a first build, as a multiple of the speed of pandas; 0 if the workload has none."""
    return max((goal.ratio for goal in GOALS if goal.applies(work)), default=0)


def verdicts(campaigns: Sequence[Campaign]) -> list[Verdict]:
    """Every goal on every workload that it applies to; `not measured` if it applies to none."""
    works = [work for campaign in campaigns for work in campaign.works]
    found = [verdict for goal in GOALS for verdict in _evaluated(goal, works)]
    return [*found, *_growth(campaigns)]


def _evaluated(goal: Goal, works: Sequence[Work]) -> Iterator[Verdict]:
    found = [(work, outcome) for work in works if goal.applies(work) if (outcome := goal.evaluate(work))]
    if not found:
        yield Verdict(goal.work, goal.text, "", NOT_MEASURED)
    for work, (measured, is_met) in found:
        yield Verdict(goal.work, goal.text, f"{work.files:,} files: {measured}", MET if is_met else NOT_MET)


def _growth(campaigns: Sequence[Campaign]) -> Iterator[Verdict]:
    for campaign in campaigns:
        by_files = {work.files: work.summary(FIRST) for work in campaign.works if work.size == "small"}
        before, after = by_files.get(100_000), by_files.get(1_000_000)
        if before and after:
            ratio = after.seconds / before.seconds
            measured = f"{ratio:.2f} times ({before.seconds:.1f} s, {after.seconds:.1f} s)"
            yield Verdict(*GROWTH, measured, MET if 9 <= ratio <= 11 else NOT_MET)
            return
    yield Verdict(*GROWTH, "", NOT_MEASURED)
