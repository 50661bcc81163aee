"""docs/llms.txt: the format of llmstxt.org, every page of the documentation once, and the same in the site."""

import re
from pathlib import Path

from docs.answers import ROOT
from docs.llms import llms, write_to_site
from docs.navigation import parts

README = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
TEXT = (ROOT / "docs" / "llms.txt").read_text(encoding="utf-8")
# A title; a quoted summary; paragraphs; then headings, each with a list of links and what they lead to.
FORMAT = re.compile(r"# .+\n\n> .+\n\n(?:[^#\n-].+\n\n)*(?:## .+\n\n(?:- \[[^\]]+\]\([^)]+\)(?:: .+)?\n)+\n?)+")


def links(text: str) -> list[str]:
    return re.findall(r"^- \[[^\]]+\]\(([^)]+)\)", text, re.MULTILINE)


def test_make_docs_would_change_nothing() -> None:
    assert llms(README) == TEXT, "docs/llms.txt is not of docs/README.md: run `make docs`"


def test_it_has_the_format_and_every_page_once() -> None:
    assert FORMAT.fullmatch(TEXT)
    assert links(TEXT) == [path for part in parts(README) for _, path in part.pages]
    assert [link for link in links(TEXT) if not (ROOT / "docs" / link).is_file()] == []
    assert "\n## Optional\n" in TEXT  # what a reader may skip


def test_the_site_has_it_at_its_root_with_the_pages_as_markdown(tmp_path: Path) -> None:
    write_to_site(tmp_path)
    text = (tmp_path / "llms.txt").read_text(encoding="utf-8")
    assert FORMAT.fullmatch(text)
    assert len(links(text)) == len(links(TEXT))
    for link in links(text):
        assert (tmp_path / link).read_bytes() == (ROOT / link).read_bytes()
