"""Proposals of `frontmart reconcile` for people: a table on standard output."""

from collections.abc import Sequence

from frontmart.reconcile.propose import Proposal
from frontmart.reconcile.write import evidence
from frontmart.terminal.tables import print_line, show_rows


def show_proposals(proposals: Sequence[Proposal]) -> None:
    """Show proposals to merge organisations and topics, and how many there are."""
    rows = [
        {
            "alias": each.alias.alias,
            "of": each.alias.target,
            "reason": each.reason,
            "articles": " + ".join(f"{count:,}" for count in each.article_counts),
            "evidence": evidence(each),
        }
        for each in proposals
    ]
    if rows:
        show_rows(rows)
    print_line(f"{len(proposals):,} proposals; --write FILE writes them to review" if rows else "no proposals")
