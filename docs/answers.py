"""Commands in the docs and their answers, run on the sample in the order of a page. `make docs` updates the answers.

A console block has `$ frontmart ...` lines, each followed by the output of the command. In a shown answer, `...` means
any text, and a line with only `...` any lines. A page that begins with `frontmart build` runs in a folder with only the
sample, any other page in a folder where the sample is built.
"""

import re
import shlex
import sys
from pathlib import Path
from typing import Final, NamedTuple

from docs.sample import run, sample_folder

ROOT: Final = Path(__file__).resolve().parents[1]
AS_OF: Final = "2026-01-31"
EVIDENCE_EXAMPLE: Final = ROOT / "docs" / "bi" / "evidence-example"

_BLOCK: Final = re.compile(r"(?<=^```console\n).+?(?=^```$)", re.MULTILINE | re.DOTALL)
_COMMAND: Final = re.compile(r"^\$ (?P<command>.+)\n(?P<shown>(?:(?!\$ ).*\n)*)", re.MULTILINE)


class Answer(NamedTuple):
    """A command of a page, the answer that the page shows, and the actual output."""

    command: str
    shown: str
    given: str

    @property
    def is_right(self) -> bool:
        """Whether the shown answer matches the output of the command."""
        given = "".join(f"{line}\n" for line in _lines(self.given))
        return re.fullmatch("".join(map(_pattern, _lines(self.shown))), given) is not None


def pages() -> list[Path]:
    """The Markdown pages of the project that are written by hand, or have answers."""
    return [ROOT / "README.md", ROOT / "SECURITY.md", *docs_pages()]


def docs_pages() -> list[Path]:
    """The Markdown pages of docs, without those of the Evidence example: only Evidence can show these."""
    return sorted(path for path in (ROOT / "docs").rglob("*.md") if EVIDENCE_EXAMPLE not in path.parents)


def commands(text: str) -> list[tuple[str, str]]:
    """The commands of a page's console blocks, with the answers that it shows."""
    return [found for block in _BLOCK.findall(text) for found in _COMMAND.findall(block)]


def answers(text: str, sample: Path) -> list[Answer]:
    """Run the commands of a page, and return their answers."""
    found = commands(text)
    builds = any(command.startswith("frontmart build") for command, _ in found)
    with sample_folder(sample, as_of=None if builds else AS_OF):
        return [Answer(command, shown, run(*shlex.split(command)[1:])) for command, shown in found]


def write_answers(path: Path, sample: Path) -> None:
    """Replace the answers of a page that no longer match."""
    text = path.read_text(encoding="utf-8")
    for answer in answers(text, sample):
        if not answer.is_right:
            old = f"$ {answer.command}\n{answer.shown}"
            text = text.replace(old, f"$ {answer.command}\n" + "".join(f"{line}\n" for line in _lines(answer.given)))
    path.write_text(text, encoding="utf-8")


def _lines(text: str) -> list[str]:
    """The lines of an answer without the margins of a terminal: blank lines around it, and blanks at both ends."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    margin = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    return [line[margin:] for line in lines]


def _pattern(line: str) -> str:
    """A regular expression of a shown line; `...` means any text, a line of it any lines."""
    return r"(?:.*\n)*?" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + r"\n"


if __name__ == "__main__":
    for page in pages():
        if commands(page.read_text(encoding="utf-8")):
            write_answers(page, Path(sys.argv[1]).resolve())
