"""What stands in the way of a goal that was not met, told with numbers of the same run.

Each sentence holds what the goal allows against what no build can do without: starting Python with its libraries,
walking the tree, reading every byte, the processor time of its own work.
"""

from collections.abc import Iterator, Sequence

from benchmarks.contenders import CHANGED, FIRST, PANDAS, READ, START, WALK
from benchmarks.results import Campaign, Work


def obstacles(campaigns: Sequence[Campaign]) -> list[str]:
    """A sentence for each work and goal that a floor or the work itself keeps from being met."""
    told = []
    for campaign in campaigns:
        for work in campaign.works:
            told += [*_against_pandas(work), *_against_reading(work), *_changed(work)]
        told += _growth(campaign)
    return told


def _against_pandas(work: Work) -> Iterator[str]:
    ours, theirs, start = work.summary(FIRST), work.summary(PANDAS), work.summary(START)
    wanted = _wanted(work)
    if ours and theirs and start and theirs.seconds / ours.seconds < wanted:
        yield (
            f"{work.title}: {wanted} times as fast as {PANDAS} is {theirs.seconds / wanted:.2f} s. To start Python "
            f"with the libraries takes {start.seconds:.2f} s, and the build {ours.cpu_seconds:.1f} s of processor "
            f"time, for the warehouse, marts and checks too, where {PANDAS} takes {theirs.cpu_seconds:.1f} s."
        )


def _wanted(work: Work) -> int:
    """How many times as fast a first build is to be; 0 where there is no such goal."""
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
            f"{work.title}: four times the read floor and a start are {allowed:.2f} s. The build takes "
            f"{1e6 * ours.cpu_seconds / work.files:.0f} us of processor time a file, and reading it "
            f"{1e6 * read.cpu_seconds / work.files:.0f}: on two processors {ours.cpu_seconds / 2:.2f} s at the least."
        )


def _changed(work: Work) -> Iterator[str]:
    first, changed, start, walk = (work.summary(name) for name in (FIRST, CHANGED, START, WALK))
    if not (first and changed and start and walk) or work.files != 100_000 or changed.seconds < first.seconds / 10:
        return
    yield (
        f"{work.title}, 1 percent changed: a tenth of the first build is {first.seconds / 10:.2f} s, of which starting "
        f"and walking take {start.seconds + walk.seconds:.2f} s. Few files are read, but the warehouse, the marts, the "
        "checks and the Parquet files are made anew of all rows: the result is that of a full build, byte for byte."
    )


def _growth(campaign: Campaign) -> Iterator[str]:
    reads = {work.files: read for work in campaign.works if work.size == "small" and (read := work.summary(READ))}
    before, after = reads.get(100_000), reads.get(1_000_000)
    if before and after and after.seconds / before.seconds > 11:
        yield (
            f"From 100,000 to 1,000,000 files, reading every byte takes {after.seconds / before.seconds:.0f} times as "
            f"long ({before.seconds:.1f} s, {after.seconds:.1f} s): so many files do not stay in the file cache."
        )
