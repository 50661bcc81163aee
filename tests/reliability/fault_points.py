"""The points at which builds are killed: spread over every step of a first build and of an incremental one."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from tests.reliability.fault_injection import STEPS


@dataclass(frozen=True)
class FaultPoint:
    """A point relative to the length of a step, which is only known once a build was measured.

    Attributes:
        build: `first`, or `change` for a build on top of a snapshot.
        step: the step to kill the build in.
        share: how far into the step, from 0 to 1.
        by: the unit of `share`, calls or seconds.
        victim: parent, worker or all.
        in_pool: parse files in a pool.
    """

    build: str
    step: str
    share: float
    by: str = "calls"
    victim: str = "parent"
    in_pool: bool = False

    def __str__(self) -> str:
        return f"{self.build}-{self.victim}-{self.step}-{self.share:.2f}-of-its-{self.by}"


# The short run: a point in each step, three in the swap, and each victim in the pool.
FEW = (
    *(FaultPoint("change", step, 0.5) for step in ("clear", "list", "plan", "extract", "write", "between", "record")),
    *(FaultPoint("change", step, 0.5, "seconds") for step in ("load", "model", "check")),
    *(FaultPoint("change", step, 0.7) for step in ("manifest", "prune")),
    *(FaultPoint("change", "publish", share) for share in (0.05, 0.5, 1.0)),
    FaultPoint("first", "publish", 0.95),
    *(FaultPoint("change", "extract", 0.5, "seconds", victim, in_pool=True) for victim in ("parent", "worker", "all")),
)


def many() -> Iterator[FaultPoint]:
    """The long run: two hundred. Swaps take microseconds, so their points lie close together."""
    for build, step in product(("first", "change"), STEPS):
        is_swap = step in ("publish", "prune")
        for share in (0.02, 0.2, 0.4, 0.6, 0.75, 0.85, 0.9, 0.95, 0.98, 1.0) if is_swap else (0.1, 0.5, 0.9):
            yield FaultPoint(build, step, share)
        if step != "between":
            for share in (0.1, 0.3, 0.5, 0.7) if step in ("load", "model", "check", "write") else (0.5,):
                yield FaultPoint(build, step, share, "seconds")
    for build, victim, place in product(("first", "change"), ("parent", "worker", "all"), range(7)):
        yield FaultPoint(build, "extract", (place + 0.5) / 7, "seconds", victim, in_pool=True)
