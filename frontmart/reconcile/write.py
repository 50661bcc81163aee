"""Write proposals as a file of aliases in which every entry is a comment: nothing merges until someone reviews it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from frontmart.aliases.model import TABLES
from frontmart.errors import UsageError
from frontmart.reconcile.propose import REASONS, Proposal
from frontmart.terminal.text import printable

_HEADER: Final = """\
# Aliases of organisations and topics, proposed by `frontmart reconcile`.
# Nothing here has an effect yet. Review each entry, remove the "# " in front of those that are right, and build with
# --organisations. An entry reads "alias" = "id that replaces it"; removing the file undoes them all.
"""


def proposal_text(proposals: Iterable[Proposal]) -> str:
    """The file of aliases with each proposal as a comment, below its evidence."""
    listed = list(proposals)
    parts = [_HEADER]
    for table, kind in TABLES.items():
        parts.append(f"\n[{table}]\n")
        for each in listed:
            if each.alias.kind == kind:
                parts += ["\n", *(f"# {line}\n" for line in _lines(each))]
    return "".join(parts)


def require_free(file: Path) -> None:
    """Raise UsageError for a file that exists, as what someone reviewed is not overwritten, or in no folder."""
    if not file.parent.is_dir():
        raise UsageError(f"{file}: there is no folder {file.parent}; make it first, or give --write another name")
    if file.exists() or file.is_symlink():
        raise UsageError(f"{file}: exists and is not overwritten; give --write another name, or remove the file first")


def write_proposals(proposals: Iterable[Proposal], file: Path) -> None:
    """Write the proposals to a new file. Raises UsageError if it exists, OSError if it cannot be written."""
    text = proposal_text(proposals)
    require_free(file)
    with file.open("x", encoding="utf-8") as opened:
        opened.write(text)


def _lines(proposal: Proposal) -> Iterator[str]:
    alias, target = proposal.names
    counts = " and ".join(f"{count:,}" for count in proposal.article_counts)
    yield printable(f"{REASONS[proposal.reason]}: {alias!r} and {target!r}, {counts} articles; {evidence(proposal)}")
    for title in proposal.examples:
        yield printable(f"  for example: {title}")
    yield f"{_quoted(proposal.alias.alias)} = {_quoted(proposal.alias.target)}"


def evidence(proposal: Proposal) -> str:
    """What both have in common, as the end of a sentence."""
    if proposal.alias.kind == "topic":
        return f"{proposal.shared:,} articles have both"
    return f"{proposal.shared:,} events and {proposal.same_authors:,} authors in common"


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(each if each.isprintable() else f"\\U{ord(each):08X}" for each in escaped) + '"'
