"""Explain missed goals with numbers of the same run.

Each sentence compares the time that a goal allows with the least that any build needs: to start Python with its
libraries, walk the tree, read every byte, and do its own work on the processor.
"""

from collections.abc import Iterator, Sequence

from benchmarks.contenders import CHANGED, FIRST, PANDAS, READ, START, WALK
from benchmarks.goals import LARGE_EXTRACT, MOST_OF_FIRST, wanted_ratio
from benchmarks.results import Campaign, Work


def obstacles(campaigns: Sequence[Campaign]) -> list[str]:
    """One sentence per workload and missed goal, and why no build is twenty times as fast as pandas on small files."""
    sentences = []
    for campaign in campaigns:
        for work in campaign.works:
            sentences += [*_against_pandas(work), *_extract(work), *_twenty_times(work), *_changed(work)]
        sentences += _growth(campaign)
    return sentences


def _against_pandas(work: Work) -> Iterator[str]:
    ours, theirs, start = work.summary(FIRST), work.summary(PANDAS), work.summary(START)
    wanted = wanted_ratio(work)
    if ours and theirs and start and theirs.seconds / ours.seconds < wanted:
        yield (
            f"{work.title}: {wanted:g} times as fast as {PANDAS} is {theirs.seconds / wanted:.2f} s. Starting Python "
            f"with the libraries takes {start.seconds:.2f} s. The build, warehouse, marts and checks included, takes "
            f"{ours.cpu_seconds:.1f} s of processor time; {PANDAS} takes {theirs.cpu_seconds:.1f} s. {_steps(work)}"
        )


def _steps(work: Work) -> str:
    """Where the time of a first build goes."""
    steps = {name: work.step(FIRST, name) for name in ("list", "extract", "load", "model", "check", "write")}
    known = ", ".join(f"{name} {taken:.1f}" for name, taken in steps.items() if taken is not None)
    return f"Seconds by step: {known}." if known else ""


def _extract(work: Work) -> Iterator[str]:
    ours, theirs, start = work.step(FIRST, "extract"), work.summary(PANDAS), work.summary(START)
    if work.size == "large" and ours and theirs and start and theirs.seconds / ours < LARGE_EXTRACT:
        yield (
            f"{work.title}, extract alone: {LARGE_EXTRACT} times as fast as {PANDAS} is "
            f"{theirs.seconds / LARGE_EXTRACT:.2f} s. Each worker process imports the libraries first, which takes up "
            f"to {start.seconds:.2f} s."
        )


def _twenty_times(work: Work) -> Iterator[str]:
    theirs, walk, read = (work.summary(name) for name in (PANDAS, WALK, READ))
    if work.size == "small" and work.files >= 20_000 and theirs and walk and read:
        yield (
            f"{work.title}: twenty times as fast as {PANDAS} is {1e6 * theirs.seconds / 20 / work.files:.0f} us a "
            f"file. Listing and reading alone take {1e6 * (walk.seconds + read.seconds) / work.files:.0f} us."
        )


def _changed(work: Work) -> Iterator[str]:
    first, changed, start, walk = (work.summary(name) for name in (FIRST, CHANGED, START, WALK))
    if not (first and changed and start and walk) or work.files != 100_000:
        return
    allowed = MOST_OF_FIRST * first.seconds
    if changed.seconds < allowed:
        return
    yield (
        f"{work.title}, 1 percent changed: {MOST_OF_FIRST:g} of the first build is {allowed:.2f} s, of which starting "
        f"and walking take {start.seconds + walk.seconds:.2f} s. Models that read a changed column run again for all "
        "rows: titles decide events, and most marts count these."
    )


def _growth(campaign: Campaign) -> Iterator[str]:
    reads = {work.files: read for work in campaign.works if work.size == "small" and (read := work.summary(READ))}
    before, after = reads.get(100_000), reads.get(1_000_000)
    if before and after and after.seconds / before.seconds > 11:
        yield (
            f"From 100,000 to 1,000,000 files, reading every byte takes {after.seconds / before.seconds:.0f} times as "
            f"long ({before.seconds:.1f} s, {after.seconds:.1f} s): a million files do not fit in the file cache."
        )
