"""Sentences about a source for people."""

from collections.abc import Iterator, Mapping
from typing import Final

from frontmart.inspection.inspect import Inspection
from frontmart.inspection.keys import KeyUse
from transforms.vocabulary import Preset

_BY: Final = {
    "setting": "as set",
    "mapping file": "because there is a mapping file",
    "vote": "by vote",
    "default": "because no file votes for another",
}
# Kinds that say nothing about what a key is for.
_WITHOUT_VALUE: Final = ("empty", "null")


def preset_sentence(found: Inspection) -> str:
    """The preset and who chose it."""
    choice = found.preset
    text = f"preset {choice.preset}, {_BY[choice.chosen_by]}"
    if choice.votes:
        votes = choice.votes
        text += f": of {votes.sampled:,} files, {votes.generic:,} for generic, {votes.smartable:,} for smartable"
    return f"{text}; mapping file {found.mapping.path}" if found.mapping else text


def files_sentence(found: Inspection) -> str:
    """The number of files of each outcome."""
    counts = dict.fromkeys(("document", "reject", "skipped"), 0)
    for row in found.files:
        counts[row["outcome"]] += row["files"]
    total = plural(sum(counts.values()), "file")
    return (
        f"{found.source}: {total} = {plural(counts['document'], 'document')} + {plural(counts['reject'], 'reject')} + "
        f"{counts['skipped']:,} without front matter"
    )


def kinds_sentence(found: Inspection) -> str:
    """The number of documents of each kind, by the rule for posts; empty for the preset smartable."""
    counts = ", ".join(plural(count, kind) for kind, count in found.document_kinds.items())
    if not counts:
        return ""
    rules = found.mapping.rules if found.mapping else None
    by = "[articles] of the mapping file" if rules and (rules.include or rules.exclude) else "dates and folders"
    return f"{counts} (by {by})"


def plural(count: int, noun: str) -> str:
    """`1 file`, `2,888 files`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def kind_of(use: KeyUse) -> str:
    """The kinds of values of a key, the most frequent first: `text, list`."""
    with_value = [kind for kind in use.kinds if kind not in _WITHOUT_VALUE]
    return ", ".join(with_value or use.kinds)


def usage_of(use: KeyUse) -> str:
    """What a key is used as: `topics`, `published_at in 13`, `unused`, `topics, unused in 2`."""
    if use.part_of:
        return f"part of {use.part_of}"
    usual = max(use.used_as.values(), default=0)
    parts = [name if count == usual else f"{name} in {count:,}" for name, count in use.used_as.items()]
    if use.refused:
        parts.append(f"refused in {use.refused:,}")
    if use.unused:
        parts.append(f"unused in {use.unused:,}" if parts else "unused")
    return ", ".join(parts) or "no value"


def is_parent(use: KeyUse, found: Inspection) -> bool:
    """Whether a key is always a mapping that fills nothing, and whose keys are listed themselves."""
    if use.used_as:
        return False
    has_keys = any(each.key.startswith(f"{use.key}.") for each in found.keys)
    return set(use.kinds) <= {"mapping", *_WITHOUT_VALUE} and has_keys


def keys_of(keys: Mapping[str, int], document_count: int) -> str:
    """The keys that fill a field: `date`, or `date (240), publishDate (14)`."""
    named = {_source_name(key): count for key, count in keys.items()}
    if len(named) == 1 and next(iter(named.values())) == document_count:
        return next(iter(named))
    return ", ".join(f"{name} ({count:,})" for name, count in named.items())


def _source_name(key: str) -> str:
    """A key, or in words what fills a field instead of one."""
    if key.startswith(":folder:"):
        return f"the folder at place {key.rpartition(':')[2]}"
    return {":path": "the date in the path", ":filename": "the file name", ":value": "a constant"}.get(key, key)


def summary(found: Inspection) -> Iterator[str]:
    """The most frequent keys in words: what is used, then what is left."""
    plain = [use for use in found.keys if not is_parent(use, found)]
    unused = sorted((use for use in plain if not use.used_as and use.unused), key=lambda use: (-use.unused, use.key))
    if unused:
        listed = ", ".join(f"`{use.key}` ({use.unused:,})" for use in unused[:8])
        more = f", and {len(unused) - 8:,} more" if unused[8:] else ""
        yield f"unused keys: {listed}{more}"
    for use in [use for use in plain if use.used_as and use.unused][:5]:
        name = next(iter(use.used_as))
        yield (
            f"{plural(use.used_as[name], 'document')}: `{use.key}` is used as {name}; in {use.unused:,} more its value "
            f"is of another kind, or {name} comes from a preferred key"
        )
    if found.preset.preset is Preset.GENERIC and not found.mapping and unused:
        yield f"to use them: frontmart inspect {found.source} --write frontmart.toml, and edit the file"
