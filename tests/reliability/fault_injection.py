"""Run the real command line with one injected fault: `python -m tests.reliability.fault_injection FAULT build ...`.

The product has no hook for this: the functions that a build calls are wrapped here. A fault strikes after a number of
Python calls (calls of Frontmart's code, calls that it makes, calls of shutil), which is the same point on every run, or
after a number of seconds, which can also fall inside DuckDB, Polars or a system call.
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
# Steps of a build that a runner does not run, by the name that a report gives them.
OTHER_STEPS = {
    "frontmart.pipeline": {
        "clear_leftovers": "clear",
        "find_baseline": "base",
        "find_base_snapshot": "base",
        "remove_old_snapshots": "prune",
    },
    "frontmart.steps": {"write_changes": "plan", "write_run": "manifest"},
    "frontmart.run": {"append_run": "record"},
}
STEPS = (
    *("clear", "base", "list", "plan", "extract", "load", "model", "check", "write"),
    *("between", "manifest", "publish", "record", "prune"),
)


@dataclass(frozen=True)
class Fault:
    """An action, and the point of a build at which it happens.

    Attributes:
        step: the step of the build; `between` for code outside all steps, such as closing the warehouse; empty to
            inject nothing and only measure.
        calls: the number of calls into the step, or
        seconds: the seconds into the step; from the start of the first worker where a worker is killed.
        action: a key of ACTIONS; empty for none.
        target: the file or folder that the action changes.
        in_pool: parse files in a pool, in shards of a few files.
        report: a file that receives the name of the step that was hit; without a fault, the calls and seconds of
            each step.
    """

    step: str
    report: str
    calls: int = 0
    seconds: float = 0.0
    action: str = ""
    target: str = ""
    in_pool: bool = False

    def as_json(self) -> str:
        return json.dumps(asdict(self))


def _kill_worker(fault: Fault) -> None:
    while not (workers := multiprocessing.active_children()):
        time.sleep(0.002)
    time.sleep(fault.seconds)
    os.kill(min(worker.pid or 0 for worker in workers), signal.SIGKILL)


def _fill_disk(fault: Fault) -> None:
    with Path(fault.target).open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4_096))


def _change_file(fault: Fault) -> None:
    with Path(fault.target).open("a") as file:
        file.write("Written between listing and reading.\n")


ACTIONS: Final[dict[str, Callable[[Fault], object]]] = {
    "kill parent": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "kill worker": _kill_worker,
    "kill all": lambda _: os.killpg(os.getpgid(0), signal.SIGKILL),
    "terminate": lambda _: os.kill(os.getpid(), signal.SIGTERM),
    "interrupt all": lambda _: os.killpg(os.getpgid(0), signal.SIGINT),
    "fill disk": _fill_disk,
    "change file": _change_file,
    "remove file": lambda fault: Path(fault.target).unlink(),
    "remove folder": lambda fault: shutil.rmtree(fault.target),
}


class Injector:
    """Tracks the step that a build is in, and injects the fault at its point."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.step = "between"
        self.calls: Counter[str] = Counter()
        self.seconds: Counter[str] = Counter()
        self.lock = Lock()
        self.has_acted = False

    def wrap(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Make a function count as a step."""

        def run(*args: Any, **kwargs: Any) -> Any:
            return self.run(step, lambda: function(*args, **kwargs))

        return run

    def run(self, step: str, function: Callable[[], Any]) -> Any:
        outer = self.step
        self.enter(step)
        start = time.perf_counter()
        if self.fault.seconds and step == self.fault.step:
            timer = Timer(0 if self.fault.action == "kill worker" else self.fault.seconds, self.act)
            timer.daemon = True
            timer.start()
        try:
            return function()
        finally:
            self.seconds[step] += time.perf_counter() - start
            if step == self.fault.step and self.fault.seconds and self.fault.action != "kill worker":
                self.act()  # the step ended before the timer fired: strike at its end
            self.enter(outer)

    def enter(self, step: str) -> None:
        """Set the current step; count its calls only where they matter, since counting is slow."""
        self.step = step
        is_watched = step == self.fault.step if self.fault.step else True
        sys.setprofile(self.count if is_watched and not self.fault.seconds else None)

    def count(self, frame: FrameType, event: str, _: object) -> None:
        caller = frame.f_back.f_code.co_filename if frame.f_back else ""
        here = frame.f_code.co_filename
        if here.startswith(PRODUCT) or caller.startswith(PRODUCT) or here == shutil.__file__:
            self.calls[self.step] += 1
            if self.step == self.fault.step and self.calls[self.step] == self.fault.calls:
                self.act()

    def act(self) -> None:
        """Run the action, once."""
        sys.setprofile(None)
        with self.lock:
            if not self.has_acted:
                self.has_acted = True
                Path(self.fault.report).write_text(self.step)
                ACTIONS[self.fault.action](self.fault)


def main() -> None:
    """Run the command line under an injector."""
    from importlib import import_module

    from frontmart import pipeline, runners
    from frontmart.cli import __main__ as cli
    from frontmart.extract import shards
    from tests.few_models import use_few_models_if_asked

    use_few_models_if_asked(os.environ)
    fault = Fault(**json.loads(sys.argv.pop(1)))
    injector = Injector(fault)
    run, map_shards, build = runners.LocalRunner.run, runners.LocalRunner.map_shards, pipeline.build
    runners.LocalRunner.run = lambda self, step, *args, **kwargs: injector.run(
        step, lambda: run(self, step, *args, **kwargs)
    )
    runners.LocalRunner.map_shards = lambda self, step, *args: injector.run(step, lambda: map_shards(self, step, *args))
    for module_name, names in OTHER_STEPS.items():
        module = import_module(module_name)
        for name, step in names.items():
            setattr(module, name, injector.wrap(step, getattr(module, name)))
    if fault.in_pool:
        runners._SERIAL_WEIGHT, shards.SHARD_FILES = 0, 20

    def watched_build(*args: Any, **kwargs: Any) -> Any:
        injector.enter("between")
        try:
            return build(*args, **kwargs)
        finally:
            sys.setprofile(None)
            if not fault.step:
                Path(fault.report).write_text(json.dumps({"calls": injector.calls, "seconds": injector.seconds}))

    pipeline.build = watched_build
    cli.main()


if __name__ == "__main__":
    main()
