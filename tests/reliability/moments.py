"""The moments at which builds are killed: spread over every step, of a first build and of a later one."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from tests.reliability.disturbed import STEPS


@dataclass(frozen=True)
class Plan:
    """A moment before it is known how many calls and seconds a step takes.

    Attributes:
        build: `first`, or `change` for one on top of a snapshot.
        step: the step to strike in.
        share: how far into it, of its calls or else of its seconds.
        by: calls or seconds.
        victim: parent, worker or all.
        in_pool: whether a pool parses.
    """

    build: str
    step: str
    share: float
    by: str = "calls"
    victim: str = "parent"
    in_pool: bool = False

    def __str__(self) -> str:
        return f"{self.build}-{self.victim}-{self.step}-{self.share:.2f}-of-its-{self.by}"


# In the short run: two dozen.
FEW = (
    *(Plan("change", step, 0.5) for step in ("clear", "list", "plan", "extract", "record")),
    *(Plan("change", step, 0.5, "seconds") for step in ("load", "model", "check")),
    *(Plan("change", step, share) for step in ("write", "between") for share in (0.3, 0.9)),
    *(Plan("change", "manifest", share) for share in (0.2, 0.98)),
    *(Plan("change", "publish", share) for share in (0.05, 0.5, 0.9, 1.0)),
    *(Plan("change", "prune", share) for share in (0.2, 0.7)),
    Plan("first", "publish", 0.95),
    *(Plan("change", "extract", 0.5, "seconds", victim, in_pool=True) for victim in ("parent", "worker", "all")),
)


def many() -> Iterator[Plan]:
    """The long run: two hundred. Swaps take microseconds: there, moments lie close together."""
    for build, step in product(("first", "change"), STEPS):
        seams = step in ("publish", "prune")
        for share in (0.02, 0.2, 0.4, 0.6, 0.75, 0.85, 0.9, 0.95, 0.98, 1.0) if seams else (0.1, 0.5, 0.9):
            yield Plan(build, step, share)
        if step != "between":
            for share in (0.1, 0.3, 0.5, 0.7) if step in ("load", "model", "check", "write") else (0.5,):
                yield Plan(build, step, share, "seconds")
    for build, victim, place in product(("first", "change"), ("parent", "worker", "all"), range(7)):
        yield Plan(build, "extract", (place + 0.5) / 7, "seconds", victim, in_pool=True)
