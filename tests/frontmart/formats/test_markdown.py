"""Markdown tables: one row per line, cells that stay cells, texts that stay texts."""

import pytest

from frontmart.formats.markdown import escape_markdown, markdown_table


def test_a_pipe_is_escaped_once() -> None:
    rows = [["`a|b`", escape_markdown("a|b")], [r"a\|b", escape_markdown(r"a\|b")]]
    assert list(markdown_table(["x", "y"], rows, right_aligned=[1])) == [
        "| x | y |",
        "| --- | ---: |",
        r"| `a\|b` | a\|b |",
        r"| a\|b | a\\\|b |",
    ]


@pytest.mark.parametrize(
    ("text", "escaped", "with_links"),
    [
        ("a_b _c_", r"a\_b \_c\_", r"a_b \_c\_"),
        ("www.a.b https://a.b a@b.c", r"www\.a.b https\://a.b a\@b.c", "www.a.b https://a.b a@b.c"),
        ("<b> &lt; `x`\n*y*", r"\<b\> \&lt; \`x\` \*y\*", r"\<b\> \&lt; \`x\` \*y\*"),
    ],
)
def test_text_is_rendered_unchanged(text: str, escaped: str, with_links: str) -> None:
    assert escape_markdown(text) == escaped
    assert escape_markdown(text, keep_links=True) == with_links
