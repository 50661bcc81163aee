"""The long run of fuzzing: `python -m tests.fuzz.run --inputs 100000 --seed 1`, which is `make fuzz`.

Ends with a table of what came of the inputs. Each that broke a promise is written to a file, with the command that
tries it again. Exit: 0 all promises held, 1 some did not.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import SystemRandom

from tests.fuzz.inputs import Inputs, all_files
from tests.fuzz.promises import SECONDS_PER_FILE, SECONDS_PER_MEGABYTE, assert_nothing_is_lost, examine
from tests.fuzz.trying import Tally
from tests.fuzz.workers import try_in_processes
from tests.transforms.front_matter import tables_of
from transforms.parse.outcomes import Document

_TAKERS = {
    "both": "both readers, which agree",
    "judge": "the judge alone",
    "nobody": "neither reader",
    "fast": "rapidyaml alone, which the judge refuses",
    "": "is no YAML",
}


def main(arguments: list[str] | None = None) -> int:
    """Try inputs, or the one file given, and say what came of them; the exit code."""
    options = _options().parse_args(arguments)
    if options.file:
        return _try_file(options.file)
    seed = SystemRandom().randrange(10**9) if options.seed is None else options.seed
    files = all_files()
    _say(f"trying {options.inputs:,} inputs of {len(files):,} files, seed {seed}: make fuzz SEED={seed}")
    inputs, start = Inputs(seed, files), time.monotonic()
    tally = try_in_processes(inputs, options.inputs, options.workers, _progress(options.inputs))
    _say(_table(tally, time.monotonic() - start))
    for number in sorted({*tally.failures, *tally.disagreements}):
        path = options.failures / f"{seed}-{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(inputs.of(number))
        _say(f"\ninput {number}: {tally.failures.get(number, 'rapidyaml takes what the judge refuses')}")
        _say(f"  try it again: make fuzz FILE={path}")
    return 1 if tally.failures else 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Try damaged and invented files.")
    parser.add_argument("--inputs", type=int, default=100_000, help="how many to try")
    parser.add_argument("--seed", type=int, help="of which the inputs come; a new one if none is given")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)), help="processes that try them")
    parser.add_argument("--failures", type=Path, default=Path(".fuzz"), help="where failing inputs are written")
    parser.add_argument("--file", type=Path, help="a file to try instead")
    return parser


def _try_file(path: Path) -> int:
    data = path.read_bytes()
    examined = examine(path.name, data)
    if isinstance(examined.outcome, Document):
        assert_nothing_is_lost({path.name: data}, tables_of([examined.outcome]))
    _say(f"{path}: {examined.outcome}\nYAML taken by {_TAKERS[examined.taker]}; {examined.seconds:.3f} s")
    return 0


def _progress(count: int) -> Callable[[int], None]:
    shown = 0

    def show(tried: int) -> None:
        nonlocal shown
        if tried - shown >= max(1, count // 10):
            shown = tried
            _say(f"  {tried:,} of {count:,}")

    return show


def _table(tally: Tally, seconds: float) -> str:
    rows = [
        *((f"  {_outcome(name)}", n) for name, n in tally.outcomes.most_common()),
        *((f"  YAML read by {_TAKERS[name]}", n) for name, n in tally.takers.most_common() if name not in ("", "fast")),
        ("  rejects that --repair makes documents", tally.repaired_count),
        ("  disagreements: read by rapidyaml, refused by the judge", len(tally.disagreements)),
        ("  broken promises", len(tally.failures)),
    ]
    lines = [f"{tally.tried_count:,} inputs tried in {seconds:.0f} s"]
    lines += [f"{name:<60}{n:>10,}" for name, n in rows]
    slowest = tally.slowest
    lines.append(
        f"  slowest: input {slowest.number}, {slowest.seconds:.3f} s for {slowest.size:,} bytes "
        f"(bound: {SECONDS_PER_FILE} s and {SECONDS_PER_MEGABYTE} s a megabyte)"
    )
    return "\n".join(lines)


def _outcome(name: str) -> str:
    return name if name in ("document", "skipped") else f"reject: {name}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
