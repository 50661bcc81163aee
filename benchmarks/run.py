"""Run the benchmark: generate corpora, run the contenders in turns, count their rows, write RESULTS.md."""

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

from benchmarks.contenders import EDITED, FLOORS, FRONTMART, READ, RIVALS, ROOT, SLOW_RIVALS, Contender, missing
from benchmarks.corpus import write_corpus
from benchmarks.machine import machine, versions
from benchmarks.measure import measure
from benchmarks.outputs import TABLES, edited_titles, row_counts, seconds_by_step
from benchmarks.plain import count_plain
from benchmarks.report import render
from benchmarks.results import Campaign, Result, Work, load, save

HERE: Final = Path(__file__).parent
ROUNDS: Final = 3
# A contender whose first run takes longer runs only once.
LONG_SECONDS: Final = 30.0
# With more files, or more bytes, the slow rivals would take hours; those in plain Python take some minutes.
MOST_FOR_RIVALS: Final = 100_000
MOST_FOR_SLOW_RIVALS: Final = 20_000
MOST_BYTES_FOR_SLOW_RIVALS: Final = 50_000_000
# With fewer files, the time of a second build is mostly start-up.
FEWEST_FOR_CHANGES: Final = 10_000
SEED: Final = 1
DEFAULT_WORKS: Final = (("small", 2_000), ("small", 20_000), ("large", 2_000), ("large", 7_000))
GROWTH: Final = (10_000, 100_000)
# Results of fewer files are kept apart.
LARGE_RUN: Final = 1_000_000


def works_of(size: int | None) -> list[tuple[str, int]]:
    """The corpora of a run, as (size, number of files)."""
    if size is None:
        return list(DEFAULT_WORKS)
    return [("small", files) for files in (*(step for step in GROWTH if step < size), size)]


def contenders_for(files: int, size: int = 0) -> tuple[list[Contender], dict[str, str]]:
    """The contenders for a number of files and bytes, and those left out: name -> reason."""
    left_out = missing()
    if files > MOST_FOR_RIVALS:
        left_out |= {rival.name: f"rivals take part up to {MOST_FOR_RIVALS:,} files" for rival in RIVALS}
    elif files > MOST_FOR_SLOW_RIVALS or size > MOST_BYTES_FOR_SLOW_RIVALS:
        most = f"up to {MOST_FOR_SLOW_RIVALS:,} files and {MOST_BYTES_FOR_SLOW_RIVALS // 1_000_000} MB"
        left_out |= {rival.name: f"takes part {most}" for rival in SLOW_RIVALS}
    ours = FRONTMART if files >= FEWEST_FOR_CHANGES else FRONTMART[:1]
    return [*ours, *(rival for rival in RIVALS if rival.name not in left_out), *FLOORS], left_out


def run_work(size: str, files: int, folder: Path, rounds: int) -> Work:
    """Generate a corpus, and run every contender on it, in turns, for `rounds` rounds."""
    source, out = folder / "corpus", folder / "out"
    say(f"writing {files:,} {size} files")
    counts = write_corpus(source, files, SEED, size)
    contenders, left_out = contenders_for(files, counts.bytes)
    expected = {name: int(getattr(counts, name)) for name in TABLES}
    work = Work(size, files, counts.bytes, expected, [Result(each.name) for each in contenders], left_out)
    work.yaml, work.plain = count_plain(source)
    warm(source, folder)
    for number in range(rounds):
        for contender, result in zip(contenders, work.results, strict=True):
            if has_turn(contender, work, number):
                take_turn(contender, result, source, out, number)
        shutil.rmtree(out)
    shutil.rmtree(source)
    return work


def warm(source: Path, folder: Path) -> None:
    """Read every file once, so that the file cache is warm for the first contender too."""
    measure(next(each for each in FLOORS if each.name == READ).command(source, folder), folder)


def has_turn(contender: Contender, work: Work, number: int) -> bool:
    """Whether a contender runs in a round: it is quick enough, and the one that it follows has run in this round."""
    if number == 0:
        return True
    runs = {result.name: result.runs for result in work.results}
    is_quick = all(run.seconds <= LONG_SECONDS and not run.failure for run in runs[contender.name])
    return is_quick and (contender.follows is None or len(runs[contender.follows]) > number)


def take_turn(contender: Contender, result: Result, source: Path, out: Path, number: int) -> None:
    """Run a contender once: prepare the corpus, measure the run, count the rows that it wrote."""
    folder = out / (contender.follows or contender.name)
    folder.mkdir(parents=True, exist_ok=True)
    # The log is in the contender's folder, so the contender writes to a new folder inside.
    target = folder / "out"
    target.mkdir(exist_ok=True)
    edition = number + 1
    if contender.prepare:
        result.edited = contender.prepare(source, edition)
    run = measure(contender.command(source, target), folder, env=contender.env)
    if run.failure:
        # Stored results must not name folders of this machine.
        run = replace(run, failure=run.failure.replace(str(source.parent), "WORK").replace(str(ROOT), "."))
    result.runs.append(run)
    say(f"  {contender.name}: {run.seconds:.2f} s{f', {run.failure}' if run.failure else ''}")
    if not run.failure and contender not in FLOORS:
        result.counts = row_counts(target)
        result.steps = seconds_by_step(target)
        if contender.prepare:
            result.edited_found = edited_titles(target, f"{EDITED} {edition}: ")


def say(line: str) -> None:
    """Print progress to standard error."""
    sys.stderr.write(f"{line}\n")


def write_report(results: Path) -> Path:
    """Write RESULTS.md from the stored campaigns -> its path."""
    kept = [
        load(path) for name in ("default", "growth", "large") if (path := results / "results" / f"{name}.json").exists()
    ]
    target = results / "RESULTS.md"
    target.write_text(render(kept, rounds=ROUNDS, long_seconds=LONG_SECONDS, seed=SEED), encoding="utf-8")
    return target


def parser() -> argparse.ArgumentParser:
    """The command line."""
    command = argparse.ArgumentParser(prog="python -m benchmarks.run", description="Measure Frontmart and its rivals.")
    command.add_argument("--size", type=int, metavar="N", help="large run: growth up to N files")
    command.add_argument("--quick", action="store_true", help="smoke test: 200 files, one round")
    command.add_argument("--work", type=Path, metavar="DIR", help="folder for the corpora (default: a temporary one)")
    command.add_argument("--results", type=Path, metavar="DIR", default=HERE, help="folder of RESULTS.md and results/")
    command.add_argument("--report", action="store_true", help="run nothing: write RESULTS.md from results/")
    return command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line -> the exit code."""
    options = parser().parse_args(arguments)
    # On SIGTERM too, remove the corpora and end the processes that are measured.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if options.quick:
        sys.stdout.write(render([run_all(options)], rounds=1, long_seconds=LONG_SECONDS, seed=SEED))
        return 0
    if not options.report:
        name = "default" if options.size is None else "large" if options.size >= LARGE_RUN else "growth"
        save(run_all(options), options.results / "results" / f"{name}.json")
    say(f"wrote {write_report(options.results)}")
    return 0


def run_all(options: argparse.Namespace) -> Campaign:
    """Run every workload of a command."""
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
