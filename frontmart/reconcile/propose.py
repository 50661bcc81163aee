"""Find organisations and topics that may be one, in the published snapshot, with the evidence for each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from frontmart.aliases.model import Alias
from frontmart.reconcile.queries import ORGANISATIONS, TOPICS
from frontmart.snapshots.read import read_published
from frontmart.warehouse.read_only import read_rows

# The reasons of a proposal, the strongest first.
REASONS: Final = {
    "same name": "the same name, folded",
    "same words": "the same words in another order",
    "plural": "singular and plural",
    "near name": "names that differ by one letter, or two of ten or more",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A merge to review: the id with fewer articles becomes an alias of the other.

    Attributes:
        alias: the kind, the id that would be replaced, and the id that would replace it.
        reason: a key of REASONS.
        names: the names of both, that of the alias first.
        article_counts: the articles of both, in the same order.
        shared: the events that both organisations report, or the articles that have both topics.
        same_authors: the authors that write for both organisations; 0 for topics.
        examples: a title of each.
    """

    alias: Alias
    reason: str
    names: tuple[str, str]
    article_counts: tuple[int, int]
    shared: int
    same_authors: int
    examples: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The object that `frontmart reconcile --json` prints for it."""
        return {**self.alias._asdict(), **{name: value for name, value in asdict(self).items() if name != "alias"}}


def find_proposals(out: Path) -> list[Proposal]:
    """The merges that the published snapshot of an output folder suggests: organisations first, then topics.

    Within these by reason, then by articles, the most first. What the reviewed file of the snapshot has merged is not
    proposed again; no id is replaced twice, nor by one that is replaced.

    Raises SnapshotError if nothing is published, UsageError for a snapshot of an earlier version.
    """
    organisations, topics = read_published(out, lambda each: (read_rows(each, ORGANISATIONS), read_rows(each, TOPICS)))
    return [*_first_of_each("organisation", organisations), *_first_of_each("topic", topics)]


def _first_of_each(kind: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Proposal]:
    order = list(REASONS)
    replaced: set[str] = set()
    targets: set[str] = set()
    for row in sorted(
        rows, key=lambda row: (order.index(row["reason"]), -row["articles"], row["alias"], row["target"])
    ):
        alias, target = row["alias"], row["target"]
        if alias in replaced | targets or target in replaced:
            continue
        replaced.add(alias)
        targets.add(target)
        yield Proposal(
            Alias(kind, alias, target),
            row["reason"],
            (row["alias_name"], row["target_name"]),
            (row["alias_articles"], row["articles"]),
            row["shared"],
            row["same_authors"],
            tuple(title for title in (row["alias_title"], row["target_title"]) if title),
        )
