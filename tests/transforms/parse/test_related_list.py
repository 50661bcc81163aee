"""Lists of related items, cut out of front matter."""

import pytest

from transforms.parse.content_hash import content_hash
from transforms.parse.related_list import CutText, RelatedTexts
from transforms.parse.split import FrontMatter

ITEMS = "  - title: a\n    url: b\n  - title: c\n"


def cut(text: str) -> CutText | None:
    return RelatedTexts().cut(text.encode())


def hash_of(text: str) -> str:
    return content_hash(FrontMatter("yaml", text.encode(), b"Body.\n", 2)).hexdigest


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (f"title: x\nrelated:\n{ITEMS}", "title: x\n"),
        (f"related:\n{ITEMS}title: x\n", "title: x\n"),
        (f"a: b\nrelated:\n\n{ITEMS}\n\ntopics:\n  - d\n", "a: b\ntopics:\n  - d\n"),
        ("related:\n- title: a\n  url: b\n- title: c\ntopics:\n- d\n", "topics:\n- d\n"),
    ],
)
def test_a_list_at_the_top_is_cut_out(text: str, rest: str) -> None:
    found = cut(text)
    assert found is not None
    assert found.rest.decode() == rest
    assert len(found.items) == 2
    assert found.items[1].text.decode().strip() == "- title: c"


@pytest.mark.parametrize(
    "text",
    [
        "title: x\n",
        "related: [a]\n",
        "related:\n",
        "related:\ntitle: x\n",
        f"other:\n  related:\n  {ITEMS}",
        f"a_related:\n{ITEMS}",
        'related:\n  - title: "a\nsecured: b"\n',
        "related:\n  - title: 'a\n  - title: b'\n",
        "related:\n  - {?'a\nsecured: x\nb': c}\n",
        f"  title: x\nrelated:\n{ITEMS}",
    ],
)
def test_a_list_that_may_not_end_where_it_seems_stays(text: str) -> None:
    assert cut(text) is None


def test_texts_seen_before_keep_their_number() -> None:
    texts = RelatedTexts()
    one, other = (
        texts.cut(f"related:\n{ITEMS}".encode()),
        texts.cut(f"title: x\nrelated:\n{ITEMS}topics: [d]\n".encode()),
    )
    assert one is not None
    assert other is not None
    assert one.items == other.items
    assert RelatedTexts().cut(f"related:\n{ITEMS}".encode()) != one


def test_the_hash_covers_related_items_their_order_and_the_place_of_the_list() -> None:
    texts = [
        f"title: x\nrelated:\n{ITEMS}",
        f"related:\n{ITEMS}title: x\n",
        "title: x\nrelated:\n  - title: c\n  - title: a\n    url: b\n",
        f"title: x\nrelated:\n{ITEMS}{ITEMS}",
        "title: x\nrelated:\n  - title: a\n    url: b\n",
        "title: x\n",
        f"title: x\nrelated:\n{ITEMS.replace('    url', '     url')}",
        f"title: x\nrelated:\n\n{ITEMS}",
        f"title: x\n\nrelated:\n{ITEMS}",
    ]
    assert len({hash_of(text) for text in texts}) == len(texts)
    assert hash_of(texts[0]) == hash_of(texts[0])


def test_secured_is_left_out_of_a_hash_although_related_items_have_apostrophes() -> None:
    front = "related:\n  - title: (it's\nsecured: "
    assert hash_of(f'{front}"abc"\n') == hash_of(f'{front}"xyz"\n')


@pytest.mark.parametrize(
    "front", [f"{{secured}}related:\n{ITEMS}title: x\n", f"related:\n{ITEMS}{{secured}}title: x\n"]
)
def test_the_length_of_secured_is_not_in_the_hash(front: str) -> None:
    assert len({hash_of(front.format(secured=f'secured: "{"x" * length}"\n')) for length in (1, 5, 40)}) == 1


def test_a_text_is_put_together_again_from_what_was_cut() -> None:
    text = f"title: x\n\nrelated:\n\n{ITEMS}topics:\n  - d\n"
    found = cut(text)
    assert found is not None
    lines = found.rest.decode().splitlines(keepends=True)
    opening = found.opening.decode().removesuffix("  - ")
    items = "\n".join(item.text.decode() for item in found.items)
    assert "".join([*lines[: found.line], opening, items, *lines[found.line :]]) == text
