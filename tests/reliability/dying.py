"""The real command line, which dies at a given moment: `python -m tests.reliability.dying MOMENT build ...`.

The product has no hook for that: the functions that a build calls are wrapped here. Calls are counted as the
interpreter makes them (those of the product, those that it makes, those of shutil), so that a number of calls is the
same moment each time; seconds also strike in the middle of what DuckDB, Polars and the system do.
"""

import json
import multiprocessing
import os
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Timer
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[2]
PRODUCT = str(ROOT / "flows")
# What is no step of a runner, by the name that a report gives it.
OTHER_STEPS = {
    "flows.build": {"clear_leftovers": "clear", "find_base": "base", "prune": "prune"},
    "flows.steps": {"keep_changes": "plan", "write_run": "manifest"},
    "flows.runs": {"record_run": "record"},
}
STEPS = (
    *("clear", "base", "list", "plan", "extract", "load", "model", "check", "write"),
    *("between", "manifest", "publish", "record", "prune"),
)


@dataclass(frozen=True)
class Moment:
    """When to kill whom.

    Attributes:
        step: in which step of the build; `between` is what lies between them, such as closing the warehouse. In
            none where it is empty.
        calls: after how many calls in that step, or
        seconds: how long after its begin; from the start of the first worker where one is to be killed.
        victim: parent, worker or all.
        in_pool: whether files are parsed by a pool, in shards of a few.
        report: the file to leave the step in that was hit; or the calls and seconds of all, where nothing is.
    """

    step: str
    report: str
    calls: int = 0
    seconds: float = 0.0
    victim: str = "parent"
    in_pool: bool = False

    def as_json(self) -> str:
        return json.dumps(asdict(self))


class Reaper:
    """Knows the step that a build is in, and kills at its moment."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment
        self.step = "between"
        self.calls: Counter[str] = Counter()
        self.seconds: Counter[str] = Counter()

    def within(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function that is a step."""

        def run(*args: Any, **kwargs: Any) -> Any:
            return self.run(step, lambda: function(*args, **kwargs))

        return run

    def run(self, step: str, function: Callable[[], Any]) -> Any:
        outer = self.step
        self.enter(step)
        start = time.perf_counter()
        if self.moment.seconds and step == self.moment.step:
            timer = Timer(0 if self.moment.victim == "worker" else self.moment.seconds, self.strike)
            timer.daemon = True
            timer.start()
        try:
            return function()
        finally:
            self.seconds[step] += time.perf_counter() - start
            self.enter(outer)

    def enter(self, step: str) -> None:
        """Be in a step; its calls are counted where they matter, since that takes time."""
        self.step = step
        is_watched = step == self.moment.step if self.moment.step else True
        sys.setprofile(self.count if is_watched and not self.moment.seconds else None)

    def count(self, frame: FrameType, event: str, _: object) -> None:
        caller = frame.f_back.f_code.co_filename if frame.f_back else ""
        here = frame.f_code.co_filename
        if here.startswith(PRODUCT) or caller.startswith(PRODUCT) or here == shutil.__file__:
            self.calls[self.step] += 1
            if self.step == self.moment.step and self.calls[self.step] == self.moment.calls:
                self.strike()

    def strike(self) -> None:
        if self.moment.victim == "worker":
            while not (workers := multiprocessing.active_children()):
                time.sleep(0.002)
            time.sleep(self.moment.seconds)
            victim = min(worker.pid or 0 for worker in workers)
        else:
            victim = os.getpid()
        Path(self.moment.report).write_text(self.step)
        if self.moment.victim == "all":
            os.killpg(os.getpgid(0), signal.SIGKILL)
        os.kill(victim, signal.SIGKILL)


def main() -> None:
    """Run the command line under a reaper."""
    from importlib import import_module

    from flows import build, cli, runners, shards

    moment = Moment(**json.loads(sys.argv.pop(1)))
    reaper = Reaper(moment)
    run, map_shards, build_snapshot = runners.LocalRunner.run, runners.LocalRunner.map_shards, build.build
    runners.LocalRunner.run = lambda self, step, *args, **kwargs: reaper.run(
        step, lambda: run(self, step, *args, **kwargs)
    )
    runners.LocalRunner.map_shards = lambda self, step, *args: reaper.run(step, lambda: map_shards(self, step, *args))
    for module_name, names in OTHER_STEPS.items():
        module = import_module(module_name)
        for name, step in names.items():
            setattr(module, name, reaper.within(step, getattr(module, name)))
    if moment.in_pool:
        runners._SERIAL_WEIGHT, shards.SHARD_FILES = 0, 20

    def watched(*args: Any) -> Any:
        reaper.enter("between")
        try:
            return build_snapshot(*args)
        finally:
            sys.setprofile(None)
            if not moment.step:
                Path(moment.report).write_text(json.dumps({"calls": reaper.calls, "seconds": reaper.seconds}))

    build.build = watched
    cli.main()


if __name__ == "__main__":
    main()
