"""The site builds without a warning, works without a network, and has no dead link; a broken page fails the build."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from docs.answers import docs_pages

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
# What a browser loads by itself, by element; links of people to other sites are not among them.
LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    """The targets, links and loaded files of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        self.ids |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if LOADED.get(tag) in found:
            self.loaded.append(found[LOADED[tag]])


def build(source: Path, site: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-n", "--keep-going", "-q", "-c", ROOT / "docs", source, site],
        cwd=ROOT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = build(ROOT, folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def html(site: Path) -> dict[Path, Page]:
    return {path.resolve(): Page(path) for path in site.rglob("*.html")}


def test_every_page_is_in_the_site(html: dict[Path, Page], site: Path) -> None:
    pages = {path.relative_to(ROOT).with_suffix(".html") for path in docs_pages()}
    assert {path for path in pages if site.resolve() / path not in html} == set()
    assert "docs/README.html" in html[site.resolve() / "index.html"].links


def test_every_link_of_the_site_leads_to_a_place_of_the_site(html: dict[Path, Page]) -> None:
    dead = []
    for path, page in html.items():
        for link in page.links:
            parts = urlsplit(link)
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if parts.scheme or parts.fragment == "":
                is_dead = not parts.scheme and not target.exists()
            else:
                is_dead = target not in html or unquote(parts.fragment) not in html[target].ids
            dead += [(path.name, link)] if is_dead else []
    assert dead == []


def test_no_page_loads_anything_from_elsewhere(html: dict[Path, Page]) -> None:
    assert [(path.name, url) for path, page in html.items() for url in page.loaded if urlsplit(url).netloc] == []


@pytest.mark.parametrize(
    ("pages", "complaint"),
    [
        ({"README.md": "# A\n\n## B\n\n- [C](c.md)\n", "c.md": "# C\n\n[D](d.md)\n"}, "d.md"),
        ({"README.md": "# A\n\n## B\n\n- [C](c.md)\n", "c.md": "# C\n\n[E](README.md#e)\n"}, "'e'"),
        ({"README.md": "# A\n\n## B\n\n- [C](c.md)\n", "c.md": "# C\n", "d.md": "# D\n"}, "d.md"),
        ({"README.md": "# A\n\n## B\n\n- [C](c.md)\n"}, "c"),
    ],
    ids=["a link to no page", "a link to no heading", "a page that the navigation lacks", "an entry without a page"],
)
def test_a_site_that_is_not_whole_is_refused(tmp_path: Path, pages: dict[str, str], complaint: str) -> None:
    (tmp_path / "docs").mkdir()
    for name, text in pages.items():
        (tmp_path / "docs" / name).write_text(text)
    done = build(tmp_path, tmp_path / "site")
    assert done.returncode == 1
    assert complaint in done.stderr


def test_the_site_has_llms_txt_whose_links_lead_to_pages_of_the_site(site: Path) -> None:
    linked = re.findall(r"\]\(([^)]+\.md)\)", (site / "llms.txt").read_text(encoding="utf-8"))
    assert len(linked) > 20
    assert [
        path for path in linked if not (site / path).is_file() or not (site / path).with_suffix(".html").is_file()
    ] == []
