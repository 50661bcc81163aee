"""The navigation of the site, from the lists of links in docs/README.md."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_LINK = re.compile(r"^- \[(?P<title>[^\]]+)\]\((?P<path>[\w./-]+\.md)\)", re.MULTILINE)


class Part(NamedTuple):
    """A heading of the navigation and its pages: titles, and paths relative to docs/."""

    caption: str
    pages: Sequence[tuple[str, str]]


def parts(text: str) -> list[Part]:
    """The parts of docs/README.md: each `## heading` with the links of its list."""
    _, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    return [Part(section.splitlines()[0], _LINK.findall(section)) for section in sections]


def toctrees(navigation: Sequence[Part]) -> str:
    """The parts as hidden tables of contents, in MyST Markdown."""
    return "".join(
        f"\n```{{toctree}}\n:hidden:\n:caption: {part.caption}\n\n"
        + "".join(f"{title} <{path.removesuffix('.md')}>\n" for title, path in part.pages)
        + "```\n"
        for part in navigation
    )
