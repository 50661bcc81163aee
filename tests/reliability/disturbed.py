"""The real command line, disturbed at a given moment: `python -m tests.reliability.disturbed MOMENT build ...`.

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
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock, Timer
from types import FrameType
from typing import Any, Final

ROOT = Path(__file__).parents[2]
PRODUCT = str(ROOT / "frontmart")
# What is no step of a runner, by the name that a report gives it.
OTHER_STEPS = {
    "frontmart.pipeline": {"clear_leftovers": "clear", "find_base_snapshot": "base", "remove_old_snapshots": "prune"},
    "frontmart.steps": {"write_changes": "plan", "write_run": "manifest"},
    "frontmart.run": {"append_run": "record"},
}
STEPS = (
    *("clear", "base", "list", "plan", "extract", "load", "model", "check", "write"),
    *("between", "manifest", "publish", "record", "prune"),
)


@dataclass(frozen=True)
class Moment:
    """When to do what to a build.

    Attributes:
        step: in which step of the build; `between` is what lies between them, such as closing the warehouse. In
            none where it is empty.
        calls: after how many calls in that step, or
        seconds: how long after its begin; from the start of the first worker where one is to be killed.
        act: what to do, see ACTS; nothing where it is empty.
        target: the file or folder to do it to.
        in_pool: whether files are parsed by a pool, in shards of a few.
        report: the file to leave the step in that was hit; or the calls and seconds of all, where nothing is done.
    """

    step: str
    report: str
    calls: int = 0
    seconds: float = 0.0
    act: str = ""
    target: str = ""
    in_pool: bool = False

    def as_json(self) -> str:
        return json.dumps(asdict(self))


def _kill_worker(moment: Moment) -> None:
    while not (workers := multiprocessing.active_children()):
        time.sleep(0.002)
    time.sleep(moment.seconds)
    os.kill(min(worker.pid or 0 for worker in workers), signal.SIGKILL)


def _fill_disk(moment: Moment) -> None:
    with Path(moment.target).open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4_096))


def _change_file(moment: Moment) -> None:
    with Path(moment.target).open("a") as file:
        file.write("Written between listing and reading.\n")


ACTS: Final[dict[str, Callable[[Moment], object]]] = {
    "kill parent": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "kill worker": _kill_worker,
    "kill all": lambda _: os.killpg(os.getpgid(0), signal.SIGKILL),
    "terminate": lambda _: os.kill(os.getpid(), signal.SIGTERM),
    "interrupt all": lambda _: os.killpg(os.getpgid(0), signal.SIGINT),
    "fill disk": _fill_disk,
    "change file": _change_file,
    "remove file": lambda moment: Path(moment.target).unlink(),
    "remove folder": lambda moment: shutil.rmtree(moment.target),
}


class Watcher:
    """Knows the step that a build is in, and acts at its moment."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment
        self.step = "between"
        self.calls: Counter[str] = Counter()
        self.seconds: Counter[str] = Counter()
        self.lock = Lock()
        self.has_acted = False

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
            timer = Timer(0 if self.moment.act == "kill worker" else self.moment.seconds, self.act)
            timer.daemon = True
            timer.start()
        try:
            return function()
        finally:
            self.seconds[step] += time.perf_counter() - start
            if step == self.moment.step and self.moment.seconds and self.moment.act != "kill worker":
                self.act()  # the step was over before its moment came, which is then its end
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
                self.act()

    def act(self) -> None:
        """Do it, once."""
        sys.setprofile(None)
        with self.lock:
            if not self.has_acted:
                self.has_acted = True
                Path(self.moment.report).write_text(self.step)
                ACTS[self.moment.act](self.moment)


def main() -> None:
    """Run the command line under a watcher."""
    from importlib import import_module

    from frontmart import pipeline as build
    from frontmart import runners
    from frontmart.cli import __main__ as cli
    from frontmart.extract import shards

    moment = Moment(**json.loads(sys.argv.pop(1)))
    watcher = Watcher(moment)
    run, map_shards, build_snapshot = runners.LocalRunner.run, runners.LocalRunner.map_shards, build.build
    runners.LocalRunner.run = lambda self, step, *args, **kwargs: watcher.run(
        step, lambda: run(self, step, *args, **kwargs)
    )
    runners.LocalRunner.map_shards = lambda self, step, *args: watcher.run(step, lambda: map_shards(self, step, *args))
    for module_name, names in OTHER_STEPS.items():
        module = import_module(module_name)
        for name, step in names.items():
            setattr(module, name, watcher.within(step, getattr(module, name)))
    if moment.in_pool:
        runners._SERIAL_WEIGHT, shards.SHARD_FILES = 0, 20

    def watched(*args: Any) -> Any:
        watcher.enter("between")
        try:
            return build_snapshot(*args)
        finally:
            sys.setprofile(None)
            if not moment.step:
                Path(moment.report).write_text(json.dumps({"calls": watcher.calls, "seconds": watcher.seconds}))

    build.build = watched
    cli.main()


if __name__ == "__main__":
    main()
