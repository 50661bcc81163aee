"""The long fuzz run, `make fuzz`: `python -m tests.fuzz.run --inputs 100000 --seed 1`.

Prints a table of outcomes. Writes each input that violates an invariant to a file, and prints the command that runs it
again. Exit code: 0 if all invariants are satisfied, 1 if not.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import SystemRandom

from tests.fuzz.inputs import Inputs, all_files
from tests.fuzz.invariants import SECONDS_PER_FILE, SECONDS_PER_MEGABYTE, assert_nothing_is_lost, check_file
from tests.fuzz.run_inputs import Tally
from tests.fuzz.workers import run_in_processes
from tests.transforms.front_matter import tables_of
from transforms.parse.outcomes import Document

_READERS = {
    "both": "both parsers, with the same value",
    "pyyaml": "PyYAML alone",
    "neither": "neither parser",
    "rapidyaml": "rapidyaml alone",
    "": "not YAML",
}


def main(arguments: list[str] | None = None) -> int:
    """Check inputs, or the one file given, and print the result. Returns the exit code."""
    options = _options().parse_args(arguments)
    if options.file:
        return _check_one_file(options.file)
    seed = SystemRandom().randrange(10**9) if options.seed is None else options.seed
    files = all_files()
    _say(f"checking {options.inputs:,} inputs made from {len(files):,} files, seed {seed}: make fuzz SEED={seed}")
    inputs, start = Inputs(seed, files), time.monotonic()
    tally = run_in_processes(inputs, options.inputs, options.workers, _progress(options.inputs))
    _say(_table(tally, time.monotonic() - start))
    for number in sorted({*tally.failures, *tally.disagreements}):
        path = options.failures / f"{seed}-{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(inputs.of(number))
        _say(f"\ninput {number}: {tally.failures.get(number, 'rapidyaml accepts what PyYAML refuses')}")
        _say(f"  run it again: make fuzz FILE={path}")
    return 1 if tally.failures else 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Check damaged and generated files.")
    parser.add_argument("--inputs", type=int, default=100_000, help="number of inputs")
    parser.add_argument("--seed", type=int, help="seed of the inputs (default: a random one)")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)), help="worker processes")
    parser.add_argument("--failures", type=Path, default=Path(".fuzz"), help="folder for failing inputs")
    parser.add_argument("--file", type=Path, help="check this file instead")
    return parser


def _check_one_file(path: Path) -> int:
    data = path.read_bytes()
    checked = check_file(path.name, data)
    if isinstance(checked.outcome, Document):
        assert_nothing_is_lost({path.name: data}, tables_of([checked.outcome]))
    _say(f"{path}: {checked.outcome}\nYAML accepted by {_READERS[checked.reader]}; {checked.seconds:.3f} s")
    return 0


def _progress(count: int) -> Callable[[int], None]:
    shown = 0

    def show(checked: int) -> None:
        nonlocal shown
        if checked - shown >= max(1, count // 10):
            shown = checked
            _say(f"  {checked:,} of {count:,}")

    return show


def _table(tally: Tally, seconds: float) -> str:
    rows = [
        *((f"  {_outcome(name)}", n) for name, n in tally.outcomes.most_common()),
        *(
            (f"  YAML accepted by {_READERS[name]}", n)
            for name, n in tally.readers.most_common()
            if name not in ("", "rapidyaml")
        ),
        ("  rejects that --repair makes documents", tally.repaired_count),
        ("  disagreements: accepted by rapidyaml, refused by PyYAML", len(tally.disagreements)),
        ("  violated invariants", len(tally.failures)),
    ]
    lines = [f"{tally.input_count:,} inputs checked in {seconds:.0f} s"]
    lines += [f"{name:<60}{n:>10,}" for name, n in rows]
    slowest = tally.slowest
    lines.append(
        f"  slowest: input {slowest.number}, {slowest.seconds:.3f} s for {slowest.size:,} bytes "
        f"(bound: {SECONDS_PER_FILE} s plus {SECONDS_PER_MEGABYTE} s per megabyte)"
    )
    return "\n".join(lines)


def _outcome(name: str) -> str:
    return name if name in ("document", "skipped") else f"reject: {name}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
