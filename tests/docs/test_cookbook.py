"""Every question of the cookbook is answered as the cookbook says, and answers on any corpus."""

import re

import pytest

from frontmart.snapshots.store import Snapshot, published
from tests.docs.cookbook import AS_OF, COOKBOOK, Question, questions, rows_of, text_of
from tests.sample import SAMPLE, build_quietly

pytestmark = pytest.mark.slow

QUESTIONS = questions()


def by_title(question: Question) -> str:
    return question.title


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return published(build_quietly(SAMPLE, tmp_path_factory.mktemp("cookbook"), as_of=AS_OF).out)


# Corpora of other generators, with what their posts have: a corpus has no columns for the rest. Each post is of a day.
OTHERS = {
    "next to nothing": ("", ""),
    "a blog without providers": ("date: 2024-03-0{day}\ntags: [alpha, beta{day}]\nauthor: Jane Doe\n", ""),
    "posts without topics": ("date: 2024-03-0{day}\nteam: Desk {day}\n", '[fields]\nprovider = ["team"]\n'),
}


@pytest.fixture(scope="module", params=OTHERS)
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A corpus of the preset `generic`."""
    keys, mapping = OTHERS[request.param]
    folder = tmp_path_factory.mktemp("other")
    (folder / "source").mkdir()
    if mapping:
        (folder / "source" / "frontmart.toml").write_text(mapping)
    for day in range(1, 4):
        post = f"---\ntitle: Post {day}\n{keys.format(day=day)}---\n"
        (folder / "source" / f"{day}.md").write_text(post)
    return published(build_quietly(folder / "source", folder / "out", preset="generic").out)


def test_every_heading_is_a_question_with_sql_and_two_lines_about_it() -> None:
    headings = [line for line in COOKBOOK.read_text(encoding="utf-8").splitlines() if line.startswith("### ")]
    assert [f"### {question.title}" for question in QUESTIONS] == headings
    assert len(headings) >= 25
    for question in QUESTIONS:
        assert question.title.endswith("?")
        assert "\nWhen not to trust it: " in question.reading, question.title


@pytest.mark.parametrize("question", QUESTIONS, ids=by_title)
def test_the_answer_is_what_the_cookbook_shows(snapshot: Snapshot, question: Question) -> None:
    assert text_of(snapshot, question.sql) == question.shown


@pytest.mark.parametrize("question", QUESTIONS, ids=by_title)
def test_a_question_is_short_and_says_in_which_order_it_answers(question: Question) -> None:
    lines = question.sql.splitlines()
    assert len(lines) <= 15
    assert [line for line in lines if len(line) > 120] == []
    assert any(line.startswith("order by ") for line in lines)


def test_questions_name_no_topic_provider_or_title(snapshot: Snapshot) -> None:
    names = rows_of(snapshot, "select topic as name from topics union select provider_name from providers union "
                              "select title from articles")  # fmt: skip
    known = {str(row["name"]).casefold() for row in names}
    texts = {text for question in QUESTIONS for text in re.findall(r"'([^']*)'", question.sql)}
    assert {text for text in texts if text.casefold() in known} == set()
    assert len(known) > 100


@pytest.mark.parametrize("question", QUESTIONS, ids=by_title)
def test_a_question_can_be_asked_of_any_corpus(other: Snapshot, question: Question) -> None:
    assert text_of(other, question.sql) != ""
