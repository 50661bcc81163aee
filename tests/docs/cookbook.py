"""The questions of docs/cookbook.md and the answers below them; run as a module, it rewrites the answers."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from frontmart.query.result import open_result
from frontmart.snapshots.store import Snapshot, published
from frontmart.terminal.tables import format_rows

COOKBOOK = Path(__file__).parents[2] / "docs" / "cookbook.md"
AS_OF = "2024-11-10"

_QUESTION = re.compile(
    r"^### (?P<title>.+)\n\n```sql\n(?P<sql>(?:.*\n)+?)```\n\n(?:```text\n(?P<shown>(?:.*\n)*?)```\n\n)?"
    r"(?P<reading>How to read it: (?:.+\n)+)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Question:
    """A question of the cookbook: its title, its SQL, the answer shown, and the notes on it."""

    title: str
    sql: str
    shown: str
    reading: str


def questions() -> list[Question]:
    """The questions in their order."""
    return [
        Question(**{name: text or "" for name, text in found.groupdict().items()})
        for found in _QUESTION.finditer(COOKBOOK.read_text(encoding="utf-8"))
    ]


def rows_of(snapshot: Snapshot, sql: str) -> list[dict[str, object]]:
    """The rows of an answer."""
    with open_result(snapshot, sql) as answer:
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def text_of(snapshot: Snapshot, sql: str) -> str:
    """An answer as the cookbook shows it: as `frontmart query` prints it, without blank lines around it."""
    lines = format_rows(rows_of(snapshot, sql)).strip("\n").splitlines()
    return "".join(line.removeprefix(" ") + "\n" for line in lines)


def write_answers(snapshot: Snapshot) -> None:
    """Put the answers below the questions."""

    def pieces() -> Iterator[str]:
        text, end = COOKBOOK.read_text(encoding="utf-8"), 0
        for found in _QUESTION.finditer(text):
            yield text[end : found.end("sql")]
            yield f"```\n\n```text\n{text_of(snapshot, found['sql'])}```\n\n{found['reading']}"
            end = found.end()
        yield text[end:]

    COOKBOOK.write_text("".join(pieces()), encoding="utf-8")


if __name__ == "__main__":
    from tests.sample import SAMPLE, build_quietly

    if len(sys.argv) > 1:
        write_answers(published(Path(sys.argv[1])))
    else:
        with TemporaryDirectory() as folder:
            write_answers(published(build_quietly(SAMPLE, Path(folder), as_of=AS_OF).out))
