"""Every question of the cookbook is answered as the cookbook says, and answers on any corpus."""

import pytest

from frontmart.snapshots.store import Snapshot, published
from tests.docs.cookbook import AS_OF, COOKBOOK, Question, questions, text_of
from tests.sample import SAMPLE, build_quietly

pytestmark = pytest.mark.slow

QUESTIONS = questions()


def by_title(question: Question) -> str:
    return question.title


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return published(build_quietly(SAMPLE, tmp_path_factory.mktemp("cookbook"), as_of=AS_OF).out)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A corpus of one article that says next to nothing."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "source").mkdir()
    (folder / "source" / "a.md").write_text("---\ntitle: A\n---\n")
    return published(build_quietly(folder / "source", folder / "out").out)


def test_every_heading_is_a_question_with_sql_and_two_lines_about_it() -> None:
    headings = [line for line in COOKBOOK.read_text(encoding="utf-8").splitlines() if line.startswith("### ")]
    assert [f"### {question.title}" for question in QUESTIONS] == headings
    assert len(headings) >= 25
    for question in QUESTIONS:
        assert question.title.endswith("?")
        assert "\nTrap: " in question.reading, question.title


@pytest.mark.parametrize("question", QUESTIONS, ids=by_title)
def test_the_answer_is_what_the_cookbook_shows(snapshot: Snapshot, question: Question) -> None:
    assert text_of(snapshot, question.sql) == question.shown


@pytest.mark.parametrize("question", QUESTIONS, ids=by_title)
def test_a_question_is_short_and_says_in_which_order_it_answers(question: Question) -> None:
    lines = question.sql.splitlines()
    assert len(lines) <= 15
    assert [line for line in lines if len(line) > 120] == []
    assert any(line.startswith("order by ") for line in lines)


@pytest.mark.parametrize("question", QUESTIONS, ids=by_title)
def test_a_question_can_be_asked_of_next_to_nothing(bare: Snapshot, question: Question) -> None:
    assert text_of(bare, question.sql) != ""
