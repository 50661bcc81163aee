"""Run the benchmark: make corpora, let the contenders take turns, check what they wrote, write RESULTS.md."""

import argparse
import datetime as dt
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks.contenders import EDITED, FLOORS, FRONTMART, READ, RIVALS, ROOT, Contender, missing
from benchmarks.corpus import write_corpus
from benchmarks.machine import machine, versions
from benchmarks.measure import measure
from benchmarks.outputs import TABLES, edited_titles, row_counts
from benchmarks.report import render
from benchmarks.results import Campaign, Result, Work, load, save

HERE: Final = Path(__file__).parent
ROUNDS: Final = 3
# A contender whose first run takes longer has no other.
LONG_SECONDS: Final = 30.0
# More files than this, and the rivals would take hours.
MOST_FOR_RIVALS: Final = 20_000
# With fewer files than this, a second build shows nothing but the start.
FEWEST_FOR_CHANGES: Final = 10_000
SEED: Final = 1
DEFAULT_WORKS: Final = (("small", 2_000), ("small", 20_000), ("large", 2_000))
GROWTH: Final = (10_000, 100_000)


def works_of(size: int | None) -> list[tuple[str, int]]:
    """The corpora of a run: sizes and numbers of files."""
    if size is None:
        return list(DEFAULT_WORKS)
    return [("small", files) for files in (*(step for step in GROWTH if step < size), size)]


def contenders_for(files: int) -> tuple[list[Contender], dict[str, str]]:
    """Who takes part in a work of so many files, and who is left out, with the reason."""
    left_out = missing()
    if files > MOST_FOR_RIVALS:
        left_out |= {rival.name: f"rivals take part up to {MOST_FOR_RIVALS:,} files" for rival in RIVALS}
    ours = FRONTMART if files >= FEWEST_FOR_CHANGES else FRONTMART[:1]
    return [*ours, *(rival for rival in RIVALS if rival.name not in left_out), *FLOORS], left_out


def run_work(size: str, files: int, folder: Path, rounds: int) -> Work:
    """Make a corpus, and let everyone do the work `rounds` times in turns."""
    source, out = folder / "corpus", folder / "out"
    say(f"{files:,} {size} files: writing them")
    counts = write_corpus(source, files, SEED, size)
    contenders, left_out = contenders_for(files)
    expected = {name: int(getattr(counts, name)) for name in TABLES}
    work = Work(size, files, counts.bytes, expected, [Result(each.name) for each in contenders], left_out)
    warm(source, folder)
    for number in range(rounds):
        for contender, result in zip(contenders, work.results, strict=True):
            if has_turn(contender, work, number):
                take_turn(contender, result, source, out, number)
        shutil.rmtree(out)
    shutil.rmtree(source)
    return work


def warm(source: Path, folder: Path) -> None:
    """Read every file once, so that the first contender is no worse off."""
    measure(next(each for each in FLOORS if each.name == READ).command(source, folder), folder)


def has_turn(contender: Contender, work: Work, number: int) -> bool:
    """Whether a contender is quick enough for another round, and whoever it follows has had its turn in this one."""
    if number == 0:
        return True
    runs = {result.name: result.runs for result in work.results}
    is_quick = all(run.seconds <= LONG_SECONDS and not run.failure for run in runs[contender.name])
    return is_quick and (contender.follows is None or len(runs[contender.follows]) > number)


def take_turn(contender: Contender, result: Result, source: Path, out: Path, number: int) -> None:
    """One run of one contender: prepare, measure, count what it wrote."""
    folder = out / (contender.follows or contender.name)
    folder.mkdir(parents=True, exist_ok=True)
    # A contender's own folder holds its log as well; it writes into one that is new.
    target = folder / "out"
    target.mkdir(exist_ok=True)
    edition = number + 1
    if contender.prepare:
        result.edited = contender.prepare(source, edition)
    run = measure(contender.command(source, target), folder, env=contender.env)
    if run.failure:
        # No folder of this machine in what is kept.
        run = replace(run, failure=run.failure.replace(str(source.parent), "WORK").replace(str(ROOT), "."))
    result.runs.append(run)
    say(f"  {contender.name}: {run.seconds:.2f} s{f', {run.failure}' if run.failure else ''}")
    if not run.failure and contender not in FLOORS:
        result.counts = row_counts(target)
        if contender.prepare:
            result.edited_found = edited_titles(target, f"{EDITED} {edition}: ")


def say(line: str) -> None:
    """Tell whoever waits."""
    sys.stderr.write(f"{line}\n")


def write_report(results: Path) -> Path:
    """Make RESULTS.md of whatever campaigns there are."""
    kept = [load(path) for name in ("default", "large") if (path := results / "results" / f"{name}.json").exists()]
    target = results / "RESULTS.md"
    target.write_text(render(kept, rounds=ROUNDS, long_seconds=LONG_SECONDS, seed=SEED), encoding="utf-8")
    return target


def parser() -> argparse.ArgumentParser:
    """The command line."""
    command = argparse.ArgumentParser(prog="python -m benchmarks.run", description="Measure Frontmart and its rivals.")
    command.add_argument("--size", type=int, metavar="N", help="the large run: how cost grows to N files")
    command.add_argument("--quick", action="store_true", help="200 files and one round: does everything work?")
    command.add_argument("--work", type=Path, metavar="DIR", help="where corpora go (default: a temporary folder)")
    command.add_argument("--results", type=Path, metavar="DIR", default=HERE, help="where RESULTS.md goes")
    command.add_argument("--report", action="store_true", help="only write RESULTS.md anew")
    return command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    options = parser().parse_args(arguments)
    # Ended from outside, it still removes its corpora and ends whom it measures.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if options.quick:
        sys.stdout.write(render([run_all(options)], rounds=1, long_seconds=LONG_SECONDS, seed=SEED))
        return 0
    if not options.report:
        name = "default" if options.size is None else "large"
        save(run_all(options), options.results / "results" / f"{name}.json")
    say(f"wrote {write_report(options.results)}")
    return 0


def run_all(options: argparse.Namespace) -> Campaign:
    """Run every work of a command."""
    command = "make bench" if options.size is None else f"make bench SIZE={options.size}"
    today = dt.datetime.now(dt.UTC).date().isoformat()
    campaign = Campaign(f"`{command}`", today, machine(), versions())
    works = [(size, 200) for size in ("small", "large")] if options.quick else works_of(options.size)
    for size, files in works:
        with tempfile.TemporaryDirectory(prefix="frontmart-bench-", dir=options.work) as folder:
            campaign.works.append(run_work(size, files, Path(folder), 1 if options.quick else ROUNDS))
    return campaign


if __name__ == "__main__":
    sys.exit(main())
