"""The filter of `secured` keys: the values that it removes, and its counts."""

from transforms.redact.secured import SecuredFilter
from transforms.redact.secured_bytes import blank_secured


def test_a_filter_counts_every_secured_key_at_any_depth() -> None:
    secured = SecuredFilter()
    assert secured.clean({"a": [{"Secured": "x", "b": "1"}], "secured": "y"}) == {"a": [{"b": "1"}]}
    assert secured.drops("SECURED", "z")
    assert not secured.drops("title", {"secured": "z"})
    assert (secured.count, secured.is_nested) == (3, False)


def test_after_a_nested_secured_no_repeated_key_may_be_shown() -> None:
    secured = SecuredFilter()
    assert secured.may_show_repeated("title")
    assert not secured.may_show_repeated("secured")
    secured.drops("secured", {"title": "x"})
    assert not secured.may_show_repeated("title")


def test_a_value_is_blanked_on_its_line_and_counted() -> None:
    assert blank_secured(b'title: x\nsecured: "abc"\nsecured: abc\n') == (b"title: x\nsecured:\nsecured:\n", 2)


def test_a_value_that_may_be_part_of_a_text_is_left() -> None:
    text = b'title: "a\nsecured: abc\nb"\n'
    assert blank_secured(text) == (text, 0)
