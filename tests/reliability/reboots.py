"""Reboot a machine at random moments of a schedule: a real server, `frontmart serve` and its runs, all killed at once.

After each restart a build must be published within two intervals of the schedule, from when the service serves, and
at the end no run may be unfinished. Builds are slow ones, so that most reboots are in the middle of one.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.corpus import write_corpus
from frontmart.snapshots.last_success import read_last_success
from frontmart.verify import verify
from tests.flows.machine import SLOW_BUILDS, Machine, switched_on
from tests.processes import wait_for

# Longer than `serve` waits for a run without a record.
_SETTLE_SECONDS = 240


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the reboots, print a line for each and a summary -> 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--files", type=int, default=2_000, help="files of the corpus")
    parser.add_argument("--interval", type=int, default=60, help="seconds between builds")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args(arguments)
    say(f"seed {options.seed}")
    with tempfile.TemporaryDirectory(prefix="frontmart-reboots-") as folder:
        machine = new_machine(Path(folder), options.files, options.interval)
        with switched_on(machine):
            return reboot_until(machine, options)


def new_machine(folder: Path, files: int, interval: int) -> Machine:
    """A machine that builds a corpus every `interval` seconds: a minute, or a divisor of it."""
    write_corpus(folder / "source", files, 3)
    (folder / "slow.toml").write_text(SLOW_BUILDS)
    cron = "* * * * *" if interval == 60 else f"* * * * * */{interval}"
    options = ("--config", str(folder / "slow.toml"), "--name", "reboots")
    return Machine(folder / "home", folder / "source", folder / "out", cron, options)


def reboot_until(machine: Machine, options: argparse.Namespace) -> int:
    """Reboot at random moments until the time is up; print what was found after each."""
    chance = random.Random(options.seed)
    end = time.monotonic() + options.minutes * 60
    late: list[float] = []
    reboots = 0
    machine.start_service()
    while True:
        served_at = wait_until_served(machine, reboots + 1)
        seconds = wait_for_success(machine, served_at)
        if seconds > 2 * options.interval:
            late.append(seconds)
        say(f"start {reboots + 1}: a build {seconds:.0f} s after the service served")
        if time.monotonic() > end:
            break
        time.sleep(chance.uniform(0, 2 * options.interval))
        states = [run["state_name"] for run in machine.unfinished_runs()]
        machine.lose_power()
        reboots += 1
        say(f"reboot {reboots}: unfinished {states}")
        machine.start_server()
        machine.start_service()
    return report(machine, reboots, late)


def wait_until_served(machine: Machine, starts: int) -> float:
    """The time when the service serves after so many starts of it."""
    wait_for(lambda: machine.log("service").count("polling for scheduled runs") >= starts, pause=0.5)
    return time.time()


def wait_for_success(machine: Machine, since: float) -> float:
    """The seconds from a time to the end of the next successful build."""

    def finished() -> float:
        success = read_last_success(machine.out)
        return success.finished_at.timestamp() if success else 0.0

    wait_for(lambda: finished() > since, pause=0.5)
    return finished() - since


def report(machine: Machine, reboots: int, late: Sequence[float]) -> int:
    """Print a summary -> 1 if a build was late, a run is unfinished or the published snapshot is damaged."""
    begun_before = {run["id"] for run in machine.unfinished_runs()}
    wait_for(lambda: not begun_before & {run["id"] for run in machine.unfinished_runs()}, _SETTLE_SECONDS, pause=2)
    states = Counter(run["state_name"] for run in machine.server.runs())
    say(f"{reboots} reboots, {len(late)} late builds, runs (at most the last 50): {dict(states)}")
    say(f"published snapshot whole: {verify(machine.out).is_good}")
    return 1 if late or not verify(machine.out).is_good else 0


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
