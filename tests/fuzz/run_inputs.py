"""Check inputs against the invariants, and count the outcomes."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.fuzz.inputs import Inputs
from tests.fuzz.invariants import Checked, assert_nothing_is_lost, check_file
from tests.transforms.front_matter import tables_of
from transforms.parse.outcomes import Document, Reject

# Number of an input -> its bytes, and the document parsed from it.
Documents = dict[int, tuple[bytes, Document]]


@dataclass(frozen=True, slots=True, order=True)
class Slow:
    """An input and its CPU time."""

    seconds: float = 0.0
    number: int = -1
    size: int = 0


@dataclass(slots=True)
class Tally:
    """Counts of a run.

    Attributes:
        outcomes: number of documents, skipped files, and rejects by reason.
        readers: number of inputs by the parser that accepts their YAML, see Checked.
        repaired_count: number of rejects that `--repair` makes documents.
        slowest: the input with the most CPU time.
        disagreements: inputs whose YAML rapidyaml accepts and PyYAML refuses.
        failures: input -> the invariant that it violates.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    readers: Counter[str] = field(default_factory=Counter)
    repaired_count: int = 0
    slowest: Slow = Slow()
    disagreements: list[int] = field(default_factory=list)
    failures: dict[int, str] = field(default_factory=dict)

    def count(self, number: int, size: int, checked: Checked) -> None:
        """Count an input that satisfies all invariants."""
        outcome = checked.outcome
        self.outcomes[outcome.reason if isinstance(outcome, Reject) else type(outcome).__name__.lower()] += 1
        self.readers[checked.reader] += 1
        self.repaired_count += checked.is_repaired
        self.slowest = max(self.slowest, Slow(checked.seconds, number, size))
        if checked.reader == "rapidyaml":
            self.disagreements.append(number)

    def add(self, other: "Tally") -> None:
        """Add the counts of another run."""
        self.outcomes += other.outcomes
        self.readers += other.readers
        self.repaired_count += other.repaired_count
        self.slowest = max(self.slowest, other.slowest)
        self.disagreements += other.disagreements
        self.failures |= other.failures

    @property
    def input_count(self) -> int:
        """The number of inputs checked."""
        return self.outcomes.total() + len(self.failures)


def run_inputs(inputs: Inputs, numbers: Iterable[int], start: Callable[[int], None] = lambda number: None) -> Tally:
    """Check inputs by number; `start` is called with each number first, because the input may kill the process."""
    tally = Tally()
    documents: Documents = {}
    for number in numbers:
        start(number)
        data = inputs.of(number)
        try:
            checked = check_file(path_of(number), data)
        except Exception as error:  # noqa: BLE001  (any exception is a failure of the product)
            tally.failures[number] = _as_text(error)
            continue
        tally.count(number, len(data), checked)
        if isinstance(checked.outcome, Document):
            documents[number] = (data, checked.outcome)
    for number, problem in _losses(documents):
        tally.failures[number] = problem
        tally.outcomes["document"] -= 1
    return tally


def path_of(number: int) -> str:
    """The path that an input is parsed under."""
    return f"{number}.md"


def _losses(documents: Documents) -> list[tuple[int, str]]:
    """Documents of which the tables lose something: checked all at once, and one by one if that fails."""
    try:
        tables = tables_of([outcome for _, outcome in documents.values()])
        assert_nothing_is_lost({path_of(number): data for number, (data, _) in documents.items()}, tables)
    except Exception as error:  # noqa: BLE001  (as above)
        if len(documents) == 1:
            return [(number, _as_text(error)) for number in documents]
        return [loss for number, document in documents.items() for loss in _losses({number: document})]
    return []


def _as_text(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
