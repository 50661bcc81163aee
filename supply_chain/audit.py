"""`make audit`: compare every lock with the known vulnerabilities, here and, where OSV can be reached, there."""

import sys
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from supply_chain.advisories import FILE, Advisories
from supply_chain.locks import LOCKS, Pin, read_lock
from supply_chain.osv import OSV, UnreachableError, ask_osv

ROOT: Final = Path(__file__).parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was compared with what, and each vulnerability. Exit code: 1 if there is one, 2 if a file is wrong.

    `--osv never` does not ask OSV; `--osv require` fails with 1 if it gave no answer.
    """
    options = _options().parse_args(arguments)
    try:
        advisories = Advisories.read(options.advisories)
        locks = {name: read_lock(options.root / name) for name in LOCKS}
    except (OSError, ValueError) as error:
        sys.stderr.write(f"audit: {error}\n")
        return 2
    found = advisories.findings(locks)
    pins = sum(map(len, locks.values()))
    done = [f"{options.advisories.name}: {pins} pins in {len(locks)} locks, {len(found) or 'no'} findings"]
    answered = True
    if options.osv != "never":
        try:
            listed = _ask(advisories, locks, options.osv_url)
        except UnreachableError as error:
            answered = False
            done.append(f"OSV: not asked ({error}); only what {options.advisories.name} lists was looked for")
        else:
            done.append(f"OSV: the same pins, {len(listed) or 'no'} findings")
            found += listed
    sys.stdout.write("".join(f"{line}\n" for line in done + found))
    return 1 if found or (options.osv == "require" and not answered) else 0


def _options() -> ArgumentParser:
    parser = ArgumentParser(prog="audit", description="Compare every lock with known vulnerabilities.")
    parser.add_argument("--osv", choices=["try", "never", "require"], default="try", help="whether to ask OSV")
    parser.add_argument("--osv-url", default=OSV, help="where OSV is asked")
    parser.add_argument("--advisories", type=Path, default=FILE, help="the known vulnerabilities")
    parser.add_argument("--root", type=Path, default=ROOT, help="the folder that the locks are in")
    return parser


def _ask(advisories: Advisories, locks: Mapping[str, Sequence[Pin]], url: str) -> list[str]:
    """A line for each vulnerability of each lock that OSV knows."""
    asked = [(lock, pin) for lock, pins in locks.items() for pin in pins if not advisories.accepts(lock, pin)]
    known = ask_osv([pin for _, pin in asked], [each.id for each in advisories.ignored], url)
    return [
        f"{lock}: {pin.name} {pin.version} has {vulnerability}"
        for lock, pin in asked
        for vulnerability in known[pin.name, pin.version]
    ]


if __name__ == "__main__":
    sys.exit(main())
