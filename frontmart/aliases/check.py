"""Compare the aliases with the corpus: an entry that has no effect is an error, not a surprise."""

from collections.abc import Collection, Mapping
from typing import Final

from frontmart.aliases.model import AliasFile
from frontmart.errors import UsageError
from frontmart.toml_file import nearest

_NOUNS: Final = {"organisation": "provider or organisation", "topic": "topic"}


def reject_idle(file: AliasFile, known: Mapping[str, Collection[str]], targets: Mapping[str, Collection[str]]) -> None:
    """Raise UsageError for the first entry whose alias, or whose target, the corpus does not have.

    Args:
        file: the aliases.
        known: the ids that may be replaced, by kind.
        targets: the ids that may replace them, by kind.
    """
    idle = [
        each for each in file.aliases if each.alias not in known[each.kind] or each.target not in targets[each.kind]
    ]
    if not idle:
        return
    first = idle[0]
    if first.alias not in known[first.kind]:
        message = f"{first.place}: the corpus has no such {_NOUNS[first.kind]}"
        advice = nearest(first.alias, known[first.kind])
    else:
        message = f'{first.place}: the corpus has no {first.kind} "{first.target}" to replace it with'
        advice = nearest(first.target, targets[first.kind])
    more = f" (and {len(idle) - 1:,} more)" if idle[1:] else ""
    raise UsageError(f"{file.path}: {message}; {advice}correct or remove the entry{more}")
