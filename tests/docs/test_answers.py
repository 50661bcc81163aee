"""Commands in the README and the docs print what the pages show, and Python examples run."""

import re
import textwrap
from pathlib import Path

import pytest

from docs.answers import AS_OF, ROOT, Answer, answers, commands, pages, write_answers
from docs.sample import sample_folder
from tests.sample import SAMPLE

README = ROOT / "README.md"
PAGES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in pages()}
PROGRAMS = {name: re.findall(r"^```python\n(.+?)^```", text, re.MULTILINE | re.DOTALL) for name, text in PAGES.items()}


@pytest.mark.build
@pytest.mark.parametrize("name", [name for name, text in PAGES.items() if commands(text)])
def test_answers_are_what_the_commands_print(name: str) -> None:
    wrong = [answer for answer in answers(PAGES[name], SAMPLE) if not answer.is_right]
    assert wrong == [], f"{name}: run `make docs`, or correct the text around `...`"


@pytest.mark.build
@pytest.mark.parametrize("name", [name for name, programs in PROGRAMS.items() if programs])
def test_python_examples_run(name: str) -> None:
    with sample_folder(SAMPLE, AS_OF):
        for program in PROGRAMS[name]:
            exec(compile(program, name, "exec"), {})


def test_the_readme_is_short_and_shows_the_two_targets_a_picture_and_five_commands_with_answers() -> None:
    text = README.read_text(encoding="utf-8")
    assert len(text.encode()) < 8_000
    assert re.findall(r"^(make \w+)", text, re.MULTILINE) == ["make build", "make test"]
    assert "](docs/images/report.png)" in text
    assert [command.split()[1] for command, shown in commands(text) if shown] == [
        "query", "query", "query", "rejects", "report",
    ]  # fmt: skip


def test_the_picture_is_small() -> None:
    picture = (ROOT / "docs" / "images" / "report.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 300_000


@pytest.mark.parametrize(
    ("shown", "given", "is_right"),
    [
        ("a  b\n", "\n a  b  \n\n", True),
        ("a\nb\n", "  a\n  b\n", True),
        ("a\nb\n", "a\n  b\n", False),
        ("a\n", "a\nb\n", False),
        ("a\n...\n", "a\nb\nc\n", True),
        ("...\nc\n", "a\nb\nc\n", True),
        ("...\nc\n", "a\nb\n", False),
        ("a ... c\n", "a b b c\n", True),
        ("a.c\n", "abc\n", False),
        ("", "a\n", False),
    ],
)
def test_an_answer_is_compared_line_by_line_with_gaps_where_dots_are(shown: str, given: str, is_right: bool) -> None:
    assert Answer("frontmart x", shown, given).is_right == is_right


@pytest.mark.build
def test_outdated_answers_are_rewritten_and_others_stay(tmp_path: Path) -> None:
    page = textwrap.dedent("""\
        # Page

        ```console
        $ frontmart report
        ...report.html
        $ frontmart query "select 1 as one" --format csv
        wrong
        ```
        """)
    path = tmp_path / "page.md"
    path.write_text(page)
    write_answers(path, SAMPLE)
    assert path.read_text() == page.replace("wrong\n", "one\n1\n")
