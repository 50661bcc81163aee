"""The invariants on a few thousand inputs; `make fuzz` checks 100,000."""

import json
import os
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import invariants
from tests.fuzz.generate import generate_file
from tests.fuzz.inputs import Inputs, committed_files
from tests.fuzz.invariants import assert_nothing_is_lost, check_file
from tests.fuzz.run_inputs import Tally, run_inputs
from tests.transforms.front_matter import PATH, fenced, parsed, tables_of
from transforms.parse import frontmatter
from transforms.parse.content_hash import ContentHash
from transforms.parse.frontmatter import parse_file
from transforms.parse.outcomes import Document, Reason
from transforms.parse.split import FrontMatter

INPUTS = int(os.environ.get("FRONTMART_FUZZ", "4000")) // 2
SEED = int(os.environ.get("FRONTMART_FUZZ_SEED", "20210420"))
few = settings(max_examples=INPUTS // 40)


@pytest.fixture(scope="module")
def tally() -> Tally:
    return run_inputs(Inputs(SEED, committed_files()), range(INPUTS))


def test_damaged_and_generated_files_satisfy_every_invariant(tally: Tally) -> None:
    assert tally.failures == {}
    assert tally.input_count == INPUTS


def test_rapidyaml_accepts_almost_nothing_that_pyyaml_refuses(tally: Tally) -> None:
    """The exceptions: quoted keys over two lines of a nested block, and keys of more than 1,024 characters."""
    assert len(tally.disagreements) <= INPUTS // 10_000


def test_the_inputs_give_every_outcome(tally: Tally) -> None:
    # Without the reasons of a process, and those of files larger than a megabyte.
    in_a_file = set(Reason) - {Reason.UNREADABLE, Reason.CRASHED, Reason.TOO_LARGE, Reason.TOO_MANY_VALUES}
    assert {"document", "skipped", *in_a_file} - set(tally.outcomes) <= {"not_a_mapping", "invalid_json"}
    assert tally.outcomes["document"] > 0.3 * INPUTS
    assert min(tally.readers[reader] for reader in ("both", "pyyaml", "neither")) > 0.03 * INPUTS
    assert tally.repaired_count > 0.005 * INPUTS


def random_files() -> st.SearchStrategy[bytes]:
    """Generated files that Hypothesis can shrink, because it makes every choice in them."""
    return st.randoms(use_true_random=False).map(generate_file)


@few
@given(random_files())
def test_files_of_hypothesis_satisfy_every_invariant(data: bytes) -> None:
    checked = check_file(PATH, data)
    if isinstance(checked.outcome, Document):
        assert_nothing_is_lost({PATH: data}, tables_of([checked.outcome]))


@few
@given(st.dictionaries(st.text(max_size=8), st.recursive(st.text(max_size=9), st.lists, max_leaves=5), max_size=4))
def test_any_object_of_json_is_a_document(front: dict[str, object]) -> None:
    data = json.dumps(front).encode()
    document = check_file(PATH, data).outcome
    assert isinstance(document, Document)
    assert_nothing_is_lost({PATH: data}, tables_of([document]))


def test_the_same_seed_and_number_give_the_same_input() -> None:
    inputs = Inputs(7, committed_files())
    assert [inputs.of(number) for number in range(50)] == [inputs.of(number) for number in range(50)]
    assert inputs.of(1) != Inputs(8, committed_files()).of(1)
    assert generate_file(Random("a")) == generate_file(Random("a"))


# Each invariant must fail on a violation


def test_a_word_that_is_in_no_table_is_a_violation() -> None:
    data = fenced("title: harbour\nlayout: {a: lanterns}")
    assert_nothing_is_lost({PATH: data}, tables_of([parsed(data)]))
    poorer = tables_of([parsed(fenced("title: harbour"))])
    with pytest.raises(AssertionError, match="lanterns"):
        assert_nothing_is_lost({PATH: data}, poorer)


def test_a_file_that_takes_too_long_is_a_violation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invariants, "SECONDS_PER_FILE", -1.0)
    with pytest.raises(AssertionError, match="slow"):
        check_file(PATH, fenced("title: x"))


def test_a_hash_that_ignores_too_much_is_a_violation(monkeypatch: pytest.MonkeyPatch) -> None:
    def same_hash(front: FrontMatter, _: object = None) -> ContentHash:
        return ContentHash("0" * 32, front.text, (), 1)

    for module in (frontmatter, invariants):
        monkeypatch.setattr(module, "content_hash", same_hash)
    with pytest.raises(AssertionError, match="same hash"):
        check_file(PATH, fenced("title: x\nsecured: abc"))


def test_an_exception_fails_only_its_input(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: str, data: bytes, **options: object) -> object:
        if path == "3.md":
            raise IndexError("string index out of range")
        return parse_file(path, data, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(invariants, "parse_file", fail)
    tally = run_inputs(Inputs(1, committed_files()), range(6))
    assert tally.failures == {3: "IndexError: string index out of range"}
    assert tally.outcomes.total() == 5
