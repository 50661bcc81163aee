"""A few thousand inputs in every run of the tests; `make fuzz` tries 100,000."""

import json
import os
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import promises
from tests.fuzz.inputs import Inputs, committed_files
from tests.fuzz.inventing import invented
from tests.fuzz.promises import assert_nothing_is_lost, examine
from tests.fuzz.trying import Tally, try_inputs
from tests.transforms.front_matter import PATH, fenced, parsed, tables_of
from transforms.parse import frontmatter
from transforms.parse.frontmatter import parse_file
from transforms.parse.outcomes import Document, Reason

INPUTS = int(os.environ.get("FRONTMART_FUZZ", "4000")) // 2
SEED = int(os.environ.get("FRONTMART_FUZZ_SEED", "20210420"))
few = settings(max_examples=INPUTS // 40)


@pytest.fixture(scope="module")
def tally() -> Tally:
    return try_inputs(Inputs(SEED, committed_files()), range(INPUTS))


def test_every_promise_holds_of_damaged_and_invented_files(tally: Tally) -> None:
    assert tally.failures == {}
    assert tally.tried_count == INPUTS


def test_the_fast_reader_takes_next_to_nothing_that_the_judge_refuses(tally: Tally) -> None:
    """But for quoted keys over two lines of a nested block, and keys of more than 1,024 characters."""
    assert len(tally.disagreements) <= INPUTS // 10_000


def test_the_inputs_are_of_every_kind(tally: Tally) -> None:
    # What a process meets, and what only a file of a megabyte can be.
    in_a_file = set(Reason) - {Reason.UNREADABLE, Reason.CRASHED, Reason.TOO_LARGE, Reason.TOO_MANY_VALUES}
    assert {"document", "skipped", *in_a_file} - set(tally.outcomes) <= {"not_a_mapping", "invalid_json"}
    assert tally.outcomes["document"] > 0.3 * INPUTS
    assert min(tally.takers[taker] for taker in ("both", "judge", "nobody")) > 0.03 * INPUTS
    assert tally.repaired_count > 0.005 * INPUTS


def random_files() -> st.SearchStrategy[bytes]:
    """Invented files that Hypothesis shrinks, for it makes every choice of theirs."""
    return st.randoms(use_true_random=False).map(invented)


@few
@given(random_files())
def test_every_promise_holds_of_what_hypothesis_invents(data: bytes) -> None:
    examined = examine(PATH, data)
    if isinstance(examined.outcome, Document):
        assert_nothing_is_lost({PATH: data}, tables_of([examined.outcome]))


@few
@given(st.dictionaries(st.text(max_size=8), st.recursive(st.text(max_size=9), st.lists, max_leaves=5), max_size=4))
def test_any_object_of_json_is_a_document(front: dict[str, object]) -> None:
    data = json.dumps(front).encode()
    document = examine(PATH, data).outcome
    assert isinstance(document, Document)
    assert_nothing_is_lost({PATH: data}, tables_of([document]))


def test_an_input_is_the_same_whenever_it_is_asked_for() -> None:
    inputs = Inputs(7, committed_files())
    assert [inputs.of(number) for number in range(50)] == [inputs.of(number) for number in range(50)]
    assert inputs.of(1) != Inputs(8, committed_files()).of(1)
    assert invented(Random("a")) == invented(Random("a"))


# What tries the promises must be seen to notice


def test_a_word_that_no_table_holds_is_noticed() -> None:
    data = fenced("title: harbour\nlayout: {a: lanterns}")
    assert_nothing_is_lost({PATH: data}, tables_of([parsed(data)]))
    poorer = tables_of([parsed(fenced("title: harbour"))])
    with pytest.raises(AssertionError, match="lanterns"):
        assert_nothing_is_lost({PATH: data}, poorer)


def test_a_file_that_takes_too_long_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promises, "SECONDS_PER_FILE", -1.0)
    with pytest.raises(AssertionError, match="slow"):
        examine(PATH, fenced("title: x"))


def test_a_hash_that_leaves_too_much_out_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (frontmatter, promises):
        monkeypatch.setattr(module, "content_hash", lambda front: ("0" * 32, 1))
    with pytest.raises(AssertionError, match="same hash"):
        examine(PATH, fenced("title: x\nsecured: abc"))


def test_an_exception_is_a_failure_of_its_input_and_of_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: str, data: bytes, **options: object) -> object:
        if path == "3.md":
            raise IndexError("string index out of range")
        return parse_file(path, data, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(promises, "parse_file", fail)
    tally = try_inputs(Inputs(1, committed_files()), range(6))
    assert tally.failures == {3: "IndexError: string index out of range"}
    assert tally.outcomes.total() == 5
