"""Compare the aliases with the corpus: an entry that has no effect is an error, not a surprise."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Final

from frontmart.aliases.model import AliasFile
from frontmart.errors import UsageError

_NOUNS: Final = {"organisation": "provider or organisation", "topic": "topic"}


def reject_idle(file: AliasFile, known: Mapping[str, Collection[str]], targets: Mapping[str, Collection[str]]) -> None:
    """Raise UsageError for the first entry whose alias, or whose target, the corpus does not have.

    Args:
        file: the aliases.
        known: the ids that may be replaced, by kind.
        targets: the ids that may replace them, by kind.
    """
    problems = []
    for each in file.aliases:
        noun = _NOUNS[each.kind]
        if each.alias not in known[each.kind]:
            advice = _advice(each.alias, known[each.kind])
            problems.append(f"{each.place}: the corpus has no such {noun}; {advice}correct or remove the entry")
        elif each.target not in targets[each.kind]:
            advice = _advice(each.target, targets[each.kind])
            message = f'{each.place}: the corpus has no {each.kind} "{each.target}" to replace it with'
            problems.append(f"{message}; {advice}correct or remove the entry")
    if problems:
        more = f" (and {len(problems) - 1:,} more)" if problems[1:] else ""
        raise UsageError(f"{file.path}: {problems[0]}{more}")


def _advice(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.7)
    return f"did you mean {near[0]}? Else " if near else ""
