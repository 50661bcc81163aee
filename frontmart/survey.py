"""The files of a source in which nothing was found: how many there are of each extension, and how their text begins."""

import os
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from frontmart.errors import FrontmartError
from frontmart.extract.listing import EXTENSIONS
from frontmart.extract.reader import SourceReader

# Files whose beginning is read, bytes of the largest one, and characters of a beginning.
_SAMPLE: Final = 500
_MAX_BYTES: Final = 2**20
_HEAD: Final = 2_000
# Extensions named in the sentence.
_NAMED: Final = 5

# Other extensions of Markdown; files that have one need only be renamed.
_MARKDOWN: Final = (".mkd", ".mkdn", ".mkdown", ".mdown", ".mdwn", ".mdtxt", ".mdtext")

_EXTENSION: Final = re.compile(r"\.[a-z0-9_]{1,12}\Z")
_BEGINNINGS: Final = {
    "`Title:` lines, as Pelican and MultiMarkdown write them": re.compile(
        r"\s*(?:title|date|authors?|category|tags|slug|status|summary|layout)[ \t]*:[ \t]*\S", re.IGNORECASE
    ),
    "`:name:` lines, as AsciiDoc has them": re.compile(r"(?:.*\n){0,20}?:[\w-]+:[ \t]+\S"),
    "`.. title:` comments, as Nikola writes them": re.compile(r"\s*\.\. \w+:"),
    "a heading": re.compile(r"\s*(?:#{1,6} |= |.+\n(?:={3,}|-{3,})\s*\n)"),
}


@dataclass(frozen=True, slots=True)
class Survey:
    """The files of a source, hidden folders left out.

    Attributes:
        listed: extension -> number of files that a build reads.
        others: extension -> number of files that it does not.
        beginnings: how the text of files that it reads begins -> number of files, of the first `sampled` ones.
        sampled: number of files whose beginning was read.
    """

    listed: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    beginnings: Counter[str] = field(default_factory=Counter)
    sampled: int = 0


def survey(source: Path) -> Survey:
    """Count the files of a source, and read how the first 500 that a build reads begin.

    A folder or file that cannot be read is left out: a build has a reject for it.
    """
    listed, others = Counter[str](), Counter[str]()
    sample: list[str] = []
    for folder, folders, names in os.walk(source):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            lower = name.lower()
            if lower.endswith(EXTENSIONS):
                listed[f".{lower.rpartition('.')[2]}"] += 1
                if len(sample) < _SAMPLE:
                    sample.append(os.path.relpath(f"{folder}/{name}", source))
            else:
                match = _EXTENSION.search(lower, 1)
                others[match[0] if match else "none"] += 1
    return Survey(listed, others, *_read_beginnings(source, sample))


def _read_beginnings(source: Path, paths: list[str]) -> tuple[Counter[str], int]:
    found = Counter[str]()
    sampled = 0
    try:
        with SourceReader(source) as reader:
            for path in paths:
                head = _read_head(reader, path)
                sampled += head is not None
                name = next((name for name, pattern in _BEGINNINGS.items() if pattern.match(head or "")), None)
                if name:
                    found[name] += 1
    except FrontmartError:  # the source is gone by now
        pass
    return found, sampled


def _read_head(reader: SourceReader, path: str) -> str | None:
    try:
        data = reader.read(path, _MAX_BYTES)
    except OSError:
        return None
    return None if data is None else data[:_HEAD].decode(errors="replace").removeprefix("\ufeff").replace("\r\n", "\n")


def explain_no_documents(found: Survey) -> str | None:
    """One line on why a source gave no document, and what it would need; None for a source without files."""
    if not found.listed:
        if not found.others:
            return None
        return (
            f"no file has an extension that Frontmart reads ({', '.join(EXTENSIONS)}): "
            f"the source has {_count(found.others.total())} ({_by_extension(found.others)}){_markdown(found.others)}"
        )
    sentence = (
        f"{_count(found.listed.total())} ({_by_extension(found.listed)}), none with front matter: "
        "`key: value` lines between two lines of `---`, TOML between `+++`, or a JSON object, at the top of the file"
    )
    if found.beginnings:
        seen = "" if found.sampled == found.listed.total() else f"Of the first {found.sampled:,}, "
        kinds = " and ".join(f"{count:,} begin with {kind}" for kind, count in found.beginnings.most_common(2))
        sentence += f". {seen}{kinds}: Frontmart does not read these"
    if found.others:
        sentence += (
            f". Other extensions, which are not read: {_count(found.others.total())} ({_by_extension(found.others)})"
        )
    return sentence


def _markdown(others: Counter[str]) -> str:
    names = [extension for extension in _MARKDOWN if others[extension]]
    return f"; did you mean .md for {' and '.join(names)}?" if names else ""


def _count(number: int) -> str:
    return "1 file" if number == 1 else f"{number:,} files"


def _by_extension(counts: Counter[str]) -> str:
    named = counts.most_common(_NAMED)
    rest = counts.total() - sum(count for _, count in named)
    return ", ".join([f"{extension} {count:,}" for extension, count in named] + [f"others {rest:,}"] * bool(rest))
