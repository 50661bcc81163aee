"""Inputs are tried, and what came of them is counted."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.fuzz.inputs import Inputs
from tests.fuzz.promises import Examined, assert_nothing_is_lost, examine
from tests.transforms.front_matter import tables_of
from transforms.parse.outcomes import Document, Reject

# By number: the bytes of an input, and the document that it became.
Documents = dict[int, tuple[bytes, Document]]


@dataclass(frozen=True, slots=True, order=True)
class Slow:
    """An input and the processor time that it took."""

    seconds: float = 0.0
    number: int = -1
    size: int = 0


@dataclass(slots=True)
class Tally:
    """What came of inputs.

    Attributes:
        outcomes: how many became a document, a skip, or a reject of each reason.
        takers: who read the YAML of how many.
        repaired_count: how many rejects a repair makes a document of.
        slowest: the input that took longest.
        disagreements: inputs whose YAML the fast reader takes and the judge refuses.
        failures: by input, the promise that it broke.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    takers: Counter[str] = field(default_factory=Counter)
    repaired_count: int = 0
    slowest: Slow = Slow()
    disagreements: list[int] = field(default_factory=list)
    failures: dict[int, str] = field(default_factory=dict)

    def count(self, number: int, size: int, examined: Examined) -> None:
        """Count an input that held all promises."""
        outcome = examined.outcome
        self.outcomes[outcome.reason if isinstance(outcome, Reject) else type(outcome).__name__.lower()] += 1
        self.takers[examined.taker] += 1
        self.repaired_count += examined.is_repaired
        self.slowest = max(self.slowest, Slow(examined.seconds, number, size))
        if examined.taker == "fast":
            self.disagreements.append(number)

    def add(self, other: "Tally") -> None:
        """Count what came of other inputs."""
        self.outcomes += other.outcomes
        self.takers += other.takers
        self.repaired_count += other.repaired_count
        self.slowest = max(self.slowest, other.slowest)
        self.disagreements += other.disagreements
        self.failures |= other.failures

    @property
    def tried_count(self) -> int:
        """How many inputs were tried."""
        return self.outcomes.total() + len(self.failures)


def try_inputs(inputs: Inputs, numbers: Iterable[int], tell: Callable[[int], None] = lambda number: None) -> Tally:
    """Try inputs by number; `tell` is called with each before it is read, for it may kill the process."""
    tally = Tally()
    documents: Documents = {}
    for number in numbers:
        tell(number)
        data = inputs.of(number)
        try:
            examined = examine(path_of(number), data)
        except Exception as error:  # noqa: BLE001  (any exception at all is what is looked for)
            tally.failures[number] = _told(error)
            continue
        tally.count(number, len(data), examined)
        if isinstance(examined.outcome, Document):
            documents[number] = (data, examined.outcome)
    for number, problem in _losses(documents):
        tally.failures[number] = problem
        tally.outcomes["document"] -= 1
    return tally


def path_of(number: int) -> str:
    """The path that an input is read under."""
    return f"{number}.md"


def _losses(documents: Documents) -> list[tuple[int, str]]:
    """The documents that lose something on their way to the tables: all at a time, and one by one where that fails."""
    try:
        tables = tables_of([outcome for _, outcome in documents.values()])
        assert_nothing_is_lost({path_of(number): data for number, (data, _) in documents.items()}, tables)
    except Exception as error:  # noqa: BLE001  (as above)
        if len(documents) == 1:
            return [(number, _told(error)) for number in documents]
        return [loss for number, document in documents.items() for loss in _losses({number: document})]
    return []


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
