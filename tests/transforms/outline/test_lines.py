"""Which lines are plain, and their outline."""

import pytest

from transforms.outline.lines import items_in_brackets, items_of_lines, split_lines


@pytest.mark.parametrize(
    ("line", "before", "value"),
    [
        ("title: A text", "title: ", "A text"),
        ('title: "Quoted: \\"it\\" # and \\\\"', "title: ", '"Quoted: \\"it\\" # and \\\\"'),
        ("title: 'It''s'", "title: ", "'It''s'"),
        ("title: it's 12:30, or [a]", "title: ", "it's 12:30, or [a]"),
        ("title:", "title:", ""),
        ("title: ", "title:", ""),
        ("last update: -1.5", "last update: ", "-1.5"),
        ("  - url: a#b", "  - url: ", "a#b"),
        ("  - Cycling", "  - ", "Cycling"),
        ("tags: [a, 'b, c', \"d\"]", "tags: [", "a, 'b, c', \"d\"]"),
        ("tags: []", "tags: [", "]"),
        ("", "", ""),
        ("  # A comment", "  # A comment", ""),
    ],
)
def test_a_line_that_is_complete_in_itself_is_plain(line: str, before: str, value: str) -> None:
    assert split_lines(f"{line}\n".encode()) == ((before.encode(),), [value.encode()])


@pytest.mark.parametrize(
    "line",
    [
        "title: a: b", "title: a #b", "title: a:", "title: &a b", "title: *a", "title: !t a", "title: |", "title: >-",
        "title: {a: b}", 'title: "a', 'title: "a" b', 'title: "a\\n"', "title: 'a", "title: ~", "title: @a",
        "title: - a", "tags: [a", "tags: [a, b: c]", "tags: [a, [b]]", "tags: [a]]", "tags: [-1]", "tags: [a] # b",
        "? a", "- - a", "-", "title: a\tb", "  a continued text", '"title": a', "title : a", "1: a", "title: \u00a0",
        "title: a\u0085b", "title: ' '", 'title: "  "', "title: \ufeffa", "...", "---", "%YAML 1.1", "<<: *a",
    ],
)  # fmt: skip
def test_a_line_that_others_may_change_is_not_plain(line: str) -> None:
    assert split_lines(f"{line}\n".encode()) is None


def test_consecutive_items_share_a_line_of_the_outline_and_mappings_do_not() -> None:
    text = b"topics:\n  - One\n  - 'Two'\nimages:\n  - url: a\n  - url: b\n"
    assert split_lines(text) == (
        (b"topics:", b"  - ", b"images:", b"  - url: ", b"  - url: "),
        [b"", b"One\n  - 'Two'", b"", b"a", b"b"],
    )


def test_items_are_taken_apart_as_written() -> None:
    assert items_of_lines(b"  - ", b"One\n  - 'Two'") == [b"One", b"'Two'"]
    assert items_in_brackets(b"a b , 'c, ]' , \"d\" ]") == [b"a b", b"'c, ]'", b'"d"']
