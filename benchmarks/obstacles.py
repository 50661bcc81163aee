"""Explain missed goals with numbers of the same run.

Each sentence compares the time that a goal allows with the least that any build needs: to start Python with its
libraries, walk the tree, read every byte, and do its own work on the processor.
"""

from collections.abc import Iterator, Sequence

from benchmarks.contenders import CHANGED, FIRST, PANDAS, READ, START, WALK
from benchmarks.results import Campaign, Work


def obstacles(campaigns: Sequence[Campaign]) -> list[str]:
    """One sentence per workload and missed goal."""
    sentences = []
    for campaign in campaigns:
        for work in campaign.works:
            sentences += [*_against_pandas(work), *_against_reading(work), *_changed(work)]
        sentences += _growth(campaign)
    return sentences


def _against_pandas(work: Work) -> Iterator[str]:
    ours, theirs, start = work.summary(FIRST), work.summary(PANDAS), work.summary(START)
    wanted = _wanted(work)
    if ours and theirs and start and theirs.seconds / ours.seconds < wanted:
        yield (
            f"{work.title}: {wanted} times as fast as {PANDAS} is {theirs.seconds / wanted:.2f} s. Starting Python "
            f"with the libraries takes {start.seconds:.2f} s. The build, warehouse, marts and checks included, takes "
            f"{ours.cpu_seconds:.1f} s of processor time; {PANDAS} takes {theirs.cpu_seconds:.1f} s."
        )


def _wanted(work: Work) -> int:
    """The goal for a first build, as a multiple of the speed of pandas; 0 if the workload has none."""
    if work.size == "large":
        return 30 if work.files >= 2_000 else 0
    return 20 if work.files >= 20_000 else 5 if work.files == 2_000 else 0


def _against_reading(work: Work) -> Iterator[str]:
    ours, read, start = work.summary(FIRST), work.summary(READ), work.summary(START)
    if not (ours and read and start) or work.size != "small" or work.files < 20_000:
        return
    allowed = 4 * read.seconds + start.seconds
    if ours.seconds > allowed:
        yield (
            f"{work.title}: four times the read floor plus a start is {allowed:.2f} s. The build takes "
            f"{1e6 * ours.cpu_seconds / work.files:.0f} us of processor time per file, and reading alone "
            f"{1e6 * read.cpu_seconds / work.files:.0f}: at least {ours.cpu_seconds / 2:.2f} s on two processors."
        )


def _changed(work: Work) -> Iterator[str]:
    first, changed, start, walk = (work.summary(name) for name in (FIRST, CHANGED, START, WALK))
    if not (first and changed and start and walk) or work.files != 100_000 or changed.seconds < first.seconds / 10:
        return
    yield (
        f"{work.title}, 1 percent changed: a tenth of the first build is {first.seconds / 10:.2f} s, of which starting "
        f"and walking take {start.seconds + walk.seconds:.2f} s. Few files are read, but the warehouse, the marts, the "
        "checks and the Parquet files are rebuilt from all rows, so that they equal those of a full build byte for "
        "byte."
    )


def _growth(campaign: Campaign) -> Iterator[str]:
    reads = {work.files: read for work in campaign.works if work.size == "small" and (read := work.summary(READ))}
    before, after = reads.get(100_000), reads.get(1_000_000)
    if before and after and after.seconds / before.seconds > 11:
        yield (
            f"From 100,000 to 1,000,000 files, reading every byte takes {after.seconds / before.seconds:.0f} times as "
            f"long ({before.seconds:.1f} s, {after.seconds:.1f} s): a million files do not fit in the file cache."
        )
