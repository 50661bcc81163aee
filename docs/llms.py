"""Write docs/llms.txt, the pages as a list for language models: `python -m docs.llms docs`, or `make docs`.

The format is that of https://llmstxt.org. The entries are those of docs/README.md. The site has the file at its root,
and the Markdown of each page beside its HTML.
"""

import posixpath
import re
import shutil
import sys
import tomllib
from pathlib import Path
from typing import Final

from docs.navigation import parts

_ROOT: Final = Path(__file__).resolve().parents[1]
_ENTRY: Final = re.compile(r"^- \[(?P<title>[^\]]+)\]\((?P<path>[^)]+)\)(?P<about>: .+)?$", re.MULTILINE)
# The name that the format gives to what a reader may skip.
_OPTIONAL: Final = {"Developing": "Optional"}
_ABOUT: Final = (
    "Build once with `frontmart build SOURCE --out DIR`, then ask: `frontmart query SQL` on a command line, "
    "`import frontmart` in Python, and `frontmart mcp` for an agent, with the tools catalog, describe, query and "
    "search. Table macros such as search('words'), event('title') and coverage('topic') answer everyday questions."
)


def llms(readme: str, folder: str = "") -> str:
    """The text of the file, from docs/README.md.

    Args:
        readme: the text of the page.
        folder: the folder of the page as seen from the file: empty beside it, `docs` for the root of the site.
    """
    summary = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["description"]
    sections = re.split(r"^## ", readme, flags=re.MULTILINE)[1:]
    lists = [_section(section, folder) for section in sections]
    return "\n\n".join([f"# Frontmart\n\n> {summary}", _ABOUT, *lists]) + "\n"


def _section(section: str, folder: str) -> str:
    heading, _, body = section.partition("\n")
    entries = [
        f"- [{found['title']}]({posixpath.normpath(posixpath.join(folder, found['path']))}){found['about'] or ''}"
        for found in _ENTRY.finditer(body)
    ]
    return f"## {_OPTIONAL.get(heading, heading)}\n\n" + "\n".join(entries)


def write_to_site(site: Path) -> None:
    """Write llms.txt, and the pages that it links as Markdown, into a site."""
    readme = (_ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    (site / "llms.txt").write_text(llms(readme, "docs"), encoding="utf-8")
    for part in parts(readme):
        for _, path in part.pages:
            name = posixpath.normpath(f"docs/{path}")
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(_ROOT / name, site / name)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    (folder / "llms.txt").write_text(llms((folder / "README.md").read_text(encoding="utf-8")), encoding="utf-8")
