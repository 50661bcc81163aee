"""The content hash leaves out the value of `secured`, where that cannot change the document, and nothing else."""

import pytest

from tests.transforms.front_matter import PATH, fenced
from transforms.parse.content_hash import content_hash
from transforms.parse.frontmatter import parse_file
from transforms.parse.outcomes import Document
from transforms.parse.split import split_front_matter

BLOB = "NnLRzzl4+/a9==;CM+XGsrg"


def hash_of(front: str) -> str:
    found = split_front_matter(fenced(front))
    assert found is not None
    return content_hash(found).hexdigest


@pytest.mark.parametrize(
    "secured", [f'secured: "{BLOB}"', f"secured: '{BLOB}'", f"secured: {BLOB}", f'secured :  "{BLOB}" ', "secured:"]
)
@pytest.mark.parametrize("place", ["{}\ntitle: it's x", 'title: "x"\n{}', "title: x\n{}\nimages:\n- url: a.jpg", "{}"])
def test_the_blob_makes_no_difference(secured: str, place: str) -> None:
    assert hash_of(place.format(secured)) == hash_of(place.format('secured: "other"'))
    assert isinstance(parse_file(PATH, fenced(place.format(secured))), Document)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("secured: abc", 'secured: "abc'),  # an unclosed quote: not a document
        ("secured: abc", "secured: a: b"),
        ("secured: abc", "secured: [abc"),
        ("secured: abc", "secured: *abc"),
        ("secured: abc", "secured: @abc"),
        ("secured: abc", "secured: !t abc"),
        ('secured: "abc"', r'secured: "a\qc"'),
        ("secured: abc", "secured: a\tb\x07"),
        ("secured:\n- a", "secured: abc\n- a"),  # the next line is part of its value, or makes it invalid
        ("secured:\n  a: b", "secured: abc\n  a: b"),
        ("secured:\n\n  a: b", "secured: abc\n\n  a: b"),
        ("secured: >\n  abc\n  def", "secured: >\n    abc\n  def"),
        ('title: "a\nsecured: abc\nb"', 'title: "a\nsecured: def\nb"'),  # part of a text
        ("title: 'a\nsecured: \"abc\"\nb'", "title: 'a\nsecured: \"def\"\nb'"),
        ("title: x", "title: x\nsecured"),
    ],
)
def test_files_that_give_different_documents_have_different_hashes(before: str, after: str) -> None:
    """Otherwise a build would keep the old document."""
    assert parse_file(PATH, fenced(before)) != parse_file(PATH, fenced(after))
    assert hash_of(before) != hash_of(after)
